"""Hubs, webhooks and health checks, against real servers on loopback that are slow, broken or dead."""

from __future__ import annotations

import json
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

import feedpub
from feedpub.notify import Patience, Published, notify, signal, untold
from feedpub.notify.health import BRIEF
from feedpub.notify.lanes import GRACE
from feedpub.notify.messages import Failure, Message, judge, shorten, warn
from feedpub.notify.sending import explain
from tests.listening import Listener, Step

SITE = "https://feeds.example.org/"
RSS, ATOM, PAGE = (SITE + name for name in ("rss.xml", "atom.xml", "index.html"))
PUBLISHED = Published(site=SITE, run="r1", feeds=(RSS, ATOM), changed=(RSS, ATOM, PAGE), deleted=(SITE + "old.html",))
QUICK = Patience(connect=0.3, read=0.3, each=1.0, all=5.0, tries=3, pause=0.01)


@pytest.fixture(autouse=True)
def _loopback_needs_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def listen() -> Iterator[Callable[..., Listener]]:
    with ExitStack() as stack:

        def start(**script: Sequence[Step]) -> Listener:
            listener = Listener(**script)
            stack.callback(listener.close)
            return listener

        yield start


@pytest.fixture
def dead() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}/hub"


@pytest.fixture
def full() -> Iterator[str]:
    """An address at which connections are neither made nor refused."""
    with ExitStack() as stack:
        server = stack.enter_context(socket.socket())
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(server.getsockname())
        yield f"http://127.0.0.1:{server.getsockname()[1]}/hub"


def feeds_of(count: int) -> tuple[str, ...]:
    return tuple(f"{SITE}{number}/rss.xml" for number in range(count))


# Hubs.


def test_a_hub_hears_of_each_feed_once_as_the_specification_says(listen: Callable[..., Listener]) -> None:
    hub = listen(hub=[204])
    assert notify(PUBLISHED, websub=[hub.at("hub?key=1"), hub.at("hub?key=1")], patience=QUICK) == ()
    assert sorted(heard.form["hub.url"] for heard in hub.heard) == [ATOM, RSS]
    for heard in hub.heard:
        assert (heard.method, heard.path, heard.form["hub.mode"]) == ("POST", "/hub?key=1", "publish")
        assert heard.headers["Content-Type"] == "application/x-www-form-urlencoded"
        assert heard.headers["User-Agent"] == f"feedpub/{feedpub.__version__}"


def test_several_hubs_hear_of_all_feeds(listen: Callable[..., Listener]) -> None:
    hubs = [listen(hub=[status]) for status in (200, 202, 204)]
    assert notify(PUBLISHED, websub=[hub.at("hub") for hub in hubs], patience=QUICK) == ()
    assert [len(hub.heard) for hub in hubs] == [2, 2, 2]


def test_where_no_feed_changed_no_hub_hears_anything(listen: Callable[..., Listener]) -> None:
    hub = listen(hub=[204])
    pages = Published(site=SITE, run="r1", changed=(PAGE,))
    assert notify(pages, websub=[hub.at("hub")], patience=QUICK) == ()
    assert hub.heard == []


@pytest.mark.parametrize("status", [200, 204])
def test_many_feeds_go_a_few_at_a_time_over_few_connections(listen: Callable[..., Listener], status: int) -> None:
    hub = listen(hub=[status])
    many = Published(site=SITE, run="r1", feeds=feeds_of(60))
    assert notify(many, websub=[hub.at("hub")], patience=QUICK) == ()
    assert len(hub.heard) == 60
    assert hub.connections <= 4


def test_feeds_go_side_by_side(listen: Callable[..., Listener]) -> None:
    hubs = [listen(hub=["slow"]) for _ in range(2)]
    many = Published(site=SITE, run="r1", feeds=feeds_of(8))
    assert notify(many, websub=[hub.at("hub") for hub in hubs], patience=QUICK) == ()
    assert all(1 < hub.busiest <= 4 for hub in hubs)


@pytest.mark.parametrize("trouble", [503, 500, 429, 408, "reset", "hang_up", "silence", (429, {"Retry-After": "0"})])
def test_what_passes_is_tried_again(listen: Callable[..., Listener], trouble: Step) -> None:
    hub = listen(hub=[trouble, 200])
    one = Published(site=SITE, run="r1", feeds=(RSS,))
    assert notify(one, websub=[hub.at("hub")], patience=QUICK) == ()
    assert [heard.form["hub.url"] for heard in hub.heard] == [RSS, RSS]


@pytest.mark.parametrize(
    ("trouble", "reason", "requests"),
    [
        (503, "it answered 503 Service Unavailable", 3),
        (599, "it answered 599", 3),
        (400, "it answered 400 Bad Request", 1),
        (410, "it answered 410 Gone", 1),
        (304, "it answered 304 Not Modified", 1),
        ((302, {}), "it answered 302 Found", 1),
        ((503, {"Retry-After": "60"}), "it answered 503 Service Unavailable and wants to be left alone for 60 s", 1),
        ((503, {"Retry-After": "Fri, 01 Mar 2024 12:00:00 GMT"}), "it answered 503 Service Unavailable", 3),
        ("reset", "it cut the connection", 3),
        ("hang_up", "it cut the connection", 3),
        ("nonsense", "it does not speak HTTP", 3),
        ("silence", "no answer within 0.3 s", 3),
        ("drip", "no whole answer within 1 s", 1),
    ],
)
def test_what_does_not_pass_is_a_warning(
    listen: Callable[..., Listener], trouble: Step, reason: str, requests: int
) -> None:
    hub = listen(hub=[trouble])
    one = Published(site=SITE, run="r1", feeds=(RSS,))
    (warning,) = notify(one, websub=[hub.at("hub?secret")], patience=QUICK)
    assert warning == f"publish.websub: {hub.at('…')} did not hear of {RSS}: {reason}"
    assert len(hub.heard) == requests


@pytest.mark.parametrize("ending", ["torn", "endless", "dripping_body"])
def test_a_status_counts_whatever_becomes_of_the_body(listen: Callable[..., Listener], ending: str) -> None:
    hub = listen(hub=[ending])
    one = Published(site=SITE, run="r1", feeds=(RSS,))
    assert notify(one, websub=[hub.at("hub")], patience=QUICK) == ()
    assert len(hub.heard) == 1


def test_an_answer_that_takes_all_the_time_there_is_still_counts(listen: Callable[..., Listener]) -> None:
    hub = listen(hub=["dripping_body"])
    one = Published(site=SITE, run="r1", feeds=(RSS,))
    assert notify(one, websub=[hub.at("hub")], patience=Patience(each=0.2)) == ()


def test_a_dead_hub_costs_one_warning_and_the_others_hear_of_everything(
    listen: Callable[..., Listener], dead: str, full: str
) -> None:
    hub = listen(hub=[204])
    many = Published(site=SITE, run="r1", feeds=feeds_of(50))
    warnings = notify(many, websub=[dead, hub.at("hub"), full], patience=QUICK)
    about = f"did not hear of {SITE}0/rss.xml and 49 more"
    assert warnings == (
        f"publish.websub: {shorten(dead)} {about}: connection refused",
        f"publish.websub: {shorten(full)} {about}: no connection within 0.3 s",
    )
    assert len(hub.heard) == 50


def test_a_silent_hub_costs_no_more_time_for_many_feeds_than_for_one(listen: Callable[..., Listener]) -> None:
    hub = listen(hub=["silence"])
    many = Published(site=SITE, run="r1", feeds=feeds_of(200))
    began = time.monotonic()
    (warning,) = notify(many, websub=[hub.at("hub")], patience=QUICK)
    assert time.monotonic() - began < 3
    assert " and 199 more: no answer within " in warning


def test_a_hub_that_refuses_one_feed_hears_of_the_others(listen: Callable[..., Listener]) -> None:
    hub = listen(hub=[403, 204])
    (warning,) = notify(PUBLISHED, websub=[hub.at("hub")], patience=QUICK)
    assert warning.endswith(": it answered 403 Forbidden")
    assert len(hub.heard) == 2


def test_a_slow_hub_does_not_hold_a_run_up_for_ever(listen: Callable[..., Listener]) -> None:
    hub = listen(hub=["slow"])
    many = Published(site=SITE, run="r1", feeds=feeds_of(100))
    (warning,) = notify(many, websub=[hub.at("hub")], patience=Patience(all=0.25))
    assert 4 <= len(hub.heard) <= 16
    assert warning.endswith(f" and {99 - len(hub.heard)} more: there was no time left after 0.25 s")


# Redirects.


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_message_follows_to_another_path_of_the_same_host_whole(listen: Callable[..., Listener], status: int) -> None:
    hub = listen(hub=[(status, {"Location": "new"})], new=[204])
    one = Published(site=SITE, run="r1", feeds=(RSS,))
    assert notify(one, websub=[hub.at("hub")], patience=QUICK) == ()
    assert [(heard.method, heard.path, heard.form["hub.url"]) for heard in hub.heard] == [
        ("POST", "/hub", RSS),
        ("POST", "/new", RSS),
    ]


def test_nobody_reads_all_that_a_redirect_says(listen: Callable[..., Listener]) -> None:
    hub = listen(hub=["endless_redirect"], new=[204])
    assert notify(PUBLISHED, websub=[hub.at("hub")], patience=QUICK) == ()


def test_no_message_follows_to_another_host(listen: Callable[..., Listener]) -> None:
    other = listen(new=[204])
    hub = listen(hub=[(307, {"Location": other.at("new?secret")})])
    (warning,) = notify(PUBLISHED, websub=[hub.at("hub")], patience=QUICK)
    assert warning.endswith(f" and 1 more: it redirects to {other.at('…')}, which is not followed")
    assert other.heard == []


@pytest.mark.parametrize(
    ("status", "location", "where"),
    [
        (303, "/new", "http://127.0.0.1:{port}/…"),
        (307, "https://127.0.0.1/new", "https://127.0.0.1/…"),
        (307, "ftp://127.0.0.1/new", "nowhere"),
        (307, "http://user:secret@127.0.0.2/", "http://127.0.0.2/"),
    ],
)
def test_what_is_no_redirect_for_a_message_is_a_warning(
    listen: Callable[..., Listener], status: int, location: str, where: str
) -> None:
    hub = listen(hub=[(status, {"Location": location})], new=[204])
    one = Published(site=SITE, run="r1", feeds=(RSS,))
    (warning,) = notify(one, websub=[hub.at("hub")], patience=QUICK)
    assert f"it redirects to {where.format(port=hub.server_address[1])}, which is not followed" in warning
    assert [heard.path for heard in hub.heard] == ["/hub"]


def test_redirects_come_to_an_end(listen: Callable[..., Listener]) -> None:
    hub = listen(hub=[(308, {"Location": "/hub"})])
    one = Published(site=SITE, run="r1", feeds=(RSS,))
    (warning,) = notify(one, websub=[hub.at("hub")], patience=QUICK)
    assert warning.endswith(": it redirects without end")
    assert len(hub.heard) == 4


# Webhooks.


def test_a_webhook_hears_once_of_all_that_changed(listen: Callable[..., Listener]) -> None:
    hook = listen(hook=[200])
    published = Published(site=SITE, run="r1", changed=(RSS, PAGE), deleted=(ATOM,))
    assert notify(published, webhook=hook.at("hook"), patience=QUICK) == ()
    (heard,) = hook.heard
    assert (heard.method, heard.headers["Content-Type"]) == ("POST", "application/json")
    expected = {"site": SITE, "changed": [RSS, PAGE], "deleted": [ATOM], "run": "r1"}
    assert json.loads(heard.body) == expected


def test_a_webhook_hears_nothing_where_nothing_changed(listen: Callable[..., Listener]) -> None:
    hook = listen(hook=[200])
    assert notify(Published(site=SITE, run="r1"), webhook=hook.at("hook"), patience=QUICK) == ()
    assert hook.heard == []


def test_no_hub_hears_anything_before_caches_are_purged(listen: Callable[..., Listener]) -> None:
    receiver = listen(hook=[503, 200], hub=[200])
    assert notify(PUBLISHED, websub=[receiver.at("hub")], webhook=receiver.at("hook"), patience=QUICK) == ()
    assert [each.path for each in receiver.heard] == ["/hook"] * 2 + ["/hub"] * 2


def test_caches_are_purged_before_hubs_look_and_warnings_come_in_that_order(listen: Callable[..., Listener]) -> None:
    slow, quick, hook = listen(hub=["slow", 400]), listen(hub=[403]), listen(hook=[500])
    warnings = notify(PUBLISHED, websub=[slow.at("hub"), quick.at("hub")], webhook=hook.at("hook"), patience=QUICK)
    assert [warning.partition(" did not")[0] for warning in warnings] == [
        f"publish.webhook: {hook.at('…')}",
        f"publish.websub: {slow.at('…')}",
        f"publish.websub: {quick.at('…')}",
    ]
    assert "did not hear of 3 changed and 1 deleted addresses: it answered 500" in warnings[0]


# Health checks.


def test_a_health_check_hears_of_start_success_and_failure(listen: Callable[..., Listener]) -> None:
    check = listen(**{"id/start": [200], "id": [200], "id/fail": [200]})
    assert signal(check.at("id"), "start", summary="-") == ()
    assert signal(check.at("id"), "success", summary="-") == ()
    assert signal(check.at("id"), "failure", summary="bucket: \n no such bucket\x00") == ()
    assert signal(check.at("id"), "failure") == ()
    assert [(heard.method, heard.path, heard.body) for heard in check.heard] == [
        ("GET", "/id/start", b""),
        ("GET", "/id", b""),
        ("POST", "/id/fail", b"bucket: no such bucket"),
        ("GET", "/id/fail", b""),
    ]


def test_the_query_of_a_health_check_stays_behind_its_path(listen: Callable[..., Listener]) -> None:
    check = listen(**{"id/start": [200], "id/": [200], "id/fail": [200]})
    for moment in ("start", "success", "failure"):
        assert signal(check.at("id/?create=1#top"), moment, patience=QUICK) == ()
    assert [heard.path for heard in check.heard] == ["/id/start?create=1", "/id/?create=1", "/id/fail?create=1"]


def test_a_long_summary_is_cut(listen: Callable[..., Listener]) -> None:
    check = listen(**{"id/fail": [200]})
    assert signal(check.at("id"), "failure", summary="新" * 100_000, patience=QUICK) == ()
    assert check.heard[0].body.decode() == "新" * 1_000


def test_a_service_without_starts_is_no_trouble(listen: Callable[..., Listener]) -> None:
    check = listen(id=[200])
    assert signal(check.at("id"), "start", patience=QUICK) == ()
    assert signal(check.at("id"), "success", patience=QUICK) == ()
    (warning,) = signal(check.at("id"), "failure", patience=QUICK)
    assert warning == f"publish.health: {check.at('…')} did not hear of this run's failure: it answered 404 Not Found"


def test_a_dead_health_check_is_a_warning(dead: str) -> None:
    (warning,) = signal(dead, "start", patience=QUICK)
    assert warning == f"publish.health: {shorten(dead)} did not hear of this run's start: connection refused"


def test_no_health_check_hears_nothing() -> None:
    assert signal("", "start") == ()


def test_a_question_may_be_redirected_by_303(listen: Callable[..., Listener]) -> None:
    check = listen(id=[(303, {"Location": "/new"})], new=[200])
    assert signal(check.at("id"), "success", patience=QUICK) == ()


# What nobody may learn.


def test_neither_cookies_nor_credentials_are_sent(
    listen: Callable[..., Listener], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    hub = listen(hub=[(200, {"Set-Cookie": "id=1; Path=/"})], old=[(307, {"Location": "/hub", "Set-Cookie": "a=1"})])
    many = Published(site=SITE, run="r1", feeds=feeds_of(12))
    address = hub.at("old").replace("//", "//me:secret@")
    assert notify(many, websub=[address, hub.at("hub")], patience=QUICK) == ()
    assert len(hub.heard) == 36
    assert not [heard for heard in hub.heard if {"Cookie", "Authorization"} & heard.headers.keys()]


@pytest.mark.parametrize(
    ("url", "short"),
    [
        ("https://hub.example", "https://hub.example"),
        ("https://hub.example/", "https://hub.example/"),
        ("https://hub.example:8443/s3cret", "https://hub.example:8443/…"),
        ("https://hub.example?key=s3cret", "https://hub.example/…"),
        ("https://hub.example/?key=s3cret", "https://hub.example/…"),
        ("https://me:s3cret@hub.example/#x@y", "https://hub.example/…"),
    ],
)
def test_an_address_is_shown_without_what_may_be_secret(url: str, short: str) -> None:
    assert shorten(url) == short


@pytest.mark.parametrize("url", ["http://127.0.0.1:99999/s3cret", "http://[/s3cret", "http://*.example/s3cret"])
def test_an_address_that_cannot_be_used_is_a_warning_without_its_secret(url: str) -> None:
    (warning,) = notify(PUBLISHED, websub=[url], patience=QUICK)
    assert warning.endswith(" and 1 more: its address cannot be used")
    assert "s3cret" not in warning


def test_a_redirect_that_makes_no_sense_is_a_warning(listen: Callable[..., Listener]) -> None:
    hub = listen(hub=[(307, {"Location": "http://["})])
    (warning,) = notify(PUBLISHED, websub=[hub.at("hub")], patience=QUICK)
    assert warning.endswith(": it redirects to nowhere, which is not followed")


def test_a_dead_proxy_is_named_as_such(dead: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", dead)
    (warning,) = notify(PUBLISHED, websub=["http://hub.example/s3cret"], patience=QUICK)
    assert warning.endswith(" and 1 more: at the proxy, connection refused")
    assert "s3cret" not in warning


def test_a_server_without_tls_is_given_up_at_once(listen: Callable[..., Listener]) -> None:
    hub = listen(hub=[204])
    (warning,) = notify(PUBLISHED, websub=[hub.at("hub").replace("http:", "https:")], patience=QUICK)
    assert " and 1 more: TLS failed: " in warning


def test_a_hub_a_webhook_and_a_health_check_that_are_silent_cost_a_run_no_more_than_25_seconds() -> None:
    # Start and end, and hubs after the webhook: they fetch what it purges.
    assert 2 * (BRIEF.each + GRACE) + 2 * (Patience().each + GRACE) <= 25


# What nobody has been told of.


def told_after(folder: Path, published: Published) -> Published:
    with untold.remembered(folder, published) as everything:
        return everything


def die_before_telling(folder: Path, published: Published) -> None:
    with pytest.raises(KeyboardInterrupt), untold.remembered(folder, published):
        raise KeyboardInterrupt


NOTHING = Published(site=SITE, run="r9")


def test_what_a_run_was_about_to_tell_the_next_one_does_and_only_that(tmp_path: Path) -> None:
    assert told_after(tmp_path, PUBLISHED) == PUBLISHED
    assert told_after(tmp_path, NOTHING) == NOTHING
    die_before_telling(tmp_path, PUBLISHED)
    assert untold.are_left(tmp_path)
    assert told_after(tmp_path, NOTHING) == PUBLISHED
    assert not untold.are_left(tmp_path)
    assert told_after(tmp_path, NOTHING) == NOTHING


def test_what_several_runs_left_is_told_at_once_as_it_stands_now(tmp_path: Path) -> None:
    die_before_telling(tmp_path, PUBLISHED)
    die_before_telling(tmp_path, NOTHING)
    die_before_telling(tmp_path, Published(site=SITE, run="r2", changed=(SITE + "old.html",), deleted=(ATOM, PAGE)))
    assert len(list(tmp_path.iterdir())) == 1
    everything = told_after(tmp_path, Published(site=SITE, run="r3", feeds=(RSS,), changed=(RSS,)))
    assert everything == Published(
        site=SITE, run="r3", feeds=(RSS,), changed=(RSS, SITE + "old.html"), deleted=(ATOM, PAGE)
    )


def test_a_run_that_still_tells_takes_nothing_away_from_another(tmp_path: Path) -> None:
    with untold.remembered(tmp_path, PUBLISHED):
        die_before_telling(tmp_path, Published(site=SITE, run="r2", changed=("other",)))
    assert set(told_after(tmp_path, NOTHING).changed) == {*PUBLISHED.changed, "other"}


@pytest.mark.parametrize("text", ["", "nonsense", "[]", "{}", '{"feeds": 1}'])
def test_what_cannot_be_read_is_forgotten(tmp_path: Path, text: str) -> None:
    (tmp_path / "untold-r1.json").write_text(text)
    assert told_after(tmp_path, NOTHING) == NOTHING
    assert not untold.are_left(tmp_path)


def test_what_cannot_be_remembered_is_told_nevertheless(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert told_after(tmp_path / "file", PUBLISHED) == PUBLISHED


# Functions.


def caused_by(cause: Exception, kind: type[Exception] = requests.ConnectionError) -> Exception:
    error = kind("https://hub.example/s3cret")
    error.__context__ = cause
    return error


def expired() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "certificate has expired"
    return error


@pytest.mark.parametrize(
    ("error", "reason", "passing"),
    [
        (caused_by(socket.gaierror(-2, "Name or service not known")), "its host is not known", True),
        (caused_by(OSError(101, "Network is unreachable")), "network is unreachable", True),
        (caused_by(expired()), "its certificate is not accepted: certificate has expired", False),
        (caused_by(ssl.SSLError()), "TLS failed: unknown", False),
        (requests.ConnectionError("/s3cret"), "the request failed (ConnectionError)", True),
        (OSError("no such bundle"), "the request failed (OSError)", True),
        (ValueError("/s3cret"), "its address cannot be used", False),
    ],
)
def test_an_exception_is_told_in_words_of_our_own(error: Exception, reason: str, passing: bool) -> None:
    assert explain(error, patience=QUICK) == Failure(reason=reason, passing=passing)


def test_only_a_refusal_of_what_was_said_leaves_hope_for_other_messages() -> None:
    assert [judge(status) for status in (200, 202, 204)] == [None] * 3
    general = {status: failure.is_general for status in (400, 403, 404, 429, 503) if (failure := judge(status))}
    assert general == {400: False, 403: False, 404: False, 429: True, 503: True}
    assert Failure(reason="no TLS").is_general


def test_one_warning_is_for_one_receiver_and_one_reason() -> None:
    def told(url: str, about: str, reason: str) -> tuple[Message, Failure | None]:
        message = Message(key="publish.websub", url=url, about=about)
        return message, Failure(reason=reason) if reason else None

    assert warn(
        [
            told("https://b.example/1", "A", "late"),
            told("https://b.example/1", "B", ""),
            told("https://b.example/1", "C", "wrong"),
            told("https://b.example/1", "D", "late"),
            told("https://b.example/2", "A", "late"),
        ]
    ) == (
        "publish.websub: https://b.example/… did not hear of A and 1 more: late",
        "publish.websub: https://b.example/… did not hear of C: wrong",
        "publish.websub: https://b.example/… did not hear of A: late",
    )

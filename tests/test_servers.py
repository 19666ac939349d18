"""The tests' own servers do what is said of them, and the proxy in front of them does harm only where it is told to.

Whatever is claimed here of a server or of obstore, publishing builds upon.
"""

from __future__ import annotations

import gzip
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import feedparser
import obstore
import pytest
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    GenericError,
    NotModifiedError,
    PermissionDeniedError,
    PreconditionError,
    UnauthenticatedError,
)
from obstore.store import AzureStore, S3Store, from_url

from tests.servers import seaweedfs as seaweeds
from tests.servers.faults import CutAnswer, CutRequest, Delay, Fault, Refuse, Reset, ResetAfter, ShiftDate, always, at
from tests.servers.newsboat import find_newsboat
from tests.servers.programs import StartError, find, free_ports, missing, running
from tests.servers.proxy import Proxy, proxy_to
from tests.servers.storage import PLAIN, S3Server, Server, fetch

Store = S3Store | AzureStore

FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>A &amp; B</title><link>https://site.example/</link>
<description>x</description><item><title>One</title><guid isPermaLink="false">1</guid></item></channel></rss>"""
HEADERS = {"Content-Type": "application/rss+xml; charset=utf-8", "Cache-Control": "public, max-age=300"}

FAST = {"init_backoff": timedelta(milliseconds=1), "max_backoff": timedelta(milliseconds=5), "base": 2}


@pytest.fixture
def bucket(server: Server) -> str:
    return server.new_bucket()


@pytest.fixture
def store(server: Server, bucket: str) -> Store:
    return server.store(bucket)


@pytest.fixture
def proxy(server: Server) -> Iterator[Proxy]:
    with proxy_to(server.endpoint) as proxy:
        yield proxy


@pytest.fixture
def beyond(server: Server, bucket: str, proxy: Proxy) -> Store:
    """The bucket as it is seen through the proxy."""
    return server.through(proxy.address).store(bucket)


def put(store: Store, key: str, body: bytes = b"x", **options: Any) -> str:
    """Store in one request, and give the entity tag."""
    tag = obstore.put(store, key, body, use_multipart=False, **options)["e_tag"]
    assert tag
    return tag


def body_of(store: Store, key: str) -> bytes:
    return bytes(obstore.get(store, key).bytes())


def keys_of(store: Store) -> list[str]:
    return sorted(item["path"] for chunk in obstore.list(store) for item in chunk)


def address_of(server: Server, bucket: str, key: str) -> str:
    """Where a reader may fetch an object, on a server without public ones too."""
    if isinstance(server, S3Server) and fetch(server.readable(bucket, key)).status != 200:
        return server.signed(bucket, key)
    return server.readable(bucket, key)


# What a server keeps.


def test_a_reader_gets_the_headers_that_were_put(server: Server, bucket: str, store: Store) -> None:
    packed = gzip.compress(FEED)
    put(store, "a/rss.xml", packed, attributes={**HEADERS, "Content-Encoding": "gzip"})
    answer = fetch(address_of(server, bucket, "a/rss.xml"))
    assert (answer.status, answer.body) == (200, packed)
    assert answer.headers["content-type"] == HEADERS["Content-Type"]
    assert answer.headers["cache-control"] == HEADERS["Cache-Control"]
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-length"] == str(len(packed))


def test_what_was_put_comes_back_through_obstore(store: Store) -> None:
    tag = put(store, "rss.xml", FEED, attributes={**HEADERS, "digest": "12ab"})
    got = obstore.get(store, "rss.xml")
    assert bytes(got.bytes()) == FEED
    assert dict(got.attributes) == {**HEADERS, "digest": "12ab"}
    assert got.meta["e_tag"] == tag


@pytest.mark.parametrize("server", ["seaweedfs", "azurite"], indirect=True)
def test_a_feed_reader_needs_no_key_and_gets_not_modified(server: Server, bucket: str, store: Store) -> None:
    put(store, "rss.xml", FEED, attributes=HEADERS)
    address = server.readable(bucket, "rss.xml")
    first = feedparser.parse(address)
    assert (first.status, first.bozo, first.feed.title) == (200, False, "A & B")
    assert feedparser.parse(address, etag=first.etag).status == 304
    assert feedparser.parse(address, modified=first.modified).status == 304
    put(store, "rss.xml", FEED.replace(b"One", b"Two"), attributes=HEADERS)
    assert feedparser.parse(address, etag=first.etag).status == 200


def test_whoever_has_no_key_may_neither_list_nor_write(server: Server, bucket: str) -> None:
    address = server.public(bucket)
    assert fetch(address.rstrip("/") + "?restype=container&comp=list&list-type=2").status >= 400
    assert fetch(f"{address}x", method="PUT", headers={"Content-Length": "0"}).status >= 400
    assert keys_of(server.store(bucket)) == []


def test_a_new_bucket_is_empty_and_another_one_each_time(server: Server) -> None:
    first, second = server.new_bucket(), server.new_bucket()
    put(server.store(first), "a")
    assert keys_of(server.store(second)) == []


def test_a_prefix_is_no_part_of_the_keys(server: Server, bucket: str) -> None:
    put(server.store(bucket, "a/b"), "c.xml")
    assert keys_of(server.store(bucket, "a")) == ["b/c.xml"]


def test_the_environment_alone_opens_a_bucket(
    server: Server, bucket: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, "a/b.xml", b"found")
    for name, value in server.environment().items():
        monkeypatch.setenv(name, value)
    opened = from_url(server.url(bucket, "a"))
    assert bytes(obstore.get(opened, "b.xml").bytes()) == b"found"


def test_a_long_list_is_whole(store: Store) -> None:
    keys = [f"d{n % 7}/{n:04}.xml" for n in range(1_100)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda key: put(store, key), keys))
    assert keys_of(store) == sorted(keys)


def test_a_deleted_object_is_gone(store: Store) -> None:
    for key in "abc":
        put(store, key)
    obstore.delete(store, ["a", "b"])
    assert keys_of(store) == ["c"]


def test_to_delete_what_is_not_there_is_an_error_on_azure_alone(server: Server, store: Store) -> None:
    if server.url("x").startswith("az:"):
        with pytest.raises(FileNotFoundError):
            obstore.delete(store, "a")
    else:
        obstore.delete(store, "a")


# Conditions.

OTHER_TAG = '"0x8D0000000000000"'


@pytest.mark.parametrize("server", ["seaweedfs", "azurite"], indirect=True)
def test_conditions_are_enforced(store: Store) -> None:
    tag = put(store, "a", b"1", mode="create")
    with pytest.raises(AlreadyExistsError):
        put(store, "a", b"2", mode="create")
    with pytest.raises(PreconditionError):
        put(store, "a", b"2", mode={"e_tag": OTHER_TAG})
    with pytest.raises(PreconditionError):
        put(store, "missing", b"2", mode={"e_tag": OTHER_TAG})
    assert body_of(store, "a") == b"1"
    put(store, "a", b"3", mode={"e_tag": tag})
    with pytest.raises(PreconditionError):
        put(store, "a", b"4", mode={"e_tag": tag})
    assert (body_of(store, "a"), keys_of(store)) == (b"3", ["a"])


@pytest.mark.parametrize("server", ["rclone"], indirect=True)
def test_conditions_are_ignored_by_rclone(store: Store) -> None:
    put(store, "a", b"1", mode="create")
    put(store, "a", b"2", mode="create")
    assert body_of(store, "a") == b"2"
    put(store, "a", b"3", mode={"e_tag": OTHER_TAG})
    put(store, "missing", b"3", mode={"e_tag": OTHER_TAG})
    assert (body_of(store, "a"), keys_of(store)) == (b"3", ["a", "missing"])


@pytest.mark.parametrize("server", ["seaweedfs", "azurite"], indirect=True)
def test_of_many_at_once_one_wins(store: Store) -> None:
    def race(key: str, mode: Any) -> list[str]:
        def run(number: int) -> str:
            try:
                # Bytes of its own: where a tag is a digest, equal bytes would leave the condition true for the next.
                return put(store, key, f"{number} {mode}".encode(), mode=mode)
            except (AlreadyExistsError, PreconditionError):
                return ""

        with ThreadPoolExecutor(4) as threads:
            return [tag for tag in threads.map(run, range(4)) if tag]

    # Few rounds, for SeaweedFS lets one that it turns away wait for a second now and then.
    for number in range(3):
        (tag,) = race(f"key{number}", "create")
        (_,) = race(f"key{number}", {"e_tag": tag})


def test_a_get_with_the_tag_that_is_there_is_not_modified(store: Store) -> None:
    tag = put(store, "a")
    with pytest.raises(NotModifiedError):
        obstore.get(store, "a", options={"if_none_match": tag})


def test_equal_bytes_have_a_tag_of_their_own_on_azure_alone(server: Server, store: Store) -> None:
    same = put(store, "a", b"same") == put(store, "a", b"same")
    assert same is not server.url("x").startswith("az:")


# What obstore raises.


@pytest.mark.parametrize(
    "call",
    [
        lambda store: obstore.get(store, "missing"),
        lambda store: obstore.head(store, "missing"),
    ],
)
def test_a_missing_key_is_a_file_not_found(store: Store, call: Callable[[Store], object]) -> None:
    with pytest.raises(FileNotFoundError):
        call(store)


def test_a_missing_bucket_is_a_file_not_found_but_to_a_list(server: Server) -> None:
    store = server.store("nosuchbucket")
    for mode in ("overwrite", "create"):
        with pytest.raises(FileNotFoundError, match=r"NoSuchBucket|ContainerNotFound"):
            put(store, "a", mode=mode)
    with pytest.raises(FileNotFoundError, match=r"NoSuchBucket|ContainerNotFound"):
        obstore.get(store, "a")
    with pytest.raises(GenericError, match=r"NoSuchBucket|ContainerNotFound"):
        keys_of(store)


def test_a_wrong_secret_is_refused(server: Server, bucket: str) -> None:
    with pytest.raises(PermissionDeniedError):
        put(replace(server, secret="d3Jvbmc=").store(bucket), "a")
    assert keys_of(server.store(bucket)) == []


def test_a_port_without_a_server_is_a_generic_error(server: Server, bucket: str) -> None:
    (port,) = free_ports(1)
    with pytest.raises(GenericError, match="error sending request"):
        put(server.through(f"http://127.0.0.1:{port}").store(bucket), "a")


# The proxy.


def test_requests_are_counted_and_signatures_stay_valid(beyond: Store, proxy: Proxy) -> None:
    put(beyond, "a b/ü.xml", FEED, attributes=HEADERS)
    assert body_of(beyond, "a b/ü.xml") == FEED
    obstore.head(beyond, "a b/ü.xml")
    assert keys_of(beyond) == ["a b/ü.xml"]
    with pytest.raises(FileNotFoundError):
        obstore.get(beyond, "missing")
    assert [request.method for request in proxy.requests] == ["PUT", "GET", "HEAD", "GET", "GET"]
    assert [(request.status or 0) // 100 for request in proxy.requests] == [2, 2, 2, 2, 4]
    assert proxy.requests[0].path.endswith("/a%20b/%C3%BC.xml")
    assert proxy.requests[0].sent == len(FEED)
    proxy.clear()
    assert proxy.requests == ()


@pytest.mark.parametrize("server", ["seaweedfs"], indirect=True)
@pytest.mark.parametrize(
    ("call", "methods"),
    [
        (lambda store: obstore.put(store, "a", b"x"), "PUT"),
        (lambda store: obstore.put(store, "a", b"x", use_multipart=True), "POST PUT POST"),
        (lambda store: obstore.put(store, "a", b"x" * 6_000_000), "POST PUT PUT POST"),
        (lambda store: obstore.put(store, "a", b"x" * 6_000_000, use_multipart=False), "PUT"),
        (lambda store: obstore.put(store, "a", b"x" * 6_000_000, mode="create"), "PUT"),
        (lambda store: keys_of(store), "GET"),
        (lambda store: obstore.delete(store, list("abc")), "POST"),
    ],
)
def test_a_call_costs_as_many_requests(
    call: Callable[[Store], object], methods: str, beyond: Store, proxy: Proxy
) -> None:
    call(beyond)
    assert sorted(request.method for request in proxy.requests) == sorted(methods.split())


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Refuse(status=503), GenericError),
        (Refuse(status=500), GenericError),
        (Refuse(status=429, retry_after=1), GenericError),
        (Refuse(status=403), PermissionDeniedError),
        (Refuse(status=401), UnauthenticatedError),
        (Refuse(status=409), AlreadyExistsError),
        (Refuse(status=412), PreconditionError),
        (Refuse(status=404, code="NoSuchBucket"), FileNotFoundError),
        (Reset(), GenericError),
        (ResetAfter(), GenericError),
        (CutRequest(), GenericError),
        (CutAnswer(), GenericError),
    ],
    ids=repr,
)
def test_a_fault_is_an_error_and_what_was_stored_is_old_or_new_but_whole(
    fault: Fault, error: type[Exception], store: Store, beyond: Store, proxy: Proxy
) -> None:
    old, new = b"old" * 1_000, b"new" * 1_000
    put(store, "a", old)
    proxy.arm(always(fault))
    with pytest.raises(error):
        put(beyond, "a", new)
    done = isinstance(fault, ResetAfter | CutAnswer)
    assert body_of(store, "a") == (new if done else old)
    with pytest.raises(error):
        body_of(beyond, "a")
    expected = fault.status if isinstance(fault, Refuse) else None
    assert [(request.status, request.fault) for request in proxy.requests] == [(expected, fault)] * 2
    proxy.disarm()
    put(beyond, "a", new)
    assert body_of(beyond, "a") == new


@pytest.mark.parametrize("server", ["seaweedfs"], indirect=True)
@pytest.mark.parametrize(
    ("fault", "again"),
    [
        (Refuse(status=503), True),
        (Refuse(status=429), True),
        (Reset(), True),
        (CutAnswer(), True),
        (Refuse(status=403), False),
        (Refuse(status=412), False),
    ],
    ids=repr,
)
def test_obstore_tries_again_where_that_may_help(
    fault: Fault, again: bool, server: Server, bucket: str, proxy: Proxy
) -> None:
    store = server.through(proxy.address).store(bucket, retry={"max_retries": 2, "backoff": FAST})
    proxy.arm(at(1, fault=fault))
    if again:
        put(store, "a")
    else:
        with pytest.raises(BaseError):
            put(store, "a")
    assert len(proxy.requests) == 1 + again


@pytest.mark.parametrize("server", ["seaweedfs"], indirect=True)
def test_a_create_that_obstore_repeats_can_fail_on_its_own_first_success(
    server: Server, bucket: str, proxy: Proxy
) -> None:
    store = server.through(proxy.address).store(bucket, retry={"max_retries": 2, "backoff": FAST})
    proxy.arm(at(1, fault=CutAnswer()))
    with pytest.raises(AlreadyExistsError):
        put(store, "a", b"mine", mode="create")
    assert body_of(server.store(bucket), "a") == b"mine"


@pytest.mark.parametrize("server", ["seaweedfs"], indirect=True)
def test_a_wish_to_wait_is_nothing_to_obstore(server: Server, bucket: str, proxy: Proxy) -> None:
    store = server.through(proxy.address).store(bucket, retry={"max_retries": 1, "backoff": FAST})
    proxy.arm(at(1, fault=Refuse(status=503, retry_after=30)))
    started = time.monotonic()
    put(store, "a")
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("server", ["seaweedfs"], indirect=True)
def test_retry_after_reaches_the_client(server: Server, bucket: str, proxy: Proxy) -> None:
    proxy.arm(always(Refuse(status=429, retry_after=7)))
    answer = fetch(f"{proxy.address}/{bucket}/a")
    assert (answer.status, answer.headers["retry-after"]) == (429, "7")
    assert b"<Code>TooManyRequests</Code>" in answer.body


@pytest.mark.parametrize("server", ["seaweedfs"], indirect=True)
def test_a_delay_is_waited_for_until_the_client_has_had_enough(server: Server, bucket: str, proxy: Proxy) -> None:
    store = server.through(proxy.address).store(bucket, client={**PLAIN, "timeout": "1s"})
    proxy.arm(always(Delay(0.1)))
    started = time.monotonic()
    put(store, "a")
    assert time.monotonic() - started > 0.1
    proxy.arm(always(Delay(2)))
    with pytest.raises(GenericError):
        put(store, "b")
    # The server does it none the less, when nobody waits for it any more.
    deadline = time.monotonic() + 10
    while keys_of(server.store(bucket)) != ["a", "b"]:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_clock_that_is_off_shows_in_the_date_alone(
    server: Server, bucket: str, store: Store, beyond: Store, proxy: Proxy
) -> None:
    put(store, "a", b"x")
    address = address_of(server.through(proxy.address), bucket, "a")
    proxy.arm(always(ShiftDate(-3600)))
    answer = fetch(address)
    now = datetime.now(UTC)
    assert abs(now - timedelta(hours=1) - parsedate_to_datetime(answer.headers["date"])) < timedelta(minutes=1)
    assert abs(now - parsedate_to_datetime(answer.headers["last-modified"])) < timedelta(minutes=1)
    assert answer.body == b"x"


@pytest.mark.parametrize("server", ["seaweedfs"], indirect=True)
def test_half_a_body_is_half_a_body_to_any_client(server: Server, bucket: str, store: Store, proxy: Proxy) -> None:
    put(store, "a", FEED)
    proxy.arm(always(CutAnswer()))
    with pytest.raises(http.client.IncompleteRead) as caught:
        fetch(f"{proxy.address}/{bucket}/a")
    assert caught.value.partial == FEED[: len(FEED) // 2]


def test_a_rule_sees_each_request_once_and_numbers_begin_anew(beyond: Store, proxy: Proxy) -> None:
    seen: list[tuple[int, str]] = []

    def rule(number: int, method: str, path: str) -> Fault | None:
        seen.append((number, method))
        return Refuse(status=503) if number % 5 == 0 else None

    def attempt(number: int) -> bool:
        try:
            put(beyond, f"{number}.xml")
        except GenericError:
            return False
        return True

    proxy.arm(rule)
    with ThreadPoolExecutor(16) as threads:
        assert sum(threads.map(attempt, range(100))) == 80
    assert sorted(seen) == [(number, "PUT") for number in range(1, 101)]
    proxy.arm(rule)
    put(beyond, "a")
    assert seen[-1] == (1, "PUT")


@pytest.mark.parametrize("server", ["rclone"], indirect=True)
def test_connections_are_kept_on_both_sides(server: Server, bucket: str) -> None:
    # The inner one counts what the outer one opens to its server.
    with proxy_to(server.endpoint) as inner, proxy_to(inner.address) as outer:
        store = server.through(outer.address).store(bucket)
        for number in range(20):
            put(store, f"{number}.xml")
        assert len(inner.requests) == len(outer.requests) == 20
        # obstore may open another one before the first is free again.
        assert max(inner.connections, outer.connections) < 10


def test_a_body_in_chunks_passes(server: Server, bucket: str, proxy: Proxy) -> None:
    connection = http.client.HTTPConnection(proxy.address.removeprefix("http://"), timeout=10)
    try:
        # Nobody signed it, so that it is refused; but the server has read it to its end, as the next request shows.
        for _ in range(2):
            connection.request("PUT", f"/{bucket}/a", iter([b"one", b"two"]), encode_chunked=True)
            response = connection.getresponse()
            response.read()
            assert response.status >= 400
    finally:
        connection.close()
    assert [request.method for request in proxy.requests] == ["PUT"] * 2


def test_a_client_that_asks_first_gets_leave(server: Server, bucket: str, proxy: Proxy) -> None:
    host, port = proxy.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(b"PUT /x/y HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"ok")
        assert connection.recv(100).startswith(b"HTTP/1.1 4")


# Starting and ending.


def test_two_of_a_kind_run_side_by_side(seaweedfs: S3Server, tmp_path: Path) -> None:
    with seaweeds.serving(tmp_path) as other:
        bucket = other.new_bucket()
        put(other.store(bucket), "a")
        with pytest.raises(FileNotFoundError):
            put(seaweedfs.store(bucket), "a")
        address = other.endpoint
    with pytest.raises(ConnectionError):
        fetch(address)


def test_a_server_ends_when_the_tests_are_killed(rclone: S3Server, tmp_path: Path) -> None:
    script = (
        "import pathlib, sys, time\n"
        "from tests.servers.rclone import serving\n"
        "with serving(pathlib.Path(sys.argv[1])) as server:\n"
        "    print(server.endpoint, flush=True)\n"
        "    time.sleep(60)\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent.parent) as process:
        assert process.stdout
        address = process.stdout.readline().strip()
        assert fetch(address).status
        os.kill(process.pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while True:
        try:
            fetch(address)
        except ConnectionError:
            break
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_server_that_ends_at_once_says_what_it_wrote(tmp_path: Path) -> None:
    command = ["/bin/sh", "-c", "echo no such luck; exit 3"]
    with (
        pytest.raises(StartError, match=r"(?s)ended with 3.*no such luck"),
        running(command, folder=tmp_path, ready=lambda: False),
    ):
        pass


def test_a_missing_program_skips_or_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEEDPUB_REQUIRE_SERVERS", "1")
    with pytest.raises(pytest.fail.Exception, match="no-such-program is missing: build it"):
        find("no-such-program", how="build it")
    monkeypatch.delenv("FEEDPUB_REQUIRE_SERVERS")
    with pytest.raises(pytest.skip.Exception):
        missing("no-such-program", "build it")


def test_newsboat_runs() -> None:
    done = subprocess.run([find_newsboat(), "--version"], capture_output=True, text=True, check=True, timeout=30)
    assert "ewsboat" in done.stdout

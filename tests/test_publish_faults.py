"""Whatever goes wrong between us and a store: what is public is whole, and ends as one quiet run leaves it."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from feedpub.bucket.folder import Folder
from feedpub.bucket.manifest import KEY
from feedpub.bucket.objects import Stored
from feedpub.bucket.publication import Changes
from feedpub.bucket.turns import Times
from feedpub.errors import LockedError, PublishError
from tests.publishing import QUICK, Press, steps
from tests.servers.faults import CutAnswer, CutRequest, Delay, Fault, Refuse, Reset, ResetAfter
from tests.servers.proxy import Proxy, proxy_to
from tests.servers.storage import S3Server, Server, fetch

#: How often a publisher is killed; more, where there is time.
_KILLS = int(os.environ.get("FEEDPUB_PUBLISH_KILLS", "12"))


def make_press(root: Path, server: Server, bucket: str, *, more: str = "", times: Times = QUICK) -> Press:
    return Press(root, server.url(bucket, "feeds"), server.environment(), more, times)


def write_version(press: Press, version: int) -> None:
    """Write a feed for each of a few categories, and an image of this version that all of them show."""
    press.write(f"img/{version}.png", f"image {version}")
    for number in range(12):
        press.write(f"c{number}/rss.xml", f"<rss>{version} shows img/{version}.png</rss>")
    press.write("index.html", f"<p>{version}")


def expect_whole(press: Press) -> None:
    """See that the manifest says what is there."""
    for key, listed in press.manifest.documents.items():
        body = press.store.get(key).body
        assert hashlib.sha256(body).hexdigest() == listed.sha256, key


def expect_version(press: Press, version: int) -> None:
    expect_whole(press)
    assert press.store.get("index.html").body == f"<p>{version}".encode()
    assert {key for key in press.manifest.documents if "rss" in key} == {f"c{number}/rss.xml" for number in range(12)}
    left = set(press.store.list(".feedpub"))
    assert left <= {".feedpub/manifest.json", ".feedpub/lock.json"}


@pytest.fixture(params=["seaweedfs", "rclone"])
def s3(request: pytest.FixtureRequest) -> S3Server:
    """Give a server that keeps conditions, and one that does not."""
    chosen: S3Server = request.getfixturevalue(request.param)
    return chosen


@pytest.fixture
def proxied(tmp_path: Path, s3: S3Server) -> Iterator[tuple[Press, Proxy]]:
    with proxy_to(s3.endpoint) as proxy:
        # The lease is longer than any of the retries.
        times = replace(QUICK, lease=30.0)
        yield make_press(tmp_path / "one", s3.through(proxy.address), s3.new_bucket(), times=times), proxy


@pytest.mark.parametrize(
    "fault",
    [Refuse(status=503), Refuse(status=429), Reset(), ResetAfter(), CutRequest(), CutAnswer(), Delay(seconds=0.3)],
    ids=repr,
)
def test_a_fifth_of_all_requests_may_go_wrong(proxied: tuple[Press, Proxy], fault: Fault) -> None:
    press, proxy = proxied
    write_version(press, 1)
    press.publish()
    chance = random.Random(1)
    proxy.arm(lambda _number, _method, _path: fault if chance.random() < 0.2 else None)
    write_version(press, 2)
    done = press.publish()
    proxy.disarm()
    assert done.uploaded == 14
    expect_version(press, 2)
    assert press.publish().steps == ()


@pytest.mark.parametrize("first", [1, 2, 3, 5, 8, 16])
def test_a_first_run_that_is_cut_off_comes_to_the_same_in_the_end(proxied: tuple[Press, Proxy], first: int) -> None:
    press, proxy = proxied
    press.more = "retries = 0"
    write_version(press, 1)
    proxy.arm(lambda number, _method, _path: Reset() if number >= first else None)
    with pytest.raises(PublishError, match="cannot be reached"):
        press.publish()
    proxy.disarm()
    press.publish()
    expect_version(press, 1)


def test_a_refusal_names_the_permission_and_what_was_there_stays(proxied: tuple[Press, Proxy]) -> None:
    press, proxy = proxied
    write_version(press, 1)
    press.publish()
    manifest = press.store.get(".feedpub/manifest.json").body
    proxy.arm(lambda _n, method, path: Refuse(status=403) if method == "PUT" and ".feedpub" not in path else None)
    write_version(press, 2)
    with pytest.raises(PublishError) as caught:
        press.publish()
    proxy.disarm()
    (line,) = caught.value.problems
    assert "/feeds/img/2.png: cannot be written: not allowed; the credentials need the permission s3:PutObject" in line
    assert press.store.get(".feedpub/manifest.json").body == manifest
    expect_whole(press)
    press.publish()
    expect_version(press, 2)


def test_a_clock_that_is_off_is_said(proxied: tuple[Press, Proxy]) -> None:
    press, proxy = proxied
    write_version(press, 1)
    proxy.arm(lambda _number, _method, _path: Refuse(status=403, code="RequestTimeTooSkewed"))
    with pytest.raises(PublishError, match="clock is off"):
        press.publish()


def test_what_was_uploaded_is_not_uploaded_again(proxied: tuple[Press, Proxy]) -> None:
    press, proxy = proxied
    press.more = "retries = 0"
    write_version(press, 1)
    press.publish()
    write_version(press, 2)
    proxy.arm(lambda _number, _method, path: Refuse(status=500) if "index.html" in path else None)
    with pytest.raises(PublishError, match="too busy"):
        press.publish()
    proxy.disarm()
    assert steps(press.publish()) == {"index.html": "put changed"}


def test_a_store_that_does_not_answer_is_not_waited_for_for_ever(proxied: tuple[Press, Proxy]) -> None:
    press, proxy = proxied
    press.more = "retries = 1\ntimeout = 0.3"
    write_version(press, 1)
    proxy.arm(lambda _number, _method, _path: Delay(seconds=3))
    with pytest.raises(PublishError, match=r"did not answer in time; publish\.timeout"):
        press.publish()


def test_a_publisher_may_be_killed_at_any_request(proxied: tuple[Press, Proxy], s3: S3Server) -> None:
    press, proxy = proxied
    assert press.config
    command = [sys.executable, "-m", "feedpub", "publish", "-q", "-c", f"{press.root}/feedpub.toml"]
    environment = {**os.environ, **press.environ}
    chance = random.Random(7)
    write_version(press, 0)
    press.publish()
    for version in range(1, _KILLS + 1):
        write_version(press, version)
        point = chance.randrange(1, 18)
        with subprocess.Popen(command, env=environment) as process:

            def kill(number: int, _method: str, _path: str, point: int = point, pid: int = process.pid) -> Fault | None:
                if number == point:
                    os.kill(pid, 9)
                # What is on its way when its sender dies may arrive, or not.
                return chance.choice((Reset(), CutRequest(), None)) if number >= point else None

            proxy.arm(kill)
        proxy.disarm()
        expect_readable(press, version)
        if version % 2:
            press.publish()
            expect_version(press, version)
            again = press.publish()
            assert (again.requests, again.changes) == (1 if press.manifest.conditions else 2, Changes())
    press.publish()
    expect_version(press, _KILLS)


def expect_readable(press: Press, version: int) -> None:
    """See that every feed is whole, of whatever version, and shows only what is there."""
    for number in range(12):
        text = press.store.get(f"c{number}/rss.xml").body.decode()
        image = text.removesuffix("</rss>").rpartition(" ")[2]
        assert text == f"<rss>{image[4:-4]} shows {image}</rss>"
        assert int(image[4:-4]) <= version
        assert press.store.get(image), text


def test_of_two_publishers_at_once_one_wins_whole(tmp_path: Path, s3: S3Server) -> None:
    bucket = s3.new_bucket()
    times = Times(lease=30.0, pause=0.05, patience=3.0)
    presses = [make_press(tmp_path / name, s3, bucket, times=times) for name in ("one", "two")]

    def publish(press: Press) -> str:
        try:
            press.publish()
        except LockedError:
            return "locked"
        return "published"

    outcomes: list[str] = []
    with ThreadPoolExecutor(2) as pool:
        for version in range(50):
            for number, press in enumerate(presses):
                write_version(press, 2 * version + number)
            with pytest.MonkeyPatch.context() as patch:
                for name, value in presses[0].environ.items():
                    patch.setenv(name, value)
                ended = list(pool.map(publish, presses))
            assert "published" in ended
            outcomes += ended
            expect_whole(presses[0])
            shown = presses[0].store.get("index.html").body.decode()[3:]
            assert int(shown) // 2 == version
            for number in range(12):
                assert f">{shown} shows" in presses[0].store.get(f"c{number}/rss.xml").body.decode()
    # Most of the time the other one only has to wait.
    assert outcomes.count("published") > 60


def test_a_reader_gets_the_old_feed_until_the_new_one_is_whole(tmp_path: Path, seaweedfs: S3Server) -> None:
    bucket = seaweedfs.new_bucket()
    press = make_press(tmp_path / "one", seaweedfs, bucket)
    sizes = set()
    for text in "abc":
        press.fill(a=text * 300_000).publish()
        sizes.add(len(fetch(seaweedfs.readable(bucket, "feeds/a/rss.xml")).body))
    assert sizes == {300_011}


def test_a_manifest_that_is_being_written_is_looked_at_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    press = Press(tmp_path / "one", f"file://{tmp_path}/bucket").fill(a="1")
    press.publish()
    press.forget()
    get, torn = Folder.get, iter((True, True))

    def tear(self: Folder, key: str, *, unless: str = "") -> Stored | None:
        found = get(self, key, unless=unless)
        return found._replace(body=found.body[:-9]) if found and key == KEY and next(torn, False) else found

    monkeypatch.setattr(Folder, "get", tear)
    assert press.publish().steps == ()

"""Publishing to real servers: what is sent, what readers get, and how many requests it takes."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from feedpub.bucket.generations import Shelf
from feedpub.bucket.retrying import RetryingStore, RetryPolicy
from feedpub.bucket.stores import open_store
from feedpub.bucket.targets import parse_target
from feedpub.config.options import LEDGER_IN_BUCKET
from feedpub.errors import ConfigError, PublishError
from feedpub.publish import publish as publish_config
from tests.publishing import Press, steps
from tests.servers.proxy import Proxy, proxy_to
from tests.servers.storage import S3Server, Server, fetch


def make_press(root: Path, server: Server, bucket: str, *, more: str = "") -> Press:
    return Press(root, server.url(bucket, "feeds"), server.environment(), more)


@pytest.fixture
def press(tmp_path: Path, server: Server) -> Press:
    return make_press(tmp_path / "one", server, server.new_bucket())


def test_documents_go_up_change_and_go(press: Press) -> None:
    press.fill(a="1", b="2").write("页/ä b+c%.html", "<p>")
    done = press.publish()
    assert done.uploaded == 3
    assert press.public()["页/ä b+c%.html"] == b"<p>"
    # Without conditions, a list of locks as well.
    assert press.publish().requests == (1 if press.manifest.conditions else 2)
    press.fill(b="3")
    (press.out / "a/rss.xml").unlink()
    assert steps(press.publish(delete=True)) == {"b/rss.xml": "put changed", "a/rss.xml": "delete gone"}
    assert press.public() == {"b/rss.xml": b"<rss>3</rss>", "页/ä b+c%.html": b"<p>"}
    assert press.store.get("a/rss.xml") is None
    assert steps(press.publish(rollback=True)) == {"a/rss.xml": "put new", "b/rss.xml": "put changed"}
    assert press.public()["a/rss.xml"] == b"<rss>1</rss>"


def test_nothing_of_a_quiet_run_stays_but_what_belongs_there(press: Press) -> None:
    press.fill(a="1").publish()
    press.fill(a="2").publish()
    left = {"manifest.json", "lock.json"} if press.manifest.conditions else {"manifest.json"}
    assert set(press.store.list(".feedpub")) == {f".feedpub/{name}" for name in left}


@pytest.mark.parametrize(("name", "keeps"), [("seaweedfs", True), ("azurite", True), ("rclone", False)])
def test_conditions_are_found_out_and_missing_ones_are_said(
    tmp_path: Path, request: pytest.FixtureRequest, name: str, keeps: bool
) -> None:
    server = request.getfixturevalue(name)
    press = make_press(tmp_path / "one", server, server.new_bucket())
    done = press.fill(a="1").publish()
    assert (press.manifest.conditions, not done.notices) == (keeps, keeps)
    # Nothing is written, so nobody needs to know.
    assert press.publish().notices == ()


def test_what_others_put_there_is_left_alone(press: Press) -> None:
    press.store.put("a/rss.xml", b"theirs", headers={})
    with pytest.raises(PublishError, match="did not put there"):
        press.fill(a="1", b="2").publish()
    assert press.store.get("a/rss.xml").body == b"theirs"
    press.publish(force=True)
    assert press.public()["a/rss.xml"] == b"<rss>1</rss>"


def test_a_machine_with_an_empty_disk_publishes_what_changed(press: Press) -> None:
    press.fill(a="1", b="2").publish()
    press.forget()
    press.fill(b="3")
    done = press.publish()
    assert steps(done) == {"b/rss.xml": "put changed"}
    press.forget()
    assert press.publish().requests <= 3


@pytest.fixture
def proxied(tmp_path: Path, seaweedfs: S3Server) -> tuple[Press, Proxy]:
    with proxy_to(seaweedfs.endpoint) as proxy:
        yield make_press(tmp_path / "one", seaweedfs.through(proxy.address), seaweedfs.new_bucket()), proxy


def test_twenty_changes_are_twenty_two_requests_and_none_is_one(proxied: tuple[Press, Proxy]) -> None:
    press, proxy = proxied
    press.fill(**{f"f{number}": "1" for number in range(50)}).publish()
    proxy.clear()
    assert press.publish().requests == len(proxy.requests) == 1
    press.fill(**{f"f{number}": "2" for number in range(20)})
    proxy.clear()
    assert press.publish().requests == len(proxy.requests) == 22
    proxy.clear()
    assert press.publish(known="it").requests == len(proxy.requests) == 1


def test_ranks_go_up_in_order_and_the_manifest_last(proxied: tuple[Press, Proxy]) -> None:
    press, proxy = proxied
    for key in ("index.html", "feeds.opml", "rss.xml", "img/a.png", "b/feed.json"):
        press.write(key, key)
    press.write("archive-1.xml", "<rss>")
    proxy.clear()
    press.publish()
    puts = [each.path.partition("/feeds/")[2] for each in proxy.requests if each.method == "PUT"]
    puts = [key for key in puts if "probe" not in key]
    assert puts[0] == ".feedpub/lock.json"
    assert puts[1:3] == ["img/a.png", "archive-1.xml"]
    assert set(puts[3:5]) == {"rss.xml", "b/feed.json"}
    assert set(puts[5:7]) == {"index.html", "feeds.opml"}
    assert puts[7:] == [".feedpub/manifest.json"]


def test_readers_get_types_caching_and_not_modified(tmp_path: Path, seaweedfs: S3Server) -> None:
    bucket = seaweedfs.new_bucket()
    more = 'gzip = true\n[[publish.headers]]\nmatch = "b/*"\ngzip = false\ncache_control = "no-cache"'
    press = make_press(tmp_path / "one", seaweedfs, bucket, more=more)
    press.fill(a="1", b="2").publish()
    first = fetch(seaweedfs.readable(bucket, "feeds/a/rss.xml"))
    assert gzip.decompress(first.body) == b"<rss>1</rss>"
    assert first.headers["content-type"] == "application/rss+xml; charset=utf-8"
    assert first.headers["cache-control"] == "public, max-age=300"
    assert first.headers["content-encoding"] == "gzip"
    again = fetch(seaweedfs.readable(bucket, "feeds/a/rss.xml"), headers={"If-None-Match": first.headers["etag"]})
    assert again.status == 304
    second = fetch(seaweedfs.readable(bucket, "feeds/b/rss.xml"))
    assert (second.body, second.headers["cache-control"]) == (b"<rss>2</rss>", "no-cache")
    press.more = ""
    assert steps(press.publish()) == {"a/rss.xml": "put headers", "b/rss.xml": "put headers"}


def test_where_no_disk_stays_generations_are_kept_in_the_bucket(tmp_path: Path, seaweedfs: S3Server) -> None:
    bucket = seaweedfs.new_bucket()
    more = f'state = "{seaweedfs.url(bucket, "private")}"'
    press = make_press(tmp_path / "one", seaweedfs, bucket, more=more)

    def publish(**options: object) -> dict[str, str]:
        config = press.config.with_ledger(LEDGER_IN_BUCKET)
        with press.environment():
            return steps(publish_config(config, times=press.times, **options))  # type: ignore[arg-type]

    press.fill(a="1", b="2")
    publish()
    press.fill(a="3")
    assert publish() == {"a/rss.xml": "put changed"}
    assert publish() == {}
    assert not (press.root / ".feedpub").exists()
    with press.environment():
        private = open_store(parse_target(seaweedfs.url(bucket, "private")), timeout=5)
    assert len(private.list(".feedpub/objects")) == 3
    assert publish(rollback=True) == {"a/rss.xml": "put changed"}
    assert press.public() == {"a/rss.xml": b"<rss>1</rss>", "b/rss.xml": b"<rss>2</rss>"}
    with pytest.raises(ConfigError):
        Shelf(RetryingStore(private, RetryPolicy()), prefix=".feedpub/").newest()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("AWS_SECRET_ACCESS_KEY", "never-to-be-said", "credentials"),
        ("AWS_ACCESS_KEY_ID", "nobody-is-that", "credentials"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:9", "cannot be reached"),
    ],
)
def test_what_is_wrong_is_said_and_no_secret(
    tmp_path: Path, seaweedfs: S3Server, name: str, value: str, said: str
) -> None:
    press = make_press(tmp_path / "one", seaweedfs, seaweedfs.new_bucket(), more="retries = 1")
    press.environ = {**press.environ, name: value}
    with pytest.raises(PublishError) as caught:
        press.fill(a="1").publish()
    (line,) = caught.value.problems
    assert said in line
    assert "never-to-be-said" not in line


def test_a_bucket_that_is_missing_is_named(tmp_path: Path, server: Server) -> None:
    press = make_press(tmp_path / "one", server, "there-is-none")
    with pytest.raises(PublishError, match="there is no bucket there-is-none; make it"):
        press.fill(a="1").publish()


def test_the_command_publishes_and_quotes_what_it_did(tmp_path: Path, seaweedfs: S3Server) -> None:
    press = make_press(tmp_path / "one", seaweedfs, seaweedfs.new_bucket())
    press.fill(a="1")
    assert press.config
    command = [sys.executable, "-m", "feedpub", "publish", "-c", f"{press.root}/feedpub.toml"]
    environment = {"PATH": "/usr/bin", **press.environ}

    def run(*options: str) -> str:
        done = subprocess.run([*command, *options], env=environment, capture_output=True, text=True, check=True)
        assert done.stderr == ""
        return done.stdout

    assert run("--dry-run").splitlines()[0] == "put     a/rss.xml  new"
    assert run().startswith(f"published 1 document to {press.to} (1 new), 0 unchanged, ")
    assert run().startswith(f"nothing to publish to {press.to}, 1 unchanged, 1 request, ")
    assert run("-q") == ""

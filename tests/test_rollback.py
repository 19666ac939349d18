"""The way back: with a disk and without, where the store keeps conditions and where it does not."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from feedpub.bucket.folder import Folder
from feedpub.bucket.manifest import KEY
from feedpub.bucket.objects import ObjectsError
from feedpub.bucket.publication import Publication
from feedpub.bucket.publish_run import PublishRun
from feedpub.bucket.single_lock import SingleLockTurn
from feedpub.bucket.turns import Times
from feedpub.errors import PublishError
from feedpub.publish import publish
from tests.publishing import Careless, Press

LEDGER_IN_BUCKET = Path("bucket")


class Site:
    """A press whose ledger is on a disk, or in a bucket."""

    def __init__(self, press: Press, *, has_disk: bool) -> None:
        self.press = press
        self._has_disk = has_disk

    def publish(self, **options: Any) -> Publication:
        config = self.press.config if self._has_disk else self.press.config.with_ledger(LEDGER_IN_BUCKET)
        return publish(config, times=self.press.times, **options)

    def go_through(self, *texts: str, names: str = "ab") -> None:
        for text in texts:
            self.press.fill(**dict.fromkeys(names, text))
            self.publish()

    def fail(self, monkeypatch: pytest.MonkeyPatch, key: str, **options: Any) -> None:
        """Have a run that is not allowed to write a key."""
        put = Folder.put

        def refuse(folder: Folder, name: str, body: bytes, **conditions: Any) -> str:
            if name == key:
                raise ObjectsError("write", key, "denied")
            return put(folder, name, body, **conditions)

        with monkeypatch.context() as patch:
            patch.setattr(Folder, "put", refuse)
            with pytest.raises(PublishError):
                self.publish(**options)

    @property
    def public(self) -> set[str]:
        """Give what feeds hold."""
        bodies = (self.press.store.get(f"{name}/rss.xml") for name in "ab")
        return {stored.body.decode().removeprefix("<rss>").removesuffix("</rss>") for stored in bodies if stored}


@pytest.fixture(params=["disk", "bucket"])
def has_disk(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "disk")


@pytest.fixture(params=["conditions", "careless"])
def press(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Press:
    root = tmp_path / "www"
    if request.param == "careless":
        monkeypatch.setattr(sys.modules["feedpub.publish"], "open_store", lambda *_, **__: Careless(root))
    return Press(tmp_path / "site", f"file://{root}")


@pytest.fixture
def site(press: Press, has_disk: bool) -> Site:
    return Site(press, has_disk=has_disk)


def test_a_way_back_that_failed_halfway_is_gone_on_with(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.go_through("1", "2")
    site.fail(monkeypatch, "b/rss.xml", rollback=True)
    site.publish(rollback=True)
    assert site.public == {"1"}


def test_a_failed_run_with_a_new_document_is_one_step(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.go_through("1", "2")
    site.press.fill(a="3", b="3").write("new/x.txt", "hello")
    site.fail(monkeypatch, "b/rss.xml")
    for back in "21":
        site.publish(rollback=True)
        assert site.public == {back}


def test_a_failed_manifest_is_one_step(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.go_through("1", "2")
    site.press.fill(a="3", b="3")
    site.fail(monkeypatch, KEY)
    for back in "21":
        site.publish(rollback=True)
        assert site.public == {back}


def test_a_run_that_only_added_something_is_one_step(site: Site) -> None:
    site.press.more = "generations = 2"
    site.go_through("0", "1")
    site.go_through("new", names="c")
    for back in "10":
        site.publish(rollback=True)
        assert site.public == {back}


def test_a_run_that_died_once_all_was_public_is_one_step(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    site.go_through("1", "2")
    site.press.fill(a="3", b="3")
    with monkeypatch.context() as patch:
        patch.setattr(PublishRun, "_remember", die)
        with pytest.raises(KeyboardInterrupt):
            site.publish()
    assert site.public == {"3"}
    site.publish(rollback=True)
    assert site.public == {"2"}


def test_pages_that_others_write_into_bar_no_way_back(site: Site) -> None:
    own = site.press.write("about/index.html", "<p>1")
    site.go_through("1")
    own.write_text("<p>two")
    site.go_through("2")
    site.publish(rollback=True)
    assert site.public == {"1"}
    assert site.press.store.get("about/index.html").body == b"<p>1"


def test_caches_are_purged_of_what_a_failed_run_has_shown(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.press.more = "delete = true\nmax_deletes = 1.0"
    site.press.write("a.png", "1")
    site.go_through("1")
    site.press.write("a.png", "2")
    site.press.fill(b="2").write("b.png", "secret")
    site.fail(monkeypatch, "b/rss.xml")
    assert site.press.store.get("b.png")
    site.press.write("a.png", "1")
    (site.press.out / "b.png").unlink()
    changes = site.publish().changes
    assert "https://feeds.example.org/a.png" in changes.documents
    assert changes.deleted == ("https://feeds.example.org/b.png",)


def test_a_slow_disk_does_not_use_up_the_lease(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    press = Press(tmp_path / "site", f"file://{tmp_path / 'www'}").fill(
        **{f"n{each}": f"{each}" for each in range(300)}
    )
    now = 0.0
    link = os.link

    def link_slowly(*paths: str) -> None:
        nonlocal now
        now += 0.15
        link(*paths)

    monkeypatch.setattr(os, "link", link_slowly)
    press.times = Times(lease=60, pause=1, patience=5, clock=lambda: now)
    assert press.publish().uploaded == 300
    assert now > press.times.lease / 2


@pytest.mark.parametrize("name", ["", ".feedpub/objects"])
def test_who_is_interrupted_waits_for_no_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, interrupted: Callable[[], None]
) -> None:
    site = Site(Press(tmp_path / "site", f"file://{tmp_path / 'www'}"), has_disk=False)
    site.press.fill(a="1").more = "retries = 50"
    site.press.times = Times()
    put = Folder.put

    def put_busily(folder: Folder, key: str, body: bytes, **options: Any) -> str:
        if key.startswith(name or "a/"):
            raise ObjectsError("write", key, "busy")
        return put(folder, key, body, **options)

    monkeypatch.setattr(Folder, "put", put_busily)
    monkeypatch.setattr(SingleLockTurn, "renew", lambda _turn: interrupted())
    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        site.publish()
    assert time.monotonic() - begin < 15
    assert b'"released":true' in site.press.store.get(".feedpub/lock.json").body


@pytest.fixture
def interrupted() -> Callable[[], None]:
    """Interrupt, but only once the work has begun."""
    begin = time.monotonic()

    def interrupt() -> None:
        if time.monotonic() - begin > 0.5:
            raise KeyboardInterrupt

    return interrupt

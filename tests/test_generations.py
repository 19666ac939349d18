"""Generations: whose they are, and who is to blame where they cannot be kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from feedpub.bucket.folder import Folder
from feedpub.bucket.generations import Shelf, distant_shelf
from feedpub.bucket.manifest import Listed, Manifest
from feedpub.bucket.single_lock import SingleLockTurn
from feedpub.bucket.stock import digest
from feedpub.bucket.targets import parse_target
from feedpub.errors import ConfigError, PublishError
from feedpub.publish import publish
from tests.publishing import Press
from tests.servers.storage import Server

PLACE = parse_target("s3://private")
SOME = Listed(digest(b"text"), 4, {})
LEDGER_IN_BUCKET = Path("bucket")


def shelf_of(store: Folder, address: str) -> Shelf:
    return distant_shelf(store, PLACE, target=parse_target(address))


def test_targets_that_share_a_place_have_each_its_own_generations(tmp_path: Path) -> None:
    store = Folder(tmp_path)
    live, staging = (shelf_of(store, f"s3://feeds/{name}") for name in ("live", "staging"))
    for shelf in (live, staging):
        shelf.keep(SOME, b"text")
    live.push(Manifest("r1", True, {"a": SOME}))
    with pytest.raises(ConfigError, match="no earlier generation"):
        staging.newest()
    staging.push(Manifest("r2", True, {}))
    staging.trim(most=1, in_use=set)
    assert staging.load(SOME.sha256) is None
    assert live.load(SOME.sha256) == b"text"
    assert live.newest()[1].run == "r1"


def publish_without_disk(press: Press, **options: bool) -> None:
    with press.environment():
        publish(press.config.with_ledger(LEDGER_IN_BUCKET), times=press.times, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("moment", [(SingleLockTurn, "commit"), (Shelf, "trim")], ids=["before", "after"])
def test_a_way_back_without_a_disk_leads_to_what_was_public_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: tuple[type, str]
) -> None:
    press = Press(tmp_path / "site", f"file://{tmp_path / 'www'}")

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    for number in "12":
        publish_without_disk(press.fill(a=number))
    with monkeypatch.context() as patch:
        patch.setattr(*moment, interrupt)
        with pytest.raises(KeyboardInterrupt):
            publish_without_disk(press.fill(a="3"))
    publish_without_disk(press, rollback=True)
    assert press.public()["a/rss.xml"] == b"<rss>2</rss>"


def test_what_another_keeps_while_it_is_trimmed_stays(tmp_path: Path) -> None:
    shelf = shelf_of(Folder(tmp_path), "s3://feeds/live")
    old = b"old"
    shelf.keep(Listed(digest(old), len(old), {}), old)

    def tell() -> set[str]:
        shelf.keep(SOME, b"text")
        return set()

    shelf.trim(most=1, in_use=tell)
    assert (shelf.load(digest(old)), shelf.load(SOME.sha256)) == (None, b"text")


def test_what_the_next_publisher_keeps_is_not_trimmed_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    press, other = (Press(tmp_path / name, f"file://{tmp_path / 'www'}") for name in ("one", "two"))
    publish_without_disk(press.fill(a="1"))
    trim = Shelf.trim

    def trim_late(shelf: Shelf, **options: Any) -> None:
        monkeypatch.setattr(Shelf, "trim", trim)
        publish_without_disk(other.fill(a="3"))
        trim(shelf, **options)

    monkeypatch.setattr(Shelf, "trim", trim_late)
    publish_without_disk(press.fill(a="2"))
    assert press.public()["a/rss.xml"] == b"<rss>3</rss>"
    publish_without_disk(other.fill(a="4"))
    publish_without_disk(other, rollback=True)
    assert press.public()["a/rss.xml"] == b"<rss>3</rss>"


def test_a_disk_that_refuses_a_generation_is_named_and_not_the_bucket(tmp_path: Path) -> None:
    press = Press(tmp_path / "site", f"file://{tmp_path / 'www'}").fill(a="1")
    press.publish()
    (folder,) = (press.root / ".feedpub" / "published").iterdir()
    for path in sorted((folder / "objects").iterdir()):
        path.unlink()
    (folder / "objects").rmdir()
    (folder / "objects").write_text("in the way")
    with pytest.raises(PublishError) as caught:
        press.fill(a="2").publish()
    (said,) = caught.value.problems
    assert said.startswith(
        f"file://{folder}/objects/{digest(b'<rss>2</rss>')}: cannot be written: the system refuses ("
    )
    assert said.endswith("; it is kept there for a way back, and publish.generations = 0 does without")


def test_a_missing_bucket_for_generations_is_named_as_such(tmp_path: Path, seaweedfs: Server) -> None:
    to = seaweedfs.url(seaweedfs.new_bucket())
    press = Press(tmp_path, to, seaweedfs.environment(), 'state = "s3://nowhere-at-all/state"').fill(a="1")
    with press.environment(), pytest.raises(PublishError) as caught:
        publish(press.config.with_ledger(LEDGER_IN_BUCKET), times=press.times)
    (said,) = caught.value.problems
    assert said.startswith("s3://nowhere-at-all/state/.feedpub/objects/")
    assert "there is no bucket nowhere-at-all; make it, or look at publish.state and AWS_ENDPOINT_URL" in said

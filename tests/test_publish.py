"""Publishing an output folder into another folder: everything but the network."""

from __future__ import annotations

import gzip
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from feedpub import lock
from feedpub.bucket.folder import Folder
from feedpub.bucket.generations import Shelf
from feedpub.bucket.manifest import write_manifest
from feedpub.bucket.objects import ABSENT, ObjectsError, UnmetError
from feedpub.bucket.publication import Changes
from feedpub.bucket.single_lock import SingleLockTurn
from feedpub.bucket.sources import Output
from feedpub.bucket.state import Journal, Remembered, tell_place
from feedpub.bucket.turns import LOCK, MANIFEST, Lock, Times, read_lock, write_lock
from feedpub.errors import ConfigError, LockedError, PublishError
from feedpub.publish import glance, publish
from tests.publishing import Careless, Press, steps


@pytest.fixture
def press(tmp_path: Path) -> Press:
    return Press(tmp_path / "one", f"file://{tmp_path}/bucket")


@pytest.fixture
def other(tmp_path: Path) -> Press:
    """Another machine with the same target."""
    return Press(tmp_path / "two", f"file://{tmp_path}/bucket")


def files_of(press: Press) -> set[str]:
    root = Path(press.to.removeprefix("file://"))
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def test_all_documents_are_published_and_no_hidden_file(press: Press) -> None:
    press.fill(a="1", b="2").write(".secret")
    press.write("b/.feedpub-unfinished/0")
    os.symlink("/etc/hostname", press.out / "link.txt")
    done = press.publish()
    assert steps(done) == {"a/rss.xml": "put new", "b/rss.xml": "put new"}
    assert (done.uploaded, done.unchanged, done.deleted) == (2, 0, 0)
    assert done.bytes == sum(len(body) for body in press.public().values())
    assert press.public() == {"a/rss.xml": b"<rss>1</rss>", "b/rss.xml": b"<rss>2</rss>"}
    assert done.changes.feeds == ("https://feeds.example.org/a/rss.xml", "https://feeds.example.org/b/rss.xml")
    assert files_of(press) == {
        "a/rss.xml",
        "b/rss.xml",
        ".feedpub/manifest.json",
        ".feedpub/lock.json",
        ".feedpub/conditions.lock",
    }


def test_a_second_run_does_nothing(press: Press) -> None:
    press.fill(a="1").publish()
    body = press.store.get(MANIFEST.key).body
    done = press.publish()
    assert (done.steps, done.uploaded, done.unchanged, done.changes.feeds) == ((), 0, 1, ())
    assert press.store.get(MANIFEST.key).body == body


def test_each_change_has_its_reason(press: Press) -> None:
    press.fill(a="1", b="2", c="3").publish()
    press.fill(b="4", d="5")
    (press.out / "c/rss.xml").unlink()
    expected = {"b/rss.xml": "put changed", "c/rss.xml": "keep gone", "d/rss.xml": "put new"}
    assert press.plan() == expected
    done = press.publish()
    assert steps(done) == expected
    assert done.changes.feeds == ("https://feeds.example.org/b/rss.xml", "https://feeds.example.org/d/rss.xml")
    assert press.plan() == {"c/rss.xml": "keep gone"}
    assert press.plan(force=True)["a/rss.xml"] == "put forced"


def test_headers_alone_are_a_change(press: Press) -> None:
    press.fill(a="1").write("b/atom.xml", "<feed/>")
    press.publish()
    manifest = press.manifest
    listed = manifest.documents["b/atom.xml"]
    assert listed.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    older = listed._replace(headers={"Content-Type": "text/xml"})
    press.store.put(
        MANIFEST.key,
        write_manifest(manifest._replace(documents={**manifest.documents, "b/atom.xml": older})),
        headers={},
    )
    press.forget()
    done = press.publish()
    assert (steps(done), done.changes.feeds) == ({"b/atom.xml": "put headers"}, ())


def test_the_folder_of_a_website_gets_no_compressed_files(press: Press) -> None:
    press.more = "gzip = true"
    press.fill(a="1").publish()
    assert press.public() == {"a/rss.xml": b"<rss>1</rss>"}


def test_a_dry_run_writes_nothing_anywhere(press: Press) -> None:
    press.fill(a="1")
    assert press.publish(dry_run=True).uploaded == 1
    assert not (press.root / ".feedpub").exists()
    assert not Path(press.to.removeprefix("file://")).exists()


def test_deletes_are_asked_for_and_only_what_the_manifest_names_goes(press: Press) -> None:
    press.fill(a="1", b="2", c="3").publish()
    press.store.put("mine.txt", b"somebody's", headers={})
    (press.out / "a/rss.xml").unlink()
    assert press.publish().deleted == 0
    assert press.publish(delete=True).deleted == 1
    assert set(press.public()) == {"b/rss.xml", "c/rss.xml"}
    assert press.store.get("mine.txt")
    assert press.store.get("a/rss.xml") is None


def test_what_others_put_there_is_neither_replaced_nor_deleted(press: Press) -> None:
    press.fill(a="1").publish()
    press.store.put("b/rss.xml", b"theirs", headers={})
    press.fill(b="2", c="3")
    for _ in range(2):
        with pytest.raises(
            PublishError, match=r"b/rss\.xml: cannot be written: there is an object that feedpub did not put"
        ):
            press.publish()
        assert press.store.get("b/rss.xml").body == b"theirs"
    (press.out / "b/rss.xml").unlink()
    press.publish(delete=True)
    assert press.store.get("b/rss.xml").body == b"theirs"
    press.fill(b="2").publish(force=True)
    assert press.public()["b/rss.xml"] == b"<rss>2</rss>"


@pytest.mark.parametrize(
    ("limit", "refused"),
    [("0.2", True), ("0.6", False), ("2", False), ("1", True), ("[0.6, 1]", True), ("0", True), ("0.0", True)],
)
def test_nothing_is_deleted_above_the_limit_but_all_else_is_done(press: Press, limit: str, refused: bool) -> None:
    press.more = f"delete = true\nmax_deletes = {limit}"
    press.fill(a="1", b="2", c="3", d="4").publish()
    (press.out / "a/rss.xml").unlink()
    (press.out / "b/rss.xml").unlink()
    press.fill(e="5")
    done = press.publish()
    assert (bool(done.refusal), done.deleted) == (refused, 0 if refused else 2)
    assert ("2 of 4 documents" in done.refusal) == refused
    assert set(press.public()) >= {"c/rss.xml", "d/rss.xml", "e/rss.xml"}
    assert ("a/rss.xml" in press.public()) == refused


def test_another_machine_publishes_what_it_has(press: Press, other: Press) -> None:
    press.fill(a="1", b="2").publish()
    other.fill(a="1", b="3")
    assert steps(other.publish()) == {"b/rss.xml": "put changed"}
    # The first one remembers what is no more.
    press.fill(c="4")
    assert steps(press.publish()) == {"b/rss.xml": "put changed", "c/rss.xml": "put new"}
    assert press.public()["b/rss.xml"] == b"<rss>2</rss>"


def test_a_run_of_this_machine_that_died_is_taken_over_at_once(press: Press) -> None:
    press.fill(a="1", b="2").publish()
    machine = press_machine(press)
    die(press, machine, "a/rss.xml")
    press.fill(b="3")
    assert steps(press.publish()) == {"a/rss.xml": "put unfinished", "b/rss.xml": "put changed"}
    assert press.publish().steps == ()


def press_machine(press: Press) -> str:
    (folder,) = (press.root / ".feedpub/published").iterdir()
    return f"{Remembered(folder).load().machine}@{tell_place(folder)}"


def die(press: Press, machine: str, *keys: str) -> None:
    """Leave what a run leaves that dies at work."""
    found = press.store.get(LOCK)
    lock = Lock("dead", machine, frozenset(keys))
    press.store.put(LOCK, write_lock(lock), headers={}, only_if=found.tag if found else ABSENT)


def test_a_run_of_another_machine_is_dead_after_its_lease(press: Press, other: Press) -> None:
    press.fill(a="1", b="2").publish()
    die(press, "another", "a/rss.xml")
    other.fill(a="1", b="2")
    # One whose machine has no disk cannot know who it was; it waits, and looks whether anything moves.
    assert steps(other.publish()) == {"a/rss.xml": "put unfinished"}


def test_what_a_dead_run_may_have_written_is_never_believed_again(press: Press, other: Press) -> None:
    press.fill(a="1", b="2").publish()
    die(press, "another", "a/rss.xml")
    press.store.put("a/rss.xml", b"half", headers={})
    # This one does not want the document, and leaves it.
    other.fill(b="3").publish()
    assert other.manifest.documents["a/rss.xml"].sha256 == ""
    assert steps(press.publish()) == {"a/rss.xml": "put unfinished", "b/rss.xml": "put changed"}
    assert press.public()["a/rss.xml"] == b"<rss>1</rss>"


def test_a_run_that_is_locked_out_here_says_so(press: Press) -> None:
    press.fill(a="1")
    with lock.hold(press.root / ".feedpub/ledger.sqlite3.lock"), pytest.raises(LockedError):
        press.publish()
    with lock.hold(press.root / ".feedpub/ledger.sqlite3.lock"):
        assert press.publish(dry_run=True).uploaded == 1


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"version": 1}', b'{"version": 2}', b"<html>"])
def test_what_is_no_manifest_is_left_alone(press: Press, body: bytes) -> None:
    press.store.put(MANIFEST.key, body, headers={})
    press.fill(a="1")
    with pytest.raises(PublishError, match=r"manifest\.json"):
        press.publish()
    assert press.store.get(MANIFEST.key).body == body


def test_a_run_that_is_interrupted_leaves_the_manifest_as_it_was(press: Press) -> None:
    press.fill(a="1", b="2").publish()
    body = press.store.get(MANIFEST.key).body
    press.fill(b="3")

    def interrupt(_what: str, _done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        press.publish(progress=interrupt)
    assert press.store.get(MANIFEST.key).body == body
    press.write("b/rss.xml", "<rss>other</rss>")
    assert steps(press.publish()) == {"b/rss.xml": "put changed"}


def test_a_file_that_changes_while_it_is_published_fails_and_nothing_is_wrong(press: Press) -> None:
    # Larger than what is held of files that were read.
    first, second = ("<p>" + sign * 70_000 for sign in "12")
    press.fill(a="1").write("z.html", first)
    press.publish()
    press.fill(a="2").write("z.html", second)

    def change(_what: str, done: int, _total: int) -> None:
        if done == 1:
            (press.out / "z.html").write_text("<p>other")

    with pytest.raises(PublishError, match=r"z\.html: cannot be written: it changed while it was being published"):
        press.publish(progress=change)
    assert press.store.get("z.html").body == first.encode()
    assert set(steps(press.publish())) == {"z.html"}
    assert press.public()["z.html"] == b"<p>other"


def test_what_nobody_expects_is_raised_and_no_manifest_names_what_is_not_there(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Output.read

    def panic(output: Output, key: str) -> bytes:
        if key == "b/rss.xml":
            raise SystemExit
        return read(output, key)

    with monkeypatch.context() as patch:
        patch.setattr(Output, "read", panic)
        with pytest.raises(SystemExit):
            press.fill(a="1", b="2").publish()
    assert press.store.get(MANIFEST.key) is None


def test_what_an_unfinished_run_uploaded_is_not_uploaded_again(press: Press) -> None:
    press.fill(a="1", b="2").write("c.html", "<p>")

    def stop(_what: str, done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        press.publish(progress=stop)
    assert not press.store.get(MANIFEST.key)
    done = press.publish()
    assert steps(done) == {"c.html": "put new"}
    # Nobody was told of the others.
    assert len(done.changes.feeds) == 2
    assert len(press.public()) == 3
    assert press.publish().steps == ()


def test_a_run_that_died_before_the_manifest_is_ended_by_the_next(press: Press) -> None:
    press.fill(a="1", b="2")

    def stop(_what: str, done: int, total: int) -> None:
        if done == total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        press.publish(progress=stop)
    assert not press.store.get(MANIFEST.key)
    done = press.publish()
    assert (done.uploaded, len(done.changes.feeds), len(press.public())) == (0, 2, 2)
    # Everybody was told.
    assert press.publish().changes == Changes()
    assert not list(press.root.rglob("journal.jsonl"))


@pytest.mark.parametrize(("turn", "step"), [(Shelf, "trim"), (SingleLockTurn, "commit"), (Journal, "note")])
def test_a_way_back_from_a_run_that_died_leads_to_what_was_public_before_it(
    press: Press, monkeypatch: pytest.MonkeyPatch, turn: type, step: str
) -> None:
    press.fill(a="1").publish()
    press.fill(a="2").publish()
    press.fill(a="3")
    with monkeypatch.context() as patch:
        patch.setattr(turn, step, interrupt)
        with pytest.raises(KeyboardInterrupt):
            press.publish()
    press.publish(rollback=True)
    assert press.public()["a/rss.xml"] == b"<rss>2</rss>"
    press.publish(rollback=True)
    if step != "trim":
        # No generation is more than it had been.
        assert press.public()["a/rss.xml"] == b"<rss>1</rss>"


def interrupt(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_a_way_back_that_cannot_be_kept_is_said_and_all_is_published(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise ObjectsError("write", "generations/2", "other", said="No space left on device")

    press.fill(a="1").publish()
    monkeypatch.setattr(Shelf, "push", refuse)
    done = press.fill(a="2").publish()
    why = "cannot be written: the system refuses (No space left on device)"
    assert done.notices == (f"{press.to}/generations/2: {why}; what is kept for a way back is not in order",)
    assert press.public()["a/rss.xml"] == b"<rss>2</rss>"


def test_what_an_unfinished_run_uploaded_and_is_not_wanted_any_more_is_ours(press: Press) -> None:
    press.fill(a="1", b="2")

    def stop(_what: str, done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        press.publish(progress=stop)
    (press.out / "b/rss.xml").unlink()
    assert steps(press.publish(delete=True)) == {"b/rss.xml": "delete gone"}
    assert files_of(press) >= {"a/rss.xml"}
    assert "b/rss.xml" not in files_of(press)


def test_the_last_generation_can_be_brought_back(press: Press) -> None:
    press.fill(a="1", b="2").publish()
    press.fill(a="3", c="4").publish()
    done = press.publish(rollback=True)
    assert steps(done) == {"a/rss.xml": "put changed", "c/rss.xml": "keep gone"}
    assert press.public()["a/rss.xml"] == b"<rss>1</rss>"
    with pytest.raises(ConfigError, match="no earlier generation"):
        press.publish(rollback=True)
    assert steps(press.publish()) == {"a/rss.xml": "put changed"}


@pytest.mark.parametrize("most", [0, 1, 2, 3, 5])
def test_as_many_generations_are_kept_as_configured(press: Press, most: int) -> None:
    press.more = f"generations = {most}"
    for number in range(8):
        press.fill(a=str(number)).publish()
    assert len(list((press.root / ".feedpub/published").glob("*/generations/*"))) == most


def test_a_way_back_leads_through_all_generations(press: Press) -> None:
    press.more = "generations = 2"
    for text in "1234":
        press.fill(a=text).publish()
    objects = list((press.root / ".feedpub/published").glob("*/objects/*"))
    assert len(objects) == 3
    assert press.publish(rollback=True).uploaded == 1
    assert press.public() == {"a/rss.xml": b"<rss>3</rss>"}
    assert press.publish(rollback=True).uploaded == 1
    assert press.public() == {"a/rss.xml": b"<rss>2</rss>"}
    with pytest.raises(ConfigError):
        press.publish(rollback=True)


def test_no_generation_is_kept_where_none_is_wanted(press: Press) -> None:
    press.more = "generations = 0"
    press.fill(a="1").publish()
    press.fill(a="2").publish()
    assert not list((press.root / ".feedpub/published").glob("*/objects/*"))
    with pytest.raises(ConfigError):
        press.publish(rollback=True)


def test_a_generation_that_is_not_what_it_was_is_not_brought_back(press: Press) -> None:
    press.fill(a="1").publish()
    press.fill(a="2").publish()
    for path in (press.root / ".feedpub/published").glob("*/objects/*"):
        path.write_text("broken")
    with pytest.raises(ConfigError, match=r"a/rss\.xml: is not kept"):
        press.publish(rollback=True)
    assert press.store.get("a/rss.xml").body == b"<rss>2</rss>"


@pytest.mark.parametrize("name", ["dist", "dist/inside", ""])
def test_a_target_that_overlaps_the_output_folder_is_refused(press: Press, name: str) -> None:
    press.to = f"file://{press.root / name}"
    with pytest.raises(ConfigError, match="overlap"):
        press.publish()


@pytest.mark.parametrize(
    ("to", "why"),
    [("articles/feeds", "lies in the source"), (".feedpub", "holds the ledger"), (".", "and the output folder")],
)
def test_a_target_where_it_would_do_harm_is_refused(press: Press, to: str, why: str) -> None:
    press.to = f"file://{press.root / to}"
    with pytest.raises(ConfigError, match=why):
        press.publish()


def test_an_output_folder_that_is_missing_is_named(press: Press) -> None:
    press.out.rmdir()
    with pytest.raises(ConfigError, match="feedpub build"):
        press.publish()


def test_a_name_that_is_no_text_is_named(press: Press) -> None:
    (press.out / os.fsdecode(b"a\xff.txt")).touch()
    with pytest.raises(ConfigError, match=r"a\\xff\.txt: its name is not UTF-8"):
        press.publish()


def test_a_folder_that_cannot_be_written_is_named(press: Press) -> None:
    Path(press.to.removeprefix("file://")).write_text("a file")
    press.fill(a="1")
    with pytest.raises(PublishError, match="cannot be"):
        press.publish()


def test_without_a_target_the_configuration_is_wrong(press: Press) -> None:
    config = press.config
    with pytest.raises(ConfigError, match=r"publish\.to is missing"):
        publish(config.replaced(publish=None))


def test_a_glance_sees_that_nothing_changed(press: Press) -> None:
    press.fill(a="1").publish(known="it")
    ledger = press.root / ".feedpub/ledger.sqlite3"

    def look(known: str = "it") -> int | None:
        found = glance(ledger, press.to, press.out, known)
        return found.unchanged if found else None

    assert look() == 1
    assert look("else") is None
    press.fill(a="2")
    assert look() is None
    press.publish(known="it")
    assert look() == 1
    press.store.put(LOCK, b"other", headers={})
    assert look() is None


def test_a_file_written_a_moment_ago_is_read_again_the_next_time(press: Press) -> None:
    press.write("a.txt", "1", young=True)
    press.publish(known="it")
    assert glance(press.root / ".feedpub/ledger.sqlite3", press.to, press.out, "it") is None
    assert press.publish().steps == ()


def test_a_state_that_cannot_be_read_costs_requests_and_nothing_else(press: Press) -> None:
    press.fill(a="1").publish()
    (folder,) = (press.root / ".feedpub/published").iterdir()
    for path in folder.glob("*.json"):
        path.write_text("[")
    assert press.publish().steps == ()
    press.fill(a="2")
    assert press.publish().uploaded == 1


def test_a_machine_that_lost_its_state_and_died_is_known_again(press: Press) -> None:
    press.fill(a="1").publish()
    (folder,) = (press.root / ".feedpub/published").iterdir()
    (folder / "state.json").write_text("[")

    def stop(_what: str, _done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        press.fill(a="2").publish(progress=stop)
    machine = press_machine(press)
    die(press, machine, "a/rss.xml")
    # It waits for nobody.
    press.times = Times(lease=60, sleep=lambda _seconds: pytest.fail("waited"))
    press.fill(a="3").publish()
    assert press_machine(press) == machine


def test_compressed_bytes_are_the_same_each_time() -> None:
    from feedpub.bucket.headers import encode

    headers = {"Content-Encoding": "gzip"}
    no_time = bytes(4)
    assert encode(b"text", headers)[4:8] == no_time
    assert gzip.decompress(encode(b"text", headers)) == b"text"


def test_a_machine_with_an_empty_disk_learns_what_is_public(press: Press) -> None:
    press.fill(a="1").publish()
    press.forget()
    press.publish(known="it")
    assert glance(press.root / ".feedpub/ledger.sqlite3", press.to, press.out, "it")


def test_what_was_refused_is_said_each_time(press: Press) -> None:
    press.more = "delete = true\nmax_deletes = 0"
    press.fill(a="1", b="2").publish()
    (press.out / "a/rss.xml").unlink()
    for _ in range(2):
        assert press.publish(known="it").refusal
        assert glance(press.root / ".feedpub/ledger.sqlite3", press.to, press.out, "it") is None


def test_a_journal_that_is_void_is_forgotten(press: Press, other: Press) -> None:
    press.fill(a="1").publish()
    press.fill(a="2")

    def stop(_what: str, done: int, _total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        press.publish(progress=stop)
    other.fill(a="3").publish()
    assert steps(press.publish()) == {"a/rss.xml": "put changed"}
    assert not list((press.root / ".feedpub/published").glob("*/journal.jsonl"))


def test_a_disk_that_is_full_here_is_said(press: Press) -> None:
    press.fill(a="1").publish()
    (folder,) = (press.root / ".feedpub/published").iterdir()
    (folder / "files.json.new").symlink_to("/dev/full")
    with pytest.raises(PublishError, match=r"^the folder of the ledger: cannot be written: No space left on device"):
        press.fill(a="2").publish()


def test_a_folder_that_cannot_be_made_here_is_said(press: Press) -> None:
    press.fill(a="1")
    (press.root / ".feedpub").mkdir()
    (press.root / ".feedpub/published").write_text("no folder")
    with pytest.raises(PublishError, match=r"published.*cannot be written"):
        press.publish()


def fail_at(press: Press, key: str, monkeypatch: pytest.MonkeyPatch, *, after: bool = False) -> None:
    """Have a run whose request for a key fails, before it was done or after."""
    put = Folder.put

    def refuse(self: Folder, name: str, body: bytes, **options: Any) -> str:
        tag = put(self, name, body, **options) if name != key or after else ""
        if name == key:
            raise ObjectsError("write", key, "other")
        return tag

    with monkeypatch.context() as patch:
        patch.setattr(Folder, "put", refuse)
        with pytest.raises(PublishError, match="cannot be written"):
            press.publish(delete=True)


def test_runs_that_fail_again_and_again_do_not_fill_the_disk(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    press.fill(**{f"a{number}": "0" for number in range(5)}).publish()
    for text in "1234":
        press.fill(**{f"a{number}": f"{number} {text}" for number in range(5)})
        fail_at(press, "a0/rss.xml", monkeypatch)
    # Once what is public, and once what would be.
    kept = [path for path in (press.root / ".feedpub/published").glob("*/objects/*") if path.is_file()]
    assert len(kept) <= 1 + 5


def test_a_way_back_does_not_end_at_what_was_uploaded_once_more(press: Press) -> None:
    press.fill(a="1").publish()
    press.fill(a="2").publish()
    press.publish(force=True)
    press.publish(rollback=True)
    assert press.public()["a/rss.xml"] == b"<rss>1</rss>"


def test_a_store_that_takes_no_lock_is_not_asked_all_the_time(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    press.fill(a="1").publish()
    asked: list[str] = []
    put = Folder.put

    def refuse(folder: Folder, key: str, body: bytes, **options: Any) -> str:
        if key == LOCK:
            asked.append(key)
            raise UnmetError(key)
        return put(folder, key, body, **options)

    monkeypatch.setattr(Folder, "put", refuse)
    now = 0.0

    def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    press.times = Times(lease=60, pause=1, patience=20, clock=lambda: now, sleep=sleep)
    with pytest.raises(LockedError):
        press.fill(a="2").publish()
    assert 10 < len(asked) < 200


def test_what_keeps_conditions_is_found_out_anew_where_a_bucket_has_moved(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Moved(Careless):
        server = "another"

    root = Path(press.to.removeprefix("file://"))
    press.fill(a="1").publish()
    with monkeypatch.context() as patch:
        patch.setattr(sys.modules["feedpub.publish"], "open_store", lambda *_, **__: Moved(root))
        (notice,) = press.fill(a="2").publish().notices
        assert "does not keep the conditions" in notice
        assert not press.manifest.conditions
        assert not list(root.glob(".feedpub/probe-*"))
    press.fill(a="3").publish()
    assert press.manifest.conditions


def test_what_two_failed_runs_did_is_not_taken_for_what_the_first_of_them_did(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.fill(a="1", b="1").publish()
    press.fill(a="2", b="2")
    fail_at(press, "b/rss.xml", monkeypatch)
    press.fill(a="1")
    fail_at(press, "a/rss.xml", monkeypatch, after=True)
    press.fill(a="2").publish()
    assert press.public() == {"a/rss.xml": b"<rss>2</rss>", "b/rss.xml": b"<rss>2</rss>"}


def test_what_a_failed_run_uploaded_and_another_deleted_is_uploaded_again(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.fill(a="1").publish()
    press.fill(n="1").write("z.html", "<p>")
    fail_at(press, "z.html", monkeypatch)
    (press.out / "n/rss.xml").unlink()
    fail_at(press, MANIFEST.key, monkeypatch)
    press.fill(n="1").publish()
    assert press.public()["n/rss.xml"] == b"<rss>1</rss>"


def test_what_another_machine_left_half_done_is_seen_at_once(
    press: Press, other: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.fill(a="1", b="1").publish(known="it")
    other.fill(a="2", b="2")
    fail_at(other, MANIFEST.key, monkeypatch)
    assert press.store.get("a/rss.xml").body == b"<rss>2</rss>"
    assert glance(press.root / ".feedpub/ledger.sqlite3", press.to, press.out, "it") is None
    done = press.publish()
    assert steps(done) == {"a/rss.xml": "put unfinished", "b/rss.xml": "put unfinished"}
    assert press.public() == {"a/rss.xml": b"<rss>1</rss>", "b/rss.xml": b"<rss>1</rss>"}
    # Caches may have taken what was there meanwhile.
    assert [address.rpartition("org/")[2] for address in done.changes.feeds] == ["a/rss.xml", "b/rss.xml"]


def test_what_is_uploaded_again_is_purged_from_caches_and_no_hub_hears_of_it(press: Press) -> None:
    press.fill(a="1").publish()
    changes = press.publish(force=True).changes
    assert (changes.feeds, changes.documents) == ((), ("https://feeds.example.org/a/rss.xml",))


def test_who_meets_one_that_goes_on_and_on_leaves_it_to_him(press: Press) -> None:
    press.fill(a="1").publish()
    die(press, "another", "a/rss.xml")
    now = 0.0

    def beat(seconds: float) -> None:
        nonlocal now
        now += seconds
        assert now < 60
        lock = read_lock(press.store.get(LOCK).body)
        press.store.put(LOCK, write_lock(lock._replace(beat=lock.beat + 1)), headers={})

    press.times = Times(lease=60, pause=1, patience=5, clock=lambda: now, sleep=beat)
    with pytest.raises(LockedError, match="another publisher is at work"):
        press.fill(a="2").publish()
    assert now > 5


def test_what_is_refused_stays_theirs_for_the_next_publisher(press: Press, other: Press) -> None:
    press.fill(a="1").publish()
    # As it happens, the bytes that we want.
    press.store.put("b/rss.xml", b"<rss>2</rss>", headers={})
    for each in (press, other):
        with pytest.raises(PublishError, match="did not put there"):
            each.fill(a="1", b="2").publish()


def test_a_document_that_is_compressed_itself_is_known_again_after_a_crash(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.write("sitemap.xml.gz", gzip.compress(b"<urlset/>", mtime=0))
    press.write("z.html")
    fail_at(press, "z.html", monkeypatch)
    assert press.store.get("sitemap.xml.gz")
    press.forget()
    press.publish()
    assert set(press.public()) == {"sitemap.xml.gz", "z.html"}


def test_a_way_back_deletes_only_where_that_is_said(press: Press) -> None:
    press.more = "delete = true\nmax_deletes = 1.0"
    press.fill(a="1").publish()
    press.fill(a="2", c="3").publish()
    press.publish(rollback=True)
    assert press.public() == {"a/rss.xml": b"<rss>1</rss>", "c/rss.xml": b"<rss>3</rss>"}


def test_what_a_run_sent_that_was_taken_for_dead_is_put_right_by_its_next(
    press: Press, other: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.fill(a="1").publish()
    commit = SingleLockTurn.commit

    def come_too_late(turn: SingleLockTurn, body: bytes) -> str:
        with monkeypatch.context() as patch:
            patch.setattr(SingleLockTurn, "commit", commit)
            other.fill(a="2").publish()
        # What was on its way comes in only now.
        press.store.put("a/rss.xml", b"<rss>late</rss>", headers={})
        press.store.put("n/rss.xml", b"<rss>new</rss>", headers={})
        return commit(turn, body)

    press.fill(a="late", n="new")
    press.times, other.times = Times(lease=0.2, pause=0.01), Times(lease=0.2, pause=0.01)
    with monkeypatch.context() as patch:
        patch.setattr(SingleLockTurn, "commit", come_too_late)
        with pytest.raises(LockedError):
            press.publish()
    assert press.store.get("a/rss.xml").body == b"<rss>late</rss>"
    press.fill(a="2").publish()
    assert press.public()["a/rss.xml"] == b"<rss>2</rss>"


def test_what_others_put_where_a_failed_run_did_not_come_to_is_theirs(
    press: Press, other: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.fill(a="1").publish()
    press.store.put("robots.txt", b"theirs", headers={})
    press.store.put("z.html", b"theirs", headers={})
    press.fill(n="1").write("robots.txt", "ours")
    press.write("z.html", "ours")
    fail_at(press, "n/rss.xml", monkeypatch)
    other.fill(a="1", n="1").write("robots.txt", "ours")
    with pytest.raises(PublishError, match="did not put there"):
        other.publish(delete=True)
    assert [press.store.get(key).body for key in ("robots.txt", "z.html")] == [b"theirs", b"theirs"]


def test_a_copy_of_the_disk_is_another_machine(press: Press, tmp_path: Path) -> None:
    press.fill(a="1").publish()
    die(press, press_machine(press), "a/rss.xml")
    shutil.copytree(press.root, tmp_path / "copy")
    copy = Press(tmp_path / "copy", press.to, times=Times(lease=5, pause=0.01, patience=0.05, sleep=stop_waiting))
    with pytest.raises(RuntimeError):
        copy.publish()


def stop_waiting(_seconds: float) -> None:
    raise RuntimeError("waited")

"""Carrying out a plan: uploads and deletes, as long as the turn lasts."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from threading import Event
from typing import Any, NoReturn

import pytest

from feedpub.bucket.folder import Folder
from feedpub.bucket.manifest import Listed
from feedpub.bucket.objects import ObjectsError
from feedpub.bucket.plan import Step
from feedpub.bucket.retrying import RetryingStore, RetryPolicy
from feedpub.bucket.state import Begun, Remembered
from feedpub.bucket.stock import digest
from feedpub.bucket.upload import send_all
from feedpub.bucket.work import FailedError, Tally, Work
from feedpub.errors import LockedError

PAGE = Step("a", "put", "new", "page")


class Texts:
    """Documents in memory."""

    def __init__(self, **bodies: bytes) -> None:
        self._bodies = bodies
        self.wanted = {key: Listed(digest(body), len(body), {}) for key, body in bodies.items()}

    def read(self, key: str) -> bytes:
        return self._bodies[key]

    def check(self, keys: object) -> None:
        pass

    def keep_ahead(self, keys: Iterable[str]) -> None:
        pass

    def keep(self, key: str, body: bytes) -> None:
        pass


class Ending:
    """A turn that remembers what it was asked, and ends after so many looks."""

    def __init__(self, lives: int = 99) -> None:
        self.asked: list[str] = []
        self._lives = lives

    def check(self) -> None:
        self.asked.append("check")
        self._lives -= 1
        if self._lives < 0:
            raise LockedError("over")

    def renew(self) -> None:
        self.asked.append("renew")


def carry_out(folder: Path, turn: Any, *steps: Step) -> None:
    work = Work(
        source=Texts(a=b"1", b=b"2"),
        steps=steps,
        objects=RetryingStore(Folder(folder / "store"), RetryPolicy()),
        turn=turn,
        stop=Event(),
        threads=1,
        tally=Tally(),
        conditions=True,
        force=False,
    )
    with Remembered(folder / "memory").journal(Begun()) as journal:
        work.carry_out(journal, lambda _done: None)


def test_nothing_is_sent_once_the_turn_may_be_anothers(tmp_path: Path) -> None:
    with pytest.raises(LockedError):
        carry_out(tmp_path, Ending(lives=1), Step("a", "put", "new", "media"), Step("b", "put", "new", "page"))
    assert [path.name for path in (tmp_path / "store").glob("[ab]")] == ["a"]


def test_what_could_not_be_kept_is_not_noted_as_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> NoReturn:
        raise ObjectsError("write", "a", "other")

    monkeypatch.setattr(Texts, "keep", refuse)
    with pytest.raises(FailedError):
        carry_out(tmp_path, Ending(), PAGE)
    assert Remembered(tmp_path / "memory").load_journal().done == {}


def test_a_turn_is_renewed_while_documents_go_up(tmp_path: Path) -> None:
    turn = Ending()
    carry_out(tmp_path, turn, PAGE)
    assert "renew" in turn.asked


def test_a_turn_is_renewed_before_each_rank_of_deletes(tmp_path: Path) -> None:
    turn = Ending()
    carry_out(tmp_path, turn, Step("a", "delete", "gone", "media"), Step("b", "delete", "gone", "page"))
    assert turn.asked == ["renew", "check"] * 2


def test_who_is_interrupted_does_not_wait_for_what_is_tried_again() -> None:
    stop, tried = Event(), Event()
    policy = RetryPolicy(sleep=stop.wait, first=60, cap=60, total=600, chance=lambda: 1.0)

    def refuse() -> NoReturn:
        tried.set()
        raise ObjectsError("write", "a", "busy")

    def interrupt(_done: int) -> NoReturn:
        tried.wait(10)
        raise KeyboardInterrupt

    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        send_all([PAGE], lambda _step: policy.keep_trying(refuse), threads=1, stop=stop, beat=interrupt)
    assert time.monotonic() - begin < 30


def test_whatever_ends_an_upload_is_reported() -> None:
    end = SystemExit()

    def die(_step: Step) -> NoReturn:
        raise end

    assert send_all([PAGE], die, threads=2, stop=Event(), beat=lambda _done: None) == [end]

"""The ledger where no disk stays: fetched from a bucket for a run, and given back before anything is published."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedpub import lock
from feedpub.errors import ConfigError, LockedError

if TYPE_CHECKING:
    from feedpub.bucket.retrying import RetryingStore
    from feedpub.bucket.settings import Settings
    from feedpub.config import Config
    from feedpub.report import Report

#: In seconds, of one request. A ledger is larger than a document; but who needs longer is taken for dead
#: (`bucket.turns.LEASE`).
_TIMEOUT = 50.0

#: Where the copy lies, in the output folder: hidden, so that it is not published, and always in the same place, since
#: a ledger knows its sources by their way from there.
_FOLDER = ".feedpub-ledger"

_OUTDATED = (
    "another run has given back its ledger meanwhile, and publishes what it built; this one has published nothing,"
    " and leaves it to that"
)


class Loan:
    """A ledger at hand. On this disk it is where it belongs, and there is nothing to give back."""

    notices: tuple[str, ...] = ()  #: What the operator should know of how it was given back.

    def give_back(self) -> None:
        """Give it back.

        Raises:
            LockedError: Another run has given its own back meanwhile.
            PublishError: It cannot be done.
        """

    def check(self) -> None:
        """See that nobody has given another one back since.

        Raises:
            LockedError: Somebody has.
            PublishError: It cannot be told.
        """


class _Fetched(Loan):
    """A ledger from a bucket, at *path* for now."""

    def __init__(self, objects: RetryingStore, path: Path, tag: str, settings: Settings) -> None:
        self._objects = objects
        self._path = path
        self._tag = tag
        self._settings = settings

    def give_back(self) -> None:
        from feedpub.bucket import ledger

        with _telling(self._settings):
            if self._was_moved_aside():
                kept = self._settings.state.locate(ledger.put_aside(self._objects, self._tag))
                self.notices = (f"{kept}: the ledger that was moved aside is kept here",)
            self._tag = ledger.give_back(self._objects, self._path, self._tag)

    def check(self) -> None:
        from feedpub.bucket import ledger

        with _telling(self._settings):
            if not ledger.is_still(self._objects, self._tag):
                raise LockedError(_OUTDATED)

    def _was_moved_aside(self) -> bool:
        """Tell whether a new one was begun: then the old one lies beside it (`ledger.opening`)."""
        return any(self._path.parent.glob(f"{self._path.name}.*-*"))


def build(config: Config, *, dry_run: bool, **options: Any) -> tuple[Report, Loan]:
    """Build as `run.build` does, with the ledger at hand, and give that back where it knows more than before.

    Raises:
        FeedpubError: As that does, and `ledger_at_hand`.
    """
    from dataclasses import replace

    from feedpub.run import build

    with ledger_at_hand(config, private=dry_run) as (at_hand, loan):
        report = build(at_hand, dry_run=dry_run, **options)
        if report.learned:
            loan.give_back()
    return replace(report, notices=(*report.notices, *loan.notices)), loan


@contextmanager
def ledger_at_hand(config: Config, *, private: bool) -> Iterator[tuple[Config, Loan]]:
    """Give the configuration with a ledger on this disk, and what puts that back where it belongs.

    Where `site.ledger` is on this disk anyway, nothing is done. *private*, for who only looks, it is never put back,
    and nothing stays in the output folder that was not there.

    Raises:
        ConfigError: It is said nowhere which bucket is meant.
        LockedError: Another run on this machine has it in hand; or, from what is given, one elsewhere was faster.
        PublishError: It cannot be fetched or given back.
    """
    if not config.site.keeps_ledger_in_bucket:
        yield config, Loan()
        return
    folder = config.site.out / _FOLDER
    new = [path for path in (folder, config.site.out) if not path.exists()] if private else []
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError([f"site.out: {folder} cannot be made: {error.strerror}"]) from error
    path, held = folder / "ledger.sqlite3", folder / "lock"
    try:
        with lock.hold(held):
            try:
                loan = _fetch(config, path)
                yield config.with_ledger(path), Loan() if private else loan
            finally:
                _clear(path)
    finally:
        if new:
            # Else the lock file stays: who takes away one that another has just opened lets two in.
            held.unlink(missing_ok=True)
        for made in new:
            with suppress(OSError):
                made.rmdir()


def _fetch(config: Config, path: Path) -> Loan:
    # What a run that was killed has left is not the ledger any more.
    _clear(path)
    # Most ledgers are where they belong.
    from feedpub.bucket import ledger
    from feedpub.bucket.retrying import RetryingStore, RetryPolicy
    from feedpub.bucket.stores import open_store
    from feedpub.publish import settings_of

    settings = settings_of(config)
    store = open_store(settings.state, timeout=_TIMEOUT)
    objects = RetryingStore(store, RetryPolicy(retries=settings.retries))
    with _telling(settings):
        tag = ledger.fetch(objects, path, where=settings.state.locate(ledger.KEY))
    return _Fetched(objects, path, tag, settings)


def _telling(settings: Settings) -> AbstractContextManager[None]:
    from feedpub.publish import telling

    return telling(settings.target, place=settings.state)


def _clear(path: Path) -> None:
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()

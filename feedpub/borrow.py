"""The ledger where no disk stays: fetched from a bucket for a run, and given back before anything is published."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from feedpub import lock
from feedpub.errors import ConfigError

if TYPE_CHECKING:
    from feedpub.config import Config

#: In seconds, of one request. A ledger is larger than a document; but who needs longer is taken for dead
#: (`bucket.turns.LEASE`).
_TIMEOUT = 50.0

#: Where the copy lies, in the output folder: hidden, so that it is not published, and always in the same place, since
#: a ledger knows its sources by their way from there.
_FOLDER = ".feedpub-ledger"


@contextmanager
def ledger_at_hand(config: Config, *, private: bool) -> Iterator[tuple[Config, Callable[[], None]]]:
    """Give the configuration with a ledger on this disk, and what puts that back where it belongs.

    Where `site.ledger` is on this disk anyway, nothing is done. *private*, for who only looks, it is never put back,
    and nothing stays in the output folder that was not there.

    Raises:
        ConfigError: It is said nowhere which bucket is meant.
        LockedError: Another run on this machine has it in hand; or, from what is given, one elsewhere was faster.
        PublishError: It cannot be fetched or given back.
    """
    if not config.site.keeps_ledger_in_bucket:
        yield config, lambda: None
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
                at_hand, give_back = _fetch(config, path)
                yield at_hand, (lambda: None) if private else give_back
            finally:
                _clear(path)
    finally:
        if new:
            # Else the lock file stays: who takes away one that another has just opened lets two in.
            held.unlink(missing_ok=True)
        for made in new:
            with suppress(OSError):
                made.rmdir()


def _fetch(config: Config, path: Path) -> tuple[Config, Callable[[], None]]:
    # What a run that was killed has left is not the ledger any more.
    _clear(path)
    # Most ledgers are where they belong.
    from feedpub.bucket import ledger
    from feedpub.bucket.patience import Patience, Patient
    from feedpub.bucket.stores import open_store
    from feedpub.publish import settings_of, telling

    settings = settings_of(config)
    store = open_store(settings.state, timeout=_TIMEOUT)
    objects = Patient(store, Patience(retries=settings.retries))
    with telling(settings.state):
        tag = ledger.fetch(objects, path)

    def give_back() -> None:
        nonlocal tag
        with telling(settings.state):
            tag = ledger.give_back(objects, path, tag)

    return config.with_ledger(path), give_back


def _clear(path: Path) -> None:
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()

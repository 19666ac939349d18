"""One run at a time for each ledger."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from feedpub.errors import ConfigError, LockedError

_held: list[BinaryIO] = []


def _let_go() -> None:
    """Close in a forked child what it shares of our locks: it may outlive us, and would keep them."""
    for file in _held:
        file.close()


os.register_at_fork(after_in_child=_let_go)


def path_of(ledger: Path) -> Path:
    """Name the lock file of a ledger."""
    return ledger.with_name(f"{ledger.name}.lock")


@contextmanager
def hold(path: Path) -> Iterator[None]:
    """Hold the lock file at *path*; the system lets go of it even when the process is killed.

    Raises:
        LockedError: Another run holds it.
        ConfigError: The file cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = open(path, "ab")  # noqa: SIM115  (the with statement below closes it)
    except OSError as error:
        raise ConfigError([f"{path}: the lock file cannot be made: {error.strerror}"]) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LockedError(f"another run holds {path}") from error
        _held.append(file)
        try:
            yield
        finally:
            _held.remove(file)

"""One run at a time for each ledger."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from feedpub.errors import ConfigError, LockedError


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
        yield

"""Marks by which a run sees whether anybody had the ledger in hand since the last one."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

#: What SQLite puts beside a base.
COMPANIONS = ("-wal", "-shm", "-journal")

#: In the place of a mark (see `leave_mark`): a run has stumbled, and the base may be why.
SUSPECT = "suspect"

#: In the place of a mark, where there is none.
NO_MARK = "none"


def is_untouched(path: Path) -> bool:
    """Tell whether a base is as the last run left it."""
    try:
        return read_mark(path) == stamp_of(path)
    except OSError:
        return False


def stamp_of(path: Path) -> str:
    """Say what the file system says of a base: while that is the same, nobody had it in hand."""
    if has_companions(path):
        return ""
    try:
        state = os.stat(path)
    except FileNotFoundError:
        return ""
    return f"{state.st_size} {state.st_mtime_ns} {state.st_ino}"


def has_companions(path: Path) -> bool:
    """Tell whether SQLite has put anything beside a base."""
    real = os.path.realpath(path)
    return any(os.path.exists(real + ending) for ending in COMPANIONS)


def _mark_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.lock")


def leave_mark(path: Path, text: str) -> None:
    """Note in the lock file how a base was left. That file is ours, and there whenever a run is at work."""
    if text != read_mark(path):
        with suppress(OSError):
            _mark_of(path).write_text(text, "ascii")


def read_mark(path: Path) -> str:
    """Say how a base was left."""
    try:
        return _mark_of(path).read_text("ascii") or NO_MARK
    except (OSError, UnicodeError):
        return NO_MARK

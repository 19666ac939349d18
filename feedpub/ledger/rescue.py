"""Saving identities from a damaged ledger."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

from feedpub.ledger.exchange import Numbered, read_lines
from feedpub.ledger.identities import READERS, find_conflicts, write_identities
from feedpub.ledger.lines import Line, StoryLine, write_lines


def rescue(damaged: Path, base: sqlite3.Connection) -> bool:
    """Bring into a new *base* what can still be read in a *damaged* one; say whether all stories could."""
    with closing(sqlite3.connect(damaged)) as old:
        found = [line for reader in READERS for line in _read(reader, old)]
    # To be believed, all must be such as could be imported.
    try:
        lines, problems = read_lines(write_lines(found))
    except Exception:
        return False
    if problems or not any(isinstance(line, StoryLine) for _, line in lines):
        return False
    write_identities(base, (line for _, line in _drop_conflicts(base, lines)))
    base.commit()
    return True


def _read(reader: Callable[[sqlite3.Connection], Iterable[Line]], old: sqlite3.Connection) -> list[Line]:
    """Read all lines of a kind, or none: half of them would be taken for all."""
    try:
        return list(reader(old))
    except Exception:
        # What is damaged may fail in any way that there is.
        return []


def _drop_conflicts(base: sqlite3.Connection, lines: list[Numbered]) -> Iterator[Numbered]:
    bad = {number for number, _ in find_conflicts(base, lines)}
    return (numbered for numbered in lines if numbered.number not in bad)

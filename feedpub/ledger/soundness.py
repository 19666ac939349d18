"""Telling whether a ledger is sound: SQLite looks through its pages, and this through what stands in them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import NamedTuple

from feedpub.ledger.schema import TABLES, VERSION

#: Dates that a calendar has, in seconds since 1970.
_FIRST, _LAST = -62_135_596_800, 253_402_300_799

_DATES = {"published", "updated", "said", "clock"}

#: Columns that hold JSON, by table.
_JSON = {"file": ("labels", "media", "notes"), "story": ("labels",), "feed": ("shown", "told")}

#: What must not be there, and what it would be.
_NEVER = (
    ("an id that two stories have", "SELECT 1 FROM memory GROUP BY id HAVING count(*) > 1"),
    ("a digest that is none", "SELECT 1 FROM memory WHERE clean NOT LIKE '%:%:%'"),
    ("a file without a folder", "SELECT 1 FROM file WHERE folder NOT IN (SELECT id FROM folder)"),
    ("a story without a file", "SELECT 1 FROM story WHERE file NOT IN (SELECT id FROM file)"),
    ("a story that nobody remembers", "SELECT 1 FROM story WHERE place NOT IN (SELECT place FROM memory)"),
    ("an entry without a story", "SELECT 1 FROM entry WHERE place NOT IN (SELECT place FROM memory)"),
)


class _Column(NamedTuple):
    name: str
    type: str
    needed: bool


def find_fault(base: sqlite3.Connection, *, version: int, thorough: bool) -> str | None:
    """Say what is wrong with a ledger; `None` if nothing is. A *thorough* look compares indexes with tables as well.

    Raises:
        sqlite3.Error: So much is wrong that it cannot be looked at, or the system does not let us.
    """
    pragma = "integrity_check" if thorough else "quick_check"
    (said,) = base.execute(f"PRAGMA {pragma}(1)").fetchone()
    if said != "ok":
        return str(said).replace("\n", " ")
    return next(_find_nonsense(base), None) if version == VERSION else None


def _find_nonsense(base: sqlite3.Connection) -> Iterator[str]:
    """Find what SQLite has no reason to object to, and a run would stumble over."""
    with closing(sqlite3.connect(":memory:")) as model:
        model.executescript(TABLES)
        tables = {name: _columns(model, name) for (name,) in model.execute("SELECT name FROM sqlite_master")}
    for name, columns in tables.items():
        if not columns:  # The indexes that SQLite makes by itself.
            continue
        if _columns(base, name) != columns:
            yield f"its table {name} is not what it should be"
            return
        if base.execute(f"SELECT 1 FROM {name} WHERE {_wrong(columns)} LIMIT 1").fetchone():
            yield f"its table {name} holds what it cannot"
            return
        yield from _find_unreadable(base, name, columns)
    for what, query in _NEVER:
        if base.execute(f"{query} LIMIT 1").fetchone():
            yield f"it holds {what}"
    yield from _find_unknown_places(base)


def _columns(base: sqlite3.Connection, table: str) -> list[_Column]:
    rows = base.execute(f"PRAGMA table_info({table})")
    return [_Column(name, type_, bool(needed)) for _, name, type_, needed, _, _ in rows]


def _wrong(columns: Iterable[_Column]) -> str:
    """Make the condition that a row is none of ours."""
    types = (f"typeof({column.name}) NOT IN ({_types_of(column)})" for column in columns)
    dates = (f"{column.name} NOT BETWEEN {_FIRST} AND {_LAST}" for column in columns if column.name in _DATES)
    return " OR ".join((*types, *dates))


def _types_of(column: _Column) -> str:
    return f"'{column.type.lower()}'" + ("" if column.needed else ", 'null'")


def _find_unreadable(base: sqlite3.Connection, table: str, columns: Iterable[_Column]) -> Iterator[str]:
    """Read all text, which fails where it is no UTF-8, and what is JSON as such."""
    texts = ", ".join(column.name for column in columns if column.type == "TEXT")
    for row in base.execute(f"SELECT {texts} FROM {table}") if texts else ():
        if any(text and "\0" in text for text in row):
            yield f"its table {table} holds what cannot be read"
            return
    for column in _JSON.get(table, ()):
        query = f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL"
        if not all(_is_list(text) for (text,) in base.execute(query)):
            yield f"its table {table} holds what cannot be read"
            return


def _is_list(text: str) -> bool:
    try:
        return isinstance(json.loads(text), list)
    except (ValueError, RecursionError):
        return False


def _find_unknown_places(base: sqlite3.Connection) -> Iterator[str]:
    known = {place for (place,) in base.execute("SELECT place FROM memory")}
    for shown, told in base.execute("SELECT shown, told FROM feed"):
        try:
            named = {*json.loads(shown), *dict(json.loads(told or "[]"))}
        except (TypeError, ValueError):
            named = {None}
        if not named <= known:
            yield "it holds a feed of stories that nobody remembers"
            return

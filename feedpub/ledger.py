"""The ledger: a SQLite file that remembers identities, and what was written where.

Identities belong to the articles, names of files to the sources that they lie in, and what was written to an output
folder: one ledger may serve several. Folders are remembered by their way from the ledger, so that a site can move.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from feedpub.dating import Dates
from feedpub.errors import ConfigError
from feedpub.feeds import Key, Slot
from feedpub.identity import Known, Memory

#: Kept in SQLite's `user_version`.
VERSION = 1

_SCHEMA = """
CREATE TABLE memory (
    place INTEGER PRIMARY KEY,      -- the order of first sightings
    id TEXT NOT NULL UNIQUE,
    own TEXT NOT NULL,
    link TEXT NOT NULL,
    text TEXT NOT NULL,
    visible TEXT NOT NULL,
    published INTEGER NOT NULL,     -- seconds since 1970, as all dates here
    updated INTEGER NOT NULL,
    said INTEGER,
    settled INTEGER NOT NULL,
    early INTEGER NOT NULL
);
CREATE TABLE channel (key TEXT PRIMARY KEY, slug TEXT NOT NULL, id TEXT NOT NULL);
CREATE TABLE name (source TEXT, name TEXT, id TEXT NOT NULL, PRIMARY KEY (source, name));
CREATE TABLE file (out TEXT, name TEXT, id TEXT NOT NULL, bytes TEXT NOT NULL, PRIMARY KEY (out, name));
CREATE TABLE live (out TEXT, id TEXT, updated INTEGER NOT NULL, PRIMARY KEY (out, id));
CREATE TABLE document (out TEXT, path TEXT, digest TEXT NOT NULL, PRIMARY KEY (out, path));
"""

#: The parts of a feed's key are joined by this; no name can hold it, since XML forbids it.
_JOIN = "\x1f"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a file told when it was last read."""

    id: str
    bytes: str  #: Digest of the file.


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """All that one run needs to know of those before it."""

    known: Known = field(default_factory=Known)
    slots: Mapping[Key, Slot] = field(default_factory=dict)
    files: Mapping[str, Told] = field(default_factory=dict)  #: Of this output folder, by name.
    live: Mapping[str, datetime] = field(default_factory=dict)  #: Of this output folder: `updated` by id.
    documents: Mapping[str, str] = field(default_factory=dict)  #: Of this output folder: digests by path.


class Ledger:
    """An open ledger, as one set of sources and one output folder see it. Use it in a `with` statement."""

    def __init__(self, path: Path, *, sources: Sequence[Path], out: Path, in_memory: bool = False) -> None:
        """Open the ledger at *path*; *in_memory*, an empty one that is kept nowhere.

        Raises:
            ConfigError: There is something at *path* that is no ledger of this version.
        """
        self._path = path
        self._source = "\n".join(os.path.relpath(source, path.parent) for source in sources)
        self._out = os.path.relpath(out, path.parent)
        self._base = sqlite3.connect(":memory:") if in_memory else _open(path)
        try:
            _prepare(self._base)
        except sqlite3.DatabaseError as error:
            self._base.close()
            raise ConfigError([f"{path}: cannot be used as a ledger: {error}"]) from error

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()
        if isinstance(error, sqlite3.DatabaseError):
            raise ConfigError([f"{self._path}: cannot be used as a ledger: {error}"]) from error

    def load(self) -> Past:
        """Read all that is remembered."""
        files = {
            name: Told(id=id_, bytes=bytes_)
            for name, id_, bytes_ in self._rows("SELECT name, id, bytes FROM file WHERE out = ?", self._out)
        }
        names = dict(self._rows("SELECT name, id FROM name WHERE source = ?", self._source))
        if not names:
            # The sources moved: what they told before into this folder, they tell now.
            names = {name: told.id for name, told in files.items()}
        return Past(
            known=Known(
                memories=[_memory(row) for row in self._rows(_SELECT_MEMORY)],
                ids_by_name=names,
            ),
            slots={
                tuple(key.split(_JOIN)): Slot(slug=slug, id=id_)
                for key, slug, id_ in self._rows("SELECT key, slug, id FROM channel")
            },
            files=files,
            live={
                id_: _datetime(seconds)
                for id_, seconds in self._rows("SELECT id, updated FROM live WHERE out = ?", self._out)
            },
            documents=dict(self._rows("SELECT path, digest FROM document WHERE out = ?", self._out)),
        )

    def remember(
        self,
        *,
        memories: Sequence[Memory],
        slots: Mapping[Key, Slot],
        files: Mapping[str, Told],
    ) -> None:
        """Store identities before anything is written that shows them, so that a crash cannot change them."""
        with self._base:
            self._base.executemany(_UPSERT_MEMORY, [_memory_row(memory) for memory in memories])
            self._base.executemany(
                "INSERT OR REPLACE INTO channel VALUES (?, ?, ?)",
                [(_JOIN.join(key), slot.slug, slot.id) for key, slot in slots.items()],
            )
            self._base.executemany(
                "INSERT OR REPLACE INTO name VALUES (?, ?, ?)",
                [(self._source, name, told.id) for name, told in files.items() if told.id],
            )

    def conclude(self, *, files: Mapping[str, Told], live: Mapping[str, datetime], gone: Iterable[str]) -> None:
        """Store what the output folder shows, after it does; *gone* are the documents that it has no more."""
        with self._base:
            self._replace("file", [(name, told.id, told.bytes) for name, told in files.items()])
            self._replace("live", [(id_, _seconds(updated)) for id_, updated in live.items()])
            self._base.executemany(
                "DELETE FROM document WHERE out = ? AND path = ?", [(self._out, path) for path in gone]
            )

    def claim_documents(self, digests: Mapping[str, str]) -> None:
        """Note what is about to be written, so that nothing of ours is ever taken for a stranger's."""
        with self._base:
            self._base.executemany(
                "INSERT OR REPLACE INTO document VALUES (?, ?, ?)",
                [(self._out, path, digest) for path, digest in digests.items()],
            )

    def _rows(self, query: str, *values: str) -> list[Any]:
        with closing(self._base.execute(query, values)) as cursor:
            return cursor.fetchall()

    def _replace(self, table: str, rows: Sequence[tuple[object, ...]]) -> None:
        self._base.execute(f"DELETE FROM {table} WHERE out = ?", (self._out,))  # noqa: S608  (a constant of ours)
        if rows:
            marks = ", ".join("?" * (len(rows[0]) + 1))
            self._base.executemany(
                f"INSERT INTO {table} VALUES ({marks})",  # noqa: S608
                [(self._out, *row) for row in rows],
            )


_SELECT_MEMORY = (
    "SELECT id, own, link, text, visible, published, updated, said, settled, early FROM memory ORDER BY place"
)
_UPSERT_MEMORY = """
INSERT INTO memory (id, own, link, text, visible, published, updated, said, settled, early)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET own = excluded.own, link = excluded.link, text = excluded.text,
    visible = excluded.visible, published = excluded.published, updated = excluded.updated,
    said = excluded.said, settled = excluded.settled, early = excluded.early
"""


def _open(path: Path) -> sqlite3.Connection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return sqlite3.connect(path)
    except (OSError, sqlite3.Error) as error:
        raise ConfigError([f"{path}: the ledger cannot be opened: {error}"]) from error


def _prepare(base: sqlite3.Connection) -> None:
    """Make the tables of a new ledger, or see that an old one is of our version."""
    (version,) = base.execute("PRAGMA user_version").fetchone()
    if version == VERSION:
        return
    if version:
        raise sqlite3.DatabaseError(f"its version is {version}, and this feedpub knows version {VERSION}")
    with base:
        base.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version = {VERSION}; COMMIT")


def _memory(row: tuple[Any, ...]) -> Memory:
    id_, own, link, text, visible, published, updated, said, settled, early = row
    return Memory(
        id=id_,
        own=own,
        link=link,
        text=text,
        dates=Dates(
            visible=visible,
            published=_datetime(published),
            updated=_datetime(updated),
            said=None if said is None else _datetime(said),
            settled=bool(settled),
            early=bool(early),
        ),
    )


def _memory_row(memory: Memory) -> tuple[object, ...]:
    dates = memory.dates
    said = None if dates.said is None else _seconds(dates.said)
    return (
        *(memory.id, memory.own, memory.link, memory.text, dates.visible),
        *(_seconds(dates.published), _seconds(dates.updated), said, dates.settled, dates.early),
    )


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _datetime(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)

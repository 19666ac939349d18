"""What is known of the files: how they looked on the disk, and what they held."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from feedpub.alike import near_signs
from feedpub.collector import Stamp
from feedpub.ledger.rows import in_chunks
from feedpub.ledger.sightings import COLUMNS, SELECTED, Row, columns_of, read_row
from feedpub.model import Rejected, Sighting


class Spot(NamedTuple):
    """Where a file stands: the number of its folder, and the last part of its name."""

    folder: int
    name: str


class Place(NamedTuple):
    """Where a file is, and the digest of what it held when it was read last."""

    folder: str  #: As `Folder.name`.
    name: str
    raw: str  #: What the file system calls it.
    bytes: str


class Known(NamedTuple):
    """A folder as it was when it was listed last."""

    folder: int
    signature: bytes | None  #: `None` where it has to be looked through.


class Filed(NamedTuple):
    """A file as it was when it was listed last."""

    stamp: Stamp
    bytes: str
    here: bool  #: False for one that is gone, of which only its story is known.


_HERE = "(file.text IS NOT NULL OR file.reason IS NOT NULL)"
_JOINED = "file JOIN folder ON folder.id = file.folder AND folder.site = ?"


class Files:
    """The files of one site."""

    def __init__(self, base: sqlite3.Connection, site: int) -> None:
        self._base = base
        self._site = site
        self._last = self._find_last()

    def _find_last(self) -> int:
        (last,) = self._base.execute("SELECT coalesce(max(id), 0) FROM file").fetchone()
        return int(last)

    def folders(self) -> dict[str, Known]:
        """Give all folders by name."""
        rows = self._base.execute("SELECT name, id, signature FROM folder WHERE site = ?", (self._site,))
        return {name: Known(folder, signature) for name, folder, signature in rows}

    def filed(self, folder: int) -> dict[str, Filed]:
        """Give the files of a folder by the last part of their names."""
        rows = self._base.execute(
            f"SELECT name, size, mtime, inode, bytes, {_HERE} FROM file WHERE folder = ?",
            (folder,),
        )
        return {
            name: Filed((size, mtime, inode), bytes_ or "", bool(here))
            for name, size, mtime, inode, bytes_, here in rows
        }

    def add_folder(self, name: str) -> int:
        """Take a folder in, and give its number."""
        return self._base.execute("INSERT INTO folder (site, name) VALUES (?, ?)", (self._site, name)).lastrowid or 0

    def sign(self, signatures: Mapping[int, bytes | None]) -> None:
        """Note how folders look, and how many files each has."""
        self._base.executemany(
            "UPDATE folder SET signature = ?,"
            f" count = (SELECT count(*) FROM file WHERE file.folder = folder.id AND {_HERE}) WHERE id = ?",
            [(signature, folder) for folder, signature in signatures.items()],
        )

    def add(self, read: Iterable[tuple[Spot, str, Stamp, bool, tuple[Any, ...]]]) -> Iterable[int]:
        """Take in files that were never heard of, each with what `columns_of` gives, and give their numbers.

        Those of which it is said begin a story whose place is their number.
        """
        first = self._last + 1
        rows = [
            (number, number if begins else None, *spot, _raw(path, spot.name), *stamp, *columns)
            for number, (spot, path, stamp, begins, columns) in enumerate(read, first)
        ]
        self._base.executemany(_ADD, rows)
        self._last += len(rows)
        return range(first, self._last + 1)

    def note(self, read: Iterable[tuple[Spot, str, Stamp, Sighting | Rejected]]) -> None:
        """Store what was read in files."""
        for spot, path, stamp, seen in read:
            raw = _raw(path, spot.name)
            if isinstance(seen, Sighting):
                (file,) = self._base.execute(_PUT_READ, (*spot, raw, *stamp, *columns_of(seen))).fetchone()
                self.note_near(file, seen)
            elif seen.passing:
                self._base.execute(_PUT_PASSING, (*spot, raw, seen.reason))
            else:
                self._base.execute(_PUT_UNREAD, (*spot, raw, *stamp, seen.reason))
        self._last = self._find_last()

    def restamp(self, same: Iterable[tuple[Spot, Stamp]]) -> None:
        """Note that files look other than they did, and hold the same."""
        self._base.executemany(
            "UPDATE file SET size = ?, mtime = ?, inode = ?, reason = NULL WHERE folder = ? AND name = ?",
            [(*stamp, *spot) for spot, stamp in same],
        )

    def unsettle(self, file: int) -> None:
        """Have a file looked at again by the next run, whatever it looks like."""
        self._base.execute("UPDATE file SET size = -1, bytes = '' WHERE id = ?", (file,))
        self._base.execute(
            "UPDATE folder SET signature = NULL WHERE id = (SELECT folder FROM file WHERE id = ?)", (file,)
        )

    def forget(self, gone: Iterable[Spot]) -> None:
        """Note that files are gone; the story that each told stays known."""
        self._base.executemany(_FORGET, gone)

    def rows(self) -> Iterator[Row]:
        """Give all files that can be read."""
        query = f"SELECT {SELECTED} FROM {_JOINED} WHERE text IS NOT NULL"
        return map(read_row, self._base.execute(query, (self._site,)))

    def rows_of(self, spots: Iterable[Spot]) -> Iterator[Row]:
        """Give files by folder and last part of the name, those that are gone as well."""
        query = f"SELECT {SELECTED} FROM {_JOINED} WHERE file.folder = ? AND file.name = ?"
        for spot in spots:
            yield from map(read_row, self._base.execute(query, (self._site, *spot)))

    def rows_by_number(self, files: Collection[int]) -> Iterator[Row]:
        """Give files by their numbers."""
        for marks, some in in_chunks(files):
            query = f"SELECT {SELECTED} FROM {_JOINED} WHERE file.id IN ({marks})"
            yield from map(read_row, self._base.execute(query, (self._site, *some)))

    def rows_with(self, column: str, values: Collection[object]) -> Iterator[Row]:
        """Give the files that have one of the *values* as their `own` id, their `address` or their `text`."""
        for marks, some in in_chunks(values):
            query = f"SELECT {SELECTED} FROM {_JOINED} WHERE file.{column} IN ({marks})"
            yield from map(read_row, self._base.execute(query, (self._site, *some)))

    def row_named(self, name: str) -> Row | None:
        """Give the file of that name, one that is gone as well."""
        folder, slash, last = name.rpartition("/")
        query = f"SELECT {SELECTED} FROM {_JOINED} WHERE folder.name = ? AND file.name = ?"
        return next(map(read_row, self._base.execute(query, (self._site, folder + slash, last))), None)

    def rows_telling(self, story: int) -> list[Row]:
        """Give the files that tell a story, by name."""
        query = (
            f"SELECT {SELECTED} FROM {_JOINED}"
            " WHERE file.story = ? AND text IS NOT NULL AND draft IS NULL ORDER BY folder.name || file.name"
        )
        return list(map(read_row, self._base.execute(query, (self._site, story))))

    def number_at(self, folder: str, raw: str) -> int | None:
        """Give the number of the file that is here, and that the file system calls *raw*."""
        query = (
            f"SELECT file.id FROM {_JOINED} WHERE folder.name = ? AND {_HERE}"
            " AND coalesce(file.raw, CAST(file.name AS BLOB)) = ?"
        )
        found = self._base.execute(query, (self._site, folder, os.fsencode(raw))).fetchone()
        return found and int(found[0])

    def with_inode(self, inode: int) -> list[int]:
        """Give the numbers of the files that may have this inode: those that have it, and those too young to say."""
        query = f"SELECT file.id FROM {_JOINED} WHERE inode IN (?, -1) AND {_HERE} ORDER BY inode = -1"
        return [file for (file,) in self._base.execute(query, (self._site, inode))]

    def all_names(self) -> list[str]:
        """Give the names of all files that are here."""
        query = f"SELECT folder.name || file.name FROM {_JOINED} WHERE {_HERE} ORDER BY 1"
        return [name for (name,) in self._base.execute(query, (self._site,))]

    def rows_near(self, values: Collection[object]) -> Iterator[Row]:
        """Give the files that have one of these sentences among those by which near ones are found."""
        for marks, some in in_chunks(values):
            query = f"SELECT {SELECTED} FROM {_JOINED} JOIN near ON near.file = file.id WHERE value IN ({marks})"
            yield from map(read_row, self._base.execute(query, (self._site, *some)))

    def note_near(self, file: int, seen: Sighting) -> None:
        """Store the sentences of a file by which near ones are found."""
        self._base.execute("DELETE FROM near WHERE file = ?", (file,))
        self._base.executemany("INSERT INTO near VALUES (?, ?)", ((value, file) for value in near_signs(seen)))

    def tell(self, stories: Iterable[tuple[int, int]]) -> None:
        """Note which story each file tells: pairs of a place and a file."""
        self._base.executemany("UPDATE file SET story = ? WHERE id = ?", stories)

    def places(self, files: Collection[int]) -> dict[int, Place]:
        """Give where files are, by their numbers."""
        return {
            file: Place(folder, name, name if raw is None else os.fsdecode(raw), bytes_)
            for marks, some in in_chunks(files)
            for file, folder, name, raw, bytes_ in self._base.execute(
                f"SELECT file.id, folder.name, file.name, file.raw, file.bytes FROM {_JOINED}"
                f" WHERE file.id IN ({marks})",
                (self._site, *some),
            )
        }

    def rejected(self) -> list[Rejected]:
        """Give the files in quarantine, by name."""
        query = f"SELECT folder.name || file.name, reason FROM {_JOINED} WHERE reason IS NOT NULL ORDER BY 1"
        return [Rejected(name=name, reason=reason) for name, reason in self._base.execute(query, (self._site,))]

    def notes(self) -> list[str]:
        """Give what was mended while reading, each note with its file's name."""
        query = f"SELECT folder.name || file.name, notes FROM {_JOINED} WHERE notes IS NOT NULL ORDER BY 1"
        return [
            f"{name}: {note}" for name, notes in self._base.execute(query, (self._site,)) for note in json.loads(notes)
        ]

    def count(self) -> tuple[int, int]:
        """Count the files, and the drafts among them."""
        (all_,) = self._base.execute("SELECT total(count) FROM folder WHERE site = ?", (self._site,)).fetchone()
        (drafts,) = self._base.execute(f"SELECT count(*) FROM {_JOINED} WHERE draft", (self._site,)).fetchone()
        return int(all_), drafts


_ADD = f"INSERT INTO file (id, story, folder, name, raw, size, mtime, inode, {COLUMNS}) VALUES ({', '.join('?' * 23)})"
_SET = ", ".join(f"{name} = excluded.{name}" for name in f"raw, size, mtime, inode, {COLUMNS}".split(", "))
_PUT_READ = (
    f"INSERT INTO file (folder, name, raw, size, mtime, inode, {COLUMNS}) VALUES ({', '.join('?' * 21)})"
    f" ON CONFLICT (folder, name) DO UPDATE SET {_SET}, reason = NULL RETURNING id"
)
_EMPTY = ", ".join(f"{name} = NULL" for name in COLUMNS.split(", "))
_PUT_UNREAD = (
    "INSERT INTO file (folder, name, raw, size, mtime, inode, reason) VALUES (?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (folder, name) DO UPDATE SET raw = excluded.raw, size = excluded.size, mtime = excluded.mtime,"
    f" inode = excluded.inode, reason = excluded.reason, {_EMPTY}"
)
#: What the system refuses now it may give later: what is known of it stays.
_PUT_PASSING = (
    "INSERT INTO file (folder, name, raw, size, mtime, inode, reason) VALUES (?, ?, ?, -1, -1, -1, ?)"
    " ON CONFLICT (folder, name) DO UPDATE SET raw = excluded.raw, size = -1, reason = excluded.reason"
)
_FORGET = f"UPDATE file SET size = -1, reason = NULL, {_EMPTY} WHERE folder = ? AND name = ?"


def _raw(path: str, name: str) -> bytes | None:
    return None if path.endswith(f"/{name}") else os.fsencode(os.path.basename(path))

"""Reading all identities out of a ledger, and putting others in."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from feedpub.ledger.exchange import Numbered, Problem
from feedpub.ledger.lines import FeedLine, FileLine, HeardLine, Line, StoryLine, ToldLine
from feedpub.ledger.memories import read_key, write_key
from feedpub.ledger.schema import UNREAD, make_indexes


def read_identities(base: sqlite3.Connection) -> Iterator[Line]:
    """Give all that the next ledger has to know: feeds, stories by age, files, and what subscribers were told."""
    for reader in READERS:
        yield from reader(base)


def _read_feeds(base: sqlite3.Connection) -> Iterator[Line]:
    for key, slug, id_ in base.execute("SELECT key, slug, id FROM channel ORDER BY key"):
        yield FeedLine(read_key(key), slug, id_)


def _read_stories(base: sqlite3.Connection) -> Iterator[Line]:
    for *rest, settled, early in base.execute(f"SELECT {_STORY} FROM memory ORDER BY place"):
        yield StoryLine._make((*rest, bool(settled), bool(early)))


def _read_files(base: sqlite3.Connection) -> Iterator[Line]:
    for sources, *rest in base.execute(_SELECT_FILES):
        yield FileLine(_read_sources(sources), *rest)


def _read_told(base: sqlite3.Connection) -> Iterator[Line]:
    for sources, *rest in base.execute(_SELECT_TOLD):
        yield ToldLine(_read_sources(sources), *rest)


def _read_heard(base: sqlite3.Connection) -> Iterator[Line]:
    ids = dict(base.execute("SELECT place, id FROM memory").fetchall())
    for sources, out, key, told in base.execute(_SELECT_HEARD):
        known = {ids[place]: updated for place, updated in json.loads(told)}
        yield HeardLine(_read_sources(sources), out, read_key(key), known)


#: One for each kind of line, in their order.
READERS = (_read_feeds, _read_stories, _read_files, _read_told, _read_heard)

_STORY = ", ".join(StoryLine._fields)
_HERE = "(file.text IS NOT NULL OR file.reason IS NOT NULL)"
_SELECT_FILES = (
    "SELECT sources, out, folder.name || file.name AS whole, memory.id,"
    f" CASE WHEN {_HERE} THEN coalesce(file.bytes, '') END"
    " FROM file JOIN folder ON folder.id = file.folder JOIN site ON site.id = folder.site"
    f" LEFT JOIN memory ON memory.place = file.story WHERE memory.id IS NOT NULL OR {_HERE} ORDER BY 1, 2, 3"
)
_SELECT_TOLD = (
    "SELECT sources, out, memory.id, told FROM story JOIN memory USING (place) JOIN site ON site.id = story.site"
    " WHERE told IS NOT NULL ORDER BY 1, 2, place"
)
_SELECT_HEARD = (
    "SELECT sources, out, key, told FROM feed JOIN site ON site.id = feed.site WHERE told IS NOT NULL ORDER BY 1, 2, 3"
)


def _read_sources(sources: str) -> tuple[str, ...]:
    return tuple(sources.split("\n"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What became of the stories that were brought."""

    added: int
    replaced: int
    kept: int  #: Of those that were here, as they were.


def find_conflicts(base: sqlite3.Connection, lines: Sequence[Numbered]) -> Iterator[Problem]:
    """Find what does not go together with what is in the ledger already."""
    ids = {id_ for (id_,) in base.execute("SELECT id FROM memory")}
    ids |= {line.id for _, line in lines if isinstance(line, StoryLine)}
    feeds = {read_key(key): (slug, id_) for key, slug, id_ in base.execute("SELECT key, slug, id FROM channel")}
    feeds |= {line.key: (line.slug, line.id) for _, line in lines if isinstance(line, FeedLine)}
    spots = Counter((key[:-1], slug) for key, (slug, _) in feeds.items())
    names = Counter(id_ for _, id_ in feeds.values())
    for number, line in lines:
        for id_ in _stories_of(line):
            if id_ not in ids:
                yield Problem(number, f"names a story that is neither in the file nor in the ledger: {id_}")
        if isinstance(line, FeedLine):
            if line.key[:-1] not in feeds and len(line.key) > 2:
                yield Problem(number, f"the feed above it is neither in the file nor in the ledger: {line.key[:-1]}")
            if spots[line.key[:-1], line.slug] > 1:
                yield Problem(number, f"another feed beside it has the same slug: {line.slug}")
            if names[line.id] > 1:
                yield Problem(number, f"another feed has the same id: {line.id}")
        if isinstance(line, HeardLine) and line.feed not in feeds:
            yield Problem(number, f"names a feed that is neither in the file nor in the ledger: {list(line.feed)}")


def _stories_of(line: Line) -> Iterable[str]:
    match line:
        case FileLine(story=str(id_)) | ToldLine(story=id_):
            return (id_,)
        case HeardLine():
            return line.stories
        case _:
            return ()


def write_identities(base: sqlite3.Connection, lines: Iterable[Line]) -> Merged:
    """Put identities into a ledger: what has the same name is replaced, and all else stays.

    What was worked out before is not believed any more. Nothing is committed.
    """
    writer = _Writer(base)
    # Sorting leaves them in the order of their age.
    for line in sorted(lines, key=lambda line: not isinstance(line, StoryLine)):
        writer.write(line)
    for table, columns in _CACHES.items():
        base.execute(f"UPDATE {table} SET {columns}")
    make_indexes(base)
    added, replaced = writer.added, writer.replaced
    return Merged(added=added, replaced=replaced, kept=len(writer.places) - added - replaced)


#: What has to be worked out anew.
_CACHES = {
    "site": "stale = 1, reading = NULL, shaping = NULL, pages = NULL, glance = NULL",
    "folder": "signature = NULL",
    "feed": "made = NULL",
}


class _Writer:
    """Writes line after line, stories before what names them."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base
        self.places: dict[str, int] = dict(base.execute("SELECT id, place FROM memory").fetchall())
        self._last = max(self.places.values(), default=0)
        self._sites: dict[tuple[tuple[str, ...], str], int] = {}
        self._folders: dict[tuple[int, str], int] = {}
        self.added = 0
        self.replaced = 0

    def write(self, line: Line) -> None:
        """Store what one line says, over what is there of the same id, name or feed."""
        match line:
            case FeedLine():
                row = (write_key(line.key), line.slug, line.id)
                self._base.execute("INSERT OR REPLACE INTO channel VALUES (?, ?, ?)", row)
            case StoryLine():
                self._write_story(line)
            case FileLine():
                self._write_file(line)
            case ToldLine():
                site = self._find_site(line.sources, line.out)
                self._base.execute(_PUT_TOLD, (site, self.places[line.story], line.updated))
            case HeardLine():
                site = self._find_site(line.sources, line.out)
                told = [(self.places[id_], updated) for id_, updated in line.stories.items()]
                self._base.execute(_PUT_HEARD, (site, write_key(line.feed), json.dumps(told)))

    def _write_story(self, line: StoryLine) -> None:
        if line.id in self.places:
            self.replaced += 1
            self._base.execute(_UPDATE_STORY, (*line, self.places[line.id]))
            return
        self.added += 1
        self._last += 1
        self.places[line.id] = self._last
        self._base.execute(_ADD_STORY, (*line, self._last))

    def _write_file(self, line: FileLine) -> None:
        head, slash, name = line.name.rpartition("/")
        folder = self._find_folder(self._find_site(line.sources, line.out), head + slash)
        place = None if line.story is None else self.places[line.story]
        reason = None if line.bytes is None else UNREAD
        self._base.execute(_PUT_FILE, (folder, name, place, line.bytes, reason))

    def _find_site(self, sources: tuple[str, ...], out: str) -> int:
        if (sources, out) not in self._sites:
            row = ("\n".join(sources), out)
            self._base.execute("INSERT OR IGNORE INTO site (sources, out) VALUES (?, ?)", row)
            query = "SELECT id FROM site WHERE sources = ? AND out = ?"
            (self._sites[sources, out],) = self._base.execute(query, row).fetchone()
        return self._sites[sources, out]

    def _find_folder(self, site: int, name: str) -> int:
        if (site, name) not in self._folders:
            self._base.execute("INSERT OR IGNORE INTO folder (site, name) VALUES (?, ?)", (site, name))
            query = "SELECT id FROM folder WHERE site = ? AND name = ?"
            (self._folders[site, name],) = self._base.execute(query, (site, name)).fetchone()
        return self._folders[site, name]


_ADD_STORY = f"INSERT INTO memory ({_STORY}, place) VALUES ({', '.join('?' * 12)})"
_UPDATE_STORY = f"UPDATE memory SET {' = ?, '.join(StoryLine._fields)} = ? WHERE place = ?"
_PUT_TOLD = (
    "INSERT INTO story (site, place, told) VALUES (?, ?, ?)"
    " ON CONFLICT (site, place) DO UPDATE SET told = excluded.told"
)
_PUT_HEARD = (
    "INSERT INTO feed (site, key, shown, told) VALUES (?, ?, '[]', ?)"
    " ON CONFLICT (site, key) DO UPDATE SET told = excluded.told"
)
#: What is known of a file that is here already was read in it.
_PUT_FILE = (
    "INSERT INTO file (folder, name, story, bytes, reason) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (folder, name) DO UPDATE SET story = excluded.story"
)

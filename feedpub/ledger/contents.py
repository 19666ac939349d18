"""What a ledger holds, counted and searched."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from feedpub.ledger.rows import in_chunks, moment_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteContents:
    """What is kept for one set of sources and one output folder."""

    sources: tuple[str, ...]  #: Counted from the ledger, as *out*.
    out: str
    files: int
    stories: int  #: That some file tells.
    told: int  #: That subscribers know.
    entries: int  #: That are kept rendered.
    feeds: int
    documents: int
    last_run: datetime | None  #: By that run's clock.


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a ledger holds."""

    stories: int  #: That were ever seen.
    names: int  #: Of files, whose stories are remembered.
    feeds: int  #: That ever were.
    sites: tuple[SiteContents, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """A story as the ledger knows it."""

    id: str
    link: str | None
    published: datetime
    updated: datetime
    files: tuple[str, ...]  #: Those that told it last, also where they are gone.
    title: str | None  #: As a file has it now.

    def as_json(self) -> dict[str, object]:
        """Give the object that `--json` prints."""
        return {
            "id": self.id,
            "link": self.link,
            "title": self.title,
            "published": self.published.isoformat().replace("+00:00", "Z"),
            "updated": self.updated.isoformat().replace("+00:00", "Z"),
            "files": list(self.files),
        }


def count_contents(base: sqlite3.Connection) -> Contents:
    """Count all that a ledger holds."""
    return Contents(
        stories=_count(base, "memory"),
        names=_count(base, "file WHERE story IS NOT NULL"),
        feeds=_count(base, "channel"),
        sites=tuple(_count_sites(base)),
    )


def _count_sites(base: sqlite3.Connection) -> Iterator[SiteContents]:
    for site, sources, out, clock in base.execute("SELECT id, sources, out, clock FROM site ORDER BY 2, 3").fetchall():
        here = f"site = {site:d}"
        yield SiteContents(
            sources=tuple(sources.split("\n")),
            out=out,
            files=_count(
                base, f"file JOIN folder ON folder.id = folder WHERE {here} AND (text NOT NULL OR reason NOT NULL)"
            ),
            stories=_count(base, f"story WHERE {here} AND file IS NOT NULL"),
            told=_count(base, f"story WHERE {here} AND told IS NOT NULL"),
            entries=_count(base, f"entry WHERE {here} AND reason IS NULL"),
            feeds=_count(base, f"feed WHERE {here}"),
            documents=_count(base, f"document WHERE {here}"),
            last_run=None if clock is None else moment_of(clock),
        )


def _count(base: sqlite3.Connection, what: str) -> int:
    (number,) = base.execute(f"SELECT count(*) FROM {what}").fetchone()
    return int(number)


def find_stories(base: sqlite3.Connection, word: str) -> list[Remembered]:
    """Give the stories whose id, link, file's name or title has a word in it, capitals or not, the newest first."""
    stories = {place: rest for place, *rest in base.execute(_FIND, {"word": word})}
    told: dict[int, list[tuple[str, str | None, str | None]]] = {place: [] for place in stories}
    for marks, places in in_chunks(stories):
        for place, *rest in base.execute(_TELL.format(marks), places):
            told[place].append((rest[0], rest[1], rest[2]))
    return [
        Remembered(
            id=id_,
            link=next((address for _, _, address in told[place] if address), link),
            published=moment_of(published),
            updated=moment_of(updated),
            files=tuple(dict.fromkeys(name for name, _, _ in told[place])),
            title=next((title for _, title, _ in told[place] if title), None),
        )
        for place, (id_, link, published, updated) in stories.items()
    ]


_FIND = """
WITH found AS (
    SELECT place FROM memory WHERE instr(
        lower(id || '\n' || coalesce(own, '') || '\n' || coalesce(link, '')), lower(:word)
    )
    UNION
    SELECT story FROM file JOIN folder ON folder.id = folder WHERE instr(
        lower(folder.name || file.name || '\n' || coalesce(title, '') || '\n' || coalesce(link, '')), lower(:word)
    )
)
SELECT place, id, link, published, updated FROM memory JOIN found USING (place) ORDER BY published DESC, id
"""
_TELL = (
    "SELECT story, folder.name || file.name, title, link FROM file JOIN folder ON folder.id = folder"
    " WHERE story IN ({}) ORDER BY 2"
)

"""Which stories a site has now, and what its subscribers know of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from feedpub.ledger.rows import in_chunks


class Shown(NamedTuple):
    """A story of a site, as the choice of feeds sees it."""

    place: int
    id: str
    file: int  #: Whose words are shown.
    published: int  #: In seconds since 1970, as `updated`.
    updated: int
    early: bool
    labels: str | None  #: See `read_labels`.


class Told(NamedTuple):
    """A story of which subscribers have heard, or will."""

    place: int
    id: str
    public: bool
    updated: int
    told: int | None  #: `updated` as they were told last.


class Stories:
    """The stories of one site."""

    def __init__(self, base: sqlite3.Connection, site: int) -> None:
        self._base = base
        self._site = site

    def of(self, places: Collection[int]) -> dict[int, Shown]:
        """Give a site's stories by their places, as far as some file tells them."""
        return {
            row[0]: Shown(*row)
            for marks, some in in_chunks(places)
            for row in self._base.execute(
                f"{_SELECT_SHOWN} WHERE site = ? AND file IS NOT NULL AND place IN ({marks})", (self._site, *some)
            )
        }

    def all_places(self) -> set[int]:
        """Give the places of all stories that some file tells."""
        rows = self._base.execute("SELECT place FROM story WHERE site = ? AND file IS NOT NULL", (self._site,))
        return {place for (place,) in rows}

    def put(self, stories: Iterable[Shown]) -> None:
        """Store stories."""
        self._base.executemany(
            _PUT_STORY,
            (
                (self._site, story.place, story.file, story.published, story.updated, story.early, story.labels)
                for story in stories
            ),
        )

    def begin(self) -> None:
        """Store the first stories: what is remembered has the number of the file that tells it for its place."""
        self._base.execute(
            "INSERT INTO story (site, place, file, published, updated, early, labels)"
            " SELECT ?, place, file.id, memory.published, memory.updated, early, labels"
            " FROM memory JOIN file ON file.id = place",
            (self._site,),
        )

    def lose(self, places: Iterable[int]) -> None:
        """Note that no file tells these stories any more."""
        self._base.executemany(
            "UPDATE story SET file = NULL WHERE site = ? AND place = ?", ((self._site, place) for place in places)
        )

    def newest(self, *, until: int | None, early: bool) -> Iterator[Shown]:
        """Give the stories that are public, the newest first; those with the same date by their ids.

        *until* is the clock, where later dates are not public; without *early*, what was seen before its date is left
        out.
        """
        rows = self._base.execute(
            f"{_SELECT_SHOWN} WHERE site = ? AND file IS NOT NULL AND {_public(until, early)}"
            " ORDER BY story.published DESC",
            (self._site,),
        )
        for _, same in groupby(map(Shown._make, rows), key=lambda story: story.published):
            yield from sorted(same, key=lambda story: story.id)

    def labels(self) -> set[str | None]:
        """Give the labels of all stories."""
        rows = self._base.execute(
            "SELECT DISTINCT labels FROM story WHERE site = ? AND file IS NOT NULL", (self._site,)
        )
        return {labels for (labels,) in rows}

    def between(self, first: int, last: int) -> set[str | None]:
        """Give the labels of the stories that are dated after the *first* second, up to the *last*."""
        if first == last:
            return set()
        rows = self._base.execute(
            "SELECT DISTINCT labels FROM story"
            " WHERE site = ? AND published > ? AND published <= ? AND file IS NOT NULL",
            (self._site, first, last),
        )
        return {labels for (labels,) in rows}

    def next_due(self, now: int) -> int | None:
        """Give when the next story's time comes."""
        (due,) = self._base.execute(
            "SELECT min(published) FROM story WHERE site = ? AND published > ? AND file IS NOT NULL", (self._site, now)
        ).fetchone()
        return None if due is None else int(due)

    def count_held(self, now: int) -> int:
        """Count the stories whose time has not come."""
        (count,) = self._base.execute(
            "SELECT count(*) FROM story WHERE site = ? AND published > ? AND file IS NOT NULL", (self._site, now)
        ).fetchone()
        return int(count)

    def untold(self, shown: Collection[int], *, until: int | None, early: bool) -> list[Told]:
        """Give the stories of which subscribers do not know yet what is the case now.

        Of those that are public, only the ones at the *shown* places.
        """
        select = (
            f"SELECT place, memory.id, file IS NOT NULL AND {_public(until, early)} AS public, story.updated, told"
            " FROM story JOIN memory USING (place) WHERE site = ?"
        )
        rows = self._base.execute(f"{select} AND told IS NOT NULL AND NOT public", (self._site,)).fetchall()
        for marks, some in in_chunks(shown):
            # The plus keeps SQLite from looking through all that are public for these.
            query = f"{select} AND +public AND told IS NOT story.updated AND place IN ({marks})"
            rows += self._base.execute(query, (self._site, *some))
        return sorted(
            (Told(place, id_, bool(public), updated, told) for place, id_, public, updated, told in rows),
            key=attrgetter("id"),
        )

    def told_of(self, places: Collection[int]) -> dict[int, int]:
        """Give the dates of updates of which subscribers know, by place."""
        query = "SELECT place, told FROM story WHERE site = ? AND told IS NOT NULL AND place IN ({})"
        return {
            place: told
            for marks, some in in_chunks(places)
            for place, told in self._base.execute(query.format(marks), (self._site, *some))
        }

    def count_told(self) -> int:
        """Count the stories that subscribers know."""
        (count,) = self._base.execute(
            "SELECT count(*) FROM story WHERE site = ? AND told IS NOT NULL", (self._site,)
        ).fetchone()
        return int(count)

    def count_lost(self, *, until: int | None, early: bool) -> int:
        """Count the stories that subscribers know, and that are public no more."""
        (count,) = self._base.execute(
            "SELECT count(*) FROM story WHERE site = ? AND told IS NOT NULL"
            f" AND NOT (file IS NOT NULL AND {_public(until, early)})",
            (self._site,),
        ).fetchone()
        return int(count)

    def tell(self, *, until: int | None, early: bool) -> None:
        """Note that subscribers know what is the case now."""
        now = f"CASE WHEN file IS NOT NULL AND {_public(until, early)} THEN updated END"
        self._base.execute(f"UPDATE story SET told = {now} WHERE site = ? AND told IS NOT {now}", (self._site,))
        self._base.execute("DELETE FROM story WHERE site = ? AND file IS NULL AND told IS NULL", (self._site,))


_SELECT_SHOWN = (
    "SELECT story.place, memory.id, file, story.published, story.updated, story.early, labels"
    " FROM story JOIN memory USING (place)"
)
_PUT_STORY = (
    "INSERT INTO story (site, place, file, published, updated, early, labels) VALUES (?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (site, place) DO UPDATE SET file = excluded.file, published = excluded.published,"
    " updated = excluded.updated, early = excluded.early, labels = excluded.labels"
)


def _public(until: int | None, early: bool) -> str:
    date = "1" if until is None else f"story.published <= {until:d}"
    return f"({date} AND {'1' if early else 'NOT story.early'})"

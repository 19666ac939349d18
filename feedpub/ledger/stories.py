"""What is remembered of stories for ever, and which of them a site has now."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from feedpub.dating import Dates
from feedpub.feeds import Key, Slot
from feedpub.identity import Memory
from feedpub.ledger.rows import in_chunks, moment_of, seconds_of

#: The parts of a feed's key are joined by this; no name can hold it, since XML forbids it.
_JOIN = "\x1f"

_MEMORY = "place, id, own, link, text, visible, clean, published, updated, said, settled, early"
_MEMORY_COLUMNS = _MEMORY.partition(", ")[2]
_UPDATE_MEMORY = (
    f"UPDATE memory SET ({_MEMORY_COLUMNS}) = ({', '.join('?' * 11)}) WHERE place = ?"
    f" AND ({_MEMORY_COLUMNS}) IS NOT ({', '.join('?' * 11)})"
)
_ADD_MEMORY = f"INSERT INTO memory ({_MEMORY}) VALUES ({', '.join('?' * 12)})"


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


class Ids:
    """All ids that were ever given, as a container."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    def __contains__(self, id_: object) -> bool:
        return self._base.execute("SELECT 1 FROM memory WHERE id = ?", (id_,)).fetchone() is not None


class Stories:
    """The stories of one site, and the memories of all."""

    def __init__(self, base: sqlite3.Connection, site: int) -> None:
        self._base = base
        self._site = site
        self.have_changed = False  #: Whether anything else is remembered than when the ledger was opened.

    @property
    def ids(self) -> Ids:
        """All ids that were ever given."""
        return Ids(self._base)

    def memories(self) -> list[Memory]:
        """Give all that is remembered, oldest first."""
        return [_memory(row) for row in self._base.execute(f"SELECT {_MEMORY} FROM memory ORDER BY place")]

    def memories_with(self, signs: Mapping[str, Collection[object]]) -> list[Memory]:
        """Give what is remembered of stories with a sign (`place`, `id`, `own`, `link` or `text`), oldest first."""
        found = {
            row[0]: row
            for column, values in signs.items()
            for marks, some in in_chunks(values)
            for row in self._base.execute(f"SELECT {_MEMORY} FROM memory WHERE {column} IN ({marks})", some)
        }
        return [_memory(found[place]) for place in sorted(found)]

    def keep_past(self) -> None:
        """Keep what is remembered now, for `past_of`, until the ledger is closed."""
        self._base.execute("CREATE TEMP TABLE past AS SELECT * FROM memory")

    def past_of(self, place: int) -> Memory | None:
        """Give what was remembered of a story when `keep_past` was called."""
        rows = self._base.execute(f"SELECT {_MEMORY} FROM past WHERE place = ?", (place,))
        return next(map(_memory, rows), None)

    def begin(self, stories: Iterable[tuple[int, tuple[Any, ...], tuple[Any, ...]]]) -> None:
        """Store the first stories, each after the number of the file that tells it, which becomes its place.

        Given are what `columns_of_memory` gives, and the fields of `Shown` from `published` on.
        """
        self.have_changed = True
        some = list(stories)
        self._base.executemany(_ADD_MEMORY, ((place, *memory) for place, memory, _ in some))
        self._base.executemany(_PUT_STORY, ((self._site, place, place, *shown) for place, _, shown in some))

    def take_back(self, places: Collection[int]) -> None:
        """Forget stories that were begun and are none."""
        for table in ("memory", "story"):
            self._base.executemany(f"DELETE FROM {table} WHERE place = ?", ((place,) for place in places))

    def remember(self, memories: Sequence[Memory]) -> list[int]:
        """Store what is known of stories now, and give their places: new ones for those without."""
        before = self._base.total_changes
        (last,) = self._base.execute("SELECT coalesce(max(place), 0) FROM memory").fetchone()
        new = [memory for memory in memories if not memory.place]
        self._base.executemany(
            _ADD_MEMORY,
            ((place, *columns_of_memory(memory)) for place, memory in enumerate(new, last + 1)),
        )
        known = ((columns_of_memory(memory), memory.place) for memory in memories if memory.place)
        # What other sites of the ledger need to hear of is only what is another thing now.
        self._base.executemany(_UPDATE_MEMORY, ((*columns, place, *columns) for columns, place in known))
        self.have_changed = self.have_changed or self._base.total_changes > before
        places = iter(range(last + 1, last + 1 + len(new)))
        return [memory.place or next(places) for memory in memories]

    def set_clean(self, place: int, clean: str | None) -> None:
        """Note how a story looks once it is clean."""
        self._base.execute("UPDATE memory SET clean = ? WHERE place = ?", (clean, place))

    def slots(self) -> dict[Key, Slot]:
        """Give the places and ids of all feeds that there ever were."""
        rows = self._base.execute("SELECT key, slug, id FROM channel")
        return {read_key(key): Slot(slug=slug, id=id_) for key, slug, id_ in rows}

    def give_slots(self, slots: Mapping[Key, Slot]) -> None:
        """Store places and ids of feeds."""
        self._base.executemany(
            "INSERT OR REPLACE INTO channel VALUES (?, ?, ?)",
            [(write_key(key), slot.slug, slot.id) for key, slot in slots.items()],
        )

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
            query = f"{select} AND public AND told IS NOT story.updated AND place IN ({marks})"
            rows += self._base.execute(query, (self._site, *some))
        return sorted(
            (Told(place, id_, bool(public), updated, told) for place, id_, public, updated, told in rows),
            key=attrgetter("id"),
        )

    def ids_at(self, places: Collection[int]) -> dict[int, str]:
        """Give the ids of stories."""
        return {
            place: id_
            for marks, some in in_chunks(places)
            for place, id_ in self._base.execute(f"SELECT place, id FROM memory WHERE place IN ({marks})", some)
        }

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


def write_key(key: Key) -> str:
    """Write a feed's key as one string."""
    return _JOIN.join(key)


def read_key(text: str) -> Key:
    """Read what `write_key` wrote."""
    return tuple(text.split(_JOIN))


def _memory(row: tuple[Any, ...]) -> Memory:
    place, id_, own, link, text, visible, clean, published, updated, said, settled, early = row
    return Memory(
        place=place,
        id=id_,
        own=own or "",
        link=link or "",
        text=text,
        dates=Dates(
            visible=visible,
            clean=clean,
            published=moment_of(published),
            updated=moment_of(updated),
            said=moment_of(said),
            settled=bool(settled),
            early=bool(early),
        ),
    )


def columns_of_memory(memory: Memory) -> tuple[Any, ...]:
    """Give what is remembered of a story as it is kept, without its place: nothing but numbers and text."""
    dates = memory.dates
    return (
        *(memory.id, memory.own or None, memory.link or None, memory.text, dates.visible, dates.clean),
        *(seconds_of(dates.published), seconds_of(dates.updated), seconds_of(dates.said)),
        *(dates.settled, dates.early),
    )

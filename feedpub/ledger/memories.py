"""What is remembered for ever, of stories and of feeds, whatever site they are of."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

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


class Ids:
    """All ids that were ever given, as a container."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    def __contains__(self, id_: object) -> bool:
        return self._base.execute("SELECT 1 FROM memory WHERE id = ?", (id_,)).fetchone() is not None


class Memories:
    """The memories of a ledger."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base
        self.have_changed = False  #: Whether anything else is remembered of stories than when the ledger was opened.
        self.have_new_slots = False  #: Whether feeds were given places or ids since then.

    @property
    def ids(self) -> Ids:
        """All ids that were ever given."""
        return Ids(self._base)

    def all(self) -> list[Memory]:
        """Give all that is remembered, oldest first."""
        return [_memory(row) for row in self._base.execute(f"SELECT {_MEMORY} FROM memory ORDER BY place")]

    def having(self, signs: Mapping[str, Collection[object]]) -> list[Memory]:
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

    def begin(self, stories: Iterable[tuple[Any, ...]]) -> None:
        """Store what is known of the first stories: of each its place, and then what `columns_of_memory` gives."""
        self.have_changed = True
        self._base.executemany(_ADD_MEMORY, stories)

    def alike(self) -> set[int]:
        """Give the places of all stories that were begun and have a sign in common with another one."""
        # Articles that give the same id have stories of the same id, so `own` need not be compared.
        return {
            place
            for sign in ("id", "link", "text")
            for (place,) in self._base.execute(
                f"SELECT place FROM memory WHERE {sign} IN (SELECT {sign} FROM memory"
                f" WHERE {sign} IS NOT NULL GROUP BY {sign} HAVING count(*) > 1)"
            )
        }

    def take_back(self, places: Iterable[int]) -> None:
        """Forget stories that were begun and are none."""
        self._base.executemany("DELETE FROM memory WHERE place = ?", ((place,) for place in places))

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
        self.have_new_slots = self.have_new_slots or bool(slots)
        self._base.executemany(
            "INSERT OR REPLACE INTO channel VALUES (?, ?, ?)",
            [(write_key(key), slot.slug, slot.id) for key, slot in slots.items()],
        )

    def ids_at(self, places: Collection[int]) -> dict[int, str]:
        """Give the ids of stories."""
        return {
            place: id_
            for marks, some in in_chunks(places)
            for place, id_ in self._base.execute(f"SELECT place, id FROM memory WHERE place IN ({marks})", some)
        }


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

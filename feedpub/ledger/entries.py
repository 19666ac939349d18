"""Entries as they were rendered last, and what each feed shows of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from feedpub.feeds import Key
from feedpub.ledger.memories import read_key, write_key
from feedpub.ledger.rows import in_chunks, moment_of, seconds_of
from feedpub.model import Rejected
from feedpub.writers import Fragment


class Kept(NamedTuple):
    """An entry that was made before."""

    recipe: str  #: Digest of all that it was made from.
    reason: str | None  #: Why there is none.


class FeedState(NamedTuple):
    """A feed as it was when it was looked at last."""

    shown: tuple[int, ...]  #: The places of its stories, newest first.
    made: str | None  #: Digest of all that its documents were made from.
    told: dict[int, int] | None  #: By place the dates that its subscribers know; `None` for a feed they do not know.


class Entries:
    """The entries and feeds of one site."""

    def __init__(self, base: sqlite3.Connection, site: int) -> None:
        self._base = base
        self._site = site

    def kept(self, places: Collection[int]) -> dict[int, Kept]:
        """Give what is kept of the entries at these places."""
        return {
            place: Kept(recipe, reason)
            for marks, some in in_chunks(places)
            for place, recipe, reason in self._base.execute(
                f"SELECT place, recipe, reason FROM entry WHERE site = ? AND place IN ({marks})",
                (self._site, *some),
            )
        }

    def keep(self, place: int, recipe: str, entry: Fragment) -> None:
        """Keep an entry and the digest of what it was made from."""
        self._replace(place, recipe, seconds_of(entry.updated), None, entry.texts)

    def refuse(self, place: int, recipe: str, reason: str) -> None:
        """Note why an entry could not be made."""
        self._replace(place, recipe, None, reason, {})

    def _replace(
        self, place: int, recipe: str, updated: int | None, reason: str | None, texts: Mapping[str, bytes]
    ) -> None:
        row = (self._site, place, recipe, updated, reason)
        self._base.execute("INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?)", row)
        self._base.execute("DELETE FROM fragment WHERE site = ? AND place = ?", row[:2])
        self._base.executemany(
            "INSERT INTO fragment VALUES (?, ?, ?, ?)", [(*row[:2], name, text) for name, text in texts.items()]
        )

    def fragments(self, places: Sequence[int]) -> dict[int, Fragment]:
        """Give the entries at these places, in their order, those left out of which there are none."""
        found: dict[int, Fragment] = {}
        for marks, some in in_chunks(places):
            heads = self._base.execute(
                "SELECT entry.place, memory.id, entry.updated FROM entry JOIN memory USING (place)"
                f" WHERE site = ? AND reason IS NULL AND place IN ({marks})",
                (self._site, *some),
            ).fetchall()
            texts: dict[int, dict[str, bytes]] = {place: {} for place, _, _ in heads}
            for place, name, text in self._base.execute(
                f"SELECT place, format, text FROM fragment WHERE site = ? AND place IN ({marks})",
                (self._site, *some),
            ):
                texts[place][name] = text
            for place, id_, updated in heads:
                found[place] = Fragment(id=id_, updated=moment_of(updated), texts=texts[place])
        return {place: found[place] for place in places if place in found}

    def forget_all(self) -> None:
        """Forget all that was rendered, so that it is made again."""
        self._base.execute("UPDATE entry SET recipe = '' WHERE site = ?", (self._site,))
        self._base.execute("UPDATE feed SET made = NULL WHERE site = ?", (self._site,))

    def keep_only_shown(self) -> None:
        """Forget the entries that no feed shows any more, and how their stories looked."""
        rows = self._base.execute("SELECT shown FROM feed WHERE site = ?", (self._site,))
        shown = {place for (places,) in rows for place in json.loads(places)}
        kept = self._base.execute("SELECT place FROM entry WHERE site = ?", (self._site,)).fetchall()
        gone = [(self._site, place) for (place,) in kept if place not in shown]
        self._base.executemany("DELETE FROM entry WHERE site = ? AND place = ?", gone)
        self._base.executemany("DELETE FROM fragment WHERE site = ? AND place = ?", gone)
        # Another site of this ledger may still show them.
        self._base.executemany(
            "UPDATE memory SET clean = NULL WHERE place = ?1 AND NOT EXISTS (SELECT 1 FROM entry WHERE place = ?1)",
            [(place,) for _, place in gone],
        )

    def rejected(self) -> list[Rejected]:
        """Give the articles that cannot be shown, by the names of their files."""
        rows = self._base.execute(
            "SELECT folder.name || file.name, entry.reason FROM entry JOIN story USING (site, place)"
            " JOIN file ON file.id = story.file JOIN folder ON folder.id = file.folder"
            " WHERE entry.site = ? AND entry.reason IS NOT NULL ORDER BY 1",
            (self._site,),
        )
        return [Rejected(name=name, reason=reason) for name, reason in rows]

    def feeds(self) -> dict[Key, FeedState]:
        """Give all feeds."""
        rows = self._base.execute("SELECT key, shown, made, told FROM feed WHERE site = ?", (self._site,))
        return {read_key(key): _state(shown, made, told) for key, shown, made, told in rows}

    def show(self, key: Key, shown: Sequence[int], made: str) -> None:
        """Note what a feed shows now, and the digest of what it is made from."""
        self._base.execute(
            "INSERT INTO feed (site, key, shown, made) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (site, key) DO UPDATE SET shown = excluded.shown, made = excluded.made",
            (self._site, write_key(key), json.dumps(shown), made),
        )

    def tell(self, told: Mapping[Key, Mapping[int, int] | None]) -> None:
        """Note what the subscribers of feeds know now; `None` for feeds that are no more."""
        for key, dates in told.items():
            if dates is None:
                self._base.execute("DELETE FROM feed WHERE site = ? AND key = ?", (self._site, write_key(key)))
            else:
                self._base.execute(
                    "UPDATE feed SET told = ? WHERE site = ? AND key = ?",
                    (json.dumps(list(dates.items())), self._site, write_key(key)),
                )


def _state(shown: str, made: str | None, told: str | None) -> FeedState:
    return FeedState(tuple(json.loads(shown)), made, None if told is None else dict(json.loads(told)))

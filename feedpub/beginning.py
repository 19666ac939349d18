"""A ledger's first run, when nobody knows anything: what `telling` does comes down to very little then.

Nearly every file tells a story of its own. What that comes to is worked out by who reads the file, beside all the
others who read; here it is only looked whether two have a sign in common. Those that have go the usual way.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from functools import partial
from typing import Any, NamedTuple

from feedpub.collector import Found, survey
from feedpub.identity import Known, identify, remember_alone
from feedpub.job import Job
from feedpub.ledger.memories import columns_of_memory
from feedpub.ledger.sightings import columns_of
from feedpub.ledger.site import Ledger
from feedpub.model import Rejected, Sighting
from feedpub.news import Change, News
from feedpub.telling import Read, hand_out, refuse, store_stories
from feedpub.workers import Pool, spread


class Alone(NamedTuple):
    """A story as the ledger keeps it, if one file alone tells it."""

    signs: tuple[str | None, ...]  #: By which two files may know each other, and the story's id.
    memory: tuple[Any, ...]  #: See `columns_of_memory`.


class Card(NamedTuple):
    """A file that was read, as the ledger keeps it."""

    columns: tuple[Any, ...]  #: See `columns_of`.
    alone: Alone | None  #: `None` for a draft.


def begin(news: News, ledger: Ledger, job: Job, pool: Pool) -> Read:
    """Read all files, and store what they hold and which stories they tell."""
    function = partial(_read, zone=job.recipe.zone, now=job.now, authority=job.authority)
    advance = job.counter("reading", lambda: news.most)
    waiting: deque[Change] = deque()
    found = hand_out(news.changes(ledger.files), waiting)
    read, signs = Read(), _Signs()
    # Two files may have one id until it is known which of them belong together.
    ledger.drop_indexes()
    for _, seen in spread(function, found, pool=pool, advance=advance):
        pairs = [(waiting.popleft(), one) for one in seen]
        refuse([(change, one) for change, one in pairs if isinstance(one, Rejected)], news, ledger.files)
        cards = [(change, one) for change, one in pairs if isinstance(one, Card)]
        _take_in(cards, ledger, signs)
        read.new += len(cards)
    ledger.files.sign(news.signatures)
    ledger.memories.take_back(signs.together)
    ledger.stories.begin()
    ledger.files.tell_begun()
    # An index that is made of all rows at once takes a fraction of the time.
    ledger.make_indexes()
    _tell_together(signs.together, ledger, job)
    return read


class _Signs:
    """Finds the files that have a sign in common, and keeps no more of each than a number."""

    def __init__(self) -> None:
        self.together: set[int] = set()
        self._first: dict[tuple[int, int], int] = {}

    def note(self, file: int, signs: Iterable[str | None]) -> None:
        for kind, sign in enumerate(signs):
            # Where two hashes are the same by chance, two files more go the usual way, which is right for all.
            if sign and (other := self._first.setdefault((kind, hash(sign)), file)) != file:
                self.together |= {file, other}


def _read(batch: Sequence[Found], *, zone: tzinfo, now: datetime, authority: str) -> list[Card | Rejected]:
    """Read a batch of files, and tell what each comes to if it stands alone."""
    seen = survey(batch, zone=zone, now=now)
    return [_make_card(one, authority, now) if isinstance(one, Sighting) else one for one in seen]  # type: ignore[misc]


def _make_card(seen: Sighting, authority: str, now: datetime) -> Card:
    if seen.draft:
        return Card(columns_of(seen), None)
    memory = remember_alone(seen, authority=authority, now=now)
    signs = (seen.own_id, seen.address, seen.text, memory.id)
    return Card(columns_of(seen), Alone(signs, columns_of_memory(memory)))


def _take_in(cards: Sequence[tuple[Change, Card]], ledger: Ledger, signs: _Signs) -> None:
    """Store files, and of each the story that it tells if it stands alone."""
    numbers = ledger.files.add((change.spot, change.found.path, change.stamp, card.columns) for change, card in cards)
    stories = [(file, card.alone) for file, (_, card) in zip(numbers, cards, strict=True) if card.alone]
    ledger.memories.begin((file, alone.memory) for file, alone in stories)
    for file, alone in stories:
        signs.note(file, alone.signs)


def _tell_together(files: set[int], ledger: Ledger, job: Job) -> None:
    """Work out the stories of these files as any other run does."""
    rows = {row.sighting.name: row for row in ledger.files.rows_by_number(files) if row.sighting}
    told = identify(
        (row.sighting for row in rows.values() if row.sighting),
        known=Known(taken=ledger.memories.ids),
        authority=job.authority,
        now=job.now,
        shows_future=job.shows_future,
    )
    store_stories(told, rows, (), set(), ledger)

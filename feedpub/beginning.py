"""A ledger's first run, when nobody knows anything: what `telling` does comes down to very little then.

Nearly every file tells a story of its own. What that comes to is worked out by who reads the file, beside all the
others who read; here it is only looked whether two have a sign in common. Those that have go the usual way.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import datetime, tzinfo
from functools import partial
from typing import Any, TypeAlias

from feedpub.collector import Found, survey
from feedpub.identity import Known, identify, remember_alone
from feedpub.job import Job
from feedpub.ledger.memories import columns_of_memory
from feedpub.ledger.sightings import columns_of
from feedpub.ledger.site import Ledger
from feedpub.making import load
from feedpub.model import Rejected, Sighting
from feedpub.news import Change, News
from feedpub.reading import Read, hand_out, refuse
from feedpub.telling import store_stories
from feedpub.workers import Pool, batches, spread

#: Files in a batch, since handing one over takes as long as reading a few; and those whose texts are held at once.
_BATCH, _AT_ONCE = 250, 50

#: A file that was read, as the ledger keeps it: see `columns_of`, and but for a draft `columns_of_memory`. Plain tuples
#: pass from process to process in a third of the time that named ones take.
Card: TypeAlias = tuple[tuple[Any, ...], tuple[Any, ...] | None]


def begin(news: News, ledger: Ledger, job: Job, pool: Pool) -> Read:
    """Read all files, and store what they hold and which stories they tell."""
    function = partial(_read, zone=job.recipe.zone, now=job.now, authority=job.authority)
    advance = job.counter("reading", lambda: news.most)
    waiting: deque[Change] = deque()
    found = map(tuple, hand_out(news.changes(ledger.files), waiting))
    read = Read()
    # Two files may have one id until it is known which of them belong together.
    ledger.drop_indexes()
    for _, seen in spread(function, found, pool=pool, size=_BATCH, advance=advance):
        pairs = [(waiting.popleft(), one) for one in seen]
        refuse([(change, one) for change, one in pairs if isinstance(one, Rejected)], news, ledger.files)
        cards = [(change, one) for change, one in pairs if not isinstance(one, Rejected)]
        _take_in(cards, ledger)
        read.new += len(cards)
    pool.prepare(partial(load, kitchen=job.kitchen))
    ledger.files.sign(news.signatures)
    together = ledger.memories.alike()
    ledger.memories.take_back(together)
    ledger.stories.begin()
    # An index that is made of all rows at once takes a fraction of the time.
    ledger.make_indexes()
    _tell_together(together, ledger, job)
    return read


def _read(batch: Sequence[tuple[Any, ...]], *, zone: tzinfo, now: datetime, authority: str) -> list[Card | Rejected]:
    """Read a batch of files, and tell what each comes to if it stands alone."""
    parts = batches((Found(*found) for found in batch), _AT_ONCE)
    seen = (one for part in parts for one in survey(part, zone=zone, now=now))
    return [_make_card(one, authority, now) if isinstance(one, Sighting) else one for one in seen]  # type: ignore[misc]


def _make_card(seen: Sighting, authority: str, now: datetime) -> Card:
    memory = None if seen.draft else columns_of_memory(remember_alone(seen, authority=authority, now=now))
    return columns_of(seen), memory


def _take_in(cards: Sequence[tuple[Change, Card]], ledger: Ledger) -> None:
    """Store files, and of each the story that it tells if it stands alone."""
    numbers = ledger.files.add(
        (change.spot, change.found.path, change.stamp, memory is not None, columns)
        for change, (columns, memory) in cards
    )
    ledger.memories.begin((file, *memory) for file, (_, (_, memory)) in zip(numbers, cards, strict=True) if memory)


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

"""A ledger's first run, when nobody knows anything: what `telling` does comes down to very little then.

Nearly every file tells a story of its own. What that comes to is worked out by who reads the file, beside all the
others who read; here it is only looked whether two have a sign in common. Those that have go the usual way.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from functools import partial
from typing import Any, NamedTuple

from feedpub.collector import Found, survey
from feedpub.identity import Known, identify, identify_alone
from feedpub.job import Job
from feedpub.ledger.files import columns_of
from feedpub.ledger.site import Ledger
from feedpub.ledger.stories import columns_of_memory
from feedpub.model import Rejected, Sighting
from feedpub.news import Change, News
from feedpub.telling import Read, hand_out, refuse, show, store_stories
from feedpub.workers import Pool, batches, spread

#: Stories that are stored at once.
_BATCH = 1000


class Alone(NamedTuple):
    """A story as the ledger keeps it, if one file alone tells it."""

    signs: tuple[str | None, ...]  #: By which two files may know each other, and the story's id.
    memory: tuple[Any, ...]  #: See `columns_of_memory`.
    shown: tuple[Any, ...]  #: As in `Shown`, from `published` on.


class Card(NamedTuple):
    """A file that was read, as the ledger keeps it."""

    columns: tuple[Any, ...]  #: See `columns_of`.
    alone: Alone | None  #: `None` for a draft.


def begin(news: News, ledger: Ledger, job: Job, pool: Pool) -> Read:
    """Read all files, and store what they hold and which stories they tell."""
    function = partial(_read, zone=job.recipe.zone, now=job.now, authority=job.authority)
    advance = job.counter("reading", news.most)
    waiting: deque[Change] = deque()
    found = hand_out(news.changes(ledger.files), waiting)
    read, stories = Read(), dict[int, Alone]()
    for _, seen in spread(function, found, most=news.most, pool=pool, advance=advance):
        pairs = [(waiting.popleft(), one) for one in seen]
        read.new += sum(isinstance(one, Card) for _, one in pairs)
        refuse([(change, one) for change, one in pairs if isinstance(one, Rejected)], news, ledger.files)
        stories.update(_take_in([(change, one) for change, one in pairs if isinstance(one, Card)], ledger))
    ledger.files.sign(news.signatures)
    together = _find_together(stories)
    ledger.stories.begin((file, *story[1:]) for file, story in stories.items() if file not in together)
    ledger.files.tell_begun()
    _tell_together(together, stories, ledger, job)
    ledger.make_indexes()
    return read


def _read(batch: Sequence[Found], *, zone: tzinfo, now: datetime, authority: str) -> list[Card | Rejected]:
    """Read a batch of files, and tell what each comes to if it stands alone."""
    seen = survey(batch, zone=zone, now=now)
    return [_make_card(one, authority, now) if isinstance(one, Sighting) else one for one in seen]  # type: ignore[misc]


def _make_card(seen: Sighting, authority: str, now: datetime) -> Card:
    if seen.draft:
        return Card(columns_of(seen), None)
    story, memory, _ = identify_alone(seen, authority=authority, now=now)
    shown = show(story, place=0, file=0)
    signs = (seen.own_id, seen.address, seen.text, story.id)
    return Card(columns_of(seen), Alone(signs, columns_of_memory(memory), shown[3:]))


def _take_in(cards: Sequence[tuple[Change, Card]], ledger: Ledger) -> Iterable[tuple[int, Alone]]:
    numbers = ledger.files.add((change.spot, change.found.path, change.stamp, card.columns) for change, card in cards)
    return ((number, card.alone) for number, (_, card) in zip(numbers, cards, strict=True) if card.alone)


def _find_together(stories: Mapping[int, Alone]) -> set[int]:
    """Find the files that have a sign in common with another."""
    together: set[int] = set()
    for kind in range(4):
        first: dict[str, int] = {}
        for file, story in stories.items():
            sign = story.signs[kind]
            if sign and (other := first.setdefault(sign, file)) != file:
                together |= {file, other}
    return together


def _tell_together(files: set[int], stories: Mapping[int, Alone], ledger: Ledger, job: Job) -> None:
    """Work out the stories of these files as any other run does."""
    rows = {row.sighting.name: row for row in ledger.files.rows_by_number(files) if row.sighting}
    taken = {story.memory[0] for file, story in stories.items() if file not in files} if files else frozenset()
    told = identify(
        (row.sighting for row in rows.values() if row.sighting),
        known=Known(taken=taken),
        authority=job.authority,
        now=job.now,
        shows_future=job.shows_future,
    )
    for some in batches(told, _BATCH):
        store_stories(some, rows, (), set(), ledger)

"""All that one run worked out, before it is written and reported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from feedpub.assemble import Assembled
from feedpub.feeds import Key, keys_of
from feedpub.job import Job
from feedpub.ledger.sightings import read_labels
from feedpub.ledger.site import Ledger
from feedpub.ledger.stories import Told
from feedpub.model import Rejected
from feedpub.news import News
from feedpub.reading import Read
from feedpub.shelves import Shelves


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What the subscribers of one feed will see, as places of stories, the newest first."""

    new: tuple[int, ...]
    updated: tuple[int, ...]
    gone: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was found, what it came to, and what has to be done about it."""

    read: Read
    rejected: tuple[Rejected, ...]
    untold: tuple[Told, ...]  #: Stories of which subscribers will hear.
    shelves: Shelves
    assembled: Assembled
    heard: Mapping[Key, Heard]  #: Of the feeds in which something is to be heard.
    ids: Mapping[int, str]  #: By place, of all stories named in *heard*.
    seen: int  #: Files.
    drafts: int
    held: int  #: Stories whose time has not come.
    notes: tuple[str, ...]  #: What was mended while reading, each with the file's name.
    notices: tuple[str, ...]  #: What the operator should know of the ledger.
    learned: bool  #: Whether the ledger knows now what no run could work out that has not this one.


def sum_up(read: Read, news: News, shelves: Shelves, assembled: Assembled, ledger: Ledger, job: Job) -> Outcome:
    """Bring together what a run worked out, before any of it is written."""
    heard = dict(_listen(shelves, assembled, ledger, job))
    named = {place for feed in heard.values() for place in (*feed.new, *feed.updated, *feed.gone)}
    shown = {place for places in assembled.shown.values() for place in places}
    seen, drafts = ledger.files.count()
    untold = tuple(ledger.stories.untold(shown, until=job.until, early=job.shows_early))
    bad = (*news.rejected, *assembled.rejected, *ledger.files.rejected(), *ledger.entries.rejected())
    return Outcome(
        read=read,
        rejected=tuple({each.name: each for each in bad}.values()),
        untold=untold,
        shelves=shelves,
        assembled=assembled,
        heard=heard,
        ids=ledger.memories.ids_at(named),
        seen=seen,
        drafts=drafts,
        held=0 if job.until is None else ledger.stories.count_held(job.until),
        notes=tuple(ledger.files.notes()),
        notices=ledger.notices,
        learned=bool(read.new or read.changed or read.removed or untold or heard) or _remembers_more(ledger, job),
    )


def _remembers_more(ledger: Ledger, job: Job) -> bool:
    settled = ledger.is_settled(reading=job.reading, listing=job.listing, shaping=job.shaping)
    return not settled or ledger.memories.have_changed or ledger.memories.have_new_slots


def _listen(shelves: Shelves, assembled: Assembled, ledger: Ledger, job: Job) -> Iterator[tuple[Key, Heard]]:
    """Compare what feeds show with what their subscribers know."""
    ended: dict[Key, Mapping[int, int]] = {
        key: {} for key, state in shelves.before.items() if key not in shelves.channels and state.told
    }
    for key, shown in {**assembled.shown, **ended}.items():
        told = shelves.before[key].told if key in shelves.before else None
        if told is None:
            # What is told of a feed that nobody knows is no news to those who know it from others.
            told = ledger.stories.told_of(shown)
        heard = Heard(
            new=tuple(place for place in shown if place not in told),
            updated=tuple(place for place, updated in shown.items() if told.get(place, updated) != updated),
            gone=tuple(_taken_out(key, told.keys() - shown.keys(), ledger, job)),
        )
        if heard.new or heard.updated or heard.gone:
            yield key, heard


def _taken_out(key: Key, missing: Iterable[int], ledger: Ledger, job: Job) -> Iterator[int]:
    """Tell what was taken out of a feed from what only had to make room in it, and stays in the readers."""
    places = sorted(missing)
    stories = ledger.stories.of(places)
    for place in places:
        story = stories.get(place)
        public = story and job.is_due(story.published) and (job.shows_early or not story.early)
        if not story or not public or key not in keys_of(*read_labels(story.labels), plan=job.plan):
            yield place

"""Which feeds there are, and what those are to show that may be others than before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial

from feedpub.feeds import ALL, Key, Plan, Slot, fill_feeds, folder_of, give_slots, keys_of, make_channel
from feedpub.job import Job
from feedpub.ledger.entries import FeedState
from feedpub.ledger.sightings import read_labels
from feedpub.ledger.site import Ledger
from feedpub.ledger.stories import Shown
from feedpub.minting import mint
from feedpub.model import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelves:
    """All feeds of a run."""

    channels: Mapping[Key, Channel]  #: That of all comes first.
    slots: Mapping[Key, Slot]  #: Of all feeds that there ever were.
    chosen: Mapping[Key, tuple[Shown, ...]]  #: The stories of the feeds that may be others than before.
    before: Mapping[Key, FeedState]  #: What all feeds were, those as well that are no more.

    @property
    def ended(self) -> tuple[Key, ...]:
        """The feeds that are no more."""
        return tuple(key for key in self.before if key not in self.channels)

    def folder_of(self, key: Key) -> str:
        """Tell where a feed is or was, below the output folder."""
        return self.channels[key].folder if key in self.channels else folder_of(key, slots=self.slots)


def fill_shelves(labels: Iterable[str | None] | None, ledger: Ledger, job: Job) -> Shelves:
    """Choose for the feeds of stories with these *labels* what they are to show; for all feeds where it is `None`."""
    before = ledger.entries.feeds()
    wanted = keys_with(ledger.stories.labels() if labels is None else labels, plan=job.plan)
    chosen = _choose({ALL} | wanted if labels is None else wanted, ledger, job)
    keys = {ALL, *chosen} | (before.keys() - wanted if labels is not None else set())
    slots = _find_slots(keys, ledger, job)
    channels = {key: make_channel(key, slots=slots, plan=job.plan) for key in sorted(keys)}
    return Shelves(channels=channels, slots=slots, chosen=chosen, before=before)


def keys_with(labels: Iterable[str | None], *, plan: Plan) -> set[Key]:
    """Give the feeds that stories with these labels belong to."""
    return {key for each in labels for key in keys_of(*read_labels(each), plan=plan)}


def _choose(wanted: Collection[Key], ledger: Ledger, job: Job) -> dict[Key, tuple[Shown, ...]]:
    keys_at = cache(lambda labels: frozenset(keys_of(*read_labels(labels), plan=job.plan)))
    newest = ledger.stories.newest(until=job.until, early=job.shows_early)
    return fill_feeds(wanted, ((story, keys_at(story.labels)) for story in newest), plan=job.plan) if wanted else {}


def _find_slots(keys: Collection[Key], ledger: Ledger, job: Job) -> dict[Key, Slot]:
    """Give every feed its place and its id, the old ones where it had any."""
    old = ledger.memories.slots()
    slots = give_slots(keys, old=old, plan=job.plan, mint_id=partial(mint, authority=job.authority))
    ledger.memories.give_slots({key: slot for key, slot in slots.items() if old.get(key) != slot})
    return slots

"""Where a story is shown, and why it is not shown elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial

from feedpub.assemble import assemble
from feedpub.explain.explanation import Place, Status
from feedpub.explain.standing import Standing, Telling
from feedpub.feeds import ALL, Key, Slot, give_slots, keys_of, make_channel
from feedpub.job import Job
from feedpub.ledger.rows import seconds_of
from feedpub.ledger.stories import Shown
from feedpub.minting import mint
from feedpub.model import Document, Story
from feedpub.publisher import Stamp
from feedpub.shelves import Shelves, fill_shelves


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """What a build would make of a story."""

    chosen: Mapping[Key, Collection[Shown]]  #: What the feeds of the story show if they do not grow too large.
    slots: Mapping[Key, Slot]
    feeds: frozenset[Key] = frozenset()  #: Those that end up with the story.
    unclean: str | None = None  #: Why no entry can be made of it.


class _Nowhere:
    """A store that holds nothing, so that all feeds are made, and takes nothing."""

    def stamp(self, key: str) -> None:
        """Know nothing of it."""

    def get(self, key: str) -> None:
        """Have none."""

    def stage(self, document: Document) -> None:
        """Leave it."""

    def commit(self) -> Mapping[str, Stamp]:
        """Show none."""
        return {}

    def delete(self, key: str) -> None:
        """Have none."""


def show(telling: Telling, changed: set[str | None], standing: Standing) -> Showing:
    """Make the feeds that chose a story as a build does, since a feed may end at `feeds.max_bytes` before it.

    *changed* are the labels of stories that are not what they were: places for new feeds are given in their order.
    """
    ledger, job, shown = standing.ledger, standing.job, telling.shown
    reshape = ledger.state("shaping") != job.shaping
    shelves = fill_shelves(None if reshape else changed | {shown.labels}, ledger, job)
    belongs = _keys_of(telling.story, job)
    chosen = {key: stories for key, stories in shelves.chosen.items() if key in belongs}
    choosers = {key: stories for key, stories in chosen.items() if shown in stories}
    if not choosers:
        return Showing(chosen=chosen, slots=shelves.slots)
    feeds = _assemble(choosers, shelves, shown.place, standing)
    entry = ledger.entries.kept((shown.place,)).get(shown.place)
    return Showing(chosen=chosen, slots=shelves.slots, feeds=feeds, unclean=entry.reason if entry else None)


def _assemble(
    chosen: Mapping[Key, tuple[Shown, ...]], shelves: Shelves, place: int, standing: Standing
) -> frozenset[Key]:
    """Give those of the feeds that end up with the story at a *place*."""
    # No list of feeds is without that of all, whatever it shows.
    wanted = {ALL: (), **chosen}
    channels = {key: shelves.channels[key] for key in wanted}
    assembled = assemble(
        replace(shelves, channels=channels, chosen=wanted),
        standing.news,
        standing.ledger,
        standing.job,
        standing.pool,
        store=_Nowhere(),
        dry=True,
    )
    return frozenset(key for key, places in assembled.shown.items() if place in places)


def list_places(telling: Telling, showing: Showing, job: Job) -> tuple[Place, ...]:
    """List the feeds that a story belongs to, with the reason where one does not show it."""
    belongs = sorted(_keys_of(telling.story, job))
    # A feed of stories whose time has not come has no place yet.
    slots = give_slots(belongs, old=showing.slots, plan=job.plan, mint_id=partial(mint, authority=job.authority))
    channels = {key: make_channel(key, slots=slots, plan=job.plan) for key in belongs}
    return tuple(
        Place(
            title=channel.title,
            url=channel.url,
            shown=key in showing.feeds,
            why="" if key in showing.feeds else _why_not(key, telling, showing, job),
        )
        for key, channel in channels.items()
    )


def judge(name: str, story: Story, showing: Showing, job: Job) -> tuple[Status, str]:
    """Say in a word what becomes of the file *name*, and why."""
    if showing.unclean and story.name == name:
        return "quarantined", showing.unclean
    if _is_dropped(story, job):
        return "dropped", 'it was dated in the future when it was first seen, and feeds.future is "drop"'
    if not job.is_due(seconds_of(story.published)):
        local = story.published.astimezone(job.recipe.zone).isoformat()
        return "held", f"it is dated in the future, and shown from {local} on"
    if showing.unclean:
        return "merged", f"{story.name} tells the same story, and is in quarantine: {showing.unclean}"
    if not showing.feeds:
        return "too old", "no feed has room for it"
    if story.name != name:
        return "merged", f"{story.name} tells the same story, and its words are shown"
    return "shown", ""


def _keys_of(story: Story, job: Job) -> set[Key]:
    return keys_of(story.categories, story.tags, plan=job.plan)


def _is_dropped(story: Story, job: Job) -> bool:
    """Tell whether a story stays out for good, since it was dated in the future once."""
    return story.early and not job.shows_early


def _why_not(key: Key, telling: Telling, showing: Showing, job: Job) -> str:
    rivals = showing.chosen.get(key, ())
    if telling.shown in rivals:
        return "it cannot be sanitised" if showing.unclean else "the feed reaches feeds.max_bytes before it"
    public = job.is_due(telling.shown.published) and not _is_dropped(telling.story, job)
    return f"the feed's limit is {len(rivals)}, and as many are newer" if public else ""

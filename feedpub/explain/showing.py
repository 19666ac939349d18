"""Where a story is shown, and why it is not shown elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass

from feedpub.choice import Choice, Listing, is_dropped, is_due
from feedpub.collector import Found
from feedpub.explain.explanation import Place, Status
from feedpub.feeds import ALL, Key, make_channel, sort_into_feeds
from feedpub.job import Job
from feedpub.ledger import Past
from feedpub.model import Entry, Rejected, Story
from feedpub.run import assemble_feeds, compose_stories, find_slots


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """All that a build knows by the time when it has chosen."""

    job: Job
    past: Past
    listing: Listing
    choice: Choice
    executor: Executor | None

    @property
    def places(self) -> Mapping[str, Found]:
        """The files, by their names."""
        return {found.name: found for found in self.listing.files}


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """What a build would make of a story."""

    entry: Entry | None = None  #: `None` where no feed has room for it, or where it could not be made.
    unclean: Rejected | None = None
    feeds: frozenset[Key] = frozenset()  #: Those that end up with it.


def show(story: Story, run: Run) -> Showing:
    """Make the feeds that chose a story as a build does, since a feed may end at `feeds.max_bytes` before it."""
    chosen = {key: stories for key, stories in run.choice.feeds.items() if key == ALL or story in stories}
    if all(story not in stories for stories in chosen.values()):
        return Showing()
    entries, unclean = compose_stories(chosen, run.listing, run.job, run.executor)
    slots = find_slots(run.choice.feeds, run.past, run.job)
    assembled = assemble_feeds(chosen, entries, slots, run.job, run.executor)
    shown = {
        key
        for key, rendered in zip(chosen, assembled.feeds, strict=True)
        if any(entry.id == story.id for entry in rendered.feed.entries)
    }
    return Showing(
        entry=next((entry for entry in entries if entry.id == story.id), None),
        unclean=next((bad for bad in unclean if bad.name == story.name), None),
        feeds=frozenset(shown),
    )


def list_places(story: Story, showing: Showing, run: Run) -> tuple[Place, ...]:
    """List the feeds that a story belongs to, with the reason where one does not show it."""
    plan = run.job.plan
    belongs = sort_into_feeds((story,), plan=plan)
    slots = find_slots({*run.choice.feeds, *belongs}, run.past, run.job)
    channels = {key: make_channel(key, slots=slots, plan=plan) for key in belongs}
    return tuple(
        Place(
            title=channel.title,
            url=channel.url,
            shown=key in showing.feeds,
            why="" if key in showing.feeds else _why_not(key, story, showing, run),
        )
        for key, channel in channels.items()
    )


def judge(name: str, story: Story, showing: Showing, run: Run) -> tuple[Status, str]:
    """Say in a word what becomes of the file *name*, and why."""
    job, local = run.job, story.published.astimezone(run.job.recipe.zone).isoformat()
    if showing.unclean and showing.unclean.name == name:
        return "quarantined", showing.unclean.reason
    if is_dropped(story, job):
        return "dropped", 'it was dated in the future when it was first seen, and feeds.future is "drop"'
    if not is_due(story, job):
        return "held", f"it is dated in the future, and shown from {local} on"
    if showing.unclean:
        return "merged", f"{story.name} tells the same story, and is in quarantine: {showing.unclean.reason}"
    if not showing.feeds:
        return "too old", "no feed has room for it"
    if story.name != name:
        return "merged", f"{story.name} tells the same story, and its words are shown"
    return "shown", ""


def _why_not(key: Key, story: Story, showing: Showing, run: Run) -> str:
    rivals = run.choice.feeds.get(key, ())
    if story in rivals:
        return "it cannot be sanitised" if showing.unclean else "the feed reaches feeds.max_bytes before it"
    public = any(story.id == other.id for other in run.choice.public)
    return f"the feed's limit is {len(rivals)}, and as many are newer" if public else ""

"""From stories to documents: entries that are missing are made, and feeds that may be others than before are joined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from feedpub.collector import Found
from feedpub.feeds import Key
from feedpub.job import Job
from feedpub.ledger.site import Ledger
from feedpub.ledger.stories import Shown
from feedpub.making import Kitchen, Made, digest, make_entries
from feedpub.model import Channel, Document, Rejected, Story
from feedpub.news import News
from feedpub.publisher import Stamp, Step, Store, Written, decide, end, is_intact
from feedpub.shelves import Shelves
from feedpub.telling import story_of
from feedpub.workers import Pool, spread
from feedpub.writers import OPML_NAME, VERSION, fit_size, join_feed, paths_of, write_opml, write_page


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembled:
    """What became of all documents, those to be written staged in the store."""

    steps: tuple[Step, ...]
    feeds: Mapping[Key, Sequence[str]]  #: Where each feed's documents are, without its page.
    digests: Mapping[str, str]  #: By path, of what is to be written, and of what stands already and nobody knew.
    stamps: Mapping[str, Stamp]  #: Of those that stand already.
    shown: Mapping[Key, Mapping[int, int]]  #: What joined feeds show: dates of updates by place.
    rejected: tuple[Rejected, ...]  #: Articles that could not be read again, whose last entry still shows.


@dataclass(slots=True, kw_only=True)
class _Desk:
    """Where documents are decided upon, one after the other, so that no two are held at once."""

    store: Store
    ours: Mapping[str, Written]
    dry: bool
    steps: list[Step] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)
    stamps: dict[str, Stamp] = field(default_factory=dict)

    def take(self, document: Document) -> None:
        """Decide about a document, and stage it if it is to be written."""
        path = document.path
        step = decide(document, store=self.store, ours=self.ours)
        self.steps.append(step)
        if step.action == "put":
            self.digests[path] = document.digest
            if not self.dry:
                self.store.stage(document)
        elif not self.is_intact((path,)) and (stamp := self.store.stamp(path)):
            # It stands as it should, and nobody knew.
            self.digests[path], self.stamps[path] = document.digest, stamp

    def pass_by(self, paths: Iterable[str]) -> None:
        """Leave documents that stand as they should."""
        self.steps += (Step(path, "keep", "unchanged") for path in paths)

    def is_intact(self, paths: Iterable[str]) -> bool:
        """Tell whether documents stand as they were written, without reading them."""
        return all(is_intact(path, store=self.store, ours=self.ours) for path in paths)


def assemble(
    shelves: Shelves, news: News, ledger: Ledger, job: Job, pool: Pool, *, store: Store, dry: bool
) -> Assembled:
    """Make the documents that are not what they should be; unless the run is *dry*, stage them."""
    desk = _Desk(store=store, ours=ledger.documents.all(), dry=dry)
    formats = job.config.feeds.formats
    feeds = {key: paths_of(channel, formats=formats)[:-1] for key, channel in shelves.channels.items()}
    stories = {
        key: shelves.chosen[key] if key in shelves.chosen else _last_shown(key, shelves, ledger)
        for key, paths in feeds.items()
        if key in shelves.chosen or not desk.is_intact(paths)
    }
    entries = _Entries((story for shown in stories.values() for story in shown), news, ledger, job, pool)
    shown: dict[Key, Mapping[int, int]] = {}
    advance = job.counter("writing", lambda: len(feeds))
    for key, paths in feeds.items():
        made = _digest_feed(shelves.channels[key], entries.provide(stories[key]), job) if key in stories else None
        if made and not (made == _made_before(key, shelves) and desk.is_intact(paths)):
            shown[key] = _join(shelves.channels[key], stories[key], ledger, job, desk)
            ledger.entries.show(key, [story.place for story in stories[key]], made)
        else:
            desk.pass_by(paths)
        advance(1)
    _write_pages(shelves, ledger, job, desk)
    desk.steps += end({step.key for step in desk.steps}, store=store, ours=desk.ours)
    return Assembled(
        steps=tuple(desk.steps),
        feeds=feeds,
        digests=desk.digests,
        stamps=desk.stamps,
        shown=shown,
        rejected=tuple(entries.unread.values()),
    )


def _made_before(key: Key, shelves: Shelves) -> str | None:
    return shelves.before[key].made if key in shelves.before else None


def _last_shown(key: Key, shelves: Shelves, ledger: Ledger) -> tuple[Shown, ...]:
    places = shelves.before[key].shown if key in shelves.before else ()
    stories = ledger.stories.of(places)
    return tuple(stories[place] for place in places if place in stories)


def _digest_feed(channel: Channel, recipes: list[str], job: Job) -> str:
    feeds = job.config.feeds
    return digest(VERSION, channel, feeds.formats, feeds.max_bytes, recipes)


def _join(channel: Channel, stories: Sequence[Shown], ledger: Ledger, job: Job, desk: _Desk) -> dict[int, int]:
    """Join a feed's documents, and give the dates of the entries in them."""
    feeds = job.config.feeds
    fragments = ledger.entries.fragments([story.place for story in stories])
    fitting = fit_size(channel, tuple(fragments.values()), formats=feeds.formats, max_bytes=feeds.max_bytes)
    for name in feeds.formats:
        desk.take(join_feed(channel, fitting, format=name))
    updated = {story.place: story.updated for story in stories}
    return {place: updated[place] for place, _ in zip(fragments, fitting, strict=False)}


class _Entries:
    """Makes the entries that are missing or were made from something else, in the order in which feeds show them.

    So the first feeds are joined while the entries of others are made. Where a file cannot be read for the time being,
    its last entry stays, and `unread` has the reason, by place.
    """

    def __init__(self, stories: Iterable[Shown], news: News, ledger: Ledger, job: Job, pool: Pool) -> None:
        self.unread: dict[int, Rejected] = {}
        self._ledger, self._looking = ledger, job.kitchen.looking
        self._wanted = wanted = {story.place: story for story in stories}
        files = ledger.files.places({story.file for story in wanted.values()})
        rendering = job.kitchen.rendering
        self._recipes = {place: digest(rendering, story, files[story.file].bytes) for place, story in wanted.items()}
        self._kept = kept = ledger.entries.kept(wanted)
        recipes = self._recipes.items()
        missing = [place for place, recipe in recipes if place not in kept or kept[place].recipe != recipe]
        jobs = [_order(wanted[place], news.find(files[wanted[place].file])) for place in missing]
        self._missing = set(missing)
        advance = job.counter("sanitising", lambda: len(jobs))
        self._coming = spread(partial(_make, kitchen=job.kitchen), jobs, pool=pool, advance=advance)

    def provide(self, stories: Sequence[Shown]) -> list[str]:
        """See to it that the entries of *stories* are there; give the digests of what each was made from."""
        while any(story.place in self._missing for story in stories):
            for order, entry in zip(*next(self._coming), strict=True):
                self._keep(order, entry)
                self._missing.remove(order.place)
        return [self._recipes[story.place] for story in stories]

    def _keep(self, order: _Order, entry: Made | Rejected) -> None:
        place = order.place
        if isinstance(entry, Made):
            self._ledger.entries.keep(place, self._recipes[place], entry.fragment)
            clean = entry.appearance and f"{self._looking}:{order.found.bytes}:{entry.appearance}"
            self._ledger.memories.set_clean(place, clean)
        elif entry.passing:
            self._ledger.files.unsettle(self._wanted[place].file)
            self.unread[place] = entry
            # What shows was made of something else.
            self._recipes[place] = self._kept[place].recipe if place in self._kept else ""
        else:
            self._ledger.entries.refuse(place, self._recipes[place], entry.reason)


class _Order(NamedTuple):
    """An entry to be made."""

    place: int
    found: Found
    story: Story


def _make(batch: Sequence[_Order], *, kitchen: Kitchen) -> list[Made | Rejected]:
    return make_entries([(order.found, order.story) for order in batch], kitchen=kitchen)


def _order(shown: Shown, found: Found) -> _Order:
    return _Order(shown.place, found, story_of(shown, found.name))


def _write_pages(shelves: Shelves, ledger: Ledger, job: Job, desk: _Desk) -> None:
    """Write the channels' pages and the list of feeds, where they are not what they should be."""
    channels, formats = shelves.channels, job.config.feeds.formats
    paths = [OPML_NAME, *(paths_of(channel, formats=formats)[-1] for channel in channels.values())]
    made = digest(VERSION, formats, tuple(channels.values()))
    if made == ledger.state("pages") and desk.is_intact(paths):
        desk.pass_by(paths)
        return
    for document in _make_pages(channels, formats):
        desk.take(document)
    ledger.set_state(pages=made)


def _make_pages(channels: Mapping[Key, Channel], formats: Sequence[str]) -> Iterator[Document]:
    root, *others = channels.values()
    # A page needs to know but the channels below it; with thousands of them, it matters.
    below: dict[str, list[Channel]] = {channel.folder: [] for channel in others}
    for channel in others:
        parent = channel.folder.rpartition("/")[0]
        while parent:
            below.get(parent, []).append(channel)
            parent = parent.rpartition("/")[0]
    yield write_page(root, channels=(root, *others), formats=formats)
    yield from (write_page(channel, channels=(root, *below[channel.folder]), formats=formats) for channel in others)
    yield write_opml((root, *others), title=root.title, format=formats[0])

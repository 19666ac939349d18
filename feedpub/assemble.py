"""From entries to documents: every feed in every format, the pages, and the list of feeds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from feedpub.feeds import Key, Plan, Slot, cut_to_size, make_channel
from feedpub.model import Channel, Document, Entry, Feed, Story
from feedpub.writers import write_feed, write_opml, write_page


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A feed and the documents it became."""

    feed: Feed
    documents: tuple[Document, ...]


RenderBatch = Callable[[Sequence[Feed]], list[Rendered]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembled:
    """Everything that belongs into the output folder."""

    feeds: tuple[Rendered, ...]
    pages: tuple[Document, ...]

    @property
    def documents(self) -> tuple[Document, ...]:
        """All documents, feeds first."""
        return (*(document for rendered in self.feeds for document in rendered.documents), *self.pages)

    @property
    def shown(self) -> frozenset[str]:
        """The ids of all entries that some feed shows."""
        return frozenset(entry.id for rendered in self.feeds for entry in rendered.feed.entries)


def assemble(
    chosen: Mapping[Key, Sequence[Story]],
    entries: Mapping[str, Entry],
    *,
    plan: Plan,
    slots: Mapping[Key, Slot],
    formats: Sequence[str],
    max_bytes: int,
    render_all: Callable[[RenderBatch, Sequence[Feed]], Iterable[Rendered]],
) -> Assembled:
    """Render the feeds of the *chosen* stories, whose *entries* are given by their ids.

    A story without an entry could not be sanitised; it is left out. *render_all* applies a function to batches of
    feeds, side by side perhaps.
    """
    channels = {key: make_channel(key, slots=slots, plan=plan) for key in chosen}
    feeds = [Feed(channel=channels[key], entries=_present(stories, entries)) for key, stories in chosen.items()]
    render = partial(_render_batch, formats=formats, max_bytes=max_bytes)
    return Assembled(feeds=tuple(render_all(render, feeds)), pages=_pages(channels, formats))


def _present(stories: Iterable[Story], entries: Mapping[str, Entry]) -> tuple[Entry, ...]:
    return tuple(entries[story.id] for story in stories if story.id in entries)


def _render_batch(feeds: Sequence[Feed], *, formats: Sequence[str], max_bytes: int) -> list[Rendered]:
    return [_render(feed, formats=formats, max_bytes=max_bytes) for feed in feeds]


def _render(feed: Feed, *, formats: Sequence[str], max_bytes: int) -> Rendered:
    """Write a feed in all formats, with as many entries as let the largest of them stay small enough."""
    while True:
        documents = tuple(write_feed(feed, format=name) for name in formats)
        size = max(len(document.body) for document in documents)
        if size <= max_bytes or len(feed.entries) <= 1:
            return Rendered(feed=feed, documents=documents)
        feed = cut_to_size(feed, size=size, max_bytes=max_bytes)


def _pages(channels: Mapping[Key, Channel], formats: Sequence[str]) -> tuple[Document, ...]:
    root, *others = channels.values()
    # A page needs to know but the channels below it; with thousands of them, it matters.
    below: dict[str, list[Channel]] = {channel.folder: [] for channel in others}
    for channel in others:
        parent = channel.folder.rpartition("/")[0]
        while parent:
            below.get(parent, []).append(channel)
            parent = parent.rpartition("/")[0]
    pages = [write_page(channel, channels=(root, *below[channel.folder]), formats=formats) for channel in others]
    return (
        write_page(root, channels=(root, *others), formats=formats),
        *pages,
        write_opml((root, *others), title=root.title, format=formats[0]),
    )

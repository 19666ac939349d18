"""The writers stage: feeds in, documents out.

An entry is rendered once and joined into all feeds that show it. What comes out is a function of what goes in, so
equal feeds give equal bytes. To add a format, write a module that is a `Writer`, and name it in `WRITERS`,
`FILE_NAMES`, `MEDIA_TYPES` and `LABELS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Protocol

from feedpub.model import Channel, Document, Entry, Feed
from feedpub.writers.formats import FILE_NAMES, LABELS, MEDIA_TYPES, OPML_NAME, PAGE_NAME, make_document, stored_in
from feedpub.writers.fragments import Fragment, Frame, count_fitting, join_texts

__all__ = [
    "FILE_NAMES",
    "LABELS",
    "MEDIA_TYPES",
    "OPML_NAME",
    "VERSION",
    "WRITERS",
    "Fragment",
    "Writer",
    "fit_size",
    "join_feed",
    "paths_of",
    "render_entries",
    "render_entry",
    "write_feed",
    "write_opml",
    "write_page",
]

#: To be raised with every change of a byte that comes out: kept fragments of another version are made again.
VERSION: int = 1


class Writer(Protocol):
    """A format. What it is given has been made fit by `feedpub.writers.fit`."""

    def render_entries(self, entries: Sequence[Entry], *, language: str | None) -> list[bytes]:
        """Write each entry as it stands in feeds of that language."""

    def make_frame(self, channel: Channel, *, updated: datetime | None) -> Frame:
        """Write a channel's feed without entries, of which the newest was *updated* then; `None`: there are none.

        All dates take the same number of bytes.
        """


def render_entry(entry: Entry, *, language: str | None, formats: Sequence[str]) -> Fragment:
    """Render an entry in the formats of those names, for channels that give that *language*.

    Raises:
        KeyError: no format of one of those names.
    """
    (fragment,) = render_entries((entry,), language=language, formats=formats)
    return fragment


def render_entries(entries: Sequence[Entry], *, language: str | None, formats: Sequence[str]) -> list[Fragment]:
    """Do for many entries what `render_entry` does for one.

    Raises:
        KeyError: no format of one of those names.
    """
    # Loads expressions that a run in which nothing changed need not wait for.
    from feedpub.writers.fit import fit_entry, fit_language

    fitting, language = [fit_entry(entry) for entry in entries], fit_language(language)
    # Format by format: a processor's caches hold one writer, but not all of them, and a fifth of the time is saved.
    texts = {name: WRITERS[name]().render_entries(fitting, language=language) for name in formats}
    return [
        Fragment(id=entry.id, updated=fit.updated, texts={name: texts[name][place] for name in formats})
        for place, (entry, fit) in enumerate(zip(entries, fitting, strict=True))
    ]


def join_feed(channel: Channel, fragments: Sequence[Fragment], *, format: str) -> Document:  # noqa: A002
    """Join entries, rendered for the channel's language, into its feed in the format of that name.

    Raises:
        KeyError: no format of that name, or an entry was not rendered in it.
    """
    frame = _make_frame(channel, _newest(fragments), name=format)
    return make_document(channel, format, join_texts(frame, (fragment.texts[format] for fragment in fragments)))


def fit_size(
    channel: Channel, fragments: Sequence[Fragment], *, formats: Sequence[str], max_bytes: int
) -> Sequence[Fragment]:
    """Return so many of the first entries that no format's document exceeds *max_bytes*, but at least one.

    Raises:
        KeyError: no format of one of those names, or an entry was not rendered in it.
    """
    if not fragments:
        return fragments
    # Which of the entries stay decides nothing of the frame but its date, and all dates are equally long.
    updated = _newest(fragments)
    counts = [
        count_fitting(
            _make_frame(channel, updated, name=name),
            (len(fragment.texts[name]) for fragment in fragments),
            max_bytes=max_bytes,
        )
        for name in formats
    ]
    return fragments[: max(1, min(counts, default=len(fragments)))]


def write_feed(feed: Feed, *, format: str) -> Document:  # noqa: A002
    """Write a feed in the format of that name.

    Raises:
        KeyError: no format of that name.
    """
    fragments = render_entries(feed.entries, language=feed.channel.language, formats=(format,))
    return join_feed(feed.channel, fragments, format=format)


def paths_of(channel: Channel, *, formats: Sequence[str]) -> list[str]:
    """Tell where below the output folder a channel's documents are stored, its feeds first.

    Raises:
        KeyError: no format of one of those names.
    """
    return [stored_in(channel, name) for name in (*(FILE_NAMES[name] for name in formats), PAGE_NAME)]


def write_opml(channels: Sequence[Channel], *, title: str, format: str) -> Document:  # noqa: A002
    """Write `feeds.opml`, which lists the channels' feeds of that format, nested as the categories are.

    Raises:
        KeyError: no format of that name.
    """
    from feedpub.writers import opml

    return opml.write_opml(channels, title=title, format=format)


def write_page(channel: Channel, *, channels: Sequence[Channel], formats: Sequence[str]) -> Document:
    """Write the channel's `index.html`: its feeds, and those of the channels below it.

    Raises:
        KeyError: no format of one of those names.
    """
    from feedpub.writers import pages

    return pages.write_page(channel, channels=channels, formats=formats)


def _newest(fragments: Sequence[Fragment]) -> datetime | None:
    return max((fragment.updated for fragment in fragments), default=None)


# Whoever asks for a feed's size asks for the feed next, and a frame takes as long as all else about them.
@lru_cache(maxsize=8)
def _make_frame(channel: Channel, updated: datetime | None, *, name: str) -> Frame:
    from feedpub.writers.fit import fit_channel

    return WRITERS[name]().make_frame(fit_channel(channel), updated=updated)


# A run in which nothing changed writes nothing, and need not wait for the libraries to load.


def _rss() -> Writer:
    from feedpub.writers import rss

    return rss


def _atom() -> Writer:
    from feedpub.writers import atom

    return atom


def _json() -> Writer:
    from feedpub.writers import jsonfeed

    return jsonfeed


#: By the format's name, what loads its writer.
WRITERS: Mapping[str, Callable[[], Writer]] = MappingProxyType({"rss": _rss, "atom": _atom, "json": _json})

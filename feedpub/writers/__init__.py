"""The writers stage: feeds in, documents out.

A writer is a function of a feed and of nothing else, so equal feeds give equal bytes. To add a format, write
one and name it in `WRITERS`, `FILE_NAMES`, `MEDIA_TYPES` and `LABELS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from feedpub.model import Channel, Document, Feed
from feedpub.writers.formats import FILE_NAMES, LABELS, MEDIA_TYPES

__all__ = [
    "FILE_NAMES",
    "LABELS",
    "MEDIA_TYPES",
    "WRITERS",
    "Writer",
    "write_feed",
    "write_opml",
    "write_page",
]

Writer = Callable[[Feed], Document]


def write_feed(feed: Feed, *, format: str) -> Document:  # noqa: A002
    """Write a feed in the format of that name.

    Raises:
        KeyError: no format of that name.
    """
    return WRITERS[format](feed)


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


# A run in which nothing changed writes nothing, and need not wait for the libraries to load.


def _write_rss(feed: Feed) -> Document:
    from feedpub.writers.rss import write_rss

    return write_rss(feed)


def _write_atom(feed: Feed) -> Document:
    from feedpub.writers.atom import write_atom

    return write_atom(feed)


def _write_json(feed: Feed) -> Document:
    from feedpub.writers.jsonfeed import write_json

    return write_json(feed)


WRITERS: Mapping[str, Writer] = MappingProxyType(
    {"rss": _write_rss, "atom": _write_atom, "json": _write_json},
)

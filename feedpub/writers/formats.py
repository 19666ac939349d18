"""The feed formats as data: what they are called, how they are served, where they stand."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from feedpub.model import Document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from feedpub.model import Channel

FILE_NAMES: Mapping[str, str] = MappingProxyType(
    {"rss": "rss.xml", "atom": "atom.xml", "json": "feed.json"},
)

#: RFC 4287 registers Atom's, jsonfeed.org names its own, and RSS has one by custom only.
MEDIA_TYPES: Mapping[str, str] = MappingProxyType(
    {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"},
)

#: What people call the formats.
LABELS: Mapping[str, str] = MappingProxyType({"rss": "RSS", "atom": "Atom", "json": "JSON Feed"})

#: The page of a channel, in its folder.
PAGE_NAME = "index.html"

#: The list of all feeds, in the output folder itself.
OPML_NAME = "feeds.opml"

#: The generator that documents name. No version: an upgrade must not change a byte.
GENERATOR = "feedpub"

#: feedgen and lxml would write it with single quotes.
XML_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'


def feed_path(channel: Channel, name: str) -> str:
    """Tell where below the output folder a channel's feed of that format's name is stored."""
    return stored_in(channel, FILE_NAMES[name])


def feed_url(channel: Channel, name: str) -> str:
    """Tell at which address a channel's feed of that format's name is served."""
    return channel.url + FILE_NAMES[name]


def make_document(channel: Channel, name: str, body: bytes) -> Document:
    """Wrap the bytes of a channel's feed for the store."""
    return Document(path=feed_path(channel, name), type=MEDIA_TYPES[name], body=body)


def stored_in(channel: Channel, name: str) -> str:
    """Tell where below the output folder a file of the channel's folder is stored."""
    return f"{channel.folder}/{name}" if channel.folder else name

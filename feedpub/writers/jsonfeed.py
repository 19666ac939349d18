"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from feedpub.writers.formats import GENERATOR, feed_url
from feedpub.writers.fragments import Frame

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from feedpub.model import Author, Channel, Enclosure, Entry

VERSION = "https://jsonfeed.org/version/1.1"

#: The feed's extension: a custom object's name starts with an underscore.
EXTENSION = "_feedpub"

#: Where the items, which stand last, come to their end.
_FOOT = b"]}"


def render_entries(entries: Sequence[Entry], *, language: str | None) -> list[bytes]:
    """Write each entry as an item in feeds of that language, on one line."""
    return [orjson.dumps(_item_object(entry, language=language)) for entry in entries]


def make_frame(channel: Channel, *, updated: datetime | None) -> Frame:  # noqa: ARG001
    """Write a channel's feed without items, on one line. JSON Feed has no name for its date."""
    # The list of items is the last member, and open.
    return Frame(head=orjson.dumps(_feed_object(channel)).removesuffix(_FOOT), foot=_FOOT + b"\n", between=b",")


def _feed_object(channel: Channel) -> dict[str, Any]:
    known = _known(
        version=VERSION,
        title=channel.title,
        home_page_url=channel.url,
        feed_url=feed_url(channel, "json"),
        description=channel.description,
        language=channel.language,
        authors=[_author_object(channel.author)] if channel.author else None,
        hubs=[{"type": "WebSub", "url": hub} for hub in channel.hubs],
    )
    # JSON Feed has no name for who wrote it.
    known[EXTENSION] = {"generator": GENERATOR}
    # Required, even where there are none.
    return known | {"items": []}


def _item_object(entry: Entry, *, language: str | None) -> dict[str, Any]:
    item = _known(
        id=entry.id,
        url=entry.url,
        title=entry.title,
        summary=entry.summary,
        image=entry.image,
        date_published=entry.published.isoformat(),
        date_modified=entry.updated.isoformat(),
        authors=[_author_object(author) for author in entry.authors],
        tags=list(entry.categories),
        language=entry.language if entry.language != language else None,
        attachments=[_attachment_object(enclosure) for enclosure in entry.enclosures],
    )
    item |= _content(entry)
    if entry.symbols:
        item[EXTENSION] = {"symbols": list(entry.symbols)}
    return item


def _content(entry: Entry) -> dict[str, str]:
    # One of the two is required, and readers that find an empty one do not look for the summary.
    if entry.summary and not entry.content:
        return {"content_text": entry.summary}
    return {"content_html": entry.content}


def _author_object(author: Author) -> dict[str, Any]:
    return _known(name=author.name, url=author.url)


def _attachment_object(enclosure: Enclosure) -> dict[str, Any]:
    return _known(
        url=enclosure.url,
        mime_type=enclosure.type,
        title=enclosure.title,
        size_in_bytes=enclosure.length,
        duration_in_seconds=enclosure.seconds,
    )


def _known(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value}

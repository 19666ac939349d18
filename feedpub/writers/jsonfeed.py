"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from feedpub.writers.fit import fit_feed
from feedpub.writers.formats import GENERATOR, feed_url, make_document

if TYPE_CHECKING:
    from feedpub.model import Author, Channel, Document, Enclosure, Entry, Feed

VERSION = "https://jsonfeed.org/version/1.1"

#: The feed's extension: a custom object's name starts with an underscore.
EXTENSION = "_feedpub"


def write_json(feed: Feed) -> Document:
    """Write a feed as JSON Feed 1.1, on one line."""
    feed = fit_feed(feed)
    body = orjson.dumps(_feed_object(feed), option=orjson.OPT_APPEND_NEWLINE)
    return make_document(feed.channel, "json", body)


def _feed_object(feed: Feed) -> dict[str, Any]:
    channel = feed.channel
    known = _known(
        version=VERSION,
        title=channel.title,
        home_page_url=channel.url,
        feed_url=feed_url(channel, "json"),
        description=channel.description,
        language=channel.language,
        authors=[_author_object(channel.author)] if channel.author else None,
    )
    # JSON Feed has no name for who wrote it.
    known[EXTENSION] = {"generator": GENERATOR}
    # Required, even where there are none.
    return known | {"items": [_item_object(entry, channel=channel) for entry in feed.entries]}


def _item_object(entry: Entry, *, channel: Channel) -> dict[str, Any]:
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
        language=entry.language if entry.language != channel.language else None,
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

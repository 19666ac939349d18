"""RSS 2.0, as the RSS Advisory Board's profile wants it (https://www.rssboard.org/rss-profile)."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from feedpub.writers.feedgen_ext import (
    ATOM,
    CONTENT,
    DC,
    MEDIA,
    Element,
    add_entry,
    categories_of,
    finish,
    rss_date,
    start_rss,
)
from feedpub.writers.fit import fit_feed
from feedpub.writers.formats import feed_url, make_document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from feedpub.model import Author, Channel, Document, Enclosure, Entry, Feed

#: What an HTML parser takes for the beginning of a tag, a comment or an instruction.
_TAG_OPEN = re.compile(r"<[A-Za-z/!?]")


def write_rss(feed: Feed) -> Document:
    """Write a feed as RSS 2.0."""
    feed = fit_feed(feed)
    rss = start_rss(feed.channel, self_url=feed_url(feed.channel, "rss"))
    rss.description(_as_html(feed.channel.description or feed.channel.title))
    rss.feedpub.elements = tuple(_channel_elements(feed))
    for entry in feed.entries:
        _add_item(rss, entry, channel=feed.channel)
    return make_document(feed.channel, "rss", finish(rss.rss_str(pretty=True, xml_declaration=False)))


def _channel_elements(feed: Feed) -> Iterator[Element]:
    author = feed.channel.author
    if author and author.email:
        yield Element("managingEditor", f"{author.email} ({author.name})")
    if feed.updated:
        yield Element("lastBuildDate", rss_date(feed.updated))


def _add_item(rss: Any, entry: Entry, *, channel: Channel) -> None:
    item = add_entry(rss, _item_elements(entry, channel=channel))
    item.title(entry.title)
    item.guid(entry.id, permalink=entry.id == entry.url)
    item.category(categories_of(entry))
    if entry.url:
        item.link(href=entry.url)
    if entry.summary:
        item.description(_as_html(entry.summary))


def _item_elements(entry: Entry, *, channel: Channel) -> Iterator[Element]:
    yield Element("pubDate", rss_date(entry.published))
    if entry.updated != entry.published:
        yield Element(f"{ATOM}updated", entry.updated.isoformat())
    for author in entry.authors:
        yield _creator(author)
    if entry.language and entry.language != channel.language:
        yield Element(f"{DC}language", entry.language)
    if entry.content:
        yield Element(f"{CONTENT}encoded", entry.content)
    yield from _media(entry)


def _creator(author: Author) -> Element:
    # RSS's own `author` must be an e-mail address, which is nobody's wish to publish.
    return Element(f"{DC}creator", author.name)


def _media(entry: Entry) -> Iterator[Element]:
    # Many readers take only the first enclosure of an item, and RSS insists on its length.
    first = next((enclosure for enclosure in entry.enclosures if enclosure.length), None)
    if first:
        attributes = {"url": first.url, "length": str(first.length), "type": first.type}
        yield Element("enclosure", attributes=attributes)
    for enclosure in entry.enclosures:
        if enclosure is not first:
            yield _media_content(enclosure)
    if entry.image:
        yield Element(f"{MEDIA}thumbnail", attributes={"url": entry.image})


def _media_content(enclosure: Enclosure) -> Element:
    attributes = {"url": enclosure.url, "type": enclosure.type}
    if enclosure.length:
        attributes["fileSize"] = str(enclosure.length)
    if enclosure.seconds:
        attributes["duration"] = str(enclosure.seconds)
    title = (Element(f"{MEDIA}title", enclosure.title),) if enclosure.title else ()
    return Element(f"{MEDIA}content", attributes=attributes, children=title)


def _as_html(text: str) -> str:
    # The profile has readers show a description as HTML. What HTML would read as something else than this
    # text is escaped for HTML first; all other text is left alone, for readers that show it as it stands.
    misread = _TAG_OPEN.search(text) or html.unescape(text) != text
    return html.escape(text, quote=False) if misread else text

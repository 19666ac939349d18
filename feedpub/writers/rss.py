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
    RSS_NAMESPACES,
    Element,
    categories_of,
    finish,
    rss_date,
    start_entry,
    start_rss,
)
from feedpub.writers.formats import feed_url
from feedpub.writers.shell import cut_frame, make_shell, write_inside

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from feedpub.model import Author, Channel, Enclosure, Entry
    from feedpub.writers.fragments import Frame

#: What an HTML parser takes for the beginning of a tag, a comment or an instruction.
_TAG_OPEN = re.compile(r"<[A-Za-z/!?]")


_SHELL = make_shell("rss", "channel", namespaces=RSS_NAMESPACES)


def render_entries(entries: Sequence[Entry], *, language: str | None) -> list[bytes]:
    """Write each entry as an item in channels of that language."""
    # In two steps, since a processor's caches hold one of them, but not both.
    items = [_item(entry, language=language) for entry in entries]
    return [write_inside(_SHELL, item.rss_entry()) for item in items]


def make_frame(channel: Channel, *, updated: datetime | None) -> Frame:
    """Write a channel without items, whose newest change was at that time."""
    rss = start_rss(channel, self_url=feed_url(channel, "rss"))
    rss.description(_as_html(channel.description or channel.title))
    rss.feedpub.elements = tuple(_channel_elements(channel, updated=updated))
    return cut_frame(_SHELL, finish(rss.rss_str(pretty=True, xml_declaration=False)))


def _channel_elements(channel: Channel, *, updated: datetime | None) -> Iterator[Element]:
    author = channel.author
    if author and author.email:
        yield Element("managingEditor", f"{author.email} ({author.name})")
    if updated:
        yield Element("lastBuildDate", rss_date(updated))
    for hub in channel.hubs:
        yield Element(f"{ATOM}link", attributes={"href": hub, "rel": "hub"})


def _item(entry: Entry, *, language: str | None) -> Any:
    item = start_entry(_item_elements(entry, language=language))
    item.title(entry.title)
    item.guid(entry.id, permalink=entry.id == entry.url)
    item.category(categories_of(entry))
    if entry.url:
        item.link(href=entry.url)
    if entry.summary:
        item.description(_as_html(entry.summary))
    return item


def _item_elements(entry: Entry, *, language: str | None) -> Iterator[Element]:
    yield Element("pubDate", rss_date(entry.published))
    if entry.updated != entry.published:
        yield Element(f"{ATOM}updated", entry.updated.isoformat())
    for author in entry.authors:
        yield _creator(author)
    if entry.language and entry.language != language:
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

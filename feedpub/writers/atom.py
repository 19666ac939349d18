"""Atom 1.0 (RFC 4287)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from feedpub.model import Author
from feedpub.writers.feedgen_ext import (
    ATOM_NAMESPACES,
    MEDIA,
    Element,
    categories_of,
    finish,
    start_atom,
    start_entry,
)
from feedpub.writers.formats import feed_url
from feedpub.writers.shell import cut_frame, make_shell, write_inside

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from feedpub.model import Channel, Enclosure, Entry
    from feedpub.writers.fragments import Frame

#: When a feed without entries was updated: Atom insists on a date, and the time of the run has no say.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


_SHELL = make_shell("feed", namespaces=ATOM_NAMESPACES)


def render_entries(entries: Sequence[Entry], *, language: str | None) -> list[bytes]:
    """Write each entry as it stands in feeds of that language."""
    # In two steps, since a processor's caches hold one of them, but not both.
    items = [_entry(entry, language=language) for entry in entries]
    return [write_inside(_SHELL, item.atom_entry()) for item in items]


def make_frame(channel: Channel, *, updated: datetime | None) -> Frame:
    """Write a channel's feed without entries, whose newest change was at that time."""
    atom = start_atom(channel, self_url=feed_url(channel, "atom"), updated=updated or NEVER)
    atom.subtitle(channel.description)
    # An entry without an author has the feed's (section 4.2.1), so there must be one.
    atom.author(_person(channel.author or Author(name=channel.title)))
    atom.feedpub.elements = tuple(Element("link", attributes={"href": hub, "rel": "hub"}) for hub in channel.hubs)
    return cut_frame(_SHELL, finish(atom.atom_str(pretty=True, xml_declaration=False)))


def _entry(entry: Entry, *, language: str | None) -> Any:
    item = start_entry(_entry_elements(entry), language=entry.language if entry.language != language else None)
    item.id(entry.id)
    item.title(entry.title)
    item.updated(entry.updated)
    item.published(entry.published)
    item.author([_person(author) for author in entry.authors])
    item.category(categories_of(entry))
    if entry.url:
        item.link(href=entry.url)
    # Without a link, content is required, even if it is empty (section 4.1.2).
    if entry.content or not entry.url:
        # Some readers take an empty element that has attributes for an object, and show the tag itself.
        item.content(entry.content, type="html" if entry.content else None)
    if entry.summary:
        item.summary(entry.summary, type="text")
    return item


def _entry_elements(entry: Entry) -> Iterator[Element]:
    for enclosure in entry.enclosures:
        yield _enclosure_link(enclosure)
    if entry.image:
        yield Element(f"{MEDIA}thumbnail", attributes={"url": entry.image})


def _enclosure_link(enclosure: Enclosure) -> Element:
    attributes = {"href": enclosure.url, "rel": "enclosure", "type": enclosure.type}
    if enclosure.length:
        attributes["length"] = str(enclosure.length)
    if enclosure.title:
        attributes["title"] = enclosure.title
    return Element("link", attributes=attributes)


def _person(author: Author) -> dict[str, str | None]:
    return {"name": author.name, "email": author.email, "uri": author.url}

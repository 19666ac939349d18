"""Atom 1.0 (RFC 4287)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from feedpub.model import Author
from feedpub.writers.feedgen_ext import MEDIA, Element, add_entry, categories_of, finish, start_atom
from feedpub.writers.fit import fit_feed
from feedpub.writers.formats import feed_url, make_document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from feedpub.model import Channel, Document, Enclosure, Entry, Feed

#: When a feed without entries was updated: Atom insists on a date, and the time of the run has no say.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def write_atom(feed: Feed) -> Document:
    """Write a feed as Atom 1.0."""
    feed = fit_feed(feed)
    channel = feed.channel
    atom = start_atom(channel, self_url=feed_url(channel, "atom"), updated=feed.updated or NEVER)
    atom.subtitle(channel.description)
    # An entry without an author has the feed's (section 4.2.1), so there must be one.
    atom.author(_person(channel.author or Author(name=channel.title)))
    for entry in feed.entries:
        _add_entry(atom, entry, channel=channel)
    return make_document(channel, "atom", finish(atom.atom_str(pretty=True, xml_declaration=False)))


def _add_entry(atom: Any, entry: Entry, *, channel: Channel) -> None:
    language = entry.language if entry.language != channel.language else None
    item = add_entry(atom, _entry_elements(entry), language=language)
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

"""feedgen with its faults mended: the one module that knows it.

feedgen is given only what it writes well: titles, ids, categories, Atom's texts and authors. All else is
handed to an extension as `Element`s, because feedgen 1.0

- strips `rel`, `type` and `length` from the links of an Atom entry, so that an enclosure becomes a second
  alternate link; writes the length `None` for an unknown one; keeps only the last enclosure for RSS;
- drops RSS authors without an e-mail address, and the feed's author always;
- writes content as `description` where there is no summary;
- wraps Media RSS in a `media:group`, which is for variants of one and the same medium;
- formats RSS dates between two calls of `setlocale`, which every thread of the process notices;
- dates what has no date by the clock, puts the newest entry first and links RSS to the last link it was given.

`tests/test_feedgen_faults.py` shows each of them, so that a mended feedgen is noticed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from feedgen.entry import FeedEntry  # type: ignore[import-untyped]
from feedgen.ext.base import BaseEntryExtension, BaseExtension  # type: ignore[import-untyped]
from feedgen.feed import FeedGenerator  # type: ignore[import-untyped]
from feedgen.util import xml_elem  # type: ignore[import-untyped]

from feedpub.writers.formats import GENERATOR, MEDIA_TYPES, XML_DECLARATION

if TYPE_CHECKING:
    from collections.abc import Iterable

    from feedpub.model import Channel, Entry

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
MEDIA = "{http://search.yahoo.com/mrss/}"
XML = "{http://www.w3.org/XML/1998/namespace}"

#: What a feed declares, by prefix. The last two are also feedgen's own.
RSS_NAMESPACES: Mapping[str, str] = MappingProxyType(
    {prefix: name.strip("{}") for prefix, name in (("dc", DC), ("media", MEDIA), ("atom", ATOM), ("content", CONTENT))},
)

#: feedgen writes Atom's own namespace like an attribute, and its elements as if they had none.
ATOM_NAMESPACES: Mapping[str, str] = MappingProxyType({"media": MEDIA.strip("{}")})

#: What symbols are named by: the standard for market identifiers, as RFC 5141 writes it.
SYMBOLS = "urn:iso:std:iso:10383"


class Element(NamedTuple):
    """An XML element to be: a name as lxml writes it (`{namespace}name`), and what it holds."""

    # Made many times for each entry, and twice as fast as a dataclass is.
    name: str
    text: str | None = None
    attributes: Mapping[str, str] | None = None
    children: tuple[Element, ...] = ()


class _Extension(BaseExtension):  # type: ignore[misc]
    """Appends elements to a channel or an Atom feed, after feedgen's own."""

    namespaces: ClassVar[Mapping[str, str]] = {}

    def __init__(self) -> None:
        self.elements: tuple[Element, ...] = ()

    def extend_ns(self) -> dict[str, str]:
        return dict(self.namespaces)

    def extend_rss(self, feed: Any) -> Any:
        _append(feed[0], self.elements)
        return feed

    def extend_atom(self, feed: Any) -> Any:
        _append(feed, self.elements)
        return feed


class _RssExtension(_Extension):
    namespaces = RSS_NAMESPACES


class _AtomExtension(_Extension):
    namespaces = ATOM_NAMESPACES


class _EntryExtension(BaseEntryExtension):  # type: ignore[misc]
    """Appends elements to an item or an Atom entry; sets the entry's language, and what its link is."""

    def __init__(self) -> None:
        self.elements: tuple[Element, ...] = ()
        self.language: str | None = None

    def extend_rss(self, feed: Any) -> Any:
        _append(feed, self.elements)
        return feed

    def extend_atom(self, feed: Any) -> Any:
        """Set the language, and mend the links."""
        if self.language:
            feed.set(f"{XML}lang", self.language)
        # feedgen was given the alternate link only, and says no longer that it is one.
        for link in feed.iterfind("link"):
            link.set("rel", "alternate")
        _append(feed, self.elements)
        return feed


class _Undated(datetime):
    """A date that feedgen leaves out: it prints a date if that is true."""

    def __bool__(self) -> bool:
        return False


_UNDATED = _Undated(1970, 1, 1, tzinfo=UTC)


def start_rss(channel: Channel, *, self_url: str) -> Any:
    """Return feedgen's generator for a channel's RSS, without entries and without any date."""
    feed = _start(channel, _RssExtension, self_url=self_url, media_type=MEDIA_TYPES["rss"])
    # Left alone, it would be the time of the run.
    feed.lastBuildDate(_UNDATED)
    feed.docs("https://www.rssboard.org/rss-specification")
    return feed


def start_atom(channel: Channel, *, self_url: str, updated: datetime) -> Any:
    """Return feedgen's generator for a channel's Atom feed, without entries."""
    feed = _start(channel, _AtomExtension, self_url=self_url, media_type=MEDIA_TYPES["atom"])
    feed.id(channel.id)
    feed.updated(updated)
    return feed


def start_entry(elements: Iterable[Element], *, language: str | None = None) -> Any:
    """Return feedgen's object for an entry that has these *elements* besides feedgen's own."""
    entry = FeedEntry()
    entry.register_extension("feedpub", _EntryExtension)
    entry.feedpub.elements = tuple(elements)
    entry.feedpub.language = language
    return entry


def categories_of(entry: Entry) -> list[dict[str, str]]:
    """Return an entry's categories in feedgen's terms, then its symbols under their scheme: RSS calls it domain."""
    symbols = [{"term": symbol, "scheme": SYMBOLS} for symbol in entry.symbols]
    return [{"term": name} for name in entry.categories] + symbols


def finish(text: bytes) -> bytes:
    """Put the XML declaration before what feedgen wrote."""
    return XML_DECLARATION + text


def rss_date(date: datetime) -> str:
    """Write a UTC date as RFC 822 does, with the year in four digits."""
    return format_datetime(date, usegmt=True)


def _start(channel: Channel, extension: type[_Extension], *, self_url: str, media_type: str) -> Any:
    feed = FeedGenerator()
    feed.register_extension("feedpub", extension)
    feed.title(channel.title)
    # The last link becomes the channel's in RSS.
    feed.link(href=self_url, rel="self", type=media_type)
    feed.link(href=channel.url, rel="alternate", type="text/html")
    feed.language(channel.language)
    feed.generator(GENERATOR)
    return feed


def _append(parent: Any, elements: Iterable[Element]) -> None:
    for element in elements:
        child = xml_elem(element.name, parent, attrib=element.attributes)
        child.text = element.text
        _append(child, element.children)

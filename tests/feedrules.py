"""What feeds must keep, rule by rule, written from the specifications and not from the writers.

A checker takes a document's bytes and returns what is wrong as lines that say where and what; an empty list
is a valid document. Order never matters. The rules are tables: which elements stand where and how often
(`Shape`), which values they hold (`Check`), and a function for whatever concerns more than one of them.

RSS: https://www.rssboard.org/rss-specification and rss-profile; Atom: RFC 4287; JSON Feed:
https://www.jsonfeed.org/version/1.1/; OPML: http://opml.org/spec2.opml; pages: HTML, by its own parser.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import html5lib  # type: ignore[import-untyped]
from lxml import etree, html  # type: ignore[import-untyped]

#: Tells what is wrong with a value, or nothing.
Check = Callable[[str], str | None]
Rule = Callable[[Any], Iterator[str]]

A = "{http://www.w3.org/2005/Atom}"
C = "{http://purl.org/rss/1.0/modules/content/}"
M = "{http://search.yahoo.com/mrss/}"
DC = "{http://purl.org/dc/elements/1.1/}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


# Values


def _pattern(pattern: str, what: str) -> Check:
    compiled = re.compile(pattern)
    return lambda value: None if compiled.fullmatch(value) else f"is no {what}"


def _one_of(*words: str) -> Check:
    return lambda value: None if value in words else f"is none of {', '.join(words)}"


_PCHAR = r"%[0-9A-Fa-f]{2}|[A-Za-z0-9\-._~:@!$&'()*+,;=]"
#: RFC 3986, with a scheme; all of ASCII, every "%" the start of an encoded byte, square brackets only around
#: an IPv6 address, and one "#" at most.
uri = _pattern(
    rf"[A-Za-z][A-Za-z0-9+.-]*:(?=.)(//({_PCHAR}|[\[\]])*(?![^/?#]))?({_PCHAR}|[/?])*(#({_PCHAR}|[/?])*)?",
    "absolute URI",
)
_WEB = re.compile(r"https?://([^/?#@]*@)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9\-._~!$&'()*+,;=]+)(:[0-9]+)?([/?#].*)?")


def address(value: str) -> str | None:
    """Check what a reader will follow: a URI, and on the web one with nothing encoded in its host (RFC 3490)."""
    if value.startswith("http") and not _WEB.fullmatch(value):
        return uri(value) or "has a host that few readers find"
    return uri(value)


#: RFC 5646, by its form.
language = _pattern(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*|[xi]-[A-Za-z0-9-]+", "language tag")
media_type = _pattern(r"[\w.+-]+/[\w.+-]+(\s*;.*)?", "media type")
number = _pattern(r"[0-9]+", "whole number")
#: An enclosure of no bytes is one whose length nobody knew.
positive = _pattern(r"0*[1-9][0-9]*", "positive number")
#: RFC 4287, section 3.2.3: that of RFC 2822, which is ASCII.
_EMAIL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+"
email = _pattern(_EMAIL, "e-mail address")
#: RSS profile: the address first, then the name in parentheses.
mailbox = _pattern(rf"{_EMAIL}( \(.+\))?", "e-mail address")
filled = _pattern(r"(?s).*\S.*", "text")

_RFC822 = re.compile(
    r"((Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d\d? (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    r" \d{4} \d\d:\d\d(:\d\d)? (UT|GMT|[ECMP][SD]T|[A-IK-Z]|[+-]\d{4})"
)
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def rfc822(value: str) -> str | None:
    """Check a date of RFC 822, section 5, with the year in four digits: its form, its day, its day of the week."""
    if not _RFC822.fullmatch(value):
        return "is no RFC 822 date"
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return "is no day"
    return None if "," not in value or value.startswith(f"{date:%a}") else "is no such day of the week"


def rfc3339(value: str) -> str | None:
    """Check a date of RFC 3339, section 5.6: its form, and that there is such a day."""
    if not _RFC3339.fullmatch(value):
        return "is no RFC 3339 date"
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return "is no day"
    return None


def absolute_html(value: str) -> str | None:
    """Check that HTML holds no address that depends on where it is read; "#note" is its own."""
    tree = html.fromstring(f"<div>{value}</div>")
    urls = [str(url).strip() for url in tree.xpath("//@href | //@src | //@poster | //@cite")]
    urls += [part.split()[0] for value in tree.xpath("//@srcset") for part in value.split(", ") if part.strip()]
    relative = [url for url in urls if not re.match(r"#|[A-Za-z][A-Za-z0-9+.-]*:", url)]
    return f"holds the relative address {relative[0]!r}" if relative else None


# Elements


@dataclass(frozen=True, slots=True)
class Shape:
    """Which elements a parent holds: exactly one, at most one, any number; others only from other namespaces."""

    one: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()
    many: tuple[str, ...] = ()

    def faults(self, parent: Any, *, own: str = "") -> Iterator[str]:
        """Tell which children are missing, too many or unknown; *own* is the format's own namespace."""
        counts = Counter(child.tag for child in parent.iterchildren(etree.Element))
        yield from (f"{where(parent)}: lacks {bare(name)}" for name in self.one if not counts[name])
        for name, count in counts.items():
            if count > 1 and name in self.one + self.maybe:
                yield f"{where(parent)}: has more than one {bare(name)}"
            known = name in self.one + self.maybe + self.many
            if not known and (name.startswith(own) if own else "{" not in name):
                yield f"{where(parent)}: knows no {bare(name)}"


#: Where, which attribute (or the text), and what it must be.
Values = Iterable[tuple[str, str | None, Check]]


def where(element: Any) -> str:
    """Name an element's place below the root, such as `channel/item[3]/guid`; the root by its own name."""
    path = bare(element.getroottree().getelementpath(element))
    return bare(element.tag) if path == "." else path


def bare(name: str) -> str:
    """Take the namespaces out of a name or a path."""
    return re.sub(r"\{[^}]*\}", "", name)


def wrong_values(root: Any, values: Values) -> Iterator[str]:
    """Tell which values are not what they must be; an absent attribute is another rule's concern."""
    for path, attribute, check in values:
        for element in root.iterfind(path):
            value = element.get(attribute) if attribute else element.text or ""
            reason = None if value is None else check(value)
            if reason:
                yield f"{where(element)}{'/@' + bare(attribute) if attribute else ''}: {reason}: {value[:80]!r}"


def missing_attributes(root: Any, attributes: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Tell which elements lack an attribute that they need."""
    for path, names in attributes.items():
        for element in root.iterfind(path):
            yield from (f"{where(element)}: lacks {name}" for name in names if element.get(name) is None)


def repeated(values: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Tell which of (place, id) have an id that came before."""
    seen = set[str]()
    for place, value in values:
        if value in seen:
            yield f"{place}: is not unique: {value!r}"
        seen.add(value)


def _check_xml(body: bytes, rules: Iterable[Rule], *, root: str) -> list[str]:
    try:
        tree = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    except etree.XMLSyntaxError as error:
        return [f"is not well-formed: {error}"]
    if tree.tag != root:
        return [f"is no {root} but {tree.tag}"]
    return [fault for rule in rules for fault in rule(tree)]


# RSS

RSS_CHANNEL = Shape(
    one=("title", "link", "description"),
    maybe=(
        *("language", "copyright", "managingEditor", "webMaster", "pubDate", "lastBuildDate", "generator"),
        *("docs", "cloud", "ttl", "image", "rating", "textInput", "skipHours", "skipDays"),
    ),
    many=("category", "item"),
)
RSS_ITEM = Shape(
    maybe=(
        *("title", "link", "description", "author", "comments", "enclosure", "guid", "pubDate", "source"),
        f"{C}encoded",
    ),
    many=("category",),
)
RSS_VALUES: Values = (
    ("channel/title", None, filled),
    ("channel/link", None, address),
    ("channel/description", None, filled),
    ("channel/docs", None, uri),
    ("channel/language", None, language),
    ("channel/managingEditor", None, mailbox),
    ("channel/webMaster", None, mailbox),
    ("channel/lastBuildDate", None, rfc822),
    ("channel/pubDate", None, rfc822),
    (f"channel/{A}link", "href", address),
    ("channel/item/title", None, filled),
    ("channel/item/link", None, address),
    ("channel/item/author", None, mailbox),
    ("channel/item/category", None, filled),
    ("channel/item/category", "domain", filled),
    ("channel/item/guid", None, filled),
    ("channel/item/guid", "isPermaLink", _one_of("true", "false")),
    ("channel/item/pubDate", None, rfc822),
    (f"channel/item/{A}updated", None, rfc3339),
    ("channel/item/enclosure", "url", address),
    ("channel/item/enclosure", "length", positive),
    ("channel/item/enclosure", "type", media_type),
    (f"channel/item/{M}content", "url", address),
    (f"channel/item/{M}content", "type", media_type),
    (f"channel/item/{M}content", "fileSize", positive),
    (f"channel/item/{M}content", "duration", number),
    (f"channel/item/{M}thumbnail", "url", address),
    (f"channel/item/{DC}creator", None, filled),
    (f"channel/item/{DC}language", None, language),
    (f"channel/item/{C}encoded", None, absolute_html),
    ("channel/item/description", None, absolute_html),
)
RSS_ATTRIBUTES = {
    "channel/item/enclosure": ("url", "length", "type"),
    f"channel/item/{M}content": ("url",),
    f"channel/item/{M}thumbnail": ("url",),
}


def _rss_shape(root: Any) -> Iterator[str]:
    if root.get("version") != "2.0":
        yield f"rss: is of version {root.get('version')!r}, not '2.0'"
    yield from Shape(one=("channel",)).faults(root)
    for channel in root.iterfind("channel"):
        yield from RSS_CHANNEL.faults(channel)


def _rss_items(root: Any) -> Iterator[str]:
    for item in root.iterfind("channel/item"):
        yield from RSS_ITEM.faults(item)
        if item.find("title") is None and item.find("description") is None:
            yield f"{where(item)}: has neither title nor description"
        if item.find("guid") is None:
            yield f"{where(item)}: lacks guid"


def _rss_guids(root: Any) -> Iterator[str]:
    guids = root.findall("channel/item/guid")
    yield from repeated((where(guid), guid.text or "") for guid in guids)
    for guid in guids:
        # A guid is taken for a permalink unless it says that it is none.
        reason = uri(guid.text or "") if guid.get("isPermaLink", "true") == "true" else None
        if reason:
            yield f"{where(guid)}: {reason}: {guid.text!r}"


def _rss_self(root: Any) -> Iterator[str]:
    links = [link for link in root.iterfind(f"channel/{A}link") if link.get("rel") == "self"]
    if len(links) != 1:
        yield f"channel: has {len(links)} links to itself, not 1"
    yield from (
        f"{where(link)}: is of type {link.get('type')!r}" for link in links if link.get("type") != "application/rss+xml"
    )


RSS_RULES: tuple[Rule, ...] = (
    _rss_shape,
    _rss_items,
    _rss_guids,
    _rss_self,
    lambda root: wrong_values(root, RSS_VALUES),
    lambda root: missing_attributes(root, RSS_ATTRIBUTES),
)


def check_rss(body: bytes) -> list[str]:
    """Tell what is wrong with an RSS 2.0 feed."""
    return _check_xml(body, RSS_RULES, root="rss")


# Atom

ATOM_FEED = Shape(
    one=(f"{A}id", f"{A}title", f"{A}updated"),
    maybe=tuple(A + name for name in ("subtitle", "generator", "icon", "logo", "rights")),
    many=tuple(A + name for name in ("author", "category", "contributor", "link", "entry")),
)
ATOM_ENTRY = Shape(
    one=(f"{A}id", f"{A}title", f"{A}updated"),
    maybe=tuple(A + name for name in ("published", "content", "summary", "rights", "source")),
    many=tuple(A + name for name in ("author", "category", "contributor", "link")),
)
ATOM_PERSON = Shape(one=(f"{A}name",), maybe=(f"{A}email", f"{A}uri"))
_TEXT_TYPE = _one_of("text", "html", "xhtml")
ATOM_VALUES: Values = (
    (".", LANG, language),
    (f"{A}entry", LANG, language),
    *((f"{A}{name}", "type", _TEXT_TYPE) for name in ("title", "subtitle")),
    *((f"{A}entry/{A}{name}", "type", _TEXT_TYPE) for name in ("title", "summary")),
    (f".//{A}id", None, uri),
    (f".//{A}updated", None, rfc3339),
    (f".//{A}published", None, rfc3339),
    (f".//{A}title", None, filled),
    (f".//{A}name", None, filled),
    (f".//{A}email", None, email),
    (f".//{A}uri", None, address),
    (f".//{A}link", "href", address),
    (f".//{A}link", "type", media_type),
    (f".//{A}link", "length", positive),
    (f".//{A}category", "term", filled),
    (f".//{A}category", "scheme", filled),
    (f".//{M}thumbnail", "url", address),
    (f"{A}entry/{A}content[@type='html']", None, absolute_html),
)
ATOM_ATTRIBUTES = {
    f".//{A}link": ("href",),
    f".//{A}category": ("term",),
    f".//{A}link[@rel='enclosure']": ("type",),
    f".//{M}thumbnail": ("url",),
}


def _atom_shape(root: Any) -> Iterator[str]:
    yield from ATOM_FEED.faults(root, own=A)
    for entry in root.iterfind(f"{A}entry"):
        yield from ATOM_ENTRY.faults(entry, own=A)
    for author in root.iterfind(f".//{A}author"):
        yield from ATOM_PERSON.faults(author, own=A)


def _atom_ids(root: Any) -> Iterator[str]:
    yield from repeated((where(id_), id_.text or "") for id_ in root.iterfind(f"{A}entry/{A}id"))


def _atom_authors(root: Any) -> Iterator[str]:
    # RFC 4287, section 4.1.1: a feed's author stands for the entries that name none.
    if root.find(f"{A}author") is None:
        for entry in root.iterfind(f"{A}entry"):
            if entry.find(f"{A}author") is None:
                yield f"{where(entry)}: has no author, nor has the feed"


def _atom_links(root: Any) -> Iterator[str]:
    selves = sum(link.get("rel") == "self" for link in root.iterfind(f"{A}link"))
    if selves != 1:
        yield f"feed: has {selves} links to itself, not 1"
    for parent in (root, *root.iterfind(f"{A}entry")):
        kinds = Counter((link.get("type"), link.get("hreflang")) for link in _alternates(parent))
        if any(count > 1 for count in kinds.values()):
            yield f"{where(parent)}: has more than one alternate link of a kind"


def _atom_content(root: Any) -> Iterator[str]:
    for entry in root.iterfind(f"{A}entry"):
        if entry.find(f"{A}content") is None and not _alternates(entry):
            yield f"{where(entry)}: has neither content nor an alternate link"


def _alternates(parent: Any) -> list[Any]:
    return [link for link in parent.iterfind(f"{A}link") if link.get("rel", "alternate") == "alternate"]


ATOM_RULES: tuple[Rule, ...] = (
    _atom_shape,
    _atom_ids,
    _atom_authors,
    _atom_links,
    _atom_content,
    lambda root: wrong_values(root, ATOM_VALUES),
    lambda root: missing_attributes(root, ATOM_ATTRIBUTES),
)


def check_atom(body: bytes) -> list[str]:
    """Tell what is wrong with an Atom 1.0 feed."""
    return _check_xml(body, ATOM_RULES, root=f"{A}feed")


# JSON Feed

#: Tells the faults of a member's value, given its place.
Member = Callable[[Any, str], Iterator[str]]


def _text(check: Check = lambda _: None) -> Member:
    def member(value: Any, place: str) -> Iterator[str]:
        reason = check(value) if isinstance(value, str) else "is no string"
        if reason:
            yield f"{place}: {reason}: {str(value)[:80]!r}"

    return member


def _list(of: Member) -> Member:
    def member(value: Any, place: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{place}: is no array"
            return
        for index, each in enumerate(value):
            yield from of(each, f"{place}[{index}]")

    return member


def _object(members: Mapping[str, Member], *, required: tuple[str, ...] = ()) -> Member:
    def member(value: Any, place: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{place}: is no object"
            return
        yield from (f"{place}: lacks {name}" for name in required if name not in value)
        for name, each in value.items():
            # Extensions are named with an underscore, and are whatever they like.
            if name in members:
                yield from members[name](each, f"{place}.{name}")
            elif not name.startswith("_"):
                yield f"{place}: knows no {name}"

    return member


def _size(value: Any, place: str) -> Iterator[str]:
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        yield f"{place}: is no positive number: {value!r}"


def _flag(value: Any, place: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield f"{place}: is neither true nor false: {value!r}"


_AUTHOR = _object({"name": _text(filled), "url": _text(uri), "avatar": _text(uri)})
_ATTACHMENT = _object(
    {
        "url": _text(uri),
        "mime_type": _text(media_type),
        "title": _text(),
        "size_in_bytes": _size,
        "duration_in_seconds": _size,
    },
    required=("url", "mime_type"),
)
_ITEM = _object(
    {
        "id": _text(filled),
        "title": _text(filled),
        "content_html": _text(absolute_html),
        "content_text": _text(),
        "summary": _text(),
        "date_published": _text(rfc3339),
        "date_modified": _text(rfc3339),
        "language": _text(language),
        "tags": _list(_text(filled)),
        "authors": _list(_AUTHOR),
        "attachments": _list(_ATTACHMENT),
        **dict.fromkeys(("url", "external_url", "image", "banner_image"), _text(uri)),
    },
    required=("id",),
)
_HUB = _object({"type": _text(filled), "url": _text(uri)}, required=("type", "url"))
_FEED = _object(
    {
        "version": _text(_one_of("https://jsonfeed.org/version/1.1")),
        "title": _text(filled),
        "description": _text(),
        "user_comment": _text(),
        "language": _text(language),
        "expired": _flag,
        "authors": _list(_AUTHOR),
        "items": _list(_ITEM),
        "hubs": _list(_HUB),
        **dict.fromkeys(("home_page_url", "feed_url", "next_url", "icon", "favicon"), _text(uri)),
    },
    required=("version", "title", "items", "feed_url"),
)


def check_json(body: bytes) -> list[str]:
    """Tell what is wrong with a feed of JSON Feed 1.1."""
    try:
        feed = json.loads(body.decode())
    except ValueError as error:
        return [f"is no JSON: {error}"]
    return [*_FEED(feed, "feed"), *_json_items(feed)]


def _json_items(feed: Any) -> Iterator[str]:
    items = feed.get("items") if isinstance(feed, dict) else None
    known = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    yield from repeated((f"feed.items[{n}].id", str(item.get("id"))) for n, item in enumerate(known))
    for n, item in enumerate(known):
        if "content_html" not in item and "content_text" not in item:
            yield f"feed.items[{n}]: has neither content_html nor content_text"
        yield from _json_authors(item, f"feed.items[{n}]")
    yield from _json_authors(feed, "feed") if isinstance(feed, dict) else ()


def _json_authors(value: Mapping[str, Any], place: str) -> Iterator[str]:
    yield from (f"{place}.authors: one says nothing" for author in value.get("authors", ()) if author == {})


# OPML

OPML_VALUES: Values = (
    ("head/title", None, filled),
    (".//outline", "text", filled),
    (".//outline", "xmlUrl", address),
    (".//outline", "htmlUrl", address),
    (".//outline", "type", _one_of("rss")),
    (".//outline", "language", language),
)
OPML_ATTRIBUTES = {".//outline": ("text",), ".//outline[@type='rss']": ("xmlUrl",)}


def _opml_shape(root: Any) -> Iterator[str]:
    if root.get("version") != "2.0":
        yield f"opml: is of version {root.get('version')!r}, not '2.0'"
    yield from Shape(one=("head", "body")).faults(root)
    for body in root.iterfind("body"):
        yield from Shape(many=("outline",)).faults(body)
        if not len(body):
            yield "body: has no outline"


def _opml_subscriptions(root: Any) -> Iterator[str]:
    feeds = root.findall(".//outline[@xmlUrl]")
    yield from repeated((where(feed), feed.get("xmlUrl")) for feed in feeds)
    # A subscription list is of feeds, and of outlines that hold feeds.
    yield from (f"{where(feed)}: is a feed and holds others" for feed in feeds if len(feed))
    yield from (f"{where(feed)}: is no feed by its type" for feed in feeds if feed.get("type") is None)


OPML_RULES: tuple[Rule, ...] = (
    _opml_shape,
    _opml_subscriptions,
    lambda root: wrong_values(root, OPML_VALUES),
    lambda root: missing_attributes(root, OPML_ATTRIBUTES),
)


def check_opml(body: bytes) -> list[str]:
    """Tell what is wrong with a subscription list in OPML 2.0."""
    return _check_xml(body, OPML_RULES, root="opml")


# Pages


def check_page(body: bytes) -> list[str]:
    """Tell what is wrong with a page that offers feeds."""
    parser = html5lib.HTMLParser(html5lib.getTreeBuilder("lxml"), namespaceHTMLElements=False)
    root = parser.parse(body, transport_encoding="utf-8").getroot()
    faults = [f"line {place[0]}: {code}" for place, code, _ in parser.errors]
    return faults + [fault for rule in PAGE_RULES for fault in rule(root)]


def _page_head(root: Any) -> Iterator[str]:
    if root.find("head/meta[@charset='utf-8']") is None:
        yield "head: does not say that it is UTF-8"
    if not (root.findtext("head/title") or "").strip():
        yield "head: has no title"
    tag = root.get("lang")
    if tag is not None and language(tag):
        yield f"html/@lang: {language(tag)}: {tag!r}"


def _page_feeds(root: Any) -> Iterator[str]:
    links = root.findall("head/link[@rel='alternate']")
    if not links:
        yield "head: links to no feed"
    for link in links:
        if not link.get("href") or media_type(link.get("type", "")):
            yield f"head/link: lacks href or type: {link.get('href')!r}"


def _page_links(root: Any) -> Iterator[str]:
    for link in root.iterfind(".//*[@href]"):
        if re.match(r"/|[A-Za-z][A-Za-z0-9+.-]*:", link.get("href")):
            yield f"{link.tag}: its address is not relative: {link.get('href')!r}"


def _page_script(root: Any) -> Iterator[str]:
    if root.find(".//script") is not None or root.xpath("//@*[starts-with(name(), 'on')]"):
        yield "page: runs a script"


PAGE_RULES: tuple[Rule, ...] = (_page_head, _page_feeds, _page_links, _page_script)

CHECKERS: Mapping[str, Callable[[bytes], list[str]]] = {
    "rss": check_rss,
    "atom": check_atom,
    "json": check_json,
}

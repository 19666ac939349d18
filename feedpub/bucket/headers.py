"""What a document is, by its name and its beginning: the headers that it is served with, and when it goes up."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache
from typing import Literal, NamedTuple

#: How much of a file tells what it is, in bytes.
BEGINNING = 4096

#: What a document is for, in the order in which they go up: nobody is told of what is not there yet.
Rank = Literal["media", "archive", "feed", "page"]
RANKS: tuple[Rank, ...] = ("media", "archive", "feed", "page")

RSS, ATOM, JSON_FEED = "application/rss+xml", "application/atom+xml", "application/feed+json"
_FEEDS = frozenset({RSS, ATOM, JSON_FEED})
_OPML = "text/x-opml"
_HTML = "text/html"
_CSS, _SCRIPT = "text/css", "text/javascript"
_XML = "application/xml"

#: What goes up last. XML that is no feed lists what is elsewhere: pages (a sitemap) or feeds (OPML). Styles and scripts
#: keep their names when they change, and are to change when the pages do that need them.
_PAGES = frozenset({_HTML, "application/xhtml+xml", _OPML, _XML, "text/xml", _CSS, _SCRIPT})

#: As the writers name them.
_NAMES = {"rss.xml": RSS, "atom.xml": ATOM, "feed.json": JSON_FEED}

#: What nobody writes but the build, each time a new file in the place of the old one. Pages may be others' own.
_BUILT = frozenset({*_NAMES, "feeds.opml"})

#: The system's own table is another one on every machine, and says `application/xml` of feeds.
_TYPES = {
    ".aac": "audio/aac",
    ".apng": "image/apng",
    ".avi": "video/x-msvideo",
    ".avif": "image/avif",
    ".bmp": "image/bmp",
    ".css": _CSS,
    ".csv": "text/csv",
    ".epub": "application/epub+zip",
    ".flac": "audio/flac",
    ".gif": "image/gif",
    ".heic": "image/heic",
    ".heif": "image/heif",
    ".htm": _HTML,
    ".html": _HTML,
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": _SCRIPT,
    ".json": "application/json",
    ".jxl": "image/jxl",
    ".m4a": "audio/mp4",
    ".m4b": "audio/mp4",
    ".m4v": "video/mp4",
    ".mjs": _SCRIPT,
    ".mkv": "video/x-matroska",
    ".mov": "video/quicktime",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".mpeg": "video/mpeg",
    ".mpg": "video/mpeg",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".ogv": "video/ogg",
    ".opml": _OPML,
    ".opus": "audio/ogg",
    ".otf": "font/otf",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".ttf": "font/ttf",
    ".txt": "text/plain",
    ".vtt": "text/vtt",
    ".wasm": "application/wasm",
    ".wav": "audio/wav",
    ".weba": "audio/webm",
    ".webm": "video/webm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xhtml": "application/xhtml+xml",
    ".xml": _XML,
    ".xsl": "application/xslt+xml",
    ".zip": "application/zip",
}
_UNKNOWN = "application/octet-stream"

#: The root of a feed, after a declaration, instructions, comments and a document type. What was skipped stays skipped
#: (`*+`, `(?>`): else a comment could reach to the end of a later one.
_ROOT = re.compile(
    rb"(?:\xef\xbb\xbf)?"
    rb"(?>\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*+(?:\[.*?\]\s*+)?>)*+"
    rb"<(?:[\w.-]+:)?(rss|RDF|feed)[\s/>]",
    re.DOTALL,
)
_ROOTS = {b"rss": RSS, b"RDF": RSS, b"feed": ATOM}

_MEDIA = ("image/", "audio/", "video/", "font/")
_TEXT = ("+xml", "+json", "/xml", "/json", "/javascript")

_SHORT = "public, max-age=300"
_FOR_EVER = "public, max-age=31536000, immutable"


class Rule(NamedTuple):
    """What an operator wants of documents; `None` where he says nothing."""

    match: str  #: A glob over the key; its `*` takes in slashes.
    cache_control: str | None = None
    content_type: str | None = None
    gzip: bool | None = None


def tell_type(key: str, beginning: bytes) -> str:
    """Tell what a document is, as a type without parameters; *beginning* is its first `BEGINNING` bytes."""
    name = key.rpartition("/")[2]
    if name in _NAMES:
        return _NAMES[name]
    kind = _TYPES.get(os.path.splitext(name)[1].lower(), _UNKNOWN)
    if kind == _XML and (root := _ROOT.match(beginning)):
        return _ROOTS[root[1]]
    return kind


def is_built(key: str) -> bool:
    """Tell whether a document has a name as the build gives them: such a file is replaced, and not written into."""
    return key.rpartition("/")[2] in _BUILT


def rank_of(key: str, kind: str) -> Rank:
    """Tell when a document goes up; *kind* is its type. A feed may name whatever is no feed, page or list."""
    # A rule may serve it as something else: that a feed is `text/xml` brings it no forwarder.
    if kind in _FEEDS or (plain := tell_type(key, b"")) in _FEEDS:
        # By the file's name alone: a folder of that name is a category called "Archive".
        return "archive" if key.rpartition("/")[2].startswith("archive-") else "feed"
    return "page" if kind in _PAGES or plain in _PAGES else "media"


def headers_of(key: str, kind: str, *, rules: Sequence[Rule] = (), compress: bool = False) -> Mapping[str, str]:
    """Say what a document is served with; for each header the first of *rules* decides that says something of it.

    With *compress*, all text is compressed about which no rule says anything.
    """
    ours = [rule for rule in rules if fnmatchcase(key, rule.match)]
    usual = _headers_of_kind(kind, rank_of(key, kind), compress=compress)
    return _apply(ours, usual) if ours else usual


@cache
def _headers_of_kind(kind: str, rank: Rank, *, compress: bool) -> Mapping[str, str]:
    headers = {
        "Content-Type": f"{kind}; charset=utf-8" if _is_text(kind) else kind,
        "Cache-Control": _cache(kind, rank),
    }
    return headers | ({"Content-Encoding": "gzip"} if compress and _is_text(kind) else {})


def _cache(kind: str, rank: Rank) -> str:
    """Say how long a document may be kept: media get another name when they change, and closed archives never do."""
    return _FOR_EVER if rank == "archive" or kind.startswith(_MEDIA) else _SHORT


def _apply(rules: Sequence[Rule], usual: Mapping[str, str]) -> Mapping[str, str]:
    headers = dict(usual)
    # The first rule that says something is applied last.
    for rule in reversed(rules):
        encoding = None if rule.gzip is None else "gzip" if rule.gzip else ""
        said = {
            "Content-Type": rule.content_type,
            "Cache-Control": rule.cache_control,
            "Content-Encoding": encoding,
        }
        headers |= {name: value for name, value in said.items() if value is not None}
    return {name: value for name, value in headers.items() if value}


def encode(body: bytes, headers: Mapping[str, str]) -> bytes:
    """Give the bytes that go with these headers; the same ones each time."""
    if headers.get("Content-Encoding") != "gzip":
        return body
    import gzip

    # Without a time in it, `gzip` writes the same bytes each time.
    return gzip.compress(body, 6, mtime=0)


def _is_text(kind: str) -> bool:
    return kind.startswith("text/") or kind.endswith(_TEXT)


def is_feed(key: str, headers: Mapping[str, str]) -> bool:
    """Tell whether a document is a feed that grows, and no archive."""
    return rank_of(key, type_of(headers)) == "feed"


def type_of(headers: Mapping[str, str]) -> str:
    """Give the type in a document's headers, without parameters; "" where there is none."""
    return headers.get("Content-Type", "").partition(";")[0].strip()

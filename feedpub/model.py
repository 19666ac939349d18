"""What travels from stage to stage: frozen values, in the words of Atom.

Collections are tuples, dates are aware and in UTC, and `None` or an empty tuple says "absent".
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal, NamedTuple

Markup = Literal["html", "markdown"]

#: A category from its root to its leaf, such as `("金融", "新浪财经")`.
CategoryPath = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who wrote an entry or answers for a feed."""

    name: str
    email: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A media file attached to an entry."""

    url: str
    type: str  #: Media type (RFC 6838), such as `audio/mpeg`.
    length: int | None = None  #: In bytes; `None` where nobody said.
    seconds: int | None = None  #: Duration of audio and video.
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One file as its author left it: the front matter understood, the body not yet touched."""

    name: str  #: The path below its source, parts joined by "/".
    title: str  #: Plain text.
    body: str
    markup: Markup
    published: datetime | None = None
    exact: bool = True  #: False where `published` was said relative to now ("昨天 08:30").
    updated: datetime | None = None
    categories: tuple[CategoryPath, ...] = ()  #: As listed: `[A, B]` is one path, `[[A], [B]]` are two.
    tags: tuple[str, ...] = ()
    authors: tuple[Author, ...] = ()
    slug: str | None = None
    link: str | None = None  #: The article's own web address, absolute or a path.
    own_id: str | None = None  #: What `id`, `guid` or `abbrlink` says, as it stands there.
    image: str | None = None
    summary: str | None = None  #: As written: plain text, or HTML.
    language: str | None = None  #: BCP 47.
    enclosures: tuple[Enclosure, ...] = ()
    draft: bool = False
    notes: tuple[str, ...] = ()  #: What was mended while reading, for the operator.


class Sentence(NamedTuple):
    """A sentence of an article, its words left behind."""

    digest: int
    size: int  #: In characters.


class Sighting(NamedTuple):
    """An article as one run found it, its body left behind in the file.

    A tuple, since a hundred thousand of them pass from process to process.
    """

    name: str  #: Tells the file from all others of the run.
    title: str
    text: str  #: Digest by which two files with the same story know each other.
    visible: str  #: Digest of what a reader would notice: title and text.
    bytes: str = ""  #: Digest of the file.
    own_id: str | None = None
    link: str | None = None
    address: str = ""  #: The link as `identity_of_link` gives it.
    published: datetime | None = None
    exact: bool = True
    updated: datetime | None = None
    categories: tuple[CategoryPath, ...] = ()
    tags: tuple[str, ...] = ()
    enclosures: tuple[str, ...] = ()  #: Their addresses.
    draft: bool = False
    notes: tuple[str, ...] = ()
    sentences: tuple[Sentence, ...] = ()  #: By their digests; only where texts that are nearly the same are joined.


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """An article that cannot be read, and why."""

    name: str
    reason: str
    passing: bool = False  #: True where the system refuses it, which it may not do the next time.


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What the ledger knows of an entry-to-be: an id and dates for ever, told by one file or several."""

    id: str
    published: datetime
    updated: datetime
    name: str  #: The file whose words are shown, as `Sighting` names it.
    early: bool = False  #: True where it was first seen before its date.
    categories: tuple[CategoryPath, ...] = ()  #: Those of all its files.
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An article as subscribers see it: clean, with an id and dates that do not change."""

    id: str  #: An absolute IRI, percent-encoded to ASCII.
    title: str  #: Plain text, never empty.
    published: datetime
    updated: datetime
    url: str | None = None
    summary: str = ""  #: Plain text.
    content: str = ""  #: Clean HTML.
    authors: tuple[Author, ...] = ()
    categories: tuple[str, ...] = ()  #: Names, each once; tags included.
    image: str | None = None
    enclosures: tuple[Enclosure, ...] = ()
    language: str | None = None
    symbols: tuple[str, ...] = ()  #: `MIC:code` (ISO 10383), such as `XSHG:688981`.


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A feed's definition: all that is said of a feed before its first entry."""

    id: str  #: An absolute IRI, the same for ever.
    title: str
    folder: str  #: Below the output folder: "" for the feed of all articles, else "jin-rong/cai-jing".
    url: str  #: Where that folder is served, with a "/" at its end.
    label: str = ""  #: The title where it is plain which site and category it belongs to; "" for the title itself.
    description: str = ""
    language: str | None = None
    author: Author | None = None
    path: CategoryPath = ()
    hubs: tuple[str, ...] = ()  #: Addresses where readers may ask to be told of news (WebSub).


@dataclass(frozen=True, kw_only=True)
class Feed:
    """A channel with its entries, newest first."""

    channel: Channel
    entries: tuple[Entry, ...]

    @property
    def updated(self) -> datetime | None:
        """When an entry last changed. The time of the run has no say."""
        return max((entry.updated for entry in self.entries), default=None)


@dataclass(frozen=True, kw_only=True)
class Document:
    """A file ready to be stored."""

    path: str  #: Below the output folder, parts joined by "/".
    type: str  #: Media type, without parameters.
    body: bytes

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the body, in hexadecimal."""
        return hashlib.sha256(self.body).hexdigest()

"""From files to articles: listing, decoding, front matter, dates.

A file that cannot be read becomes a `Rejected` in the stream, and costs no other article anything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any, NamedTuple

from feedpub.collector.files import UNKNOWN, Folder, Found, Listed, Patterns, Stamp, read, readable_name, scan, walk
from feedpub.errors import ArticleError
from feedpub.model import Article, Rejected, Sentence, Sighting
from feedpub.urls import identity_of_link

if TYPE_CHECKING:
    from feedpub.collector.matter import Matter

__all__ = [
    "UNKNOWN",
    "VERSION",
    "Folder",
    "Found",
    "Listed",
    "Patterns",
    "Same",
    "Stamp",
    "body_as_html",
    "read_found",
    "readable_name",
    "scan",
    "survey",
    "walk",
]

#: To be raised with every change of what is read in a file: what other versions have read is read again.
VERSION = 1


class Same(NamedTuple):
    """A file that holds what it held when it was last read, though its stamp is another one."""

    name: str


def survey(
    batch: Sequence[Found], *, zone: tzinfo, now: datetime, sketched: bool = False
) -> list[Sighting | Same | Rejected]:
    """Read a batch of files and keep all but their bodies, so that memory does not grow with the texts.

    Where they are to be *sketched*, their sentences are told apart.
    """
    # What reads front matter takes its time to load.
    from feedpub.collector.fingerprint import digest_article, digest_bytes
    from feedpub.collector.frontmatter import glance_into, open_matter

    def digest(found: Found, raw: bytes) -> tuple[bytes, str] | Same:
        digest = digest_bytes(raw)
        return Same(found.name) if digest == found.bytes else (raw, digest)

    def open_(found: Found, read: tuple[bytes, str]) -> tuple[Matter, str]:
        return open_matter(read[0], name=found.below), read[1]

    def glance(found: Found, opened: tuple[Matter, str]) -> tuple[Article, str]:
        return glance_into(opened[0], name=found.below, zone=zone, now=now), opened[1]

    def sight(found: Found, glanced: tuple[Article, str]) -> Sighting:
        article, bytes_ = glanced
        sentences = _sketch(article.body) if sketched else ()
        return _sight(found.name, article, bytes_, digest_article(article), sentences)

    # Stage by stage: a processor's caches hold one of them, but not all, and a third of the time is saved.
    values: list[Any] = list(batch)
    for stage in (lambda found, _: read(found), digest, open_, glance, sight):
        values = [_attempt(stage, found, value) for found, value in zip(batch, values, strict=True)]
    return values


def _attempt(stage: Callable[[Found, Any], Any], found: Found, value: Any) -> Any:
    """Take a file through a stage, unless its way ended at an earlier one."""
    if isinstance(value, Same | Rejected):
        return value
    try:
        return stage(found, value)
    except ArticleError as error:
        return Rejected(name=found.name, reason=error.reason, passing=error.passing)


def _sight(
    name: str, article: Article, bytes_: str, digests: tuple[str, str], sentences: tuple[Sentence, ...]
) -> Sighting:
    text, visible = digests
    return Sighting(
        name=name,
        title=article.title,
        text=text,
        visible=visible,
        bytes=bytes_,
        own_id=article.own_id,
        link=article.link,
        address=identity_of_link(article.link),
        published=article.published,
        exact=article.exact,
        updated=article.updated,
        categories=article.categories,
        tags=article.tags,
        enclosures=tuple([enclosure.url for enclosure in article.enclosures]),
        draft=article.draft,
        notes=article.notes,
        sentences=sentences,
    )


def _sketch(body: str) -> tuple[Sentence, ...]:
    from feedpub.collector.sketch import sketch

    return sketch(body)


def read_found(found: Found, *, zone: tzinfo, now: datetime) -> Article:
    """Read one article with its body.

    Raises:
        ArticleError: It cannot be read, or is not what it was when it was surveyed.
    """
    from feedpub.collector.fingerprint import digest_bytes
    from feedpub.collector.frontmatter import read_article

    raw = read(found)
    if found.bytes and digest_bytes(raw) != found.bytes:
        raise ArticleError(found.name, "changed while it was read; the next run takes it as it is then", passing=True)
    return read_article(raw, name=found.below, zone=zone, now=now)


def body_as_html(article: Article) -> str:
    """Give the article's body as HTML, not yet clean."""
    from feedpub.collector.markup import to_html

    return to_html(article.body, article.markup)

"""From files to articles: listing, decoding, front matter, dates.

A file that cannot be read becomes a `Rejected` in the stream, and costs no other article anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from feedpub.collector.files import UNKNOWN, Folder, Found, Listed, Patterns, Stamp, read, readable_name, scan, walk
from feedpub.errors import ArticleError
from feedpub.model import Article, Rejected, Sentence, Sighting
from feedpub.urls import identity_of_link

if TYPE_CHECKING:
    from feedpub.collector.frontmatter import Glance, Glanced
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
    "read_all",
    "read_found",
    "readable_name",
    "scan",
    "survey",
    "walk",
]

#: To be raised with every change of what is read in a file: what other versions have read is read again.
VERSION = 2

_In = TypeVar("_In")
_Out = TypeVar("_Out")


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

    def open_(found: Found, held: tuple[bytes, str]) -> tuple[Matter, str]:
        return open_matter(held[0], name=found.below), held[1]

    def glance(found: Found, opened: tuple[Matter, str]) -> tuple[Glance, str]:
        return glance_into(opened[0], name=found.below, zone=zone, now=now), opened[1]

    def sight(found: Found, glanced: tuple[Glance, str]) -> Sighting:
        seen, bytes_ = glanced
        body = seen.raw[seen.start :]
        digests = digest_article(body, title=seen.title, link=seen.link)
        return _sight(found.name, bytes_, seen, digests, _sketch(body) if sketched else ())

    # Stage by stage: a processor's caches hold one of them, but not all, and a third of the time is saved.
    refused: dict[str, Rejected] = {}
    raws = _take_all(lambda found, _: read(found), [(found, None) for found in batch], refused)
    digested = [(found, (raw, digest_bytes(raw))) for found, raw in raws]
    same = {found.name: Same(found.name) for found, held in digested if held[1] == found.bytes}
    matters = _take_all(open_, [(found, held) for found, held in digested if held[1] != found.bytes], refused)
    sightings = {found.name: one for found, one in _take_all(sight, _take_all(glance, matters, refused), refused)}
    ended: dict[str, Sighting | Same | Rejected] = {**refused, **same, **sightings}
    return [ended[found.name] for found in batch]


def _take_all(
    stage: Callable[[Found, _In], _Out],
    values: list[tuple[Found, _In]],
    refused: dict[str, Rejected],
) -> list[tuple[Found, _Out]]:
    """Take a batch of files through a stage; those that cannot be are told under *refused*."""
    try:
        return [(found, stage(found, value)) for found, value in values]
    except ArticleError:
        return [(found, taken) for found, value in values for taken in _try(stage, found, value, refused)]


def _try(stage: Callable[[Found, _In], _Out], found: Found, value: _In, refused: dict[str, Rejected]) -> Iterator[_Out]:
    try:
        yield stage(found, value)
    except ArticleError as error:
        refused[found.name] = Rejected(name=found.name, reason=error.reason, passing=error.passing)


def _sight(name: str, bytes_: str, seen: Glance, digests: tuple[str, str], sentences: tuple[Sentence, ...]) -> Sighting:
    # By their places, which takes half the time: there is one of these for every file.
    return Sighting(
        name,
        seen.title,
        *digests,
        bytes_,
        seen.own_id,
        seen.link,
        identity_of_link(seen.link) if seen.link else "",
        seen.published,
        seen.exact,
        seen.updated,
        seen.categories,
        seen.tags,
        tuple([enclosure.url for enclosure in seen.enclosures]) if seen.enclosures else (),
        seen.draft,
        seen.notes,
        sentences,
    )


def _sketch(body: bytes) -> tuple[Sentence, ...]:
    from feedpub.collector.sketch import sketch

    return sketch(body.decode("utf-8", "surrogatepass"))


def read_found(found: Found, *, zone: tzinfo, now: datetime) -> Article:
    """Read one article with its body.

    Raises:
        ArticleError: It cannot be read, or is not what it was when it was surveyed.
    """
    from feedpub.collector.frontmatter import read_article

    return read_article(_read_again(found), name=found.below, zone=zone, now=now)


def read_all(batch: Sequence[Found], *, zone: tzinfo, now: datetime) -> list[Article | Rejected]:
    """Do for many files what `read_found` does for one; where it would raise an error, the file is rejected."""
    from feedpub.collector.frontmatter import glance_whole, make_article, open_matter

    def open_(found: Found, raw: bytes) -> Matter:
        return open_matter(raw, name=found.below)

    def glance(found: Found, matter: Matter) -> Glanced:
        return glance_whole(matter, name=found.below, zone=zone, now=now)

    # Stage by stage, as `survey` does.
    refused: dict[str, Rejected] = {}
    raws = _take_all(lambda found, _: _read_again(found), [(found, None) for found in batch], refused)
    glanced = _take_all(glance, _take_all(open_, raws, refused), refused)
    articles = {found.name: make_article(one, name=found.below) for found, one in glanced}
    ended: dict[str, Article | Rejected] = {**refused, **articles}
    return [ended[found.name] for found in batch]


def _read_again(found: Found) -> bytes:
    from feedpub.collector.fingerprint import digest_bytes

    raw = read(found)
    if found.bytes and digest_bytes(raw) != found.bytes:
        raise ArticleError(found.name, "changed while it was read; the next run takes it as it is then", passing=True)
    return raw


def body_as_html(article: Article) -> str:
    """Give the article's body as HTML, not yet clean."""
    from feedpub.collector.markup import to_html

    return to_html(article.body, article.markup)

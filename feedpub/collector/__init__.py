"""From files to articles: listing, decoding, front matter, dates.

A file that cannot be read becomes a `Rejected` in the stream, and costs no other article anything.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime, tzinfo

from feedpub.collector.files import Found, read, scan
from feedpub.collector.fingerprint import digest_article, digest_bytes
from feedpub.errors import ArticleError
from feedpub.model import Article, Rejected, Sighting

__all__ = ["Found", "body_as_html", "read_found", "scan", "survey"]


def survey(batch: Sequence[Found], *, zone: tzinfo, now: datetime) -> list[Sighting | Rejected]:
    """Read a batch of files and keep all but their bodies, so that memory does not grow with the texts."""
    return [_survey_one(found, zone, now) for found in batch]


def _survey_one(found: Found, zone: tzinfo, now: datetime) -> Sighting | Rejected:
    # What reads YAML takes its time to load.
    from feedpub.collector.frontmatter import glance_at

    try:
        raw = read(found)
        return _sight(found.name, glance_at(raw, name=found.below, zone=zone, now=now), raw)
    except ArticleError as error:
        return Rejected(name=found.name, reason=error.reason)


def read_found(found: Found, *, zone: tzinfo, now: datetime) -> Article:
    """Read one article with its body.

    Raises:
        ArticleError: It cannot be read.
    """
    from feedpub.collector.frontmatter import read_article

    return read_article(read(found), name=found.below, zone=zone, now=now)


def body_as_html(article: Article) -> str:
    """Give the article's body as HTML, not yet clean."""
    from feedpub.collector.markup import to_html

    return to_html(article.body, article.markup)


def _sight(name: str, article: Article, raw: bytes) -> Sighting:
    text, visible = digest_article(article)
    return Sighting(
        name=name,
        article=dataclasses.replace(article, body=""),
        bytes=digest_bytes(raw),
        text=text,
        visible=visible,
    )

"""From an article and what the ledger knows of it to the entry that subscribers see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from urllib.parse import urlsplit

from feedpub import permalinks
from feedpub.collector import Found, body_as_html, read_found
from feedpub.errors import ArticleError
from feedpub.model import Article, Author, Enclosure, Entry, Rejected, Story
from feedpub.sanitiser import (
    DEFAULT,
    Rules,
    Sanitised,
    SanitiserError,
    image_url,
    link_url,
    media_url,
    plain_text,
    sanitise,
    summarise,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How entries are made, the same for all of a site. It travels to worker processes."""

    zone: tzinfo
    permalink: str = ""
    rules: Rules = DEFAULT
    bases: tuple[tuple[str, str], ...] = ()  #: What names of a source's files begin with, and the source's address.


def compose_batch(batch: Sequence[tuple[Found, Story]], *, recipe: Recipe, now: datetime) -> list[Entry | Rejected]:
    """Read the files of a batch of stories again, now with their bodies, and make their entries."""
    return [_compose_one(found, story, recipe, now) for found, story in batch]


def _compose_one(found: Found, story: Story, recipe: Recipe, now: datetime) -> Entry | Rejected:
    try:
        return compose(read_found(found, zone=recipe.zone, now=now), story, recipe=recipe)
    except ArticleError as error:
        return Rejected(name=found.name, reason=error.reason)
    except SanitiserError as error:
        return Rejected(name=found.name, reason=str(error))


def compose(article: Article, story: Story, *, recipe: Recipe) -> Entry:
    """Make the entry of *story*, in the words of *article*.

    Raises:
        SanitiserError: The body is over the sanitiser's size or depth.
    """
    url = address_of(article, story, recipe=recipe)
    base = url or source_of(story, recipe=recipe)
    clean = clean_body(article, base=base, recipe=recipe)
    image = article.image and image_url(article.image, base_url=base, rules=recipe.rules)
    return Entry(
        id=story.id,
        url=url,
        title=article.title,
        summary=_summary(article, clean.html),
        content=clean.html,
        published=story.published,
        updated=story.updated,
        authors=tuple(_clean_author(author) for author in article.authors),
        categories=tuple(dict.fromkeys((*_names(story), *story.tags))),
        image=image or next(iter(clean.images), None),
        enclosures=tuple(_clean_enclosures(article.enclosures, base, recipe)),
        language=article.language,
        symbols=clean.symbols,
    )


def source_of(story: Story, *, recipe: Recipe) -> str | None:
    """Return the address of a story's source, where the relative addresses of articles without one start."""
    # The first source has no label, so that it fits all names and is asked last.
    fitting = (base for label, base in reversed(recipe.bases) if story.name.startswith(label))
    return next(fitting, None) or None


def clean_body(article: Article, *, base: str | None, recipe: Recipe) -> Sanitised:
    """Sanitise the body of *article*, whose relative addresses start at *base*.

    Raises:
        SanitiserError: The body is over the sanitiser's size or depth.
    """
    return sanitise(body_as_html(article), base_url=base, rules=recipe.rules)


def address_of(article: Article, story: Story, *, recipe: Recipe) -> str | None:
    """Give the article's address: the one it names, else the one that the site's template makes."""
    made = permalinks.fill(recipe.permalink, article=article, story=story, zone=recipe.zone)
    if article.link:
        origin = recipe.permalink and "{0.scheme}://{0.netloc}/".format(urlsplit(recipe.permalink))
        named = link_url(article.link, base_url=origin or None)
        if named and named.startswith("http"):
            return named
    return made


def _summary(article: Article, html: str) -> str:
    if article.summary:
        return summarise(plain_text(sanitise(article.summary).html))
    return summarise(plain_text(html))


def _names(story: Story) -> Iterable[str]:
    return (name for path in story.categories for name in path)


def _clean_author(author: Author) -> Author:
    return replace(author, url=link_url(author.url) if author.url else None)


def _clean_enclosures(enclosures: Iterable[Enclosure], base_url: str | None, recipe: Recipe) -> Iterable[Enclosure]:
    for enclosure in enclosures:
        url = enclosure_url(enclosure, base_url=base_url, recipe=recipe)
        if url:
            yield replace(enclosure, url=url)


def enclosure_url(enclosure: Enclosure, *, base_url: str | None, recipe: Recipe) -> str | None:
    """Return where an enclosure is fetched: a picture where all pictures are, anything else at its own place."""
    settle = image_url if enclosure.type.startswith("image/") else media_url
    return settle(enclosure.url, base_url=base_url, rules=recipe.rules)

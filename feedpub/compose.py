"""From an article and what the ledger knows of it to the entry that subscribers see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from urllib.parse import urlsplit

from feedpub import permalinks
from feedpub.collector import body_as_html
from feedpub.model import Article, Author, Enclosure, Entry, Story
from feedpub.sanitiser import (
    DEFAULT,
    Rules,
    Sanitised,
    SanitiserError,
    image_url,
    link_url,
    media_url,
    sanitise,
    sanitise_all,
    summarise_page,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How entries are made, the same for all of a site. It travels to worker processes."""

    zone: tzinfo
    permalink: str = ""
    rules: Rules = DEFAULT
    bases: tuple[tuple[str, str], ...] = ()  #: What names of a source's files begin with, and the source's address.


def compose(article: Article, story: Story, *, recipe: Recipe) -> Entry:
    """Make the entry of *story*, in the words of *article*.

    Raises:
        SanitiserError: The body is over the sanitiser's size or depth.
    """
    (entry,) = compose_all([(article, story)], recipe=recipe)
    if isinstance(entry, SanitiserError):
        raise entry
    return entry


def compose_all(told: Sequence[tuple[Article, Story]], *, recipe: Recipe) -> list[Entry | SanitiserError]:
    """Do for many what `compose` does for one; where it would raise an error, that is the outcome."""
    # Stage by stage: a processor's caches hold one of them, but not all.
    urls = [address_of(article, story, recipe=recipe) for article, story in told]
    bases = [url or source_of(story, recipe=recipe) for url, (_, story) in zip(urls, told, strict=True)]
    bodies = [(body_as_html(article), base) for (article, _), base in zip(told, bases, strict=True)]
    cleaned = sanitise_all(bodies, rules=recipe.rules)
    summaries = _summarise([article for article, _ in told], cleaned)
    return [
        _fill(article, story, url=url, base=base, clean=clean, summary=summary, recipe=recipe)
        for (article, story), url, base, clean, summary in zip(told, urls, bases, cleaned, summaries, strict=True)
    ]


def _fill(
    article: Article,
    story: Story,
    *,
    url: str | None,
    base: str | None,
    clean: Sanitised | SanitiserError,
    summary: str | SanitiserError,
    recipe: Recipe,
) -> Entry | SanitiserError:
    if isinstance(clean, SanitiserError):
        return clean
    if isinstance(summary, SanitiserError):
        return summary
    image = article.image and image_url(article.image, base_url=base, rules=recipe.rules)
    return Entry(
        id=story.id,
        url=url,
        title=article.title,
        summary=summary,
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


def _summarise(
    articles: Sequence[Article], cleaned: Sequence[Sanitised | SanitiserError]
) -> list[str | SanitiserError]:
    """Shorten the summaries that articles bring, and where one brings none, its body."""
    own = iter(sanitise_all([(article.summary, None) for article in articles if article.summary]))
    told = [next(own) if article.summary else clean for article, clean in zip(articles, cleaned, strict=True)]
    return [summarise_page(one.html) if isinstance(one, Sanitised) else one for one in told]


def _names(story: Story) -> Iterable[str]:
    return (name for path in story.categories for name in path)


def _clean_author(author: Author) -> Author:
    return author if author.url is None else replace(author, url=link_url(author.url) if author.url else None)


def _clean_enclosures(enclosures: Iterable[Enclosure], base_url: str | None, recipe: Recipe) -> Iterable[Enclosure]:
    for enclosure in enclosures:
        url = enclosure_url(enclosure, base_url=base_url, recipe=recipe)
        if url:
            yield replace(enclosure, url=url)


def enclosure_url(enclosure: Enclosure, *, base_url: str | None, recipe: Recipe) -> str | None:
    """Return where an enclosure is fetched: a picture where all pictures are, anything else at its own place."""
    settle = image_url if enclosure.type.startswith("image/") else media_url
    return settle(enclosure.url, base_url=base_url, rules=recipe.rules)

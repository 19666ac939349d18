"""Addresses of articles that do not name their own, made by the site's template."""

from __future__ import annotations

import re
from datetime import tzinfo
from string import Formatter
from urllib.parse import quote

from feedpub.model import Article, Story

#: What Jekyll wants at the beginning of a post's name.
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}-")

#: What an article may lack and still have an address.
_OPTIONAL = {"category", "categories"}


def fill(template: str, *, article: Article, story: Story, zone: tzinfo) -> str | None:
    """Put an article's parts into a template such as `https://news.example.org/{year}/{stem}.html`.

    All that is put in is percent-encoded. `None` where a part that the template needs is absent.
    """
    if not template:
        return None
    values = _values(article, story, zone)
    needed = {name for _, name, _, _ in Formatter().parse(template) if name}
    if any(not values[name] for name in needed - _OPTIONAL):
        return None
    scheme, separator, rest = template.partition("://")
    filled = rest.format_map({name: quote(values[name], safe="/") for name in needed})
    # Without a category, generators leave its level out.
    return scheme + separator + re.sub("/{2,}", "/", filled)


def _values(article: Article, story: Story, zone: tzinfo) -> dict[str, str]:
    path = article.name.rpartition(".")[0] or article.name
    stem = path.rpartition("/")[2]
    local = story.published.astimezone(zone)
    categories = article.categories[0] if article.categories else ()
    return {
        "name": article.name,
        "path": path,
        "stem": stem,
        "basename": _DATE.sub("", stem) or stem,
        "year": f"{local.year:04}",
        "month": f"{local.month:02}",
        "day": f"{local.day:02}",
        "hour": f"{local.hour:02}",
        "minute": f"{local.minute:02}",
        "second": f"{local.second:02}",
        # A slash in a title is no folder.
        "title": article.title.replace("/", "-"),
        "slug": article.slug or _slug(article.title),
        "id": article.own_id or "",
        "category": categories[-1].replace("/", "-") if categories else "",
        "categories": "/".join(name.replace("/", "-") for name in categories),
    }


def _slug(title: str) -> str:
    from slugify import slugify

    return slugify(title)

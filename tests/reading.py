"""Feeds as a reader sees them: the three formats in the same terms."""

from __future__ import annotations

import calendar
import json
import warnings
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Item:
    id: str
    title: str
    url: str | None
    published: int
    updated: int
    content: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    symbols: tuple[str, ...]


def read_feedparser(path: Path) -> tuple[str, list[Item]]:
    """Read RSS or Atom; the title of the feed, and its entries."""
    with warnings.catch_warnings():
        # feedparser speaks of its own plans when `updated` is absent.
        warnings.simplefilter("ignore", DeprecationWarning)
        import feedparser

        # Sanitising is switched off, so that what is compared is what was written.
        feed = feedparser.parse(path.read_bytes(), sanitize_html=False, resolve_relative_uris=False)
        assert not feed.bozo, (path, feed.get("bozo_exception"))
        return feed.feed.title, [_read_entry(entry) for entry in feed.entries]


def read_json(path: Path) -> tuple[str, list[Item]]:
    """Read JSON Feed; the title of the feed, and its items."""
    feed = json.loads(path.read_bytes())
    return feed["title"], [
        Item(
            id=item["id"],
            title=item["title"],
            url=item.get("url"),
            published=_seconds(item["date_published"]),
            updated=_seconds(item["date_modified"]),
            content=item.get("content_html", item.get("content_text", "")),
            authors=tuple(author["name"] for author in item.get("authors", ())),
            categories=tuple(item.get("tags", ())),
            symbols=tuple(item.get("_feedpub", {}).get("symbols", ())),
        )
        for item in feed["items"]
    ]


def _read_entry(entry: Any) -> Item:
    published = calendar.timegm(entry.published_parsed)
    return Item(
        id=entry.id,
        title=entry.title,
        # Of an Atom entry without a link, feedparser gives the id.
        url=None if entry.get("link") == entry.id and not entry.id.startswith("http") else entry.get("link"),
        published=published,
        updated=calendar.timegm(entry.updated_parsed) if entry.get("updated_parsed") else published,
        content=entry.content[0].value if entry.get("content") else "",
        authors=tuple(author["name"] for author in entry.get("authors", ()) if author.get("name")),
        categories=tuple(tag.term for tag in entry.get("tags", ()) if not tag.scheme),
        symbols=tuple(tag.term for tag in entry.get("tags", ()) if tag.scheme == "urn:iso:std:iso:10383"),
    )


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())

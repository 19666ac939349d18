"""Small values for tests: a test names only the fields it is about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from feedpub.model import Article, Channel, Enclosure, Entry, Feed

#: A Friday, so that a wrong day of the week is noticed.
A_DAY = datetime(2024, 3, 1, 9, 0, tzinfo=UTC)


def make_article(**fields: Any) -> Article:
    """An article in Markdown, without a date."""
    defaults: dict[str, Any] = {
        "name": "news/rates.md",
        "title": "Rates stay",
        "body": "Rates **stay** where they are.",
        "markup": "markdown",
    }
    return Article(**(defaults | fields))


def make_entry(**fields: Any) -> Entry:
    """An entry of `A_DAY` with an id, an address and a line of content."""
    defaults: dict[str, Any] = {
        "id": "tag:example.org,2024:rates",
        "title": "Rates stay",
        "published": A_DAY,
        "updated": fields.get("published", A_DAY),
        "url": "https://example.org/rates.html",
        "content": "<p>Rates stay where they are.</p>",
    }
    return Entry(**(defaults | fields))


def make_enclosure(**fields: Any) -> Enclosure:
    """A podcast's episode, its length known."""
    defaults: dict[str, Any] = {
        "url": "https://media.example.org/1.mp3",
        "type": "audio/mpeg",
        "length": 1234,
    }
    return Enclosure(**(defaults | fields))


def make_channel(**fields: Any) -> Channel:
    """The feed of all articles of a site; a `folder` moves the address along."""
    folder = fields.get("folder", "")
    defaults: dict[str, Any] = {
        "id": f"tag:example.org,2024:/{folder}",
        "title": "Wire",
        "folder": folder,
        "url": f"https://feeds.example.org/{folder}/" if folder else "https://feeds.example.org/",
    }
    return Channel(**(defaults | fields))


def make_feed(**fields: Any) -> Feed:
    """A feed of one entry."""
    defaults: dict[str, Any] = {"channel": make_channel(), "entries": (make_entry(),)}
    return Feed(**(defaults | fields))

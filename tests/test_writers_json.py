"""What is particular to JSON Feed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from feedpub.model import Author, Feed
from feedpub.writers import write_feed
from tests.factories import make_channel, make_enclosure, make_entry, make_feed


def object_of(feed: Feed) -> Any:
    return json.loads(write_feed(feed, format="json").body)


def item_of(**fields: Any) -> Any:
    return object_of(make_feed(entries=(make_entry(**fields),)))["items"][0]


def test_a_feed_says_where_it_and_its_page_are() -> None:
    feed = object_of(make_feed(channel=make_channel(folder="jin-rong")))
    assert feed["home_page_url"] == "https://feeds.example.org/jin-rong/"
    assert feed["feed_url"] == "https://feeds.example.org/jin-rong/feed.json"


def test_what_is_absent_is_left_out() -> None:
    assert set(object_of(make_feed())) == {"version", "title", "home_page_url", "feed_url", "items", "_feedpub"}
    assert set(item_of()) == {"id", "url", "title", "date_published", "date_modified", "content_html"}


def test_a_feed_without_entries_has_an_empty_list_of_items() -> None:
    assert object_of(make_feed(entries=()))["items"] == []


def test_an_author_is_told_without_the_email_address() -> None:
    author = Author(name="Mei Lin", email="mei@example.org", url="https://example.org/mei")
    assert object_of(make_feed(channel=make_channel(author=author)))["authors"] == [
        {"name": "Mei Lin", "url": "https://example.org/mei"}
    ]


def test_symbols_are_in_the_extension() -> None:
    assert item_of(symbols=("XSHG:688981",))["_feedpub"] == {"symbols": ["XSHG:688981"]}


@pytest.mark.parametrize(
    ("fields", "name", "text"),
    [
        ({"content": "<p>x</p>", "summary": "x"}, "content_html", "<p>x</p>"),
        ({"content": "", "summary": "x"}, "content_text", "x"),
        ({"content": "", "summary": ""}, "content_html", ""),
    ],
)
def test_an_item_has_one_content(fields: dict[str, str], name: str, text: str) -> None:
    item = item_of(**fields)
    assert {key: value for key, value in item.items() if key.startswith("content_")} == {name: text}


def test_an_attachment_tells_all_that_is_known() -> None:
    enclosures = (make_enclosure(seconds=60, title="One"), make_enclosure(length=None))
    assert item_of(enclosures=enclosures)["attachments"] == [
        {
            "url": "https://media.example.org/1.mp3",
            "mime_type": "audio/mpeg",
            "title": "One",
            "size_in_bytes": 1234,
            "duration_in_seconds": 60,
        },
        {"url": "https://media.example.org/1.mp3", "mime_type": "audio/mpeg"},
    ]


def test_an_item_tells_its_language_only_where_it_differs() -> None:
    channel = make_channel(language="en")
    entries = (make_entry(language="en"), make_entry(language="de", id="tag:example.org,2024:2"))
    items = object_of(make_feed(channel=channel, entries=entries))["items"]
    assert [item.get("language") for item in items] == [None, "de"]


def test_text_is_written_as_utf_8_and_not_escaped() -> None:
    assert "利率 😀".encode() in write_feed(make_feed(entries=(make_entry(title="利率 😀"),)), format="json").body

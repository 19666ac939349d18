"""What is particular to RSS."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree, html

from feedpub.model import Author, Feed
from feedpub.writers import write_feed
from tests.factories import make_channel, make_enclosure, make_entry, make_feed

NS = {
    "a": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/elements/1.1/",
    "m": "http://search.yahoo.com/mrss/",
}


def channel_of(feed: Feed) -> Any:
    return etree.fromstring(write_feed(feed, format="rss").body).find("channel")


def item_of(**fields: Any) -> Any:
    return channel_of(make_feed(entries=(make_entry(**fields),))).find("item")


def test_a_channel_without_a_description_is_described_by_its_title() -> None:
    assert channel_of(make_feed(channel=make_channel(title="Wire"))).findtext("description") == "Wire"


def test_a_channel_links_to_itself_and_to_its_page() -> None:
    channel = channel_of(make_feed(channel=make_channel(folder="jin-rong")))
    assert channel.findtext("link") == "https://feeds.example.org/jin-rong/"
    assert dict(channel.find("a:link", NS).attrib) == {
        "href": "https://feeds.example.org/jin-rong/rss.xml",
        "rel": "self",
        "type": "application/rss+xml",
    }


@pytest.mark.parametrize(
    ("author", "editor"),
    [
        (Author(name="Mei Lin", email="mei@example.org"), "mei@example.org (Mei Lin)"),
        (Author(name="Mei Lin"), None),
        (Author(name="Mei Lin", email=""), None),
        (None, None),
    ],
)
def test_an_editor_is_named_only_with_an_address(author: Author | None, editor: str | None) -> None:
    assert channel_of(make_feed(channel=make_channel(author=author))).findtext("managingEditor") == editor


@pytest.mark.parametrize(
    ("fields", "permalink"),
    [
        ({"id": "https://example.org/1", "url": "https://example.org/1"}, "true"),
        ({"id": "https://example.org/1", "url": "https://example.org/2"}, "false"),
        ({"id": "tag:example.org,2024:1", "url": None}, "false"),
    ],
)
def test_a_guid_is_a_permalink_only_where_it_is_the_address(fields: dict[str, Any], permalink: str) -> None:
    assert item_of(**fields).find("guid").get("isPermaLink") == permalink


@pytest.mark.parametrize(
    "text",
    [
        "The bank left it at 2 %",
        "AT&T, 3 < 4 > 2, \"quoted\" and 'so'",
        "why <script> is not for you",
        "use &nbsp; or &lt;br&gt;",
        "?a=1&copy=2",
        "<!-- no comment -->",
        "a ]]> b",
    ],
)
def test_a_description_shown_as_html_reads_as_the_summary(text: str) -> None:
    description = item_of(summary=text).findtext("description")
    assert html.fromstring(f"<div>{description}</div>").text_content() == text


@pytest.mark.parametrize("text", ["The bank left it at 2 %", "AT&T, 3 < 4 > 2", "a ]]> b", "“so”"])
def test_a_summary_that_html_reads_alike_is_escaped_once(text: str) -> None:
    assert item_of(summary=text).findtext("description") == text


def test_the_enclosure_is_the_first_whose_length_is_known_and_the_others_are_media() -> None:
    item = item_of(
        enclosures=(
            make_enclosure(url="https://example.org/1", type="audio/ogg", length=None, seconds=60, title="One"),
            make_enclosure(url="https://example.org/2", type="audio/mpeg", length=20),
            make_enclosure(url="https://example.org/3", type="video/mp4", length=30),
        )
    )
    assert [dict(e.attrib) for e in item.iterfind("enclosure")] == [
        {"url": "https://example.org/2", "length": "20", "type": "audio/mpeg"}
    ]
    assert [dict(e.attrib) for e in item.iterfind("m:content", NS)] == [
        {"url": "https://example.org/1", "type": "audio/ogg", "duration": "60"},
        {"url": "https://example.org/3", "type": "video/mp4", "fileSize": "30"},
    ]
    assert [e.text for e in item.iterfind("m:content/m:title", NS)] == ["One"]


def test_equal_enclosures_are_each_written_once() -> None:
    item = item_of(enclosures=(make_enclosure(), make_enclosure()))
    assert (len(item.findall("enclosure")), len(item.findall("m:content", NS))) == (1, 1)


@pytest.mark.parametrize(
    ("own", "channels", "written"), [("de", "en", "de"), ("de", None, "de"), ("en", "en", None), (None, "en", None)]
)
def test_an_item_tells_its_language_only_where_it_differs(
    own: str | None, channels: str | None, written: str | None
) -> None:
    feed = make_feed(channel=make_channel(language=channels), entries=(make_entry(language=own),))
    assert channel_of(feed).findtext("item/dc:language", namespaces=NS) == written


def test_an_item_tells_when_it_changed_only_if_it_did() -> None:
    assert item_of().find("a:updated", NS) is None

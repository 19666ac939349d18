"""What is particular to Atom."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from feedpub.model import Author, Feed
from feedpub.writers import write_feed
from tests.factories import make_channel, make_enclosure, make_entry, make_feed

NS = {"a": "http://www.w3.org/2005/Atom", "m": "http://search.yahoo.com/mrss/"}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def root_of(feed: Feed) -> Any:
    return etree.fromstring(write_feed(feed, format="atom").body)


def entry_of(**fields: Any) -> Any:
    return root_of(make_feed(entries=(make_entry(**fields),))).find("a:entry", NS)


def test_a_feed_links_to_itself_and_to_its_page() -> None:
    links = root_of(make_feed(channel=make_channel(folder="jin-rong"))).findall("a:link", NS)
    assert [dict(link.attrib) for link in links] == [
        {
            "href": "https://feeds.example.org/jin-rong/atom.xml",
            "rel": "self",
            "type": "application/atom+xml",
        },
        {"href": "https://feeds.example.org/jin-rong/", "rel": "alternate", "type": "text/html"},
    ]


def test_a_channel_without_an_author_signs_with_its_title() -> None:
    assert root_of(make_feed(channel=make_channel(title="Wire"))).findtext("a:author/a:name", namespaces=NS) == "Wire"


def test_a_channels_author_signs_the_feed() -> None:
    author = Author(name="Mei Lin", email="mei@example.org", url="https://example.org/mei")
    person = root_of(make_feed(channel=make_channel(author=author))).find("a:author", NS)
    assert [child.text for child in person] == ["Mei Lin", "mei@example.org", "https://example.org/mei"]


def test_a_description_is_the_subtitle_and_no_description_is_none() -> None:
    described = root_of(make_feed(channel=make_channel(description="All of it")))
    assert described.findtext("a:subtitle", namespaces=NS) == "All of it"
    assert root_of(make_feed()).find("a:subtitle", NS) is None


@pytest.mark.parametrize(
    ("fields", "elements"),
    [
        ({"content": "<p>x</p>", "url": None}, ["content"]),
        ({"content": "", "url": None}, ["content"]),
        ({"content": "", "url": "https://example.org/1"}, ["link"]),
        ({"content": "<p>x</p>", "url": "https://example.org/1"}, ["content", "link"]),
    ],
)
def test_an_entry_has_content_or_an_address(fields: dict[str, Any], elements: list[str]) -> None:
    tags = [etree.QName(child).localname for child in entry_of(**fields)]
    assert [tag for tag in tags if tag in ("content", "link")] == elements


def test_content_that_is_empty_has_no_type() -> None:
    # rss-parser and feedsmith show `<content type="html"/>` as if it were the text.
    assert dict(entry_of(content="", url=None).find("a:content", NS).attrib) == {}


def test_content_is_html_and_a_summary_is_text() -> None:
    entry = entry_of(content="<p>a &amp; b</p>", summary="a & <b>")
    content, summary = entry.find("a:content", NS), entry.find("a:summary", NS)
    assert (content.get("type"), content.text) == ("html", "<p>a &amp; b</p>")
    assert (summary.get("type"), summary.text) == ("text", "a & <b>")


@pytest.mark.parametrize(("own", "channels", "written"), [("de", "en", "de"), ("en", "en", None), (None, "en", None)])
def test_an_entry_tells_its_language_only_where_it_differs(own: str | None, channels: str, written: str | None) -> None:
    root = root_of(make_feed(channel=make_channel(language=channels), entries=(make_entry(language=own),)))
    assert (root.get(LANG), root.find("a:entry", NS).get(LANG)) == (channels, written)


def test_every_enclosure_is_a_link() -> None:
    enclosures = (make_enclosure(length=None), make_enclosure(url="https://example.org/2", title="Two"))
    links = entry_of(enclosures=enclosures).findall("a:link[@rel='enclosure']", NS)
    assert [dict(link.attrib) for link in links] == [
        {"href": "https://media.example.org/1.mp3", "rel": "enclosure", "type": "audio/mpeg"},
        {
            "href": "https://example.org/2",
            "rel": "enclosure",
            "type": "audio/mpeg",
            "length": "1234",
            "title": "Two",
        },
    ]


def test_an_image_is_the_thumbnail() -> None:
    assert entry_of(image="https://example.org/1.png").find("m:thumbnail", NS).get("url") == "https://example.org/1.png"

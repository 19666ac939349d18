"""What feedgen does untreated, and what becomes of it here.

Where one of the first halves fails, feedgen has been mended, and `feedgen_ext` has less to do.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from types import FrameType
from typing import Any

import pytest
from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml import etree

from feedpub.model import Author, Feed
from feedpub.writers import write_feed
from tests.factories import A_DAY, make_channel, make_enclosure, make_entry, make_feed

NS = {
    "a": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/elements/1.1/",
    "c": "http://purl.org/rss/1.0/modules/content/",
    "m": "http://search.yahoo.com/mrss/",
}


def raw_feed() -> Any:
    feed = FeedGenerator()
    feed.id("tag:example.org,2024:raw")
    feed.title("Raw")
    feed.description("Raw")
    feed.link(href="https://example.org/", rel="alternate")
    return feed


def raw_entry(feed: Any) -> Any:
    entry = feed.add_entry()
    entry.id("tag:example.org,2024:1")
    entry.title("One")
    entry.link(href="https://example.org/1", rel="alternate")
    return entry


def raw_rss(feed: Any) -> Any:
    return etree.fromstring(feed.rss_str())


def raw_atom(feed: Any) -> Any:
    return etree.fromstring(feed.atom_str())


def rss(feed: Feed) -> Any:
    return etree.fromstring(write_feed(feed, format="rss").body)


def atom(feed: Feed) -> Any:
    return etree.fromstring(write_feed(feed, format="atom").body)


def values(tree: Any, path: str) -> list[str]:
    return [str(value) for value in tree.xpath(path, namespaces=NS)]


def of_one(**fields: Any) -> Feed:
    return make_feed(entries=(make_entry(**fields),))


def test_an_atom_enclosure_becomes_an_alternate_link() -> None:
    feed = raw_feed()
    raw_entry(feed).enclosure("https://example.org/1.mp3", 9, "audio/mpeg")
    assert [dict(link.attrib) for link in raw_atom(feed).iterfind("a:entry/a:link", NS)] == [
        {"href": "https://example.org/1"},
        {"href": "https://example.org/1.mp3"},
    ]

    enclosure = make_enclosure(url="https://example.org/1.mp3", length=9, type="audio/mpeg", title="Part 1")
    mended = atom(of_one(url="https://example.org/1", enclosures=(enclosure,)))
    assert [dict(link.attrib) for link in mended.iterfind("a:entry/a:link", NS)] == [
        {"href": "https://example.org/1", "rel": "alternate"},
        {
            "href": "https://example.org/1.mp3",
            "rel": "enclosure",
            "type": "audio/mpeg",
            "length": "9",
            "title": "Part 1",
        },
    ]


def test_an_unknown_length_is_written_as_none() -> None:
    feed = raw_feed()
    raw_entry(feed).enclosure("https://example.org/1.mp3", type="audio/mpeg")
    assert values(raw_rss(feed), "//enclosure/@length") == ["None"]

    mended = of_one(enclosures=(make_enclosure(length=None),))
    assert values(rss(mended), "//enclosure") == []
    assert values(rss(mended), "//m:content/@url") == ["https://media.example.org/1.mp3"]
    assert values(atom(mended), "//a:link[@rel='enclosure']/@length") == []


def test_the_last_link_becomes_the_channels() -> None:
    feed = raw_feed()
    feed.link(href="https://example.org/feed.xml", rel="self")
    assert values(raw_rss(feed), "channel/link/text()") == ["https://example.org/feed.xml"]

    mended = make_feed(channel=make_channel(url="https://example.org/"))
    assert values(rss(mended), "channel/link/text()") == ["https://example.org/"]


def test_an_author_without_an_email_vanishes_from_rss() -> None:
    feed = raw_feed()
    raw_entry(feed).author(name="Mei Lin")
    assert b"Mei Lin" not in feed.rss_str()

    mended = of_one(authors=(Author(name="Mei Lin"), Author(name="Jo", email="jo@example.org")))
    assert values(rss(mended), "channel/item/dc:creator/text()") == ["Mei Lin", "Jo"]


def test_the_feeds_author_vanishes_from_rss() -> None:
    feed = raw_feed()
    feed.author(name="Mei Lin", email="mei@example.org")
    assert b"mei@example.org" not in feed.rss_str()

    mended = make_feed(channel=make_channel(author=Author(name="Mei Lin", email="mei@example.org")))
    assert values(rss(mended), "channel/managingEditor/text()") == ["mei@example.org (Mei Lin)"]


def test_the_last_entry_comes_first() -> None:
    feed = raw_feed()
    for title in ("one", "two"):
        raw_entry(feed).title(title)
    assert values(raw_rss(feed), "//item/title/text()") == ["two", "one"]

    mended = make_feed(entries=(make_entry(title="one"), make_entry(title="two", id="tag:example.org,2024:2")))
    assert values(rss(mended), "//item/title/text()") == ["one", "two"]
    assert values(atom(mended), "//a:entry/a:title/text()") == ["one", "two"]


def test_an_undated_feed_has_the_time_of_the_run() -> None:
    before = datetime.now(UTC)
    feed = raw_feed()
    assert datetime.fromisoformat(values(raw_atom(feed), "a:updated/text()")[0]) >= before
    assert values(raw_rss(feed), "channel/lastBuildDate")

    mended = make_feed(entries=())
    assert values(rss(mended), "channel/lastBuildDate") == []
    assert values(atom(mended), "a:updated/text()") == ["1970-01-01T00:00:00+00:00"]


def test_content_without_a_summary_goes_to_description() -> None:
    feed = raw_feed()
    raw_entry(feed).content("<p>All of it</p>")
    assert values(raw_rss(feed), "//item/description/text()") == ["<p>All of it</p>"]

    mended = rss(of_one(content="<p>All of it</p>"))
    assert values(mended, "//item/description") == []
    assert values(mended, "//item/c:encoded/text()") == ["<p>All of it</p>"]


def test_only_the_last_enclosure_stays() -> None:
    feed = raw_feed()
    entry = raw_entry(feed)
    entry.enclosure("https://example.org/1.mp3", 9, "audio/mpeg")
    entry.enclosure("https://example.org/2.mp3", 9, "audio/mpeg")
    assert values(raw_rss(feed), "//enclosure/@url") == ["https://example.org/2.mp3"]

    urls = [f"https://example.org/{n}.mp3" for n in (1, 2, 3)]
    mended = rss(of_one(enclosures=tuple(make_enclosure(url=url) for url in urls)))
    assert values(mended, "//enclosure/@url") == urls[:1]
    assert values(mended, "//item/m:content/@url") == urls[1:]


def test_the_media_extension_groups_what_does_not_belong_together() -> None:
    feed = raw_feed()
    feed.load_extension("media")
    entry = raw_entry(feed)
    entry.media.content(url="https://example.org/1.mp3")
    entry.media.content(url="https://example.org/2.pdf")
    assert len(raw_rss(feed).findall("channel/item/m:group/m:content", NS)) == 2

    mended = rss(of_one(enclosures=(make_enclosure(length=None),), image="https://example.org/1.png"))
    assert values(mended, "//m:group") == []
    assert values(mended, "channel/item/m:thumbnail/@url") == ["https://example.org/1.png"]


def test_the_locale_of_the_process_changes_for_each_date() -> None:
    feed = raw_feed()
    raw_entry(feed).published(A_DAY)
    assert "setlocale" in calls_of(feed.rss_str)

    dated = of_one(published=A_DAY)
    assert "setlocale" not in calls_of(lambda: write_feed(dated, format="rss"))
    assert "setlocale" not in calls_of(lambda: write_feed(dated, format="atom"))


def test_addresses_and_ids_may_hold_what_is_no_uri() -> None:
    feed = raw_feed()
    entry = FeedEntry()
    entry.title("One")
    entry.id("https://example.org/利率 1")
    feed.add_entry(entry)
    assert values(raw_rss(feed), "//guid/text()") == ["https://example.org/利率 1"]

    mended = of_one(id="https://example.org/利率 1", url="https://example.org/利率 1")
    encoded = "https://example.org/%E5%88%A9%E7%8E%87%201"
    assert values(rss(mended), "//guid/text() | //item/link/text()") == [encoded, encoded]
    assert values(atom(mended), "//a:entry/a:id/text() | //a:entry/a:link/@href") == [encoded, encoded]


@pytest.mark.parametrize("character", ["\x00", "\x08", "\x1b", "\ufffe", "\ud800"])
def test_a_forbidden_character_breaks_the_feed(character: str) -> None:
    feed = raw_feed()
    raw_entry(feed).title(f"One{character}")
    with pytest.raises(ValueError, match=r"XML compatible|surrogates not allowed"):
        feed.rss_str()

    mended = of_one(title=f"One{character}", content=f"<p>{character}</p>", categories=(f"a{character}b",))
    assert values(rss(mended), "//item/title/text() | //item/category/text()") == ["One", "ab"]
    assert values(atom(mended), "//a:entry/a:title/text() | //a:category/@term") == ["One", "ab"]


def test_the_generator_has_a_version_and_an_upgrade_changes_every_feed() -> None:
    assert values(raw_atom(raw_feed()), "a:generator/@version") != []

    mended = make_feed()
    assert atom(mended).find("a:generator", NS).attrib == {}
    assert values(atom(mended), "a:generator/text()") == ["feedpub"]
    assert values(rss(mended), "channel/generator/text()") == ["feedpub"]


def test_a_summary_is_read_as_html_in_rss() -> None:
    feed = raw_feed()
    raw_entry(feed).summary("why <b> is bold")
    assert values(raw_rss(feed), "//item/description/text()") == ["why <b> is bold"]

    assert values(rss(of_one(summary="why <b> is bold")), "//item/description/text()") == ["why &lt;b&gt; is bold"]


def calls_of(function: Callable[[], object]) -> set[str]:
    """Return the names of all that is called while the function runs."""
    names = set[str]()

    def note(frame: FrameType, event: str, called: Any) -> None:
        names.add(called.__name__ if event == "c_call" else frame.f_code.co_name)

    previous = sys.getprofile()
    sys.setprofile(note)
    try:
        function()
    finally:
        sys.setprofile(previous)
    return names

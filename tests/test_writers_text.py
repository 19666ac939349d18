"""Any text goes in; well-formed feeds come out, and the same text is read back."""

from __future__ import annotations

import json
import warnings
from typing import Any

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html

from feedpub.model import Author, Feed
from feedpub.text import one_line, xml_safe
from feedpub.writers import WRITERS, write_feed
from tests.factories import make_channel, make_enclosure, make_entry, make_feed
from tests.feedrules import CHECKERS

NS = {
    "a": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/elements/1.1/",
    "c": "http://purl.org/rss/1.0/modules/content/",
}

#: What writers and readers stumble over, besides what hypothesis finds.
HARD = [
    *("]]>", "<![CDATA[", "&amp;", "&#0;", "<b>", "-->", "%", "://", "@", "/a", "[", "\\"),
    *("\x00", "\x0b", "\r\n", "\ufeff", "\u202e", "\uffff", "😀", "\ud83d"),
]
TEXT = st.lists(st.sampled_from(HARD) | st.text(st.characters(), max_size=5), max_size=6).map("".join)


def feed_of(**fields: Any) -> Feed:
    return make_feed(entries=(make_entry(**fields),))


def lines(text: str) -> str:
    return xml_safe(text).replace("\r\n", "\n").replace("\r", "\n")


@settings(max_examples=60, deadline=None)
@given(title=TEXT, name=TEXT, category=TEXT, summary=TEXT, content=TEXT)
def test_any_text_is_read_back_from_xml_and_json(
    title: str, name: str, category: str, summary: str, content: str
) -> None:
    entry = make_entry(
        title=f"t{title}",
        authors=(Author(name=f"n{name}"),),
        categories=(f"c{category}",),
        summary=f"s{summary}",
        content=f"<p>{content}",
    )
    expected = [
        one_line(f"t{title}"),
        one_line(f"n{name}"),
        one_line(f"c{category}"),
        lines(f"<p>{content}"),
        lines(f"s{summary}").strip(),
    ]
    feed = make_feed(entries=(entry,))
    item = etree.fromstring(write_feed(feed, format="rss").body).find("channel/item")
    paths = ("title", "dc:creator", "category", "c:encoded")
    assert [item.findtext(path, namespaces=NS) for path in paths] == expected[:4]
    atom = etree.fromstring(write_feed(feed, format="atom").body).find("a:entry", NS)
    found = [atom.findtext(path, namespaces=NS) for path in ("a:title", "a:author/a:name", "a:content", "a:summary")]
    found.insert(2, atom.find("a:category", NS).get("term"))
    assert found == expected
    (read,) = json.loads(write_feed(feed, format="json").body)["items"]
    author = read["authors"][0]["name"]
    assert [read["title"], author, *read["tags"], read["content_html"], read["summary"]] == expected


@settings(max_examples=60, deadline=None)
@given(text=TEXT, url=TEXT, word=TEXT, number=st.none() | st.integers(-1, 9))
def test_whatever_one_article_says_the_feed_keeps_the_rules(text: str, url: str, word: str, number: int | None) -> None:
    author = Author(name=text, email=word, url=url)
    entry = make_entry(
        id=f"tag:example.org,2024:{url}",
        title=text,
        url=url,
        summary=text,
        content=f"<p>{text}</p>",
        authors=(author,),
        categories=(text, word),
        image=f"https://example.org/{url}",
        enclosures=(
            make_enclosure(url=f"https:{url}", type=word, length=number, seconds=number, title=text),
            make_enclosure(url=url),
        ),
        language=word,
        symbols=(word,),
    )
    feed = make_feed(channel=make_channel(title=text, description=text, author=author, language=word), entries=(entry,))
    for kind in WRITERS:
        assert CHECKERS[kind](write_feed(feed, format=kind).body) == []


@settings(max_examples=60, deadline=None)
@given(summary=TEXT)
def test_any_summary_in_rss_reads_as_itself_in_html(summary: str) -> None:
    body = write_feed(feed_of(summary=f"s{summary}"), format="rss").body
    description = etree.fromstring(body).findtext("channel/item/description")
    text = html.fromstring(f"<div>{description}</div>").text_content()
    assert text == lines(f"s{summary}").strip()


@pytest.mark.parametrize("kind", ["rss", "atom"])
@pytest.mark.parametrize(
    "title",
    [
        "Rates & bonds",
        "A &amp; B",
        "why <b>bold</b> is bold",
        "<script>alert(1)</script>",
        "a ]]> b",
        "\"double\" and 'single'",
        "利率 😀 𠀀",
        "שלום",
    ],
)
def test_a_reader_sees_the_title_as_it_is(kind: str, title: str) -> None:
    (entry,) = parse(write_feed(feed_of(title=title, categories=(title,)), format=kind).body).entries
    assert entry.title == title
    assert [tag.term for tag in entry.tags] == [title]


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_a_reader_sees_authors_content_and_dates(kind: str) -> None:
    feed = feed_of(
        authors=(Author(name="Mei & Lin"), Author(name="Jo")),
        content="<p>a &amp; b ]]&gt;</p>",
        summary="In short: AT&T",
        language="de",
    )
    (entry,) = parse(write_feed(feed, format=kind).body).entries
    assert [author.name for author in entry.authors] == ["Mei & Lin", "Jo"]
    assert entry.content[0].value == "<p>a &amp; b ]]&gt;</p>"
    assert (entry.summary, entry.published_parsed[:5]) == ("In short: AT&T", (2024, 3, 1, 9, 0))


def parse(body: bytes) -> Any:
    with warnings.catch_warnings():
        # feedparser looks up dates under their old names.
        warnings.simplefilter("ignore", DeprecationWarning)
        parsed = feedparser.parse(body)
    assert not parsed.bozo
    return parsed

"""The rules catch what they are for: each row breaks one thing in a feed that keeps them all."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from feedpub.writers import write_feed, write_opml, write_page
from tests.factories import make_channel
from tests.feedrules import (
    address,
    check_atom,
    check_json,
    check_opml,
    check_page,
    check_rss,
    email,
    rfc822,
    rfc3339,
    uri,
)
from tests.test_writers import FULL

CHANNELS = (make_channel(), make_channel(folder="a", path=("a",)), make_channel(folder="b", path=("a", "b")))

RSS = write_feed(FULL, format="rss").body.decode()
ATOM = write_feed(FULL, format="atom").body.decode()
OPML = write_opml(CHANNELS, title="Wire", format="rss").body.decode()
PAGE = write_page(CHANNELS[0], channels=CHANNELS, formats=("rss",)).body.decode()

GUID = '<guid isPermaLink="true">https://example.org/rates.html</guid>'
SELF = 'href="https://feeds.example.org/jin-rong/rss.xml" rel="self"'


def broken(check: Callable[[bytes], list[str]], text: str, old: str, new: str) -> str:
    """Return the faults, one a line, of a text that had none before its first *old* became *new*."""
    assert check(text.encode()) == []
    assert old in text
    return "\n".join(check(text.replace(old, new, 1).encode()))


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("</rss>", "", "is not well-formed"),
        ("<title>", "<title>\x01", "is not well-formed"),
        ('version="2.0"', 'version="0.92"', "rss: is of version '0.92'"),
        ("</channel>", "</channel><channel/>", "rss: has more than one channel"),
        ("<link>https://feeds.example.org/jin-rong/</link>", "", "channel: lacks link"),
        ("<generator>", "<created>now</created><generator>", "channel: knows no created"),
        ("zh-CN", "zh_CN", "channel/language: is no language tag"),
        ("Fri, 01 Mar 2024 12", "Sat, 01 Mar 2024 12", "channel/lastBuildDate: is no such day of the week"),
        ("desk@example.org (", "desk (", "channel/managingEditor: is no e-mail address"),
        (SELF, 'href="https://feeds.example.org/"', "channel: has 0 links to itself"),
        ('rel="self" type="application/rss+xml"', 'rel="self" type="text/xml"', "link: is of type 'text/xml'"),
        ("<item>", "<item><title>Two</title>", "channel/item[1]: has more than one title"),
        ("<item>", "<item/><item>", "channel/item[1]: has neither title nor description"),
        ("<item>", "<item/><item>", "channel/item[1]: lacks guid"),
        ("<item>", "<item><content>x</content>", "channel/item[1]: knows no content"),
        ("urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a", "https://example.org/rates.html", "guid: is not unique"),
        (GUID, "<guid>7</guid>", "item[1]/guid: is no absolute URI: '7'"),
        ('isPermaLink="true"', 'isPermaLink="yes"', "isPermaLink: is none of true, false"),
        ("<link>https://example.org/rates.html", "<link>/rates.html", "item[1]/link: is no absolute URI"),
        ("<link>https://example.org/rates", "<link>https://example.org/利率", "item[1]/link: is no absolute URI"),
        ("<category>金融", "<category> ", "category[1]: is no text"),
        ("<pubDate>Fri, 01 Mar 2024", "<pubDate>2024-03-01", "item[1]/pubDate: is no RFC 822 date"),
        ("<atom:updated>2024-03-01T", "<atom:updated>2024-03-01 ", "item[1]/updated: is no RFC 3339 date"),
        ('length="1234"', 'length="0"', "enclosure/@length: is no positive number"),
        (' length="1234"', "", "enclosure: lacks length"),
        ('type="audio/mpeg"', 'type="mp3"', "enclosure/@type: is no media type"),
        ("<enclosure ", '<enclosure url="a:b" type="a/b" length="1"/><enclosure ', "has more than one enclosure"),
        ('duration="7"', 'duration="0:07"', "content[2]/@duration: is no whole number"),
        ("&lt;p&gt;", "&lt;img src='/a.png'&gt;", "encoded: holds the relative address '/a.png'"),
        ("&lt;p&gt;", "&lt;img srcset='a:b 1x, c 2x'&gt;", "encoded: holds the relative address 'c'"),
    ],
)
def test_the_rules_of_rss(old: str, new: str, fault: str) -> None:
    assert fault in broken(check_rss, RSS, old, new)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (' xmlns="http://www.w3.org/2005/Atom"', "", "is no {http://www.w3.org/2005/Atom}feed but feed"),
        ("<id>tag:example.org,2024:/jin-rong</id>", "", "feed: lacks id"),
        ("<title>", "<title>One</title><title>", "feed: has more than one title"),
        ("<subtitle>", "<tagline/><subtitle>", "feed: knows no tagline"),
        ("<entry", "<entry><x/></entry><entry", "entry[1]: knows no x"),
        ("<entry", "<entry><x/></entry><entry", "entry[1]: has neither content nor an alternate link"),
        ("<name>Newsroom</name>", "", "author: lacks name"),
        ("<email>desk@example.org", "<email>desk", "email: is no e-mail address"),
        ("<uri>https://example.org/about", "<uri>/about", "uri: is no absolute URI"),
        ("<updated>2024-03-01T", "<updated>2024-02-30T", "updated: is no day"),
        ("<published>2024-03-01T09:00:00+00:00", "<published>2024-03-01T09:00:00", "is no RFC 3339 date"),
        ('rel="self"', 'rel="related"', "feed: has 0 links to itself"),
        ('rel="enclosure" type="application/x-mpegURL"', 'rel="alternate"', "more than one alternate link of a kind"),
        ('rel="enclosure" type="application/x-mpegURL"', 'rel="enclosure"', "link[2]: lacks type"),
        ('length="1234"', 'length="None"', "@length: is no positive number"),
        ('href="https://example.org/rates.html"', "", "link[1]: lacks href"),
        ('xml:lang="de"', 'xml:lang="deutsch!"', "@lang: is no language tag"),
        ('<category term="金融"/>', '<category label="金融"/>', "category[1]: lacks term"),
        ('type="text"', 'type="plain"', "summary/@type: is none of text, html, xhtml"),
        ("&lt;p&gt;", "&lt;a href='b.html'&gt;", "content: holds the relative address 'b.html'"),
        ("<id>urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a", "<id>https://example.org/rates.html", "is not unique"),
        ("<id>urn:uuid:1225c695", "<id>1225c695", "entry[2]/id: is no absolute URI"),
    ],
)
def test_the_rules_of_atom(old: str, new: str, fault: str) -> None:
    assert fault in broken(check_atom, ATOM, old, new)


def test_an_atom_entry_needs_an_author_where_the_feed_has_none() -> None:
    start, end = ATOM.index("  <author>"), ATOM.index("</author>") + len("</author>")
    assert "entry[2]: has no author, nor has the feed" in broken(check_atom, ATOM, ATOM[start:end], "")


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (("version",), "https://jsonfeed.org/version/1", "feed.version: is none of"),
        (("title",), None, "feed.title: is no string"),
        (("home_page_url",), "/", "feed.home_page_url: is no absolute URI"),
        (("expired",), "no", "feed.expired: is neither true nor false"),
        (("items",), {}, "feed.items: is no array"),
        (("author",), {}, "feed: knows no author"),
        (("authors",), [{}], "feed.authors: one says nothing"),
        (("items", 0), "", "feed.items[0]: is no object"),
        (("items", 0, "id"), 7, "feed.items[0].id: is no string"),
        (("items", 1, "id"), "https://example.org/rates.html", "feed.items[1].id: is not unique"),
        (("items", 0, "image"), "a.png", "feed.items[0].image: is no absolute URI"),
        (("items", 0, "date_published"), "2024-03-01", "feed.items[0].date_published: is no RFC 3339 date"),
        (("items", 0, "tags"), [""], "feed.items[0].tags[0]: is no text"),
        (("items", 0, "content_html"), "<a href='?b'>", "content_html: holds the relative address '?b'"),
        (("items", 0, "attachments", 1, "size_in_bytes"), "9", "attachments[1].size_in_bytes: is no positive number"),
        (("items", 0, "attachments", 0), {"url": "a:b"}, "feed.items[0].attachments[0]: lacks mime_type"),
        (("items", 0), {"id": "1"}, "feed.items[0]: has neither content_html nor content_text"),
        (("items", 0, "symbols"), [], "feed.items[0]: knows no symbols"),
        (("hubs",), [{"url": "a:b"}], "feed.hubs[0]: lacks type"),
    ],
)
def test_the_rules_of_json_feed(path: tuple[Any, ...], value: Any, fault: str) -> None:
    feed = json.loads(write_feed(FULL, format="json").body)
    place = feed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert fault in "\n".join(check_json(json.dumps(feed).encode()))


@pytest.mark.parametrize(
    ("body", "fault"), [(b"{", "is no JSON"), (b"\xff", "is no JSON"), (b"[]", "feed: is no object")]
)
def test_what_is_no_json_feed_at_all_is_said_to_be_none(body: bytes, fault: str) -> None:
    assert fault in "\n".join(check_json(body))


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('version="2.0"', 'version="1.0"', "opml: is of version '1.0'"),
        ("<head>\n    <title>Wire</title>\n  </head>", "", "opml: lacks head"),
        ("<body>", "<body/><body>", "opml: has more than one body"),
        ("<body>", "<body/><body>", "body: has no outline"),
        ("<body>", "<body><p/>", "body: knows no p"),
        ('text="Wire" ', "", "lacks text"),
        (' xmlUrl="https://feeds.example.org/rss.xml"', "", "lacks xmlUrl"),
        ('xmlUrl="https://feeds.example.org/rss.xml"', 'xmlUrl="rss.xml"', "@xmlUrl: is no absolute URI"),
        ("https://feeds.example.org/a/rss.xml", "https://feeds.example.org/rss.xml", "is not unique"),
        ('type="rss"', "", "is no feed by its type"),
        ('type="rss"', 'type="atom"', "@type: is none of rss"),
        ('<outline text="Wire"', '<outline xmlUrl="a:b" type="rss" text="Wire"', "is a feed and holds others"),
    ],
)
def test_the_rules_of_opml(old: str, new: str, fault: str) -> None:
    assert fault in broken(check_opml, OPML, old, new)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("<!DOCTYPE html>", "", "expected-doctype"),
        ("</h1>", "</h2>", "line "),
        ('<meta charset="utf-8">', "", "head: does not say that it is UTF-8"),
        ("<title>Wire</title>", "", "head: has no title"),
        ("<html>", "<html lang='zh_CN'>", "html/@lang: is no language tag"),
        ('rel="alternate"', 'rel="next"', "head: links to no feed"),
        ('type="application/rss+xml"', "", "head/link: lacks href or type"),
        ('href="a/index.html"', 'href="/a/index.html"', "a: its address is not relative"),
        ("<h1>", "<script></script><h1>", "page: runs a script"),
        ("<h1>", "<h1 onclick='x()'>", "page: runs a script"),
    ],
)
def test_the_rules_of_pages(old: str, new: str, fault: str) -> None:
    assert fault in broken(check_page, PAGE, old, new)


@pytest.mark.parametrize(
    ("date", "valid"),
    [
        ("Fri, 01 Mar 2024 09:00:00 GMT", True),
        ("1 Mar 2024 09:00 +0800", True),
        ("Fri, 01 Mar 2024 09:00:00 Z", True),
        ("Thu, 01 Mar 2024 09:00:00 GMT", False),
        ("Fri, 01 Mar 24 09:00:00 GMT", False),
        ("Fri, 01 mar 2024 09:00:00 GMT", False),
        ("Fri, 32 Mar 2024 09:00:00 GMT", False),
        ("2024-03-01", False),
    ],
)
def test_dates_of_rfc_822(date: str, valid: bool) -> None:
    assert (rfc822(date) is None) is valid


@pytest.mark.parametrize(
    ("date", "valid"),
    [
        ("2024-03-01T09:00:00Z", True),
        ("2024-03-01T09:00:00.5+08:00", True),
        ("2024-03-01T09:00:00", False),
        ("2024-03-01 09:00:00Z", False),
        ("2023-02-29T09:00:00Z", False),
        ("2024-03-01T24:01:00Z", False),
    ],
)
def test_dates_of_rfc_3339(date: str, valid: bool) -> None:
    assert (rfc3339(date) is None) is valid


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("https://example.org/a?b=c#d", True),
        ("tag:example.org,2024:1", True),
        ("urn:uuid:1", True),
        ("https://[2001:db8::1]/", True),
        ("//example.org/", False),
        ("a/b:c", False),
        ("https://example.org/a b", False),
        ("https://example.org/利率", False),
        ("https://example.org/100%", False),
        ("https://example.org/a[1]?b[]=c", False),
        ("https://example.org/a#b#c", False),
        ("tag:example.org,2024:[1]", False),
        ("urn:", False),
        ("", False),
    ],
)
def test_absolute_uris(text: str, valid: bool) -> None:
    assert (uri(text) is None) is valid


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("https://xn--fsq.example:8080/a", True),
        ("http://[2001:db8::1]?a", True),
        ("https://user@example.org", True),
        ("tag:example.org,2024:1", True),
        ("https://%E4%BE%8B.example/", False),
        ("https://", False),
        ("https://example.org/a b", False),
    ],
)
def test_addresses_that_readers_follow(text: str, valid: bool) -> None:
    assert (address(text) is None) is valid


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("desk@example.org", True),
        ("desk+feeds@xn--fsq.example", True),
        ("desk", False),
        ("梅@example.org", False),
        ("desk@例.example", False),
        ("a desk@example.org", False),
    ],
)
def test_email_addresses(text: str, valid: bool) -> None:
    assert (email(text) is None) is valid

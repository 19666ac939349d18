"""The front door: what all formats have in common."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from lxml import etree

from feedpub.model import Author, Feed
from feedpub.writers import FILE_NAMES, LABELS, MEDIA_TYPES, WRITERS, write_feed
from tests.factories import A_DAY, make_channel, make_enclosure, make_entry, make_feed
from tests.feedrules import CHECKERS

A = "{http://www.w3.org/2005/Atom}"
ISO_10383 = "urn:iso:std:iso:10383"

FULL = make_feed(
    channel=make_channel(
        folder="jin-rong",
        title="金融 & <Märkte>",
        description="Rates, bonds & everything",
        language="zh-CN",
        author=Author(name="Newsroom", email="desk@example.org", url="https://example.org/about"),
    ),
    entries=(
        make_entry(
            id="https://example.org/rates.html",
            title="Rates ]]> stay & <b>nobody</b> “moves” 😀",
            published=A_DAY,
            updated=A_DAY + timedelta(hours=3),
            summary="The bank left it at 2 %.\nFor now.",
            content='<p>利率 &amp; more: <a href="https://example.org/?a=1&amp;b=2">here</a> ]]&gt;</p>',
            authors=(
                Author(name="Mei Lin", email="mei@example.org", url="https://example.org/梅"),
                Author(name="O'Brien & Sons"),
            ),
            categories=("金融", "R&D", "a/b"),
            image="https://example.org/图.png?a=1&b=2",
            enclosures=(
                make_enclosure(url="https://media.example.org/live.m3u8", type="application/x-mpegURL", length=None),
                make_enclosure(title="Episode 1", seconds=61),
                make_enclosure(
                    url="https://media.example.org/2.mp4", type="video/mp4", length=99, seconds=7, title="B"
                ),
            ),
            language="de",
            symbols=("XSHG:688981", "XHKG:00700"),
        ),
        make_entry(id="urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a", url=None, title="No address", content=""),
        make_entry(id="tag:example.org,2024:short", title="In short", summary="All there is.", content=""),
    ),
)
EMPTY = make_feed(entries=())


@pytest.mark.parametrize("kind", sorted(WRITERS))
@pytest.mark.parametrize(("name", "feed"), [("full", FULL), ("empty", EMPTY)])
def test_a_feed_is_the_golden_one(name: str, feed: Feed, kind: str, golden: Callable[[str, bytes], None]) -> None:
    golden(f"{name}.{FILE_NAMES[kind]}", write_feed(feed, format=kind).body)


@pytest.mark.parametrize("kind", sorted(WRITERS))
@pytest.mark.parametrize("feed", [FULL, EMPTY, make_feed()], ids=["full", "empty", "small"])
def test_a_feed_keeps_the_rules(feed: Feed, kind: str) -> None:
    assert CHECKERS[kind](write_feed(feed, format=kind).body) == []


def test_the_tables_know_the_same_formats() -> None:
    assert set(WRITERS) == set(FILE_NAMES) == set(MEDIA_TYPES) == set(LABELS) == {"rss", "atom", "json"}


@pytest.mark.parametrize(
    ("folder", "kind", "path", "media_type"),
    [
        ("", "rss", "rss.xml", "application/rss+xml"),
        ("", "atom", "atom.xml", "application/atom+xml"),
        ("", "json", "feed.json", "application/feed+json"),
        ("jin-rong/cai-jing", "rss", "jin-rong/cai-jing/rss.xml", "application/rss+xml"),
    ],
)
def test_a_document_lies_in_its_channels_folder(folder: str, kind: str, path: str, media_type: str) -> None:
    document = write_feed(make_feed(channel=make_channel(folder=folder)), format=kind)
    assert (document.path, document.type) == (path, media_type)


def test_an_unknown_format_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="gopher"):
        write_feed(make_feed(), format="gopher")


def test_the_formats_say_the_same() -> None:
    written = [read(FULL, kind=kind) for kind in ("rss", "atom", "json")]
    assert written[0] == written[1] == written[2]
    assert [entry["id"] for entry in written[0]] == [entry.id for entry in FULL.entries]
    assert [tuple(entry["symbols"]) for entry in written[0]] == [entry.symbols for entry in FULL.entries]


def test_fractions_of_seconds_and_time_zones_are_cut_alike() -> None:
    china = timezone(timedelta(hours=8))
    entry = make_entry(published=datetime(2024, 3, 1, 1, 2, 3, 999_999, tzinfo=china))
    for kind in WRITERS:
        (written,) = read(make_feed(entries=(entry,)), kind=kind)
        assert written["published"] == written["updated"] == datetime(2024, 2, 29, 17, 2, 3, tzinfo=UTC)


@pytest.mark.parametrize("kind", sorted(WRITERS))
def test_the_feeds_date_is_that_of_its_newest_change(kind: str) -> None:
    newest = A_DAY + timedelta(days=9)
    feed = make_feed(entries=(make_entry(), make_entry(id="tag:example.org,2024:2", updated=newest)))
    body = write_feed(feed, format=kind).body
    expected = {"rss": b"Sun, 10 Mar 2024 09:00:00 GMT", "atom": b"2024-03-10T09:00:00+00:00"}
    assert expected.get(kind, b"2024-03-10T09:00:00+00:00") in body


@pytest.mark.parametrize("kind", sorted(WRITERS))
def test_equal_feeds_have_equal_bytes_in_every_process(kind: str) -> None:
    program = (
        "from tests.test_writers import FULL; from feedpub.writers import write_feed;"
        f"print(write_feed(FULL, format={kind!r}).digest)"
    )
    runs = [run_python(program, PYTHONHASHSEED=seed, TZ=zone) for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))]
    assert runs == [write_feed(FULL, format=kind).digest] * 2


def test_the_front_door_loads_no_library() -> None:
    program = "import sys, feedpub.writers; print(sorted({'feedgen', 'lxml', 'orjson'} & set(sys.modules)))"
    assert run_python(program) == "[]"


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_xml_begins_with_its_declaration_and_declares_each_namespace_once(kind: str) -> None:
    body = write_feed(FULL, format=kind).body
    assert body.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n<')
    assert body.count(b"xmlns:") == len(etree.fromstring(body).nsmap.keys() - {None})


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_elements_have_a_line_each_and_text_stays_as_it_is(kind: str) -> None:
    content = "<pre>\n  a\n\n b </pre>"
    body = write_feed(make_feed(entries=(make_entry(content=content),)), format=kind).body
    assert content.encode().replace(b"<", b"&lt;").replace(b">", b"&gt;") in body
    assert b"><" not in body


@pytest.mark.parametrize("kind", sorted(WRITERS))
def test_a_document_ends_with_a_newline(kind: str) -> None:
    assert write_feed(make_feed(), format=kind).body.endswith(b"\n")


@pytest.mark.parametrize("kind", sorted(WRITERS))
def test_a_title_of_nothing_but_control_characters_becomes_the_id(kind: str) -> None:
    feed = make_feed(
        channel=make_channel(title="\x00", id="tag:example.org,2024:all"),
        entries=(make_entry(title="\x01 ", id="tag:example.org,2024:1"),),
    )
    (entry,) = read(feed, kind=kind)
    assert entry["title"] == "tag:example.org,2024:1"
    assert CHECKERS[kind](write_feed(feed, format=kind).body) == []


@pytest.mark.parametrize("kind", sorted(WRITERS))
def test_nothing_that_is_no_address_is_written_as_one(kind: str) -> None:
    entry = make_entry(url="/rates.html", image="cover.png", authors=(Author(name="Mei", url="mei", email="none"),))
    body = write_feed(make_feed(entries=(entry,)), format=kind).body
    assert CHECKERS[kind](body) == []
    assert not [word for word in (b"rates.html", b"cover.png", b"none") if word in body]


@pytest.mark.parametrize("kind", sorted(WRITERS))
def test_a_site_in_another_script_is_where_every_reader_finds_it(kind: str) -> None:
    author = Author(name="Mei", url="https://例.example/梅")
    body = write_feed(make_feed(channel=make_channel(url="https://例.example/", author=author)), format=kind).body
    assert CHECKERS[kind](body) == []
    assert b"https://xn--fsq.example/" in body
    assert b"https://%E4%BE%8B" not in body


@pytest.mark.parametrize(
    ("email", "written"),
    [
        ("mei@example.org", "mei@example.org"),
        ("mei@例.example", "mei@xn--fsq.example"),
        ("梅@example.org", None),
        ("mei@a..example", None),
        ("Mei mei@example.org", None),
        ("mei", None),
    ],
)
def test_an_email_address_is_one_of_ascii_or_left_out(email: str, written: str | None) -> None:
    feed = make_feed(entries=(make_entry(authors=(Author(name="Mei", email=email),)),))
    assert etree.fromstring(write_feed(feed, format="atom").body).findtext(f"{A}entry/{A}author/{A}email") == written


def test_an_author_without_a_name_is_called_by_the_address() -> None:
    authors = (Author(name="", email="mei@example.org"), Author(name=" ", email=None))
    feed = make_feed(entries=(make_entry(authors=authors),))
    assert json.loads(write_feed(feed, format="json").body)["items"][0]["authors"] == [{"name": "mei"}]


def test_a_length_of_zero_is_an_unknown_one() -> None:
    feed = make_feed(entries=(make_entry(enclosures=(make_enclosure(length=0, type=""),)),))
    for kind in WRITERS:
        body = write_feed(feed, format=kind).body
        assert CHECKERS[kind](body) == []
        assert b"length" not in body.replace(b"fileSize", b"")
        assert b"application/octet-stream" in body


@pytest.mark.parametrize(
    ("language", "written"), [("zh_CN", "zh-CN"), ("zh-Hant-TW", "zh-Hant-TW"), ("中文", None), ("", None)]
)
def test_a_language_is_a_language_tag_or_left_out(language: str, written: str | None) -> None:
    body = write_feed(make_feed(channel=make_channel(language=language)), format="json").body
    assert json.loads(body).get("language") == written


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("https://example.org/利率", "https://example.org/%E5%88%A9%E7%8E%87"),
        ("https://example.org/%E5%88%A9?a=%20", "https://example.org/%E5%88%A9?a=%20"),
        ("https://example.org/100%", "https://example.org/100%25"),
        ("https://example.org/a b\x00", "https://example.org/a%20b"),
        ("https://example.org/a[1].html?id[]=7#b#c[2]", "https://example.org/a%5B1%5D.html?id%5B%5D=7#b%23c%5B2%5D"),
        ("https://[2001:db8::1]/a", "https://[2001:db8::1]/a"),
        ("https://例.example/a", "https://xn--fsq.example/a"),
        ("https://%E4%BE%8B.example/a", "https://xn--fsq.example/a"),
        ("ftp://example.org/a[1]", "ftp://example.org/a%5B1%5D"),
        ("https://", None),
        ("//example.org/a", None),
        ("1.mp3", None),
    ],
)
def test_an_address_is_an_absolute_uri_or_left_out(url: str, written: str | None) -> None:
    entry = make_entry(url=url, image=url, enclosures=(make_enclosure(url=url),))
    (item,) = json.loads(write_feed(make_feed(entries=(entry,)), format="json").body)["items"]
    attached = [attachment["url"] for attachment in item.get("attachments", ())]
    assert (item.get("url"), item.get("image"), attached) == (written, written, [written] if written else [])


def test_a_feed_is_left_as_it_was() -> None:
    feed = replace(FULL)
    for kind in WRITERS:
        write_feed(feed, format=kind)
    assert feed == FULL


def read(feed: Feed, *, kind: str) -> list[dict[str, Any]]:
    """Read the entries of a feed back from what is written: ids, addresses, titles, dates and categories."""
    body = write_feed(feed, format=kind).body
    if kind == "json":
        return [read_item(item) for item in json.loads(body)["items"]]
    root = etree.fromstring(body)
    if kind == "atom":
        return [read_atom(entry) for entry in root.iterfind(f"{A}entry")]
    return [read_rss(item) for item in root.iterfind("channel/item")]


def read_item(item: Any) -> dict[str, Any]:
    return {
        "id": item["id"],
        "url": item.get("url"),
        "title": item["title"],
        "published": datetime.fromisoformat(item["date_published"]),
        "updated": datetime.fromisoformat(item["date_modified"]),
        "categories": item.get("tags", []),
        "symbols": item.get("_feedpub", {}).get("symbols", []),
        "content": item.get("content_html") or None,
    }


def read_atom(entry: Any) -> dict[str, Any]:
    link = entry.find(f"{A}link[@rel='alternate']")
    return {
        "id": entry.findtext(f"{A}id"),
        "url": link.get("href") if link is not None else None,
        "title": entry.findtext(f"{A}title"),
        "published": datetime.fromisoformat(entry.findtext(f"{A}published")),
        "updated": datetime.fromisoformat(entry.findtext(f"{A}updated")),
        "categories": [category.get("term") for category in entry.xpath("*[local-name()='category'][not(@scheme)]")],
        "symbols": [category.get("term") for category in entry.iterfind(f"{A}category[@scheme='{ISO_10383}']")],
        "content": entry.findtext(f"{A}content") or None,
    }


def read_rss(item: Any) -> dict[str, Any]:
    published = datetime.strptime(item.findtext("pubDate"), "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    updated = item.findtext(f"{A}updated")
    return {
        "id": item.findtext("guid"),
        "url": item.findtext("link"),
        "title": item.findtext("title"),
        "published": published,
        "updated": datetime.fromisoformat(updated) if updated else published,
        "categories": [category.text for category in item.xpath("category[not(@domain)]")],
        "symbols": [category.text for category in item.iterfind(f"category[@domain='{ISO_10383}']")],
        "content": item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded"),
    }


def run_python(program: str, **environment: str) -> str:
    """Run a program in a process of its own; return what it prints."""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


HUBS = ("https://hub.example.org/", "https://zeitung.example/hüb")


@pytest.mark.parametrize("kind", sorted(WRITERS))
def test_a_feed_names_the_hubs_that_tell_of_its_news(kind: str) -> None:
    feed = make_feed(channel=make_channel(hubs=(*HUBS, "no address")))
    body = write_feed(feed, format=kind).body
    assert CHECKERS[kind](body) == []
    wanted = ["https://hub.example.org/", "https://zeitung.example/h%C3%BCb"]
    if kind == "json":
        assert json.loads(body)["hubs"] == [{"type": "WebSub", "url": hub} for hub in wanted]
    else:
        links = etree.fromstring(body).iter(f"{A}link")
        assert [link.get("href") for link in links if link.get("rel") == "hub"] == wanted

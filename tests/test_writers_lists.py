"""The lists of feeds: OPML, pages, and the tree behind both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import html5lib
import pytest
from lxml import etree

from feedpub.model import Channel
from feedpub.writers import write_opml, write_page
from feedpub.writers.nesting import Branch, branch_of, nest
from tests.factories import make_channel
from tests.feedrules import check_opml, check_page

ROOT = make_channel(title="Wire & <co>", language="zh-CN", description="Everything")
FINANCE = make_channel(title="金融", folder="jin-rong", path=("金融",))
SINA = make_channel(title="新浪", folder="sina", path=("金融", "新浪"))
DEEP = make_channel(title="Deep", folder="it/a/b", path=("IT", "a", "b"))
SYMBOL = make_channel(title="SMIC", folder="symbols/xshg-688981")
ALL = (ROOT, FINANCE, SINA, DEEP, SYMBOL)


def named(branches: tuple[Branch, ...]) -> list[Any]:
    """Show a tree as titles, each followed by the list of what is below it."""
    shown: list[Any] = []
    for branch in branches:
        shown += [branch.channel.title, named(branch.below)] if branch.below else [branch.channel.title]
    return shown


def test_channels_nest_by_their_paths() -> None:
    assert named(nest(ALL)) == ["Wire & <co>", "SMIC", "金融", ["新浪"], "Deep"]


def test_a_level_without_a_channel_is_skipped() -> None:
    leaf = make_channel(title="leaf", folder="a/b/c", path=("a", "b", "c"))
    top = make_channel(title="top", folder="a", path=("a",))
    assert named(nest((leaf, top))) == ["top", ["leaf"]]


def test_of_two_channels_with_one_path_the_first_takes_what_is_below() -> None:
    tag = make_channel(title="tag", folder="tags/jin-rong", path=("金融",))
    assert named(nest((FINANCE, tag, SINA))) == ["金融", ["新浪"], "tag"]


@pytest.mark.parametrize(
    ("channel", "below"),
    [
        (ROOT, ["SMIC", "金融", ["新浪"], "Deep"]),
        (FINANCE, ["新浪"]),
        (SINA, []),
        (SYMBOL, []),
    ],
)
def test_below_the_root_is_everything_and_below_a_category_its_own(channel: Channel, below: list[Any]) -> None:
    assert named(branch_of(channel, ALL).below) == below


def test_an_opml_file_is_the_golden_one(golden: Callable[[str, bytes], None]) -> None:
    document = write_opml(ALL, title="Wire & <co>", format="rss")
    golden("feeds.opml", document.body)
    assert (document.path, document.type) == ("feeds.opml", "text/x-opml")
    assert check_opml(document.body) == []


def test_an_opml_file_lists_every_feed_once() -> None:
    tree = etree.fromstring(write_opml(ALL, title="Wire", format="atom").body)
    urls = [outline.get("xmlUrl") for outline in tree.iterfind(".//outline[@type='rss']")]
    assert sorted(urls) == sorted(channel.url + "atom.xml" for channel in ALL)


def test_a_category_with_others_below_it_is_a_folder_with_its_own_feed_first() -> None:
    tree = etree.fromstring(write_opml((FINANCE, SINA), title="Wire", format="rss").body)
    (folder,) = tree.iterfind("body/outline")
    assert folder.get("xmlUrl") is None
    assert [feed.get("text") for feed in folder] == ["金融", "新浪"]


@pytest.mark.parametrize("kind", ["", "opml"])
def test_an_unknown_format_is_a_key_error(kind: str) -> None:
    with pytest.raises(KeyError):
        write_opml(ALL, title="Wire", format=kind)
    with pytest.raises(KeyError):
        write_page(ROOT, channels=ALL, formats=(kind,))


@pytest.mark.parametrize(("name", "channel"), [("root", ROOT), ("sub", FINANCE)])
def test_a_page_is_the_golden_one(name: str, channel: Channel, golden: Callable[[str, bytes], None]) -> None:
    document = write_page(channel, channels=ALL, formats=("rss", "atom", "json"))
    golden(f"{name}.index.html", document.body)
    assert document.type == "text/html"
    assert check_page(document.body) == []


@pytest.mark.parametrize(("channel", "path"), [(ROOT, "index.html"), (FINANCE, "jin-rong/index.html")])
def test_a_page_lies_in_its_channels_folder(channel: Channel, path: str) -> None:
    assert write_page(channel, channels=ALL, formats=("rss",)).path == path


@pytest.mark.parametrize(
    ("channel", "links"),
    [
        (FINANCE, ["index.html", "rss.xml", "../sina/index.html", "../sina/rss.xml", "../index.html"]),
        (DEEP, ["index.html", "rss.xml", "../../../index.html"]),
    ],
)
def test_links_are_relative_to_the_page(channel: Channel, links: list[str]) -> None:
    page = parse(write_page(channel, channels=ALL, formats=("rss",)).body)
    assert [link.get("href") for link in page.iterfind(".//a")] == links


def test_a_page_offers_its_own_feeds_to_readers() -> None:
    page = parse(write_page(FINANCE, channels=ALL, formats=("json", "rss")).body)
    assert [(link.get("type"), link.get("href")) for link in page.iterfind("head/link")] == [
        ("application/feed+json", "feed.json"),
        ("application/rss+xml", "rss.xml"),
    ]


def test_a_page_has_its_channels_language_title_and_description() -> None:
    page = parse(write_page(ROOT, channels=ALL, formats=("rss",)).body)
    assert page.get("lang") == "zh-CN"
    assert page.findtext("head/title") == page.findtext("body/h1") == "Wire & <co>"
    assert page.findtext("body/p") == "Everything"
    assert page.find("head/meta[@name='generator']").get("content") == "feedpub"


def test_a_title_cannot_break_out_of_the_page() -> None:
    hostile = make_channel(title="</title><script>alert(1)</script>\x00")
    body = write_page(hostile, channels=(hostile,), formats=("rss",)).body
    assert check_page(body) == []
    assert parse(body).findtext("body/h1") == "</title><script>alert(1)</script>"


def parse(body: bytes) -> Any:
    return html5lib.parse(body, treebuilder="lxml", namespaceHTMLElements=False).getroot()

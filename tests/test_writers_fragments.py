"""Entries are rendered once, kept, and joined into every feed that shows them."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from feedpub.model import Author, Channel, Document, Entry, Feed
from feedpub.writers import (
    VERSION,
    WRITERS,
    Fragment,
    fit_size,
    join_feed,
    render_entries,
    render_entry,
    write_feed,
    write_opml,
    write_page,
)
from feedpub.writers.shell import cut_frame, make_shell
from tests.conftest import GOLDEN
from tests.factories import A_DAY, make_channel, make_enclosure, make_entry, make_feed
from tests.test_writers import EMPTY, FULL, run_python
from tests.test_writers_text import TEXT

KINDS = sorted(WRITERS)

#: What a feed's own markup looks like, besides what is hard for XML.
MARKUP = ["</item>\n", "\n    <item>\n", "  </channel>\n</rss>\n", "<entry/>\n", "]}", '"items":[]}']
WORDS = TEXT | st.sampled_from(MARKUP)
LANGUAGES = st.sampled_from([None, "", "zh-CN", "zh_CN", "de", "中文"])
DATES = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
AUTHORS = st.builds(Author, name=WORDS, email=st.none() | WORDS, url=st.none() | WORDS)
ENCLOSURES = st.builds(make_enclosure, title=WORDS, length=st.none() | st.just(9))
ENTRIES = st.builds(
    make_entry,
    id=WORDS.map("tag:example.org,2024:".__add__),
    title=WORDS,
    published=DATES,
    updated=DATES,
    url=st.none() | WORDS.map("https://example.org/".__add__),
    summary=WORDS,
    # lxml, when it reads a feed for comparison, cannot tell a text of blanks from indentation.
    content=st.just("") | WORDS.map("<p>".__add__),
    authors=st.lists(AUTHORS, max_size=2).map(tuple),
    categories=st.lists(WORDS, max_size=2).map(tuple),
    image=st.none() | WORDS,
    enclosures=st.lists(ENCLOSURES, max_size=2).map(tuple),
    language=LANGUAGES,
    symbols=st.lists(WORDS, max_size=1).map(tuple),
)
CHANNELS = st.builds(
    make_channel,
    title=WORDS,
    description=WORDS,
    language=LANGUAGES,
    author=st.none() | AUTHORS,
    folder=st.sampled_from(["", "jin-rong"]),
)
FEEDS = st.builds(make_feed, channel=CHANNELS, entries=st.lists(ENTRIES, max_size=4).map(tuple))


#: What is mended or left out before it is written.
MESSY = make_feed(
    channel=make_channel(folder="messy", title="\x00", language="zh_CN", description=" why <b> is bold"),
    entries=(
        make_entry(
            id="https://例.example/a[1]#b#c",
            title=" a\x00 b\r\n",
            published=A_DAY.replace(microsecond=1),
            url="/a",
            summary="why <b>\r\nis &amp; bold ",
            content="<p>\x0b\r\n</p>",
            authors=(Author(name="", email="mei@例.example", url="mei"), Author(name=" ")),
            categories=("a ", "", "a"),
            enclosures=(make_enclosure(url="https://[::1]/a b", type="", length=0, title=" "),),
            language="zh-CN",
        ),
    ),
)


def render(entries: Sequence[Entry], *, language: str | None = None) -> list[Fragment]:
    return [render_entry(entry, language=language, formats=KINDS) for entry in entries]


def rendered(feed: Feed) -> list[Fragment]:
    return render(feed.entries, language=feed.channel.language)


def largest(channel: Channel, fragments: Sequence[Fragment]) -> int:
    return max(len(join_feed(channel, fragments, format=kind).body) for kind in KINDS)


def written_as_a_whole(body: bytes, *, kind: str) -> bytes:
    """Read a document and let the library write it anew, all at once."""
    if kind == "json":
        return orjson.dumps(orjson.loads(body), option=orjson.OPT_APPEND_NEWLINE)
    root = etree.fromstring(body, etree.XMLParser(remove_blank_text=True))
    declaration, mark, _ = body.partition(b"\n")
    return declaration + mark + etree.tostring(root, encoding="utf-8", pretty_print=True)


@settings(max_examples=60, deadline=None)
@given(feed=FEEDS)
def test_a_joined_feed_is_the_written_one(feed: Feed) -> None:
    fragments = rendered(feed)
    for kind in KINDS:
        assert join_feed(feed.channel, fragments, format=kind) == write_feed(feed, format=kind)


@settings(max_examples=60, deadline=None)
@given(feed=FEEDS)
def test_no_byte_tells_that_a_feed_was_joined(feed: Feed) -> None:
    for kind in KINDS:
        body = write_feed(feed, format=kind).body
        assert body == written_as_a_whole(body, kind=kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("feed", [FULL, EMPTY, make_feed()], ids=["full", "empty", "small"])
def test_a_fixed_feed_is_as_if_written_at_once(feed: Feed, kind: str) -> None:
    body = write_feed(feed, format=kind).body
    assert body == written_as_a_whole(body, kind=kind)


@pytest.mark.parametrize("kind", KINDS)
def test_one_fragment_stands_in_two_channels(kind: str) -> None:
    (fragment,) = render((make_entry(language="de"),), language="zh_CN")
    for channel in (make_channel(language="zh_CN"), make_channel(language="zh-CN", title="B", folder="b")):
        feed = make_feed(channel=channel, entries=(make_entry(language="de"),))
        assert join_feed(channel, (fragment,), format=kind) == write_feed(feed, format=kind)


@pytest.mark.parametrize(
    ("own", "channels", "said"),
    [
        ("de", "zh-CN", True),
        ("de", None, True),
        ("zh-CN", "zh-CN", False),
        ("zh-CN", "zh_CN", False),
        ("zh_CN", "zh-CN", False),
        (None, "zh-CN", False),
        (None, None, False),
        ("中文", "zh-CN", False),
    ],
)
def test_an_entry_says_its_language_where_it_is_not_the_channels(own: str | None, channels: str, said: bool) -> None:
    fragment = render_entry(make_entry(language=own), language=channels, formats=KINDS)
    marks = {"rss": b"<dc:language>", "atom": b"xml:lang=", "json": b'"language":'}
    assert {kind: mark in fragment.texts[kind] for kind, mark in marks.items()} == dict.fromkeys(marks, said)


def test_a_fragment_has_the_formats_asked_for_and_no_other() -> None:
    assert set(render_entry(make_entry(), language=None, formats=["json", "rss"]).texts) == {"json", "rss"}
    assert render_entry(make_entry(), language=None, formats=[]).texts == {}


def test_a_fragment_has_the_entrys_id_and_the_date_that_is_written() -> None:
    entry = make_entry(id="https://example.org/利率", updated=A_DAY.replace(microsecond=5))
    fragment = render_entry(entry, language=None, formats=KINDS)
    assert (fragment.id, fragment.updated) == ("https://example.org/利率", A_DAY)


def test_many_entries_are_rendered_as_each_of_them() -> None:
    assert render_entries(FULL.entries, language="de", formats=KINDS) == render(FULL.entries, language="de")
    assert render_entries((), language=None, formats=KINDS) == []


def test_a_fragment_declares_no_namespace() -> None:
    for fragment in rendered(FULL):
        assert b"xmlns" not in fragment.texts["rss"] + fragment.texts["atom"]


def test_a_fragment_is_the_same_in_every_process() -> None:
    program = (
        "import hashlib; from tests.test_writers_fragments import FULL, rendered;"
        "texts = [fragment.texts[kind] for fragment in rendered(FULL) for kind in sorted(fragment.texts)];"
        "print(hashlib.sha256(b''.join(texts)).hexdigest())"
    )
    assert run_python(program, PYTHONHASHSEED="1") == run_python(program, PYTHONHASHSEED="2")


def test_a_fragment_travels_between_processes() -> None:
    fragments = rendered(FULL)
    assert pickle.loads(pickle.dumps(fragments)) == fragments


@pytest.mark.parametrize("kind", KINDS)
def test_a_feed_keeps_the_order_of_its_fragments(kind: str) -> None:
    fragments = rendered(FULL)
    turned = replace(FULL, entries=FULL.entries[::-1])
    assert join_feed(FULL.channel, fragments[::-1], format=kind) == write_feed(turned, format=kind)


def test_a_format_that_nobody_rendered_is_a_key_error() -> None:
    fragment = render_entry(make_entry(), language=None, formats=["json"])
    with pytest.raises(KeyError, match="rss"):
        join_feed(make_channel(), [fragment], format="rss")
    with pytest.raises(KeyError, match="gopher"):
        render_entry(make_entry(), language=None, formats=["gopher"])


def test_only_the_library_of_the_format_is_loaded() -> None:
    program = (
        "import sys; from feedpub.writers import write_feed; from tests.factories import make_feed;"
        "write_feed(make_feed(), format='json'); print(sorted({'feedgen', 'lxml', 'orjson'} & set(sys.modules)))"
    )
    assert run_python(program) == "['orjson']"


def test_what_does_not_end_as_its_shell_is_not_cut() -> None:
    with pytest.raises(ValueError, match="not between"):
        cut_frame(make_shell("feed", namespaces={}), b"<feed/>\n")


@settings(max_examples=60, deadline=None)
@given(feed=FEEDS, room=st.integers(-300, 6000))
def test_as_many_entries_stay_as_fit_and_one_at_least(feed: Feed, room: int) -> None:
    fragments = rendered(feed)
    max_bytes = largest(feed.channel, ()) + room
    kept = fit_size(feed.channel, fragments, formats=KINDS, max_bytes=max_bytes)
    assert kept == fragments[: len(kept)]
    assert len(kept) >= min(1, len(fragments))
    assert len(kept) <= 1 or largest(feed.channel, kept) <= max_bytes
    assert len(kept) == len(fragments) or largest(feed.channel, fragments[: len(kept) + 1]) > max_bytes


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_document_of_the_very_size_fits_and_a_byte_less_does_not(kind: str, count: int) -> None:
    fragments = rendered(FULL)
    size = len(join_feed(FULL.channel, fragments[:count], format=kind).body)
    kept = [fit_size(FULL.channel, fragments, formats=[kind], max_bytes=most) for most in (size, size - 1)]
    assert [len(fitting) for fitting in kept] == [count, max(1, count - 1)]


def test_the_largest_format_decides() -> None:
    fragments = rendered(FULL)
    sizes = {kind: len(join_feed(FULL.channel, fragments, format=kind).body) for kind in KINDS}
    small, large = min(sizes, key=sizes.__getitem__), max(sizes, key=sizes.__getitem__)
    kept = {kind: fit_size(FULL.channel, fragments, formats=[kind], max_bytes=sizes[small]) for kind in (small, large)}
    assert len(kept[large]) < len(kept[small]) == len(fragments)
    assert fit_size(FULL.channel, fragments, formats=KINDS, max_bytes=sizes[small]) == kept[large]


def test_without_formats_nothing_takes_room() -> None:
    fragments = rendered(FULL)
    assert fit_size(FULL.channel, fragments, formats=[], max_bytes=0) == fragments


@pytest.mark.parametrize("kind", KINDS)
def test_no_date_is_longer_than_another(kind: str) -> None:
    days = [A_DAY, *(A_DAY + timedelta(days=day, seconds=day) for day in (1, 2, 99)), datetime(999, 5, 1, tzinfo=UTC)]
    fragment = render_entry(make_entry(), language=None, formats=[kind])
    bodies = [join_feed(make_channel(), [replace(fragment, updated=day)], format=kind).body for day in days]
    assert len({len(body) for body in bodies}) == 1


# The version of the bytes.


def complaint(known: dict[str, Any], now: dict[str, Any], *, bless: bool) -> str | None:
    """Tell what is wrong about digests that are as they are *now*, where *known* ones were accepted."""
    if known == now:
        return None
    if known["version"] == now["version"]:
        names = sorted(set(dict(known["digests"].items() ^ now["digests"].items())))
        return f"{', '.join(names)} changed: raise VERSION in feedpub/writers/__init__.py, then run pytest --bless"
    return None if bless else f"VERSION is {now['version']}: run pytest --bless, which accepts the bytes of it"


@pytest.mark.parametrize(
    ("version", "digest", "bless", "says"),
    [
        (1, "a", False, None),
        (1, "a", True, None),
        (1, "b", False, "raise VERSION"),
        (1, "b", True, "raise VERSION"),
        (2, "b", False, "run pytest --bless"),
        (2, "b", True, None),
    ],
)
def test_changed_bytes_need_a_new_version_and_then_a_blessing(
    version: int, digest: str, bless: bool, says: str | None
) -> None:
    known, now = ({"version": v, "digests": {"rss.xml": d}} for v, d in ((1, "a"), (version, digest)))
    said = complaint(known, now, bless=bless)
    assert said is None if says is None else says in str(said)


def test_the_bytes_are_those_of_the_version(
    request: pytest.FixtureRequest, golden: Callable[[str, bytes], None]
) -> None:
    now = {"version": VERSION, "digests": {document.path: document.digest for document in every_kind_of_document()}}
    known = json.loads((GOLDEN / "writers.json").read_text("utf-8"))
    said = complaint(known, now, bless=request.config.getoption("--bless"))
    if said:
        pytest.fail(said)
    golden("writers.json", json.dumps(now, indent=2).encode() + b"\n")


def every_kind_of_document() -> list[Document]:
    """Write a rich, a messy and an empty feed in all formats, their pages, and the list of feeds."""
    feeds = (EMPTY, FULL, MESSY)
    channels = [feed.channel for feed in feeds]
    return [
        *(write_feed(feed, format=kind) for feed in feeds for kind in KINDS),
        *(write_page(channel, channels=channels, formats=KINDS) for channel in channels),
        write_opml(channels, title="Wire & <co>", format="rss"),
    ]

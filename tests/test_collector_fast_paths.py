"""What reads most articles at a fraction of the cost gives what the full readers give, or leaves it to them."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feedpub.collector import Found, dates, matter, survey, yamlevents
from feedpub.collector.dates import DateError, parse_date
from feedpub.collector.fingerprint import VERSION, digest_article, digest_bytes
from feedpub.collector.mending import restore_title
from feedpub.collector.simpleyaml import read_simple
from feedpub.collector.yamlvalues import YamlError
from feedpub.text import xml_safe

BERLIN = ZoneInfo("Europe/Berlin")

# --- front matter ---

#: What means something to YAML, what nearly does, and what some take for a blank or a line end.
WORDS = (
    *("a", "title", "key", "-key", "1", "2022-02-02", "11:21:00", "https://e.org/#a", "null", "~", "true", "<<", "="),
    *(
        "'",
        "''",
        '"',
        "\\",
        "'it''s'",
        "'a'",
        '"b"',
        "''''",
        ":",
        ": ",
        ":\n",
        ": a",
        ":a",
        "#",
        " #",
        "# ",
        "a#b",
        ",",
    ),
    *("-", "- ", "- - ", "?", "? ", "[", "]", "{", "}", "[a, b]", "&a", "*a", "!", "!!str", "|", ">", "%", "@", "`"),
    *(" ", "  ", "\t", "\n", "\n\n", "\r\n", "\r", "---", "...", "\n---\n", "\n...\n", "\n - a", "\n- a", "\n  - 'b'"),
    *(
        "\nkey: ",
        "\nb: ''",
        "\nc:",
        "\nd: \n",
        "中文",
        "\u3000",
        "\xa0",
        "\x85",
        "\u2028",
        "\u2029",
        "\ufeff",
        "\u200d",
    ),
    *("\x00", "\x07", "\x7f", "\x9f", "\ud800", "\ufffe", "😀", "é", "\ufe0f", "y" * 1100),
)
KEYS = st.sampled_from(
    ("a", "b", "c-d", "E_f", "title", "Title", "null", "~", "1", "<<", "a b", "é", "'q'", "", "k" * 61)
)
SCALARS = st.lists(st.sampled_from(WORDS), max_size=3).map("".join)
ITEMS = st.builds("{}-{}{}".format, st.sampled_from(("", " ", "  ", "\t")), st.sampled_from((" ", "  ", "")), SCALARS)
PAIRS = st.builds("{}:{}{}".format, KEYS, st.sampled_from((" ", "  ", "", " \t")), SCALARS)
LONE_KEYS = st.builds("{}:{}".format, KEYS, st.sampled_from(("", " ")))
LINES = st.one_of(PAIRS, PAIRS, LONE_KEYS, ITEMS, st.sampled_from(("", " ", "# c", " # c", "---", "...", "{}", "a")))
FRONT_MATTER = st.builds("{}{}".format, st.lists(LINES, max_size=6).map("\n".join), st.sampled_from(("\n", "\n", "")))


def read_fully(text: str) -> object:
    """Read as if there were no other reader."""
    try:
        return restore_title(yamlevents.read_events(text) or {}, text)
    except YamlError as error:
        return error


@settings(max_examples=1500, deadline=None)
@given(FRONT_MATTER)
@example("title: 'it''s'\ncategories: \n - a\n - — b\nheadimg: ''\ndate: Mon, 02 May 2022 20:14:04 GMT\n")
@example("a:\n- b\n  - c\n")
@example("a: b\n - c\n")
@example("a: ''\n- b\n")
@example("title: &a b #\n")
@example("a: b:\n")
@example("a: b\u3000\u3000#c\n")
@example("- a\n")
@example("a: " + "b" * 5000 + "\n")
@example("a:\n  - " + "'b'" * 700 + "\n")
def test_simple_yaml_is_read_as_by_the_full_reader(text: str) -> None:
    simple = read_simple(text)
    assert simple is None or simple == read_fully(text)
    assert simple is None or list(simple) == list(read_fully(text))  # type: ignore[call-overload]


@settings(max_examples=300, deadline=None)
@given(FRONT_MATTER)
def test_simple_yaml_is_read_as_by_the_reader_in_python(text: str) -> None:
    simple = read_simple(text)
    if simple is not None:
        nulls = dict.fromkeys(("~", "null", "Null", "NULL"), "")
        read = yaml.load(text, Loader=yaml.BaseLoader) or {}
        plain = {
            key: [nulls.get(part, part) for part in value] if isinstance(value, list) else nulls.get(value, value)
            for key, value in read.items()
        }
        # The words for nothing in quotes are words, which this reader does not tell.
        assert plain == simple or re.search("""['"](?:~|null|Null|NULL)['"]""", text)


@pytest.mark.parametrize(
    "text",
    [
        "title: 'a: b # c'\n",
        'title: "a, it\'s"\ndate: 2022-02-02 11:21:00\n',
        "categories: \n - a\n - b\ntags:\n- c\n",
        "a:\nb: \nc: ~\nd: null\n",
        "url: https://example.org/?a=b#c\n",
        "title: 中文　标题\n",
        "\na: b\n\nc:\n\n - d\n\n - e\n\nf: 'g'\n\n",
    ],
)
def test_what_crawlers_write_is_simple(text: str) -> None:
    assert read_simple(text) == read_fully(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "a: b: c\n",
            "a: b #c\n",
            "a: &b c\n",
            "a: [b]\n",
            "a: |\n  b\n",
            "a: b\n  c\n",
            "a: 'b\n  c'\n",
            'a: "\\n"\n',
        ),
        *(
            "a:\tb\n",
            "a: b\na: c\n",
            "- b\n",
            "a:\n - b\n  - c\n",
            "a:\n - - b\n",
            "a:\n - b: c\n",
            "a: b\n---\nc: d\n",
        ),
        *(
            "a: b\n...\n",
            "a: b\x85c\n",
            "a: b\u2028c\n",
            "a: b",
            "# c\na: b\n",
            "a:\n  b: c\n",
            "null: a\n",
            "a : b\n",
            "",
        ),
    ],
)
def test_whatever_else_is_left_to_the_full_reader(text: str) -> None:
    assert read_simple(text) is None


@settings(max_examples=500, deadline=None)
@given(
    st.sampled_from(("", "\n", " \n\n", "\ufeff", "x")),
    st.sampled_from(("---\n", "---\n", "--- \n", "---yaml\n", "----\n")),
    FRONT_MATTER,
    st.sampled_from(("---\n", "---", "--- \n", "...\n", "---x\n", "----\n", "")),
    st.sampled_from(("", "body", "\n<p>a</p>\n---\nb")),
)
def test_a_file_is_split_at_the_same_lines(before: str, opening: str, fields: str, closing: str, body: str) -> None:
    text = before + opening + fields + closing + body
    simple = matter.split_simple(encode(text))
    if simple is not None:
        full = matter.split_matter(text)
        assert simple.body == full.body
        assert simple._replace(raw=b"", start=0) == full._replace(raw=b"", start=0)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"---\na: b\n---\n<p>c", id="ordinary"),
        pytest.param(b"\n \n---\na: b\n---\n<p>c", id="blank lines"),
        pytest.param(b"---\r\na: b\r\n---\r\n<p>c", id="line ends of Windows"),
        pytest.param(b"\xef\xbb\xbf---\na: b\n---\n<p>c", id="byte order mark"),
    ],
)
def test_a_plain_file_is_split_without_the_full_reader(raw: bytes) -> None:
    simple = matter.split_simple(raw)
    assert simple is not None
    assert (simple.fields, simple.body) == ({"a": "b"}, "<p>c")


@pytest.mark.parametrize("odd", [b"\0", b"\xff", b"\xc2\x85", b"\x01" * 99])
def test_a_file_that_is_not_plain_is_left_to_the_full_reader(odd: bytes) -> None:
    assert matter.split_simple(b"---\na: b\n---\n<p>c" + odd) is None


# --- batches ---


def test_a_batch_is_surveyed_as_its_files_are_one_by_one(tmp_path: Path) -> None:
    texts = ("---\ntitle: a\n---\nb", "", "---\ntitle: a\n", "# c\n\nd", "---\nlink: /e\n---\n", "f")
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.md").write_text(text)
    known = digest_bytes(b"f")
    batch = [Found(f"{number}.md", f"{number}.md", str(tmp_path / f"{number}.md")) for number in range(7)]
    batch[5] = batch[5]._replace(bytes=known)
    said = survey(batch, zone=BERLIN, now=datetime.now(UTC))
    alone = [survey([found], zone=BERLIN, now=datetime.now(UTC))[0] for found in batch]
    assert said == alone
    assert [found.name for found in said] == [found.name for found in batch]
    kinds = [type(found).__name__ for found in said]
    assert kinds == ["Sighting", "Rejected", "Rejected", "Sighting", "Rejected", "Same", "Rejected"]


# --- dates ---


def parse_as_any_rfc_822(text: str) -> datetime | None:
    """Read as if the form that programs write were not known by itself."""
    found = dates._RFC_822.fullmatch(text)
    try:
        moment = dates._from_rfc_822(found, BERLIN) if found else None
        return moment and dates._to_utc(moment, BERLIN)
    except ValueError:
        return None


@settings(max_examples=500)
@given(
    st.sampled_from(("Mon", "Sun", "Thu", "Xyz", "mon", "MON")),
    st.integers(0, 32),
    st.sampled_from(("Jan", "Feb", "May", "Sep", "Dec", "Foo", "jan", "Sept")),
    st.sampled_from((0, 1, 99, 1899, 1900, 2000, 2022, 2024, 2100, 2101, 9999)),
    st.tuples(st.integers(0, 25), st.integers(0, 61), st.integers(0, 61)),
    st.sampled_from(("GMT", "UTC", "gmt", "GMT ", "+0000", "CST")),
)
@example("Mon", 29, "Feb", 2023, (0, 0, 0), "GMT")
@example("Mon", 1, "Jan", 2022, (24, 0, 0), "GMT")
@example("Mon", 1, "Jan", 2022, (23, 59, 60), "GMT")
def test_a_date_as_programs_write_it_is_read_as_any_other(
    weekday: str, day: int, month: str, year: int, clock: tuple[int, int, int], zone: str
) -> None:
    hour, minute, second = clock
    text = f"{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} {zone}"
    expected = parse_as_any_rfc_822(text.strip())
    if expected is None:
        with pytest.raises(DateError):
            parse_date(text, zone=BERLIN)
    else:
        assert parse_date(text, zone=BERLIN) == expected
        assert parse_date(text, zone=BERLIN).tzinfo is UTC


# --- digests ---

#: As they are defined. Change one of these, and every article of every site is an updated one: raise `VERSION`.
UNSEEN = re.compile(
    rb"""<(?:!--.*?(?:-->|\Z)|(?P<raw>script|style)(?=[\s/>]).*?(?:</(?P=raw)\s*>|\Z)"""
    rb"""|span\b[^<>]*?\bid=["']?quote_[^<>]*>.*?(?:</span>|\Z)"""
    rb"""|(?:audio|video|source|iframe|embed)\b(?>[^<>]*?\bsrc\s*+=\s*+["']?(?P<media>[^"'\s<>]++))[^<>]*+>"""
    rb"""|\w+\s\w+=["'][^>]*(?:>|\Z)|[^<>]*>)""",
    re.DOTALL | re.IGNORECASE,
)
ADDRESS = re.compile(rb"""\b(?:href|src)\s*=\s*["']?([^"'\s<>]+)""", re.IGNORECASE)

#: Markup whole and in pieces, letters that are an "s" or an "i" to some, and all that is white space to Python.
PIECES = (
    *("<", ">", "<p>", "</p>", "<b ", "<strong>", "<!--", "-->", "--", "<!-- a -->", "<!-->", "<!--->", "<!-- <b> -->"),
    *("<style>", "</style>", "</style >", "<STYLE", "</Style>", "<script>", "<script\u3000", "</script>", "<styles>"),
    *("<ſtyle>", "</ſcript>", "<scrıpt>", '<span id="quote_x">', "<span id=quote_1>", "<span ıd=quote_", "</span>"),
    *(
        "<span>",
        "<span a=b id='quote_",
        "</SPAN>",
        "</ſpan>",
        "quote_",
        " id=",
        "=",
        "<iframe src='a'>",
        "<İframe src=x",
    ),
    *(
        "<AUDIO src=1>",
        "<vıdeo ",
        "<ſource src=q>",
        "<embed src='e'",
        "src='u'",
        "href=x",
        "'",
        '"',
        "/",
        "\ud800",
        "“",
    ),
    *("a", "中文", "😀", "x" * 60, "字" * 70, "😀" * 90),
    *filter(str.isspace, map(chr, range(0x3001))),
)


def encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def digest(*parts: bytes) -> str:
    return hashlib.sha256(b"".join(parts)).hexdigest()[:32]


def mark_ends(*parts: bytes) -> bytes:
    return b"\n" + b"".join(b"%d:" % len(part) + part for part in parts)


def digest_as_defined(body: bytes, title: str, link: str | None) -> tuple[str, str]:
    media = [found["media"] for found in UNSEEN.finditer(body) if found["media"]]
    words = "".join(UNSEEN.sub(b"", body).decode("utf-8", "surrogatepass").split())
    text = encode(words)
    if len(words) < 200:
        story = digest(text, mark_ends(encode(title), encode(link or ""), *ADDRESS.findall(body)))
    else:
        story = digest(text, mark_ends(*media) if media else b"")
    return story, f"{VERSION}:{digest(text)[:24]}:{digest(encode(title))[:8]}"


@settings(max_examples=2000, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), st.sampled_from((None, "/a")))
@example("<p>" + "字" * 200 + "</p><video src='a'>", None)
@example("<a <!-- b --> c>", None)
@example("<a <style></style> c>", None)
@example("<script中></script><ſtyle></style>b", None)
@example("a < b <p>c</p>", None)
@example("<!-- <b> - -- <iframe src='a'> -->" + "字" * 200, None)
@example("<!-- <b> - -- ></b> -->c<!-->d-->e", None)
@example("<style></script></style>", None)
@example('<span id="a" id="quote_b">1<b></b></span>2', None)
@example("<p></p>\n<p>\u3000\u3000a</p> <p>b", None)
@example("<img alt='a<b'>c<img alt='d", None)
@example("字" * 200 + "<video src='a<b'>< c", None)
def test_digests_are_what_they_always_were(body: str, link: str | None) -> None:
    raw = encode(body)
    assert digest_article(raw, title="标题", link=link) == digest_as_defined(raw, "标题", link)


WORDS_ENOUGH = "字" * 200


@pytest.mark.parametrize(
    "unseen",
    [
        *(" ", "\n\n", "\u3000", "\xa0", "\u2003", "<br>", "<b class='a'></b>", "<!-- words -->", "<p>", "</p>\n<p>"),
        *("<style>p { }</style>", "<SCRIPT src='a'>if (a < b) c()</SCRIPT>", "<span class=a id='quote_1'>2.5%</span>"),
    ],
)
def test_no_digest_sees_markup_or_white_space_or_what_never_shows(unseen: str) -> None:
    plain, marked = encode(f"{WORDS_ENOUGH}ab"), encode(f"{unseen}{WORDS_ENOUGH}a{unseen}b{unseen}")
    assert digest_article(marked, title="t", link=None) == digest_article(plain, title="t", link=None)


@pytest.mark.parametrize(
    ("body", "title", "link", "text", "visible"),
    [
        pytest.param("", "t", "/other", "same", "same", id="link"),
        pytest.param("", "other", "/", "same", "other", id="title"),
        pytest.param("more", "t", "/", "other", "other", id="text"),
        pytest.param("<a href='b'></a>", "t", "/", "same", "same", id="address"),
        pytest.param("<audio src='b.mp3'></audio>", "t", "/", "other", "same", id="media"),
    ],
)
def test_a_digest_differs_where_what_it_stands_for_does(
    body: str, title: str, link: str, text: str, visible: str
) -> None:
    was = digest_article(encode(WORDS_ENOUGH), title="t", link="/")
    now = digest_article(encode(WORDS_ENOUGH + body), title=title, link=link)
    assert [("other", "same")[a == b] for a, b in zip(was, now, strict=True)] == [text, visible]


@pytest.mark.parametrize(("title", "link", "address"), [("other", "/", "a"), ("t", "/other", "a"), ("t", "/", "b")])
def test_a_short_text_is_told_by_its_title_and_links_as_well(title: str, link: str, address: str) -> None:
    was, _ = digest_article(b"<a href='a'>more</a>", title="t", link="/")
    now, _ = digest_article(b"<a href='%b'>more</a>" % address.encode(), title=title, link=link)
    assert was != now


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "<",
            "<!--",
            "<!-",
            "-",
            "<a ",
            "<a b='",
            "<script>",
            "<script ",
            "<style></style ",
            "<span id=quote_>",
            "<p>\n",
        ),
        *(
            "<span id=",
            "<span a=b id=quote_",
            "<audio ",
            "<audio src=",
            "<audio src=a ",
            "src ",
            "<s",
            "<p\n",
            "\u3000",
        ),
    ],
)
def test_no_text_takes_time_that_grows_with_its_square(piece: str) -> None:
    # Half a megabyte takes milliseconds; with the square, it would take hours.
    raw = encode(piece * (500_000 // len(piece)))
    digest_article(raw, title="t", link=None)
    digest_article(b"<" + raw + b"<video src='a'>", title="t", link=None)


# --- characters and modules ---


def test_what_is_printable_is_safe_in_xml() -> None:
    forbidden = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
    for character in map(chr, range(sys.maxunicode + 1)):
        assert not (character.isprintable() and forbidden.match(character))
    for character in map(
        chr, (*range(0x200), 0xD7FF, 0xD800, 0xDFFF, 0xE000, 0xFFFD, 0xFFFE, 0xFFFF, 0x10000, 0x10FFFF)
    ):
        assert xml_safe(f"a{character}b") == forbidden.sub("", f"a{character}b")


ORDINARY = """
import sys
from datetime import UTC, datetime
from feedpub.collector.fingerprint import digest_article
from feedpub.collector.frontmatter import glance_into, open_matter

for date in ("Mon, 02 May 2022 20:14:04 GMT", "2022-05-02 20:14:04", "2022-05-02T20:14:04+08:00", "Invalid Date"):
    raw = f"---\\ntitle: 'a'\\ncategories: \\n - b\\n - c\\nlink: /a\\ndate: {date}\\n---\\n<p>d</p>".encode()
    seen = glance_into(open_matter(raw, name="a.md"), name="a.md", zone=UTC, now=datetime.now(UTC))
    digest_article(seen.raw[seen.start :], title=seen.title, link=seen.link)
heavy = {"yaml", "frontmatter", "dateutil", "bs4", "lxml", "charset_normalizer", "markdown_it", "tomllib", "json"}
sys.exit(", ".join(sorted(heavy & sys.modules.keys())) or None)
"""


def test_reading_ordinary_articles_loads_nothing_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", ORDINARY], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")

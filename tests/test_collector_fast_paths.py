"""What reads most articles at a fraction of the cost gives what the full readers give, or leaves it to them."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feedpub.collector import dates, matter, yamlevents
from feedpub.collector.dates import DateError, parse_date
from feedpub.collector.fingerprint import VERSION, digest_article
from feedpub.collector.mending import restore_title
from feedpub.collector.simpleyaml import read_simple
from feedpub.collector.yamlvalues import YamlError
from feedpub.model import Article
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
    start = len(before) if before.isspace() or not before else 0
    simple = matter._split_simple(text, start)
    assert simple is None or simple == matter._split_any(text, start)


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

#: As they are defined. Change one of these, and every article of every site is an updated one.
UNSEEN = re.compile(
    r"""<(?:!--.*?(?:-->|\Z)|(?P<raw>script|style)\b.*?(?:</(?P=raw)\s*>|\Z)"""
    r"""|span\b[^<>]*?\bid=["']?quote_[^<>]*>.*?(?:</span>|\Z)|[^<>]*>)""",
    re.DOTALL | re.IGNORECASE,
)
MEDIA = re.compile(r"""<(?:audio|video|source|iframe|embed)\b[^<>]*?\bsrc\s*=\s*["']?([^"'\s<>]+)""", re.IGNORECASE)
ADDRESS = re.compile(r"""\b(?:href|src)\s*=\s*["']?([^"'\s<>]+)""", re.IGNORECASE)

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


def digest(*parts: str) -> str:
    encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
    return hashlib.sha256(b"".join(b"%d:" % len(part) + part for part in encoded)).hexdigest()[:32]


def digest_as_defined(article: Article) -> tuple[str, str]:
    text = "".join(UNSEEN.sub("", article.body).split())
    words = digest(text)
    if len(text) < 200:
        story = digest(words, article.title, article.link or "", *ADDRESS.findall(article.body))
    else:
        story = digest(words, *MEDIA.findall(article.body))
    return story, f"{VERSION}:{digest(words, article.title)}"


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
def test_digests_are_what_they_always_were(body: str, link: str | None) -> None:
    article = Article(name="a.md", title="标题 ", body=body, markup="html", link=link)
    assert digest_article(article) == digest_as_defined(article)


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
from feedpub.collector.frontmatter import glance_at

for date in ("Mon, 02 May 2022 20:14:04 GMT", "2022-05-02 20:14:04", "2022-05-02T20:14:04+08:00", "Invalid Date"):
    raw = f"---\\ntitle: 'a'\\ncategories: \\n - b\\n - c\\nlink: /a\\ndate: {date}\\n---\\n<p>d</p>".encode()
    digest_article(glance_at(raw, name="a.md", zone=UTC, now=datetime.now(UTC)))
heavy = {"yaml", "frontmatter", "dateutil", "bs4", "lxml", "charset_normalizer", "markdown_it", "tomllib", "json"}
sys.exit(", ".join(sorted(heavy & sys.modules.keys())) or None)
"""


def test_reading_ordinary_articles_loads_nothing_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", ORDINARY], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")

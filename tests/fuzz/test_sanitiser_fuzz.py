"""Any text in: no exception but the one that is announced, and nothing unsafe out."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feedpub.sanitiser import sanitise
from tests.fuzz.fragments import ATTRIBUTES, ENDS, TAGS, TEXTS
from tests.fuzz.properties import check, faults_of
from tests.xss.corpus import CONTEXTS, VECTORS

BASES = st.sampled_from([None, "https://site.example/news/1.html", "javascript:alert(1)", "https://[", ""])

OPENING = st.builds(
    lambda tag, attributes, end: f"<{tag}{''.join(f' {attribute}' for attribute in attributes)}{end}",
    st.sampled_from(TAGS),
    st.lists(st.sampled_from(ATTRIBUTES), max_size=4),
    st.sampled_from(ENDS),
)
CLOSING = st.sampled_from(TAGS).map("</{}>".format)
SOUP = st.lists(st.one_of(OPENING, CLOSING, st.sampled_from(TEXTS)), max_size=25).map("".join)
ATTACKS = st.sampled_from([vector.html for vector in VECTORS])


@st.composite
def nested(draw: st.DrawFn) -> str:
    """Tags in the order of a page, each closed: deeper and better formed than the soup."""
    parts, open_tags = [], []
    for tag in draw(st.lists(st.sampled_from([*TAGS, None, None]), max_size=25)):
        if tag:
            attributes = " ".join(draw(st.lists(st.sampled_from(ATTRIBUTES), max_size=3)))
            parts.append(f"<{tag} {attributes}>{draw(st.sampled_from(TEXTS))}")
            open_tags.append(tag)
        elif open_tags:
            parts.append(f"</{open_tags.pop()}>")
    return "".join([*parts, *(f"</{tag}>" for tag in reversed(open_tags))])


ANY_TEXT = st.text(st.characters(exclude_categories=()))
MARKUP = st.text("<>/!-&#;'\"=`[]?ab \n\0\f\t", max_size=60)

#: The same pages in each run: a new one may not fail the change of somebody else. `python -m tests.fuzz` finds more.
STEADY = settings(max_examples=400, deadline=None, derandomize=True)


@STEADY
@given(html=st.one_of(SOUP, nested()), base_url=BASES)
def test_any_soup_of_tags_comes_out_safe_and_the_same_the_second_time(html: str, base_url: str | None) -> None:
    check(html, base_url=base_url)


@STEADY
@given(html=st.one_of(ANY_TEXT, MARKUP), base_url=BASES)
@example(html="&\ufdd0#60;", base_url=None)
def test_any_text_comes_out_safe_and_the_same_the_second_time(html: str, base_url: str | None) -> None:
    check(html, base_url=base_url)


@STEADY
@given(attack=ATTACKS, other=ATTACKS, context=st.sampled_from(CONTEXTS), soup=SOUP, base_url=BASES)
def test_two_attacks_in_one_page_come_out_safe(
    attack: str, other: str, context: str, soup: str, base_url: str | None
) -> None:
    check(context.replace("{}", attack + soup + other), base_url=base_url)


@STEADY
@given(attack=ATTACKS, place=st.integers(0, 200), junk=st.sampled_from(TEXTS), base_url=BASES)
def test_an_attack_with_something_put_into_it_comes_out_safe(
    attack: str, place: int, junk: str, base_url: str | None
) -> None:
    check(attack[:place] + junk + attack[place:], base_url=base_url)


@pytest.mark.parametrize(
    "repeated", ["<div>", "<b>", "<a href=/x>", "<table>", "<svg>", "<!--", "<p", "&lt;", "</p>", "<ul><li>"]
)
@pytest.mark.parametrize("times", [150, 250, 1500, 5000])
def test_deep_and_long_pages_are_refused_or_come_out_safe(repeated: str, times: int) -> None:
    check(repeated * times + "x", base_url=None)


@pytest.mark.parametrize(
    "out", ["<p onclick=x>x</p>", "x\x08", "x\r", "]]>", " x", "<p>x", "<p></p>", "<b>x</b><b></b>"]
)
def test_the_properties_can_fail(out: str) -> None:
    assert faults_of(out, base_url=None)


@STEADY
@given(st.lists(st.sampled_from(["甲", "乙", "<b>丙</b>", "<br>", " ", "1", "&amp;"]), max_size=12).map("".join))
def test_text_without_markup_to_clean_keeps_all_its_words(html: str) -> None:
    shown = sanitise(f"<p>{html}</p>").html
    assert all(shown.count(word) == html.count(word) for word in ("甲", "乙", "丙", "1", "&amp;"))

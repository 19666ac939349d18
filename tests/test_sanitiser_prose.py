"""Plain text out of clean HTML, and summaries out of plain text."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedpub.sanitiser import plain_text, sanitise, summarise, summarise_page


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>一</p><p>二</p>", "一\n二"),
        ("<p>一<b>二</b>三</p>", "一二三"),
        ("一<br>二", "一\n二"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("<p>中文\n换行</p>", "中文换行"),
        ("<p>two\nlines</p>", "two lines"),
        ("<p>a &amp;amp; b &lt;i&gt; &nbsp;c</p>", "a &amp; b <i> c"),
        ('<p>a<img alt="x &gt; y" src="https://a.example/">b</p>', "ab"),
        ("<table><tr><td>甲</td><td>乙</td></tr></table>", "甲\n乙"),
        ('<p>a<sup><a href="https://a.example/#fn1">[1]</a></sup> b<sup>[2:1]</sup></p>', "a b"),
        ("<p>x<sup>2</sup> [3]</p>", "x2 [3]"),
        ('<p>a</p><section><ol><li><p>note <a href="https://a.example/">↩︎</a></p></li></ol></section>', "a"),
        ("<p>a</p><ol><li><p>note ↩</p></li></ol><p>↩ b</p>", "a\n↩ b"),
        ("", ""),
    ],
)
def test_text_has_a_line_for_each_block(html: str, text: str) -> None:
    assert plain_text(html) == text


@given(st.text("<>&ab;/\"' \n中#3pbr"))
def test_the_text_of_clean_html_holds_no_tag_and_no_empty_line(soup: str) -> None:
    text = plain_text(sanitise(soup).html)
    assert all(line.strip() == line and line for line in text.split("\n")) or text == ""


@pytest.mark.parametrize(
    ("text", "limit", "summary"),
    [
        ("短。", 10, "短。"),
        ("第一句话在这里。第二句话也在。", 9, "第一句话在这里。"),
        ("他说：“好的。”然后走了很远。", 9, "他说：“好的。”"),
        ("Prices rose 3.5 percent. They fell later on.", 30, "Prices rose 3.5 percent."),
        ('She said "yes." He left for good.', 20, 'She said "yes."'),
        ("Is it so? Nobody knows, and it goes on", 20, "Is it so?"),
        ("One word after another without an end", 16, "One word after…"),
        ("没有句号的一段很长的文字在这里", 8, "没有句号的一段…"),
        ("价格，上涨，以后再说别的事情", 7, "价格，上涨…"),
        ("Averyveryverylongwordindeed", 10, "Averyvery…"),
        ("Nobody would say so. They asked Mr. Hu and Dr. Lin about it.", 50, "Nobody would say so."),
        ("Nobody asked for Dr. Lin but for another one", 24, "Nobody asked for Dr.…"),
        ("Nobody asked J. Lin about any of it", 18, "Nobody asked J.…"),
        ("It went to some, e.g. to those who came late", 24, "It went to some, e.g.…"),
        ("They gave the USA. Then they went away again", 20, "They gave the USA."),
        ("Hi. A sentence that says much more than that", 30, "Hi. A sentence that says much…"),
        ("version 2.0.1 was released today by us", 12, "version…"),
        ("abc &copyright; and more of it", 12, "abc…"),
        ("a\n b\t c", 10, "a b c"),
        ("", 10, ""),
    ],
)
def test_a_summary_ends_with_a_sentence_or_a_word(text: str, limit: int, summary: str) -> None:
    assert summarise(text, limit=limit) == summary


@pytest.mark.parametrize(
    "grapheme",
    ["👨‍👩‍👧", "🇨🇳", "👍🏽", "é", "ก็", "क्षि", "🏴\U000e0067\U000e0062\U000e007f", "❤️"],
    ids=["family", "flag", "skin", "accent", "thai", "conjunct", "tags", "selector"],
)
@pytest.mark.parametrize("limit", range(2, 12))
def test_what_readers_take_for_one_character_is_never_cut(grapheme: str, limit: int) -> None:
    head = summarise(grapheme * 12, limit=limit).removesuffix("…")
    assert head == grapheme * (len(head) // len(grapheme))


@given(st.text(st.characters(exclude_categories=())), st.integers(2, 50))
def test_a_summary_keeps_within_its_limit_and_is_a_beginning(text: str, limit: int) -> None:
    summary = summarise(text, limit=limit)
    assert len(summary) <= limit
    head = summary.removesuffix("…")
    assert summarise(text, limit=10**9).startswith(head)
    assert not any(unicodedata.category(character) == "Cs" for character in summary)


@given(st.text("ab. \n字。"), st.sampled_from([0, 100, 5000]), st.integers(5, 30))
def test_blanks_at_the_start_of_a_text_change_no_summary(text: str, blanks: int, limit: int) -> None:
    assert summarise(" " * blanks + text * 20, limit=limit) == summarise((text * 20).strip(), limit=limit)


#: What pages are of, and what a page has only where it is not clean.
PIECES = (
    *("<p>", "</p>", "<br>", "<b>", "</b>", "<table><td>", '<img alt="', '">', '<a href="<p>">', "</a>", "<", ">", '"'),
    *("<sup>[1]</sup>", '<sup><a href="#n">[12]</a></sup>', "<sup>", "↩", "↩\ufe0e", "甲" * 20, "乙\n丙", "　", "\n"),
    *(" ", "word ", "Dr. ", "A. ", "。", "！”", "&lt;", "&amp;lt;", "&nbsp;", "&#xfffe;", "\x00", "\ufffe", "\u0301"),
    "x" * 99,
)


@given(st.lists(st.sampled_from(PIECES), max_size=60), st.sampled_from([5, 20, 60, 200]))
def test_a_page_is_summarised_as_its_plain_text_is(pieces: list[str], limit: int) -> None:
    page = "".join(pieces)
    assert summarise_page(page, limit=limit) == summarise(plain_text(page), limit=limit)


def test_of_a_long_page_only_the_beginning_is_read_for_its_summary() -> None:
    page = "<p>一句话。</p>" * 100_000
    started = time.perf_counter()
    assert summarise_page(page) == "一句话。 " * 39 + "一句话。"
    assert time.perf_counter() - started < 0.1


def test_a_long_text_costs_little() -> None:
    text = "字" * 500_000
    started = time.perf_counter()
    assert len(summarise(text)) == 200
    assert time.perf_counter() - started < 1

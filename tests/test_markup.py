"""HTML and Markdown are told apart by what they hold, and Markdown becomes HTML."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedpub.collector.markup import take_heading, to_html
from feedpub.collector.recognition import recognise


@pytest.mark.parametrize(
    "body",
    [
        "<p>Rates stay.</p>",
        "<div>利率不变。</div>",
        "<div>   \n利率不变。\n下调无望。<br>完。  \n</div>\n            ",
        "<div>\n\n        <p>Deep.</p>\n\n\n          <p>Deeper.</p>\n\n</div>",
        "<div>\n\n        Rates stay.\n\n        So they say.\n\n</div>",
        "<p>One</p>\n\n        <p>Two</p>\n\n    <ul>\n\n        <li>three</li>\n\n    </ul>",
        "<p>Unclosed\n\n<p>Paragraphs\n\n    - of old",
        "<div><p>- new: a\n\n- new: b **[important]** `code`</p></div>",
        "<!-- saved -->\n<div>Rates stay.</div>",
        "<div>Rates</div>\n<!-- more -->\n<div>stay.</div>",
        "<div>Rates stay.</div>\nBy Ann",
        "<img src=a.png><br><img src=b.png>",
        "<div><pre># a comment\n\n# another</pre></div>",
        "<DIV>Rates stay.</DIV>",
        "</div><p>Rates stay.</p></div>",
        "Rates <b>stay</b>.<br>\n\n            So they say.<br>\n\n            <p>For now.</p>",
        "<span>Rates</span><br>stay<br>for now",
        "      首段文字\n\n      第二段\n\n      <p>第三段</p>",
        "\t利率不变。<br>\n\n\t下调无望。",
        "<p>One</p>\n<p>Two</p>\n\n\n        tail text\n\n        more tail",
        "<p>One</p>\n\nBy Ann\n\n        tail text\n\n        more tail",
        "<p>Press ` or `x` to see <b>it</b>.</p><p>Or `y.</p>",
    ],
)
def test_what_lies_within_elements_is_html(body: str) -> None:
    assert recognise(body) == "html"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "Rates stay.",
        "利率不变。\n\n下调无望。",
        "# Rates\n\nThey stay.",
        "Rates stay.<br>\nSo they say.",
        "Rates <b>stay</b>.\n\n<img src='a.png'>\n\nSo they say.",
        "Rates stay.\n\n<div class=chart>\n\n        <p>5 %</p>\n\n</div>\n\n- one\n- two",
        "<div class=note>An island.</div>\n\nRates stay, for as long as anyone can tell.\n\nSo they say.",
        "<p align=center><img src=a.png></p>\n\n# Rates\n\nThey stay.",
        "<details>\n<summary>More</summary>\n\n- one\n- two\n\n</details>\n\nRates stay.\n\nSo they say.",
        "<details>\n<summary>More</summary>\n\n## Rates\n\nThey stay.\n\n</details>",
        "```html\n<div>\n\n    <p>code</p>\n\n</div>\n```",
        "Look:\n\n~~~\n<p>a</p>\n~~~\n\nThat is it.",
        "<!-- more -->\n\nRates stay.",
        "Intro.\n\n<!-- more -->\n\n> Rates stay.",
        "See <https://example.org/> there.",
        "List<String> and Map<K, V> are types.\n\n## More",
        "Code:\n\n    <p>a</p>\n\nThat is it.",
        "<b>Rates</b> stay, see [here](/x).",
        "a < b and b > c",
        "Rates\n=====\n\n<div>x</div>",
        'The `<div>` element is the most used one.\n\n    <div class="x">hello</div>\n\nUse `<p>` for paragraphs',
        "``<p>`` is a paragraph, `<b>` bold.",
        "    all code",
        "<div>An island.</div>\n\nRates stay.\n\n    code\n\nSo they say, for as long as anyone can tell.",
    ],
)
def test_text_around_elements_is_markdown(body: str) -> None:
    assert recognise(body) == "markdown"


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("Rates **stay**.", "<p>Rates <strong>stay</strong>.</p>\n"),
        ("~~up~~", "<p><s>up</s></p>\n"),
        ("<https://example.org/>", '<p><a href="https://example.org/">https://example.org/</a></p>\n'),
        ("https://example.org/利率", "<p>https://example.org/利率</p>\n"),
        ("a <br> b <script>x</script>", "<p>a <br> b <script>x</script></p>\n"),
        ("<div>\n<p>x</p>\n</div>", "<div>\n<p>x</p>\n</div>"),
    ],
)
def test_markdown_becomes_html_and_html_in_it_stays(markdown: str, html: str) -> None:
    assert to_html(markdown, "markdown") == html


def test_tables_and_footnotes_are_known() -> None:
    assert "<td>5 %</td>" in to_html("| rate |\n| --- |\n| 5 % |\n", "markdown")
    assert "<p>A note." in to_html("Rates[^1].\n\n[^1]: A note.\n", "markdown")


def test_html_stays_as_it_is() -> None:
    body = "\n\n        <p>*Rates*</p>\n\n    # x"
    assert to_html(body, "html") == body


@pytest.mark.parametrize("body", ["## Rates", "> # Rates", "```\n# Rates\n```", "    # Rates", "#Rates", ""])
def test_only_a_heading_of_the_first_rank_is_a_title(body: str) -> None:
    assert take_heading(body, "markdown") == ("", body)
    assert take_heading("<h2>Rates</h2>", "html") == ("", "<h2>Rates</h2>")


@pytest.mark.parametrize(
    "body",
    [
        *("<b>" * 5_000, "<h1>" * 5_000, "<p " * 5_000, "<a><b><i><u><s>" * 2_000, "<!--" * 5_000),
        "".join(f"<x{number}>" for number in range(5_000)),
        *("`<" * 10_000, "`" * 10_000 + "<p>" * 10_000, "<p>" + "\n\n    a\n\nb" * 3_000, " \n" * 20_000 + "# x"),
        *("[" * 5_000, "[](" * 3_000, "`" * 10_000, "```\n" * 5_000, "|\n\n" * 3_000, "\n\n    " * 3_000 + "<p>"),
    ],
)
def test_hostile_bodies_take_little_time(body: str) -> None:
    began = time.perf_counter()
    to_html(take_heading(body, recognise(body))[1], "markdown")
    # Coverage makes it ten times as long.
    assert time.perf_counter() - began < 20


@given(st.text(max_size=200))
def test_any_text_has_a_markup_and_becomes_html(body: str) -> None:
    markup = recognise(body)
    title, rest = take_heading(body, markup)
    assert title == "" or len(rest) <= len(body)
    assert isinstance(to_html(rest, markup), str)


@given(
    st.lists(
        st.sampled_from(
            ["# ", "\n", "\n\n", "    ", "<div>", "</div>", "<p>", "a", "- ", "> ", "[^1]", ": ", "*", "`", "|"]
        ),
        max_size=30,
    ).map("".join)
)
def test_scraps_of_markdown_become_html(body: str) -> None:
    for markup in ("markdown", recognise(body)):
        assert isinstance(to_html(take_heading(body, markup)[1], markup), str)


def test_deep_quotes_keep_their_text() -> None:
    assert "words" in to_html("> " * 60 + "words", "markdown")

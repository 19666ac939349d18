"""What is made to hurt ends soon: clean, or refused with a reason."""

from __future__ import annotations

import time

import pytest

from feedpub.sanitiser import SanitiserError, sanitise

#: In seconds. Each takes a fifth of it at most on a machine with nothing else to do.
SOON = 5

LINK = "https://a.example/"


def end_of(html: str) -> str:
    """What becomes of a page, in time: what is clean of it, or why it is refused."""
    started = time.perf_counter()
    try:
        outcome = sanitise(html, base_url="https://site.example/a.html").html
    except SanitiserError as error:
        outcome = f"refused: {error}"
    assert time.perf_counter() - started < SOON
    return outcome


@pytest.mark.parametrize("flood", ["<!--", "<!", "</i>", "</p>", "<b></b>", "&#8;", "<![CDATA[", "<!-- x -->", "<br>"])
def test_a_flood_leaves_the_story_before_it(flood: str) -> None:
    assert end_of("<p>开头</p>" + flood * (60_000 // len(flood))).startswith("<p>开头</p>")


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<b>" * 100_000, "nested deeper than the parser goes"),
        ("<div>" * 20_000, "nested deeper than the parser goes"),
        ("<p>x</p>" * 30_001, "30001 elements, more than 30000"),
        (f"<img src={LINK}x.jpg>" * 5_001, "5001 pictures and films, more than 5000"),
        ("<iframe src=https://www.youtube.com/embed/abcDEF12345></iframe>" * 5_001, "5001 pictures and films"),
        ("<p " + " ".join(f"a{number}=1" for number in range(100_000)) + ">x", "attributes of one tag"),
        ("<p " + " ".join(f"a{number}='>'" for number in range(50_000)) + ">x", "attributes of one tag"),
        ("<noscript>&lt;img " + " ".join(f"a{number}" for number in range(100_000)) + "&gt;</noscript>", "attributes"),
        ("<noscript>" + "&lt;img src=/x&gt;" * 5_001 + "</noscript>", "5002 pictures and films, more than 5000"),
        ("<amp-img data-src=/x></amp-img>" * 5_001, "5001 pictures and films"),
        ("&" * 500_000, "500000 character references, more than 100000"),
        ('<p title="' + "x" * 10_000_000 + '">x', "10000013 characters of HTML, more than 2000000"),
    ],
)
def test_a_bomb_is_refused_with_its_reason(html: str, reason: str) -> None:
    outcome = end_of(html)
    assert outcome.startswith("refused: ")
    assert reason in outcome


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ("<p>前</p>" + "<!--" * 50_000, "<p>前</p>"),
        ('<p title="' + "x" * 1_900_000 + '">后</p>', "<p>后</p>"),
        ('<p class="' + "appendQr_wra " * 100_000 + '">后</p>', "<p>后</p>"),
        ('前<img src="data:image/png;base64,' + "A" * 9_000_000 + '">后', "前后"),
        ("data:" * 300_000 + "后", "data:" * 300_000 + "后"),
        (f'<a href="{LINK}?' + "a=1&" * 400_000 + '">后</a>', "后"),
        ('<a href="/' + "../" * 500_000 + '">后</a>', "后"),
        ("<a href='" + "https://link.zhihu.com/?target=" * 50_000 + "'>后</a>", "后"),
        ("<p>" + " " * 1_900_000 + "后</p>", "<p> 后</p>"),
        ("<p>" + "　" * 1_900_000 + "后</p>", "<p>后</p>"),
        ("<!-- news_keyword_pub,stock," + "sh600000&" * 200_000 + "-->后", "后"),
        ("<!--" + " " * 1_900_000 + "-->后", "后"),
        ("<script>x</script>" * 20_000 + "后", "后"),
        ("<p>" + "责任编辑：" * 200_000 + "</p>", "<p>" + "责任编辑：" * 200_000 + "</p>"),
        ("<xmp>" + "<b>" * 200_000, None),
        ("<p>后</p><script>if(a<b)" + "c=d;\n" * 2100 + "</script>", "<p>后</p>"),
        ("<p>后</p><!-- <a " + "word " * 2100 + "-->", "<p>后</p>"),
        ("<p>后</p><script>" + "a" * 2_000_001 + "</script>", "<p>后</p>"),
        ("<p>后</p><style>a<b{" + "}" * 2_000_001 + "</STYLE ><!--" + "x" * 2_000_000 + "--!>末", "<p>后</p>末"),
        ('<p class="a" " id="x">' + '<i class="a b c d">后</i>' * 900, "<p>" + "<i>后</i>" * 900 + "</p>"),
    ],
    ids=range(20),
)
def test_what_is_large_or_long_and_nothing_else_is_cleaned(html: str, clean: str | None) -> None:
    outcome = end_of(html)
    assert outcome == clean or clean is None


@pytest.mark.parametrize(
    "html",
    [
        "<div>" + f"<img src={LINK}1.jpg>" + "<i class=img_descr>x</i>" * 20_000 + "</div>",
        f"<div><img src={LINK}1.jpg><span class=img_descr>x</span></div>" * 4_900,
        ("<div class=img_descr>" * 190 + "x" + "</div>" * 190) * 150,
        "<noscript>&lt;img src=/1.jpg></noscript>" * 4_900,
        f"<img src={LINK} srcset='" + f"{LINK}1.jpg 1x, " * 60_000 + "'>",
        f"<img src={LINK} srcset='" + "a (" * 500_000 + "'>",
        f"<img src={LINK} style='" + "width:" * 300_000 + "'>",
        "x<div class=appendQr_wrap>y</div>" * 29_000,
        "<svg><p>x</p></svg>" * 14_000,
        "<table>" + "<td>x" * 29_000,
        "<table><tr><td>" * 600 + "x",
        "<b><p>" * 14_000 + "x",
        "<a href=/x>" * 29_000 + "x",
        "<pre>" + "\n x" * 400_000 + "</pre>",
        "<span id=quote_sh600000>1</span>" * 29_000 + "x",
        "<video>" + f"<source src={LINK}1.mp4>" * 4_900 + "</video>",
        "<base href=x>" * 29_000 + "x",
        "<!-- x -->" * 190_000 + "x",
        "<script" * 280_000,
        "<p>x" + "<!--<script><style" * 100_000,
        "<a x='" * 300_000 + "x",
        "<a x=\"'" * 250_000 + "x",
        "".join(f"<X{number}>" for number in range(50_000)),
    ],
    ids=range(23),
)
def test_no_pass_takes_longer_for_each_than_for_the_one_before(html: str) -> None:
    assert end_of(html) is not None

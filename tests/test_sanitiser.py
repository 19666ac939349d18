"""The sanitiser: what stays of a page, what goes, and what it says of it."""

from __future__ import annotations

import pickle
import subprocess
import sys

import pytest

from feedpub.errors import FeedpubError
from feedpub.sanitiser import Rules, SanitiserError, sanitise, sanitise_all, steps

BASE = "https://site.example/news/1.html"


def clean(html: str, *, base_url: str | None = BASE) -> str:
    return sanitise(html, base_url=base_url).html


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("", ""),
        (" \n<!-- x -->\n ", ""),
        ("<p>正文", "<p>正文</p>"),
        ("<p>a</p></body></html><p>b</p>", "<p>a</p><p>b</p>"),
        ("<html><head><title>t</title></head><body onload=x><p>y</p></body></html>", "<p>y</p>"),
        ("<p>甲&#8;乙\x0b丙\ud800丁&#xFFFE;戊</p>", "<p>甲乙丙丁戊</p>"),
        ("<p>a&#&#8;8;b</p>", "<p>a&amp;#8;b</p>"),
        ('<img src="https://a.example/x.jpg" alt="a&#8;b">',
         '<img alt="ab" src="https://a.example/x.jpg" referrerpolicy="no-referrer">'),
        ("<p>a&#13;b\r\nc&#150;</p>", "<p>a\nb\nc–</p>"),
        ("<p\x0cid=x>a\x0cb</p>", "<p>a b</p>"),
        ("<p>&#123;{ name }&#125;</p>", "<p>{{ name }}</p>"),
        ("<p>&amp;#123;</p>", "<p>&amp;#123;</p>"),
        ("<p>a ]]&gt; b ]]> c</p>", "<p>a ]]&gt; b ]]&gt; c</p>"),
        ("<![CDATA[<p>甲 & 乙</p>]]><p>丙</p>", "<p>甲 &amp; 乙</p><p>丙</p>"),
        ("<?php echo 1 ?><p>a</p>", "<p>a</p>"),
        ("<p>PE<PB，市值>100亿，Map<K, V>，if (a<b) {}</p>",
         "<p>PE&lt;PB，市值&gt;100亿，Map&lt;K, V&gt;，if (a&lt;b) {}</p>"),
        ("<p>List<T> and <missing></p>", "<p>List&lt;T&gt; and &lt;missing&gt;</p>"),
        ("<p><person>王</person></p>", "<p>王</p>"),
        ("<p>caf\x92s \x93q\x94 &#146; 50\x80 \x81x&#x8d;y</p>", "<p>caf’s “q” ’ 50€ xy</p>"),
        ("前<embed src=/x.swf>后<wbr>文<keygen>末", "前后<wbr>文末"),
        ("<p lang dir=ltr title=x>a</p>", "<p dir=\"ltr\">a</p>"),
        ("<p lang=zh-CN dir=ltr>a</p>", '<p lang="zh-CN" dir="ltr">a</p>'),
        ('<pre><code lang="js">x</code></pre>', "<pre><code>x</code></pre>"),
        ("<blockquote cite='/b'>x</blockquote>", '<blockquote cite="https://site.example/b">x</blockquote>'),
        ("<q cite='javascript:x'>x</q>", "<q>x</q>"),
    ],
)  # fmt: skip
def test_a_page_is_read_as_browsers_read_it(html: str, shown: str) -> None:
    assert shown in clean(html)
    assert clean(clean(html)) == clean(html)


@pytest.mark.parametrize(
    "html",
    [
        "<p>前</p><!--><p>后</p>",
        "<p>前</p><!---><p>后</p>",
        "<p>前</p><!-- a --!><p>后</p>",
        "<p>前</p><!-- a -- b --><p>后</p>",
        "<p>前</p><!-- <!-- --><p>后</p>",
        "<p>前</p><!doctype html><p>后</p>",
        "<p>前</p><!x><p>后</p>",
        "<p>前</p></><p>后</p>",
    ],
)
def test_a_comment_ends_where_it_ends_for_browsers(html: str) -> None:
    assert clean(html) == "<p>前</p><p>后</p>"


def test_an_unclosed_comment_takes_the_rest_along_as_in_browsers() -> None:
    assert clean("<p>前</p><!-- 广告<p>后</p>") == "<p>前</p>"


@pytest.mark.parametrize(
    ("html", "reads"),
    [
        ("甲<script>var x</script>乙", "甲乙"),
        ("甲<span></span>乙", "甲乙"),
        ("甲<b></b>乙", "甲乙"),
        ("one<b> </b>two", "one two"),
        ("甲<div class=appendQr_wrap>扫码</div>乙", "甲<br>乙"),
        ("甲<!-- x --><div class=appendQr_wrap>扫码</div><!-- y -->乙", "甲<br>乙"),
        ("<p>甲</p><!-- x --><div class=appendQr_wrap>扫码</div><!-- y --><p>乙</p>", "<p>甲</p><p>乙</p>"),
        ("<p>甲</p><div class=appendQr_wrap>扫码</div> x", "<p>甲</p> x"),
        ("<i>甲</i><div class=appendQr_wrap>扫码</div><i>乙</i>", "<i>甲</i><br><i>乙</i>"),
        ("甲<p></p>乙", "甲<br>乙"),
        ("<center>甲</center>乙", "<div>甲</div>乙"),
        ("<form>甲<input name=x><select><option>1</select></form>乙", "<div>甲</div>乙"),
        ("<td>甲</td><td>乙</td>", "<div>甲</div><div>乙</div>"),
        ("<b><wbr><p>甲</p></b><xmp>乙</xmp>", "<strong><wbr><p>甲</p></strong><pre>乙</pre>"),
        ("前<embed src=/x>中<xmp>后</xmp>", "前中<pre>后</pre>"),
        ("<xmp>List<T> <b></xmp>", "<pre>List&lt;T&gt; &lt;b&gt;</pre>"),
        ("<textarea><b></textarea>", "<div>&lt;b&gt;</div>"),
        ("<svg><text>x</text></svg>甲", "甲"),
        ("<svg><p>甲</p></svg>乙", "<p>甲</p>乙"),
        ("<table>甲<tr><td>乙</td>丙<td>丁</td></tr></table>",
         "甲丙<table><tbody><tr><td>乙</td><td>丁</td></tr></tbody></table>"),
        ("<table><tr>一<td>甲</td></tr>二<tr>三<td>乙</td></tr>四</table>",
         "一二三四<table><tbody><tr><td>甲</td></tr><tr><td>乙</td></tr></tbody></table>"),
        ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", "<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>"),
        ("<ruby><p>漢<rt>kan</p></ruby>", "<ruby><p>漢<small>kan</small></p></ruby>"),
        ("前<br><table>甲<tr><td>乙</td><td>丙</td></tr></table>",
         "前<br>甲<table><tbody><tr><td>乙</td><td>丙</td></tr></tbody></table>"),
    ],
)  # fmt: skip
def test_what_goes_closes_no_gap_and_opens_none(html: str, reads: str) -> None:
    assert clean(html) == reads


@pytest.mark.parametrize(
    ("html", "tidy"),
    [
        ("<p>　　段落</p>", "<p>段落</p>"),
        ("<p>　　<font>　　段落</font></p>", "<p>段落</p>"),
        ("<p><strong>　　段落</strong></p>", "<p><strong>段落</strong></p>"),
        ("<div>\n　　段落</div>", "<div>段落</div>"),
        ("<p>甲　　乙</p>", "<p>甲　　乙</p>"),
        ("<p>甲<br>　　乙<br>\n　丙</p>", "<p>甲<br>乙<br>丙</p>"),
        ("<p>&nbsp;&nbsp;code</p>", "<p>&nbsp;&nbsp;code</p>"),
        ("<p>　　</p><p>甲</p>", "<p>甲</p>"),
        ("<p>甲</p><p>&nbsp;</p><p>乙</p>", "<p>甲</p><p>&nbsp;</p><p>乙</p>"),
        ("<p>甲</p><p>&nbsp;</p><p><br></p><br>\n", "<p>甲</p>"),
        ("<div><p>甲</p><div><p> </p></div></div>", "<div><p>甲</p></div>"),
        ("<p>甲</p><hr>", "<p>甲</p><hr>"),
        ("<p>甲</p>" + "<div>" * 40 + "<br>", "<p>甲</p>"),
        ("<p>甲</p><p><br></p>x", "<p>甲</p><p><br></p>x"),
        ("<p>a\n\n\n   b   c</p>", "<p>a\nb c</p>"),
        ("<pre>\n\na\n\n\n   b</pre>", "<pre>a\n\n\n   b</pre>"),
        ("<figure><figcaption></figcaption></figure><p>甲</p>", "<p>甲</p>"),
        ("<p>甲</p><div>" + "<ruby>" * 40 + "</div>", "<p>甲</p>"),
        ("<ul><li>甲</li><li></li></ul>", "<ul><li>甲</li><li></li></ul>"),
        ("<p>甲<a href='/x'></a><a name=top></a></p>", "<p>甲</p>"),
    ],
)
def test_nothing_empty_stays(html: str, tidy: str) -> None:
    assert clean(html) == tidy


@pytest.mark.parametrize(
    ("html", "settled"),
    [
        ("<p><span><div>甲</div></span></p>", "<div><div>甲</div></div>"),
        ("<p><span><p>甲</p></span>乙</p>", "<div><p>甲</p>乙</div>"),
        ("<b><span><p>甲</p></span></b>", "<strong><p>甲</p></strong>"),
        ("<small><span><p>甲</p></span></small>", "<small><div>甲</div></small>"),
        ("<h2><span><p>甲</p></span></h2>", "<h2><div>甲</div></h2>"),
        ("<li><span><li>甲</li></span></li>", "<li><div>甲</div></li>"),
        ("<ul><li><ul><li>甲</li></ul></li></ul>", "<ul><li><ul><li>甲</li></ul></li></ul>"),
        ("<ul><xmp>甲</xmp></ul>", "<div><pre>甲</pre></div>"),
        ("<a href='/x'>甲<em><a href='/y'>乙</a></em></a>",
         '<a href="https://site.example/x" rel="noopener noreferrer">甲<em>乙</em></a>'),
        ("<tr><td>甲</td></tr>", "<div><div>甲</div></div>"),
    ],
)  # fmt: skip
def test_elements_that_parsers_disagree_on_are_settled(html: str, settled: str) -> None:
    assert clean(html) == settled
    assert clean(settled) == settled


@pytest.mark.parametrize(
    ("html", "word"),
    [
        ("<div class='clearfix appendQr_wrap'>扫码看新闻</div>", "boilerplate .appendQr_wrap"),
        ("<div class=app-kaihu-qr>开户</div>", "boilerplate .app-kaihu-qr"),
        ("<p class=article-editor>责任编辑：甲乙 </p>", "boilerplate .article-editor"),
        ("<p>【责任编辑:甲乙】</p>", "boilerplate 【责任编辑:甲乙】"),
        ("<span class=img_descr></span>", "boilerplate .img_descr:empty"),
        ("<span id=quote_sh600009>(<b>12.3</b>)</span>", "boilerplate span#quote_*"),
        ("<div id=recommend_bottom>更多</div>", "boilerplate #recommend_bottom"),
        ("<span class=copy-code-btn>复制</span>", "boilerplate .copy-code-btn"),
        ("<div class=image-container-fill></div>", "boilerplate .image-container-fill"),
        ("<ul class=platform-tag><li>PC</li></ul>", "boilerplate .platform-tag"),
        ("<script>x</script>", "script"),
        ("<style>.a&#123;color:red&#125;</style>", "style"),
        ("<iframe src=https://a.example/></iframe>", "iframe"),
        ("<svg><path d=M0/></svg>", "svg"),
        ("<button>复制</button>", "button"),
    ],
)
def test_what_surrounds_a_story_goes_and_is_named(html: str, word: str) -> None:
    page = sanitise(f"<p>正文</p>{html}")
    assert (page.html, page.symbols, page.images, page.removed) == ("<p>正文</p>", (), (), (word,))


@pytest.mark.parametrize(
    "html",
    [
        "<p>原标题：某事如何发展</p>",
        "<p>责任编辑：他在这个岗位上工作了三十年，从未出错。</p>",
        "<p>本报责任编辑：甲乙</p>",
        "<p>海量资讯、精准解读，尽在新浪财经APP，这是一句口号</p>",
        "<p>纠错</p>",
        "<div>图为现场</div>",
    ],
)
def test_a_paragraph_that_only_resembles_boilerplate_stays(html: str) -> None:
    assert clean(html) == html


def test_a_caption_with_text_stays_and_keeps_its_escapes() -> None:
    html = '<img src="https://a.example/x.jpg"><span class="img_descr">工人 &amp; 机器 &lt;图&gt;</span>'
    assert "工人 &amp; 机器 &lt;图&gt;" in clean(html)


@pytest.mark.parametrize(
    "html",
    [
        "<blockquote>他说：一切都好。</blockquote>",
        "<p>正文段落。</p>",
        "<span>今日名言：凡事预则立。</span>",
        "<span>(8.61)乙，这是正文。</span>",
    ],
)
def test_a_quotation_is_no_quote(html: str) -> None:
    tag, _, rest = html.partition(">")
    assert clean(f"{tag} id=quote_1>{rest}") == clean(html)


def test_an_editors_line_goes_also_where_a_tracker_stood_beside_it() -> None:
    pixel = '<img src="https://n.sinaimg.cn/x/w2h2/a.png">'
    assert clean("<p>正文</p><div>【纠错】" + "<div>" * 40) == "<p>正文</p>"
    assert clean(f'<p>正文</p><p>责任编辑：张三{pixel}<span id="quote_sh600000">(8)</span></p>') == "<p>正文</p>"


def test_what_stands_in_dropped_boilerplate_is_named_once() -> None:
    html = "<div class=appendQr_wrap><p class=article-editor>责任编辑：甲乙</p></div>"
    assert sanitise(html).removed == ("boilerplate .appendQr_wrap",)


@pytest.mark.parametrize(
    ("html", "link"),
    [
        ("<a href='/x y'>去</a>", "https://site.example/x%20y"),
        ("<a href='/x\\y?a\\b#\\`'>去</a>", "https://site.example/x/y?a%5Cb#%5C%60"),
        ("<a href='/中?a={b}|c&q=100%&s=%zz'>去</a>", "https://site.example/%E4%B8%AD?a={b}|c&amp;q=100%&amp;s=%zz"),
        ("<a href='https://a.example/?a=1&copy=2'>去</a>", "https://a.example/?a=1&amp;copy=2"),
        ("<a href='MAILTO:desk@a.example?subject=你好'>去</a>", "mailto:desk@a.example?subject=%E4%BD%A0%E5%A5%BD"),
        ("<a href='tel:+86-10-1234'>去</a>", "tel:+86-10-1234"),
        ("<a href='tel:+86 10%201234'>去</a>", "tel:+86101234"),
        ("<a href='https://a.example/' target=_blank rel=opener ping=/p>去</a>", "https://a.example/"),
    ],
)  # fmt: skip
def test_a_link_keeps_its_address_and_nothing_else(html: str, link: str) -> None:
    assert clean(html) == f'<a href="{link}" rel="noopener noreferrer">去</a>'


@pytest.mark.parametrize("href", ["javascript:alert(1)", "", "x.html", "#top", "mailto:", "mailto:nobody", "tel:abc"])
def test_a_link_that_leads_nowhere_becomes_its_text(href: str) -> None:
    assert clean(f'前<a href="{href}">文字</a>后', base_url=None) == "前文字后"


def test_the_first_usable_base_element_wins_over_the_page_and_goes() -> None:
    html = "<base target=_top><base href='javascript:x'><base href='../cdn/'><a href=x>去</a>"
    assert clean(html) == '<a href="https://site.example/cdn/x" rel="noopener noreferrer">去</a>'


def test_a_page_over_the_size_cap_is_refused() -> None:
    with pytest.raises(SanitiserError, match="2000001 characters"):
        sanitise("x" * 2_000_001)


def test_a_page_nested_deeper_than_the_parser_goes_is_refused_and_not_cut_short() -> None:
    with pytest.raises(SanitiserError, match="nested deeper"):
        sanitise("<div>" * 5000 + "正文")


def test_a_refusal_is_an_error_of_ours_and_a_value_error() -> None:
    assert issubclass(SanitiserError, FeedpubError)
    assert issubclass(SanitiserError, ValueError)


@pytest.mark.parametrize("tag", ["div", "b", "span", "blockquote", "em"])
@pytest.mark.parametrize("depth", [199, 250, 256, 1000, 2000])
def test_a_deep_page_loses_tags_and_no_text_nor_picture(tag: str, depth: int) -> None:
    inner = "<p>甲</p><p>乙</p><img src='https://a.example/x.jpg'>"
    page = sanitise(f"<{tag}>" * depth + inner + f"</{tag}>" * depth + "丙")
    assert page.images == ("https://a.example/x.jpg",)
    assert page.html.replace("\n", "").count("甲") == 1
    assert page.html.endswith("丙")
    assert page.html.count(f"<{tag}>") <= 201


@pytest.mark.parametrize(
    "part", ["<table><tr><td>x<td>", "<table><td>x<td>", "<table><tbody><td>x<td>", "<table><tr><td>"]
)
@pytest.mark.parametrize("times", [45, 50, 60, 66, 400])
def test_a_deep_page_is_as_deep_the_second_time(part: str, times: int) -> None:
    html = clean(f"<table>{part}" * times + "末")
    assert clean(html) == html
    assert html.count("末") == 1


def test_rules_and_answers_travel_between_processes() -> None:
    rules = Rules(placeholder=("https://a.example/*",), unwrap=("https://p.example/?{url}",))
    assert pickle.loads(pickle.dumps(rules)) == rules
    assert pickle.loads(pickle.dumps(sanitise("<p>x</p>"))) == sanitise("<p>x</p>")


def test_every_address_is_told_before_and_after() -> None:
    page = sanitise(
        "<img src=/a.jpg><img data-src=//n.sinaimg.cn/b.jpg><img src=/blank.gif><noscript><img src=/a.jpg></noscript>"
        "<iframe src=https://player.vimeo.com/video/1></iframe><iframe src=//ad.example/></iframe>"
        "<video><source src=/v.mp4></video><audio src=x:y></audio>"
        "<a href='https://link.zhihu.com/?target=https%3A%2F%2Fa.example%2F'>去</a><a href='x:y'>哪</a>"
        "<div class=appendQr_wrap><img src=/qr.png><a href=/app>下载</a></div>",
        base_url="https://site.example/",
    )
    assert [(change.place, change.before, change.after, change.why) for change in page.changes] == [
        ("img/src", "/a.jpg", "https://site.example/a.jpg", ""),
        ("img/data-src", "//n.sinaimg.cn/b.jpg", "https://n.sinaimg.cn/b.jpg", ""),
        ("img/src", "/blank.gif", None, "placeholder picture"),
        ("img/src", "/a.jpg", None, "double picture"),
        ("iframe/src", "https://player.vimeo.com/video/1", "https://vimeo.com/1", ""),
        ("iframe/src", "//ad.example/", None, "iframe"),
        ("source/src", "/v.mp4", "https://site.example/v.mp4", ""),
        ("audio/src", "x:y", None, ""),
        ("a/href", "https://link.zhihu.com/?target=https%3A%2F%2Fa.example%2F", "https://a.example/", ""),
        ("a/href", "x:y", None, "leads nowhere"),
        ("img/src", "/qr.png", None, "boilerplate .appendQr_wrap"),
        ("a/href", "/app", None, "boilerplate .appendQr_wrap"),
    ]


def test_a_link_to_a_quote_page_leads_to_the_target() -> None:
    html = (
        "<p><a href='https://finance.sina.com.cn/realstock/company/sh688981/nc.shtml'>甲</a>"
        "<a href='https://a.example/'>乙</a></p>"
    )
    page = sanitise(html, rules=Rules(stock_target="eastmoney"))
    assert "quote.eastmoney.com" in page.html
    assert "https://a.example/" in page.html
    assert page.symbols == ("XSHG:688981",)
    assert page.changes[0].after in page.html
    assert sanitise(page.html, rules=Rules(stock_target="eastmoney")).html == page.html


@pytest.mark.parametrize("module", ["lxml", "nh3", "hashlib", "feedpub.sanitiser.prose", "feedpub.sanitiser.addresses"])
def test_the_front_door_loads_nothing_before_it_is_needed(module: str) -> None:
    code = f"import sys, feedpub.sanitiser; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


#: Clean at once, cleaned again since parts of it moved, refused while it is parsed and after.
MANY = (
    '<p>甲<img src="a.jpg"></p>',
    "<table><p>乙</p><tr><td>丙</table>",
    "<div>" * 5000 + "丁",
    "",
    "<b>x</b>" * 40_000,
    "<p>责任编辑：林一舟</p><p>戊</p>",
)


def test_many_pages_come_out_as_each_does_alone_in_their_order() -> None:
    cleaned = sanitise_all([(html, BASE) for html in MANY * 2])
    for number, (html, together) in enumerate(zip(MANY * 2, cleaned, strict=True)):
        if isinstance(together, SanitiserError):
            assert number % len(MANY) in (2, 4)
            with pytest.raises(SanitiserError, match=str(together)):
                sanitise(html, base_url=BASE)
        else:
            assert together == sanitise(html, base_url=BASE)


def test_each_of_many_pages_starts_from_its_own_address() -> None:
    pages = [('<img src="x.png">', f"https://{host}.example/") for host in "ab"]
    assert [page.images for page in sanitise_all(pages) if not isinstance(page, SanitiserError)] == [
        ("https://a.example/x.png",),
        ("https://b.example/x.png",),
    ]


def test_no_more_pages_are_held_at_once_than_memory_bears() -> None:
    sizes = [10, 400_000, 10, *[200_000] * 3, *[1] * 40]
    groups = list(steps.group(("x" * size, None) for size in sizes))
    assert [len(html) for group in groups for html, _ in group] == sizes
    assert [len(group) for group in groups] == [1, 1, 2, 1, 32, 9]

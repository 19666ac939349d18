"""Boilerplate: the language of the rules, those that come along, and those of the operator."""

from __future__ import annotations

import pytest

from feedpub.sanitiser import Rules, sanitise
from feedpub.sanitiser.rules import Boilerplate
from feedpub.sanitiser.selectors import parse_selector
from feedpub.sanitiser.sites import LETTERS, SIGNS, SITES

BASE = "https://finance.sina.com.cn/china/1.shtml"


def clean(html: str, *selectors: str, match: tuple[str, ...] = ("*",), base_url: str | None = BASE) -> str:
    rules = Rules(boilerplate=(Boilerplate(match=match, remove=selectors),))
    return sanitise(html, base_url=base_url, rules=rules).html


@pytest.mark.parametrize(
    ("selector", "html"),
    [
        (".ad", "<div class='box ad'>x</div>"),
        (".ad-*", "<div class='box ad-top'>x</div>"),
        ("#quote_x", "<span id=quote_x>x</span>"),
        ("#q*e_*", "<span id=quote_x>x</span>"),
        ("aside", "<aside>x</aside>"),
        ("ASIDE.share", "<aside class=share>x</aside>"),
        ("iframe.ad", "<iframe class=ad src=https://player.vimeo.com/video/1></iframe>"),
        ("form", "<form>订阅<button>x</button></form>"),
        ("div.a.b#c", "<div id=c class='b a'>x</div>"),
        ("[data-role]", "<div data-role>x</div>"),
        ("div[data-role=ad]", "<div data-role=ad>x</div>"),
        ('[data-role^="ad"]', "<p data-role=advert>x</p>"),
        ("[data-role$='ert']", "<p data-role=advert>x</p>"),
        ("[data-role*=ver]", "<p data-role=advert>x</p>"),
        (".caption:empty", "<p class=caption> </p>"),
        ("p:text(扫码\\w{2}(?:我们)?)", "<p> 扫码<b>关注</b>我们 </p>"),
        ("*:text(广告)", "<div>广告</div>"),
        (".foot p", "<div class=foot><div><p>x</p></div></div>"),
        (".foot > p", "<div class=foot><p>x</p></div>"),
        ("section .foot>p.a b", "<section><div class=foot><p class=a><i><b>x</b></i></p></div></section>"),
    ],
)
def test_a_rule_takes_what_it_describes(selector: str, html: str) -> None:
    assert clean(f"<p>正文</p>{html}", selector) == "<p>正文</p>"


@pytest.mark.parametrize(
    ("selector", "html"),
    [
        (".ad", "<p class=advert>x</p>"),
        ("#note", "<p id=note_x>x</p>"),
        ("p.ad", "<div class=ad>x</div>"),
        ("div.a.b", "<div class=a>x</div>"),
        ("[data-role=ad]", "<p data-role=ads>x</p>"),
        ("[data-role^='']", "<p data-role=ads>x</p>"),
        (".caption:empty", "<p class=caption>x</p>"),
        (".foot:empty", "<p class=foot><img src=https://a.example/1.jpg></p>"),
        ("p:text(广告)", "<p>广告很多</p>"),
        ("p:text(.*)", "<p>" + "正文" * 61 + "</p>"),
        ("div:text(广告)", "<div>广告<img src=https://a.example/1.jpg></div>"),
        (".foot > p", "<div class=foot><div><p>x</p></div></div>"),
        (".foot p", "<div class=head><p>x</p></div>"),
    ],
)
def test_a_rule_takes_nothing_else(selector: str, html: str) -> None:
    assert clean(html, selector) == clean(html)
    assert clean(html, selector)


@pytest.mark.parametrize(
    "selector",
    [
        "",
        ">",
        "p >",
        "p > > b",
        "p,b",
        "p:hover",
        "p:text(",
        "p:text([)",
        ".",
        "#",
        "[",
        "[a=b",
        "a:text(x)y",
        ".a&b",
        "p:text(a):text(b)",
        "#a*b*c*d*e",
    ],
)
def test_what_is_no_selector_is_refused(selector: str) -> None:
    with pytest.raises(
        ValueError, match=r"is no selector|closing parenthesis|no valid pattern|ends after|more than one|asterisks"
    ):
        parse_selector(selector)


@pytest.mark.parametrize(
    ("match", "base_url", "holds"),
    [
        (("*.sina.com.cn",), BASE, True),
        (("*.sina.com.cn",), "https://sina.com.cn/1", True),
        (("sina.com.cn",), BASE, False),
        (("*.sina.com.cn",), "https://sina.com.cn.evil.example/1", False),
        (("*.eastmoney.com", "finance.*"), BASE, True),
        (("*",), None, True),
        (("*.sina.com.cn",), None, False),
    ],
)
def test_a_rule_holds_for_the_articles_of_its_hosts(match: tuple[str, ...], base_url: str | None, holds: bool) -> None:
    assert (clean("<p class=ad>x</p>", ".ad", match=match, base_url=base_url) == "") is holds


def test_an_operators_rule_may_take_the_whole_of_a_page_and_ours_may_not() -> None:
    story = f"<div class='article-editor story'>{'正文。' * 100}</div>"
    assert clean(story) == f"<div>{'正文。' * 100}</div>"
    assert clean(story, ".story") == ""
    assert clean(f"{story}<p class=article-editor>张三</p>") == f"<div>{'正文。' * 100}</div>"


def test_what_goes_is_named_by_its_rule() -> None:
    rules = Rules(boilerplate=(Boilerplate(match=("*",), remove=(".foot > p", "p:text(广告.*)")),))
    page = sanitise("<p>正文</p><div class=foot><p>x</p></div><p>广告一二三</p>", rules=rules)
    assert page.removed == ("boilerplate .foot > p", "boilerplate 广告一二三")


def test_every_rule_that_comes_along_can_be_read() -> None:
    assert all(parse_selector(source).source == source for site in SITES for source in site.remove)


@pytest.mark.parametrize("sign", SIGNS)
def test_every_sign_of_a_line_holds_one_of_the_letters_that_are_looked_for_first(sign: str) -> None:
    assert set(sign) & set(LETTERS)


@pytest.mark.parametrize(
    "line",
    [
        "责任编辑：张三",
        "责任编辑: 张三 ",
        "（责任编辑：张三）",
        "【责任编辑:欧阳小明】",
        "(责任编辑：DF078)",
        "责编：李四 校对：王五",
        "责任编辑/张三、李四",
        "责编 | 张三",
        "（编辑 张三）",
        "[编辑：Anna Li]",
        "责任编辑：<b>张三</b>",
        "炒股就看<a href=https://a.example/>金麒麟分析师研报</a>，权威，专业，及时，全面，助您挖掘潜力主题机会！",
    ],
)
@pytest.mark.parametrize("tag", ["p", "div", "section"])
def test_an_editors_line_goes_with_its_block(line: str, tag: str) -> None:
    assert sanitise(f"<p>正文</p><{tag}>{line}</{tag}>").html == "<p>正文</p>"


@pytest.mark.parametrize(
    "line",
    [
        "原标题：某事如何发展",
        "编辑：你好",
        "责任编辑：他们都错了",
        "编辑：你们怎么看这件事？",
        "作者：张三",
        "记者 张三",
        "来源：新华社",
        "责任编辑这个岗位",
        "责任编辑：他在这个岗位上工作了三十年，从未出错。",
        "（编辑部的故事很长很长很长）",
        "我们的责任编辑：张三",
    ],
)
def test_a_line_of_the_story_stays(line: str) -> None:
    assert sanitise(f"<p>{line}</p>").html == f"<p>{line}</p>"


def test_a_role_alone_is_enough_to_look_for_the_line() -> None:
    for role in ("责任编辑", "责编", "值班编辑", "责任校对"):
        assert sanitise(f"<p>正文</p><p>{role}：张三</p>").html == "<p>正文</p>"
    for role in ("编辑", "校对", "审核", "审校"):
        assert sanitise(f"<p>正文</p><p>（{role}：张三）</p>").html == "<p>正文</p>"


def test_an_editors_line_goes_and_the_picture_beside_it_stays() -> None:
    html = "<div><img src=https://a.example/1.jpg><p>责任编辑：张三</p></div>"
    assert sanitise(html).html == '<div><img src="https://a.example/1.jpg" referrerpolicy="no-referrer"></div>'

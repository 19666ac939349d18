"""Articles for the benchmark: as many as wanted, always the same, shaped as a crawler leaves them."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

#: Backwards from here, so that no number of articles reaches into the future; those added later stay in 2023.
_NEWEST = datetime(2022, 12, 31, tzinfo=UTC)
#: A prime number of seconds: dates fall on every hour, and no two are equal.
_STEP = timedelta(seconds=3089)

_REALMS = ("航运", "茶叶", "陶瓷", "渔业", "林木", "纺织", "仪器", "乐器", "印刷", "园艺")
_TOPICS = ("要闻", "行情", "公告", "访谈", "数据", "观察")
_SUBJECTS = (
    "青石码头",
    "北湾合作社",
    "南坡仪器厂",
    "云栖书局",
    "双桥货运",
    "白鹭纺织",
    "长堤电力",
    "七里茶行",
)
_VERBS = ("公布了", "推迟了", "追加了", "重新核算了", "悄悄撤回了", "试行了", "买下了", "签署了")
_OBJECTS = (
    "三号泊位的扩建计划",
    "上半年的订单",
    "与邻省的供货合同",
    "新一批检测设备",
    "夜班补贴办法",
    "仓库盘点结果",
)
_ASIDES = ("据在场人士说", "与去年同期相比", "按照章程", "不出意料", "在雨季到来之前", "截至周五收市")
_ENGLISH = (
    "The harbour office counted {} crates before noon.",
    "Nobody at the mill would say why {} orders were late.",
    "Freight on the northern line rose by {} points in a week.",
    "Some {} growers signed, and the rest are waiting for rain.",
    "A spokesman put the loss at {} thousand, give or take.",
)
_STOCKS = ("sh600000", "sh688981", "sz000858", "sz300075", "hk00700", "bj920575")
_NUMBER = re.compile(r"（第 (-?[0-9]+) 号）$")
_BOILERPLATE = """<!-- 正文下 -->
<style>.appendQr_wrap&#123;border:1px solid #eee;padding:8px;&#125;</style>
<div class="clearfix appendQr_wrap">
<img src="https://img.example.org/qr/74.png" referrerpolicy="no-referrer"></div>
<p class="article-editor">责任编辑：林一舟 </p>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Articles in a folder, by number: they count backwards in time, and those added later have negative numbers."""

    folder: Path
    articles: int
    categories: int
    seed: int
    added: int = 0

    @property
    def numbers(self) -> range:
        """All articles, the newest first."""
        return range(-self.added, self.articles)


def make_corpus(folder: Path, *, articles: int, categories: int, seed: int = 2022) -> Corpus:
    """Write *articles* files of about 5 KB below *folder*, spread evenly over *categories*.

    The files are HTML with front matter, so that no side pays for Markdown, and start at once with
    `---`: Hugo loses an article that has a blank line before it.
    """
    for name in category_names(categories):
        (folder / name).mkdir(parents=True)
    corpus = Corpus(folder=folder, articles=articles, categories=categories, seed=seed)
    _write(corpus, corpus.numbers)
    return corpus


def add_articles(corpus: Corpus, *, count: int) -> Corpus:
    """Write *count* further articles, newer than all others, each in another category as long as there are some."""
    grown = replace(corpus, added=corpus.added + count)
    _write(corpus, grown.numbers[:count])
    return grown


def number_of(title: str) -> int:
    """Tell from an article's title which one it is.

    Raises: ValueError where it is none of ours.
    """
    found = _NUMBER.search(title)
    if not found:
        raise ValueError(f"no title of the corpus: {title!r}")
    return int(found[1])


def _write(corpus: Corpus, numbers: Iterable[int]) -> None:
    names = category_names(corpus.categories)
    a_minute_ago = time.time() - 60
    for number in numbers:
        category = names[number % corpus.categories]
        name = f"{number:06}" if number >= 0 else f"new-{-number:06}"
        # Not pathlib: it would take as long as the writing.
        path = f"{corpus.folder}/{category}/{name}.html"
        with open(path, "xb") as file:
            file.write(make_article(number, category=category, seed=corpus.seed).encode())
        # A file that is hardly older than the run that reads it could change again within the same tick of the
        # clock, so the next run rightly reads it once more. Articles that a crawler left are not as young.
        os.utime(path, (a_minute_ago, a_minute_ago))


def category_names(count: int) -> tuple[str, ...]:
    """Name *count* categories, each one once: 航运要闻, 茶叶行情 and so on."""
    size = len(_REALMS)
    return tuple(f"{_REALMS[n % size]}{_TOPICS[(n + n // size) % len(_TOPICS)]}{n // 30 or ''}" for n in range(count))


def make_article(number: int, *, category: str, seed: int) -> str:
    """Write one article; the same *number*, *category* and *seed* give the same text."""
    random = _Dice(f"{seed}/{number}")
    image = f"https://img.example.org/{random.getrandbits(48):012x}.jpg"
    body = "\n".join((_picture(image), *_paragraphs(random), _stock(random), _BOILERPLATE))
    return f"{_front_matter(number, category, image, random)}\n<div>\n{body}\n</div>\n"


class _Dice(Random):
    def pick(self, options: Sequence[str]) -> str:
        """Choose as `choice` does, but sooner: a hundred thousand articles take twenty million choices."""
        size = len(options)
        bits = size.bit_length()
        while (index := self.getrandbits(bits)) >= size:
            pass
        return options[index]


def _front_matter(number: int, category: str, image: str, random: _Dice) -> str:
    return f"""---
title: '{_clause(random)}（第 {number} 号）'
categories:
 - {category}
headimg: '{image}'
author: {random.pick(_SUBJECTS)}
comments: false
date: {_date(number)}
thumbnail: '{image}'
---
"""


def _date(number: int) -> str:
    date = _NEWEST - number * _STEP
    # Crawled sites write both; Hugo reads both, the second as UTC.
    return format_datetime(date, usegmt=True) if number % 4 else f"{date:%Y-%m-%d %H:%M:%S}"


def _paragraphs(random: _Dice) -> list[str]:
    paragraphs = [f"<p>　　{_sentences(random)}</p>" for _ in range(14)]
    lazy = f"https://img.example.org/{random.getrandbits(48):012x}.png"
    paragraphs.insert(7, f'<p><img class="lazy" data-original="{lazy}" src="https://img.example.org/gap.gif"></p>')
    return paragraphs


def _sentences(random: _Dice) -> str:
    chinese = "".join(f"{random.pick(_ASIDES)}，{_clause(random)}。" for _ in range(3))
    return f"{chinese}{random.pick(_ENGLISH).format(random.randrange(2, 900))}"


def _clause(random: _Dice) -> str:
    return f"{random.pick(_SUBJECTS)}{random.pick(_VERBS)}{random.pick(_OBJECTS)}"


def _picture(address: str) -> str:
    return (
        f'<div class="img_wrapper"><img src="{address}" alt data-link referrerpolicy="no-referrer">'
        '<span class="img_descr"></span></div>'
    )


def _stock(random: _Dice) -> str:
    symbol = random.pick(_STOCKS)
    page = f"https://finance.sina.com.cn/realstock/company/{symbol}/nc.shtml"
    return (
        f'<p>　　相关个股：<span id="stock_{symbol}"><a href="{page}" class="keyword">{symbol}</a>'
        f'</span><span id="quote_{symbol}"></span></p>\n<!-- news_keyword_pub,stock,{symbol} -->'
    )

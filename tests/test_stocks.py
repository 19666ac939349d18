"""Stock symbols: from addresses of quote pages, tagged names and keyword comments."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from feedpub.sanitiser import sanitise
from feedpub.sanitiser.stocks import PAGES, symbol_of

SHARED = Path(__file__).parents[2] / "shared" / "stock_links.json"
LINKS = json.loads(SHARED.read_text("utf-8")) if SHARED.exists() else {"shapes": [], "not_quote_pages": []}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.example)
def test_each_shape_reads_its_own_example(page: object) -> None:
    assert str(symbol_of(page.example)) == page.symbol  # type: ignore[attr-defined]


@pytest.mark.skipif(not LINKS["shapes"], reason="the shared addresses are not here")
def test_every_shared_shape_is_read() -> None:
    read = {shape["example"]: symbol_of(shape["example"]) for shape in LINKS["shapes"]}
    expected = {
        shape["example"]: None if shape["canonical"].startswith("(") else shape["canonical"]
        for shape in LINKS["shapes"]
    }
    assert {url: symbol and str(symbol) for url, symbol in read.items()} == expected


@pytest.mark.skipif(not LINKS["shapes"], reason="the shared addresses are not here")
def test_no_shared_look_alike_is_taken_for_a_quote_page() -> None:
    assert [url for url in LINKS["not_quote_pages"] if symbol_of(url)] == []


@pytest.mark.parametrize(
    ("url", "symbol"),
    [
        # The same digits on two exchanges.
        ("https://finance.sina.com.cn/realstock/company/sz000001/nc.shtml", "XSHE:000001"),
        ("https://finance.sina.com.cn/realstock/company/sh000001/nc.shtml", "XSHG:000001"),
        ("//finance.sina.com.cn/realstock/company/sh600009/nc.shtml", "XSHG:600009"),
        ("http://finance.sina.com.cn/realstock/company/SH600009/nc.shtml?from=x#top", "XSHG:600009"),
        ("https://quote.eastmoney.com/920001.html", "BJSE:920001"),
        ("https://quote.eastmoney.com/510300.html", "XSHG:510300"),
        ("https://quote.eastmoney.com/159915.html", "XSHE:159915"),
        ("https://quote.eastmoney.com/unify/r/0.000002", "XSHE:000002"),
        ("https://quote.eastmoney.com/unify/r/116.09988", "XHKG:09988"),
        ("https://quote.eastmoney.com/unify/r/106.BABA", "XNYS:BABA"),
        ("https://biz.finance.sina.com.cn/suggest/lookup_n.php?q=00700&country=hk", "XHKG:00700"),
        ("https://gu.qq.com/usAAPL", "US:AAPL"),
        ("https://stockpage.10jqka.com.cn/AAPL/", "US:AAPL"),
        ("https://gushitong.baidu.com/stock/us-TSLA", "US:TSLA"),
        ("https://finance.yahoo.com/quote/CNY=X/", "FX:USDCNY"),
        ("https://finance.yahoo.com/quote/EURUSD=X", "FX:EURUSD"),
        ("https://finance.yahoo.com/quote/AAPL", "US:AAPL"),
        ("https://www.google.com/finance/quote/USD-CNY", "FX:USDCNY"),
        ("https://www.tradingview.com/symbols/NYSE-IBM/", "XNYS:IBM"),
        ("https://www.bloomberg.com/quote/000002:CH", "XSHE:000002"),
        ("https://www.bloomberg.com/quote/7203:JP", "XTKS:7203"),
        ("https://www.futunn.com/stock/NVDA-US", "US:NVDA"),
        ("https://xueqiu.com/S/.IXIC", "US:.IXIC"),
    ],
)
def test_codes_are_read_as_each_market_spells_them(url: str, symbol: str) -> None:
    assert str(symbol_of(url)) == symbol


@pytest.mark.parametrize(
    "url",
    [
        "https://finance.sina.com.cn/realstock/company/sh600009/qfq.js",
        "https://finance.sina.com.cn/china/2024-01-02/doc-abc600009.shtml",
        "https://finance.sina.com.cn.evil.example/realstock/company/sh600009/nc.shtml",
        "https://evil.example/?https://xueqiu.com/S/SH600519",
        "https://quote.eastmoney.com/unify/r/90.BK0475",
        "https://quote.eastmoney.com/unify/r/0.ABC",
        "https://quote.eastmoney.com/830799.html",
        "https://quote.eastmoney.com/qihuo/XX2501.html",
        "https://quote.eastmoney.com/qihuo/RB.html",
        "https://m.10jqka.com.cn/stockpage/48_881121/",
        "https://xueqiu.com/S/BK0475",
        "https://xueqiu.com/u/1234567890",
        "https://finance.yahoo.com/quote/%5EIXIC",
        "https://finance.yahoo.com/quote/CL=F",
        "https://finance.yahoo.com/quote/SHEL.XX",
        "https://www.google.com/finance/quote/ABCD",
        "https://www.google.com/finance?q=UNKNOWN:ABC",
        "https://www.bloomberg.com/quote/SPX:IND",
        "https://www.nasdaq.com/market-activity/stocks/screener?page=1",
        "https://www.marketwatch.com/investing/stock/abc?countrycode=cn",
        "https://www.investing.com/equities/some-company",
        "https://stock.finance.sina.com.cn/hkstock/quotes/A1.html",
        "javascript:alert(1)",
        "",
    ],
)
def test_what_stands_for_no_instrument_is_left_alone(url: str) -> None:
    assert symbol_of(url) is None


def test_symbols_come_in_document_order_and_each_once() -> None:
    html = (
        "<!-- news_keyword_pub,stock,sz000333&hk00700&nonsense -->"
        "<p>今日<span id=stock_sh600009>机场</span>与<span id='usstock_BIDU'>搜索</span>活跃，"
        "<a href='https://xueqiu.com/S/SZ000333'>家电</a>、"
        "<a href='https://link.zhihu.com/?target=https%3A%2F%2Fxueqiu.com%2FS%2FSH600519'>白酒</a>跟随</p>"
    )
    assert sanitise(html).symbols == ("XSHE:000333", "XHKG:00700", "XSHG:600009", "US:BIDU", "XSHG:600519")


@pytest.mark.parametrize(
    "comment", ["<!-- news_keyword_pub,stock, -->", "<!-- stock,sh600009 -->", "<!-- news_keyword_pub,tag,x -->"]
)
def test_a_comment_without_codes_says_nothing(comment: str) -> None:
    assert sanitise(f"<p>正文</p>{comment}").symbols == ()


def test_a_stock_link_stays_as_it_is() -> None:
    url = "https://finance.sina.com.cn/realstock/company/sh600009/nc.shtml"
    clean = sanitise(f"<p>其中<span id='stock_sh600009'><a class=keyword href='{url}'>机场</a></span>涨停</p>")
    assert clean.html == f'<p>其中<a href="{url}" rel="noopener noreferrer">机场</a>涨停</p>'

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
        # The same pages, as people write their addresses.
        ("http://FINANCE.SINA.COM.CN/realstock/company/sh600009/nc.shtml", "XSHG:600009"),
        ("https://finance.sina.com.cn:443/realstock/company/sh600009/nc.shtml", "XSHG:600009"),
        ("http://stock.finance.sina.com.cn/usstock/quotes/aapl.html", "US:AAPL"),
        ("https://quote.eastmoney.com/SH600519.HTML?code=600519&market=1#chart", "XSHG:600519"),
        ("https://xueqiu.com/s/sz002353", "XSHE:002353"),
        ("http://xueqiu.com/S/SZ002353/ZYGD", "XSHE:002353"),
        ("https://xueqiu.com/S/F110022", "FUND.CN:110022"),
        ("http://gu.qq.com/sh000001/zs", "XSHG:000001"),
        ("https://gu.qq.com/hkHSI", "XHKG:HSI"),
        ("https://gu.qq.com/usBRK.B.N", "XNYS:BRK.B"),
        ("https://gu.qq.com/usBRK.A", "US:BRK.A"),
        ("https://gu.qq.com/us.DJI/zs", "US:.DJI"),
        ("https://emwap.eastmoney.com/quota/hq/stock?id=000001&mk=1", "XSHG:000001"),
        ("https://emwap.eastmoney.com/quota/hq/stock?id=000001&mk=0", "XSHE:000001"),
        ("https://wap.eastmoney.com/quote/stock/100.HSI.html", "XHKG:HSI"),
        ("https://quote.eastmoney.com/zs899050.html", "BJSE:899050"),
        ("https://guba.eastmoney.com/list,600519.html?from=x", "XSHG:600519"),
        ("https://finance.yahoo.com/quote/AAPL/key-statistics?p=AAPL", "US:AAPL"),
        ("https://finance.yahoo.com/quote/BRK-B/", "US:BRK.B"),
        ("https://hk.finance.yahoo.com/quote/80700.HK", "XHKG:80700"),
        ("https://finance.yahoo.com/quote/%5EIXIC", "US:.IXIC"),
        ("https://finance.yahoo.com/quote/^GSPC/", "US:.INX"),
        ("https://www.google.com/finance/quote/.INX:INDEXSP", "US:.INX"),
        ("https://www.google.com/finance/quote/RY:TSE", "XTSE:RY"),
        ("https://www.tradingview.com/symbols/TSE-7203/technicals/", "XTKS:7203"),
        ("https://www.tradingview.com/symbols/NASDAQ-IXIC/", "US:.IXIC"),
        ("https://www.tradingview.com/symbols/SSE-000001/", "XSHG:000001"),
        ("https://www.reuters.com/markets/companies/BABA.K/", "XNYS:BABA"),
        ("https://www.reuters.com/markets/companies/BRKb.N/", "XNYS:BRK.B"),
        # Guangzhou's futures, gold, and each of Eastmoney's markets.
        ("https://finance.sina.com.cn/futures/quotes/SI2509.shtml", "GFEX:SI2509"),
        ("https://finance.sina.com.cn/futures/quotes/LC2511.shtml", "GFEX:LC2511"),
        ("https://quote.eastmoney.com/qihuo/ps2506.html", "GFEX:PS2506"),
        ("https://finance.sina.com.cn/money/forex/hq/XAUUSD.shtml", "FX:XAUUSD"),
        ("https://quote.eastmoney.com/unify/r/1.000300", "XSHG:000300"),
        ("https://quote.eastmoney.com/unify/r/0.920002", "BJSE:920002"),
        ("https://quote.eastmoney.com/unify/r/107.IMO", "XASE:IMO"),
        ("https://quote.eastmoney.com/unify/r/100.NDX", "US:.IXIC"),
        ("https://biz.finance.sina.com.cn/suggest/lookup_n.php?country=hk&q=HK00700", "XHKG:00700"),
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
        "https://finance.sina.com.cn@evil.example/realstock/company/sh600009/nc.shtml",
        "https://evil@finance.sina.com.cn/realstock/company/sh600009/nc.shtml",
        "https://finance.sina.com.cn:8080/realstock/company/sh600009/nc.shtml",
        "https://finance.sina.com.cn%2eevil.example/realstock/company/sh600009/nc.shtml",
        "https://evilxueqiu.com/S/SH600519",
        "https://xueqiu.com/S/SH６００５１９",
        "https://xueqiu.com.evil.example/S/SH600519",
        "ftp://xueqiu.com/S/SH600519",
        # What programs read, and lists.
        "https://finance.sina.com.cn/realstock/company/sh600000/hisdata/klc_kl.js",
        "https://hq.sinajs.cn/list=sh600000",
        "https://quotes.sina.cn/cn/api/json_v2.php/CN_MarketData.getKLineData?symbol=sh600000",
        "https://push2.eastmoney.com/api/qt/stock/get?secid=1.600519",
        "https://qt.gtimg.cn/q=sh600519",
        "http://xueqiu.com/S/SH000902/historical.csv",
        "https://xueqiu.com/S/SH600519/123456789",  # a post
        "https://quote.eastmoney.com/center/gridlist.html#hs_a_board",
        "http://quote.eastmoney.com/stocklist.html",
        "https://quote.eastmoney.com/us/index.html",
        "https://stock.finance.sina.com.cn/usstock/quotes/index.html",
        "https://stock.finance.sina.com.cn/hkstock/quotes/list.html",
        "https://guba.eastmoney.com/list,zssh000001_2.html",
        "https://gu.qq.com/resource/products/portfolio/m.htm",
        "https://gu.qq.com/users",
        "https://gu.qq.com/hkstock",
        "https://stockpage.10jqka.com.cn/index/",
        # Boards, the whole world's indices and futures, and markets without a MIC.
        "https://quote.eastmoney.com/bk/90.BK0475.html",
        "https://wap.eastmoney.com/quote/stock/90.BK0475.html",
        "https://wap.eastmoney.com/quote/stock/122.XAU.html",
        "https://quote.eastmoney.com/unify/r/100.N225",
        "https://quote.eastmoney.com/unify/r/0.400001",
        "https://quote.eastmoney.com/zs930955.html",
        "https://quote.eastmoney.com/gb/zsUDI.html",
        "https://quote.eastmoney.com/204001.html",
        "https://stockpage.10jqka.com.cn/881121/",
        "https://finance.sina.com.cn/futures/quotes/CL.shtml?id=27",
        "https://finance.sina.com.cn/futures/quotes/AU0.shtml",
        "https://finance.sina.com.cn/money/forex/hq/DINIW.shtml",
        "https://finance.sina.com.cn/money/forex/hq/BTCUSD.shtml",
        "https://www.google.com/finance/quote/BTC-USD",
        "https://www.google.com/finance/quote/IBM",
        "https://www.tradingview.com/symbols/BSE-500325/",
        "https://finance.yahoo.com/quote/BTC-USD",
        "https://finance.yahoo.com/quote/%5EN225",
        "https://www.reuters.com/companies/RDSa.L",
        "https://biz.finance.sina.com.cn/suggest/lookup_n.php?country=stock&q=useful",
        "https://biz.finance.sina.com.cn/suggest/lookup_n.php?country=stock&q=600519",
        "https://quote.eastmoney.com/unify/r/90.BK0475",
        "https://quote.eastmoney.com/unify/r/0.ABC",
        "https://quote.eastmoney.com/830799.html",
        "https://quote.eastmoney.com/qihuo/XX2501.html",
        "https://quote.eastmoney.com/qihuo/RB.html",
        "https://m.10jqka.com.cn/stockpage/48_881121/",
        "https://xueqiu.com/S/BK0475",
        "https://xueqiu.com/u/1234567890",
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
    ("html", "symbols"),
    [
        ("<span id=stock_sz300075>a</span>", ("XSHE:300075",)),
        ('<span id="stock_sh688981">a</span>', ("XSHG:688981",)),
        ("<span id=stock_bj920002>a</span>", ("BJSE:920002",)),
        ("<span id=stock_hk00700>a</span>", ("XHKG:00700",)),
        ("<span id=hkstock_00700>a</span>", ("XHKG:00700",)),
        ('<span id="usstock_BIDU">a</span>', ("US:BIDU",)),
        ('<span id="usstock_BRK.B">a</span>', ("US:BRK.B",)),
        ("<!-- news_keyword_pub,stock,sh688981 -->", ("XSHG:688981",)),
        ("<!-- news_keyword_pub,stock,hk00700&usBIDU&sh000001 -->", ("XHKG:00700", "US:BIDU", "XSHG:000001")),
        # A price beside its name names nothing anew, and other things have such ids too.
        ('<span id="quote_sh688981">12.3</span>', ()),
        ("<span id=stock_sh６００５１９>a</span>", ()),
        ("<div id=stock_users>a</div><div id=stock_hkd>a</div><div id=usstock_list>a</div>", ()),
    ],
)
def test_marked_names_and_keywords_are_symbols_in_every_market(html: str, symbols: tuple[str, ...]) -> None:
    assert sanitise(f"<p>x</p>{html}").symbols == symbols


@pytest.mark.parametrize(
    "comment", ["<!-- news_keyword_pub,stock, -->", "<!-- stock,sh600009 -->", "<!-- news_keyword_pub,tag,x -->"]
)
def test_a_comment_without_codes_says_nothing(comment: str) -> None:
    assert sanitise(f"<p>正文</p>{comment}").symbols == ()


def test_a_stock_link_stays_as_it_is() -> None:
    url = "https://finance.sina.com.cn/realstock/company/sh600009/nc.shtml"
    clean = sanitise(f"<p>其中<span id='stock_sh600009'><a class=keyword href='{url}'>机场</a></span>涨停</p>")
    assert clean.html == f'<p>其中<a href="{url}" rel="noopener noreferrer">机场</a>涨停</p>'


@pytest.mark.parametrize(
    "listed",
    ["sh600000 & sz000001", "sh600000&amp;sz000001", "sh600000,sz000001", "SH600000 SZ000001", " sh600000;\nsz000001 "],
)
def test_a_keyword_comment_lists_symbols_however_they_are_joined(listed: str) -> None:
    assert sanitise(f"<!-- NEWS_keyword_pub,stock,{listed} -->").symbols == ("XSHG:600000", "XSHE:000001")


def test_tags_in_capitals_are_tags() -> None:
    page = sanitise("<SPAN ID=STOCK_SH600000>浦发</SPAN><SPAN ID=QUOTE_SH600000>(8.61)</SPAN>")
    assert (page.html, page.symbols) == ("浦发", ("XSHG:600000",))


@pytest.mark.parametrize(
    "url",
    [
        "https://xueqiu.com/S/HSI",
        "https://xueqiu.com/S/hot",
        "https://stockpage.10jqka.com.cn/INDEX/",
        "https://www.marketwatch.com/investing/stock/spx",
        "https://finance.yahoo.com/quote/news",
        "https://www.nasdaq.com/market-activity/stocks/most",
        "https://gu.qq.com/usINDEX",
        "https://stock.finance.sina.com.cn/hkstock/quotes/INDEX.html",
        "https://quote.eastmoney.com/us/index.html",
    ],
)
def test_a_list_and_an_index_are_no_share(url: str) -> None:
    assert symbol_of(url) is None

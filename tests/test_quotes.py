"""Where stock links lead: to another site's page for the same symbol, or where they led before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedpub.sanitiser.codes import Symbol
from feedpub.sanitiser.quotes import FIELDS, TARGETS, quote_url, retarget
from feedpub.sanitiser.stocks import PAGES, symbol_of

#: The exchanges that most sites sum up as "US".
AMERICA = ("US", "XNAS", "XNYS", "XASE", "ARCX")
TEMPLATE = "https://q.example.org/{mic}/{code}"

MICS = (*AMERICA, "XSHG", "XSHE", "BJSE", "XHKG", "FUND.CN", "FX", "XDCE", "XZCE", "GFEX", "XTKS", "XLON", "XKRX")
CODES = (
    "000001", "000300", "399001", "600519", "920002", "899050", "113050", "128013", "00700", "80700", "00005", "HSI",
    "HSTECH", "AAPL", "BRK.B", "BF.A", "T", ".DJI", ".IXIC", ".INX", "110022", "EURUSD", "USDCNY", "XAUUSD", "RB2505",
    "TA409", "7203", "BP", "005930", "ERIC-B",
)  # fmt: skip


def to_symbol(text: str) -> Symbol:
    mic, _, code = text.partition(":")
    return Symbol(mic, code)


def is_same(seen: Symbol | None, symbol: Symbol) -> bool:
    forgotten = symbol.mic in AMERICA and seen == Symbol("US", symbol.code)
    return seen == symbol or forgotten


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.example)
def test_a_page_is_shown_as_the_same_symbol_or_not_at_all(page: object, target: str) -> None:
    symbol = symbol_of(page.example)  # type: ignore[attr-defined]
    assert symbol
    url = quote_url(symbol, target=target)
    assert url is None or is_same(symbol_of(url), symbol)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("mic", MICS)
def test_no_target_makes_one_security_another(mic: str, target: str) -> None:
    for symbol in (Symbol(mic, code) for code in CODES):
        url = quote_url(symbol, target=target)
        assert url is None or is_same(symbol_of(url), symbol), symbol


@pytest.mark.parametrize("target", ["keep", *TARGETS, TEMPLATE, "https://xueqiu.com/S/{code}"])
def test_pointing_a_link_twice_changes_nothing_more(target: str) -> None:
    for page in PAGES:
        once = retarget(page.example, target=target)
        assert retarget(once, target=target) == once


@pytest.mark.parametrize("one", TARGETS)
@pytest.mark.parametrize("other", TARGETS)
def test_a_detour_over_another_site_leads_to_the_same_symbol(one: str, other: str) -> None:
    for page in PAGES:
        symbol, seen = symbol_of(page.example), symbol_of(retarget(retarget(page.example, target=one), target=other))
        assert symbol
        assert seen
        assert (seen.code, seen.mic in AMERICA) == (symbol.code, symbol.mic in AMERICA)
        assert seen.mic == symbol.mic or seen.mic in AMERICA


SHARE, INDEX = ("XSHE:000001", "XSHG:000001")


@pytest.mark.parametrize(
    ("symbol", "target", "url"),
    [
        ("XSHG:600519", "sina", "https://finance.sina.com.cn/realstock/company/sh600519/nc.shtml"),
        ("XSHG:600519", "eastmoney", "https://quote.eastmoney.com/sh600519.html"),
        ("XSHG:600519", "xueqiu", "https://xueqiu.com/S/SH600519"),
        ("XSHG:600519", "tencent", "https://gu.qq.com/sh600519"),
        ("XSHG:600519", "yahoo", "https://finance.yahoo.com/quote/600519.SS"),
        ("XSHG:600519", "google", "https://www.google.com/finance/quote/600519:SHA"),
        ("XSHG:600519", "tradingview", "https://www.tradingview.com/symbols/SSE-600519/"),
        # An index is no share.
        (SHARE, "eastmoney", "https://quote.eastmoney.com/sz000001.html"),
        (INDEX, "eastmoney", "https://quote.eastmoney.com/zs000001.html"),
        (SHARE, "yahoo", "https://finance.yahoo.com/quote/000001.SZ"),
        (INDEX, "yahoo", "https://finance.yahoo.com/quote/000001.SS"),
        (SHARE, "google", "https://www.google.com/finance/quote/000001:SHE"),
        (INDEX, "google", "https://www.google.com/finance/quote/000001:SHA"),
        ("XHKG:HSI", "yahoo", "https://finance.yahoo.com/quote/%5EHSI"),
        ("XHKG:HSTECH", "yahoo", None),
        ("US:.IXIC", "xueqiu", "https://xueqiu.com/S/.IXIC"),
        ("US:.IXIC", "yahoo", "https://finance.yahoo.com/quote/%5EIXIC"),
        ("US:.NDX", "yahoo", None),
        # Zeros of Hong Kong: five, four, or none.
        ("XHKG:00005", "sina", "https://stock.finance.sina.com.cn/hkstock/quotes/00005.html"),
        ("XHKG:00005", "yahoo", "https://finance.yahoo.com/quote/0005.HK"),
        ("XHKG:80700", "yahoo", "https://finance.yahoo.com/quote/80700.HK"),
        ("XHKG:00700", "tradingview", "https://www.tradingview.com/symbols/HKEX-700/"),
        # Beijing is known in China only.
        ("BJSE:920002", "sina", "https://finance.sina.com.cn/realstock/company/bj920002/nc.shtml"),
        ("BJSE:920002", "eastmoney", "https://quote.eastmoney.com/unify/r/0.920002"),
        ("BJSE:920002", "yahoo", None),
        ("BJSE:920002", "tradingview", None),
        # Who wants to know the exchange is not told a guess.
        ("US:AAPL", "yahoo", "https://finance.yahoo.com/quote/AAPL"),
        ("US:AAPL", "tencent", "https://gu.qq.com/usAAPL"),
        ("US:AAPL", "google", None),
        ("US:AAPL", "tradingview", None),
        ("XNAS:AAPL", "google", "https://www.google.com/finance/quote/AAPL:NASDAQ"),
        ("XNAS:AAPL", "tencent", "https://gu.qq.com/usAAPL.OQ"),
        ("XNYS:BRK.B", "yahoo", "https://finance.yahoo.com/quote/BRK-B"),
        ("XNYS:BRK.B", "eastmoney", None),
        # Eastmoney and TradingView sum up two exchanges as one.
        ("XASE:SPY", "google", None),
        ("ARCX:SPY", "google", "https://www.google.com/finance/quote/SPY:NYSEARCA"),
        ("ARCX:SPY", "tradingview", None),
        # Funds, money, metal, futures, bonds, and the rest of the world.
        ("FUND.CN:110022", "xueqiu", "https://xueqiu.com/S/F110022"),
        ("FUND.CN:110022", "tencent", "https://gu.qq.com/jj110022"),
        ("FUND.CN:110022", "google", None),
        ("FX:USDCNY", "google", "https://www.google.com/finance/quote/USD-CNY"),
        ("FX:USDCNY", "eastmoney", None),
        ("FX:XAUUSD", "yahoo", None),
        ("GFEX:LC2511", "eastmoney", "https://quote.eastmoney.com/qihuo/lc2511.html"),
        ("XZCE:TA409", "sina", None),
        ("XSHG:113050", "eastmoney", "https://quote.eastmoney.com/unify/r/1.113050"),
        ("XSHG:113050", "yahoo", None),
        ("XTKS:7203", "google", "https://www.google.com/finance/quote/7203:TYO"),
        ("XTKS:7203", "sina", None),
        ("XSTO:ERIC-B", "yahoo", None),
        # Templates.
        ("XSHG:600519", TEMPLATE, "https://q.example.org/XSHG/600519"),
        ("XNYS:BRK.B", "https://q.example.org/?s={symbol}", "https://q.example.org/?s=XNYS:BRK.B"),
        ("XSHG:600519", "https://q.example.org/{{{eastmoney}}}", "https://q.example.org/%7B1.600519%7D"),
        ("US:BRK.B", "https://q.example.org/{sina}", "https://q.example.org/gb_brk$b"),
        ("XHKG:HSI", "https://q.example.org/{yahoo}", "https://q.example.org/%5EHSI"),
        ("XTKS:7203", "https://q.example.org/{sina}", None),
        ("XSTO:ERIC-B", TEMPLATE, "https://q.example.org/XSTO/ERIC-B"),
        ("XSHG:600519", "https://q.example.org/{unknown}", None),
        ("XSHG:600519", "https://{symbol}/", None),
        # This one would make the index of Shanghai a bank's share.
        (SHARE, "https://quote.eastmoney.com/{code}.html", "https://quote.eastmoney.com/000001.html"),
        (INDEX, "https://quote.eastmoney.com/{code}.html", None),
        ("XSHG:600519", "nowhere", None),
    ],
)
def test_each_site_has_its_own_way_to_write_a_symbol(symbol: str, target: str, url: str | None) -> None:
    assert quote_url(to_symbol(symbol), target=target) == url


@pytest.mark.parametrize(
    ("url", "target", "after"),
    [
        (
            "http://finance.sina.com.cn/realstock/company/sh600009/nc.shtml?x=1#a",
            "xueqiu",
            "https://xueqiu.com/S/SH600009",
        ),
        ("//quote.eastmoney.com/unify/r/116.00700", "yahoo", "https://finance.yahoo.com/quote/0700.HK"),
    ],
)
def test_a_stock_link_leads_to_the_target(url: str, target: str, after: str) -> None:
    assert retarget(url, target=target) == after


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://finance.sina.com.cn/realstock/company/sh600009/nc.shtml?x=1#a", "keep"),
        ("https://stock.finance.sina.com.cn/usstock/quotes/AAPL.html", "google"),
        ("https://finance.yahoo.com/quote/7203.T/", "sina"),
        ("https://finance.sina.com.cn.evil.example/realstock/company/sh600009/nc.shtml", "xueqiu"),
        ("https://finance.sina.com.cn/stock/", "xueqiu"),
        ("mailto:desk@example.org", "xueqiu"),
        ("#top", TEMPLATE),
        ("", TEMPLATE),
    ],
)
def test_what_a_target_cannot_show_stays_byte_for_byte(url: str, target: str) -> None:
    assert retarget(url, target=target) == url


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_of_a_template_is_filled_for_a_share(field: str) -> None:
    url = quote_url(Symbol("XNAS", "AAPL"), target=f"https://q.example.org/{{{field}}}")
    assert url
    assert not set("{}").intersection(url)


@given(st.text(max_size=30), st.sampled_from([*TARGETS, TEMPLATE]))
def test_any_text_for_a_code_gives_a_web_address_or_none(code: str, target: str) -> None:
    for mic in MICS:
        url = quote_url(Symbol(mic, code), target=target)
        assert url is None or (url.startswith("https://") and url.isascii() and not set(' "<>') & set(url))

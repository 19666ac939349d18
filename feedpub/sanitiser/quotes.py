"""Where a symbol can be looked at: the pages of each site, and templates of the operator's own.

What a site calls a symbol, and where its page is, are data. A market that a site's rows do not name has no
page there, or none that is sure to show the same security: such a link stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from string import Formatter
from urllib.parse import quote

from feedpub.sanitiser import markets
from feedpub.sanitiser.codes import Symbol
from feedpub.sanitiser.rules import KEEP
from feedpub.sanitiser.stocks import symbol_of
from feedpub.urls import absolute

#: Markets as sites tell them apart, each with what its symbols look like; the first that fits counts.
_MARKETS = (
    ("XSHG index", r"XSHG:000\d{3}"),
    # Stock pages of most sites show bonds elsewhere, or not at all.
    ("XSHG bond", r"XSHG:(?:0[1-9]|[12]\d)\d{4}"),
    ("XSHG", r"XSHG:\d{6}"),
    ("XSHE index", r"XSHE:399\d{3}"),
    ("XSHE bond", r"XSHE:1[0-4]\d{4}"),
    ("XSHE", r"XSHE:\d{6}"),
    ("BJSE index", r"BJSE:899\d{3}"),
    ("BJSE", r"BJSE:\d{6}"),
    ("XHKG", r"XHKG:\d{5}"),
    ("XHKG index", r"XHKG:[A-Z]{3,8}"),
    ("US index", r"US:\.[A-Z]{1,6}"),
    *((mic, rf"{mic}:[A-Z]{{1,6}}(?:\.[A-Z])?") for mic in ("US", "XNAS", "XNYS", "XASE", "ARCX")),
    ("FUND.CN", r"FUND\.CN:\d{6}"),
    # Gold and its kind are found at fewer sites than money is; so is the yuan within China.
    ("FX metal", r"FX:X(?:AU|AG|PT|PD)[A-Z]{3}"),
    ("FX onshore", r"FX:(?:[A-Z]{3}CNY|CNY[A-Z]{3})"),
    ("FX", r"FX:[A-Z]{6}"),
    # Zhengzhou writes one digit of the year, others two; which decade is meant cannot be told.
    ("XZCE", r"XZCE:[A-Z]{2}\d{4}"),
    *((mic, rf"{mic}:[A-Z]{{1,2}}\d{{4}}") for mic in ("XDCE", "XSGE", "XINE", "CCFX", "GFEX")),
    ("XKRX", r"XKRX:\d{6}"),
    *((mic, rf"{mic}:[A-Z0-9]+") for mic in ("XTKS", "XLON", "XPAR", "XETR", "XAMS", "XMIL", "XTSE", "XSES", "XTAI")),
)


def _alike(names: str, spelling: str) -> dict[str, str]:
    return dict.fromkeys(names.split(", "), spelling)


_SHANGHAI, _SHENZHEN, _BEIJING = "XSHG, XSHG index", "XSHE, XSHE index", "BJSE, BJSE index"
_HONG_KONG = "XHKG, XHKG index"
_AMERICA = "US, XNAS, XNYS, XASE, ARCX"
_FUTURES = "XDCE, XSGE, XINE, XZCE, CCFX, GFEX"

#: What sites call symbols, by market. {four} is a code of Hong Kong in four digits, {bare} without zeros in front,
#: {small} in small letters, {single} one without a class of shares, {classed} with a hyphen before the class,
#: {dollar} with a dollar sign there, {pair} with a hyphen between currencies.
SPELLINGS: Mapping[str, Mapping[str, str]] = {
    "sina": _alike(f"{_SHANGHAI}, XSHG bond", "sh{code}")
    | _alike(f"{_SHENZHEN}, XSHE bond", "sz{code}")
    | _alike(_BEIJING, "bj{code}")
    | _alike(_HONG_KONG, "hk{code}")
    | _alike(_AMERICA, "gb_{dollar}"),
    "eastmoney": _alike(f"{_SHANGHAI}, XSHG bond", "1.{code}")
    | _alike(f"{_SHENZHEN}, XSHE bond, {_BEIJING}", "0.{code}")
    | {"XHKG": "116.{code}", "XNAS": "105.{single}", "XNYS": "106.{single}", "XASE": "107.{single}"},
    "xueqiu": _alike(f"{_SHANGHAI}, XSHG bond", "SH{code}")
    | _alike(f"{_SHENZHEN}, XSHE bond", "SZ{code}")
    | _alike(_BEIJING, "BJ{code}")
    | {"XHKG": "{code}", "XHKG index": "HK{code}", "FUND.CN": "F{code}"}
    | _alike(f"{_AMERICA}, US index", "{code}"),
    "tencent": _alike(f"{_SHANGHAI}, XSHG bond", "sh{code}")
    | _alike(f"{_SHENZHEN}, XSHE bond", "sz{code}")
    | _alike(_BEIJING, "bj{code}")
    | _alike(_HONG_KONG, "hk{code}")
    | {"XNAS": "us{code}.OQ", "XNYS": "us{code}.N", "XASE": "us{code}.AM", "FUND.CN": "jj{code}"}
    | _alike("US, ARCX, US index", "us{code}"),
    "yahoo": _alike(_SHANGHAI, "{code}.SS")
    | _alike(_SHENZHEN, "{code}.SZ")
    | {"XHKG": "{four}.HK"}
    | _alike(_AMERICA, "{classed}")
    | _alike("FX, FX onshore", "{code}=X")
    | {
        mic: f"{{code}}.{suffix}"
        for suffix, mic in markets.YAHOO.items()
        if mic not in ("XSHG", "XSHE", "XHKG", "XKRX")
    },
    "google": _alike(_SHANGHAI, "{code}:SHA")
    | _alike(_SHENZHEN, "{code}:SHE")
    | {"XHKG": "{four}:HKG", "XNAS": "{code}:NASDAQ", "XNYS": "{code}:NYSE", "ARCX": "{code}:NYSEARCA"}
    | _alike("FX, FX onshore", "{pair}")
    | {"XTKS": "{code}:TYO", "XLON": "{code}:LON", "XPAR": "{code}:EPA", "XETR": "{code}:ETR", "XAMS": "{code}:AMS"}
    | {"XMIL": "{code}:BIT", "XTSE": "{code}:TSE", "XSES": "{code}:SGX", "XTAI": "{code}:TPE"},
    "tradingview": _alike(_SHANGHAI, "SSE-{code}")
    | _alike(_SHENZHEN, "SZSE-{code}")
    | {"XHKG": "HKEX-{bare}", "XNAS": "NASDAQ-{code}", "XNYS": "NYSE-{code}", "XASE": "AMEX-{code}"}
    | {"XTKS": "TSE-{code}", "XETR": "XETR-{code}", "XMIL": "MIL-{code}", "XTSE": "TSX-{code}", "XSES": "SGX-{code}"}
    | {"XTAI": "TWSE-{code}", "XKRX": "KRX-{code}"},
}

#: Pages of sites, by market; "*" stands for all others that the site has a spelling for.
ADDRESSES: Mapping[str, Mapping[str, str]] = {
    "sina": _alike(
        f"{_SHANGHAI}, {_SHENZHEN}, {_BEIJING}", "https://finance.sina.com.cn/realstock/company/{sina}/nc.shtml"
    )
    | _alike(_HONG_KONG, "https://stock.finance.sina.com.cn/hkstock/quotes/{code}.html")
    | _alike(f"{_AMERICA}, US index", "https://stock.finance.sina.com.cn/usstock/quotes/{code}.html")
    | {"FUND.CN": "https://finance.sina.com.cn/fund/quotes/{code}/bc.shtml"}
    | _alike("FX, FX metal, FX onshore", "https://finance.sina.com.cn/money/forex/hq/{code}.shtml")
    | _alike(_FUTURES, "https://finance.sina.com.cn/futures/quotes/{code}.shtml"),
    "eastmoney": _alike("XSHG, XSHE", "https://quote.eastmoney.com/{tencent}.html")
    | _alike("XSHG index, XSHE index, BJSE index", "https://quote.eastmoney.com/zs{code}.html")
    | {"XHKG": "https://quote.eastmoney.com/hk/{code}.html", "FUND.CN": "https://fund.eastmoney.com/{code}.html"}
    | _alike("US, ARCX", "https://quote.eastmoney.com/us/{single}.html")
    | _alike("XDCE, XSGE, XINE, GFEX", "https://quote.eastmoney.com/qihuo/{small}.html")
    | {"FX": "https://quote.eastmoney.com/forex/{code}.html"}
    | {"*": "https://quote.eastmoney.com/unify/r/{eastmoney}"},
    "xueqiu": {"*": "https://xueqiu.com/S/{xueqiu}"},
    "tencent": {"*": "https://gu.qq.com/{tencent}"},
    "yahoo": {"*": "https://finance.yahoo.com/quote/{yahoo}"},
    "google": {"*": "https://www.google.com/finance/quote/{google}"},
    "tradingview": {"*": "https://www.tradingview.com/symbols/{tradingview}/"},
}

#: The sites that links can be pointed to by name.
TARGETS = tuple(ADDRESSES)

#: What a template may hold; all but {mic} tell symbols apart.
FIELDS = ("mic", "code", "symbol", *SPELLINGS)


@lru_cache(maxsize=1024)
def quote_url(symbol: Symbol, *, target: str) -> str | None:
    """Return the address of a symbol's page at a site or by a template; `None` where there is none."""
    market = _market_of(symbol)
    if "{" in target:
        return _filled(target, symbol, market)
    pages = ADDRESSES.get(target, {})
    page = pages.get(market, pages.get("*")) if market else None
    url = _filled(page, symbol, market) if page else None
    # What has the right form may be no symbol all the same: not every six letters are two currencies.
    return url if url and symbol_of(url) else None


def retarget(url: str, *, target: str) -> str:
    """Point a link to a quote page at *target*; all other links, and what *target* cannot show, stay."""
    symbol = symbol_of(url) if target != KEEP else None
    return (symbol and quote_url(symbol, target=target)) or url


def _market_of(symbol: Symbol) -> str | None:
    return next((name for name, pattern in _MARKETS if re.fullmatch(pattern, str(symbol), re.ASCII)), None)


def _filled(template: str, symbol: Symbol, market: str | None) -> str | None:
    """Put a symbol into a template; `None` where it lacks a field, or would become another symbol."""
    fields = dict(_fields(symbol, market))
    parts = tuple(Formatter().parse(template))
    if any(name is not None and name not in fields for _, name, _, _ in parts):
        return None
    url = absolute("".join(text + (quote(fields[name], safe=":=$") if name else "") for text, name, _, _ in parts))
    # A template may lead to a site that takes the code of an index for a share's.
    return url if url and _stands_for(symbol_of(url), symbol) else None


def _stands_for(seen: Symbol | None, symbol: Symbol) -> bool:
    if seen is None or seen == symbol:
        return True
    # Most sites do not say which American exchange it is.
    return seen.mic == "US" and symbol.mic in _AMERICA.split(", ") and seen.code == symbol.code


def _fields(symbol: Symbol, market: str | None) -> Iterator[tuple[str, str]]:
    """List what can be put into a template, by name."""
    yield from (("mic", symbol.mic), ("code", symbol.code), ("symbol", str(symbol)))
    variants = dict(_variants(symbol.code, market))
    yield from variants.items()
    for site, spellings in SPELLINGS.items():
        name = _index_name(symbol, site) or _spelled(spellings.get(market or ""), {"code": symbol.code} | variants)
        if name:
            yield site, name


def _variants(code: str, market: str | None) -> Iterator[tuple[str, str]]:
    yield from (
        ("small", code.lower()),
        ("dollar", code.lower().replace(".", "$")),
        ("classed", code.replace(".", "-")),
    )
    yield "pair", f"{code[:3]}-{code[3:]}"
    if "." not in code:
        yield "single", code
    if market == "XHKG":
        yield from (("bare", code.lstrip("0")), ("four", code.lstrip("0").zfill(4)))


def _spelled(spelling: str | None, variants: Mapping[str, str]) -> str | None:
    try:
        return spelling.format_map(variants) if spelling else None
    except KeyError:
        return None


def _index_name(symbol: Symbol, site: str) -> str | None:
    names = markets.INDICES.get(site, {})
    return next((name for name, index in names.items() if index == str(symbol)), None)

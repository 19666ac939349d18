"""How markets spell codes: from what an address says to ISO 10383 MIC and code."""

from __future__ import annotations

import re
from dataclasses import dataclass

from feedpub.sanitiser import markets


@dataclass(frozen=True, slots=True)
class Symbol:
    """A share, an index, a fund, a future or a currency pair, on its market."""

    mic: str  #: ISO 10383; "US" where the exchange is unknown, "FUND.CN" and "FX" where there is none.
    code: str

    def __str__(self) -> str:
        return f"{self.mic}:{self.code}"


_SIX_DIGITS = re.compile(r"\d{6}")
_MAINLAND = frozenset(markets.PREFIXES.values())
_AMERICAN = frozenset(markets.AMERICAN.values()) | {"US"}


def mainland(code: str) -> Symbol | None:
    """Read a bare code of six digits: its exchange follows from the first ones."""
    mic = next((mic for pattern, mic in markets.MAINLAND if len(code) == 6 and pattern.fullmatch(code)), None)
    return Symbol(mic, code) if mic else None


def prefixed(code: str) -> Symbol | None:
    """Read `sh600000`, `SZ000001`, `hk00700`, `usAAPL` and the like."""
    market, rest = code[:2].lower(), code[2:]
    if market in markets.PREFIXES:
        return Symbol(markets.PREFIXES[market], rest) if _SIX_DIGITS.fullmatch(rest) else None
    readers = {"hk": hong_kong, "us": american}
    return readers[market](rest) if market in readers else None


def hong_kong(code: str) -> Symbol | None:
    """Read `700`, `00700`, `HSI`: five digits with their zeros, or an index."""
    if re.fullmatch(r"\d{1,5}", code):
        return Symbol("XHKG", code.zfill(5))
    # In small letters it is a page's name, such as "index".
    return Symbol("XHKG", code) if re.fullmatch(r"[A-Z]{3,8}", code) and code != "INDEX" else None


#: Where a share's letters would stand: the names of lists and of other markets' indices.
_NO_SHARES = frozenset(("INDEX", "LIST", "HOT", "MOST", "NEWS", "HSI", "HSCEI", "SPX", "ZX", "MAIN", "TOP"))


def american(code: str) -> Symbol | None:
    """Read `AAPL`, `brk.b`, `.DJI`: no page says which exchange."""
    if code.upper() in _NO_SHARES or not re.fullmatch(r"\.?[A-Za-z]{1,6}(?:\.[A-Za-z])?", code):
        return None
    return Symbol("US", code.upper())


def fund(code: str) -> Symbol | None:
    """Read the code of an open-end fund, which no exchange lists."""
    return Symbol("FUND.CN", code)


def currency(code: str) -> Symbol | None:
    """Read `USDCNY`, `USD-CNY`; `CNY` alone is against the dollar. Bitcoin is no currency."""
    pair = code.replace("-", "").upper()
    pair = f"USD{pair}" if len(pair) == 3 else pair
    known = len(pair) == 6 and markets.CURRENCIES.issuperset((pair[:3], pair[3:])) and pair[:3] != pair[3:]
    return Symbol("FX", pair) if known else None


def future(code: str) -> Symbol | None:
    """Read `RB2505`: the exchange follows from the product."""
    match = re.fullmatch(r"([A-Za-z]{1,2})\d{3,4}", code)
    mic = markets.PRODUCTS.get(match[1].upper()) if match else None
    return Symbol(mic, code.upper()) if mic else None


def listed(code: str, mic: str | None) -> Symbol | None:
    """Read a code whose market is known."""
    if mic == "XHKG":
        return hong_kong(code)
    if mic in _MAINLAND:
        return Symbol(mic, code) if re.fullmatch(r"\d{6}", code) else None
    if mic in _AMERICAN:
        return Symbol(mic, code.upper()) if american(code) else None
    return Symbol(mic, code.upper()) if mic else None


def indexed(code: str, *, site: str) -> Symbol | None:
    """Read what a site calls an index: `^IXIC`, `.INX:INDEXSP`, `100.HSI`."""
    mic, _, rest = markets.INDICES[site].get(code.upper(), "").partition(":")
    return Symbol(mic, rest) if mic else None


def suffixed(code: str) -> Symbol | None:
    """Read `600000.SS`, `BP.L`, `MSFT.OQ`; without a suffix the code is American."""
    stem, dot, suffix = code.rpartition(".")
    if not dot or not stem:
        return american(code)
    return listed(stem, markets.SUFFIXES.get(suffix.upper()))


def reuters(code: str) -> Symbol | None:
    """Read `BABA.K`, `BRKb.N`: a small letter after capitals is a class of shares."""
    of_class = re.fullmatch(r"([A-Z]+)([a-z])\.([A-Z]{1,2})", code)
    if not of_class:
        return suffixed(code)
    return listed(f"{of_class[1]}.{of_class[2]}", markets.AMERICAN.get(of_class[3]))


def tencent(code: str) -> Symbol | None:
    """Read `AAPL.OQ`, `BRK.B.N`, `AAPL`, `.DJI`: what is no exchange is a class of shares."""
    stem, _, suffix = code.rpartition(".")
    return listed(stem, markets.AMERICAN[suffix]) if stem and suffix in markets.AMERICAN else american(code)


def hyphened(code: str) -> Symbol | None:
    """Read `00625-HK`, `600519-SH`, `AAPL-US`."""
    stem, _, market = code.rpartition("-")
    return listed(stem, {**markets.SUFFIXES, "US": "US"}.get(market.upper()))


def tradingview(code: str) -> Symbol | None:
    """Read `SSE-600519`, `NASDAQ:AAPL`."""
    code = code.replace(":", "-")
    exchange, _, rest = code.partition("-")
    return indexed(code, site="tradingview") or listed(rest, markets.TRADINGVIEW.get(exchange.upper()))


def google(code: str) -> Symbol | None:
    """Read `600519:SHA`; `USD-CNY` is a pair of currencies."""
    rest, colon, exchange = code.rpartition(":")
    if not colon:
        return currency(code) if "-" in code else None
    return indexed(code, site="google") or listed(rest, markets.GOOGLE.get(exchange.upper()))


def google_first(code: str) -> Symbol | None:
    """Read what Google wrote before: `SHA:600519`."""
    exchange, _, rest = code.partition(":")
    return google(f"{rest}:{exchange}")


def country_last(code: str) -> Symbol | None:
    """Read Bloomberg's `700:HK`, `600519:CH`."""
    rest, _, country = code.rpartition(":")
    return mainland(rest) if country.upper() == "CH" else listed(rest, markets.COUNTRIES.get(country.upper()))


def numbered(code: str) -> Symbol | None:
    """Read Eastmoney's `1.600000`, `105.NVDA`; 0 is Shenzhen, and Beijing."""
    market, _, rest = code.partition(".")
    if market in ("0", "1") and not re.fullmatch(r"\d{6}", rest):
        return None
    if market == "0":
        # 400 and 420 are what was delisted, at NEEQ.
        return None if rest[:2] in ("40", "42") else Symbol("BJSE" if rest[0] in "489" else "XSHE", rest)
    return indexed(code, site="eastmoney") or listed(rest, markets.EASTMONEY.get(market))


def emwap(code: str) -> Symbol | None:
    """Read what Eastmoney's old mobile pages end with: 1 is Shanghai, 2 Shenzhen."""
    return Symbol("XSHG" if code[-1] == "1" else "XSHE", code[:-1])


def emwap_market(code: str) -> Symbol | None:
    """Read `601012&mk=1`: without its market, 000001 would be the share and not the index."""
    number, _, market = code.lower().partition("&mk=")
    return numbered(f"{market}.{number}")


def index(code: str) -> Symbol | None:
    """Read the bare code of an index: 399xxx is Shenzhen's, 000xxx Shanghai's, 899xxx Beijing's."""
    mic = {"399": "XSHE", "000": "XSHG", "899": "BJSE"}.get(code[:3])
    return Symbol(mic, code) if mic else None


def beijing(code: str) -> Symbol | None:
    """Read a bare code that is known to be Beijing's."""
    return Symbol("BJSE", code)


def tonghuashun(code: str) -> Symbol | None:
    """Read 10jqka's codes: `600519`, `1A0001` for Shanghai's indices, `HK0700`, `AAPL`."""
    shanghai = re.fullmatch(r"1[AB](\d{4})", code, re.IGNORECASE)
    if shanghai:
        return Symbol("XSHG", f"00{shanghai[1]}")
    if code[:2].upper() == "HK":
        return hong_kong(code[2:])
    return mainland(code) or (american(code) if code.isupper() else None)


def netease(code: str) -> Symbol | None:
    """Read NetEase's seven digits: the first is the market."""
    return Symbol("XSHG" if code[0] == "0" else "XSHE", code[1:])


def xueqiu(code: str) -> Symbol | None:
    """Read `SH600519`, `00700`, `HKHSI`, `F110022`, `AAPL`."""
    if re.fullmatch(r"F\d{6}", code, re.IGNORECASE):
        return fund(code[1:])
    if re.fullmatch(r"(?:SH|SZ|BJ)\d{6}|HK[A-Z]{3,8}", code, re.IGNORECASE):
        return prefixed(code)
    return hong_kong(code) if re.fullmatch(r"\d{5}", code) else american(code)


def yahoo(code: str) -> Symbol | None:
    """Read Yahoo's codes: `600519.SS`, `BRK-B`, `^IXIC`, and `CNY=X` for currencies."""
    if code.upper().endswith("=X"):
        return currency(code[:-2])
    stem, dot, suffix = code.rpartition(".")
    if dot:
        return listed(stem, markets.YAHOO.get(suffix.upper()))
    of_class = re.fullmatch(r"([A-Za-z]+)-([A-Za-z])", code)
    return indexed(code, site="yahoo") or american(f"{of_class[1]}.{of_class[2]}" if of_class else code)


def looked_up(code: str) -> Symbol | None:
    """Read what was typed into a search: a code with its market, five digits, or nothing."""
    if re.fullmatch(r"\d{5}", code):
        return hong_kong(code)
    # It may be a name as well: "useful" is no American code.
    return prefixed(code) if re.fullmatch(r"(?:sh|sz|bj)\d{6}|hk\d{5}", code, re.IGNORECASE) else None

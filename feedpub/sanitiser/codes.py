"""How markets spell codes: from what an address says to ISO 10383 MIC and code."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Symbol:
    """A share, an index, a fund, a future or a currency pair, on its market."""

    mic: str  #: ISO 10383; "US" where the exchange is unknown, "FUND.CN" and "FX" where there is none.
    code: str

    def __str__(self) -> str:
        return f"{self.mic}:{self.code}"


_PREFIXES = {"sh": "XSHG", "sz": "XSHE", "bj": "BJSE"}

#: The exchange of a bare code in mainland China, by its first digits; 4 and 8 are shared with NEEQ.
_MAINLAND = (
    (re.compile(r"(?:5|6|900|11)\d+"), "XSHG"),
    (re.compile(r"(?:0|2|3|12|15|16|18)\d+"), "XSHE"),
    (re.compile(r"92\d+"), "BJSE"),
)

#: Suffixes of Reuters, which Yahoo and Tencent use too.
SUFFIXES = {
    "SS": "XSHG", "SH": "XSHG", "SZ": "XSHE", "HK": "XHKG", "T": "XTKS", "L": "XLON", "PA": "XPAR",
    "DE": "XETR", "AS": "XAMS", "MI": "XMIL", "TO": "XTSE", "SI": "XSES", "KS": "XKRX", "TW": "XTAI",
    "O": "XNAS", "OQ": "XNAS", "N": "XNYS", "A": "XASE", "AM": "XASE", "P": "ARCX",
}  # fmt: skip
#: Exchanges as Google, TradingView and Bloomberg name them.
EXCHANGES = {
    "SHA": "XSHG", "SSE": "XSHG", "SHE": "XSHE", "SZSE": "XSHE", "HKG": "XHKG", "HKEX": "XHKG",
    "NASDAQ": "XNAS", "NYSE": "XNYS", "NYSEAMERICAN": "XASE", "AMEX": "XASE", "NYSEARCA": "ARCX",
    "TYO": "XTKS", "TSE": "XTKS", "LON": "XLON", "LSE": "XLON", "EPA": "XPAR", "ETR": "XETR",
    "XETR": "XETR", "AMS": "XAMS", "BIT": "XMIL", "SGX": "XSES", "KRX": "XKRX", "TPE": "XTAI",
    "CPH": "XCSE", "STO": "XSTO",
}  # fmt: skip
#: Bloomberg's countries; "CH" is both exchanges of mainland China.
COUNTRIES = {"HK": "XHKG", "US": "US", "JP": "XTKS", "LN": "XLON", "FP": "XPAR", "GR": "XETR", "SP": "XSES"}
#: Eastmoney's numbers for markets.
EASTMONEY = {"1": "XSHG", "105": "XNAS", "106": "XNYS", "107": "XASE", "116": "XHKG"}

#: Chinese futures by product.
_FUTURES = {
    "XDCE": "A B BB C CS EB EG FB I J JD JM L LH M P PG PP RR V Y",
    "XSGE": "AD AG AL AO AU BR BU CU FU HC NI PB RB RU SN SP SS WR ZN",
    "XINE": "BC EC LU NR SC",
    "XZCE": "AP CF CJ CY FG JR LR MA OI PF PK PM PX RI RM RS SA SF SH SM SR TA UR WH ZC",
    "CCFX": "IC IF IH IM T TF TL TS",
}
_PRODUCTS = {product: mic for mic, products in _FUTURES.items() for product in products.split()}


def mainland(code: str) -> Symbol | None:
    """Read a bare code of six digits: its exchange follows from the first ones."""
    mic = next((mic for pattern, mic in _MAINLAND if len(code) == 6 and pattern.fullmatch(code)), None)
    return Symbol(mic, code) if mic else None


def prefixed(code: str) -> Symbol | None:
    """Read `sh600000`, `SZ000001`, `hk00700`, `usAAPL` and the like."""
    market, rest = code[:2].lower(), code[2:]
    if market in _PREFIXES and re.fullmatch(r"\d{6}", rest):
        return Symbol(_PREFIXES[market], rest)
    readers = {"hk": hong_kong, "us": american}
    return readers[market](rest) if market in readers else None


def hong_kong(code: str) -> Symbol | None:
    """Read `700`, `00700`, `HSI`: five digits with their zeros, or an index."""
    if re.fullmatch(r"\d{1,5}", code):
        return Symbol("XHKG", code.zfill(5))
    return Symbol("XHKG", code.upper()) if re.fullmatch(r"[A-Za-z]{3,8}", code) else None


def american(code: str) -> Symbol | None:
    """Read `AAPL`, `brk.b`, `.DJI`: no page says which exchange."""
    return Symbol("US", code.upper()) if re.fullmatch(r"\.?[A-Za-z]{1,6}(?:\.[A-Za-z])?", code) else None


def fund(code: str) -> Symbol | None:
    """Read the code of an open-end fund, which no exchange lists."""
    return Symbol("FUND.CN", code)


def currency(code: str) -> Symbol | None:
    """Read `USDCNY`, `USD-CNY`; `CNY` alone is against the dollar."""
    pair = code.replace("-", "").upper()
    return Symbol("FX", pair if len(pair) == 6 else f"USD{pair}") if len(pair) in (3, 6) else None


def future(code: str) -> Symbol | None:
    """Read `RB2505`: the exchange follows from the product."""
    match = re.fullmatch(r"([A-Za-z]{1,2})\d{3,4}", code)
    mic = _PRODUCTS.get(match[1].upper()) if match else None
    return Symbol(mic, code.upper()) if mic else None


def listed(code: str, mic: str | None) -> Symbol | None:
    """Read a code whose market is known."""
    if mic == "XHKG":
        return hong_kong(code)
    if mic == "US":
        return american(code)
    return Symbol(mic, code.upper()) if mic else None


def suffixed(code: str) -> Symbol | None:
    """Read `600000.SS`, `BP.L`, `MSFT.OQ`; without a suffix the code is American."""
    stem, dot, suffix = code.rpartition(".")
    if not dot or not stem:
        return american(code)
    return listed(stem, SUFFIXES.get(suffix.upper()))


def hyphened(code: str) -> Symbol | None:
    """Read `00625-HK`, `600519-SH`, `AAPL-US`."""
    stem, _, market = code.rpartition("-")
    return listed(stem, {**SUFFIXES, "US": "US"}.get(market.upper()))


def exchange_first(code: str) -> Symbol | None:
    """Read `SSE-600519`, `NASDAQ:AAPL`."""
    exchange, _, rest = code.replace(":", "-").partition("-")
    return listed(rest, EXCHANGES.get(exchange.upper()))


def exchange_last(code: str) -> Symbol | None:
    """Read `600519:SHA`; `USD-CNY` is a pair of currencies."""
    rest, colon, exchange = code.rpartition(":")
    return listed(rest, EXCHANGES.get(exchange.upper())) if colon else currency(code)


def country_last(code: str) -> Symbol | None:
    """Read Bloomberg's `700:HK`, `600519:CH`."""
    rest, _, country = code.rpartition(":")
    return mainland(rest) if country.upper() == "CH" else listed(rest, COUNTRIES.get(country.upper()))


def numbered(code: str) -> Symbol | None:
    """Read Eastmoney's `1.600000`, `105.NVDA`; 0 is Shenzhen, and Beijing."""
    market, _, rest = code.partition(".")
    if market == "0":
        return Symbol("BJSE" if re.match("[489]", rest) else "XSHE", rest) if rest.isdigit() else None
    return listed(rest, EASTMONEY.get(market))


def index(code: str) -> Symbol | None:
    """Read the bare code of an index: 399xxx is Shenzhen's, 000xxx Shanghai's."""
    return Symbol("XSHE" if code.startswith("399") else "XSHG", code)


def tonghuashun(code: str) -> Symbol | None:
    """Read 10jqka's codes: `600519`, `1A0001` for Shanghai's indices, `HK0700`, `AAPL`."""
    shanghai = re.fullmatch(r"1[AB](\d{4})", code, re.IGNORECASE)
    if shanghai:
        return Symbol("XSHG", f"00{shanghai[1]}")
    if code[:2].upper() == "HK":
        return hong_kong(code[2:])
    return mainland(code) or american(code)


def netease(code: str) -> Symbol | None:
    """Read NetEase's seven digits: the first is the market."""
    return Symbol("XSHG" if code[0] == "0" else "XSHE", code[1:])


def xueqiu(code: str) -> Symbol | None:
    """Read `SH600519`, `00700`, `HKHSI`, `AAPL`."""
    if re.fullmatch(r"(?:SH|SZ|BJ)\d{6}|HK[A-Z]{3,8}", code, re.IGNORECASE):
        return prefixed(code)
    return hong_kong(code) if re.fullmatch(r"\d{5}", code) else american(code)


def yahoo(code: str) -> Symbol | None:
    """Read Yahoo's codes: suffixes of Reuters, and `CNY=X` for currencies."""
    return currency(code[:-2]) if code.upper().endswith("=X") else suffixed(code)


def looked_up(code: str) -> Symbol | None:
    """Read what was typed into a search: a code with its market, five digits, or nothing."""
    return hong_kong(code) if re.fullmatch(r"\d{5}", code) else prefixed(code)

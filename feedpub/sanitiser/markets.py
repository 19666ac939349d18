"""Markets as sites name them: prefixes, suffixes, first digits and products, each with its ISO 10383 MIC."""

from __future__ import annotations

import re

PREFIXES = {"sh": "XSHG", "sz": "XSHE", "bj": "BJSE"}

#: The exchange of a bare code in mainland China, by its first digits: of shares, funds and convertible bonds.
#: 4 and 8 are shared with NEEQ, 01, 204 and most of 12 are bonds and repos whose exchange the digits do not tell.
MAINLAND = (
    (re.compile(r"(?:5|6|900|110|111|113|118)\d+"), "XSHG"),
    (re.compile(r"(?:00|200|30|399|123|127|128|15|16|18)\d+"), "XSHE"),
    (re.compile(r"92\d+"), "BJSE"),
)

#: Suffixes of Yahoo, which Reuters uses too.
YAHOO = {
    "SS": "XSHG", "SH": "XSHG", "SZ": "XSHE", "HK": "XHKG", "T": "XTKS", "L": "XLON", "PA": "XPAR",
    "DE": "XETR", "AS": "XAMS", "MI": "XMIL", "TO": "XTSE", "SI": "XSES", "KS": "XKRX", "TW": "XTAI",
}  # fmt: skip
#: American exchanges: Reuters and Tencent write them behind the code. Nasdaq is O and OQ, New York N and K.
AMERICAN = {
    "O": "XNAS", "OQ": "XNAS", "N": "XNYS", "K": "XNYS", "AM": "XASE", "P": "ARCX",
}  # fmt: skip
SUFFIXES = YAHOO | AMERICAN | {"A": "XASE"}
#: Exchanges as Google and TradingView name them; TSE is Toronto to the one and Tokyo to the other.
_NAMED = {
    "NASDAQ": "XNAS", "NYSE": "XNYS", "NYSEAMERICAN": "XASE", "AMEX": "XASE", "NYSEARCA": "ARCX", "SGX": "XSES",
    "KRX": "XKRX",
}  # fmt: skip
GOOGLE = _NAMED | {
    "SHA": "XSHG", "SHE": "XSHE", "HKG": "XHKG", "TYO": "XTKS", "LON": "XLON", "EPA": "XPAR", "ETR": "XETR",
    "AMS": "XAMS", "BIT": "XMIL", "TPE": "XTAI", "TSE": "XTSE", "CPH": "XCSE", "STO": "XSTO",
}  # fmt: skip
TRADINGVIEW = _NAMED | {
    "SSE": "XSHG", "SZSE": "XSHE", "HKEX": "XHKG", "TSE": "XTKS", "LSE": "XLON", "XETR": "XETR", "MIL": "XMIL",
    "TWSE": "XTAI", "TSX": "XTSE",
}  # fmt: skip
#: Bloomberg's countries; "CH" is both exchanges of mainland China.
COUNTRIES = {"HK": "XHKG", "US": "US", "JP": "XTKS", "LN": "XLON", "FP": "XPAR", "GR": "XETR", "SP": "XSES"}
#: Eastmoney's numbers for markets.
EASTMONEY = {"1": "XSHG", "105": "XNAS", "106": "XNYS", "107": "XASE", "116": "XHKG"}

#: Indices that sites have names of their own for. Eastmoney's NDX is the composite, not the hundred.
INDICES = {
    "eastmoney": {"100.HSI": "XHKG:HSI", "100.DJIA": "US:.DJI", "100.NDX": "US:.IXIC", "100.SPX": "US:.INX"},
    "yahoo": {"^HSI": "XHKG:HSI", "^DJI": "US:.DJI", "^IXIC": "US:.IXIC", "^GSPC": "US:.INX"},
    "google": {
        "HSI:INDEXHANGSENG": "XHKG:HSI", ".DJI:INDEXDJX": "US:.DJI", ".IXIC:INDEXNASDAQ": "US:.IXIC",
        ".INX:INDEXSP": "US:.INX",
    },
    "tradingview": {"NASDAQ-IXIC": "US:.IXIC"},
}  # fmt: skip

#: ISO 4217, as far as quote pages go; four metals among them.
_CURRENCIES = (
    "AED AUD BRL CAD CHF CLP CNH CNY CZK DKK EUR GBP HKD HUF IDR ILS INR JPY KRW KWD MOP MXN MYR NOK NZD PHP PLN "
    "QAR RON RUB SAR SEK SGD THB TRY TWD UAH USD VND XAG XAU XPD XPT ZAR"
)
CURRENCIES = frozenset(_CURRENCIES.split())

#: Chinese futures by product.
_FUTURES = {
    "XDCE": "A B BB BZ C CS EB EG FB I J JD JM L LG LH M P PG PP RR V Y",
    "XSGE": "AD AG AL AO AU BR BU CU FU HC NI OP PB RB RU SN SP SS WR ZN",
    "XINE": "BC EC LU NR SC",
    "XZCE": "AP CF CJ CY FG JR LR MA OI PF PK PL PM PR PX RI RM RS SA SF SH SM SR TA UR WH ZC",
    "CCFX": "IC IF IH IM T TF TL TS",
    "GFEX": "LC PD PS PT SI",
}
PRODUCTS = {product: mic for mic, products in _FUTURES.items() for product in products.split()}

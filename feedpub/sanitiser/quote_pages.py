"""The shapes of quote pages' addresses: what stands where a symbol can be looked at, as data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from feedpub.sanitiser import codes
from feedpub.sanitiser.codes import Symbol


@dataclass(frozen=True, slots=True)
class QuotePage:
    """A shape of address that stands for one symbol."""

    host: str  #: Sub-domains belong to it.
    pattern: str  #: Of path and query, the group `code` among it; the rest of the query is ignored.
    read: Callable[[str], Symbol | None]
    example: str
    symbol: str  #: Of the example.


_P = QuotePage
_CODE6 = r"(?P<code>\d{6})"
_MARKED = r"(?P<code>(?:sh|sz|bj)\d{6})"
_WORD = r"(?P<code>\.?(?!index\.|list\.)[A-Za-z][A-Za-z.]{0,7})"
_TICKER = r"(?P<code>(?-i:\.?[A-Z][A-Z.]{0,7}))"
_YAHOO = r"(?P<code>\^?[A-Za-z0-9.\-]+(?:=X)?)"
#: A part of the page for a symbol, such as "/financials/"; a number there would be somebody's post.
_PART = r"(?:/[a-z-]+)*/?"

PAGES = (
    _P("finance.sina.com.cn", rf"/realstock/company/{_MARKED}/nc\.shtml", codes.prefixed,
       "https://finance.sina.com.cn/realstock/company/sz000333/nc.shtml", "XSHE:000333"),
    _P("stock.finance.sina.com.cn", r"/hkstock/quotes/(?P<code>\w+)\.html", codes.hong_kong,
       "https://stock.finance.sina.com.cn/hkstock/quotes/00005.html", "XHKG:00005"),
    _P("stock.finance.sina.com.cn", rf"/usstock/quotes/{_WORD}\.html", codes.american,
       "https://stock.finance.sina.com.cn/usstock/quotes/jd.html", "US:JD"),
    _P("finance.sina.com.cn", rf"/fund/quotes/{_CODE6}/bc\.shtml", codes.fund,
       "https://finance.sina.com.cn/fund/quotes/110022/bc.shtml", "FUND.CN:110022"),
    _P("finance.sina.com.cn", r"/futures/quotes/(?P<code>\w+)\.shtml", codes.future,
       "https://finance.sina.com.cn/futures/quotes/TA2409.shtml", "XZCE:TA2409"),
    _P("finance.sina.com.cn", r"/money/forex/hq/(?P<code>[A-Z]{6})\.shtml", codes.currency,
       "https://finance.sina.com.cn/money/forex/hq/EURUSD.shtml", "FX:EURUSD"),
    _P("vip.stock.finance.sina.com.cn", rf"/corp/go\.php/\w+/stockid/{_CODE6}\.phtml", codes.mainland,
       "https://vip.stock.finance.sina.com.cn/corp/go.php/vCI_CorpInfo/stockid/000651.phtml", "XSHE:000651"),
    _P("vip.stock.finance.sina.com.cn", rf"/corp/go\.php/\w+/symbol/{_MARKED}\.phtml", codes.prefixed,
       "https://vip.stock.finance.sina.com.cn/corp/go.php/vCB_AllNewsStock/symbol/sz300015.phtml", "XSHE:300015"),
    _P("biz.finance.sina.com.cn", r"/suggest/lookup_n\.php\?(?:.*&)?q=(?P<code>\w+)", codes.looked_up,
       "https://biz.finance.sina.com.cn/suggest/lookup_n.php?country=stock&q=sz002594", "XSHE:002594"),
    _P("quotes.sina.cn", rf"/hs/company/quotes/view/{_MARKED}/?", codes.prefixed,
       "https://quotes.sina.cn/hs/company/quotes/view/sz000858/", "XSHE:000858"),
    _P("quotes.sina.cn", r"/hk/company/quotes/view/(?P<code>\w+)/?", codes.hong_kong,
       "https://quotes.sina.cn/hk/company/quotes/view/01299", "XHKG:01299"),
    _P("stocks.sina.cn", rf"/s[hz]/\?(?:.*&)?code={_MARKED}", codes.prefixed,
       "http://stocks.sina.cn/sh/?code=sz000538&vt=4", "XSHE:000538"),
    _P("stocks.sina.cn", r"/hk/\?(?:.*&)?code=(?P<code>\d{5})", codes.hong_kong,
       "http://stocks.sina.cn/hk/?code=03333&vt=4", "XHKG:03333"),
    _P("stocks.sina.cn", rf"/us/\?(?:.*&)?code={_WORD}", codes.american,
       "http://stocks.sina.cn/us/?code=BIDU&vt=4", "US:BIDU"),
    _P("gu.sina.cn", rf"/us/hq/quotes\.php\?(?:.*&)?code={_WORD}", codes.american,
       "https://gu.sina.cn/us/hq/quotes.php?code=MSFT", "US:MSFT"),
    _P("gu.sina.cn", r"/ft/hq/nf\.php\?(?:.*&)?symbol=(?P<code>\w+)", codes.future,
       "https://gu.sina.cn/ft/hq/nf.php?symbol=IF2412", "CCFX:IF2412"),
    _P("stocks.sina.cn", rf"/fund/\?(?:.*&)?code={_CODE6}", codes.fund,
       "https://stocks.sina.cn/fund/?code=161725", "FUND.CN:161725"),
    _P("quote.eastmoney.com", rf"/(?:concept/)?{_MARKED}\.html", codes.prefixed,
       "https://quote.eastmoney.com/SZ300750.html", "XSHE:300750"),
    _P("quote.eastmoney.com", r"/unify/r/(?P<code>\d+\.\w+)", codes.numbered,
       "https://quote.eastmoney.com/unify/r/0.920002", "BJSE:920002"),
    _P("quote.eastmoney.com", rf"/(?:kcb/|cyb/)?{_CODE6}\.html", codes.mainland,
       "https://quote.eastmoney.com/kcb/688111.html", "XSHG:688111"),
    _P("quote.eastmoney.com", r"/bj/(?P<code>[489]\d{5})\.html", codes.beijing,
       "https://quote.eastmoney.com/bj/920799.html", "BJSE:920799"),
    _P("quote.eastmoney.com", r"/hk/(?P<code>\w+)\.html", codes.hong_kong,
       "https://quote.eastmoney.com/hk/HSI.html", "XHKG:HSI"),
    _P("quote.eastmoney.com", rf"/us/{_TICKER}\.html", codes.american,
       "https://quote.eastmoney.com/us/TSLA.html", "US:TSLA"),
    _P("quote.eastmoney.com", rf"/zs{_CODE6}\.html", codes.index,
       "https://quote.eastmoney.com/zs399006.html", "XSHE:399006"),
    _P("quote.eastmoney.com", r"/qihuo/(?P<code>\w+)\.html", codes.future,
       "https://quote.eastmoney.com/qihuo/sc2503.html", "XINE:SC2503"),
    _P("quote.eastmoney.com", r"/forex/(?P<code>[A-Z]{6})\.html", codes.currency,
       "https://quote.eastmoney.com/forex/USDJPY.html", "FX:USDJPY"),
    _P("guba.eastmoney.com", rf"/list,{_CODE6}\.html", codes.mainland,
       "https://guba.eastmoney.com/list,002415.html", "XSHE:002415"),
    _P("guba.eastmoney.com", rf"/list,(?:zs)?{_MARKED}\.html", codes.prefixed,
       "https://guba.eastmoney.com/list,zssh000001.html", "XSHG:000001"),
    _P("guba.eastmoney.com", r"/list,hk(?P<code>\d{5})\.html", codes.hong_kong,
       "https://guba.eastmoney.com/list,hk01810.html", "XHKG:01810"),
    _P("guba.eastmoney.com", rf"/list,of{_CODE6}\.html", codes.fund,
       "https://guba.eastmoney.com/list,of161725.html", "FUND.CN:161725"),
    _P("fund.eastmoney.com", rf"/{_CODE6}\.html", codes.fund,
       "https://fund.eastmoney.com/000001.html", "FUND.CN:000001"),
    _P("emwap.eastmoney.com", r"/quota/stock/index/(?P<code>\d{6}[12])", codes.emwap,
       "https://emwap.eastmoney.com/quota/stock/index/0007252", "XSHE:000725"),
    _P("emwap.eastmoney.com", r"/quota/hq/stock\?id=(?P<code>\d{6}&mk=[01])", codes.emwap_market,
       "https://emwap.eastmoney.com/quota/hq/stock?id=601012&mk=1", "XSHG:601012"),
    _P("wap.eastmoney.com", r"/quote/stock/(?P<code>\d+\.\w+)\.html", codes.numbered,
       "https://wap.eastmoney.com/quote/stock/1.601318.html", "XSHG:601318"),
    _P("xueqiu.com", rf"/S/(?P<code>\.?[A-Za-z0-9.]+){_PART}", codes.xueqiu,
       "https://xueqiu.com/S/SZ000725", "XSHE:000725"),
    _P("gu.qq.com", r"/(?P<code>(?:sh|sz|bj)\d{6}|hk(?:\d{5}|(?-i:[A-Z]+)))(?:/gp|/zs|/jj)?/?", codes.prefixed,
       "https://gu.qq.com/sz002230/gp", "XSHE:002230"),
    _P("gu.qq.com", r"/us(?P<code>(?-i:\.?[A-Z][A-Z.]*))(?:/gp|/zs)?/?", codes.tencent,
       "https://gu.qq.com/usBABA.N/", "XNYS:BABA"),
    _P("gu.qq.com", rf"/jj{_CODE6}/?", codes.fund,
       "https://gu.qq.com/jj161026", "FUND.CN:161026"),
    _P("stockhtm.finance.qq.com", rf"/sstock/quotpage/q/{_CODE6}\.s?html?", codes.mainland,
       "http://stockhtm.finance.qq.com/sstock/quotpage/q/600660.htm#6", "XSHG:600660"),
    _P("stockhtm.finance.qq.com", rf"/sstock/ggcx/{_CODE6}\.s?html?", codes.mainland,
       "http://stockhtm.finance.qq.com/sstock/ggcx/600036.shtml", "XSHG:600036"),
    _P("stockhtm.finance.qq.com", r"/hkstock/ggcx/(?P<code>\d{5})\.s?html?", codes.hong_kong,
       "http://stockhtm.finance.qq.com/hkstock/ggcx/00941.htm", "XHKG:00941"),
    _P("stockhtm.finance.qq.com", r"/astock/ggcx/(?P<code>(?-i:[A-Z][A-Z.]*))\.s?html?", codes.tencent,
       "http://stockhtm.finance.qq.com/astock/ggcx/NTES.OQ.htm", "XNAS:NTES"),
    _P("stockpage.10jqka.com.cn", r"/(?P<code>\w+)(?:/\w*)*", codes.tonghuashun,
       "https://stockpage.10jqka.com.cn/1B0300/", "XSHG:000300"),
    _P("basic.10jqka.com.cn", rf"/{_CODE6}(?:/[\w.]*)*", codes.mainland,
       "http://basic.10jqka.com.cn/000063/", "XSHE:000063"),
    _P("m.10jqka.com.cn", rf"/stockpage/hs_{_CODE6}/?", codes.mainland,
       "https://m.10jqka.com.cn/stockpage/hs_300059/", "XSHE:300059"),
    _P("quotes.money.163.com", r"/(?P<code>[01]\d{6})\.html", codes.netease,
       "http://quotes.money.163.com/1300750.html", "XSHE:300750"),
    _P("quotes.money.163.com", r"/hkstock/(?P<code>\d{5})\.html", codes.hong_kong,
       "http://quotes.money.163.com/hkstock/00388.html", "XHKG:00388"),
    _P("gushitong.baidu.com", rf"/stock/ab-{_CODE6}", codes.mainland,
       "https://gushitong.baidu.com/stock/ab-000002", "XSHE:000002"),
    _P("gushitong.baidu.com", rf"/index/ab-{_CODE6}", codes.index,
       "https://gushitong.baidu.com/index/ab-000016", "XSHG:000016"),
    _P("gushitong.baidu.com", r"/stock/(?P<code>(?:hk|us)-\w+)", lambda code: codes.prefixed(code.replace("-", "")),
       "https://gushitong.baidu.com/stock/hk-03690", "XHKG:03690"),
    _P("futunn.com", r"/(?:\w+/)?stock/(?P<code>[\w.]+-[A-Z]{2})", codes.hyphened,
       "https://www.futunn.com/stock/600519-SH", "XSHG:600519"),
    _P("aastocks.com", r"/\w+/stocks/quote/(?:detail-)?quote\.aspx\?(?:.*&)?symbol=(?P<code>\d{1,5})", codes.hong_kong,
       "https://www.aastocks.com/sc/stocks/quote/detail-quote.aspx?symbol=02318", "XHKG:02318"),
    _P("finance.ifeng.com", rf"/app/hq/stock/{_MARKED}/?", codes.prefixed,
       "http://finance.ifeng.com/app/hq/stock/sz002475/", "XSHE:002475"),
    _P("q.stock.sohu.com", rf"/zs/{_CODE6}/(?:index\.shtml)?", codes.index,
       "https://q.stock.sohu.com/zs/399001/index.shtml", "XSHE:399001"),
    _P("q.stock.sohu.com", rf"/cn/{_CODE6}/(?:index\.shtml)?", codes.mainland,
       "https://q.stock.sohu.com/cn/000776/index.shtml", "XSHE:000776"),
    _P("finance.yahoo.com", rf"/quote/{_YAHOO}{_PART}", codes.yahoo,
       "https://finance.yahoo.com/quote/7203.T/", "XTKS:7203"),
    _P("finance.yahoo.com", rf"/q(?:/[a-z]+)?/?\?(?:.*&)?s={_YAHOO}", codes.yahoo,
       "http://finance.yahoo.com/q?s=0005.HK", "XHKG:00005"),
    _P("tw.stock.yahoo.com", rf"/quote/{_YAHOO}{_PART}", codes.yahoo,
       "https://tw.stock.yahoo.com/quote/2330.TW", "XTAI:2330"),
    _P("google.com", r"/finance/(?:beta/)?quote/(?P<code>[\w.\-]+(?::[A-Z]+)?)/?", codes.google,
       "https://www.google.com/finance/quote/0700:HKG", "XHKG:00700"),
    _P("google.com", r"/finance\?(?:.*&)?q=(?P<code>[A-Z]+:[\w.]+)", codes.google_first,
       "https://www.google.com/finance?q=NASDAQ:GOOG", "XNAS:GOOG"),
    _P("google.com.hk", r"/finance\?(?:.*&)?q=(?P<code>[A-Z]+:[\w.]+)", codes.google_first,
       "http://www.google.com.hk/finance?q=SHA:600519", "XSHG:600519"),
    _P("tradingview.com", rf"/symbols/(?P<code>[A-Z]+-[\w.]+){_PART}", codes.tradingview,
       "https://cn.tradingview.com/symbols/SZSE-000002/", "XSHE:000002"),
    _P("tradingview.com", r"/chart/(?:\w+/)?\?(?:.*&)?symbol=(?P<code>[A-Z]+:[\w.]+)", codes.tradingview,
       "https://www.tradingview.com/chart/?symbol=HKEX%3A700", "XHKG:00700"),
    _P("reuters.com", rf"/(?:markets/)?companies/(?P<code>[A-Za-z0-9]+\.[A-Z]{{1,2}}){_PART}", codes.reuters,
       "https://www.reuters.com/companies/0700.HK", "XHKG:00700"),
    _P("bloomberg.com", r"/quote/(?P<code>\w+:[A-Z]{2})", codes.country_last,
       "https://www.bloomberg.com/quote/600036:CH", "XSHG:600036"),
    _P("nasdaq.com", rf"/market-activity/stocks/(?!screener){_WORD}(?:/.*)?", codes.american,
       "https://www.nasdaq.com/market-activity/stocks/msft", "US:MSFT"),
    _P("nasdaq.com", rf"/symbol/{_WORD}{_PART}", codes.american,
       "http://www.nasdaq.com/symbol/msft/historical", "US:MSFT"),
    _P("marketwatch.com", rf"/investing/stock/{_WORD}(?!.*countrycode)", codes.american,
       "https://www.marketwatch.com/investing/stock/nke", "US:NKE"),
)  # fmt: skip

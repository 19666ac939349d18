"""What watches readers: parameters of links, and pictures that are there to be counted, not to be seen."""

from __future__ import annotations

import re

from feedpub.sanitiser.hosts import is_among
from feedpub.urls import host_of

#: Parameters that say where a reader came from, and nothing about the page.
PARAMETERS = re.compile(
    r"utm_\w+|spm|spm_id_from|scm|hmsr|nsukey|isappinstalled|_ga|vd_source|share_source|share_medium|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|gad_source"
    r"|msclkid|yclid|ymclid|ysclid|twclid|ttclid|igshid|igsh|irclickid|srsltid|mc_cid|mc_eid|mkt_tok|mtm_\w+"
    r"|pk_campaign|pk_kwd|pk_source|_hsenc|_hsmi|__hs[a-z]{2,3}|hsctatracking|_openstat|_branch_match_id"
    r"|_branch_referrer|_gl|_kx|_bhlid|ml_subscriber(?:_hash)?|oly_(?:anon|enc)_id|vero_(?:conv|id)|wickedid"
    r"|intcmp|ref_src|cmpid|wt\.mc_\w+|wt_mc|fref|hc_ref|pf_rd_\w+"
    r"|guce_referrer(?:_sig)?|rb_clickid|s_cid|ss_email_id|bsft_\w+|at_recipient_(?:id|list)",
    re.IGNORECASE | re.ASCII,
)

#: Whose pictures only count.
HOSTS = (
    *("*.doubleclick.net", "*.google-analytics.com", "*.googleadservices.com", "*.googlesyndication.com"),
    *("*.scorecardresearch.com", "*.quantserve.com", "*.statcounter.com", "*.omtrdc.net", "*.2o7.net"),
    *("*.chartbeat.net", "*.hotjar.com", "*.adsrvr.org", "*.adnxs.com", "*.mathtag.com", "*.demdex.net"),
    *("pixel.wp.com", "stats.wp.com", "stats.wordpress.com", "b.stats.com", "bat.bing.com", "mc.yandex.ru"),
    *("counter.yadro.ru", "*.feedsportal.com", "pixel.feedburner.com", "*.inmobi.com", "analytics.twitter.com"),
    *("tr.snapchat.com", "ct.pinterest.com"),
    *("px.ads.linkedin.com", "hm.baidu.com", "api.share.baidu.com", "*.cnzz.com", "*.mmstat.com"),
    *("*.imrworldwide.com", "*.effectivemeasure.net", "*.collective-media.net", "*.webtrendslive.com"),
    *("*.atdmt.com", "*.bizographics.com", "*.smartadserver.com", "*.qnsr.com", "*.rfihub.com", "*.qsstats.com"),
    *("*.xiti.com", "*.sitemeter.com", "in.getclicky.com", "*.tapad.com", "*.openx.net", "*.adtech.de"),
    *("*.fastclick.net", "*.advertising.com", "sa.bbc.co.uk", "stats.bbc.co.uk", "up.nytimes.com", "wt.o.nytimes.com"),
    *("us.bc.yahoo.com", "analytics.apnewsregistry.com", "stadig.ifeng.com", "counter.people.cn"),
    *("*.51.la", "*.51yes.com", "*.miaozhen.com", "*.admaster.com.cn", "beacon.sina.com.cn", "*.irs01.com"),
)

#: Of an address without its scheme: sizes of nothing, and the scripts that count.
_COUNTING = re.compile(
    r"/w[0-2]h[0-2]/|/1x1\.(?:gif|png)(?:\?|$)|/(?:piwik|matomo)\.php|/__utm\.gif|/delivery/avw\.php|/b/ss/[\w\-]+/"
    r"|[/_-](?:pixel|tracker|tracking)\.gif(?:$|\?)",
    re.IGNORECASE,
)
#: What they begin with. By itself, since a search for what may be anywhere is quick where it begins with few letters.
_COUNTING_PAGE = re.compile(
    r"(?:www\.)?facebook\.com/tr\?|t\.co/i/adsct|medium\.com/_/stat\?|feeds2?\.feedburner\.com/~\w+/", re.IGNORECASE
)
_LONGEST_NAME = 60
#: What lazy loaders show until a script has run; nobody calls the picture of a story so.
_STANDING_IN = re.compile(
    r"(?:(?:(?:icon[-_])?blank|spacer|spaceball|transparent|placeholder|image[-_]placeholder|lazy|default[-_]?lazy"
    r"|lazy[-_]?(?:load(?:ing)?|placeholder)|pre[-_]?load(?:ing|er)?|no[-_]?(?:pic|image)|\w+_white_pixel|leer|shim"
    r"|loading[-_]?\d{0,3}|loading[-_](?:icon|search)|1px|1x1[-_]trans|trans(?:parent)?[-_](?:pixel|\d{1,6}|1x1)"
    r"|placeholder[-_](?:image|\d+x\d+)|pixel[-_]transparent|empty\.[0-9a-f]{6,}|\d+px[-_]gr[ae]y"
    r"|lazyload[-_]transparent[-\w]*)\.(?:gif|png|svg|webp)"
    r"|(?:gr[ae]y|clear|empty|none|trans|loader|space|dot|pixel|[a-z]+[-_]loading)\.gif)",
    re.IGNORECASE,
)


def is_counting(url: str) -> bool:
    """Say whether an absolute address is that of a picture that only counts."""
    place = url.partition("://")[2]
    return is_among(HOSTS, host_of(url)) or bool(_COUNTING.search(place) or _COUNTING_PAGE.match(place))


def is_standing_in(url: str) -> bool:
    """Say whether an absolute address is that of a lazy loader's blank picture."""
    name = url.partition("?")[0].partition("#")[0].rpartition("/")[2]
    return len(name) <= _LONGEST_NAME and _STANDING_IN.fullmatch(name) is not None

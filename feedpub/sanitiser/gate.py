"""The gate: the last pass, which lets through what is on its lists and nothing else."""

from __future__ import annotations

import re
from functools import cache

import nh3

from feedpub.sanitiser.rasters import is_raster_url
from feedpub.sanitiser.srcset import rewrite_srcset
from feedpub.text import xml_safe
from feedpub.urls import scheme_of

TAGS = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "div", "section", "article", "aside", "header", "footer"),
    *("main", "nav", "address", "blockquote", "pre", "hr", "br", "wbr", "details", "summary"),
    *("ul", "ol", "li", "dl", "dt", "dd"),
    *("table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td"),
    *("a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q"),
    *("rp", "rt", "ruby", "s", "samp", "small", "strong", "sub", "sup", "time", "u", "var"),
    *("img", "picture", "figure", "figcaption", "audio", "video", "source"),
}

ATTRIBUTES = {
    "*": {"lang", "dir"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "audio": {"src", "controls"},
    "blockquote": {"cite"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "img": {"src", "srcset", "sizes", "alt", "title", "width", "height", "referrerpolicy"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "ol": {"start", "reversed", "type"},
    "q": {"cite"},
    "source": {"src", "srcset", "sizes", "type", "media"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "video": {"src", "poster", "controls", "width", "height"},
}

#: These go with all they hold: none of it is text for readers.
WHOLE = {
    *("script", "style", "template", "title", "noembed", "noframes", "iframe", "object", "applet"),
    *("svg", "math", "select", "datalist", "button", "canvas", "head"),
}

#: BCP 47, as far as a feed needs it.
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")

_CHECKED = frozenset({"lang", "srcset", "cite", "poster", "src", "href", "referrerpolicy"})
#: Of links; everything that is fetched to be shown comes over the web, or is a small picture.
SCHEMES = {"http", "https", "mailto", "tel"}


def let_through(html: str) -> str:
    """Return the part of *html* that is on the lists, well nested and without forbidden characters."""
    return xml_safe(_cleaner().clean(html)).replace("\r", "")


def is_language(value: str, *, of: str) -> bool:
    """Tell a natural language (BCP 47) from what some sites say there of code."""
    return of not in ("code", "pre") and _LANGUAGE.fullmatch(value) is not None


@cache
def _cleaner() -> nh3.Cleaner:
    # Attributes are never forced here: nh3 puts two or more of them in another order in each process.
    return nh3.Cleaner(
        tags=TAGS,
        clean_content_tags=WHOLE,
        attributes=ATTRIBUTES,
        attribute_filter=_check,
        url_schemes={*SCHEMES, "data"},
        url_relative="deny",
        link_rel="noopener noreferrer",
    )


def _check(tag: str, attribute: str, value: str) -> str | None:
    """Check what nh3 does not: addresses that it takes for text, schemes that a place has no use for."""
    if attribute not in _CHECKED:
        return value
    if attribute == "lang":
        return value if is_language(value, of=tag) else None
    if attribute == "srcset":
        return value if value == rewrite_srcset(value, lambda url: url if _is_web(url) else None) else None
    if attribute == "referrerpolicy":
        return value if value == "no-referrer" else None
    if attribute == "href":
        return value if scheme_of(value) in SCHEMES else None
    return value if _is_web(value) or (tag == "img" and attribute == "src" and is_raster_url(value)) else None


def _is_web(url: str) -> bool:
    return scheme_of(url) in ("http", "https")

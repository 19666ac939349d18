"""Addresses as they shall stand: wrappers and redirects undone, absolute, encoded, without tracking."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from feedpub.sanitiser.rules import DEFAULT, Rules
from feedpub.urls import absolute, cut_parameters, host_of, percent_decode, percent_encode, scheme_of, trim


@dataclass(frozen=True, slots=True)
class Redirect:
    """A page that only sends readers on, to the address in one of its parameters."""

    host: str  #: Whole, or "*." and what it must end with.
    path: str  #: Whole, without its last "/"; case is ignored.
    parameter: str


REDIRECTS = (
    Redirect("www.oschina.net", "/action/gotolink", "url"),
    Redirect("gitee.com", "/link", "target"),
    Redirect("link.zhihu.com", "", "target"),
    Redirect("link.juejin.cn", "", "target"),
    Redirect("link.juejin.im", "", "target"),
    Redirect("link.jianshu.com", "", "t"),
    Redirect("www.jianshu.com", "/go-wild", "url"),
    Redirect("link.csdn.net", "", "target"),
    Redirect("link.segmentfault.com", "", "url"),
    Redirect("sspai.com", "/link", "target"),
    Redirect("xie.infoq.cn", "/link", "target"),
    Redirect("www.douban.com", "/link2", "url"),
    Redirect("ref.gamer.com.tw", "/redir.php", "url"),
    Redirect("weibo.cn", "/sinaurl", "u"),
    Redirect("*.weibo.com", "/redirect", "url"),
    Redirect("*.weibo.cn", "/redirect", "url"),
    Redirect("*.sina.cn", "/redirect", "url"),
    Redirect("*.sina.com.cn", "/redirect", "url"),
    Redirect("c.pc.qq.com", "/middlem.html", "pfurl"),
    Redirect("steamcommunity.com", "/linkfilter", "url"),
    Redirect("www.google.com", "/url", "url"),
    Redirect("www.google.com", "/url", "q"),
    Redirect("www.youtube.com", "/redirect", "q"),
    Redirect("l.facebook.com", "/l.php", "u"),
)

#: Parameters that say where a reader came from, and nothing about the page.
TRACKING = re.compile(
    r"utm_\w+|spm|vd_source|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid"
    r"|mc_cid|mc_eid|mkt_tok|_hsenc|_hsmi|_openstat",
    re.IGNORECASE | re.ASCII,
)

#: A proxy that crawlers put before pictures of sites which refuse strangers.
_PROXIED = re.compile(r"https?://[^/?#]+/\?(https?(?:://|%3a%2f%2f).+)", re.IGNORECASE | re.DOTALL)

_MAIL = re.compile(r"[^@\s?]+@[^@\s?]+(?:\?.*)?", re.DOTALL)
_PHONE = re.compile(r"\+?[0-9().\-]{2,}")


def link_url(url: str, *, base_url: str | None = None) -> str | None:
    """Return where a link leads: http(s), `mailto:` or `tel:`, redirects undone and tracking cut."""
    url = trim(url)
    scheme, rest = scheme_of(url), url.partition(":")[2]
    if scheme == "mailto":
        return f"mailto:{percent_encode(rest)}" if _MAIL.fullmatch(rest) else None
    if scheme == "tel":
        return f"tel:{rest}" if _PHONE.fullmatch(rest) else None
    return _clean_link(absolute(url, base=base_url))


def image_url(url: str, *, base_url: str | None = None, rules: Rules = DEFAULT) -> str | None:
    """Return the address of a picture, `None` for placeholders and what cannot be fetched."""
    # A picture at "" or "#" is the page itself.
    seen = [] if trim(url)[:1] in ("", "#") else list(_layers(absolute(url, base=base_url), rules))
    if not seen or any(_stands_for_nothing(layer, rules.placeholder) for layer in seen):
        return None
    return seen[-1]


def media_url(url: str, *, base_url: str | None = None, rules: Rules = DEFAULT) -> str | None:
    """Return the address of a sound, a film or an enclosure, out of its wrappers."""
    seen = [] if trim(url)[:1] in ("", "#") else list(_layers(absolute(url, base=base_url), rules))
    return seen[-1] if seen else None


def _clean_link(url: str | None) -> str | None:
    # Tracking may hide a redirect's parameter and a redirect more tracking: until nothing changes.
    while url and (target := _target(url)):
        url = target
    return url and cut_parameters(url, TRACKING)


def _layers(url: str | None, rules: Rules) -> Iterator[str]:
    """Peel wrappers and redirects off, the address itself first; each layer is shorter than the last."""
    while url:
        yield url
        inner = _inside(url, rules.unwrap) or _target(url)
        url = inner if inner and len(inner) < len(url) else None


def _inside(url: str, templates: tuple[str, ...]) -> str | None:
    """Return the address in a wrapper: one of the templates, or a proxy whose whole query is an address."""
    for template in templates:
        start, _, end = template.partition("{url}")
        if start and url.startswith(start) and url.endswith(end) and len(url) > len(start + end):
            return _unwrapped(url[len(start) : len(url) - len(end)])
    proxied = _PROXIED.fullmatch(url)
    return _unwrapped(proxied[1]) if proxied else None


def _target(url: str) -> str | None:
    if "?" not in url:
        return None
    page, _, query = url.partition("#")[0].partition("?")
    host = host_of(url)
    path = page.partition("://")[2].partition("/")[2].rstrip("/").lower()
    for redirect in REDIRECTS:
        if _is_at(redirect.host, host) and f"/{path}".rstrip("/") == redirect.path:
            target = _parameter(query, redirect.parameter)
            if target:
                return target
    return None


def _is_at(pattern: str, host: str) -> bool:
    return host.endswith(pattern[1:]) if pattern.startswith("*.") else host == pattern


def _parameter(query: str, name: str) -> str | None:
    match = re.search(rf"(?:^|&){re.escape(name)}=(.*)", query)
    if match is None:
        return None
    value = match[1].partition("&")[0]
    # A raw address with a query of its own takes what follows it along.
    raw = "://" in value and "?" in value
    return _unwrapped(match[1] if raw else value)


def _unwrapped(text: str) -> str | None:
    """Return the address that *text* is, as it stands or percent-encoded once."""
    for form in (text, percent_decode(text)):
        if re.match(r"(?:https?:)?//", form, re.IGNORECASE):
            return absolute(form, base="https://wrapper.invalid/")
    return None


def _stands_for_nothing(url: str, patterns: tuple[str, ...]) -> bool:
    return bool(patterns) and _any_of(patterns).fullmatch(url) is not None


@lru_cache(maxsize=64)
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(".*".join(map(re.escape, pattern.split("*"))) for pattern in patterns), re.DOTALL)

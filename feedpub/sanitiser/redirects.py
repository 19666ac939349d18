"""Pages and services that only stand before an address: the table of them, and what is behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from feedpub.sanitiser.hosts import is_among
from feedpub.urls import absolute, host_of, percent_decode


@dataclass(frozen=True, slots=True)
class Redirect:
    """A page that only sends readers on, to the address in one of its parameters."""

    host: str  #: A pattern: "*.weibo.com" is the domain and all below it.
    path: str  #: Whole, without its last "/"; case is ignored.
    parameter: str


REDIRECTS = (
    Redirect("*.oschina.net", "/action/gotolink", "url"),
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
    Redirect("www.infoq.cn", "/link", "target"),
    Redirect("cloud.tencent.com", "/developer/tools/blog-entry", "target"),
    Redirect("developer.aliyun.com", "/redirect", "target"),
    Redirect("link.ld246.com", "/forward", "goto"),
    Redirect("www.douban.com", "/link2", "url"),
    Redirect("ref.gamer.com.tw", "/redir.php", "url"),
    Redirect("weibo.cn", "/sinaurl", "u"),
    Redirect("weibo.cn", "/sinaurl", "toasturl"),
    Redirect("blog.csdn.net", "/link", "target"),
    Redirect("*.weibo.com", "/redirect", "url"),
    Redirect("*.weibo.cn", "/redirect", "url"),
    Redirect("*.sina.cn", "/redirect", "url"),
    Redirect("*.sina.com.cn", "/redirect", "url"),
    Redirect("c.pc.qq.com", "/middlem.html", "pfurl"),
    Redirect("mail.qq.com", "/cgi-bin/mail_spam", "url"),
    Redirect("docs.qq.com", "/scenario/link.html", "url"),
    Redirect("www.kdocs.cn", "/office/link", "target"),
    Redirect("steamcommunity.com", "/linkfilter", "url"),
    Redirect("steamcommunity.com", "/linkfilter", "u"),
    Redirect("www.google.com", "/url", "url"),
    Redirect("www.google.com", "/url", "q"),
    Redirect("duckduckgo.com", "/l", "uddg"),
    Redirect("www.youtube.com", "/redirect", "q"),
    Redirect("*.facebook.com", "/l.php", "u"),
    Redirect("l.instagram.com", "", "u"),
    Redirect("l.messenger.com", "/l.php", "u"),
    Redirect("*.linkedin.com", "/redir/redirect", "url"),
    Redirect("out.reddit.com", "", "url"),
    Redirect("slack-redir.net", "/link", "url"),
    Redirect("t.umblr.com", "/redirect", "z"),
    Redirect("medium.com", "/r", "url"),
    Redirect("da.kaola.com", "/redirect", "target"),
    Redirect("rd.da.netease.com", "/redirect", "target"),
    Redirect("www.nytimes.com", "/adx/bin/adx_click.html", "goto"),
    Redirect("dw.com.com", "/redir", "destUrl"),
    Redirect("www.webmd.com", "/click", "url"),
    Redirect("log.go.com", "/log", "goto"),
    Redirect("vk.com", "/away.php", "to"),
    Redirect("exit.sc", "", "url"),
    Redirect("*.safelinks.protection.outlook.com", "", "url"),
)

#: A proxy that crawlers put before pictures of sites which refuse strangers.
_PROXIED = re.compile(r"https?://[^/?#]+/\?(https?(?:://|%3a%2f%2f).+)", re.IGNORECASE | re.DOTALL)


def layers(url: str | None, *, templates: tuple[str, ...], proxies: bool) -> Iterator[str]:
    """Peel wrappers and redirects off, the address itself first; each layer is shorter than the last.

    *proxies* says whether a page whose whole query is an address is taken for a wrapper too.
    """
    while url:
        yield url
        inner = _inside(url, templates) or (proxies and _proxied(url)) or _target(url)
        url = inner if inner and len(inner) < len(url) else None


def _inside(url: str, templates: tuple[str, ...]) -> str | None:
    """Return the address in a wrapper that the operator named."""
    for template in templates:
        start, _, end = template.partition("{url}")
        if start and url.startswith(start) and url.endswith(end) and len(url) > len(start + end):
            return _unwrapped(url[len(start) : len(url) - len(end)])
    return None


def _proxied(url: str) -> str | None:
    proxied = _PROXIED.fullmatch(url)
    return _unwrapped(proxied[1]) if proxied else None


def _target(url: str) -> str | None:
    """Return where a redirect leads; `None` for all other pages, and where the address does not say."""
    if "?" not in url:
        return None
    page, _, query = url.partition("#")[0].partition("?")
    host = host_of(url)
    path = f"/{page.partition('://')[2].partition('/')[2]}".rstrip("/").lower()
    for redirect in _BY_PATH.get(path, ()):
        if is_among((redirect.host,), host) and (target := _parameter(query, redirect.parameter)):
            return target
    return None


_BY_PATH: dict[str, tuple[Redirect, ...]] = {
    path: tuple(redirect for redirect in REDIRECTS if redirect.path == path) for path in {r.path for r in REDIRECTS}
}


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

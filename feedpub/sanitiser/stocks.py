"""Stock symbols: read from quote pages' addresses, from tagged names and from keyword comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

from feedpub.sanitiser import codes
from feedpub.sanitiser.codes import Symbol
from feedpub.sanitiser.quote_pages import PAGES, QuotePage
from feedpub.urls import absolute

if TYPE_CHECKING:
    from feedpub.sanitiser.tree import Element

__all__ = ["PAGES", "QuotePage", "Symbol", "read_symbols", "symbol_of"]

#: No quote page has a user or a port of its own: such an address is made to look like one.
_ADDRESS = re.compile(r"https?://([^/?#@:]+)(?::80|:443)?([/?][^#]*)?(?:#.*)?", re.DOTALL)
_KEYWORDS = re.compile(r"\s*news_keyword_pub\s*,\s*stock\s*,(.*)", re.IGNORECASE | re.DOTALL)
_BETWEEN = re.compile(r"(?:&amp;|[\s&,;])+")
#: Names that pages give to what is marked; other things are called "stock_users" and the like.
_TAGGED = re.compile(
    r"stock_(?P<marked>(?:sh|sz|bj)\d{6}|hk\d{5}|us\.?[A-Z.]+)|(?P<market>hk|us)stock_(?P<code>[A-Z\d.]+)"
)
_TAGGED_LOUDLY = re.compile(r"STOCK_(?P<marked>(?:SH|SZ|BJ)\d{6}|HK\d{5})")


# Articles about shares link to the same few pages, each more than once on the way.
@lru_cache(maxsize=512)
def symbol_of(url: str) -> Symbol | None:
    """Return what a quote page's address stands for; `None` for every other page."""
    address = _ADDRESS.fullmatch(absolute(url, base="https://quote.invalid/") or "")
    if not address:
        return None
    place = unquote(address[2] or "")
    for page, pattern in _pages_of(address[1]):
        match = pattern.fullmatch(place)
        symbol = page.read(match["code"]) if match else None
        if symbol:
            return symbol
    return None


def read_symbols(body: Element) -> tuple[str, ...]:
    """List the symbols of comments, tagged names and links, in document order, each once."""
    from feedpub.sanitiser import tree

    found: list[Symbol | None] = []
    for node in tree.telling(body):
        if tree.is_comment(node):
            found += _keywords(node.text or "")
        elif node.tag == "a" or node.get("id"):
            found += _symbols(node)
    return tuple(dict.fromkeys(str(symbol) for symbol in found if symbol))


def _keywords(comment: str) -> Iterator[Symbol | None]:
    keywords = _KEYWORDS.fullmatch(comment)
    yield from map(_market_first, _BETWEEN.split(keywords[1]) if keywords else ())


def _symbols(node: Element) -> Iterator[Symbol | None]:
    if tagged := _TAGGED.fullmatch(node.get("id", "")):
        yield _market_first(tagged["marked"] or tagged["market"] + tagged["code"])
    elif loud := _TAGGED_LOUDLY.fullmatch(node.get("id", "")):
        yield _market_first(loud["marked"])
    elif node.tag == "a":
        yield symbol_of(node.get("href", ""))


def _market_first(text: str) -> Symbol | None:
    return codes.prefixed(text.strip()) if text.isascii() else None


@lru_cache(maxsize=1024)
def _pages_of(host: str) -> tuple[tuple[QuotePage, re.Pattern[str]], ...]:
    """Return the shapes of a host: its own, and those of the hosts that it belongs to."""
    return tuple(
        (page, re.compile(rf"{page.pattern}(?:[?&].*)?", re.IGNORECASE | re.ASCII))
        for page in PAGES
        if host == page.host or host.endswith("." + page.host)
    )

"""Markdown made HTML, and a title found in the text of an article that has none.

Markdown is CommonMark with tables, strikethrough, autolinks and footnotes. Raw HTML stays in it: a later
stage cleans. Addresses without angle brackets become no links, since Chinese text has no blank around them.
"""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

from feedpub.collector.wording import to_plain
from feedpub.model import Markup

_HTML_HEADING = re.compile(r"<h1(?:\s[^>]*)?>(.{0,2000}?)</h1\s*>\s*", re.DOTALL | re.IGNORECASE)
_WRAPPERS = re.compile(r"(?:\s|<!--.*?-->|<(?:div|article|section|main|header|body)(?:\s[^>]*)?>)*", re.DOTALL)
#: A heading of the first rank as the first block, with its line or lines: `# Rates`, or underlined.
_FIRST_HEADING = re.compile(r"(?:[ \t]*\n)* {0,3}(?:#[ \t][^\n]*|[^\s#>][^\n]*\n {0,3}=+[ \t]*(?=\n|\Z))")
_ANY_TAG = re.compile(r"<[^>]*>")


def to_html(body: str, markup: Markup) -> str:
    """Give a body as HTML, not yet clean; HTML is given as it is."""
    if markup == "html":
        return body
    return str(_parser().render(body))


def take_heading(body: str, markup: Markup) -> tuple[str, str]:
    """Give the first heading of the first rank as HTML or plain text, and the body, without it if it came first.

    The heading is empty where there is none.
    """
    return _take_from_html(body) if markup == "html" else _take_from_markdown(body)


def drop_heading(body: str, markup: Markup, *, title: str) -> str:
    """Give the body without a heading of the first rank that comes first and says the same as *title*."""
    if markup == "html":
        before = _WRAPPERS.match(body)
        found = _HTML_HEADING.match(body, before.end() if before else 0)
    else:
        found = _FIRST_HEADING.match(body)
    if not found:
        return body
    # The rest of the body need not be parsed for this.
    heading, _ = take_heading(found[0], markup)
    if to_plain(heading) != title:
        return body
    rest = body[found.end() :]
    return body[: found.start()] + rest if markup == "html" else rest.lstrip("\n")


def _take_from_html(body: str) -> tuple[str, str]:
    found = _HTML_HEADING.search(body)
    if not found:
        return "", body
    title = " ".join(unescape(_ANY_TAG.sub("", found[1])).split())
    before = _WRAPPERS.match(body)
    if before and before.end() == found.start():
        return title, body[: found.start()] + body[found.end() :]
    return title, body


def _take_from_markdown(body: str) -> tuple[str, str]:
    tokens = _parser().parse(body)
    for index, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h1" and token.level == 0 and token.map:
            title = _plain_inline(tokens[index + 1])
            return title, _without_lines(body, *token.map) if index == 0 else body
    return "", body


def _plain_inline(token: Token) -> str:
    kinds = {"text", "code_inline", "html_inline"}
    return "".join(child.content for child in token.children or () if child.type in kinds)


def _without_lines(body: str, first: int, last: int) -> str:
    lines = body.split("\n")
    return "\n".join(lines[:first] + lines[last:]).lstrip("\n")


@cache
def _parser() -> MarkdownIt:
    # Imported only here: crawled articles are HTML, most of them.
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin

    return (
        MarkdownIt("commonmark", {"html": True, "maxNesting": 100})
        .enable(["table", "strikethrough"])
        .use(footnote_plugin)
    )

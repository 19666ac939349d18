"""What a body is written in: told by what it holds, not by the ending of its file."""

from __future__ import annotations

import re
from functools import cache

from feedpub.model import Markup

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_FENCE = re.compile(r"^ {0,3}(```+|~~~+).*?(?:^ {0,3}\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
#: A code span, on one line; its tags are text. What stands for it keeps a sign of Markdown, if no element is around.
_SPAN = re.compile(r"(?<!`)`++[^`\n]++`++")
_SILENT_SPAN = "`x`"
_ELEMENT = re.compile(r"<(/?)([a-z][a-z0-9-]*)(?:\s[^<>]*)?>", re.IGNORECASE)
_CONTAINER_NAMES = (
    "a abbr address article aside audio b big blockquote body button caption center cite code dd del details"
    " div dl dt em fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header html i iframe ins"
    " kbd label li main mark nav object ol p picture pre q s samp script section small span strike strong style"
    " sub summary sup svg table tbody td textarea tfoot th thead tr tt u ul var video"
)
_CONTAINERS = frozenset(_CONTAINER_NAMES.split())
#: Elements that pages leave open, so that all that follows is theirs.
_LEFT_OPEN = frozenset(("body", "dd", "div", "dt", "html", "li", "p", "table", "td", "tr"))
#: What carries the text of an HTML page; where there is none of it, elements only wrap.
_STRUCTURE = re.compile(r"<(?:p|br|li|h[1-6]|td|tr|figure|section|blockquote|pre|code|img|a)[\s/>]", re.IGNORECASE)
#: What only Markdown has: at the start of a block, then anywhere. Nothing in it can be searched for twice.
_SIGN = re.compile(
    r"(?:\A|\n[ \t]*\n) {0,3}(?:#{1,6} +\S|[-*+] +\S|\d{1,9}[.)] +\S|> ?\S|\|.*\||\[\^?[^\]\n]{1,300}\]:)"
    r"|\n(?:=+|-+)[ \t]*(?:\n|\Z)"
    r"|\[[^\]\[\n]{0,300}\]\([^()\n]{1,500}\)|\*\*[^\s*]|`[^`\n]+`|<https?://[^\s<>]+>"
)
_WORD = re.compile(r"[^\W_]")
_PARAGRAPHS = re.compile(r"\S[ \t]*\n[ \t]*\n\s*\S")
#: A blank line, then an indent: Markdown would make code of it.
_DEEP = re.compile(r"\n[ \t]*\n(?: {4}|\t)[ \t]*\S")
#: A blank line, and text that would be a paragraph.
_FLAT = re.compile(r"\n[ \t]*\n {0,3}[^ \t\n]")
_UNINDENTED_LINE = re.compile(r"^ {0,3}[^ \t\n]", re.MULTILINE)
_UNINDENTED_TAG = re.compile(r"^ {0,3}(?:[^\s<][^<\n]*)?</?[a-z]", re.IGNORECASE | re.MULTILINE)


def recognise(body: str) -> Markup:
    """Say what a body is written in, by what it holds: HTML lies within elements, Markdown around them.

    Comments and code in backticks say nothing. Where a text without signs of Markdown could be both, its blank
    lines and indents decide: whichever reading keeps more of it.
    """
    text = _drop_silent(body.strip())
    if not _ELEMENT.search(text):
        return "markdown"
    if not _UNINDENTED_LINE.search(body) and _STRUCTURE.search(text):
        # As Markdown, all of it would be code.
        return "html"
    outside = _outside(text)
    if _SIGN.search(outside):
        return "markdown"
    if not _WORD.search(outside):
        return "html" if _STRUCTURE.search(text) or not _SIGN.search(text) else "markdown"
    return "html" if _reads_as_html(text, outside) else "markdown"


def _drop_silent(body: str) -> str:
    if "`" in body or "~" in body:
        body = _SPAN.sub(_SILENT_SPAN, _FENCE.sub("", body))
    return _COMMENT.sub("", body).strip() if "<!--" in body else body


def _reads_as_html(text: str, outside: str) -> bool:
    if text.startswith("<"):
        # Paragraphs would run into one another, unless they are but a line between elements, or code otherwise.
        return (
            not _PARAGRAPHS.search(outside)
            or len(outside) * 4 < len(_ELEMENT.sub("", text))
            or len(_DEEP.findall(outside)) > len(_FLAT.findall(outside))
        )
    return bool(_DEEP.search(text) and _UNINDENTED_TAG.search(text))


def _outside(text: str) -> str:
    """Give the text that is within no element."""
    parts: list[str] = []
    unclosed: set[str] = set()
    end = 0
    while tag := _ELEMENT.search(text, end):
        parts.append(text[end : tag.start()])
        end = _end_of(tag, unclosed)
    return "".join([*parts, text[end:]])


def _end_of(tag: re.Match[str], unclosed: set[str]) -> int:
    """Say where the element that a tag opens ends; a tag that opens none ends itself.

    A name that was found to be *unclosed* is not looked for again, or the time would grow with the square.
    """
    name = tag[2].lower()
    if tag[1] or name not in _CONTAINERS or name in unclosed:
        return tag.end()
    depth = 1
    for other in _tags_called(name).finditer(tag.string, tag.end()):
        depth += -1 if other[1] else 1
        if not depth:
            return other.end()
    unclosed.add(name)
    return len(tag.string) if name in _LEFT_OPEN else tag.end()


@cache
def _tags_called(name: str) -> re.Pattern[str]:
    return re.compile(rf"<(/?){name}(?:\s[^<>]*)?>", re.IGNORECASE)

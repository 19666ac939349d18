"""The part of YAML that nearly all front matter is written in, read line by line.

The subset is so narrow that no rule of YAML can make anything else of it. Every line is one of

    key:                 then nothing, or the items of a list
    key: scalar
      - scalar           below a key with nothing, all of one indent, which may be none

or blank, and ends in a line feed. Keys are ASCII letters, digits, `_` and `-`, begin with a letter, stand once, and are
not `null`. A scalar ends on the line that it begins on, has no comment after it, and is one of

    'text'               in which '' is a quote
    "text"               without backslashes
    text                 that begins with no sign of YAML's, and has neither ": " nor " #" in it, nor ":" at its end

All characters are printable, so that there are no tabs, no line ends of Unicode's and no byte order marks. As
every line that is not blank begins a key or an item, none can continue the scalar of a line above, or end the document.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feedpub.collector.yamlvalues import Mapping, Value

#: What YAML writes for nothing, without quotes.
NULLS = frozenset(("null", "Null", "NULL", "~"))

#: So few characters cannot hold more values than the full reader lets through.
_LONGEST = 10_000

_LINE = re.compile(
    r"""^(?:(?:([A-Za-z][A-Za-z0-9_-]{0,59}+):|([ ]{0,8}-))  # a key, or the start of an item
    (?:[ ]+(                                                 # a scalar:
        '[^']*+(?:''[^']*+)*+'                               # none that goes on: it is no one line then
        |"[^"\\]*+"
        |[^\s'"&*!|>%@`\#{}\[\],?:-]                         # no sign of YAML's, then no ": " and no " #"
            [^:\#\n]*+(?:(?::(?![ \n])|(?<![ ])\#)[^:\#\n]*+)*+
    )|)[ ]*+|)\n""",
    re.VERBOSE | re.MULTILINE,
)


def read_simple(text: str) -> Mapping | None:
    """Read a mapping as the full reader does; `None` where it is not of the simple kind."""
    if len(text) > _LONGEST or not _is_printable(text):
        return None
    lines: list[tuple[str, str, str]] = _LINE.findall(text)
    # A match is a line with its line end: where there are as many as line ends, nothing else is left.
    complete = len(lines) == text.count("\n") and text.endswith("\n")
    return _collect(lines) if complete else None


def _is_printable(text: str) -> bool:
    line = text.replace("\n", "")
    # Ideographic blanks are no white space to YAML.
    return line.isprintable() or line.replace("\u3000", "").isprintable()


def _collect(lines: list[tuple[str, str, str]]) -> Mapping | None:
    """Put items under their keys; `None` where a key stands twice, or an item where none may."""
    fields: Mapping = {}
    items: list[Value] | None = None  #: Of the last key, where it may have some.
    first = ""
    for key, dash, written in lines:
        if key:
            if key in fields:
                return None
            fields[key] = _read_scalar(written) if written else ""
            items = None if written else []
        elif dash:
            if not written or items is None or (items and dash != first):
                return None
            if not items:
                fields[next(reversed(fields))] = items
                first = dash
            items.append(_read_scalar(written))
    return fields if NULLS.isdisjoint(fields) else None


def _read_scalar(written: str) -> str:
    sign = written[0]
    if sign == "'":
        return written[1:-1].replace("''", "'")
    if sign == '"':
        return written[1:-1]
    text = written.rstrip(" ")
    return "" if text in NULLS else text

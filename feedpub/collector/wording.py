"""Text of front matter made plain: braces, entities and highlighting undone, on one line."""

from __future__ import annotations

import re

from feedpub.text import one_line, xml_safe

#: Only with their semicolon: `AT&T;` aside, a bare `&copy` in an address or a title means itself.
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|([A-Za-z][A-Za-z0-9]{1,31}));")
_HIGHLIGHT = "em|b|strong|font|span|mark|i"
#: A pair with no other highlighting in it, so that nested ones open from within and time stays linear.
_PAIR = re.compile(rf"<({_HIGHLIGHT})(?:\s[^<>]*)?>((?:[^<]|<(?!/?(?:{_HIGHLIGHT})[\s>]))*)</\1\s*>", re.IGNORECASE)
#: Nobody highlights deeper.
_DEEPEST = 8


def restore_braces(text: str) -> str:
    """Undo the escape that keeps template engines from braces: `&#123;` and `&#125;`."""
    return text.replace("&#123;", "{").replace("&#125;", "}") if "&#12" in text else text


def decode_entities(text: str) -> str:
    """Decode well-formed entities, once; what is no entity stays as it is."""
    return _ENTITY.sub(_decode, text) if "&" in text else text


def to_plain(text: str) -> str:
    """Make a title or a name plain text on one line.

    Pairs of highlighting tags are unwrapped; any other `<T>` is text.
    """
    for _ in range(_DEEPEST if "</" in text else 0):
        text, count = _PAIR.subn(r"\2", text)
        if not count:
            break
    return one_line(decode_entities(text))


def to_text(text: str) -> str:
    """Make any other text fit for XML, its braces restored and its ends trimmed."""
    return xml_safe(restore_braces(text)).strip()


def _decode(entity: re.Match[str]) -> str:
    # Only here, since the table of all names takes its time to load.
    from html import unescape
    from html.entities import html5

    name = entity[1]
    return html5.get(name + ";", entity[0]) if name else unescape(entity[0])

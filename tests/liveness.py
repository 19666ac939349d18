"""What is live in HTML: a walk through html5lib's parse, with scripting on and off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import html5lib

_DEAD = frozenset(
    {
        *("script", "style", "iframe", "frame", "frameset", "svg", "math", "object", "embed"),
        *("applet", "form", "input", "button", "select", "textarea", "template", "base", "link"),
        *("meta", "noscript", "plaintext", "xmp", "title", "marquee", "isindex", "portal", "animate"),
        *("set", "foreignobject"),
    }
)
_ADDRESSES = frozenset(
    {
        *("href", "src", "poster", "cite", "action", "formaction", "data", "background", "longdesc"),
        *("ping",),
    }
)
_NEVER = frozenset(
    {
        *("style", "id", "class", "name", "srcdoc", "target", "http-equiv", "contenteditable"),
        *("xmlns",),
    }
)
_SCHEME = re.compile(r"[\x00-\x20]*([A-Za-z][A-Za-z0-9+.\-\t\r\n]*):")
_SAFE = frozenset({"http", "https", "mailto", "tel"})


def live(html: str) -> list[str]:
    """List what could run, load a page or submit, in either reading."""
    return [fault for scripting in (False, True) for fault in _walk(html, scripting)]


def _walk(html: str, scripting: bool) -> Iterator[str]:
    tree = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=True, scripting=scripting)
    for element in tree.iter():
        if not isinstance(element.tag, str):
            yield "comment"
            continue
        space, _, name = element.tag.rpartition("}")
        if space not in ("", "{http://www.w3.org/1999/xhtml") or name.lower() in _DEAD:
            yield f"<{name}>"
        for attribute, value in element.attrib.items():
            yield from _attribute(name, attribute, value)


def _attribute(element: str, attribute: Any, value: str) -> Iterator[str]:
    name = str(attribute).rpartition("}")[2].lower()
    if name.startswith(("on", "data-", "xlink", "form")) or name in _NEVER:
        yield f"{element}/{name}"
    if name in _ADDRESSES and not _is_safe(value, element):
        yield f"{element}/{name}={value}"
    if name == "srcset":
        for candidate in re.split(r",\s+", value):
            if not _is_safe(candidate.strip(), element):
                yield f"{element}/srcset={candidate}"


def _is_safe(url: str, element: str) -> bool:
    match = _SCHEME.match(url)
    allowed = _SAFE if element == "a" else {"http", "https"}
    return match is not None and re.sub(r"[\t\r\n]", "", match[1]).lower() in allowed

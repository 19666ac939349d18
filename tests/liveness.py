"""What is live in HTML: everything that is not on the lists below, in all the ways of reading it.

The lists are written here once more, and not imported from the gate: what the gate lets through by mistake
must be seen. They say what a feed may hold, so an element or attribute that nobody thought of counts as live.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import html5lib

_HTML = "{http://www.w3.org/1999/xhtml}"

_PLAIN = (
    "p div section article aside header footer main nav address"
    " h1 h2 h3 h4 h5 h6 pre hr br wbr summary ul dl dt dd figure figcaption"
    " table caption thead tbody tfoot tr picture ruby rp rt"
    " b bdi bdo cite code dfn em i kbd mark s samp small strong sub sup u var"
)
#: Elements that a feed may hold, and their attributes beside `lang` and `dir`.
_ALLOWED: dict[str, frozenset[str]] = {
    **dict.fromkeys(_PLAIN.split(), frozenset()),
    "a": frozenset({"href", "title", "rel"}),
    "abbr": frozenset({"title"}),
    "audio": frozenset({"src", "controls"}),
    "blockquote": frozenset({"cite"}),
    "col": frozenset({"span"}),
    "colgroup": frozenset({"span"}),
    "del": frozenset({"cite", "datetime"}),
    "details": frozenset({"open"}),
    "img": frozenset({"src", "srcset", "sizes", "alt", "title", "width", "height", "referrerpolicy"}),
    "ins": frozenset({"cite", "datetime"}),
    "li": frozenset({"value"}),
    "ol": frozenset({"start", "reversed", "type"}),
    "q": frozenset({"cite"}),
    "source": frozenset({"src", "srcset", "sizes", "type", "media"}),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"colspan", "rowspan", "scope"}),
    "time": frozenset({"datetime"}),
    "video": frozenset({"src", "poster", "controls", "width", "height"}),
}
_EVERYWHERE = frozenset({"lang", "dir"})

#: The parser adds these to every document; with an attribute they are the page's own.
_FRAME = frozenset({"html", "head", "body"})

_LINK = re.compile(r"(?:https?://[^\s\x00-\x20\"<>`\\]+|mailto:[^\s\x00-\x20\"<>`\\]+|tel:\+?[0-9().\-]+)")
_FETCH = re.compile(r"https?://[^\s\x00-\x20\"<>`\\]+")
#: No SVG, which holds script; and base64 alone, which holds no tag.
_RASTER = re.compile(r"data:image/(?:png|gif|jpeg|webp);base64,[A-Za-z0-9+/]+={0,2}")
_VALUES = {
    "href": _LINK,
    **dict.fromkeys(("src", "poster", "cite"), _FETCH),
    "rel": re.compile(r"noopener noreferrer"),
    "referrerpolicy": re.compile(r"no-referrer"),
    "lang": re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*"),
}
_CANDIDATE = re.compile(r"[\s,]*([^\s,]\S*)")
_DESCRIPTORS = re.compile(r"(?:\([^)]*(?:\)|$)|[^,(])*,?")


def live(html: str) -> list[str]:
    """List what is on no list: as a fragment and as a document, with scripting on and off."""
    return list(dict.fromkeys(fault for tree in readings(html) for fault in _walk(tree)))


@lru_cache(maxsize=1)  # The checks below ask for the same page one after another, and html5lib is slow.
def readings(html: str) -> tuple[Any, ...]:
    """Parse *html* in each way that a reader may; a document also reads the attributes of `<body>`."""
    return tuple(
        parse(start + html, scripting=scripting)
        for scripting in (False, True)
        for parse, start in ((html5lib.parseFragment, ""), (html5lib.parse, "<!DOCTYPE html>"))
    )


def texts(html: str) -> set[str]:
    """Return the text of each reading: more than one where they do not agree."""
    return {"".join(tree.itertext()) for tree in readings(html)}


def _walk(tree: Any) -> Iterator[str]:
    for element in list(tree.iter()):
        if not isinstance(element.tag, str):
            yield "comment"
        else:
            yield from _faults_of(element)


def _faults_of(element: Any) -> Iterator[str]:
    name = element.tag.removeprefix(_HTML)
    if name == "DOCUMENT_FRAGMENT" or (name in _FRAME and not element.attrib):
        return
    if name not in _ALLOWED:
        yield f"<{name}>"
    allowed = _ALLOWED.get(name, frozenset()) | _EVERYWHERE
    for attribute, value in element.attrib.items():
        if attribute not in allowed or not _is_safe(name, attribute, value):
            yield f"{name}/{attribute}={value}"


def _is_safe(element: str, attribute: str, value: str) -> bool:
    if attribute == "srcset":
        return all(_FETCH.fullmatch(url) for url in _candidates(value))
    if (element, attribute) == ("img", "src") and _RASTER.fullmatch(value):
        return True
    return attribute not in _VALUES or _VALUES[attribute].fullmatch(value) is not None


def _candidates(srcset: str) -> Iterator[str]:
    """Split a set as HTML says (section 4.8.4.2.2); a comma may part candidates with no blank after it."""
    position = 0
    while match := _CANDIDATE.match(srcset, position):
        position = match.end()
        yield match[1].rstrip(",")
        if not match[1].endswith(","):
            position = _DESCRIPTORS.match(srcset, position).end()  # type: ignore[union-attr]


#: What these hold is not shown as part of the page.
_HIDING = frozenset(
    {
        *("script", "style", "template", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "noscript"),
        *("select", "plaintext", "object", "applet", "button", "canvas", "datalist"),
    }
)


def shows_as_story(text: str, html: str) -> bool:
    """Say whether each reading of *html* shows a paragraph of that *text*."""
    return all(_has_paragraph(tree, text) for tree in readings(html))


def _has_paragraph(element: Any, text: str) -> bool:
    if not isinstance(element.tag, str):
        return False
    name = element.tag.removeprefix(_HTML)
    if name in _HIDING or name.startswith("{"):
        return False
    if name == "p" and "".join(element.itertext()).strip() == text:
        return True
    return any(_has_paragraph(child, text) for child in element)

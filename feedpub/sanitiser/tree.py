"""The parsed page: the one module that imports lxml.

lxml is used as it is, without BeautifulSoup on top: the tree is the same one, from the same parser, at
a tenth of the time. Passes change the tree in place and answer with words for what they removed.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import islice
from typing import Any, TypeAlias

from lxml import etree  # type: ignore[import-untyped]

from feedpub.sanitiser.rules import SanitiserError
from feedpub.sanitiser.source import MARK, VERBATIM, VOIDS

#: An element of `lxml.etree`; lxml has no types of its own.
Element: TypeAlias = Any

#: Elements that begin and end a line, so that texts on both sides of them never meet.
BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "html", "caption", "dd", "details", "div", "dl"),
        *("dt", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr"),
        *("li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot"),
        *("th", "thead", "tr", "ul"),
    }
)
#: Elements that show something though they hold no text.
SHOWN = frozenset({"img", "video", "audio", "picture", "iframe", "hr", "br", "table"})

_FEW = 30
#: An attribute of what stands for something else, and is told of with that; the gate lets none through.
MADE = "feedpub-made"

_OPEN_ENDED = frozenset({"colgroup", "dd", "dt", "li", "p", "tbody", "td", "tfoot", "th", "thead", "tr"})
#: How many comments may stand between an element and a text; beyond a flood of them there is one.
_NEAR = 200
#: Names of what leaves at the next sweep. One by one, each removal would copy the text around it.
_UNWRAPPED, _DROPPED = "feedpub-unwrapped", "feedpub-dropped"
_ATTRIBUTE = re.compile(r"[A-Za-z_][\w.\-]*", re.ASCII)
_PAGE_TAGS = re.compile(r"</?(?=[hb])(?:html|head|body)(?=[\s/>])[^<>]*>", re.IGNORECASE)


def parse(html: str) -> Element:
    """Return the page, comments included, as one element that holds what its body did.

    Raises:
        SanitiserError: the page is nested deeper than libxml2 goes (2048); it would leave the rest out.
    """
    parser = etree.HTMLParser(huge_tree=True, remove_pis=True)
    # A body is open already, so that no head forms around the first tags, and stays open to the end:
    # libxml2 leaves out, or puts elsewhere, what follows it.
    root = etree.fromstring("<html><body>" + _PAGE_TAGS.sub("", html), parser)
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
        raise SanitiserError("nested deeper than the parser goes")
    etree.strip_tags(root, "body", "head")
    if VERBATIM.search(html):
        _empty_voids(root)
    if MARK in html:
        _drop_marks(root)
    return root


def _empty_voids(root: Element) -> None:
    """Let the void elements go of what follows them, where `source.mend` could not end them."""
    for void in elements(root, *VOIDS):
        if len(void) or void.text:
            empty = etree.Element(void.tag)
            _set_all(empty, dict(void.items()))
            void.addprevious(empty)
            unwrap(void)
    sweep(root)


def _drop_marks(body: Element) -> None:
    for node in body.iter():
        node.text, node.tail = (text and text.replace(MARK, "") for text in (node.text, node.tail))
        if any(MARK in name or MARK in value for name, value in node.items()):
            _set_all(node, {name: value.replace(MARK, "") for name, value in node.items() if MARK not in name})


def _set_all(node: Element, attributes: dict[str, str]) -> None:
    node.attrib.clear()
    for name, value in attributes.items():
        # What a parser takes for a name may be none that can be set, nor one that the gate would let through.
        if _ATTRIBUTE.fullmatch(name):
            node.set(name, value)


def serialise(body: Element) -> str:
    """Return the page as HTML."""
    # libxml2 leaves out end tags that may be left out, and what follows would be read into the element.
    for element in elements_among(body, _OPEN_ENDED):
        if not len(element) and not element.text:
            element.text = MARK
    text: str = etree.tostring(body, method="html", encoding="unicode")
    return text.replace(MARK, "")


def add_link(element: Element, *, href: str) -> Element:
    """Put a link that shows nothing yet into an element that holds nothing."""
    link = etree.SubElement(element, "a", href=href)
    link.set(MADE, "")
    return link


def add_image(element: Element, *, src: str, alt: str) -> None:
    """Put a picture into an element that holds nothing."""
    # In the order that a second pass leaves them in.
    image = etree.SubElement(element, "img", alt=alt)
    image.set("src", src)
    image.set("referrerpolicy", "no-referrer")
    image.set(MADE, "")


def move_to_end(element: Element, parent: Element) -> None:
    """Make an element the last one in *parent*; the text behind it stays where it was."""
    if element.tail:
        before, above = element.getprevious(), element.getparent()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            above.text = (above.text or "") + element.tail
        element.tail = None
    parent.append(element)


def replace_by_image(element: Element) -> None:
    """Put a picture with the same attributes before an element, and let the next `sweep` take its tags off."""
    image = etree.Element("img")
    _set_all(image, dict(element.items()))
    element.addprevious(image)
    unwrap(element)


def elements(body: Element, *tags: str) -> list[Element]:
    """List the elements below *body* in document order, so that the tree may change under the loop."""
    return list(body.iterdescendants(*tags or ("*",)))


def elements_among(body: Element, tags: Collection[str]) -> list[Element]:
    """List the elements of many tags, as `elements` does for a few: lxml compares with each tag in turn."""
    return [element for element in body.iterdescendants("*") if element.tag in tags]


def telling(body: Element) -> list[Element]:
    """List the comments, and the elements that have attributes, in document order; most elements have none."""
    comment = etree.Comment
    return [node for node in body.iterdescendants("*", comment) if node.attrib or node.tag is comment]


def is_comment(node: Element) -> bool:
    """Tell a comment from an element."""
    return node.tag is etree.Comment


def drop_comments(body: Element) -> None:
    """Drop all comments."""
    etree.strip_tags(body, etree.Comment)


def unwrap_all(body: Element, *tags: str) -> None:
    """Take tags off and leave what they hold."""
    etree.strip_tags(body, *tags)


def unwrap(element: Element) -> None:
    """Let the next `sweep` take an element's tags off and leave what it holds."""
    element.tag = _UNWRAPPED


def drop(element: Element) -> None:
    """Let the next `sweep` remove an element with all it held; where a line ended with it, one still does."""
    ended_line = element.tag in BLOCKS and _has_text_before(element) and _has_text_after(element)
    element.clear(keep_tail=True)
    element.tag = "br" if ended_line else _DROPPED


def sweep(body: Element) -> None:
    """Carry out what `unwrap` and `drop` asked for."""
    etree.strip_tags(body, _UNWRAPPED)
    etree.strip_elements(body, _DROPPED, with_tail=False)


def is_leaving(element: Element) -> bool:
    """Say whether the next `sweep` takes the element off."""
    return element.tag in (_UNWRAPPED, _DROPPED)


def text_of(element: Element) -> str:
    """Return all text below an element."""
    if not len(element):
        return element.text or ""
    # In a quarter of the time that lxml takes to walk from text to text in Python.
    text: str = etree.tostring(element, method="text", encoding="unicode", with_tail=False)
    return text


def is_empty(element: Element) -> bool:
    """Say whether an element shows nothing: no picture, and no text but blanks (ASCII) that collapse."""
    if not holds_few(element) or any(child.tag in SHOWN for child in element.iter("*")):
        return False
    return not text_of(element).strip(" \t\n\r\f")


def holds_few(element: Element) -> bool:
    """Say whether an element holds so little that to look through it, and through those in it, costs nothing."""
    return len(list(islice(element.iter("*"), _FEW + 1))) <= _FEW


def _has_text_before(element: Element) -> bool:
    # Step by step, since mostly one step tells.
    sibling, number = element.getprevious(), 0
    while sibling is not None:
        if number == _NEAR or (sibling.tail and not sibling.tail.isspace()):
            return True
        if not _is_nothing(sibling):
            return _is_inline(sibling)
        sibling, number = sibling.getprevious(), number + 1
    text = element.getparent().text
    return bool(text and not text.isspace())


def _has_text_after(element: Element) -> bool:
    if element.tail and not element.tail.isspace():
        return True
    sibling, number = element.getnext(), 0
    while sibling is not None:
        if not _is_nothing(sibling):
            return _is_inline(sibling)
        if number == _NEAR or (sibling.tail and not sibling.tail.isspace()):
            return True
        sibling, number = sibling.getnext(), number + 1
    return False


def _is_nothing(node: Element) -> bool:
    return is_comment(node) or node.tag == _DROPPED


def _is_inline(element: Element) -> bool:
    return element.tag not in BLOCKS and element.tag != "br"

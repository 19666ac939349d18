"""Depth: what is nested deeper than any reader needs keeps its words and pictures, and loses its tags."""

from __future__ import annotations

from feedpub.sanitiser import tree

#: A feed reader nests the page in its own; what lies deeper than this is shown without its tags.
MAX_DEPTH = 200

#: Levels that a parser puts in between.
_IMPLIED = {("table", "tr"): 1, ("table", "td"): 2, ("table", "th"): 2, ("table", "col"): 1}
_IMPLIED |= {(section, cell): 1 for section in ("tbody", "thead", "tfoot") for cell in ("td", "th")}
_TABLE_PARTS = frozenset(("thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup", "col"))


def may_be_deep(elements: list[tree.Element]) -> bool:
    """Say whether a page has enough elements to be nested too deeply, those counted that parsers put into tables."""
    number = len(elements)
    return number > MAX_DEPTH or (4 * number > MAX_DEPTH and any(element.tag == "table" for element in elements))


def flatten(body: tree.Element) -> list[str]:
    """Take the tags off what is nested deeper than `MAX_DEPTH`."""
    deep = _deep_elements(body)
    for element in deep:
        if element.tag in tree.BLOCKS:
            element.text = "\n" + (element.text or "")
        if element.tag not in tree.SHOWN or element.tag == "table":
            tree.unwrap(element)
    tree.sweep(body)
    return ["nesting"] if deep else []


def _deep_elements(body: tree.Element) -> set[tree.Element]:
    depths, deep = {body: 0}, set()
    for element in body.iterdescendants("*"):
        parent = element.getparent()
        depths[element] = depths[parent] + 1 + _IMPLIED.get((parent.tag, element.tag), 0)
        # A table goes as a whole, or what is left of it would be moved about.
        is_part = element.tag in _TABLE_PARTS and parent.tag in (*_TABLE_PARTS, "table")
        lowest = depths[element] + (3 if element.tag == "table" else 0)
        if parent in deep if is_part else lowest > MAX_DEPTH + 1:
            deep.add(element)
    return deep

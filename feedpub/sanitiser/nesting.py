"""What may stand in what: a tree that every parser reads back as it is.

Once `span` and its kind are gone, elements meet that HTML never nests: a paragraph in a paragraph, a row
outside a table. The gate's parser would put them elsewhere, and the one of the next pass elsewhere again.
Better that they are settled here: by another tag, or another place.
"""

from __future__ import annotations

from feedpub.sanitiser import tree

_CELLS = frozenset({"td", "th"})
_SECTIONS = frozenset({"thead", "tbody", "tfoot"})
#: What the parts of a table may stand in; what is left out, parsers put in themselves.
_PLACES = {
    **dict.fromkeys(_CELLS, frozenset({"tr", "table", *_SECTIONS})),
    "tr": {"table", *_SECTIONS},
    **dict.fromkeys((*_SECTIONS, "caption", "colgroup"), frozenset({"table"})),
    "col": {"colgroup", "table"},
}
_PARTS = {
    "table": {*_PLACES},
    **dict.fromkeys(_SECTIONS, frozenset({"tr", *_CELLS})),
    "tr": _CELLS,
    "colgroup": {"col"},
}
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
#: libxml2 ends the first at the start of the second (`htmlStartClose` in its HTMLparser.c).
_NEVER_IN = {
    "a": {"table"},
    "address": {"dd", "dl", "dt", "li", "ul"},
    "pre": {"dd", "dl", "dt", "li", "ul", "table"},
    "dl": {"li"},
    "dt": {"dl"},
    "ul": {"address", "pre"},
    **dict.fromkeys(_HEADINGS, frozenset({"p", "li", "table", *_HEADINGS})),
}
#: Presentation that libxml2 ends at a paragraph, as the emphasis that it does not end.
_EMPHASIS = {"b": "strong", "i": "em", "s": "del", "u": "ins"}
#: An item ends at the next one, however deep in these (HTML, section 13.2.6.4.7).
_ITEMS = {"li": {"li"}, "dd": {"dd", "dt"}, "dt": {"dd", "dt"}}
#: What may have to become something else where it stands: most elements need not be asked.
_MOVABLE = frozenset({"p", *_ITEMS}.union(*_NEVER_IN.values()))
_PARTS_OF_OTHERS = frozenset({*_PLACES, "table", "rt", "rp"})
_ENDS_ITEMS = tree.BLOCKS - {"address", "div", "p"}


def settle(body: tree.Element) -> bool:
    """Give each element a place that parsers agree on; say whether any part of a table or list lost its own."""
    found = tree.elements(body)
    tags = {element.tag for element in found}
    if "a" in tags and _unwrap_nested_links(body):
        found = tree.elements(body)
    moved = False
    if tags & _PARTS_OF_OTHERS:
        moved = _settle_parts(body)
        found = tree.elements(body)
    for element in found:
        if element.tag in _MOVABLE:
            moved |= _settle(element, element.getparent())
    return moved


def _unwrap_nested_links(body: tree.Element) -> bool:
    nested = [link for link in tree.elements(body, "a") if next(link.iterancestors("a"), None) is not None]
    for link in nested:
        tree.unwrap(link)
    if nested:
        tree.sweep(body)
    return bool(nested)


def _settle_parts(body: tree.Element) -> bool:
    """Settle the parts of tables and rubies; say whether any lost its place."""
    moved = False
    for element in tree.elements_among(body, _PLACES):
        if element.getparent().tag not in _PLACES[element.tag]:
            element.tag = "div" if element.tag != "col" else "wbr"
            moved = True
    for table in tree.elements(body, "table"):
        moved |= _move_strangers(table, table)
    for ruby in tree.elements(body, "rt", "rp"):
        if ruby.getparent().tag != "ruby":
            ruby.tag = "small"
            moved = True
    return moved


def _settle(element: tree.Element, parent: tree.Element) -> bool:
    tag, above = element.tag, parent.tag
    if tag == "p" and len(element) and any(inner.tag in tree.BLOCKS for inner in element.iterdescendants("*")):
        element.tag = "div"
    elif tag in _NEVER_IN.get(above, ()) or (tag in _ITEMS and _is_in_item(element)):
        (parent if tag in ("pre", "table") else element).tag = "div"
        return True
    elif tag == "p" and above in _EMPHASIS:
        parent.tag = _EMPHASIS[above]
    elif tag == "p" and above == "small":
        element.tag = "div"
    return False


def _is_in_item(element: tree.Element) -> bool:
    nearest = next(ancestor.tag for ancestor in element.iterancestors() if ancestor.tag in _ENDS_ITEMS)
    return nearest in _ITEMS[element.tag]


def _move_strangers(part: tree.Element, table: tree.Element) -> bool:
    """Move what is no part of a table before it, as browsers do ("foster parenting"), in its order."""
    moved = _move_text(part, "text", table)
    for child in list(part):
        if child.tag not in _PARTS[part.tag]:
            table.addprevious(child)
            moved = True
            continue
        if child.tag in _PARTS:
            moved |= _move_strangers(child, table)
        moved |= _move_text(child, "tail", table)
    return moved


def _move_text(element: tree.Element, which: str, table: tree.Element) -> bool:
    text = getattr(element, which)
    if not text or not text.strip(" \t\n"):
        return False
    _put_text_before(table, text)
    setattr(element, which, None)
    return True


def _put_text_before(table: tree.Element, text: str) -> None:
    before = table.getprevious()
    if before is None:
        table.getparent().text = (table.getparent().text or "") + text
    else:
        before.tail = (before.tail or "") + text

"""Layout: what old pages built of tables and lists to put a story or a picture somewhere is no table, no list."""

from __future__ import annotations

from feedpub.sanitiser import tree


def undo_layout(body: tree.Element) -> None:
    """Make blocks of one-celled tables, of lists of bare pictures, and of captions without a figure."""
    tables = tree.elements(body, "table")
    for table in reversed(tables):
        _undo_table(table)
    for items in tree.elements(body, "ul", "ol"):
        _undo_list(items)
    for caption in tree.elements(body, "figcaption"):
        if caption.getparent().tag != "figure":
            # Bahamut puts its pictures into captions.
            caption.tag = "div"
    if tables:
        tree.sweep(body)


def _undo_table(table: tree.Element) -> None:
    cells = [cell for cell in table.iterdescendants("td", "th", "caption", "table") if not tree.is_leaving(cell)]
    if len(cells) != 1 or cells[0].tag != "td":
        return
    for part in table.iterdescendants("tbody", "thead", "tfoot", "tr", "colgroup", "col"):
        tree.unwrap(part)
    tree.unwrap(table)
    cells[0].tag = "div"
    for name in ("colspan", "rowspan"):
        cells[0].attrib.pop(name, None)


def _undo_list(items: tree.Element) -> None:
    """Take the bullets from before pictures, where nothing else is in a list."""
    inside = list(items)
    if not inside or not tree.holds_few(items) or tree.text_of(items).strip():
        return
    if all(item.tag == "li" and item.find(".//img") is not None for item in inside):
        for element in (items, *inside):
            element.tag = "div"

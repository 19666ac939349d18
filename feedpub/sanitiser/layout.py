"""Layout: what old pages built of tables and lists to put a story or a picture somewhere is no table, no list."""

from __future__ import annotations

from feedpub.sanitiser import tree


def undo_layout(body: tree.Element) -> bool:
    """Make blocks of one-celled tables, of lists of bare pictures, and of captions without a figure; say if any was."""
    if not tree.elements(body, "table", "ul", "ol", "figcaption"):
        return False
    tables = [_undo_table(table) for table in reversed(tree.elements(body, "table"))]
    if any(tables):
        tree.sweep(body)
    lists = [_undo_list(items) for items in tree.elements(body, "ul", "ol")]
    captions = [each for each in tree.elements(body, "figcaption") if each.getparent().tag != "figure"]
    for caption in captions:
        _settle_caption(caption)
    return any(tables) or any(lists) or bool(captions)


def _settle_caption(caption: tree.Element) -> None:
    figure = next(caption.iterancestors("figure"), None)
    if figure is None or figure.find("figcaption") is not None:
        # Bahamut puts its pictures into captions.
        caption.tag = "div"
    else:
        tree.move_to_end(caption, figure)


def _undo_table(table: tree.Element) -> bool:
    cells = [cell for cell in table.iterdescendants("td", "th", "caption", "table") if not tree.is_leaving(cell)]
    if len(cells) != 1 or cells[0].tag != "td":
        return False
    for part in table.iterdescendants("tbody", "thead", "tfoot", "tr", "colgroup", "col"):
        tree.unwrap(part)
    tree.unwrap(table)
    cells[0].tag = "div"
    for name in ("colspan", "rowspan"):
        cells[0].attrib.pop(name, None)
    return True


def _undo_list(items: tree.Element) -> bool:
    """Take the bullets from before pictures, where nothing else is in a list."""
    inside = list(items)
    if not inside or not tree.holds_few(items) or tree.text_of(items).strip():
        return False
    if not all(item.tag == "li" and item.find(".//img") is not None for item in inside):
        return False
    for element in (items, *inside):
        element.tag = "div"
    return True

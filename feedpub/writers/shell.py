"""XML feeds and their entries, cut where the entries stand: as bytes, together they are the feed.

lxml indents an entry by its depth, and declares there the namespaces that nothing around it declares. So an entry
is written inside of bare elements such as a feed's, and these are cut off again.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lxml import etree  # type: ignore[import-untyped]

from feedpub.writers.fragments import Frame

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """The bare elements that a format's entries stand in."""

    root: Any  #: The outermost, of lxml; each holds the next one only. Copied and never changed.
    head: bytes  #: What is written before an entry,
    foot: bytes  #: and after it.


def make_shell(*names: str, namespaces: Mapping[str, str]) -> Shell:
    """Make the shell of elements of those *names*, the outermost first, which declares *namespaces* by prefix."""
    root = inner = etree.Element(names[0], nsmap=namespaces)
    for name in names[1:]:
        inner = etree.SubElement(inner, name)
    head, _, foot = _write_in(root, etree.Element("entry")).partition(b"<entry/>\n")
    # The indentation belongs to the entry.
    return Shell(root=root, head=head.rstrip(b" "), foot=foot)


def write_inside(shell: Shell, entry: Any) -> bytes:
    """Write an entry, an element of lxml's, as the lines that it takes in a feed."""
    return _cut(_write_in(shell.root, entry), head=shell.head, foot=shell.foot)


def cut_frame(shell: Shell, text: bytes) -> Frame:
    """Cut a feed without entries where they would stand."""
    return Frame(head=_cut(text, head=b"", foot=shell.foot), foot=shell.foot)


def _write_in(root: Any, entry: Any) -> bytes:
    # In half the time that it takes to declare the namespaces anew.
    copied = inner = copy.copy(root)
    while len(inner):
        inner = inner[0]
    inner.append(entry)
    text: bytes = etree.tostring(copied, encoding="utf-8", pretty_print=True, xml_declaration=False)
    return text


def _cut(text: bytes, *, head: bytes, foot: bytes) -> bytes:
    # A cut elsewhere would be a broken feed, kept for ever.
    if not (text.startswith(head) and text.endswith(foot)):
        raise ValueError(f"not between {head!r} and {foot!r}: {text[:200]!r}")
    return text[len(head) : len(text) - len(foot)]

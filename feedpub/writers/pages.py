"""A page for each channel, so that an address which people share is one they can read and subscribe to."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from lxml import etree  # type: ignore[import-untyped]

from feedpub.model import Document
from feedpub.urls import percent_encode
from feedpub.writers.fit import fit_channel
from feedpub.writers.formats import FILE_NAMES, GENERATOR, LABELS, MEDIA_TYPES, OPML_NAME, PAGE_NAME, stored_in
from feedpub.writers.nesting import Branch, branch_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from feedpub.model import Channel

MEDIA_TYPE = "text/html"

#: Colours are the browser's own, light or dark as the visitor likes it.
_STYLE = """
:root { color-scheme: light dark; font: 1rem/1.6 system-ui, sans-serif }
body { max-width: 40rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere }
li { margin: .25rem 0 }
li > a + a { margin-left: .6em; font-size: .85em }
"""


def write_page(channel: Channel, *, channels: Sequence[Channel], formats: Sequence[str]) -> Document:
    """Write the channel's page: its feeds, and those of the channels below it. The root's page has all.

    Raises:
        KeyError: no format of one of those names.
    """
    tree = _fit_branch(branch_of(channel, channels))
    language = tree.channel.language
    page = etree.Element("html", {"lang": language} if language else {})
    _add_head(page, tree.channel, formats=formats)
    body = _add_body(page, tree, formats=formats)
    root = next((other for other in channels if not other.folder), channel)
    _add_way(etree.SubElement(body, "p"), fit_channel(root), here=tree.channel)
    text = etree.tostring(page, method="html", encoding="utf-8", doctype="<!DOCTYPE html>", pretty_print=True)
    return Document(path=stored_in(channel, PAGE_NAME), type=MEDIA_TYPE, body=text)


def _fit_branch(branch: Branch) -> Branch:
    return Branch(fit_channel(branch.channel), tuple(map(_fit_branch, branch.below)))


def _add_head(page: Any, channel: Channel, *, formats: Sequence[str]) -> None:
    head = etree.SubElement(page, "head")
    etree.SubElement(head, "meta", charset="utf-8")
    etree.SubElement(head, "title").text = channel.title
    etree.SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    etree.SubElement(head, "meta", name="generator", content=GENERATOR)
    for name in formats:
        link = {"rel": "alternate", "type": MEDIA_TYPES[name], "href": FILE_NAMES[name], "title": LABELS[name]}
        etree.SubElement(head, "link", link)
    etree.SubElement(head, "style").text = _STYLE


def _add_body(page: Any, tree: Branch, *, formats: Sequence[str]) -> Any:
    body = etree.SubElement(page, "body")
    etree.SubElement(body, "h1").text = tree.channel.title
    if tree.channel.description:
        etree.SubElement(body, "p").text = tree.channel.description
    _add_list(body, (tree,), here=tree.channel, formats=formats)
    return body


def _add_way(parent: Any, root: Channel, *, here: Channel) -> None:
    """Lead on from here: from the root to the list for readers, from elsewhere to the root."""
    if here.folder:
        _add_link(parent, root.title, _relative(root, PAGE_NAME, here=here))
    else:
        _add_link(parent, "OPML", OPML_NAME)


def _add_list(parent: Any, branches: Iterable[Branch], *, here: Channel, formats: Sequence[str]) -> None:
    items = etree.SubElement(parent, "ul")
    for branch in branches:
        item = etree.SubElement(items, "li")
        _add_link(item, branch.channel.label or branch.channel.title, _relative(branch.channel, PAGE_NAME, here=here))
        for name in formats:
            _add_link(item, LABELS[name], _relative(branch.channel, FILE_NAMES[name], here=here))
        if branch.below:
            _add_list(item, branch.below, here=here, formats=formats)


def _add_link(parent: Any, text: str, href: str) -> None:
    link = etree.SubElement(parent, "a", href=href)
    link.text, link.tail = text, " "


def _relative(channel: Channel, name: str, *, here: Channel) -> str:
    # Without a root of its own, `relpath` would ask for the working directory.
    target = posixpath.relpath(f"/{stored_in(channel, name)}", f"/{here.folder}")
    return percent_encode(target)

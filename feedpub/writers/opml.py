"""OPML 2.0 (http://opml.org/spec2.opml): all feeds in one file, for readers to import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import etree  # type: ignore[import-untyped]

from feedpub.model import Document
from feedpub.text import one_line
from feedpub.writers.fit import fit_channel
from feedpub.writers.formats import GENERATOR, OPML_NAME, XML_DECLARATION, feed_url
from feedpub.writers.nesting import nest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from feedpub.model import Channel
    from feedpub.writers.nesting import Branch

MEDIA_TYPE = "text/x-opml"


def write_opml(channels: Sequence[Channel], *, title: str, format: str) -> Document:  # noqa: A002
    """Write a subscription list of the channels' feeds of that format, nested as the categories are.

    Raises:
        KeyError: no format of that name.
    """
    root = etree.Element("opml", version="2.0")
    # OPML has no name for who wrote it.
    root.append(etree.Comment(f" {GENERATOR} "))
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = one_line(title)
    body = etree.SubElement(root, "body")
    _add_outlines(body, nest(tuple(map(fit_channel, channels))), name=format)
    text = etree.tostring(root, encoding="utf-8", pretty_print=True, xml_declaration=False)
    return Document(path=OPML_NAME, type=MEDIA_TYPE, body=XML_DECLARATION + text)


def _add_outlines(parent: Any, branches: Iterable[Branch], *, name: str) -> None:
    for branch in branches:
        place = parent
        if branch.below:
            # Readers look for no feeds below a feed, so a category with others below it is a folder
            # in which its own feed comes first.
            label = branch.channel.label or branch.channel.title
            place = etree.SubElement(parent, "outline", text=label, title=label)
        _add_subscription(place, branch.channel, name=name)
        _add_outlines(place, branch.below, name=name)


def _add_subscription(parent: Any, channel: Channel, *, name: str) -> None:
    etree.SubElement(
        parent,
        "outline",
        # Whatever the format: the type says "a feed", and readers skip every other word.
        type="rss",
        text=channel.title,
        title=channel.title,
        xmlUrl=feed_url(channel, name),
        htmlUrl=channel.url,
    )

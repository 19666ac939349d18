"""Links: where they lead is settled, and a link that leads nowhere becomes its text."""

from __future__ import annotations

from feedpub.sanitiser import tree
from feedpub.sanitiser.addresses import link_url
from feedpub.urls import absolute


def settle_links(body: tree.Element, *, base: str | None) -> None:
    """Settle the address of each link and citation."""
    links = tree.elements(body, "a")
    for link in links:
        url = link_url(link.get("href", ""), base_url=base) if link.get("href") else None
        if url is None:
            tree.unwrap(link)
        else:
            link.set("href", url)
    if links:
        tree.sweep(body)
    for element in tree.elements(body, "blockquote", "q", "ins", "del"):
        _settle_cite(element, base)


def _settle_cite(element: tree.Element, base: str | None) -> None:
    cite = absolute(element.attrib.pop("cite", ""), base=base)
    if cite:
        element.set("cite", cite)

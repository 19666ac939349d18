"""Links: where they lead is settled, and a link that leads nowhere becomes its text."""

from __future__ import annotations

from dataclasses import replace

from feedpub.sanitiser import tree
from feedpub.sanitiser.addresses import link_url
from feedpub.sanitiser.rules import KEEP, Change, Rules
from feedpub.urls import absolute, encode_as_browsers

_CITING = ("blockquote", "q", "ins", "del")


def settle_links(body: tree.Element, *, base: str | None, rules: Rules) -> list[Change]:
    """Settle the address of each link and citation."""
    changes = []
    found = tree.elements(body, "a", *_CITING)
    links = [element for element in found if element.tag == "a"]
    for link in links:
        before = link.get("href", "")
        url = link_url(before, base_url=base, rules=rules) if before else None
        if url is None:
            tree.unwrap(link)
        else:
            link.set("href", url)
        if before and tree.MADE not in link.attrib:
            changes.append(Change("a/href", before, url, "" if url else "leads nowhere"))
    if links:
        tree.sweep(body)
    for element in found:
        if element.tag in _CITING:
            _settle_cite(element, base)
    return changes


def retarget_quotes(body: tree.Element, changes: list[Change], *, target: str) -> list[Change]:
    """Let links to quote pages lead to *target*, and say so in the *changes* of the links."""
    if target == KEEP:
        return changes
    # Few sites have their links pointed elsewhere, and the table of all pages takes its time to load.
    from feedpub.sanitiser.quotes import retarget

    moved = {}
    for link in tree.elements(body, "a"):
        url = link.get("href")
        moved[url] = retarget(url, target=target)
        link.set("href", moved[url])
    return [replace(change, after=moved.get(change.after, change.after)) for change in changes]


def _settle_cite(element: tree.Element, base: str | None) -> None:
    cite = absolute(element.attrib.pop("cite", ""), base=base, encode=encode_as_browsers)
    if cite:
        element.set("cite", cite)

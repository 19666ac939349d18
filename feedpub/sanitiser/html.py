"""The passes, in their order: rewrite first, clean last, nothing after the gate but characters."""

from __future__ import annotations

from feedpub.sanitiser import boilerplate, images, links, media, source, stocks, tidy, tree
from feedpub.sanitiser.gate import let_through
from feedpub.sanitiser.rules import Rules, Sanitised, SanitiserError
from feedpub.text import xml_safe
from feedpub.urls import absolute

#: In characters. A page above it is a dump, or made to hurt.
MAX_SIZE = 2_000_000


def sanitise(html: str, *, base_url: str | None, rules: Rules) -> Sanitised:
    """Clean a page (`sanitiser.sanitise` says what that means)."""
    body = tree.parse(_readable(html))
    # Held, since lxml would make its objects anew in each pass.
    held = tree.elements(body)
    removed = tree.flatten(body) if len(held) > tree.MAX_DEPTH else []
    base = _take_base(body, base_url)
    removed += boilerplate.drop_dead(body)
    removed += boilerplate.drop_boilerplate(body)
    removed += media.link_players(body, base=base)
    removed += images.show_images(body, base=base, rules=rules)
    removed += media.show_media(body, base=base, rules=rules)
    links.settle_links(body, base=base)
    # Symbols stand in comments too: those are dropped here and not earlier, to keep document order.
    symbols = stocks.read_symbols(body)
    tree.drop_comments(body)
    tidy.tidy(body)
    clean = let_through(xml_safe(tree.serialise(body))).strip(" \n\t")
    return Sanitised(
        html=clean,
        symbols=symbols,
        images=images.shown(body),
        removed=tuple(dict.fromkeys(removed)),
    )


def _readable(html: str) -> str:
    if len(html) > MAX_SIZE:
        raise SanitiserError(f"{len(html)} characters of HTML, more than {MAX_SIZE}")
    # HTML reads line ends so (section 13.2.3.5); a form feed is a blank to it, and forbidden in XML.
    return source.mend(xml_safe(html.replace("\r\n", "\n").replace("\r", "\n").replace("\f", " ")))


def _take_base(body: tree.Element, base_url: str | None) -> str | None:
    """Return where relative addresses start: at the first `<base href>`, itself relative to the page."""
    bases = tree.elements(body, "base")
    found = (absolute(base.get("href", ""), base=base_url) for base in bases if "href" in base.attrib)
    start = next((url for url in found if url), None)
    for base in bases:
        tree.drop(base)
    if bases:
        tree.sweep(body)
    return start or base_url

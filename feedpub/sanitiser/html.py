"""The passes, in their order: rewrite first, clean last, nothing after the gate but characters."""

from __future__ import annotations

from dataclasses import replace

from feedpub.sanitiser import (
    boilerplate,
    captions,
    depth,
    formulas,
    images,
    layout,
    limits,
    links,
    media,
    source,
    stocks,
    tidy,
    tree,
)
from feedpub.sanitiser.gate import let_through
from feedpub.sanitiser.rules import Rules, Sanitised
from feedpub.text import mend_controls, xml_safe
from feedpub.urls import absolute

#: What shows a file, or may.
_FILES = frozenset(("img", "image", "noscript", "iframe", "embed", "object", "video", "audio", "source"))


def sanitise(html: str, *, base_url: str | None, rules: Rules) -> Sanitised:
    """Clean a page (`sanitiser.sanitise` says what that means)."""
    body = tree.parse(_readable(html))
    # Held, since lxml would make its objects anew in each pass.
    held = tree.elements(body)
    limits.check(len(held), "elements", limits.ELEMENTS)
    limits.check(sum(element.tag in _FILES for element in held), "pictures and films", limits.FILES)
    flattened = depth.flatten(body) if depth.may_be_deep(held) else []
    base = _take_base(body, base_url)
    frames, players = media.link_players(body, base=base, rules=rules)
    if any(element.tag in formulas.TAGS for element in held):
        formulas.write_formulas(body)
    dead = boilerplate.drop_dead(body)
    around, unseen = boilerplate.drop_boilerplate(body, base=base_url, rules=rules.boilerplate)
    unplayable, played = media.show_media(body, base=base, rules=rules)
    pictures, shown = images.show_images(body, base=base, rules=rules)
    followed = links.settle_links(body, base=base, rules=rules)
    # Symbols stand in comments too: those are dropped here and not earlier, to keep document order.
    symbols = stocks.read_symbols(body)
    tree.drop_comments(body)
    captions.make_figures(body)
    followed = links.retarget_quotes(body, followed, target=rules.stock_target)
    moved = tidy.tidy(body)
    moved |= layout.undo_layout(body)
    # A player's link is told of with the player.
    made = {change.after for change in players}
    clean = Sanitised(
        html=_serialise(body),
        symbols=symbols,
        images=images.shown(body),
        removed=tuple(dict.fromkeys((*flattened, *frames, *dead, *around, *unplayable, *pictures))),
        changes=(*shown, *players, *played, *(change for change in followed if change.before not in made), *unseen),
    )
    return _again(clean, base_url, rules) if moved else clean


def _again(clean: Sanitised, base_url: str | None, rules: Rules) -> Sanitised:
    """Clean once more where elements changed their place or kind: as what they are now, a rule may mean them."""
    page = sanitise(clean.html, base_url=base_url, rules=rules)
    removed = tuple(dict.fromkeys((*clean.removed, *page.removed)))
    return replace(clean, html=page.html, images=page.images, removed=removed)


def _serialise(body: tree.Element) -> str:
    settled = tree.serialise(body)
    limits.check(settled.count("&"), "character references", limits.REFERENCES)
    return let_through(settled).strip(" \n\t")


def _readable(html: str) -> str:
    html = source.shorten_data(html)
    if len(html) > limits.SIZE:
        html = source.without_raw(html)
    limits.check(len(html), "characters of HTML", limits.SIZE)
    limits.check(source.most_attributes(html), "attributes of one tag", limits.ATTRIBUTES)
    # HTML reads line ends so (section 13.2.3.5); a form feed is a blank to it, and forbidden in XML.
    lines = html.replace("\r\n", "\n").replace("\r", "\n").replace("\f", " ")
    return source.mend(xml_safe(mend_controls(lines)))


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

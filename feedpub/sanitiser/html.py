"""The passes, in their order: rewrite first, clean last, nothing after the gate but characters."""

from __future__ import annotations

from feedpub.sanitiser import boilerplate, captions, images, links, media, source, stocks, tidy, tree
from feedpub.sanitiser.gate import let_through
from feedpub.sanitiser.rules import Rules, Sanitised, SanitiserError
from feedpub.text import mend_controls, xml_safe
from feedpub.urls import absolute

#: In characters. A page above it is a dump, or made to hurt.
MAX_SIZE = 2_000_000
#: A long article has some thousands; each costs some fifteen microseconds, a picture four times as much.
MAX_ELEMENTS = 30_000
MAX_IMAGES = 5_000
_FETCHED = ("img", "image", "noscript", "iframe", "embed", "object", "video", "audio", "source")
#: In one tag. libxml2 compares each with all others.
MAX_ATTRIBUTES = 2_000
#: Of "&" in what comes out: html5ever takes longer for each than for the one before.
MAX_REFERENCES = 100_000


def sanitise(html: str, *, base_url: str | None, rules: Rules) -> Sanitised:
    """Clean a page (`sanitiser.sanitise` says what that means)."""
    body = tree.parse(_readable(html))
    # Held, since lxml would make its objects anew in each pass.
    held = tree.elements(body)
    _check_number(len(held), "elements", MAX_ELEMENTS)
    _check_number(len(tree.elements(body, *_FETCHED)), "pictures and films", MAX_IMAGES)
    flattened = tree.flatten(body) if len(held) > tree.MAX_DEPTH else []
    base = _take_base(body, base_url)
    frames, players = media.link_players(body, base=base, rules=rules)
    dead = boilerplate.drop_dead(body)
    around = boilerplate.drop_boilerplate(body, base=base_url, rules=rules.boilerplate)
    pictures, shown = images.show_images(body, base=base, rules=rules)
    unplayable, played = media.show_media(body, base=base, rules=rules)
    followed = links.settle_links(body, base=base, rules=rules)
    # Symbols stand in comments too: those are dropped here and not earlier, to keep document order.
    symbols = stocks.read_symbols(body)
    tree.drop_comments(body)
    captions.make_figures(body)
    followed = links.retarget_quotes(body, followed, target=rules.stock_target)
    tidy.tidy(body)
    settled = xml_safe(tree.serialise(body))
    _check_number(settled.count("&"), "character references", MAX_REFERENCES)
    clean = let_through(settled).strip(" \n\t")
    return Sanitised(
        html=clean,
        symbols=symbols,
        images=images.shown(body),
        removed=tuple(dict.fromkeys((*flattened, *frames, *dead, *around, *pictures, *unplayable))),
        changes=(*shown, *players, *played, *followed),
    )


def _check_number(number: int, of: str, most: int) -> None:
    if number > most:
        raise SanitiserError(f"{number} {of}, more than {most}")


def _readable(html: str) -> str:
    html = source.shorten_data(html)
    if len(html) > MAX_SIZE:
        raise SanitiserError(f"{len(html)} characters of HTML, more than {MAX_SIZE}")
    _check_number(source.most_attributes(html), "attributes of one tag", MAX_ATTRIBUTES)
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

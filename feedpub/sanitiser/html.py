"""The passes, in their order: rewrite first, clean last, nothing after the gate but characters."""

from __future__ import annotations

from collections.abc import Iterable
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
    noscript,
    source,
    steps,
    stocks,
    tidy,
    tree,
)
from feedpub.sanitiser.gate import let_through
from feedpub.sanitiser.rules import Rules, Sanitised, SanitiserError
from feedpub.sanitiser.steps import Steps
from feedpub.urls import absolute

#: What shows a file, or may.
_FILES = frozenset((*images.TAGS, *media.TAGS, "noscript"))
#: How often a page is cleaned that changes in each pass. Two have been enough for whatever was tried.
_PASSES = 4


def sanitise(html: str, *, base_url: str | None, rules: Rules) -> Sanitised:
    """Clean a page (`sanitiser.sanitise` says what that means)."""
    return steps.finish(_sanitise(html, base_url, rules))


def sanitise_all(pages: Iterable[tuple[str, str | None]], *, rules: Rules) -> list[Sanitised | SanitiserError]:
    """Clean many pages (`sanitiser.sanitise_all` says what that means)."""
    return [
        clean
        for group in steps.group(pages)
        for clean in steps.finish_all(_sanitise(html, base_url, rules) for html, base_url in group)
    ]


def _sanitise(html: str, base_url: str | None, rules: Rules) -> Steps[Sanitised]:
    clean, moved = yield from _clean(html, base_url, rules)
    # Where elements changed their place or kind, a rule may mean them as what they are now.
    for _ in range(_PASSES if moved else 0):
        page, moved = yield from _clean(clean.html, base_url, rules)
        clean = _join(clean, page)
        if not moved:
            break
    return clean


def _join(first: Sanitised, second: Sanitised) -> Sanitised:
    gone = tuple(change for change in second.changes if change.after is None)
    removed = tuple(dict.fromkeys((*first.removed, *second.removed)))
    return replace(first, html=second.html, images=second.images, removed=removed, changes=first.changes + gone)


def _clean(html: str, base_url: str | None, rules: Rules) -> Steps[tuple[Sanitised, bool]]:
    """Clean a page once; say whether elements changed their place or kind."""
    body, held, tags = yield from _read(html)
    # What a page has none of need not be looked for.
    flattened = depth.flatten(body) if depth.may_be_deep(held) else []
    base = _take_base(body, base_url) if "base" in tags else base_url
    asked, unseen = boilerplate.drop_asked(body, base=base_url, rules=rules.boilerplate)
    frames, players = media.link_players(body, base=base, rules=rules) if tags & media.FRAMES.keys() else ([], [])
    if tags & formulas.TAGS:
        formulas.write_formulas(body)
    yield
    dead = boilerplate.drop_dead(body) if tags & boilerplate.DEAD_OR_RENAMED else []
    around, unshown = boilerplate.drop_boilerplate(body)
    yield
    unplayable, played = media.show_media(body, base=base, rules=rules) if tags & media.PLAYED else ([], [])
    pictures, shown = images.show_images(body, base=base, rules=rules)
    yield
    followed = links.settle_links(body, base=base, rules=rules)
    yield
    # Symbols stand in comments too: those are dropped here and not earlier, to keep document order.
    symbols = stocks.read_symbols(body)
    tree.drop_comments(body)
    yield
    # Further on the text is only moved and cut.
    may_say = boilerplate.may_hold_lines(body)
    said, _ = boilerplate.drop_lines(body) if may_say else ([], [])
    yield
    captions.make_figures(body)
    followed = links.retarget_quotes(body, followed, target=rules.stock_target)
    yield
    moved = yield from tidy.tidy(body)
    moved |= layout.undo_layout(body)
    # What was hidden in a heap of empty elements is a line now.
    left, _ = boilerplate.drop_lines(body) if may_say else ([], [])
    yield
    settled, found = _serialise(body), images.shown(body)
    # The gate has a parser and a tree of its own, and a processor's caches do not hold both.
    del body, held
    yield
    clean = Sanitised(
        html=let_through(settled).strip(" \n\t"),
        symbols=symbols,
        images=found,
        removed=tuple(
            dict.fromkeys((*flattened, *asked, *frames, *dead, *around, *unplayable, *pictures, *said, *left))
        ),
        changes=(*shown, *players, *played, *followed, *unseen, *unshown),
    )
    return clean, moved or bool(left)


def _read(html: str) -> Steps[tuple[tree.Element, list[tree.Element], set[str]]]:
    """Parse a page; its elements come along, since lxml would make its objects anew in each pass, and their tags."""
    readable = _readable(html)
    yield
    body = tree.parse(readable)
    held = tree.elements(body)
    tags = {element.tag for element in held}
    if "noscript" in tags:
        noscript.open_noscripts(body)
        held = tree.elements(body)
        tags = {element.tag for element in held}
    limits.check(len(held), "elements", limits.ELEMENTS)
    if len(held) > limits.FILES:
        limits.check(sum(element.tag in _FILES for element in held), "pictures and films", limits.FILES)
    return body, held, tags


def _serialise(body: tree.Element) -> str:
    settled = tree.serialise(body)
    limits.check(settled.count("&"), "character references", limits.REFERENCES)
    return settled


def _readable(html: str) -> str:
    html = source.shorten_data(html)
    if len(html) > limits.SIZE:
        html = source.without_raw(html)
    limits.check(len(html), "characters of HTML", limits.SIZE)
    limits.check(source.most_attributes(html), "attributes of one tag", limits.ATTRIBUTES)
    return source.mend(source.settle_characters(html))


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

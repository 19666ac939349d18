"""What surrounds a story without being it. The rules are data, by site; in doubt a block stays."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from feedpub.sanitiser import tree
from feedpub.sanitiser.hosts import is_among
from feedpub.sanitiser.rules import Boilerplate, Change
from feedpub.sanitiser.selectors import Selector, parse_selector, read_selector, wildcard
from feedpub.sanitiser.sites import LETTERS, SIGNS, SITES
from feedpub.urls import host_of

#: Elements that go with all they hold, wherever they stand.
DEAD = (
    *("script", "style", "template", "title", "noembed", "noframes", "object", "embed", "applet"),
    *("select", "datalist", "button", "input", "canvas", "link", "meta", "param", "track", "map", "frame"),
)
#: Foreign content goes, but for what an unclosed tag has swallowed of the story.
FOREIGN = ("svg", "math")
_STORY = ("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre", "img")

#: A file that nobody can show leaves the picture in its place; its words are for old browsers.
_KEPT_OF = {**dict.fromkeys(FOREIGN, _STORY), "object": ("img",)}

#: Blocks that the gate does not know, and what they become: without a block their text would run on.
RENAMED = {
    **dict.fromkeys(("center", "form", "fieldset", "legend", "dialog", "marquee", "hgroup", "search"), "div"),
    **dict.fromkeys(("frameset", "noframes", "textarea"), "div"),
    **dict.fromkeys(("xmp", "plaintext", "listing"), "pre"),
    **dict.fromkeys(("menu", "dir"), "ul"),
    "amp-video": "video",
    "amp-audio": "audio",
    "tt": "code",
    "strike": "s",
}

_DEAD_OR_FOREIGN = frozenset({*DEAD, *FOREIGN})
DEAD_OR_RENAMED = _DEAD_OR_FOREIGN | RENAMED.keys()

#: In characters. A rule of ours that would take more than this, and most of a page, must have been meant
#: for another site.
_MUCH = 200


@dataclass(frozen=True)
class _Index:
    """Selectors by what makes them worth asking: most elements have nothing of it."""

    by_class: dict[str, list[Selector]]
    by_id: dict[str, list[Selector]]
    by_tag: dict[str, list[Selector]]
    any_id: re.Pattern[str] | None  #: Of the ids with "*" in them.
    loose: list[Selector]

    def candidates(self, body: tree.Element) -> list[tree.Element]:
        """List the elements that a selector may mean: every element of every article is asked, and hardly any is."""
        if self.loose:
            return tree.elements(body)
        if not self.by_class and not self.by_id:
            return tree.elements(body, *self.by_tag)
        return [each for each in tree.elements(body) if each.attrib or each.tag in self.by_tag]

    def find(self, element: tree.Element) -> Selector | None:
        """Return the first selector that means an element."""
        if self.by_class and (names := element.get("class")):
            for name in names.split():
                if name in self.by_class and (found := _first(self.by_class[name], element)):
                    return found
        if self.by_id and (name := element.get("id")) and (found := self._find_id(name, element)):
            return found
        if element.tag in self.by_tag and (found := _first(self.by_tag[element.tag], element)):
            return found
        return _first(self.loose, element) if self.loose else None

    def _find_id(self, name: str, element: tree.Element) -> Selector | None:
        selectors = self.by_id.get(name, [])
        if self.any_id and self.any_id.fullmatch(name):
            selectors = selectors + self.by_id["*"]
        return _first(selectors, element)


def _first(selectors: Iterable[Selector], element: tree.Element) -> Selector | None:
    for selector in selectors:
        if selector.matches(element):
            return selector
    return None


def drop_dead(body: tree.Element) -> list[str]:
    """Drop what is no text for readers, and rename what would run on without its block."""
    removed: list[str] = []
    found = tree.elements_among(body, DEAD_OR_RENAMED)
    for element in found:
        if element.tag in RENAMED:
            element.tag = RENAMED[element.tag]
    # From the last to the first: what stands in another one goes before it.
    for element in reversed([each for each in found if each.tag in _DEAD_OR_FOREIGN]):
        removed.append(str(element.tag))
        kept = _KEPT_OF.get(element.tag)
        if kept and any(True for _ in element.iter(*kept)):
            tree.unwrap(element)
        else:
            tree.drop(element)
    if removed:
        tree.sweep(body)
    return removed[::-1]


def drop_asked(
    body: tree.Element, *, base: str | None, rules: tuple[Boilerplate, ...]
) -> tuple[list[str], list[Change]]:
    """Drop what the operator's rules for the page's host name, before anything else changes what it is."""
    own = _own(rules, host_of(base or "")) if rules else None
    return _drop(body, own, is_ours=False) if own else ([], [])


def drop_boilerplate(body: tree.Element) -> tuple[list[str], list[Change]]:
    """Drop what the rules of the sites name by its classes and ids."""
    return _drop(body, _shipped(lines=False), is_ours=True)


def may_hold_lines(body: tree.Element) -> bool:
    """Say whether a page may hold one of the sites' lines, even once what stands between its words has gone."""
    text = tree.text_of(body)
    return any(letter in text for letter in LETTERS)


def drop_lines(body: tree.Element) -> tuple[list[str], list[Change]]:
    """Drop blocks that say one of the sites' lines and nothing else: when what showed nothing has gone from them."""
    text = tree.text_of(body)
    return _drop(body, _shipped(lines=True), is_ours=True) if any(sign in text for sign in SIGNS) else ([], [])


def _drop(body: tree.Element, index: _Index, *, is_ours: bool) -> tuple[list[str], list[Change]]:
    """Drop what selectors mean. Of ours, none may take the most of a page."""
    removed: list[str] = []
    changes: list[Change] = []
    gone: set[tree.Element] = set()
    for element in index.candidates(body):
        selector = index.find(element)
        if selector and element not in gone and (not is_ours or _is_minor(element, body)):
            removed.append(_word(selector, element))
            changes += _addresses(element, removed[-1])
            gone.update(element.iter("*") if len(element) else (element,))
            tree.drop(element)
    if removed:
        tree.sweep(body)
    return removed, changes


def _addresses(element: tree.Element, word: str) -> list[Change]:
    """List what an element links to and shows."""
    if not len(element) and element.tag not in ("img", "a"):
        return []
    places = ((found, "src" if found.tag == "img" else "href") for found in element.iter("img", "a"))
    return [Change(f"{found.tag}/{name}", found.get(name), None, word) for found, name in places if found.get(name)]


def _is_minor(element: tree.Element, body: tree.Element) -> bool:
    size = len(tree.text_of(element))
    return size <= _MUCH or 2 * size <= len(tree.text_of(body))


def _word(selector: Selector, element: tree.Element) -> str:
    if _is_line(selector):
        return f"boilerplate {tree.text_of(element).strip()[:12]}"
    return f"boilerplate {selector.source.partition(':text(')[0]}"


@lru_cache(maxsize=2)
def _shipped(*, lines: bool) -> _Index:
    selectors = (read_selector(source) for site in SITES for source in site.remove)
    return _index(each for each in selectors if _is_line(each) is lines)


def _is_line(selector: Selector) -> bool:
    return bool(selector.compound.text and not selector.compound.ids)


@lru_cache(maxsize=256)
def _own(rules: tuple[Boilerplate, ...], host: str) -> _Index | None:
    sources = [source for rule in rules if is_among(rule.match, host) for source in rule.remove]
    return _index(map(parse_selector, sources)) if sources else None


def _index(selectors: Iterable[Selector]) -> _Index:
    by_class: dict[str, list[Selector]] = {}
    by_id: dict[str, list[Selector]] = {}
    by_tag: dict[str, list[Selector]] = {}
    loose: list[Selector] = []
    wild: list[str] = []
    for selector in selectors:
        compound = selector.compound
        plain = next((name for name in compound.classes if "*" not in name), None)
        if plain:
            by_class.setdefault(plain, []).append(selector)
        elif compound.ids:
            name = compound.ids[0]
            wild += [name] if "*" in name else []
            by_id.setdefault("*" if "*" in name else name, []).append(selector)
        elif compound.tag:
            by_tag.setdefault(compound.tag, []).append(selector)
        else:
            loose.append(selector)
    any_id = re.compile("|".join(wildcard(name).pattern for name in wild), re.DOTALL | re.IGNORECASE) if wild else None
    return _Index(by_class=by_class, by_id=by_id, by_tag=by_tag, any_id=any_id, loose=loose)

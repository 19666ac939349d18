"""What surrounds a story without being it. The rules are data, by site; in doubt a block stays."""

from __future__ import annotations

import re
from dataclasses import dataclass

from feedpub.sanitiser import tree


@dataclass(frozen=True, slots=True)
class Site:
    """What a site puts around its stories."""

    name: str
    classes: tuple[str, ...] = ()  #: Elements of these go with all they hold.
    ids: tuple[str, ...] = ()  #: The same, by `id`; "*" at the end stands for anything.
    empty: tuple[str, ...] = ()  #: Elements of these classes go where they hold nothing to see.
    blocks: tuple[str, ...] = ()  #: Patterns that the whole text of a paragraph must match.


SITES = (
    Site(
        "Sina",
        classes=("appendQr_wrap", "app-kaihu-qr", "article-editor", "show_author", "article_adlist"),
        ids=("quote_*", "usquote_*"),
        empty=("img_descr",),
        blocks=(
            "海量资讯、精准解读，尽在新浪财经APP",
            r"(?:【?\s*)责任编辑\s*[:：]\s*[^\s，。]{2,8}(?:\s*】)?",
            "【纠错】",
        ),
    ),
    Site("ZAKER", ids=("recommend_bottom", "article_bottom")),
    Site("Juejin", classes=("copy-code-btn",)),
    Site("KaTeX", classes=("katex-mathml",)),
    Site("Jianshu", classes=("image-container-fill",), empty=("image-caption",)),
    Site("Bahamut", classes=("platform-tag",)),
    Site("DockOne", empty=("aw-upload-img-list", "aw-upload-file-list")),
    Site("OSChina", classes=("ad-wrap",)),
)

#: Elements that go with all they hold, wherever they stand.
DEAD = (
    *("script", "style", "template", "title", "noembed", "noframes", "object", "embed", "applet"),
    *("select", "datalist", "button", "input", "canvas", "link", "meta", "param", "track", "map", "frame"),
)
#: Foreign content goes, but for what an unclosed tag has swallowed of the story.
FOREIGN = ("svg", "math")
_STORY = ("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre", "img")

#: Blocks that the gate does not know, and what they become: without a block their text would run on.
RENAMED = {
    **dict.fromkeys(("center", "form", "fieldset", "legend", "dialog", "marquee", "hgroup", "search"), "div"),
    **dict.fromkeys(("frameset", "noframes", "textarea"), "div"),
    **dict.fromkeys(("xmp", "plaintext", "listing"), "pre"),
    **dict.fromkeys(("menu", "dir"), "ul"),
    "tt": "code",
    "strike": "s",
}

_DEAD_OR_FOREIGN = frozenset({*DEAD, *FOREIGN})
_CLASSES = {name: f"boilerplate .{name}" for site in SITES for name in site.classes}
_EMPTY = {name for site in SITES for name in site.empty}
_IDS = {name.rstrip("*"): (f"boilerplate #{name}", name.endswith("*")) for site in SITES for name in site.ids}
_BLOCK = re.compile("|".join(f"(?:{pattern})" for site in SITES for pattern in site.blocks))
_LONGEST_BLOCK = 40


def drop_dead(body: tree.Element) -> list[str]:
    """Drop what is no text for readers, and rename what would run on without its block."""
    removed: list[str] = []
    for element in tree.elements_among(body, RENAMED):
        element.tag = RENAMED[element.tag]
    # From the last to the first: what stands in another one goes before it.
    for element in reversed(tree.elements_among(body, _DEAD_OR_FOREIGN)):
        removed.append(str(element.tag))
        if element.tag in FOREIGN and any(True for _ in element.iter(*_STORY)):
            tree.unwrap(element)
        else:
            tree.drop(element)
    if removed:
        tree.sweep(body)
    return removed[::-1]


def drop_boilerplate(body: tree.Element) -> list[str]:
    """Drop what the rules of the sites name."""
    removed = []
    gone: set[tree.Element] = set()
    for element in tree.elements(body):
        word = None if element in gone else _boilerplate(element)
        if word:
            removed.append(word)
            gone.update(element.iter("*"))
            tree.drop(element)
    if removed:
        tree.sweep(body)
    return removed


def _boilerplate(element: tree.Element) -> str | None:
    names, name = element.get("class"), element.get("id")
    if names and (word := _by_class(element, names.split())):
        return word
    if name and (word := _by_id(name)):
        return word
    return _by_text(element) if element.tag == "p" else None


def _by_class(element: tree.Element, names: list[str]) -> str | None:
    for name in names:
        if name in _CLASSES:
            return _CLASSES[name]
        if name in _EMPTY and tree.is_empty(element):
            return f"boilerplate .{name}"
    return None


def _by_id(value: str) -> str | None:
    word, _ = _IDS.get(value, (None, False))
    if word is None and "_" in value:
        word, prefix = _IDS.get(value[: value.index("_") + 1], (None, False))
        return word if prefix else None
    return word


def _by_text(element: tree.Element) -> str | None:
    # A paragraph's first text alone is too long for a rule as a rule; to gather all of it takes longer.
    if len(element) > 2 or len((element.text or "").strip()) > _LONGEST_BLOCK:
        return None
    text = tree.text_of(element).strip()
    if not text or len(text) > _LONGEST_BLOCK or not _BLOCK.fullmatch(text):
        return None
    return f"boilerplate {text[:12]}"

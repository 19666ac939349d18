"""Nothing empty stays, and no gap in the text closes."""

from __future__ import annotations

import re

from feedpub.sanitiser import nesting, tree
from feedpub.sanitiser.gate import TAGS, is_language
from feedpub.sanitiser.steps import Steps

#: Tags that say nothing without the style that goes; the most frequent of those that the gate takes off.
_BARE = ("span", "font", "noscript")
_INLINE = frozenset(
    {
        *("a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd"),
        *("label", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "strong", "sub", "sup", "time", "u", "var"),
    }
)
_HOLLOW = frozenset(
    {
        *("address", "article", "aside", "blockquote", "caption", "details", "dl", "div", "figcaption"),
        *("figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "main", "nav", "ol", "p"),
        *("picture", "pre", "section", "summary", "ul"),
    }
)
_MAY_BE_HOLLOW = _INLINE | _HOLLOW
_WRAPPERS = frozenset({"div", "section", "article", "main"})
#: "html" is the page itself.
_INDENTED = frozenset(
    {"html", "p", "div", "li", "dd", "blockquote", "figcaption", "td", "section", "article", "h1", "h2", "h3"}
)
_INDENT = "　 \t\n\xa0"
_BLANKS = re.compile(r"[ \t\n][ \t\n]+")


def tidy(body: tree.Element) -> Steps[bool]:
    """Drop what is empty, indents, and runs of blanks that HTML shows as one; answer as `nesting.settle` does."""
    _unwrap_unknown(body)
    yield
    moved = nesting.settle(body)
    yield
    found = tree.elements(body)
    hollow = [element for element in reversed(found) if element.tag in _MAY_BE_HOLLOW and _drop_hollow(element)]
    if hollow:
        tree.sweep(body)
        found = tree.elements(body)
    yield
    _smooth([body, *found])
    _trim_end(body)
    return moved


def _unwrap_unknown(body: tree.Element) -> None:
    """Take off the tags that the gate would, so that the texts which then meet are tidied too."""
    tree.unwrap_all(body, *_BARE)
    found = tree.elements(body)
    for element in found:
        language = element.get("lang") if element.attrib else None
        if language is not None and not is_language(language, of=element.tag):
            # nh3 puts the last attribute in the place of one that its filter drops.
            del element.attrib["lang"]
    unknown = [element for element in found if element.tag not in TAGS]
    for element in unknown:
        tree.unwrap(element)
    if unknown:
        tree.sweep(body)


def _drop_hollow(element: tree.Element) -> bool:
    """Drop an element that holds nothing; say whether it did."""
    first = element.text or ""
    if first and not first.isspace():
        return False
    texts = [first]
    for child in element:
        if not tree.is_leaving(child):
            return False
        texts += (child.text or "", child.tail or "")
    text = "".join(texts)
    hollow = _is_hollow(text)
    if hollow:
        (tree.unwrap if text and element.tag in _INLINE else tree.drop)(element)
    return hollow


def _is_hollow(text: str) -> bool:
    """Tell blanks that collapse, and an indent that indents nothing, from a gap (a no-break blank)."""
    return not text.strip(" \t\n") or ("　" in text and text.isspace())


def _outdent(block: tree.Element, text: str) -> None:
    """Drop the blanks, ideographic ones among them, before the first character of a paragraph, which begins so."""
    node = block
    while True:
        stripped = text.lstrip(_INDENT)
        if "　" in text[: len(text) - len(stripped)]:
            node.text = stripped
        if stripped or not len(node):
            return
        node = node[0]
        if node.tag not in _INLINE:
            return
        text = node.text or ""


def _outdent_line(line: tree.Element) -> None:
    text = line.tail or ""
    if text.lstrip(" \t\n")[:1] == "　":
        line.tail = text.lstrip(_INDENT)


def _trim_end(body: tree.Element) -> None:
    """Drop what is blank at the end of a page, and what holds nothing else."""
    parent = body
    while True:
        last = next(parent.iterchildren(reversed=True), None)
        if last is None:
            if parent is body or (parent.text or "").strip():
                return
            last, parent = parent, parent.getparent()
            parent.remove(last)
        elif (last.tail or "").strip():
            return
        elif last.tag == "br" or (last.tag in _HOLLOW and _is_blank(last)):
            parent.remove(last)
        elif last.tag in _WRAPPERS:
            parent = last
        else:
            return


def _is_blank(element: tree.Element) -> bool:
    if (element.text or "").strip() or not tree.holds_few(element):
        return False
    shown = any(child.tag in tree.SHOWN and child.tag != "br" for child in element.iter("*"))
    return not shown and not tree.text_of(element).strip()


def _smooth(page: list[tree.Element]) -> None:
    """Squeeze runs of blanks and drop indents; each reading of a text makes a new string of it, so in one walk.

    The *page* is its elements, in document order, itself the first.
    """
    verbatim = [element for element in page if element.tag == "pre"]
    kept = {node for pre in verbatim for node in pre.iter("*")}
    for element in page:
        tag, text, tail = element.tag, element.text, element.tail
        if text and _has_run(text) and element not in kept:
            element.text = text = _BLANKS.sub(_one_blank, text)
        if tail and len(tail) > 1 and _has_run(tail) and (element not in kept or tag == "pre"):
            element.tail = _BLANKS.sub(_one_blank, tail)
        if tag in _INDENTED:
            if not text or text[0] in _INDENT:
                _outdent(element, text or "")
        elif tail and tag == "br":
            _outdent_line(element)
    for pre in verbatim:
        # The parser of the gate, and of every reader, drops the first line end of `pre`: each time.
        pre.text = (pre.text or "").lstrip("\n")


def _has_run(text: str) -> bool:
    # Most texts are lines of words, which is seen in a third of the time that the pattern takes.
    return ("  " in text or "\n" in text or "\t" in text) and _BLANKS.search(text) is not None


def _one_blank(match: re.Match[str]) -> str:
    return "\n" if "\n" in match[0] else " "

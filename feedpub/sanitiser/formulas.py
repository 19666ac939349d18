"""Formulas: what TeX or MathML says stays as text, since the gate knows no MathML and no script draws it."""

from __future__ import annotations

from feedpub.sanitiser import tree

#: What draws a formula, around the element that says it.
_HOLDERS = frozenset({"katex", "MathJax", "MathJax_Display", "mathjax"})
_DRAWN = frozenset({"MathJax", "MathJax_Display", "MathJax_Preview", "MathJax_CHTML", "MathJax_SVG", "mjx-chtml"})
#: HTML within a formula: it was never closed, or is made to deceive.
_HTML = ("p", "div", "img", "table", "a", "style", "script", "ul", "ol", "pre", "blockquote")
#: What says a formula. Most pages have none of these.
TAGS = frozenset(("math", "script"))
_TOKENS = frozenset({"mi", "mn", "mo", "ms", "mtext"})
_DEEPEST = 30
#: In characters. Longer than any formula that somebody would read as text.
_LONGEST = 2_000


def write_formulas(body: tree.Element) -> None:
    """Put `code` in the place of each formula: its TeX, or its MathML on one line."""
    for math in tree.elements(body, "math"):
        if math.getparent() is not None and not any(True for _ in math.iter(*_HTML)):
            _write(math, _tex_of(math) or _line(math, _DEEPEST))
    for script in tree.elements(body, "script"):
        if (script.get("type") or "").lower().startswith("math/tex"):
            _drop_drawn(script)
            _write(script, script.text or "")


def _write(element: tree.Element, formula: str) -> None:
    text = " ".join(formula.split())
    holder = next((above for above in element.iterancestors() if _holds_formula(above)), element)
    # Wikipedia shows a picture of the formula beside it.
    if not text or len(text) > _LONGEST or holder.find(".//img") is not None:
        return
    holder.clear(keep_tail=True)
    holder.tag, holder.text = "code", text


def _holds_formula(element: tree.Element) -> bool:
    return element.tag == "mjx-container" or not _HOLDERS.isdisjoint((element.get("class") or "").split())


def _drop_drawn(script: tree.Element) -> None:
    """Drop what MathJax drew right before its script."""
    drawn = script.getprevious()
    while drawn is not None and not _DRAWN.isdisjoint((drawn.get("class") or "").split()):
        tree.drop(drawn)
        drawn = drawn.getprevious()


def _tex_of(math: tree.Element) -> str:
    for annotation in math.iter("annotation"):
        if "tex" in (annotation.get("encoding") or "").lower():
            return annotation.text or ""
    text = math.get("alttext") or ""
    return text.removeprefix("{\\displaystyle").removesuffix("}") if text.startswith("{\\displaystyle") else text


def _line(element: tree.Element, depth: int) -> str:
    """Write MathML (W3C MathML Core, section 3) on one line, as one would say it in plain text."""
    if element.tag in _TOKENS or depth == 0:
        return tree.text_of(element)
    if element.tag in ("annotation", "annotation-xml"):
        return ""
    parts = [_line(child, depth - 1) for child in element.iterchildren("*")]
    match (element.tag, parts):
        case ("mfrac", [above, below]):
            return f"{_group(above)}/{_group(below)}"
        case ("msup" | "mover", [base, above]):
            return f"{base}^{_group(above)}"
        case ("msub" | "munder", [base, below]):
            return f"{base}_{_group(below)}"
        case ("msubsup" | "munderover", [base, below, above]):
            return f"{base}_{_group(below)}^{_group(above)}"
        case ("mroot", [base, index]):
            return f"{_group(base)}^(1/{index})"
        case ("mfenced", _):
            return f"({', '.join(parts)})"
        case ("msqrt", _):
            return f"√{_group(''.join(parts))}"
        case ("mtr", _):
            return " ".join(parts) + "; "
    return "".join(parts)


def _group(text: str) -> str:
    return text if len(text.strip()) <= 1 or text.isalnum() else f"({text})"

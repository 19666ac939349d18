"""Pictures: the one that readers see is the one that the author meant, at its own address."""

from __future__ import annotations

import re
from functools import partial

from feedpub.sanitiser import tree
from feedpub.sanitiser.addresses import image_url
from feedpub.sanitiser.rules import Rules
from feedpub.sanitiser.srcset import largest, rewrite_srcset

#: Where a picture waits that a script would show; the first that holds an address wins.
LAZY = (
    *("data-original-src", "data-original", "data-lazy-src", "data-actualsrc", "data-actual-src"),
    *("data-src", "data-lazyload", "data-lazy", "data-url", "zoomfile", "file"),
)
LAZY_SETS = ("data-srcset", "data-lazy-srcset", "data-original-set")
_PLACES = frozenset({"src", *LAZY})

#: Scripts keep numbers, names and JSON in the same attributes.
_FETCHABLE = re.compile(
    r"\s*(?:(?:https?:)?[/\\]{2}\S|\.{0,2}/[^/\s]|\S+\.(?:jpe?g|png|gif|webp|avif|bmp)(?:[?#!@]|$))", re.IGNORECASE
)
_TINY = re.compile(r"\s*0*[01](?:\.0*)?(?:px)?\s*", re.IGNORECASE)
_TINY_STYLE = re.compile(
    r"(?:^|[;\s])(?:max-)?(?:width|height)\s*:\s*[01](?:px)?\s*(?:!important)?\s*(?:;|$)", re.IGNORECASE
)
_TINY_PATH = re.compile(r"/w[0-2]h[0-2]/")


def show_images(body: tree.Element, *, base: str | None, rules: Rules) -> list[str]:
    """Settle the address of each picture; drop trackers, placeholders and pictures said twice."""
    _open_noscripts(body)
    rewrite = partial(image_url, base_url=base, rules=rules)
    removed = [word for image in tree.elements(body, "img", "image") if (word := _settle(image, rewrite))]
    if removed:
        tree.sweep(body)
    removed += _drop_doubles(body)
    for source in tree.elements(body, "source"):
        if source.getparent().tag == "picture" and not _settle_set(source, rewrite):
            tree.unwrap(source)
    pictures = tree.elements(body, "picture")
    for picture in pictures:
        if picture.find(".//img") is None:
            tree.unwrap(picture)
    if removed or pictures:
        tree.sweep(body)
    return removed


def shown(body: tree.Element) -> tuple[str, ...]:
    """List the addresses of the pictures, in document order, each once."""
    return tuple(dict.fromkeys(image.get("src") for image in tree.elements(body, "img")))


def _open_noscripts(body: tree.Element) -> None:
    """Parse what a `noscript` holds as text: some crawlers escape it."""
    for noscript in tree.elements(body, "noscript"):
        text = noscript.text or ""
        if not len(noscript) and re.match(r"\s*<img\s", text):
            noscript.text = None
            noscript.extend(tree.elements(tree.parse(text), "img"))


def _settle(image: tree.Element, rewrite: partial[str | None]) -> str | None:
    image.tag = "img"
    if _is_tiny(image):
        tree.drop(image)
        return "tracking pixel"
    url = _waiting(image, rewrite)
    # Where a set waits for a script, `src` is what stands in for it: a blank picture, or a blurred one.
    stands_in = any(name in image.attrib for name in LAZY_SETS)
    if _settle_set(image, rewrite) and url is None and stands_in:
        url = largest(image.get("srcset"))
    url = url or rewrite(image.get("src", "")) or largest(image.get("srcset", ""))
    if url is None:
        tree.drop(image)
        return "placeholder picture"
    image.attrib.pop("src", None)
    image.set("src", url)
    # Hosts such as sinaimg.cn answer 403 to the address of a foreign page.
    image.attrib.pop("referrerpolicy", None)
    image.set("referrerpolicy", "no-referrer")
    return None


def _is_tiny(image: tree.Element) -> bool:
    sizes = (image.get("width"), image.get("height"))
    if any(size and _TINY.fullmatch(size) for size in sizes):
        return True
    if _TINY_STYLE.search(image.get("style", "")):
        return True
    return any(_TINY_PATH.search(value) for name, value in image.items() if name in _PLACES)


def _waiting(image: tree.Element, rewrite: partial[str | None]) -> str | None:
    attributes = dict(image.items())
    values = (attributes[name] for name in LAZY if name in attributes)
    urls = (rewrite(value) for value in values if _FETCHABLE.match(value))
    return next((url for url in urls if url), None)


def _settle_set(element: tree.Element, rewrite: partial[str | None]) -> bool:
    attributes = dict(element.items())
    values = (attributes[name] for name in (*LAZY_SETS, "srcset") if name in attributes)
    sets = (rewrite_srcset(value, rewrite) for value in values if value)
    found = next((value for value in sets if value), "")
    element.attrib.pop("srcset", None)
    if found:
        element.set("srcset", found)
    return bool(found)


def _drop_doubles(body: tree.Element) -> list[str]:
    """Drop from each `noscript` the picture that scripts would have shown, where it is shown already."""
    removed: list[str] = []
    noscripts = tree.elements(body, "noscript")
    if not noscripts:
        return removed
    known = {image.get("src") for image in tree.elements(body, "img") if not _is_fallback(image)}
    for noscript in noscripts:
        before = noscript.getprevious()
        follows = before is not None and before.tag in ("img", "picture") and not (before.tail or "").strip()
        for image in tree.elements(noscript, "img"):
            if follows or image.get("src") in known:
                tree.drop(image)
                removed.append("double picture")
    return removed


def _is_fallback(image: tree.Element) -> bool:
    return next(image.iterancestors("noscript"), None) is not None

"""Pictures: the one that readers see is the one that the author meant, at its own address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from feedpub.sanitiser import tree
from feedpub.sanitiser.addresses import find_picture, image_url
from feedpub.sanitiser.noscript import drop_doubles
from feedpub.sanitiser.rasters import is_raster_url, raster_url
from feedpub.sanitiser.rules import Change, Rules
from feedpub.sanitiser.srcset import largest, rewrite_srcset

#: Where a picture waits that a script would show; the first that holds an address wins.
LAZY = (
    *("data-original-src", "data-original", "data-lazy-src", "data-actualsrc", "data-actual-src"),
    *("data-src", "data-lazyload", "data-lazy", "zoomfile", "data-echo", "data-backsrc", "data-real-src"),
    *("data-hi-res-src", "data-full-src", "data-img-src", "data-croporisrc", "data-orig-file", "data-large-file"),
    *("data-ks-lazyload", "data-lazyload-src", "data-lazy-load-src", "data-ll-src", "data-cfsrc", "data-sf-src"),
    *("data-pagespeed-lazy-src", "data-defer-src", "data-flickity-lazyload", "data-ezsrc", "data-dejavu-src"),
    *("data-retina-src", "data-imgsrc", "data-image-src", "data-default-src", "data-delayed-src", "data-orig"),
    *("data-original-desktop", "data-original-url", "data-lazy-original", "data-lazyimg", "data-lazy-img"),
    *("pagespeed_high_res_src", "datasrc", "load-src", "bpic", "_src", "real_src", "realsrc", "lazysrc"),
    *("lazy-src", "lay-src", "ess-data", "file-src", "ng-src", "v-lazy", "data-wp-src"),
)
#: Names that may say something else too, larger copies, and what was the picture in old pages: asked where there is
#: nothing else.
LAST = (
    *("file", "original", "data-url", "data-img", "data-image", "data-imgurl", "data-srcurl", "data-picture"),
    *("data-origin", "data-pic", "data-file", "data-cover", "big-src", "data-large-src", "data-src-large"),
    *("data-hires", "data-highres", "data-full-url", "data-src-retina", "data-src-pc", "data-medium-file"),
    *("data-href", "dest_src", "longdesc"),
)
#: What is an image to the scripts of some sites.
_ALSO_IMAGES = ("amp-img", "amp-anim", "mip-img", "a-img")
_IMAGES = ("img", "image")
#: All that shows pictures.
TAGS = (*_IMAGES, *_ALSO_IMAGES)
LAZY_SETS = (
    *("data-srcset", "data-lazy-srcset", "data-original-set", "data-lazyload-srcset", "data-ll-srcset"),
    *("data-dejavu-srcset", "data-lazy-data-lazy-srcset", "data-ezsrcset", "data-sf-srcset"),
    *("data-actualsrcset", "data-bgset"),
)

#: Scripts keep numbers, names and JSON in the same attributes.
_FETCHABLE = re.compile(
    r"(?!.*(?:\{\{|\$\{))\s*(?:(?:https?:)?[/\\]{2}[^\s/]|\.{0,2}/[^/\s]|[^\s{}<>\"]+\.(?:jpe?g|png|gif|webp|avif|bmp|jfif)(?:[?#!@]|$))",
    re.IGNORECASE,
)
_SETS = frozenset({*LAZY_SETS, "srcset"})
#: "[small.jpg, (default)], [large.jpg, (large)]", as Foundation's Interchange has it: the first will do.
_INTERCHANGED = re.compile(r"\s*\[\s*([^,\s]+)\s*,.*", re.DOTALL)
_RANKS = {name: rank for rank, name in enumerate(LAZY)}
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(?:px)?\s*", re.IGNORECASE)
#: A number of pixels, or a share (HTML, section 4.8.16, and what browsers make of it).
_SIZE = re.compile(r"\s*\d{1,5}(?:\.\d+)?\s*(?:%|px)?\s*", re.IGNORECASE)
_SIZES = frozenset(("width", "height", "style"))
_STYLE = re.compile(r"(?:^|[;\s])(?:max-)?(width|height)\s*:\s*([^;!]+)", re.IGNORECASE)


def show_images(body: tree.Element, *, base: str | None, rules: Rules) -> tuple[list[str], list[Change]]:
    """Settle the address of each picture; drop trackers, placeholders and pictures said twice."""
    found = tree.elements(body, *TAGS, "picture", "noscript")
    tags = {element.tag for element in found}
    if not tags.isdisjoint(_ALSO_IMAGES):
        for element in tree.elements(body, *_ALSO_IMAGES):
            tree.replace_by_image(element)
        found = tree.elements(body, *_IMAGES)
    images = [element for element in found if element.tag in _IMAGES]
    # One within another may have gone with it.
    changes = {image: _settle(image, base, rules) for image in images if image.getparent() is not None}
    removed = [change.why for change in changes.values() if change.after is None]
    if removed:
        tree.sweep(body)
    doubles = drop_doubles(body) if "noscript" in tags else []
    changes |= {image: replace(changes[image], after=None, why="double picture") for image in doubles}
    if "picture" in tags:
        _settle_pictures(body, base, rules)
    if doubles:
        tree.sweep(body)
        removed.append("double picture")
    return removed, [change for image, change in changes.items() if tree.MADE not in image.attrib]


def shown(body: tree.Element) -> tuple[str, ...]:
    """List the web addresses of the pictures, in document order, each once."""
    addresses = (image.get("src") for image in tree.elements(body, "img"))
    return tuple(dict.fromkeys(url for url in addresses if not is_raster_url(url)))


def _settle_pictures(body: tree.Element, base: str | None, rules: Rules) -> None:
    for source in tree.elements(body, "source"):
        if source.getparent().tag == "picture" and not _settle_set(source, base, rules):
            tree.unwrap(source)
    for picture in tree.elements(body, "picture"):
        if picture.find(".//img") is None:
            for empty in (picture, *tree.elements(picture, "source")):
                tree.unwrap(empty)
    tree.sweep(body)


def _settle(image: tree.Element, base: str | None, rules: Rules) -> Change:
    if image.tag != "img":
        image.tag = "img"
    attributes = dict(image.items())
    name, url, why = _choose(image, attributes, base, rules)
    change = Change(f"img/{name}", attributes.get(name, ""), url, why)
    if url is None:
        tree.drop(image)
        return change
    for size in ("width", "height"):
        if size in attributes and not _SIZE.fullmatch(attributes[size]):
            del image.attrib[size]
    image.attrib.pop("src", None)
    image.set("src", url)
    # Hosts such as sinaimg.cn answer 403 to the address of a foreign page.
    image.attrib.pop("referrerpolicy", None)
    image.set("referrerpolicy", "no-referrer")
    return change


def _choose(
    image: tree.Element, attributes: dict[str, str], base: str | None, rules: Rules
) -> tuple[str, str | None, str]:
    """Return the attribute that says it, the address to show, and why there is none."""
    waiting = sorted((name for name in attributes if name in _RANKS), key=_RANKS.__getitem__)
    values = [(name, _first_of(attributes[name])) for name in waiting]
    found = [
        (name, *find_picture(value, base_url=base, rules=rules)) for name, value in values if _FETCHABLE.match(value)
    ]
    best = next((choice for choice in found if choice[1]), None)
    if _is_tiny(attributes, waits=best is not None):
        return "src", None, "tracking pixel"
    if not _SETS.isdisjoint(attributes) and _settle_set(image, base, rules) and best is None:
        # Where a set waits for a script, `src` is what stands in for it: a blank picture, or a blurred one.
        waits = next((name for name in LAZY_SETS if name in attributes), None)
        best = (waits, largest(image.get("srcset")), "") if waits else None
    return best or _choose_source(image, base, rules, [why for _, _, why in found])


def _first_of(value: str) -> str:
    return _INTERCHANGED.sub(r"\1", value) if "[" in value else value


def _choose_source(
    image: tree.Element, base: str | None, rules: Rules, reasons: list[str]
) -> tuple[str, str | None, str]:
    source = image.get("src", "")
    url, why = find_picture(source, base_url=base, rules=rules)
    # A picture within its own address is the last choice: most of these stand in for another.
    url = url or largest(image.get("srcset", "")) or _from_sources(image, base, rules)
    url = url or _from_last(image, base, rules) or raster_url(source)
    return "src", url, "" if url else min([*reasons, why], key=lambda reason: reason != "tracking pixel")


def _from_sources(image: tree.Element, base: str | None, rules: Rules) -> str | None:
    """Return what the other sources of a `picture` show: readers look at none but its `img`."""
    picture = image.getparent()
    if picture.tag != "picture":
        return None
    sources = sorted(picture.iterchildren("source"), key=lambda source: source.get("type") == "image/avif")
    return next((url for source in sources if (url := largest(_rewritten_set(source, base, rules)))), None)


def _from_last(image: tree.Element, base: str | None, rules: Rules) -> str | None:
    values = (value for name in LAST if _FETCHABLE.match(value := image.get(name) or ""))
    return next((url for value in values if (url := image_url(value, base_url=base, rules=rules))), None)


def _is_tiny(attributes: dict[str, str], *, waits: bool) -> bool:
    """Say whether a picture is there to be counted: nothing wide or high, or a single pixel."""
    if _SIZES.isdisjoint(attributes):
        return False
    sizes = (attributes.get(name) or "" for name in ("width", "height"))
    # What is no size goes, and says nothing.
    stated = [size for text in sizes if _SIZE.fullmatch(text) and (size := _pixels(text)) is not None]
    # A picture that waits may well be hidden by its style until it is there.
    styled = [] if waits else list(_styled(attributes.get("style")))
    return _is_nothing(stated) or _is_nothing(styled)


def _is_nothing(sizes: list[float]) -> bool:
    # One pixel by many is a line, or a banner's rule.
    return bool(sizes) and (min(sizes) < 1 or max(sizes) <= 1)


def _styled(style: str | None) -> Iterator[float]:
    # "width:0;min-width:100%" is as wide as there is room.
    for match in _STYLE.finditer(style) if style and "min-" not in style else ():
        size = _pixels(match[2])
        if size is not None:
            yield size


def _pixels(text: str | None) -> float | None:
    """Read a length in pixels; any other one is too long to matter."""
    if not text or not text.strip():
        return None
    match = _LENGTH.fullmatch(text)
    return float(match[1]) if match else 100.0


def _settle_set(element: tree.Element, base: str | None, rules: Rules) -> bool:
    found = _rewritten_set(element, base, rules)
    element.attrib.pop("srcset", None)
    if found:
        element.set("srcset", found)
    return bool(found)


def _rewritten_set(element: tree.Element, base: str | None, rules: Rules) -> str:
    attributes = dict(element.items())
    if _SETS.isdisjoint(attributes):
        return ""
    values = (attributes[name] for name in (*LAZY_SETS, "srcset") if attributes.get(name))
    sets = (rewrite_srcset(value, lambda url: image_url(url, base_url=base, rules=rules)) for value in values)
    return next((value for value in sets if value), "")

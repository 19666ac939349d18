"""Captions: a picture and the words below it, which sites mark by classes, become a `figure`."""

from __future__ import annotations

from feedpub.sanitiser import tree

#: What sites call the words below a picture.
CLASSES = frozenset(
    {
        *("img_descr", "img-descr", "img_desc", "img-desc", "image-caption", "img-caption", "img_caption"),
        *("wp-caption-text", "wp-caption-dd", "pic-caption", "pic_caption", "photo-caption", "photo_caption"),
        *("media-caption", "picture-caption", "caption-text", "figure-caption", "pictext", "pic-txt"),
        *("pgc-img-caption", "image__caption", "article-image-caption", "blkcontainersblkcaption"),
        *("caption", "cutline", "trail-caption", "captiontext", "imagecaption", "m-media__caption", "image_caption"),
        *("photocaption", "figcaption", "embedded-image-caption", "tiled-gallery-caption", "caption__text"),
        "zaker_img_caption",
    }
)
#: What they call the words that say who made it.
CREDITS = frozenset(
    {
        *("credit", "credits", "image-credit", "image_credit", "photo-credit", "photo_credit", "photocredit"),
        *("image-credit-wrap", "img-credit", "media-credit", "picture-credit", "copyright-holder"),
    }
)
#: How far above its words a picture's wrapper may be.
_HIGHEST = 4
#: In characters. Longer words are no caption, whatever their class.
_LONGEST = 600


def make_figures(body: tree.Element) -> None:
    """Put each picture that has a caption into a `figure`, with nothing but the two in it."""
    for caption in tree.elements(body):
        # Most elements have no attributes, and that is seen sooner than that they have no class.
        names = caption.attrib and caption.get("class")
        if names and caption.tag != "figcaption" and not CLASSES.isdisjoint(names.lower().split()):
            _make_figure(caption)


def _make_figure(caption: tree.Element) -> None:
    text = _words(caption) if tree.holds_few(caption) else ""
    wrapper = _wrapper(caption, text) if text and len(text) <= _LONGEST else None
    if wrapper is None or next(wrapper.iterancestors("figure", "a"), None) is not None:
        return
    caption.tag = "figcaption"
    for credit in _credits(wrapper, caption):
        _append(caption, credit)
    if caption.getparent() is not wrapper:
        # Only a child of the figure is its caption.
        tree.move_to_end(caption, wrapper)
    wrapper.tag = "figure"


def _append(caption: tree.Element, credit: tree.Element) -> None:
    """Move a credit to the end of a caption, a blank between the two."""
    if len(caption):
        caption[-1].tail = (caption[-1].tail or "") + " "
    else:
        caption.text = (caption.text or "") + " "
    tree.move_to_end(credit, caption)


def _words(element: tree.Element) -> str:
    return "".join(tree.text_of(element).split())


def _wrapper(caption: tree.Element, text: str) -> tree.Element | None:
    """Return the nearest element that holds the caption, one picture before it, and no words but a credit's."""
    above = caption
    for _ in range(_HIGHEST):
        above = above.getparent()
        if above is None or above.getparent() is None or not tree.holds_few(above):
            return None
        if len(_words(above)) != len(text) + sum(len(_words(credit)) for credit in _credits(above, caption)):
            return None
        images = tree.elements(above, "img")
        if images:
            order = tree.elements(above)
            is_before = order.index(images[0]) < order.index(caption)
            return above if len(images) == 1 and is_before and _may_be(above) else None
    return None


def _credits(wrapper: tree.Element, caption: tree.Element) -> list[tree.Element]:
    """List the outermost credits of a wrapper outside of the caption."""
    found: list[tree.Element] = []
    for element in tree.elements(wrapper):
        is_credit = not CREDITS.isdisjoint((element.get("class") or "").lower().split())
        if is_credit and not any(_holds(each, element) for each in (caption, *found)):
            found.append(element)
    return found


def _holds(outer: tree.Element, inner: tree.Element) -> bool:
    return any(above is outer for above in inner.iterancestors())


def _may_be(element: tree.Element) -> bool:
    return element.tag in ("div", "p", "span", "section", "center", "dl", "figure", "font", "strong")

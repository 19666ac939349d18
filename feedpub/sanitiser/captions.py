"""Captions: a picture and the words below it, which sites mark by classes, become a `figure`."""

from __future__ import annotations

from feedpub.sanitiser import tree

#: What sites call the words below a picture.
CLASSES = frozenset(
    {
        *("img_descr", "img-descr", "img_desc", "img-desc", "image-caption", "img-caption", "img_caption"),
        *("wp-caption-text", "wp-caption-dd", "pic-caption", "pic_caption", "photo-caption", "photo_caption"),
        *(
            "media-caption",
            "picture-caption",
            "caption-text",
            "figure-caption",
            "pictext",
            "pic-txt",
            "pgc-img-caption",
        ),
        *("image__caption", "article-image-caption", "blkcontainersblkcaption", "zaker_img_caption"),
    }
)
#: How far above its words a picture's wrapper may be.
_HIGHEST = 4
#: In characters. Longer words are no caption, whatever their class.
_LONGEST = 600


def make_figures(body: tree.Element) -> None:
    """Put each picture that has a caption into a `figure`, with nothing but the two in it."""
    for caption in tree.elements(body):
        names = caption.get("class")
        if names and caption.tag != "figcaption" and not CLASSES.isdisjoint(names.lower().split()):
            _make_figure(caption)


def _make_figure(caption: tree.Element) -> None:
    text = tree.text_of(caption).strip() if tree.holds_few(caption) else ""
    wrapper = _wrapper(caption, text) if text and len(text) <= _LONGEST else None
    if wrapper is None or next(wrapper.iterancestors("figure", "a"), None) is not None:
        return
    caption.tag = "figcaption"
    if caption.getparent() is not wrapper:
        # Only a child of the figure is its caption.
        wrapper.append(caption)
    wrapper.tag = "figure"


def _wrapper(caption: tree.Element, text: str) -> tree.Element | None:
    """Return the nearest element that holds the caption, one picture before it, and no other words."""
    above = caption
    for _ in range(_HIGHEST):
        above = above.getparent()
        if above is None or above.getparent() is None:
            return None
        if not tree.holds_few(above) or tree.text_of(above).strip() != text:
            return None
        images = tree.elements(above, "img")
        if images:
            return above if len(images) == 1 and not _holds(caption, images[0]) and _may_be(above) else None
    return None


def _holds(caption: tree.Element, image: tree.Element) -> bool:
    return any(above is caption for above in image.iterancestors())


def _may_be(element: tree.Element) -> bool:
    return element.tag in ("div", "p", "span", "section", "center", "dl", "figure", "font", "strong")

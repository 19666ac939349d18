"""`noscript`: what it shows to those without scripts is a picture said twice, or the only one there is."""

from __future__ import annotations

from feedpub.sanitiser import limits, source, tree


def open_noscripts(body: tree.Element) -> None:
    """Parse the pictures that a `noscript` holds as text: some crawlers escape them.

    Raises:
        SanitiserError: There is more in it than a parser can bear.
    """
    for noscript in tree.elements(body, "noscript"):
        text = noscript.text or ""
        if not len(noscript) and "<img" in text.lower():
            limits.check(source.most_attributes(text), "attributes of one tag", limits.ATTRIBUTES)
            noscript.text = None
            noscript.extend(tree.elements(tree.parse(text), "img"))


def drop_doubles(body: tree.Element) -> list[tree.Element]:
    """Drop from each `noscript` the picture that scripts would have shown, where it is shown already."""
    noscripts = tree.elements(body, "noscript")
    if not noscripts:
        return []
    known = {image.get("src") for image in tree.elements(body, "img") if not _is_fallback(image)}
    removed: list[tree.Element] = []
    for noscript in noscripts:
        beside = _is_beside_its_picture(noscript)
        for image in tree.elements(noscript, "img"):
            if beside or image.get("src") in known:
                removed.append(image)
                tree.drop(image)
    return removed


def _is_fallback(image: tree.Element) -> bool:
    return next(image.iterancestors("noscript"), None) is not None


def _is_beside_its_picture(noscript: tree.Element) -> bool:
    """Say whether a picture stands right before, or one that waits for a script right behind."""
    before, after = noscript.getprevious(), noscript.getnext()
    if before is not None and not (before.tail or "").strip() and _picture_in(before) is not None:
        return True
    if after is None or (noscript.tail or "").strip():
        return False
    image = _picture_in(after)
    return image is not None and any(name.startswith("data-") for name, _ in image.items())


def _picture_in(element: tree.Element) -> tree.Element | None:
    """Return the picture that an element is, or holds and nothing else."""
    if element.tag == "img":
        return element
    if tree.is_comment(element) or element.tag == "noscript" or not tree.holds_few(element):
        return None
    images = tree.elements(element, "img")
    return images[0] if len(images) == 1 and not tree.text_of(element).strip() else None

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
    """Say whether a picture that waits for a script stands right before or behind: a fallback is of no other."""
    before, after = noscript.getprevious(), noscript.getnext()
    beside = [before] if before is not None and not (before.tail or "").strip() else []
    beside += [after] if after is not None and not (noscript.tail or "").strip() else []
    return any(image is not None and _waits(image) for image in map(_picture_in, beside))


def _waits(image: tree.Element) -> bool:
    lazy = "lazy" in (image.get("class") or "").lower()
    return lazy or any(name.startswith("data-") or name in ("zoomfile", "file") for name, _ in image.items())


def _picture_in(element: tree.Element) -> tree.Element | None:
    """Return the picture that an element is, or holds and nothing else."""
    if element.tag == "img":
        return element
    if tree.is_comment(element) or element.tag == "noscript" or not tree.holds_few(element):
        return None
    images = tree.elements(element, "img")
    return images[0] if len(images) == 1 and not tree.text_of(element).strip() else None

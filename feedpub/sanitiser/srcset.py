"""`srcset`: parsed as browsers do (HTML, section 4.8.4.2.1), written in one form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

#: Blanks and commas, then an address: all up to the next blank, commas inside included.
_ADDRESS = re.compile(r"[\s,]*([^\s]+)")
#: What follows an address, to the comma that no parenthesis holds.
_DESCRIPTORS = re.compile(r"((?:\([^)]*\)|[^,(])*)(?:,|$)")
_DESCRIPTOR = re.compile(
    r"(?P<width>[1-9]\d*)w(?:\s+[1-9]\d*h)?|[1-9]\d*h\s+(?P<last>[1-9]\d*)w|(?:\d+|\d*\.\d+)(?:e[+\-]?\d+)?x",
    re.IGNORECASE,
)
#: A height alone tells browsers nothing, and they show the picture none the less if it is the only one.
_HEIGHT = re.compile(r"[1-9]\d*h")

#: Candidates; a picture has about ten.
_MOST = 100
#: In pixels: what a column of text shows on a screen of double density.
_WIDEST = 1600


def parse_srcset(text: str) -> tuple[tuple[str, str], ...]:
    """Return (address, descriptor) pairs; a candidate with an impossible descriptor is left out."""
    found: list[tuple[str, str]] = []
    position = 0
    while len(found) < _MOST and (match := _ADDRESS.match(text, position)):
        url, position = match[1].rstrip(","), match.end()
        descriptor = ""
        if url == match[1]:
            rest = _DESCRIPTORS.match(text, position)
            if rest is None:
                break
            descriptor, position = rest[1].strip(), rest.end()
        if _HEIGHT.fullmatch(descriptor):
            descriptor = ""
        if url and (not descriptor or _DESCRIPTOR.fullmatch(descriptor)):
            found.append((url, descriptor))
    return tuple(found)


def rewrite_srcset(text: str, rewrite: Callable[[str], str | None]) -> str:
    """Put each address through *rewrite*, which answers `None` to leave a candidate out."""
    candidates = ((rewrite(url), descriptor) for url, descriptor in parse_srcset(text))
    # A comma at either end of an address would be taken for a separator.
    return ", ".join(f"{url} {descriptor}".rstrip() for url, descriptor in candidates if url and url == url.strip(","))


def largest(text: str) -> str | None:
    """Return the widest picture of a set that a reader needs, the first where none says its width."""
    candidates = parse_srcset(text)
    widths = [(int(match["width"] or match["last"]), url) for url, match in _described(candidates)]
    wide_enough = max((pair for pair in widths if pair[0] <= _WIDEST), default=None)
    if wide_enough:
        return wide_enough[1]
    return candidates[0][0] if candidates else None


def _described(candidates: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, re.Match[str]]]:
    matches = ((url, _DESCRIPTOR.fullmatch(descriptor)) for url, descriptor in candidates)
    return ((url, match) for url, match in matches if match and (match["width"] or match["last"]))

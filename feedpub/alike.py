"""Which files tell one story: those with the same text, and those with the same link."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from feedpub.model import Sighting
from feedpub.urls import percent_encode

#: A link that more texts than this claim is the address of a list or of a site, and tells no two stories apart.
_MOST_VERSIONS = 8


def identity_of_link(link: str | None) -> str:
    """Reduce an address to what says which article it is: no scheme, no fragment; "" where it says nothing."""
    if not link:
        return ""
    try:
        parts = urlsplit(percent_encode(link))
        host = (parts.hostname or "").lower()
    except ValueError:
        return ""
    if not host or (parts.path in ("", "/") and not parts.query):
        return ""
    return host + parts.path + (f"?{parts.query}" if parts.query else "")


def group_alike(sightings: Sequence[Sighting]) -> list[list[Sighting]]:
    """Put together the files that tell one story: those with the same text, or with the same link."""
    leader: dict[int, int] = {}

    def find(index: int) -> int:
        while leader.get(index, index) != index:
            index = leader[index]
        return index

    for alike in (*_by_text(sightings), *_by_link(sightings)):
        first, *others = sorted({find(index) for index in alike})
        leader.update(dict.fromkeys(others, first))
    groups: dict[int, list[Sighting]] = defaultdict(list)
    for index, sighting in enumerate(sightings):
        groups[find(index)].append(sighting)
    return list(groups.values())


def _by_text(sightings: Sequence[Sighting]) -> Iterable[list[int]]:
    alike: dict[str, list[int]] = defaultdict(list)
    for index, sighting in enumerate(sightings):
        alike[sighting.text].append(index)
    return alike.values()


def _by_link(sightings: Sequence[Sighting]) -> Iterable[list[int]]:
    alike: dict[str, list[int]] = defaultdict(list)
    for index, sighting in enumerate(sightings):
        if link := identity_of_link(sighting.article.link):
            alike[link].append(index)
    return (group for group in alike.values() if len({sightings[i].text for i in group}) <= _MOST_VERSIONS)

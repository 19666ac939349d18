"""Which files tell one story: those with the same id or link, and those with the same text and nothing against it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from feedpub.model import Article, Sighting
from feedpub.urls import absolute

#: A link or a text that more stories than this share is that of a list or of an error page, and joins nothing.
_MOST_VERSIONS = 3

#: Each is compared with each; where more than these tell one text, nobody needs to be told which two agree.
_MOST_VOICES = 20

_URI = re.compile(r"(?:https?|tag|urn|uuid|info|doi):[^\s]+", re.IGNORECASE)


def is_uri(own_id: str | None) -> bool:
    """Tell an id that is meant to be the only one of its kind in the world from a number in a list."""
    return own_id is not None and _URI.fullmatch(own_id) is not None


def identity_of_link(link: str | None) -> str:
    """Reduce an address to what says which article it is: no scheme, no fragment; "" where it says nothing."""
    url = absolute(link) if link else None
    if url is None:
        return ""
    host, slash, rest = url.partition("://")[2].partition("#")[0].partition("/")
    return host + slash + rest if rest else ""


def group_alike(sightings: Sequence[Sighting]) -> list[list[Sighting]]:
    """Put together the files that tell one story."""
    leader: dict[int, int] = {}

    def find(index: int) -> int:
        while leader.get(index, index) != index:
            index = leader[index]
        return index

    for alike in (*_by_id(sightings), *_by_link(sightings), *_by_text(sightings)):
        first, *others = sorted({find(index) for index in alike})
        leader.update(dict.fromkeys(others, first))
    groups: dict[int, list[Sighting]] = defaultdict(list)
    for index, sighting in enumerate(sightings):
        groups[find(index)].append(sighting)
    return list(groups.values())


def _by_id(sightings: Sequence[Sighting]) -> Iterable[list[int]]:
    return _collect(sightings, lambda one: one.article.own_id if is_uri(one.article.own_id) else "")


def _by_link(sightings: Sequence[Sighting]) -> Iterator[list[int]]:
    for alike in _collect(sightings, lambda one: identity_of_link(one.article.link)):
        if len({sightings[index].text for index in alike}) <= _MOST_VERSIONS:
            yield alike


def _by_text(sightings: Sequence[Sighting]) -> Iterator[list[int]]:
    for alike in _collect(sightings, lambda one: one.text):
        titles = {sightings[index].article.title for index in alike}
        if len(titles) <= _MOST_VERSIONS:
            yield from _split_contradictory(alike, sightings)


def _collect(sightings: Sequence[Sighting], sign: Callable[[Sighting], str | None]) -> Iterable[list[int]]:
    alike: dict[str, list[int]] = defaultdict(list)
    for index, sighting in enumerate(sightings):
        if value := sign(sighting):
            alike[value].append(index)
    return [indexes for indexes in alike.values() if len(indexes) > 1]


def _split_contradictory(alike: Sequence[int], sightings: Sequence[Sighting]) -> Iterable[list[int]]:
    """Part files with the same text that say of themselves that they are different articles."""
    voices: dict[_Voice, list[int]] = defaultdict(list)
    for index in alike:
        voices[_voice_of(sightings[index].article)].append(index)
    if len(voices) > _MOST_VOICES:
        return voices.values()
    stories: list[list[_Voice]] = []
    for voice in voices:
        story = next((story for story in stories if all(_may_be_one(voice, other) for other in story)), None)
        if story is None:
            stories.append([voice])
        else:
            story.append(voice)
    return [[index for voice in story for index in voices[voice]] for story in stories]


class _Voice(NamedTuple):
    """What an article says of who it is."""

    own_id: str
    title: str
    link: str
    enclosures: tuple[str, ...]


def _voice_of(article: Article) -> _Voice:
    files = tuple(file.url for file in article.enclosures)
    return _Voice(article.own_id or "", article.title, identity_of_link(article.link), files)


def _may_be_one(one: _Voice, other: _Voice) -> bool:
    if one.enclosures != other.enclosures or (one.own_id and other.own_id and one.own_id != other.own_id):
        return False
    return one.title == other.title or not (one.link and other.link) or one.link == other.link

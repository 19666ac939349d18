"""Which files tell one story: those with the same id or link, and those with the same text and nothing against it."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from feedpub.model import Sighting

#: A link or a text that more stories than this share is that of a list or of an error page, and joins nothing.
_MOST_VERSIONS = 3

#: Each is compared with each; where more than these tell one text, nobody needs to be told which two agree.
_MOST_VOICES = 20

#: Of the sentences with the smallest digests so many are compared first: texts with four fifths in common nearly
#: always share one of them.
_SIGNS = 8

#: The share of two texts that both have in common, counted by the characters of whole sentences, from which on they
#: are one: where their titles are the same, and where they are not.
_NEAR, _NEARER = 0.7, 0.95

_URI = re.compile(r"(?:https?|tag|urn|uuid|info|doi):[^\s]+", re.IGNORECASE)


def is_uri(own_id: str | None) -> bool:
    """Tell an id that is meant to be the only one of its kind in the world from a number in a list."""
    return own_id is not None and _URI.fullmatch(own_id) is not None


def group_alike(sightings: Sequence[Sighting]) -> list[list[Sighting]]:
    """Put together the files that tell one story."""
    leader: dict[int, int] = {}

    def find(index: int) -> int:
        while leader.get(index, index) != index:
            index = leader[index]
        return index

    for alike in (*_by_id(sightings), *_by_link(sightings), *_by_text(sightings), *_by_sentences(sightings)):
        first, *others = sorted({find(index) for index in alike})
        leader.update(dict.fromkeys(others, first))
    groups: dict[int, list[Sighting]] = defaultdict(list)
    for index, sighting in enumerate(sightings):
        groups[find(index)].append(sighting)
    return list(groups.values())


def _by_id(sightings: Sequence[Sighting]) -> Iterable[list[int]]:
    return _collect(sightings, lambda one: one.own_id if is_uri(one.own_id) else "")


def _by_link(sightings: Sequence[Sighting]) -> Iterator[list[int]]:
    for alike in _collect(sightings, lambda one: one.address):
        if len({sightings[index].text for index in alike}) <= _MOST_VERSIONS:
            yield alike


def _by_text(sightings: Sequence[Sighting]) -> Iterator[list[int]]:
    for alike in _collect(sightings, lambda one: one.text):
        titles = {sightings[index].title for index in alike}
        if len(titles) <= _MOST_VERSIONS:
            yield from _split_contradictory(alike, sightings)


def _by_sentences(sightings: Sequence[Sighting]) -> Iterator[list[int]]:
    """Give pairs of files with nearly the same text, as far as their sentences are known."""
    sharing: dict[int, list[int]] = defaultdict(list)
    for index, sighting in enumerate(sightings):
        for value in near_signs(sighting):
            sharing[value].append(index)
    compared: set[tuple[int, int]] = set()
    for indexes in sharing.values():
        # A sentence that many have in common says nothing of any two of them.
        pairs = itertools.combinations(indexes, 2) if len(indexes) <= _MOST_VOICES else ()
        for one, other in pairs:
            if (one, other) not in compared and _are_near(sightings[one], sightings[other]):
                yield [one, other]
            compared.add((one, other))


def near_signs(sighting: Sighting) -> list[int]:
    """Give what any file with nearly the same text is likely to have in common with this one."""
    return [sentence.digest for sentence in sighting.sentences[:_SIGNS]]


def _are_near(one: Sighting, other: Sighting) -> bool:
    """Tell whether two files have nearly all their sentences in common, and nothing speaks against it."""
    shared = sum(size for _, size in set(one.sentences).intersection(other.sentences))
    all_ = sum(size for _, size in set(one.sentences).union(other.sentences))
    same_title = _bare(one.title) == _bare(other.title)
    return shared >= (_NEAR if same_title else _NEARER) * all_ and _may_be_one(_voice_of(one), _voice_of(other))


def _bare(title: str) -> str:
    return "".join(filter(str.isalnum, title)).casefold()


def _collect(sightings: Sequence[Sighting], sign: Callable[[Sighting], str | None]) -> Iterable[list[int]]:
    first: dict[str, int] = {}
    alike: dict[str, list[int]] = {}
    for index, sighting in enumerate(sightings):
        # Nearly all are alone with what they are known by.
        if (value := sign(sighting)) and (before := first.setdefault(value, index)) != index:
            alike.setdefault(value, [before]).append(index)
    return list(alike.values())


def _split_contradictory(alike: Sequence[int], sightings: Sequence[Sighting]) -> Iterable[list[int]]:
    """Part files with the same text that say of themselves that they are different articles."""
    voices: dict[_Voice, list[int]] = defaultdict(list)
    for index in alike:
        voices[_voice_of(sightings[index])].append(index)
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


def _voice_of(sighting: Sighting) -> _Voice:
    return _Voice(sighting.own_id or "", sighting.title, sighting.address, sighting.enclosures)


def _may_be_one(one: _Voice, other: _Voice) -> bool:
    if one.enclosures != other.enclosures or (one.own_id and other.own_id and one.own_id != other.own_id):
        return False
    return one.title == other.title or not (one.link and other.link) or one.link == other.link

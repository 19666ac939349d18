"""Who is who: which articles are one story, which story was here before, and what its id and dates are.

All of it is a function of what was found and what is remembered; the ledger only stores the outcome.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import attrgetter
from typing import NamedTuple, TypeVar

from feedpub.alike import group_alike
from feedpub.dating import Dates, Said, first_dates, next_dates
from feedpub.minting import propose
from feedpub.model import Sighting, Story

_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


class Memory(NamedTuple):
    """What is remembered of one story from run to run. A tuple, since a first run makes one for every article."""

    id: str
    own: str  #: The id that the article itself gave, or "".
    link: str  #: The address as `identity_of_link` gives it, or "".
    text: str
    dates: Dates
    place: int = 0  #: In the order of first sightings, from 1 on; 0 where it has none yet.


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is remembered of the stories in question, oldest first."""

    memories: Sequence[Memory] = ()
    ids_by_name: Mapping[str, str] = field(default_factory=dict)  #: The story that each file told last.
    taken: Container[str] = frozenset()  #: Ids that somebody else has or had.


class Identity(NamedTuple):
    """A story with its id and dates, what to remember of it, and the files that tell it."""

    story: Story
    memory: Memory
    group: Sequence[Sighting]


#: Looks at the words that are to be shown of some stories, given with what is remembered of each, and gives their
#: `Dates.clean` by the names of the files.
Looker = Callable[[Sequence[tuple[Sighting, Memory]]], Mapping[str, str]]


def identify(
    sightings: Iterable[Sighting],
    *,
    known: Known,
    authority: str,
    now: datetime,
    shows_future: bool = False,
    look: Looker = lambda _: {},
    settled: Container[str] = frozenset(),
) -> Iterator[Identity]:
    """Give every story its id and its dates, the old ones where it was seen before.

    *authority* is the host name that new ids are minted from, *now* the date of first sightings. With
    *shows_future*, stories are public before their date. *look* is asked about those that readers know and whose
    file is another one than it was. Files whose names are *settled* say what they said when they were told last: what
    another site of the ledger thinks of their stories is no news.
    """
    groups = group_alike(sorted(sightings, key=attrgetter("name")))
    remembered = _recognise(groups, known) if known.memories else [None] * len(groups)
    minted = _mint_all(groups, remembered, known=known, authority=authority)
    # Of equals, the first by name.
    shown = [max(group, key=_version_date) for group in groups]
    looks = look(
        [
            (said, was)
            for said, was in zip(shown, remembered, strict=True)
            if was and said.name not in settled and _is_another(said, was.dates.clean)
        ]
    )
    for group, said, was, id_ in zip(groups, shown, remembered, minted, strict=True):
        if was and all(sighting.name in settled for sighting in group):
            memory = was
        else:
            clean = looks.get(said.name)
            memory = _remember(group, said, id_=id_, was=was, clean=clean, now=now, shows_future=shows_future)
        yield Identity(_story_of(memory, group, said), memory, group)


def remember_alone(sighting: Sighting, *, authority: str, now: datetime) -> Memory:
    """Say what to remember of a file's story that has nothing to do with any other, as `identify` would."""
    # By their places and without a group, which takes half the time: a first run asks this of every file.
    published = sighting.published if sighting.exact else None
    said = Said(sighting.visible, published, sighting.published, sighting.updated)
    return Memory(
        next(propose((sighting,), authority)),
        sighting.own_id or "",
        sighting.address,
        sighting.text,
        first_dates(said, now=now),
    )


def _is_another(said: Sighting, clean: str | None) -> bool:
    """Tell whether readers know a story from a file that held something else than this one."""
    return clean is not None and clean.split(":")[1] != said.bytes


def _recognise(groups: Sequence[Sequence[Sighting]], known: Known) -> list[Memory | None]:
    """Find what is remembered of each group.

    The surest sign is tried on all groups first, and no memory serves two groups.
    """
    age = {memory.id: place for place, memory in enumerate(known.memories)}
    free = set(age)
    found: list[Memory | None] = [None] * len(groups)
    for sign in _signs(known):
        for index, group in enumerate(groups):
            if found[index]:
                continue
            candidates = [memory for sighting in group if (memory := sign(sighting)) and memory.id in free]
            if candidates:
                found[index] = oldest = min(candidates, key=lambda memory: age[memory.id])
                free.remove(oldest.id)
    return found


def _signs(known: Known) -> tuple[Callable[[Sighting], Memory | None], ...]:
    """Give the ways in which a sighting may be known again, the surest first."""
    by_id = {memory.id: memory for memory in known.memories}
    # The oldest is put in last, so that it is the one found.
    by_own = {memory.own: memory for memory in reversed(known.memories) if memory.own}
    by_link = {memory.link: memory for memory in reversed(known.memories) if memory.link}
    by_text = {memory.text: memory for memory in reversed(known.memories)}
    by_name = {name: by_id.get(id_) for name, id_ in known.ids_by_name.items()}
    return (
        lambda sighting: _if_confirmed(by_name.get(sighting.name), sighting),
        lambda sighting: by_own.get(sighting.own_id or ""),
        lambda sighting: by_link.get(sighting.address),
        lambda sighting: _unless_denied(by_text.get(sighting.text), sighting),
        lambda sighting: _unless_reused(by_name.get(sighting.name), sighting),
    )


def _if_confirmed(memory: Memory | None, sighting: Sighting) -> Memory | None:
    """Give *memory* back where more than the file's name speaks for it: another story may have taken the name."""
    if memory is None:
        return None
    signs = (
        (memory.text, sighting.text),
        (memory.own, sighting.own_id),
        (memory.link, sighting.address),
    )
    return memory if any(was and was == now for was, now in signs) else None


def _unless_denied(memory: Memory | None, sighting: Sighting) -> Memory | None:
    """Give *memory* back unless the article says by an id of its own that it is another one."""
    own_id = sighting.own_id
    return None if memory and memory.own and own_id and memory.own != own_id else memory


def _unless_reused(memory: Memory | None, sighting: Sighting) -> Memory | None:
    """Give *memory* back unless all speaks for it that the file's name was given to another story.

    Nothing but the name speaks against it here. A site that moves keeps the paths of its links.
    """
    if memory is None:
        return None
    another_id = memory.own and sighting.own_id and memory.own != sighting.own_id
    another_link = memory.link and sighting.address and _path_of(memory.link) != _path_of(sighting.address)
    said = sighting.published if sighting.exact else None
    another_date = memory.dates.said and said and memory.dates.said != said
    titles = _title_of(memory.dates.visible), _title_of(sighting.visible)
    another_title = all(titles) and titles[0] != titles[1]
    return None if another_id or another_link or (another_date and another_title) else memory


def _path_of(address: str) -> str:
    return address.partition("/")[2]


def _title_of(visible: str) -> str:
    """Give the digest of a title; "" where the version before did not keep it apart."""
    return visible.split(":")[2] if visible.count(":") == 2 else ""


def _mint_all(
    groups: Sequence[Sequence[Sighting]], remembered: Sequence[Memory | None], *, known: Known, authority: str
) -> list[str]:
    """Give each group its remembered id, or a new one that nobody else has or had."""
    taken = {memory.id for memory in known.memories}
    ids = []
    for group, was in zip(groups, remembered, strict=True):
        id_ = was.id if was else _mint_for(group, taken, known.taken, authority)
        taken.add(id_)
        ids.append(id_)
    return ids


def _mint_for(group: Sequence[Sighting], here: set[str], elsewhere: Container[str], authority: str) -> str:
    return next(id_ for id_ in propose(group, authority) if id_ not in here and id_ not in elsewhere)


def _remember(
    group: Sequence[Sighting],
    shown: Sighting,
    *,
    id_: str,
    was: Memory | None,
    clean: str | None,
    now: datetime,
    shows_future: bool,
) -> Memory:
    """Settle a story's dates, and say what to remember of it."""
    said = Said(
        published=_date_said(group),
        guess=shown.published,
        updated=shown.updated,
        visible=shown.visible,
        clean=clean,
    )
    return Memory(
        id=id_,
        own=_first([sighting.own_id for sighting in group]),
        link=_first([sighting.address for sighting in group]),
        text=shown.text,
        dates=next_dates(was.dates, said, now=now, shows_future=shows_future) if was else first_dates(said, now=now),
        place=was.place if was else 0,
    )


def _story_of(memory: Memory, group: Sequence[Sighting], shown: Sighting) -> Story:
    return Story(
        id=memory.id,
        published=memory.dates.published,
        updated=memory.dates.updated,
        early=memory.dates.early,
        name=shown.name,
        categories=_join([sighting.categories for sighting in group]),
        tags=_join([sighting.tags for sighting in group]),
    )


def _date_said(group: Sequence[Sighting]) -> datetime | None:
    """Give the earliest date that the articles themselves name, whenever they are read."""
    return min([one.published for one in group if one.exact and one.published], default=None)


def _version_date(sighting: Sighting) -> datetime:
    """Tell how new a file's words are; of several with one story, the newest are shown.

    A date that depends on when it was read says nothing of that.
    """
    return sighting.updated or (sighting.published if sighting.exact else None) or _BEFORE_ALL


_T = TypeVar("_T")


def _join(lists: Sequence[tuple[_T, ...]]) -> tuple[_T, ...]:
    """Join lists of what counts once."""
    return tuple(dict.fromkeys(itertools.chain.from_iterable(lists)))


def _first(values: Iterable[str | None]) -> str:
    for value in values:
        if value:
            return value
    return ""

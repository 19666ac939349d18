"""Who is who: which articles are one story, which story was here before, and what its id and dates are.

All of it is a function of what was found and what is remembered; the ledger only stores the outcome.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import quote

from feedpub.alike import group_alike, identity_of_link, is_uri
from feedpub.dating import Dates, Said, first_dates, next_dates
from feedpub.model import Article, Sighting, Story
from feedpub.urls import absolute, percent_encode

#: The date in every `tag:` URI that feedpub mints (RFC 4151, section 2.1). It is the same for all, since an id must
#: come out the same where only the articles are left.
_MINTED_SINCE = "2022"

_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What is remembered of one story from run to run."""

    id: str
    own: str  #: The id that the article itself gave, or "".
    link: str  #: The address as `identity_of_link` gives it, or "".
    text: str
    dates: Dates


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All that is remembered, oldest first."""

    memories: Sequence[Memory] = ()
    ids_by_name: Mapping[str, str] = field(default_factory=dict)  #: The story that each file told last.


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """Stories with ids and dates, and what to remember of them."""

    stories: tuple[Story, ...]
    memories: tuple[Memory, ...]  #: One for each story, in the same order.
    ids_by_name: Mapping[str, str]


def identify(
    sightings: Iterable[Sighting], *, known: Known, authority: str, now: datetime, shows_future: bool = False
) -> Identified:
    """Give every story its id and its dates, the old ones where it was seen before.

    *authority* is the host name that new ids are minted from, *now* the date of first sightings. With
    *shows_future*, stories are public before their date.
    """
    groups = group_alike(sorted(sightings, key=lambda sighting: sighting.name))
    remembered = _recognise(groups, known)
    minted = _mint_all(groups, remembered, taken={memory.id for memory in known.memories}, authority=authority)
    pairs = [
        _tell(group, id_=id_, was=was, now=now, shows_future=shows_future)
        for group, was, id_ in zip(groups, remembered, minted, strict=True)
    ]
    return Identified(
        stories=tuple(story for story, _ in pairs),
        memories=tuple(memory for _, memory in pairs),
        ids_by_name={sighting.name: id_ for group, id_ in zip(groups, minted, strict=True) for sighting in group},
    )


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
        lambda sighting: by_own.get(sighting.article.own_id or ""),
        lambda sighting: by_link.get(identity_of_link(sighting.article.link)),
        lambda sighting: _unless_denied(by_text.get(sighting.text), sighting),
        lambda sighting: by_name.get(sighting.name),
    )


def _if_confirmed(memory: Memory | None, sighting: Sighting) -> Memory | None:
    """Give *memory* back where more than the file's name speaks for it: another story may have taken the name."""
    if memory is None:
        return None
    signs = (
        (memory.text, sighting.text),
        (memory.own, sighting.article.own_id),
        (memory.link, identity_of_link(sighting.article.link)),
    )
    return memory if any(was and was == now for was, now in signs) else None


def _unless_denied(memory: Memory | None, sighting: Sighting) -> Memory | None:
    """Give *memory* back unless the article says by an id of its own that it is another one."""
    own_id = sighting.article.own_id
    return None if memory and memory.own and own_id and memory.own != own_id else memory


def _mint_all(
    groups: Sequence[Sequence[Sighting]],
    remembered: Sequence[Memory | None],
    *,
    taken: set[str],
    authority: str,
) -> list[str]:
    """Give each group its remembered id, or a new one that nobody else has or had."""
    taken = set(taken)
    ids = []
    for group, was in zip(groups, remembered, strict=True):
        id_ = was.id if was else next(id_ for id_ in _proposals(group, authority) if id_ not in taken)
        taken.add(id_)
        ids.append(id_)
    return ids


def _proposals(group: Sequence[Sighting], authority: str) -> Iterator[str]:
    """Propose ids: the article's own, its link, and then without end ones minted from its file's name."""
    articles = [sighting.article for sighting in group]
    yield from (_own_as_uri(article.own_id, authority) for article in articles if article.own_id)
    yield from (absolute(article.link or "") or "" for article in articles if identity_of_link(article.link))
    for number in itertools.count(1):
        yield _mint_from_name(group[0].name + (f"#{number}" if number > 1 else ""), authority)


def mint(parts: Sequence[str], *, authority: str) -> str:
    """Make a `tag:` URI (RFC 4151) of what tells one thing of a site from its others."""
    return f"tag:{authority},{_MINTED_SINCE}:{'/'.join(quote(part, safe='') for part in parts)}"


def _mint_from_name(name: str, authority: str) -> str:
    return mint([hashlib.sha256(name.encode()).hexdigest()[:32]], authority=authority)


def _own_as_uri(own_id: str, authority: str) -> str:
    if is_uri(own_id):
        return absolute(own_id) or percent_encode(own_id)
    return mint([own_id], authority=authority)


def _tell(
    group: Sequence[Sighting], *, id_: str, was: Memory | None, now: datetime, shows_future: bool
) -> tuple[Story, Memory]:
    """Settle a story's dates, and say what to remember of it."""
    # Of equals, the first by name.
    shown = max(group, key=lambda sighting: _version_date(sighting.article))
    said = Said(
        published=_date_said(group),
        guess=shown.article.published,
        updated=shown.article.updated,
        visible=shown.visible,
    )
    memory = Memory(
        id=id_,
        own=_first(sighting.article.own_id for sighting in group),
        link=_first(identity_of_link(sighting.article.link) for sighting in group),
        text=shown.text,
        dates=next_dates(was.dates, said, now=now, shows_future=shows_future) if was else first_dates(said, now=now),
    )
    story = Story(
        id=id_,
        published=memory.dates.published,
        updated=memory.dates.updated,
        early=memory.dates.early,
        name=shown.name,
        categories=_once(path for sighting in group for path in sighting.article.categories),
        tags=_once(tag for sighting in group for tag in sighting.article.tags),
    )
    return story, memory


def _date_said(group: Sequence[Sighting]) -> datetime | None:
    """Give the earliest date that the articles themselves name, whenever they are read."""
    exact = (sighting.article for sighting in group if sighting.article.exact)
    return min((article.published for article in exact if article.published), default=None)


def _version_date(article: Article) -> datetime:
    """Tell how new a file's words are; of several with one story, the newest are shown."""
    return article.updated or article.published or _BEFORE_ALL


_T = TypeVar("_T")


def _once(items: Iterable[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(items))


def _first(values: Iterable[str | None]) -> str:
    return next(filter(None, values), "")

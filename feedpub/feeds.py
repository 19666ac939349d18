"""Which feeds there are, where they lie, and which stories each of them shows."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from feedpub.model import Author, CategoryPath, Channel

#: A feed's place among the others: `("category",)` holds all, `("category", "金融", "新浪财经")` a category,
#: `("tag", "rates")` a tag. Ledgers hold these, so they never change.
Key = tuple[str, ...]

ALL: Key = ("category",)

#: The folder of the feeds of tags; no category may take it.
_TAGS_FOLDER = "tags"

_LONGEST_SLUG = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A channel's place and id, fixed once given."""

    slug: str  #: The last part of its folder.
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Special:
    """What one category has different from the others."""

    slug: str | None = None
    title: str | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the operator says of all feeds."""

    title: str
    url: str  #: Where the output folder is served, with a "/" at its end.
    language: str | None = None
    author: Author | None = None
    hubs: tuple[str, ...] = ()  #: See `Channel.hubs`.
    limit: int = 50
    tree: bool = True  #: `[A, B]` is A and A/B; else A and B.
    tags: bool = False
    special: Mapping[str, Special] = field(default_factory=dict)  #: By the category's path, joined by "/".


_Shown = TypeVar("_Shown")


def fill_feeds(
    wanted: Collection[Key], newest_first: Iterable[tuple[_Shown, Collection[Key]]], *, plan: Plan
) -> dict[Key, tuple[_Shown, ...]]:
    """Give each *wanted* feed the first stories that belong to it, as many as it may show; the feed of all comes first.

    A feed without stories is not among them, but for that of all. Stories are looked at until all feeds are full.
    """
    feeds: dict[Key, list[_Shown]] = {key: [] for key in wanted}
    hungry = set(feeds)
    for story, keys in newest_first:
        if not hungry:
            break
        for key in hungry.intersection(keys):
            feeds[key].append(story)
            if len(feeds[key]) == limit_of(key, plan):
                hungry.remove(key)
    return {key: tuple(feeds[key]) for key in sorted(feeds) if feeds[key] or key == ALL}


def give_slots(
    keys: Iterable[Key], *, old: Mapping[Key, Slot], plan: Plan, mint_id: Callable[[Key], str]
) -> dict[Key, Slot]:
    """Give every feed a slug and an id: those it had, else new ones that no feed beside it has.

    *mint_id* makes an id of a key.
    """
    slots = dict(old)
    taken = {(key[:-1], slot.slug): key for key, slot in old.items()} | {(ALL, _TAGS_FOLDER): ALL}
    # What the operator chose comes first, so that nothing made up takes its place.
    for key in sorted(set(keys), key=lambda key: (not _special(key, plan).slug, key)):
        chosen = _special(key, plan).slug
        if key not in slots or chosen not in (None, slots[key].slug):
            slug = next(slug for slug in _slugs(key, chosen) if taken.get((key[:-1], slug), key) == key)
            slots[key] = Slot(slug=slug, id=slots[key].id if key in slots else mint_id(key))
            taken[key[:-1], slug] = key
    return slots


def folder_of(key: Key, *, slots: Mapping[Key, Slot]) -> str:
    """Tell where below the output folder the feed of *key* lies."""
    folder = "/".join(slots[key[:depth]].slug for depth in range(2, len(key) + 1))
    return f"{_TAGS_FOLDER}/{folder}" if key[0] == "tag" else folder


def make_channel(key: Key, *, slots: Mapping[Key, Slot], plan: Plan) -> Channel:
    """Define the feed of *key*; its slot and those of the categories above it must be there."""
    folder = folder_of(key, slots=slots)
    return Channel(
        id=slots[key].id,
        title=_title(key, plan),
        label=_special(key, plan).title or (key[-1] if key != ALL else ""),
        folder=folder,
        url=f"{plan.url}{folder}/" if folder else plan.url,
        language=plan.language,
        author=plan.author,
        # No category has an empty name, so no category's list takes the tags in.
        path=key[1:] if key[0] == "category" else ("", *key[1:]),
        hubs=plan.hubs,
    )


def keys_of(categories: Iterable[CategoryPath], tags: Iterable[str], *, plan: Plan) -> set[Key]:
    """List the feeds that a story with these categories and tags belongs to."""
    paths = set(categories)
    if plan.tree:
        categories = {path[:depth] for path in paths for depth in range(1, len(path) + 1)}
    else:
        categories = {(name,) for path in paths for name in path}
    named = {("tag", name) for name in tags} if plan.tags else set()
    return {ALL} | {("category", *path) for path in categories} | named


def _special(key: Key, plan: Plan) -> Special:
    return plan.special.get("/".join(key[1:]), _NOTHING_SPECIAL) if key[0] == "category" else _NOTHING_SPECIAL


_NOTHING_SPECIAL = Special()


def limit_of(key: Key, plan: Plan) -> int:
    """Tell how many stories a feed may show."""
    return _special(key, plan).limit or plan.limit


def _title(key: Key, plan: Plan) -> str:
    names = " / ".join(key[1:])
    return _special(key, plan).title or (f"{names} – {plan.title}" if names else plan.title)


def _slugs(key: Key, chosen: str | None) -> Iterator[str]:
    """Propose slugs without end, the most readable first. The feed of all has none."""
    if key == ALL:
        yield ""
    from slugify import slugify

    name = key[-1]
    made = slugify(name, max_length=_LONGEST_SLUG, word_boundary=True, save_order=True)
    # Emoji and the like leave nothing to spell out.
    first = chosen or made or f"{key[0]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    yield first
    yield from (f"{first}-{number}" for number in itertools.count(2))

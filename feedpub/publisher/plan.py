"""What has to change in a store, and why: a decision for each document, and then what is left over."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from typing import Literal, NamedTuple, Protocol, TypeAlias

from feedpub.model import Document

#: Every document says somewhere who made it. A file of the same name that does not is a site's own page or feed.
_SIGNATURE = b"feedpub"

Action = Literal["put", "delete", "keep", "refuse"]

#: What a store says of a document without reading it: its size in bytes, and two numbers that are other ones once it
#: was written again.
Stamp: TypeAlias = tuple[int, int, int]


class Store(Protocol):
    """A place for documents. Keys are paths with "/" between their parts."""

    def stamp(self, key: str) -> Stamp | None:
        """Give what tells whether a document is what it was, or `None` where there is none."""

    def get(self, key: str) -> bytes | None:
        """Give what is stored, or `None`."""

    def stage(self, document: Document) -> None:
        """Take a document in, where nobody sees it yet."""

    def commit(self) -> Mapping[str, Stamp]:
        """Show all that was staged, each document whole or not at all, and give the stamps."""

    def delete(self, key: str) -> None:
        """Remove what is stored; that there is nothing is no error."""


class Written(NamedTuple):
    """A document that was written once."""

    digest: str
    stamp: Stamp | None  #: `None` where nobody knows whether it was written to its end.


class Step(NamedTuple):
    """One document and what is to be done about it."""

    key: str
    action: Action
    reason: str  #: `new`, `changed`, `gone`, `unchanged`; `edited` or `foreign` for what is a stranger's.


def is_intact(key: str, *, store: Store, ours: Mapping[str, Written]) -> bool:
    """Tell whether a document stands as it was written, without reading it."""
    was = ours.get(key)
    return was is not None and was.stamp is not None and store.stamp(key) == was.stamp


def decide(document: Document, *, store: Store, ours: Mapping[str, Written]) -> Step:
    """Decide about a document that is wanted; *ours* is what was written before."""
    key = document.path
    if is_intact(key, store=store, ours=ours) and ours[key].digest == document.digest:
        return Step(key, "keep", "unchanged")
    stored = store.get(key)
    if stored == document.body:
        return Step(key, "keep", "unchanged")
    if stored and key not in ours and _SIGNATURE not in stored:
        return Step(key, "refuse", "foreign")
    return Step(key, "put", "new" if stored is None else "changed")


def end(wanted: Collection[str], *, store: Store, ours: Mapping[str, Written]) -> Iterator[Step]:
    """Decide about what was written before and is *wanted* no more."""
    for key in sorted(ours.keys() - wanted):
        stored = store.get(key)
        if stored is None:
            yield Step(key, "delete", "gone")
        elif hashlib.sha256(stored).hexdigest() != ours[key].digest:
            yield Step(key, "keep", "edited")
        else:
            yield Step(key, "delete", "gone")

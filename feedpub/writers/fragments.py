"""What a feed is joined of: its entries, each written once, and the frame that stands around them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """An entry in all formats asked for, ready to stand in any feed of one language."""

    id: str  #: The entry's, as the entry gave it.
    updated: datetime  #: Aware, UTC, whole seconds; the feed's own date is the newest of them.
    texts: Mapping[str, bytes]  #: UTF-8 by the format's name: "rss", "atom", "json".


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A feed without its entries, cut where they stand."""

    head: bytes
    foot: bytes
    between: bytes = b""  #: What parts two entries.


def join_texts(frame: Frame, texts: Iterable[bytes]) -> bytes:
    """Put entries into their frame."""
    parts = [part for text in texts for part in (frame.between, text)]
    # At once: a feed is long, and most of the time goes into copying it.
    return b"".join((frame.head, *parts[1:], frame.foot))


def count_fitting(frame: Frame, lengths: Iterable[int], *, max_bytes: int) -> int:
    """Count how many of the first entries fit with their frame into *max_bytes*; *lengths* are theirs in bytes."""
    between = len(frame.between)
    # One more than there will be stands between the entries.
    room = max_bytes - len(frame.head) - len(frame.foot) + between
    ends = itertools.accumulate(length + between for length in lengths)
    return sum(1 for _ in itertools.takewhile(lambda end: end <= room, ends))

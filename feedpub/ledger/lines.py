"""Identities as JSON lines: each is an object of its own, in an order that stays, so that they can be compared.

The first line names the format. The others say what they are in "kind"; dates are in UTC, as ISO 8601 has them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from feedpub.feeds import Key
from feedpub.ledger.rows import moment_of

FORMAT = "feedpub ledger"

#: To be raised where what was written so far is no longer understood.
VERSION = 1


class FeedLine(NamedTuple):
    """A feed's place and id."""

    key: Key
    slug: str
    id: str


class StoryLine(NamedTuple):
    """What is remembered of a story; dates are in seconds since 1970. The order of the lines is that of their age."""

    id: str
    own: str | None
    link: str | None
    text: str
    visible: str
    clean: str | None
    published: int
    updated: int
    said: int | None
    settled: bool
    early: bool


class FileLine(NamedTuple):
    """The story that a file told last."""

    sources: tuple[str, ...]
    out: str
    name: str
    story: str | None
    bytes: str | None  #: Digest of what it held; "" where it could not be read, `None` for a file that is gone.


class ToldLine(NamedTuple):
    """A story of which the subscribers of an output folder know."""

    sources: tuple[str, ...]
    out: str
    story: str
    updated: int  #: As they were told last.


class HeardLine(NamedTuple):
    """What the subscribers of one feed know: by id, when each entry was updated as they were told last."""

    sources: tuple[str, ...]
    out: str
    feed: Key
    stories: Mapping[str, int]


Line: TypeAlias = FeedLine | StoryLine | FileLine | ToldLine | HeardLine


#: What "kind" says.
KINDS: dict[type[Any], str] = {
    FeedLine: "feed",
    StoryLine: "story",
    FileLine: "file",
    ToldLine: "told",
    HeardLine: "heard",
}


def write_lines(lines: Iterable[Line]) -> Iterator[bytes]:
    """Write the format's name, and then each line."""
    yield _write({"format": FORMAT, "version": VERSION})
    for line in lines:
        yield _write({"kind": KINDS[type(line)], **_spell(line)})


def _write(said: Mapping[str, object]) -> bytes:
    return f"{json.dumps(said, ensure_ascii=False)}\n".encode()


def _spell(line: Line) -> dict[str, object]:
    said = line._asdict()
    for name in _DATES & said.keys():
        said[name] = None if said[name] is None else _write_date(said[name])
    if isinstance(line, HeardLine):
        said["stories"] = {id_: _write_date(line.stories[id_]) for id_ in sorted(line.stories)}
    return said


_DATES = {"published", "updated", "said"}


def _write_date(seconds: int) -> str:
    return moment_of(seconds).isoformat().replace("+00:00", "Z")

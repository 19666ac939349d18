"""Values as SQLite keeps them."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import TypeVar, overload

#: Builds of SQLite have been as mean as to take 999 parameters.
_MOST = 900

_T = TypeVar("_T")

# Python's module knows how to bind these two without being told, and before it does, it looks in vain for somebody who
# tells it: that takes as long as binding the rest of a file's row.
sqlite3.register_adapter(type(None), lambda nothing: nothing)
sqlite3.register_adapter(bool, int)


@overload
def seconds_of(moment: datetime) -> int: ...
@overload
def seconds_of(moment: None) -> None: ...
def seconds_of(moment: datetime | None) -> int | None:
    """Count the seconds since 1970."""
    return None if moment is None else int(moment.timestamp())


@overload
def moment_of(seconds: int) -> datetime: ...
@overload
def moment_of(seconds: None) -> None: ...
def moment_of(seconds: int | None) -> datetime | None:
    """Make a date of the seconds since 1970."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def in_chunks(values: Collection[_T]) -> Iterator[tuple[str, list[_T]]]:
    """Part values into as many as a query takes, with a mark for each."""
    rest = iter(values)
    while some := list(islice(rest, _MOST)):
        yield ", ".join("?" * len(some)), some

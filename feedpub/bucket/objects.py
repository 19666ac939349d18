"""What a store can do for us, and what can go wrong there. `cloud` and `folder` are such stores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, Protocol

#: Instead of a tag: only if there is no such object.
ABSENT = ""

#: What is behind a failure, as far as it can be told.
Trouble = Literal[
    "credentials",  # nobody knows them, or they are wrong
    "denied",  # they are right, and not allowed to
    "clock",  # ours is off
    "bucket",  # there is none of that name
    "region",  # it is in another one
    "busy",  # the store says: later
    "slow",  # no answer in time
    "unreachable",  # no connection, or it broke
    "changed",  # a file of ours, while it was sent
    "foreign",  # there is an object that we did not put there
    "unable",  # the store does not know such requests
    "other",
]

#: What may go well the next time.
PASSING: frozenset[Trouble] = frozenset({"busy", "slow", "unreachable"})

Verb = Literal["read", "write", "delete", "list"]


class Stored(NamedTuple):
    """An object as it is stored."""

    body: bytes
    tag: str  #: Another one for every other body; means nothing else.


class ObjectsError(Exception):
    """A request failed."""

    def __init__(self, verb: Verb, key: str, trouble: Trouble, *, said: str = "") -> None:
        super().__init__(f"{verb} {key}: {trouble}: {said}")
        self.verb = verb
        self.key = key
        self.trouble = trouble
        self.said = said  #: In the store's own words, without anything secret.


class UnmetError(Exception):
    """The object is not (any more) what the condition of a `put` says; nothing was written."""


class UnchangedError(Exception):
    """The object is what the caller has already."""


class Objects(Protocol):
    """A store of objects below a prefix. Keys are paths with "/" between their parts.

    All methods can be called by several threads at once, and raise `ObjectsError`.
    """

    @property
    def server(self) -> str:
        """Tell the server from others; "" for the one that everybody means who names none, and for folders."""

    @property
    def requests(self) -> int:
        """Count the requests that were sent; 0 for a folder."""

    @property
    def enforces(self) -> bool | None:
        """Tell whether conditions of a `put` are kept; `None` where that has to be tried out."""

    def get(self, key: str, *, unless: str = "") -> Stored | None:
        """Give an object, or `None`; UnchangedError if its tag is *unless*."""

    def put(self, key: str, body: bytes, *, headers: Mapping[str, str], only_if: str | None = None) -> str:
        """Store an object, whole or not at all, and give its tag.

        Raises:
            UnmetError: Its tag is not *only_if*; for `ABSENT`, there is one.
        """

    def delete(self, keys: Sequence[str]) -> None:
        """Remove objects; that one is not there is no error."""

    def list(self, folder: str) -> list[str]:
        """Name all objects below a folder, sorted."""

    def tidy(self) -> None:
        """Remove what killed runs left half written; for whoever was just alone."""

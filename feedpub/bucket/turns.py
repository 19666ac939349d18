"""One publisher at a time, wherever the others are. Nobody's clock is trusted, but that our own goes on.

Who publishes takes a turn first. Where the store keeps the conditions of a `put`, there is one lock, and the manifest
that names the lock's run lets go of it. Where it does not, everybody puts up a lock of his own and then looks whether
he is alone. A lock says which documents its run is about to touch: if that run does not end well, nobody knows what
they hold.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple, Protocol

import orjson

from feedpub.bucket import FOLDER
from feedpub.bucket import manifest as manifests
from feedpub.bucket.manifest import Manifest

#: Who does not renew his lock for so long is dead, in seconds.
LEASE = 60.0

HEADERS = {"Content-Type": "application/json", "Cache-Control": "no-store"}


def _tell_time() -> float:
    """Tell the seconds since some moment; those as well that the machine slept."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Place(NamedTuple):
    """An object that only one at a time may replace, and where the locks are if the store keeps no conditions."""

    key: str
    headers: Mapping[str, str]
    locks: str  #: The folder of the locks that everybody has for himself.


MANIFEST = Place(manifests.KEY, manifests.HEADERS, f"{FOLDER}/locks")

#: The one lock, where the store keeps conditions.
LOCK = f"{FOLDER}/lock.json"


class OvertakenError(Exception):
    """Somebody else was at work: what was seen is no more, and everything has to be planned again."""


class Lock(NamedTuple):
    """What a lock says."""

    run: str
    machine: str
    keys: frozenset[str]  #: What its run is about to write or delete.
    released: bool = False  #: Its run ended, and not well.
    beat: int = 0  #: How often it was renewed: its tag is another one each time.
    #: Digests of what runs were about to put there, by key: what no manifest names, nobody could tell else from what
    #: others have put there.
    begun: Mapping[str, tuple[str, ...]] = MappingProxyType({})

    def without(self, spared: Collection[str]) -> Lock:
        """Give the same lock without some keys."""
        begun = {key: digests for key, digests in self.begun.items() if key not in spared}
        return self._replace(keys=self.keys.difference(spared), begun=begun)


#: Of `Lock.begun`, where there is nothing to be said.
NOTHING: Mapping[str, tuple[str, ...]] = MappingProxyType({})


class Held(NamedTuple):
    """A lock as it was seen."""

    lock: Lock
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A bucket as it was seen."""

    manifest: Manifest | None
    tag: str  #: The manifest's; `ABSENT` where there is none.
    locks: Mapping[str, Held]  #: By key; without those whose run ended well.

    @property
    def unsure(self) -> frozenset[str]:
        """Name the documents that nobody knows the content of."""
        return frozenset[str]().union(*(held.lock.keys for held in self.locks.values()))

    @property
    def begun(self) -> dict[str, tuple[str, ...]]:
        """Join what all locks say of `Lock.begun`."""
        return join_begun(*(held.lock.begun for held in self.locks.values()))

    @property
    def unfinished(self) -> frozenset[str]:
        """Name the runs that did not end well, or not yet."""
        return frozenset(held.lock.run for held in self.locks.values())


def join_begun(*begun: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Join several of `Lock.begun`."""
    joined: dict[str, tuple[str, ...]] = {}
    for one in begun:
        for key, digests in one.items():
            joined[key] = tuple(dict.fromkeys((*joined.get(key, ()), *digests)))
    return joined


class Who(NamedTuple):
    """Who publishes."""

    run: str
    machine: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """How long things take, in seconds, and what measures it."""

    lease: float = LEASE
    pause: float = 1.0  #: Between two looks at somebody else's lock.
    patience: float = 5.0  #: Who is seen to live is not waited for longer.
    clock: Callable[[], float] = _tell_time
    sleep: Callable[[float], object] = time.sleep


class Turn(Protocol):
    """The right to write, until it ends."""

    def check(self) -> None:
        """Raise LockedError if it may be another's by now. Any thread may ask."""

    def renew(self) -> None:
        """Say that we live, if it is time to."""

    def commit(self, body: bytes) -> str:
        """Write the manifest, which ends the turn, and give its tag.

        Raises:
            LockedError: The turn was another's by then.
        """

    def release(self, *, spared: Collection[str] = ()) -> None:
        """End it without a manifest; *spared* documents were surely not touched."""

    @property
    def lock_tag(self) -> str:
        """Give the tag of the lock, for who wants to take it next time without looking; "" where there is no such."""


class Turns(Protocol):
    """A way to take turns."""

    def look(self, manifest: Manifest | None, tag: str) -> Seen:
        """See who is at work, given what is public. Who ends in between is found out by `take`."""

    def is_still(self, seen: Seen) -> bool:
        """Tell whether nobody was at work since what was *seen* was so."""

    def take(self, seen: Seen, keys: Collection[str], begun: Mapping[str, tuple[str, ...]] = NOTHING) -> Turn:
        """Take a turn to touch these documents; *begun* is `Lock.begun`.

        Raises:
            OvertakenError: It is not as it was *seen*.
            LockedError: Somebody else is at work.
        """


def write_lock(lock: Lock) -> bytes:
    """Write a lock."""
    said = {"run": lock.run, "machine": lock.machine, "released": lock.released, "beat": lock.beat}
    return orjson.dumps({**said, "keys": sorted(lock.keys), "begun": dict(sorted(lock.begun.items()))})


def read_lock(body: bytes) -> Lock:
    """Read a lock; what is none is held by nobody that is known."""
    try:
        said = orjson.loads(body)
        keys = frozenset(map(str, said["keys"]))
        begun = {str(key): tuple(map(str, digests)) for key, digests in said.get("begun", {}).items()}
        return Lock(str(said["run"]), str(said["machine"]), keys, bool(said["released"]), int(said["beat"]), begun)
    except (ValueError, KeyError, TypeError, AttributeError):
        return Lock("", "", frozenset())


def is_free(held: Held, who: Who) -> bool:
    """Tell whether nobody can be at work under this lock: on this machine, there is nobody but us."""
    return held.lock.released or held.lock.machine == who.machine

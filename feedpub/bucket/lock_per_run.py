"""Turns where the store keeps no conditions: everybody puts up a lock of his own, and goes on if he is alone.

Of two that start at once each sees the other, or one of them does: they can never both go on.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Mapping

from feedpub.bucket.manifest import Manifest
from feedpub.bucket.objects import ABSENT, ObjectsError
from feedpub.bucket.retrying import RetryingStore
from feedpub.bucket.turns import (
    HEADERS,
    MANIFEST,
    NOTHING,
    Lock,
    OvertakenError,
    Place,
    Seen,
    Times,
    Who,
    is_free,
    write_lock,
)
from feedpub.bucket.watch import Lease, has_changed, is_untouched, look_at_lock, watch
from feedpub.errors import LockedError


class LockPerRun:
    """Turns by a lock for each."""

    def __init__(self, objects: RetryingStore, who: Who, times: Times, place: Place = MANIFEST) -> None:
        self._objects = objects
        self._who = who
        self._times = times
        self._place = place
        self._key = f"{place.locks}/{who.run}.json"
        self._ended: set[str] = set()

    def look(self, manifest: Manifest | None, tag: str) -> Seen:
        """See who is at work."""
        found = {key: held for key in self._others() if (held := look_at_lock(self._objects, key))}
        self._ended = {key for key, held in found.items() if manifest and held.lock.run == manifest.run}
        return Seen(manifest=manifest, tag=tag, locks={key: found[key] for key in found if key not in self._ended})

    def is_still(self, seen: Seen) -> bool:
        """Tell whether nobody was at work since: there is no lock, and no other manifest."""
        return is_untouched(self._objects, manifest=seen.tag, lock=ABSENT, conditions=False)

    def take(self, seen: Seen, keys: Collection[str], begun: Mapping[str, tuple[str, ...]] = NOTHING) -> LockPerRunTurn:
        """Take a turn to touch these documents."""
        others = {key: held.tag for key, held in seen.locks.items() if not is_free(held, self._who)}
        if others:
            watch(self._objects, {**others, self._place.key: seen.tag}, times=self._times)
        lock = Lock(self._who.run, self._who.machine, frozenset(keys), begun=begun)
        turn = LockPerRunTurn(
            self._objects, self._key, lock, place=self._place, dead=self._ended | set(seen.locks), times=self._times
        )
        try:
            self._make_sure(seen, turn)
        except BaseException:
            with contextlib.suppress(ObjectsError):
                turn.withdraw()
            raise
        return turn

    def _make_sure(self, seen: Seen, turn: LockPerRunTurn) -> None:
        """See whether we are alone, and everything is as it was seen.

        Raises:
            OvertakenError: It is not.
        """
        turn.put_up()
        if any(key not in seen.locks and key not in self._ended for key in self._others()):
            raise OvertakenError
        if has_changed(self._objects, self._place.key, seen.tag):
            raise OvertakenError

    def _others(self) -> list[str]:
        return [key for key in self._objects.list(self._place.locks) if key != self._key]


class LockPerRunTurn:
    """The right to write, as long as our lock is there."""

    def __init__(
        self, objects: RetryingStore, key: str, lock: Lock, *, place: Place, dead: set[str], times: Times
    ) -> None:
        self._objects = objects
        self._key = key
        self._lock = lock
        self._place = place
        self._dead = dead
        self._lease = Lease(times)
        self.lock_tag = ""

    def put_up(self) -> None:
        """Put our lock up."""
        self._objects.put(self._key, write_lock(self._lock), headers=HEADERS)

    def withdraw(self) -> None:
        """Take our lock away."""
        self._objects.delete([self._key])

    def check(self) -> None:
        """Raise LockedError if it may be another's by now."""
        self._lease.check()

    def renew(self) -> None:
        """Say that we live, if it is time to. Who was taken for dead may not come back: his lock is still there."""
        self.check()
        if self._lease.is_due:
            since = self._lease.now()
            self._look_after()
            self._lock = self._lock._replace(beat=self._lock.beat + 1)
            self.put_up()
            self._lease.begin(since)

    def commit(self, body: bytes) -> str:
        """Write the manifest, and take away our lock and those of the dead."""
        self.renew()
        self._look_after()
        tag = self._objects.guarded(self.check).put(self._place.key, body, headers=self._place.headers)
        self._objects.delete(sorted({self._key, *self._dead}))
        return tag

    def release(self, *, spared: Collection[str] = ()) -> None:
        """End it without a manifest; what the dead were about to touch is named in our lock as well."""
        self.check()
        self._lock = self._lock.without(spared)._replace(released=True)
        self._look_after()
        self.put_up()
        if self._dead:
            self._objects.delete(sorted(self._dead))

    def _look_after(self) -> None:
        """See that our lock is still there.

        Raises:
            LockedError: Somebody took us for dead.
        """
        if self._objects.get(self._key) is None:
            raise LockedError("another publisher has taken over; this run leaves it to that")

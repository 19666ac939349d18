"""Turns where the store keeps the conditions of a `put`: one lock, which is taken and renewed by compare-and-swap."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from feedpub.bucket.manifest import Manifest
from feedpub.bucket.objects import ABSENT, UnmetError
from feedpub.bucket.retrying import RetryingStore
from feedpub.bucket.turns import (
    HEADERS,
    LOCK,
    MANIFEST,
    NOTHING,
    Held,
    Lock,
    OvertakenError,
    Seen,
    Times,
    Who,
    is_free,
    write_lock,
)
from feedpub.bucket.watch import Lease, is_untouched, look_at_lock, watch
from feedpub.errors import LockedError


class SingleLock:
    """Turns by one lock."""

    def __init__(self, objects: RetryingStore, who: Who, times: Times) -> None:
        self._objects = objects
        self._who = who
        self._times = times
        self.lock_tag = ABSENT  #: As it was seen, or as it is remembered.

    def look(self, manifest: Manifest | None, tag: str) -> Seen:
        """See who is at work."""
        held = look_at_lock(self._objects, LOCK)
        self.lock_tag = held.tag if held else ABSENT
        ended = held is None or (manifest is not None and held.lock.run == manifest.run)
        return Seen(manifest=manifest, tag=tag, locks={} if ended or held is None else {LOCK: held})

    def is_still(self, seen: Seen) -> bool:
        """Tell whether nobody has taken a turn since: the lock would be another one."""
        return is_untouched(self._objects, manifest=seen.tag, lock=self.lock_tag, conditions=True)

    def take(self, seen: Seen, keys: Collection[str], begun: Mapping[str, tuple[str, ...]] = NOTHING) -> SingleLockTurn:
        """Take a turn to touch these documents."""
        held = seen.locks.get(LOCK)
        if held and not is_free(held, self._who):
            watch(self._objects, {LOCK: held.tag, MANIFEST.key: seen.tag}, times=self._times)
        lock = Lock(self._who.run, self._who.machine, frozenset(keys), begun=begun)
        lease = Lease(self._times)
        try:
            tag = self._objects.put(LOCK, write_lock(lock), headers=HEADERS, only_if=self.lock_tag)
        except UnmetError as error:
            raise OvertakenError from error
        return SingleLockTurn(self._objects, Held(lock, tag), seen.tag, lease)


class SingleLockTurn:
    """The right to write, as long as the lock is ours."""

    def __init__(self, objects: RetryingStore, held: Held, manifest_tag: str, lease: Lease) -> None:
        self._objects = objects
        self._held = held
        self._manifest_tag = manifest_tag
        self._lease = lease

    @property
    def lock_tag(self) -> str:
        """Give the tag of the lock."""
        return self._held.tag

    def check(self) -> None:
        """Raise LockedError if it may be another's by now."""
        self._lease.check()

    def renew(self) -> None:
        """Say that we live, if it is time to."""
        if self._lease.is_due:
            since = self._lease.now()
            self._put(self._held.lock._replace(beat=self._held.lock.beat + 1))
            self._lease.begin(since)

    def commit(self, body: bytes) -> str:
        """Write the manifest."""
        self.renew()
        try:
            return self._objects.put(MANIFEST.key, body, headers=MANIFEST.headers, only_if=self._manifest_tag)
        except UnmetError as error:
            raise LockedError(
                "the manifest is not what it was: another publisher has written it meanwhile, or somebody has taken it"
                " away; the next run looks again"
            ) from error

    def release(self, *, spared: Collection[str] = ()) -> None:
        """End it without a manifest."""
        self._put(self._held.lock.without(spared)._replace(released=True))

    def _put(self, lock: Lock) -> None:
        try:
            tag = self._objects.put(LOCK, write_lock(lock), headers=HEADERS, only_if=self._held.tag)
        except UnmetError as error:
            raise LockedError("another publisher has taken over; this run leaves it to that") from error
        self._held = Held(lock, tag)

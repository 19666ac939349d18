"""Looking at what others do: their locks, and what they have published."""

from __future__ import annotations

import time
from collections.abc import Mapping

from feedpub.bucket.manifest import Manifest, read_manifest
from feedpub.bucket.objects import ABSENT, Objects, UnchangedError
from feedpub.bucket.turns import LOCK, MANIFEST, Held, OvertakenError, Times, read_lock
from feedpub.errors import LockedError, PublishError

#: In seconds: how long to wait before a manifest that cannot be read is looked at again.
_WAITS = (0.1, 0.3)


class Lease:
    """How long we may go on without saying that we live."""

    def __init__(self, times: Times) -> None:
        self._times = times
        self._since = self.now()

    def now(self) -> float:
        """Tell the time. It counts from before a lock was sent: nobody can have seen it earlier."""
        return self._times.clock()

    def begin(self, since: float) -> None:
        """Begin anew, *since* we said so."""
        self._since = since

    @property
    def is_due(self) -> bool:
        """Tell whether it is time to say so."""
        return self.now() - self._since >= self._times.lease / 3

    def check(self) -> None:
        """Stop early enough that what was sent last is through before another takes over.

        Raises:
            LockedError: It is too late to send anything.
        """
        if self.now() - self._since > self._times.lease / 2:
            raise LockedError("this run was held up for so long that another may have taken over; it leaves it to that")


def look_at_manifest(objects: Objects, *, unless: str = "") -> tuple[Manifest | None, str]:
    """Read the manifest, and give its tag; UnchangedError if that is *unless*.

    Raises:
        PublishError: There is something else in its place.
    """
    for wait in _WAITS:
        try:
            return _read_manifest(objects, unless)
        except ValueError:
            # Servers that keep no conditions may also show an object while it is being written.
            time.sleep(wait)
    try:
        return _read_manifest(objects, unless)
    except ValueError as error:
        raise PublishError(f"{MANIFEST.key} in the bucket {error}") from error


def _read_manifest(objects: Objects, unless: str) -> tuple[Manifest | None, str]:
    found = objects.get(MANIFEST.key, unless=unless)
    return (read_manifest(found.body), found.tag) if found else (None, ABSENT)


def look_at_lock(objects: Objects, key: str) -> Held | None:
    """Read a lock, or `None`."""
    found = objects.get(key)
    return Held(read_lock(found.body), found.tag) if found else None


def watch(objects: Objects, tags: Mapping[str, str], *, times: Times) -> None:
    """Watch somebody's lock, and what he writes at the end, until nobody can be at work under it any more.

    Raises:
        OvertakenError: One of them has another tag than *tags* says by its key: he went on, or ended.
    """
    begin = times.clock()
    while times.clock() - begin < times.lease:
        times.sleep(times.pause)
        if any(has_changed(objects, key, tag) for key, tag in tags.items()):
            raise OvertakenError


def is_untouched(objects: Objects, *, manifest: str, lock: str, conditions: bool) -> bool:
    """Tell whether nobody was at work since *manifest* and *lock* were the tags of those.

    Where the store keeps *conditions*, nobody goes to work without another lock, and one request is enough. Else his
    own lock is there, or another manifest.
    """
    if conditions:
        return lock != ABSENT and not has_changed(objects, LOCK, lock)
    return not objects.list(MANIFEST.locks) and not has_changed(objects, MANIFEST.key, manifest)


def has_changed(objects: Objects, key: str, tag: str) -> bool:
    """Tell whether an object has another tag than this, `ABSENT` for none."""
    try:
        found = objects.get(key, unless=tag)
    except UnchangedError:
        return False
    # Some servers answer no condition of a `get`.
    return (found.tag if found else ABSENT) != tag

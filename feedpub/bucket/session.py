"""A bucket as one run sees it: what it remembers, what it finds, and its turn to write."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from feedpub.bucket.crowd import Crowd
from feedpub.bucket.line import Line
from feedpub.bucket.manifest import UNKNOWN, Listed
from feedpub.bucket.objects import UnchangedError
from feedpub.bucket.patience import Patient
from feedpub.bucket.plan import Known
from feedpub.bucket.probe import probe
from feedpub.bucket.state import Memory, Remembered
from feedpub.bucket.turns import Seen, Times, Turn, Turns, Who
from feedpub.bucket.watch import look_at_manifest


class Session:
    """What a run knows of a bucket, and how it takes turns there."""

    def __init__(self, objects: Patient, who: Who, times: Times, remembered: Remembered, memory: Memory) -> None:
        """Look at nothing yet."""
        self._objects = objects
        self._who = who
        self._times = times
        self._remembered = remembered
        self._memory = memory
        self._run, self._done = remembered.load_journal()
        self._line = Line(objects, who, times)
        self._turns: Turns = self._line
        self.conditions = True  #: Whether the store keeps the conditions of a `put`, as far as is known.

    def recall(self) -> Seen | None:
        """Give what the last run has left, if it ended well: then a lock that is still its own proves all of it."""
        manifest = self._remembered.load_manifest(self._memory)
        if manifest is None or (self._run and self._run != manifest.run):
            return None
        if manifest.conditions and not self._memory.lock:
            return None
        self._choose(conditions=manifest.conditions, lock=self._memory.lock)
        return Seen(manifest=manifest, tag=self._memory.tag, locks={})

    def is_still(self, seen: Seen) -> bool:
        """Ask whether the manifest is the one that was *seen*."""
        try:
            return look_at_manifest(self._objects, unless=seen.tag)[1] == seen.tag
        except UnchangedError:
            return True

    def look(self, *, dry: bool) -> Seen:
        """See what is public, and who is at work; where nothing is public yet, try out conditions, unless *dry*."""
        manifest, tag = look_at_manifest(self._objects)
        if manifest:
            self._choose(conditions=manifest.conditions)
        elif not dry:
            self._choose(conditions=probe(self._objects, self._who.run))
        return self._turns.look(manifest, tag)

    def done(self, seen: Seen) -> Mapping[str, Listed]:
        """Give what a run of ours has uploaded that did not end well, if nobody has been at work since."""
        return self._done if self._run in seen.unfinished else {}

    def known(self, seen: Seen) -> Known:
        """Say what is known of the documents."""
        documents = seen.manifest.documents if seen.manifest else {}
        done = self.done(seen)
        # What a dead run was about to write for the first time is ours, if it is there.
        begun = dict.fromkeys(seen.unsure, Listed(UNKNOWN, 0, {}))
        return Known({**begun, **documents, **done}, seen.unsure - done.keys())

    def take(self, seen: Seen, keys: Collection[str]) -> Turn:
        """Take a turn to touch these documents; see `Turns.take`."""
        return self._turns.take(seen, {*keys, *seen.unsure})

    @property
    def lock_tag(self) -> str:
        """Give the tag of the one lock, as it was seen; "" where there is none."""
        return self._line.lock_tag

    def _choose(self, *, conditions: bool, lock: str = "") -> None:
        self.conditions = conditions
        self._line.lock_tag = lock
        self._turns = self._line if conditions else Crowd(self._objects, self._who, self._times)

"""A bucket as one run sees it: what it remembers, what it finds, and its turn to write."""

from __future__ import annotations

import contextlib
import gzip
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from feedpub.bucket.lock_per_run import LockPerRun
from feedpub.bucket.manifest import Listed
from feedpub.bucket.plan import Known, Limit, Step, conclude, limit_deletes, make_plan
from feedpub.bucket.probe import probe
from feedpub.bucket.retrying import RetryingStore
from feedpub.bucket.settings import RunOptions
from feedpub.bucket.single_lock import SingleLock
from feedpub.bucket.state import Begun, Memory, Remembered
from feedpub.bucket.stock import digest
from feedpub.bucket.turns import Seen, Times, Turn, Turns, Who, is_free, join_begun
from feedpub.bucket.watch import look_at_manifest

#: Objects that are looked at side by side.
_AT_ONCE = 16


class Planned(NamedTuple):
    """What is to be done, and what is public."""

    seen: Seen
    steps: Sequence[Step]
    after: Mapping[str, Listed]  #: What is public once all steps are done.
    refusal: str
    has_dead: bool  #: Whether somebody has left a lock.

    @property
    def before(self) -> Mapping[str, Listed]:
        """Give what the manifest says."""
        return self.seen.manifest.documents if self.seen.manifest else {}

    @property
    def is_done(self) -> bool:
        """Tell whether there is nothing to do, nor a manifest to be written that a dead run did not come to."""
        return not (self.work or self.has_dead) and self.after == self.before

    def touched(self, wanted: Mapping[str, Listed]) -> dict[str, str | None]:
        """Name the documents that are touched; those that are uploaded with a digest."""
        return {step.key: wanted[step.key].sha256 if step.action == "put" else None for step in self.work}

    @property
    def work(self) -> list[Step]:
        """Give the steps that change something."""
        return [step for step in self.steps if step.action != "keep"]


class Session:
    """What a run knows of a bucket, and how it takes turns there."""

    def __init__(self, objects: RetryingStore, who: Who, times: Times, remembered: Remembered, memory: Memory) -> None:
        """Look at nothing yet."""
        self._objects = objects
        self._who = who
        self._times = times
        self._remembered = remembered
        self._memory = memory
        self._begun = remembered.load_journal()
        self._line = SingleLock(objects, who, times)
        self._turns: Turns = self._line
        self.conditions = True  #: Whether the store keeps the conditions of a `put`, as far as is known.

    def recall(self) -> Seen | None:
        """Give what the last run has left, if it ended well: then a lock that is still its own proves all of it."""
        manifest = self._remembered.load_manifest(self._memory)
        if manifest is None or (self._begun.run and self._begun.run != manifest.run):
            return None
        if manifest.server != self._objects.server or (manifest.conditions and not self._memory.lock):
            return None
        self._choose(conditions=manifest.conditions, lock=self._memory.lock)
        return Seen(manifest=manifest, tag=self._memory.tag, locks={})

    def is_still(self, seen: Seen) -> bool:
        """Ask whether nobody was at work since what was *seen*."""
        return self._turns.is_still(seen)

    def look(self, *, dry: bool) -> Seen:
        """See what is public, and who is at work; where nobody has tried out conditions yet, do so, unless *dry*."""
        manifest, tag = look_at_manifest(self._objects)
        if not dry and not (manifest and manifest.server == self._objects.server):
            self._choose(conditions=probe(self._objects, self._who.run))
        elif manifest:
            self._choose(conditions=manifest.conditions)
        return self._turns.look(manifest, tag)

    def _done(self, seen: Seen) -> Mapping[str, Listed]:
        """Give what a run of ours has uploaded that did not end well, if nobody has been at work since."""
        return self._begun.done if self._begun.run in seen.unfinished else {}

    def _known(self, seen: Seen) -> Known:
        """Say what is known of the documents."""
        documents = seen.manifest.documents if seen.manifest else {}
        done, lost = self._done(seen), self._lost(seen)
        begun = join_begun(seen.begun, lost.begun)
        ours = self._find({key: begun[key] for key in begun if key not in documents and key not in done})
        listed = {**ours, **documents, **done}
        return Known(listed, (seen.unsure | lost.keys).intersection(listed).difference(done))

    def plan(self, seen: Seen, wanted: Mapping[str, Listed], options: RunOptions, *, limit: Limit) -> Planned:
        """Plan so that what is *wanted* will be public, of all that was *seen*."""
        known = self._known(seen)
        steps = make_plan(wanted, known, force=options.force, delete=options.delete)
        allowed, refusal = limit_deletes(steps, limit, of=len(known.listed))
        # Somebody did not end well, and his lock can be taken over.
        has_dead = any(is_free(held, self._who) for held in seen.locks.values())
        return Planned(seen, allowed, conclude(wanted, known, allowed), refusal, has_dead)

    def take(self, seen: Seen, work: Mapping[str, str | None]) -> tuple[Turn, Begun]:
        """Take a turn to touch these documents; see `Turns.take`.

        Of those that are uploaded, digests are given. Given is what to write down, too.
        """
        lost = self._lost(seen)
        new = {key: (digest,) for key, digest in work.items() if digest}
        begun = Begun(
            run=self._who.run,
            keys=seen.unsure.union(lost.keys, work),
            begun=join_begun(seen.begun, lost.begun, new),
            done={key: each for key, each in self._done(seen).items() if key not in work},
        )
        return self._turns.take(seen, begun.keys, begun.begun), begun

    def _lost(self, seen: Seen) -> Begun:
        """Give a run of ours that was taken for dead: what it sent last may have come in after all."""
        run = self._begun.run
        ended = seen.manifest is not None and seen.manifest.run == run
        return Begun() if ended or run in seen.unfinished else self._begun

    def unfinished(self, seen: Seen) -> Mapping[str, tuple[str, ...]] | None:
        """Give the digests that runs were about to upload which did not end well; `None` for no such run."""
        is_ours = self._begun.run and not (seen.manifest and seen.manifest.run == self._begun.run)
        if not (is_ours or seen.locks):
            return None
        return join_begun(seen.begun, self._begun.begun if is_ours else {})

    def _find(self, begun: Mapping[str, tuple[str, ...]]) -> dict[str, Listed]:
        """Give those documents that are there, and hold what one of our runs was about to put there."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            found = zip(begun, pool.map(self._objects.get, begun), strict=True)
            ours = {key: _recognise(stored.body, begun[key]) for key, stored in found if stored}
        return {key: listed for key, listed in ours.items() if listed}

    @property
    def lock_tag(self) -> str:
        """Give the tag of the one lock, as it was seen; "" where there is none."""
        return self._line.lock_tag

    def _choose(self, *, conditions: bool, lock: str = "") -> None:
        self.conditions = conditions
        self._line.lock_tag = lock
        self._turns = self._line if conditions else LockPerRun(self._objects, self._who, self._times)


def _recognise(body: bytes, digests: Collection[str]) -> Listed | None:
    """Give the document that a stored *body* is, if it has one of these *digests*."""
    for plain in _plain(body):
        if (sha256 := digest(plain)) in digests:
            return Listed(sha256, len(plain), {})
    return None


def _plain(body: bytes) -> Iterator[bytes]:
    # A document may itself be a gzip file, so both readings count.
    yield body
    with contextlib.suppress(OSError, EOFError, zlib.error):
        yield gzip.decompress(body)

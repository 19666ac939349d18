"""Carrying out a plan: uploads rank by rank, then deletes, then the manifest. It goes all the way, or ends the turn."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from threading import Event, Lock

from feedpub.bucket.headers import encode
from feedpub.bucket.manifest import Listed
from feedpub.bucket.objects import ABSENT, ObjectsError, UnmetError
from feedpub.bucket.plan import Step
from feedpub.bucket.retrying import RetryingStore
from feedpub.bucket.sources import Source
from feedpub.bucket.state import Journal
from feedpub.bucket.turns import Turn
from feedpub.bucket.upload import send_all
from feedpub.errors import LockedError
from feedpub.workers import batches

#: Documents that are dealt with between two looks at the turn; as many are deleted with one request, where that works.
_BATCH = 100


class FailedError(Exception):
    """Requests failed; `errors` says which."""

    def __init__(self, errors: Sequence[ObjectsError]) -> None:
        super().__init__(*errors)
        self.errors = errors


class Tally:
    """Counts what was uploaded."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.uploaded = 0
        self.bytes = 0

    def add(self, size: int) -> None:
        """Count a document that takes so many bytes as it is stored."""
        with self._lock:
            self.uploaded += 1
            self.bytes += size


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is to be done in a turn."""

    source: Source
    steps: Sequence[Step]
    objects: RetryingStore
    turn: Turn
    stop: Event  #: Ends all waiting.
    threads: int
    tally: Tally
    conditions: bool  #: Whether the store keeps the conditions of a `put`.
    force: bool  #: Replace what others have put there.

    def carry_out(self, journal: Journal, beat: Callable[[int], None]) -> None:
        """Upload and delete; *beat* is called now and then with how many uploads are done.

        Raises:
            FailedError: A request failed.
            LockedError: Another may have taken over.
        """
        guarded = self.objects.guarded(self.turn.check)

        def send(step: Step) -> None:
            document = self.source.wanted[step.key]
            plain = self.source.read(step.key)
            body = encode(plain, document.headers)
            self._put(step, body, document, guarded)
            # What is noted is not looked at again, so it has to be kept by then.
            self.source.keep(step.key, plain)
            journal.note(step.key, document)
            self.tally.add(len(body))

        def attend(done: int) -> None:
            self.turn.renew()
            beat(done)

        uploads = [step for step in self.steps if step.action == "put"]
        for some in batches(uploads, _BATCH):
            self.turn.renew()
            self.source.keep_ahead(step.key for step in some)
        raise_any(send_all(uploads, send, threads=self.threads, stop=self.stop, beat=attend))
        deletes = (step for step in self.steps if step.action == "delete")
        for _, rank in groupby(deletes, key=lambda step: step.rank):
            # Not all at once: a store may take its time with each, and then the turn would be over meanwhile.
            for some in batches(rank, _BATCH):
                self.turn.renew()
                guarded.delete([step.key for step in some])

    def _put(self, step: Step, body: bytes, document: Listed, objects: RetryingStore) -> None:
        """Upload a document; refuse to replace an object that feedpub did not write."""
        is_first = step.reason == "new" and not self.force
        if is_first and not self.conditions and objects.get(step.key) is not None:
            raise ObjectsError("write", step.key, "foreign")
        condition = ABSENT if is_first and self.conditions else None
        try:
            objects.put(step.key, body, headers=document.headers, only_if=condition)
        except UnmetError as error:
            raise ObjectsError("write", step.key, "foreign") from error

    @contextlib.contextmanager
    def ending_well(self) -> Iterator[None]:
        """End the turn where the work does not come to its end."""
        try:
            yield
        except BaseException as error:
            self.stop.set()
            failed = error.errors if isinstance(error, FailedError) else ()
            # Who comes after waits a while if this does not work either.
            with contextlib.suppress(ObjectsError, LockedError):
                self.turn.release(spared={each.key for each in failed if each.trouble == "foreign"})
            raise


def raise_any(errors: Collection[BaseException]) -> None:
    """Raise what went wrong: first what nobody expects, then what makes all else irrelevant."""
    for error in errors:
        if not isinstance(error, ObjectsError | LockedError):
            raise error
    for error in errors:
        if isinstance(error, LockedError):
            raise error
    if errors:
        raise FailedError([error for error in errors if isinstance(error, ObjectsError)])

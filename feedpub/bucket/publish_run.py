"""One run of `publish`: see what is public, plan, take a turn, carry the plan out, and remember."""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Event

from feedpub.bucket import stock
from feedpub.bucket.answers import explain
from feedpub.bucket.generations import Shelf, ShelfError
from feedpub.bucket.manifest import Manifest, write_manifest
from feedpub.bucket.objects import Objects, ObjectsError
from feedpub.bucket.probe import sweep
from feedpub.bucket.publication import Changes, Publication, compare
from feedpub.bucket.retrying import RetryingStore, RetryPolicy
from feedpub.bucket.session import Planned, Session
from feedpub.bucket.settings import RunOptions, Settings
from feedpub.bucket.sources import Earlier, Output, Source
from feedpub.bucket.state import Begun, Remembered, tell_place
from feedpub.bucket.turns import OvertakenError, Times, Turn, Who
from feedpub.bucket.way_back import WayBack
from feedpub.bucket.work import Tally, Work
from feedpub.errors import LockedError, PublishError

#: Called with what is being done, how much of it is done, and how much there is.
Progress = Callable[[str, int, int], None]

_UNKEPT = (
    "{address}: this store does not keep the conditions of a request (If-Match), so publishers keep out of each"
    " other's way by lock objects"
)


class PublishRun:
    """One run."""

    def __init__(
        self,
        settings: Settings,
        options: RunOptions,
        *,
        objects: Objects,
        shelf: Shelf,
        stop: Event,
        remembered: Remembered,
        times: Times,
        check: Callable[[], object],
        foretell: Callable[[str, Changes], object],
    ) -> None:
        """Look at nothing yet. *stop* is set to end all waiting. For *check* and *foretell*, see `publish.publish`."""
        self._check = check
        self._foretell = foretell
        self._settings = settings
        self._options = options
        self._stop = stop
        policy = RetryPolicy(retries=settings.retries)
        self._objects = RetryingStore(objects, replace(policy, sleep=self._stop.wait))
        self._shelf = shelf
        self._remembered = remembered
        self._memory = remembered.load()
        self._who = Who(secrets.token_hex(8), f"{self._memory.machine}@{tell_place(remembered.folder)}")
        self._times = times
        # The lock is let go of even where all else was stopped.
        shorter = replace(policy, total=times.lease / 3)
        self._session = Session(RetryingStore(objects, shorter), self._who, times, remembered, self._memory)
        self._way_back = WayBack(shelf, self._session, most=settings.generations, is_here=settings.ledger is not None)
        self._tally = Tally()
        self._output: Output | None = None
        self._notices: list[str] = []

    def run(self, progress: Progress) -> Publication:
        """Do it all.

        Raises:
            ConfigError: The output folder cannot be published, or there is no way back.
            LockedError: Another is at work.
            FailedError: Uploads failed.
            ObjectsError: Another request failed.
            PublishError: What is in the bucket is no manifest.
        """
        started = time.monotonic()
        source = self._find()
        planned, turn = self._settle(source)
        changes = compare(planned.before, planned.after, planned.steps, url=self._settings.url)
        if turn:
            self._carry_out(planned, changes, *turn, source, progress)
        elif not self._options.dry_run and planned.seen.manifest and not planned.seen.locks:
            self._remember(planned, planned.seen.manifest, tag=planned.seen.tag, lock=self._session.lock_tag)
        return replace(self._report(planned, changes), seconds=time.monotonic() - started)

    def _find(self) -> Source:
        """Find out what is to be public."""
        if self._options.rollback:
            return Earlier(self._way_back.find(), self._shelf)
        known = self._remembered.load_files()
        foreseen = self._options.foreseen
        # It is made by what is foreseen.
        stamps = {} if foreseen is not None and not self._settings.out.exists() else stock.scan(self._settings.out)
        bodies = stock.Bodies()
        files = stock.take_stock(self._settings.out, stamps, known=known, now=time.time_ns(), bodies=bodies)
        shelf = self._shelf if self._settings.generations else None
        self._output = Output(self._settings.out, files, self._settings.serving, shelf, bodies)
        if foreseen is not None:
            self._output.foresee(foreseen)
        return self._output

    def _settle(self, source: Source) -> tuple[Planned, tuple[Turn, Begun] | None]:
        """Plan, and take a turn if there is anything to do; whoever is overtaken meanwhile plans again."""
        options, dry = self._options, self._options.dry_run
        seen = self._session.recall()
        is_fresh = seen is None
        since = self._times.clock()
        while True:
            seen = seen or self._session.look(dry=dry)
            planned = self._session.plan(seen, source.wanted, options, limit=self._settings.limit)
            # A way back that leads to what is public is a step all the same: the next one leads further.
            if (planned.is_done and not self._way_back.is_taken) or dry:
                # What is remembered may be long ago.
                if is_fresh or self._session.is_still(seen):
                    return planned, None
            else:
                source.check([step.key for step in planned.work if step.action == "put"])
                # Who dies from here on has to be known again.
                self._remembered.introduce(self._memory)
                try:
                    return planned, self._session.take(seen, planned.touched(source.wanted))
                except OvertakenError as error:
                    # Two that saw each other do not come back at the same moment.
                    self._times.sleep(random.random() * self._times.pause)  # noqa: S311  (nothing secret)
                    if not is_fresh:
                        # It was no more than a memory.
                        since = self._times.clock()
                    elif self._times.clock() - since > self._times.patience:
                        raise LockedError(
                            "another publisher is at work; the next run publishes what is left"
                        ) from error
            seen, is_fresh = None, True

    def _carry_out(
        self, planned: Planned, changes: Changes, turn: Turn, begun: Begun, source: Source, progress: Progress
    ) -> None:
        """Do what was planned, and remember that it is done."""
        work = Work(
            source=source,
            steps=planned.work,
            objects=self._objects,
            turn=turn,
            stop=self._stop,
            threads=self._settings.threads,
            tally=self._tally,
            conditions=self._session.conditions,
            force=self._options.force,
        )
        total = sum(step.action == "put" for step in planned.work)
        with self._way_back.trimming(planned), work.ending_well(), self._remembered.journal(begun) as journal:
            self._check()
            work.carry_out(journal, lambda done: progress("publishing", done, total))
            if not self._options.rollback:
                with self._noting():
                    # Before it is replaced: who dies in between has lost no way back.
                    self._way_back.push(planned)
            manifest = Manifest(self._who.run, self._session.conditions, planned.after, self._objects.server)
            self._foretell(self._who.run, changes)
            tag = turn.commit(write_manifest(manifest))
        self._remember(planned, manifest, tag=tag, lock=turn.lock_tag)
        with self._noting("something of other runs is left"):
            self._objects.tidy()
            if not (planned.seen.manifest and planned.seen.manifest.server == self._objects.server):
                sweep(self._objects)
        with self._noting():
            self._way_back.trim(planned)

    @contextmanager
    def _noting(self, what: str = "what is kept for a way back is not in order") -> Iterator[None]:
        """Say *what* it means where something goes wrong without which all is published nevertheless."""
        try:
            yield
        except ObjectsError as error:
            place = error.place if isinstance(error, ShelfError) else self._settings.target
            self._notices += (f"{line}; {what}" for line in explain([error], place))
        except PublishError as error:
            self._notices.append(f"{what} ({error})")

    def _remember(self, planned: Planned, manifest: Manifest, *, tag: str, lock: str) -> None:
        """Remember what is public, and the output folder if that is what is."""
        files = self._output.files if self._output else {}
        settled = bool(files) and all(each.settled for each in files.values())
        signature = stock.sign({key: each.stamp for key, each in files.items()}) if settled else ""
        memory = replace(
            self._memory,
            run=manifest.run,
            tag=tag,
            lock=lock,
            # What was refused is to be said again.
            known=self._options.known if signature and not planned.refusal else "",
            signature=signature,
            total=len(files),
            conditions=manifest.conditions,
        )
        if self._output:
            self._remembered.save_files(files)
        if manifest.run != self._memory.run:
            self._remembered.save_manifest(write_manifest(manifest))
        self._remembered.save(memory)
        self._remembered.close_journal()

    def _report(self, planned: Planned, changes: Changes) -> Publication:
        dry = self._options.dry_run
        puts = sum(step.action == "put" for step in planned.steps)
        if planned.work and not self._session.conditions:
            self._notices.append(_UNKEPT.format(address=self._settings.target.address))
        return Publication(
            target=self._settings.target.address,
            run=self._who.run,
            steps=tuple(step for step in planned.steps if step.reason != "unchanged"),
            uploaded=puts if dry else self._tally.uploaded,
            deleted=sum(step.action == "delete" for step in planned.steps),
            unchanged=sum(step.reason == "unchanged" for step in planned.steps),
            requests=self._objects.requests + self._shelf.requests,
            bytes=self._tally.bytes,
            seconds=0.0,
            changes=changes,
            notices=tuple(self._notices),
            refusal=planned.refusal,
        )

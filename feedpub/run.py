"""The whole pipeline, on one screen: articles in, documents in the output folder."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from functools import partial

from feedpub import lock
from feedpub.assemble import Assembled, assemble
from feedpub.choice import Listing, choose, list_files, split
from feedpub.compose import compose_batch
from feedpub.config import Config
from feedpub.errors import ConfigError, LossError, PublishError
from feedpub.feeds import Key, Slot, give_slots
from feedpub.identity import mint
from feedpub.job import Job, Progress
from feedpub.ledger import Ledger, Past
from feedpub.model import Entry, Rejected, Story
from feedpub.outcome import Outcome
from feedpub.publisher import Directory, Step, carry_out, make_plan
from feedpub.report import Report, make_report
from feedpub.workers import open_executor, spread

#: Feeds are few and large, beside articles.
_FEEDS_AT_ONCE = 2


def build(
    config: Config,
    *,
    now: datetime | None = None,
    workers: int | None = None,
    dry_run: bool = False,
    progress: Progress = lambda _what, _done, _total: None,
) -> Report:
    """Collect, sanitise and write all feeds into the output folder.

    *now* is the clock for first sightings and future-dated articles: aware, by default the time of the call.
    With *dry_run* nothing is written, and the report says what would be.

    Raises:
        ConfigError: The ledger or the output folder cannot be what the configuration says.
        LossError: More articles would vanish than `feeds.max_loss` allows; nothing was written.
        LockedError: Another run uses the same ledger.
        PublishError: A document could not be written; those that were there are whole.
    """
    started = time.monotonic()
    job = start_job(config, now=now, progress=progress)
    store = Directory(config.site.out)
    with open_ledger(config, dry_run=dry_run) as ledger:
        past = ledger.load()
        outcome = _work_out(job, past, store, workers=workers)
        if not dry_run:
            _write(outcome, store=store, ledger=ledger)
    return make_report(outcome, past=past, seconds=time.monotonic() - started)


def start_job(config: Config, *, now: datetime | None, progress: Progress) -> Job:
    """Set the clock of a run."""
    clock = (now or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
    return Job(config=config, now=clock, progress=progress)


@contextmanager
def open_ledger(config: Config, *, dry_run: bool) -> Iterator[Ledger]:
    """Open the ledger, alone; a dry run only looks, makes no file and waits for nobody.

    Raises:
        ConfigError: What is there is no ledger.
        LockedError: Another run uses it.
    """
    path = config.site.ledger
    sources = tuple(source.path for source in config.source)
    alone = nullcontext() if dry_run else lock.hold(path.with_name(f"{path.name}.lock"))
    # An empty file, too, would be made a ledger.
    in_memory = dry_run and not (path.is_file() and path.stat().st_size)
    with alone, Ledger(path, sources=sources, out=config.site.out, in_memory=in_memory) as ledger:
        yield ledger


def _work_out(job: Job, past: Past, store: Directory, *, workers: int | None) -> Outcome:
    """Find out what has to be written, and write nothing."""
    listing = list_files(job.config)
    with open_executor(workers=workers, jobs=len(listing.files)) as executor:
        choice = choose(listing, job, past, executor)
        _check_loss(choice.public, past, job)
        entries, unclean = compose_stories(choice.feeds, listing, job, executor)
        slots = find_slots(choice.feeds, past, job)
        assembled = assemble_feeds(choice.feeds, entries, slots, job, executor)
    return Outcome(
        sightings=choice.sightings,
        rejected=(*choice.rejected, *unclean),
        told=choice.told,
        public=choice.public,
        slots=slots,
        assembled=assembled,
        steps=_plan_steps(assembled, past, store, job),
    )


def _check_loss(public: Sequence[Story], past: Past, job: Job) -> None:
    """Refuse to empty the feeds because a disk is not mounted or a crawler went wrong.

    Raises:
        LossError: More than `feeds.max_loss` of the stories that were public are so no more.
    """
    lost = len(past.live.keys() - {story.id for story in public})
    allowed = job.config.feeds.max_loss
    # A single article is no catastrophe, even where there are but a few.
    if lost > max(allowed * len(past.live), 1 if allowed else 0):
        raise LossError(lost=lost, of=len(past.live), allowed=allowed)


def compose_stories(
    chosen: Mapping[Key, Sequence[Story]], listing: Listing, job: Job, executor: Executor | None
) -> tuple[list[Entry], list[Rejected]]:
    """Make an entry of every story that some feed shows."""
    places = {file.name: file for file in listing.files}
    stories = {story.id: story for group in chosen.values() for story in group}
    pairs = [(places[story.name], story) for story in stories.values()]
    function = partial(compose_batch, recipe=job.recipe, now=job.now)
    advance = job.counter("sanitising", len(pairs))
    return split(spread(function, pairs, executor=executor, advance=advance), Entry)


def find_slots(keys: Iterable[Key], past: Past, job: Job) -> dict[Key, Slot]:
    """Give every feed its place and its id, the old ones where it had any."""
    return give_slots(keys, old=past.slots, plan=job.plan, mint_id=partial(mint, authority=job.authority))


def assemble_feeds(
    chosen: Mapping[Key, Sequence[Story]],
    entries: Iterable[Entry],
    slots: Mapping[Key, Slot],
    job: Job,
    executor: Executor | None,
) -> Assembled:
    """Render the feeds of the *chosen* stories, as far as there are entries of them."""
    advance = job.counter("writing", len(chosen))
    return assemble(
        chosen,
        {entry.id: entry for entry in entries},
        plan=job.plan,
        slots=slots,
        formats=job.config.feeds.formats,
        max_bytes=job.config.feeds.max_bytes,
        render_all=partial(spread, executor=executor, advance=advance, batch=_FEEDS_AT_ONCE),
    )


def _plan_steps(assembled: Assembled, past: Past, store: Directory, job: Job) -> tuple[Step, ...]:
    """Plan what to do in the output folder.

    Raises:
        ConfigError: Somebody else's files stand where ours would go.
        PublishError: What stands there cannot be read.
    """
    try:
        steps = make_plan(assembled.documents, store=store, ours=past.documents)
    except OSError as error:
        raise PublishError(f"{error.filename}: cannot be read: {error.strerror}") from error
    foreign = [step.key for step in steps if step.action == "refuse"]
    if foreign:
        raise ConfigError(
            [f"{job.config.site.out / key}: was not written by feedpub; choose another site.out" for key in foreign]
        )
    return steps


def _write(outcome: Outcome, *, store: Directory, ledger: Ledger) -> None:
    """Store identities first, so that a crash cannot change them, and then the documents.

    Raises:
        PublishError: A document could not be written.
    """
    ledger.remember(memories=outcome.told.memories, slots=outcome.slots, files=outcome.files)
    ledger.claim_documents({document.path: document.digest for document in outcome.assembled.documents})
    try:
        store.tidy()
        carry_out(outcome.steps, store=store)
    except OSError as error:
        raise PublishError(f"{error.filename2 or error.filename}: cannot be written: {error.strerror}") from error
    finally:
        store.tidy()
    gone = [step.key for step in outcome.steps if step.action == "delete"]
    ledger.conclude(files=outcome.files, live=outcome.live, gone=gone)

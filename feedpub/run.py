"""The whole pipeline, on one screen: articles in, documents in the output folder."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime

from feedpub import lock
from feedpub.assemble import Assembled, assemble
from feedpub.beginning import begin
from feedpub.config import Config
from feedpub.errors import ConfigError, LossError
from feedpub.glance import write_note
from feedpub.job import Job, Progress
from feedpub.ledger.site import Ledger, open_ledger
from feedpub.outcome import Outcome, sum_up
from feedpub.publisher import Directory
from feedpub.reading import look_for_news, read_news
from feedpub.report import Report, make_report
from feedpub.shelves import fill_shelves
from feedpub.telling import tell_stories
from feedpub.workers import Pool


def build(
    config: Config,
    *,
    now: datetime | None = None,
    workers: int | None = None,
    dry_run: bool = False,
    fresh: bool = False,
    known: str | None = None,
    progress: Progress = lambda _what, _done, _total: None,
) -> Report:
    """Collect, sanitise and write into the output folder what does not stand there yet as it should.

    *now* is the clock for first sightings and future-dated articles: aware, by default the time of the call.
    With *dry_run* nothing is written, and the report says what would be. With *fresh* nothing is believed that was
    worked out before; identities are kept. What the configuration is *known* by is for `glance`.

    Raises:
        ConfigError: The ledger or the output folder cannot be what the configuration says.
        LossError: More articles would vanish than `feeds.max_loss` allows; nothing was written.
        LockedError: Another run uses the same ledger.
        PublishError: A document could not be written; those that were there are whole.
    """
    started = time.monotonic()
    job = start_job(config, now=now, progress=progress)
    store = Directory(config.site.out)
    with take_ledger(config, private=dry_run) as ledger, Pool(workers) as pool:
        if dry_run:
            outcome = _work_out(job, ledger, store, pool, dry=True, fresh=fresh)
            return make_report(outcome, seconds=time.monotonic() - started)
        with store.tidied():
            outcome = _work_out(job, ledger, store, pool, dry=False, fresh=fresh)
            _write(outcome, job, ledger, store)
        report = make_report(outcome, seconds=time.monotonic() - started)
        if known:
            _leave_note(known, report, outcome, job, ledger)
    return report


def start_job(config: Config, *, now: datetime | None, progress: Progress) -> Job:
    """Set the clock of a run."""
    clock = (now or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
    return Job(config=config, now=clock, progress=progress)


@contextmanager
def take_ledger(config: Config, *, private: bool) -> Iterator[Ledger]:
    """Open the ledger, alone; *private*, a copy of it, and wait for nobody.

    Raises:
        ConfigError: What is there is no ledger.
        LockedError: Another run uses it.
    """
    path = config.site.ledger
    sources = tuple(source.path for source in config.source)
    alone = nullcontext() if private else lock.hold(lock.path_of(path))
    with alone, open_ledger(path, sources=sources, out=config.site.out, private=private) as ledger:
        yield ledger


def _work_out(job: Job, ledger: Ledger, store: Directory, pool: Pool, *, dry: bool, fresh: bool) -> Outcome:
    """Find out what has to be written, and show none of it yet."""
    reshape = fresh or ledger.state("shaping") != job.shaping
    if fresh:
        ledger.doubt()
    begins = ledger.is_blank and not job.config.feeds.near_duplicates
    news = look_for_news(ledger, job, fresh=fresh, lazily=begins)
    if begins:
        read, changed = begin(news, ledger, job, pool), ledger.stories.labels()
    else:
        read = read_news(news, ledger, job, pool)
        changed = tell_stories(read, news, ledger, job, pool)
    _check_loss(ledger, job)
    shelves = fill_shelves(None if reshape else changed | ledger.stories.between(*_since(ledger, job)), ledger, job)
    assembled = assemble(shelves, news, ledger, job, pool, store=store, dry=dry)
    _check_foreign(assembled, job)
    return sum_up(read, news, shelves, assembled, ledger, job)


def _since(ledger: Ledger, job: Job) -> tuple[int, int]:
    """Give the time between the last run's clock and this one's, whichever was set back."""
    now = int(job.now.timestamp())
    last = int(ledger.state("clock") or now)
    return min(last, now), max(last, now)


def _check_loss(ledger: Ledger, job: Job) -> None:
    """Refuse to empty the feeds because a disk is not mounted or a crawler went wrong.

    Raises:
        LossError: More than `feeds.max_loss` of the stories that were public are so no more.
    """
    lost = ledger.stories.count_lost(until=job.until, early=job.shows_early)
    known = ledger.stories.count_told()
    allowed = job.config.feeds.max_loss
    # A single article is no catastrophe, even where there are but a few.
    if lost > max(allowed * known, 1 if allowed else 0):
        raise LossError(lost=lost, of=known, allowed=allowed)


def _check_foreign(assembled: Assembled, job: Job) -> None:
    """Refuse to write over somebody else's files.

    Raises:
        ConfigError: Such files stand where ours would go.
    """
    foreign = [step.key for step in assembled.steps if step.action == "refuse"]
    if foreign:
        raise ConfigError(
            [f"{job.config.site.out / key}: was not written by feedpub; choose another site.out" for key in foreign]
        )


def _write(outcome: Outcome, job: Job, ledger: Ledger, store: Directory) -> None:
    """Store identities first, so that a crash cannot change them, then show the documents, then note that they are."""
    assembled = outcome.assembled
    gone = [step.key for step in assembled.steps if step.action == "delete"]
    settled = ledger.is_settled(reading=job.reading, listing=job.listing, shaping=job.shaping)
    if settled and not (ledger.has_changed or assembled.digests or gone):
        return
    ledger.documents.claim(assembled.digests)
    # What an older run left for a glance is no longer so.
    ledger.set_state(glance=None)
    # Not shaped before the end is reached: who comes after a crash goes through all feeds.
    ledger.settle(reading=job.reading, listing=job.listing, shaping=None, clock=int(job.now.timestamp()))
    ledger.commit()
    stamps = store.commit()
    for key in gone:
        store.delete(key)
    ledger.documents.forget(gone)
    ledger.documents.stamp({**assembled.stamps, **stamps})
    ledger.stories.tell(until=job.until, early=job.shows_early)
    ledger.entries.tell({**assembled.shown, **dict.fromkeys(outcome.shelves.ended)})
    ledger.entries.keep_only_shown()
    ledger.set_state(shaping=job.shaping)
    ledger.commit()


def _leave_note(known: str, report: Report, outcome: Outcome, job: Job, ledger: Ledger) -> None:
    """Tell the next run what to glance at; nothing where it has to look more closely."""
    doubtful = report.edited or any(bad.passing for bad in outcome.rejected)
    note = None if doubtful else _note(known, report, job, ledger)
    if note != ledger.state("glance"):
        ledger.set_state(glance=note)
        ledger.commit()


def _note(known: str, report: Report, job: Job, ledger: Ledger) -> str:
    return write_note(
        known,
        sources=[(source.path, source.label, source.follow) for source in job.sources],
        out=job.config.site.out,
        due=None if job.until is None else ledger.stories.next_due(job.until),
        clock=int(job.now.timestamp()),
        report=report,
    )

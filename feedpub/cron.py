"""One round of a cron job: build, publish, and tell those who want to know."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from feedpub.errors import FeedpubError, LockedError
from feedpub.notify import Published, notify, signal, untold

if TYPE_CHECKING:
    from pathlib import Path

    from feedpub.bucket.publication import Changes, Publication
    from feedpub.config import Config
    from feedpub.job import Progress
    from feedpub.report import Report


_OPEN_LEDGER = (
    'site.ledger = "bucket": it lies beside the feeds, and whoever can read those can read it; publish.state names a'
    " private place"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What came of a round. `as_json` gives the form that scripts rely on."""

    report: Report
    publication: Publication

    @property
    def has_news(self) -> bool:
        """Whether anything that is public is other than before. An output folder can be lost and made again."""
        return bool(self.publication.uploaded or self.publication.deleted)

    def as_json(self) -> dict[str, object]:
        """Give what `--json` prints: what `build` does, and under `publish` what that does."""
        return {**self.report.as_json(), "publish": self.publication.as_json()}


def go_round(
    config: Config,
    *,
    now: datetime | None = None,
    workers: int | None = None,
    fresh: bool = False,
    delete: bool | None = None,
    dry_run: bool = False,
    known: str | None = None,
    known_published: str = "",
    progress: Progress = lambda _what, _done, _total: None,
    warn: Callable[[str], object] = lambda _warning: None,
) -> Round:
    """Build, publish what changed, and tell hubs and the webhook of it.

    With *dry_run*, nothing is written and nobody told.

    A ledger in a bucket is given back before anything is published, so that no entry is public whose identity could
    be lost. *warn* is told who did not hear of it. All else is as `run.build` and `publish.publish` have it.

    Raises:
        FeedpubError: As those do.
    """
    from feedpub.borrow import build
    from feedpub.bucket.settings import memory_of
    from feedpub.publish import publish, settings_of

    # What is wrong with it is said before anything is written.
    settings = settings_of(config)
    report, loan = build(config, now=now, workers=workers, fresh=fresh, dry_run=dry_run, known=known, progress=progress)
    memory = memory_of(settings.ledger, settings.target) if settings.ledger else None

    def foretell(run: str, changes: Changes) -> None:
        if memory:
            untold.foretell(memory, _published(run, changes, config.site.url))

    publication = publish(
        config,
        delete=delete,
        dry_run=dry_run,
        known=known_published,
        foreseen=report.touched if dry_run else None,
        progress=progress,
        check=loan.check,
        foretell=foretell,
    )
    if not dry_run:
        _tell(publication, config, memory, warn)
    return Round(report=report, publication=publication)


def _tell(publication: Publication, config: Config, memory: Path | None, warn: Callable[[str], object]) -> None:
    """Tell hubs and the webhook what readers find changed, with what older runs had no time to tell."""
    options = config.publish
    if options is None:
        return
    if publication.uploaded and config.site.keeps_ledger_in_bucket and not options.state:
        warn(_OPEN_LEDGER)
    changed = _published(publication.run, publication.changes, config.site.url)
    with untold.remembered(memory, changed) as published:
        _warn_all(notify(published, websub=options.websub, webhook=options.webhook), warn)


def glance_round(
    ledger: Path, known: str, *, to: str, now: float, look: Callable[[], Publication | None]
) -> Round | None:
    """Go a round in which nothing changed, here or in the bucket; `None` where there may be something to do.

    Here is as `glance.glance` has it; *look* glances at the bucket, *to* which is published. Where a run died that had
    somebody to tell of something, there is that to do.

    Raises:
        LockedError: Another run uses the ledger.
    """
    from feedpub.bucket.settings import memory_of
    from feedpub.bucket.targets import parse_target
    from feedpub.glance import glance

    report = glance(ledger, known, now=now)
    publication = look() if report else None
    if not (report and publication) or untold.are_left(memory_of(ledger, parse_target(to))):
        return None
    return Round(report=report, publication=publication)


def _published(run: str, changes: Changes, site: str) -> Published:
    return Published(site=site, run=run, feeds=changes.feeds, changed=changes.documents, deleted=changes.deleted)


@contextmanager
def watched(health: str, warn: Callable[[str], object]) -> Iterator[Callable[[Round], None]]:
    """Tell a health check that a round begins, and how it ends: well, or not, if it raises.

    What is given is to be called with a round that came to its end. *warn* is told if nobody listens.
    """

    def say(ended: Round) -> None:
        refusal = ended.publication.refusal
        _warn_all(signal(health, "failure" if refusal else "success", summary=refusal), warn)

    _warn_all(signal(health, "start"), warn)
    try:
        yield say
    except LockedError:
        # Another run is at work, and says itself how that ends.
        raise
    except BaseException as error:
        summary = str(error) if isinstance(error, FeedpubError) else f"interrupted ({type(error).__name__})"
        _warn_all(signal(health, "failure", summary=summary), warn)
        raise


def _warn_all(warnings: tuple[str, ...], warn: Callable[[str], object]) -> None:
    for warning in warnings:
        warn(warning)

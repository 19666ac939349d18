"""Reading what changed since the last run, and storing what it holds."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from feedpub.collector import Found, Same, survey
from feedpub.job import Job
from feedpub.ledger.files import Files, Spot
from feedpub.ledger.sightings import Row, columns_of
from feedpub.ledger.site import Ledger
from feedpub.model import Rejected, Sighting
from feedpub.news import Change, News, find_news
from feedpub.workers import Pool, spread


@dataclass(slots=True, kw_only=True)
class Read:
    """What came of reading the files."""

    new: int = 0
    changed: int = 0
    removed: int = 0
    added: list[Row] = field(default_factory=list)  #: Files that were never heard of.
    others: list[Spot] = field(default_factory=list)  #: Files that are not what they were.
    before: list[Row] = field(default_factory=list)  #: What was known of those.


def look_for_news(ledger: Ledger, job: Job, *, fresh: bool = False, lazily: bool = False) -> News:
    """List the files, and compare them with what the ledger knows of them; *fresh*, believe nothing of that.

    *lazily*, they are listed while those before them are read.
    """
    return find_news(
        job.sources,
        ledger.files,
        fresh=fresh or ledger.state("reading") != job.reading,
        closely=ledger.state("listing") != job.listing,
        lazily=lazily,
    )


def read_news(news: News, ledger: Ledger, job: Job, pool: Pool) -> Read:
    """Read what changed, and store what it holds."""
    files, read = ledger.files, Read()
    function = partial(survey, zone=job.recipe.zone, now=job.now, sketched=job.config.feeds.near_duplicates)
    advance = job.counter("reading", lambda: news.most)
    waiting: deque[Change] = deque()
    for _, seen in spread(function, hand_out(news.changes(files), waiting), pool=pool, advance=advance):
        _take_in([(waiting.popleft(), one) for one in seen], read, news, files)
    read.removed = len(news.gone)
    read.others += news.gone
    read.before += files.rows_of(news.gone)
    files.forget(news.gone)
    files.sign(news.signatures)
    return read


def hand_out(changes: Iterable[Change], waiting: deque[Change]) -> Iterator[Found]:
    """Give what is to be read; the rest of what is known of it waits here."""
    for change in changes:
        waiting.append(change)
        yield change.found


def _take_in(pairs: Sequence[tuple[Change, Sighting | Same | Rejected]], read: Read, news: News, files: Files) -> None:
    files.restamp((change.spot, change.stamp) for change, one in pairs if isinstance(one, Same))
    refused = [(change, one) for change, one in pairs if isinstance(one, Rejected)]
    sighted = [(change, one) for change, one in pairs if isinstance(one, Sighting)]
    read.added += _add([(change, one) for change, one in sighted if not change.is_known], files)
    others = [(change, one) for change, one in sighted if change.is_known]
    read.others += (change.spot for change, _ in (*refused, *others))
    read.before += files.rows_of(change.spot for change, _ in (*refused, *others))
    files.note((change.spot, change.found.path, change.stamp, one) for change, one in others)
    refuse(refused, news, files)
    # What is in quarantine is neither, but that it was none before.
    read.new += sum(not change.before for change, _ in sighted)
    read.changed += sum(bool(change.before) for change, _ in refused)
    read.changed += sum(change.before not in {None, "", one.bytes} for change, one in sighted)


def _add(sighted: Sequence[tuple[Change, Sighting]], files: Files) -> Iterator[Row]:
    numbers = files.add(
        (change.spot, change.found.path, change.stamp, False, columns_of(one)) for change, one in sighted
    )
    for number, (_, one) in zip(numbers, sighted, strict=True):
        if one.sentences:
            files.note_near(number, one)
        yield Row(number, None, one)


def refuse(refused: Sequence[tuple[Change, Rejected]], news: News, files: Files) -> None:
    """Store why files could not be read."""
    if not refused:
        return
    files.note((change.spot, change.found.path, change.stamp, one) for change, one in refused)
    # What the system refuses now it may give the next time, without its looking another one.
    news.signatures.update((change.spot.folder, None) for change, one in refused if one.passing)

"""How things stand: a copy of the ledger that is brought up to date as a build does it, and what it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from feedpub.collector import Found
from feedpub.identity import Known
from feedpub.job import Job
from feedpub.ledger.files import read_labels
from feedpub.ledger.rows import moment_of
from feedpub.ledger.site import Ledger
from feedpub.ledger.stories import Shown
from feedpub.model import Sighting, Story
from feedpub.news import News, find_news
from feedpub.run import take_ledger
from feedpub.telling import Read, read_news, tell_stories
from feedpub.workers import Pool


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A copy of the ledger that knows all files, and after `tell` all stories."""

    job: Job
    ledger: Ledger
    pool: Pool
    news: News
    read: Read
    fresh: bool  #: Whether nothing was believed of what the files were said to hold.
    rejected: Mapping[str, str]  #: By name, why files cannot be read.

    def find(self, file: int) -> Found:
        """Give a file by its number."""
        return self.news.find(self.ledger.files.places((file,))[file])


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A story, and the files that tell it."""

    shown: Shown
    story: Story
    files: Mapping[int, Sighting]  #: By their numbers, in the order of their names.


@contextmanager
def take_stock(job: Job, *, workers: int | None) -> Iterator[Standing]:
    """Copy the ledger, and read what it does not know yet.

    Raises:
        ConfigError: What should be the ledger is none.
    """
    with take_ledger(job.config, private=True) as ledger, Pool(workers) as pool:
        fresh = ledger.state("reading") != job.reading
        news = find_news(job.sources, ledger.files, fresh=fresh)
        read = read_news(news, ledger, job, pool)
        rejected = {bad.name: bad.reason for bad in ledger.files.rejected()}
        yield Standing(job=job, ledger=ledger, pool=pool, news=news, read=read, fresh=fresh, rejected=rejected)


def tell(standing: Standing) -> set[str | None]:
    """Work out which stories there are now, and give the labels of those that changed."""
    ledger = standing.ledger
    ledger.stories.keep_past()
    whole = standing.fresh or ledger.is_stale
    return tell_stories(standing.read, standing.news, ledger, standing.job, standing.pool, whole=whole)


def find_telling(file: int, ledger: Ledger) -> Telling:
    """Give the story that a file tells."""
    (row,) = ledger.files.rows_by_number((file,))
    (shown,) = ledger.stories.of([row.story] if row.story else []).values()
    files = {row.file: row.sighting for row in ledger.files.rows_telling(shown.place) if row.sighting}
    return Telling(shown=shown, story=story_of(shown, files[shown.file].name), files=files)


def story_of(shown: Shown, name: str) -> Story:
    """Make a story of what the ledger says of it; *name* is the file whose words are shown."""
    categories, tags = read_labels(shown.labels)
    return Story(
        id=shown.id,
        published=moment_of(shown.published),
        updated=moment_of(shown.updated),
        name=name,
        early=bool(shown.early),
        categories=categories,
        tags=tags,
    )


def recall(sighting: Sighting, ledger: Ledger) -> Known:
    """Give what is remembered of the stories that a file could tell if it stood alone."""
    row = ledger.files.row_named(sighting.name)
    told = row.story if row else None
    memories = ledger.stories.memories_with(
        {"place": (told,), "own": (sighting.own_id,), "link": (sighting.address,), "text": (sighting.text,)}
    )
    id_ = next((memory.id for memory in memories if memory.place == told), None)
    return Known(memories=memories, ids_by_name={sighting.name: id_} if id_ else {}, taken=ledger.stories.ids)

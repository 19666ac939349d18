"""How things stand: a copy of the ledger that is brought up to date as a build does it, and what it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from feedpub.collector import Found
from feedpub.identity import Known
from feedpub.job import Job
from feedpub.ledger.site import Ledger
from feedpub.ledger.stories import Shown
from feedpub.model import Sighting, Story
from feedpub.news import News
from feedpub.reading import Read, look_for_news, read_news
from feedpub.run import take_ledger
from feedpub.telling import story_of, tell_stories
from feedpub.workers import Pool


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A copy of the ledger that knows all files, and after `tell` all stories."""

    job: Job
    ledger: Ledger
    pool: Pool
    news: News
    read: Read
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
        news = look_for_news(ledger, job)
        read = read_news(news, ledger, job, pool)
        rejected = {bad.name: bad.reason for bad in ledger.files.rejected()}
        yield Standing(job=job, ledger=ledger, pool=pool, news=news, read=read, rejected=rejected)


def tell(standing: Standing) -> set[str | None]:
    """Work out which stories there are now, and give the labels of those that changed."""
    ledger = standing.ledger
    ledger.memories.keep_past()
    return tell_stories(standing.read, standing.news, ledger, standing.job, standing.pool)


def find_telling(file: int, ledger: Ledger) -> Telling:
    """Give the story that a file tells."""
    (row,) = ledger.files.rows_by_number((file,))
    (shown,) = ledger.stories.of([row.story] if row.story else []).values()
    files = {row.file: row.sighting for row in ledger.files.rows_telling(shown.place) if row.sighting}
    return Telling(shown=shown, story=story_of(shown, files[shown.file].name), files=files)


def recall(sighting: Sighting, ledger: Ledger) -> Known:
    """Give what is remembered of the stories that a file could tell if it stood alone."""
    row = ledger.files.row_named(sighting.name)
    told = row.story if row else None
    memories = ledger.memories.having(
        {"place": (told,), "own": (sighting.own_id,), "link": (sighting.address,), "text": (sighting.text,)}
    )
    id_ = next((memory.id for memory in memories if memory.place == told), None)
    return Known(memories=memories, ids_by_name={sighting.name: id_} if id_ else {}, taken=ledger.memories.ids)

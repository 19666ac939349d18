"""Choosing: of all articles that there are, the stories that each feed is to show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from feedpub.collector import Found, scan, survey
from feedpub.config import Config
from feedpub.feeds import Key, sort_into_feeds
from feedpub.identity import Identified, identify
from feedpub.job import Job
from feedpub.ledger import Past
from feedpub.model import Rejected, Sighting, Story
from feedpub.workers import spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The files of all sources, and the folders that cannot be listed."""

    files: tuple[Found, ...]
    rejected: tuple[Rejected, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What was found in the files, and what came of choosing among it."""

    sightings: tuple[Sighting, ...]
    rejected: tuple[Rejected, ...]
    told: Identified
    public: tuple[Story, ...]  #: Those whose time has come.
    feeds: Mapping[Key, tuple[Story, ...]]


def list_files(config: Config) -> Listing:
    """List the files of all sources. Those of any but the first bear the source's label in their names."""
    files, rejected = split(_scan(config), Found)
    return Listing(files=tuple(files), rejected=tuple(rejected))


def choose(listing: Listing, job: Job, past: Past, executor: Executor | None) -> Choice:
    """Read all articles, tell which of them are one story, and give each feed its stories."""
    sightings, unread = _read(listing.files, job, executor)
    articles = (sighting for sighting in sightings if not sighting.article.draft)
    told = identify(articles, known=past.known, authority=job.authority, now=job.now, shows_future=job.shows_future)
    public = tuple(story for story in told.stories if is_due(story, job) and not is_dropped(story, job))
    return Choice(
        sightings=tuple(sightings),
        rejected=(*listing.rejected, *unread),
        told=told,
        public=public,
        feeds=sort_into_feeds(public, plan=job.plan),
    )


def is_due(story: Story, job: Job) -> bool:
    """Tell whether a story's time has come."""
    return story.published <= job.now or job.shows_future


def is_dropped(story: Story, job: Job) -> bool:
    """Tell whether a story stays out for good, since it was dated in the future once."""
    return job.config.feeds.future == "drop" and story.early


Wanted = TypeVar("Wanted")


def split(stream: Iterable[Wanted | Rejected], wanted: type[Wanted]) -> tuple[list[Wanted], list[Rejected]]:
    """Part what came through from what did not."""
    good: list[Wanted] = []
    bad: list[Rejected] = []
    for item in stream:
        if isinstance(item, wanted):
            good.append(item)
        elif isinstance(item, Rejected):
            bad.append(item)
    return good, bad


def _scan(config: Config) -> Iterator[Found | Rejected]:
    for number, source in enumerate(config.source):
        yield from scan(source.path, include=source.include, exclude=source.exclude, label=config.label_of(number))


def _read(files: Sequence[Found], job: Job, executor: Executor | None) -> tuple[list[Sighting], list[Rejected]]:
    """Read all articles, and keep what is needed to choose among them."""
    function = partial(survey, zone=job.recipe.zone, now=job.now)
    advance = job.counter("reading", len(files))
    return split(spread(function, files, executor=executor, advance=advance), Sighting)

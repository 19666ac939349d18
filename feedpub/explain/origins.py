"""Where a story's dates, its id and its address come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from feedpub.collector.fields import FILE_NAME
from feedpub.compose import address_of
from feedpub.explain.explanation import Dated, Origin, utc
from feedpub.identity import Known, Memory, identify
from feedpub.job import Job
from feedpub.model import Article, Sighting, Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Which keys of a file, as written, named its dates; `FILE_NAME`, or "" for none."""

    published: str
    updated: str


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A story, the files that tell it, and what was remembered of it before this run."""

    story: Story
    sightings: tuple[Sighting, ...]
    was: Memory | None
    keys_of: Callable[[Sighting], Keys]  #: Reads the file again.

    @property
    def shown(self) -> Sighting:
        """The file whose words are shown."""
        return next(sighting for sighting in self.sightings if sighting.name == self.story.name)


def explain_published(history: History) -> Dated:
    """Say why the story has the date that it has."""
    value, was = history.story.published, history.was
    named = [one for one in history.sightings if one.exact and one.published]
    # Of files that agree, the one whose words are shown.
    said = min(named, key=lambda one: (one.published or value, one is not history.shown), default=None)
    if said and _same(said.published, value):
        return _named_by(said, value, history)
    if was is None:
        return _first_seen(value, history)
    return Dated(value=value, origin="ledger", why=_why_kept(said, was))


def explain_updated(history: History) -> Dated:
    """Say why the story has the date of its update that it has."""
    value, was, shown = history.story.updated, history.was, history.shown
    named = shown.updated
    if _same(named, value):
        key = history.keys_of(shown).updated
        return Dated(value=value, origin="front matter", why=f"`{key}` says so{_of(shown, history)}")
    if _same(value, history.story.published):
        why = "nothing that a reader would notice has changed since" if was else "no update is said"
        if named:
            key = history.keys_of(shown).updated
            why = f"`{key}` says {utc(named)}, which is {'before that' if named < value else 'not over yet'}"
        return Dated(value=value, origin="published", why=why)
    if was and _same(was.dates.updated, value):
        return Dated(value=value, origin="ledger", why="a run noticed that the title or the text had changed")
    return Dated(value=value, origin="this run", why="the title or the text has changed since the last run")


def explain_id(history: History, job: Job) -> Origin:
    """Say what the story's id was made of; `ledger` where the files no longer say."""
    for sighting in history.sightings:
        for origin, alone in _alone(sighting):
            # Whoever gives new ids is asked, as if the story were seen for the first time.
            (told,) = identify((alone,), known=Known(), authority=job.authority, now=job.now)
            if told.story.id == history.story.id:
                return origin
    return "ledger"


def explain_url(url: str | None, article: Article, story: Story, job: Job) -> Origin | None:
    """Say who gave the entry its address."""
    if url is None:
        return None
    made = address_of(replace(article, link=None), story, recipe=job.recipe)
    return "site.permalink" if url == made else "front matter"


def imagine_history(sighting: Sighting, *, job: Job, known: Known, keys_of: Callable[[Sighting], Keys]) -> History:
    """Tell the history of a story that this file alone would tell."""
    (told,) = identify((sighting,), known=known, authority=job.authority, now=job.now, shows_future=job.shows_future)
    was = next((memory for memory in known.memories if memory.id == told.story.id), None)
    return History(story=told.story, sightings=(sighting,), was=was, keys_of=keys_of)


def _alone(sighting: Sighting) -> Iterator[tuple[Origin, Sighting]]:
    """Give a file with nothing but one sign of who it is, for each that it has."""
    if sighting.own_id:
        yield "id", sighting._replace(link=None, address="")
    if sighting.link:
        yield "link", sighting._replace(own_id=None)
    yield "file name", sighting._replace(own_id=None, link=None, address="")


def _same(one: datetime | None, other: datetime) -> bool:
    """Compare to the second: ledgers and feeds know no more."""
    return one is not None and one.replace(microsecond=0) == other.replace(microsecond=0)


def _named_by(said: Sighting, value: datetime, history: History) -> Dated:
    key = history.keys_of(said).published
    if key == FILE_NAME:
        return Dated(value=value, origin="file name", why=f"the file's name begins with it{_of(said, history)}")
    return Dated(value=value, origin="front matter", why=f"`{key}` says so{_of(said, history)}")


def _of(said: Sighting, history: History) -> str:
    return "" if len(history.sightings) == 1 else f" in {said.name}"


def _first_seen(value: datetime, history: History) -> Dated:
    if history.shown.published is None:
        return Dated(value=value, origin="first sighting", why="no date is said, and this run is the first to see it")
    key = history.keys_of(history.shown).published
    return Dated(value=value, origin="first sighting", why=f"`{key}` counts from now, and this run is the first")


def _why_kept(said: Sighting | None, was: Memory) -> str:
    now = said.published if said else None
    if now is None:
        return "its first sighting, remembered: no date is said that means the same whenever it is read"
    if was.dates.said is None:
        return f"its first sighting, remembered: the date that is said now, {utc(now)}, came later"
    return f"its first date, remembered: it moved to {utc(now)} while nothing else did, so a crawler moved it"

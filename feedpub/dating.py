"""The dates of a story over time: which of those that its files name are believed, and when an update is one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple


class Said(NamedTuple):
    """What a story's files say in one run."""

    visible: str  #: Digest of title and text as they lie in the file, after the version of its making and a colon.
    published: datetime | None  #: As the files name it; `None` where they name none.
    guess: datetime | None = None  #: A date that depends on when it was read ("yesterday").
    updated: datetime | None = None
    clean: str | None = None  #: See `Dates.clean`; `None` where nobody looked.


class Dates(NamedTuple):
    """What is remembered of a story's dates from run to run. A tuple, since a first run makes one for every article."""

    published: datetime
    updated: datetime
    said: datetime | None  #: The date that the files named last.
    settled: bool  #: True where the files' date is known to be the crawler's, or there is none: it has no say any more.
    visible: str
    #: Digest of what a reader sees of the clean entry, after what it was made by and made from, each with a colon;
    #: `None` for a story that no feed shows.
    clean: str | None = None
    early: bool = False  #: True where the story was first seen before its date.


def first_dates(said: Said, *, now: datetime) -> Dates:
    """Date a story that nobody has seen before. Without a date of its own, it is the first sighting."""
    published = said.published or said.guess or now
    updated = said.updated if said.updated and said.updated <= now else published
    # By their places, which takes half the time: a first run dates every article.
    return Dates(
        published,
        max(published, updated),
        said.published,
        said.published is None,
        said.visible,
        said.clean,
        published > now,
    )


def next_dates(was: Dates, said: Said, *, now: datetime, shows_future: bool = False) -> Dates:
    """Date a story that was here before.

    A date that moved while nothing else did was the crawler's: the first one stays, for ever. `updated` moves
    only where a reader would notice something.
    """
    noticed = is_noticed(was, said)
    # What was never shown yet, its author may put off or bring forward.
    unseen = was.published > now and not shows_future
    moved = said.published is not None and said.published != was.said
    if said.published is not None and moved and not was.settled and (noticed or unseen):
        published = said.published
    else:
        published = was.published
    updated = was.updated
    if noticed or published != was.published:
        updated = published if unseen else max(published, _noticed_at(was, said, now) if noticed else updated)
    return Dates(
        published=published,
        updated=updated,
        said=said.published or was.said,
        settled=was.settled or (moved and published == was.published),
        visible=said.visible,
        clean=said.clean or (was.clean if said.visible == was.visible else None),
        early=was.early,
    )


def is_noticed(was: Dates, said: Said) -> bool:
    """Tell whether a reader would notice what became of a story.

    What the clean entry shows is the judge where it is known, else the words in the file. Digests of another making,
    from before an upgrade or another configuration, say nothing.
    """
    if was.clean and said.clean and _making(was.clean) == _making(said.clean):
        return was.clean.rpartition(":")[2] != said.clean.rpartition(":")[2]
    return was.visible != said.visible and _making(was.visible) == _making(said.visible)


def _making(digest: str) -> str:
    return digest.partition(":")[0]


def _noticed_at(was: Dates, said: Said, now: datetime) -> datetime:
    """Date an update: as its author does where that is possible, else by the run that noticed it.

    It is later than the one before in any case, even where a clock was set back, or readers would not take it.
    """
    if said.updated is not None and was.updated < said.updated <= now:
        return said.updated
    return max(now, was.updated + timedelta(seconds=1))

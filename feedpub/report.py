"""What one run did, in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feedpub.model import Rejected
    from feedpub.outcome import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Articles:
    """Files, compared with the last run into the same output folder."""

    seen: int
    new: int
    changed: int
    removed: int
    quarantined: tuple[Rejected, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How many there are, and what became of them."""

    total: int
    written: int
    unchanged: int
    removed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """What subscribers will see, as ids."""

    new: tuple[str, ...]
    updated: tuple[str, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The outcome of `build`. `as_json` gives the form that scripts rely on."""

    articles: Articles
    feeds: Written
    documents: Written
    entries: Entries
    seconds: float
    by_feed: dict[str, Entries]  #: What the subscribers of each feed will see, by the feed's folder, "" for all.
    drafts: int
    held: int  #: Stories whose time has not come.
    mended: int  #: How many notes there are.
    notes: tuple[str, ...]  #: What was mended while reading, each with the article's name; none at a glance.
    edited: tuple[str, ...]  #: Documents no longer wanted, but changed by somebody else, and therefore left.
    notices: tuple[str, ...] = ()  #: What the operator should know of the ledger.
    #: Documents that were written, or would be in a dry run, each with its SHA-256; `None` for those removed.
    touched: Mapping[str, str | None] = field(default_factory=dict)
    learned: bool = False  #: Whether the ledger knows now what nobody could work out again who has it not.

    def as_json(self) -> dict[str, object]:
        """Give the object that `--json` prints."""
        return {
            "articles": {
                "seen": self.articles.seen,
                "new": self.articles.new,
                "changed": self.articles.changed,
                "removed": self.articles.removed,
                "quarantined": [{"path": bad.name, "reason": bad.reason} for bad in self.articles.quarantined],
            },
            "feeds": {
                "total": self.feeds.total,
                "written": self.feeds.written,
                "unchanged": self.feeds.unchanged,
            },
            "documents": {
                "total": self.documents.total,
                "written": self.documents.written,
                "unchanged": self.documents.unchanged,
                "removed": self.documents.removed,
            },
            "entries": _as_json(self.entries),
            "by_feed": {folder: _as_json(entries) for folder, entries in self.by_feed.items()},
            "seconds": round(self.seconds, 3),
        }


def _as_json(entries: Entries) -> dict[str, list[str]]:
    return {"new": list(entries.new), "updated": list(entries.updated), "gone": list(entries.gone)}


def make_report(outcome: Outcome, *, seconds: float) -> Report:
    """Say what came of a run."""
    steps = outcome.assembled.steps
    read = outcome.read
    return Report(
        articles=Articles(
            seen=outcome.seen,
            new=read.new,
            changed=read.changed,
            removed=read.removed,
            quarantined=outcome.rejected,
        ),
        feeds=_count_feeds(outcome),
        documents=Written(
            total=sum(step.action in {"put", "keep"} and step.reason != "edited" for step in steps),
            written=sum(step.action == "put" for step in steps),
            unchanged=sum(step.reason == "unchanged" for step in steps),
            removed=sum(step.action == "delete" for step in steps),
        ),
        entries=_name_entries(outcome),
        seconds=seconds,
        by_feed=_name_by_feed(outcome),
        drafts=outcome.drafts,
        held=outcome.held,
        mended=len(outcome.notes),
        notes=outcome.notes,
        edited=tuple(step.key for step in steps if step.reason == "edited"),
        notices=outcome.notices,
        touched=_name_touched(outcome),
        learned=outcome.learned,
    )


def _count_feeds(outcome: Outcome) -> Written:
    put = {step.key for step in outcome.assembled.steps if step.action == "put"}
    feeds = outcome.assembled.feeds.values()
    written = sum(not put.isdisjoint(paths) for paths in feeds)
    return Written(total=len(feeds), written=written, unchanged=len(feeds) - written)


def _name_touched(outcome: Outcome) -> dict[str, str | None]:
    digests = outcome.assembled.digests
    steps = (step for step in outcome.assembled.steps if step.action in {"put", "delete"})
    return {step.key: digests[step.key] if step.action == "put" else None for step in steps}


def _name_entries(outcome: Outcome) -> Entries:
    public = [story for story in outcome.untold if story.public]
    return Entries(
        new=tuple(story.id for story in public if story.told is None),
        updated=tuple(story.id for story in public if story.told is not None),
        gone=tuple(story.id for story in outcome.untold if not story.public),
    )


def _name_by_feed(outcome: Outcome) -> dict[str, Entries]:
    ids = outcome.ids
    return {
        outcome.shelves.folder_of(key): Entries(
            new=tuple(ids[place] for place in heard.new),
            updated=tuple(ids[place] for place in heard.updated),
            gone=tuple(ids[place] for place in heard.gone),
        )
        for key, heard in outcome.heard.items()
    }

"""What one run did, in numbers."""

from __future__ import annotations

from dataclasses import dataclass

from feedpub.ledger import Past
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
    drafts: int
    held: int  #: Stories whose time has not come.
    notes: tuple[str, ...]  #: What was mended while reading, each with the article's name.
    edited: tuple[str, ...]  #: Documents no longer wanted, but changed by somebody else, and therefore left.

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
            "entries": {
                "new": list(self.entries.new),
                "updated": list(self.entries.updated),
                "gone": list(self.entries.gone),
            },
            "seconds": round(self.seconds, 3),
        }


def make_report(outcome: Outcome, *, past: Past, seconds: float) -> Report:
    """Compare the outcome of a run with the one before it."""
    steps = outcome.steps
    return Report(
        articles=_count_articles(outcome, past),
        feeds=_count_feeds(outcome),
        documents=Written(
            total=len(outcome.assembled.documents),
            written=sum(step.action == "put" for step in steps),
            unchanged=sum(step.reason == "unchanged" for step in steps),
            removed=sum(step.action == "delete" for step in steps),
        ),
        entries=_compare_entries(outcome, past),
        seconds=seconds,
        drafts=sum(sighting.article.draft for sighting in outcome.sightings),
        held=len(outcome.told.stories) - len(outcome.public),
        notes=tuple(f"{sighting.name}: {note}" for sighting in outcome.sightings for note in sighting.article.notes),
        edited=tuple(step.key for step in steps if step.reason == "edited"),
    )


def _count_articles(outcome: Outcome, past: Past) -> Articles:
    files = outcome.files
    present = files.keys() | {bad.name for bad in outcome.rejected}
    return Articles(
        seen=len(present),
        new=len(files.keys() - past.files.keys()),
        changed=sum(name in past.files and past.files[name].bytes != told.bytes for name, told in files.items()),
        removed=len(past.files.keys() - present),
        quarantined=outcome.rejected,
    )


def _count_feeds(outcome: Outcome) -> Written:
    put = {step.key for step in outcome.steps if step.action == "put"}
    feeds = outcome.assembled.feeds
    written = sum(any(document.path in put for document in rendered.documents) for rendered in feeds)
    return Written(total=len(feeds), written=written, unchanged=len(feeds) - written)


def _compare_entries(outcome: Outcome, past: Past) -> Entries:
    live, shown = outcome.live, outcome.assembled.shown
    return Entries(
        new=tuple(id_ for id_ in live if id_ in shown and id_ not in past.live),
        updated=tuple(id_ for id_ in live if id_ in shown and past.live.get(id_, live[id_]) != live[id_]),
        gone=tuple(sorted(past.live.keys() - live.keys())),
    )

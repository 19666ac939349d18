"""What came of a command, as text: for people, who get numbers and the first few of each kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feedpub.bucket.publication import Publication
    from feedpub.ledger.contents import Remembered, SiteContents
    from feedpub.records import Holdings, Imported
    from feedpub.report import Entries, Report

#: Of one kind that are named; `--json` names all.
MOST = 20


def summarise(report: Report, *, dry_run: bool) -> str:
    """Say what a build did, on one line."""
    articles, documents = report.articles, report.documents
    files = f"{articles.new} new, {articles.changed} changed, {articles.removed} removed"
    parts = [
        f"{count(articles.seen, 'article')} ({files})",
        f"{count(report.feeds.total, 'feed')} ({report.feeds.written} {'to write' if dry_run else 'written'})",
        f"{documents.written} of {documents.total} documents {'would be written' if dry_run else 'written'}",
        *([f"{documents.removed} removed"] if documents.removed else []),
        f"subscribers {'would see' if dry_run else 'see'} {_number(report.entries)}",
        *([f"{report.held} held until their time"] if report.held else []),
        *([f"{len(articles.quarantined)} in quarantine"] if articles.quarantined else []),
        *([f"{report.mended} mended (-v says how)"] if report.mended else []),
        f"{report.seconds:.1f} s",
    ]
    return ("dry run: " if dry_run else "") + ", ".join(parts)


def tabulate(report: Report) -> dict[str, str]:
    """Say what a build did, as the rows of a table."""
    articles, documents, entries = report.articles, report.documents, report.entries
    files = f"{articles.new} new, {articles.changed} changed, {articles.removed} removed"
    return {
        "articles": f"{articles.seen} seen, {files}",
        "left out": f"{report.drafts} drafts, {report.held} held, {len(articles.quarantined)} in quarantine",
        "mended": f"{report.mended} (-v says how)",
        "feeds": f"{report.feeds.total}, {report.feeds.written} written",
        "documents": f"{documents.total}, {documents.written} written, {documents.removed} removed",
        "subscribers see": _number(entries),
        "time": f"{report.seconds:.1f} s",
    }


def _number(entries: Entries) -> str:
    return f"{len(entries.new)} new, {len(entries.updated)} updated, {len(entries.gone)} gone"


def tabulate_feeds(report: Report) -> list[tuple[str, int, int, int]]:
    """Say what the subscribers of each feed will see, those of the first few feeds."""
    return [
        (folder or "all articles", len(seen.new), len(seen.updated), len(seen.gone))
        for folder, seen in islice(report.by_feed.items(), MOST)
    ]


def list_feeds(report: Report) -> Iterator[str]:
    """Say the same on a line for each feed."""
    for folder, new, updated, gone in tabulate_feeds(report):
        yield f"  {folder}: {new} new, {updated} updated, {gone} gone"
    yield from more_feeds(report)


def more_feeds(report: Report) -> Iterator[str]:
    """Say how many feeds were not named."""
    yield from _more(len(report.by_feed), "feed")


def list_ids(report: Report) -> Iterator[str]:
    """Name the entries that subscribers will see as new, as updated, or no more."""
    for what, ids in (("new", report.entries.new), ("updated", report.entries.updated), ("gone", report.entries.gone)):
        yield from (f"  {what}: {id_}" for id_ in ids[:MOST])
        yield from _more(len(ids), f"{what} one")


def _more(number: int, what: str) -> Iterator[str]:
    if number > MOST:
        yield f"  … and {count(number - MOST, f'more {what}')}; --json names them all"


def list_steps(publication: Publication) -> Iterator[str]:
    """Name the documents that something is done about, and why."""
    for step in publication.steps:
        yield f"{step.action:<6}  {step.key}  {step.reason}"


def summarise_publication(publication: Publication, *, dry_run: bool) -> str:
    """Say what was published, on one line."""
    reasons = Counter(step.reason for step in publication.steps if step.action == "put")
    why = ", ".join(f"{number:,} {reason}" for reason, number in reasons.items())
    spared = 0 if publication.refusal else sum(step.action == "keep" for step in publication.steps)
    done = "would publish" if dry_run else "published"
    uploads = f"{done} {publication.uploaded:,} {_plural('document', publication.uploaded)} to {publication.target}"
    parts = [
        f"{uploads} ({why})"
        if why
        else uploads
        if publication.deleted
        else f"nothing to publish to {publication.target}",
        *([f"{publication.deleted:,} {'to delete' if dry_run else 'deleted'}"] if publication.deleted else []),
        f"{publication.unchanged:,} unchanged",
        *([f"{spared:,} not wanted any more (--delete removes them)"] if spared else []),
        f"{publication.requests:,} {_plural('request', publication.requests)}",
        f"{publication.seconds:.1f} s",
    ]
    return ("dry run: " if dry_run else "") + ", ".join(parts)


def _plural(what: str, number: int) -> str:
    return what if number == 1 else f"{what}s"


def describe_holdings(holdings: Holdings) -> Iterator[str]:
    """Say what a ledger holds."""
    held = holdings.contents
    yield f"{holdings.path}: version {holdings.version}, {_size(holdings.size)}"
    yield f"remembers {_stories(held.stories)}, {count(held.names, 'name')} of files, {count(held.feeds, 'feed')}"
    for site in held.sites:
        yield f"{', '.join(site.sources)} → {site.out}"
        yield f"  {', '.join(_describe_site(site))}"


def _describe_site(site: SiteContents) -> Iterable[str]:
    return (
        count(site.files, "file"),
        _stories(site.stories),
        f"{site.told} known to subscribers",
        f"{'1 entry' if site.entries == 1 else f'{site.entries} entries'} kept",
        count(site.feeds, "feed"),
        count(site.documents, "document"),
        f"last run {_moment(site.last_run)}" if site.last_run else "no run yet",
    )


def describe_found(stories: Sequence[Remembered], *, word: str) -> Iterator[str]:
    """Say what a ledger knows of stories that were looked for."""
    if not stories:
        yield f"no story has {word!r} in its id, its link, its title or its file's name"
    for story in stories[:MOST]:
        yield story.title or story.id
        yield f"  id         {story.id}"
        yield from (f"  link       {link}" for link in (story.link,) if link)
        yield f"  published  {_moment(story.published)}"
        yield f"  updated    {_moment(story.updated)}"
        yield from (f"  file       {name}" for name in story.files[:MOST])
    if len(stories) > MOST:
        yield f"… and {len(stories) - MOST} more; --json names them all"


def describe_import(imported: Imported) -> str:
    """Say what became of identities that were brought."""
    merged = imported.merged
    return f"{_stories(merged.added)} added, {merged.replaced} replaced, {merged.kept} others kept"


def count(number: int, what: str) -> str:
    """Say how many there are of something."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _stories(number: int) -> str:
    return "1 story" if number == 1 else f"{number} stories"


def _size(number: int) -> str:
    return f"{number / 1_000_000:.1f} MB" if number >= 1_000_000 else f"{number / 1000:.0f} kB"


def _moment(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")

"""All that happens to one article, told by the functions with which a build makes it happen. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from feedpub.choice import choose, list_files
from feedpub.collector import Found, read_found, survey
from feedpub.collector.fields import FILE_NAME, Dates, read_dates
from feedpub.collector.files import read
from feedpub.collector.frontmatter import open_matter
from feedpub.collector.keys import normalise_keys
from feedpub.collector.yamlvalues import Mapping
from feedpub.compose import address_of, clean_body, compose, enclosure_url, source_of
from feedpub.config import Config
from feedpub.explain import finding
from feedpub.explain.explanation import Explanation, Outlook, Status
from feedpub.explain.fields import explain_fields, spell_key
from feedpub.explain.origins import (
    History,
    Keys,
    explain_id,
    explain_published,
    explain_updated,
    explain_url,
    imagine_history,
    trace_history,
)
from feedpub.explain.showing import Run, Showing, judge, list_places, show
from feedpub.job import Job, Progress
from feedpub.ledger import Past
from feedpub.model import Article, Rejected
from feedpub.run import open_ledger, start_job
from feedpub.sanitiser import Change, Sanitised, SanitiserError, find_picture
from feedpub.workers import open_executor

__all__ = ["Explanation", "explain"]


def explain(
    config: Config,
    wanted: str,
    *,
    now: datetime | None = None,
    workers: int | None = None,
    progress: Progress = lambda _what, _done, _total: None,
) -> Explanation:
    """Tell what a build would make of one article: a path, a name as a run gives it, an id, a link.

    Nothing is locked or written, so it works beside a build.

    Raises:
        ConfigError: There is no such article, or what should be the ledger is none.
    """
    job = start_job(config, now=now, progress=progress)
    listing = list_files(config)
    with open_ledger(config, dry_run=True) as ledger:
        past = ledger.load()
    found = finding.find_file(wanted, listing.files)
    if found is None and (left_out := finding.find_left_out(wanted, config)):
        file, why = left_out
        return _explain_apart(file, past, job, status="left out", reason=why)
    if found is None and not finding.is_address(wanted):
        raise finding.unknown(wanted, listing.files)
    with open_executor(workers=workers, jobs=len(listing.files)) as executor:
        choice = choose(listing, job, past, executor)
        run = Run(job=job, past=past, listing=listing, choice=choice, executor=executor)
        return _explain_found(found or _find_by_address(wanted, run), run)


def _find_by_address(wanted: str, run: Run) -> Found:
    story = finding.find_story(wanted, run.choice, run.job)
    if story is None:
        raise finding.unknown(wanted, run.listing.files)
    return run.places[story.name]


def _explain_found(found: Found, run: Run) -> Explanation:
    unread = next((bad for bad in run.choice.rejected if bad.name == found.name), None)
    if unread:
        return _name(found, run.job, status="quarantined", reason=unread.reason)
    if found.name not in run.choice.told.ids_by_name:
        return _explain_apart(found, run.past, run.job, status="draft", reason="its front matter says so")
    history = _trace(found, run)
    showing = show(history.story, run)
    status, reason = judge(found.name, history.story, showing, run)
    return replace(
        _describe(found, history, run.job, status=status, reason=reason),
        outlook=_look_out(history, showing, run),
        feeds=list_places(history.story, showing, run),
    )


def _explain_apart(found: Found, past: Past, job: Job, *, status: Status, reason: str) -> Explanation:
    """Explain a file that tells no story, by the one that it would tell if it stood alone."""
    (seen,) = survey((found,), zone=job.recipe.zone, now=job.now)
    if isinstance(seen, Rejected):
        return replace(_name(found, job, status=status, reason=reason), notes=(seen.reason,))
    history = imagine_history((seen,), job=job, known=past.known, keys_of=lambda _: _keys_of(found, job))
    return _describe(found, history, job, status=status, reason=reason)


def _name(found: Found, job: Job, *, status: Status, reason: str) -> Explanation:
    """Say of a file what can be said without reading it."""
    path = Path(found.path)
    sources = (source.path for source in job.config.source if path.is_relative_to(source.path))
    # Of sources that lie in one another, the innermost reads the file.
    source = max(sources, key=lambda source: len(source.parts))
    zone = job.recipe.zone
    return Explanation(file=found.name, path=found.path, source=str(source), status=status, reason=reason, zone=zone)


def _describe(found: Found, history: History, job: Job, *, status: Status, reason: str) -> Explanation:
    article = read_found(found, zone=job.recipe.zone, now=job.now)
    fields, dates = _open(found, job)
    base = address_of(article, history.story, recipe=job.recipe) or source_of(history.story, recipe=job.recipe)
    clean, problems = _clean(article, base, job)
    return replace(
        _name(found, job, status=status, reason=reason),
        markup=article.markup,
        fields=explain_fields(fields, article, dates),
        published=explain_published(history),
        updated=explain_updated(history),
        told_by=history.story.name,
        same_story=tuple(each.name for each in history.sightings if each.name != found.name),
        clean=clean,
        attached=tuple(_attached(article, base, job)),
        notes=(*article.notes, *(problem for problem in problems if problem != reason)),
    )


def _clean(article: Article, base: str | None, job: Job) -> tuple[Sanitised | None, tuple[str, ...]]:
    try:
        return clean_body(article, base=base, recipe=job.recipe), ()
    except SanitiserError as error:
        return None, (str(error),)


def _attached(article: Article, base: str | None, job: Job) -> Iterator[Change]:
    """Follow the addresses in the front matter that have no markup around them."""
    if article.image:
        shown, why = find_picture(article.image, base_url=base, rules=job.recipe.rules)
        yield Change("image", article.image, shown, why)
    for enclosure in article.enclosures:
        kept = enclosure_url(enclosure, base_url=base, recipe=job.recipe)
        yield Change("enclosure", enclosure.url, kept, "" if kept else "no address")


def _look_out(history: History, showing: Showing, run: Run) -> Outlook | None:
    """Tell what subscribers see of a story, or would see if a feed had room for it."""
    story, job = history.story, run.job
    article = read_found(run.places[story.name], zone=job.recipe.zone, now=job.now)
    try:
        entry = showing.entry or compose(article, story, recipe=job.recipe)
    except SanitiserError:
        return None
    return Outlook(
        entry=entry,
        id_from=explain_id(history, job),
        remembered=history.was is not None,
        url_from=explain_url(entry.url, article, story, job),
    )


def _trace(found: Found, run: Run) -> History:
    told, places = run.choice.told, run.places
    id_ = told.ids_by_name[found.name]
    return trace_history(
        next(story for story in told.stories if story.id == id_),
        (sighting for sighting in run.choice.sightings if told.ids_by_name.get(sighting.name) == id_),
        known=run.past.known,
        keys_of=lambda sighting: _keys_of(places[sighting.name], run.job),
    )


def _open(found: Found, job: Job) -> tuple[Mapping, Dates]:
    """Read what the front matter says, and which of it are dates."""
    fields = open_matter(read(found), name=found.below).fields
    known = normalise_keys(fields)
    return fields, read_dates(known, name=found.below, zone=job.recipe.zone, now=job.now)


def _keys_of(found: Found, job: Job) -> Keys:
    fields, dates = _open(found, job)
    return Keys(
        published=dates.published_by if dates.published_by == FILE_NAME else spell_key(dates.published_by, fields),
        updated=spell_key(dates.updated_by, fields),
    )

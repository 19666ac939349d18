"""All that happens to one article, told by the functions with which a build makes it happen. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

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
)
from feedpub.explain.showing import judge, list_places, show
from feedpub.explain.standing import Standing, Telling, find_telling, recall, take_stock, tell
from feedpub.job import Job, Progress
from feedpub.model import Article, Rejected, Sighting
from feedpub.run import start_job
from feedpub.sanitiser import Change, Sanitised, SanitiserError, find_picture

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
    with take_stock(job, workers=workers) as standing:
        said = _explain(wanted, standing)
        return replace(said, notes=(*said.notes, *standing.ledger.notices))


def _explain(wanted: str, standing: Standing) -> Explanation:
    job, ledger = standing.job, standing.ledger
    file = finding.find_file(wanted, standing)
    if file is None and (left_out := finding.find_left_out(wanted, job)):
        found, why = left_out
        return _explain_left_out(found, standing, reason=why)
    if file is None and not finding.is_address(wanted):
        raise finding.unknown(wanted, ledger)
    if file and (untold := _explain_untold(file, standing)):
        return untold
    changed = tell(standing)
    file = file or finding.find_story(wanted, standing)
    if file is None:
        raise finding.unknown(wanted, ledger)
    return _explain_told(file, changed, standing)


def _explain_left_out(found: Found, standing: Standing, *, reason: str) -> Explanation:
    job = standing.job
    (seen,) = survey((found,), zone=job.recipe.zone, now=job.now)
    if isinstance(seen, Sighting):
        return _explain_alone(found, seen, standing, status="left out", reason=reason)
    notes = (seen.reason,) if isinstance(seen, Rejected) else ()
    return replace(_name(found, job, status="left out", reason=reason), notes=notes)


def _explain_untold(file: int, standing: Standing) -> Explanation | None:
    """Explain a file that tells no story; `None` for any other."""
    found = standing.find(file)
    if found.name in standing.rejected:
        return _name(found, standing.job, status="quarantined", reason=standing.rejected[found.name])
    (row,) = standing.ledger.files.rows_by_number((file,))
    if row.sighting and row.sighting.draft:
        return _explain_alone(found, row.sighting, standing, status="draft", reason="its front matter says so")
    return None


def _explain_alone(found: Found, sighting: Sighting, standing: Standing, *, status: Status, reason: str) -> Explanation:
    """Explain a file that tells no story by the one that it would tell if it stood alone."""
    job = standing.job
    known = recall(sighting, standing.ledger)
    history = imagine_history(sighting, job=job, known=known, keys_of=lambda _: _keys_of(found, job))
    return _describe(found, history, job, status=status, reason=reason)


def _explain_told(file: int, changed: set[str | None], standing: Standing) -> Explanation:
    job, found = standing.job, standing.find(file)
    telling = find_telling(file, standing.ledger)
    showing = show(telling, changed, standing)
    status, reason = judge(found.name, telling.story, showing, job)
    history = _trace(telling, standing)
    return replace(
        _describe(found, history, job, status=status, reason=reason),
        outlook=_look_out(history, standing.find(telling.shown.file), job),
        feeds=list_places(telling, showing, job),
    )


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


def _look_out(history: History, shown: Found, job: Job) -> Outlook | None:
    """Tell what subscribers see of a story, or would see if a feed had room for it."""
    article = read_found(shown, zone=job.recipe.zone, now=job.now)
    try:
        entry = compose(article, history.story, recipe=job.recipe)
    except SanitiserError:
        return None
    return Outlook(
        entry=entry,
        id_from=explain_id(history, job),
        remembered=history.was is not None,
        url_from=explain_url(entry.url, article, history.story, job),
    )


def _trace(telling: Telling, standing: Standing) -> History:
    files = {sighting.name: file for file, sighting in telling.files.items()}
    return History(
        story=telling.story,
        sightings=tuple(telling.files.values()),
        was=standing.ledger.memories.past_of(telling.shown.place),
        keys_of=lambda sighting: _keys_of(standing.find(files[sighting.name]), standing.job),
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

"""Which article is meant: by a path, by the name that a run gives it, or by what readers know of it."""

from __future__ import annotations

import difflib
import json
import os
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from feedpub.collector import Folder, Found, Patterns, walk
from feedpub.collector.fields import read_text
from feedpub.collector.files import read
from feedpub.collector.frontmatter import open_matter
from feedpub.collector.keys import normalise_keys
from feedpub.compose import address_of
from feedpub.errors import ArticleError, ConfigError
from feedpub.explain.standing import Standing
from feedpub.job import Job
from feedpub.ledger.sightings import Row
from feedpub.ledger.site import Ledger
from feedpub.model import Article, Sighting, Story
from feedpub.news import Source
from feedpub.telling import story_of
from feedpub.urls import identity_of_link

#: Comparing with more names takes longer than anybody waits for a hint.
_MOST_NAMES = 20_000

#: Stands in an address for a slug that no file was read for yet; nothing in it needs to be encoded.
_ANY_SLUG = "~any~slug~"


def find_file(wanted: str, standing: Standing) -> int | None:
    """Give the number of the file that a path means, or a name as a run gives it, or a path below a source."""
    path, name = os.path.abspath(wanted), _spell(wanted).removeprefix("./")
    names = (name, *(source.label + name for source in standing.job.sources))
    return (
        _find_at(path, standing)
        or next((file for name in names if (file := _find_named(name, standing))), None)
        or _find_same(path, standing)
    )


def find_left_out(wanted: str, job: Job) -> tuple[Found, str] | None:
    """Find a file that lies in a source and is not read, and say why."""
    for source in job.sources:
        # A working folder may be known to the system by another way than to the configuration.
        way = os.path.relpath(os.path.realpath(wanted), os.path.realpath(source.path))
        below = (os.path.abspath(os.path.join(source.path, below)) for below in (wanted, way))
        for path in (os.path.abspath(wanted), *below):
            if os.path.isfile(path) and Path(path).is_relative_to(source.path):
                name = _spell(os.path.relpath(path, source.path))
                return Found(source.label + name, name, path), _why_left_out(path, source)
    return None


def find_story(wanted: str, standing: Standing) -> int | None:
    """Find the story that has *wanted* for its id, for its link, or for the address that the site's template makes.

    Gives the number of the file whose words it shows.
    """
    ledger = standing.ledger
    places = [memory.place for memory in ledger.memories.having({"id": (wanted,)})]
    if link := identity_of_link(wanted):
        places += (row.story for row in ledger.files.rows_with("address", (link,)) if row.story and not _is_draft(row))
    stories = ledger.stories.of(places)
    by_sign = next((stories[place].file for place in places if place in stories), None)
    return by_sign or (_find_by_address(wanted, standing) if standing.job.recipe.permalink else None)


def is_address(wanted: str) -> bool:
    """Tell what may be an id or an address from what can only be a file's name."""
    return ":" in wanted


def unknown(wanted: str, ledger: Ledger) -> ConfigError:
    """Make the error that says that there is no such article, and names the nearest."""
    nearest = _nearest(wanted, ledger.files.all_names())
    hint = f"; the nearest: {', '.join(nearest)}" if nearest else ""
    if os.path.isfile(wanted):
        return ConfigError([f"{wanted}: lies in no source of the configuration{hint}"])
    return ConfigError([f"{wanted}: no such article{hint}"])


def _nearest(wanted: str, names: Sequence[str]) -> list[str]:
    stem = _spell(wanted).rpartition("/")[2].rpartition(".")[0].casefold()
    holding = [name for name in names if stem and stem in name.casefold()]
    return holding[:3] or difflib.get_close_matches(_spell(wanted), names[:_MOST_NAMES], n=3)


def _find_at(path: str, standing: Standing) -> int | None:
    where, raw = os.path.split(path)
    folders = (folder.name for folder in standing.news.places.values() if folder.path == where)
    files = standing.ledger.files
    return next((file for folder in folders if (file := files.number_at(folder, raw))), None)


def _find_named(name: str, standing: Standing) -> int | None:
    row = standing.ledger.files.row_named(name)
    return row.file if row and (row.sighting or name in standing.rejected) else None


def _find_same(path: str, standing: Standing) -> int | None:
    """Find a file by another way that leads to it."""
    if os.path.isfile(path):
        for file in standing.ledger.files.with_inode(os.stat(path).st_ino):
            with suppress(OSError):
                if os.path.samefile(standing.find(file).path, path):
                    return file
    return None


def _find_by_address(wanted: str, standing: Standing) -> int | None:
    """Find the file whose story has an address that the site's template makes."""
    job, files = standing.job, standing.ledger.files
    stories = {shown.file: shown for shown in standing.ledger.stories.newest(until=None, early=True)}
    for row in files.rows():
        if row.sighting and row.file in stories:
            story = story_of(stories[row.file], row.sighting.name)
            outline = _outline(row.sighting, job)
            if _may_have(wanted, outline, story, job):
                # What cannot be read any more has no address.
                with suppress(ArticleError):
                    article = replace(outline, slug=_read_slug(standing.find(row.file)))
                    if address_of(article, story, recipe=job.recipe) == wanted:
                        return row.file
    return None


def _read_slug(found: Found) -> str | None:
    return read_text(normalise_keys(open_matter(read(found), name=found.below).fields), ("slug",))


def _outline(sighting: Sighting, job: Job) -> Article:
    """Make an article of what is known of it without reading its file, which holds its slug."""
    # The first source has no label, so that it fits all names and is asked last.
    label = next(source.label for source in reversed(job.sources) if sighting.name.startswith(source.label))
    return Article(
        name=sighting.name.removeprefix(label),
        title=sighting.title,
        body="",
        markup="html",
        categories=sighting.categories,
        slug=_ANY_SLUG,
        link=sighting.link,
        own_id=sighting.own_id,
    )


def _may_have(wanted: str, article: Article, story: Story, job: Job) -> bool:
    """Tell whether an article may have an address, whatever its slug is."""
    address = address_of(article, story, recipe=job.recipe) or ""
    if _ANY_SLUG not in address:
        return address == wanted
    return wanted.startswith(address.partition(_ANY_SLUG)[0]) and wanted.endswith(address.rpartition(_ANY_SLUG)[2])


def _is_draft(row: Row) -> bool:
    return row.sighting is not None and row.sighting.draft


def _why_left_out(path: str, source: Source) -> str:
    # What there is, and what patterns mean, only the collector knows.
    where, raw = os.path.split(path)
    folders = walk(source.path, follow=source.follow)
    folder = next((each for each in folders if isinstance(each, Folder) and each.path == where), None)
    entries = tuple(entry for entry in folder.entries if entry[0] == raw) if folder else ()
    if not (folder and entries):
        return "it is hidden, or a link that leads out of its source"
    alone = replace(folder, entries=entries)
    pattern = next((pattern for pattern in source.exclude if any(Patterns(include=(pattern,)).choose(alone))), None)
    if pattern:
        return f"source.exclude has {json.dumps(pattern, ensure_ascii=False)}"
    return "no pattern of source.include lets it in"


def _spell(name: str) -> str:
    """Spell a path as the collector does."""
    return unicodedata.normalize("NFC", os.fsencode(name).decode("utf-8", "backslashreplace"))

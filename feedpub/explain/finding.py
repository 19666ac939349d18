"""Which article is meant: by a path, by the name that a run gives it, or by what readers know of it."""

from __future__ import annotations

import difflib
import json
import os
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from feedpub.alike import identity_of_link
from feedpub.choice import Choice
from feedpub.collector import Found, scan
from feedpub.compose import address_of
from feedpub.config import Config, Source
from feedpub.errors import ConfigError
from feedpub.job import Job
from feedpub.model import Story

#: Comparing with more names takes longer than anybody waits for a hint.
_MOST_NAMES = 20_000


def find_file(wanted: str, files: Sequence[Found]) -> Found | None:
    """Find the file that a path from here means, or a name as a run gives it, or a path below a source."""
    path, name = os.path.abspath(wanted), _spell(wanted).removeprefix("./")
    return (
        next((found for found in files if found.path == path), None)
        or next((found for found in files if found.name == name), None)
        or next((found for found in files if found.below == name), None)
        or _find_same(path, files)
    )


def find_left_out(wanted: str, config: Config) -> tuple[Found, str] | None:
    """Find a file that lies in a source and is not read, and say why."""
    for number, source in enumerate(config.source):
        # A working folder may be known to the system by another way than to the configuration.
        way = os.path.relpath(os.path.realpath(wanted), os.path.realpath(source.path))
        for path in (os.path.abspath(wanted), *(os.path.abspath(source.path / below) for below in (wanted, way))):
            if os.path.isfile(path) and Path(path).is_relative_to(source.path):
                below = _spell(os.path.relpath(path, source.path))
                found = Found(name=config.label_of(number) + below, below=below, path=path)
                return found, _why_left_out(path, source)
    return None


def find_story(wanted: str, choice: Choice, job: Job) -> Story | None:
    """Find the story that has *wanted* for its id, for its link, or for the address that the site's template makes."""
    stories = {story.id: story for story in choice.told.stories}
    if wanted in stories:
        return stories[wanted]
    articles = {sighting.name: sighting.article for sighting in choice.sightings}
    if link := identity_of_link(wanted):
        for name, id_ in choice.told.ids_by_name.items():
            if identity_of_link(articles[name].link) == link:
                return stories[id_]
    recipe = job.recipe
    return next(
        (story for story in stories.values() if address_of(articles[story.name], story, recipe=recipe) == wanted), None
    )


def is_address(wanted: str) -> bool:
    """Tell what may be an id or an address from what can only be a file's name."""
    return ":" in wanted


def unknown(wanted: str, files: Sequence[Found]) -> ConfigError:
    """Make the error that says that there is no such article, and names the nearest."""
    nearest = _nearest(wanted, [found.name for found in files])
    hint = f"; the nearest: {', '.join(nearest)}" if nearest else ""
    if os.path.isfile(wanted):
        return ConfigError([f"{wanted}: lies in no source of the configuration{hint}"])
    return ConfigError([f"{wanted}: no such article{hint}"])


def _nearest(wanted: str, names: Sequence[str]) -> list[str]:
    stem = _spell(wanted).rpartition("/")[2].rpartition(".")[0].casefold()
    holding = [name for name in names if stem and stem in name.casefold()]
    return holding[:3] or difflib.get_close_matches(_spell(wanted), names[:_MOST_NAMES], n=3)


def _find_same(path: str, files: Sequence[Found]) -> Found | None:
    """Find a file by another way that leads to it."""
    if not os.path.isfile(path):
        return None
    real = os.path.realpath(path)
    alike = (found for found in files if _spell(os.path.basename(found.path)) == _spell(os.path.basename(real)))
    return next((found for found in alike if os.path.samefile(found.path, real)), None)


def _why_left_out(path: str, source: Source) -> str:
    # The patterns are asked by the scan itself, which alone knows what they mean.
    def finds(*include: str) -> bool:
        return any(isinstance(found, Found) and found.path == path for found in scan(source.path, include=include))

    if not finds("**"):
        return "it is hidden, or a link that leads out of its source"
    pattern = next((pattern for pattern in source.exclude if finds(pattern)), None)
    if pattern:
        return f"source.exclude has {json.dumps(pattern, ensure_ascii=False)}"
    return "no pattern of source.include lets it in"


def _spell(name: str) -> str:
    """Spell a path as the collector does."""
    return unicodedata.normalize("NFC", os.fsencode(name).decode("utf-8", "backslashreplace"))

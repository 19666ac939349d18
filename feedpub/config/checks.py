"""What must hold between values: checked on the raw tables, so that it is found whatever else is wrong.

Values of a wrong type are passed over here: the options have reported them.
"""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterable, Iterator, Mapping
from pathlib import Path

from feedpub.config.problems import Problem, dotted
from feedpub.config.toml_lines import KeyPath

_OUT: KeyPath = ("site", "out")


def check_together(raw: Mapping[str, object], *, folder: Path, out: Path) -> Iterator[Problem]:
    """Find sources given twice, slugs given twice, and an output folder that would be read as a source.

    Paths count from *folder*; *out* is the output folder where the configuration names none.
    """
    sources = tuple(_sources(raw, folder=folder))
    yield from _find_doubles(sources, what="the same folder")
    yield from _find_doubles(_slugs(raw), what="the same slug")
    given = _real(_table(raw, "site").get("out", out), folder=folder)
    if given and any(given.is_relative_to(source) for _, source in sources):
        reason = "lies inside a folder of articles, so feedpub would read its own pages; choose one outside"
        yield Problem(path=_OUT, reason=reason)


def _find_doubles(values: Iterable[tuple[KeyPath, Hashable]], *, what: str) -> Iterator[Problem]:
    seen: dict[Hashable, KeyPath] = {}
    for path, value in values:
        first = seen.setdefault(value, path)
        if first != path:
            yield Problem(path=path, reason=f"has {what} as {dotted(first)}")


def _sources(raw: Mapping[str, object], *, folder: Path) -> Iterator[tuple[KeyPath, Path]]:
    sources = raw.get("source")
    for index, source in enumerate(sources if isinstance(sources, tuple) else ()):
        path = _real(source.get("path"), folder=folder) if isinstance(source, dict) else None
        if path:
            yield ("source", index, "path"), path


def _slugs(raw: Mapping[str, object]) -> Iterator[tuple[KeyPath, str]]:
    for name, options in _table(raw, "category").items():
        slug = options.get("slug") if isinstance(options, dict) else None
        if isinstance(slug, str):
            yield ("category", name, "slug"), slug


def _real(value: object, *, folder: Path) -> Path | None:
    """Follow symbolic links: two names of one folder are one folder."""
    usable = isinstance(value, str | Path) and value != "" and "\0" not in str(value)
    return Path(os.path.realpath(folder / str(value))) if usable else None


def _table(raw: Mapping[str, object], name: str) -> Mapping[str, object]:
    table = raw.get(name)
    return table if isinstance(table, dict) else {}

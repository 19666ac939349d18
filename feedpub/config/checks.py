"""What must hold between values: checked on the raw tables, so that it is found whatever else is wrong.

Values of a wrong type are passed over here: the options have reported them.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from feedpub.config.problems import Problem, dotted, written

if TYPE_CHECKING:
    from feedpub.config.toml_lines import KeyPath

_OUT: KeyPath = ("site", "out")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tree:
    """A source as it is read: a folder with all below it, but for what the patterns leave out."""

    key: KeyPath
    path: Path
    exclude: tuple[object, ...]

    def reads(self, folder: Path) -> bool:
        """Tell whether files in *folder* would be read as articles of this source."""
        return folder.is_relative_to(self.path) and not is_left_out(folder.relative_to(self.path), self.exclude)

    def hint(self, folder: Path) -> str:
        """Say how to leave *folder* out; there is no way for the source itself."""
        pattern = pattern_below(folder.relative_to(self.path))
        key = dotted((*self.key[:-1], "exclude"))
        return "" if folder == self.path else f", or put {written(pattern)} into {key}"


def check_together(
    raw: Mapping[str, object], *, folder: Path, out: Path, can_exclude: bool = True
) -> Iterator[Problem]:
    """Find sources read twice, slugs given twice, and an output folder that would be read as a source.

    Paths count from *folder*; *out* is the output folder where the configuration names none. Without
    *can_exclude*, the source comes from the command line, and has no patterns to add to.
    """
    sources = tuple(_sources(raw, folder=folder))
    yield from _find_doubles(((source.key, source.path) for source in sources), what="the same folder")
    yield from _find_nested(sources)
    yield from _find_doubles(_slugs(raw), what="the same slug")
    given = _real(_table(raw, "site").get("out", out), folder=folder)
    reader = next((source for source in sources if given and source.reads(given)), None)
    if given and reader:
        reason = "lies inside a folder of articles, so feedpub would read its own pages; choose one outside"
        yield Problem(path=_OUT, reason=reason + (reader.hint(given) if can_exclude else ""))


def pattern_below(folder: Path) -> str:
    """Write the pattern for all that lies below *folder*, a path below a source."""
    return f"{_as_scanned(folder)}/**"


def is_left_out(folder: Path, exclude: Iterable[object]) -> bool:
    """Tell whether nothing below *folder*, a path below a source, is read: the patterns say so, or it is hidden.

    Of patterns, only those count that leave out a whole folder by its path (`a/b/**`) or its name (`**/b/**`).
    """
    steps = [step for step in (folder, *folder.parents) if step != Path()]
    whole = {pattern for step in steps for pattern in (pattern_below(step), f"**/{pattern_below(Path(step.name))}")}
    given = {unicodedata.normalize("NFC", each).removesuffix("/*") for each in exclude if isinstance(each, str)}
    return not whole.isdisjoint(given) or any(part.startswith(".") for part in folder.parts)


def _as_scanned(path: Path) -> str:
    """Spell a path as the collector does, since that is what patterns are compared with."""
    return unicodedata.normalize("NFC", os.fsencode(path).decode("utf-8", "backslashreplace"))


def _find_nested(sources: tuple[_Tree, ...]) -> Iterator[Problem]:
    for inner in sources:
        for outer in sources:
            if inner.path != outer.path and outer.reads(inner.path):
                reason = f"lies inside {dotted(outer.key)}, so its articles would be read twice; drop it"
                yield Problem(path=inner.key, reason=reason + outer.hint(inner.path))


def _find_doubles(values: Iterable[tuple[KeyPath, Hashable]], *, what: str) -> Iterator[Problem]:
    seen: dict[Hashable, KeyPath] = {}
    for path, value in values:
        first = seen.setdefault(value, path)
        if first != path:
            yield Problem(path=path, reason=f"has {what} as {dotted(first)}")


def _sources(raw: Mapping[str, object], *, folder: Path) -> Iterator[_Tree]:
    sources = raw.get("source")
    for index, source in enumerate(sources if isinstance(sources, tuple) else ()):
        path = _real(source.get("path"), folder=folder) if isinstance(source, dict) else None
        if path:
            exclude = source.get("exclude")
            yield _Tree(key=("source", index, "path"), path=path, exclude=exclude if isinstance(exclude, tuple) else ())


def _slugs(raw: Mapping[str, object]) -> Iterator[tuple[KeyPath, tuple[str, str]]]:
    """List the slugs, each with the category that it lies below."""
    tree = _table(raw, "feeds").get("categories") != "flat"
    for name, options in _table(raw, "category").items():
        slug = options.get("slug") if isinstance(options, dict) else None
        if isinstance(slug, str):
            yield ("category", name, "slug"), (name.rpartition("/")[0] if tree else "", slug)


def _real(value: object, *, folder: Path) -> Path | None:
    """Follow symbolic links: two names of one folder are one folder."""
    usable = isinstance(value, str | Path) and value != "" and "\0" not in str(value)
    return Path(os.path.realpath(folder / str(value))) if usable else None


def _table(raw: Mapping[str, object], name: str) -> Mapping[str, object]:
    table = raw.get(name)
    return table if isinstance(table, dict) else {}

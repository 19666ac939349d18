"""The configuration: TOML in, frozen options out, every path absolute.

All of a file's problems are found in one go, each with its line. Nothing here creates or writes a file.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from feedpub.config.checks import check_together, is_left_out, pattern_below
from feedpub.config.cleaning import (
    ImageHost,
    ImageOptions,
    PlayerOptions,
    RemovalOptions,
    SanitiserOptions,
    StockOptions,
    Unwrap,
)
from feedpub.config.options import ARTICLES, AuthorOptions, CategoryOptions, Config, Feeds, Site, Source
from feedpub.config.problems import Problem, dotted
from feedpub.config.publishing import HeaderOptions, Publish
from feedpub.config.tables import TableError, read_table
from feedpub.config.values import PLACEHOLDERS
from feedpub.errors import ConfigError
from feedpub.places import USUAL_OUT, USUAL_PLACES, find_config

if TYPE_CHECKING:
    from feedpub.config.toml_lines import KeyPath

__all__ = [
    "ARTICLES",
    "PLACEHOLDERS",
    "UNKNOWN_URL",
    "USUAL_PLACES",
    "AuthorOptions",
    "CategoryOptions",
    "Config",
    "Feeds",
    "HeaderOptions",
    "ImageHost",
    "ImageOptions",
    "PlayerOptions",
    "Publish",
    "RemovalOptions",
    "SanitiserOptions",
    "Site",
    "Source",
    "StockOptions",
    "Unwrap",
    "default_config",
    "find_config",
    "is_left_out",
    "load_config",
    "pattern_below",
]

#: What stands in for the address of a site that has not said its own.
UNKNOWN_URL = "https://example.org/"

_NOTHING: Mapping[str, str] = MappingProxyType({})

#: `tomllib` says where only inside of its message, until Python 3.14.
_TOML_ERROR = re.compile(r"(?P<reason>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)")


def load_config(
    path: str | os.PathLike[str],
    *,
    source: Path | None = None,
    out: Path | None = None,
    ledger: Path | None = None,
    to: str | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Config:
    """Read the configuration at *path*; its paths count from its folder.

    *source*, *out*, *ledger* and *to* are what the command line says instead: the file's own values are then not
    even looked at, and relative paths count from the working folder. Secrets are read from *environ*.

    Raises:
        ConfigError: The file cannot be read, is no TOML, or says something wrong; lists every problem.
    """
    file = Path(path)
    text = _read(file)
    given = _Given(source=source, out=out, ledger=ledger, to=to)
    raw = given.put_into(_parse(text, file=str(path)))
    place = _Place(file=str(path), text=text, flags=given.flags)
    return _build(raw, folder=file.absolute().parent, place=place, environ=environ)


def default_config(*, source: Path, out: Path, ledger: Path | None = None) -> Config:
    """Make the configuration of a run that has no file: only a folder of articles and one for the feeds.

    Unless *ledger* says another place, it lies beside *out* and bears its name: two outputs never share one.

    Raises:
        ConfigError: *source* is no folder, or *out* lies inside of it.
    """
    target = Path(os.path.abspath(out))
    beside = target.parent / ".feedpub" / f"{target.name}.sqlite3"
    given = _Given(source=source, out=out, ledger=ledger or beside)
    raw = given.put_into({"site": {"url": UNKNOWN_URL}})
    return _build(raw, folder=Path.cwd(), place=_Place(flags=given.flags))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """What the command line says instead of the file."""

    source: Path | None
    out: Path | None
    ledger: Path | None
    to: str | None = None

    @property
    def flags(self) -> dict[KeyPath, str]:
        """The option to blame for each value that did not come from the file."""
        flags: dict[KeyPath, str] = {}
        if self.source is not None:
            flags["source", 0, "path"] = "--source"
        if self.out is not None:
            flags["site", "out"] = "--out"
        if self.ledger is not None:
            flags["site", "ledger"] = "--ledger"
        if self.to is not None:
            flags["publish", "to"] = "--to"
        return flags

    def put_into(self, raw: dict[str, object]) -> dict[str, object]:
        """Replace the values of *raw*, and leave tables of a wrong type to be reported."""
        chosen = dict(raw)
        if self.source is not None:
            chosen["source"] = ({"path": str(self.source.absolute())},)
        if isinstance(site := raw.get("site"), dict):
            paths = {"out": self.out, "ledger": self.ledger}
            chosen["site"] = site | {key: str(path.absolute()) for key, path in paths.items() if path}
        if self.to is not None and isinstance(publish := raw.get("publish", {}), dict):
            chosen["publish"] = publish | {"to": self.to}
        return chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where the values came from."""

    file: str = ""
    text: str = ""
    flags: Mapping[KeyPath, str] = field(default_factory=dict)

    def say_all(self, problems: Iterable[Problem]) -> list[str]:
        """Write each problem as one line, in the order of the file; what the command line said comes first."""
        from feedpub.config.toml_lines import line_of, locate_keys

        lines = locate_keys(self.text)
        placed = [(0 if each.path in self.flags else line_of(lines, each.path), each) for each in problems]
        return [self._say(problem, line=line) for line, problem in sorted(placed, key=itemgetter(0))]

    def _say(self, problem: Problem, *, line: int) -> str:
        where = self.flags.get(problem.path) or f"{self.file}:{line}: {dotted(problem.path)}"
        return f"{where}: {problem.reason}"


def _read(file: Path) -> str:
    try:
        # Some Windows editors write a byte order mark, which TOML does not know.
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError([f"{file}: not UTF-8 at byte {error.start}"]) from error
    except FileNotFoundError as error:
        raise ConfigError([f'{file}: does not exist; "feedpub init" writes a configuration']) from error
    except IsADirectoryError as error:
        raise ConfigError([f"{file}: is a folder; name the file in it"]) from error
    except (OSError, ValueError) as error:
        raise ConfigError([f"{file}: cannot be read: {error}"]) from error


def _parse(text: str, *, file: str) -> dict[str, object]:
    try:
        return {key: _freeze(value) for key, value in tomllib.loads(text).items()}
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([_explain_toml(str(error), text=text, file=file)]) from error
    except RecursionError as error:
        raise ConfigError([f"{file}: is nested too deeply"]) from error
    except ValueError as error:
        # Python reads no number of more than some thousand digits, and says so.
        raise ConfigError([f"{file}: holds a number beyond all bounds"]) from error


def _explain_toml(message: str, *, text: str, file: str) -> str:
    found = _TOML_ERROR.fullmatch(message)
    if not found:
        return f"{file}: no valid TOML: {message}"
    end = text.rstrip()
    line = found["line"] or end.count("\n") + 1
    column = found["column"] or len(end.rpartition("\n")[2]) + 1
    return f"{file}:{line}:{column}: no valid TOML: {found['reason']}"


def _freeze(value: object) -> object:
    """Make arrays tuples: the options take no lists, and guess no type from another."""
    if isinstance(value, list):
        return tuple(_freeze(item) for item in value)
    if isinstance(value, dict):
        return {key: _freeze(item) for key, item in value.items()}
    return value


def _build(raw: dict[str, object], *, folder: Path, place: _Place, environ: Mapping[str, str] = _NOTHING) -> Config:
    named = _with_title(raw, folder=folder)
    can_exclude = ("source", 0, "path") not in place.flags
    problems = list(check_together(named, folder=folder, out=Path(USUAL_OUT), can_exclude=can_exclude))
    try:
        config = read_table(Config, named, folder=folder, environ=environ)
    except TableError as error:
        problems.extend(error.problems)
    if problems:
        raise ConfigError(place.say_all(problems))
    return config


def _with_title(raw: dict[str, object], *, folder: Path) -> dict[str, object]:
    """Name a site without a title after the folder of its articles."""
    match raw:
        case {"site": {"title": _}}:
            return raw
        case {"site": {**site}, "source": ({"path": str(path)}, *_)}:
            name = Path(os.path.abspath(folder / path)).name
            return raw | {"site": site | {"title": name.encode(errors="replace").decode() or "Feeds"}}
        case {"site": {**site}}:
            return raw | {"site": site | {"title": "Feeds"}}
    return raw

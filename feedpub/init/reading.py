"""Other people's configurations: read without running, and without failing.

Whatever cannot be read becomes an empty table with a hint, since `feedpub init` can always do without.
"""

from __future__ import annotations

import ast
import json
import tomllib
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from feedpub.model import Author


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a configuration holds, and what could not be read of it."""

    file: str = ""  #: The name to show.
    values: Mapping[str, object] = field(default_factory=dict)
    hints: tuple[str, ...] = ()


def read_settings(path: Path, *, name: str | None = None) -> Settings:
    """Read YAML, TOML, JSON or the plain assignments of Python, whichever *path* ends in. Never raises."""
    shown = name or path.name
    try:
        values = _PARSERS[path.suffix](path.read_bytes().decode("utf-8-sig"))
    # Parsers fail in more ways than they document (PyYAML: IndexError, AttributeError, RecursionError),
    # and all of them are the same news here.
    except Exception as error:
        return Settings(file=shown, hints=(f"{shown} cannot be read ({_shorten(error)}); check what stands here",))
    if not isinstance(values, dict):
        return Settings(file=shown, hints=(f"{shown} holds no settings",))
    return Settings(file=shown, values={key: value for key, value in values.items() if isinstance(key, str)})


def _shorten(error: Exception) -> str:
    return (" ".join(str(error).split()) or type(error).__name__)[:120]


def _parse_python(text: str) -> dict[str, object]:
    """Collect the top-level assignments of literals. Nothing is executed."""
    with warnings.catch_warnings():
        # "\d" in somebody's pattern is not our operator's concern.
        warnings.simplefilter("ignore", SyntaxWarning)
        body = ast.parse(text).body
    found: dict[str, object] = {}
    for statement in body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.expr() as value):
                _put_literal(found, name, value)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                _put_literal(found, name, value)
    return found


def _put_literal(found: dict[str, object], name: str, value: ast.expr) -> None:
    try:
        found[name] = ast.literal_eval(value)
    except (ValueError, TypeError):
        # Computed when the generator runs; an earlier literal no longer holds.
        found.pop(name, None)


_PARSERS: Mapping[str, Callable[[str], object]] = {
    ".yml": yaml.safe_load,
    ".yaml": yaml.safe_load,
    ".toml": tomllib.loads,
    ".json": json.loads,
    ".py": _parse_python,
}


def text_of(value: object) -> str:
    """Read a text; a list gives its first, a number is written out, anything else is ""."""
    if isinstance(value, list | tuple):
        return next((found for found in map(text_of, value) if found), "")
    if isinstance(value, bool):
        return ""
    return str(value).strip() if isinstance(value, str | int | float) else ""


def texts_of(value: object) -> tuple[str, ...]:
    """Read a list of texts; one text is a list of one."""
    values = value if isinstance(value, list | tuple) else (value,)
    return tuple(found for found in map(text_of, values) if found)


def table_of(value: object) -> Mapping[str, object]:
    """Read a table; anything else is an empty one."""
    return {key: each for key, each in value.items() if isinstance(key, str)} if isinstance(value, dict) else {}


def language_of(value: object) -> str:
    """Read a language; YAML 1.1 takes Norwegian ("no") for a false."""
    return "no" if value is False else text_of(value).partition(".")[0].replace("_", "-")


def author_of(value: object, *, email: object = "") -> Author | None:
    """Read an author: a name, or a table with a name, an e-mail address and a page."""
    if isinstance(value, list):
        return author_of(value[0], email=email) if value else None
    table = table_of(value) if isinstance(value, dict) else {"name": value}
    name = text_of(table.get("name"))
    mail = text_of(table.get("email")) or text_of(email)
    page = text_of(table.get("url") or table.get("uri"))
    return Author(name=name, email=mail or None, url=page or None) if name else None

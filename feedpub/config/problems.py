"""Problems in plain words: what pydantic found wrong, said to an operator who has never heard of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from feedpub.config.values import nearest, suggest

if TYPE_CHECKING:
    from feedpub.config.toml_lines import KeyPath

#: A key that needs no quotes in a dotted path (TOML 1.0, "Keys").
_BARE = re.compile(r"[A-Za-z0-9_-]+")

#: In a path of `known_keys`: a key that the operator chooses, such as a category's name.
_ANY = "*"

#: In an address: a name and a password, or what follows a store's address, which is most likely a key.
_SECRET = re.compile(r'(?<=://)[^/@\s"]*(?=@)|(?<=s3://|gs://|az://)[^"]*[?][^"]*')

#: What pydantic calls each kind of value, and what a TOML author calls it.
_KINDS = {
    "string_type": "a text in quotes",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list in brackets",
    "model_type": "a table",
    "mapping_type": "a table",
}

#: What to write where a key without a default is missing.
_MISSING: dict[KeyPath, str] = {
    ("site",): "write [site] with the url where the output folder is served",
    ("site", "url"): 'say where the output folder is served, such as "https://feeds.example.org/"',
    ("source",): "write [[source]] with the path of a folder of articles",
    ("source", "path"): "name a folder of articles",
    ("sanitiser", "images", "unwrap", "match"): 'write a pattern such as "https://proxy.example.org/?{url}"',
    ("sanitiser", "images", "host", "match"): 'name the hosts, such as "*.example.org"',
    ("sanitiser", "rule", "remove"): 'write selectors of what goes, such as [".share-bar"]',
    ("sanitiser", "player", "match"): 'write the player\'s address, such as "https://player.example.org/embed/{id}"',
    ("publish", "headers", "match"): 'write a pattern such as "*/atom.xml"',
    ("sanitiser", "player", "page"): 'write where its film is, such as "https://example.org/watch/{id}"',
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong, and with which key."""

    path: KeyPath
    reason: str


def explain(
    errors: Iterable[Mapping[str, Any]], *, raw: Mapping[str, object], known: frozenset[KeyPath]
) -> Iterator[Problem]:
    """Reword pydantic's *errors* about *raw*; *known* are the paths that `known_keys` gives."""
    for error in errors:
        # pydantic marks a problem with a key itself by a last part of its own.
        path: KeyPath = tuple(part for part in error["loc"] if part != "[key]")
        if error["type"] == "extra_forbidden":
            reason = _explain_unknown(path, known=known)
        elif error["type"] == "missing":
            reason = _explain_missing(path)
        else:
            value = path[-1] if error["loc"][-1] == "[key]" else _value_at(raw, path)
            reason = _explain_wrong(error, path=path, value=value)
        yield Problem(path=path, reason=reason)


def known_keys(model: Any) -> frozenset[KeyPath]:
    """Collect the paths of all keys of a pydantic *model*, without positions and with "*" for any name."""
    return frozenset(_walk_keys(model, ()))


def _walk_keys(model: Any, start: KeyPath) -> Iterator[KeyPath]:
    for name, field in model.model_fields.items():
        path = (*start, name)
        yield path
        if getattr(field.annotation, "__origin__", None) is Mapping:
            path = (*path, _ANY)
            yield path
        for nested in _models_in(field.annotation):
            yield from _walk_keys(nested, path)


def _models_in(annotation: Any) -> Iterator[Any]:
    if hasattr(annotation, "model_fields"):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from _models_in(part)


def dotted(path: KeyPath) -> str:
    """Write a path as TOML does, positions in brackets and counted from 1: `source[2].path`."""
    parts = (f"[{part + 1}]" if isinstance(part, int) else f".{_quoted(part)}" for part in path)
    return "".join(parts).removeprefix(".")


def _quoted(key: str) -> str:
    return key if _BARE.fullmatch(key) or key == _ANY else written(key)


def written(value: object) -> str:
    """Write a value as TOML does; texts and lists are the same in JSON."""
    import json

    return json.dumps(value, ensure_ascii=False, default=str)


def _explain_missing(path: KeyPath) -> str:
    hint = _MISSING.get(_without_positions(path))
    return f"is missing; {hint}" if hint else "is missing"


def _explain_unknown(path: KeyPath, *, known: frozenset[KeyPath]) -> str:
    """Point to the same name in another table, else the nearest name in this one, else anywhere."""
    name = str(path[-1])
    parent = _generalise(path[:-1], known=known)
    homes = sorted((each for each in known if each[-1] == name), key=lambda each: (_ANY in each, len(each)))
    if homes:
        return f"unknown key; it belongs to {dotted(homes[0])}"
    beside = suggest(name, (str(each[-1]) for each in known if each[:-1] == parent and each[-1] != _ANY))
    if beside:
        return f"unknown key{beside}"
    elsewhere = {str(each[-1]): dotted(each) for each in known}
    found = nearest(name, elsewhere)
    return f"unknown key; did you mean {elsewhere[found]}?" if found else "unknown key"


def _generalise(path: KeyPath, *, known: frozenset[KeyPath]) -> KeyPath:
    general: KeyPath = ()
    for part in _without_positions(path):
        general = (*general, _ANY if (*general, _ANY) in known else part)
    return general


def _without_positions(path: KeyPath) -> KeyPath:
    return tuple(part for part in path if isinstance(part, str))


def _explain_wrong(error: Mapping[str, Any], *, path: KeyPath, value: object) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "value_error":
        reason = str(context["error"])
        return reason if isinstance(value, dict) else f"{_shown(value)} {reason}"
    if kind == "literal_error":
        return _explain_choice(str(context["expected"]), value)
    if kind in _KINDS:
        return _explain_kind(_KINDS[kind], path=path, value=value)
    limits = {
        "greater_than_equal": f"must be {context.get('ge', 0):g} or more",
        "greater_than": f"must be more than {context.get('gt', 0):g}",
        "less_than_equal": f"must be {context.get('le', 0):g} or less",
        "string_too_short": "must not be empty",
    }
    return f"{limits.get(kind, error['msg'])}; got {_shown(value)}"


def _explain_kind(wanted: str, *, path: KeyPath, value: object) -> str:
    name = dotted(_without_positions(path))
    if wanted == _KINDS["tuple_type"] and isinstance(value, dict):
        return f"must be a list of tables; write [[{name}]]"
    if wanted == "a table" and isinstance(value, tuple):
        return f"must be one table; write [{name}]"
    return f"must be {wanted}; got {_shown(value)}"


def _explain_choice(expected: str, value: object) -> str:
    choices = re.findall(r"'([^']*)'", expected)
    listed = ", ".join(f'"{choice}"' for choice in choices)
    found = nearest(value, choices) if isinstance(value, str) else None
    hint = f', did you mean "{found}"?' if found else ""
    return f"must be {'one of ' if choices[1:] else ''}{listed}; got {_shown(value)}{hint}"


def _value_at(raw: object, path: KeyPath) -> object:
    for part in path:
        if isinstance(raw, str):  # a text for a list of one
            break
        raw = raw[part]  # type: ignore[index]  # pydantic has walked the same way
    return raw


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "a table"
    text = _SECRET.sub("…", written(value))
    return text if len(text) <= 80 else f"{text[:77]}..."

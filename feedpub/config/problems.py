"""Problems in plain words: what is wrong with a value, said to an operator."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from feedpub.config.values import nearest, suggest

if TYPE_CHECKING:
    from feedpub.config.toml_lines import KeyPath

#: A key that needs no quotes in a dotted path (TOML 1.0, "Keys").
_BARE = re.compile(r"[A-Za-z0-9_-]+")

#: In a path of known keys: a key that the operator chooses, such as a category's name.
ANY = "*"

#: In an address: a name and a password, or what follows a store's address, which is most likely a key.
_SECRET = re.compile(r'(?<=://)[^/@\s"]*(?=@)|(?<=s3://|gs://|az://)[^"]*[?][^"]*')

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


def dotted(path: KeyPath) -> str:
    """Write a path as TOML does, positions in brackets and counted from 1: `source[2].path`."""
    parts = (f"[{part + 1}]" if isinstance(part, int) else f".{_quoted(part)}" for part in path)
    return "".join(parts).removeprefix(".")


def _quoted(key: str) -> str:
    return key if _BARE.fullmatch(key) or key == ANY else written(key)


def written(value: object) -> str:
    """Write a value as TOML does; texts and lists are the same in JSON."""
    import json

    return json.dumps(value, ensure_ascii=False, default=str)


def explain_missing(path: KeyPath) -> str:
    """Say what to write where a key is missing that has no default."""
    hint = _MISSING.get(_without_positions(path))
    return f"is missing; {hint}" if hint else "is missing"


def explain_unknown(path: KeyPath, *, known: Collection[KeyPath]) -> str:
    """Point to the same name in another table, else the nearest name in this one, else anywhere."""
    name = str(path[-1])
    parent = _generalise(path[:-1], known=known)
    # Near before far: most slips are about a table below or above.
    ranked = sorted(known, key=lambda each: (-_shared(each, parent), ANY in each, len(each)))
    home = next((each for each in ranked if each[-1] == name), None)
    if home:
        return f"unknown key; it belongs to {dotted(home)}"
    beside = suggest(name, (str(each[-1]) for each in known if each[:-1] == parent and each[-1] != ANY))
    if beside:
        return f"unknown key{beside}"
    elsewhere = {str(each[-1]): dotted(each) for each in reversed(ranked)}
    found = nearest(name, elsewhere)
    return f"unknown key; did you mean {elsewhere[found]}?" if found else "unknown key"


def _shared(one: KeyPath, other: KeyPath) -> int:
    """Count the parts that two paths begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _generalise(path: KeyPath, *, known: Collection[KeyPath]) -> KeyPath:
    general: KeyPath = ()
    for part in _without_positions(path):
        general = (*general, ANY if (*general, ANY) in known else part)
    return general


def _without_positions(path: KeyPath) -> KeyPath:
    return tuple(part for part in path if isinstance(part, str))


def explain_no_table(value: object, *, path: KeyPath) -> str:
    """Say what to write where something else stands in a table's place."""
    if isinstance(value, tuple):
        return f"must be one table; write [{dotted(_without_positions(path))}]"
    return explain_kind("a table", value)


def explain_no_list(value: object, *, path: KeyPath) -> str:
    """Say what to write where something else stands in a list's place."""
    if isinstance(value, dict):
        return f"must be a list of tables; write [[{dotted(_without_positions(path))}]]"
    return explain_kind("a list in brackets", value)


def explain_kind(wanted: str, value: object) -> str:
    """Say what kind of value belongs here."""
    return f"must be {wanted}; got {shown(value)}"


def explain_choice(choices: Sequence[str], value: object) -> str:
    """Say which words there are to choose from."""
    listed = ", ".join(f'"{choice}"' for choice in choices)
    found = nearest(value, choices) if isinstance(value, str) else None
    hint = f', did you mean "{found}"?' if found else ""
    return f"must be {'one of ' if choices[1:] else ''}{listed}; got {shown(value)}{hint}"


def shown(value: object) -> str:
    """Write a value for a message: not all of a long one, and no secret."""
    if isinstance(value, dict):
        return "a table"
    try:
        text = _SECRET.sub("…", written(value))
    except ValueError:
        # Python writes no number that is longer than some thousand digits.
        return "a number beyond all bounds"
    return text if len(text) <= 80 else f"{text[:77]}..."

"""Categories and tags: lists, or strings where lists are meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from feedpub.collector.keys import CATEGORIES, TAGS
from feedpub.collector.wording import restore_braces, to_plain
from feedpub.collector.yamlvalues import Mapping, Value
from feedpub.model import CategoryPath

#: Dashes and blanks that crawled menus put before a name: "— 资讯", "- 资讯".
_LEADING = " -‐‑‒–—―−－﹣"
_COMMA = re.compile("[,，、]")
#: Jekyll's posts, and only they, split a string of categories at blanks.
_JEKYLL = re.compile(r"(?:.*/)?\d{4}-\d\d?-\d\d?-[^/]*$", re.ASCII)
#: The types of what is in a list of nothing but texts.
_TEXTS = {str}


def read_categories(fields: Mapping, *, name: str) -> tuple[CategoryPath, ...]:
    """Give the category paths as listed: `[A, B]` is one path, `[[A], [B]]` are two.

    A string is split at commas, and at blanks where the file's *name* is one of Jekyll's.
    """
    for key in CATEGORIES:
        if key in fields:
            value = fields[key]
            if isinstance(value, str):
                value = _listed(value, at_blanks=key == "categories" and bool(_JEKYLL.match(name)))
            if paths := _paths(value):
                return paths
    return ()


def read_tags(fields: Mapping) -> tuple[str, ...]:
    """Give the tags; a string is split at commas, or else `tags: a b` at blanks, as Jekyll does."""
    for key in TAGS:
        if key in fields and (tags := clean_names(_flatten(_listed(fields[key], at_blanks=key == "tags")))):
            return tags
    return ()


def clean_names(names: Iterable[str]) -> tuple[str, ...]:
    """Make names plain, without leading dashes, in Unicode's composed form; empty and repeated ones go."""
    return tuple(dict.fromkeys(clean for name in names if (clean := _clean_name(name))))


def _clean_name(name: str) -> str:
    return unicodedata.normalize("NFC", to_plain(restore_braces(name)).lstrip(_LEADING))


def _listed(value: Value, *, at_blanks: bool) -> Value:
    """Make a string the list that it stands for."""
    if not isinstance(value, str):
        return value
    parts = value.split() if at_blanks and not _COMMA.search(value) else _COMMA.split(value)
    return [*parts]


def _paths(value: Value) -> tuple[CategoryPath, ...]:
    if isinstance(value, list) and set(map(type, value)) <= _TEXTS:
        path = _path_of(tuple(value))
        return (path,) if path else ()
    nested = isinstance(value, list) and any(isinstance(part, list) for part in value)
    paths = (clean_names(_flatten(part)) for part in (value if nested else [value]))
    return tuple(dict.fromkeys(path for path in paths if path))


# Cached, since the articles of a site share their categories.
@lru_cache(maxsize=1024)
def _path_of(names: tuple[str, ...]) -> CategoryPath:
    return clean_names(names)


def _flatten(value: Value) -> list[str]:
    """Give all texts of a value; a mapping stands for its name."""
    if isinstance(value, list):
        return [text for part in value for text in _flatten(part)]
    if isinstance(value, dict):
        value = value.get("name") or value.get("title") or ""
    return [value] if isinstance(value, str) else []

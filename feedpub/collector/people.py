"""Authors, in the shapes of Hexo, Jekyll, Hugo, Zola and Pelican."""

from __future__ import annotations

import re

from feedpub.collector.keys import AUTHORS, normalise_keys, text_of
from feedpub.collector.wording import restore_braces, to_plain, to_text
from feedpub.collector.yamlvalues import Mapping, Value
from feedpub.model import Author
from feedpub.text import one_line

_MAIL = re.compile(r"[^\s@<>()\"',;:]+@[^\s@<>()\"',;:]+\.[^\s@<>()\"',;:]+")
#: `Name <ann@example.org>`, `Name <https://example.org/>`, `Name (…)`.
_AND_ADDRESS = re.compile(r"(.*?)\s*[<(]\s*(\S+@\S+|https?://[^\s<>]+)\s*[>)]")
#: RSS 2.0: `ann@example.org (Name)`.
_ADDRESS_FIRST = re.compile(r"(\S+@\S+)\s+\((.*)\)")
#: Nobody's name and address are longer; the patterns take time with the square of it.
_LONGEST = 500
_SEVERAL = (";", ",", "，", "、")


def read_authors(fields: Mapping) -> tuple[Author, ...]:
    """Give the authors, each once; `authors: A, B` are two, `author: A, B` is one name."""
    for key in AUTHORS:
        if key in fields and (authors := _read(fields[key], several=key == "authors")):
            return tuple(dict.fromkeys(authors))
    return ()


def _read(value: Value, *, several: bool) -> list[Author]:
    if isinstance(value, list):
        return [author for part in value for author in _read(part, several=False)]
    found = _from_mapping(value) if isinstance(value, dict) else None
    if isinstance(value, str):
        return [author for part in _split(value, several=several) if (author := _from_text(part))]
    return [found] if found else []


def _split(text: str, *, several: bool) -> list[str]:
    sign = next((sign for sign in _SEVERAL if sign in text), None)
    return text.split(sign) if several and sign else [text]


def _from_mapping(value: Mapping) -> Author | None:
    known = {key: text_of(part) for key, part in normalise_keys(value).items()}
    email = known.get("email") or known.get("mail")
    url = next((known[key] for key in ("url", "link", "uri", "homepage", "website", "web") if known.get(key)), None)
    name = next((known[key] for key in ("name", "displayname", "nickname", "title") if known.get(key)), email or "")
    return _make(name, email=email, url=url)


def _from_text(text: str) -> Author | None:
    text = one_line(text)[:_LONGEST]
    # Most have neither, and the patterns take longer than all the rest.
    if "@" not in text and "://" not in text:
        return _make(text)
    if found := _ADDRESS_FIRST.fullmatch(text):
        return _make(found[2] or found[1], email=found[1])
    if found := _AND_ADDRESS.fullmatch(text):
        address = found[2]
        if address.startswith("http"):
            return _make(found[1] or address, url=address)
        return _make(found[1] or address, email=address)
    return _make(text, email=text)


def _make(name: str, *, email: str | None = None, url: str | None = None) -> Author | None:
    """Build an author, with the address only if it is one; `None` without a name."""
    name = to_plain(restore_braces(name)).strip('"')
    email = email if email and _MAIL.fullmatch(email) else None
    return Author(name=name, email=email, url=to_text(url) or None if url else None) if name else None

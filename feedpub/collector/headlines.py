"""Metadata without fences, as Pelican has it: lines of `Key: value` at the start of a file, up to a blank one."""

from __future__ import annotations

import re

from feedpub.collector import keys
from feedpub.collector.yamlvalues import Mapping
from feedpub.text import xml_safe

_LINE = re.compile(r"([A-Za-z][\w -]{0,40}):(?:[ \t]+(.*)|)")
_BLANK = re.compile(r"\n[ \t]*(?:\n|\Z)")
#: Two keys that are known tell metadata from a dialogue.
_ENOUGH = 2


def split_headlines(text: str) -> tuple[Mapping, str]:
    """Give the metadata and the body; no metadata unless every line is such, and one of them the title."""
    if not _LINE.match(text):
        return {}, text
    blank = _BLANK.search(text)
    head, body = (text[: blank.start()], text[blank.end() :]) if blank else (text, "")
    fields = _read_lines(xml_safe(head))
    known = keys.KNOWN & keys.normalise_keys(fields).keys()
    return (fields, body) if "title" in known and len(known) >= _ENOUGH else ({}, text)


def _read_lines(head: str) -> Mapping:
    """Give the text of each key, with the indented lines below it; nothing if there is any other line."""
    found: dict[str, list[str]] = {}
    value: list[str] = []
    for line in head.split("\n"):
        if line[:1] in {" ", "\t"} and found:
            value.append(line.strip())
        elif key := _LINE.fullmatch(line):
            value = found.setdefault(key[1], [])
            value.append((key[2] or "").strip())
        else:
            return {}
    return {key: " ".join(parts).strip() for key, parts in found.items()}

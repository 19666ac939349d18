"""Front matter that is not valid YAML, read key by key: only what is broken is lost, or mended by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from feedpub.collector.yamlvalues import Mapping, Value, YamlError, load_value
from feedpub.text import xml_safe

_KEY = re.compile(r"""(?:"([\w .-]{1,60})"|'([\w .-]{1,60})'|([\w][\w .-]{0,59}?))[ \t]*:(?:[ \t]+(.*)|)$""")
_ITEM = re.compile(r"[ \t]*-(?:[ \t]+(.*)|)$")
#: A title, all on one line, that YAML takes for an anchor, a tag, a collection or a comment, or cuts at one.
_TITLE = re.compile(
    r"^title[ \t]*:[ \t]+(?!!!str\b|#+[ \t]*$)((?>[&!\[{#]|[^\s\"'|>*][^\n]*?[ \t]#)[^\n]*+)(?!\n[ \t]+\S)$",
    re.IGNORECASE | re.MULTILINE,
)
_ANCHOR = re.compile(r"&([\w-]+)[ \t]")
_BLOCK = re.compile(r"[|>][+-]?\d?[+-]?$")


def read_by_line(matter: str) -> Mapping:
    """Read what lines of keys there are; where a key stands twice, its last value counts."""
    fields: Mapping = {}
    for key, value, more in _chunks(matter):
        fields[key] = _read_value(value, more)
    return fields


def restore_title(fields: Mapping, matter: str) -> Mapping:
    """Give the title the words that a person reads, where YAML has signs of its own in them."""
    found = _TITLE.search(matter)
    if not found or _is_repeated(found[1], matter):
        return fields
    return {key: found[1].strip() if key.lower() == "title" else value for key, value in fields.items()}


def _is_repeated(title: str, matter: str) -> bool:
    """Say whether a title begins with an anchor that is one: other keys refer to it."""
    anchor = _ANCHOR.match(title)
    return bool(anchor and f"*{anchor[1]}" in matter)


def _chunks(matter: str) -> Iterator[tuple[str, str, list[str]]]:
    """Give each key at the start of a line with the rest of its line, and the lines up to the next key."""
    chunk: tuple[str, str, list[str]] | None = None
    for line in matter.splitlines():
        if found := _KEY.match(line):
            if chunk:
                yield chunk
            chunk = (found[1] or found[2] or found[3], (found[4] or "").strip(), [])
        elif chunk and line.startswith((" ", "\t", "-")):
            chunk[2].append(line)
    if chunk:
        yield chunk


def _read_value(value: str, more: list[str]) -> Value:
    try:
        # On a line of its own below a key, so that indents mean what they meant.
        read = load_value("\n".join(["key: " + value, *more]))
        return read["key"] if isinstance(read, dict) else ""
    except YamlError:
        return _mend(value, more)


def _mend(value: str, more: list[str]) -> Value:
    lines = [line for line in more if line.strip() and not line.lstrip().startswith("#")]
    if value and not _BLOCK.match(value):
        return _read_quoted(" ".join([value, *(line.strip() for line in lines if line[0] in " \t")]))
    items = [found for line in lines if (found := _ITEM.match(line))]
    if items and len(items) == len(lines):
        return [_read_quoted((item[1] or "").strip()) for item in items]
    return "\n".join(line.strip() for line in lines)


def _read_quoted(text: str) -> str:
    """Read a text in quotes: as JSON if it is, whose escapes beyond U+FFFF come in pairs, unknown to YAML."""
    try:
        read = json.loads(text) if text.startswith('"') else None
    except ValueError:
        read = None
    return xml_safe(read) if isinstance(read, str) else unquote(text)


def unquote(text: str) -> str:
    """Take away quotes that enclose all of a text, however many; a lone one at the start goes as well.

    Crawlers quote what is quoted already, some of them several times over.
    """
    while len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        inner = text[1:-1]
        text = inner.replace('\\"', '"') if text[0] == '"' else inner.replace("''", "'")
    if text[:1] in {'"', "'"} and text.count(text[0]) == 1:
        return text[1:]
    return text

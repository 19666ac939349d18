"""Front matter that is not valid YAML, read key by key: only what is broken is lost, or mended by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from feedpub.collector.yamlvalues import Mapping, Value, YamlError, load_value

_KEY = re.compile(r"""(?:"([\w .-]{1,60})"|'([\w .-]{1,60})'|([\w][\w .-]{0,59}?))[ \t]*:(?:[ \t]+(.*)|)$""")
_ITEM = re.compile(r"[ \t]*-(?:[ \t]+(.*)|)$")
_BLOCK = re.compile(r"[|>][+-]?\d?[+-]?$")


def read_by_line(matter: str) -> Mapping:
    """Read what lines of keys there are; where a key stands twice, its last value counts."""
    fields: Mapping = {}
    for key, value, more in _chunks(matter):
        fields[key] = _read_value(value, more)
    return fields


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
        return unquote(" ".join([value, *(line.strip() for line in lines if line[0] in " \t")]))
    items = [found for line in lines if (found := _ITEM.match(line))]
    if items and len(items) == len(lines):
        return [unquote((item[1] or "").strip()) for item in items]
    return "\n".join(line.strip() for line in lines)


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

"""Front matter told from the body: YAML, TOML and JSON, each in the fences that generators know.

Every scalar comes out as the text that was written: `title: 007` is no number, `date: 2022-02-02` no date.
What they mean is for the fields to say.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from frontmatter import detect_format
from frontmatter.default_handlers import BaseHandler

from feedpub.collector.headlines import split_headlines
from feedpub.collector.mending import read_by_line, restore_title
from feedpub.collector.yamlvalues import DEEPEST, Mapping, Value, YamlError, load_yaml
from feedpub.model import Markup
from feedpub.text import xml_safe

#: No front matter is that large, and some parsers take time that grows with the square of it.
_LARGEST = 200_000


class FrontMatterError(ValueError):
    """Front matter that cannot be read, or that has no end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A file, split: what its front matter says, and its body."""

    fields: Mapping = field(default_factory=dict)
    body: str
    present: bool = False  #: Whether there is front matter at all.
    note: str | None = None
    markup: Markup | None = None  #: What the body is written in, where that is known already.


class Fenced(BaseHandler):
    """Front matter between an opening line and a closing line, told by one regular expression each."""

    def __init__(self, opening: str, closing: str, load: Callable[[str], Mapping]) -> None:
        super().__init__(fm_boundary=re.compile(rf"{opening}[ \t]*\n"))
        self._closing = re.compile(rf"^{closing}[ \t]*$\n?", re.MULTILINE)
        self._load = load

    def split(self, text: str) -> tuple[str, str]:
        """Give the front matter and the body.

        Raises:
            FrontMatterError: The closing line is missing.
        """
        opening = self.FM_BOUNDARY.match(text) if self.FM_BOUNDARY else None
        start = opening.end() if opening else 0
        closing = self._closing.search(text, start)
        if closing is None:
            raise FrontMatterError("front matter is opened and never closed; was the file cut short?")
        return text[start : closing.start()], text[closing.end() :]

    def load(self, fm: str) -> dict[str, Any]:
        """Read the front matter.

        Raises:
            ValueError: It is not in its language.
        """
        return self._load(fm)


class Braced(BaseHandler):
    """A JSON object at the start of the file, closed where its braces say so."""

    FM_BOUNDARY = re.compile(r'\{\s*(?:"[^"\n]*"\s*:|\})')

    def split(self, text: str) -> tuple[str, str]:
        """Give the object's text and the body.

        Raises:
            FrontMatterError: It is no JSON, or has no end.
        """
        try:
            # Numbers stay text: reading one of thousands of digits is an error of its own.
            _, end = json.JSONDecoder(parse_int=str, parse_float=str).raw_decode(text)
        except json.JSONDecodeError as error:
            if error.pos >= len(text.rstrip()) or "Unterminated" in error.msg:
                raise FrontMatterError("front matter is opened and never closed; was the file cut short?") from error
            raise FrontMatterError(f"front matter is not valid JSON (line {error.lineno}: {error.msg})") from error
        except RecursionError as error:
            raise FrontMatterError("front matter is nested too deeply") from error
        return text[:end], text[end:].removeprefix("\n")

    def load(self, fm: str) -> dict[str, Any]:
        """Read the object."""
        return _load_json(fm)


def _load_yaml(text: str) -> Mapping:
    return restore_title(load_yaml(text), text)


def _load_json(text: str) -> Mapping:
    text = text.strip()
    # Hexo leaves the braces out between its ";;;" fences.
    braced = text if text.startswith("{") else "{" + text.rstrip(",") + "}"
    return _plain_mapping(json.loads(braced, parse_int=str, parse_float=str, parse_constant=str))


def _load_toml(text: str) -> Mapping:
    return _plain_mapping(tomllib.loads(text, parse_float=str))


def _plain_mapping(value: dict[str, Any]) -> Mapping:
    return {key: _plain(part, 1) for key, part in value.items()}


def _plain(value: Any, depth: int) -> Value:
    """Make every scalar the text that it was, or nearly: `true` and `false` for booleans, ISO 8601 for dates."""
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(value, dict):
        return {key: _plain(part, depth + 1) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part, depth + 1) for part in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


_HANDLERS = (
    Fenced(r"---(?:[ \t]*yaml)?", r"(?:---|\.\.\.)", _load_yaml),
    Fenced(r"\+\+\+", r"\+\+\+", _load_toml),
    Fenced(r"---[ \t]*toml", "---", _load_toml),
    Fenced(r"---[ \t]*json", "---", _load_json),
    Fenced(";;;", ";;;", _load_json),
    Braced(),
)


def split_matter(text: str) -> Matter:
    """Split a file into front matter and body; blank lines before are skipped, line ends made alike.

    Raises:
        FrontMatterError: The front matter has no end, is too large, or is TOML or JSON and broken.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.lstrip("\ufeff")
    start = re.match(r"(?:[ \t]*\n)*", text)
    skipped = start.end() if start else 0
    handler = detect_format(text[skipped:], _HANDLERS)
    if handler is None:
        return _without_fences(text, skipped)
    raw, body = handler.split(text[skipped:])
    if len(raw) > _LARGEST:
        raise FrontMatterError(f"front matter is longer than {_LARGEST} characters")
    return _load(handler, xml_safe(raw), body, text.count("\n", 0, skipped) + 1)


def _without_fences(text: str, skipped: int) -> Matter:
    fields, body = split_headlines(text[skipped:])
    return Matter(fields=fields, body=body, present=True) if fields else Matter(body=text)


def _load(handler: BaseHandler, raw: str, body: str, line: int) -> Matter:
    try:
        return Matter(fields=handler.load(raw), body=body, present=True)
    except YamlError as error:
        return _mend(raw, body, error.place(after=line))
    except (ValueError, RecursionError) as error:
        raise FrontMatterError(f"front matter cannot be read: {error}") from error


def _mend(raw: str, body: str, problem: str) -> Matter:
    fields = restore_title(read_by_line(raw), raw)
    if not fields and raw.strip():
        # A rule across the page, some text, another rule: that is no front matter.
        return Matter(body=f"---\n{raw}---\n{body}")
    note = f"front matter is not valid YAML ({problem}): read line by line"
    return Matter(fields=fields, body=body, present=True, note=note)

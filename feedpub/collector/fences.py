"""The fences of front matter that generators know, and how what stands between them is read: YAML, TOML, JSON."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from typing import Any

from frontmatter import detect_format
from frontmatter.default_handlers import BaseHandler

from feedpub.collector.matter import FrontMatterError
from feedpub.collector.mending import restore_title
from feedpub.collector.yamlvalues import DEEPEST, Mapping, Value, load_yaml


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


def find_fences(text: str) -> BaseHandler | None:
    """Tell by its opening how a text's front matter is fenced; `None` where it has none."""
    return detect_format(text, _HANDLERS)

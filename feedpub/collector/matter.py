"""Front matter told from the body: YAML, TOML and JSON, each in the fences that generators know.

Every scalar comes out as the text that was written: `title: 007` is no number, `date: 2022-02-02` no date.
What they mean is for the fields to say.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from typing import TYPE_CHECKING, NamedTuple

from feedpub.collector.encoding import is_plain
from feedpub.collector.simpleyaml import read_simple
from feedpub.collector.yamlvalues import Mapping, YamlError
from feedpub.model import Markup
from feedpub.text import xml_safe

if TYPE_CHECKING:
    from frontmatter.default_handlers import BaseHandler

#: No front matter is that large, and some parsers take time that grows with the square of it.
_LARGEST = 200_000
_BLANK_LINES = re.compile(r"(?:[ \t]*\n)*")
_MARKS = re.compile(rb"\A(?:\xef\xbb\xbf)++")
_OPENING = re.compile(rb"(?:[ \t]*\n)*+---\n")
#: How all fences begin, and a JSON object.
_FENCES = ("-", "+", ";", "{")


class FrontMatterError(ValueError):
    """Front matter that cannot be read, or that has no end."""


class Matter(NamedTuple):
    """A file, split: what its front matter says, and its body. A tuple, since every file that is read is made one."""

    fields: Mapping
    raw: bytes
    start: int = 0  #: Where in `raw` the body begins. Most are looked at once, and a copy would wait for that.
    present: bool = False  #: Whether there is front matter at all.
    note: str | None = None
    markup: Markup | None = None  #: What the body is written in, where that is known already.

    @property
    def utf8(self) -> bytes:
        """The body, in UTF-8."""
        return self.raw[self.start :]

    @property
    def body(self) -> str:
        """The body."""
        return self.utf8.decode("utf-8", "surrogatepass")


def encode(body: str) -> bytes:
    """Give a body's bytes; `Matter.body` is the way back."""
    return body.encode("utf-8", "surrogatepass")


def split_simple(raw: bytes) -> Matter | None:
    """Split a plain file whose front matter is YAML of the simple kind; `None` where it is any other.

    `split_matter` gives the same, and takes several times the time. A closing line of another form, or one before the
    end that is found, would be no simple YAML. A title in simple YAML is what a person reads, and all characters of it
    are fit for XML: nothing is left to mend.
    """
    if not is_plain(raw):
        return None
    if b"\r" in raw:
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if raw.startswith(BOM_UTF8):
        raw = _MARKS.sub(b"", raw)
    opening = _OPENING.match(raw)
    start = opening.end() if opening else len(raw)
    end = raw.find(b"\n---", start)
    if end < 0 or raw[end + 4 : end + 5] not in {b"", b"\n"}:
        return None
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return None
    # What comes before is the same in characters and in bytes.
    fields = read_simple(text[start : text.find("\n---", start) + 1])
    return None if fields is None else Matter(fields, raw, end + 5, True)


def split_matter(text: str) -> Matter:
    """Split a file into front matter and body; blank lines before are skipped, line ends made alike.

    Raises:
        FrontMatterError: The front matter has no end, is too large, or is TOML or JSON and broken.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.lstrip("\ufeff")
    start = _BLANK_LINES.match(text)
    skipped = start.end() if start else 0
    handler = _find_fences(text[skipped:])
    if handler is None:
        return _without_fences(text, skipped)
    raw, body = handler.split(text[skipped:])
    if len(raw) > _LARGEST:
        raise FrontMatterError(f"front matter is longer than {_LARGEST} characters")
    return _load(handler, xml_safe(raw), body, text.count("\n", 0, skipped) + 1)


def _find_fences(text: str) -> BaseHandler | None:
    if not text.startswith(_FENCES):
        return None
    # With its library for each language, it takes its time to load.
    from feedpub.collector.fences import find_fences

    return find_fences(text)


def _without_fences(text: str, skipped: int) -> Matter:
    from feedpub.collector.headlines import split_headlines

    fields, body = split_headlines(text[skipped:])
    return Matter(fields, encode(body), present=True) if fields else Matter({}, encode(text))


def _load(handler: BaseHandler, raw: str, body: str, line: int) -> Matter:
    try:
        return Matter(handler.load(raw), encode(body), present=True)
    except YamlError as error:
        return _mend(raw, body, error.place(after=line))
    except (ValueError, RecursionError) as error:
        raise FrontMatterError(f"front matter cannot be read: {error}") from error


def _mend(raw: str, body: str, problem: str) -> Matter:
    from feedpub.collector.mending import read_by_line, restore_title

    fields = restore_title(read_by_line(raw), raw)
    if not fields and raw.strip():
        # A rule across the page, some text, another rule: that is no front matter.
        return Matter({}, encode(f"---\n{raw}---\n{body}"))
    note = f"front matter is not valid YAML ({problem}): read line by line"
    return Matter(fields, encode(body), present=True, note=note)

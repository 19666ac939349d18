"""All of YAML, read from PyYAML's events.

The C library's node composer ends the process where a file is nested deeply enough, and its constructors
expand aliases without an end.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from feedpub.collector.simpleyaml import NULLS
from feedpub.collector.yamlvalues import DEEPEST, Mapping, Value, YamlError

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_MOST = 20_000
#: How the two parsers say that a scalar stands without quotes.
_PLAIN = (None, "")


def read_events(text: str) -> Value:
    """Read any YAML value.

    Raises:
        YamlError: It is not valid, has a key twice, or is too deep or too large.
    """
    try:
        return _Reader(_LOADER(text)).read()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlError(error.problem or "not valid", line=mark.line + 1 if mark else None) from error
    except yaml.YAMLError as error:
        raise YamlError(str(error).splitlines()[0]) from error


class _Reader:
    """Turns the events of one document into a value, and counts what an alias repeats."""

    def __init__(self, parser: Any) -> None:
        # Asked event by event: the generator of `yaml.parse` takes as long again.
        self._next: Callable[[], Any] = parser.get_event
        self._anchors: dict[str, tuple[Value, int]] = {}
        self._count = 0

    def read(self) -> Value:
        """Read the one document that there is; "" where there is none."""
        event = self._next()
        while not isinstance(event, DocumentStartEvent | StreamEndEvent):
            event = self._next()
        if isinstance(event, StreamEndEvent):
            return ""
        value = self._node(self._next(), 0)
        self._next()  # the end of the document
        if not isinstance(event := self._next(), StreamEndEvent):
            raise YamlError("a second document", line=event.start_mark.line + 1)
        return value

    def _node(self, event: Any, depth: int) -> Value:
        self._count += 1
        # Nearly all events are this, and nothing below concerns it.
        if isinstance(event, ScalarEvent) and not event.anchor:
            return _text_of(event)
        if depth > DEEPEST or self._count > _MOST:
            raise YamlError("nested too deeply, or too large", line=event.start_mark.line + 1)
        if isinstance(event, AliasEvent):
            return self._alias(event)
        return self._anchored(event, depth)

    def _anchored(self, event: Any, depth: int) -> Value:
        before = self._count
        value = self._collection(event, depth)
        if event.anchor:
            self._anchors[event.anchor] = (value, self._count - before + 1)
        return value

    def _collection(self, event: Any, depth: int) -> Value:
        if isinstance(event, ScalarEvent):
            return _text_of(event)
        return self._list(depth) if isinstance(event, SequenceStartEvent) else self._mapping(depth)

    def _list(self, depth: int) -> Value:
        value: list[Value] = []
        while not isinstance(event := self._next(), SequenceEndEvent):
            value.append(self._node(event, depth + 1))
        return value

    def _mapping(self, depth: int) -> Value:
        value: Mapping = {}
        while not isinstance(event := self._next(), MappingEndEvent):
            key = self._node(event, depth + 1)
            if not isinstance(key, str) or key in value:
                problem = f"{key!r} stands twice" if isinstance(key, str) else "a key that is no text"
                raise YamlError(problem, line=event.start_mark.line + 1)
            value[key] = self._node(self._next(), depth + 1)
        return value

    def _alias(self, event: Any) -> Value:
        if event.anchor not in self._anchors:
            raise YamlError(f"nothing is called {event.anchor!r}", line=event.start_mark.line + 1)
        value, size = self._anchors[event.anchor]
        self._count += size
        return value


def _text_of(event: Any) -> str:
    text: str = event.value
    return "" if text in NULLS and event.style in _PLAIN else text

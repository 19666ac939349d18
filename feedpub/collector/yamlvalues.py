"""YAML read into plain values, with every scalar as the text that was written.

Most front matter is a few lines that `simpleyaml` reads in a tenth of the time; what it does not take is read by
`yamlevents`, which knows all of YAML.
"""

from __future__ import annotations

from typing import TypeAlias

from feedpub.collector.simpleyaml import read_simple

#: What front matter consists of once it is read: text, and lists and mappings of such.
Value: TypeAlias = "str | list[Value] | dict[str, Value]"
Mapping: TypeAlias = dict[str, Value]

#: Front matter needs three or four levels; far more, and the readers run out of stack.
DEEPEST = 20


class YamlError(ValueError):
    """Not YAML, or none that front matter may hold."""

    def __init__(self, problem: str, *, line: int | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line

    def place(self, *, after: int) -> str:
        """Say what is wrong and at which line of a file whose line *after* is the last before the YAML."""
        return self.problem if self.line is None else f"line {self.line + after}: {self.problem}"


def load_yaml(text: str) -> Mapping:
    """Read a YAML mapping; `null` is the empty text, and dates, numbers and booleans stay as written.

    Raises:
        YamlError: It is not valid, no mapping, has a key twice, or is too deep or too large.
    """
    simple = read_simple(text)
    if simple is not None:
        return simple
    value = load_value(text)
    if value == "":
        return {}
    if not isinstance(value, dict):
        raise YamlError("no keys", line=1)
    return value


def load_value(text: str) -> Value:
    """Read any YAML value.

    Raises:
        YamlError: As `load_yaml`.
    """
    # Most runs meet nothing that needs it, and the library takes its time to load.
    from feedpub.collector.yamlevents import read_events

    return read_events(text)

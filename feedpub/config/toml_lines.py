"""Where each key of a TOML text stands, so that a problem can name its line.

`tomllib` checks the text and gives the values but forgets the lines. This walks over the tokens of a text
that `tomllib` has accepted; on any other text it may miss keys, and it raises on none.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

#: The way to a value: keys, and positions in arrays counted from 0.
KeyPath = tuple[str | int, ...]

#: Below this depth values count as the table around them: a path for each of ten thousand nested brackets
#: would take gigabytes.
_DEEPEST = 50

#: Strings come first: a bracket, an equals sign or a "#" inside one means nothing (TOML 1.0, "String").
#: Every form can end in only one place, so that no text makes the expression go back and forth.
_TOKEN = re.compile(
    r'''
      (?P<string>  """ (?: [^"\\] | \\. | "(?!"") )* """ "{0,2}
                 | \'\'\' (?: [^'] | '(?!'') )* \'\'\' '{0,2}
                 | "(?: [^"\\\n] | \\. )*"
                 | '[^'\n]*' )
    | (?P<comment> \#[^\n]* )
    | (?P<newline> \n )
    | (?P<blank>   [^\S\n]+ )
    | (?P<mark>    [][{}=,.] )
    | (?P<bare>    [^][{}=,.\s\#"']+ | ["'] )
    ''',
    re.VERBOSE | re.DOTALL,
)


def locate_keys(text: str) -> dict[KeyPath, int]:
    """Map the path of every table, key and array element to its line, counted from 1. Never raises."""
    locator = _Locator()
    for token in _tokens(text):
        locator.take(token)
    return locator.lines


def line_of(lines: Mapping[KeyPath, int], path: KeyPath) -> int:
    """Give the line of *path*, or of the nearest table around it, or 1."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    line: int


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        if kind not in {"blank", "comment"}:
            yield _Token(kind, match.group(), line)
        line += match.group().count("\n")


@dataclass(slots=True)
class _Bracket:
    """An open array or inline table."""

    path: KeyPath
    index: int | None  #: The position in an array; `None` says inline table.


@dataclass(slots=True)
class _Locator:
    """The state between two tokens. It keeps a stack of its own, so that deep nesting cannot exhaust Python's."""

    lines: dict[KeyPath, int] = field(default_factory=dict)
    arrays: dict[KeyPath, int] = field(default_factory=dict)  #: The last position in each array of tables.
    table: KeyPath = ()
    header: list[_Token] = field(default_factory=list)
    key: list[str] = field(default_factory=list)
    open: list[_Bracket] = field(default_factory=list)
    in_value: bool = False
    value: KeyPath = ()

    def take(self, token: _Token) -> None:
        """Go on by one token."""
        if self.header:
            self._take_header(token)
        elif self.in_value:
            self._take_value(token)
        else:
            self._take_key(token)

    def _take_header(self, token: _Token) -> None:
        if token.kind != "newline":
            self.header.append(token)
            if token.text != "]":
                return
        names = tuple(_name(part) for part in self.header[:_DEEPEST] if part.kind in {"bare", "string"})
        self._enter_table(names, line=self.header[0].line, repeated=_is_repeated(self.header))
        # The second "]" of "[[name]]" then stands where a key would, and says nothing.
        self.header = []

    def _enter_table(self, names: tuple[str, ...], *, line: int, repeated: bool) -> None:
        path: KeyPath = ()
        for name in names[:-1]:
            path = self._into((*path, name))
            self.lines.setdefault(path, line)
        path = (*path, *names[-1:])
        self.lines.setdefault(path, line)
        if repeated:
            self.arrays[path] = self.arrays.get(path, -1) + 1
        self.table = self._into(path)
        self._note(self.table, line)

    def _into(self, path: KeyPath) -> KeyPath:
        """Go from an array of tables to its last table: that is what `[array.key]` means."""
        return (*path, self.arrays[path]) if path in self.arrays else path

    def _take_key(self, token: _Token) -> None:
        if token.text == "[" and not self.open and not self.key:
            self.header = [token]
        elif token.kind in {"bare", "string"}:
            self.key.append(_name(token))
            self._note(self._key_path(), token.line)
        elif token.text == "=":
            self.value, self.in_value, self.key = self._key_path(), True, []
        elif token.text == "}":
            self._close()
        elif token.kind == "newline" and not self.open:
            self.key = []

    def _key_path(self) -> KeyPath:
        start = self.open[-1].path if self.open else self.table
        return (*start, *self.key[:_DEEPEST])[:_DEEPEST]

    def _note(self, path: KeyPath, line: int) -> None:
        self.lines.setdefault(path, line)

    def _take_value(self, token: _Token) -> None:
        if token.text == ",":
            self._next()
        elif token.text in {"]", "}"}:
            self._close()
        elif token.kind == "newline":
            self.in_value = bool(self.open)
        else:
            self._start_value(token)

    def _start_value(self, token: _Token) -> None:
        path = self._value_path()
        self._note(path, token.line)
        if token.text == "[":
            self.open.append(_Bracket(path, 0))
        elif token.text == "{":
            self.open.append(_Bracket(path, None))
            self.in_value, self.key = False, []

    def _value_path(self) -> KeyPath:
        top = self.open[-1] if self.open else None
        return self.value if top is None or top.index is None else (*top.path, top.index)[:_DEEPEST]

    def _next(self) -> None:
        if self.open and self.open[-1].index is not None:
            self.open[-1].index += 1
        elif self.open:
            self.in_value, self.key = False, []

    def _close(self) -> None:
        if self.open:
            self.open.pop()
        self.in_value, self.key = True, []


def _is_repeated(header: list[_Token]) -> bool:
    return len(header) > 1 and header[1].text == "["


def _name(token: _Token) -> str:
    """Read a key: bare as it stands, quoted with its escapes undone."""
    if token.kind != "string":
        return token.text
    try:
        return str(tomllib.loads(f"name = {token.text}")["name"])
    except tomllib.TOMLDecodeError:
        return token.text

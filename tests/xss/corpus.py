"""The corpus: what each line of `vectors/*.txt` stands for, and the places in a page where it is tried."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "vectors"

#: Where a vector is put. The last three open something that the vector may close, or never closes.
CONTEXTS = (
    "{}",
    "<p>前{}后</p>",
    "<table><tr><td>{}",
    "<ul><li>{}</ul>",
    "<a href=/x><b>{}",
    "<svg><desc>{}</desc></svg><p>后",
    '<img src=/x alt="{}">',
    "<p title='{}'>后</p>",
)

_ESCAPE = re.compile(r"\\(?:([nrtf0\\])|x([0-9a-f]{2})|u([0-9a-f]{4}))")
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "0": "\0", "\\": "\\"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """One attack; printed as the file and line where it stands."""

    family: str
    line: int
    html: str

    def __str__(self) -> str:
        return f"{self.family}:{self.line}"


def read_vectors(folder: Path = FOLDER) -> tuple[Vector, ...]:
    """Read every family: one vector a line, in Python's escapes; a line that begins with "# " is a comment."""
    return tuple(vector for file in sorted(folder.glob("*.txt")) for vector in _read_family(file))


def _read_family(file: Path) -> list[Vector]:
    # Not `splitlines`, which would also split at the characters that some vectors are about.
    lines = enumerate(file.read_text("utf-8").split("\n"), start=1)
    wanted = [(number, line) for number, line in lines if line and not line.startswith("# ")]
    return [Vector(family=file.stem, line=number, html=unescape(line)) for number, line in wanted]


def unescape(line: str) -> str:
    r"""Undo `\n \r \t \f \0 \\ \xNN \uNNNN`, which are all the escapes there are."""
    if "\\" in _ESCAPE.sub("", line):
        raise ValueError(f"unknown escape: {line}")
    return _ESCAPE.sub(_character, line)


def _character(escape: re.Match[str]) -> str:
    return _LETTERS[escape[1]] if escape[1] else chr(int(escape[2] or escape[3], 16))


VECTORS = read_vectors()

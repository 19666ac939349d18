"""A folder of articles on disk: which files there are, and what they hold."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from feedpub.errors import ArticleError
from feedpub.model import Rejected

#: In bytes. What is larger is no article, and reading it would cost the others their memory.
LARGEST = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file that the patterns let in."""

    name: str  #: Tells it from all other files of the run: the source's label, and the path below it.
    below: str  #: Its path below the source, in NFC, parts joined by "/".
    path: str


def scan(
    root: Path, *, include: Sequence[str], exclude: Sequence[str] = (), label: str = ""
) -> Iterator[Found | Rejected]:
    """List the files below *root*, in an order that depends on names alone; what is hidden is passed over.

    *label* tells the source from others of the same run. A folder that cannot be listed comes out as a
    `Rejected`, and the others go on.
    """
    wanted, unwanted = _compile(include), _compile(exclude)
    for found in _walk(root):
        if isinstance(found, Rejected):
            yield Rejected(name=label + found.name, reason=found.reason)
        elif wanted.fullmatch(found.below) and not unwanted.fullmatch(found.below):
            yield Found(name=label + found.name, below=found.below, path=found.path)


def read(found: Found) -> bytes:
    """Read a whole file.

    Raises:
        ArticleError: The file is too large, or the system does not let us read it.
    """
    try:
        with open(found.path, "rb", buffering=0) as file:
            if os.fstat(file.fileno()).st_size > LARGEST:
                raise ArticleError(found.name, f"is larger than {LARGEST // 1024 // 1024} MiB")
            return file.read()
    except OSError as error:
        raise ArticleError(found.name, f"cannot be read: {error.strerror}") from error


def _walk(root: Path) -> Iterator[Found | Rejected]:
    """List all files that are not hidden; of symbolic links only those to files of the same source."""
    real_root = os.path.realpath(root)
    folders = [(os.fspath(root), "", "")]
    while folders:
        folder, prefix, below = folders.pop()
        try:
            entries = _list(folder)
        except OSError as error:
            yield Rejected(name=prefix or ".", reason=f"folder cannot be listed: {error.strerror}")
            continue
        taken: set[str] = set()
        for entry in entries:
            readable = _readable(entry.name)
            name = prefix + _distinct(readable, taken)
            if entry.is_dir(follow_symlinks=False):
                folders.append((entry.path, name + "/", below + readable + "/"))
            elif entry.is_file() and _stays_inside(entry, real_root):
                yield Found(name=name, below=below + readable, path=entry.path)


def _list(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as listing:
        return sorted((entry for entry in listing if not entry.name.startswith(".")), key=_raw_name)


def _raw_name(entry: os.DirEntry[str]) -> bytes:
    return os.fsencode(entry.name)


def _distinct(name: str, taken: set[str]) -> str:
    """Give a name that none of the *taken* has, and take it: two names of a folder can be one once readable."""
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name}~{number}"
    taken.add(free)
    return free


def _stays_inside(entry: os.DirEntry[str], real_root: str) -> bool:
    """Tell whether a symbolic link points to a file of the same source; any other could show a stranger's file."""
    if not entry.is_symlink():
        return True
    return os.path.realpath(entry.path).startswith(real_root + os.sep)


def _readable(name: str) -> str:
    """Give a file's name as text; bytes that are no UTF-8 become escapes."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return unicodedata.normalize("NFC", text)


def _compile(patterns: Sequence[str]) -> re.Pattern[str]:
    """Make one expression of all patterns, capitals or not (`A.MD`); with none, it matches nothing."""
    return re.compile("|".join(_translate(pattern) for pattern in patterns) or r"(?!)", re.DOTALL | re.IGNORECASE)


def _translate(pattern: str) -> str:
    """Translate a pattern: `*` and `?` stay within a folder, `**/` stands for any folders or none."""
    words = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    pieces = re.split(r"(\*\*/|\*\*|\*|\?)", unicodedata.normalize("NFC", pattern))
    return "(?:" + "".join(words.get(piece, re.escape(piece)) for piece in pieces) + ")"

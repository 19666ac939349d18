"""A folder of articles on disk: which files there are, and what they hold."""

from __future__ import annotations

import errno
import marshal
import os
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple, TypeAlias

from feedpub.errors import ArticleError
from feedpub.model import Rejected

#: In bytes. What is larger is no article, and reading it would cost the others their memory.
LARGEST = 16 * 1024 * 1024

#: In bytes. What a file that grows while it is read, or comes from afar, is read by.
_MORE = 1024 * 1024

_KIND, _REGULAR, _FOLDER, _LINK = 0o170000, 0o100000, 0o040000, 0o120000

_TO_READ = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC

_FOLDERS_ONLY = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


#: What a file system says of a file without opening it: its size in bytes, when it was written in nanoseconds since
#: 1970, and its number. If this is the same, so is the file.
Stamp: TypeAlias = tuple[int, int, int]

#: That of a file which has to be read in any case.
UNKNOWN: Stamp = (-1, -1, -1)


class Found(NamedTuple):
    """A file that the patterns let in. A tuple, since a hundred thousand of them pass from process to process."""

    name: str  #: Tells it from all other files of the run: the source's label, and the path below it.
    below: str  #: Its path below the source, in NFC, parts joined by "/".
    path: str
    bytes: str = ""  #: Digest of what it held when it was last read.
    follow: bool = False  #: Whether it may be a link that leads out of its source.


class Listed(NamedTuple):
    """A file of a folder, as it was just listed."""

    last: str  #: The last part of its name.
    found: Found
    stamp: Stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder as it was listed, and none of those below it."""

    name: str  #: As its files' names begin: the source's label, and the path below it, with a "/" at its end.
    below: str  #: The path below the source, likewise.
    path: str
    entries: tuple[tuple[str, int, int, int], ...]  #: Of each regular file its raw name and its stamp, by name.
    others: tuple[str, ...]  #: The raw names of the folders in it.
    follow: bool = False  #: Whether links in it may lead anywhere.

    @property
    def signature(self) -> bytes:
        """A digest that is the same while no file in it is another one."""
        # Without references to equal objects, which a later version would write: equal lists give equal bytes.
        return blake2b(marshal.dumps(self.entries, 2), digest_size=16).digest()


class Patterns:
    """Which files are wanted. `*` and `?` stay within a folder, `**/` stands for any folders or none."""

    def __init__(self, *, include: Sequence[str], exclude: Sequence[str] = ()) -> None:
        self._wanted, self._unwanted = _compile(include), _compile(exclude)

    def choose(self, folder: Folder) -> Iterator[Listed]:
        """Give the files of a folder that are wanted."""
        wanted, unwanted = self._wanted.fullmatch, self._unwanted.fullmatch
        names = _readable_names(folder)
        for raw, size, mtime, inode in folder.entries:
            readable, distinct = names.get(raw, (raw, raw))
            below = folder.below + readable
            if wanted(below) and not unwanted(below):
                found = Found(folder.name + distinct, below, f"{folder.path}/{raw}", "", folder.follow)
                yield Listed(distinct, found, (size, mtime, inode))


def walk(root: str | os.PathLike[str], *, label: str = "", follow: bool = False) -> Iterator[Folder | Rejected]:
    """List *root* and all folders below it; what is hidden is passed over, and so is what is no file.

    *label* tells the source from others of the same run. Of symbolic links only those to files of the same source
    count; with *follow*, all do. A folder that cannot be listed comes out as a `Rejected`, and the others go on.
    """
    real_root = os.path.realpath(root)
    seen = {real_root}
    waiting = [(os.fspath(root), label, "")]
    while waiting:
        path, name, below = waiting.pop()
        try:
            folder = _list(path, name, below, real_root=real_root, follow=follow)
        except OSError as error:
            reason = f"folder cannot be listed: {error.strerror}"
            yield Rejected(name=name if below else f"{name}.", reason=reason, passing=True)
            continue
        yield folder
        for raw, readable, distinct in _spell_folders(folder):
            inner = os.path.join(path, raw)
            # Links may lead in circles, and then there is no end to the names.
            if follow and (real := os.path.realpath(inner)) in seen:
                continue
            if follow:
                seen.add(real)
            waiting.append((inner, f"{name}{distinct}/", f"{below}{readable}/"))


def scan(
    root: str | os.PathLike[str],
    *,
    include: Sequence[str],
    exclude: Sequence[str] = (),
    label: str = "",
    follow: bool = False,
) -> Iterator[Found | Rejected]:
    """List the files below *root* that the patterns let in, as `walk` does."""
    patterns = Patterns(include=include, exclude=exclude)
    for folder in walk(root, label=label, follow=follow):
        if isinstance(folder, Rejected):
            yield folder
        else:
            yield from (listed.found for listed in patterns.choose(folder))


def read(found: Found) -> bytes:
    """Read a whole file.

    Raises:
        ArticleError: The file is too large, or the system does not let us read it.
    """
    try:
        # Whoever puts a pipe in the place of a file that was listed would have us wait for ever. Without a file object,
        # whose making takes as long as all else here.
        file = _open(found)
        try:
            return _read_all(file, found.name)
        finally:
            os.close(file)
    except OSError as error:
        raise ArticleError(found.name, f"cannot be read: {error.strerror}", passing=True) from error


def _open(found: Found) -> int:
    try:
        return os.open(found.path, _TO_READ)
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
    # A link, and perhaps another one than was listed.
    root = os.path.realpath(os.path.dirname(found.path) + "/.." * found.below.count("/"))
    if not (found.follow or _stays_inside(found.path, root)):
        raise ArticleError(found.name, "points out of the source", passing=True)
    return os.open(os.path.realpath(found.path), _TO_READ)


def _read_all(file: int, name: str) -> bytes:
    state = os.fstat(file)
    if state.st_mode & _KIND != _REGULAR:
        raise ArticleError(name, "is no file any more", passing=True)
    data = os.read(file, min(state.st_size, LARGEST) + 1)
    while len(data) != state.st_size and (more := os.read(file, _MORE)):
        data += more
        if len(data) > LARGEST:
            break
    if len(data) > LARGEST:
        raise ArticleError(name, f"is larger than {LARGEST // 1024 // 1024} MiB")
    return data


def _list(path: str, name: str, below: str, *, real_root: str, follow: bool) -> Folder:
    files: list[tuple[str, int, int, int]] = []
    folders: list[str] = []
    # Names below an open folder are looked up in it, not from the root on: this is the loop that every run waits for.
    place = os.open(path, _FOLDERS_ONLY)
    try:
        for raw in os.listdir(place):
            if raw[0] == ".":
                continue
            try:
                state = os.stat(raw, dir_fd=place, follow_symlinks=False)
                if state.st_mode & _KIND == _LINK:
                    if not (follow or _stays_inside(os.path.join(path, raw), real_root)):
                        continue
                    state = os.stat(raw, dir_fd=place)
                    if not follow and state.st_mode & _KIND == _FOLDER:
                        continue
            except FileNotFoundError:
                continue
            except OSError:
                # Whoever may list a folder, but not enter it, is told so when reading.
                files.append((raw, *UNKNOWN))
                continue
            kind = state.st_mode & _KIND
            if kind == _REGULAR:
                files.append((raw, state.st_size, state.st_mtime_ns, state.st_ino))
            elif kind == _FOLDER:
                folders.append(raw)
    finally:
        os.close(place)
    entries, others = tuple(sorted(files)), tuple(sorted(folders))
    return Folder(name=name, below=below, path=path, entries=entries, others=others, follow=follow)


def _stays_inside(path: str, real_root: str) -> bool:
    """Tell whether a symbolic link points into the same source; any other could show a stranger's file."""
    return os.path.realpath(path).startswith(real_root + os.sep)


def _spell_folders(folder: Folder) -> list[tuple[str, str, str]]:
    names = _readable_names(folder) if folder.others else {}
    return [(raw, *names.get(raw, (raw, raw))) for raw in folder.others]


def _readable_names(folder: Folder) -> dict[str, tuple[str, str]]:
    """Spell names as text, and tell apart those that are one once readable; nothing where all are plain ASCII."""
    raws = [*(entry[0] for entry in folder.entries), *folder.others]
    if all(map(str.isascii, raws)):
        return {}
    taken: set[str] = set()
    return {raw: (readable := readable_name(raw), _distinct(readable, taken)) for raw in sorted(raws)}


def _distinct(name: str, taken: set[str]) -> str:
    """Give a name that none of the *taken* has, and take it: two names of a folder can be one once readable."""
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name}~{number}"
    taken.add(free)
    return free


def readable_name(name: str) -> str:
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

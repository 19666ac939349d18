"""The output folder: which documents there are, and which of them have to be read to know what they hold."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, TypeAlias

from feedpub.bucket.headers import BEGINNING, tell_type
from feedpub.errors import ConfigError

#: Size in bytes, time of the last change in nanoseconds, inode: other ones once a file was written again.
Stamp: TypeAlias = tuple[int, int, int]

#: What no store's client takes.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

#: In nanoseconds. A file may be written twice within one tick of the file system's clock.
_YOUNG = 2_000_000_000

#: In bytes: of files that are held after they were read, each and all together.
_SMALL, _HELD = 64 * 1024, 32 * 1024 * 1024

#: In bytes. What a file that has grown is read by.
_MORE = 1024 * 1024


class Filed(NamedTuple):
    """A file that was read."""

    stamp: Stamp
    sha256: str
    kind: str  #: Its type, without parameters.
    settled: bool = True  #: Whether another content would mean another stamp.


def scan(out: Path) -> dict[str, Stamp]:
    """List all documents in a folder, by key: regular files, none of them hidden, in an order that stays.

    Raises:
        ConfigError: It cannot be read, or holds a name that no bucket can.
    """
    try:
        return dict(sorted(_walk(os.fspath(out), "")))
    except FileNotFoundError as error:
        raise ConfigError([f'{out}: does not exist; "feedpub build" makes it']) from error
    except OSError as error:
        raise ConfigError([f"{error.filename or out}: cannot be read: {error.strerror}"]) from error


def _walk(folder: str, prefix: str) -> Iterator[tuple[str, Stamp]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(entry.path, f"{prefix}{entry.name}/")
            elif entry.is_file(follow_symlinks=False):
                state = entry.stat(follow_symlinks=False)
                yield _check(prefix + entry.name, folder), (state.st_size, state.st_mtime_ns, state.st_ino)


def _check(key: str, folder: str) -> str:
    path = f"{folder}/{key.rpartition('/')[2]}"
    try:
        key.encode()
    except UnicodeEncodeError as error:
        name = os.fsencode(path).decode("utf-8", "backslashreplace")
        raise ConfigError([f"{name}: its name is not UTF-8, so it can have no address"]) from error
    if _CONTROL.search(key):
        name = _CONTROL.sub(lambda sign: f"\\x{ord(sign[0]):02x}", path)
        raise ConfigError([f"{name}: its name holds a control character, which no store takes; rename it"])
    return key


def sign(stamps: Mapping[str, Stamp]) -> str:
    """Take a digest of what the file system says of a folder."""
    return hashlib.sha256(repr(list(stamps.items())).encode()).hexdigest()


class Bodies:
    """What was read of small files, for who needs it once more a moment later; no more than memory holds with ease."""

    def __init__(self) -> None:
        self._left = _HELD
        self._bodies: dict[str, bytes] = {}

    def hold(self, key: str, body: bytes) -> None:
        """Hold a body, if it is small and there is room."""
        if len(body) <= min(_SMALL, self._left):
            self._left -= len(body)
            self._bodies[key] = body

    def take(self, key: str) -> bytes | None:
        """Give a body away, if it is held."""
        return self._bodies.pop(key, None)


def take_stock(
    out: Path, stamps: Mapping[str, Stamp], *, known: Mapping[str, Filed], now: int, bodies: Bodies | None = None
) -> dict[str, Filed]:
    """Tell what each file holds; only those are read whose stamp is not *known*. *now* is in nanoseconds.

    Raises:
        ConfigError: One cannot be read.
    """
    return {
        key: was
        if (was := known.get(key)) and was.stamp == stamp
        else _file(f"{out}/{key}", key, stamp, now=now, bodies=bodies)
        for key, stamp in stamps.items()
    }


def _file(path: str, key: str, stamp: Stamp, *, now: int, bodies: Bodies | None) -> Filed:
    try:
        body = read_whole(path, stamp[0])
    except OSError as error:
        raise ConfigError([f"{path}: cannot be read: {error.strerror}"]) from error
    settled = is_settled(stamp, now=now) and len(body) == stamp[0]
    if bodies and settled:
        bodies.hold(key, body)
    return Filed(stamp, digest(body), tell_type(key, body[:BEGINNING]), settled)


def read_whole(path: str, size: int) -> bytes:
    """Read a file that most likely has *size* bytes: in a third of the time that it takes with a file object."""
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        body = os.read(file, size + 1)
        while len(body) != size and (more := os.read(file, _MORE)):
            body += more
    finally:
        os.close(file)
    return body


def stamp_of(path: str) -> Stamp | None:
    """Tell what the file system says of a file, if it is there."""
    try:
        state = os.stat(path, follow_symlinks=False)
    except OSError:
        return None
    return state.st_size, state.st_mtime_ns, state.st_ino


def is_settled(stamp: Stamp, *, now: int) -> bool:
    """Tell whether a file that is read *now* would get another stamp if it were written again."""
    return now - stamp[1] > _YOUNG


def digest(body: bytes) -> str:
    """Take the digest that documents are known by."""
    return hashlib.sha256(body).hexdigest()

"""A folder as a store: `file:///srv/feeds`. Every file in it is whole, whenever somebody looks."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from feedpub.bucket import FOLDER
from feedpub.bucket.objects import ABSENT, ObjectsError, Stored, UnchangedError, UnmetError, Verb

#: Files are written here and then renamed: it is on the same file system, and hidden.
_UNFINISHED = f"{FOLDER}/unfinished"

_TRIES = 10

#: In seconds: no file that is being written stays as it is for so long.
_ABANDONED = 600.0

#: A file is where a folder has to be, or the other way round.
_IN_THE_WAY = {errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.ENOTEMPTY}

#: Whoever looks at a file and then writes it holds this one.
_LOCK = f"{FOLDER}/conditions.lock"


class Folder:
    """A folder that holds documents. It is made when the first is written."""

    server = ""
    requests = 0
    enforces: bool | None = True

    def __init__(self, root: Path) -> None:
        """Take *root* as the folder."""
        self._root = root

    def get(self, key: str, *, unless: str = "") -> Stored | None:
        """Give a file, or `None`."""
        with _saying("read", key):
            try:
                body = (self._root / key).read_bytes()
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                return None
        tag = _tag(body)
        if tag == unless:
            raise UnchangedError(key)
        return Stored(body, tag)

    def put(self, key: str, body: bytes, *, headers: Mapping[str, str], only_if: str | None = None) -> str:  # noqa: ARG002
        """Write a file, and give its tag. A folder has no place for headers.

        An empty folder makes way for it. What else is in the way stays: it may belong to others.
        """
        with (
            _saying("write", key, self._root / key),
            self._alone() if only_if is not None else contextlib.nullcontext(),
        ):
            if only_if is not None and self._tag_of(key) != only_if:
                raise UnmetError(key)
            self._write(self._root / key, body)
        return _tag(body)

    def delete(self, keys: Sequence[str]) -> None:
        """Remove files, and the folders that are left empty by it."""
        for key in keys:
            target = self._root / key
            with (
                _saying("delete", key),
                contextlib.suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError),
            ):
                target.unlink()
            for folder in target.relative_to(self._root).parents[:-1]:
                with contextlib.suppress(OSError):
                    (self._root / folder).rmdir()

    def list(self, folder: str) -> list[str]:
        """Name all files below a folder, sorted."""
        with _saying("list", folder):
            start = len(f"{self._root}/")
            walked = os.walk(f"{self._root}/{folder}", onerror=_raise_but_missing)
            return sorted(f"{place[start:]}/{name}" for place, _, names in walked for name in names)

    def tidy(self) -> None:
        """Remove what killed runs left half written."""
        for path in (self._root / _UNFINISHED).glob("*"):
            with contextlib.suppress(OSError):
                # A younger one may be what another publisher is about to put in place: its lock.
                if time.time() - path.stat().st_mtime > _ABANDONED:
                    path.unlink()

    def _tag_of(self, key: str) -> str:
        found = self.get(key)
        return found.tag if found else ABSENT

    def _write(self, target: Path, body: bytes) -> None:
        """Write beside, and rename (rename(2) is atomic)."""
        beside = self._root / _UNFINISHED / secrets.token_hex(8)
        try:
            beside.parent.mkdir(parents=True, exist_ok=True)
            with beside.open("xb") as file:
                file.write(body)
                file.flush()
                # Else a power cut could leave the new name with nothing in it.
                os.fsync(file.fileno())
            _put_in_place(beside, target)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise

    @contextmanager
    def _alone(self) -> Iterator[None]:
        path = self._root / _LOCK
        path.parent.mkdir(parents=True, exist_ok=True)
        number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(number, fcntl.LOCK_EX)
            yield
        finally:
            os.close(number)


def _put_in_place(beside: Path, target: Path) -> None:
    # Whoever deletes the last other file of a folder at this moment takes the folder away with it.
    for _ in range(_TRIES):
        with contextlib.suppress(FileNotFoundError, FileExistsError):
            _replace(beside, target)
            return
    _replace(beside, target)


def _replace(beside: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.replace(beside, target)
    except IsADirectoryError:
        # This works for an empty one only.
        target.rmdir()
        os.replace(beside, target)


def _raise_but_missing(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError | NotADirectoryError):
        raise error


def _tag(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


@contextmanager
def _saying(verb: Verb, key: str, target: Path | None = None) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        obstacle = _find_obstacle(target) if target and error.errno in _IN_THE_WAY else ""
        raise ObjectsError(verb, key, "other", said=obstacle or error.strerror or str(error)) from error


def _find_obstacle(target: Path) -> str:
    """Say what is in the way of a file, and how it goes away; "" where nothing is."""
    advice = "move it away, or publish once with --delete and without this document"
    if target.is_dir():
        return f"{target} is a folder that is not empty; {advice}"
    file = next((each for each in target.parents if os.path.lexists(each) and not each.is_dir()), None)
    return f"{file} is no folder; {advice}" if file else ""

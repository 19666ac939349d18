"""The output folder as a store: every file in it is whole, whenever somebody looks."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from feedpub.errors import PublishError
from feedpub.model import Document
from feedpub.publisher.plan import Stamp

#: Files are written here and then renamed. It is on the same file system, and no file of it is ever served.
_UNFINISHED = ".feedpub-unfinished"


class Directory:
    """A folder that holds documents. Nothing is created before the first `stage`."""

    def __init__(self, root: Path) -> None:
        """Take *root* as the folder."""
        self._root = root
        self._staged: list[str] = []

    def stamp(self, key: str) -> Stamp | None:
        """Say what the file system says of a file, which is another thing once it was written; `None` for no file."""
        try:
            state = os.stat(f"{self._root}/{key}")
        except OSError:
            return None
        return state.st_size, state.st_mtime_ns, state.st_ino

    def get(self, key: str) -> bytes | None:
        """Read a file; `None` where there is none.

        Raises:
            PublishError: It cannot be read.
        """
        try:
            return (self._root / key).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        except OSError as error:
            raise PublishError(f"{error.filename}: cannot be read: {error.strerror}") from error

    def stage(self, document: Document) -> None:
        """Write a file beside its place.

        Raises:
            PublishError: It cannot be written.
        """
        path = self._unfinished(len(self._staged))
        with _saying_what():
            if not self._staged:
                path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(document.body)
        self._staged.append(document.path)

    def commit(self) -> dict[str, Stamp]:
        """See that all that was staged is on the disk, and rename it (rename(2) is atomic); give the stamps.

        All are written before the first is synchronised, and synchronised before the first is renamed: a disk
        does that in one go, and readers see the new set nearly at once.

        Raises:
            PublishError: One of them cannot be written; each that stood there before is whole.
        """
        paths = {self._unfinished(number): self._root / key for number, key in enumerate(self._staged)}
        with _saying_what():
            for path in paths:
                _synchronise(path)
            for path, target in paths.items():
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(path, target)
        done, self._staged = self._staged, []
        return {key: stamp for key in done if (stamp := self.stamp(key))}

    def delete(self, key: str) -> None:
        """Remove a file, and the folders that are left empty by it."""
        target = self._root / key
        with _saying_what():
            target.unlink(missing_ok=True)
        for folder in target.parents:
            if folder == self._root:
                break
            with contextlib.suppress(OSError):
                folder.rmdir()

    @contextlib.contextmanager
    def tidied(self) -> Iterator[None]:
        """Remove what an interrupted run left half written, and what this one leaves."""
        self._tidy()
        try:
            yield
        finally:
            self._tidy()

    def _tidy(self) -> None:
        shutil.rmtree(self._root / _UNFINISHED, ignore_errors=True)
        self._staged = []

    def _unfinished(self, number: int) -> Path:
        return self._root / _UNFINISHED / str(number)


def _synchronise(path: Path) -> None:
    with open(path, "rb") as file:
        os.fsync(file.fileno())


@contextlib.contextmanager
def _saying_what() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise PublishError(f"{error.filename2 or error.filename}: cannot be written: {error.strerror}") from error

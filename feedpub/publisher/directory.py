"""The output folder as a store: every file in it is whole, whenever somebody looks."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

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
        self._disk = _Disk()

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
        with _saying_what(path):
            if not self._staged:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._disk.start()
            path.write_bytes(document.body)
        self._disk.put(path)
        self._staged.append(document.path)

    def commit(self) -> dict[str, Stamp]:
        """See that all that was staged is on the disk, and rename it (rename(2) is atomic); give the stamps.

        Readers see the new set nearly at once.

        Raises:
            PublishError: One of them cannot be written; each that stood there before is whole.
        """
        with _saying_what(self._root):
            self._disk.finish()
            for number, key in enumerate(self._staged):
                target = self._root / key
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(self._unfinished(number), target)
        done, self._staged = self._staged, []
        return {key: stamp for key in done if (stamp := self.stamp(key))}

    def delete(self, key: str) -> None:
        """Remove a file, and the folders that are left empty by it."""
        target = self._root / key
        with _saying_what(target):
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
        with contextlib.suppress(OSError):
            self._disk.finish()
        shutil.rmtree(self._root / _UNFINISHED, ignore_errors=True)
        self._staged = []

    def _unfinished(self, number: int) -> Path:
        return self._root / _UNFINISHED / str(number)


class _Disk:
    """Sees that files are on the disk, beside all else that is done meanwhile: it is nothing but waiting."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[Path | None] = SimpleQueue()
        self._thread: Thread | None = None
        self._error: OSError | None = None

    def start(self) -> None:
        self._thread = Thread(target=self._work, daemon=True)
        self._thread.start()

    def put(self, path: Path) -> None:
        self._waiting.put(path)

    def finish(self) -> None:
        """Wait until all are on the disk.

        Raises:
            OSError: One is not.
        """
        if self._thread:
            self._waiting.put(None)
            self._thread.join()
            self._thread = None
        if error := self._error:
            self._error = None
            raise error

    def _work(self) -> None:
        while path := self._waiting.get():
            try:
                with open(path, "rb") as file:
                    os.fsync(file.fileno())
            except OSError as error:
                error.filename = error.filename or str(path)
                self._error = error


@contextlib.contextmanager
def _saying_what(path: Path) -> Iterator[None]:
    """Name the file that cannot be written; *path*, where the system does not say which."""
    try:
        yield
    except OSError as error:
        named = error.filename2 or error.filename or path
        raise PublishError(f"{named}: cannot be written: {error.strerror}") from error

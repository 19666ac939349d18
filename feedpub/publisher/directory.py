"""The output folder as a store: every file in it is whole, whenever somebody looks."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from feedpub.model import Document

#: Files are written here and then renamed. It is on the same file system, and no file of it is ever served.
_UNFINISHED = ".feedpub-unfinished"


class Directory:
    """A folder that holds documents. Nothing is created before the first `put`."""

    def __init__(self, root: Path) -> None:
        """Take *root* as the folder."""
        self._root = root

    def get(self, key: str) -> bytes | None:
        """Read a file; `None` where there is none."""
        try:
            return (self._root / key).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None

    def put(self, documents: Sequence[Document]) -> None:
        """Write files beside their places, see that they are on the disk, and rename them (rename(2) is atomic).

        All are written before the first is synchronised, and synchronised before the first is renamed: a disk
        does that in one go, and readers see the new set nearly at once.
        """
        unfinished = self._root / _UNFINISHED
        unfinished.mkdir(parents=True, exist_ok=True)
        pairs = [(unfinished / str(number), document) for number, document in enumerate(documents)]
        for path, document in pairs:
            path.write_bytes(document.body)
        for path, _ in pairs:
            _synchronise(path)
        for path, document in pairs:
            target = self._root / document.path
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, target)

    def delete(self, key: str) -> None:
        """Remove a file, and the folders that are left empty by it."""
        target = self._root / key
        target.unlink(missing_ok=True)
        for folder in target.parents:
            if folder == self._root:
                break
            with contextlib.suppress(OSError):
                folder.rmdir()

    def tidy(self) -> None:
        """Remove what an interrupted run left half written."""
        shutil.rmtree(self._root / _UNFINISHED, ignore_errors=True)


def _synchronise(path: Path) -> None:
    with open(path, "rb") as file:
        os.fsync(file.fileno())

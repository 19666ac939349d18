"""The output folder as a store: every file in it is whole, whenever somebody looks."""

from __future__ import annotations

import contextlib
import os
import shutil
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

    def put(self, document: Document) -> None:
        """Write a file beside its place, see that it is on the disk, and rename it (rename(2) is atomic)."""
        target = self._root / document.path
        unfinished = self._root / _UNFINISHED / "document"
        unfinished.parent.mkdir(parents=True, exist_ok=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(unfinished, "wb") as file:
            file.write(document.body)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, target)

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

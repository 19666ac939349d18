"""What was written to the output folder."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

from feedpub.publisher import Written


class Documents:
    """The documents of one site."""

    def __init__(self, base: sqlite3.Connection, site: int) -> None:
        self._base = base
        self._site = site

    def all(self) -> dict[str, Written]:
        """Give all that was written, or was about to be, by its path."""
        rows = self._base.execute("SELECT path, digest, size, mtime, inode FROM document WHERE site = ?", (self._site,))
        return {path: Written(digest, None if size is None else (size, *stamp)) for path, digest, size, *stamp in rows}

    def claim(self, digests: Mapping[str, str]) -> None:
        """Note what is about to be written, or is found to be ours, so that it is never taken for a stranger's."""
        self._base.executemany(
            "INSERT OR REPLACE INTO document (site, path, digest) VALUES (?, ?, ?)",
            [(self._site, path, digest) for path, digest in digests.items()],
        )

    def stamp(self, stamps: Mapping[str, tuple[int, int, int]]) -> None:
        """Note how documents look on the disk, now that they are there."""
        self._base.executemany(
            "UPDATE document SET size = ?, mtime = ?, inode = ? WHERE site = ? AND path = ?",
            [(*stamp, self._site, path) for path, stamp in stamps.items()],
        )

    def doubt(self) -> None:
        """Believe of no document that it stands as it was written."""
        self._base.execute("UPDATE document SET size = NULL WHERE site = ?", (self._site,))

    def forget(self, paths: Iterable[str]) -> None:
        """Note that documents are gone, or are no longer ours."""
        self._base.executemany(
            "DELETE FROM document WHERE site = ? AND path = ?", [(self._site, path) for path in paths]
        )

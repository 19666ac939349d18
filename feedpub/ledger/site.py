"""An open ledger, as one set of sources and one output folder see it; one ledger may serve several.

Nothing is committed but by `commit`, so a run that ends early leaves it as it was.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from feedpub.ledger.documents import Documents
from feedpub.ledger.entries import Entries
from feedpub.ledger.files import Files
from feedpub.ledger.memories import Memories
from feedpub.ledger.opening import Opened, open_base
from feedpub.ledger.schema import drop_indexes, make_indexes
from feedpub.ledger.stories import Stories


class Ledger:
    """An open ledger, as one site sees it."""

    def __init__(self, base: sqlite3.Connection, *, site: int, notices: Sequence[str] = ()) -> None:
        """Take an open *base* of this version, and the number of a *site* in it."""
        self._base = base
        self._site = site
        self._opened = base.total_changes
        self.notices = tuple(notices)  #: What the operator should know of how it was opened.
        self.files = Files(base, site)
        self.memories = Memories(base)
        self.stories = Stories(base, site)
        self.entries = Entries(base, site)
        self.documents = Documents(base, site)

    @property
    def is_blank(self) -> bool:
        """Whether nothing is known of any file or story."""
        query = "SELECT EXISTS (SELECT 1 FROM file) OR EXISTS (SELECT 1 FROM memory)"
        return bool(self._base.execute(query).fetchone() == (0,))

    def state(self, name: str) -> Any:
        """Give one of a site's notes by its name, a column of the table `site`."""
        return self._base.execute(f"SELECT {name} FROM site WHERE id = ?", (self._site,)).fetchone()[0]

    def set_state(self, **notes: object) -> None:
        """Change some of a site's notes."""
        for name, value in notes.items():
            self._base.execute(f"UPDATE site SET {name} = ? WHERE id = ?", (value, self._site))

    @property
    def is_stale(self) -> bool:
        """Whether identities were changed by another site, or brought from elsewhere, since this one's last run."""
        return bool(self.state("stale"))

    def is_settled(self, **notes: object) -> bool:
        """Tell whether these are the site's notes, and it knows all identities."""
        return not self.is_stale and all(self.state(name) == value for name, value in notes.items())

    def settle(self, **notes: object) -> None:
        """Note that this site knows all identities as they are now, and where they changed, that the others do not."""
        self.set_state(stale=0, **notes)
        if self.memories.have_changed:
            self._base.execute("UPDATE site SET stale = 1 WHERE id != ?", (self._site,))

    def drop_indexes(self) -> None:
        """Do without indexes for a while; a run that found no article has made them already."""
        drop_indexes(self._base)

    def make_indexes(self) -> None:
        """Make the indexes, once there is something to index."""
        make_indexes(self._base)

    def commit(self) -> None:
        """Keep all that was changed since the last time."""
        self._base.commit()

    @property
    def has_changed(self) -> bool:
        """Whether anything was changed since the ledger was opened."""
        return self._base.total_changes > self._opened

    def doubt(self) -> None:
        """Believe nothing that was worked out before, so that it is worked out again."""
        self.entries.forget_all()
        self.documents.doubt()


@contextmanager
def open_ledger(path: Path, *, sources: Sequence[Path], out: Path, private: bool = False) -> Iterator[Ledger]:
    """Open the ledger at *path*; *private*, a copy of it that is thrown away.

    A damaged ledger, or one of a newer version, is moved aside, and a new one begun; `Ledger.notices` says so.

    Raises:
        ConfigError: What is there is no ledger, or none can be made there.
    """
    with open_base(path, private=private) as opened:
        yield _as_seen_by(opened, path, sources=sources, out=out)


def _as_seen_by(opened: Opened, path: Path, *, sources: Sequence[Path], out: Path) -> Ledger:
    # Counted from the ledger, so that all can move together.
    names = "\n".join(os.path.relpath(source, path.parent) for source in sources)
    site = _find_site(opened.base, sources=names, out=os.path.relpath(out, path.parent))
    return Ledger(opened.base, site=site, notices=opened.notices)


def _find_site(base: sqlite3.Connection, *, sources: str, out: str) -> int:
    """Give the number of a site, a new one if need be."""
    found = base.execute("SELECT id FROM site WHERE sources = ? AND out = ?", (sources, out)).fetchone()
    if found:
        return int(found[0])
    site = base.execute("INSERT INTO site (sources, out) VALUES (?, ?)", (sources, out)).lastrowid or 0
    _inherit(base, site, sources=sources, out=out)
    return site


def _inherit(base: sqlite3.Connection, site: int, *, sources: str, out: str) -> None:
    """Let a new site have the names of one with the same sources; else all of one with the same output folder."""
    query = "SELECT id FROM site WHERE {} = ? AND id != ? ORDER BY id DESC LIMIT 1"
    same_sources = base.execute(query.format("sources"), (sources, site)).fetchone()
    same_out = base.execute(query.format("out"), (out, site)).fetchone()
    for (old,) in filter(None, (same_sources or same_out,)):
        base.execute("INSERT INTO folder (site, name) SELECT ?, name FROM folder WHERE site = ?", (site, old))
        base.execute(
            "INSERT INTO file (folder, name, story) SELECT new.id, file.name, file.story FROM file"
            " JOIN folder old ON old.id = file.folder AND old.site = ?"
            " JOIN folder new ON new.name = old.name AND new.site = ?",
            (old, site),
        )
    for (old,) in filter(None, (same_out,)):
        base.execute(
            "INSERT INTO story (site, place, told) SELECT ?, place, told FROM story WHERE site = ? AND told NOT NULL",
            (site, old),
        )
        base.execute("UPDATE document SET site = ? WHERE site = ?", (site, old))
        base.execute(
            "INSERT INTO feed (site, key, shown, told) SELECT ?, key, '[]', told FROM feed WHERE site = ?", (site, old)
        )

"""What `feedpub ledger` does: says what the ledger holds, and brings identities out of it and into it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from feedpub import lock
from feedpub.errors import ConfigError, PublishError
from feedpub.ledger.contents import Contents, Remembered, count_contents, find_stories
from feedpub.ledger.exchange import Problem, read_lines
from feedpub.ledger.identities import Merged, find_conflicts, read_identities, write_identities
from feedpub.ledger.lines import write_lines
from feedpub.ledger.opening import Opened, open_base


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What a ledger holds."""

    path: Path
    size: int  #: In bytes.
    version: int
    contents: Contents

    def as_json(self) -> dict[str, object]:
        """Give the object that `--json` prints."""
        held = self.contents
        return {
            "path": str(self.path),
            "size": self.size,
            "version": self.version,
            "stories": held.stories,
            "names": held.names,
            "feeds": held.feeds,
            "sites": [
                {
                    "sources": list(site.sources),
                    "out": site.out,
                    "files": site.files,
                    "stories": site.stories,
                    "told": site.told,
                    "entries": site.entries,
                    "feeds": site.feeds,
                    "documents": site.documents,
                    "last_run": site.last_run and site.last_run.isoformat().replace("+00:00", "Z"),
                }
                for site in held.sites
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of identities that were brought."""

    merged: Merged
    notices: tuple[str, ...]  #: What the operator should know of the ledger.


def survey_ledger(path: Path) -> Holdings:
    """Say what the ledger at *path* holds.

    Raises:
        ConfigError: There is none, or none that can be used.
    """
    with _peek(path) as opened:
        contents = count_contents(opened.base)
        return Holdings(path=path, size=path.stat().st_size, version=opened.version, contents=contents)


def search_ledger(path: Path, word: str) -> list[Remembered]:
    """Find the stories in the ledger whose id, link, file's name or title has a word in it.

    Raises:
        ConfigError: As `survey_ledger` does.
    """
    with _peek(path) as opened:
        return find_stories(opened.base, word)


@contextmanager
def export_ledger(path: Path) -> Iterator[Iterator[bytes]]:
    """Give all identities in the ledger as lines, while it is open.

    Raises:
        ConfigError: As `survey_ledger` does.
    """
    with _peek(path) as opened:
        yield write_lines(read_identities(opened.base))


def export_to_file(path: Path, target: Path) -> None:
    """Write all identities in the ledger to a file, whole or not at all.

    Raises:
        ConfigError: As `survey_ledger` does, or the file is none to write over.
        PublishError: It cannot be written.
    """
    if target.exists() and path.exists() and target.samefile(path):
        raise ConfigError([f"{target}: is the ledger itself"])
    unfinished = target.with_name(f".{target.name}.feedpub-unfinished")
    with export_ledger(path) as lines:
        try:
            with unfinished.open("wb") as file:
                file.writelines(lines)
            os.replace(unfinished, target)
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            raise PublishError(f"{target}: cannot be written: {error.strerror}") from error


def import_lines(path: Path, raw: Iterable[bytes], *, name: str) -> Imported:
    """Put identities into the ledger at *path*, which is made if need be; *name* is what messages call their file.

    An identity that is there already is replaced; all others stay. The next build works everything out anew.

    Raises:
        ConfigError: Something is wrong with the lines, and nothing was changed; or with the ledger.
        LockedError: A run uses it.
    """
    lines, problems = read_lines(raw)
    _refuse(problems, name)
    with lock.hold(lock.path_of(path)), open_base(path, private=False) as opened:
        _refuse(list(find_conflicts(opened.base, lines)), name)
        merged = write_identities(opened.base, (line for _, line in lines))
        opened.base.commit()
    return Imported(merged=merged, notices=opened.notices)


def _refuse(problems: Iterable[Problem], name: str) -> None:
    listed = [f"{name}: line {number}: {why}" for number, why in sorted(problems)]
    if listed:
        raise ConfigError(listed)


@contextmanager
def _peek(path: Path) -> Iterator[Opened]:
    """Open a copy of a ledger, and wait for nobody."""
    if not os.path.lexists(path):
        raise ConfigError([f"{path}: there is no ledger yet; the first build makes one"])
    with open_base(path, private=True) as opened:
        if opened.notices:
            raise ConfigError(opened.notices)
        yield opened

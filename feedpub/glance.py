"""Seeing at a glance that nothing changed: most runs of a cron job end here, before anything is loaded that reads.

A run leaves a note of what it depended on. If all of that is as it was, the next one would do nothing; on the
slightest doubt it is left to find out.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import time
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import feedpub
from feedpub import lock
from feedpub.collector.files import Folder, walk
from feedpub.ledger.opening import is_untouched
from feedpub.ledger.schema import APPLICATION, VERSION
from feedpub.model import Rejected
from feedpub.places import USUAL_LEDGER
from feedpub.report import Articles, Entries, Report, Written

#: What was cleaned before one of these was mended is not clean any more (`sanitiser.made_by`).
_LIBRARIES = ("lxml", "nh3")

_NOTHING = Entries(new=(), updated=(), gone=())


def know(config: Path, *, flags: Sequence[Path | None], environ: Mapping[str, str]) -> str | None:
    """Take a digest of all that a configuration says, with what the command line and the environment add to it.

    `None` where it cannot be read: whoever reads it next says why.
    """
    try:
        text = config.read_bytes()
    except OSError:
        return None
    ours = sorted((name, value) for name, value in environ.items() if name.startswith("FEEDPUB_"))
    libraries = [_stamp(spec.origin) for name in _LIBRARIES if (spec := find_spec(name)) and spec.origin]
    said = (
        feedpub.__version__,
        libraries,
        os.path.abspath(config),
        [flag and os.path.abspath(flag) for flag in flags],
        ours,
    )
    return hashlib.sha256(repr(said).encode("utf-8", "surrogatepass") + text).hexdigest()


def find_ledger(config: Path) -> Path | None:
    """Tell where a configuration keeps its ledger; `None` where it does not say it in a way that is right."""
    try:
        site = tomllib.loads(config.read_text("utf-8")).get("site", {})
        return Path(os.path.abspath(config.parent / site.get("ledger", USUAL_LEDGER)))
    except (OSError, ValueError, AttributeError, TypeError):
        return None


def glance(ledger: Path, known: str, *, now: float) -> Report | None:
    """Report that nothing changed, if that is so; *known* is what the last run's configuration has to be known by.

    *now* is the clock, in seconds since 1970.

    Raises:
        LockedError: Another run uses the ledger.
    """
    started = time.monotonic()
    if not is_untouched(ledger):
        return None
    with lock.hold(lock.path_of(ledger)):
        # Nobody else writes while we hold the lock, so SQLite need not look whether anybody does.
        try:
            with closing(sqlite3.connect(f"{ledger.absolute().as_uri()}?immutable=1", uri=True)) as base:
                # Asked again: until just now somebody else may have been at work.
                note = _compare(base, known, now) if is_untouched(ledger) else None
        except sqlite3.Error:
            return None
    return _report(note, seconds=time.monotonic() - started) if note else None


def write_note(
    known: str, *, sources: Sequence[Sequence[Any]], out: Path, due: int | None, clock: int, report: Report
) -> str:
    """Write what a run leaves for the next one to glance at."""
    quarantined = [(bad.name, bad.reason) for bad in report.articles.quarantined]
    counts = [
        report.articles.seen,
        report.feeds.total,
        report.documents.total,
        report.drafts,
        report.held,
        report.mended,
    ]
    note = (known, sources, str(out), due, clock, counts, quarantined)
    return json.dumps(dict(zip(_NOTE, note, strict=True)), ensure_ascii=False)


_NOTE = ("known", "sources", "out", "due", "clock", "counts", "quarantined")


def _compare(base: sqlite3.Connection, known: str, now: float) -> dict[str, Any] | None:
    """Give the last run's note if everything is as it says."""
    version = base.execute("PRAGMA user_version").fetchone(), base.execute("PRAGMA application_id").fetchone()
    if version != ((VERSION,), (APPLICATION,)):
        return None
    for site, text in base.execute("SELECT id, glance FROM site WHERE glance IS NOT NULL AND NOT stale"):
        note: dict[str, Any] = json.loads(text)
        if note["known"] == known:
            is_same = _is_time(note, now) and _stand(base, site, note["out"]) and _look(base, site, note["sources"])
            return note if is_same else None
    return None


def _is_time(note: Mapping[str, Any], now: float) -> bool:
    return note["clock"] <= now and (note["due"] is None or now < note["due"])


def _stand(base: sqlite3.Connection, site: int, out: str) -> bool:
    """Tell whether all documents stand as they were written."""
    rows = base.execute("SELECT path, size, mtime, inode FROM document WHERE site = ?", (site,))
    return all(_stamp(f"{out}/{path}") == stamp for path, *stamp in rows)


def _stamp(path: str) -> list[int] | None:
    try:
        state = os.stat(path)
    except OSError:
        return None
    return [state.st_size, state.st_mtime_ns, state.st_ino]


def _look(base: sqlite3.Connection, site: int, sources: Sequence[Sequence[Any]]) -> bool:
    """Tell whether all folders look as they did."""
    rows = base.execute("SELECT name, signature FROM folder WHERE site = ? AND signature IS NOT x''", (site,))
    known = dict(rows.fetchall())
    for path, label, follow in sources:
        for folder in walk(path, label=label, follow=follow):
            if not isinstance(folder, Folder) or known.pop(folder.name, None) != folder.signature:
                return False
    return not known


def _report(note: Mapping[str, Any], *, seconds: float) -> Report:
    seen, feeds, documents, drafts, held, mended = note["counts"]
    quarantined = tuple(Rejected(name=name, reason=reason) for name, reason in note["quarantined"])
    return Report(
        articles=Articles(seen=seen, new=0, changed=0, removed=0, quarantined=quarantined),
        feeds=Written(total=feeds, written=0, unchanged=feeds),
        documents=Written(total=documents, written=0, unchanged=documents),
        entries=_NOTHING,
        seconds=seconds,
        by_feed={},
        drafts=drafts,
        held=held,
        mended=mended,
        notes=(),
        edited=(),
    )

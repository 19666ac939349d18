"""Run both sides as whole processes, and see that they did the same work."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

#: What a feed shows, without its name: both sides name folders in their own way.
Titles = tuple[str, ...]

_ATOM = "{http://www.w3.org/2005/Atom}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the programs that run against each other."""

    name: str
    command: tuple[str, ...]
    out: Path
    forget: Path  #: What it keeps between runs, removed so that each run is cold.


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one whole process took."""

    seconds: float
    cpu: float  #: Seconds of user and system time, of all of its processes that it waited for.
    mebibytes: float  #: Peak resident memory of its largest process, not the sum of all.


def run_cold(side: Side) -> Run:
    """Run *side* once with nothing left of the run before.

    Raises: SystemExit where the program fails; its own messages are on standard error.
    """
    for folder in (side.out, side.forget):
        shutil.rmtree(folder, ignore_errors=True)
    begin = time.perf_counter()
    process = subprocess.Popen(side.command)
    # Not process.wait(): only wait4 says what this child used, apart from those before it.
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{side.name} ended with {process.returncode}: {' '.join(side.command)}")
    # Linux counts in KiB, macOS in bytes (getrusage(2)).
    mebibytes = usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return Run(seconds=seconds, cpu=usage.ru_utime + usage.ru_stime, mebibytes=mebibytes)


def run_rounds(sides: Iterable[Side], *, rounds: int) -> dict[str, list[Run]]:
    """Run the *sides* in turn, so that a slow minute of the machine hits them alike."""
    runs: dict[str, list[Run]] = {side.name: [] for side in sides}
    for _ in range(rounds):
        for side in sides:
            runs[side.name].append(run_cold(side))
    return runs


def read_feeds(out: Path) -> list[tuple[str, Titles]]:
    """List all feeds below *out* as their format and their titles, in an order of no meaning.

    Raises: ParseError, ValueError where a feed is not well-formed.
    """
    return sorted((name, read(path)) for name, read in _READERS.items() for path in out.rglob(name) if path.is_file())


def _read_rss(path: Path) -> Titles:
    items = ElementTree.parse(path).iter("item")
    return tuple(item.findtext("title", "") for item in items)


def _read_atom(path: Path) -> Titles:
    entries = ElementTree.parse(path).iter(f"{_ATOM}entry")
    return tuple(entry.findtext(f"{_ATOM}title", "") for entry in entries)


def _read_json(path: Path) -> Titles:
    return tuple(item["title"] for item in json.loads(path.read_bytes())["items"])


_READERS: dict[str, Callable[[Path], Titles]] = {
    "rss.xml": _read_rss,
    "atom.xml": _read_atom,
    "feed.json": _read_json,
}

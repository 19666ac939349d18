"""The memory of a process and all its children together, looked at while they run. Linux only."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: In seconds: often enough to see workers, and too seldom to slow them down.
_INTERVAL = 0.1


@dataclass(slots=True, kw_only=True)
class Peak:
    """The most that was seen so far."""

    mebibytes: float = 0.0


@contextmanager
def watch(pid: int) -> Iterator[Peak]:
    """Follow what the process *pid* and its children use together."""
    peak, ended = Peak(), threading.Event()

    def follow() -> None:
        while not ended.wait(_INTERVAL):
            peak.mebibytes = max(peak.mebibytes, measure(pid))

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        ended.set()
        thread.join()


def measure(pid: int) -> float:
    """Add up the proportional set sizes, in which memory that n processes share counts an nth for each, in MiB.

    A process without children counts nothing: the system knows its peak without being asked all the time, and
    asking costs it time.
    """
    family = _family(pid)
    return sum(_proportional(member) for member in family) / 2**10 if len(family) > 1 else 0.0


def _family(pid: int) -> list[int]:
    family = [pid]
    for member in family:
        for path in Path(f"/proc/{member}/task").glob("*/children"):
            family.extend(int(child) for child in _read(path).split())
    return family


def _proportional(pid: int) -> int:
    """Return the size in KiB, nothing for a process that has just ended."""
    lines = _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _read(path: Path) -> str:
    # Processes end while we look at them.
    try:
        return path.read_text("ascii")
    except OSError:
        return ""

"""Run the sides as whole processes, in turn, scenario by scenario."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from tests.bench.check import check_feeds, check_untouched, read_stamps
from tests.bench.corpus import Corpus, add_articles
from tests.bench.memory import watch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

Scenario = Literal["cold", "nothing-changed", "ten-new"]

#: In the order in which a round goes through them.
SCENARIOS: tuple[Scenario, ...] = get_args(Scenario)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the programs that run against each other."""

    name: str
    command: tuple[str, ...]
    out: Path
    forget: Path  #: What it keeps between runs, removed so that a run is cold.
    #: Does the same and prints what it did, for a side that leaves alone what has not changed.
    report: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one whole process took."""

    seconds: float
    cpu: float  #: Seconds of user and system time, of all of its processes that it waited for.
    largest: float  #: Peak resident memory of its largest process, in MiB.
    together: float  #: Peak memory of all of its processes, in MiB, as far as was seen; never less than the largest.


#: The runs of each scenario and side, one for each round.
Results = dict[tuple[Scenario, str], list[Run]]


def run_rounds(
    corpus: Corpus, sides: Sequence[Side], *, scenarios: Sequence[Scenario], rounds: int, tell: Callable[[str], None]
) -> Results:
    """Run the *sides* in turn, so that a slow minute of the machine hits them alike, and check what they wrote.

    Raises: SystemExit where a side fails, or does other work than the others.
    """
    results: Results = {(scenario, side.name): [] for scenario in scenarios for side in sides}
    if "cold" not in scenarios:
        # The others need something to start from.
        for side in sides:
            run_scenario("cold", side)
    for number in range(rounds):
        for scenario in scenarios:
            if scenario == "ten-new":
                corpus = add_articles(corpus, count=10)
            for side in rotate(sides, by=number):
                done = run_scenario(scenario, side)
                results[scenario, side.name].append(done)
                tell(f"round {number + 1} of {rounds}, {scenario}, {side.name}: {done.seconds:.2f} s")
            check_feeds(sides, corpus)
    return results


def rotate(sides: Sequence[Side], *, by: int) -> list[Side]:
    """Let another side begin: the first one finds the machine in another state than the last one does."""
    start = by % len(sides)
    return [*sides[start:], *sides[:start]]


def run_scenario(scenario: Scenario, side: Side) -> Run:
    """Run *side* once, with nothing left of its runs before if it is to be cold.

    Raises: SystemExit where the program fails, or writes what has not changed.
    """
    if scenario == "cold":
        for folder in (side.out, side.forget):
            shutil.rmtree(folder, ignore_errors=True)
    # What the side before has left for the disk to write is not this one's to wait for.
    os.sync()
    if scenario == "nothing-changed" and side.report:
        before = read_stamps(side.out)
        done = run(side)
        check_untouched(side, before)
        return done
    return run(side)


def run(side: Side) -> Run:
    """Time *side* once.

    Raises: SystemExit where the program fails; its own messages are on standard error.
    """
    # Never hold much in this process: a child's peak starts at that of its parent (Linux, vfork).
    begin = time.perf_counter()
    process = subprocess.Popen(side.command)
    with watch(process.pid) as peak:
        # Not process.wait(): only wait4 says what this child used, apart from those before it.
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{side.name} ended with {process.returncode}: {' '.join(side.command)}")
    # Linux counts in KiB, macOS in bytes (getrusage(2)).
    largest = usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    together = max(largest, peak.mebibytes)
    return Run(seconds=seconds, cpu=usage.ru_utime + usage.ru_stime, largest=largest, together=together)

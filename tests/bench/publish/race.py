"""Run the sides as whole processes, in turn, scenario by scenario."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeVar, get_args

from tests.bench.publish.files import Contents, Files, change_files, read_files

if TYPE_CHECKING:
    from tests.bench.publish.sides import Command, Job, Side
    from tests.servers.proxy import Proxy

Scenario = Literal["first-upload", "nothing-changed", "20-changed"]

#: In the order in which a round goes through them.
SCENARIOS: tuple[Scenario, ...] = get_args(Scenario)

_T = TypeVar("_T")

#: What was measured in each scenario on each side, once for each round.
Results = dict[tuple[Scenario, str], list[_T]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one whole process took."""

    seconds: float
    cpu: float  #: Seconds of user and system time.
    memory: float  #: Peak resident memory, in MiB.

    def __str__(self) -> str:
        return f"{self.seconds:.2f} s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """What one run sent."""

    methods: Counter[str]

    def __str__(self) -> str:
        return f"{self.methods.total()} requests"


class Lane:
    """A side on its way, from one place to the next: each first upload goes where nothing is."""

    def __init__(self, side: Side, job: Job) -> None:
        self.name = side.name
        self.job = job
        self._side = side
        self._begun = 0
        self._command: Command | None = None

    def begin(self) -> None:
        """Choose an empty place in the bucket, and forget what was kept."""
        self._begun += 1
        self.job = replace(self.job, prefix=f"{self.name}-{self._begun}")
        shutil.rmtree(self.job.work, ignore_errors=True)
        self.job.work.mkdir(parents=True)
        self._command = self._side.prepare(self.job)

    @property
    def command(self) -> Command:
        """What uploads to the place that was chosen."""
        assert self._command, "begin comes first"
        return self._command


#: Gives a figure of one run, or stops where the run fails.
Measure = Callable[[Lane], _T]

#: Stops where what the side has uploaded is not what it should be.
Check = Callable[[Lane, Files, Contents], None]


def run_rounds(
    files: Files,
    lanes: Sequence[Lane],
    *,
    scenarios: Sequence[Scenario],
    rounds: int,
    measure: Measure[_T],
    check: Check,
    tell: Callable[[str], None],
) -> tuple[Results[_T], Files]:
    """Run the sides in turn, so that a slow minute of the machine hits them alike, and check what they uploaded.

    Also return the files as they are then. Raises: SystemExit where a side fails, or uploads other bytes.
    """
    results: Results[_T] = {(scenario, lane.name): [] for scenario in scenarios for lane in lanes}
    if "first-upload" not in scenarios:
        # The others need something to start from.
        for lane in lanes:
            lane.begin()
            run(lane)
    for number in range(rounds):
        for scenario in scenarios:
            if scenario == "20-changed":
                files = change_files(files)
            expected = read_files(files.folder)
            for lane in rotate(lanes, by=number):
                if scenario == "first-upload":
                    lane.begin()
                done = measure(lane)
                results[scenario, lane.name].append(done)
                tell(f"round {number + 1} of {rounds}, {scenario}, {lane.name}: {done}")
                check(lane, files, expected)
    return results, files


def rotate(lanes: Sequence[Lane], *, by: int) -> list[Lane]:
    """Let another side begin: the first one finds the machine in another state than the last one does."""
    start = by % len(lanes)
    return [*lanes[start:], *lanes[:start]]


def run(lane: Lane) -> Run:
    """Time a side once.

    Raises: SystemExit where the program fails; its own messages are on standard error.
    """
    # What the side before has left for the disk to write is not this one's to wait for.
    os.sync()
    command = lane.command
    begin = time.perf_counter()
    process = subprocess.Popen(
        command.words, env=command.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    # Not process.wait(): only wait4 says what this child used, apart from those before it.
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{lane.name} ended with {process.returncode}: {' '.join(command.words)}")
    # Linux counts in KiB, macOS in bytes (getrusage(2)).
    memory = usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return Run(seconds=seconds, cpu=usage.ru_utime + usage.ru_stime, memory=memory)


def count(lane: Lane, *, proxy: Proxy) -> Requests:
    """Run a side once, and say what it sent through *proxy*.

    Raises: SystemExit where the program fails.
    """
    proxy.clear()
    run(lane)
    return Requests(methods=Counter(request.method for request in proxy.requests))

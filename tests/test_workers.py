"""Work in batches, here or in worker processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from feedpub.errors import PublishError
from feedpub.workers import WORTH_PROCESSES, Pool, batches, spread

LITTLE, MUCH = range(WORTH_PROCESSES - 1), range(WORTH_PROCESSES + 1)


def double(batch: Sequence[int]) -> list[int]:
    return [2 * number for number in batch]


def die(batch: Sequence[int]) -> list[int]:
    os._exit(9)


def who(batch: Sequence[int]) -> list[int]:
    return [os.getpid()] * len(batch)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("items", [(), LITTLE, MUCH, range(20 * WORTH_PROCESSES)], ids=["no", "little", "much", "lots"])
def test_results_come_with_their_items_and_in_their_order(workers: int, items: Sequence[int]) -> None:
    done: list[int] = []
    with Pool(workers) as pool:
        pairs = list(spread(double, iter(items), pool=pool, advance=done.append))
    assert [item for batch, _ in pairs for item in batch] == list(items)
    assert [result for _, results in pairs for result in results] == double(items)
    assert done == [len(batch) for batch, _ in pairs]


@pytest.mark.parametrize(("size", "sizes"), [(400, [301]), (300, [300, 1]), (200, [200, 101])])
@pytest.mark.parametrize("workers", [1, 2])
def test_batches_are_as_large_as_they_are_asked_for(workers: int, size: int, sizes: list[int]) -> None:
    with Pool(workers) as pool:
        assert [len(batch) for batch, _ in spread(double, MUCH, pool=pool, size=size)] == sizes


@pytest.mark.parametrize(("workers", "items"), [(1, MUCH), (4, LITTLE)])
def test_little_work_starts_no_processes(workers: int, items: Sequence[int]) -> None:
    with Pool(workers) as pool:
        assert pool.executor_for(len(items)) is None
        assert {one for _, ones in spread(who, items, pool=pool) for one in ones} == {os.getpid()}


def test_workers_that_are_there_load_what_they_are_told_to(tmp_path: Path) -> None:
    load = partial(Path.touch, tmp_path / "loaded")
    with Pool(2) as pool:
        pool.prepare(load)
        assert not (tmp_path / "loaded").exists()
        list(spread(double, MUCH, pool=pool))
        pool.prepare(load)
    assert (tmp_path / "loaded").exists()


def test_a_worker_that_dies_while_it_loads_is_said_by_the_next_work() -> None:
    with Pool(2) as pool:
        list(spread(double, MUCH, pool=pool))
        executor = pool.executor_for(len(MUCH))
        pool.prepare(partial(os._exit, 9))
        while not getattr(executor, "_broken", True):
            time.sleep(0.01)
        pool.prepare(partial(os._exit, 9))
        with pytest.raises(PublishError, match="worker process died"):
            list(spread(double, MUCH, pool=pool))


def test_much_work_is_done_by_other_processes_that_stay_for_more() -> None:
    with Pool(2) as pool:
        assert os.getpid() not in {one for _, ones in spread(who, MUCH, pool=pool) for one in ones}
        assert pool.executor_for(len(MUCH)) is pool.executor_for(len(MUCH))


def test_a_worker_that_dies_is_an_error_and_no_riddle() -> None:
    with Pool(2) as pool, pytest.raises(PublishError, match="a worker process died"):
        list(spread(die, MUCH, pool=pool))


_KILLED = """
import os, time
from feedpub.workers import Pool, spread

def wait(batch):
    print(os.getpid(), flush=True)
    time.sleep(60)
    return batch

with Pool(2) as pool:
    list(spread(wait, range(1000), pool=pool))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_workers_do_not_outlive_a_process_that_was_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", _KILLED], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        workers = {int(process.stdout.readline()) for _ in range(2)}
        process.send_signal(signal.SIGKILL)
    until = time.monotonic() + 10
    while any(map(_is_alive, workers)) and time.monotonic() < until:
        time.sleep(0.05)
    assert [pid for pid in workers if _is_alive(pid)] == []


def _is_alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            # What waits for nobody but its next of kin is dead.
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize(
    ("items", "size", "expected"),
    [((), 3, []), ("abc", 3, ["abc"]), ("abcd", 3, ["abc", "d"]), ("ab", 1, ["a", "b"])],
)
def test_a_batch_has_as_many_items_as_there_are(items: Sequence[str], size: int, expected: list[str]) -> None:
    assert ["".join(batch) for batch in batches(items, size)] == expected

"""Work in batches, here or in worker processes."""

from __future__ import annotations

import os
from collections.abc import Sequence

import pytest

from feedpub.errors import PublishError
from feedpub.workers import WORTH_PROCESSES, open_executor, spread


def double(batch: Sequence[int]) -> list[int]:
    return [2 * number for number in batch]


def die(batch: Sequence[int]) -> list[int]:
    os._exit(9)


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_the_order_of_the_items(workers: int) -> None:
    done: list[int] = []
    with open_executor(workers=workers, jobs=WORTH_PROCESSES) as executor:
        results = list(spread(double, range(7), executor=executor, advance=done.append, batch=3))
    assert results == [0, 2, 4, 6, 8, 10, 12]
    assert done == [3, 3, 1]


@pytest.mark.parametrize(("workers", "jobs"), [(1, WORTH_PROCESSES), (4, WORTH_PROCESSES - 1)])
def test_little_work_starts_no_processes(workers: int, jobs: int) -> None:
    with open_executor(workers=workers, jobs=jobs) as executor:
        assert executor is None


def test_a_worker_that_dies_is_an_error_and_no_riddle() -> None:
    with (
        open_executor(workers=2, jobs=WORTH_PROCESSES) as executor,
        pytest.raises(PublishError, match="a worker process died"),
    ):
        list(spread(die, range(7), executor=executor, advance=lambda _done: None))

"""Work that can run side by side: in worker processes where there is much of it, else right here."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

from feedpub.errors import PublishError

#: Below this many articles, starting processes takes longer than they save.
WORTH_PROCESSES = 300

_BATCH = 100

#: In seconds.
_LOOK_AGAIN = 0.5

_In = TypeVar("_In")
_Out = TypeVar("_Out")


@contextmanager
def open_executor(*, workers: int | None, jobs: int) -> Iterator[Executor | None]:
    """Start *workers* processes (as many as there are cores for `None`), or none where *jobs* are few."""
    count = workers or os.cpu_count() or 1
    if count == 1 or jobs < WORTH_PROCESSES:
        yield None
        return
    # Forking shares what is imported already. It is safe here: the command line has no thread by then.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    with ProcessPoolExecutor(
        max_workers=count, mp_context=context, initializer=_leave_with, initargs=(os.getpid(),)
    ) as executor:
        yield executor


def _leave_with(parent: int) -> None:
    """See to it that a worker does not wait for ever for work from a process that was killed."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK_AGAIN)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def spread(
    function: Callable[[Sequence[_In]], Sequence[_Out]],
    items: Iterable[_In],
    *,
    executor: Executor | None,
    advance: Callable[[int], None],
    batch: int = _BATCH,
) -> Iterator[_Out]:
    """Apply *function* to the items batch by batch, and give the results in the order of the items.

    *advance* is told of every batch that is done how many items it had.

    Raises:
        PublishError: A worker died, for want of memory perhaps.
    """
    apply = executor.map if executor else map
    try:
        for results in apply(function, _batches(items, batch)):
            advance(len(results))
            yield from results
    except BrokenProcessPool as error:
        raise PublishError("a worker process died; nothing was written. --workers 1 does without") from error


def _batches(items: Iterable[_In], size: int) -> Iterator[Sequence[_In]]:
    rest = iter(items)
    while batch := tuple(islice(rest, size)):
        yield batch

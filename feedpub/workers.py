"""Work that can run side by side: in worker processes where there is much of it, else right here."""

from __future__ import annotations

import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from itertools import chain, islice
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from feedpub.errors import PublishError

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

#: Below this many articles, starting processes takes longer than they save.
WORTH_PROCESSES = 300

_BATCH = 100

#: Batches that are handed out before the first of them is taken back.
_AHEAD = 16

#: In seconds.
_LOOK_AGAIN = 0.5

_In = TypeVar("_In")
_Out = TypeVar("_Out")


class Pool:
    """Worker processes, started once there is work enough for them. Use it in a `with` statement."""

    def __init__(self, workers: int | None = None) -> None:
        """Have *workers* processes, or as many as there are cores."""
        self._count = workers or os.cpu_count() or 1
        self._stack = ExitStack()
        self._executor: Executor | None = None

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def executor_for(self, jobs: int) -> Executor | None:
        """Give what runs *jobs* side by side; `None` where they are done before processes have started."""
        if self._count == 1 or jobs < WORTH_PROCESSES:
            return None
        if self._executor is None:
            self._executor = self._stack.enter_context(_start(self._count))
        return self._executor

    def prepare(self, load: Callable[[], object]) -> None:
        """Let workers that are there, and have nothing to do yet, load what they will need next."""
        if self._executor is None:
            return
        from concurrent.futures import BrokenExecutor

        # Who gives them work next hears of it.
        with suppress(BrokenExecutor):
            for _ in range(self._count):
                self._executor.submit(load)


def _start(count: int) -> Executor:
    # What starts processes takes its time to load.
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    # Forking shares what is imported already. It is safe here: the command line has no thread by then.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    return ProcessPoolExecutor(max_workers=count, mp_context=context, initializer=_leave_with, initargs=(os.getpid(),))


def _leave_with(parent: int) -> None:
    """See to it that a worker does not wait for ever for work from a process that was killed."""
    import signal
    import threading

    # Ours ends them; what it does when it is told to end is not for them to do as well.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK_AGAIN)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def spread(
    function: Callable[[Sequence[_In]], Sequence[_Out]],
    items: Iterable[_In],
    *,
    pool: Pool,
    size: int = _BATCH,
    advance: Callable[[int], None] = lambda _: None,
) -> Iterator[tuple[Sequence[_In], Sequence[_Out]]]:
    """Apply *function* to the items in batches of that *size*, and give the batches and their results, in order.

    *advance* is told of every batch that is done how many items it had. No more batches are at work, or waiting to
    be taken, than keep the workers busy.

    Raises:
        PublishError: A worker died, for want of memory perhaps.
    """
    rest = iter(items)
    # Nobody knows how many there are before they were asked for.
    first = list(islice(rest, WORTH_PROCESSES))
    executor = pool.executor_for(len(first))
    for batch, results in _apply(function, batches(chain(first, rest), size), executor):
        advance(len(batch))
        yield batch, results


def _apply(
    function: Callable[[Sequence[_In]], Sequence[_Out]], batches: Iterator[Sequence[_In]], executor: Executor | None
) -> Iterator[tuple[Sequence[_In], Sequence[_Out]]]:
    if executor is None:
        for batch in batches:
            yield batch, function(batch)
        return
    from concurrent.futures.process import BrokenProcessPool

    waiting: deque[tuple[Sequence[_In], Future[Sequence[_Out]]]] = deque()
    try:
        for batch in batches:
            waiting.append((batch, executor.submit(function, batch)))
            if len(waiting) > _AHEAD:
                first, future = waiting.popleft()
                yield first, future.result()
        for first, future in waiting:
            yield first, future.result()
    except BrokenProcessPool as error:
        raise PublishError("a worker process died; nothing was written. --workers 1 does without") from error


def batches(items: Iterable[_In], size: int) -> Iterator[Sequence[_In]]:
    """Part items into tuples of *size*, the last of which may be shorter."""
    rest = iter(items)
    while batch := tuple(islice(rest, size)):
        yield batch

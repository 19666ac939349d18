"""Doing what was planned: uploads side by side, but rank by rank, and deletes after all of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from itertools import groupby
from threading import Event

from feedpub.bucket.plan import Step

#: In seconds: how often is looked whether something else has to be done meanwhile.
_BEAT = 0.2


def send_all(
    steps: Iterable[Step],
    send: Callable[[Step], None],
    *,
    threads: int,
    stop: Event,
    beat: Callable[[int], None],
) -> list[BaseException]:
    """Send documents, so many at a time; those of one rank are all there before one of the next is begun.

    Nothing is begun any more once *stop* is set, which a failure does. *beat* is called every now and then with
    how many are done; what it raises ends the work. Answers with what went wrong.
    """
    done = 0
    with ThreadPoolExecutor(threads) as pool:
        for _, rank in groupby(steps, key=lambda step: step.rank):
            waiting = deque(rank)
            size = len(waiting)
            workers = [pool.submit(_work, waiting, send, stop) for _ in range(min(threads, size))]
            try:
                _attend(workers, lambda: beat(done + size - len(waiting)))  # noqa: B023  (called in this round only)
            except BaseException:
                # Else the pool waits for all that is tried again, and the lock is let go of only then.
                stop.set()
                raise
            finally:
                # Whoever still works ends what he has begun.
                waiting.clear()
            if errors := [error for worker in workers if (error := worker.exception())]:
                return errors
            if stop.is_set():
                return []
            done += size
            beat(done)
    return []


def _work(waiting: deque[Step], send: Callable[[Step], None], stop: Event) -> None:
    while not stop.is_set():
        try:
            step = waiting.popleft()
        except IndexError:
            return
        try:
            send(step)
        except BaseException:
            # The others need not try again and again what is in vain now.
            waiting.clear()
            stop.set()
            raise


def _attend(workers: Sequence[Future[None]], beat: Callable[[], None]) -> None:
    while wait(workers, timeout=_BEAT, return_when=FIRST_EXCEPTION).not_done:
        beat()
        if any(worker.done() and worker.exception() for worker in workers):
            break
    wait(workers)

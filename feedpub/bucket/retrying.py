"""Trying again, a little later each time, what may go well the next time."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from feedpub.bucket.objects import PASSING, Objects, ObjectsError, Stored, UnmetError

Result = TypeVar("Result")


def _sleep(seconds: float) -> bool:
    time.sleep(seconds)
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often to try, and how long to wait in between; all times in seconds."""

    retries: int = 6
    first: float = 0.2
    cap: float = 10.0
    total: float = 60.0  #: After this, nothing is tried again.
    sleep: Callable[[float], bool] = _sleep  #: Answers whether to give up instead.
    clock: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random  #: Between 0 and 1: many that were sent away do not come back at once.

    def waits(self) -> Iterator[float]:
        """Say how long to wait before each further try (exponential back-off with full jitter)."""
        for number in range(self.retries):
            yield self.chance() * min(self.cap, self.first * 2**number)

    def keep_trying(self, send: Callable[[], Result], *, failed: Callable[[], None] = lambda: None) -> Result:
        """Send a request until it goes through, or cannot; *failed* hears of every one that will be tried again.

        Raises:
            ObjectsError: It did not go through.
        """
        end = self.clock() + self.total
        for wait in self.waits():
            try:
                return send()
            except ObjectsError as error:
                if error.trouble not in PASSING or self.clock() + wait > end or self.sleep(wait):
                    raise
                failed()
        return send()


class RetryingStore:
    """A store whose requests are tried again. Before every one *before* is called: it may raise, then none is sent."""

    def __init__(self, objects: Objects, policy: RetryPolicy, *, before: Callable[[], None] = lambda: None) -> None:
        self._objects = objects
        self._policy = policy
        self._before = before

    def guarded(self, before: Callable[[], None]) -> RetryingStore:
        """Give the same store, with another look before every request."""
        return RetryingStore(self._objects, self._policy, before=before)

    @property
    def requests(self) -> int:
        """Count the requests that were sent, each try for itself."""
        return self._objects.requests

    @property
    def enforces(self) -> bool | None:
        """Tell whether conditions are kept, where that is known."""
        return self._objects.enforces

    @property
    def server(self) -> str:
        """Tell the server from others."""
        return self._objects.server

    def get(self, key: str, *, unless: str = "") -> Stored | None:
        """Give an object, or `None`."""
        return self._send(lambda: self._objects.get(key, unless=unless))

    def put(self, key: str, body: bytes, *, headers: Mapping[str, str], only_if: str | None = None) -> str:
        """Store an object, and give its tag. Under a condition, no two bodies may be the same."""
        doubts: list[bool] = []
        try:
            return self._send(
                lambda: self._objects.put(key, body, headers=headers, only_if=only_if),
                failed=lambda: doubts.append(True),
            )
        except UnmetError:
            # A request that was never answered may have worked, and then it is our own object that is in the way.
            stored = self.get(key) if doubts else None
            if stored is None or stored.body != body:
                raise
            return stored.tag

    def delete(self, keys: Sequence[str]) -> None:
        """Remove objects."""
        self._send(lambda: self._objects.delete(keys))

    def list(self, folder: str) -> list[str]:
        """Name all objects below a folder."""
        return self._send(lambda: self._objects.list(folder))

    def tidy(self) -> None:
        """Remove what killed runs left half written."""
        self._objects.tidy()

    def _send(self, send: Callable[[], Result], *, failed: Callable[[], None] = lambda: None) -> Result:
        def look_and_send() -> Result:
            self._before()
            return send()

        return self._policy.keep_trying(look_and_send, failed=failed)

"""Messages side by side: a few at a time to each receiver, and all receivers at once.

Each lane is a thread that nobody has to wait for. A receiver can hold one for longer than any time-out says, with a
byte now and then or a name server that is silent; such a lane is left behind, and ends with the process.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from feedpub.notify.messages import Failure, Message, Patience
from feedpub.notify.sending import open_session, send

if TYPE_CHECKING:
    from requests import Session

#: Messages on their way to one receiver at a time.
_LANES = 4

#: In seconds. What a lane may take beyond its time, so that it can say itself what was wrong.
GRACE = 0.5

#: What is said where nothing is known: silence must not pass for success.
_UNSENT = Failure(reason="it was not sent")

#: Numbers of messages, and what became of those that are done.
_Outcomes = dict[int, Failure | None]


def deliver(messages: Sequence[Message], *, patience: Patience) -> tuple[Failure | None, ...]:
    """Send all messages, and say of each why it was not heard; `None` where it was.

    One that nobody heard for want of any answer, or for a fault of the whole receiver, is the last to its address.
    """
    receivers: dict[str, _Receiver] = {}
    for number, message in enumerate(messages):
        receivers.setdefault(message.url, _Receiver()).waiting.append((number, message))
    outcomes: _Outcomes = {}
    with open_session() as session:
        lanes = [_Lane(one, session, patience, outcomes) for one in receivers.values() for _ in range(one.width)]
        for lane in lanes:
            lane.start()
        for lane in lanes:
            lane.await_end()
    unsent = (receivers[message.url].deaf or _UNSENT for message in messages)
    return tuple(outcomes.get(number, failure) for number, failure in enumerate(unsent))


@dataclass(slots=True)
class _Receiver:
    """What is still to be sent to an address."""

    waiting: deque[tuple[int, Message]] = field(default_factory=deque)
    deaf: Failure | None = None  #: Why nothing more is sent.

    @property
    def width(self) -> int:
        return min(_LANES, len(self.waiting))


class _Lane(threading.Thread):
    """Sends a receiver's messages one after the other."""

    def __init__(self, receiver: _Receiver, session: Session, patience: Patience, outcomes: _Outcomes) -> None:
        super().__init__(daemon=True)
        self._receiver = receiver
        self._session = session
        self._patience = patience
        self._outcomes = outcomes
        self._end = time.monotonic() + patience.all
        self._set_out()

    def run(self) -> None:
        while self._receiver.deaf is None:
            try:
                number, message = self._receiver.waiting.popleft()
            except IndexError:
                return
            if time.monotonic() >= self._end:
                self._give_up(Failure(reason=f"there was no time left after {self._patience.all:g} s"))
                return
            self._set_out()
            failure = send(message, session=self._session, patience=self._patience)
            self._outcomes[number] = failure
            if failure and failure.is_general:
                self._give_up(failure)

    def await_end(self) -> None:
        """Wait until all is sent, but not for one message longer than it may take."""
        while self.is_alive():
            left = self._due - time.monotonic()
            if left <= 0:
                self._give_up(Failure(reason=f"no whole answer within {self._patience.each:g} s"))
                return
            self.join(left)

    def _set_out(self) -> None:
        self._due = time.monotonic() + self._patience.each + GRACE

    def _give_up(self, failure: Failure) -> None:
        # The first reason stands for all that was not sent.
        self._receiver.deaf = self._receiver.deaf or failure

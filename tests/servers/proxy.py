"""A proxy between a client and a server: it counts requests, and does on them what a rule says.

Messages pass byte for byte. The `Host` header is the proxy's own address then, so that signatures stay valid:
the client signed for that name, and servers verify with the name they are called by.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import urlsplit

from tests.servers.faults import CutAnswer, CutRequest, Delay, Fault, Refuse, Reset, ResetAfter, Rule, ShiftDate
from tests.servers.wire import ClosedError, Message, Wire

#: Longer than any test waits; a stuck server must not keep the proxy's threads for ever.
_TIMEOUT = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request that came through, and what the client was told."""

    method: str
    path: str  #: With its query, as it was sent.
    status: int | None  #: `None` if the client got no whole answer.
    sent: int  #: Bytes of the request's body.
    fault: Fault | None = None


@dataclass(slots=True, kw_only=True)
class Proxy:
    """A proxy that runs; tests arm it with a rule, and look at what came by."""

    address: str  #: `http://127.0.0.1:…`
    _target: tuple[str, int]
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _requests: list[Request] = field(default_factory=list)
    _rule: Rule | None = None
    _number: int = 0
    _connections: int = 0
    _passages: set[_Passage] = field(default_factory=set)

    @property
    def requests(self) -> tuple[Request, ...]:
        """The requests since the start, or since the last `clear`, in the order in which they were answered."""
        with self._lock:
            return tuple(self._requests)

    @property
    def connections(self) -> int:
        """How many connections clients have opened since the start."""
        with self._lock:
            return self._connections

    def clear(self) -> None:
        """Forget the requests so far."""
        with self._lock:
            self._requests.clear()

    def arm(self, rule: Rule) -> None:
        """Ask a rule about each request from now on; it may be called from many threads, one at a time."""
        with self._lock:
            self._rule, self._number = rule, 0

    def disarm(self) -> None:
        """Let everything through from now on."""
        with self._lock:
            self._rule = None

    def _fault(self, method: str, path: str) -> Fault | None:
        with self._lock:
            if self._rule is None:
                return None
            self._number += 1
            return self._rule(self._number, method, path)

    def _note(self, request: Request) -> None:
        with self._lock:
            self._requests.append(request)

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        passage = _Passage(client=_wire(connection), target=self._target)
        with self._lock:
            self._passages.add(passage)
            self._connections += 1
        try:
            while self._exchange(passage):
                pass
        except ClosedError:
            pass
        finally:
            passage.close()
            with self._lock:
                self._passages.discard(passage)

    def _exchange(self, passage: _Passage) -> bool:
        """Bring a request to its end, and say whether another may follow."""
        request = passage.client.request()
        method, path, *_ = request.words
        fault = self._fault(method, path)
        answer = passage.answer(request, fault)
        told = answer is not None and not isinstance(fault, CutAnswer)
        status = int(answer.words[1]) if answer and told else None
        # Noted first: a client that has its answer may count at once.
        self._note(Request(method=method, path=path, status=status, sent=len(request.body), fault=fault))
        if answer is None:
            passage.client.reset()
        elif not told:
            _cut(passage.client, answer)
        else:
            passage.client.send(answer.head, answer.body)
            return not (request.is_last or answer.is_last or answer.is_endless)
        return False


class _Passage:
    """A client's connection, and the one to the server that belongs to it."""

    def __init__(self, *, client: Wire, target: tuple[str, int]) -> None:
        self.client = client
        self._target = target
        self._server: Wire | None = None

    def answer(self, request: Message, fault: Fault | None) -> Message | None:
        """Give what the client is to hear, if it is to hear anything."""
        match fault:
            case Refuse():
                return Message(*fault.answer())
            case Reset():
                return None
            case Delay(seconds):
                time.sleep(seconds)
        try:
            server = self._connect()
            if isinstance(fault, CutRequest):
                server.send(request.head, request.body[: len(request.body) // 2])
                server.reset()
                return None
            server.send(request.head, request.body)
            answer = server.answer(request.words[0])
        except (ClosedError, OSError):
            return None
        if isinstance(fault, ResetAfter):
            return None
        return _shifted(answer, fault.seconds) if isinstance(fault, ShiftDate) else answer

    def close(self) -> None:
        """Close both connections, and wake what waits on them."""
        for wire in (self.client, self._server):
            if wire:
                with suppress(OSError):
                    wire.socket.shutdown(socket.SHUT_RDWR)
                wire.socket.close()

    def _connect(self) -> Wire:
        if self._server and self._server.is_stale():
            self._server.socket.close()
            self._server = None
        if not self._server:
            self._server = _wire(socket.create_connection(self._target, timeout=_TIMEOUT))
        return self._server


def _wire(connection: socket.socket) -> Wire:
    connection.settimeout(_TIMEOUT)
    return Wire(connection)


def _cut(client: Wire, answer: Message) -> None:
    if answer.body:
        client.send(answer.head, answer.body[: len(answer.body) // 2])
    else:
        client.send(answer.head[: len(answer.head) // 2])
    # A reset may overtake what was sent: the client must see the half, and then an end that comes too early.
    with suppress(OSError):
        client.socket.shutdown(socket.SHUT_WR)


def _shifted(answer: Message, seconds: float) -> Message:
    date = answer.header("date")
    moved = format_datetime(parsedate_to_datetime(date) + timedelta(seconds=seconds), usegmt=True)
    # Another header may hold the same time.
    at = answer.head.lower().index(b"\r\ndate:") + len(b"\r\ndate:")
    return Message(answer.head[:at] + answer.head[at:].replace(date.encode(), moved.encode(), 1), answer.body)


@contextmanager
def proxy_to(endpoint: str) -> Iterator[Proxy]:
    """Run a proxy to the server at *endpoint* until the block ends."""
    target = urlsplit(endpoint)
    assert target.hostname
    assert target.port
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        port = listener.getsockname()[1]
        proxy = Proxy(address=f"http://127.0.0.1:{port}", _target=(target.hostname, target.port))
        thread = threading.Thread(target=proxy._accept, args=(listener,), daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            # Closing alone does not wake a thread that waits in accept or recv.
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)
            with proxy._lock:
                passages = list(proxy._passages)
            for passage in passages:
                passage.close()

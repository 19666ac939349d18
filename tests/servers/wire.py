"""HTTP/1.1 as bytes: just enough to find where a message ends, so that every byte can be passed on as it was."""

from __future__ import annotations

import select
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass

_CHUNK = 1 << 16


class ClosedError(Exception):
    """The other side went away in the middle of a message, or before it."""


@dataclass(frozen=True, slots=True)
class Message:
    """A request or an answer: its head with the blank line, and its body as it was framed."""

    head: bytes
    body: bytes = b""

    @property
    def words(self) -> list[str]:
        """The parts of the first line."""
        return self.head.partition(b"\r\n")[0].decode("latin-1").split(" ", 2)

    def header(self, name: str) -> str:
        """Give the first header of that name; empty if there is none."""
        return _header(self.head, name)

    @property
    def is_endless(self) -> bool:
        """Whether nothing but the connection's end says where the body ends."""
        return bool(self.body) and not self.header("content-length") and not self.header("transfer-encoding")

    @property
    def is_last(self) -> bool:
        """Whether the connection ends after this message."""
        wish = self.header("connection").lower()
        return "close" in wish or (b"HTTP/1.0" in self.head.partition(b"\r\n")[0] and "keep-alive" not in wish)


def _header(head: bytes, name: str) -> str:
    start = head.lower().find(b"\r\n" + name.lower().encode() + b":")
    if start < 0:
        return ""
    start += len(name) + 3
    return head[start : head.index(b"\r\n", start)].decode("latin-1").strip()


class Wire:
    """One end of a connection, with what was read from it and not used yet."""

    def __init__(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = connection
        self._read = bytearray()

    def request(self) -> Message:
        """Read a request.

        Raises:
            ClosedError: None came, or not all of one.
        """
        head = self._until(b"\r\n\r\n")
        if _header(head, "expect").lower() == "100-continue":
            # The client waits for leave to send its body; the proxy wants it in any case.
            self.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        return Message(head, self._body(head, to_the_end=False))

    def answer(self, method: str) -> Message:
        """Read what a server answers to a request of that method.

        Raises:
            ClosedError: None came, or not all of one.
        """
        head = self._until(b"\r\n\r\n")
        status = int(head.split(b" ", 2)[1])
        if status < 200:
            return self.answer(method)
        if method == "HEAD" or status in (204, 304):
            return Message(head)
        return Message(head, self._body(head, to_the_end=True))

    def send(self, *parts: bytes) -> None:
        """Send bytes.

        Raises:
            ClosedError: The other side is gone.
        """
        try:
            self.socket.sendall(b"".join(parts))
        except OSError as error:
            raise ClosedError from error

    def is_stale(self) -> bool:
        """Say whether a quiet connection was closed at the other side."""
        if self.socket.fileno() < 0:
            return True
        # Nothing is due on a quiet connection, so what can be read is its end.
        poll = select.poll()
        poll.register(self.socket, select.POLLIN)
        return bool(poll.poll(0))

    def reset(self) -> None:
        """Close the connection so that the other side gets an error, and not an end."""
        with suppress(OSError):
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def _body(self, head: bytes, *, to_the_end: bool) -> bytes:
        if "chunked" in _header(head, "transfer-encoding").lower():
            return self._chunks()
        length = _header(head, "content-length")
        if length:
            return self._take(int(length))
        return self._rest() if to_the_end else b""

    def _chunks(self) -> bytes:
        body = bytearray()
        while True:
            line = self._until(b"\r\n")
            body += line
            size = int(line.partition(b";")[0], 16)
            if not size:
                break
            body += self._take(size + 2)
        while (line := self._until(b"\r\n")) != b"\r\n":
            body += line
        return bytes(body + line)

    def _rest(self) -> bytes:
        while self._more():
            pass
        return self._take(len(self._read))

    def _until(self, mark: bytes) -> bytes:
        start = 0
        while (found := self._read.find(mark, start)) < 0:
            start = max(0, len(self._read) - len(mark) + 1)
            if not self._more():
                raise ClosedError
        return self._take(found + len(mark))

    def _take(self, count: int) -> bytes:
        while len(self._read) < count:
            if not self._more():
                raise ClosedError
        taken = bytes(self._read[:count])
        del self._read[:count]
        return taken

    def _more(self) -> bool:
        try:
            data = self.socket.recv(_CHUNK)
        except OSError as error:
            raise ClosedError from error
        self._read += data
        return bool(data)

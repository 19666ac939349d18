"""A server on loopback that hears who is told of what, and answers as badly as a test wants."""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import NamedTuple
from urllib.parse import parse_qsl

#: What a server does with a request: answer that status, with headers perhaps, or something worse.
Step = int | tuple[int, dict[str, str]] | str


class Heard(NamedTuple):
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))


class Listener(socketserver.ThreadingTCPServer):
    """A server that does at each path what its script says, step by step; the last step is for ever."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, **script: Sequence[Step]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script = {f"/{name}": list(steps) for name, steps in script.items()}
        self.heard: list[Heard] = []
        self.connections = 0
        self.busy = self.busiest = 0
        self.lock = threading.Lock()
        self.closing = threading.Event()
        self.cut: set[object] = set()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def at(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/{path}"

    def next_step(self, path: str) -> Step:
        steps = self.script.get(path.partition("?")[0], [404])
        return steps.pop(0) if len(steps) > 1 else steps[0]

    def shutdown_request(self, request: object) -> None:
        # Without a farewell, what is closed is reset.
        self.close_request(request) if request in self.cut else super().shutdown_request(request)  # type: ignore[arg-type]

    def close(self) -> None:
        self.closing.set()
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Listener
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        with self.server.lock:
            self.server.connections += 1

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            self.close_connection = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with self.server.lock:
            self.server.heard.append(Heard(self.command, self.path, dict(self.headers), body))
            self.server.busy += 1
            self.server.busiest = max(self.server.busiest, self.server.busy)
            step = self.server.next_step(self.path)
        try:
            self._take(step)
        finally:
            with self.server.lock:
                self.server.busy -= 1

    do_GET = do_POST  # noqa: N815

    def _take(self, step: Step) -> None:
        if isinstance(step, str):
            getattr(self, step)()
            return
        status, headers = step if isinstance(step, tuple) else (step, {})
        body = b"" if status == 204 else b"so be it"
        self._begin(status, {"Content-Length": str(len(body))} | headers)
        self.wfile.write(body)

    def _begin(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def silence(self) -> None:
        self.server.closing.wait(10)
        self.close_connection = True

    def slow(self) -> None:
        self.server.closing.wait(0.1)
        self._take(200)

    def reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.server.cut.add(self.connection)
        self.close_connection = True

    def hang_up(self) -> None:
        self.close_connection = True

    def nonsense(self) -> None:
        self.wfile.write(b"220 mail.example.org ESMTP\r\n")
        self.close_connection = True

    def drip(self) -> None:
        """Begin an answer that comes to no end."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        while not self.server.closing.wait(0.05):
            self.wfile.write(b"x")
        self.close_connection = True

    def torn(self) -> None:
        self._begin(200, {"Content-Length": "100"})
        self.wfile.write(b"the rest is missing")
        self.close_connection = True

    def endless(self) -> None:
        """Answer with a body that comes to no end."""
        self._begin(200, {"Connection": "close"})
        while not self.server.closing.is_set():
            self.wfile.write(b"x" * 10_000)

    def endless_redirect(self) -> None:
        self._begin(307, {"Location": "/new", "Connection": "close"})
        while not self.server.closing.is_set():
            self.wfile.write(b"x" * 10_000)

    def dripping_body(self) -> None:
        self._begin(200, {"Connection": "close"})
        while not self.server.closing.wait(0.05):
            self.wfile.write(b"x" * 10_000)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@contextmanager
def listening(**script: Sequence[Step]) -> Iterator[Listener]:
    """Run a listener; at paths that the script does not name it answers 404."""
    listener = Listener(**script)
    try:
        yield listener
    finally:
        listener.close()

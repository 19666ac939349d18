"""Finds and runs the programs that tests need beside Python."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import NoReturn

import pytest

_ENVIRONMENT = Path(sys.executable).parent

#: Where `pip install` and `npm install --prefix .venv` put programs.
_PLACES = (_ENVIRONMENT, _ENVIRONMENT.parent / "node_modules" / ".bin")

#: Becomes the program, and ends it when the pipe on its input closes: that happens even where the tests are
#: killed and get no time to clean up.
_GUARD = 'exec 3<&0 </dev/null; { read -r _ <&3; kill -KILL $$; } & exec "$@" 3<&-'

#: Seconds until a server must answer.
_START = 30.0


class StartError(Exception):
    """A program did not answer; what it wrote is in the message."""


def missing(program: str, how: str) -> NoReturn:
    """Skip the test, or fail it where nothing may be missing."""
    message = f"{program} is missing: {how}"
    if os.environ.get("FEEDPUB_REQUIRE_SERVERS"):
        pytest.fail(message)
    pytest.skip(message)


def find(program: str, *, how: str) -> str:
    """Say where a program is; without it the test is skipped, or fails."""
    path = os.pathsep.join([*map(str, _PLACES), os.environ.get("PATH", os.defpath)])
    return shutil.which(program, path=path) or missing(program, how)


def free_ports(count: int) -> list[int]:
    """Name ports of loopback that nothing listens on."""
    with ExitStack() as stack:
        # All are held at once, so that none is given twice.
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


@contextmanager
def running(
    command: list[str], *, folder: Path, ready: Callable[[], bool], environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the block ends; it begins when *ready* first says yes.

    Raises:
        StartError: The server ended, or was not ready in time.
    """
    # The operator's own keys and settings have no say in a test.
    clean = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), **(environment or {})}
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["/bin/sh", "-c", _GUARD, "guard", *command],
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=clean,
            start_new_session=True,
        )
    try:
        _wait(process, ready, log)
        yield process
    finally:
        _end(process)


def _wait(process: subprocess.Popen[bytes], ready: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + _START
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(OSError):
            if ready():
                return
        time.sleep(0.05)
    state = "was not ready in time" if process.poll() is None else f"ended with {process.returncode}"
    raise StartError(f"{process.args!r} {state}:\n{log.read_text('utf-8', 'replace')[-4000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    # Nobody wants the data any more, and a polite end takes up to six seconds.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin:
        process.stdin.close()

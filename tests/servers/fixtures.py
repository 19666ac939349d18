"""The servers as fixtures: each is started when a test first asks for it, and ended after the last test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from tests.servers import azurite as azurites
from tests.servers import rclone as rclones
from tests.servers import seaweedfs as seaweeds
from tests.servers.programs import StartError
from tests.servers.storage import S3Server, Server

_Server = TypeVar("_Server", bound=Server)

#: A port may be taken between its choice and its use.
_ATTEMPTS = 3


@contextmanager
def _started(
    serving: Callable[[Path], AbstractContextManager[_Server]], factory: pytest.TempPathFactory, name: str
) -> Iterator[_Server]:
    with ExitStack() as stack:
        for left in reversed(range(_ATTEMPTS)):
            try:
                server = stack.enter_context(serving(factory.mktemp(name)))
                break
            except StartError:
                if not left:
                    raise
        yield server


@pytest.fixture(scope="session")
def seaweedfs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """S3 that enforces conditions."""
    with _started(seaweeds.serving, tmp_path_factory, "seaweedfs") as server:
        yield server


@pytest.fixture(scope="session")
def rclone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """S3 that ignores conditions."""
    with _started(rclones.serving, tmp_path_factory, "rclone") as server:
        yield server


@pytest.fixture(scope="session")
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[azurites.AzureServer]:
    """Azure Blob Storage."""
    with _started(azurites.serving, tmp_path_factory, "azurite") as server:
        yield server


@pytest.fixture(params=["seaweedfs", "rclone", "azurite"])
def server(request: pytest.FixtureRequest) -> Server:
    """Give each server in turn."""
    chosen: Server = request.getfixturevalue(request.param)
    return chosen

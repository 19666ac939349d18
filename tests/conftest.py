"""Options and fixtures that all tests share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from tests.servers.fixtures import azurite, rclone, seaweedfs, server  # noqa: F401  (whoever names them gets them)

# A busy machine, or a module that is loaded at the first call, is no failure.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--bless", action="store_true", help="accept what is written now as the golden files")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, bytes], None]:
    """A check that bytes are those of the golden file of that name; with `--bless` they become it."""
    bless = request.config.getoption("--bless")

    def check(name: str, body: bytes) -> None:
        file = GOLDEN / name
        if bless:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(body)
        assert body.decode() == file.read_text("utf-8"), f"{name} changed; look at it, then --bless"

    return check

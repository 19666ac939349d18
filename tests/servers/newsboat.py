"""newsboat: a feed reader that people use, and that a script can ask."""

from __future__ import annotations

from tests.servers.programs import find


def find_newsboat() -> str:
    """Say where newsboat is; without it the test is skipped, or fails."""
    return find("newsboat", how="install it with the system's package manager")

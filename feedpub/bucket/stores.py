"""Opening a store, whichever it is."""

from __future__ import annotations

from pathlib import Path

from feedpub.bucket.folder import Folder
from feedpub.bucket.objects import Objects
from feedpub.bucket.targets import Target


def open_store(target: Target, *, timeout: float) -> Objects:
    """Open the store at *target*; what it takes beside the address comes from the environment. *timeout* is in seconds.

    Raises:
        ConfigError: Something is missing, or wrong.
    """
    if target.scheme == "file":
        return Folder(Path(target.prefix))
    # Only now: to load it takes longer than all else that is done where nothing changed.
    from feedpub.bucket.cloud import Cloud

    return Cloud(target, timeout=timeout)

"""What is wanted of a run, in terms of this package."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from feedpub.bucket.plan import Limit
from feedpub.bucket.sources import Serving
from feedpub.bucket.targets import Target

#: Beside the ledger, what is remembered of buckets.
_FOLDER = "published"


class Settings(NamedTuple):
    """Where documents come from, where they go, and how."""

    target: Target
    out: Path  #: The output folder.
    url: str  #: Where it is served; ends with "/".
    ledger: Path | None  #: `None` where no disk stays.
    state: Target  #: What is kept there then.
    limit: Limit
    generations: int  #: How many are kept that are not public any more.
    threads: int
    timeout: float  #: Of one request, in seconds.
    retries: int
    serving: Serving


class RunOptions(NamedTuple):
    """What is wanted of one run."""

    delete: bool = False  #: Remove what is not wanted any more.
    force: bool = False  #: Upload what is there already.
    dry_run: bool = False
    rollback: bool = False  #: Publish what was public before.
    known: str = ""  #: What the configuration is known by.
    #: In a dry run: documents that will be written into the output folder, each with its SHA-256; `None` for those that
    #: will go.
    foreseen: Mapping[str, str | None] | None = None


def memory_of(ledger: Path, target: Target) -> Path:
    """Name the folder that holds what is remembered of a bucket: one for each, and for each ledger."""
    text = f"{ledger.name}\n{target.address}".encode("utf-8", "surrogateescape")
    return ledger.parent / _FOLDER / hashlib.sha256(text).hexdigest()[:16]

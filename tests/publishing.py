"""A machine that publishes an output folder, and stores that misbehave."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from feedpub.bucket.folder import Folder
from feedpub.bucket.manifest import KEY, Manifest, read_manifest
from feedpub.bucket.publication import Publication
from feedpub.bucket.retrying import RetryingStore, RetryPolicy
from feedpub.bucket.stores import open_store
from feedpub.bucket.targets import parse_target
from feedpub.bucket.turns import Times
from feedpub.config import Config, load_config
from feedpub.publish import publish

#: As quick as tests want it.
QUICK = Times(lease=0.6, pause=0.02, patience=0.3)

_CONFIG = """
[site]
url = "https://feeds.example.org/"
[[source]]
path = "articles"
[publish]
to = "{to}"
{more}
"""

#: Old enough that its stamp is believed.
_LONG_AGO = 1_700_000_000


@dataclass
class Press:
    """A machine with an output folder, a ledger's folder, and a target."""

    root: Path
    to: str
    environ: Mapping[str, str] = field(default_factory=dict)
    more: str = ""
    times: Times = QUICK

    def __post_init__(self) -> None:
        (self.root / "articles").mkdir(parents=True, exist_ok=True)
        self.out.mkdir(exist_ok=True)

    @property
    def out(self) -> Path:
        return self.root / "dist"

    @property
    def config(self) -> Config:
        file = self.root / "feedpub.toml"
        file.write_text(_CONFIG.format(to=self.to, more=self.more), "utf-8")
        return load_config(file)

    def write(self, key: str, text: str | bytes = "<rss/>", *, young: bool = False) -> Path:
        """Write a document as the build does: a new file in the place of the old one."""
        path = self.out / key
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.root / "beside"
        beside.write_bytes(text if isinstance(text, bytes) else text.encode())
        if not young:
            _TICKS.append(1)
            os.utime(beside, (_LONG_AGO + len(_TICKS), _LONG_AGO + len(_TICKS)))
        os.replace(beside, path)
        return path

    def fill(self, **documents: str) -> Press:
        """Write `a` to `a/rss.xml` and so on."""
        for name, text in documents.items():
            self.write(f"{name}/rss.xml", f"<rss>{text}</rss>")
        return self

    def publish(self, **options: Any) -> Publication:
        with self.environment():
            return publish(self.config, **({"times": self.times} | options))

    @contextmanager
    def environment(self) -> Iterator[None]:
        """Have this machine's environment."""
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.environ.items():
                patch.setenv(name, value)
            yield

    def forget(self) -> None:
        """Be a machine with an empty disk."""
        shutil.rmtree(self.root / ".feedpub", ignore_errors=True)

    @cached_property
    def store(self) -> Any:
        with self.environment():
            return RetryingStore(open_store(parse_target(self.to), timeout=5.0), RetryPolicy())

    @property
    def manifest(self) -> Manifest:
        return read_manifest(self.store.get(KEY).body)

    def public(self) -> dict[str, bytes]:
        """Give all documents that the manifest names, as they are stored."""
        return {key: self.store.get(key).body for key in self.manifest.documents}

    def plan(self, **options: Any) -> dict[str, str]:
        """Say what would be done, and why."""
        return steps(self.publish(dry_run=True, **options))


_TICKS: list[int] = []


def steps(publication: Publication) -> dict[str, str]:
    return {step.key: f"{step.action} {step.reason}" for step in publication.steps}


class Careless(Folder):
    """A folder that ignores conditions, and says nothing of it."""

    enforces = None

    def put(self, key: str, body: bytes, *, headers: Mapping[str, str], only_if: str | None = None) -> str:  # noqa: ARG002
        return super().put(key, body, headers=headers)

"""A small site in a folder, to build and to change between builds."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedpub
from feedpub.report import Report

NOW = datetime(2024, 3, 9, 12, tzinfo=UTC)

_CONFIG = """
[site]
title = "Wire"
url = "https://feeds.example.org/"
timezone = "Asia/Shanghai"
{site}

[[source]]
path = "{source}"
{more}
"""


@contextmanager
def folder_in_memory(otherwise: Path) -> Iterator[Path]:
    """Make a folder where nobody has to wait for a disk; *otherwise* says where, if there is no such place."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else otherwise) as name:
        yield Path(name)


@dataclass(frozen=True)
class SiteFolder:
    """A folder with articles, a configuration, and the feeds that it becomes."""

    root: Path

    @property
    def config(self) -> Path:
        return self.root / "feedpub.toml"

    @property
    def out(self) -> Path:
        return self.root / "dist"

    def configure(self, more: str = "", *, site: str = "", source: str = "articles") -> SiteFolder:
        (self.root / source).mkdir(parents=True, exist_ok=True)
        self.config.write_text(_CONFIG.format(more=more, site=site, source=source), "utf-8")
        return self

    def write(self, name: str, *, body: str = "<p>Words.</p>", **front: Any) -> Path:
        """Write an article. JSON is YAML, so any value of the front matter stands as it is."""
        lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in ({"title": name} | front).items()]
        return self.write_raw(name, "\n".join(["---", *lines, "---", "", body, ""]))

    def write_raw(self, name: str, text: str) -> Path:
        path = self.root / "articles" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def build(self, **options: Any) -> Report:
        return feedpub.build(feedpub.load_config(self.config), **({"now": NOW, "workers": 1} | options))

    def feed(self, folder: str = "") -> dict[str, Any]:
        """Read a feed; the three formats are compared elsewhere."""
        feed: dict[str, Any] = json.loads((self.out / folder / "feed.json").read_bytes())
        return feed

    def items(self, folder: str = "") -> dict[str, dict[str, Any]]:
        return {item["title"]: item for item in self.feed(folder)["items"]}

    def documents(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.out).as_posix(): path.read_bytes()
            for path in sorted(self.out.rglob("*"))
            if path.is_file()
        }

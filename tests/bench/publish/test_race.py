from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import pytest

from tests.bench.publish.files import Contents, Files, make_files
from tests.bench.publish.race import Lane, Run, Scenario, count, run, run_rounds
from tests.bench.publish.sides import Command, Job, Side
from tests.servers.proxy import proxy_to
from tests.servers.storage import S3Server

NOWHERE = S3Server(endpoint="http://127.0.0.1:1", account="", secret="")


def make_lane(folder: Path, code: str = "", *, name: str = "side", files: Path = Path()) -> Lane:
    """Make a side that runs *code* with its place as an argument."""

    def prepare(job: Job) -> Command:
        return Command(words=(sys.executable, "-S", "-c", code, job.prefix), environment={"ONLY": "this"})

    job = Job(files=files, work=folder / name, server=NOWHERE, bucket="bucket")
    return Lane(Side(name=name, prepare=prepare), job)


def begin(folder: Path, code: str) -> Lane:
    lane = make_lane(folder, code)
    lane.begin()
    return lane


def test_a_run_says_how_long_it_took(tmp_path: Path) -> None:
    done = run(begin(tmp_path, "import time; time.sleep(0.3)"))
    assert done.cpu < 0.3 <= done.seconds
    assert done.memory > 0


def test_a_side_that_fails_ends_the_race(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="side ended with 3"):
        run(begin(tmp_path, "raise SystemExit(3)"))


def test_a_side_has_no_variables_but_its_own(tmp_path: Path) -> None:
    run(begin(tmp_path, "import os; assert os.environ.get('ONLY') == 'this' and 'HOME' not in os.environ"))


def test_each_first_upload_goes_elsewhere_and_nothing_is_remembered(tmp_path: Path) -> None:
    lane = begin(tmp_path, "")
    (lane.job.work / "state").touch()
    first = lane.command
    lane.begin()
    assert lane.command != first
    assert not list(lane.job.work.iterdir())


def play(tmp_path: Path, *, scenarios: list[Scenario], rounds: int) -> list[str]:
    """Say in which order two sides did what, and where; the files' version is what was changed."""
    log: list[str] = []
    files = make_files(tmp_path / "files", count=20, size=500)
    versions = []

    def measure(lane: Lane) -> Run:
        log.append(f"{lane.job.prefix}")
        return Run(seconds=1, cpu=1, memory=1)

    def check(lane: Lane, files: Files, expected: Contents) -> None:
        assert len(expected) == 20
        versions.append(files.version)

    lanes = [make_lane(tmp_path, name=name, files=files.folder) for name in "ab"]
    results, files = run_rounds(
        files, lanes, scenarios=scenarios, rounds=rounds, measure=measure, check=check, tell=lambda _: None
    )
    assert {len(runs) for runs in results.values()} == {rounds}
    assert versions[-1] == files.version == rounds * ("20-changed" in scenarios)
    return log


def test_another_side_begins_each_round(tmp_path: Path) -> None:
    assert play(tmp_path, scenarios=["first-upload", "nothing-changed", "20-changed"], rounds=2) == [
        *("a-1", "b-1", "a-1", "b-1", "a-1", "b-1"),
        *("b-2", "a-2", "b-2", "a-2", "b-2", "a-2"),
    ]


def test_without_first_uploads_there_is_one_before_the_rounds(tmp_path: Path) -> None:
    assert play(tmp_path, scenarios=["20-changed"], rounds=3) == ["a-1", "b-1", "b-1", "a-1", "a-1", "b-1"]


def test_requests_are_counted_by_method(tmp_path: Path, seaweedfs: S3Server) -> None:
    with proxy_to(seaweedfs.endpoint) as proxy:
        code = "from urllib.request import urlopen, Request as R\n"
        code += f"for method in ('GET', 'HEAD', 'GET'): urlopen(R('{proxy.address}/healthz', method=method)).read()"
        measure = partial(count, proxy=proxy)
        lane = begin(tmp_path, code)
        measure(lane)
        assert measure(lane).methods == {"GET": 2, "HEAD": 1}

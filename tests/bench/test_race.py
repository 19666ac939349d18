from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.memory import measure
from tests.bench.race import Run, Side, rotate, run

#: Burns processor time, or lets another process do so.
_WORK = "import time\nwhile time.process_time() < 0.5: pass"
_DELEGATE = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {_WORK!r}], check=True)"

#: Starts a process like itself, says so, and lives until its input ends.
_PARENT = "import subprocess, sys; subprocess.Popen(['cat']); print('.', flush=True); sys.stdin.read()"
_LONER = "import sys; print('.', flush=True); sys.stdin.read()"


def make_side(name: str, folder: Path, code: str = "") -> Side:
    return Side(name=name, command=(sys.executable, "-c", code), out=folder / "out", forget=folder / "kept")


def run_code(folder: Path, code: str) -> Run:
    return run(make_side("side", folder, code))


def measure_code(code: str) -> float:
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        return measure(process.pid)


def test_the_work_of_a_sides_workers_is_counted(tmp_path: Path) -> None:
    assert run_code(tmp_path, _DELEGATE).cpu >= 0.5


def test_waiting_is_no_work(tmp_path: Path) -> None:
    done = run_code(tmp_path, "import time; time.sleep(1)")
    assert done.cpu < 1 <= done.seconds


def test_all_processes_together_never_take_less_than_the_largest(tmp_path: Path) -> None:
    done = run_code(tmp_path, "pass")
    assert done.together >= done.largest > 0


def test_a_side_that_fails_ends_the_race(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="side ended with 3"):
        run_code(tmp_path, "raise SystemExit(3)")


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="only Linux tells")
def test_a_process_counts_with_its_children_and_is_not_asked_without() -> None:
    assert measure_code(_PARENT) > 1
    assert measure_code(_LONER) == 0


def test_another_side_begins_each_round(tmp_path: Path) -> None:
    sides = [make_side(name, tmp_path) for name in "abc"]
    turns = ["".join(side.name for side in rotate(sides, by=number)) for number in range(4)]
    assert turns == ["abc", "bca", "cab", "abc"]

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.bench.race import Run, Side, run_cold

if TYPE_CHECKING:
    from pathlib import Path

#: Burns processor time, or lets another process do so.
_WORK = "import time\nwhile time.process_time() < 0.5: pass"
_DELEGATE = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {_WORK!r}], check=True)"


def run(folder: Path, code: str) -> Run:
    side = Side(name="side", command=(sys.executable, "-c", code), out=folder / "out", forget=folder / "kept")
    return run_cold(side)


def test_the_work_of_a_sides_workers_is_counted(tmp_path: Path) -> None:
    assert run(tmp_path, _DELEGATE).cpu >= 0.5


def test_waiting_is_no_work(tmp_path: Path) -> None:
    done = run(tmp_path, "import time; time.sleep(1)")
    assert done.cpu < 1 <= done.seconds

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.publish import __main__ as bench
from tests.bench.publish.sides import find_program, find_sides

SIDES = ["feedpub", "rclone"]


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--files", "19"], "19 is less than 20"),
        (["--files", "20", "20"], "a number is there twice"),
        (["--size", "10"], "10 is less than 500"),
        (["--rounds", "0"], "0 is less than 1"),
        (["--only", "aws"], "invalid choice: 'aws'"),
        (["--scenario", "never"], "invalid choice: 'never'"),
        (["--keep", "."], ". is there already"),
    ],
)
def test_wrong_options_are_named(options: list[str], complaint: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        bench.main(options)
    assert complaint in capsys.readouterr().err


@pytest.mark.skipif(bool(find_sides(SIDES)[1] or not find_program("weed")), reason="pip install -e '.[bucket,servers]'")
def test_a_whole_run_prints_a_table_and_keeps_its_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "kept"
    assert bench.main(["--files", "20", "--size", "500", "--rounds", "1", "--only", *SIDES, "--keep", str(kept)]) == 0
    title, _, *lines = capsys.readouterr().out.splitlines()
    assert title == "20 files of 500 bytes, medians of 1 rounds"
    assert "1 GET, 20 PUT" in lines[1]
    assert "1 GET (at most 1: ok)" in lines[2]
    assert "(at most 22: ok)" in lines[4]
    assert len(lines) == 6
    assert (kept / "20" / "files").is_dir()

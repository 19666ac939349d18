from __future__ import annotations

import json
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.bench.publish.files import CHANGED, change_files, choose, make_body, make_files, name_file, read_files


def test_the_same_options_give_the_same_bytes(tmp_path: Path) -> None:
    one, two = (make_files(tmp_path / name, count=30, size=900) for name in ("one", "two"))
    assert read_files(one.folder) == read_files(two.folder)
    assert read_files(change_files(one).folder) == read_files(change_files(two).folder)


def test_no_two_files_are_the_same_and_all_are_as_long_as_wanted(tmp_path: Path) -> None:
    contents = read_files(make_files(tmp_path / "files", count=31, size=2_000).folder)
    assert len(set(contents.values())) == len(contents) == 31
    assert {content.size for content in contents.values()} == {2_000}


@pytest.mark.parametrize("size", [500, 501, 1_234, 10_000])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_file_is_well_formed_and_of_its_size(number: int, size: int) -> None:
    body = make_body(number, version=7, size=size)
    assert len(body) == size
    if name_file(number).endswith(".json"):
        json.loads(body)
    else:
        ElementTree.fromstring(body)


def test_a_change_rewrites_twenty_files_and_their_size_stays(tmp_path: Path) -> None:
    files = make_files(tmp_path / "files", count=50, size=900)
    before = read_files(files.folder)
    for _ in range(3):
        files = change_files(files)
        after = read_files(files.folder)
        changed = {name for name in before if before[name] != after[name]}
        assert changed == {name_file(number) for number in choose(files)}
        assert len(changed) == CHANGED
        assert {content.size for content in after.values()} == {900}
        assert after.keys() == before.keys()
        before = after


def test_a_file_that_was_linked_elsewhere_stays_what_it_was_there(tmp_path: Path) -> None:
    files = make_files(tmp_path / "files", count=CHANGED, size=900)
    link = tmp_path / "link"
    link.hardlink_to(files.folder / name_file(0))
    before = link.read_bytes()
    change_files(files)
    assert link.read_bytes() == before != (files.folder / name_file(0)).read_bytes()


def test_files_are_too_old_to_change_within_a_tick_of_the_clock(tmp_path: Path) -> None:
    files = change_files(make_files(tmp_path / "files", count=CHANGED, size=900))
    assert all(path.stat().st_mtime < time.time() - 30 for path in files.folder.rglob("*.*"))

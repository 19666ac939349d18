"""Which files of a folder are articles."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from feedpub.collector import files
from feedpub.collector.files import Folder, Found, Patterns, read, scan, walk
from feedpub.errors import ArticleError
from feedpub.model import Rejected

ALL = ("**/*.md", "**/*.markdown", "**/*.html")


def fill(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)


def names(root: Path, *, include: tuple[str, ...] = ALL, exclude: tuple[str, ...] = ()) -> list[str]:
    return [found.name for found in scan(root, include=include, exclude=exclude)]


@pytest.mark.parametrize(
    ("include", "exclude", "expected"),
    [
        (ALL, (), ["a.md", "b.html", "x/c.md", "x/y/d.markdown"]),
        (("*.md",), (), ["a.md"]),
        (("x/**",), (), ["x/c.md", "x/e.txt", "x/y/d.markdown"]),
        (("**/?.md",), ("x/**",), ["a.md"]),
        (ALL, ("**/*.md",), ["b.html", "x/y/d.markdown"]),
        (("[ab].md",), (), []),
        ((), (), []),
    ],
)
def test_patterns_say_what_an_article_is(
    tmp_path: Path, include: tuple[str, ...], exclude: tuple[str, ...], expected: list[str]
) -> None:
    fill(tmp_path, "a.md", "b.html", "x/c.md", "x/e.txt", "x/y/d.markdown", ".hidden.md", ".git/f.md")
    assert sorted(names(tmp_path, include=include, exclude=exclude)) == expected


def test_names_are_the_same_on_every_system(tmp_path: Path) -> None:
    fill(tmp_path, "Cafe\u0301.md")
    assert names(tmp_path) == ["Caf\u00e9.md"]


def test_names_that_come_to_the_same_stay_apart(tmp_path: Path) -> None:
    # In the order of their bytes, and whatever the order in which they were made.
    fill(tmp_path, "\u00e9.md", "e\u0301.md", "\u00e9.md~2", "\u00e9/a.md", "e\u0301/a.md", r"\xff.md")
    (tmp_path / os.fsdecode(b"\xff.md")).write_text("bytes")
    found = [found for found in scan(tmp_path, include=("**",), label="b/") if isinstance(found, Found)]
    assert {file.name: (file.below, os.path.relpath(file.path, tmp_path)) for file in found} == {
        "b/\u00e9.md": ("\u00e9.md", "e\u0301.md"),
        "b/\u00e9.md~2": ("\u00e9.md", "\u00e9.md"),
        "b/\u00e9.md~2~2": ("\u00e9.md~2", "\u00e9.md~2"),
        "b/\u00e9/a.md": ("\u00e9/a.md", "e\u0301/a.md"),
        "b/\u00e9~2/a.md": ("\u00e9/a.md", "\u00e9/a.md"),
        r"b/\xff.md": (r"\xff.md", r"\xff.md"),
        r"b/\xff.md~2": (r"\xff.md", os.fsdecode(b"\xff.md")),
    }


def test_patterns_take_capitals_for_small_letters(tmp_path: Path) -> None:
    fill(tmp_path, "A.MD", "b.Html", "Drafts/c.md")
    assert names(tmp_path, exclude=("drafts/**",)) == ["A.MD", "b.Html"]


def test_a_name_that_is_no_text_can_be_shown_and_read(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"gbk-\xd0\xc2.md")).write_text("words")
    (found,) = scan(tmp_path, include=ALL)
    assert isinstance(found, Found)
    assert found.name == r"gbk-\xd0\xc2.md"
    assert read(found) == b"words"


def test_links_are_followed_only_within_the_source(tmp_path: Path) -> None:
    fill(tmp_path, "source/real.md", "stranger.md")
    source = tmp_path / "source"
    (source / "inside.md").symlink_to("real.md")
    (source / "outside.md").symlink_to(tmp_path / "stranger.md")
    (source / "nowhere.md").symlink_to("missing")
    (source / "loop").symlink_to(source)
    assert names(source) == ["inside.md", "real.md"]


def test_what_is_no_file_is_no_article(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "folder.md").mkdir()
    assert names(tmp_path) == []


def test_folders_may_be_nested_deeper_than_python_recurses(tmp_path: Path) -> None:
    folders = [f"{tmp_path}" + "/d" * depth for depth in range(1, 1500)]
    for folder in folders:
        os.mkdir(folder)
    with open(f"{folders[-1]}/a.md", "w") as file:
        file.write("words")
    try:
        assert len(names(tmp_path)) == 1
    finally:
        # What clears up after tests recurses.
        os.unlink(f"{folders[-1]}/a.md")
        for folder in reversed(folders):
            os.rmdir(folder)


def test_a_folder_that_cannot_be_listed_is_rejected_with_its_name(tmp_path: Path) -> None:
    assert [
        found for found in scan(tmp_path / "missing", include=ALL, label="b@2/") if isinstance(found, Rejected)
    ] == [Rejected(name="b@2/.", reason="folder cannot be listed: No such file or directory", passing=True)]


def test_a_file_that_vanished_or_is_too_large_is_an_article_error(tmp_path: Path) -> None:
    fill(tmp_path, "a.md", "large.md")
    with open(tmp_path / "large.md", "r+b") as file:
        file.truncate(files.LARGEST + 1)
    gone, large = scan(tmp_path, include=ALL)
    assert isinstance(gone, Found)
    assert isinstance(large, Found)
    (tmp_path / "a.md").unlink()
    with pytest.raises(ArticleError, match=r"a\.md: cannot be read: No such file"):
        read(gone)
    with pytest.raises(ArticleError, match="larger than 16 MiB"):
        read(large)


def sign(root: Path) -> dict[str, bytes]:
    return {folder.name: folder.signature for folder in walk(root) if isinstance(folder, Folder)}


def test_a_folder_is_signed_by_its_own_files_and_not_by_those_below(tmp_path: Path) -> None:
    fill(tmp_path, "a.md", "x/b.md", "x/y/c.md")
    before = sign(tmp_path)
    assert set(before) == {"", "x/", "x/y/"}
    assert sign(tmp_path) == before
    fill(tmp_path, "x/new.md")
    assert {name for name, signature in sign(tmp_path).items() if signature != before[name]} == {"x/"}


def _touch(folder: Path) -> None:
    os.utime(folder / "a.md", ns=(1, 1))


def _replace(folder: Path) -> None:
    """Put another file of the same size and date in the place of one."""
    state = (folder / "a.md").stat()
    (folder / "other").write_text("A.MD")
    os.utime(folder / "other", ns=(state.st_atime_ns, state.st_mtime_ns))
    os.replace(folder / "other", folder / "a.md")


def _exchange(folder: Path) -> None:
    os.rename(folder / "a.md", folder / "aside")
    os.rename(folder / "b.md", folder / "a.md")
    os.rename(folder / "aside", folder / "b.md")


@pytest.mark.parametrize(
    "change",
    [
        _touch,
        _replace,
        _exchange,
        lambda folder: (folder / "a.md").write_text("longer words"),
        lambda folder: os.rename(folder / "a.md", folder / "c.md"),
        lambda folder: (folder / "a.md").unlink(),
        lambda folder: (folder / "c.txt").write_text("no article"),
    ],
    ids=["touch", "replace", "exchange", "write", "rename", "delete", "add"],
)
def test_whatever_happens_to_a_file_changes_the_signature(tmp_path: Path, change: Callable[[Path], object]) -> None:
    fill(tmp_path, "a.md", "b.md")
    for name in ("a.md", "b.md"):
        os.utime(tmp_path / name, ns=(0, 0))
    before = sign(tmp_path)
    change(tmp_path)
    assert sign(tmp_path) != before


def test_files_are_listed_with_what_tells_whether_they_changed(tmp_path: Path) -> None:
    fill(tmp_path, "x/a.md", "x/b.txt")
    (folder,) = (folder for folder in walk(tmp_path, label="s/") if isinstance(folder, Folder) and folder.entries)
    (listed,) = Patterns(include=ALL).choose(folder)
    state = (tmp_path / "x/a.md").stat()
    assert listed.found == Found("s/x/a.md", "x/a.md", str(tmp_path / "x/a.md"))
    assert (listed.last, listed.stamp) == ("a.md", (state.st_size, state.st_mtime_ns, state.st_ino))

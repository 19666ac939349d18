"""Whatever disks, files and other processes do: a message that says where and what, and nothing is lost."""

from __future__ import annotations

import ctypes
import errno
import json
import os
import resource
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import feedpub
from feedpub import cli, run
from feedpub.publisher import Directory
from tests.sites import NOW, SiteFolder, folder_in_memory

LATER = NOW + timedelta(hours=1)

#: Of modification, in seconds since 1970: long before any run.
OLD = int(NOW.timestamp())


#: Bugs that are known.


@pytest.fixture(autouse=True)
def _no_test_hangs() -> Iterator[None]:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError("the test hangs")

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(90)
    yield
    signal.alarm(0)


@pytest.fixture
def tmp_path(tmp_path: Path) -> Iterator[Path]:
    with folder_in_memory(tmp_path) as folder:
        yield folder


@pytest.fixture
def site(tmp_path: Path) -> SiteFolder:
    return make_site(tmp_path / "site")


def make_site(root: Path) -> SiteFolder:
    """Make a site of some articles that were written long ago."""
    site = SiteFolder(root).configure()
    for number in range(6):
        body = f"<p>Story {number} of some.</p>"
        site.write(f"x/{number}.md", date=f"2024-03-0{number + 1}", categories=["A", f"C{number % 2}"], body=body)
    site.write("a.md", categories=["A"], body="<p>That of which it is about.</p>")
    age(site)
    return site


def age(site: SiteFolder, seconds: int = OLD) -> None:
    for path in (site.root / "articles").rglob("*.md"):
        if path.is_file() and not path.is_symlink():
            os.utime(path, (seconds, seconds))


def command(site: SiteFolder, *more: str) -> int:
    """Run the command line, in this process."""
    return cli.main(["build", "-c", str(site.config), "--now", LATER.isoformat(), "--workers", "1", *more])


def looks(folder: Path) -> dict[str, tuple[int, int]]:
    states = {str(path): path.stat() for path in sorted(folder.rglob("*"))}
    return {path: (state.st_ino, state.st_mtime_ns) for path, state in states.items()}


def check_versions(site: SiteFolder, old: dict[str, bytes], new: dict[str, bytes]) -> None:
    """See that every document is that of before or that of after, and that no other file is there."""
    now = site.documents()
    assert [path for path, body in now.items() if body not in (old.get(path), new.get(path))] == []
    assert [path for path in old.keys() & new.keys() if path not in now] == []


@contextmanager
def as_everybody() -> Iterator[None]:
    """Be bound by permissions, also as root."""
    effective, permitted = rights()
    if not effective & _OVERRIDE:
        yield
        return
    set_rights(effective & ~_OVERRIDE, permitted)
    try:
        yield
    finally:
        set_rights(effective, permitted)


#: CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH.
_OVERRIDE = 0b110

_CAPABILITIES = (ctypes.c_uint32 * 2)(0x20080522, 0)


def rights() -> tuple[int, int]:
    """Give the effective and the permitted capabilities of this process, the first 32 of them."""
    sets = (ctypes.c_uint32 * 6)()
    if sys.platform != "linux" or ctypes.CDLL(None).capget(_CAPABILITIES, sets):
        return 0, 0
    return sets[0], sets[1]


def set_rights(effective: int, permitted: int) -> None:
    sets = (ctypes.c_uint32 * 6)()
    libc = ctypes.CDLL(None)
    libc.capget(_CAPABILITIES, sets)
    sets[0], sets[1] = effective, permitted
    if libc.capset(_CAPABILITIES, sets):
        pytest.skip("root's rights cannot be laid down here")


@contextmanager
def little_memory() -> Iterator[None]:
    """Let nobody take more than another half gibibyte."""
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    limits = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (used + 2**29, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, limits)


@contextmanager
def mode_of(path: Path, mode: int) -> Iterator[None]:
    before = stat.S_IMODE(path.stat().st_mode)
    path.chmod(mode)
    try:
        with as_everybody():
            yield
    finally:
        path.chmod(before)


# --- Disks.


@contextmanager
def small_disk(folder: Path) -> Iterator[Callable[[str], None]]:
    """Have *folder* on a disk of its own, and give what resizes it."""
    folder.mkdir(parents=True)

    def mount(options: str) -> None:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True)
        if done.returncode:
            pytest.skip("nothing may be mounted here")

    if not shutil.which("mount"):
        pytest.skip("nothing can be mounted here")
    mount("size=1m")
    try:
        yield lambda size: mount(f"remount,size={size}")
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Fill a disk to the last byte."""
    path = folder / "ballast"
    with open(path, "wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * 4096)
    return path


def test_a_full_disk_for_the_feeds_is_said_and_loses_nothing(
    site: SiteFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    twin = make_site(tmp_path / "twin")
    with small_disk(site.out):
        for each in (site, twin):
            each.build()
            each.write("new.md", body="<p>" + "More words. " * 4000, categories=["New"])
        old = site.documents()
        twin.build(now=LATER)
        new = twin.documents()
        ballast = fill(site.out)
        assert command(site) == 3
        said = capsys.readouterr().err
        assert "No space left on device" in said
        assert str(site.out) in said
        ballast.unlink()
        assert site.documents() == old
        assert command(site) == 0
        assert site.documents() == new


def test_a_full_disk_for_the_ledger_is_said_and_loses_nothing(
    site: SiteFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    twin = make_site(tmp_path / "twin")
    with small_disk(site.root / ".feedpub"):
        for each in (site, twin):
            each.build()
            each.write("new.md", body="<p>" + "More words. " * 4000, categories=["New"])
        old = site.documents()
        twin.build(now=LATER)
        new = twin.documents()
        ballast = fill(site.root / ".feedpub")
        assert command(site) in (2, 3)
        said = capsys.readouterr().err
        assert "ledger.sqlite3: " in said
        assert "full" in said or "No space left on device" in said or "disk I/O error" in said
        ballast.unlink()
        check_versions(site, old, new)
        assert command(site) == 0
        assert site.documents() == new
        assert sorted(os.listdir(site.root / ".feedpub")) == ["ledger.sqlite3", "ledger.sqlite3.lock"]


def failing(function: Callable[..., Any], at: int, code: int) -> Callable[..., Any]:
    """Make a function of the system fail at the n-th call, as it does without a name where it has a file's number."""
    calls = 0

    def fail(*args: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == at:
            raise OSError(code, os.strerror(code))
        return function(*args, **options)

    return fail


@pytest.mark.parametrize("at", range(1, 30, 4))
@pytest.mark.parametrize(
    ("place", "name", "code"),
    [(Path, "write_bytes", errno.ENOSPC), (os, "fsync", errno.EIO), (os, "replace", errno.EDQUOT)],
)
def test_whichever_write_fails_is_named_and_the_next_run_makes_up_for_it(
    site: SiteFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: Any, name: str, code: int, at: int
) -> None:
    twin = make_site(tmp_path / "twin")
    for each in (site, twin):
        each.build()
        each.write("new.md", categories=["A", "C1", "New"])
        (each.root / "articles/x/0.md").unlink()
    old = site.documents()
    expected = twin.build(now=LATER)
    with monkeypatch.context() as patch, suppress(feedpub.PublishError):
        patch.setattr(place, name, failing(getattr(place, name), at, code))
        site.build(now=LATER)
        # There was no call of that number.
        assert at > 20
        return
    check_versions(site, old, twin.documents())
    assert not (site.out / ".feedpub-unfinished").exists()
    report = site.build(now=LATER)
    assert site.documents() == twin.documents()
    assert report.entries == expected.entries


@pytest.mark.parametrize(
    ("name", "code"),
    [("write_bytes", errno.ENOSPC), ("fsync", errno.EIO)],
)
def test_what_cannot_be_written_is_named_where_the_system_does_not(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch, name: str, code: int
) -> None:
    place: Any = Path if name == "write_bytes" else os
    monkeypatch.setattr(place, name, failing(getattr(place, name), 1, code))
    with pytest.raises(feedpub.PublishError) as caught:
        site.build()
    assert str(site.out) in str(caught.value)
    assert os.strerror(code) in str(caught.value)


@pytest.mark.parametrize("pages", range(20, 60, 8))
def test_a_ledger_that_cannot_grow_is_said_and_loses_nothing(
    site: SiteFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pages: int
) -> None:
    twin = make_site(tmp_path / "twin")
    for each in (site, twin):
        each.build()
        for number in range(20):
            each.write(f"new/{number}.md", body=f"<p>{number} " + "More words. " * 400, categories=["New"])
    old = site.documents()
    expected = twin.build(now=LATER)

    def connect(*args: Any, **options: Any) -> sqlite3.Connection:
        base = sqlite3.Connection(*args, **options)
        base.execute(f"PRAGMA max_page_count = {pages}")
        return base

    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", connect)
        with pytest.raises(feedpub.FeedpubError, match=r"ledger\.sqlite3: .*full"):
            site.build(now=LATER)
    assert site.documents() == old
    report = site.build(now=LATER)
    assert site.documents() == twin.documents()
    assert report.entries == expected.entries


def test_an_output_folder_that_is_read_only_is_said(site: SiteFolder, capsys: pytest.CaptureFixture[str]) -> None:
    site.build()
    old = site.documents()
    site.write("new.md", categories=["A"])
    with mode_of(site.out, 0o555):
        assert command(site) == 3
    assert f"{site.out}/.feedpub-unfinished: cannot be written: Permission denied" in capsys.readouterr().err
    assert site.documents() == old
    assert command(site) == 0
    assert "new.md" in site.items()


def test_a_folder_of_a_feed_that_is_read_only_is_said(site: SiteFolder, capsys: pytest.CaptureFixture[str]) -> None:
    site.build()
    site.write("new.md", categories=["A"])
    with mode_of(site.out / "a", 0o555):
        assert command(site) == 3
    assert f"{site.out}/a/rss.xml: cannot be written: Permission denied" in capsys.readouterr().err
    assert command(site) == 0
    assert "new.md" in site.items("a")


def test_a_read_only_output_folder_is_no_fault_where_there_is_nothing_to_write(site: SiteFolder) -> None:
    site.build()
    with mode_of(site.out, 0o555):
        assert command(site) == 0
        assert command(site) == 0


def test_a_ledger_in_a_read_only_folder_is_said(site: SiteFolder, capsys: pytest.CaptureFixture[str]) -> None:
    site.build()
    old = site.documents()
    site.write("new.md", categories=["A"])
    with mode_of(site.root / ".feedpub", 0o555):
        assert command(site) == 2
    assert ".feedpub/ledger.sqlite3" in capsys.readouterr().err
    assert site.documents() == old
    assert command(site) == 0
    assert "new.md" in site.items()


def test_a_read_only_ledger_is_said(site: SiteFolder, capsys: pytest.CaptureFixture[str]) -> None:
    site.build()
    old = site.documents()
    site.write("new.md", categories=["A"])
    with mode_of(site.root / ".feedpub/ledger.sqlite3", 0o444):
        assert command(site) == 2
    assert ".feedpub/ledger.sqlite3" in capsys.readouterr().err
    assert site.documents() == old
    assert command(site) == 0


def test_a_dry_run_needs_to_write_nowhere(site: SiteFolder) -> None:
    site.build()
    site.write("new.md", categories=["A"])

    def look() -> int:
        effective, permitted = rights()
        # access(2) is not content with root's doing without for a while.
        set_rights(effective & ~_OVERRIDE, permitted & ~_OVERRIDE)
        return len(site.build(dry_run=True).entries.new)

    (site.root / ".feedpub").chmod(0o555)
    try:
        assert code_of(fork(look)) == 1
    finally:
        (site.root / ".feedpub").chmod(0o755)


# --- Articles that change while they are read.


def vanish(path: Path) -> None:
    path.unlink()


def edit(path: Path) -> None:
    path.write_text("---\ntitle: Another\ncategories: [C1]\n---\nOther words.")


def cut(path: Path) -> None:
    path.write_bytes(b"")


def become_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "inner.md").write_text("---\ntitle: Inner\ndate: 2024-03-03\n---\nInner words.")


def become_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def become_pipe_with_writer(path: Path) -> None:
    become_pipe(path)
    # Whoever reads it does not come to its end, but has nothing to read either.
    os.open(path, os.O_RDWR | os.O_NONBLOCK)


def become_stranger(path: Path) -> None:
    path.unlink()
    secret = path.parent.parent / "secret.md"
    secret.write_text("---\ntitle: Secret\n---\nNot for the public.")
    path.symlink_to(secret)


def become_device(path: Path) -> None:
    path.unlink()
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 5))  # /dev/zero, which never ends
    except PermissionError:
        pytest.skip("devices cannot be made here")


DEEDS = (vanish, edit, cut, become_folder, become_pipe, become_stranger)


@contextmanager
def disturbed(stage: str, deed: Callable[[], object], undo: Callable[[], object] = lambda: None) -> Iterator[None]:
    """Do something before a stage of the pipeline begins, and undo it after that."""
    inner = getattr(run, stage)

    def wrapped(*args: Any, **options: Any) -> Any:
        deed()
        result = inner(*args, **options)
        undo()
        return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, stage, wrapped)
        yield


@pytest.mark.parametrize("is_new", [False, True])
@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("stage", ["read_news", "tell_stories", "assemble", "_write"])
def test_an_article_that_changes_during_a_run_is_taken_as_it_is_by_the_next(
    tmp_path: Path, stage: str, deed: Callable[[Path], None], is_new: bool
) -> None:
    twin, site = make_site(tmp_path / "twin"), make_site(tmp_path / "site")
    name = "new.md" if is_new else "a.md"
    for each in (twin, site):
        each.build()
        each.write(name, title="Edited", body="<p>Edited, to begin with.</p>", categories=["New"])
    with disturbed(stage, lambda: deed(site.root / "articles" / name)):
        report = site.build(now=LATER)
    assert {bad.name for bad in report.articles.quarantined} <= {name}
    assert "Secret" not in site.items()
    assert len(site.items()) >= 6
    # What is read in the middle of a run is as if it had been there before it; what is not, as if it came after it.
    if stage != "read_news":
        twin.build(now=LATER)
    deed(twin.root / "articles" / name)
    if stage == "read_news":
        twin.build(now=LATER)
    for each in (twin, site):
        each.build(now=LATER + timedelta(hours=1))
    assert site.documents() == twin.documents()
    assert site.build(now=LATER + timedelta(hours=1)).documents.written == 0


@pytest.mark.parametrize("is_new", [False, True])
@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("stage", ["read_news", "tell_stories", "assemble"])
def test_an_article_that_is_another_one_but_for_a_moment_is_not_lost(
    tmp_path: Path, stage: str, deed: Callable[[Path], None], is_new: bool
) -> None:
    twin, site = make_site(tmp_path / "twin"), make_site(tmp_path / "site")
    path = site.root / "articles" / ("new.md" if is_new else "a.md")
    aside = site.root / "aside"
    for each in (twin, site):
        each.build()
        each.write(path.name, title="Edited", body="<p>Edited.</p>", categories=["New"], date="2024-03-05")

    def put_aside() -> None:
        path.rename(aside)
        path.write_text("")
        deed(path)

    def put_back() -> None:
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        aside.rename(path)

    with disturbed(stage, put_aside, put_back):
        site.build(now=LATER)
    site.build(now=LATER)
    twin.build(now=LATER)
    if (stage, deed) != ("read_news", edit):
        assert site.documents() == twin.documents()
    assert site.items("new").keys() == {"Edited"}


@pytest.mark.parametrize("deed", [become_pipe_with_writer, become_device])
def test_what_takes_an_articles_place_and_never_ends_is_not_waited_for(
    site: SiteFolder, deed: Callable[[Path], None]
) -> None:
    site.build()
    site.write("a.md", body="<p>Edited.</p>")
    with disturbed("read_news", lambda: deed(site.root / "articles/a.md")), little_memory():
        report = site.build(now=LATER)
    assert [bad.name for bad in report.articles.quarantined] == ["a.md"]
    assert len(site.items()) == 7


# --- Articles that are none, and folders that are closed.


def test_what_is_no_file_is_passed_over(site: SiteFolder, tmp_path: Path) -> None:
    site.build()
    old = site.documents()
    articles = site.root / "articles"
    os.mkfifo(articles / "pipe.md")
    (articles / "loop").symlink_to("loop")
    (articles / "loop.md").symlink_to("loop.md")
    (articles / "round").symlink_to(".")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/secret.md").write_text("---\ntitle: Secret\n---\nNot for the public.")
    (articles / "elsewhere").symlink_to(tmp_path / "elsewhere")
    (articles / "elsewhere.md").symlink_to(tmp_path / "elsewhere/secret.md")
    (articles / "folder.md").mkdir()
    with suppress(PermissionError):
        os.mknod(articles / "device.md", stat.S_IFCHR | 0o666, os.makedev(1, 5))
    with socket.socket(socket.AF_UNIX) as door:
        here = os.open(articles, os.O_RDONLY)
        door.bind(f"/proc/self/fd/{here}/door.md")
        os.close(here)
        report = site.build(now=LATER)
    assert [(bad.name, bad.reason) for bad in report.articles.quarantined] == [
        ("loop.md", "cannot be read: Too many levels of symbolic links")
    ]
    assert site.documents() == old


@pytest.mark.parametrize("deed", [become_folder, become_pipe, become_stranger, become_device])
def test_an_article_that_is_no_file_any_more_is_gone(site: SiteFolder, deed: Callable[[Path], None]) -> None:
    site.build()
    id_ = site.items()["a.md"]["id"]
    deed(site.root / "articles/a.md")
    report = site.build(now=LATER)
    assert report.entries.gone == (id_,)
    assert report.articles.quarantined == ()
    assert "Secret" not in site.items()


def test_names_that_are_no_text_have_one_entry_each_for_ever(site: SiteFolder) -> None:
    paths = [site.root / "articles" / os.fsdecode(name) for name in (b"\xd0\xc2.md", b"\xff/\xfe.md")]
    for number, path in enumerate(paths):
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"---\ntitle: Raw {number}\n---\nWords of {number}.")
    age(site)
    site.build()
    ids = {title: item["id"] for title, item in site.items().items()}
    assert {"Raw 0", "Raw 1"} < set(ids)
    assert site.build(now=LATER).documents.written == 0
    paths[0].write_text("---\ntitle: Raw 0\n---\nOther words.")
    report = site.build(now=LATER)
    assert report.entries.updated == (ids["Raw 0"],)
    assert report.entries.new == report.entries.gone == ()


def test_a_file_that_may_not_be_read_stays_as_it_was_and_comes_back(
    site: SiteFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    site.build()
    path = site.write("a.md", title="Edited", body="<p>Edited.</p>", categories=["A"])
    os.utime(path, (OLD, OLD + 60))
    with mode_of(path, 0):
        for _ in range(2):
            assert command(site) == 1
            assert "a.md: cannot be read: Permission denied" in capsys.readouterr().err
            assert "a.md" in site.items()
    # What allows it again does not change the time of the file.
    assert command(site) == 0
    assert "Edited" in site.items()
    assert "a.md" not in site.items()


def test_a_new_file_that_may_not_be_read_comes_when_it_may(site: SiteFolder) -> None:
    site.build()
    path = site.write("new.md")
    os.utime(path, (OLD, OLD))
    with mode_of(path, 0):
        assert command(site) == 1
        assert "new.md" not in site.items()
    assert command(site) == 0
    assert "new.md" in site.items()


@pytest.mark.parametrize(
    ("mode", "reason"),
    [(0o000, "folder cannot be listed"), (0o444, "cannot be read")],
)
def test_the_articles_of_a_closed_folder_stay_and_come_back(
    site: SiteFolder, capsys: pytest.CaptureFixture[str], mode: int, reason: str
) -> None:
    site.build()
    old = site.documents()
    folder = site.root / "articles/x"
    with mode_of(folder, mode):
        for _ in range(2):
            assert command(site) == 1
            assert f"{reason}: Permission denied" in capsys.readouterr().err
            assert site.documents() == old
    # Being let in again leaves no trace on a folder.
    assert command(site) == 0
    with mode_of(folder, mode):
        # What has to do with them goes on.
        site.write("new.md", categories=["A", "C0"])
        assert command(site) == 1
        assert set(site.items("a/c0")) == {"new.md", "x/0.md", "x/2.md", "x/4.md"}
    (folder / "0.md").unlink()
    assert command(site) == 0
    assert set(site.items("a/c0")) == {"new.md", "x/2.md", "x/4.md"}


def test_articles_of_a_closed_folder_stay_whatever_has_to_be_made_anew(site: SiteFolder) -> None:
    site.build()
    titles = set(site.items())
    site.configure('[feeds]\nlimit = 20\ntags = true\n[sanitiser.stocks]\ntarget = "sina"')
    (site.out / "a/rss.xml").unlink()
    with mode_of(site.root / "articles/x", 0):
        assert command(site) == 1
        assert set(site.items()) == titles
        assert command(site, "--fresh") == 1
        assert set(site.items()) == titles
    assert command(site) == 0
    assert set(site.items()) == titles


def test_a_closed_source_costs_no_article(site: SiteFolder, capsys: pytest.CaptureFixture[str]) -> None:
    site.build()
    old = site.documents()
    with mode_of(site.root / "articles", 0):
        assert command(site) == 1
    assert "folder cannot be listed: Permission denied" in capsys.readouterr().err
    assert site.documents() == old
    assert command(site) == 0


@pytest.mark.parametrize("what", ["x", ""])
def test_a_folder_that_vanishes_empties_no_feed(
    site: SiteFolder, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    site.build()
    before = looks(site.out)
    folder = site.root / "articles" / what
    folder.rename(site.root / "aside")
    folder.mkdir(exist_ok=True)
    if what:
        folder.rmdir()
    assert command(site) == 4
    assert "articles would vanish" in capsys.readouterr().err
    assert looks(site.out) == before
    folder.rmdir() if not what else None
    (site.root / "aside").rename(folder)
    assert command(site) == 0
    assert looks(site.out) == before


def test_a_source_that_is_not_there_empties_no_feed(site: SiteFolder, capsys: pytest.CaptureFixture[str]) -> None:
    site.build()
    before = looks(site.out)
    (site.root / "articles").rename(site.root / "aside")
    assert command(site) in (1, 2)
    assert "articles" in capsys.readouterr().err
    assert looks(site.out) == before
    (site.root / "aside").rename(site.root / "articles")
    assert command(site) == 0
    assert looks(site.out) == before


def test_a_folder_of_many_files_is_listed_in_no_time(site: SiteFolder) -> None:
    folder = site.root / "articles/many"
    folder.mkdir()
    for number in range(20_000):
        os.close(os.open(f"{folder}/{number}.txt", os.O_CREAT | os.O_WRONLY))
    for number in range(0, 20_000, 100):
        (folder / f"{number}.md").write_text(f"---\ntitle: Number {number}\n---\nWords of {number}.\n")
    age(site)
    site.build()
    assert len(site.items()) == 50
    started = time.process_time()
    report = site.build(now=LATER)
    assert (report.articles.seen, report.documents.written) == (207, 0)
    assert time.process_time() - started < 2


def test_articles_may_lie_in_the_output_folder_as_long_as_it_is_not_read(tmp_path: Path) -> None:
    site = SiteFolder(tmp_path).configure(source="dist/articles")
    article = site.out / "articles/a.md"
    article.write_text("---\ntitle: A\ncategories: [B]\n---\nWords.")
    site.build()
    article.write_text("---\ntitle: A\ncategories: [C]\n---\nWords.")
    site.build(now=LATER)
    assert article.is_file()
    assert sorted(path.name for path in site.out.iterdir() if path.is_dir()) == ["articles", "c"]


@pytest.mark.parametrize("out", ["articles", "articles/dist"])
def test_an_output_folder_that_would_be_read_is_refused(
    site: SiteFolder, capsys: pytest.CaptureFixture[str], out: str
) -> None:
    before = looks(site.root)
    assert command(site, "--out", str(site.root / out)) == 2
    assert "lies inside a folder of articles" in capsys.readouterr().err
    assert looks(site.root) == before


# --- Two runs at once.


def end_with(parent: int) -> None:
    """Have this process end when its parent does."""

    def look(_signal: int, _frame: FrameType | None) -> None:
        if os.getppid() != parent:
            os._exit(71)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, 0.5, 0.5)


def fork(task: Callable[[], int]) -> int:
    """Have a child do something, and give its number; its exit code is what the task gives."""
    parent = os.getpid()
    child = os.fork()
    if not child:
        # Whoever waits for a test that failed would wait for ever.
        end_with(parent)
        code = 70
        try:
            sys.settrace(None)
            code = task()
        finally:
            os._exit(code)
    return child


def code_of(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_of_runs_at_the_same_time_one_writes_and_the_others_leave(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = run._write

    def alone(*args: Any) -> None:
        os.mkdir(site.root / "writing")
        inner(*args)
        time.sleep(0.01)
        os.rmdir(site.root / "writing")

    monkeypatch.setattr(run, "_write", alone)
    site.build()
    ended = []
    for number in range(12):
        site.write("a.md", body=f"<p>Words of time {number}.</p>")
        ready, go = os.pipe()

        def race(ready: int = ready) -> int:
            os.read(ready, 1)
            return command(site)

        children = [fork(race) for _ in range(4)]
        os.write(go, b"-" * len(children))
        codes = sorted(map(code_of, children))
        assert set(codes) <= {0, 75}
        assert codes[0] == 0
        assert f"Words of time {number}." in site.items()["a.md"]["content_html"]
        ended += codes
        os.close(ready)
        os.close(go)
    assert 75 in ended


@pytest.mark.parametrize("stage", ["look_for_news", "assemble", "commit"])
@pytest.mark.parametrize("is_first", [True, False])
def test_who_looks_beside_a_run_that_writes_sees_what_was_before(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch, stage: str, is_first: bool
) -> None:
    if not is_first:
        site.build()
    site.write("new.md", categories=["A"])
    old = site.documents()
    here, there = os.pipe()
    started, says = os.pipe()
    place: Any = Directory if stage == "commit" else run
    inner = getattr(place, stage)

    def paused(*args: Any, **options: Any) -> Any:
        os.write(says, b"!")
        os.read(here, 1)
        return inner(*args, **options)

    with monkeypatch.context() as patch:
        patch.setattr(place, stage, paused)
        child = fork(lambda: command(site))
    os.read(started, 1)
    report = site.build(now=LATER, dry_run=True)
    with pytest.raises(feedpub.LockedError, match=r"ledger\.sqlite3\.lock"):
        site.build(now=LATER)
    assert command(site) == 75
    assert site.documents().keys() - old.keys() <= {key for key in site.documents() if key.startswith(".")}
    os.write(there, b"!")
    assert code_of(child) == 0
    # A run that has stored what it is about to show looks like one that was killed then.
    assert (len(report.entries.new) == (8 if is_first else 1)) or stage == "commit"
    assert site.build(now=LATER).documents.written == 0
    assert sorted(os.listdir(site.root / ".feedpub")) == ["ledger.sqlite3", "ledger.sqlite3.lock"]
    for number in (here, there, started, says):
        os.close(number)


def test_a_lock_of_a_dead_process_is_none(site: SiteFolder) -> None:
    def take() -> int:
        from feedpub import lock

        with lock.hold(site.root / ".feedpub/ledger.sqlite3.lock"):
            os.kill(os.getpid(), signal.SIGKILL)
        return 0

    assert code_of(fork(take)) == -signal.SIGKILL
    assert (site.root / ".feedpub/ledger.sqlite3.lock").exists()
    assert command(site) == 0


# --- Times that tell less than they seem to.


def titles(site: SiteFolder) -> set[str]:
    return set(site.items())


def write_titled(site: SiteFolder, title: str) -> Path:
    return site.write("a.md", title=title, body="<p>Words.</p>", date="2024-03-01")


@pytest.mark.parametrize("ahead", [0, 1.5, -1.5])
def test_an_edit_within_the_same_tick_is_noticed(site: SiteFolder, ahead: float) -> None:
    path = write_titled(site, "Old")
    # Some file systems have ticks of two seconds, and some clocks are not those of the disk.
    tick = time.time_ns() + int(ahead * 1e9)
    os.utime(path, ns=(tick, tick))
    before = path.stat()
    assert command(site) == 0
    with open(path, "r+b") as file:
        file.write(path.read_bytes().replace(b"Old", b"New"))
    os.utime(path, ns=(tick, tick))
    after = path.stat()
    assert (before.st_size, before.st_mtime_ns, before.st_ino) == (after.st_size, after.st_mtime_ns, after.st_ino)
    assert command(site) == 0
    assert "New" in titles(site)


def test_many_edits_in_a_row_are_all_noticed(site: SiteFolder) -> None:
    for number in range(10, 40):
        write_titled(site, f"Title {number}")
        assert command(site) == 0
        assert f"Title {number}" in titles(site)


def test_another_file_of_the_same_size_and_time_is_noticed(site: SiteFolder) -> None:
    path = write_titled(site, "Old")
    os.utime(path, (OLD, OLD))
    site.build()
    path.rename(site.root / "aside")
    write_titled(site, "New")
    os.utime(path, (OLD, OLD))
    assert command(site) == 0
    assert "New" in titles(site)


@pytest.mark.parametrize("seconds", [OLD + 1, OLD - 99999, 2**31 + 5, 1])
def test_a_file_that_was_but_touched_changes_nothing(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    site.build()
    before = looks(site.out)
    age(site, seconds)

    def parse(*args: Any, **options: Any) -> None:
        raise AssertionError("nothing has to be parsed")

    monkeypatch.setattr("feedpub.collector.frontmatter.glance_into", parse)
    monkeypatch.setattr("feedpub.collector.frontmatter.read_article", parse)
    report = site.build(now=LATER)
    assert (report.articles.changed, report.documents.written) == (0, 0)
    assert looks(site.out) == before


def test_after_a_touch_files_are_not_even_read(site: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    site.build()
    age(site, OLD + 1)
    site.build(now=LATER)

    def read(found: Any) -> bytes:
        raise AssertionError("nothing has to be read")

    monkeypatch.setattr("feedpub.collector.read", read)
    assert site.build(now=LATER).documents.written == 0
    assert command(site) == 0
    assert command(site) == 0


def test_what_a_run_says_of_a_site_at_rest_is_what_a_closer_look_says(
    site: SiteFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    site.write_raw("broken.md", "---\ntitle: never closed\n")
    age(site)
    said = []
    for more in ((), (), ("--fresh",)):
        assert command(site, "--json", *more) == 1
        report = json.loads(capsys.readouterr().out)
        said.append({key: report[key] for key in ("feeds", "documents", "entries")})
        said[-1]["quarantined"] = report["articles"]["quarantined"]
    assert said[1]["entries"] == {"new": [], "updated": [], "gone": []}
    assert said[1] == said[2]

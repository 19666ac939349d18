"""Killed at any moment, a run leaves nothing behind that the next one does not put right.

`python -m tests.test_crash` is the process from which the runs to be killed are forked, so that imports are paid once.
FEEDPUB_KILLS=2000 kills more often.
"""

from __future__ import annotations

import gc
import itertools
import json
import os
import random
import resource
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pytest

from feedpub.publisher import Directory
from tests.sites import NOW, SiteFolder, folder_in_memory

KILLS = int(os.environ.get("FEEDPUB_KILLS", "216"))

_NOTHING: Mapping[str, Any] = {"new": [], "updated": [], "gone": []}


class Death(NamedTuple):
    """How a run is to die; by default it is not."""

    at: int = 0  #: Before or after its n-th change to the disk.
    bytes: int = -1  #: In the middle of a write: when a file would grow beyond these.
    after: float = -1  #: Whatever it does then, in seconds.
    group: bool = False  #: Whether its workers are killed as well.


class End(NamedTuple):
    """What became of a run."""

    code: int  #: Negative for one that was killed.
    changes: int  #: To the disk; only of one that was not.
    seconds: float
    pid: int
    said: str  #: What it printed.

    @property
    def report(self) -> dict[str, Any]:
        """Give what stands in the last line; those before it are warnings."""
        report: dict[str, Any] = json.loads(self.said.splitlines()[-1])
        return report


# --- The process from which runs are forked.


class Doom:
    """Counts the changes that a run makes to the disk, and kills it at one of them."""

    _EVENTS = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate", "shutil.rmtree", "sqlite3.connect")
    _WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC

    def __init__(self, death: Death) -> None:
        self._death = death
        self._pid = os.getpid()
        self.count = 0

    def arm(self) -> None:
        sys.addaudithook(self._hear)
        os.fsync = self._around(os.fsync)
        sqlite3.connect = partial(sqlite3.connect, factory=self._doomed_base())  # type: ignore[assignment]
        if self._death.bytes >= 0:
            # Python ignores this signal, which kills otherwise: a write is cut off, and the next one is the last.
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_FSIZE, (self._death.bytes, resource.RLIM_INFINITY))

    def change(self) -> None:
        if os.getpid() != self._pid:
            return
        self.count += 1
        if self.count == self._death.at:
            (os.killpg if self._death.group else os.kill)(self._pid, signal.SIGKILL)

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        if event in self._EVENTS or (event == "open" and isinstance(args[2], int) and args[2] & self._WRITES):
            self.change()

    def _around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def doomed(*args: Any) -> Any:
            self.change()
            result = function(*args)
            self.change()
            return result

        return doomed

    def _doomed_base(self) -> type[sqlite3.Connection]:
        kind = sqlite3.Connection
        names = ("commit", "close", "executescript", "executemany")
        return type("DoomedBase", (kind,), {name: self._method(getattr(kind, name)) for name in names})

    def _method(self, function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda base, *args: self._around(function)(base, *args)


def run_here(args: Sequence[str], death: Death, *, said: int, report: int) -> None:
    """Be a run of the command line, from the fork to the end."""
    os.setsid()
    os.dup2(said, 1)
    os.dup2(said, 2)
    from feedpub import cli, workers

    workers.WORTH_PROCESSES = 1
    doom = Doom(death)
    doom.arm()
    code = cli.main(args)
    os.write(report, str(doom.count).encode())
    os._exit(code)


def fork_run(args: Sequence[str], death: Death) -> End:
    said, (readable, report) = os.memfd_create("said"), os.pipe()
    started = time.monotonic()
    pid = os.fork()
    if not pid:
        run_here(args, death, said=said, report=report)
    os.close(report)
    if death.after >= 0:
        time.sleep(death.after)
        # It is still ours: its number is not given away before it was waited for.
        os.kill(pid, signal.SIGKILL)
        if death.group:
            kill_group(pid)
    _, status = os.waitpid(pid, 0)
    seconds = time.monotonic() - started
    with open(readable, "rb") as counted, open(said, "rb") as words:
        words.seek(0)
        return End(os.waitstatus_to_exitcode(status), int(counted.read() or 0), seconds, pid, words.read().decode())


def kill_group(pid: int) -> None:
    # It may not have come to found one.
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def serve() -> None:
    # What a first run imports, all later ones have.
    from feedpub import cli

    cli.main(json.loads(sys.stdin.readline()))
    gc.freeze()
    for line in sys.stdin:
        args, death = json.loads(line)
        print(json.dumps(fork_run(args, Death(*death))), flush=True)


# --- The test.


@dataclass
class Runs:
    """Runs of the command line, each in a process of its own."""

    server: subprocess.Popen[str]
    pids: list[int] = field(default_factory=list)

    def start(self, site: SiteFolder, now: datetime, death: Death, *, workers: int) -> None:
        options = ("--now", now.isoformat(), "--workers", str(workers), "--json")
        order = ("build", "-c", str(site.config), *options), death
        assert self.server.stdin
        print(json.dumps(order), file=self.server.stdin, flush=True)

    def finish(self) -> End:
        assert self.server.stdout
        end = End(*json.loads(self.server.stdout.readline()))
        self.pids.append(end.pid)
        return end

    def is_over(self) -> bool:
        assert self.server.stdout
        return bool(select.select([self.server.stdout], [], [], 0.001)[0])

    def build(self, site: SiteFolder, now: datetime, *, workers: int = 1) -> End:
        self.start(site, now, Death(), workers=workers)
        return self.finish()

    def left(self) -> list[int]:
        """Give the groups of processes of which some are still there."""
        return [pid for pid in self.pids if is_running(pid)]


def is_running(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def open_runs(folder: Path) -> Iterator[Runs]:
    warm = SiteFolder(folder / "warm").configure()
    warm.write("a.md", body="<p>Words", categories=["A"])
    warm.write("b.md", body="*Words*", date="2024-03-01")
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-m", "tests.test_crash"], stdin=pipe, stdout=pipe, text=True) as server:
        assert server.stdin
        print(json.dumps(["build", "-q", "-c", str(warm.config)]), file=server.stdin, flush=True)
        yield Runs(server)
        server.stdin.close()


class Step(NamedTuple):
    """What happens to a site before a run."""

    number: int
    articles: SiteFolder

    def write(self, name: str, *, body: str = "", **front: Any) -> None:
        words = f"<p>What {name} has to say, {'word by word, ' * 20}is said.</p>"
        picture = f"<img data-src='https://p.example/{name}.jpg'>"
        self.settle(self.articles.write(name, body=body or words + picture, **front))

    def settle(self, path: Path) -> None:
        """Have a file look as if written long before the run."""
        seconds = int(NOW.timestamp()) + 60 * self.number
        os.utime(path, (seconds, seconds))

    def path(self, name: str) -> Path:
        return self.articles.root / "articles" / name

    def move(self, old: str, new: str) -> None:
        self.path(new).parent.mkdir(parents=True, exist_ok=True)
        self.path(old).rename(self.path(new))

    def delete(self, *names: str) -> None:
        for name in names:
            self.path(name).unlink()


def begin(step: Step) -> None:
    dates = ("2024-03-0{}", "Invalid Date", "2024-02-1{}T08:00:00Z", "")
    for number in range(24):
        date = dates[number % 4].format(number % 9 + 1)
        categories = [["金融", "新浪财经"], ["Tech"], ["Tech", "Chips"], ["金融"], []][number % 5]
        step.write(f"{number % 3}/{number}.md", date=date, categories=categories)
    step.write("last.md", categories=["Rare", "Rarer"])
    step.write("twin-1.md", title="Twin", body="<p>" + "One story. " * 30, categories=["Twins"])
    step.write("twin-2.md", title="Twin", body="<div>" + "One  story. " * 30, categories=["Others"])
    step.write("later.md", date="2024-03-09T17:30:00Z", categories=["Later"])
    step.write("draft.md", draft=True)
    step.settle(step.articles.write_raw("broken.md", "---\ntitle: never closed\n"))


def add_and_edit(step: Step) -> None:
    step.write("new/1.md", categories=["Tech"])
    step.write("new/2.md", date="Invalid Date", categories=["New"])
    step.write("0/0.md", body="<p>Other words.", date="2024-03-01", categories=["金融", "新浪财经"])
    step.write("1/1.md", date="2024-03-08", categories=["Tech"])  # Only its date moved.


def move_and_recategorise(step: Step) -> None:
    step.move("0/3.md", "moved/3.md")
    step.move("1/4.md", "1/four.md")
    step.write("last.md", categories=["Elsewhere"])
    step.write("twin-2.md", title="Twin", body="<div>" + "Its own story. " * 30, categories=["Others"])


def delete(step: Step) -> None:
    step.delete("last.md", "2/2.md", "new/2.md", "twin-1.md")
    shutil.rmtree(step.path("moved"))


def let_time_pass(step: Step) -> None:
    """`later.md` comes."""


def repair_and_publish(step: Step) -> None:
    step.write("broken.md", title="Mended", categories=["Later"])
    step.write("draft.md", date="2024-03-05")
    step.write("young.md", categories=["Tech"])
    os.utime(step.path("young.md"))


def configure(step: Step) -> None:
    """See `prepare`."""


def add_what_no_feed_has_room_for(step: Step) -> None:
    step.write("2/old.md", date="2020-01-01", categories=["Tech"])
    step.write("2/older.md", date="2019-01-01")


def damage_ledger(step: Step) -> None:
    """See `prepare`."""


#: Each step with its share of the kills: those with much to do take their time.
HISTORY = {
    begin: 0.06,
    add_and_edit: 0.18,
    move_and_recategorise: 0.16,
    delete: 0.16,
    let_time_pass: 0.12,
    repair_and_publish: 0.14,
    configure: 0.08,
    add_what_no_feed_has_room_for: 0.06,
    damage_ledger: 0.06,
}


def prepare(site: SiteFolder, deed: Callable[[Step], None]) -> None:
    """Do to a site's own files what a step is about."""
    is_small = deed in (configure, add_what_no_feed_has_room_for)
    more = '[feeds]\nlimit = 9\ntags = true\n[category.Tech]\nslug = "technics"'
    site.configure(more if is_small else "", source="../articles")
    if deed is damage_ledger:
        (site.root / ".feedpub/ledger.sqlite3").write_bytes(b"no base at all" * 99)


def clone(site: SiteFolder, name: str) -> SiteFolder:
    """Copy a site's state, documents as links: they look the same, and whoever wrote into one is found out."""
    other = SiteFolder(site.root.with_name(name))
    shutil.copytree(site.root, other.root, copy_function=_link_or_copy)
    return other


def _link_or_copy(old: str, new: str) -> None:
    (os.link if "/dist/" in old else shutil.copy2)(old, new)


def documents(site: SiteFolder) -> dict[str, bytes]:
    """Read all documents, and do not mind who takes them away meanwhile; what is hidden is none."""
    bodies = {}
    for folder, folders, names in os.walk(site.out):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            with suppress(FileNotFoundError):
                bodies[os.path.relpath(os.path.join(folder, name), site.out)] = Path(folder, name).read_bytes()
    return bodies


def looks(site: SiteFolder) -> dict[str, tuple[int, int]]:
    states = {path: path.stat() for path in sorted(site.root.rglob("*")) if "dist" in path.parts}
    return {str(path): (state.st_ino, state.st_mtime_ns) for path, state in states.items()}


def check_whole(bodies: Mapping[str, bytes]) -> None:
    """Parse all documents; pages are whole where they end."""
    for path, body in bodies.items():
        if path.endswith((".xml", ".opml")):
            ElementTree.fromstring(body)
        elif path.endswith(".json"):
            json.loads(body)
        else:
            assert body.rstrip().endswith(b"</html>")


def check_versions(now: Mapping[str, bytes], old: Mapping[str, bytes], new: Mapping[str, bytes], *, why: str) -> None:
    """See that each document is that of before or that of after, and none is missing that was in both."""
    wrong = [path for path, body in now.items() if body not in (old.get(path), new.get(path))]
    missing = [path for path in old.keys() & new.keys() if path not in now]
    assert not wrong + missing, f"{why}: {wrong} neither old nor new, {missing} missing"


_REMEMBERED = (
    "SELECT * FROM memory ORDER BY place",
    "SELECT * FROM channel ORDER BY key",
    "SELECT folder.name, file.name, story, text, reason FROM file JOIN folder ON folder.id = folder ORDER BY 1, 2",
    "SELECT place, published, updated, early, labels, told FROM story ORDER BY place",
    "SELECT key, shown, told FROM feed ORDER BY key",
    "SELECT path, digest, size FROM document ORDER BY path",
    "SELECT place, recipe, updated, reason FROM entry ORDER BY place",
    "SELECT place, format, text FROM fragment ORDER BY place, format",
)


def remembered(site: SiteFolder) -> dict[str, list[Any]]:
    """Read what a ledger knows, but for how files and documents look."""
    with closing(sqlite3.connect(f"file:{site.root}/.feedpub/ledger.sqlite3?immutable=1", uri=True)) as base:
        return {query: base.execute(query).fetchall() for query in _REMEMBERED}


@dataclass
class Trial:
    """One step of a history: a run that was never killed, and many that were."""

    runs: Runs
    now: datetime
    old: SiteFolder
    twin: SiteFolder
    end: End = field(init=False)
    kills: int = 0

    def __post_init__(self) -> None:
        self.before = documents(self.old)
        self.end = self.runs.build(self.twin, self.now)
        assert self.end.code in (0, 1), self.end.said
        self.after = documents(self.twin)
        check_whole(self.after)
        self.knowledge = remembered(self.twin)
        self.files = sorted(os.listdir(self.twin.root / ".feedpub"))

    def deaths(self, count: int, chance: random.Random) -> Iterator[Death]:
        """Spread deaths over a run: most at its changes to the disk, some within a write, some whenever."""
        at = spread_out(self.end.changes, count * 6 // 10, chance)
        largest = max(path.stat().st_size for path in self.twin.root.rglob("*") if path.is_file())
        yield from (Death(at=number, group=chance.random() < 0.5) for number in at)
        yield from (Death(bytes=chance.randrange(largest)) for _ in range(count * 3 // 10))
        rest = count - len(at) - count * 3 // 10
        yield from (Death(after=self.end.seconds * chance.random(), group=chance.random() < 0.5) for _ in range(rest))

    def kill(self, site: SiteFolder, death: Death, *, workers: int) -> None:
        """Kill a run; while it runs, and after it, all documents are whole."""
        self.runs.start(site, self.now, death, workers=workers)
        seen = []
        while death.after >= 0 and not self.runs.is_over():
            seen.append(documents(site))
        end = self.runs.finish()
        for each in seen:
            check_versions(each, self.before, self.after, why=f"while it ran, {death}")
        assert end.code in (0, 1, -signal.SIGKILL, -signal.SIGXFSZ), f"{death}: {end.said}"
        self.kills += end.code < 0
        check_versions(documents(site), self.before, self.after, why=f"after {death}")

    def check_next(self, site: SiteFolder, *, workers: int) -> None:
        """See that the next run gives what one gives that was never killed, and the one after that does nothing."""
        end = self.runs.build(site, self.now, workers=workers)
        assert end.code == self.end.code, end.said
        now = documents(site)
        assert [path for path in now | self.after if now.get(path) != self.after.get(path)] == []
        assert sorted(os.listdir(site.root / ".feedpub")) == self.files, "other files"
        assert not (site.out / ".feedpub-unfinished").exists(), "unfinished files"
        assert end.report["entries"] in (self.end.report["entries"], _NOTHING), "another report"
        known = remembered(site)
        assert [query for query, rows in self.knowledge.items() if known[query] != rows] == []
        looked = looks(site)
        end = self.runs.build(site, self.now, workers=workers)
        assert (end.code, end.report["documents"]["written"]) == (self.end.code, 0), "yet another run wrote"
        assert (end.report["entries"], looks(site)) == (_NOTHING, looked), "yet another run changed something"


def spread_out(total: int, count: int, chance: random.Random) -> list[int]:
    """Choose numbers from 1 on, one of each of *count* parts of the *total*."""
    edges = [total * part // count for part in range(count + 1)]
    return [chance.randint(low + 1, high) for low, high in itertools.pairwise(edges) if low < high]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with folder_in_memory(tmp_path) as folder:
        yield folder


#: Bugs that are known, and how to find their tests once they are mended.


def test_a_killed_run_is_as_if_it_had_never_been(folder: Path) -> None:
    chance = random.Random(4)
    articles = SiteFolder(folder)
    survivor, twin = SiteFolder(folder / "survivor"), SiteFolder(folder / "twin")
    kills, faults = 0, []
    with open_runs(folder) as runs:
        for number, (deed, share) in enumerate(HISTORY.items()):
            deed(Step(number, articles))
            prepare(survivor, deed)
            prepare(twin, deed)
            trial = Trial(runs, NOW + timedelta(hours=number), survivor, twin)
            sound = []
            for tried, death in enumerate(trial.deaths(round(KILLS * share), chance)):
                workers = 2 if tried % 6 == 0 else 1
                site = clone(survivor, f"{number}-{tried}")
                # Some are killed again and again.
                again = (Death(at=chance.randint(1, trial.end.changes)) for _ in range(tried % 8 // 6))
                try:
                    for each in (death, *again):
                        trial.kill(site, each, workers=workers)
                    trial.check_next(site, workers=workers)
                    sound.append(site)
                except AssertionError as fault:
                    faults.append(f"{deed.__name__}, {death}, {workers} workers: {str(fault)[:500]}")
            kills += trial.kills
            # The next step begins with one of them: what is wrong with it and cannot be seen yet comes out there.
            shutil.rmtree(survivor.root)
            clone(chance.choice(sound), survivor.root.name)
            for old in folder.glob(f"{number}-*"):
                shutil.rmtree(old)
        deadline = time.monotonic() + 10
        while runs.left() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not runs.left()
    assert not faults, "\n".join(faults)
    assert kills >= min(KILLS, 200)


class DyingError(BaseException):
    """A run ends here."""


def end_feed(site: SiteFolder) -> None:
    (site.root / "articles/1.md").unlink()


def add_what_is_too_old(site: SiteFolder) -> None:
    site.write("old.md", date="2020-01-01", body="<p>Old.")


def reword(site: SiteFolder) -> None:
    site.write("2.md", date="2024-03-03", categories=["C2"], body="<p>Other words.")


@pytest.mark.parametrize("deed", [end_feed, add_what_is_too_old, reword])
@pytest.mark.parametrize("is_done", [False, True])
@pytest.mark.parametrize("method", ["commit", "delete"])
def test_what_was_decided_by_a_run_that_did_not_show_it_is_shown_by_the_next(
    folder: Path, deed: Callable[[SiteFolder], None], method: str, is_done: bool
) -> None:
    twin, site = SiteFolder(folder / "twin"), SiteFolder(folder / "site")
    for each in (twin, site):
        each.configure("[feeds]\nlimit = 4")
        for number in range(4):
            each.write(f"{number}.md", date=f"2024-03-0{number + 1}", categories=[f"C{number}"], body=f"<p>{number}.")
        each.build()
        deed(each)
        for path in (each.root / "articles").iterdir():
            os.utime(path, (0, 0))
    expected = twin.build(now=NOW + timedelta(hours=1))
    inner = getattr(Directory, method)

    def die(*args: Any) -> None:
        if is_done:
            inner(*args)
        raise DyingError

    with pytest.MonkeyPatch.context() as patch, suppress(DyingError):
        patch.setattr(Directory, method, die)
        site.build(now=NOW + timedelta(hours=1))
    report = site.build(now=NOW + timedelta(hours=1))
    assert documents(site) == documents(twin)
    assert remembered(site) == remembered(twin)
    if method == "commit":
        assert report.entries == expected.entries


if __name__ == "__main__":
    serve()

"""Whatever happens to a site, an incremental build writes what a fresh one with the same ledger of identities does.

By default a few short histories are tried; FEEDPUB_HISTORIES=1000 tries that many.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import sqlite3
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import feedpub
from feedpub.errors import ConfigError
from feedpub.glance import find_ledger, glance, know
from feedpub.publisher import Directory
from feedpub.report import Report
from tests.sites import NOW, SiteFolder

HISTORIES = int(os.environ.get("FEEDPUB_HISTORIES", "25"))

MANY_WORDS = "Many words of a story that speaks for itself, since it is as long as stories are. " * 4

#: Pools are small, so that articles have to do with one another.
NAMES = ("a.md", "b.md", "c.md", "d.html", "x/a.md", "x/b.md", "x/y/c.md", "é.md")
FIELDS: Mapping[str, Sequence[Any]] = {
    "title": ("One", "Two", "Three & more", "四"),
    "body": (
        f"<p>First. {MANY_WORDS}</p>",
        f"<p>Second. {MANY_WORDS}</p>",
        f"<p>Third. {MANY_WORDS}</p>",
        f'<p>First. {MANY_WORDS}</p><audio src="https://e.example/1.mp3"></audio>',
        "<p>Short.</p>",
        "*View* on the [web](https://e.example/1).",
        "",
        # Which of these fit into a feed depends on `max_bytes`.
        f"<p>{'Long. ' * 700}</p>",
        f'<p>{MANY_WORDS}<a href="https://quote.eastmoney.com/sh600000.html">SPDB</a></p>',
        f'<p>Advertisement</p><p class="ad">Buy.</p><p>{MANY_WORDS}</p>',
    ),
    "markup": ("", ' class="lead"', ' style="color: red"', " id=first"),
    "space": ("", "\n", "  \n\n"),
    "picture": (
        "",
        '<img src="https://p.example/1.jpg">',
        '<img src="https://p.example/1.jpg?sign=abc">',
        '<img src="https://p.example/1.jpg?sign=def">',
        '<img src="https://p.example/2.jpg">',
        '<img src="https://q.example/1.jpg">',
        '<img src="https://picsum.photos/300">',
        '<img src="data:image/gif;base64,AA" data-src="https://p.example/1.jpg">',
        '<span id="quote_sh600000">+1.2%</span>',
        '<span id="quote_sh600000">-3.4%</span>',
    ),
    "date": (
        None,
        "Invalid Date",
        "2024-03-01",
        "2024-03-01 08:00:00",
        "2024-03-02T08:00:00Z",
        "2024-03-09 19:00:00",
        "2024-03-10 08:00:00",
        "2024-03-10T08:00:00Z",
        "2024-04-20",
        "昨天 08:30",
    ),
    "updated": (None, None, "2024-03-03", "2024-03-10T10:00:00Z", "2024-05-01"),
    "categories": (None, ["A"], ["A", "B"], ["B"], [["A"], ["B"]], ["金融", "A"], "a"),
    "tags": (None, "x", ["x", "Y"], ["A"]),
    "link": (None, None, "https://e.example/1", "http://e.example/1#top", "https://e.example/2", "/1"),
    "id": (None, None, "7", "8", "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a", "https://e.example/id/1"),
    "draft": (None, None, True),
    "headimg": (None, None, "https://p.example/h.jpg", "https://picsum.photos/1"),
}
BROKEN = (
    b"",
    b"---\ntitle: never closed\n",
    b'---\ntitle: """a \'b\'"""\n---\nWords.',
    b"\0\1\2" * 99,
    b"---\n[: }\n---\nWords.",
)
OPTIONS: Mapping[str, Sequence[Any]] = {
    "limit": (1, 2, 3, 50),
    "formats": (["rss", "atom", "json"], ["json"], ["atom", "rss"]),
    "tags": (False, True),
    "categories": ("tree", "flat"),
    "future": ("hold", "publish", "drop"),
    "max_bytes": (1_000_000, 10_000, 12_000),
    "title": ("Wire", "Wire & more"),
    "url": ("https://feeds.example.org/", "https://new.example.com/f/"),
    "timezone": ("Asia/Shanghai", "UTC", "America/New_York"),
    "permalink": ("", "https://news.example.org/{path}.html", "https://news.example.org/{year}/{stem}.html"),
    "language": ("", "zh-CN"),
    "out": ("dist", "other"),
    "exclude": ([], ["x/**"], ["**/b.md"]),
    "second": (False, True),
    "second_url": ("", "https://more.example/"),
    "placeholder": (None, ["https://p.example/1.jpg*"], []),
    "stocks": ("keep", "sina"),
    "rule": ((), (".ad",)),
    "special": ({}, {"slug": "letter-a"}, {"title": "All of A"}, {"limit": 1}, {"slug": "b"}),
}


class Op(NamedTuple):
    """One thing that happens to a site. Numbers are taken modulo of what there is."""

    what: str
    which: int = 0
    other: int = 0
    value: Any = None


@dataclass(frozen=True)
class Step:
    """What happens between two builds."""

    ops: Sequence[Op]
    hours: int
    young: bool  #: Whether files look as written just now.
    dry: bool  #: Whether a dry run comes first.
    glance: bool  #: Whether it is built as from the command line, where a glance may do.


def _choice(draw: Any, pool: Mapping[str, Sequence[Any]]) -> tuple[str, Any]:
    name = draw(st.sampled_from(sorted(pool)))
    return name, draw(st.sampled_from(pool[name]))


@st.composite
def _articles(draw: Any) -> dict[str, Any]:
    # Most say little: two that say much seldom meet.
    said = draw(st.lists(st.sampled_from(("date", "categories", "tags", "link", "id", "picture", "draft")), max_size=4))
    return {name: draw(st.sampled_from(FIELDS[name])) for name in dict.fromkeys(("title", "body", *said))}


_NUMBER = st.integers(0, 15)
_BEGINNINGS = ("add", "add", "add", "configure")
_DEEDS = (
    *("add", "add", *("edit",) * 8, "configure", "configure", "configure"),
    *("move", "copy", "swap", "rename", "exchange", "delete", "touch", "break", "mend"),
    *("lose document", "edit document", "write over document", "mend document", "touch document"),
)


@st.composite
def _ops(draw: Any, deeds: Sequence[str]) -> Op:
    what = draw(st.sampled_from(deeds))
    if what == "configure":
        return Op(what, value=_choice(draw, OPTIONS))
    return Op(
        what,
        draw(_NUMBER),
        draw(_NUMBER),
        draw(_articles()) if what == "add" else _choice(draw, FIELDS) if what == "edit" else None,
    )


@st.composite
def _steps(draw: Any, deeds: Sequence[str] = _DEEDS, least: int = 0, most: int = 4) -> Step:
    return Step(
        ops=draw(st.lists(_ops(deeds), min_size=least, max_size=most)),
        hours=draw(st.sampled_from([1, 1, 0, 24, 24 * 40, -1, -24 * 3])),
        young=draw(st.sampled_from([False, False, False, True])),
        dry=draw(st.sampled_from([False, False, False, True])),
        glance=draw(st.booleans()),
    )


@st.composite
def _histories(draw: Any) -> list[Step]:
    return [draw(_steps(_BEGINNINGS, 3, 8)), *draw(st.lists(_steps(), min_size=2, max_size=7))]


@dataclass
class Site:
    """A folder of articles with a configuration, and a clock."""

    root: Path
    articles: dict[str, dict[str, Any] | bytes] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=lambda: {name: values[0] for name, values in OPTIONS.items()})
    now: datetime = NOW
    young: bool = False
    harmed: dict[Path, bytes] = field(default_factory=dict)  #: Documents that somebody had in hand, as they were.
    #: No two files ever look the same to a file system.
    _mtimes: Iterator[int] = field(default_factory=lambda: itertools.count(time.time_ns() - 3600 * 10**9, 10**6))

    def path(self, name: str) -> Path:
        return self.root / name

    def put(self, name: str, article: dict[str, Any] | bytes) -> None:
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(article if isinstance(article, bytes) else _spell(article))
        self.articles[name] = article
        self.touch(name)

    def touch(self, name: str) -> None:
        if not self.young:
            mtime = next(self._mtimes)
            os.utime(self.path(name), ns=(mtime, mtime))

    def take(self, name: str) -> dict[str, Any] | bytes:
        self.path(name).unlink()
        return self.articles.pop(name)

    def apply(self, op: Op) -> None:
        match op.what:
            case "add":
                self.put(_name(op), op.value)
            case "configure":
                name, value = op.value
                self.options[name] = value
            case "mend document" if self.harmed:
                path, body = self.harmed.popitem()
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(body)
            case "lose document" | "edit document" | "write over document" | "touch document":
                self._harm(op)
            case _ if self.articles:
                names = sorted(self.articles)
                self._change(op, names[op.which % len(names)], names[op.other % len(names)])

    def _change(self, op: Op, name: str, other: str) -> None:
        article, another = self.articles[name], self.articles[other]
        match op.what:
            case "edit" if not isinstance(article, bytes):
                self.put(name, article | dict([op.value]))
            case "mend" if isinstance(article, bytes):
                self.put(name, {"title": "One", "body": FIELDS["body"][0]})
            case "break":
                self.put(name, BROKEN[op.other % len(BROKEN)])
            case "touch":
                self.touch(name)
            case "delete":
                self.take(name)
            case "copy":
                self.put(_name(op), article)
            case "move":
                self.put(_name(op), self.take(name))
            case "rename":
                # With its date and inode.
                self.path(_name(op)).parent.mkdir(parents=True, exist_ok=True)
                os.rename(self.path(name), self.path(_name(op)))
                self.articles[_name(op)] = self.articles.pop(name)
            case "swap":
                self.put(name, another)
                self.put(other, article)
            case "exchange" if name != other:
                os.rename(self.path(name), self.root / "aside")
                os.rename(self.path(other), self.path(name))
                os.rename(self.root / "aside", self.path(other))
                self.articles |= {name: another, other: article}

    def _harm(self, op: Op) -> None:
        out = self.root / self.options["out"]
        paths = sorted(documents(out))
        if not paths:
            return
        path = out / paths[op.which % len(paths)]
        body = path.read_bytes()
        match op.what:
            case "lose document":
                path.unlink()
                self.harmed[path] = body
                return
            case "edit document":
                path.write_bytes(body.replace(b"feedpub", b"feedpuB"))
                self.harmed[path] = body
            case "write over document":
                path.write_bytes(b"cut by feedpub")
                self.harmed[path] = body
        # Whoever writes does so some time after the build.
        mtime = next(self._mtimes)
        os.utime(path, ns=(mtime, mtime))

    def configure(self) -> None:
        (self.root / "articles").mkdir(exist_ok=True)
        (self.root / "more").mkdir(exist_ok=True)
        (self.root / "feedpub.toml").write_text(_configuration(self.options), "utf-8")

    def build(self, *, glances: bool, **options: Any) -> Report:
        """Build as the command line does; without *glances*, as a library."""
        if not glances:
            return build(self.root, now=self.now, **options)
        config = self.root / "feedpub.toml"
        known, ledger = know(config, flags=(), environ={}), find_ledger(config)
        assert known
        assert ledger
        return glance(ledger, known, now=self.now.timestamp()) or build(self.root, now=self.now, known=known)


def _name(op: Op) -> str:
    # One in four is below the second source.
    folder = "more" if op.other % 4 == 3 else "articles"
    return f"{folder}/{NAMES[op.which % len(NAMES)]}"


def _spell(article: Mapping[str, Any]) -> bytes:
    front = {key: value for key, value in article.items() if key not in {"body", "markup", "space", "picture"}}
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in front.items() if value is not None]
    body = article["body"].replace("<p>", f"<p{article.get('markup', '')}>{article.get('space', '')}", 1)
    return "\n".join(["---", *lines, "---", "", body + article.get("picture", ""), ""]).encode()


def _configuration(options: Mapping[str, Any]) -> str:
    def said(*names: str) -> list[str]:
        return [f"{name} = {json.dumps(options[name])}" for name in names]

    lines = ["[site]", *said("title", "url", "timezone", "permalink", "language", "out")]
    lines += ["[[source]]", 'path = "articles"', *said("exclude")]
    if options["second"]:
        lines += ["[[source]]", 'path = "more"', f"url = {json.dumps(options['second_url'])}"]
    lines += ["[feeds]", "max_loss = 1", *said("limit", "formats", "tags", "categories", "future", "max_bytes")]
    if options["special"]:
        lines += ["[category.A]", *(f"{name} = {json.dumps(value)}" for name, value in options["special"].items())]
    if options["placeholder"] is not None:
        lines += ["[sanitiser.images]", *said("placeholder")]
    lines += ["[sanitiser.stocks]", f"target = {json.dumps(options['stocks'])}"]
    if options["rule"]:
        lines += ["[[sanitiser.rule]]", 'match = "*"', f"remove = {json.dumps(options['rule'])}"]
    return "\n".join(lines)


def build(root: Path, **options: Any) -> Report:
    return feedpub.build(feedpub.load_config(root / "feedpub.toml"), workers=1, **options)


def documents(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def remembered(root: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Read all that a ledger knows, but for how things look on the disk, and the numbers of files and folders."""
    with closing(sqlite3.connect(root / ".feedpub/ledger.sqlite3")) as base:
        return {what: base.execute(query).fetchall() for what, query in _QUERIES.items()}


_FILE = "(SELECT folder.name || file.name FROM file JOIN folder ON folder.id = file.folder WHERE file.id = story.file)"
_QUERIES = {
    "memory": "SELECT * FROM memory ORDER BY place",
    "channel": "SELECT * FROM channel ORDER BY key",
    "site": "SELECT id, sources, out, shaping, pages, stale FROM site ORDER BY id",
    "file": "SELECT site, folder.name || file.name, story, bytes, reason, text, visible, title, own, link, address,"
    " updated, exact, labels, media, draft, notes"
    " FROM file JOIN folder ON folder.id = file.folder ORDER BY 1, 2",
    "story": f"SELECT site, place, {_FILE}, published, updated, early, labels, told FROM story ORDER BY site, place",
    "entry": "SELECT site, place, updated, reason FROM entry ORDER BY site, place",
    "fragment": "SELECT * FROM fragment ORDER BY site, place, format",
    "feed": "SELECT site, key, shown, told FROM feed ORDER BY site, key",
    "document": "SELECT site, path, digest FROM document ORDER BY site, path",
}


def unknown(out: Path) -> set[str]:
    """Give the documents that the next run has to read, since they do not look as they did when they were written."""
    with closing(sqlite3.connect(out.parent / ".feedpub/ledger.sqlite3")) as base:
        query = "SELECT path, size, mtime, inode FROM document JOIN site ON site.id = document.site WHERE out = ?"
        stamps = {path: tuple(stamp) for path, *stamp in base.execute(query, (f"../{out.name}",))}
    return {path for path, stamp in stamps.items() if Directory(out).stamp(path) != stamp}


def told(report: Report) -> dict[str, Any]:
    """Give what a report says, but for what was written on the way."""
    said = report.as_json()
    return {
        "articles": said["articles"],
        "entries": said["entries"],
        "by_feed": said["by_feed"],
        "drafts": report.drafts,
        "held": report.held,
        "notes": report.notes,
        "edited": report.edited,
        "feeds": report.feeds.total,
        "documents": report.documents.total,
    }


def check_history(history: Sequence[Step], root: Path) -> None:
    site = Site(root / "site")
    site.root.mkdir()
    for number, step in enumerate(history):
        site.young = step.young
        site.now += timedelta(hours=step.hours)
        for op in step.ops:
            site.apply(op)
        site.configure()
        # All paths of a configuration are relative.
        twin = root / f"fresh-{number}"
        shutil.copytree(site.root, twin)
        forecast = refusal_or(site.build, glances=False, dry_run=True) if step.dry else None
        report = refusal_or(site.build, glances=step.glance)
        fresh = refusal_or(build, twin, now=site.now, fresh=True)
        if isinstance(report, str):
            # Somebody's file is in the way, and will be.
            assert fresh == report.replace(str(site.root), str(twin))
            return
        assert not isinstance(fresh, str), number
        out = site.options["out"]
        assert documents(site.root / out) == documents(twin / out), number
        assert remembered(site.root) == remembered(twin), number
        # What was mended is not said again at a glance.
        assert told(report) == told(fresh) | ({} if report.notes else {"notes": ()}), number
        if isinstance(forecast, Report):
            assert counts(forecast) == counts(report), number
        check_calm(site, number, glances=step.glance)
        shutil.rmtree(twin)


def counts(report: Report) -> dict[str, object]:
    return report.as_json() | {"seconds": 0}


def refusal_or(function: Callable[..., Report], *arguments: Any, **options: Any) -> Report | str:
    try:
        return function(*arguments, **options)
    except ConfigError as error:
        return str(error)


def check_calm(site: Site, number: int, *, glances: bool) -> None:
    """Build once more: nothing happened, so nothing is written or said."""
    before = remembered(site.root)
    report = site.build(glances=glances)
    assert (report.documents.written, report.documents.removed, report.feeds.written) == (0, 0, 0), number
    assert (report.articles.new, report.articles.changed, report.articles.removed) == (0, 0, 0), number
    assert report.by_feed == {}, number
    assert unknown(site.root / site.options["out"]) == set(report.edited), number
    assert (report.entries.new, report.entries.updated, report.entries.gone) == ((), (), ()), number
    assert remembered(site.root) == before, number


@settings(
    max_examples=HISTORIES,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
@given(_histories())
def test_an_incremental_build_gives_what_a_fresh_one_does(history: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        check_history(history, Path(folder))


@pytest.fixture
def site(tmp_path: Path) -> SiteFolder:
    return SiteFolder(tmp_path).configure("[feeds]\nmax_loss = 1")


def age(site: SiteFolder) -> None:
    """Make files look as if they had been written long ago, those that changed each in another way."""
    for path in (site.root / "articles").rglob("*.md"):
        # In seconds.
        mtime = 1_700_000_000 + zlib.crc32(path.read_bytes()) % 1000
        os.utime(path, (mtime, mtime))


def run(site: SiteFolder, *, now: datetime = NOW) -> Report:
    """Build as the command line does."""
    config = site.config
    known, ledger = know(config, flags=(), environ={}), find_ledger(config)
    assert known
    assert ledger
    return glance(ledger, known, now=now.timestamp()) or site.build(now=now, known=known)


def test_a_clock_that_is_set_back_for_a_while_changes_no_dates(site: SiteFolder) -> None:
    site.write("a.md")
    site.build()
    site.write("a.md", body="<p>Other words.</p>")
    site.build(now=NOW + timedelta(hours=1))
    before = site.items()
    site.build(now=NOW - timedelta(days=1), fresh=True)
    site.build(now=NOW + timedelta(hours=2))
    assert site.items() == before


def test_a_document_that_was_only_touched_is_known_again(site: SiteFolder) -> None:
    site.write("a.md")
    age(site)
    site.build()
    os.utime(site.out / "rss.xml", (0, 0))
    assert site.build().documents.written == 0
    assert unknown(site.out) == set()


def test_a_document_that_was_left_for_its_edits_goes_once_they_are_undone(site: SiteFolder) -> None:
    site.write("a.md", categories=["A"])
    age(site)
    site.build()
    document = site.out / "a/rss.xml"
    body = document.read_bytes()
    document.write_bytes(body + b" ")
    site.write("a.md")
    age(site)
    assert site.build().edited == site.build().edited == ("a/rss.xml",)
    document.write_bytes(body)
    assert [site.build().documents.removed, site.build().documents.removed] == [1, 0]
    assert not document.exists()


def test_a_glance_tells_what_a_build_as_a_library_found_meanwhile(site: SiteFolder) -> None:
    site.write("a.md")
    age(site)
    run(site)
    site.write("later.md", date="2024-03-09T13:00:00Z", body="<p>Later.</p>")
    site.write_raw("bad.md", "")
    age(site)
    site.build()
    report = run(site)
    assert (report.articles.seen, report.held, len(report.articles.quarantined)) == (3, 1, 1)
    assert len(run(site, now=NOW + timedelta(hours=2)).entries.new) == 1

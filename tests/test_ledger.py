"""The file that identities are kept in: damage, other versions, and moving it."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import feedpub
from feedpub import lock
from feedpub.cli import main
from feedpub.ledger.opening import open_base
from feedpub.records import export_ledger, import_lines
from tests.sites import NOW, SiteFolder

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SiteFolder:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FEEDPUB_CONFIG", raising=False)
    return SiteFolder(tmp_path).configure("[feeds]\nmax_loss = 1")


def ledger_of(site: SiteFolder) -> Path:
    return site.root / ".feedpub/ledger.sqlite3"


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as base, base:
        for statement in statements:
            base.execute(statement)


def fill(site: SiteFolder) -> None:
    """Write articles with all that a ledger keeps of them, and build."""
    site.write("one.md", title="One", date="2024-03-01", categories=["金融", "新浪财经"], body="<p>The first story.")
    site.write("two.md", title="Two", link="https://news.example.org/2", categories=["金融"], body="<p>Another.")
    site.write("sub/three.md", title="Three", id="3", body="<p>A third one, with &#123; and a tag.", tags=["x"])
    site.write("later.md", title="Later", date="2024-04-01", body="<p>Not yet.")
    site.write("draft.md", title="Draft", draft=True)
    site.write_raw("broken.md", "---\ntitle: never closed")
    site.build()


def export(site: SiteFolder) -> list[bytes]:
    with export_ledger(ledger_of(site)) as lines:
        return list(lines)


def put_in(site: SiteFolder, lines: list[bytes]) -> None:
    import_lines(ledger_of(site), lines, name="identities.jsonl")


def line(kind: str, **fields: Any) -> bytes:
    """A line of each kind, right but for the *fields*."""
    where = {"sources": ["../articles"], "out": "../dist"}
    lines: dict[str, dict[str, Any]] = {
        "feed": {"key": ["category", "A"], "slug": "a", "id": "tag:example.org,2022:a"},
        "story": {
            "id": "tag:example.org,2022:1",
            "own": None,
            "link": None,
            "text": "aa",
            "visible": "1:bb",
            "clean": None,
            "published": "2024-03-01T00:00:00Z",
            "updated": "2024-03-01T08:00:00+08:00",
            "said": None,
            "settled": True,
            "early": False,
        },
        "file": {**where, "name": "a/b.md", "story": "tag:example.org,2022:1", "bytes": None},
        "told": {**where, "story": "tag:example.org,2022:1", "updated": "2024-03-01T00:00:00Z"},
        "heard": {**where, "feed": ["category", "A"], "stories": {"tag:example.org,2022:1": "2024-03-01T00:00:00Z"}},
    }
    return json.dumps({"kind": kind, **lines[kind], **fields}).encode()


HEAD = b'{"format": "feedpub ledger", "version": 1}'


# Moving


def test_a_ledger_that_was_moved_gives_the_same_feeds_and_nothing_new(site: SiteFolder) -> None:
    fill(site)
    site.write("two.md", title="Two, edited", link="https://news.example.org/2", categories=["金融"], body="<p>Other.")
    site.build(now=NOW + timedelta(days=1))
    before, lines = site.documents(), export(site)
    shutil.rmtree(ledger_of(site).parent)
    put_in(site, lines)
    assert export(site) == lines
    report = site.build(now=NOW + timedelta(days=9))
    assert site.documents() == before
    assert (report.articles.new, report.articles.changed, report.articles.removed) == (0, 0, 0)
    assert (report.entries.new, report.entries.updated, report.entries.gone) == ((), (), ())
    assert report.by_feed == {}
    assert [bad.name for bad in report.articles.quarantined] == ["broken.md"]
    assert export(site) == lines
    assert site.items()["Two, edited"]["date_modified"] == "2024-03-10T12:00:00+00:00"


def test_what_was_told_moves_along(site: SiteFolder) -> None:
    fill(site)
    lines = export(site)
    gone = site.items()["One"]["id"]
    shutil.rmtree(ledger_of(site).parent)
    put_in(site, lines)
    (site.root / "articles/one.md").unlink()
    report = site.build(now=NOW + timedelta(days=1))
    assert report.articles.removed == 1
    assert report.entries.gone == (gone,)
    assert set(report.by_feed) == {"", "jin-rong", "jin-rong/xin-lang-cai-jing"}


def test_the_loss_guard_holds_after_a_move(site: SiteFolder) -> None:
    site.configure()
    fill(site)
    lines = export(site)
    shutil.rmtree(ledger_of(site).parent)
    put_in(site, lines)
    shutil.rmtree(site.root / "articles")
    (site.root / "articles").mkdir()
    with pytest.raises(feedpub.LossError):
        site.build()


def test_an_export_stays_as_it_is_while_nothing_changes(site: SiteFolder) -> None:
    fill(site)
    lines = export(site)
    site.build(now=NOW + timedelta(days=1), fresh=True)
    assert export(site) == lines


def test_new_stories_come_after_the_old_ones(site: SiteFolder) -> None:
    fill(site)
    before = [text for text in export(site) if b'"kind": "story"' in text]
    site.write("aaa.md", title="First by name", date="1999-01-01", body="<p>The oldest of all.")
    site.build(now=NOW + timedelta(days=1))
    assert [text for text in export(site) if b'"kind": "story"' in text][:-1] == before


def test_an_import_replaces_what_has_the_same_id_and_keeps_the_rest(site: SiteFolder) -> None:
    fill(site)
    lines = export(site)
    one, two = (next(text for text in lines if b'"kind": "story"' in text and name in text) for name in (b"2:", b"/2"))
    edited = json.loads(two) | {"published": "2020-01-01T00:00:00Z"}
    others = [text for text in export(site) if text != two]
    put_in(site, [lines[0], json.dumps(edited, ensure_ascii=False).encode()])
    assert one in export(site)
    assert set(others) < set(export(site))
    site.build(now=NOW + timedelta(days=1))
    assert site.items()["Two"]["date_published"] == "2020-01-01T00:00:00+00:00"


def test_an_import_makes_other_sites_of_the_ledger_look_again(site: SiteFolder) -> None:
    fill(site)
    config = feedpub.load_config(site.config, out=site.root / "second")
    feedpub.build(config, now=NOW, workers=1)
    lines = export(site)
    two = next(json.loads(text) for text in lines if b'"kind": "story"' in text and b"/2" in text)
    put_in(site, [lines[0], json.dumps(two | {"published": "2020-01-01T00:00:00Z"}).encode()])
    feedpub.build(config, now=NOW, workers=1)
    site.build()
    assert (site.out / "feed.json").read_bytes() == (site.root / "second/feed.json").read_bytes()
    assert site.items()["Two"]["date_published"] == "2020-01-01T00:00:00+00:00"


def test_lines_may_come_in_any_order_and_twice(site: SiteFolder) -> None:
    fill(site)
    head, *rest = export(site)
    shutil.rmtree(ledger_of(site).parent)
    put_in(site, [b"\xef\xbb\xbf" + head, b"\r\n", *reversed(rest)])
    assert sorted(export(site)) == sorted([head, *rest])
    put_in(site, [head, *rest])
    assert sorted(export(site)) == sorted([head, *rest])
    assert site.build().by_feed == {}


def test_names_of_all_kinds_can_be_moved(site: SiteFolder) -> None:
    site.write("新闻\u3000x/a\u00a0b\x7f.md", title="Odd", categories=["A\u00a0B\u3000C", "\N{PILE OF POO}"])
    (site.root / os.fsdecode(b"articles/\xff.md")).write_text("# Bytes\n\nWords.")
    site.build()
    before, lines = site.documents(), export(site)
    ledger_of(site).unlink()
    put_in(site, lines)
    assert site.build(now=NOW + timedelta(days=1)).by_feed == {}
    assert site.documents() == before


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"<<<<<<< ours", "is no JSON"),
        (b"[" * 100_000, "is no JSON"),
        (b"\xff", "is no JSON"),
        (b"[]", "is no JSON object"),
        (b"{}", '"kind" must be one of feed, story, file, told, heard'),
        (b'{"kind": []}', '"kind" must be one of'),
        (line("story", published="2024-03-01"), "'published' must be a date"),
        (line("story", published="2024-03-01T00:00:00"), "'published' must be a date"),
        (line("story", published="0001-01-01T00:00:00+14:00"), "'published' must be a date"),
        (line("story", published=None), "'published' must be a date"),
        (line("story", published=1), "'published' must be a date"),
        (line("story", settled=1), "'settled' must be true or false"),
        (line("story", id=""), "'id' must be an absolute IRI"),
        (line("story", id="tag:example.org,2022: 1"), "'id' must be an absolute IRI"),
        (line("story", id="tag:example.org,2022:新"), "'id' must be an absolute IRI"),
        (line("story", clean="aa"), "'clean' must be three digests"),
        (line("story", link="\ud800"), "'link' must be a text"),
        (line("story", titel="x"), "'titel' is unknown"),
        (b'{"kind": "story", "id": "tag:x"}', "'clean' is missing; 'early' is missing"),
        (line("feed", slug="../../etc"), "'slug' must be small letters"),
        (line("feed", slug=""), "'slug' cannot be ''"),
        (line("feed", slug="tags"), "'slug' cannot be 'tags'"),
        (line("feed", key=["category"]), "'slug' cannot be 'a'"),
        (line("feed", key=["author", "x"]), "'key' must be"),
        (line("feed", key=["category", "a\x1fb"]), "'key' must be"),
        (line("feed", key=["category", "B", "C"]), "the feed above it is neither"),
        (line("file", story="tag:nobody"), "names a story that is neither in the file nor in the ledger: tag:nobody"),
        (line("file", sources=[]), "'sources' must be a list"),
        (line("told", story="tag:nobody"), "names a story that is neither"),
        (
            line("heard", feed=["category"], stories={"tag:nobody": "2024-03-01T00:00:00Z"}),
            "names a story that is neither",
        ),
        (line("heard", stories=[]), "'stories' must be an object"),
        (line("heard"), "names a feed that is neither"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_imported(site: SiteFolder, text: bytes, why: str) -> None:
    fill(site)
    before = export(site)
    with pytest.raises(feedpub.ConfigError) as caught:
        put_in(site, [HEAD, line("story"), text])
    assert caught.value.problems[0].startswith("identities.jsonl: line 3: ")
    assert why in caught.value.problems[0]
    assert export(site) == before


def test_every_wrong_line_is_named(site: SiteFolder) -> None:
    with pytest.raises(feedpub.ConfigError) as caught:
        put_in(
            site, [HEAD, b"x", line("story"), line("story"), b"y", line("feed"), line("feed", key=["category", "B"])]
        )
    assert [problem.split(": ")[1] for problem in caught.value.problems] == ["line 2", "line 4", "line 5", "line 7"]
    assert not ledger_of(site).exists()


@pytest.mark.parametrize("head", [b"", b"{}", b"[]", b"# Notes", b'{"format": "feedpub ledger", "version": 2}'])
def test_what_is_no_export_is_said_once(site: SiteFolder, head: bytes) -> None:
    with pytest.raises(feedpub.ConfigError) as caught:
        put_in(site, [head, b"x", b"y"])
    assert len(caught.value.problems) == 1


def test_two_feeds_never_share_an_address_or_an_id(site: SiteFolder) -> None:
    site.write("a.md", categories=["A"])
    site.build()
    for same in (line("feed", key=["category", "B"]), line("feed", slug="b", id="tag:feeds.example.org,2022:category")):
        with pytest.raises(feedpub.ConfigError, match="another feed"):
            put_in(site, [HEAD, same])


def test_an_import_waits_for_no_run_and_an_export_for_nobody(site: SiteFolder) -> None:
    fill(site)
    lines = export(site)
    with lock.hold(ledger_of(site).with_name("ledger.sqlite3.lock")):
        with pytest.raises(feedpub.LockedError):
            put_in(site, lines)
        assert export(site) == lines


# The command


def test_the_command_shows_what_is_held(site: SiteFolder, capsys: Captured) -> None:
    fill(site)
    assert main(["ledger"]) == 0
    shown = capsys.readouterr().out
    assert "ledger.sqlite3: version 2, " in shown
    assert "remembers 4 stories, 4 names of files, 3 feeds\n" in shown
    assert "../articles → ../dist\n" in shown
    assert "6 files, 4 stories, 3 known to subscribers, 3 entries kept, 3 feeds, 13 documents" in shown
    assert "last run 2024-03-09T12:00:00Z" in shown
    assert main(["ledger", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["version"], told["stories"], told["names"], told["feeds"]) == (2, 4, 4, 3)
    assert told["sites"][0]["last_run"] == "2024-03-09T12:00:00Z"


@pytest.mark.parametrize("word", ["TWO.md", "news.example.org", "Two"])
def test_stories_are_found_by_name_link_and_title(site: SiteFolder, capsys: Captured, word: str) -> None:
    fill(site)
    assert main(["ledger", "show", word]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Two\n")
    assert "  file       two.md\n" in out
    assert main(["ledger", "show", word, "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["stories"]
    assert (found["title"], found["link"], found["files"]) == ("Two", "https://news.example.org/2", ["two.md"])


def test_of_many_stories_the_first_are_named(site: SiteFolder, capsys: Captured) -> None:
    for number in range(25):
        site.write(f"{number}.md", body=f"<p>{number}")
    site.build()
    assert main(["ledger", "show", ".md"]) == 0
    assert capsys.readouterr().out.endswith("… and 5 more; --json names them all\n")
    assert main(["ledger", "show", "nothing like that"]) == 0
    assert "no story has" in capsys.readouterr().out


def test_the_command_exports_and_imports(site: SiteFolder, capsysbinary: Any) -> None:
    fill(site)
    assert main(["ledger", "export", "identities.jsonl"]) == 0
    assert main(["ledger", "export"]) == 0
    text = (site.root / "identities.jsonl").read_bytes()
    assert capsysbinary.readouterr().out == text
    assert main(["ledger", "import", "identities.jsonl", "--ledger", "other.sqlite3"]) == 0
    assert b"4 stories added, 0 replaced, 0 others kept" in capsysbinary.readouterr().out
    assert main(["ledger", "export", "--ledger", "other.sqlite3", "again.jsonl"]) == 0
    assert (site.root / "again.jsonl").read_bytes() == text
    assert sorted(path.name for path in site.root.iterdir() if "unfinished" in path.name) == []


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["ledger"], 2, "there is no ledger yet"),
        (["ledger", "export"], 2, "there is no ledger yet"),
        (["ledger", "show", "--ledger", "articles"], 2, "is no file"),
        (["ledger", "show", "--ledger", "feedpub.toml"], 2, "is no ledger"),
        (["ledger", "import", "missing.jsonl"], 2, "does not exist"),
        (["ledger", "import", "feedpub.toml"], 2, "is no export of a ledger"),
        (["ledger", "import"], 2, "required: FILE"),
    ],
)
def test_what_cannot_be_done_is_said(
    site: SiteFolder, capsys: Captured, arguments: list[str], code: int, said: str
) -> None:
    assert main(arguments) == code
    assert said in capsys.readouterr().err
    assert not ledger_of(site).exists()


def test_an_export_never_replaces_the_ledger_or_a_folder(site: SiteFolder, capsys: Captured) -> None:
    fill(site)
    assert main(["ledger", "export", ".feedpub/ledger.sqlite3"]) == 2
    assert main(["ledger", "export", "articles"]) == 3
    assert main(["ledger"]) == 0


# Damage


def text_in_its_place(path: Path) -> None:
    path.write_bytes(b"no database at all" * 100)


def a_word_in_its_place(path: Path) -> None:
    path.write_text("words")


def cut_short(path: Path) -> None:
    os.truncate(path, 3 * path.stat().st_size // 4)


def cut_to_nothing(path: Path) -> None:
    os.truncate(path, 0)


def only_a_beginning(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\x00 but broken")


def zeros_in_the_middle(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(bytes(path.stat().st_size - 8192))


def a_part_is_missing(path: Path) -> None:
    change(path, "DROP TABLE story")


def a_column_is_missing(path: Path) -> None:
    change(path, "ALTER TABLE story DROP COLUMN told")


def no_dates(path: Path) -> None:
    change(path, "UPDATE memory SET published = 'soon'")


def dates_beyond_the_calendar(path: Path) -> None:
    change(path, "UPDATE memory SET published = 1 << 60")


def no_text(path: Path) -> None:
    change(path, "UPDATE file SET title = CAST(x'ff' AS TEXT)")


def no_list(path: Path) -> None:
    change(path, "UPDATE feed SET shown = '[1, 2'")


def unknown_stories(path: Path) -> None:
    change(path, "UPDATE feed SET told = '[[99, 1]]'")


def no_pairs(path: Path) -> None:
    change(path, "UPDATE feed SET told = '[1, 2]'")


def lost_files(path: Path) -> None:
    change(path, "DELETE FROM file")


def one_id_for_all(path: Path) -> None:
    change(path, "DROP INDEX memory_id", "UPDATE memory SET id = 'tag:x'")


def of_a_version_that_never_was(path: Path) -> None:
    change(path, "PRAGMA user_version = -3")


DAMAGE = [
    *(
        text_in_its_place,
        a_word_in_its_place,
        cut_short,
        cut_to_nothing,
        only_a_beginning,
        zeros_in_the_middle,
        a_part_is_missing,
    ),
    *(a_column_is_missing, no_dates, dates_beyond_the_calendar, no_text, no_list, unknown_stories, no_pairs),
    *(lost_files, one_id_for_all, of_a_version_that_never_was),
]


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_ledger_is_moved_aside_and_a_new_one_begun(
    site: SiteFolder, damage: Callable[[Path], None], capsys: Captured
) -> None:
    site.write("a.md", date="2024-03-01", categories=["A"])
    site.write("b.md", date="2024-03-02", tags=["x"])
    site.build()
    before, path = site.documents(), ledger_of(site)
    damage(path)
    damaged = path.read_bytes()
    assert main(["build", "--dry-run"]) == 0
    assert "ledger.sqlite3: the ledger is damaged (" in capsys.readouterr().err
    assert path.read_bytes() == damaged
    assert main(["ledger", "export"]) == 2
    assert main(["build"]) == 0
    err = capsys.readouterr().err
    assert "it was moved to ledger.sqlite3.damaged-1, and a new one begun" in err
    assert path.with_name("ledger.sqlite3.damaged-1").read_bytes() == damaged
    assert site.documents() == before
    assert main(["build"]) == 0
    assert capsys.readouterr().err == ""
    text_in_its_place(path)
    assert main(["build", "-q"]) == 0
    names = {"ledger.sqlite3", "ledger.sqlite3.lock", "ledger.sqlite3.damaged-1", "ledger.sqlite3.damaged-2"}
    assert {each.name for each in path.parent.iterdir()} == names


@pytest.mark.parametrize("told", [True, False])
def test_wherever_a_ledger_is_damaged_a_run_ends_well(site: SiteFolder, told: bool) -> None:
    for number in range(30):
        site.write(f"{number}.md", date="2024-03-01", categories=[f"C{number % 3}"], body=f"<p>{number} words")
    site.build()
    before, path, dice = site.documents(), ledger_of(site), random.Random(4)
    sound = path.read_bytes()
    for start in range(0, len(sound), len(sound) // 12):
        damage(path, sound, start, dice.randbytes(600), told=told)
        try:
            report = site.build(fresh=not told)
        except feedpub.FeedpubError:
            assert not told
            report = site.build()
            assert report.notices
        if told or report.notices:
            assert site.documents() == before, start


def damage(path: Path, sound: bytes, start: int, noise: bytes, *, told: bool) -> None:
    """Write *noise* into a *sound* ledger; unless it is *told*, as a disk does that forgets: nothing shows it."""
    path.write_bytes(sound[:start] + noise + sound[start + len(noise) :])
    path.with_name("ledger.sqlite3.lock").write_text("" if told else stamp_of(path))


def test_a_ledger_of_a_newer_version_is_moved_aside(site: SiteFolder, capsys: Captured) -> None:
    fill(site)
    before = site.documents()
    change(ledger_of(site), "PRAGMA user_version = 99")
    assert main(["build", "--now", NOW.isoformat()]) == 1
    assert "the ledger is of version 99, and this feedpub knows version 2; it was moved" in capsys.readouterr().err
    assert ledger_of(site).with_name("ledger.sqlite3.newer-1").is_file()
    assert site.documents() == before


@pytest.mark.parametrize("version", [0, 1, 2, 99])
def test_a_base_of_somebody_else_is_refused_and_left(site: SiteFolder, version: int) -> None:
    site.write("a.md")
    ledger_of(site).parent.mkdir()
    change(ledger_of(site), "CREATE TABLE bookmarks (url)", f"PRAGMA user_version = {version}")
    before = ledger_of(site).read_bytes()
    for options in ({}, {"dry_run": True}):
        with pytest.raises(feedpub.ConfigError, match="somebody else's"):
            site.build(**options)
    assert ledger_of(site).read_bytes() == before
    assert not site.out.exists()


def test_a_file_that_was_named_by_mistake_is_refused_and_left(site: SiteFolder) -> None:
    path = site.write("a.md")
    config = feedpub.load_config(site.config, ledger=path)
    before = path.read_bytes()
    with pytest.raises(feedpub.ConfigError, match="is no ledger"):
        feedpub.build(config)
    assert path.read_bytes() == before


def test_what_is_no_file_is_refused(site: SiteFolder) -> None:
    os.mkfifo(site.root / "pipe")
    for place in (site.root / "pipe", site.root / "articles", Path(os.devnull)):
        for options in ({}, {"dry_run": True}):
            with pytest.raises(feedpub.ConfigError):
                feedpub.build(feedpub.load_config(site.config, ledger=place), **options)


def test_an_empty_file_becomes_a_ledger(site: SiteFolder) -> None:
    ledger_of(site).parent.mkdir()
    ledger_of(site).touch()
    assert site.build().notices == ()


def test_a_ledger_may_be_a_link(site: SiteFolder) -> None:
    (site.root / "disk").mkdir()
    ledger_of(site).parent.mkdir()
    ledger_of(site).symlink_to("../disk/real.sqlite3")
    site.write("a.md")
    site.build()
    text_in_its_place(site.root / "disk/real.sqlite3")
    assert site.build().notices
    assert ledger_of(site).is_symlink()
    assert {path.name for path in (site.root / "disk").iterdir()} == {"real.sqlite3", "real.sqlite3.damaged-1"}


def test_another_program_that_is_at_work_with_it_is_waited_for_and_named(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.write("a.md")
    site.build()
    monkeypatch.setattr("feedpub.ledger.opening._PATIENCE", 0.1)
    site.write("b.md")
    with closing(sqlite3.connect(ledger_of(site))) as base:
        base.execute("BEGIN EXCLUSIVE")
        with pytest.raises(feedpub.LockedError, match="another program"):
            site.build()
        base.rollback()
    assert site.build().articles.new == 1


@pytest.mark.parametrize("ending", ["-wal", "-shm", "-journal"])
def test_what_lies_beside_a_ledger_does_no_harm(site: SiteFolder, ending: str) -> None:
    site.write("a.md")
    site.build()
    before = site.documents()
    Path(f"{ledger_of(site)}{ending}").write_bytes(os.urandom(5000))
    report = site.build(now=NOW + timedelta(days=1))
    assert (report.notices, report.articles.new) == ((), 0)
    assert site.documents() == before


def test_what_a_killed_run_stored_last_is_still_there(site: SiteFolder) -> None:
    site.write("a.md")
    site.build()
    with closing(sqlite3.connect(ledger_of(site))) as base:
        base.execute("UPDATE memory SET published = 0")
        base.commit()
        # As a kill leaves it: what was committed is in the log alone.
        for name in ("ledger.sqlite3", "ledger.sqlite3-wal"):
            shutil.copy(ledger_of(site).with_name(name), site.root)
    for name in ("ledger.sqlite3", "ledger.sqlite3-wal"):
        shutil.move(site.root / name, ledger_of(site).with_name(name))
    report = site.build(fresh=True)
    assert report.notices == ()
    assert site.items()["a.md"]["date_published"] == "1970-01-01T00:00:00+00:00"


def test_damage_that_nothing_shows_is_found_by_the_run_after(site: SiteFolder) -> None:
    site.write("a.md", date="2024-03-01")
    site.build()
    before, path = site.documents(), ledger_of(site)
    with closing(sqlite3.connect(path)) as base:
        (page,) = base.execute("SELECT rootpage FROM sqlite_master WHERE name = 'story'").fetchone()
        (size,) = base.execute("PRAGMA page_size").fetchone()
    damage(path, path.read_bytes(), (page - 1) * size, bytes(size), told=False)
    for options in ({"dry_run": True}, {}):
        path.with_name("ledger.sqlite3.lock").write_text(stamp_of(path))
        with pytest.raises(feedpub.ConfigError, match="Run again"):
            site.build(fresh=True, **options)
    assert site.build().notices
    assert site.documents() == before


@pytest.mark.parametrize("error", [RuntimeError, sqlite3.IntegrityError, sqlite3.ProgrammingError])
def test_a_mistake_of_ours_is_not_blamed_on_the_ledger(site: SiteFolder, error: type[Exception]) -> None:
    site.write("a.md")
    site.build()
    with pytest.raises(error), open_base(ledger_of(site), private=False):
        raise error
    assert site.build().notices == ()


def stamp_of(path: Path) -> str:
    state = path.stat()
    return f"{state.st_size} {state.st_mtime_ns} {state.st_ino}"


# Version 1

_VERSION_1 = """
CREATE TABLE memory (
    place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, own TEXT NOT NULL, link TEXT NOT NULL, text TEXT NOT NULL,
    visible TEXT NOT NULL, published INTEGER NOT NULL, updated INTEGER NOT NULL, said INTEGER,
    settled INTEGER NOT NULL, early INTEGER NOT NULL
);
CREATE TABLE channel (key TEXT PRIMARY KEY, slug TEXT NOT NULL, id TEXT NOT NULL);
CREATE TABLE name (source TEXT, name TEXT, id TEXT NOT NULL, PRIMARY KEY (source, name));
CREATE TABLE file (out TEXT, name TEXT, id TEXT NOT NULL, bytes TEXT NOT NULL, PRIMARY KEY (out, name));
CREATE TABLE live (out TEXT, id TEXT, updated INTEGER NOT NULL, PRIMARY KEY (out, id));
CREATE TABLE document (out TEXT, path TEXT, digest TEXT NOT NULL, PRIMARY KEY (out, path));
PRAGMA user_version = 1;
"""


def set_back(path: Path) -> None:
    """Make a ledger one of version 1, as that would have written it."""
    with closing(sqlite3.connect(path)) as new:
        rows = {
            "memory": "SELECT place, id, coalesce(own, ''), coalesce(link, ''), text, visible, published, updated,"
            " said, settled, early FROM memory",
            "channel": "SELECT key, slug, id FROM channel",
            "name": "SELECT sources, folder.name || file.name, memory.id FROM file JOIN folder ON folder.id = folder"
            " JOIN site ON site.id = site JOIN memory ON memory.place = story",
            "file": "SELECT out, folder.name || file.name, memory.id, bytes FROM file JOIN folder ON folder.id = folder"
            " JOIN site ON site.id = site JOIN memory ON memory.place = story",
            "live": "SELECT out, memory.id, told FROM story JOIN site ON site.id = site JOIN memory USING (place)"
            " WHERE told NOT NULL",
            "document": "SELECT out, path, digest FROM document JOIN site ON site.id = site",
        }
        found = {table: new.execute(query).fetchall() for table, query in rows.items()}
    path.unlink()
    with closing(sqlite3.connect(path)) as old:
        old.executescript(_VERSION_1)
        for table, values in found.items():
            marks = ", ".join("?" * len(values[0]))
            old.executemany(f"INSERT INTO {table} VALUES ({marks})", values)
        old.commit()


def test_a_ledger_of_the_first_version_is_taken_over(site: SiteFolder, capsys: Captured) -> None:
    site.write("one.md", title="One", categories=["A"], body="<p>The first story.")
    site.write("sub/two.md", title="Two", id="2", link="https://news.example.org/2", categories=["金融", "A"])
    site.write("b.md", title="Three", categories=["a"], body="<p>Another one altogether.")
    (site.root / "second").mkdir()
    (site.root / "second/one.md").write_text("# Four\n\nWords of another source.")
    site.configure('[[source]]\npath = "second"')
    site.build()
    before = site.documents()
    change(ledger_of(site), "UPDATE channel SET slug = 'b' WHERE slug = 'a-2'")
    set_back(ledger_of(site))
    site.out.joinpath("a-2").rename(site.out / "b")
    assert main(["ledger"]) == 0
    assert "version 1, " in capsys.readouterr().out
    report = site.build(now=NOW + timedelta(days=1))
    assert report.notices == ()
    assert {report.articles.new, report.articles.changed, report.articles.removed} == {0}
    assert (report.entries.new, report.entries.updated, report.entries.gone) == ((), (), ())
    assert "" not in report.by_feed
    after = site.documents()
    assert {path for path in after if path.startswith(("a-2/", "b/"))} == {
        f"b/{name}" for name in ("rss.xml", "atom.xml", "feed.json", "index.html")
    }
    shared = [path for path in before if not path.startswith("a-2/") and path not in {"index.html", "feeds.opml"}]
    assert [path for path in shared if before[path] != after[path]] == []
    assert site.build(now=NOW + timedelta(days=2)).by_feed == {}


def test_a_first_version_that_lacks_a_part_is_moved_aside(site: SiteFolder) -> None:
    site.write("a.md", date="2024-03-01")
    site.build()
    before = site.documents()
    set_back(ledger_of(site))
    change(ledger_of(site), "DROP TABLE live")
    assert "no such table" in site.build().notices[0]
    assert site.documents() == before

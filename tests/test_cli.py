"""The command line: arguments, output and exit codes."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from feedpub import lock
from feedpub.arguments.parser import Parser
from feedpub.cli import main
from feedpub.voice import Voice
from tests.sites import SiteFolder

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SiteFolder:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FEEDPUB_CONFIG", raising=False)
    return SiteFolder(tmp_path).configure()


def test_build_finds_the_configuration_and_says_one_line(site: SiteFolder, capsys: Captured) -> None:
    site.write("a.md", categories=["A"])
    assert main(["build"]) == 0
    out, err = capsys.readouterr()
    assert re.fullmatch(
        r"1 article \(1 new, 0 changed, 0 removed\), 2 feeds \(2 written\), 9 of 9 documents written,"
        r" subscribers see 1 new, 0 updated, 0 gone, \d+\.\d s\n",
        out,
    )
    assert err == ""


def test_json_has_the_numbers_that_scripts_rely_on(site: SiteFolder, capsys: Captured) -> None:
    site.write("a.md", body="<p>1")
    site.write("b.md", draft=True)
    site.write_raw("c.md", "")
    assert main(["build", "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["articles"] == {
        "seen": 3,
        "new": 2,
        "changed": 0,
        "removed": 0,
        "quarantined": [{"path": "c.md", "reason": report["articles"]["quarantined"][0]["reason"]}],
    }
    assert report["feeds"] == {"total": 1, "written": 1, "unchanged": 0}
    assert report["documents"] == {"total": 5, "written": 5, "unchanged": 0, "removed": 0}
    assert report["entries"] == {"new": [site.items()["a.md"]["id"]], "updated": [], "gone": []}
    assert isinstance(report["seconds"], float)
    assert report["by_feed"] == {"": report["entries"]}
    assert set(report) == {"articles", "feeds", "documents", "entries", "by_feed", "seconds"}


def test_json_tells_what_changed_between_two_runs(site: SiteFolder, capsys: Captured) -> None:
    site.configure("[feeds]\nmax_loss = 1")
    paths = {name: site.write(name, body=f"<p>{name}") for name in ("a.md", "b.md", "c.md")}
    main(["build", "-q"])
    ids = {title: item["id"] for title, item in site.items().items()}
    paths["a.md"].unlink()
    site.write("b.md", body="<p>other")
    site.write("d.md", body="<p>d")
    capsys.readouterr()
    assert main(["build", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["articles"] == {"seen": 3, "new": 1, "changed": 1, "removed": 1, "quarantined": []}
    assert report["entries"] == {"new": [site.items()["d.md"]["id"]], "updated": [ids["b.md"]], "gone": [ids["a.md"]]}
    assert report["by_feed"] == {"": report["entries"]}


def test_quarantine_is_named_on_standard_error(site: SiteFolder, capsys: Captured) -> None:
    for number in range(25):
        site.write_raw(f"{number:02}.md", "")
    assert main(["build"]) == 1
    err = capsys.readouterr().err.splitlines()
    assert err[0].startswith("00.md: ")
    assert err[-1] == "… and 5 more; -v names them all"
    assert main(["build", "-v"]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 25


def test_what_was_mended_is_said_when_asked(site: SiteFolder, capsys: Captured) -> None:
    site.write_raw("a.md", "---\ntitle: one: two: three\n---\nWords.")
    assert main(["build"]) == 0
    out, err = capsys.readouterr()
    assert ("1 mended" in out, err) == (True, "")
    main(["build", "-v"])
    assert capsys.readouterr().err.startswith("a.md: ")


def test_messages_can_be_json(site: SiteFolder, capsys: Captured) -> None:
    site.write_raw("a.md", "")
    main(["build", "--log-format", "json"])
    message = json.loads(capsys.readouterr().err)
    assert (message["level"], message["path"]) == ("warning", "a.md")


def test_quiet_says_nothing_but_errors(site: SiteFolder, capsys: Captured) -> None:
    site.write_raw("a.md", "")
    assert main(["build", "-q"]) == 1
    assert capsys.readouterr() == ("", "")
    site.config.write_text("[sites]")
    assert main(["build", "-q"]) == 2
    assert "sites" in capsys.readouterr().err


def test_no_configuration_is_needed_to_have_a_look(site: SiteFolder, capsys: Captured) -> None:
    site.config.unlink()
    site.write("a.md")
    assert main(["build", "--source", "articles", "--out", "feeds"]) == 0
    assert "no configuration" in capsys.readouterr().err
    assert (site.root / "feeds/rss.xml").is_file()
    assert sorted(path.name for path in (site.root / ".feedpub").iterdir()) == ["feeds.sqlite3", "feeds.sqlite3.lock"]


def test_without_anything_the_way_on_is_said(site: SiteFolder, capsys: Captured) -> None:
    site.config.unlink()
    assert main(["build"]) == 2
    assert "feedpub init" in capsys.readouterr().err


def test_options_go_before_the_configuration(site: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    site.write("a.md")
    (site.root / "others").mkdir()
    (site.root / "others/b.md").write_text("# B\n\nWords.")
    monkeypatch.setenv("FEEDPUB_CONFIG", str(site.config))
    monkeypatch.chdir("/")
    options = ["--source", f"{site.root}/others", "--out", f"{site.root}/o", "--ledger", f"{site.root}/l.sqlite3"]
    assert main(["build", *options, "--fresh", "-q"]) == 0
    assert "<title>B</title>" in (site.root / "o/rss.xml").read_text()
    assert (site.root / "l.sqlite3").is_file()
    assert not site.out.exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["build", "-c", "missing.toml"], 2),
        (["build", "--source", "missing", "--out", "o"], 2),
        (["build", "--now", "tomorrow"], 2),
        (["build", "--now", "2024-03-01T00:00:00"], 2),
        (["build", "--now", "0001-01-01T00:00:00+08:00"], 2),
        (["build", "--workers", "0"], 2),
        (["build", "--nonsense"], 2),
        (["build", "--dry"], 2),
        (["build", "--log-format", "xml"], 2),
        (["bild"], 2),
        (["--nonsense", "build"], 2),
        (["--version"], 0),
        (["--help"], 0),
        (["explain"], 2),
        (["explain", "a.md", "--now", "tomorrow"], 2),
        (["explain", "a.md", "-c", "missing.toml"], 2),
        (["sanitise", "a.html", "b.html"], 2),
        (["ledger", "show", "a", "b"], 2),
        (["ledger", "move"], 2),
        (["ledger", "--help"], 0),
    ],
)
def test_wrong_use_is_two_and_help_is_nought(site: SiteFolder, arguments: list[str], code: int) -> None:
    assert main(arguments) == code
    assert not site.out.exists()


@pytest.mark.parametrize(
    "command", ["init", "build", "explain", "sanitise", "ledger", "ledger show", "ledger export", "ledger import"]
)
def test_the_help_of_each_command_teaches_and_fits_a_terminal(site: SiteFolder, capsys: Captured, command: str) -> None:
    assert main([*command.split(), "--help"]) == 0
    text = capsys.readouterr().out
    assert text.startswith(f"usage: feedpub {command} ")
    assert f"\nExample: feedpub {command} " in text
    assert "\nexit codes:\n  0    " in text
    assert max(map(len, text.splitlines())) < 80


def test_feedpub_alone_says_what_there_is(capsys: Captured) -> None:
    assert main([]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "Write a commented feedpub.toml" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["bild"], "feedpub: unknown command: bild; did you mean build?"),
        (["zzz"], "feedpub: unknown command: zzz"),
        (["--versoin"], "feedpub: unknown option: --versoin; did you mean --version?"),
        (["build", "--worker", "3"], "feedpub build: unknown option: --worker; did you mean --workers?"),
        (["build", "--ledgr=x"], "feedpub build: unknown option: --ledgr; did you mean --ledger?"),
        (["build", "articles"], "feedpub build: unexpected argument: articles"),
        (["explain", "--jsn", "a.md", "b.md"], "feedpub explain: unknown option: --jsn; did you mean --json?"),
        (["explain"], "feedpub explain: the following arguments are required: ARTICLE"),
        (
            ["build", "--workers", "0"],
            "feedpub build: argument --workers: must be a whole number, 1 or more; got '0'",
        ),
    ],
)
def test_wrong_use_names_what_was_meant_and_where_to_read_on(
    capsys: Captured, arguments: list[str], message: str
) -> None:
    assert main(arguments) == 2
    command = message.partition(":")[0]
    assert capsys.readouterr() == ("", f"{message}\n{command} --help says what there is\n")


def make_group(*, default: str = "") -> Parser:
    """A program with a group of two commands, as `feedpub ledger` may be one."""
    program = Parser(prog="feedpub")
    group = program.add_command("books", usage="COMMAND", summary="Keep books", example="show", exits={0: "well"})
    for name in ("show", "import"):
        group.add_command(name, usage="[FILE]", summary=name, example="a", exits={0: "well"}).add_argument(
            "file", nargs="?"
        )
    group.choose_by_default(default)
    return program


@pytest.mark.parametrize(
    ("arguments", "default", "said"),
    [
        (["books", "import", "a"], "", {"command": "books import", "file": "a"}),
        (["books", "import", "a"], "show", {"command": "books import", "file": "a"}),
        (["books"], "show", {"command": "books show", "file": None}),
    ],
)
def test_commands_can_be_groups(arguments: list[str], default: str, said: dict[str, object]) -> None:
    assert vars(make_group(default=default).parse_args(arguments)) == said


@pytest.mark.parametrize(
    ("arguments", "default", "message"),
    [
        (["books"], "", "usage: feedpub books COMMAND\n"),
        (["books", "imprt"], "show", "feedpub books: unknown command: imprt; did you mean import?\n"),
        (["books", "--fil"], "show", "feedpub books show: unknown option: --fil\n"),
        (["books", "--hepl"], "", "feedpub books: unknown option: --hepl; did you mean --help?\n"),
    ],
)
def test_a_group_is_told_which_command_is_meant(
    capsys: Captured, arguments: list[str], default: str, message: str
) -> None:
    with pytest.raises(SystemExit) as end:
        make_group(default=default).parse_args(arguments)
    assert end.value.code == 2
    assert capsys.readouterr().err.startswith(message)


def test_too_great_a_loss_is_four_and_a_lock_seventy_five(site: SiteFolder, capsys: Captured) -> None:
    paths = [site.write(name, body=name) for name in ("a.md", "b.md", "c.md")]
    assert main(["build"]) == 0
    paths[0].unlink()
    paths[1].unlink()
    assert main(["build"]) == 4
    assert "2 of 3 articles would vanish" in capsys.readouterr().err
    assert main(["build", "--allow-loss"]) == 0
    assert set(site.items()) == {"c.md"}
    assert main(["build"]) == 0
    with lock.hold(site.root / ".feedpub/ledger.sqlite3.lock"):
        assert main(["build"]) == 75


def test_an_output_that_cannot_be_written_is_three(site: SiteFolder) -> None:
    site.write("a.md")
    site.out.write_text("a file where a folder has to be")
    assert main(["build"]) == 3


def test_a_dry_run_says_so(site: SiteFolder, capsys: Captured) -> None:
    site.write("a.md", date="2999-01-01")
    assert main(["build", "--dry-run"]) == 0
    assert capsys.readouterr().out.startswith("dry run: 1 article")
    assert not site.out.exists()


def test_a_dry_run_says_what_the_subscribers_of_each_feed_would_see(site: SiteFolder, capsys: Captured) -> None:
    site.configure("[feeds]\nmax_loss = 1")
    paths = [site.write(name, body=name, categories=["金融", name[0]]) for name in ("a.md", "b.md", "c.md")]
    main(["build", "-q"])
    ids = {title: item["id"] for title, item in site.items().items()}
    site.write("a.md", body="other words", categories=["金融", "a"])
    paths[1].unlink()
    site.write("d.md", body="<p>d", categories=["金融"])
    assert main(["build", "--dry-run"]) == 0
    summary, *feeds = capsys.readouterr().out.splitlines()
    assert ", subscribers would see 1 new, 1 updated, 1 gone, " in summary
    assert feeds == [
        "  all articles: 1 new, 1 updated, 1 gone",
        "  jin-rong: 1 new, 1 updated, 1 gone",
        "  jin-rong/a: 0 new, 1 updated, 0 gone",
        "  jin-rong/b: 0 new, 0 updated, 1 gone",
    ]
    assert main(["build", "-v"]) == 0
    summary, *lines = capsys.readouterr().out.splitlines()
    new = f"  new: {site.items()['d.md']['id']}"
    assert lines == [*feeds, new, f"  updated: {ids['a.md']}", f"  gone: {ids['b.md']}"]


def test_of_many_feeds_the_first_are_named(site: SiteFolder, capsys: Captured) -> None:
    for number in range(30):
        site.write(f"{number}.md", body=f"<p>{number}", categories=[f"C{number:02}"])
    assert main(["build", "--dry-run", "-v"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:3] == ["  all articles: 30 new, 0 updated, 0 gone", "  c00: 1 new, 0 updated, 0 gone"]
    assert lines[21] == "  … and 11 more feeds; --json names them all"
    assert lines[42:] == ["  … and 10 more new ones; --json names them all"]


def test_a_fresh_build_works_everything_out_anew_and_comes_to_the_same(site: SiteFolder, capsys: Captured) -> None:
    site.write("a.md", categories=["A"])
    main(["build", "-q"])
    before = site.documents()
    assert main(["build", "--fresh"]) == 0
    assert "(0 new, 0 changed, 0 removed), 2 feeds (0 written)" in capsys.readouterr().out
    assert site.documents() == before


def test_a_folder_without_articles_is_said_to_be_one(site: SiteFolder, capsys: Captured) -> None:
    assert main(["build"]) == 0
    assert "no article was found" in capsys.readouterr().err


def test_init_writes_a_configuration_that_builds(tmp_path: Path, capsys: Captured) -> None:
    assert main(["init", str(tmp_path / "new")]) == 0
    assert "feedpub build -c" in capsys.readouterr().out
    assert main(["build", "-q", "-c", str(tmp_path / "new/feedpub.toml")]) == 0
    assert main(["init", str(tmp_path / "new")]) == 2


def test_what_somebody_changed_is_named(site: SiteFolder, capsys: Captured) -> None:
    site.write("a.md", categories=["A"])
    main(["build"])
    (site.out / "a/rss.xml").write_text("mine")
    site.write("a.md", categories=["B"])
    main(["build"])
    assert "a/rss.xml: no longer wanted" in capsys.readouterr().err


def test_python_m_feedpub_is_the_same_command() -> None:
    done = subprocess.run([sys.executable, "-m", "feedpub", "--version"], capture_output=True, text=True, check=True)
    assert re.fullmatch(r"feedpub \d+\.\d+\.\d+\n", done.stdout)


#: What takes longer to load than the version to be said.
HEAVY = "bs4 dataclasses importlib.metadata inspect json lxml orjson pathlib rich sqlite3 yaml"


@pytest.mark.parametrize("arguments", [["--version"], ["build", "--help"], ["build", "--wrokers", "2"]])
def test_what_needs_no_article_loads_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys; before = set(sys.modules); from feedpub.cli import main;"
        f" main({arguments!r}); print(*(sys.modules.keys() - before), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stderr.splitlines()[-1].split())
    assert "feedpub.cli" in loaded
    assert not loaded & {*HEAVY.split(), "feedpub.config", "feedpub.sanitiser"}


def test_a_configuration_is_loaded_without_the_sanitiser() -> None:
    code = "import sys, feedpub.config; sys.exit(any(name in sys.modules for name in ('lxml', 'feedpub.sanitiser')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def run_in_terminal(*arguments: str) -> tuple[int, str]:
    """Run feedpub with a terminal for its output, and give what it showed there."""
    leader, follower = pty.openpty()
    environment = {key: value for key, value in os.environ.items() if key not in {"NO_COLOR", "TERM"}}
    with subprocess.Popen(
        [sys.executable, "-m", "feedpub", *arguments],
        stdout=follower,
        stderr=follower,
        env=environment | {"TERM": "xterm", "COLUMNS": "100"},
    ) as process:
        os.close(follower)
        shown = b""
        while True:
            try:
                piece = os.read(leader, 4096)
            except OSError:  # Linux says so at the end of a terminal.
                break
            if not piece:
                break
            shown += piece
    os.close(leader)
    return process.returncode, re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode())


@pytest.mark.parametrize(("patience", "shown"), [(0.0, True), (3600.0, False)])
def test_long_work_has_a_progress_bar(monkeypatch: pytest.MonkeyPatch, patience: float, shown: bool) -> None:
    leader, follower = pty.openpty()
    monkeypatch.setenv("TERM", "xterm")
    with open(follower, "w") as terminal, open(leader, "rb", buffering=0) as screen:
        monkeypatch.setattr(sys, "stderr", terminal)
        with Voice(patience=patience).progress() as progress:
            progress("reading", 50, 100)
            progress("reading", 100, 100)
        terminal.flush()
        # Something is there to read in any case; a terminal gives it in pieces.
        terminal.write("end")
        terminal.flush()
        seen = b""
        while b"end" not in seen:
            seen += screen.read(4096)
        assert (b"reading" in seen) == shown


def test_in_a_terminal_there_is_a_table(site: SiteFolder) -> None:
    site.write("a.md", categories=["A"])
    code, shown = run_in_terminal("build", "-c", str(site.config))
    assert code == 0
    assert "subscribers see" in shown
    assert "1 new, 0 updated, 0 gone" in shown
    assert "what the subscribers of each feed see" in shown
    assert "all articles" in shown

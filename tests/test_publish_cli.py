"""`feedpub publish`: arguments, output and exit codes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedpub import lock
from feedpub.cli import main
from tests.publishing import Press

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def press(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Press:
    monkeypatch.delenv("FEEDPUB_CONFIG", raising=False)
    press = Press(tmp_path / "one", f"file://{tmp_path}/bucket").fill(a="1", b="2")
    monkeypatch.chdir(press.root)
    assert press.config
    return press


def said(capsys: Captured) -> str:
    out, err = capsys.readouterr()
    assert err == ""
    return re.sub(r"\d+\.\d s$", "0.0 s", out.rstrip())


def test_what_happens_is_one_line(press: Press, capsys: Captured) -> None:
    assert main(["publish"]) == 0
    assert said(capsys) == f"published 2 documents to {press.to} (2 new), 0 unchanged, 0 requests, 0.0 s"
    assert main(["publish"]) == 0
    assert said(capsys) == f"nothing to publish to {press.to}, 2 unchanged, 0 requests, 0.0 s"
    press.fill(a="3", c="4")
    (press.out / "b/rss.xml").unlink()
    assert main(["publish", "--dry-run"]) == 0
    assert said(capsys) == (
        "put     a/rss.xml  changed\nput     c/rss.xml  new\nkeep    b/rss.xml  gone\n"
        f"dry run: would publish 2 documents to {press.to} (1 changed, 1 new), 0 unchanged,"
        " 1 not wanted any more (--delete removes them), 0 requests, 0.0 s"
    )
    assert main(["publish", "-q"]) == 0
    assert said(capsys) == ""
    assert main(["publish", "--delete", "-v"]) == 0
    assert said(capsys) == (
        f"delete  b/rss.xml  gone\npublished 0 documents to {press.to}, 1 deleted, 2 unchanged, 0 requests, 0.0 s"
    )
    assert main(["publish", "--rollback"]) == 0
    assert "published 1 document to" in said(capsys)
    assert main(["publish", "--force"]) == 0
    assert "(2 forced)" in said(capsys)


def test_json_has_the_numbers_that_scripts_rely_on(press: Press, capsys: Captured) -> None:
    assert main(["publish", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report.pop("seconds") >= 0
    assert report == {
        "target": press.to,
        "plan": [
            {"key": "a/rss.xml", "action": "put", "reason": "new"},
            {"key": "b/rss.xml", "action": "put", "reason": "new"},
        ],
        "uploaded": 2,
        "deleted": 0,
        "unchanged": 0,
        "requests": 0,
        "bytes": 24,
        "changed": ["https://feeds.example.org/a/rss.xml", "https://feeds.example.org/b/rss.xml"],
    }
    assert main(["publish", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["plan"] == []


def test_too_many_deletes_are_four_and_everything_else_is_done(press: Press, capsys: Captured) -> None:
    press.more = "max_deletes = 0"
    assert press.config
    main(["publish"])
    press.fill(c="3")
    (press.out / "a/rss.xml").unlink()
    capsys.readouterr()
    for of in (2, 3):
        assert main(["publish", "--delete"]) == 4
        assert f"1 of {of} documents would be deleted" in capsys.readouterr().err
    assert set(press.public()) == {"a/rss.xml", "b/rss.xml", "c/rss.xml"}
    assert main(["publish", "--delete", "--allow-loss"]) == 0
    assert set(press.public()) == {"b/rss.xml", "c/rss.xml"}


def test_the_ways_to_fail_have_their_codes(press: Press, capsys: Captured) -> None:
    assert main(["publish", "--rollback"]) == 2
    assert "no earlier generation" in capsys.readouterr().err
    with lock.hold(press.root / ".feedpub/ledger.sqlite3.lock"):
        assert main(["publish"]) == 75
    Path(press.to.removeprefix("file://")).write_text("a file")
    assert main(["publish"]) == 3
    assert main(["publish", "--to", "s3://a:b@bucket"]) == 2
    assert "a:b" not in capsys.readouterr().err
    (press.root / "feedpub.toml").unlink()
    assert main(["publish"]) == 2
    assert "feedpub init" in capsys.readouterr().err


def test_a_glance_at_a_held_ledger_is_seventy_five(press: Press) -> None:
    main(["publish"])
    with lock.hold(press.root / ".feedpub/ledger.sqlite3.lock"):
        assert main(["publish"]) == 75


def test_another_target_and_another_folder_are_never_mixed_up(press: Press, capsys: Captured) -> None:
    main(["publish"])
    assert main(["publish", "--to", f"{press.to}2"]) == 0
    (press.root / "other").mkdir()
    (press.root / "other/x.html").write_text("x")
    assert main(["publish", "--out", "other", "--ledger", "l.sqlite3", "--dry-run"]) == 0
    assert "put     x.html  new" in capsys.readouterr().out
    main(["publish"])
    assert "nothing to publish" in capsys.readouterr().out


@pytest.fixture
def in_bucket(press: Press) -> Iterator[Press]:
    file = press.root / "feedpub.toml"
    file.write_text(file.read_text().replace("[[source]]", 'ledger = "bucket"\n[[source]]'))
    return press


def test_with_a_ledger_in_a_bucket_nothing_stays_here(in_bucket: Press, capsys: Captured) -> None:
    assert main(["publish", "-q"]) == 0
    assert main(["publish"]) == 0
    assert "nothing to publish" in capsys.readouterr().out
    assert not (in_bucket.root / "bucket").exists()
    assert not (in_bucket.root / ".feedpub").exists()


def test_the_help_teaches_and_fits_a_terminal(capsys: Captured) -> None:
    assert main(["publish", "--help"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("usage: feedpub publish ")
    assert "\nExample: feedpub publish " in text
    assert max(map(len, text.splitlines())) < 80

"""`feedpub sanitise`: HTML in, clean HTML out."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from feedpub.cli import main
from tests.sites import SiteFolder

Captured = pytest.CaptureFixture[str]

COMMAND = [sys.executable, "-m", "feedpub", "sanitise"]
BASE = "https://news.example.org/2024/a.html"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FEEDPUB_CONFIG", raising=False)
    return tmp_path


def filter_bytes(raw: bytes, *arguments: str, cwd: Path, **environment: str) -> bytes:
    done = subprocess.run(
        [*COMMAND, *arguments], input=raw, capture_output=True, cwd=cwd, env=os.environ | environment, check=True
    )
    assert done.stderr == b""
    return done.stdout


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ('<p onclick="x()">Words<script>1</script></p>', "<p>Words</p>\n"),
        ("<p>Words</p>\n\n\n", "<p>Words</p>\n"),
        ("<p>Words &#123;&#125;</p>", "<p>Words {}</p>\n"),
        ("---\ntitle: A\n---\n", "---\ntitle: A\n---\n"),  # front matter is text to a filter
        ("<!doctype html><title>Not said</title><body><p>Words</p></body>", "<p>Words</p>\n"),
        ("", ""),
        (" \n", ""),
        ("<script>1</script>", ""),
    ],
)
def test_a_file_comes_out_clean_and_ends_with_one_line_end(
    folder: Path, capsys: Captured, html: str, clean: str
) -> None:
    (folder / "page.html").write_text(html)
    assert main(["sanitise", "page.html"]) == 0
    assert capsys.readouterr() == (clean, "")


@pytest.mark.parametrize("arguments", [[], ["-"]])
def test_standard_input_is_decoded_as_files_are_and_output_is_utf_8(folder: Path, arguments: list[str]) -> None:
    raw = "<p>自二〇二一年十二月一日起，本公司的名称改为白鹭纺织，印章与账户照旧。</p>".encode("gb18030")
    clean = filter_bytes(raw, *arguments, cwd=folder, LC_ALL="C", PYTHONIOENCODING="ascii")
    assert clean.decode() == "<p>自二〇二一年十二月一日起，本公司的名称改为白鹭纺织，印章与账户照旧。</p>\n"


def test_json_is_one_object_with_four_keys(folder: Path) -> None:
    raw = '<p>词<img src="a.png"><!-- news_keyword_pub,stock,sh688981 --><script>1</script></p>'.encode()
    said = json.loads(filter_bytes(raw, "--json", "--base-url", BASE, cwd=folder).decode())
    assert set(said) == {"html", "symbols", "images", "removed"}
    assert said["images"] == ["https://news.example.org/2024/a.png"]
    assert said["symbols"] == ["XSHG:688981"]
    assert "script" in said["removed"]
    assert said["html"].startswith("<p>词<img")


@pytest.mark.parametrize("url", ["news.example.org", "//news.example.org/", "/a", "ftp://a.example/", "https://", "x"])
def test_a_base_that_is_no_address_of_a_page_is_wrong_use(folder: Path, capsys: Captured, url: str) -> None:
    (folder / "page.html").write_text("<p>Words")
    assert main(["sanitise", "page.html", "--base-url", url]) == 2
    assert capsys.readouterr() == ("", f"--base-url: {url!r} is no address such as https://example.org/page\n")


@pytest.mark.parametrize(("file", "why"), [("none.html", "does not exist"), (".", "cannot be read: Is a directory")])
def test_a_file_that_cannot_be_had_is_wrong_use(folder: Path, capsys: Captured, file: str, why: str) -> None:
    assert main(["sanitise", file]) == 2
    assert capsys.readouterr() == ("", f"{file}: {why}\n")


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"<p>" + b"x" * 2_000_001, "2000004 characters of HTML, more than 2000000"),
        (b"\x89PNG\r\n\0\0\0\r", "binary: holds NUL bytes"),
    ],
)
def test_what_cannot_be_cleaned_gives_no_output_and_a_reason(
    folder: Path, capsys: Captured, raw: bytes, why: str
) -> None:
    (folder / "page.html").write_bytes(raw)
    assert main(["sanitise", "page.html"]) == 1
    assert capsys.readouterr() == ("", f"page.html: {why}\n")


RULES = '[sanitiser.images]\nplaceholder = ["https://none.example/*"]'
PICTURE = '<p>A</p><img src="https://none.example/1.png">'


def test_the_configuration_that_build_would_find_has_a_say(
    folder: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "page.html").write_text(PICTURE)
    assert main(["sanitise", "page.html"]) == 0
    assert "none.example" in capsys.readouterr().out
    site = SiteFolder(folder).configure(RULES)
    assert main(["sanitise", "page.html"]) == 0
    assert capsys.readouterr().out == "<p>A</p>\n"
    site.config.rename("other.toml")
    assert main(["sanitise", "page.html", "-c", "other.toml"]) == 0
    assert capsys.readouterr().out == "<p>A</p>\n"
    monkeypatch.setenv("FEEDPUB_CONFIG", "other.toml")
    assert main(["sanitise", "page.html"]) == 0
    assert capsys.readouterr().out == "<p>A</p>\n"


def test_a_filter_needs_no_sources(folder: Path, capsys: Captured) -> None:
    SiteFolder(folder).configure(RULES)
    (folder / "articles").rmdir()
    (folder / "page.html").write_text(PICTURE)
    assert main(["sanitise", "page.html"]) == 0
    assert capsys.readouterr() == ("<p>A</p>\n", "")


@pytest.mark.parametrize("arguments", [["-c", "none.toml"], ["-c", "bad.toml"], []])
def test_a_configuration_that_is_wrong_is_not_passed_over(folder: Path, capsys: Captured, arguments: list[str]) -> None:
    SiteFolder(folder).configure(RULES.replace("placeholder", "placehold"))
    (folder / "bad.toml").write_text("[sites]")
    (folder / "page.html").write_text(PICTURE)
    assert main(["sanitise", "page.html", *arguments]) == 2
    out, err = capsys.readouterr()
    assert (out, bool(err)) == ("", True)


def test_what_build_does_to_a_body_the_filter_does(folder: Path, capsys: Captured) -> None:
    site = SiteFolder(folder).configure(RULES)
    body = f'{PICTURE}<p onclick="x">Words <a href="/b?utm_source=x&amp;c=1">link</a><img data-src="c.png" src="l.gif">'
    site.write("a.md", body=body, link=BASE)
    site.build()
    (folder / "page.html").write_text(f"{body}\n")
    assert main(["sanitise", "page.html", "--base-url", BASE]) == 0
    assert capsys.readouterr().out == site.items()["a.md"]["content_html"] + "\n"


@pytest.mark.parametrize("arguments", [[], ["--json"]])
def test_a_reader_who_leaves_early_is_no_fault(folder: Path, arguments: list[str]) -> None:
    (folder / "page.html").write_text("<p>" + "words " * 100_000)
    with subprocess.Popen([*COMMAND, "page.html", *arguments], stdout=-1, stderr=-1, cwd=folder) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.read(1)
        process.stdout.close()
        assert process.stderr.read() == b""


def test_at_a_terminal_it_says_that_it_reads(folder: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    leader, follower = pty.openpty()
    with open(follower) as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        os.write(leader, b"<p>Words</p>\n\x04")
        assert main(["sanitise"]) == 0
    os.close(leader)
    assert capsys.readouterr() == ("<p>Words</p>\n", "reading HTML from standard input\n")


def test_an_interrupt_is_no_fault(folder: Path) -> None:
    leader, follower = pty.openpty()
    with subprocess.Popen(COMMAND, stdin=follower, stdout=-1, stderr=-1, cwd=folder, text=True) as process:
        assert process.stderr
        assert process.stderr.readline() == "reading HTML from standard input\n"
        process.send_signal(signal.SIGINT)
        assert (process.wait(), process.stderr.read()) == (130, "")
    os.close(follower)
    os.close(leader)


def test_without_a_configuration_none_is_loaded(folder: Path) -> None:
    (folder / "page.html").write_text("<p>Words")
    code = (
        "import sys; from feedpub.cli import main; main(['sanitise', 'page.html']);"
        " sys.exit('feedpub.config' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=folder, capture_output=True).returncode == 0

"""`feedpub explain`: all that happened to one article, and nothing written."""

from __future__ import annotations

import json
import os
import pty
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from feedpub import lock
from feedpub.cli import main
from feedpub.explain import Explanation
from feedpub.explain.text import write_lines
from feedpub.sanitiser import Change, Sanitised
from tests.sites import NOW, SiteFolder

Captured = pytest.CaptureFixture[str]
#: Gives the exit code and the object that `--json` prints.
Explain = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SiteFolder:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FEEDPUB_CONFIG", raising=False)
    return SiteFolder(tmp_path).configure()


@pytest.fixture
def explain(site: SiteFolder, capsys: Captured) -> Explain:
    def run(wanted: str, *options: str) -> tuple[int, dict[str, Any]]:
        capsys.readouterr()
        code = main(["explain", wanted, "--json", "--now", NOW.isoformat(), *options])
        return code, json.loads(capsys.readouterr().out)

    return run


def all_files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_article_is_told_from_its_front_matter_to_its_feeds(site: SiteFolder, explain: Explain) -> None:
    site.write(
        "2024/rates.md",
        title="Rates &amp; <em>more</em>",
        date="2024-03-01 17:00",
        categories=["Money", "— News"],
        tags=["rates"],
        author="Ada <ada@example.org>",
        layout="post",
        link="https://news.example.org/rates",
        body='<p>Words <a href="/next">next</a></p><script>1</script><img src="a.png">',
    )
    code, said = explain("articles/2024/rates.md")
    assert code == 0
    assert (said["file"], said["status"], said["reason"]) == ("2024/rates.md", "shown", "")
    assert (said["path"], said["source"]) == (str(site.root / "articles/2024/rates.md"), str(site.root / "articles"))
    assert said["markup"] == "html"
    assert said["fields"]["date"] == {
        "value": "2024-03-01 17:00",
        "field": "published",
        "became": "2024-03-01T09:00:00Z",
        "why": "",
    }
    assert said["fields"]["title"]["became"] == "Rates & more"
    assert said["fields"]["categories"]["became"] == [["Money", "News"]]
    assert said["fields"]["author"]["became"] == [{"name": "Ada", "email": "ada@example.org", "url": None}]
    assert said["fields"]["layout"]["why"] == "not a key that is read"
    assert said["dates"]["published"] == {
        "value": "2024-03-01T09:00:00Z",
        "local": "2024-03-01T17:00:00+08:00",
        "from": "front matter",
        "why": "`date` says so",
    }
    entry = said["entry"]
    assert (entry["id"], entry["id_from"], entry["remembered"]) == ("https://news.example.org/rates", "link", False)
    assert (entry["url"], entry["url_from"]) == ("https://news.example.org/rates", "front matter")
    assert (entry["title"], entry["categories"]) == ("Rates & more", ["Money", "News", "rates"])
    assert "content" not in entry
    assert said["html"].startswith('<p>Words <a href="https://news.example.org/next"')
    assert "script" in said["removed"]
    assert said["feeds"] == [
        {"title": "Wire", "url": "https://feeds.example.org/", "shown": True, "why": ""},
        {"title": "Money – Wire", "url": "https://feeds.example.org/money/", "shown": True, "why": ""},
        {"title": "Money / News – Wire", "url": "https://feeds.example.org/money/news/", "shown": True, "why": ""},
    ]
    assert set(said) == {
        *("file", "path", "source", "status", "reason", "markup", "fields", "dates", "entry", "told_by", "same_story"),
        *("images", "links", "media", "removed", "symbols", "feeds", "notes", "html"),
    }


def test_nothing_is_written_and_no_lock_is_waited_for(site: SiteFolder, explain: Explain) -> None:
    site.write("a.md")
    before = all_files(site.root)
    explain("articles/a.md")
    assert all_files(site.root) == before
    (site.root / ".feedpub").mkdir()
    (site.root / ".feedpub/ledger.sqlite3").touch()
    explain("articles/a.md")
    assert (site.root / ".feedpub/ledger.sqlite3").read_bytes() == b""
    (site.root / ".feedpub/ledger.sqlite3").unlink()
    site.build()
    before = all_files(site.root)
    with lock.hold(site.root / ".feedpub/ledger.sqlite3.lock"):
        assert explain("articles/a.md")[0] == 0
    assert all_files(site.root) == before


@pytest.mark.parametrize(
    "wanted",
    [
        "articles/2024/é.md",
        "./articles/../articles/2024/é.md",
        "2024/é.md",
        "./2024/é.md",
        "2024/e\u0301.md",
        "other.md",
        "tag:example.org,2024:a",
        "https://news.example.org/a#top",
        "http://news.example.org/a",
    ],
)
def test_an_article_goes_by_many_names(site: SiteFolder, explain: Explain, wanted: str) -> None:
    path = site.write("2024/é.md", id="tag:example.org,2024:a", link="https://news.example.org/a", body="<p>A")
    site.write("2024/b.md", body="<p>B")
    (site.root / "other.md").symlink_to(path)
    assert explain(wanted)[1]["file"] == "2024/é.md"


def test_the_address_that_the_template_makes_is_a_name_too(site: SiteFolder, explain: Explain) -> None:
    site.configure(site='permalink = "https://news.example.org/p/{stem}.html"')
    site.write("a.md", body="<p>A")
    site.write("b.md", body="<p>B")
    said = explain("https://news.example.org/p/b.html")[1]
    assert said["file"] == "b.md"
    assert (said["entry"]["url"], said["entry"]["url_from"]) == ("https://news.example.org/p/b.html", "site.permalink")


@pytest.mark.parametrize("known", [False, True])
def test_a_slug_in_that_address_is_read_from_the_file(site: SiteFolder, explain: Explain, known: bool) -> None:
    site.configure(site='permalink = "https://news.example.org/{year}/{slug}/"')
    site.write("a.md", date="2024-03-01", body="<p>A")
    site.write("b.md", date="2024-03-01", slug="bee", body="<p>B")
    site.write("c.md", date="2023-03-01", slug="bee", body="<p>C")
    if known:
        site.build()
    assert explain("https://news.example.org/2024/bee/")[1]["file"] == "b.md"
    assert explain("https://news.example.org/2024/a-md/")[1]["file"] == "a.md"
    assert main(["explain", "https://news.example.org/2022/bee/"]) == 2


def test_a_link_by_another_name_leads_to_the_article(site: SiteFolder, explain: Explain) -> None:
    path = site.write("2024/a.md")
    os.utime(path, (1.7e9, 1.7e9))
    site.write("2024/b.md", body="<p>B")
    (site.root / "other.md").symlink_to(path)
    assert explain("other.md")[1]["file"] == "2024/a.md"


def test_names_that_look_the_same_are_told_apart_by_their_paths(site: SiteFolder, explain: Explain) -> None:
    site.write("e\u0301.md", body="<p>One")
    site.write("é.md", body="<p>Two")
    assert explain("articles/e\u0301.md")[1]["file"] == "é.md"
    assert explain("articles/é.md")[1]["file"] == "é.md~2"


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("ratez.md", "ratez.md: no such article; the nearest: 2024/rates.md"),
        ("rates.markdown", "rates.markdown: no such article; the nearest: 2024/rates.md"),
        ("zzzzzzzz", "zzzzzzzz: no such article"),
        ("https://news.example.org/none", "https://news.example.org/none: no such article"),
        ("tag:example.org,2024:none", "tag:example.org,2024:none: no such article"),
        ("feedpub.toml", "feedpub.toml: lies in no source of the configuration"),
    ],
)
def test_of_an_unknown_article_the_nearest_are_named(
    site: SiteFolder, capsys: Captured, wanted: str, message: str
) -> None:
    site.write("2024/rates.md")
    assert main(["explain", wanted]) == 2
    assert capsys.readouterr() == ("", f"{message}\n")


def test_a_name_that_is_no_text_can_be_asked_for(site: SiteFolder, capsys: Captured) -> None:
    site.write("a.md").rename(os.fsdecode(os.fsencode(site.root) + b"/articles/\xff.md"))
    assert main(["explain", os.fsdecode(b"articles/\xff.md")]) == 0
    assert capsys.readouterr().out.startswith("\\xff.md\n")


def test_a_second_source_has_names_of_its_own(site: SiteFolder, explain: Explain) -> None:
    site.configure('\n[[source]]\npath = "wire"')
    (site.root / "wire").mkdir()
    (site.root / "wire/b.md").write_text("# B\n\nWords.")
    (site.root / "wire/c.txt").write_text("# C\n\nWords.")
    said = explain("wire/b.md")[1]
    assert (said["file"], said["source"]) == ("wire@2/b.md", str(site.root / "wire"))
    assert said["fields"] == {}
    assert explain("wire@2/b.md")[1] == said
    assert explain("wire/c.txt")[1]["file"] == "wire@2/c.txt"


def test_an_article_that_is_gone_is_unknown(site: SiteFolder, explain: Explain, capsys: Captured) -> None:
    link = "https://news.example.org/a"
    site.write("a.md", link=link, body="<p>A")
    site.write("zz.md", body="<p>Z")
    site.build()
    (site.root / "articles/a.md").unlink()
    for wanted in ("a.md", link):
        assert main(["explain", wanted]) == 2
        assert capsys.readouterr().err.startswith(f"{wanted}: no such article")


def test_a_ledger_that_cannot_be_used_is_noted(site: SiteFolder, explain: Explain) -> None:
    site.write("a.md")
    site.build()
    ledger = site.root / ".feedpub/ledger.sqlite3"
    ledger.write_bytes(ledger.read_bytes()[:5000])
    before = ledger.read_bytes()
    code, said = explain("a.md")
    assert (code, said["status"], said["entry"]["remembered"]) == (0, "shown", False)
    assert any("a build would move it aside" in note for note in said["notes"])
    assert ledger.read_bytes() == before


# What becomes of it


def test_what_is_said_before_a_build_is_what_it_does(site: SiteFolder, explain: Explain) -> None:
    site.configure("[feeds]\nlimit = 2")
    for day in (1, 2, 3):
        site.write(f"{day}.md", date=f"2024-03-0{day}", categories=["A"], body=f"<p>{day}")
    site.build(now=NOW - timedelta(days=1))
    site.write("1.md", date="2024-03-01", categories=["B"], body="<p>1 and more")
    site.write("2.md", draft=True, date="2024-03-02", categories=["A"], body="<p>2")
    (site.root / "articles/3.md").rename(site.root / "articles/three.md")
    said = {name: explain(name)[1] for name in ("1.md", "2.md", "three.md")}
    site.build()
    items = {item["id"]: item for item in site.feed()["items"]}
    assert {entry["id"] for each in said.values() if (entry := each["entry"])} == set(items)
    assert (
        said["1.md"]["entry"]["updated"].removesuffix("Z") == items[said["1.md"]["entry"]["id"]]["date_modified"][:19]
    )
    assert [feed["url"] for feed in said["1.md"]["feeds"]] == [
        "https://feeds.example.org/",
        "https://feeds.example.org/b/",
    ]
    assert all(feed["shown"] for name in ("1.md", "three.md") for feed in said[name]["feeds"])
    assert (said["2.md"]["status"], said["2.md"]["dates"]["published"]["value"]) == ("draft", "2024-03-01T16:00:00Z")
    assert said["three.md"]["entry"]["remembered"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("---\ntitle: A\n", "front matter is opened and never closed; was the file cut short?"),
        ("---\ntitle: A\n---\n<p>" + "x" * 2_000_000, "2000003 characters of HTML, more than 2000000"),
    ],
)
def test_quarantine_has_a_reason_and_an_exit_code(site: SiteFolder, explain: Explain, text: str, reason: str) -> None:
    site.write_raw("a.md", text)
    code, said = explain("a.md")
    assert (code, said["status"], said["reason"], said["entry"], said["notes"]) == (1, "quarantined", reason, None, [])


def test_a_draft_is_read_and_goes_no_further(site: SiteFolder, explain: Explain) -> None:
    site.write("a.md", draft=True, date="2024-03-01", body="<p>Words<script>1</script>")
    code, said = explain("a.md")
    assert (code, said["status"], said["entry"], said["feeds"]) == (0, "draft", None, [])
    assert said["html"].startswith("<p>Words")
    assert said["dates"]["published"]["value"] == "2024-02-29T16:00:00Z"
    assert said["fields"]["draft"] == {"value": "true", "field": "draft", "became": True, "why": ""}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("README.md", 'source.exclude has "**/README.md"'),
        ("a.txt", "no pattern of source.include lets it in"),
        (".hidden/a.md", "it is hidden, or a link that leads out of its source"),
    ],
)
def test_what_is_left_out_is_said_to_be(site: SiteFolder, explain: Explain, name: str, reason: str) -> None:
    site.configure('exclude = ["**/none.md", "**/README.md"]')
    site.write(name)
    code, said = explain(f"articles/{name}")
    assert (code, said["file"], said["status"], said["reason"]) == (0, name, "left out", reason)
    assert said["html"] == "<p>Words.</p>"
    assert explain(name)[1] == said


def test_a_source_behind_a_link_is_known_by_both_ways(site: SiteFolder, explain: Explain) -> None:
    site.write("a.md")
    site.write_raw("a.txt", "# A\n\nWords.")
    (site.root / "link").symlink_to(site.root / "articles")
    site.config.write_text(site.config.read_text().replace('"articles"', '"link"'))
    assert explain("articles/a.md")[1]["file"] == "a.md"
    said = explain("articles/a.txt")[1]
    assert (said["file"], said["status"]) == ("a.txt", "left out")


def test_of_a_file_that_is_left_out_and_broken_both_is_said(site: SiteFolder, explain: Explain) -> None:
    site.write_raw("a.txt", "")
    said = explain("a.txt")[1]
    assert (said["status"], said["notes"]) == ("left out", ["empty"])


def test_what_is_held_is_said_to_come(site: SiteFolder, explain: Explain) -> None:
    site.write("a.md", date="2024-03-11 09:00", categories=["New"])
    code, said = explain("a.md")
    assert (code, said["status"]) == (0, "held")
    assert said["reason"] == "it is dated in the future, and shown from 2024-03-11T09:00:00+08:00 on"
    assert said["entry"]["title"] == "a.md"
    assert [(feed["url"], feed["shown"], feed["why"]) for feed in said["feeds"]] == [
        ("https://feeds.example.org/", False, ""),
        ("https://feeds.example.org/new/", False, ""),
    ]


def test_what_is_dropped_for_good_is_said_to_be(site: SiteFolder, explain: Explain) -> None:
    site.configure('[feeds]\nfuture = "drop"')
    site.write("a.md", date="2024-03-11")
    assert explain("a.md")[1]["status"] == "dropped"


def test_what_has_no_room_is_told_what_was_in_its_way(site: SiteFolder, explain: Explain) -> None:
    site.configure("[feeds]\nlimit = 1\n[category.A]\nlimit = 2")
    for day in (1, 2, 3):
        site.write(f"{day}.md", date=f"2024-03-0{day}", categories=["A"], body=f"<p>{day}")
    newest, middle, oldest = (explain(f"{day}.md")[1] for day in (3, 2, 1))
    assert [feed["shown"] for feed in newest["feeds"]] == [True, True]
    assert [feed["shown"] for feed in middle["feeds"]] == [False, True]
    assert middle["status"] == "shown"
    assert [feed["shown"] for feed in oldest["feeds"]] == [False, False]
    assert (oldest["status"], oldest["reason"]) == ("too old", "no feed has room for it")
    assert oldest["feeds"][1]["why"] == "the feed's limit is 2, and as many are newer"
    assert oldest["entry"]["title"] == "1.md"


def test_a_feed_that_grew_too_large_is_blamed(site: SiteFolder, explain: Explain) -> None:
    site.configure("[feeds]\nmax_bytes = 10000")
    for day in (1, 2):
        site.write(f"{day}.md", date=f"2024-03-0{day}", body=f"<p>{day}{'words ' * 1500}")
    site.build()
    code, said = explain("1.md")
    assert (code, said["status"]) == (0, "too old")
    assert said["feeds"][0]["why"] == "the feed reaches feeds.max_bytes before it"
    assert [*site.items()] == ["2.md"]


def test_what_has_no_room_and_could_not_be_shown_is_noted(site: SiteFolder, explain: Explain) -> None:
    site.configure("[feeds]\nlimit = 1")
    site.write("new.md", date="2024-03-02", body="<p>New")
    site.write("old.md", date="2024-03-01", body="<p>" + "x" * 2_000_000)
    code, said = explain("old.md")
    assert (code, said["status"], said["entry"], said["html"]) == (0, "too old", None, None)
    assert said["notes"] == ["2000005 characters of HTML, more than 2000000"]


# One story


def test_of_files_with_one_story_the_newest_is_shown(site: SiteFolder, explain: Explain) -> None:
    body = "<p>" + "The same words. " * 20
    site.write("a.md", date="2024-03-01", categories=["A"], body=body)
    site.write("b.md", date="2024-03-02", categories=["B"], body=body)
    old, new = explain("a.md")[1], explain("b.md")[1]
    assert (old["status"], old["reason"]) == ("merged", "b.md tells the same story, and its words are shown")
    assert (old["told_by"], old["same_story"]) == ("b.md", ["b.md"])
    assert (new["status"], new["told_by"], new["same_story"]) == ("shown", "b.md", ["a.md"])
    assert old["entry"] == new["entry"]
    assert new["entry"]["title"] == "b.md"
    assert new["dates"]["published"]["why"] == "`date` says so in a.md"
    assert [feed["shown"] for feed in old["feeds"]] == [True, True, True]


def test_a_shown_version_in_quarantine_takes_the_others_along(site: SiteFolder, explain: Explain) -> None:
    link = "https://news.example.org/a"
    site.write("a.md", date="2024-03-01", link=link, body="<p>Words")
    site.write("b.md", date="2024-03-02", link=link, body="<p>" + "x" * 2_000_000)
    code, said = explain("a.md")
    assert (code, said["status"]) == (0, "merged")
    assert "b.md tells the same story, and is in quarantine: 2000005 characters" in said["reason"]
    assert said["feeds"][0]["why"] == "it cannot be sanitised"


# Dates and identity


@pytest.mark.parametrize(
    ("name", "front", "value", "origin", "why"),
    [
        ("a.md", {"Publish_Date": "2024-03-01T00:00:00Z"}, "2024-03-01", "front matter", "`Publish_Date` says so"),
        ("a.md", {"extra": {"date": "2024-03-01T00:00:00Z"}}, "2024-03-01", "front matter", "`extra.date` says so"),
        ("a.md", {"date": "?", "pubdate": "2024-03-01T00:00:00Z"}, "2024-03-01", "front matter", "`pubdate` says so"),
        ("a.md", {"lastmod": "2024-03-01T00:00:00Z"}, "2024-03-01", "front matter", "`lastmod` says so"),
        ("2024-03-01-a.md", {}, "2024-02-29", "file name", "the file's name begins with it"),
        ("a.md", {}, "2024-03-09", "first sighting", "no date is said, and this run is the first to see it"),
        ("a.md", {"date": "昨天 08:30"}, "2024-03-08", "first sighting", "`date` counts from now"),
    ],
)
def test_the_date_of_a_new_article_has_its_reason(
    site: SiteFolder, explain: Explain, name: str, front: dict[str, Any], value: str, origin: str, why: str
) -> None:
    site.write(name, **front)
    published = explain(name)[1]["dates"]["published"]
    assert published["value"].startswith(value)
    assert published["from"] == origin
    assert published["why"].startswith(why)


@pytest.mark.parametrize(
    ("before", "after", "value", "origin", "why"),
    [
        ({}, {}, "2024-03-08", "ledger", "its first sighting, remembered: no date is said"),
        ({"date": "昨天 08:30"}, {}, "2024-03-07", "ledger", "its first sighting, remembered: no date is said"),
        ({}, {"date": "2024-03-05T00:00:00Z"}, "2024-03-08", "ledger", "its first sighting, remembered: the date that"),
        (
            *({"date": "2024-03-01T00:00:00Z"}, {"date": "2024-03-05T00:00:00Z"}, "2024-03-01", "ledger"),
            "its first date, remembered: it moved to 2024-03-05T00:00:00Z while nothing else did",
        ),
        (
            {"date": "2024-03-01T00:00:00Z"},
            {"date": "2024-03-01T00:00:00Z"},
            "2024-03-01",
            "front matter",
            "`date` says so",
        ),
    ],
)
def test_the_date_of_a_known_article_has_its_reason(
    site: SiteFolder,
    explain: Explain,
    before: dict[str, Any],
    after: dict[str, Any],
    value: str,
    origin: str,
    why: str,
) -> None:
    site.write("a.md", **before)
    site.build(now=NOW - timedelta(days=1))
    site.write("a.md", **after)
    said = explain("a.md")[1]
    assert said["entry"]["remembered"]
    assert said["dates"]["published"]["value"].startswith(value)
    assert said["dates"]["published"]["from"] == origin
    assert said["dates"]["published"]["why"].startswith(why)


@pytest.mark.parametrize(
    ("lastmod", "origin", "why"),
    [
        ("2024-03-05T00:00:00Z", "front matter", "`lastmod` says so"),
        ("2023-03-05T00:00:00Z", "published", "`lastmod` says 2023-03-05T00:00:00Z, which is before that"),
        ("2025-03-05T00:00:00Z", "published", "`lastmod` says 2025-03-05T00:00:00Z, which is not over yet"),
        ("", "published", "no update is said"),
    ],
)
def test_an_update_has_its_reason(site: SiteFolder, explain: Explain, lastmod: str, origin: str, why: str) -> None:
    site.write("a.md", date="2024-03-01", lastmod=lastmod)
    updated = explain("a.md")[1]["dates"]["updated"]
    assert (updated["from"], updated["why"]) == (origin, why)


def test_an_update_that_a_run_noticed_is_remembered(site: SiteFolder, explain: Explain) -> None:
    site.write("a.md", date="2024-03-01", body="<p>One")
    site.build(now=NOW - timedelta(days=2))
    assert explain("a.md")[1]["dates"]["updated"]["why"].startswith("nothing that a reader would notice")
    site.write("a.md", date="2024-03-01", body="<p>Two")
    assert explain("a.md")[1]["dates"]["updated"]["from"] == "this run"
    site.build(now=NOW - timedelta(days=1))
    assert explain("a.md")[1]["dates"]["updated"]["from"] == "ledger"


@pytest.mark.parametrize(
    ("front", "origin"),
    [
        ({"id": "urn:example:1", "link": "https://news.example.org/a"}, "id"),
        ({"id": "17"}, "id"),
        ({"link": "https://news.example.org/a"}, "link"),
        ({}, "file name"),
    ],
)
def test_an_id_says_what_it_was_made_of(site: SiteFolder, explain: Explain, front: dict[str, str], origin: str) -> None:
    site.write("a.md", **front)
    assert explain("a.md")[1]["entry"]["id_from"] == origin


def test_an_id_whose_reason_is_gone_is_the_ledgers(site: SiteFolder, explain: Explain) -> None:
    site.write("a.md", link="https://news.example.org/a")
    site.build()
    site.write("a.md")
    entry = explain("a.md")[1]["entry"]
    assert (entry["id"], entry["id_from"]) == ("https://news.example.org/a", "ledger")
    assert (entry["url"], entry["url_from"]) == (None, None)


# Fields


@pytest.mark.parametrize(
    ("front", "key", "said"),
    [
        ({"lang": "zh_cn"}, "lang", ("language", "zh-CN", "")),
        ({"lang": "?!"}, "lang", ("", None, "says nothing that can be used")),
        ({"cover": "c.png", "image": "i.png"}, "cover", ("image", "c.png", "")),
        ({"cover": "c.png", "image": "i.png"}, "image", ("", None, "cover says it")),
        ({"excerpt": ""}, "excerpt", ("", None, "says nothing")),
        ({"extra": {"tags": ["a"]}}, "extra.tags", ("tags", ["a"], "")),
        ({"extra": {"tags": ["a"], "none": ""}}, "extra.none", ("", None, "says nothing")),
        ({"lastmod": "2024-03-01"}, "lastmod", ("updated", "2024-02-29T16:00:00Z", "")),
        ({"date": "soon"}, "date", ("", None, "says nothing that can be used")),
        ({"published": "false"}, "published", ("draft", True, "")),
    ],
)
def test_each_key_says_what_it_came_to(
    site: SiteFolder, explain: Explain, front: dict[str, Any], key: str, said: tuple[str, object, str]
) -> None:
    site.write("a.md", **front)
    field = explain("a.md")[1]["fields"][key]
    assert (field["field"], field["became"], field["why"]) == said


def test_what_the_front_matter_attaches_is_followed(site: SiteFolder, explain: Explain) -> None:
    site.write("a.md", image="https://picsum.photos/1", audio="https://a.example/1.mp3", video="file:///1.mp4")
    said = explain("a.md")[1]
    assert said["images"] == [
        {
            "place": "image",
            "before": "https://picsum.photos/1",
            "after": None,
            "why": "placeholder picture",
        }
    ]
    assert said["media"] == [
        {"place": "enclosure", "before": "https://a.example/1.mp3", "after": "https://a.example/1.mp3", "why": ""},
        {"place": "enclosure", "before": "file:///1.mp4", "after": None, "why": "no address"},
    ]
    assert [part["url"] for part in said["fields"]["audio"]["became"]] == [
        "https://a.example/1.mp3",
        "file:///1.mp4",
    ]


def test_what_was_mended_is_noted(site: SiteFolder, explain: Explain) -> None:
    site.write_raw("a.md", "---\ntitle: one: two\n---\nWords.")
    (note,) = explain("a.md")[1]["notes"]
    assert note.startswith("front matter is not valid YAML")


def test_changes_are_sorted_by_what_they_are() -> None:
    changes = [
        Change("img/src", "a", "b"),
        Change("source/srcset", "c", None, "why"),
        Change("video/poster", "d", "d"),
        Change("video/src", "e", "e"),
        Change("source/src", "f", "f"),
        Change("a/href", "g", "g"),
    ]
    clean = Sanitised(html="", symbols=(), images=(), removed=(), changes=tuple(changes))
    said = Explanation(file="a.md", path="/a.md", source="/", status="shown", clean=clean).as_json()
    assert [len(said[kind]) for kind in ("images", "media", "links")] == [3, 2, 1]  # type: ignore[arg-type]


# In words


def test_the_report_is_headings_and_lines_that_can_be_searched(site: SiteFolder, capsys: Captured) -> None:
    address = "https://img.example.org/" + "long/" * 40 + "1.png"
    picture = f'<img src="{address}"><img src="data:image/png;base64,{"A" * 500}">'
    site.write("a.md", date="2024-03-01T09:00:00Z", layout="post", excerpt="", body=f"<p>Words{picture}")
    assert main(["explain", "a.md", "--now", NOW.isoformat()]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert err == ""
    assert [line for line in lines if not line.startswith(" ")][:4] == ["a.md", "front matter", "dates", "entry"]
    assert "  status: shown, in 1 of 1 feeds" in lines
    assert "  layout: post (not a key that is read)" in lines
    assert '  excerpt: "" (says nothing)' in lines
    assert "  title: a.md -> title" in lines
    assert "  date: 2024-03-01T09:00:00Z -> published" in lines
    assert "  published: 2024-03-01T17:00:00+08:00 (2024-03-01T09:00:00Z), from front matter: `date` says so" in lines
    assert "  url: none: no link, and no site.permalink" in lines
    assert f"  image: {address}" in lines
    assert "  shown: Wire https://feeds.example.org/" in lines
    assert "A" * 100 not in out
    assert max(map(len, lines)) < 600


def test_addresses_are_written_before_and_after() -> None:
    changes = (
        Change("img/src", "", "https://e.org/a.png", "lazy"),
        Change("img/src", "data:image/png;base64," + "A" * 100, None, "placeholder"),
        Change("a/href", "https://e.org/", "https://e.org/"),
    )
    clean = Sanitised(html="", symbols=(), images=(), removed=("script",), changes=changes)
    lines = [*write_lines(Explanation(file="a\x9b.md", path="/a", source="/", status="shown", clean=clean))]
    assert lines == [
        "a\\x9b.md",
        "  status: shown, in 0 of 0 feeds",
        "  path: /a",
        "  source: /",
        "body",
        "  removed: script",
        "images",
        '  img/src: "" -> https://e.org/a.png (lazy)',
        "  img/src: data:image/png;base64,AAAAAAAAAAAAAAAAAA… (122 characters) -> gone (placeholder)",
        "links",
        "  a/href: https://e.org/ unchanged",
    ]


def test_a_report_about_quarantine_is_short(site: SiteFolder, capsys: Captured) -> None:
    site.write_raw("a.md", "")
    assert main(["explain", "a.md"]) == 1
    assert capsys.readouterr().out.startswith("a.md\n  status: quarantined: empty\n  path: ")


def test_people_and_files_are_called_by_their_names(site: SiteFolder, capsys: Captured) -> None:
    site.write("a.md", author=["Ada <ada@example.org>", "Bo"], audio="https://a.example/1.mp3", tags=["x"])
    main(["explain", "a.md"])
    out = capsys.readouterr().out
    assert '  author: ["Ada <ada@example.org>", "Bo"] -> authors ["Ada", "Bo"]\n' in out
    assert '  audio: https://a.example/1.mp3 -> enclosures ["https://a.example/1.mp3"]\n' in out
    assert "  authors: Ada, Bo\n" in out
    assert "  enclosure: https://a.example/1.mp3 (audio/mpeg)\n" in out
    assert "  enclosure: https://a.example/1.mp3 unchanged\n" in out


def test_in_a_terminal_headings_stand_out_and_no_address_is_broken(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = "https://news.example.org/" + "long/" * 40
    site.write("a.md", title="[red]标题 :smile:", link=link)
    leader, follower = pty.openpty()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    with open(follower, "w", encoding="ascii") as terminal, open(leader, "rb", buffering=0) as screen:
        monkeypatch.setattr(sys, "stdout", terminal)
        assert main(["explain", "a.md"]) == 0
        terminal.flush()
        shown = screen.read(8192).decode()
    assert f"  link: {link} -> link\r\n" in shown
    assert "  title: [red]\\u6807\\u9898 :smile: -> title\r\n" in shown
    assert "\x1b[1mfront matter\x1b[0m\r\n" in shown


def test_a_configuration_is_needed_no_more_than_for_a_build(site: SiteFolder, capsys: Captured) -> None:
    site.config.unlink()
    site.write("a.md")
    assert main(["explain", "a.md"]) == 2
    assert main(["explain", "a.md", "--source", "articles", "--out", "dist", "--workers", "1"]) == 0
    assert not (site.root / ".feedpub").exists()
    assert capsys.readouterr().out.startswith("a.md\n")


def test_an_article_that_a_new_pattern_lets_in_is_found(site: SiteFolder, explain: Explain) -> None:
    site.write("a.md")
    site.write("b.txt", body="<p>More words.")
    for path in site.root.glob("articles/*"):
        os.utime(path, (0, 0))
    site.build()
    site.configure('include = ["*"]')
    code, said = explain("b.txt")
    assert (code, said["status"]) == (0, "shown")

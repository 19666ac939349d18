"""From a folder of articles to a folder of feeds, again and again."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import time
import tracemalloc
from datetime import timedelta
from pathlib import Path

import pytest

import feedpub
from feedpub import lock
from tests.sites import NOW, SiteFolder


@pytest.fixture
def site(tmp_path: Path) -> SiteFolder:
    return SiteFolder(tmp_path).configure()


def test_every_category_has_its_feeds_in_a_folder_of_its_own(site: SiteFolder) -> None:
    site.write("a.md", categories=["金融", "新浪财经"], date="2024-03-01")
    site.write("b.md", categories=[["Tech", "Chips"], ["金融"]], date="2024-03-02")
    report = site.build()
    folders = {path.rpartition("/")[0] for path in site.documents()}
    assert folders == {"", "jin-rong", "jin-rong/xin-lang-cai-jing", "tech", "tech/chips"}
    assert {path for path in site.documents() if "/" not in path} == {
        *("index.html", "feeds.opml", "rss.xml", "atom.xml", "feed.json"),
    }
    assert list(site.items("jin-rong")) == ["b.md", "a.md"]
    assert report.feeds.total == 5
    assert report.documents.total == len(site.documents()) == 5 * 4 + 1


def test_a_flat_site_has_a_feed_for_each_name(site: SiteFolder) -> None:
    site.configure('[feeds]\ncategories = "flat"\ntags = true')
    site.write("a.md", categories=["A", "B"], tags="x")
    site.build()
    assert {path.parent.name for path in site.out.rglob("rss.xml")} == {"dist", "a", "b", "x"}
    assert (site.out / "tags" / "x" / "rss.xml").is_file()


def test_a_second_build_writes_nothing(site: SiteFolder) -> None:
    site.write("a.md", categories=["A"], date="Invalid Date")
    site.build()
    before = {path: path.stat().st_mtime_ns for path in site.out.rglob("*")}
    report = site.build(now=NOW + timedelta(days=1))
    assert report.as_json()["documents"] == {"total": 9, "written": 0, "unchanged": 9, "removed": 0}
    assert report.as_json()["feeds"] == {"total": 2, "written": 0, "unchanged": 2}
    assert {path: path.stat().st_mtime_ns for path in site.out.rglob("*")} == before


_LONG = "<p>" + "A text that speaks for itself. " * 10


@pytest.mark.parametrize(
    ("one", "other", "stories"),
    [
        ({"id": "https://e.example/1"}, {"id": "https://e.example/1"}, 1),
        ({"link": "https://e.example/1"}, {"link": "http://e.example/1#top"}, 1),
        ({"link": "https://e.example/1", "id": "1"}, {"link": "https://e.example/1"}, 1),
        ({"body": _LONG}, {"body": f"<div>{_LONG}</div>"}, 1),
        ({"body": _LONG}, {"body": _LONG, "draft": True}, 1),
        # One id, spelled in two ways: nobody can tell, so each gets one of its own.
        ({"id": "https://e.example/é"}, {"id": "https://e.example/%C3%A9"}, 2),
        ({"id": "1"}, {"id": "1"}, 2),
        ({"id": "1"}, {"id": "2"}, 2),
    ],
)
def test_a_first_build_sees_which_files_have_a_story_in_common(
    site: SiteFolder, one: dict[str, object], other: dict[str, object], stories: int
) -> None:
    for name, front in (("a.md", one), ("b.md", other), ("c.md", {})):
        site.write(name, **({"body": f"<p>{name}"} | front))  # type: ignore[arg-type]
    new = site.build().entries.new
    assert len(set(new)) == len(new) == stories + 1
    again = site.build(now=NOW + timedelta(days=1), fresh=True)
    assert (again.entries.new, again.entries.updated, again.entries.gone) == ((), (), ())


def test_only_feeds_that_changed_are_written(site: SiteFolder) -> None:
    site.write("a.md", categories=["A"], date="2024-03-01")
    site.write("b.md", categories=["B"], date="2024-03-01")
    site.build()
    site.write("b.md", categories=["B"], date="2024-03-01", body="<p>Other words.</p>")
    report = site.build()
    assert (report.articles.new, report.articles.changed) == (0, 1)
    assert (report.feeds.written, report.feeds.unchanged) == (2, 1)
    assert report.entries.updated == (site.items()["b.md"]["id"],)


def test_an_article_without_a_date_keeps_that_of_its_first_sighting(site: SiteFolder) -> None:
    site.write("a.md", date="Invalid Date")
    site.build()
    site.build(now=NOW + timedelta(days=3))
    assert site.items()["a.md"]["date_published"] == "2024-03-09T12:00:00+00:00"


def test_yesterday_is_relative_to_the_first_sighting(site: SiteFolder) -> None:
    site.write("a.md", date="昨天 08:30")
    site.build()
    site.build(now=NOW + timedelta(days=3))
    assert site.items()["a.md"]["date_published"] == "2024-03-08T00:30:00+00:00"


def test_an_update_is_dated_by_the_run_that_notices_it(site: SiteFolder) -> None:
    site.write("a.md", date="2024-03-01")
    site.build()
    site.write("a.md", date="2024-03-01", title="a.md", body="<p>Other words.</p>")
    site.build(now=NOW + timedelta(hours=1))
    item = site.items()["a.md"]
    assert item["date_modified"] == "2024-03-09T13:00:00+00:00"
    assert item["date_published"] == "2024-02-29T16:00:00+00:00"


def test_a_moved_and_recategorised_article_keeps_its_id_and_leaves_no_feed_behind(site: SiteFolder) -> None:
    old = site.write("old.md", title="Story", categories=["Old"], body="<p>" + "Many words. " * 40)
    site.build()
    id_ = site.items()["Story"]["id"]
    old.unlink()
    site.write("new/story.md", title="Story", categories=["New"], body="<p>" + "Many words. " * 40)
    report = site.build()
    assert site.items("new")["Story"]["id"] == id_
    assert report.entries.new == report.entries.gone == ()
    assert report.documents.removed == 4
    assert not (site.out / "old").exists()


def test_an_id_survives_a_new_site_address(site: SiteFolder) -> None:
    site.write("a.md", categories=["A"])
    site.build()
    before, feed_id = site.items()["a.md"]["id"], (site.out / "a/atom.xml").read_text().partition("</id>")[0]
    site.config.write_text(site.config.read_text().replace("feeds.example.org", "new.example.com"))
    site.build()
    assert site.items()["a.md"]["id"] == before
    assert (site.out / "a/atom.xml").read_text().partition("</id>")[0] == feed_id


def test_a_lost_ledger_gives_the_same_bytes(site: SiteFolder) -> None:
    site.write("a.md", categories=["A"], date="2024-03-01")
    site.write("b.md", categories=["a"], date="2024-03-02")
    site.build()
    before = site.documents()
    (site.root / ".feedpub/ledger.sqlite3").unlink()
    assert site.build(now=NOW + timedelta(days=1)).documents.written == 0
    assert site.documents() == before


def test_two_files_with_one_story_are_one_entry_in_the_feeds_of_both(site: SiteFolder) -> None:
    site.write("a.md", title="Story", categories=["A"], body="<p>" + "Many words. " * 40)
    site.write("b.md", title="Story", categories=["B"], body="<div>" + "Many words.\n" * 40 + "</div>")
    site.build()
    assert len(site.feed()["items"]) == 1
    assert site.items("a")["Story"]["id"] == site.items("b")["Story"]["id"]


def test_one_bad_article_costs_no_other_anything(site: SiteFolder) -> None:
    site.write("good.md")
    site.write_raw("cut-short.md", "---\ntitle: never closed\n")
    (site.root / "articles/bytes.md").write_bytes(b"\x00\x01\x02" * 99)
    report = site.build()
    assert [bad.name for bad in report.articles.quarantined] == ["bytes.md", "cut-short.md"]
    assert all(bad.reason for bad in report.articles.quarantined)
    assert report.articles.seen == 3
    assert list(site.items()) == ["good.md"]


def test_an_article_too_large_to_clean_is_quarantined_and_the_others_go_on(site: SiteFolder) -> None:
    site.write("good.md")
    site.write("huge.html", body="<p>" + "words " * 1_000_000)
    report = site.build()
    assert [bad.name for bad in report.articles.quarantined] == ["huge.html"]
    assert list(site.items()) == ["good.md"]


def test_drafts_are_left_out_until_they_are_none(site: SiteFolder) -> None:
    site.write("a.md", draft=True)
    assert site.build().drafts == 1
    assert site.feed()["items"] == []
    site.write("a.md", date="2024-03-01")
    assert len(site.build().entries.new) == 1


def test_a_published_article_that_is_a_draft_for_a_while_keeps_its_id(site: SiteFolder) -> None:
    site.configure("[feeds]\nmax_loss = 1")
    site.write("a.md")
    site.build()
    id_ = site.items()["a.md"]["id"]
    site.write("a.md", draft=True)
    assert site.build().entries.gone == (id_,)
    site.write("a.md", body="<p>Rewritten.")
    site.build()
    assert site.items()["a.md"]["id"] == id_


def test_a_file_that_could_not_be_read_for_a_while_comes_back_as_itself(site: SiteFolder) -> None:
    site.write("a.md")
    site.write("b.md", body="<p>More.")
    site.configure("[feeds]\nmax_loss = 1")
    site.build()
    id_ = site.items()["a.md"]["id"]
    site.write_raw("a.md", "")
    assert site.build().entries.gone == (id_,)
    site.write("a.md", body="<p>Mended, and edited.")
    site.build()
    assert site.items()["a.md"]["id"] == id_


def test_ids_survive_a_move_of_the_whole_site(site: SiteFolder) -> None:
    site.write("a.md")
    site.build()
    moved = SiteFolder(site.root.rename(site.root.with_name(f"{site.root.name}-moved")))
    id_ = moved.items()["a.md"]["id"]
    moved.write("a.md", body="<p>Edited meanwhile.")
    report = moved.build()
    assert moved.items()["a.md"]["id"] == id_
    assert (report.articles.new, report.articles.changed) == (0, 1)


def test_ids_survive_a_source_of_another_name(site: SiteFolder) -> None:
    site.write("a.md")
    site.build()
    id_ = site.items()["a.md"]["id"]
    (site.root / "articles").rename(site.root / "posts")
    site.config.write_text(site.config.read_text().replace('"articles"', '"posts"'))
    (site.root / "posts/a.md").write_text("---\ntitle: a.md\n---\nEdited meanwhile.")
    site.build()
    assert site.items()["a.md"]["id"] == id_


@pytest.mark.parametrize(("future", "shown"), [("hold", 1), ("publish", 2), ("drop", 1)])
def test_a_future_date_is_held_published_or_dropped(site: SiteFolder, future: str, shown: int) -> None:
    site.configure(f'[feeds]\nfuture = "{future}"')
    site.write("now.md", date="2024-03-01")
    site.write("later.md", date="2024-04-01")
    report = site.build()
    assert (len(site.items()), report.held) == (shown, 2 - shown)


def test_what_was_dropped_for_its_date_never_comes(site: SiteFolder) -> None:
    site.configure('[feeds]\nfuture = "drop"')
    site.write("later.md", date="2024-04-01")
    site.build()
    assert site.build(now=NOW + timedelta(days=60)).entries.new == ()


def test_what_is_held_comes_when_its_time_comes(site: SiteFolder) -> None:
    site.write("later.md", date="2024-04-01", categories=["A"])
    assert site.build().entries.new == ()
    assert not (site.out / "a").exists()
    assert len(site.build(now=NOW + timedelta(days=30)).entries.new) == 1


def test_a_feed_shows_the_newest_up_to_its_limit(site: SiteFolder) -> None:
    site.configure('[feeds]\nlimit = 3\n[category.A]\nlimit = 2\ntitle = "All of A"\nslug = "letter-a"')
    for day in range(1, 6):
        site.write(f"{day}.md", date=f"2024-03-0{day}", categories=["A"], body=f"<p>Story {day}.")
    site.build()
    assert list(site.items()) == ["5.md", "4.md", "3.md"]
    assert list(site.items("letter-a")) == ["5.md", "4.md"]
    assert site.feed("letter-a")["title"] == "All of A"


def test_no_feed_is_larger_than_it_may_be(site: SiteFolder) -> None:
    site.configure("[feeds]\nmax_bytes = 20_000")
    for number in range(12):
        site.write(f"{number}.md", date="2024-03-01", body=f"<p>{number} " + "<b>&lt;w&gt;</b> " * 200)
    site.build()
    sizes = {len((site.out / name).read_bytes()) for name in ("rss.xml", "atom.xml", "feed.json")}
    assert 5_000 < max(sizes) <= 20_000
    assert len(site.feed()["items"]) > 1


def test_one_large_old_entry_costs_no_other_its_place(site: SiteFolder) -> None:
    site.configure("[feeds]\nmax_bytes = 30_000")
    site.write("old.md", date="2024-01-01", body="<p>" + "large " * 6000)
    for number in range(9):
        site.write(f"{number}.md", date="2024-03-01", body=f"<p>Story {number}.")
    site.build()
    assert len(site.feed()["items"]) == 9


def test_two_feeds_never_have_one_id(site: SiteFolder) -> None:
    site.write("a.md", categories=["A/B"], body="1")
    site.write("b.md", categories=["A", "B"], body="2")
    site.build()
    feeds = [(site.out / folder / "atom.xml").read_text().partition("</id>")[0] for folder in ("a-b", "a/b", "a", "")]
    assert len(set(feeds)) == 4


def test_names_that_spell_alike_never_share_an_address_and_keep_the_one_they_have(site: SiteFolder) -> None:
    site.write("b.md", categories=["时事"], date="2024-03-01", body="1")
    site.build()
    for number, name in enumerate(("实事", "shi shi", "🎉", "tags", "—", "时势")):
        site.write(f"a{number}.md", categories=[name], date="2024-03-01", body=name)
    site.build()
    titles = {path.parent.name: json.loads(path.read_bytes())["title"] for path in site.out.glob("*/feed.json")}
    assert titles["shi-shi"].startswith("时事")
    assert len(titles) == 6
    assert {"shi-shi-2", "shi-shi-3", "shi-shi-4", "tags-2"} < set(titles)


def test_a_run_that_would_lose_too_much_writes_nothing(site: SiteFolder) -> None:
    for number in range(5):
        site.write(f"{number}.md", body=f"<p>{number}")
    site.build()
    before = site.documents()
    for number in range(2):
        (site.root / f"articles/{number}.md").unlink()
    with pytest.raises(feedpub.LossError) as caught:
        site.build()
    assert (caught.value.lost, caught.value.of) == (2, 5)
    assert site.documents() == before
    site.write("1.md", body="<p>1")
    assert len(site.build().entries.gone) == 1


def test_a_single_article_may_go_even_where_there_are_but_two(site: SiteFolder) -> None:
    site.write("a.md", body="1")
    path = site.write("b.md", body="2")
    site.build()
    path.unlink()
    assert len(site.build().entries.gone) == 1


def test_a_build_that_could_not_write_is_made_up_for_by_the_next(site: SiteFolder) -> None:
    site.write("a.md")
    (site.out / "rss.xml").mkdir(parents=True)
    with pytest.raises(feedpub.PublishError, match=r"rss\.xml: cannot be written"):
        site.build()
    assert not (site.out / ".feedpub-unfinished").exists()
    (site.out / "rss.xml").rmdir()
    assert len(site.build().entries.new) == 1


def test_a_document_that_cannot_be_read_is_an_error_with_its_name(site: SiteFolder) -> None:
    site.write("a.md")
    site.out.mkdir()
    (site.out / "rss.xml").symlink_to("rss.xml")
    with pytest.raises(feedpub.PublishError, match=r"rss\.xml: cannot be read"):
        site.build()


def test_another_output_folder_has_nothing_to_lose(site: SiteFolder) -> None:
    for number in range(5):
        site.write(f"{number}.md", body=f"<p>{number}")
    site.build()
    other = site.root / "other"
    other.mkdir()
    (other / "0.md").write_text("---\ntitle: Other\n---\nWords.")
    config = feedpub.load_config(site.config, source=other, out=site.root / "elsewhere")
    assert feedpub.build(config, now=NOW).articles.new == 1
    assert site.build().documents.written == 0


def test_files_of_others_are_neither_removed_nor_overwritten(site: SiteFolder) -> None:
    site.write("a.md", categories=["A"])
    site.build()
    (site.out / "a/notes.txt").write_text("mine")
    site.write("a.md", categories=["B"])
    site.build()
    assert (site.out / "a/notes.txt").read_text() == "mine"
    assert not (site.out / "a/rss.xml").exists()


def test_an_output_folder_that_is_a_site_of_its_own_is_refused(site: SiteFolder) -> None:
    site.write("a.md")
    site.out.mkdir()
    (site.out / "index.html").write_text("<h1>My blog</h1>")
    with pytest.raises(feedpub.ConfigError, match=r"index\.html: was not written by feedpub"):
        site.build()
    assert list(site.documents()) == ["index.html"]


def test_what_somebody_changed_is_not_removed(site: SiteFolder) -> None:
    site.write("a.md", categories=["A"])
    site.build()
    (site.out / "a/rss.xml").write_text("mine")
    site.write("a.md", categories=["B"])
    assert site.build().edited == ("a/rss.xml",)
    assert (site.out / "a/rss.xml").read_text() == "mine"


def test_a_document_that_somebody_broke_is_written_again(site: SiteFolder) -> None:
    site.write("a.md")
    site.build()
    whole = site.documents()
    (site.out / "rss.xml").write_bytes(whole["rss.xml"][:100])
    (site.out / "atom.xml").unlink()
    assert site.build().documents.written == 2
    assert site.documents() == whole


def test_a_dry_run_says_what_would_happen_and_touches_nothing(site: SiteFolder) -> None:
    site.write("a.md")
    report = site.build(dry_run=True)
    assert report.documents.written == 5
    assert not site.out.exists()
    assert not (site.root / ".feedpub").exists()
    site.build()
    site.write("b.md", body="<p>More.")
    before = site.documents()
    assert len(site.build(dry_run=True).entries.new) == 1
    assert site.documents() == before
    assert len(site.build().entries.new) == 1


def test_a_second_run_at_the_same_time_leaves(site: SiteFolder) -> None:
    site.write("a.md")
    with lock.hold(site.root / ".feedpub/ledger.sqlite3.lock"), pytest.raises(feedpub.LockedError):
        site.build()
    assert not site.out.exists()


def test_no_temporary_file_stays_and_files_can_be_read_by_a_web_server(site: SiteFolder) -> None:
    site.write("a.md")
    (site.out / ".feedpub-unfinished").mkdir(parents=True)
    (site.out / ".feedpub-unfinished/document").write_text("half")
    site.build()
    assert sorted(path.name for path in site.out.iterdir()) == sorted(site.documents())
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE((site.out / "rss.xml").stat().st_mode) == 0o666 & ~umask


def test_an_output_folder_that_cannot_be_written_is_an_error_with_its_name(site: SiteFolder) -> None:
    site.write("a.md", categories=["A"])
    site.out.mkdir()
    (site.out / "a").write_text("a file where a folder has to be")
    with pytest.raises(feedpub.PublishError, match="a: cannot be written"):
        site.build()


def test_a_ledger_that_cannot_be_made_is_an_error(site: SiteFolder) -> None:
    (site.root / ".feedpub").write_text("a file where a folder has to be")
    with pytest.raises(feedpub.ConfigError, match="cannot be made"):
        site.build()


def test_two_sources_may_have_files_of_the_same_name(site: SiteFolder) -> None:
    site.configure('[[source]]\npath = "second"')
    (site.root / "second").mkdir()
    site.write("a.md", title="One", body="<p>1")
    (site.root / "second/a.md").write_text("---\ntitle: Two\n---\n2")
    site.build()
    assert set(site.items()) == {"One", "Two"}
    assert len({item["id"] for item in site.items().values()}) == 2


def test_addresses_come_from_the_article_or_from_the_sites_template(site: SiteFolder) -> None:
    site.configure(site='permalink = "https://news.example.org/{year}/{month}/{stem}.html"')
    site.write("新闻/雪 1.md", title="made", date="2024-02-29T20:00:00Z", body='<p>1 <a href="x.html">x</a>')
    site.write("b.md", title="absolute", link="http://other.example/1", body="<p>2")
    site.write("c.md", title="relative", url="/posts/c/", body="<p>3")
    site.write("d.md", title="dangerous", url="javascript:alert(1)", date="2024-02-02", body="<p>4")
    site.build()
    urls = {title: item.get("url") for title, item in site.items().items()}
    assert urls == {
        "made": "https://news.example.org/2024/03/%E9%9B%AA%201.html",
        "absolute": "http://other.example/1",
        "relative": "https://news.example.org/posts/c/",
        "dangerous": "https://news.example.org/2024/02/d.html",
    }
    assert "https://news.example.org/2024/03/x.html" in site.items()["made"]["content_html"]


def test_pictures_and_enclosures_are_cleaned_as_the_body_is(site: SiteFolder) -> None:
    site.configure('[[sanitiser.images.unwrap]]\nmatch = "https://cors.example.dev/?{url}"')
    site.write(
        "a.md",
        link="https://example.org/a/",
        thumbnail="https://cors.example.dev/?https://img.example.org/1.jpg",
        enclosure=[{"url": "ep.mp3", "length": 12}, {"url": "javascript:alert(1)", "length": 1}],
        author={"name": "Ann", "url": "javascript:alert(1)"},
        summary="<b>Short</b> &amp; good.<script>alert(1)</script>",
    )
    site.write(
        "b.md",
        thumbnail="https://picsum.photos/400/300?random=1",
        body='<p>x<img src="https://img.example.org/2.jpg">',
    )
    site.build()
    item = site.items()["a.md"]
    assert item["image"] == "https://img.example.org/1.jpg"
    assert item["attachments"] == [
        {"url": "https://example.org/a/ep.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 12}
    ]
    assert item["authors"] == [{"name": "Ann"}]
    assert item["summary"] == "Short & good."
    assert site.items()["b.md"]["image"] == "https://img.example.org/2.jpg"


def test_workers_hash_seeds_folders_and_clocks_do_not_change_a_byte(tmp_path: Path) -> None:
    bytes_of = []
    for number, (workers, seed) in enumerate([("1", "0"), ("2", "1"), ("3", "77")]):
        site = SiteFolder(tmp_path / f"site-{number}").configure("[feeds]\ntags = true\nlimit = 200")
        for article in range(350):
            site.write(
                f"{article % 7}/{article}.md",
                date=f"2024-03-{article % 9 + 1:02}",
                categories=[f"类{article % 5}", f"C{article % 3}"],
                tags=["x", f"t{article % 4}"],
                body=f'<p>Story {article} <img data-src="https://img.example.org/{article}.jpg"></p>',
            )
        clock = ("--now", f"2024-03-{20 + number}T00:00:00Z")
        subprocess.run(
            [sys.executable, "-m", "feedpub", "build", "-q", "-c", site.config, "--workers", workers, *clock],
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
        )
        bytes_of.append(site.documents())
    assert bytes_of[0] == bytes_of[1] == bytes_of[2]


def test_worker_processes_give_the_same_bytes(site: SiteFolder) -> None:
    site.configure("[feeds]\nlimit = 400")
    for number in range(320):
        site.write(f"{number}.md", date="2024-03-01", body=f"<p>Story {number}.</p>")
    site.write_raw("broken.md", "")
    site.build()
    alone = site.documents()
    (site.root / ".feedpub/ledger.sqlite3").unlink()
    report = site.build(workers=2)
    assert (report.articles.seen, report.documents.written) == (321, 0)
    assert site.documents() == alone


def is_running(group: int) -> bool:
    """Tell whether a process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("seconds", [0.5, 0.8])
def test_a_killed_run_leaves_no_lock_no_process_and_nothing_that_the_next_does_not_mend(
    site: SiteFolder, seconds: float
) -> None:
    for number in range(400):
        site.write(f"{number}.md", categories=[f"C{number % 9}"], body=f"<p>Story {number}.</p>" * 50)
    now = NOW.isoformat()
    command = [sys.executable, "-m", "feedpub", "build", "-q", "-c", str(site.config), "--workers", "2", "--now", now]
    with subprocess.Popen(command, start_new_session=True) as killed:
        time.sleep(seconds)
        killed.kill()
    subprocess.run(command, check=True)
    after_a_kill = site.documents()
    shutil.rmtree(site.out)
    shutil.rmtree(site.root / ".feedpub")
    subprocess.run(command, check=True)
    assert site.documents() == after_a_kill
    deadline = time.monotonic() + 10
    while is_running(killed.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not is_running(killed.pid)


def test_progress_is_told_for_each_part_of_the_work(site: SiteFolder) -> None:
    site.write("a.md", categories=["A"])
    heard: list[tuple[str, int, int]] = []
    site.build(progress=lambda *words: heard.append(words))
    assert heard == [("reading", 1, 1), ("sanitising", 1, 1), ("writing", 1, 2), ("writing", 2, 2)]


@pytest.mark.parametrize("is_first", [True, False])
def test_few_texts_are_held_at_once(site: SiteFolder, is_first: bool) -> None:
    site.configure("[feeds]\nlimit = 1")
    if not is_first:
        site.write("first.md")
        site.build(workers=1)
    for number in range(300):
        site.write(f"{number}.md", body=f"<p>{number}</p>" + "<p>words</p>" * 5_000, date="2024-01-01")
    tracemalloc.start()
    try:
        site.build(workers=1)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 170 * 60_000


def test_a_feed_is_written_while_entries_of_others_are_made(site: SiteFolder) -> None:
    site.configure("[feeds]\nlimit = 60")
    for number in range(120):
        site.write(f"{number}.md", categories=[f"c{number // 60}"], date=f"2024-01-{number // 60 + 1:02}")
    heard: list[str] = []
    site.build(workers=1, progress=lambda what, *_: heard.append(what))
    assert heard == ["reading", "sanitising", "writing", "sanitising", "writing", "writing"]


def test_two_sites_that_disagree_about_a_story_do_not_update_it_in_turn(site: SiteFolder) -> None:
    other = site.root / "other.toml"
    other.write_text(
        site.config.read_text("utf-8").replace('"articles"', '"others"').replace("[site]", '[site]\nout = "o"')
    )
    (site.root / "others").mkdir()
    site.write("a.md", link="https://example.org/1", date="2024-01-01", body="<p>Words of the one.</p>")
    (site.root / "others/b.md").write_text(
        "---\ntitle: a.md\nlink: https://example.org/1\ndate: 2024-01-01\n---\n\n<p>Other words.</p>\n", "utf-8"
    )
    updated = []
    for hour in range(6):
        for config in (site.config, other):
            report = feedpub.build(feedpub.load_config(config), now=NOW + timedelta(hours=hour), workers=1)
        updated.append((report.entries.updated, site.items()["a.md"]["date_modified"]))
    assert len(set(updated[2:])) == 1
    assert updated[-1][0] == ()


def test_a_pattern_more_reads_no_file_again(site: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.md", "b.md", "c.txt"):
        site.write(name, body=f"<p>{name}")
    for path in site.root.glob("articles/*"):
        os.utime(path, (0, 0))
    site.build()
    read: list[str] = []
    monkeypatch.setattr("feedpub.collector.read", lambda found: read.append(found.name))
    site.configure('exclude = ["b.md"]\n[feeds]\nmax_loss = 1')
    assert site.build().articles.removed == 1
    assert read == []


def test_a_library_that_was_mended_cleans_again(site: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    site.write("a.md")
    site.build()
    made: list[str] = []
    monkeypatch.setattr("nh3.__version__", "99")
    site.build(progress=lambda what, done, _: made.append(what) if done else None)
    assert "sanitising" in made


def test_a_hub_that_is_configured_is_named_in_every_feed_and_its_entries_stay(site: SiteFolder) -> None:
    site.configure().write("a.md", categories=["x"])
    site.build()
    entries = site.feed("x")["items"]
    site.configure('[publish]\nto = "s3://bucket/feeds"\nwebsub = ["https://hub.example.org/"]')
    assert site.build().documents.written == 6
    assert [site.feed(folder)["hubs"] for folder in ("", "x")] == 2 * [
        [{"type": "WebSub", "url": "https://hub.example.org/"}]
    ]
    assert site.feed("x")["items"] == entries


def test_articles_with_one_story_may_be_the_first_of_a_site_that_was_empty(site: SiteFolder) -> None:
    site.configure()
    site.build()
    for name in ("a.md", "b.md"):
        site.write(name, link="https://news.example.org/1", body="<p>Words.")
    assert len(site.build().entries.new) == 1
    assert len(site.items()) == 1

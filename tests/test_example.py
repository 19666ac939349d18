"""The example of `config/`, the committed `dist/`, and real articles where they are at hand."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

import feedpub
from feedpub.report import Report
from tests.feedrules import check_atom, check_json, check_opml, check_page, check_rss
from tests.reading import read_feedparser, read_json

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT.parent / "shared" / "samples"

CHECKS = {
    "rss.xml": check_rss,
    "atom.xml": check_atom,
    "feed.json": check_json,
    "feeds.opml": check_opml,
    "index.html": check_page,
}

#: What `make feeds` says.
NOW = datetime(2022, 6, 1, tzinfo=UTC)


def build(out: Path, *, source: Path | None = None, now: datetime = NOW) -> Report:
    config = feedpub.load_config(ROOT / "config/feedpub.toml", source=source, out=out, ledger=out.parent / "l.sqlite3")
    return feedpub.build(config, now=now)


def documents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    out = tmp_path_factory.mktemp("example") / "dist"
    return out, build(out)


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    if not SAMPLES.is_dir():
        pytest.skip("no samples here")
    out = tmp_path_factory.mktemp("samples") / "dist"
    return out, build(out, source=SAMPLES)


def test_the_example_still_gives_the_bytes_of_dist(example: tuple[Path, Report]) -> None:
    built, committed = documents(example[0]), documents(ROOT / "dist")
    assert built.keys() == committed.keys()
    assert [name for name in built if built[name] != committed[name]] == []


def test_the_example_has_one_article_that_cannot_be_read(example: tuple[Path, Report]) -> None:
    assert [Path(bad.name).name for bad in example[1].articles.quarantined] == ["半截电报.md"]


def test_all_samples_can_be_read(samples: tuple[Path, Report]) -> None:
    _, report = samples
    assert report.articles.quarantined == ()
    assert report.articles.seen == sum(1 for _ in SAMPLES.rglob("*.md"))


@pytest.mark.parametrize("built", ["example", "samples"])
def test_no_rule_of_the_specifications_is_broken(built: str, request: pytest.FixtureRequest) -> None:
    out, _ = request.getfixturevalue(built)
    for name, body in documents(out).items():
        assert CHECKS[name.rpartition("/")[2]](body) == [], name


@pytest.mark.parametrize("built", ["example", "samples"])
def test_the_three_formats_agree_entry_by_entry(built: str, request: pytest.FixtureRequest) -> None:
    out, _ = request.getfixturevalue(built)
    for folder in sorted(path.parent for path in out.rglob("feed.json")):
        json_feed = read_json(folder / "feed.json")
        assert read_feedparser(folder / "rss.xml") == json_feed
        assert read_feedparser(folder / "atom.xml") == json_feed


@pytest.mark.parametrize("built", ["example", "samples"])
def test_a_second_build_at_another_time_writes_nothing(built: str, request: pytest.FixtureRequest) -> None:
    out, _ = request.getfixturevalue(built)
    source = SAMPLES if built == "samples" else None
    assert build(out, source=source, now=NOW.replace(month=9)).documents.written == 0


def test_stories_crawled_again_keep_their_date(tmp_path: Path) -> None:
    histories = SAMPLES.parent / "samples-over-time"
    if not histories.is_dir():
        pytest.skip("no samples here")
    source = tmp_path / "articles"
    source.mkdir()
    seen = {}
    for version in range(1, 5):
        for folder in histories.iterdir():
            if (folder / f"{version}.md").is_file():
                (source / f"{folder.name}.md").write_bytes((folder / f"{version}.md").read_bytes())
        build(tmp_path / "dist", source=source, now=NOW.replace(day=version))
        for item in json.loads((tmp_path / "dist/feed.json").read_bytes())["items"]:
            seen.setdefault(item["id"], set()).add((item["date_published"], item["date_modified"]))
    assert len(seen) == 4
    assert all(len(dates) == 1 for dates in seen.values())

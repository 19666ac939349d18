from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from tests.bench.check import check_feeds, check_untouched, expect_feeds, read_stamps
from tests.bench.corpus import Corpus
from tests.bench.race import Side

_ATOM = '<feed xmlns="http://www.w3.org/2005/Atom">{}</feed>'


def make_corpus(*, articles: int, categories: int, added: int = 0) -> Corpus:
    return Corpus(folder=Path("corpus"), articles=articles, categories=categories, seed=1, added=added)


def make_side(name: str, root: Path, *, written: int = 0) -> Side:
    report = f"print({json.dumps({'documents': {'written': written}})!r})"
    return Side(name=name, command=(), out=root / name, forget=root / "kept", report=(sys.executable, "-c", report))


def write_feeds(side: Side, *feeds: list[int], word: str = "甲") -> None:
    for place, numbers in enumerate(feeds):
        folder = side.out / str(place)
        folder.mkdir(parents=True)
        titles = [f"{word}（第 {number} 号）" for number in numbers]
        tagged = [f"<title>{title}</title>" for title in titles]
        (folder / "rss.xml").write_text(f"<rss>{''.join(f'<item>{each}</item>' for each in tagged)}</rss>", "utf-8")
        (folder / "atom.xml").write_text(_ATOM.format("".join(f"<entry>{each}</entry>" for each in tagged)), "utf-8")
        (folder / "feed.json").write_text(json.dumps({"items": [{"title": title} for title in titles]}), "utf-8")


@pytest.mark.parametrize(
    ("corpus", "numbers"),
    [
        (make_corpus(articles=3, categories=2), [(0, 1, 2), (0, 2), (1,)]),
        (make_corpus(articles=3, categories=2, added=1), [(-1, 0, 1, 2), (-1, 1), (0, 2)]),
        (make_corpus(articles=2, categories=9), [(0, 1), (0,), (1,)]),  # no feed of an empty category
        (make_corpus(articles=60, categories=1), [tuple(range(50))] * 2),
    ],
)
def test_feeds_show_the_newest_of_all_and_of_each_category(corpus: Corpus, numbers: list[tuple[int, ...]]) -> None:
    assert expect_feeds(corpus) == sorted(
        (form, each) for form in ("atom.xml", "feed.json", "rss.xml") for each in numbers
    )


def test_sides_may_name_their_folders_as_they_like(tmp_path: Path) -> None:
    one, two = make_side("one", tmp_path), make_side("two", tmp_path)
    write_feeds(one, [0, 1, 2], [0, 2], [1])
    write_feeds(two, [1], [0, 2], [0, 1, 2])
    check_feeds([one, two], make_corpus(articles=3, categories=2))


@pytest.mark.parametrize(
    "feeds",
    [
        [[0, 1, 2], [0, 2]],  # one is missing
        [[0, 1, 2], [2, 0], [1]],
        [[0, 1, 2], [0, 1], [2]],
        [[0, 1], [0, 2], [1]],
    ],
)
def test_a_side_with_other_articles_ends_the_race(feeds: list[list[int]], tmp_path: Path) -> None:
    side = make_side("one", tmp_path)
    write_feeds(side, *feeds)
    with pytest.raises(SystemExit, match="one wrote"):
        check_feeds([side], make_corpus(articles=3, categories=2))


def test_a_side_with_other_titles_ends_the_race(tmp_path: Path) -> None:
    one, two = make_side("one", tmp_path), make_side("two", tmp_path)
    write_feeds(one, [0], [0])
    write_feeds(two, [0], [0], word="乙")
    with pytest.raises(SystemExit, match="one and two wrote different feeds"):
        check_feeds([one, two], make_corpus(articles=1, categories=1))


def test_a_side_that_leaves_its_documents_alone_goes_on(tmp_path: Path) -> None:
    side = make_side("one", tmp_path)
    write_feeds(side, [0])
    check_untouched(side, read_stamps(side.out))


def test_a_document_that_was_replaced_by_the_same_ends_the_race(tmp_path: Path) -> None:
    side = make_side("one", tmp_path)
    write_feeds(side, [0])
    before = read_stamps(side.out)
    path = side.out / "0" / "rss.xml"
    path.with_suffix(".new").write_bytes(path.read_bytes())
    os.utime(path.with_suffix(".new"), ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    path.with_suffix(".new").replace(path)
    with pytest.raises(SystemExit, match=r"one touched 0/rss\.xml and 0 others"):
        check_untouched(side, before)


def test_a_report_of_written_documents_ends_the_race(tmp_path: Path) -> None:
    side = make_side("one", tmp_path, written=3)
    write_feeds(side, [0])
    with pytest.raises(SystemExit, match="one reports 3 documents"):
        check_untouched(side, read_stamps(side.out))

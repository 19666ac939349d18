from __future__ import annotations

import time
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from tests.bench.corpus import Corpus, add_articles, category_names, make_article, make_corpus, number_of

if TYPE_CHECKING:
    from pathlib import Path


def read_all(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.html")}


def date_of(number: int) -> str:
    """Give the date in the one form that can be compared as text; every fourth article has it."""
    (line,) = (line for line in make_article(number, category="x", seed=2022).splitlines() if line.startswith("date:"))
    return line


def test_the_same_options_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        add_articles(make_corpus(tmp_path / name, articles=60, categories=7), count=10)
    assert read_all(tmp_path / "one") == read_all(tmp_path / "two")


@pytest.mark.parametrize(
    ("number", "digest"),
    [
        (0, "5eecaf79c8adec7b"),
        (1, "399607eb657ccf55"),
        (4711, "c94f3be2b4bc38b1"),
        (99999, "74150f45232f4fef"),
    ],
)
def test_articles_are_the_same_ever_since(number: int, digest: str) -> None:
    text = make_article(number, category="航运要闻", seed=2022)
    assert sha256(text.encode()).hexdigest()[:16] == digest


def test_another_seed_gives_other_articles() -> None:
    assert make_article(1, category="a", seed=1) != make_article(1, category="a", seed=2)


def test_articles_are_spread_evenly_over_the_categories(tmp_path: Path) -> None:
    make_corpus(tmp_path, articles=60, categories=7)
    sizes = [len(read_all(folder)) for folder in tmp_path.iterdir()]
    assert sorted(sizes) == [8, 8, 8, 9, 9, 9, 9]


@pytest.mark.parametrize("count", [1, 30, 31, 200])
def test_no_two_categories_share_a_name(count: int) -> None:
    assert len(set(category_names(count))) == count


def test_an_article_is_about_five_kilobytes_long() -> None:
    sizes = [len(make_article(number, category="航运要闻", seed=2022).encode()) for number in range(100)]
    assert 4_500 < sum(sizes) / len(sizes) < 5_500


def test_ten_new_articles_are_in_ten_other_categories_each_time(tmp_path: Path) -> None:
    corpus = make_corpus(tmp_path, articles=30, categories=30)
    for added in (10, 20):
        before = read_all(tmp_path)
        corpus = add_articles(corpus, count=10)
        new = read_all(tmp_path).keys() - before.keys()
        assert len({name.split("/")[0] for name in new}) == len(new) == 10
        assert corpus.numbers == range(-added, 30)


def test_adding_articles_changes_no_other(tmp_path: Path) -> None:
    corpus = make_corpus(tmp_path, articles=30, categories=4)
    before = read_all(tmp_path)
    add_articles(corpus, count=10)
    assert before.items() <= read_all(tmp_path).items()


def test_lower_numbers_are_newer() -> None:
    dates = [date_of(number) for number in range(-52, 52, 4)]
    assert dates == sorted(dates, reverse=True)


def test_an_article_tells_its_number(tmp_path: Path) -> None:
    for number in Corpus(folder=tmp_path, articles=3, categories=1, seed=1, added=2).numbers:
        title = make_article(number, category="a", seed=1).splitlines()[1]
        assert number_of(title.removeprefix("title: '").removesuffix("'")) == number


def test_a_strange_title_has_no_number() -> None:
    with pytest.raises(ValueError, match="no title of the corpus"):
        number_of("青石码头")


def test_no_article_is_as_young_as_the_run_that_reads_it(tmp_path: Path) -> None:
    add_articles(make_corpus(tmp_path, articles=3, categories=2), count=2)
    assert all(path.stat().st_mtime < time.time() - 50 for path in tmp_path.rglob("*.html"))

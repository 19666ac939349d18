from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bench.corpus import category_names, make_article, make_corpus

if TYPE_CHECKING:
    from pathlib import Path


def read_all(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.html")}


def test_the_same_options_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        make_corpus(tmp_path / name, articles=60, categories=7)
    assert read_all(tmp_path / "one") == read_all(tmp_path / "two")


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

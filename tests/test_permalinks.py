"""Addresses that the site's template makes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from feedpub.model import Story
from feedpub.permalinks import fill
from tests.factories import make_article

LATE = datetime(2024, 2, 29, 20, 5, 9, tzinfo=UTC)


def address(template: str, **fields: Any) -> str | None:
    article = make_article(**{"name": "2024/2024-03-01-rates.md", "title": "Rates & Co. / 利率"} | fields)
    story = Story(id="x", published=LATE, updated=LATE, name=article.name)
    return fill(template, article=article, story=story, zone=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("template", "made"),
    [
        ("https://a.example/{path}/", "https://a.example/2024/2024-03-01-rates/"),
        ("https://a.example/{name}", "https://a.example/2024/2024-03-01-rates.md"),
        ("https://a.example/{stem}.html", "https://a.example/2024-03-01-rates.html"),
        ("https://a.example/{basename}.html", "https://a.example/rates.html"),
        ("https://a.example/{year}/{month}/{day}/{slug}", "https://a.example/2024/03/01/rates-co-li-lu"),
        ("https://a.example/{hour}{minute}{second}-{stem}", "https://a.example/040509-2024-03-01-rates"),
        ("https://a.example/{title}", "https://a.example/Rates%20%26%20Co.%20-%20%E5%88%A9%E7%8E%87"),
        ("https://a.example/{categories}/{stem}", "https://a.example/2024-03-01-rates"),
        ("https://a.example/{id}", None),
        ("", None),
    ],
)
def test_a_template_is_filled_with_what_the_article_says(template: str, made: str | None) -> None:
    assert address(template) == made


def test_the_front_matters_slug_and_id_are_taken_as_they_stand() -> None:
    assert address("https://a.example/{id}/{slug}", own_id="4a/17", slug="my-slug") == "https://a.example/4a/17/my-slug"


def test_a_slash_in_a_categorys_name_is_no_folder() -> None:
    template = "https://a.example/{categories}/{category}/{stem}"
    made = address(template, categories=(("TCP/IP", "DNS"), ("Other",)), name="a.md")
    assert made == "https://a.example/TCP-IP/DNS/DNS/a"


def test_a_file_that_is_nothing_but_a_date_keeps_it() -> None:
    assert address("https://a.example/{basename}", name="2024-03-01-.md") == "https://a.example/2024-03-01-"

"""Real articles as a crawler wrote them again and again: each is one entry, with one date, and no update."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.sites import NOW, SiteFolder

HISTORIES = Path(__file__).parents[2] / "shared/samples-over-time"
VERSIONS = {folder.name: sorted(folder.glob("*.md")) for folder in sorted(HISTORIES.glob("*"))}
LONGEST = max(map(len, VERSIONS.values()), default=0)

pytestmark = pytest.mark.skipif(not VERSIONS, reason="the shared histories are not here")


@pytest.fixture
def site(tmp_path: Path) -> SiteFolder:
    return SiteFolder(tmp_path).configure()


def write(site: SiteFolder, name: str, number: int) -> None:
    """Write a version of an article, its last one where it has no more."""
    path = site.root / "articles/周报" / f"{name}.md"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(VERSIONS[name][min(number, len(VERSIONS[name]) - 1)].read_bytes())


def public(site: SiteFolder) -> dict[str, tuple[str, str]]:
    """Give what of each entry must never move: by its id, when it was published and updated."""
    items: list[dict[str, Any]] = site.feed()["items"]
    assert len({item["id"] for item in items}) == len(items)
    return {item["id"]: (item["date_published"], item["date_modified"]) for item in items}


@pytest.mark.parametrize("fresh", [False, True], ids=["incremental", "fresh"])
@pytest.mark.parametrize("name", VERSIONS)
def test_an_article_that_is_crawled_again_is_one_entry_with_one_date(site: SiteFolder, name: str, fresh: bool) -> None:
    write(site, name, 0)
    site.build()
    before = public(site)
    assert len(before) == 1
    for number in range(1, len(VERSIONS[name])):
        write(site, name, number)
        report = site.build(now=NOW + timedelta(hours=number), fresh=fresh)
        assert public(site) == before
        assert (report.entries.new, report.entries.updated, report.entries.gone) == ((), (), ())


@pytest.mark.parametrize("fresh", [False, True], ids=["incremental", "fresh"])
def test_so_are_all_of_them_in_one_site(site: SiteFolder, fresh: bool) -> None:
    for name in VERSIONS:
        write(site, name, 0)
    site.build()
    before = public(site)
    assert len(before) == len(VERSIONS)
    for number in range(1, LONGEST):
        for name in VERSIONS:
            write(site, name, number)
        report = site.build(now=NOW + timedelta(hours=number), fresh=fresh)
        assert public(site) == before
        assert (report.entries.new, report.entries.updated, report.entries.gone) == ((), (), ())


def test_what_a_crawler_writes_again_after_it_was_never_shown_is_no_update_either(site: SiteFolder) -> None:
    site.configure("[feeds]\nlimit = 1\nmax_loss = 1")
    for number in range(LONGEST):
        for name in VERSIONS:
            write(site, name, number)
        site.build(now=NOW + timedelta(hours=number))
    # Now all are shown.
    site.configure()
    site.build(now=NOW + timedelta(hours=LONGEST))
    assert len(public(site)) == len(VERSIONS)
    assert all(published == updated for published, updated in public(site).values())


def test_an_article_that_is_crawled_again_under_another_name_is_the_same_entry(site: SiteFolder) -> None:
    for name in VERSIONS:
        write(site, name, 0)
    site.build()
    before = public(site)
    for name in VERSIONS:
        write(site, name, LONGEST)
        path = site.root / "articles/周报" / f"{name}.md"
        path.rename(path.with_name(f"2-{name}.md"))
    report = site.build(now=NOW + timedelta(hours=1))
    assert public(site) == before
    assert (report.entries.new, report.entries.updated, report.entries.gone) == ((), (), ())

"""Nearly the same text in two files, and files that links lead to."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.sites import NOW, SiteFolder

SENTENCES = [f"这是第{number}件事，码头公布了三号泊位的扩建计划。" for number in range(20)]
STORY = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
NEAR = "[feeds]\nnear_duplicates = true\nmax_loss = 1"


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> SiteFolder:
    return SiteFolder(tmp_path_factory.mktemp("site")).configure(NEAR)


def count(site: SiteFolder) -> int:
    return len(site.feed()["items"])


def write_pair(site: SiteFolder, other: str, **front: object) -> None:
    site.write("a.md", body=STORY, title="Rates", categories=["A"])
    site.write("b.md", body=other, **{"title": "Rates", "categories": ["B"]} | front)


@pytest.mark.parametrize(
    "other",
    [
        STORY + "<p>责任编辑：林一舟。欢迎扫码关注我们的公众号，了解更多。</p>",
        '<div class="ad">本店新到春茶，量大从优，欢迎来电洽谈。</div>' + STORY,
        STORY.replace("第3件", "第三件"),
    ],
    ids=["an editor's line", "an advertisement", "a word"],
)
def test_one_story_crawled_twice_is_one_entry_in_the_feeds_of_both(site: SiteFolder, other: str) -> None:
    write_pair(site, other)
    site.build()
    (item,) = site.feed()["items"]
    assert set(item["tags"]) == {"A", "B"}
    assert site.build(fresh=True, now=NOW + timedelta(hours=1)).entries.gone == ()


def test_it_is_two_where_the_operator_does_not_say_so(site: SiteFolder) -> None:
    site.configure()
    write_pair(site, STORY + "<p>责任编辑：林一舟。欢迎扫码关注我们的公众号。</p>")
    site.build()
    assert count(site) == 2


@pytest.mark.parametrize(
    ("other", "front"),
    [
        (STORY.replace("三号泊位", "四号泊位"), {}),
        ("".join(f"<p>{sentence}</p>" for sentence in SENTENCES[:10]), {}),
        (STORY + "<p>责任编辑：林一舟。欢迎扫码关注我们的公众号，了解更多。</p>", {"id": "another", "guid": "x"}),
        (STORY.replace("第3件", "第三件").replace("第4件", "第四件"), {"title": "Prices"}),
    ],
    ids=["every sentence differs", "half of it", "an id of its own", "another title"],
)
def test_stories_that_only_resemble_each_other_stay_two(site: SiteFolder, other: str, front: dict[str, str]) -> None:
    write_pair(site, other, **front)
    if "id" in front:
        site.write("a.md", body=STORY, title="Rates", categories=["A"], id="one")
    site.build()
    assert count(site) == 2


def test_a_second_crawl_joins_the_first_and_parts_when_it_becomes_another_story(site: SiteFolder) -> None:
    site.write("a.md", body=STORY, title="Rates")
    site.build()
    (first,) = site.feed()["items"]
    site.write("b.md", body=STORY + "<p>责任编辑：林一舟。欢迎扫码关注我们的公众号。</p>", title="Rates")
    report = site.build(now=NOW + timedelta(hours=1))
    (item,) = site.feed()["items"]
    assert (item["id"], item["date_published"]) == (first["id"], first["date_published"])
    assert report.entries.new == ()
    site.write(
        "b.md", body="".join(f"<p>另一件事，编号{number}，与前面无关。</p>" for number in range(20)), title="Other"
    )
    site.build(now=NOW + timedelta(hours=2))
    assert count(site) == 2
    assert first["id"] in {item["id"] for item in site.feed()["items"]}


def test_a_sentence_that_hundreds_share_joins_nothing(site: SiteFolder) -> None:
    for number in range(40):
        own = "".join(f"<p>编号{number}的第{line}句话，与众不同。</p>" for line in range(6))
        site.write(f"{number}.md", body="<p>本网站所有内容均来自互联网，版权归原作者所有。</p>" + own)
    site.build()
    assert count(site) == 40


def test_links_that_lead_elsewhere_are_followed_where_the_operator_says_so(site: SiteFolder) -> None:
    elsewhere = site.root / "elsewhere"
    (elsewhere / "deep").mkdir(parents=True)
    for name in ("one.md", "deep/two.md"):
        (elsewhere / name).write_text(f"---\ntitle: {name}\n---\n\nWords of {name}.\n")
    articles = site.root / "articles"
    (articles / "folder").symlink_to(elsewhere)
    (articles / "three.md").symlink_to(elsewhere / "one.md")
    (elsewhere / "deep" / "circle").symlink_to(articles)
    site.build()
    assert count(site) == 0
    site.configure("follow_links = true\n[feeds]\nmax_loss = 1")
    report = site.build()
    assert sorted(item["title"] for item in site.feed()["items"]) == ["deep/two.md", "one.md"]
    assert report.articles.seen == 3
    assert json.loads(json.dumps(site.build().as_json()))["documents"]["written"] == 0


def test_the_first_articles_show_where_there_was_none_before(site: SiteFolder) -> None:
    site.build()
    site.write("a.md", body=STORY)
    assert len(site.build().entries.new) == 1
    assert count(site) == 1

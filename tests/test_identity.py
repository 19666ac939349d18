"""Which articles are one story, and which story was here before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from feedpub.identity import Identity, Known, Memory, identify
from feedpub.model import Sighting
from feedpub.urls import identity_of_link
from tests.factories import A_DAY

NOW = datetime(2024, 3, 9, tzinfo=UTC)


def sight(name: str, *, text: str | None = None, **fields: Any) -> Sighting:
    text = text or f"the words of {name}"
    defaults = {"title": name, "bytes": text, "address": identity_of_link(fields.get("link"))}
    return Sighting(name=name, text=text, visible=f"1:{text}", **(defaults | fields))


def look(*sightings: Sighting, after: Sequence[Identity] = (), authority: str = "example.org") -> list[Identity]:
    return list(identify(sightings, known=remember(after), authority=authority, now=NOW))


def remember(identities: Sequence[Identity]) -> Known:
    return Known(memories=[one.memory for one in identities], ids_by_name=ids_by_name(identities))


def ids_by_name(identities: Sequence[Identity]) -> dict[str, str]:
    return {sighting.name: one.story.id for one in identities for sighting in one.group}


def ids(identities: Sequence[Identity]) -> list[str]:
    return [one.story.id for one in identities]


@pytest.mark.parametrize(
    ("fields", "id_"),
    [
        ({"own_id": "https://example.org/ä"}, "https://example.org/%C3%A4"),
        ({"own_id": "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a"}, "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a"),
        ({"own_id": "4a17/b 6", "link": "https://example.org/x"}, "tag:example.org,2022:4a17%2Fb%206"),
        ({"link": "https://example.org/新闻?id=1"}, "https://example.org/%E6%96%B0%E9%97%BB?id=1"),
        ({"link": "//example.org/1"}, "https://example.org/1"),
        ({}, "tag:example.org,2022:fecccc97532467adbf93017b357c8b17"),
    ],
)
def test_an_id_is_the_articles_own_or_its_link_or_made_of_its_name(fields: dict[str, str], id_: str) -> None:
    (minted,) = ids(look(sight("a.md", **fields)))
    assert minted == id_


@pytest.mark.parametrize("link", ["javascript://x/y", "ftp://example.org/1", "/a/path", "https://[broken"])
def test_a_link_that_no_browser_follows_is_no_id(link: str) -> None:
    assert ids(look(sight("a.md", link=link))) == ids(look(sight("a.md")))


def test_ids_are_the_same_where_the_ledger_is_lost() -> None:
    articles = [sight("a.md"), sight("b.md", own_id="7"), sight("c.md", link="https://example.org/c")]
    assert ids(look(*articles)) == ids(look(*reversed(articles)))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(sight("a.md"), sight("a.md", text="new words"), id="edited"),
        pytest.param(sight("a.md"), sight("a.md", title="New title"), id="another title"),
        pytest.param(sight("a.md", text="words"), sight("b/a.md", text="words"), id="moved"),
        pytest.param(
            sight("a.md", link="https://example.org/1"),
            sight("b.md", link="http://example.org/1#top", text="new words"),
            id="moved and edited, with its link",
        ),
        pytest.param(sight("a.md", own_id="7"), sight("b.md", own_id="7", text="new words"), id="with its own id"),
        pytest.param(sight("a.md"), sight("a.md", link="https://example.org/1"), id="a link that comes late"),
    ],
)
def test_an_id_survives_what_happens_to_an_article(before: Sighting, after: Sighting) -> None:
    first = look(before)
    assert ids(look(after, after=first)) == ids(first)


def test_an_id_survives_a_new_site_address() -> None:
    first = look(sight("a.md"), sight("b.md", own_id="7"))
    assert ids(look(sight("a.md"), sight("b.md", own_id="7"), after=first, authority="new.example")) == ids(first)


def test_a_new_article_in_the_old_place_of_a_moved_one_is_another_story() -> None:
    first = look(sight("a.md", text="old story"))
    second = look(sight("a.md", text="new story"), sight("b.md", text="old story"), after=first)
    assert ids_by_name(second)["b.md"] == ids(first)[0]
    assert ids_by_name(second)["a.md"] != ids(first)[0]


def test_the_same_words_in_two_files_are_one_story_with_the_categories_of_both() -> None:
    (one,) = look(
        sight("a.md", text="words", categories=(("A",),), tags=("x",)),
        sight("b.md", text="words", categories=(("B", "C"), ("A",)), tags=("y", "x")),
    )
    assert one.story.categories == (("A",), ("B", "C"))
    assert one.story.tags == ("x", "y")
    assert [sighting.name for sighting in one.group] == ["a.md", "b.md"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param({"own_id": "1"}, {"own_id": "2"}, id="two ids"),
        pytest.param(
            {"link": "https://example.org/1", "title": "One"},
            {"link": "https://example.org/2", "title": "Two"},
            id="two links with titles of their own",
        ),
        pytest.param({"enclosures": ("https://e.example/1.mp3",)}, {}, id="an enclosure"),
    ],
)
def test_the_same_words_are_two_stories_where_their_files_say_so(one: dict[str, Any], other: dict[str, Any]) -> None:
    alike = {"text": "words", "title": "T"}
    assert len(look(sight("a.md", **alike), sight("b.md", **alike))) == 1
    assert len(set(ids(look(sight("a.md", **alike | one), sight("b.md", **alike | other))))) == 2


def test_thousands_of_files_with_one_text_and_title_are_told_apart_by_their_ids() -> None:
    articles = [sight(f"{number}.md", text="words", title="T", own_id=str(number % 2000)) for number in range(6000)]
    assert len(look(*articles)) == 2000


def test_a_text_that_many_titles_share_is_that_of_an_error_page() -> None:
    assert len(look(*(sight(f"{number}.md", text="Enable JavaScript") for number in range(5)))) == 5


def test_a_globally_unique_id_makes_one_story_of_two_files() -> None:
    guid = "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a"
    assert len(look(sight("a.md", own_id=guid), sight("b.md", own_id=guid))) == 1


def test_an_article_of_the_same_words_with_an_id_of_its_own_inherits_nothing() -> None:
    first = look(sight("a.md", text="words", own_id="1"))
    assert ids(look(sight("b.md", text="words", own_id="2"), after=first)) != ids(first)


def test_of_two_versions_behind_one_link_the_newer_one_is_shown_with_the_older_ones_date() -> None:
    later = A_DAY.replace(hour=12)
    (one,) = look(
        sight("a.md", link="https://example.org/1", published=A_DAY),
        sight("b.md", link="https://example.org/1", published=later),
    )
    assert (one.story.name, one.story.published) == ("b.md", A_DAY)


def test_a_link_that_many_texts_share_is_that_of_a_list_and_joins_nothing() -> None:
    articles = [sight(f"{number}.md", link="https://example.org/list") for number in range(5)]
    assert len(set(ids(look(*articles)))) == 5


def test_the_address_of_a_site_joins_nothing() -> None:
    assert len(look(sight("a.md", link="https://example.org/"), sight("b.md", link="https://example.org"))) == 2


def test_two_stories_with_one_own_id_get_two_ids() -> None:
    first = look(sight("b.md", own_id="1"), sight("c.md", own_id="1"))
    assert len(set(ids(first))) == 2
    second = look(sight("a.md", own_id="1"), sight("b.md", own_id="1"), sight("c.md", own_id="1"), after=first)
    assert {name: ids_by_name(second)[name] for name in ("b.md", "c.md")} == ids_by_name(first)


def test_stories_that_became_one_keep_the_older_id() -> None:
    first = look(sight("a.md"), sight("b.md"))
    (one,) = look(sight("a.md", text="words"), sight("b.md", text="words"), after=first)
    assert one.story.id == ids(first)[0]


def test_chains_of_alike_articles_are_one_story() -> None:
    found = look(
        sight("a.md", text="1"),
        sight("b.md", text="1", link="https://example.org/x"),
        sight("c.md", text="2", link="https://example.org/x"),
        sight("d.md", text="2"),
    )
    assert len(found) == 1


@pytest.mark.parametrize(
    ("link", "identity"),
    [
        ("https://Example.org/a?b=1#c", "example.org/a?b=1"),
        ("http://example.org/a?b=1", "example.org/a?b=1"),
        ("https://example.org/?p=7", "example.org/?p=7"),
        ("https://example.org/", ""),
        ("https://[broken", ""),
        ("/a/path", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_link_says_who_an_article_is_without_scheme_and_fragment(link: str | None, identity: str) -> None:
    assert identity_of_link(link) == identity


def test_an_id_that_somebody_else_has_or_had_is_not_given_again() -> None:
    (first,) = look(sight("a.md"))
    known = Known(taken={first.story.id})
    (second,) = identify([sight("a.md")], known=known, authority="example.org", now=NOW)
    assert second.story.id != first.story.id


def test_what_is_remembered_knows_its_place() -> None:
    (first,) = look(sight("a.md"))
    placed = first._replace(memory=first.memory._replace(place=7))
    kept, new = look(sight("a.md", text="new words"), sight("b.md"), after=[placed])
    assert (kept.memory.place, new.memory.place) == (7, 0)


def test_only_stories_that_readers_know_and_whose_file_is_another_one_are_looked_at() -> None:
    shown, unshown, same = look(sight("a.md"), sight("b.md"), sight("c.md"))
    known = remember([_seen(shown), unshown, _seen(same)])
    asked: list[str] = []

    def looker(pairs: Sequence[tuple[Sighting, Memory]]) -> Mapping[str, str]:
        asked.extend(said.name for said, _ in pairs)
        return {"a.md": "1:new words:looks"}

    sightings = [sight("a.md", text="new words"), sight("b.md", text="newer words"), sight("c.md")]
    found = list(identify(sightings, known=known, authority="example.org", now=NOW, look=looker))
    assert asked == ["a.md"]
    # The first looks as it did, whatever words are in the file; of the second, these are all that is known.
    assert [one.story.updated > shown.story.updated for one in found] == [False, True, False]
    assert found[0].memory.dates.clean == "1:new words:looks"


def _seen(one: Identity) -> Identity:
    (sighting,) = one.group
    dates = one.memory.dates._replace(clean=f"1:{sighting.bytes}:looks")
    return one._replace(memory=one.memory._replace(dates=dates))


@pytest.mark.parametrize(
    ("after", "same"),
    [
        pytest.param({"title": "Beta", "published": A_DAY.replace(hour=20), "link": None}, False, id="all else"),
        pytest.param({"title": "Beta"}, True, id="the same date"),
        pytest.param({"title": "Alpha", "published": A_DAY.replace(hour=20)}, True, id="the same title"),
        pytest.param({"title": "Beta", "published": None}, True, id="no date"),
        pytest.param({"title": "Alpha", "link": "https://example.org/beta"}, False, id="another link"),
        pytest.param({"title": "Alpha", "link": "https://moved.example/alpha"}, True, id="a site that moved"),
    ],
)
def test_another_post_in_a_file_of_the_same_name_is_another_story(after: dict[str, Any], same: bool) -> None:
    def write(text: str, title: str, **fields: Any) -> Sighting:
        said = {"published": A_DAY, "link": "https://example.org/alpha"} | fields
        return sight("a.md", text=text, title=title, **said)._replace(visible=f"2:{text}:{title}")

    first = look(write("old words", "Alpha"))
    second = look(write("new words", **after), after=first)
    assert (ids(second) == ids(first)) is same


def test_an_upgrade_that_tells_titles_apart_takes_no_id_away() -> None:
    first = look(sight("a.md", title="Alpha", published=A_DAY))
    edited = sight("a.md", text="new words", title="Alpha", published=A_DAY.replace(hour=20))
    assert ids(look(edited._replace(visible="2:new words:alpha"), after=first)) == ids(first)

"""The dates of a story over its life."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedpub.dating import Dates, Said, first_dates, is_noticed, next_dates


def day(number: int) -> datetime:
    return datetime(2024, 3, number, 9, tzinfo=UTC)


def said(published: datetime | None = None, *, visible: str = "words", **more: Any) -> Said:
    return Said(published=published, visible=visible if ":" in visible else f"1:{visible}", **more)


def live(*sightings: tuple[Said, int]) -> Dates:
    """See a story again and again, each time on a day of March."""
    (first, number), *others = sightings
    dates = first_dates(first, now=day(number))
    for sighting, seen in others:
        dates = next_dates(dates, sighting, now=day(seen))
    return dates


@pytest.mark.parametrize(
    ("sightings", "published", "updated"),
    [
        pytest.param([(said(day(1)), 5)], 1, 1, id="its own date, whenever it is found"),
        pytest.param([(said(), 5)], 5, 5, id="without a date, the first sighting"),
        pytest.param([(said(), 5), (said(), 9)], 5, 5, id="the first sighting stays"),
        pytest.param([(said(guess=day(4)), 5), (said(guess=day(8)), 9)], 4, 4, id="yesterday is that of the first day"),
        pytest.param([(said(day(1)), 5), (said(day(4)), 6)], 1, 1, id="a date that moved alone was the crawler's"),
        pytest.param(
            [(said(day(1)), 5), (said(day(4)), 6), (said(day(7), visible="new"), 8)],
            1,
            8,
            id="and has no say later either",
        ),
        pytest.param([(said(day(1)), 5), (said(day(4), visible="new"), 6)], 4, 6, id="a new date for new words counts"),
        pytest.param([(said(), 5), (said(day(1)), 6)], 5, 5, id="a date that comes late does not count"),
        pytest.param([(said(day(1)), 5), (said(day(1), visible="new"), 6)], 1, 6, id="an update is dated by the run"),
        pytest.param(
            [(said(day(1)), 5), (said(day(1), visible="new", updated=day(6)), 9)], 1, 6, id="or by its author"
        ),
        pytest.param(
            [(said(day(1)), 5), (said(day(1), visible="new", updated=day(20)), 9)], 1, 9, id="but not in the future"
        ),
        pytest.param([(said(day(1)), 5), (said(day(1), updated=day(6)), 9)], 1, 1, id="no update without new words"),
        pytest.param([(said(day(1), updated=day(20)), 5)], 1, 1, id="an update in the future is none"),
        pytest.param([(said(day(3), updated=day(2)), 5)], 3, 3, id="never updated before it was published"),
        pytest.param([(said(day(20)), 5), (said(day(2)), 6)], 2, 2, id="what nobody saw yet may be brought forward"),
        pytest.param([(said(day(20)), 5), (said(day(25)), 6)], 25, 25, id="or put off"),
        pytest.param([(said(day(1)), 5), (said(None), 6)], 1, 1, id="a date that is lost is remembered"),
    ],
)
def test_dates_move_only_where_a_reader_would_notice(
    sightings: list[tuple[Said, int]], published: int, updated: int
) -> None:
    dates = live(*sightings)
    assert (dates.published, dates.updated) == (day(published), day(updated))


def test_a_digest_of_another_version_is_no_update() -> None:
    assert live((said(day(1), visible="1:a"), 5), (said(day(1), visible="2:b"), 6)).updated == day(1)
    assert live((said(day(1), visible="1:a"), 5), (said(day(1), visible="1:b"), 6)).updated == day(6)


def test_what_is_shown_before_its_date_is_updated_as_anything_else() -> None:
    dates = first_dates(said(day(20)), now=day(5))
    assert next_dates(dates, said(day(20), visible="new"), now=day(6), shows_future=True).updated > dates.updated


@pytest.mark.parametrize(
    ("visible", "clean", "noticed"),
    [
        pytest.param(("1:a", "1:a"), ("x:1:looks", "x:1:looks"), False, id="the same"),
        pytest.param(("1:a", "1:b"), ("x:1:looks", "x:2:looks"), False, id="other words, and the entry looks the same"),
        pytest.param(("1:a", "1:a"), ("x:1:looks", "x:2:other"), True, id="the same words, and it looks another one"),
        pytest.param(("1:a", "1:b"), ("x:1:looks", "y:2:other"), True, id="made by other rules, the words say it"),
        pytest.param(("1:a", "1:a"), ("x:1:looks", "y:2:other"), False, id="made by other rules, of the same words"),
        pytest.param(("1:a", "2:b"), ("x:1:looks", "y:2:other"), False, id="nothing can be compared"),
        pytest.param(("1:a", "1:b"), (None, "x:2:looks"), True, id="never shown before, the words say it"),
        pytest.param(("1:a", "1:b"), ("x:1:looks", None), True, id="nobody looked, the words say it"),
        pytest.param(("1:a", "1:a"), ("x:1:looks", None), False, id="nobody looked, and the words are the same"),
    ],
)
def test_what_the_clean_entry_shows_is_the_judge_and_else_the_words(
    visible: tuple[str, str], clean: tuple[str | None, str | None], noticed: bool
) -> None:
    was = first_dates(said(day(1), visible=visible[0], clean=clean[0]), now=day(5))
    assert is_noticed(was, said(day(1), visible=visible[1], clean=clean[1])) is noticed


@pytest.mark.parametrize(
    ("visible", "clean", "kept"),
    [
        ("1:words", None, "x:1:looks"),
        ("1:others", None, None),
        ("1:others", "x:2:looks", "x:2:looks"),
    ],
)
def test_how_an_entry_looked_is_remembered_until_its_words_change(
    visible: str, clean: str | None, kept: str | None
) -> None:
    first = said(day(1), clean="x:1:looks")
    assert live((first, 5), (said(day(1), visible=visible, clean=clean), 6)).clean == kept


_days = st.integers(1, 28)
_said = st.builds(
    said,
    st.none() | _days.map(day),
    visible=st.sampled_from(["1:a", "1:b", "2:a"]),
    guess=st.none() | _days.map(day),
    updated=st.none() | _days.map(day),
    clean=st.sampled_from([None, "x:1:a", "x:2:b", "y:1:a"]),
)


@given(st.lists(st.tuples(_said, _days), min_size=1, max_size=6), _days, st.booleans(), st.booleans())
def test_whoever_says_the_same_again_changes_nothing_whatever_the_clock(
    sightings: list[tuple[Said, int]], again: int, looked: bool, shows_future: bool
) -> None:
    dates = live(*sightings)
    same = sightings[-1][0] if looked else sightings[-1][0]._replace(clean=None)
    assert next_dates(dates, same, now=day(again), shows_future=shows_future) == dates


@given(st.lists(st.tuples(_said, _days), min_size=1, max_size=6), _said, _days)
def test_an_update_is_later_than_the_one_before(sightings: list[tuple[Said, int]], last: Said, number: int) -> None:
    was = live(*sightings)
    dates = next_dates(was, last, now=day(number), shows_future=True)
    assert dates.updated >= dates.published
    assert dates.updated > was.updated if is_noticed(was, last) else dates.updated >= was.updated

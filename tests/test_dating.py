"""The dates of a story over its life."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feedpub.dating import Dates, Said, first_dates, next_dates


def day(number: int) -> datetime:
    return datetime(2024, 3, number, 9, tzinfo=UTC)


def said(published: datetime | None = None, *, visible: str = "words", **more: datetime) -> Said:
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

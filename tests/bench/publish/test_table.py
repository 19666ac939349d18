from __future__ import annotations

from collections import Counter

import pytest

from tests.bench.publish.race import Requests, Results, Run, Scenario
from tests.bench.publish.table import find_bound, find_limit, find_target, make_table, tell_requests


def make_runs(*seconds: float) -> list[Run]:
    return [Run(seconds=each, cpu=each / 2, memory=50) for each in seconds]


def send(**methods: int) -> Requests:
    return Requests(methods=Counter(methods))


@pytest.mark.parametrize(
    ("side", "scenario", "count", "size", "words"),
    [
        ("rclone", "first-upload", 2_000, 10_000, "at most 1.00"),
        ("hugo", "first-upload", 2_000, 10_000, "at most 0.50"),
        ("rclone", "nothing-changed", 2_000, 10_000, "at most 0.50"),
        ("hugo", "nothing-changed", 2_000, 10_000, "at most 0.50"),
        ("rclone", "20-changed", 2_000, 10_000, "None"),
        ("rclone", "first-upload", 300, 10_000, "None"),
        ("rclone", "first-upload", 2_000, 500, "None"),
        ("feedpub", "first-upload", 2_000, 10_000, "None"),
    ],
)
def test_ratios_are_wanted_for_the_usual_files(
    side: str, scenario: Scenario, count: int, size: int, words: str
) -> None:
    assert str(find_target(side, scenario, count=count, size=size)) == words


def test_seconds_are_wanted_for_many_files_alone() -> None:
    assert str(find_limit("feedpub", "nothing-changed", count=20_000)) == "below 1"
    assert find_limit("feedpub", "nothing-changed", count=2_000) is None
    assert find_limit("feedpub", "first-upload", count=20_000) is None
    assert find_limit("rclone", "nothing-changed", count=20_000) is None


def test_requests_are_bounded_on_our_side_alone() -> None:
    assert [find_bound("feedpub", each) for each in ("first-upload", "nothing-changed", "20-changed")] == [None, 1, 22]
    assert find_bound("rclone", "nothing-changed") is None


@pytest.mark.parametrize(
    ("requests", "bound", "words"),
    [
        (send(PUT=21, GET=2), None, "2 GET, 21 PUT"),
        (send(PUT=21, GET=1), 22, "1 GET, 21 PUT (at most 22: ok)"),
        (send(PUT=21, GET=2), 22, "2 GET, 21 PUT (at most 22: missed)"),
        (send(), 1, "none (at most 1: ok)"),
    ],
)
def test_requests_are_told_by_method(requests: Requests, bound: int | None, words: str) -> None:
    assert tell_requests(requests, bound) == words


def test_the_table_shows_medians_ratios_requests_and_verdicts() -> None:
    results: Results[Run] = {
        # Of the medians it would be 2 / 4; the second round was slow for both.
        ("first-upload", "feedpub"): make_runs(1, 8, 2),
        ("first-upload", "rclone"): make_runs(4, 10, 2),
        ("first-upload", "hugo"): make_runs(4, 4, 3),
        ("nothing-changed", "feedpub"): make_runs(1),
    }
    requests: Results[Requests] = {
        ("first-upload", "feedpub"): [send(PUT=2_002)],
        ("nothing-changed", "feedpub"): [send(GET=1)],
    }
    table = make_table(results, requests, count=2_000, size=10_000)
    assert [" ".join(line.split()) for line in table] == [
        "scenario side seconds CPU MiB wall requests each run",
        "first upload feedpub 2.00 1.00 50 2002 PUT 1.00 8.00 2.00",
        "rclone 4.00 2.00 50 0.800 (at most 1.00: ok) 4.00 10.00 2.00",
        "hugo 4.00 2.00 50 0.667 (at most 0.50: missed) 4.00 4.00 3.00",
        "nothing changed feedpub 1.00 0.50 50 1 GET (at most 1: ok) 1.00",
    ]


def test_many_files_have_a_limit_in_seconds() -> None:
    runs: Results[Run] = {("nothing-changed", "feedpub"): make_runs(0.25, 0.5, 1.5)}
    *_, line = make_table(runs, {}, count=20_000, size=10_000)
    assert " ".join(line.split()) == "nothing changed feedpub 0.50 (below 1: ok) 0.25 50 0.25 0.50 1.50"


def test_without_feedpub_there_are_no_ratios() -> None:
    *_, line = make_table({("first-upload", "hugo"): make_runs(2)}, {}, count=2_000, size=10_000)
    assert line.split() == ["first", "upload", "hugo", "2.00", "1.00", "50", "2.00"]

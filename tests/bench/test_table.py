from __future__ import annotations

import pytest

from tests.bench.race import Results, Run, Scenario
from tests.bench.table import Target, find_memory_target, find_target, make_table, pair


def make_run(seconds: float = 1.0, *, memory: float = 100.0) -> Run:
    return Run(seconds=seconds, cpu=seconds * 2, largest=memory / 2, together=memory)


def make_runs(*seconds: float) -> list[Run]:
    return [make_run(each) for each in seconds]


def test_ratios_are_taken_within_a_round() -> None:
    # Of the medians it would be 2 / 4; the second round was slow for both.
    ours, theirs = make_runs(1, 8, 2), make_runs(4, 10, 2)
    assert pair(ours, theirs, lambda run: run.seconds) == 0.8


@pytest.mark.parametrize(
    ("target", "ratio", "verdict"),
    [
        (Target(ratio=0.75), 0.74, "ok"),
        (Target(ratio=0.75), 0.75, "ok"),
        (Target(ratio=0.75), 0.7501, "missed"),
        (Target(ratio=1, inclusive=False), 0.999, "ok"),
        (Target(ratio=1, inclusive=False), 1, "missed"),
    ],
)
def test_a_target_is_met_or_missed(target: Target, ratio: float, verdict: str) -> None:
    assert target.judge(ratio) == verdict


@pytest.mark.parametrize(
    ("side", "scenario", "articles", "words"),
    [
        ("hugo", "cold", 10_000, "at most 0.75"),
        ("hugo", "nothing-changed", 10_000, "at most 0.10"),
        ("hugo", "ten-new", 10_000, "at most 0.25"),
        ("hugo", "cold", 100_000, "at most 0.35"),
        ("hugo", "nothing-changed", 100_000, "at most 0.03"),
        ("hugo", "ten-new", 100_000, "at most 0.07"),
        ("hugo", "cold", 500, "None"),
        ("node", "cold", 500, "below 1"),
        ("node", "ten-new", 100_000, "below 1"),
        ("feedpub", "cold", 10_000, "None"),
    ],
)
def test_targets_go_by_side_scenario_and_size(side: str, scenario: Scenario, articles: int, words: str) -> None:
    assert str(find_target(side, scenario, articles=articles)) == words


def test_memory_has_a_target_beside_hugo_in_large_cold_runs_alone() -> None:
    assert find_memory_target("hugo", "cold", articles=100_000) == Target(ratio=0.10)
    assert find_memory_target("hugo", "cold", articles=10_000) is None
    assert find_memory_target("hugo", "ten-new", articles=100_000) is None
    assert find_memory_target("node", "cold", articles=100_000) is None


def test_the_table_shows_medians_ratios_and_verdicts() -> None:
    results: Results = {
        ("cold", "feedpub"): make_runs(3, 2, 9),
        ("cold", "hugo"): [make_run(10, memory=2000), make_run(10, memory=800), make_run(10, memory=1600)],
        ("cold", "node"): make_runs(2, 2, 2),
        ("ten-new", "feedpub"): make_runs(1),
    }
    assert [" ".join(line.split()) for line in make_table(results, articles=100_000)] == [
        "scenario side seconds CPU MiB all MiB wall memory each run",
        "cold feedpub 3.00 6.00 50 100 3.00 2.00 9.00",
        "hugo 10.00 20.00 800 1600 0.300 (at most 0.35: ok) 0.062 (at most 0.10: ok) 10.00 10.00 10.00",
        "node 2.00 4.00 50 100 1.500 (below 1: missed) 1.000 2.00 2.00 2.00",
        "ten new feedpub 1.00 2.00 50 100 1.00",
    ]


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    head, ours, theirs = make_table({("cold", "feedpub"): make_runs(1), ("cold", "node"): make_runs(2)}, articles=5)
    assert head.index("each run") == ours.rindex("1.00") == theirs.rindex("2.00")


def test_without_feedpub_there_are_no_ratios() -> None:
    *_, line = make_table({("cold", "hugo"): make_runs(2)}, articles=10_000)
    assert line.split() == ["cold", "hugo", "2.00", "4.00", "50", "100", "2.00"]

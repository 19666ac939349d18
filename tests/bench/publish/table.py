"""What the rounds come to: medians, ratios, requests, and whether they are good enough."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median
from typing import TYPE_CHECKING

from tests.bench.publish.race import Requests, Results, Run, Scenario
from tests.bench.table import OURS, Target

if TYPE_CHECKING:
    from collections.abc import Mapping

#: How many files of how many bytes the ratios are for.
USUAL = (2_000, 10_000)
MANY = 20_000

_BESIDE: Mapping[tuple[str, Scenario], Target] = {
    ("rclone", "first-upload"): Target(ratio=1.0),
    ("hugo", "first-upload"): Target(ratio=0.5),
    ("rclone", "nothing-changed"): Target(ratio=0.5),
    ("hugo", "nothing-changed"): Target(ratio=0.5),
}
#: Whatever the number of files is.
_REQUESTS: Mapping[Scenario, int] = {"nothing-changed": 1, "20-changed": 22}
_SECOND = Target(ratio=1.0, inclusive=False)

_HEAD = ("scenario", "side", "seconds", "CPU", "MiB", "wall", "requests", "each run")
#: The columns of plain numbers, which end at the same place.
_NUMBERS = range(3, 5)


def make_table(results: Results[Run], requests: Results[Requests], *, count: int, size: int) -> Iterator[str]:
    """Give the lines of the table of *count* files of *size* bytes."""
    rows = [_HEAD, *_make_rows(results, requests, count=count, size=size)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = zip(row, widths, strict=True)
        padded = (cell.rjust(width) if n in _NUMBERS else cell.ljust(width) for n, (cell, width) in enumerate(cells))
        yield "  ".join(padded).rstrip()


def _make_rows(
    results: Results[Run], requests: Results[Requests], *, count: int, size: int
) -> Iterator[tuple[str, ...]]:
    before = ""
    for (scenario, side), runs in results.items():
        ours = results.get((scenario, OURS), ()) if side != OURS else ()
        target = find_target(side, scenario, count=count, size=size)
        name = scenario.replace("-", " ") if scenario != before else ""
        before = scenario
        yield (
            name,
            side,
            tell_seconds(runs, find_limit(side, scenario, count=count)),
            f"{median(run.cpu for run in runs):.2f}",
            f"{median(run.memory for run in runs):.0f}",
            compare(ours, runs, target),
            " / ".join(tell_requests(each, find_bound(side, scenario)) for each in requests.get((scenario, side), ())),
            " ".join(f"{run.seconds:.2f}" for run in runs),
        )


def tell_seconds(runs: Sequence[Run], limit: Target | None) -> str:
    """Give the median, and beside a limit whether it is good enough."""
    seconds = median(run.seconds for run in runs)
    return f"{seconds:.2f} ({limit}: {limit.judge(seconds)})" if limit else f"{seconds:.2f}"


def compare(ours: Sequence[Run], theirs: Sequence[Run], target: Target | None) -> str:
    """Say how much of *theirs* is *ours*, and beside a target whether it is good enough."""
    if not ours:
        return ""
    # Within a round, the machine was the same for both.
    ratio = median(our.seconds / their.seconds for our, their in zip(ours, theirs, strict=True))
    return f"{ratio:.3f} ({target}: {target.judge(ratio)})" if target else f"{ratio:.3f}"


def tell_requests(requests: Requests, bound: int | None) -> str:
    """Count them by method, and beside a bound say whether they are few enough."""
    by_method = ", ".join(f"{count} {method}" for method, count in sorted(requests.methods.items()))
    total = requests.methods.total()
    verdict = "ok" if bound is None or total <= bound else "missed"
    wanted = f" (at most {bound}: {verdict})" if bound is not None else ""
    return f"{by_method or 'none'}{wanted}"


def find_target(side: str, scenario: Scenario, *, count: int, size: int) -> Target | None:
    """Look up how long feedpub may take beside *side*."""
    return _BESIDE.get((side, scenario)) if (count, size) == USUAL else None


def find_limit(side: str, scenario: Scenario, *, count: int) -> Target | None:
    """Look up how many seconds *side* may take, whatever the others do."""
    return _SECOND if (side, scenario, count) == (OURS, "nothing-changed", MANY) else None


def find_bound(side: str, scenario: Scenario) -> int | None:
    """Look up how many requests *side* may send."""
    return _REQUESTS.get(scenario) if side == OURS else None

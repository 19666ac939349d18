"""Time the sanitiser beside nh3 alone, the gate that its last pass is, and say which pass takes how long."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import nh3

from feedpub.sanitiser import (
    boilerplate,
    captions,
    images,
    layout,
    links,
    media,
    sanitise,
    source,
    stocks,
    tidy,
    tree,
)
from feedpub.sanitiser import html as passes
from tests.bench.corpus import make_article

BASE = "https://site.example/news/1.html"

#: The passes in their order, by the functions that `sanitiser.html` calls.
PASSES: tuple[tuple[str, ModuleType, str], ...] = (
    ("mend the source", source, "mend"),
    ("parse", tree, "parse"),
    ("players", media, "link_players"),
    ("dead elements", boilerplate, "drop_dead"),
    ("boilerplate", boilerplate, "drop_boilerplate"),
    ("pictures", images, "show_images"),
    ("sound and film", media, "show_media"),
    ("links", links, "settle_links"),
    ("symbols", stocks, "read_symbols"),
    ("comments", tree, "drop_comments"),
    ("editors' lines", boilerplate, "drop_lines"),
    ("captions", captions, "make_figures"),
    ("tidy and nesting", tidy, "tidy"),
    ("layout", layout, "undo_layout"),
    ("serialise", tree, "serialise"),
    ("the gate (nh3)", passes, "let_through"),
)


def main(argv: list[str] | None = None) -> int:
    """Make the articles, time both sides in turn, print the tables."""
    args = _parse(argv)
    articles = [_body(path) for path in sorted(args.folder.rglob("*.md"))] if args.folder else _made(args.articles)
    size = sum(len(article.encode()) for article in articles) / len(articles)
    print(f"{len(articles)} articles of {size / 1024:.1f} KB on average, {args.rounds} rounds, milliseconds each")
    ours, theirs = _race(articles, rounds=args.rounds)
    print(f"feedpub   {ours:7.3f}\nnh3 alone {theirs:7.3f}\nratio     {ours / theirs:7.1f}\n")
    for name, milliseconds in _by_pass(articles, rounds=args.rounds):
        print(f"{name:<18} {milliseconds:7.3f}  {milliseconds / ours:4.0%}")
    return 0


def _parse(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.sanitiser", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="articles (*.md) instead of those made here")
    parser.add_argument("--articles", type=int, default=200, metavar="N", help="default: %(default)s")
    parser.add_argument("--rounds", type=int, default=7, metavar="N", help="default: %(default)s")
    return parser.parse_args(argv)


def _made(number: int) -> list[str]:
    return [_without_matter(make_article(each, category="x", seed=2022)) for each in range(number)]


def _body(path: Path) -> str:
    return _without_matter(path.read_text("utf-8"))


def _without_matter(text: str) -> str:
    return text.split("\n---", 1)[1].partition("\n")[2]


def _race(articles: Sequence[str], *, rounds: int) -> tuple[float, float]:
    """Return what both sides take for an article in milliseconds, at their best.

    They take turns at each article, so that the machine's moods meet both; of the rounds, the fastest counts.
    """
    for article in articles[:10]:
        _sanitise(article)
    sides: tuple[Callable[[str], object], ...] = (_sanitise, nh3.clean)
    best = {(side, article): float("inf") for side in sides for article in articles}
    for _ in range(rounds):
        for article in articles:
            for side in sides:
                best[side, article] = min(best[side, article], _time(side, [article]))
    ours, theirs = (sum(best[side, article] for article in articles) / len(articles) for side in sides)
    return ours, theirs


def _sanitise(article: str) -> object:
    return sanitise(article, base_url=BASE)


def _time(function: Callable[[str], object], articles: Sequence[str]) -> float:
    """Return milliseconds for each article."""
    started = time.perf_counter()
    for article in articles:
        function(article)
    return (time.perf_counter() - started) * 1000 / len(articles)


def _by_pass(articles: Sequence[str], *, rounds: int) -> Iterator[tuple[str, float]]:
    """Time each pass; left over are the limits, and the walk from one to the next."""
    spent: dict[str, float] = dict.fromkeys((name for name, _, _ in PASSES), 0.0)
    with _watched(spent):
        total = sum(_time(_sanitise, articles) for _ in range(rounds)) / rounds
    calls = 1000 / rounds / len(articles)
    yield from ((name, seconds * calls) for name, seconds in spent.items())
    yield "all else", total - sum(spent.values()) * calls


@contextmanager
def _watched(spent: dict[str, float]) -> Iterator[None]:
    """Put a clock before each pass, for a while."""
    originals = [getattr(module, function) for _, module, function in PASSES]
    for (name, module, function), original in zip(PASSES, originals, strict=True):
        setattr(module, function, _with_clock(original, name, spent))
    try:
        yield
    finally:
        for (_, module, function), original in zip(PASSES, originals, strict=True):
            setattr(module, function, original)


def _with_clock(original: Callable[..., Any], name: str, spent: dict[str, float]) -> Callable[..., Any]:
    def timed(*args: Any, **options: Any) -> Any:
        started = time.perf_counter()
        try:
            return original(*args, **options)
        finally:
            spent[name] += time.perf_counter() - started

    return timed


if __name__ == "__main__":
    sys.exit(main())

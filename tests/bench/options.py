"""What the benchmarks can be told, in the same words, and how they speak."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any


def add_rounds(parser: argparse.ArgumentParser, *, sides: Sequence[str], scenarios: Sequence[str]) -> None:
    """Let be said how often which sides run through what, and where."""
    parser.add_argument("--rounds", default=5, **number(1))
    parser.add_argument("--only", nargs="+", choices=sides, metavar="SIDE", help=f"of {', '.join(sides)}")
    named: dict[str, Any] = {"choices": scenarios, "default": scenarios, "help": f"of {', '.join(scenarios)}"}
    parser.add_argument("--scenario", nargs="+", metavar="SCENARIO", **named)
    parser.add_argument("--keep", type=Path, metavar="DIR", help="work in this new folder, and leave it behind")


def number(smallest: int) -> dict[str, Any]:
    """Say of an option that it takes a number."""

    def read(text: str) -> int:
        given = int(text)
        if given < smallest:
            raise argparse.ArgumentTypeError(f"{given} is less than {smallest}")
        return given

    return {"metavar": "N", "type": read, "help": "default: %(default)s"}


def parse(parser: argparse.ArgumentParser, argv: list[str] | None, *, sizes: str) -> argparse.Namespace:
    """Read the command line; *sizes* names the option that says how much there is to do."""
    args = parser.parse_args(argv)
    given = getattr(args, sizes)
    if args.keep and args.keep.exists():
        parser.error(f"{args.keep} is there already")
    if len(set(given)) < len(given):
        parser.error(f"--{sizes}: a number is there twice")
    return args


def place(keep: Path | None) -> tempfile.TemporaryDirectory[str] | nullcontext[Path]:
    """Give a folder to work in: *keep*, or one that goes in the end."""
    return nullcontext(keep) if keep else tempfile.TemporaryDirectory(prefix="feedpub-bench-")


def tell(message: str) -> None:
    """Say something that is no result."""
    print(message, file=sys.stderr, flush=True)

"""What several commands can be told, in the same words."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

WRONG = {2: "the command line or the configuration is wrong; nothing ran"}


def add_config(where: argparse._ActionsContainer) -> None:
    """Let the configuration be named."""
    where.add_argument(
        "-c",
        "--config",
        metavar="FILE",
        type=path,
        help="the configuration; else $FEEDPUB_CONFIG, feedpub.toml or config/feedpub.toml",
    )


def add_places(command: argparse.ArgumentParser, *, out: str) -> argparse._ArgumentGroup:
    """Let be said where articles, feeds and identities are; *out* is what is said of the output folder."""
    places = command.add_argument_group("what to read and write")
    add_config(places)
    places.add_argument("--source", metavar="DIR", type=path, help="read this folder instead of the configured sources")
    places.add_argument("--out", metavar="DIR", type=path, help=out)
    places.add_argument("--ledger", metavar="FILE", type=path, help="keep identities here instead of in site.ledger")
    return places


def add_loss(where: argparse._ActionsContainer, *, help: str) -> None:  # noqa: A002  (as argparse has it)
    """Let be said that what vanishes is meant to."""
    where.add_argument("--allow-loss", action="store_true", help=help)


def add_run(where: argparse._ActionsContainer) -> None:
    """Let be said how a run goes about its work."""
    where.add_argument("--workers", metavar="N", type=count, help="worker processes; as many as cores by default")
    where.add_argument("--now", metavar="TIME", help="the clock (RFC 3339), for runs that can be repeated")


def add_json(where: argparse._ActionsContainer, *, says: str) -> None:
    """Let the outcome be said for programs."""
    where.add_argument("--json", action="store_true", help=says)


def add_voice(where: argparse._ActionsContainer, *, verbose: str) -> None:
    """Let be said how much is said, and how."""
    where.add_argument("-q", dest="quiet", action="store_true", help="say nothing but errors")
    where.add_argument("-v", dest="verbose", action="store_true", help=verbose)
    where.add_argument(
        "--log-format",
        metavar="text|json",
        choices=("text", "json"),
        default="text",
        help="how messages are written; text by default",
    )


def path(text: str) -> Path:
    """Take a path as it stands."""
    from pathlib import Path

    return Path(text)


def count(text: str) -> int:
    """Read a number of things, of which there must be one."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number, 1 or more; got {text!r}")
    return int(text)

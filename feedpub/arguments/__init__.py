"""What can be said on the command line. Nothing here loads what only some command needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from feedpub.arguments.commands import make_parser


def parse(args: Sequence[str] | None = None) -> dict[str, Any]:
    """Read *args*, those of the process by default: `command` is what to do, all else what that command is told.

    Raises:
        SystemExit: It was wrong, or asked for help, and has been answered.
    """
    return vars(make_parser().parse_args(args))

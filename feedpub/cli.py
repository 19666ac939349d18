"""The command line: what a process is told, how it ends, and exit codes."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from feedpub.arguments import parse
from feedpub.commands import COMMANDS, NEEDS_A_LOOK, REFUSED
from feedpub.errors import ArticleError, ConfigError, FeedpubError, LockedError, LossError, PublishError

WRONG_USE, NOT_WRITTEN, LOCKED, INTERRUPTED = 2, 3, 75, 130
ENDED = 143  #: As shells say it of a process that SIGTERM has ended.

#: What a run loads and makes lives as long as it does: to look through it for garbage, again and again, finds none.
_SELDOM = (100_000, 20, 20)

_EXIT_CODES: dict[type[FeedpubError], int] = {
    ArticleError: NEEDS_A_LOOK,
    ConfigError: WRONG_USE,
    PublishError: NOT_WRITTEN,
    LossError: REFUSED,
    LockedError: LOCKED,
}


def main(args: Sequence[str] | None = None) -> int:
    """Run the command line, that of the process by default, and return the exit code."""
    if args is None:
        gc.set_threshold(*_SELDOM)
    try:
        said = parse(args)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else WRONG_USE
    if args is None:
        # Else it would end at once, and what it holds of a bucket would be held for a while; as the first process of a
        # container it would not even hear of it.
        signal.signal(signal.SIGTERM, _end)
    code = _end_well(said)
    if args is None:
        # Python looks for garbage once more when it ends, in all that was loaded; that takes longer than it is worth.
        gc.freeze()
    return code


def _end(_number: int, _frame: object) -> None:
    """End as if a person had interrupted us, and put everything in order on the way."""
    # A second one changes nothing: whoever has no more patience kills.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit(ENDED)


def _end_well(said: Mapping[str, Any]) -> int:
    """Run a command, and do not mind who interrupts it, nor who reads only the beginning of what it says."""
    try:
        code = _run(**said)
        # A reader who has gone is noticed here, and not when the process ends.
        print(end="", flush=True)
    except KeyboardInterrupt:
        return INTERRUPTED
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else WRONG_USE
    except BrokenPipeError:
        # What is still to be said would fail again when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NEEDS_A_LOOK
    return code


def _run(
    *,
    command: str,
    json: bool = False,
    quiet: bool = False,
    verbose: bool = False,
    log_format: Literal["text", "json"] = "text",
    **options: Any,
) -> int:
    """Run a command, and turn what went wrong into a message and an exit code."""
    from feedpub.voice import Voice

    voice = Voice(json=json, quiet=quiet, verbose=verbose, log_format=log_format)
    try:
        return COMMANDS[command](voice, **options)
    except FeedpubError as error:
        voice.tell_error(error)
        return _EXIT_CODES[type(error)]

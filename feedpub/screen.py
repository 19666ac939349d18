"""How lines, tables and progress bars are brought to a terminal; what draws them is loaded where there is one."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from feedpub.report import Report


class Bar:
    """A progress bar that waits until it is worth showing, and is not even loaded before."""

    def __init__(self, *, since: float) -> None:
        self._since = since
        self._bar: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    def show(self, what: str, done: int, total: int) -> None:
        """Move the bar of *what*, the first time after the wait."""
        if time.monotonic() < self._since:
            return
        self._bar = bar = self._bar or _start_bar()
        if what not in self._tasks:
            self._tasks[what] = bar.add_task(what, total=total)
        bar.update(self._tasks[what], completed=done, total=total, refresh=True)

    def stop(self) -> None:
        """Take the bar off the screen."""
        if self._bar:
            self._bar.stop()


def _start_bar() -> Progress:
    from rich.console import Console
    from rich.progress import Progress

    # Without a thread of its own: one could hold a lock while the process forks.
    bar = Progress(console=Console(stderr=True), auto_refresh=False, transient=True)
    bar.start()
    return bar


def _encodable(line: str) -> str:
    """Spell out what the terminal's encoding has no character for."""
    encoding = sys.stdout.encoding or "utf-8"
    return line.encode(encoding, "backslashreplace").decode(encoding)


def print_plain(lines: Iterable[str]) -> None:
    """Print lines to whatever standard output is."""
    for line in lines:
        print(_encodable(line))


def print_lines(lines: Iterable[str]) -> None:
    """Print lines to a terminal, with those that are not indented set off from the others; none is broken."""
    from rich.console import Console
    from rich.text import Text

    console = Console()
    for line in lines:
        text = Text(_encodable(line), style="" if line.startswith(" ") else "bold")
        console.print(text, highlight=False, soft_wrap=True)


def print_table(report: Report, *, dry_run: bool) -> None:
    """Print to a terminal what a build did."""
    from rich.console import Console
    from rich.table import Table

    from feedpub.summary import more_feeds, tabulate, tabulate_feeds

    table = Table(title="dry run: nothing was written" if dry_run else None, show_header=False)
    for what, numbers in tabulate(report).items():
        table.add_row(what, numbers)
    console = Console()
    console.print(table)
    if report.by_feed:
        feeds = Table("feed", "new", "updated", "gone", title="what the subscribers of each feed see")
        for row in tabulate_feeds(report):
            feeds.add_row(*map(str, row))
        console.print(feeds)
        for line in more_feeds(report):
            console.print(line, highlight=False)

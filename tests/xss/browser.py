"""Pages shown in headless Chromium, and which of them ran a script."""

from __future__ import annotations

import contextlib
import html
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

#: Pages that share a frame.
Group: TypeAlias = Sequence[str]

#: The ways in which the harness shows each page.
WAYS = ("document", "inserted", "reparsed", "fragment")

_HARNESS = Path(__file__).with_name("harness.html")
_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"),
    # No name resolves, so that nothing is fetched from outside.
    *("--host-resolver-rules=MAP * ~NOTFOUND", "--no-proxy-server", "--virtual-time-budget=120000"),
    # Alerts in places that the harness cannot reach are refused by its frames, and said so in the log.
    *("--enable-logging=stderr", "--log-level=0", "--dump-dom"),
)
_RESULT = re.compile(r'<pre id="result">(.+?)</pre>', re.DOTALL)
_REFUSED = "Ignored call to 'alert()'"

#: How many groups a browser is given; two browsers run side by side.
_BATCH = 160
_AT_ONCE = 2
_SECONDS = 120


class BrowserError(Exception):
    """Chromium did not show all pages, so it tells nothing."""


@dataclass(frozen=True, slots=True, order=True)
class Alert:
    """A script that ran."""

    page: int  #: Its place in what was shown, -1 where that is not known.
    way: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """What came of showing pages."""

    alerts: frozenset[Alert]
    missed: frozenset[Alert]  #: Pages that had led the frame away before they could be touched.


def find_chromium() -> str | None:
    """Return the browser's program: `$CHROMIUM`, or one of the usual names."""
    return os.environ.get("CHROMIUM") or next((path for name in _NAMES if (path := shutil.which(name))), None)


def show(pages: Sequence[str], *, program: str, together: int = 1) -> Showing:
    """Show *pages* in each of the `WAYS`, and touch all that is on them.

    With *together*, so many pages share a frame, which saves time; where one of them alerts, each is shown again
    by itself to tell which.

    Raises:
        BrowserError: the browser died, hung, or left pages out.
    """
    groups = [range(start, min(start + together, len(pages))) for start in range(0, len(pages), together)]
    shown = _show_all([[pages[page] for page in group] for group in groups], program)
    if together == 1:
        return shown
    found = shown.alerts | shown.missed
    suspects = [page for number in sorted({one.page for one in found} - {-1}) for page in groups[number]]
    again = _renumber(show([pages[page] for page in suspects], program=program), suspects)
    # An alert that comes only of pages side by side is one too.
    return again if again.alerts or again.missed else shown


def _show_all(groups: Sequence[Group], program: str) -> Showing:
    starts = range(0, len(groups), _BATCH)
    batches = [groups[start : start + _BATCH] for start in starts]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        shown = list(pool.map(lambda batch: _show_batch(batch, program), batches))
    moved = [_renumber(one, range(start, start + _BATCH)) for start, one in zip(starts, shown, strict=True)]
    return _join(moved)


def _join(shown: Sequence[Showing]) -> Showing:
    return Showing(
        alerts=frozenset(alert for one in shown for alert in one.alerts),
        missed=frozenset(page for one in shown for page in one.missed),
    )


def _renumber(shown: Showing, pages: Sequence[int]) -> Showing:
    def moved(alerts: frozenset[Alert]) -> frozenset[Alert]:
        return frozenset(alert if alert.page < 0 else Alert(pages[alert.page], alert.way) for alert in alerts)

    return Showing(alerts=moved(shown.alerts), missed=moved(shown.missed))


def _show_batch(groups: Sequence[Group], program: str) -> Showing:
    with tempfile.TemporaryDirectory(prefix="feedpub-xss-", ignore_cleanup_errors=True) as folder:
        file = Path(folder) / "harness.html"
        file.write_text(_HARNESS.read_text("utf-8").replace("GROUPS", _as_json(groups), 1), "utf-8")
        out, log = _run([program, *_FLAGS, f"--user-data-dir={folder}/profile", file.as_uri()])
    found = _RESULT.search(out)
    if found is None:
        raise BrowserError(f"no result\n{log[-2000:]}")
    result = json.loads(html.unescape(found[1]))
    missed = frozenset(map(_parse, result["missed"]))
    if result["shown"] + len(missed) != len(groups) * len(WAYS):
        raise BrowserError(f"{result['shown']} of {len(groups) * len(WAYS)} frames shown")
    refused = {Alert(-1, "refused")} if _REFUSED in log else set()
    return Showing(alerts=frozenset(map(_parse, result["fired"])) | refused, missed=missed)


def _parse(line: str) -> Alert:
    page, _, way = line.partition(" ")
    return Alert(int(page), way)


def _as_json(groups: Sequence[Group]) -> str:
    """Write pages so that no part of them can end the `<script>` around; lone surrogates stay escaped."""
    return json.dumps(groups).replace("<", "\\u003c")


def _run(command: list[str]) -> tuple[str, str]:
    # A session of its own: Chromium's children outlive it when it alone is killed.
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    ) as process:
        try:
            return process.communicate(timeout=_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise BrowserError(f"no answer in {_SECONDS} s") from error
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

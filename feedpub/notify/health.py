"""A health check: an address that hears of every run, and tells the operator when it hears nothing, or of a failure.

The paths are those of healthchecks.io (https://healthchecks.io/docs/http_api/), which others took over.
"""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from feedpub.notify.messages import Failure, Message, Patience
from feedpub.text import one_line

Moment = Literal["start", "success", "failure"]

_ENDINGS: dict[Moment, str] = {"start": "/start", "success": "", "failure": "/fail"}

#: Every run has two of these, and hardly one of them has anything to say.
BRIEF = Patience(connect=3.0, read=5.0, each=5.0, tries=3)

#: In characters. Some services refuse more than 10 kB.
_LONGEST = 1_000

#: What services answer that know a run's end only.
_NO_SUCH_PATH = frozenset({404, 405})


def make_signal(url: str, moment: Moment, *, summary: str = "") -> Message:
    """Write the message about a run's start, its success, or its failure with a *summary* on one line."""
    text = one_line(summary)[:_LONGEST] if moment == "failure" else ""
    return Message(
        key="publish.health",
        url=_address(url, _ENDINGS[moment]),
        about=f"this run's {moment}",
        body=text.encode() if text else None,
        type="text/plain; charset=utf-8" if text else "",
    )


def is_harmless(moment: Moment, failure: Failure | None) -> bool:
    """Tell whether a service only does not know of starts. If it knows nothing of the check, the end will tell."""
    return moment == "start" and failure is not None and failure.status in _NO_SUCH_PATH


def _address(url: str, ending: str) -> str:
    """Put an ending behind the path, before the query."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/") + ending if ending else parts.path
    return urlunsplit(parts._replace(path=path, fragment=""))

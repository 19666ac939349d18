"""What is told to whom, how long that may take, and what is said where it was not heard."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus

_AUTHORITY_END = re.compile("[/?#]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A request by which somebody hears of something."""

    key: str  #: Where the configuration names the receiver, such as `publish.websub`.
    url: str
    about: str  #: What the receiver is told of, for the operator.
    body: bytes | None = None  #: Sent by POST; `None` makes it a GET.
    type: str = ""  #: Media type of the body.


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long others may take, in seconds, and how often they are asked."""

    connect: float = 3.0
    read: float = 6.0  #: From one byte of the answer to the next.
    each: float = 6.0  #: For one message, with all that is tried again.
    all: float = 60.0  #: After this, nothing is begun that was not.
    tries: int = 4
    pause: float = 0.5  #: Before the second try; each one after it is twice as long.


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a message was not heard."""

    reason: str
    status: int | None = None  #: Of the answer; `None` where there was none.
    passing: bool = False  #: Whether the same message may be heard a moment later.
    wait: float = 0.0  #: In seconds: how long the receiver wants to be left alone.

    @property
    def is_general(self) -> bool:
        """Whether other messages would fare no better with the same receiver."""
        return self.passing or self.status is None


def judge(status: int, *, retry_after: str = "") -> Failure | None:
    """Tell by an answer's status and its `Retry-After` whether the message was heard."""
    if 200 <= status < 300:
        return None
    name = HTTPStatus(status).phrase if status in set(HTTPStatus) else ""
    passing = status in {408, 425, 429} or status >= 500
    # The header may also hold a date (RFC 9110, section 10.2.3), which only an agreeing clock could read.
    wait = float(retry_after) if passing and re.fullmatch("[0-9]{1,9}", retry_after) else 0.0
    asks = f" and wants to be left alone for {wait:g} s" if wait else ""
    return Failure(reason=f"it answered {status} {name}".rstrip() + asks, status=status, passing=passing, wait=wait)


def shorten(url: str) -> str:
    """Cut an address to its scheme and host: the rest is often a secret."""
    scheme, _, rest = url.partition("://")
    authority = _AUTHORITY_END.split(rest, maxsplit=1)[0]
    more = rest[len(authority) :]
    return f"{scheme}://{authority.rpartition('@')[2]}{more if more in ('', '/') else '/…'}"


def warn(told: Iterable[tuple[Message, Failure | None]]) -> tuple[str, ...]:
    """Say who did not hear of what, and why: once for each receiver and reason, in the order of the messages."""
    missed: dict[tuple[str, str, str], list[str]] = {}
    for message, failure in told:
        if failure:
            missed.setdefault((message.key, message.url, failure.reason), []).append(message.about)
    return tuple(
        f"{key}: {shorten(url)} did not hear of {about[0]}{f' and {len(about) - 1} more' * (len(about) > 1)}: {reason}"
        for (key, url, reason), about in missed.items()
    )

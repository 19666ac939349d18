"""What can go wrong between a client and a server, as the tests' proxy does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

_CODES = {403: "AccessDenied", 429: "TooManyRequests", 500: "InternalError", 503: "SlowDown"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    """Answer with a status; the server hears nothing of it."""

    status: int
    code: str = ""  #: As S3 names what is wrong; without one, what goes with the status.
    retry_after: int | None = None

    def answer(self) -> tuple[bytes, bytes]:
        """Give the head and the body of the answer."""
        code = self.code or _CODES.get(self.status, "Refused")
        body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{code}</Message></Error>'
        lines = [f"HTTP/1.1 {self.status} {code}", "Content-Type: application/xml", f"Content-Length: {len(body)}"]
        if self.retry_after is not None:
            lines.append(f"Retry-After: {self.retry_after}")
        return "\r\n".join([*lines, "", ""]).encode(), body.encode()


@dataclass(frozen=True, slots=True)
class Reset:
    """Break the connection before the server hears of the request."""


@dataclass(frozen=True, slots=True)
class ResetAfter:
    """Let the server do it, and break the connection before the client hears so."""


@dataclass(frozen=True, slots=True)
class CutRequest:
    """Pass on half of the request's body, and break both connections."""


@dataclass(frozen=True, slots=True)
class CutAnswer:
    """Pass on the answer's head and half of its body, or half of the head if it has none, and break the connection."""


@dataclass(frozen=True, slots=True)
class Delay:
    """Wait before the request is passed on."""

    seconds: float


@dataclass(frozen=True, slots=True)
class ShiftDate:
    """Pass the answer on with a date that is off by so much, as if the server's clock were."""

    seconds: float


Fault = Refuse | Reset | ResetAfter | CutRequest | CutAnswer | Delay | ShiftDate

#: Decides by the request's number since the rule was set (from 1), its method, and its path with the query.
Rule = Callable[[int, str, str], Fault | None]


def always(fault: Fault) -> Rule:
    """Do it to every request."""
    return lambda number, method, path: fault  # noqa: ARG005


def at(*numbers: int, fault: Fault) -> Rule:
    """Do it to the requests of these numbers."""
    return lambda number, method, path: fault if number in numbers else None  # noqa: ARG005

"""One message on its way: sent, sent again while that may help, and given up in time.

What networks do comes back as a `Failure` and is never raised. Neither cookies nor credentials are sent.
"""

from __future__ import annotations

import math
import random
import socket
import ssl
import time
from collections.abc import Iterator
from http.client import BadStatusLine
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import feedpub
from feedpub.notify.messages import Failure, Message, Patience, judge, shorten
from feedpub.urls import absolute

if TYPE_CHECKING:
    from requests import PreparedRequest, Response, Session

_MOST_REDIRECTS = 3
#: What still asks for the same request at another address. Browsers make a GET of a POST after the first two, which RFC
#: 9110 (section 15.4) lets nobody else do for them: a message would arrive empty.
_REDIRECTS = frozenset({301, 302, 307, 308})
_SEE_OTHER = 303

#: In bytes. An answer that is read to its end leaves the connection open for the next message.
_MOST_READ = 65_536
_BLOCK = 8_192

#: In seconds. Time that is as good as none, but that a socket takes.
_NEARLY_NONE = 0.01


class _Answer(NamedTuple):
    status: int
    location: str
    retry_after: str


def open_session() -> Session:
    """Open what keeps connections for messages of several threads, and nothing else from one to the next."""
    # A run that notifies nobody need not wait for it to load.
    import requests

    class OneAnswer(requests.Session):
        def get_redirect_target(self, resp: Response) -> None:  # noqa: ARG002
            # Asked for no redirects, it would still read the whole body, and look where they lead.
            return None

    session = OneAnswer()
    # An encoded answer could be far larger than it looks.
    session.headers.update({"User-Agent": f"feedpub/{feedpub.__version__}", "Accept-Encoding": "identity"})
    session.auth = _give_none
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    return session


def send(message: Message, *, session: Session, patience: Patience) -> Failure | None:
    """Send a message until it is heard, or nothing more can be hoped for; say why it was not heard."""
    due = time.monotonic() + patience.each
    pauses = _pauses(patience)
    while True:
        failure = _try(message, session=session, patience=patience, due=due)
        if failure is None or not failure.passing:
            return failure
        wait = max(next(pauses, math.inf), failure.wait)
        if time.monotonic() + wait >= due:
            return failure
        time.sleep(wait)


def _pauses(patience: Patience) -> Iterator[float]:
    """Give how long to wait after each try but the last."""
    for number in range(patience.tries - 1):
        # Machines whose cron runs at the same second do not come back at the same time.
        yield patience.pause * 2**number * (0.5 + random.random() / 2)  # noqa: S311  (no secret)


def _give_none(request: PreparedRequest) -> PreparedRequest:
    """Keep `requests` from taking credentials out of an address, or from ~/.netrc."""
    return request


def _try(message: Message, *, session: Session, patience: Patience, due: float) -> Failure | None:
    url = message.url
    try:
        for _ in range(_MOST_REDIRECTS + 1):
            answer = _exchange(url, message, session=session, patience=patience, due=due)
            if not answer.location:
                return judge(answer.status, retry_after=answer.retry_after)
            target = absolute(answer.location, base=url)
            if target is None or not _is_same_host(url, target) or not _may_repeat(message, answer.status):
                where = shorten(target) if target else "nowhere"
                return Failure(reason=f"it redirects to {where}, which is not followed", status=answer.status)
            url = target
    except (OSError, ValueError) as error:
        return explain(error, patience=patience)
    return Failure(reason="it redirects without end", status=answer.status)


def _exchange(url: str, message: Message, *, session: Session, patience: Patience, due: float) -> _Answer:
    left = max(due - time.monotonic(), _NEARLY_NONE)
    with session.request(
        "GET" if message.body is None else "POST",
        url,
        data=message.body,
        headers={"Content-Type": message.type} if message.type else {},
        timeout=(min(patience.connect, left), min(patience.read, left)),
        allow_redirects=False,
        stream=True,
    ) as response:
        _read_out(response, due=due)
        redirects = response.status_code in _REDIRECTS or response.status_code == _SEE_OTHER
        location = response.headers.get("Location", "") if redirects else ""
        return _Answer(response.status_code, location, response.headers.get("Retry-After", ""))


def _read_out(response: Response, *, due: float) -> None:
    """Read an answer's body, of which nothing is wanted but its end; the status has said all."""
    try:
        for number, _ in enumerate(response.iter_content(_BLOCK), start=1):
            if number * _BLOCK >= _MOST_READ or time.monotonic() >= due:
                break
    except OSError:
        response.close()


def _is_same_host(url: str, target: str) -> bool:
    """Tell whether a secret of one address may be shown to the other: the same host and port, or its TLS."""
    old, new = urlsplit(url), urlsplit(target)
    ports = {"http": 80, "https": 443}
    here, there = ((parts.scheme, parts.port or ports[parts.scheme]) for parts in (old, new))
    return old.hostname == new.hostname and (here == there or (here, there) == (("http", 80), ("https", 443)))


def _may_repeat(message: Message, status: int) -> bool:
    # 303 wants a GET, whatever was sent.
    return status in _REDIRECTS or message.body is None


def explain(error: Exception, *, patience: Patience) -> Failure:
    """Say what an exception of `requests` means. Its own words name the whole address."""
    import requests

    if isinstance(error, requests.ConnectTimeout):
        return Failure(reason=f"no connection within {patience.connect:g} s", passing=True)
    if isinstance(error, requests.Timeout):
        return Failure(reason=f"no answer within {patience.read:g} s", passing=True)
    by_proxy = "at the proxy, " if isinstance(error, requests.exceptions.ProxyError) else ""
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLError):
            return Failure(reason=by_proxy + _explain_tls(cause))
        if reason := _explain_cause(cause):
            return Failure(reason=by_proxy + reason, passing=True)
    if isinstance(error, ValueError):
        return Failure(reason="its address cannot be used")
    return Failure(reason=f"{by_proxy}the request failed ({type(error).__name__})", passing=True)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _explain_tls(error: ssl.SSLError) -> str:
    # Only what OpenSSL itself said has these attributes.
    if problem := getattr(error, "verify_message", ""):
        return f"its certificate is not accepted: {problem}"
    return f"TLS failed: {(getattr(error, 'reason', None) or 'unknown').lower().replace('_', ' ')}"


def _explain_cause(error: BaseException) -> str:
    """Say what is behind the exceptions of libraries; "" where it is one of those."""
    if isinstance(error, socket.gaierror):
        return "its host is not known"
    if isinstance(error, ConnectionResetError | BrokenPipeError):
        return "it cut the connection"
    if isinstance(error, BadStatusLine):
        return "it does not speak HTTP"
    return (error.strerror or "").lower() if isinstance(error, OSError) else ""

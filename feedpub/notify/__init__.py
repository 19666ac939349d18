"""From what was published to those who want to know: hubs, a webhook, a health check.

Nothing here raises for what networks and receivers do. What went wrong comes back as warnings, one line each, and costs
no run its success.
"""

from __future__ import annotations

from collections.abc import Sequence

from feedpub.notify.health import BRIEF, Moment, is_harmless, make_signal
from feedpub.notify.messages import Failure, Message, Patience, warn
from feedpub.notify.webhook import Published, make_call
from feedpub.notify.websub import make_pings

__all__ = ["Moment", "Patience", "Published", "notify", "signal"]

_PATIENCE = Patience()


def notify(
    published: Published, *, websub: Sequence[str] = (), webhook: str = "", patience: Patience = _PATIENCE
) -> tuple[str, ...]:
    """Tell the webhook of all that changed, and then all hubs at once of the feeds that did; give the warnings.

    A hub fetches what it hears of, and not from a cache that was to be purged first.
    """
    call, pings = make_call(webhook, published), make_pings(websub, published.feeds)
    failures = (*_deliver(call, patience), *_deliver(pings, patience))
    return warn(zip((*call, *pings), failures, strict=True))


def signal(url: str, moment: Moment, *, summary: str = "", patience: Patience = BRIEF) -> tuple[str, ...]:
    """Tell a health check that a run starts, or how it ended; give the warnings. There is none where *url* is ""."""
    if not url:
        return ()
    message = make_signal(url, moment, summary=summary)
    (failure,) = _deliver((message,), patience)
    return () if is_harmless(moment, failure) else warn([(message, failure)])


def _deliver(messages: Sequence[Message], patience: Patience) -> tuple[Failure | None, ...]:
    if not messages:
        return ()
    # Most runs have nothing to tell, and need not wait for what speaks HTTP to load.
    from feedpub.notify.lanes import deliver

    return deliver(messages, patience=patience)

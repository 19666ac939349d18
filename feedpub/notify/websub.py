"""WebSub (https://www.w3.org/TR/websub/): hubs are told of feeds that changed, and fetch them for their subscribers.

How a publisher tells its hub is between the two (section 6); all public hubs take what PubSubHubbub 0.4 said.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from feedpub.notify.messages import Message


def make_pings(hubs: Sequence[str], feeds: Sequence[str]) -> tuple[Message, ...]:
    """Write a message to each hub about each feed, hub by hub. Only few hubs take two feeds in one."""
    return tuple(_ping(hub, feed) for hub in dict.fromkeys(hubs) for feed in dict.fromkeys(feeds))


def _ping(hub: str, feed: str) -> Message:
    return Message(
        key="publish.websub",
        url=hub,
        about=feed,
        body=urlencode({"hub.mode": "publish", "hub.url": feed}).encode(),
        type="application/x-www-form-urlencoded",
    )

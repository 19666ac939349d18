"""A webhook: one request with the addresses of all that changed, for a CDN to forget or a script to look at."""

from __future__ import annotations

import json
from dataclasses import dataclass

from feedpub.notify.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a run changed of what is public."""

    site: str  #: The site's address.
    run: str  #: The run's id, by which a receiver knows a message that comes twice.
    feeds: tuple[str, ...] = ()  #: Addresses of feeds whose bytes changed.
    changed: tuple[str, ...] = ()  #: Addresses of all documents that are new or changed: feeds, pages and media.
    deleted: tuple[str, ...] = ()


def make_call(url: str, published: Published) -> tuple[Message, ...]:
    """Write the message to a webhook; there is none where *url* is "", or nothing changed."""
    if not url or not (published.changed or published.deleted):
        return ()
    said = {
        "site": published.site,
        "changed": published.changed,
        "deleted": published.deleted,
        "run": published.run,
    }
    about = f"{len(published.changed)} changed and {len(published.deleted)} deleted addresses"
    body = json.dumps(said).encode()
    return (Message(key="publish.webhook", url=url, about=about, body=body, type="application/json"),)

"""New ids: the article's own, its link, or one minted from its file's name (`tag:` URIs, RFC 4151)."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from feedpub.alike import is_uri
from feedpub.model import Sighting
from feedpub.urls import absolute, percent_encode

#: The date in every `tag:` URI that feedpub mints (RFC 4151, section 2.1). It is the same for all, since an id must
#: come out the same where only the articles are left.
_MINTED_SINCE = "2022"


def propose(group: Sequence[Sighting], authority: str) -> Iterator[str]:
    """Propose ids: the article's own, its link, and then without end ones minted from its file's name."""
    for sighting in group:
        if sighting.own_id:
            yield _own_as_uri(sighting.own_id, authority)
    for sighting in group:
        if sighting.address:
            yield absolute(sighting.link or "") or ""
    for number in itertools.count(1):
        yield _mint_from_name(group[0].name + (f"#{number}" if number > 1 else ""), authority)


def mint(parts: Sequence[str], *, authority: str) -> str:
    """Make a `tag:` URI (RFC 4151) of what tells one thing of a site from its others."""
    return f"tag:{authority},{_MINTED_SINCE}:{'/'.join(quote(part, safe='') for part in parts)}"


def _mint_from_name(name: str, authority: str) -> str:
    # As `mint` does; there is nothing in a digest to be quoted.
    return f"tag:{authority},{_MINTED_SINCE}:{hashlib.sha256(name.encode()).hexdigest()[:32]}"


def _own_as_uri(own_id: str, authority: str) -> str:
    if is_uri(own_id):
        return absolute(own_id) or percent_encode(own_id)
    return mint([own_id], authority=authority)

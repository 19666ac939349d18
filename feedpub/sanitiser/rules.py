"""What the sanitiser is told, what it answers, and when it refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from feedpub.errors import FeedpubError

if TYPE_CHECKING:
    from feedpub.sanitiser.players import Player
    from feedpub.sanitiser.proxy import Proxy

#: Pictures that crawlers put where an article has none.
PLACEHOLDERS = ("https://picsum.photos/*", "https://juejin.cn/post/undefined")


#: Leave links to quote pages where they lead.
KEEP = "keep"


class SanitiserError(FeedpubError, ValueError):
    """The HTML is over a cap, so some of the story would be lost: the article goes to quarantine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Boilerplate:
    """What an operator wants gone of some sites."""

    match: tuple[str, ...]  #: Patterns of the hosts that articles are from, "*" standing for anything.
    remove: tuple[str, ...]  #: Selectors (`selectors.parse_selector`).


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What differs from operator to operator; picklable, for process pools."""

    placeholder: tuple[str, ...] = PLACEHOLDERS  #: Address patterns, "*" standing for anything.
    unwrap: tuple[str, ...] = ()  #: Templates such as "https://cors.example.dev/?{url}".
    secure: tuple[str, ...] = ()  #: Hosts whose pictures are there under https as well, beside those known.
    proxies: tuple[Proxy, ...] = ()  #: The first that covers a picture's host shows it.
    players: tuple[Player, ...] = ()  #: Beside those known.
    boilerplate: tuple[Boilerplate, ...] = ()  #: Beside what is known of sites.
    stock_target: str = KEEP  #: Where links to quote pages lead: "keep", a site's name, or a template.


@dataclass(frozen=True, slots=True)
class Change:
    """An address before and after."""

    place: str  #: The element and its attribute, such as "img/src" or "a/href".
    before: str  #: As the page had it.
    after: str | None  #: As the entry has it; `None` where it went.
    why: str = ""  #: Short words for what is not plain to see, such as "tracking pixel".


@dataclass(frozen=True, slots=True, kw_only=True)
class Sanitised:
    """Clean HTML, and what was seen on the way to it."""

    html: str
    symbols: tuple[str, ...]  #: `MIC:code`, in document order, each once.
    images: tuple[str, ...]  #: Addresses, in document order, each once.
    removed: tuple[str, ...]  #: Short words for what went, such as "script", each once.
    changes: tuple[Change, ...] = ()  #: Of pictures, media and links, each kind in document order.


DEFAULT = Rules()

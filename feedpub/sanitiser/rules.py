"""What the sanitiser is told, what it answers, and when it refuses."""

from __future__ import annotations

from dataclasses import dataclass

from feedpub.errors import FeedpubError

#: Pictures that crawlers put where an article has none.
PLACEHOLDERS = ("http*://picsum.photos/*", "https://juejin.cn/post/undefined")


class SanitiserError(FeedpubError, ValueError):
    """The HTML is over a cap, so some of the story would be lost: the article goes to quarantine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What differs from operator to operator; picklable, for process pools."""

    placeholder: tuple[str, ...] = PLACEHOLDERS  #: Address patterns, "*" standing for anything.
    unwrap: tuple[str, ...] = ()  #: Templates such as "https://cors.example.dev/?{url}".


@dataclass(frozen=True, slots=True, kw_only=True)
class Sanitised:
    """Clean HTML, and what was seen on the way to it."""

    html: str
    symbols: tuple[str, ...]  #: `MIC:code`, in document order, each once.
    images: tuple[str, ...]  #: Addresses, in document order, each once.
    removed: tuple[str, ...]  #: Short words for what went, such as "script", each once.


DEFAULT = Rules()

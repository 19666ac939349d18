"""Making entries: from the files of stories to what feeds are joined from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from hashlib import sha256

from feedpub.appearance import VERSION as APPEARANCE
from feedpub.appearance import digest_appearance
from feedpub.collector import VERSION as COLLECTOR
from feedpub.collector import Found, read_all
from feedpub.compose import Recipe, compose_all
from feedpub.model import Article, Entry, Rejected, Story
from feedpub.sanitiser import SanitiserError, made_by, sanitise, summarise_page
from feedpub.writers import VERSION as WRITERS
from feedpub.writers import Fragment, render_entries

#: Articles that are held at once, each up to the size of a book. More gain next to nothing.
_AT_ONCE = 32


@dataclass(frozen=True, kw_only=True)
class Kitchen:
    """All that entries are made by, besides articles and stories. It travels to worker processes."""

    recipe: Recipe
    language: str | None
    formats: tuple[str, ...]
    now: datetime

    @cached_property
    def cleaning(self) -> str:
        """A digest of what the contents of entries depend on."""
        # No secret shows in a `repr`.
        secrets = [(proxy.key, proxy.salt) for proxy in self.recipe.rules.proxies]
        return digest(COLLECTOR, made_by(), self.recipe, secrets)

    @cached_property
    def bare(self) -> Kitchen:
        """The same kitchen without proxies: behind those, all pictures look alike, or none does twice."""
        rules = self.recipe.rules
        return replace(self, recipe=replace(self.recipe, rules=replace(rules, proxies=()))) if rules.proxies else self

    @cached_property
    def looking(self) -> str:
        """A digest of what it depends on how an entry looks."""
        return digest(APPEARANCE, self.bare.cleaning)

    @cached_property
    def rendering(self) -> str:
        """A digest of what entries depend on."""
        return digest(self.cleaning, WRITERS, self.language, self.formats)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An entry, and what readers see of it."""

    fragment: Fragment
    appearance: str | None  #: `None` where nobody can tell.


def digest(*parts: object) -> str:
    """Take a digest of values whose `repr` says all of them."""
    return sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def load(*, kitchen: Kitchen) -> None:
    """Load what entries are made by, which takes longer than making many of them."""
    summarise_page(sanitise("<p><img>").html)
    render_entries([], language=kitchen.language, formats=kitchen.formats)


def make_entries(batch: Sequence[tuple[Found, Story]], *, kitchen: Kitchen) -> list[Made | Rejected]:
    """Read the files of a batch of stories again, now with their bodies, and make their entries."""
    composed = _compose(batch, kitchen)
    # All together: a processor's caches hold one writer, but not all of them and the sanitiser as well.
    entries = [entry for entry in composed if isinstance(entry, Entry)]
    bare = composed if kitchen.bare is kitchen else _compose(batch, kitchen.bare)
    looks = [_look(seen) for entry, seen in zip(composed, bare, strict=True) if isinstance(entry, Entry)]
    fragments = render_entries(entries, language=kitchen.language, formats=kitchen.formats)
    made = (Made(fragment=f, appearance=a) for f, a in zip(fragments, looks, strict=True))
    return [next(made) if isinstance(entry, Entry) else entry for entry in composed]


def see_entries(batch: Sequence[tuple[Found, Story]], *, kitchen: Kitchen) -> list[str | None]:
    """Tell what readers would see of the entries of a batch of stories; `None` where there would be none."""
    return [_look(entry) for entry in _compose(batch, kitchen.bare)]


def _look(entry: Entry | Rejected) -> str | None:
    return digest_appearance(entry.title, entry.content) if isinstance(entry, Entry) else None


def _compose(batch: Sequence[tuple[Found, Story]], kitchen: Kitchen) -> list[Entry | Rejected]:
    parts = (batch[start : start + _AT_ONCE] for start in range(0, len(batch), _AT_ONCE))
    return [entry for part in parts for entry in _compose_part(part, kitchen)]


def _compose_part(batch: Sequence[tuple[Found, Story]], kitchen: Kitchen) -> list[Entry | Rejected]:
    # Stage by stage: a processor's caches hold one of them, but not all.
    articles = read_all([found for found, _ in batch], zone=kitchen.recipe.zone, now=kitchen.now)
    told = [
        (article, story) for article, (_, story) in zip(articles, batch, strict=True) if isinstance(article, Article)
    ]
    composed = iter(compose_all(told, recipe=kitchen.recipe))
    return [
        _entry_or_why(found, next(composed)) if isinstance(article, Article) else article
        for article, (found, _) in zip(articles, batch, strict=True)
    ]


def _entry_or_why(found: Found, entry: Entry | SanitiserError) -> Entry | Rejected:
    return Rejected(name=found.name, reason=str(entry)) if isinstance(entry, SanitiserError) else entry

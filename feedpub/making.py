"""Making entries: from the files of stories to what feeds are joined from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256

from feedpub.appearance import digest_appearance
from feedpub.collector import VERSION as COLLECTOR
from feedpub.collector import Found, read_found
from feedpub.compose import Recipe, compose
from feedpub.errors import ArticleError
from feedpub.model import Entry, Rejected, Story
from feedpub.sanitiser import SanitiserError, made_by
from feedpub.writers import VERSION as WRITERS
from feedpub.writers import Fragment, render_entries


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
    def rendering(self) -> str:
        """A digest of what entries depend on."""
        return digest(self.cleaning, WRITERS, self.language, self.formats)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An entry, and what readers see of it."""

    fragment: Fragment
    appearance: str


def digest(*parts: object) -> str:
    """Take a digest of values whose `repr` says all of them."""
    return sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def make_entries(batch: Sequence[tuple[Found, Story]], *, kitchen: Kitchen) -> list[Made | Rejected]:
    """Read the files of a batch of stories again, now with their bodies, and make their entries."""
    composed = [_compose(found, story, kitchen) for found, story in batch]
    # All together: a processor's caches hold one writer, but not all of them and the sanitiser as well.
    entries = [entry for entry in composed if isinstance(entry, Entry)]
    made = (
        Made(fragment=fragment, appearance=digest_appearance(entry.title, entry.content))
        for entry, fragment in zip(
            entries, render_entries(entries, language=kitchen.language, formats=kitchen.formats), strict=True
        )
    )
    return [next(made) if isinstance(entry, Entry) else entry for entry in composed]


def see_entries(batch: Sequence[tuple[Found, Story]], *, kitchen: Kitchen) -> list[str | None]:
    """Tell what readers would see of the entries of a batch of stories; `None` where there would be none."""
    entries = (_compose(found, story, kitchen) for found, story in batch)
    return [digest_appearance(entry.title, entry.content) if isinstance(entry, Entry) else None for entry in entries]


def _compose(found: Found, story: Story, kitchen: Kitchen) -> Entry | Rejected:
    try:
        article = read_found(found, zone=kitchen.recipe.zone, now=kitchen.now)
        return compose(article, story, recipe=kitchen.recipe)
    except ArticleError as error:
        return Rejected(name=found.name, reason=error.reason, passing=error.passing)
    except SanitiserError as error:
        return Rejected(name=found.name, reason=str(error))

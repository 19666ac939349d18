"""The options: every table and key of the configuration, with its type, its default and what it means."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self, TypeVar

from feedpub.config import values
from feedpub.config.cleaning import SanitiserOptions
from feedpub.config.publishing import Publish
from feedpub.config.readers import Reader, Spot, check_some, checked, flag, number, one_of, some_text, text, whole
from feedpub.config.tables import Options, list_of, named, option, table
from feedpub.places import USUAL_LEDGER, USUAL_OUT

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from feedpub.model import Author


_Names = TypeVar("_Names", bound=tuple[str, ...])

#: What is an article where nobody says.
ARTICLES = ("**/*.md", "**/*.markdown", "**/*.html")

#: What `site.ledger` says where no disk stays: a word, and the only path here that is not absolute.
LEDGER_IN_BUCKET = Path("bucket")


def _read_path(value: object, spot: Spot) -> Path:
    """Read a path and make it absolute, counted from the configuration's folder.

    Symbolic links are kept: an operator who swaps the link means what it points to at the time.
    """
    if not isinstance(value, str):
        raise ValueError("must be a path in quotes")
    return Path(os.path.abspath(spot.folder / values.check_path(value)))


def _read_ledger_path(value: object, spot: Spot) -> Path:
    """Make a path absolute, but for the word that stands for no path."""
    return LEDGER_IN_BUCKET if value == str(LEDGER_IN_BUCKET) else _read_path(value, spot)


def _check_folder(path: Path) -> Path:
    # `os.path` answers "no" where pathlib raises: a name that is too long, a folder that is closed to us.
    if not os.path.isdir(path):
        raise ValueError("is no folder" if os.path.lexists(path) else "does not exist")
    return path


def _check_each_once(names: _Names) -> _Names:
    if len(set(names)) < len(names):
        raise ValueError("must name each only once")
    return names


def _check_off(value: bool) -> bool:
    if value:
        raise ValueError("is not available yet; leave it false")
    return value


FeedFormat = Literal["rss", "atom", "json"]

_formats: Reader[tuple[FeedFormat, ...]] = list_of(one_of("rss", "atom", "json"))
_path = Reader(_read_path)
_page = checked(text, values.check_page)


class AuthorOptions(Options):
    """`site.author`: who answers for the feeds; "" stands for absent."""

    name: str = option(text, "")
    email: str = option(checked(text, values.check_email), "")
    url: str = option(_page, "")

    def settled(self, _spot: Spot, /) -> Self:
        """Check that there is a name to what is said."""
        if not self.name and (self.email or self.url):
            raise ValueError("needs a name beside the email or url")
        return self


class Site(Options):
    """`[site]`: what the feeds say of themselves, and where they go."""

    title: str = option(some_text)
    url: str = option(checked(text, values.check_folder_address))  #: Where the output folder is served; ends with "/".
    language: str = option(checked(text, values.check_language), "")  #: BCP 47; "" leaves it unsaid.
    author: AuthorOptions = option(table(AuthorOptions), {})
    timezone: str = option(checked(text, values.check_zone), "UTC")  #: IANA name, for dates that carry no offset.
    permalink: str = option(checked(text, values.check_permalink), "")  #: Of `values.PLACEHOLDERS`; "" says none.
    out: Path = option(_path, USUAL_OUT)
    ledger: Path = option(Reader(_read_ledger_path), USUAL_LEDGER)

    @property
    def keeps_ledger_in_bucket(self) -> bool:
        """Whether it lies in a bucket, since no disk stays. A run then works on a copy; see `Config.with_ledger`."""
        return self.ledger == LEDGER_IN_BUCKET

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of dates that carry no offset."""
        from zoneinfo import ZoneInfo

        return ZoneInfo(self.timezone)


class Source(Options):
    """`[[source]]`: a folder of articles."""

    use: Literal["files"] = option(one_of("files", later=("feed", "bucket")), "files")
    path: Path = option(checked(_path, _check_folder))
    url: str = option(_page, "")  #: Where relative addresses of articles without a link start.
    include: tuple[str, ...] = option(list_of(some_text), ARTICLES)
    exclude: tuple[str, ...] = option(list_of(some_text), ())
    #: Whether symbolic links are followed that lead to folders, or out of the source.
    follow_links: bool = option(flag, False)


class Feeds(Options):
    """`[feeds]`: which feeds there are, and how long each may get."""

    formats: tuple[FeedFormat, ...] = option(checked(_formats, check_some, _check_each_once), ("rss", "atom", "json"))
    limit: int = option(whole(least=1), 50)
    max_bytes: int = option(whole(least=10_000), 1_000_000)
    categories: Literal["tree", "flat"] = option(one_of("tree", "flat"), "tree")
    tags: bool = option(flag, False)
    symbols: bool = option(checked(flag, _check_off), False)
    archive: Literal["none"] = option(one_of("none", later=("monthly",)), "none")
    near_duplicates: bool = option(flag, False)  #: Whether nearly the same text in two files is one entry.
    max_loss: float = option(number(least=0, most=1), 0.2)
    future: Literal["hold", "publish", "drop"] = option(one_of("hold", "publish", "drop"), "hold")


class CategoryOptions(Options):
    """`[category."A/B"]`: what one feed has different."""

    #: The last part of its folder, below its parent category's.
    slug: str | None = option(checked(text, values.check_slug), None)
    title: str | None = option(some_text, None)
    limit: int | None = option(whole(least=1), None)


class Config(Options):
    """All that a run needs to know, with every path absolute."""

    site: Site = option(table(Site))
    source: tuple[Source, ...] = option(checked(list_of(table(Source)), check_some))
    feeds: Feeds = option(table(Feeds), {})
    category: Mapping[str, CategoryOptions] = option(named(table(CategoryOptions), check=values.check_category), {})
    sanitiser: SanitiserOptions = option(table(SanitiserOptions), {})
    publish: Publish | None = option(table(Publish), None)

    def with_ledger(self, path: Path) -> Config:
        """Give the same, with the ledger at another place."""
        return self.replaced(site=self.site.replaced(ledger=path))

    def with_any_loss(self) -> Config:
        """Give the same, for a run in which nothing that vanishes is too much."""
        publish = self.publish.replaced(max_deletes=1.0) if self.publish else None
        return self.replaced(feeds=self.feeds.replaced(max_loss=1.0), publish=publish)

    def label_of(self, number: int) -> str:
        """Give what the names of a source's files begin with; the first source needs nothing."""
        return f"{self.source[number].path.name}@{number + 1}/" if number else ""

    @property
    def author(self) -> Author | None:
        """Who answers for the feeds."""
        from feedpub.model import Author

        given = self.site.author
        return Author(name=given.name, email=given.email or None, url=given.url or None) if given.name else None

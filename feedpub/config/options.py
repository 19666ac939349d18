"""The options: every table and key of the configuration, with its type, its default and what it means."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationInfo,
    model_validator,
)

from feedpub.config import values
from feedpub.config.cleaning import SanitiserOptions
from feedpub.config.publishing import Publish
from feedpub.config.tables import Options, Text, check_some, not_yet
from feedpub.places import USUAL_LEDGER, USUAL_OUT

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from feedpub.model import Author


#: What `site.ledger` says where no disk stays: a word, and the only path here that is not absolute.
LEDGER_IN_BUCKET = Path("bucket")


def _resolve(value: object, info: ValidationInfo) -> Path:
    """Make a path absolute, counted from the configuration's folder.

    Symbolic links are kept: an operator who swaps the link means what it points to at the time.
    """
    if not isinstance(value, str | Path):
        raise ValueError("must be a path in quotes")
    folder = (info.context or {}).get("folder", Path())
    return Path(os.path.abspath(folder / values.check_path(str(value))))


def _resolve_ledger(value: object, info: ValidationInfo) -> Path:
    """Make a path absolute, but for the word that stands for no path."""
    return LEDGER_IN_BUCKET if value == str(LEDGER_IN_BUCKET) else _resolve(value, info)


def _check_folder(path: Path) -> Path:
    # `os.path` answers "no" where pathlib raises: a name that is too long, a folder that is closed to us.
    if not os.path.isdir(path):
        raise ValueError("is no folder" if os.path.lexists(path) else "does not exist")
    return path


def _check_each_once(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(names)) < len(names):
        raise ValueError("must name each only once")
    return names


def _check_off(value: bool) -> bool:
    if value:
        raise ValueError("is not available yet; leave it false")
    return value


OutputPath = Annotated[Path, BeforeValidator(_resolve)]
LedgerPath = Annotated[Path, BeforeValidator(_resolve_ledger)]
SourcePath = Annotated[Path, AfterValidator(_check_folder), BeforeValidator(_resolve)]
Address = Annotated[str, AfterValidator(values.check_address)]
FolderAddress = Annotated[str, AfterValidator(values.check_folder_address)]
Language = Annotated[str, AfterValidator(values.check_language)]
Zone = Annotated[str, AfterValidator(values.check_zone)]
Permalink = Annotated[str, AfterValidator(values.check_permalink)]
Slug = Annotated[str, AfterValidator(values.check_slug)]
Category = Annotated[str, AfterValidator(values.check_category)]
Share = Annotated[float, Field(ge=0, le=1)]
FeedFormat = Literal["rss", "atom", "json"]
Formats = Annotated[tuple[FeedFormat, ...], AfterValidator(check_some), AfterValidator(_check_each_once)]


class AuthorOptions(Options):
    """`site.author`: who answers for the feeds; "" stands for absent."""

    name: str = ""
    email: Annotated[str, AfterValidator(values.check_email)] = ""
    url: Annotated[str, AfterValidator(values.check_page)] = ""

    @model_validator(mode="after")
    def _check_name(self) -> AuthorOptions:
        if not self.name and (self.email or self.url):
            raise ValueError("needs a name beside the email or url")
        return self


class Site(Options):
    """`[site]`: what the feeds say of themselves, and where they go."""

    title: Text
    url: FolderAddress  #: Where the output folder is served; ends with "/".
    language: Language = ""  #: BCP 47; "" leaves it unsaid.
    author: AuthorOptions = AuthorOptions()
    timezone: Zone = "UTC"  #: IANA name, for dates that carry no offset.
    permalink: Permalink = ""  #: A template of `values.PLACEHOLDERS`; "" says none.
    out: OutputPath = Path(USUAL_OUT)
    ledger: LedgerPath = Path(USUAL_LEDGER)

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

    use: Annotated[Literal["files"], not_yet("feed", "bucket", use="files")] = "files"
    path: SourcePath
    url: Annotated[str, AfterValidator(values.check_page)] = (
        ""  #: Where relative addresses of articles without a link start.
    )
    include: tuple[Text, ...] = ("**/*.md", "**/*.markdown", "**/*.html")
    exclude: tuple[Text, ...] = ()
    follow_links: bool = False  #: Whether symbolic links are followed that lead to folders, or out of the source.


class Feeds(Options):
    """`[feeds]`: which feeds there are, and how long each may get."""

    formats: Formats = ("rss", "atom", "json")
    limit: Annotated[int, Field(ge=1)] = 50
    max_bytes: Annotated[int, Field(ge=10_000)] = 1_000_000
    categories: Literal["tree", "flat"] = "tree"
    tags: bool = False
    symbols: Annotated[bool, AfterValidator(_check_off)] = False
    archive: Annotated[Literal["none"], not_yet("monthly", use="none")] = "none"
    near_duplicates: bool = False  #: Whether nearly the same text in two files is one entry.
    max_loss: Share = 0.2
    future: Literal["hold", "publish", "drop"] = "hold"


class CategoryOptions(Options):
    """`[category."A/B"]`: what one feed has different."""

    slug: Slug | None = None  #: The last part of its folder, below its parent category's.
    title: Text | None = None
    limit: Annotated[int, Field(ge=1)] | None = None


class Config(Options):
    """All that a run needs to know, with every path absolute."""

    site: Site
    source: Annotated[tuple[Source, ...], AfterValidator(check_some)]
    feeds: Feeds = Feeds()
    category: Mapping[Category, CategoryOptions] = Field(default_factory=dict)
    sanitiser: SanitiserOptions = Field(default_factory=SanitiserOptions)
    publish: Publish | None = None

    def with_ledger(self, path: Path) -> Config:
        """Give the same, with the ledger at another place."""
        return self.model_copy(update={"site": self.site.model_copy(update={"ledger": path})})

    def label_of(self, number: int) -> str:
        """Give what the names of a source's files begin with; the first source needs nothing."""
        return f"{self.source[number].path.name}@{number + 1}/" if number else ""

    @property
    def author(self) -> Author | None:
        """Who answers for the feeds."""
        from feedpub.model import Author

        given = self.site.author
        return Author(name=given.name, email=given.email or None, url=given.url or None) if given.name else None

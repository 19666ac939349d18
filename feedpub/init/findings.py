"""What a site's own configuration says, in feedpub's words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from feedpub.model import Author


@dataclass(frozen=True, slots=True, kw_only=True)
class Permalink:
    """The form of a site's addresses, below the site's own address."""

    form: str = ""  #: As the generator says it.
    template: str = ""  #: With feedpub's placeholders; "" where there is none.
    problem: str = ""  #: Why there is none.


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What was read of a site. Nothing has been checked yet; "" says "not said"."""

    generator: str | None = None
    file: str = ""  #: The configuration that was read, below the site's folder.
    title: str = ""
    address: str = ""
    language: str = ""
    timezone: str = ""
    author: Author | None = None
    sources: tuple[str, ...] = (".",)  #: Folders of articles, below the site's folder.
    exclude: tuple[str, ...] = ()
    permalink: Permalink = field(default_factory=Permalink)
    categories: Literal["tree", "flat"] = "flat"
    hints: tuple[str, ...] = ()

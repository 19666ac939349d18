"""One run, and what each stage needs to know of it, in the stage's own terms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import urlsplit

from feedpub.collector import VERSION as COLLECTOR
from feedpub.compose import Recipe
from feedpub.config import Config
from feedpub.feeds import Plan, Special
from feedpub.making import Kitchen, digest
from feedpub.news import Source
from feedpub.sanitiser import DEFAULT, Rules

#: Called with what is being done, how much of it is done, and how much there is.
Progress = Callable[[str, int, int], None]


def rules_of(config: Config) -> Rules:
    """Say what the configuration wants of the sanitiser, in the sanitiser's own terms."""
    wanted, images = config.sanitiser, config.sanitiser.images
    return Rules(
        placeholder=DEFAULT.placeholder if images.placeholder is None else images.placeholder,
        unwrap=tuple(wrapper.match for wrapper in images.unwrap),
        secure=images.https,
        proxies=images.proxies,
        players=tuple(options.player for options in wanted.player),
        boilerplate=tuple(options.boilerplate for options in wanted.rule),
        stock_target=wanted.stocks.target,
    )


@dataclass(frozen=True, kw_only=True)
class Job:
    """One run: its configuration, its clock, and who wants to hear how far it is."""

    config: Config
    now: datetime
    progress: Progress

    @property
    def authority(self) -> str:
        """The host that new ids are minted from, in ASCII (RFC 4151, section 2.1)."""
        host = urlsplit(self.config.site.url).hostname or ""
        return host.encode("idna").decode("ascii")

    @property
    def shows_future(self) -> bool:
        """Whether articles are public before their date."""
        return self.config.feeds.future == "publish"

    @cached_property
    def recipe(self) -> Recipe:
        """How entries are made."""
        site = self.config.site
        bases = tuple((self.config.label_of(number), source.url) for number, source in enumerate(self.config.source))
        return Recipe(
            zone=site.zone,
            permalink=site.permalink,
            rules=rules_of(self.config),
            bases=bases,
        )

    @cached_property
    def kitchen(self) -> Kitchen:
        """What entries are made by."""
        return Kitchen(
            recipe=self.recipe,
            language=self.config.site.language or None,
            formats=self.config.feeds.formats,
            now=self.now,
        )

    @property
    def until(self) -> int | None:
        """The last second whose articles are public; `None` where there is none."""
        return None if self.shows_future else int(self.now.timestamp())

    def is_due(self, published: int) -> bool:
        """Tell whether the time of a story has come, given when it is dated, in seconds since 1970."""
        return self.until is None or published <= self.until

    @property
    def shows_early(self) -> bool:
        """Whether articles are ever public that were seen before their date."""
        return self.config.feeds.future != "drop"

    @property
    def sources(self) -> tuple[Source, ...]:
        """The folders of articles."""
        return tuple(
            Source(
                path=str(source.path),
                label=self.config.label_of(number),
                include=source.include,
                exclude=source.exclude,
                follow=source.follow_links,
            )
            for number, source in enumerate(self.config.source)
        )

    @property
    def reading(self) -> str:
        """A digest of what decides what is read in a file."""
        return digest(COLLECTOR, self.config.site.timezone, self.config.feeds.near_duplicates)

    @property
    def listing(self) -> str:
        """A digest of what decides which files are read. Where the sources are is the ledger's to know."""
        return digest([(source.label, source.include, source.exclude, source.follow) for source in self.sources])

    @property
    def shaping(self) -> str:
        """A digest of what decides which feeds there are, and what they show of the stories."""
        feeds = self.config.feeds
        return digest(self.plan, feeds.formats, feeds.max_bytes, feeds.future, self.kitchen.rendering)

    @cached_property
    def plan(self) -> Plan:
        """Which feeds there are."""
        site, feeds = self.config.site, self.config.feeds
        return Plan(
            title=site.title,
            url=site.url,
            language=site.language or None,
            author=self.config.author,
            hubs=self.config.publish.websub if self.config.publish else (),
            limit=feeds.limit,
            tree=feeds.categories == "tree",
            tags=feeds.tags,
            special={
                path: Special(slug=options.slug, title=options.title, limit=options.limit)
                for path, options in self.config.category.items()
            },
        )

    def counter(self, what: str, total: Callable[[], int]) -> Callable[[int], None]:
        """Make a function that is told of every few articles that are done; *total* says how many are known by then."""
        done = 0

        def advance(more: int) -> None:
            nonlocal done
            done += more
            self.progress(what, done, total())

        return advance

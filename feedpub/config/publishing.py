"""The options of `[publish]`: where the documents go, how they are served, and who is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedpub.bucket import TIMEOUT
from feedpub.config import values
from feedpub.config.readers import checked, flag, number, plain, some_text, text, whole
from feedpub.config.tables import Options, list_of, option, table

if TYPE_CHECKING:
    from feedpub.bucket.headers import Rule
    from feedpub.bucket.plan import Limit

_address = checked(text, values.check_address)
_store = checked(text, values.check_store)
_hook = checked(text, values.check_hook)
_header = checked(text, values.check_header)


class HeaderOptions(Options):
    """`[[publish.headers]]`: what some documents are served with; "" sends no such header."""

    match: str = option(some_text)  #: A glob over the key: the path below the output folder. Its `*` takes in slashes.
    cache_control: str | None = option(_header, None)
    content_type: str | None = option(_header, None)
    gzip: bool | None = option(flag, None)

    @property
    def rule(self) -> Rule:
        """Give it as a rule."""
        from feedpub.bucket.headers import Rule

        return Rule(self.match, self.cache_control, self.content_type, self.gzip)


class Publish(Options):
    """`[publish]`: where the documents go. Keys, endpoint and region come from the environment."""

    to: str | None = option(_store, None)  #: `None` where only the command line says.
    delete: bool = option(flag, False)
    #: A share of what is public, a number, or both.
    max_deletes: values.Deletes = option(plain(values.check_deletes), 0.2)
    generations: int = option(whole(least=0), 1)  #: How many are kept that are public no more.
    concurrency: int = option(whole(least=1, most=256), 16)
    #: Of one request, in seconds: what a dead run sent last has to be through before another takes over.
    timeout: float = option(number(least=0, above=True, most=19), TIMEOUT)
    retries: int = option(whole(least=0), 6)
    gzip: bool = option(flag, False)
    headers: tuple[HeaderOptions, ...] = option(list_of(table(HeaderOptions)), ())
    state: str | None = option(_store, None)  #: A private place for what no disk keeps; `None` for `to`.
    websub: tuple[str, ...] = option(list_of(_address), ())
    webhook: str = option(_hook, "")
    health: str = option(_hook, "")

    @property
    def rules(self) -> tuple[Rule, ...]:
        """How documents are served, where the operator says so."""
        return tuple(each.rule for each in self.headers)

    @property
    def limit(self) -> Limit:
        """How many documents may be deleted at once."""
        from feedpub.bucket.plan import Limit

        given = self.max_deletes if isinstance(self.max_deletes, tuple) else (self.max_deletes,)
        share = next((each for each in given if isinstance(each, float)), None)
        return Limit(share, next((each for each in given if isinstance(each, int)), None))

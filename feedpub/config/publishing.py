"""The options of `[publish]`: where the documents go, how they are served, and who is told."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, PlainValidator

from feedpub.bucket import TIMEOUT
from feedpub.bucket.headers import Rule
from feedpub.bucket.plan import Limit
from feedpub.config import values
from feedpub.config.tables import Options, Text

Address = Annotated[str, AfterValidator(values.check_address)]
Store = Annotated[str, AfterValidator(values.check_store)]
Hook = Annotated[str, AfterValidator(values.check_hook)]
Header = Annotated[str, AfterValidator(values.check_header)]
# Plain: of several kinds of value, pydantic would say of each that it is not that.
Deletes = Annotated[values.Deletes, PlainValidator(values.check_deletes)]


class HeaderOptions(Options):
    """`[[publish.headers]]`: what some documents are served with; "" sends no such header."""

    match: Text  #: A glob over the key: the path below the output folder. Its `*` takes in slashes.
    cache_control: Header | None = None
    content_type: Header | None = None
    gzip: bool | None = None

    @property
    def rule(self) -> Rule:
        """Give it as a rule."""
        return Rule(self.match, self.cache_control, self.content_type, self.gzip)


class Publish(Options):
    """`[publish]`: where the documents go. Keys, endpoint and region come from the environment."""

    to: Store | None = None  #: `None` where only the command line says.
    delete: bool = False
    max_deletes: Deletes = 0.2  #: A share of what is public, a number, or both.
    generations: Annotated[int, Field(ge=0)] = 1  #: How many are kept that are public no more.
    concurrency: Annotated[int, Field(ge=1, le=256)] = 16
    #: Of one request, in seconds: what a dead run sent last has to be through before another takes over.
    timeout: Annotated[float, Field(gt=0, le=19)] = TIMEOUT
    retries: Annotated[int, Field(ge=0)] = 6
    gzip: bool = False
    headers: tuple[HeaderOptions, ...] = ()
    state: Store | None = None  #: A private place for what no disk keeps; `None` for `to`.
    websub: tuple[Address, ...] = ()
    webhook: Hook = ""
    health: Hook = ""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """How documents are served, where the operator says so."""
        return tuple(each.rule for each in self.headers)

    @property
    def limit(self) -> Limit:
        """How many documents may be deleted at once."""
        given = self.max_deletes if isinstance(self.max_deletes, tuple) else (self.max_deletes,)
        share = next((each for each in given if isinstance(each, float)), None)
        return Limit(share, next((each for each in given if isinstance(each, int)), None))

"""One class for each thing that a caller does about an error."""

from __future__ import annotations

from collections.abc import Sequence


class FeedpubError(Exception):
    """The root of all errors that feedpub raises on purpose."""


class ConfigError(FeedpubError):
    """The command line or the configuration is wrong; nothing ran.

    `problems` lists every one of them, each as a line that says where and what.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class ArticleError(FeedpubError):
    """One article cannot be read: it goes to quarantine, and the others go on."""

    def __init__(self, name: str, reason: str, *, passing: bool = False) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason
        self.passing = passing  #: True where the system refuses it, which it may not do the next time.


class PublishError(FeedpubError):
    """A document could not be stored; what was there before is still whole.

    `problems` lists what went wrong, each as a line that says where and what.
    """

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class LossError(FeedpubError):
    """More articles would vanish than `feeds.max_loss` allows; nothing was written."""

    def __init__(self, *, lost: int, of: int, allowed: float) -> None:
        super().__init__(
            f"{lost} of {of} articles would vanish, more than feeds.max_loss = {allowed:g} allows; nothing was"
            " written. If they are meant to go, run once with --allow-loss."
        )
        self.lost = lost
        self.of = of
        self.allowed = allowed


class LockedError(FeedpubError):
    """Another run holds the lock."""

"""feedpub publishes folders of articles as RSS 2.0, Atom 1.0 and JSON Feed 1.1.

    import feedpub

    config = feedpub.load_config("feedpub.toml")
    report = feedpub.build(config)
    print(report.entries.new)

What is not named here is not for callers, and may change.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feedpub.config import Config, load_config
    from feedpub.errors import ConfigError, FeedpubError, LockedError, LossError, PublishError
    from feedpub.model import Article, Author, Channel, Document, Enclosure, Entry, Feed, Rejected
    from feedpub.report import Report
    from feedpub.run import build

#: The one place where the version stands: pyproject.toml reads it here, so that `--version` reads no metadata.
__version__ = "0.1.0"

__all__ = [
    "Article",
    "Author",
    "Channel",
    "Config",
    "ConfigError",
    "Document",
    "Enclosure",
    "Entry",
    "Feed",
    "FeedpubError",
    "LockedError",
    "LossError",
    "PublishError",
    "Rejected",
    "Report",
    "build",
    "load_config",
]

_HOMES = {
    "Config": "config",
    "load_config": "config",
    "Report": "report",
    "build": "run",
    **dict.fromkeys(("ConfigError", "FeedpubError", "LockedError", "LossError", "PublishError"), "errors"),
    **dict.fromkeys(("Article", "Author", "Channel", "Document", "Enclosure", "Entry", "Feed", "Rejected"), "model"),
}


def __getattr__(name: str) -> object:
    """Import a name where it is first used: `feedpub --version` needs none of them."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)

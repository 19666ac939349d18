"""What the command line points to, checked and loaded."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from feedpub.errors import ConfigError
from feedpub.places import find_config

if TYPE_CHECKING:
    from feedpub.config import Config
    from feedpub.sanitiser import Rules
    from feedpub.voice import Voice


def parse_time(text: str) -> datetime:
    """Read a time with its offset (RFC 3339)."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigError([f"--now: {text!r} is no time such as 2026-01-31T08:00:00Z"]) from error
    if moment.tzinfo is None:
        raise ConfigError([f"--now: {text!r} has no offset; end it with Z or +08:00"])
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ConfigError([f"--now: {text!r} is beyond the calendar"]) from error


def choose_config(
    explicit: Path | None, *, source: Path | None, out: Path | None, ledger: Path | None, voice: Voice
) -> Config:
    """Load the configuration, or do without one where the command line says enough."""
    from feedpub.config import UNKNOWN_URL, default_config, load_config

    path = find_config(explicit, environ=os.environ, folder=Path())
    if path:
        return load_config(path, source=source, out=out, ledger=ledger)
    if not (source and out):
        raise ConfigError(
            ['there is no configuration here; "feedpub init" writes one, or say --source DIR and --out DIR']
        )
    voice.hint(
        f"no configuration: the feeds say they are at {UNKNOWN_URL}, and ids are made of it. Readers need the real"
        ' address: "feedpub init" writes a feedpub.toml, where site.url says it.'
    )
    return default_config(source=source, out=out, ledger=ledger)


def know_config(
    explicit: Path | None, *, source: Path | None, out: Path | None, ledger: Path | None
) -> tuple[str | None, Path | None]:
    """Give what the configuration is known by, and where its ledger is, without asking whether it is right."""
    from feedpub.glance import find_ledger, know

    path = find_config(explicit, environ=os.environ, folder=Path())
    if path is None:
        return None, None
    return know(path, flags=(source, out, ledger), environ=os.environ), ledger or find_ledger(path)


def choose_ledger(explicit: Path | None, *, ledger: Path | None) -> Path:
    """Tell which ledger is meant: *ledger*, else that of the configuration."""
    if ledger:
        return Path(os.path.abspath(ledger))
    path = find_config(explicit, environ=os.environ, folder=Path())
    if path is None:
        raise ConfigError(["there is no configuration here; say with --ledger FILE or -c FILE which ledger is meant"])
    from feedpub.config import load_config

    # Identities can be brought before there are articles: that those are missing is not asked here.
    folder = path.absolute().parent
    return load_config(path, source=folder, out=folder / ".nowhere").site.ledger


def choose_rules(explicit: Path | None) -> Rules:
    """Take the sanitiser's rules from the configuration if there is one."""
    path = find_config(explicit, environ=os.environ, folder=Path())
    if path is None:
        from feedpub.sanitiser import DEFAULT

        return DEFAULT
    from feedpub.config import load_config
    from feedpub.job import rules_of

    # A filter reads no source and writes no feed: that those are missing here is none of its business.
    folder = path.absolute().parent
    return rules_of(load_config(path, source=folder, out=folder / ".nowhere", ledger=folder / ".nowhere"))


def parse_address(url: str) -> str:
    """Accept the address of a web page."""
    from feedpub.urls import absolute, scheme_of

    if scheme_of(url) not in {"http", "https"} or absolute(url) is None:
        raise ConfigError([f"--base-url: {url!r} is no address such as https://example.org/page"])
    return url


def read_input(file: str, voice: Voice, *, what: str) -> bytes:
    """Read a file, or standard input for "-"; *what* is said where somebody may not know that he is to type it."""
    if file == "-":
        if sys.stdin.isatty():
            voice.log("info", f"reading {what} from standard input")
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except FileNotFoundError as error:
        raise ConfigError([f"{file}: does not exist"]) from error
    except OSError as error:
        raise ConfigError([f"{file}: cannot be read: {error.strerror}"]) from error

"""What the command line points to, checked and loaded."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from feedpub.errors import ConfigError
from feedpub.places import USUAL_LEDGER, USUAL_OUT, find_config

if TYPE_CHECKING:
    from feedpub.config import Config
    from feedpub.sanitiser import Rules
    from feedpub.voice import Voice


#: Variables of the environment that decide what is published, and where.
_SAYING = ("FEEDPUB_", "AWS_", "AZURE_", "GOOGLE_")


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


def choose_publishing(
    explicit: Path | None, *, to: str | None, out: Path | None, ledger: Path | None, source: Path | None = None
) -> Config:
    """Load the configuration of what is to be published."""
    from feedpub.config import load_config

    path = find_config(explicit, environ=os.environ, folder=Path())
    if path is None:
        raise ConfigError(['there is no configuration here; "feedpub init" writes one, or name it with -c FILE'])
    return load_config(path, source=source, out=out, ledger=ledger, to=to)


class Publishing(NamedTuple):
    """What is needed to see at a glance that nothing has to be published."""

    known: str  #: By which the configuration is known, with all that was said beside it.
    ledger: Path
    to: str
    out: Path
    timeout: float


def _read_unchecked(explicit: Path | None) -> tuple[Path, str, dict[str, Any]] | None:
    """Read the configuration, and do not ask whether it is right; `None` where there is none, or it is no TOML."""
    import tomllib

    path = find_config(explicit, environ=os.environ, folder=Path())
    if path is None:
        return None
    try:
        # With a byte order mark, as `load_config` takes it.
        text = path.read_text("utf-8-sig")
        return path, text, tomllib.loads(text)
    except (OSError, ValueError):
        return None


def know_health(explicit: Path | None) -> str:
    """Give the health check's address, without asking whether anything else is right; "" where there is none."""
    from feedpub.urls import scheme_of

    match _read_unchecked(explicit):
        case (_, _, {"publish": {"health": str(health)}}) if scheme_of(health.strip()) in {"http", "https"}:
            return health.strip()
    return ""


def know_publishing(
    explicit: Path | None, *, to: str | None, out: Path | None, ledger: Path | None, delete: bool
) -> Publishing | None:
    """Give what a glance needs, without asking whether it is right; `None` where there is no use in one."""
    from hashlib import sha256

    import feedpub
    from feedpub.bucket import TIMEOUT

    found = _read_unchecked(explicit)
    if found is None:
        return None
    path, text, said = found
    ours = sorted(each for each in os.environ.items() if each[0].startswith(_SAYING))
    try:
        flags = (to, delete, out and os.path.abspath(out), ledger and os.path.abspath(ledger))
        said_of = (feedpub.__version__, os.path.abspath(path), flags, ours, text)
        digest = sha256(repr(said_of).encode("utf-8", "surrogatepass")).hexdigest()
        site, options = said.get("site", {}), said.get("publish", {})
        kept = site.get("ledger", USUAL_LEDGER)
        if kept == "bucket" and ledger is None:
            return None
        return Publishing(
            digest,
            Path(os.path.abspath(ledger or path.parent / kept)),
            str(to or options["to"]),
            Path(os.path.abspath(out or path.parent / site.get("out", USUAL_OUT))),
            float(options.get("timeout", TIMEOUT)),
        )
    except (ValueError, KeyError, AttributeError, TypeError):
        return None


def know_config(
    explicit: Path | None, *, source: Path | None, out: Path | None, ledger: Path | None
) -> tuple[str | None, Path | None]:
    """Give what the configuration is known by, and where its ledger is, without asking whether it is right."""
    from feedpub.glance import find_ledger, know

    path = find_config(explicit, environ=os.environ, folder=Path())
    if path is None:
        return None, None
    return know(path, flags=(source, out, ledger), environ=os.environ), ledger or find_ledger(path)


@contextmanager
def choose_ledger(explicit: Path | None, *, ledger: Path | None, private: bool) -> Iterator[Path]:
    """Give the ledger that is meant: *ledger*, else that of the configuration; see `ledger_at_hand`."""
    if ledger:
        yield Path(os.path.abspath(ledger))
        return
    path = find_config(explicit, environ=os.environ, folder=Path())
    if path is None:
        raise ConfigError(["there is no configuration here; say with --ledger FILE or -c FILE which ledger is meant"])
    from tempfile import TemporaryDirectory

    from feedpub.borrow import ledger_at_hand
    from feedpub.config import load_config

    # Identities can be brought before there are articles, and looked at beside a run: empty folders stand in.
    with TemporaryDirectory(prefix="feedpub-articles-") as empty, TemporaryDirectory(prefix="feedpub-") as out:
        config = load_config(path, source=Path(empty), out=Path(out))
        with ledger_at_hand(config, private=private) as (at_hand, loan):
            yield at_hand.site.ledger
            loan.give_back()


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

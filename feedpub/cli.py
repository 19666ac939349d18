"""The command line: arguments and exit codes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from feedpub.errors import ConfigError, FeedpubError, LockedError, LossError, PublishError
from feedpub.voice import Voice

if TYPE_CHECKING:
    from feedpub.config import Config

ALL_WELL, NEEDS_A_LOOK, WRONG_USE, NOT_WRITTEN, REFUSED, LOCKED = 0, 1, 2, 3, 4, 75

_EXIT_CODES: dict[type[FeedpubError], int] = {
    ConfigError: WRONG_USE,
    PublishError: NOT_WRITTEN,
    LossError: REFUSED,
    LockedError: LOCKED,
}

_START = "Start with `feedpub init` in the folder of your site, then `feedpub build`."

_EXITS = """
Exit codes: 0, all well. 1, done, but articles are in quarantine. 2, the command line or the configuration is wrong;
nothing ran. 3, a document could not be written; what was there is whole. 4, refused: more articles would vanish than
feeds.max_loss allows; nothing was written. 75, another run is at work.
"""

app = typer.Typer(
    help="Publish folders of articles as RSS 2.0, Atom 1.0 and JSON Feed 1.1.",
    epilog=_START,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def main(args: Sequence[str] | None = None) -> int:
    """Run the command line, that of the process by default, and return the exit code."""
    try:
        app(args=None if args is None else list(args), prog_name="feedpub")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else WRONG_USE
    return ALL_WELL


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"feedpub {version('feedpub')}")
        raise typer.Exit


@app.callback()
def _begin(
    *,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Publish folders of articles as RSS 2.0, Atom 1.0 and JSON Feed 1.1."""


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="The folder of a site, or an empty one.")] = Path(),
) -> None:
    """Write a commented feedpub.toml that builds as it stands.

    In the folder of a Hexo, Jekyll, Hugo, Zola or Pelican site it is filled from the site's own configuration. An
    empty folder gets two example articles as well. A file that exists is never overwritten.
    """
    from feedpub.init import init_folder

    with _exit_codes(Voice()) as voice:
        voice.tell_init(init_folder(folder))


@app.command(epilog=_EXITS)
def build(
    *,
    config: Annotated[
        Path | None,
        typer.Option(
            "-c",
            "--config",
            metavar="FILE",
            help="The configuration; else $FEEDPUB_CONFIG, feedpub.toml or config/feedpub.toml.",
        ),
    ] = None,
    source: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Read this folder instead of the configured sources.")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write the feeds here instead of site.out.")] = None,
    ledger: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Keep identities here instead of in site.ledger.")
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Ignore what is cached. Identities are kept.")] = False,
    workers: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Worker processes; as many as cores by default.")
    ] = None,
    now: Annotated[
        str | None, typer.Option(metavar="TIME", help="The clock (RFC 3339), for runs that can be repeated.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and write nothing.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")] = False,
    quiet: Annotated[bool, typer.Option("-q", help="Say nothing but errors.")] = False,
    verbose: Annotated[bool, typer.Option("-v", help="Say what was mended in which article.")] = False,
    log_format: Annotated[Literal["text", "json"], typer.Option(help="How messages are written.")] = "text",
) -> None:
    """Collect the articles, sanitise them, and write the feeds to the output folder.

    Without any configuration, --source and --out are enough to have a look.
    """
    del fresh  # Nothing is cached yet: every build is a fresh one.
    with _exit_codes(Voice(json=json, quiet=quiet, verbose=verbose, log_format=log_format)) as voice:
        clock = _parse_time(now) if now else None
        chosen = _choose_config(config, source=source, out=out, ledger=ledger, voice=voice)
        from feedpub.run import build as run_build

        with voice.progress() as progress:
            report = run_build(chosen, now=clock, workers=workers, dry_run=dry_run, progress=progress)
        voice.tell_build(report, dry_run=dry_run)
    if report.articles.quarantined:
        raise typer.Exit(NEEDS_A_LOOK)


@contextmanager
def _exit_codes(voice: Voice) -> Iterator[Voice]:
    """Turn what went wrong into a message and an exit code."""
    try:
        yield voice
    except FeedpubError as error:
        voice.tell_error(error)
        raise typer.Exit(_EXIT_CODES[type(error)]) from error


def _parse_time(text: str) -> datetime:
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


def _choose_config(
    explicit: Path | None, *, source: Path | None, out: Path | None, ledger: Path | None, voice: Voice
) -> Config:
    """Load the configuration, or do without one where the command line says enough."""
    from feedpub.config import UNKNOWN_URL, default_config, find_config, load_config

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

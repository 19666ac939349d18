"""The command line: arguments and exit codes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer

from feedpub.arguments import (
    Clock,
    ConfigFile,
    Json,
    LedgerFile,
    SourceFolder,
    Workers,
    choose_config,
    choose_rules,
    parse_address,
    parse_time,
    read_input,
)
from feedpub.errors import ArticleError, ConfigError, FeedpubError, LockedError, LossError, PublishError
from feedpub.voice import Voice

ALL_WELL, NEEDS_A_LOOK, WRONG_USE, NOT_WRITTEN, REFUSED, LOCKED = 0, 1, 2, 3, 4, 75

_EXIT_CODES: dict[type[FeedpubError], int] = {
    ArticleError: NEEDS_A_LOOK,
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
        from importlib.metadata import version

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
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a site, or an empty one.")] = Path(),
) -> None:
    """Write a commented feedpub.toml that builds as it stands.

    In the folder of a Hexo, Jekyll, Hugo, Zola or Pelican site it is filled from the site's own configuration. An
    empty folder gets two example articles as well. A file that exists is never overwritten.

    Example: feedpub init my-blog
    """
    from feedpub.init import init_folder

    with _exit_codes(Voice()) as voice:
        voice.tell_init(init_folder(folder))


@app.command(epilog=_EXITS)
def build(
    *,
    config: ConfigFile = None,
    source: SourceFolder = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write the feeds here instead of site.out.")] = None,
    ledger: LedgerFile = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Ignore what is cached. Identities are kept.")] = False,
    workers: Workers = None,
    now: Clock = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and write nothing.")] = False,
    json: Json = False,
    quiet: Annotated[bool, typer.Option("-q", help="Say nothing but errors.")] = False,
    verbose: Annotated[bool, typer.Option("-v", help="Say what was mended in which article.")] = False,
    log_format: Annotated[Literal["text", "json"], typer.Option(help="How messages are written.")] = "text",
) -> None:
    """Collect the articles, sanitise them, and write the feeds to the output folder.

    Without any configuration, --source and --out are enough to have a look.

    Example: feedpub build --source articles --out /tmp/feeds
    """
    del fresh  # Nothing is cached yet: every build is a fresh one.
    with _exit_codes(Voice(json=json, quiet=quiet, verbose=verbose, log_format=log_format)) as voice:
        clock = parse_time(now) if now else None
        chosen = choose_config(config, source=source, out=out, ledger=ledger, voice=voice)
        from feedpub.run import build as run_build

        with voice.progress() as progress:
            report = run_build(chosen, now=clock, workers=workers, dry_run=dry_run, progress=progress)
        voice.tell_build(report, dry_run=dry_run)
    if report.articles.quarantined:
        raise typer.Exit(NEEDS_A_LOOK)


@app.command()
def explain(
    article: Annotated[
        str, typer.Argument(metavar="ARTICLE", help="A file, its name below a source, or an entry's id or link.")
    ],
    *,
    config: ConfigFile = None,
    source: SourceFolder = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="The output folder, instead of site.out.")] = None,
    ledger: LedgerFile = None,
    workers: Workers = None,
    now: Clock = None,
    json: Json = False,
) -> None:
    """Say all that happens to one article, and write nothing.

    What was read in it, its dates and why, each image and link before and after, what was removed, which feeds show
    it, and why others do not. It is worked out as `build` would do it now, beside a running build if need be. The exit
    code is 1 for an article in quarantine.

    Example: feedpub explain articles/2022/rates.md
    """
    with _exit_codes(Voice(json=json)) as voice:
        clock = parse_time(now) if now else None
        chosen = choose_config(config, source=source, out=out, ledger=ledger, voice=voice)
        from feedpub.explain import explain as run_explain

        with voice.progress() as progress:
            explanation = run_explain(chosen, article, now=clock, workers=workers, progress=progress)
        voice.tell_explanation(explanation)
    if explanation.status == "quarantined":
        raise typer.Exit(NEEDS_A_LOOK)


@app.command()
def sanitise(
    file: Annotated[str, typer.Argument(metavar="FILE", help="HTML; standard input by default.")] = "-",
    *,
    base_url: Annotated[
        str | None, typer.Option(metavar="URL", help="The page's address, where relative ones start.")
    ] = None,
    config: ConfigFile = None,
    json: Annotated[bool, typer.Option("--json", help="Print {html, symbols, images, removed}.")] = False,
) -> None:
    """Clean HTML, as a filter: HTML in, clean HTML out in UTF-8.

    It does what `build` does to the body of an article, by the [sanitiser] table of the same configuration; without
    one, by the defaults. Front matter and Markdown are not read: what comes in is HTML. The exit code is 1 where the
    input is no text or too large to be clean for sure; nothing is printed then.

    Example: feedpub sanitise --base-url https://example.org/a page.html
    """
    with _exit_codes(Voice(json=json)) as voice:
        base = parse_address(base_url) if base_url else None
        rules = choose_rules(config)
        name = "standard input" if file == "-" else file
        raw = read_input(file, voice)
        from feedpub.filter import clean_html

        voice.tell_sanitised(clean_html(raw, name=name, base_url=base, rules=rules))


@contextmanager
def _exit_codes(voice: Voice) -> Iterator[Voice]:
    """Turn what went wrong into a message and an exit code."""
    try:
        yield voice
    except FeedpubError as error:
        voice.tell_error(error)
        raise typer.Exit(_EXIT_CODES[type(error)]) from error

"""The commands: what each can be told, and what its help says."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import feedpub
from feedpub.arguments.parser import Parser

if TYPE_CHECKING:
    from pathlib import Path

_WRONG = {2: "the command line or the configuration is wrong; nothing ran"}


def make_parser() -> Parser:
    """Make the parser of the whole command line."""
    parser = Parser(
        prog="feedpub",
        usage="feedpub COMMAND [options]",
        description="Publish folders of articles as RSS 2.0, Atom 1.0 and JSON Feed 1.1.",
        epilog="Start with `feedpub init` in the folder of your site, then `feedpub build`.\n"
        "`feedpub COMMAND --help` says more of each command.",
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"feedpub {feedpub.__version__}",
        help="print the version and leave",
    )
    _add_init(parser)
    _add_build(parser)
    _add_explain(parser)
    _add_sanitise(parser)
    _add_ledger(parser)
    return parser


def _add_init(parser: Parser) -> None:
    command = parser.add_command(
        "init",
        usage="[DIR]",
        summary="Write a commented feedpub.toml that builds as it stands",
        more="In the folder of a Hexo, Jekyll, Hugo, Zola or Pelican site it is filled from\n"
        "the site's own configuration. An empty folder gets two example articles as\n"
        "well. A file that exists is never overwritten.",
        example="my-blog",
        exits={
            0: "written",
            2: "nothing was written: the command line is wrong, or DIR has a\nfeedpub.toml or cannot be written to",
        },
    )
    command.add_argument(
        "folder",
        metavar="DIR",
        nargs="?",
        type=_path,
        default=".",
        help="the folder of a site, or an empty one; by default this one",
    )


def _add_build(parser: Parser) -> None:
    command = parser.add_command(
        "build",
        usage="[options]",
        summary="Collect the articles, sanitise them, and write the feeds",
        more="What did not change is not touched. Without any configuration, --source and\n"
        "--out are enough to have a look.",
        example="--source articles --out /tmp/feeds",
        exits={
            0: "all well",
            1: "done, but articles are in quarantine",
            **_WRONG,
            3: "a document could not be written; what was there is still whole",
            4: "refused: more articles would vanish than feeds.max_loss allows;\nnothing was written",
            75: "another run is at work",
        },
    )
    _add_places(command, out="write the feeds here instead of to site.out")
    work = command.add_argument_group("how to go about it")
    work.add_argument("--fresh", action="store_true", help="ignore what is cached; identities are kept")
    work.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")
    _add_run(work)
    said = command.add_argument_group("what is said")
    _add_json(said, says="print one JSON object on standard output")
    said.add_argument("-q", dest="quiet", action="store_true", help="say nothing but errors")
    said.add_argument("-v", dest="verbose", action="store_true", help="say what was mended in which article")
    said.add_argument(
        "--log-format",
        metavar="text|json",
        choices=("text", "json"),
        default="text",
        help="how messages are written; text by default",
    )


def _add_explain(parser: Parser) -> None:
    command = parser.add_command(
        "explain",
        usage="[options] ARTICLE",
        summary="Say all that happens to one article, and write nothing",
        more="What was read in it, its dates and why, each image and link before and after,\n"
        "what was removed, which feeds show it, and why others do not. It is worked out\n"
        "as `build` would do it now, beside a running build if need be.",
        example="articles/2022/rates.md",
        exits={0: "all well", 1: "the article is in quarantine", **_WRONG},
    )
    command.add_argument("article", metavar="ARTICLE", help="a file, its name below a source, or an entry's id or link")
    _add_places(command, out="the output folder, instead of site.out")
    work = command.add_argument_group("how to go about it")
    _add_run(work)
    _add_json(work, says="print one JSON object")


def _add_sanitise(parser: Parser) -> None:
    command = parser.add_command(
        "sanitise",
        usage="[options] [FILE]",
        summary="Clean HTML, as a filter: HTML in, clean HTML out in UTF-8",
        more="It does what `build` does to the body of an article, by the [sanitiser] table\n"
        "of the same configuration; without one, by the defaults. Front matter and\n"
        "Markdown are not read: what comes in is HTML.",
        example="--base-url https://example.org/a page.html",
        exits={
            0: "all well",
            1: "the input is no text, or too large to be clean for sure;\nnothing was printed",
            **_WRONG,
        },
    )
    command.add_argument("file", metavar="FILE", nargs="?", default="-", help="HTML; standard input by default")
    command.add_argument("--base-url", metavar="URL", help="the page's address, where relative ones start")
    _add_config(command)
    _add_json(command, says="print {html, symbols, images, removed}")


def _add_ledger(parser: Parser) -> None:
    group = parser.add_command(
        "ledger",
        usage="[COMMAND] [options]",
        summary="Say what the ledger remembers; export it, import it",
        more="The ledger keeps the ids and dates of all stories, and the addresses of all\n"
        "feeds. Without COMMAND, it is shown. A build may be at work meanwhile, but not\n"
        "beside `import`.",
        example="export identities.jsonl",
        exits={0: "all well", **_WRONG},
    )
    _add_show(group)
    _add_export(group)
    _add_import(group)
    group.choose_by_default("show")


def _add_show(group: Parser) -> None:
    command = group.add_command(
        "show",
        usage="[options] [WORD]",
        summary="Count what the ledger holds, or find stories in it",
        example="rates",
        exits={0: "all well", 2: "the command line or the configuration is wrong, or there is\nno ledger"},
    )
    command.add_argument(
        "word", metavar="WORD", nargs="?", help="find stories with it in their id, link, file's name or title"
    )
    _add_which(command)
    _add_json(command, says="print one JSON object, with all that was found")


def _add_export(group: Parser) -> None:
    command = group.add_command(
        "export",
        usage="[options] [FILE]",
        summary="Write all identities as JSON lines",
        more="They come in an order that stays, so that they can be kept in version\n"
        "control: the feeds' addresses and ids, the stories' ids and dates, which file\n"
        "tells which story, and what subscribers know.",
        example="identities.jsonl",
        exits={
            0: "all well",
            2: "the command line or the configuration is wrong, or there is\nno ledger",
            3: "FILE could not be written; if it was there, it is as it was",
        },
    )
    command.add_argument("file", metavar="FILE", nargs="?", default="-", help="standard output by default")
    _add_which(command)


def _add_import(group: Parser) -> None:
    command = group.add_command(
        "import",
        usage="[options] FILE",
        summary="Take over identities that `export` wrote",
        more="What the ledger has of the same id, name or feed is replaced; all else stays.\n"
        "The ledger is made if there is none. The next build works everything out anew.",
        example="identities.jsonl",
        exits={
            0: "all well",
            2: "something is wrong, with FILE or else; every problem is listed,\nand nothing was imported",
            3: "the ledger could not be written",
            75: "a run is at work",
        },
    )
    command.add_argument("file", metavar="FILE", help="what `export` wrote; - for standard input")
    _add_which(command)


def _add_which(command: Parser) -> None:
    _add_config(command)
    command.add_argument("--ledger", metavar="FILE", type=_path, help="this ledger, instead of site.ledger")


def _add_places(command: Parser, *, out: str) -> None:
    places = command.add_argument_group("what to read and write")
    _add_config(places)
    places.add_argument(
        "--source", metavar="DIR", type=_path, help="read this folder instead of the configured sources"
    )
    places.add_argument("--out", metavar="DIR", type=_path, help=out)
    places.add_argument("--ledger", metavar="FILE", type=_path, help="keep identities here instead of in site.ledger")


def _add_config(where: argparse._ActionsContainer) -> None:
    where.add_argument(
        "-c",
        "--config",
        metavar="FILE",
        type=_path,
        help="the configuration; else $FEEDPUB_CONFIG, feedpub.toml or config/feedpub.toml",
    )


def _add_run(where: argparse._ActionsContainer) -> None:
    where.add_argument("--workers", metavar="N", type=_count, help="worker processes; as many as cores by default")
    where.add_argument("--now", metavar="TIME", help="the clock (RFC 3339), for runs that can be repeated")


def _add_json(where: argparse._ActionsContainer, *, says: str) -> None:
    where.add_argument("--json", action="store_true", help=says)


def _path(text: str) -> Path:
    from pathlib import Path

    return Path(text)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number, 1 or more; got {text!r}")
    return int(text)

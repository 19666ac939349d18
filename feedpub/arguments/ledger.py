"""What can be said of the ledger on the command line."""

from __future__ import annotations

from feedpub.arguments.options import WRONG, add_config, add_json, path
from feedpub.arguments.parser import Parser


def add_ledger(parser: Parser) -> None:
    """Make the group of commands about the ledger."""
    group = parser.add_command(
        "ledger",
        usage="[COMMAND] [options]",
        summary="Say what the ledger remembers; export it, import it",
        more="The ledger keeps the ids and dates of all stories, and the addresses of all\n"
        "feeds. Without COMMAND, it is shown. A build may be at work meanwhile, but not\n"
        "beside `import`.",
        example="export identities.jsonl",
        exits={0: "all well", **WRONG},
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
    command.add_argument("word", metavar="WORD", nargs="?", help="find stories by id, link, title or file's name")
    _add_which(command)
    add_json(command, says="print one JSON object, with all that was found")


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
    add_config(command)
    command.add_argument("--ledger", metavar="FILE", type=path, help="this ledger, instead of site.ledger")

"""The commands: what each can be told, and what its help says."""

from __future__ import annotations

import feedpub
from feedpub.arguments.ledger import add_ledger
from feedpub.arguments.options import WRONG, add_config, add_json, add_loss, add_places, add_run, add_voice, path
from feedpub.arguments.parser import Parser
from feedpub.arguments.publish import add_publish, add_round


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
    add_publish(parser)
    add_round(parser)
    _add_explain(parser)
    _add_sanitise(parser)
    add_ledger(parser)
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
        type=path,
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
            **WRONG,
            3: "a document could not be written; what was there is still whole",
            4: "refused: more articles would vanish than feeds.max_loss allows;\nnothing was written",
            75: "another run is at work",
        },
    )
    add_places(command, out="write the feeds here instead of to site.out")
    work = command.add_argument_group("how to go about it")
    add_loss(work, help="go on this time however many articles vanished")
    work.add_argument("--fresh", action="store_true", help="ignore what is cached; identities are kept")
    work.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")
    add_run(work)
    said = command.add_argument_group("what is said")
    add_json(said, says="print one JSON object on standard output")
    add_voice(said, verbose="say what was mended in which article")


def _add_explain(parser: Parser) -> None:
    command = parser.add_command(
        "explain",
        usage="[options] ARTICLE",
        summary="Say all that happens to one article, and write nothing",
        more="What was read in it, its dates and why, each image and link before and after,\n"
        "what was removed, which feeds show it, and why others do not. It is worked out\n"
        "as `build` would do it now, beside a running build if need be.",
        example="articles/2022/rates.md",
        exits={0: "all well", 1: "the article is in quarantine", **WRONG},
    )
    command.add_argument("article", metavar="ARTICLE", help="a file, its name below a source, or an entry's id or link")
    add_places(command, out="the output folder, instead of site.out")
    work = command.add_argument_group("how to go about it")
    add_run(work)
    add_json(work, says="print one JSON object")


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
            **WRONG,
        },
    )
    command.add_argument("file", metavar="FILE", nargs="?", default="-", help="HTML; standard input by default")
    command.add_argument("--base-url", metavar="URL", help="the page's address, where relative ones start")
    add_config(command)
    add_json(command, says="print {html, symbols, images, removed}")

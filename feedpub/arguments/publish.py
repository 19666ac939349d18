"""What can be said of publishing on the command line."""

from __future__ import annotations

from feedpub.arguments.options import WRONG, add_config, add_json, add_loss, add_places, add_run, add_voice, path
from feedpub.arguments.parser import Parser


def add_publish(parser: Parser) -> None:
    """Make the command that publishes."""
    command = parser.add_command(
        "publish",
        usage="[options]",
        summary="Upload to a bucket what changed in the output folder",
        more="Keys, endpoint and region come from the environment, never from here. Files\n"
        "that others put into the bucket are left alone.",
        example="--to s3://bucket/prefix --dry-run",
        exits={
            0: "all well",
            2: "the command line or the configuration is wrong, or there is\nno way back; nothing ran",
            3: "it did not work out; what is public is still whole, and the\nnext run goes on from there",
            4: "more would be deleted than publish.max_deletes allows; all\nelse was done",
            75: "another run is at work, here or elsewhere",
        },
    )
    places = command.add_argument_group("what to publish, and where to")
    add_config(places)
    places.add_argument(
        "--to", metavar="URL", help="s3://bucket/prefix, gs://, az:// or file:///folder, instead\nof publish.to"
    )
    places.add_argument("--out", metavar="DIR", type=path, help="publish this folder instead of site.out")
    places.add_argument("--ledger", metavar="FILE", type=path, help="the ledger, instead of site.ledger")
    work = command.add_argument_group("how to go about it")
    work.add_argument("--delete", action="store_true", help="remove from the bucket what is not wanted any more")
    add_loss(work, help="delete however many that are, this time")
    work.add_argument("--rollback", action="store_true", help="bring back what was public before the last time")
    work.add_argument("--force", action="store_true", help="upload what is there already, too")
    work.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")
    said = command.add_argument_group("what is said")
    add_json(said, says="print one JSON object on standard output")
    add_voice(said, verbose="name every document, and why")


def add_round(parser: Parser) -> None:
    """Make the command that does all of it, for cron."""
    command = parser.add_command(
        "run",
        usage="[options]",
        summary="Build, publish, and tell those who want to know: the one line for cron",
        more="It says one line when something changed, and nothing when not. Hubs and a\n"
        "webhook hear of what changed, a health check of every run.",
        example="-c /srv/site/feedpub.toml",
        exits={
            0: "all well",
            1: "done, but articles are in quarantine",
            **WRONG,
            3: "it did not work out; what is public is still whole, and the\nnext run goes on from there",
            4: "refused: too many articles or documents would vanish, more than\nfeeds.max_loss or publish.max_deletes"
            " allows",
            75: "another run is at work, here or elsewhere",
        },
    )
    places = add_places(command, out="write the feeds here instead of to site.out")
    places.add_argument("--to", metavar="URL", help="publish there instead of to publish.to")
    work = command.add_argument_group("how to go about it")
    work.add_argument("--delete", action="store_true", help="remove from the bucket what is not wanted any more")
    add_loss(work, help="go on this time however much would vanish")
    work.add_argument("--fresh", action="store_true", help="ignore what is cached; identities are kept")
    work.add_argument("--dry-run", action="store_true", help="say what would happen, and write and tell nothing")
    add_run(work)
    said = command.add_argument_group("what is said")
    add_json(said, says="print one JSON object on standard output")
    add_voice(said, verbose="say what was done and why, also where nothing changed")

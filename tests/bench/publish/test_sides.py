from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.bench.publish.sides import NAMES, Command, Job, find_sides
from tests.servers.storage import S3Server

SERVER = S3Server(endpoint="http://127.0.0.1:9", account="our-key", secret="our-secret")


def prepare(name: str, folder: Path) -> Command:
    found, missing = find_sides([name])
    if missing:
        pytest.skip(missing[0])
    work = folder / "work"
    work.mkdir()
    return found[0].prepare(
        Job(files=folder / "files", work=work, server=SERVER, bucket="our-bucket", prefix="our-prefix")
    )


@pytest.mark.parametrize("name", NAMES)
def test_each_side_uploads_the_files_sixteen_at_a_time(name: str, tmp_path: Path) -> None:
    words = prepare(name, tmp_path).words
    assert str(tmp_path / "files") in words
    assert "16" in words or "concurrency = 16" in (tmp_path / "work" / "feedpub.toml").read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_keys_are_in_the_environment_and_nowhere_else(name: str, tmp_path: Path) -> None:
    command = prepare(name, tmp_path)
    assert {"our-key", "our-secret"} <= set(command.environment.values())
    written = " ".join(path.read_text("utf-8") for path in (tmp_path / "work").iterdir())
    assert "our-secret" not in f"{written} {' '.join(command.words)}"


def test_rclone_is_tuned(tmp_path: Path) -> None:
    tuned = "--checksum --fast-list --s3-no-head --no-update-modtime --transfers 16 --checkers 16"
    assert " ".join(prepare("rclone", tmp_path).words).endswith(f" bench:our-bucket/our-prefix/ {tuned}")


def test_hugo_deploys_below_the_prefix(tmp_path: Path) -> None:
    prepare("hugo", tmp_path)
    config = tomllib.loads((tmp_path / "work" / "hugo.toml").read_text("utf-8"))
    (target,) = config["deployment"]["targets"]
    address, _, options = target["url"].partition("?")
    assert address == "s3://our-bucket"
    assert "prefix=our-prefix%2F" in options.split("&")


def test_a_program_that_is_missing_is_named() -> None:
    found, missing = find_sides(["feedpub", "rclone"], find=lambda _: None)
    assert not found
    assert [message.partition(":")[0] for message in missing] == ["feedpub is left out", "rclone is left out"]


def test_only_what_is_wanted_is_looked_for() -> None:
    assert find_sides([]) == ([], [])

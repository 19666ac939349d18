from __future__ import annotations

from pathlib import Path

import obstore
import pytest

from tests.bench.publish.bucket import check_bucket, check_contents, make_bucket, read_bucket
from tests.bench.publish.files import Content, Contents, change_files, choose, make_files, name_file, read_files
from tests.bench.publish.sides import Job
from tests.servers.storage import S3Server

ONE, TWO = Content(3, "aa"), Content(3, "bb")


@pytest.mark.parametrize(
    ("found", "complaint"),
    [
        ({"a": ONE}, "side left 1 objects for 2 files, and 1 are not the same: b"),
        ({"a": ONE, "b": ONE}, "side left 2 objects for 2 files, and 1 are not the same: b"),
        ({"a": ONE, "b": TWO, "c": TWO}, "side left 3 objects for 2 files, and 1 are not the same: c"),
    ],
)
def test_objects_that_are_not_the_files_end_it(found: Contents, complaint: str) -> None:
    with pytest.raises(SystemExit, match=f"^{complaint}$"):
        check_contents("side", found, {"a": ONE, "b": TWO})


def test_objects_that_are_the_files_are_well() -> None:
    check_contents("side", {"b": TWO, "a": ONE}, {"a": ONE, "b": TWO})


def test_a_bucket_is_as_the_server_has_it(tmp_path: Path, seaweedfs: S3Server) -> None:
    files = make_files(tmp_path / "files", count=30, size=900)
    job = Job(files=files.folder, work=tmp_path, server=seaweedfs, bucket=make_bucket(seaweedfs), prefix="here")
    store = seaweedfs.store(job.bucket, "here")

    def upload(number: int) -> None:
        obstore.put(store, name_file(number), files.folder / name_file(number), use_multipart=False)

    assert read_bucket(job) == {}
    obstore.put(store, ".feedpub/manifest.json", b"{}", use_multipart=False)
    for number in range(30):
        upload(number)
    check_bucket("side", job, files, read_files(files.folder))

    files = change_files(files)
    first, *others = choose(files)
    for number in others:
        upload(number)
    with pytest.raises(SystemExit, match=f"1 are not the same: {name_file(first)}"):
        check_bucket("side", job, files, read_files(files.folder))

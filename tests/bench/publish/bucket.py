"""See that a side's objects are the files, byte for byte."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import obstore

from tests.bench.publish.files import Content, Contents, choose, describe, name_file

if TYPE_CHECKING:
    from collections.abc import Collection

    from tests.bench.publish.files import Files
    from tests.bench.publish.sides import Job
    from tests.servers.storage import S3Server

#: Below it is what feedpub writes for itself.
_OWN = ".feedpub/"


def make_bucket(server: S3Server) -> str:
    """Make a bucket that is in use: for the first bytes in one SeaweedFS takes a fifth of a second."""
    bucket = server.new_bucket()
    store = server.store(bucket, "before")
    with ThreadPoolExecutor(16) as pool:
        # Without bytes an object has no place on the server's disk, and it would look for none yet.
        list(pool.map(lambda number: obstore.put(store, str(number), b"used", use_multipart=False), range(64)))
    return bucket


def read_bucket(job: Job) -> Contents:
    """List what a side has put where it should.

    The server says how long each object is and gives its MD5 as its entity tag: for what came in one piece this is
    the rule in S3.
    """
    found = (each for page in obstore.list(job.server.store(job.bucket, job.prefix)) for each in page)
    contents = {each["path"]: Content(each["size"], (each["e_tag"] or "").strip('"')) for each in found}
    return {key: content for key, content in contents.items() if not key.startswith(_OWN)}


def read_objects(job: Job, keys: Collection[str]) -> Contents:
    """Fetch some objects."""
    store = job.server.store(job.bucket, job.prefix)
    return {key: describe(bytes(obstore.get(store, key).bytes())) for key in keys}


def check_bucket(name: str, job: Job, files: Files, expected: Contents) -> None:
    """Stop where the bucket does not hold the *expected* bytes: of all objects by the list, of some by themselves.

    Raises: SystemExit
    """
    check_contents(name, read_bucket(job), expected)
    sample = {name_file(number) for number in choose(files)}
    check_contents(name, read_objects(job, sample), {key: expected[key] for key in sample})


def check_contents(name: str, found: Contents, expected: Contents) -> None:
    """Stop where an object is missing, of no file, or other than its file.

    Raises: SystemExit
    """
    wrong = sorted(key for key in found.keys() | expected.keys() if found.get(key) != expected.get(key))
    if wrong:
        counts = f"{len(found)} objects for {len(expected)} files"
        raise SystemExit(f"{name} left {counts}, and {len(wrong)} are not the same: {', '.join(wrong[:3])}")

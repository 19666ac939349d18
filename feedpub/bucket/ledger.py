"""The ledger in a bucket, for who has no disk that stays: fetched before a build, and given back after it.

It has to be a private place: a ledger names files, and stories that are not public yet.
"""

from __future__ import annotations

import gzip
import secrets
import zlib
from pathlib import Path

from feedpub.bucket import FOLDER
from feedpub.bucket.crowd import Crowd
from feedpub.bucket.objects import ABSENT, UnmetError
from feedpub.bucket.patience import Patient
from feedpub.bucket.probe import probe
from feedpub.bucket.turns import OvertakenError, Place, Times, Who
from feedpub.errors import LockedError, PublishError

_HEADERS = {"Content-Type": "application/gzip", "Cache-Control": "no-store"}
_PLACE = Place(f"{FOLDER}/ledger.sqlite3.gz", _HEADERS, f"{FOLDER}/ledger-lock.json", f"{FOLDER}/ledger-locks")

#: Nine tenths of what the best level saves, in a quarter of its time.
_LEVEL = 3

_OVERTAKEN = "another run has given back its ledger meanwhile; this one has published nothing, and leaves it to that"


def fetch(objects: Patient, path: Path) -> str:
    """Write the ledger to *path*, and give its tag; `ABSENT` where there is none yet, and nothing is written.

    Raises:
        ObjectsError: It cannot be read.
        PublishError: It is broken.
    """
    found = objects.get(_PLACE.key)
    if found is None:
        return ABSENT
    try:
        body = gzip.decompress(found.body)
    except (OSError, EOFError, zlib.error) as error:
        raise PublishError(
            f"{_PLACE.key} in the bucket is broken: {error}; put back an older one, if there is one"
        ) from error
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return found.tag


def give_back(objects: Patient, path: Path, tag: str, *, times: Times | None = None) -> str:
    """Put the ledger at *path* back in the place of the one that was fetched with *tag*, and give its new tag.

    To be called before what was built from it is published: who is told that he came too late has to begin anew.

    Raises:
        LockedError: Another run has given its own back meanwhile.
        ObjectsError: It cannot be written.
    """
    body = gzip.compress(path.read_bytes(), _LEVEL, mtime=0)
    who = Who(secrets.token_hex(8), secrets.token_hex(8))
    try:
        if probe(objects, who.run):
            return objects.put(_PLACE.key, body, headers=_HEADERS, only_if=tag)
        turns = Crowd(objects, who, times or Times(), _PLACE)
        return turns.take(turns.look(None, tag), ()).commit(body)
    except (UnmetError, OvertakenError) as error:
        raise LockedError(_OVERTAKEN) from error

"""The ledger in a bucket, for who has no disk that stays: fetched before a build, and given back after it.

It has to be a private place: a ledger names files, and stories that are not public yet.
"""

from __future__ import annotations

import gzip
import hashlib
import secrets
import zlib
from pathlib import Path

from feedpub.bucket import FOLDER
from feedpub.bucket.lock_per_run import LockPerRun
from feedpub.bucket.objects import ABSENT, UnmetError
from feedpub.bucket.probe import probe
from feedpub.bucket.retrying import RetryingStore
from feedpub.bucket.turns import OvertakenError, Place, Times, Who
from feedpub.bucket.watch import has_changed
from feedpub.errors import LockedError, PublishError

KEY = f"{FOLDER}/ledger.sqlite3.gz"

_HEADERS = {"Content-Type": "application/gzip", "Cache-Control": "no-store"}
_PLACE = Place(KEY, _HEADERS, f"{FOLDER}/ledger-locks")

#: How every base begins, but an empty one, and nobody gives such a ledger back.
_MAGIC = b"SQLite format 3\x00"

#: Nine tenths of what the best level saves, in a quarter of its time.
_LEVEL = 3

_OVERTAKEN = "another run has given back its ledger meanwhile; this one has published nothing, and leaves it to that"

_BROKEN = (
    "{where}: the ledger is broken: {why}. Put back an older version of this object; or remove it, and a new one is"
    " begun: ids that articles or their names give stay as they are then, and dates that only the ledger knew are lost"
)


def fetch(objects: RetryingStore, path: Path, *, where: str = KEY) -> str:
    """Write the ledger to *path*, and give its tag; `ABSENT` where there is none yet, and nothing is written.

    *where* it is, is for the operator.

    Raises:
        ObjectsError: It cannot be read.
        PublishError: It is broken.
    """
    found = objects.get(KEY)
    if found is None:
        return ABSENT
    body = _unpack(found.body, where=where)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return found.tag


def _unpack(packed: bytes, *, where: str) -> bytes:
    try:
        body = gzip.decompress(packed)
    except (OSError, EOFError, zlib.error) as error:
        raise PublishError(_BROKEN.format(where=where, why=str(error).lower().rstrip("."))) from error
    # A build would take a file of a few bytes for a new ledger, and give every story a new date.
    if not body.startswith(_MAGIC):
        why = "what it holds is no database" if body else "it is empty"
        raise PublishError(_BROKEN.format(where=where, why=why))
    return body


def is_still(objects: RetryingStore, tag: str) -> bool:
    """Tell with one request whether the ledger is the one with this *tag*; `ABSENT` for none.

    Raises:
        ObjectsError: It cannot be told.
    """
    return not has_changed(objects, KEY, tag)


def put_aside(objects: RetryingStore, tag: str) -> str:
    """Keep the ledger with this *tag* under another key before it is replaced, and give that.

    Raises:
        LockedError: Another run has given its own back meanwhile.
        ObjectsError: It cannot be written.
    """
    found = objects.get(KEY)
    if found is None or found.tag != tag:
        raise LockedError(_OVERTAKEN)
    # The same one is kept once only, however often a run is cut off here.
    key = f"{KEY}.damaged-{hashlib.sha256(found.body).hexdigest()[:12]}"
    objects.put(key, found.body, headers=_HEADERS)
    return key


def give_back(objects: RetryingStore, path: Path, tag: str, *, times: Times | None = None) -> str:
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
            return objects.put(KEY, body, headers=_HEADERS, only_if=tag)
        turns = LockPerRun(objects, who, times or Times(), _PLACE)
        return turns.take(turns.look(None, tag), ()).commit(body)
    except (UnmetError, OvertakenError) as error:
        raise LockedError(_OVERTAKEN) from error

"""Trying out whether a store keeps the conditions of a `put`; several that speak S3 do not, or only say so."""

from __future__ import annotations

import contextlib

from feedpub.bucket import FOLDER
from feedpub.bucket.objects import ABSENT, Objects, ObjectsError, UnmetError
from feedpub.bucket.turns import HEADERS

_PROBE = f"{FOLDER}/probe-"


def probe(objects: Objects, run: str) -> bool:
    """Tell whether a store keeps conditions: five requests, and nothing stays of them."""
    if objects.enforces is not None:
        return objects.enforces
    key = f"{_PROBE}{run}"
    try:
        keeps = _try_out(objects, key)
    except BaseException:
        # What went wrong first is what the operator has to hear of.
        with contextlib.suppress(ObjectsError):
            objects.delete([key])
        raise
    objects.delete([key])
    return keeps


def _try_out(objects: Objects, key: str) -> bool:
    try:
        tag = objects.put(key, b"1", headers=HEADERS, only_if=ABSENT)
        return (
            not _goes_through(objects, key, b"2", only_if=ABSENT)
            and _goes_through(objects, key, b"3", only_if=tag)
            # It is the right tag no more.
            and not _goes_through(objects, key, b"4", only_if=tag)
        )
    except UnmetError:
        return False
    except ObjectsError as error:
        # Some say so, at least.
        if error.trouble != "unable":
            raise
        return False


def _goes_through(objects: Objects, key: str, body: bytes, *, only_if: str) -> bool:
    try:
        objects.put(key, body, headers=HEADERS, only_if=only_if)
    except UnmetError:
        return False
    return True


def sweep(objects: Objects) -> None:
    """Remove what is left of probes that were killed; only once a manifest is there.

    Whoever is just trying out conditions, and is misled by this, finds the manifest before he writes anything.
    """
    if left := [key for key in objects.list(FOLDER) if key.startswith(_PROBE)]:
        objects.delete(left)

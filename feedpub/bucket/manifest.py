"""The manifest: what feedpub has published in a bucket. It is written last, and what it says is public."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar

import orjson

from feedpub.bucket import FOLDER

KEY = f"{FOLDER}/manifest.json"
HEADERS = {"Content-Type": "application/json", "Cache-Control": "no-cache"}

#: Of the form. Whoever finds a higher one leaves it alone.
_VERSION = 1

#: In the place of a digest: something is there, and nobody knows what.
UNKNOWN = ""

_Value = TypeVar("_Value")


class Listed(NamedTuple):
    """A document in a bucket."""

    sha256: str  #: Of the body before it was compressed; `UNKNOWN` where nobody knows.
    size: int  #: In bytes, before it was compressed.
    headers: Mapping[str, str]  #: What it was stored with.

    def as_json(self) -> dict[str, object]:
        """Write it as a value of JSON."""
        return {"sha256": self.sha256, "size": self.size, "headers": dict(self.headers)}


class Manifest(NamedTuple):
    """What is public, since a run ended."""

    run: str  #: The id of the run.
    conditions: bool  #: Whether the store keeps the conditions of a `put`.
    documents: Mapping[str, Listed]  #: By key.
    server: str = ""  #: Where `conditions` was found out (`Objects.server`): others may be of another kind.


def write_manifest(manifest: Manifest) -> bytes:
    """Write a manifest; equal ones are the same bytes."""
    said = {
        "version": _VERSION,
        "run": manifest.run,
        "conditions": manifest.conditions,
        "server": manifest.server,
        "documents": {key: manifest.documents[key].as_json() for key in sorted(manifest.documents)},
    }
    return orjson.dumps(said)


def read_manifest(body: bytes) -> Manifest:
    """Read a manifest.

    Raises:
        ValueError: It is none, or one of a later version; says so.
    """
    try:
        said = orjson.loads(body)
        version = _check(said["version"], int)
        if version == _VERSION:
            documents = {key: read_listed(each) for key, each in said["documents"].items()}
            conditions, server = _check(said["conditions"], bool), _check(said.get("server", ""), str)
            return Manifest(_check(said["run"], str), conditions, documents, server)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(
            "is no manifest of feedpub; if nobody needs it, remove it, and publish with --force: without a manifest,"
            " all that is there is left alone"
        ) from error
    raise ValueError(f"was written by a later version of feedpub (form {version}, known is {_VERSION}); install that")


def read_listed(said: Mapping[str, Any]) -> Listed:
    """Read what `Listed.as_json` wrote.

    Raises:
        ValueError: It is of other types.
        KeyError: Something is missing.
    """
    headers = _check(said["headers"], dict)
    for value in headers.values():
        _check(value, str)
    return Listed(_check(said["sha256"], str), _check(said["size"], int), headers)


def _check(value: object, kind: type[_Value]) -> _Value:
    # True is a number to `isinstance`.
    if type(value) is not kind:
        raise ValueError(f"{value!r} is no {kind.__name__}")
    return value

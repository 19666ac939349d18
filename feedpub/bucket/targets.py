"""Addresses of stores: `s3://bucket/prefix`, `gs://…`, `az://container/prefix` and `file:///folder`."""

from __future__ import annotations

import os
import re
from typing import NamedTuple

#: The schemes that are known.
SCHEMES = ("s3", "gs", "az", "file")

#: The names that buckets and containers can have anywhere are stricter; the store says what is wrong with one.
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")

#: Containers of Azure that have a meaning.
_SPECIAL = ("$web", "$root")

#: A store's client refuses keys with such parts, or takes them for something else.
_EMPTY_PARTS = ("", ".", "..")

#: A store's client refuses keys with these; `urlsplit` drops some without a word.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class Target(NamedTuple):
    """Where documents go."""

    scheme: str  #: One of `SCHEMES`.
    bucket: str  #: "" for a folder.
    prefix: str  #: What comes before all keys, without slashes around it; for a folder, its absolute path.

    @property
    def address(self) -> str:
        """Write it as an operator does."""
        if self.scheme == "file":
            return f"file://{self.prefix}"
        return f"{self.scheme}://{self.bucket}/{self.prefix}".rstrip("/")

    def locate(self, key: str) -> str:
        """Write where an object is."""
        return f"{self.address}/{key}" if key else self.address


def parse_target(address: str) -> Target:
    """Read the address of a store.

    Raises:
        ValueError: It is none; says why. Whatever it holds of a password is not repeated.
    """
    if _CONTROL.search(address):
        raise ValueError("must not hold control characters, such as a line break")
    scheme, mark, rest = address.partition("://")
    if not mark or scheme not in SCHEMES:
        raise ValueError(f"must begin with one of {', '.join(f'{name}://' for name in SCHEMES)}")
    if scheme == "file":
        return _parse_folder(rest)
    if "@" in rest.partition("/")[0]:
        raise ValueError("must not hold a name or a password; keys come from the environment")
    if "?" in rest or "#" in rest:
        raise ValueError("must not hold a query or a fragment; keys, region and endpoint come from the environment")
    bucket, _, prefix = rest.partition("/")
    if not bucket:
        raise ValueError("names no bucket")
    if not _BUCKET.fullmatch(bucket) and not (scheme == "az" and bucket in _SPECIAL):
        raise ValueError("has a bucket's name with other signs than letters, digits, dots and hyphens")
    prefix = prefix.strip("/")
    if prefix and not set(_EMPTY_PARTS).isdisjoint(prefix.split("/")):
        raise ValueError('must not have empty parts, "." or ".." in its path')
    return Target(scheme, bucket, prefix)


def _parse_folder(rest: str) -> Target:
    from urllib.parse import unquote, urlsplit

    parts = urlsplit(f"file://{rest}")
    if parts.netloc not in {"", "localhost"}:
        raise ValueError('must have three slashes and an absolute path, such as "file:///srv/feeds"')
    if parts.query or parts.fragment:
        raise ValueError("must not hold a query or a fragment; write %3F for ? and %23 for #")
    path = unquote(parts.path)
    if _CONTROL.search(path):
        raise ValueError("must not hold control characters, such as %0A")
    if not path.strip("/"):
        raise ValueError("names no folder")
    return Target("file", "", os.path.abspath(path))

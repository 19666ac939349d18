"""What is to be public: the output folder, or what was public before."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from feedpub.bucket.generations import Shelf
from feedpub.bucket.headers import Rule, headers_of, is_built, tell_type
from feedpub.bucket.manifest import UNKNOWN, Listed
from feedpub.bucket.objects import ObjectsError
from feedpub.bucket.stock import Bodies, Filed, digest, is_settled, read_whole, stamp_of
from feedpub.errors import ConfigError


class Source(Protocol):
    """Documents that are to be public."""

    @property
    def wanted(self) -> Mapping[str, Listed]:
        """Say what each document is, by key."""

    def check(self, keys: Sequence[str]) -> None:
        """Raise ConfigError if one of these cannot be read."""

    def read(self, key: str) -> bytes:
        """Give a document; ObjectsError if it is not (any more) what was said of it."""

    def keep_ahead(self, keys: Iterable[str]) -> None:
        """Keep those documents that are about to be published and are kept with next to no effort."""

    def keep(self, key: str, body: bytes) -> None:
        """Keep a document, so that there is a way back to it."""


class Serving(NamedTuple):
    """How documents are served."""

    rules: Sequence[Rule] = ()
    compress: bool = False


class Output:
    """The output folder."""

    def __init__(
        self,
        out: Path,
        files: Mapping[str, Filed],
        serving: Serving,
        shelf: Shelf | None,
        bodies: Bodies | None = None,
    ) -> None:
        """Publish *files* of the folder *out*; what was published is kept on *shelf*, if there is one.

        *bodies* are of files that were read already.
        """
        self._bodies = bodies or Bodies()
        self._out = out
        self._files = files
        self._serving = serving
        self._settled: set[str] = set()
        self._shelf = shelf
        self._kept = frozenset[str]()
        self.wanted: Mapping[str, Listed] = {
            key: self._list(key, each.sha256, each.stamp[0], each.kind) for key, each in files.items()
        }

    def _list(self, key: str, sha256: str, size: int, kind: str) -> Listed:
        headers = headers_of(key, kind, rules=self._serving.rules, compress=self._serving.compress)
        return Listed(sha256, size, headers)

    def foresee(self, coming: Mapping[str, str | None]) -> None:
        """Pretend that documents were other ones, for a plan: *coming* has their SHA-256; `None` for those that go."""
        new = {key: self._list(key, sha256, 0, tell_type(key, b"")) for key, sha256 in coming.items() if sha256}
        stay = {key: each for key, each in self.wanted.items() if key not in coming}
        self.wanted = {**stay, **new}

    def check(self, keys: Sequence[str]) -> None:
        """Do nothing: they were read a moment ago."""

    def read(self, key: str) -> bytes:
        """Give a document."""
        if (held := self._bodies.take(key)) is not None:
            return held
        now = time.time_ns()
        try:
            body = read_whole(f"{self._out}/{key}", self.wanted[key].size)
        except OSError as error:
            raise ObjectsError("write", key, "changed", said=error.strerror or "") from error
        if digest(body) != self.wanted[key].sha256:
            raise ObjectsError("write", key, "changed")
        if is_settled(self._files[key].stamp, now=now):
            self._settled.add(key)
        return body

    @property
    def files(self) -> dict[str, Filed]:
        """Give the files, with what was learned when they were read once more."""
        return {key: each._replace(settled=True) if key in self._settled else each for key, each in self._files.items()}

    def keep_ahead(self, keys: Iterable[str]) -> None:
        """Keep files that nobody writes into: one after the other, since threads would wait in line."""
        if self._shelf:
            paths = ((key, f"{self._out}/{key}") for key in keys if is_built(key))
            # A file may be another one by now.
            same = ((key, path) for key, path in paths if stamp_of(path) == self._files[key].stamp)
            self._kept |= self._shelf.link((self.wanted[key].sha256, path) for key, path in same)

    def keep(self, key: str, body: bytes) -> None:
        """Keep a document, unless it is kept."""
        if self._shelf and self.wanted[key].sha256 not in self._kept:
            self._shelf.keep(self.wanted[key], body)


class Earlier:
    """A generation that was public before."""

    def __init__(self, documents: Mapping[str, Listed], shelf: Shelf) -> None:
        """Bring back what *shelf* keeps of *documents*."""
        self._shelf = shelf
        self.wanted: Mapping[str, Listed] = {key: each for key, each in documents.items() if each.sha256 != UNKNOWN}

    def check(self, keys: Sequence[str]) -> None:
        """Raise ConfigError if one of these is not kept."""
        gone = [key for key in keys if self._shelf.load(self.wanted[key].sha256) is None]
        if gone:
            others = f" and {len(gone) - 1} more" if gone[1:] else ""
            why = "is not kept here as it was; it may have been published from elsewhere. Nothing is brought back"
            raise ConfigError([f"{gone[0]}{others}: {why}"])

    def read(self, key: str) -> bytes:
        """Give a document."""
        body = self._shelf.load(self.wanted[key].sha256)
        if body is None:
            raise ObjectsError("write", key, "changed")
        return body

    def keep_ahead(self, keys: Iterable[str]) -> None:
        """Do nothing: they are kept."""

    def keep(self, key: str, body: bytes) -> None:
        """Do nothing: it is kept."""

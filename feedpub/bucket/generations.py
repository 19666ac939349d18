"""What was public before: manifests, and the documents that they name by what they hold, for a way back."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from feedpub.bucket import FOLDER
from feedpub.bucket.folder import Folder
from feedpub.bucket.manifest import UNKNOWN, Listed, Manifest, read_manifest, write_manifest
from feedpub.bucket.objects import Objects, ObjectsError, Stored
from feedpub.bucket.stock import digest
from feedpub.bucket.targets import Target
from feedpub.errors import ConfigError

_HEADERS = {"Content-Type": "application/octet-stream", "Cache-Control": "no-store"}


class Shelf:
    """Where generations are kept: a folder of this machine, or, where no disk stays, a bucket."""

    def __init__(self, objects: Objects, *, prefix: str = "", owner: str = "", folder: Path | None = None) -> None:
        """Keep them in *objects*, below *prefix*; *folder* is where that is, if it is on this machine.

        Where several share a place, each sees only what belongs to its *owner*.
        """
        own = f"/{owner}" if owner else ""
        self._objects = objects
        self._bodies = f"{prefix}objects{own}"
        self._manifests = f"{prefix}generations{own}"
        self._folder = folder

    @property
    def requests(self) -> int:
        """Count the requests that were sent for it."""
        return self._objects.requests

    def link(self, files: Iterable[tuple[str, str]]) -> frozenset[str]:
        """Keep documents, each a digest and a path, where that takes but a second name; give those that are kept."""
        if self._folder is None:
            return frozenset()
        folder = self._folder / self._bodies
        # What is wrong with it is found by whoever writes there.
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
        return frozenset(sha256 for sha256, path in files if _link(path, f"{folder}/{sha256}"))

    def keep(self, document: Listed, body: bytes) -> None:
        """Keep a document."""
        self._objects.put(f"{self._bodies}/{document.sha256}", body, headers=_HEADERS)

    def load(self, sha256: str) -> bytes | None:
        """Give a document, or `None` where it is not kept, or no more what it was."""
        found = self._objects.get(f"{self._bodies}/{sha256}")
        return found.body if found and digest(found.body) == sha256 else None

    def newest(self, *, public: Manifest | None = None) -> tuple[str, Manifest]:
        """Give the last generation that is not as what is *public*, and the key that it is kept by.

        A run that died may have kept what is public already.

        Raises:
            ConfigError: None is kept.
        """
        for key in reversed(self._list()):
            if (found := self._objects.get(key)) is not None:
                with contextlib.suppress(ValueError):
                    manifest = read_manifest(found.body)
                    if not public or manifest.documents != public.documents:
                        return key, manifest
        raise ConfigError(
            ["no earlier generation is kept here, so there is none to bring back; see publish.generations"]
        )

    def find(self, run: str) -> str:
        """Give the key by which a run's manifest is kept; "" where it is not."""
        return next((key for key in self._list() if _is_of(key, run)), "")

    def push(self, manifest: Manifest) -> None:
        """Keep a manifest that is about to be replaced."""
        last = next(reversed(self._list()), "")
        if not _is_of(last, manifest.run):
            key = f"{self._manifests}/{_number(last) + 1:08}-{manifest.run}.json"
            self._objects.put(key, write_manifest(manifest), headers=_HEADERS)

    def pop(self, key: str) -> None:
        """Forget a generation that is public again."""
        self._objects.delete([key])

    def trim(self, *, most: int, in_use: Callable[[], set[str]]) -> None:
        """Keep only the newest *most* generations, with the documents that they need or whose digests are *in_use*."""
        # Listed before it is asked what is in use: what another publisher keeps from now on is not among these.
        bodies = self._objects.list(self._bodies)
        needed = in_use() if most else set()
        manifests = self._list()
        kept = manifests[-most:] if most else []
        for key in kept:
            needed |= self._needs(key)
        self._remove(key for key in manifests if key not in kept)
        self._remove(key for key in bodies if key.rpartition("/")[2] not in needed)

    def _needs(self, key: str) -> set[str]:
        found = self._objects.get(key)
        with contextlib.suppress(ValueError):
            return digests_of(read_manifest(found.body).documents) if found else set()
        return set()

    def _remove(self, keys: Iterable[str]) -> None:
        if gone := list(keys):
            self._objects.delete(gone)

    def _list(self) -> list[str]:
        return self._objects.list(self._manifests)


def _link(path: str, target: str) -> bool:
    """Give a file a second name, and tell whether it has it."""
    try:
        os.link(path, target)
    except FileExistsError:
        return _link_instead(path, target)
    except OSError:
        # Another file system, or one that has no second names for a file.
        return False
    return True


def _link_instead(path: str, target: str) -> bool:
    """Take away what has the name: somebody may have written into that file meanwhile."""
    beside = f"{target}.new"
    try:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(beside)
        os.link(path, beside)
        # Where both are one file already, that leaves the new name as well.
        os.replace(beside, target)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(beside)
    except OSError:
        return False
    return True


def local_shelf(folder: Path) -> Shelf:
    """Make a shelf of a folder on this machine."""
    return Shelf(_Own(Folder(folder), Target("file", "", str(folder))), folder=folder)


def distant_shelf(objects: Objects, place: Target, *, target: Target) -> Shelf:
    """Make a shelf of *objects*, which are at *place* and may hold others, for what is published at *target*."""
    owner = digest(target.address.encode("utf-8", "surrogateescape"))[:16]
    return Shelf(_Own(objects, place), prefix=f"{FOLDER}/", owner=owner)


class ShelfError(ObjectsError):
    """A request failed that was for a shelf, which need not be where documents go."""

    def __init__(self, error: ObjectsError, place: Target) -> None:
        super().__init__(error.verb, error.key, error.trouble, said=error.said)
        self.place = place


class _Own:
    """Objects of a shelf: their errors say so."""

    enforces: bool | None = None

    def __init__(self, objects: Objects, place: Target) -> None:
        self._objects = objects
        self._place = place

    @property
    def server(self) -> str:
        return self._objects.server

    @property
    def requests(self) -> int:
        return self._objects.requests

    def get(self, key: str, *, unless: str = "") -> Stored | None:
        with self._saying():
            return self._objects.get(key, unless=unless)

    def put(self, key: str, body: bytes, *, headers: Mapping[str, str], only_if: str | None = None) -> str:
        with self._saying():
            return self._objects.put(key, body, headers=headers, only_if=only_if)

    def delete(self, keys: Sequence[str]) -> None:
        with self._saying():
            self._objects.delete(keys)

    def list(self, folder: str) -> list[str]:
        with self._saying():
            return self._objects.list(folder)

    def tidy(self) -> None:
        self._objects.tidy()

    @contextlib.contextmanager
    def _saying(self) -> Iterator[None]:
        try:
            yield
        except ObjectsError as error:
            raise ShelfError(error, self._place) from error


def digests_of(documents: Mapping[str, Listed]) -> set[str]:
    """Collect the digests that are known of documents."""
    return {each.sha256 for each in documents.values() if each.sha256 != UNKNOWN}


def _is_of(key: str, run: str) -> bool:
    return key.endswith(f"-{run}.json")


def _number(key: str) -> int:
    name = key.rpartition("/")[2].partition("-")[0]
    return int(name) if name.isdecimal() else 0

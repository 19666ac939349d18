"""What a machine remembers of a bucket: without it all is right as well, but takes more requests.

It lies in a folder of its own beside the ledger. Nothing in it is secret.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import BinaryIO, NamedTuple

import orjson

from feedpub.bucket.manifest import Listed, Manifest, read_listed, read_manifest
from feedpub.bucket.stock import Filed

_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What was so when the last run ended."""

    machine: str  #: Who we are, by chance.
    run: str = ""  #: The id of the manifest's run.
    tag: str = ""  #: The manifest's tag; "" where none is known.
    lock: str = ""  #: The lock's tag.
    known: str = ""  #: Fingerprint of the configuration with which all was found published; "" for none.
    signature: str = ""  #: Of the output folder then (`stock.sign`); "" where it may have changed unnoticed.
    total: int = 0  #: Documents in it.
    conditions: bool = True  #: Whether the store keeps the conditions of a `put`.


class Begun(NamedTuple):
    """A run of ours that did not come to its end, as far as it had come."""

    run: str = ""  #: "" where there is none.
    keys: frozenset[str] = frozenset()  #: What it was about to write or delete.
    begun: Mapping[str, tuple[str, ...]] = MappingProxyType({})  #: See `turns.Lock.begun`.
    done: Mapping[str, Listed] = MappingProxyType({})  #: What it, and those before it, have uploaded.


class Remembered:
    """The folder that holds it."""

    def __init__(self, folder: Path) -> None:
        """Take *folder*; nothing is made before something is saved."""
        self.folder = folder
        self._state = folder / "state.json"
        self._files = folder / "files.json"
        self._manifest = folder / "manifest.json"
        self._journal = folder / "journal.jsonl"

    def load(self) -> Memory:
        """Give what is remembered; of what cannot be read, nothing is."""
        try:
            said = orjson.loads(self._state.read_bytes())
            if said.pop("version") == _VERSION:
                return Memory(**said)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            pass
        return Memory(machine=secrets.token_hex(8))

    def introduce(self, memory: Memory) -> None:
        """Remember who we are, if that is not remembered yet."""
        if self.load().machine != memory.machine:
            self.save(memory)

    def save(self, memory: Memory) -> None:
        """Remember this."""
        self._write(self._state, orjson.dumps({"version": _VERSION, **asdict(memory)}))

    def load_files(self) -> dict[str, Filed]:
        """Give what is known of the files in the output folder, by key."""
        try:
            said = orjson.loads(self._files.read_bytes())
            return {key: Filed((size, mtime, inode), *rest) for key, (size, mtime, inode, *rest) in said.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}

    def save_files(self, files: Mapping[str, Filed]) -> None:
        """Remember the files whose stamp tells whether they changed."""
        said = {key: (*each.stamp, each.sha256, each.kind) for key, each in files.items() if each.settled}
        self._write(self._files, orjson.dumps(said))

    def load_manifest(self, memory: Memory) -> Manifest | None:
        """Give the manifest that belongs to *memory*."""
        try:
            manifest = read_manifest(self._manifest.read_bytes()) if memory.tag else None
        except (OSError, ValueError):
            return None
        return manifest if manifest and manifest.run == memory.run else None

    def save_manifest(self, body: bytes) -> None:
        """Remember a manifest, before the memory that names its run."""
        self._write(self._manifest, body)

    @property
    def is_unfinished(self) -> bool:
        """Tell whether a run of ours did not come to its end."""
        return self._journal.exists()

    def load_journal(self) -> Begun:
        """Give a run that did not come to its end."""
        try:
            first, *lines = self._journal.read_bytes().split(b"\n")
            said = orjson.loads(first)
            begun = {str(key): tuple(digests) for key, digests in said["begun"].items()}
            return Begun(str(said["run"]), frozenset(said["keys"]), begun, dict(_read_lines(lines)))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return Begun()

    @contextlib.contextmanager
    def journal(self, begun: Begun) -> Iterator[Journal]:
        """Write down what a run uploads as it does, beginning with what is said of it already."""
        self.folder.mkdir(parents=True, exist_ok=True)
        said = {"run": begun.run, "keys": sorted(begun.keys), "begun": dict(begun.begun)}
        lines = [orjson.dumps(said), *(_line(key, each) for key, each in begun.done.items())]
        self._write(self._journal, b"\n".join(lines) + b"\n")
        with self._journal.open("ab", buffering=0) as file:
            yield Journal(file)

    def close_journal(self) -> None:
        """Note that the run came to its end."""
        self._journal.unlink(missing_ok=True)

    def _write(self, path: Path, body: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f"{path.name}.new")
        beside.write_bytes(body)
        os.replace(beside, path)


class Journal:
    """What a run has uploaded, line by line."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._lock = Lock()

    def note(self, key: str, document: Listed) -> None:
        """Write down that a document is in the bucket."""
        with self._lock:
            self._file.write(_line(key, document) + b"\n")


def _line(key: str, document: Listed) -> bytes:
    return orjson.dumps({"key": key, **document.as_json()})


def _read_lines(lines: list[bytes]) -> Iterator[tuple[str, Listed]]:
    for line in lines:
        # The last one may have been cut off.
        with contextlib.suppress(ValueError, KeyError, TypeError):
            said = orjson.loads(line)
            yield said["key"], read_listed(said)


def tell_place(folder: Path) -> str:
    """Tell this machine, since it was started, and this folder of it from all others, and from copies of them."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii")
    except (OSError, ValueError):
        boot = ""
    said = f"{os.uname().nodename}\n{boot}\n{os.path.abspath(folder)}"
    return hashlib.sha256(said.encode("utf-8", "surrogateescape")).hexdigest()[:16]

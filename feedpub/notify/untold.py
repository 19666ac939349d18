"""What is public and nobody has been told of yet, on a disk: a run that dies before that leaves it to the next one.

Each run writes a file of its own. So nobody takes away what another has just written, and the worst that can happen is
that something is told twice, which costs nobody anything.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from functools import reduce
from pathlib import Path

from feedpub.notify.webhook import Published

_FILES = "untold-*.json"


def are_left(folder: Path) -> bool:
    """Tell whether a run has left something to tell."""
    return any(folder.glob(_FILES))


def foretell(folder: Path, published: Published) -> None:
    """Note what is about to be public: who dies then leaves it to be told, and at worst too early."""
    _write(folder / _FILES.replace("*", published.run), published)


@contextmanager
def remembered(folder: Path | None, published: Published) -> Iterator[Published]:
    """Give what is to be told now: what was *published*, and what others have left; forgotten at the end, if it is one.

    `None` for the folder remembers nothing.
    """
    if folder is None:
        yield published
        return
    left = sorted(folder.glob(_FILES), key=_age)
    everything = reduce(_add, filter(None, map(_read, left)), None)
    everything = _add(everything, published)
    own = folder / _FILES.replace("*", published.run)
    if _holds(everything):
        _write(own, everything)
        # It is in ours now.
        _forget(path for path in left if path != own)
    yield everything
    _forget([own, *left])


def _holds(published: Published) -> bool:
    return bool(published.changed or published.deleted)


def _add(earlier: Published | None, later: Published) -> Published:
    """Bring together what two runs changed, one after the other."""
    if earlier is None or not _holds(earlier):
        return later
    if not _holds(later):
        # By its run a receiver knows what it has heard already.
        return earlier
    changed, deleted = set(later.changed), set(later.deleted)
    return replace(
        later,
        feeds=_join((feed for feed in earlier.feeds if feed not in deleted), later.feeds),
        changed=_join((each for each in earlier.changed if each not in deleted), later.changed),
        deleted=_join((each for each in earlier.deleted if each not in changed), later.deleted),
    )


def _join(one: Iterable[str], other: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *other)))


def _read(path: Path) -> Published | None:
    with suppress(OSError, ValueError, TypeError, KeyError):
        said = json.loads(path.read_bytes())
        addresses = {name: tuple(map(str, said[name])) for name in ("feeds", "changed", "deleted")}
        return Published(site=str(said["site"]), run=str(said["run"]), **addresses)
    return None


def _write(path: Path, published: Published) -> None:
    beside = path.with_suffix(".new")
    # Where it cannot be remembered it can be told nevertheless.
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(json.dumps(asdict(published)).encode())
        os.replace(beside, path)


def _age(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_mtime_ns
    return 0


def _forget(paths: Iterable[Path]) -> None:
    for path in paths:
        with suppress(OSError):
            path.unlink()

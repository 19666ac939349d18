"""What happened to the files since the last run, seen from one listing of their folders."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from feedpub.collector import UNKNOWN, Folder, Found, Patterns, Stamp, readable_name, walk
from feedpub.ledger.files import Filed, Files, Known, Place, Spot
from feedpub.model import Rejected

#: In nanoseconds. A file that was written this short a time ago may be written again without looking another one:
#: some file systems count time in steps of two seconds.
_YOUNG = 2_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A folder of articles, and which of its files are wanted."""

    path: str
    label: str
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    follow: bool = False


class Change(NamedTuple):
    """A file that is to be read."""

    spot: Spot
    found: Found  #: With the digest of what it held if that may be believed.
    stamp: Stamp
    before: str | None  #: That digest in any case; `None` for a new file.
    is_known: bool  #: Whether there ever was a file of that name.


class Other(NamedTuple):
    """A folder that does not look as it did."""

    number: int
    folder: Folder
    patterns: Patterns
    is_known: bool


@dataclass(slots=True, kw_only=True)
class News:
    """What is to be read, and what is gone. All but the clock is complete once `changes` has come to its end."""

    others: Iterator[Other] = field(default_factory=lambda: iter(()))  #: Folders to be looked through.
    most: int = 0  #: How many files there are to be read at most, of the folders that were listed.
    gone: list[Spot] = field(default_factory=list)
    signatures: dict[int, bytes | None] = field(default_factory=dict)  #: Of the folders that look otherwise.
    rejected: list[Rejected] = field(default_factory=list)  #: Folders that cannot be listed.
    places: dict[str, Folder] = field(default_factory=dict)  #: The listed folders, without their entries, by name.
    fresh: bool = False  #: Whether nothing is believed that is known of the files.
    now: int  #: Before anything was listed, in nanoseconds since 1970.

    def changes(self, files: Files) -> Iterator[Change]:
        """Look through the folders, once; each is forgotten when all that is in it was given."""
        for other in self.others:
            known = files.filed(other.number) if other.is_known else {}
            yield from _compare(other, known, now=self.now, fresh=self.fresh)
            self.gone += (Spot(other.number, last) for last, before in known.items() if before.here)

    def find(self, place: Place) -> Found:
        """Give a file that is known from an earlier run."""
        folder = self.places.get(place.folder)
        path = os.path.join(folder.path, place.raw) if folder else place.raw
        below = (folder.below if folder else place.folder) + readable_name(place.raw)
        return Found(place.folder + place.name, below, path, place.bytes, folder is not None and folder.follow)


def find_news(
    sources: Sequence[Source], files: Files, *, fresh: bool = False, closely: bool = False, lazily: bool = False
) -> News:
    """List all folders and compare them with what is known of them.

    *closely*, each file is compared, also in a folder that looks as it did: other files may be wanted now. *fresh*,
    nothing is believed of what is known. *lazily*, a folder is listed when the files of those before it were given.
    """
    news = News(fresh=fresh, now=time.time_ns())
    others = _list_folders(sources, files, news, closely=fresh or closely)
    # Taken out one by one, so that none is held longer than it is needed.
    news.others = others if lazily else _hand_over(deque(others))
    return news


def _hand_over(others: deque[Other]) -> Iterator[Other]:
    while others:
        yield others.popleft()


def _list_folders(sources: Sequence[Source], files: Files, news: News, *, closely: bool) -> Iterator[Other]:
    known = files.folders()
    for source in sources:
        patterns = Patterns(include=source.include, exclude=source.exclude)
        for folder in walk(source.path, label=source.label, follow=source.follow):
            if isinstance(folder, Rejected):
                news.rejected.append(folder)
                continue
            news.places[folder.name] = replace(folder, entries=(), others=())
            was = known.get(folder.name)
            signature = folder.signature
            if closely or was is None or was.signature != signature:
                number = was.folder if was else files.add_folder(folder.name)
                news.signatures[number] = None if _is_unsettled(folder, news.now) else signature
                news.most += len(folder.entries)
                yield Other(number, folder, patterns, was is not None)
    _end(known, files, news, [source.label for source in sources])


def _compare(other: Other, known: dict[str, Filed], *, now: int, fresh: bool) -> Iterator[Change]:
    """Give the files that are not what is known of them, and take the others from *known*."""
    for last, found, stamp in other.patterns.choose(other.folder):
        before = known.pop(last, None)
        if before and before.here and before.stamp == stamp and not fresh:
            continue
        if before and before.bytes and not fresh:
            found = found._replace(bytes=before.bytes)
        settled = UNKNOWN if _is_young(stamp[1], now) else stamp
        was = before.bytes if before and before.here else None
        yield Change(Spot(other.number, last), found, settled, was, before is not None)


def _is_unsettled(folder: Folder, now: int) -> bool:
    """Tell whether a file may yet change, or be let be read, without the folder looking another one."""
    return any(_is_young(mtime, now) or size < 0 for _, size, mtime, _ in folder.entries)


def _is_young(mtime: int, now: int) -> bool:
    return -_YOUNG < now - mtime < _YOUNG


def _end(known: Mapping[str, Known], files: Files, news: News, labels: Sequence[str]) -> None:
    """Note that folders are gone; what is in those that cannot be listed is not."""
    closed = [bad.name for bad in news.rejected]
    for name, was in known.items():
        if name in news.places or was.signature == b"" or _is_closed(name, closed, labels):
            continue
        news.gone += (Spot(was.folder, file) for file, before in files.filed(was.folder).items() if before.here)
        news.signatures[was.folder] = b""


def _is_closed(name: str, closed: Sequence[str], labels: Sequence[str]) -> bool:
    """Tell whether a folder is one of those that cannot be listed, or below it."""
    # Names of folders end with a slash, but a source's own, which is said as a dot.
    label = next((label for label in labels if label and name.startswith(label)), "")
    return f"{label}." in closed or any(name.startswith(folder) for folder in closed if folder.endswith("/"))

"""Files as a site publishes them: as many as wanted, always the same, three feeds to a folder."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, replace
from hashlib import md5
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

#: How many are rewritten at a time.
CHANGED = 20
#: Room for an item and the frame around it.
SMALLEST = 500

_NAMES = ("rss.xml", "atom.xml", "feed.json")
_SENTENCES = (
    "The harbour office counted the crates before noon.",
    "Nobody at the mill would say why the orders were late.",
    "Freight on the northern line rose within a week.",
    "Some growers signed, and the rest are waiting for rain.",
    "截至周五收市，双桥货运公布了三号泊位的扩建计划。",
    "不出意料，七里茶行推迟了与邻省的供货合同。",
)
_FRAMES = {
    "rss.xml": (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>{title}</title>\n',
        "<item><title>{title}</title><description>{text}</description></item>\n",
        "</channel></rss>\n",
    ),
    "atom.xml": (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><title>{title}</title>\n',
        "<entry><title>{title}</title><content>{text}</content></entry>\n",
        "</feed>\n",
    ),
    "feed.json": (
        '{{"version":"https://jsonfeed.org/version/1.1","title":"{title}","items":[\n',
        '{{"title":"{title}","content_text":"{text}"}},\n',
        '{{"id":"end"}}]}}\n',
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Files in a folder, by number."""

    folder: Path
    count: int
    size: int  #: Of each, in bytes.
    version: int = 0  #: How many times some of them were rewritten.


@dataclass(frozen=True, slots=True)
class Content:
    """What can be told of bytes without having them."""

    size: int
    md5: str


#: By the path below the folder, or the key below the prefix.
Contents = dict[str, Content]


def make_files(folder: Path, *, count: int, size: int) -> Files:
    """Write *count* files of *size* bytes below *folder*."""
    files = Files(folder=folder, count=count, size=size)
    for number in range(0, count, len(_NAMES)):
        (folder / name_file(number)).parent.mkdir(parents=True)
    _write(files, range(count))
    return files


def change_files(files: Files) -> Files:
    """Write some of the files anew, as long as they were, and with other bytes."""
    changed = replace(files, version=files.version + 1)
    _write(changed, choose(changed))
    return changed


def choose(files: Files) -> list[int]:
    """Say which files the last change wrote."""
    return sorted(Random(files.version).sample(range(files.count), CHANGED))


def read_files(folder: Path) -> Contents:
    """Look at all files below *folder*."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): describe(path.read_bytes()) for path in paths}


def describe(body: bytes) -> Content:
    """Tell *body* from others as an entity tag does."""
    return Content(len(body), md5(body, usedforsecurity=False).hexdigest())


def name_file(number: int) -> str:
    """Say where a file lies."""
    return f"category-{number // len(_NAMES):05}/{_NAMES[number % len(_NAMES)]}"


def make_body(number: int, *, version: int, size: int) -> bytes:
    """Write one file; the same arguments give the same bytes."""
    random = Random(f"{number}/{version}")
    head, item, tail = _FRAMES[_NAMES[number % len(_NAMES)]]
    body = head.format(title=f"Category {number:05}, version {version:05}").encode()
    end = tail.format().encode()
    while len(body) + len(end) < size:
        text = " ".join(random.choices(_SENTENCES, k=6))
        part = item.format(title=f"Report {random.getrandbits(32):08x}", text=text).encode()
        # What is left over is too short for an item, and neither XML nor JSON minds blanks between two.
        room = size - len(body) - len(end)
        body += part if len(part) <= room else b" " * room
    return body + end


def _write(files: Files, numbers: Iterable[int]) -> None:
    a_minute_ago = time.time() - 60
    for number in numbers:
        path = files.folder / name_file(number)
        # Renamed into place, as whoever writes feeds does it: a side may keep a link to what was there.
        fresh = path.with_name(f".{path.name}")
        fresh.write_bytes(make_body(number, version=files.version, size=files.size))
        # A file that is hardly older than the run that reads it could change again within the same tick of the
        # clock, so feedpub rightly reads it once more the next time.
        os.utime(fresh, (a_minute_ago, a_minute_ago))
        fresh.replace(path)

"""See that the sides did the same work, and no more of it than there was."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from tests.bench.corpus import Corpus, number_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from tests.bench.race import Side

#: What a feed shows, without its name: each side names folders in its own way.
Titles = tuple[str, ...]

#: When each file was changed, and which file it is: one that is renamed into place keeps its name alone.
Stamps = dict[str, tuple[int, int]]

#: Entries in a feed.
LIMIT = 50

_ATOM = "{http://www.w3.org/2005/Atom}"


def check_feeds(sides: Iterable[Side], corpus: Corpus) -> None:
    """Stop where a side's feeds do not show the newest articles of *corpus*, or differ from another side's.

    Raises: SystemExit
    """
    expected = expect_feeds(corpus)
    found = {side.name: read_feeds(side.out) for side in sides}
    for name, feeds in found.items():
        if sorted((form, tuple(map(number_of, titles))) for form, titles in feeds) != expected:
            raise SystemExit(f"{name} wrote {len(feeds)} feeds, and not the articles that were expected")
    first, *others = found
    for name in others:
        if found[name] != found[first]:
            raise SystemExit(f"{first} and {name} wrote different feeds: other titles, or another order")


def expect_feeds(corpus: Corpus) -> list[tuple[str, tuple[int, ...]]]:
    """List the feeds that *corpus* gives as their format and their articles' numbers: of all, and of each category."""
    categories = (corpus.numbers[first :: corpus.categories] for first in range(corpus.categories))
    feeds = [corpus.numbers, *filter(None, categories)]
    return sorted((form, tuple(numbers[:LIMIT])) for form in _READERS for numbers in feeds)


def read_feeds(out: Path) -> list[tuple[str, Titles]]:
    """List all feeds below *out* as their format and their titles, in an order of no meaning.

    Raises: ParseError, ValueError where a feed is not well-formed.
    """
    return sorted((name, read(path)) for name, read in _READERS.items() for path in out.rglob(name) if path.is_file())


def read_stamps(out: Path) -> Stamps:
    """Look at all files below *out*, not into them."""
    files = ((path, path.stat()) for path in out.rglob("*") if path.is_file())
    return {path.relative_to(out).as_posix(): (stat.st_mtime_ns, stat.st_ino) for path, stat in files}


def check_untouched(side: Side, before: Stamps) -> None:
    """Stop where a file of *side* is another one than *before*, or its report would have it otherwise.

    Raises: SystemExit
    """
    after = read_stamps(side.out)
    if after != before:
        touched = sorted(name for name in after.keys() | before.keys() if after.get(name) != before.get(name))
        raise SystemExit(f"{side.name} touched {touched[0]} and {len(touched) - 1} others, though nothing had changed")
    if written := read_written(side.report):
        raise SystemExit(f"{side.name} reports {written} documents as written, though nothing had changed")


def read_written(command: Sequence[str]) -> int:
    """Run a command that prints a build's report, and say how many documents it wrote."""
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return int(json.loads(done.stdout)["documents"]["written"])


def _read_rss(path: Path) -> Titles:
    items = ElementTree.parse(path).iter("item")
    return tuple(item.findtext("title", "") for item in items)


def _read_atom(path: Path) -> Titles:
    entries = ElementTree.parse(path).iter(f"{_ATOM}entry")
    return tuple(entry.findtext(f"{_ATOM}title", "") for entry in entries)


def _read_json(path: Path) -> Titles:
    return tuple(item["title"] for item in json.loads(path.read_bytes())["items"])


_READERS: dict[str, Callable[[Path], Titles]] = {
    "rss.xml": _read_rss,
    "atom.xml": _read_atom,
    "feed.json": _read_json,
}

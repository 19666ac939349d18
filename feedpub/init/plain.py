"""A folder without a generator: where its articles lie."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from feedpub.init.findings import Findings

_ENDINGS = (".md", ".markdown", ".html")

#: Where articles are usually kept, the most telling name first.
_USUAL_FOLDERS = ("articles", "posts", "_posts", "source/_posts", "content", "src/posts", "src/content")

#: How many folders in each other are searched.
_DEEPEST = 50

#: What is written by machines, and would be read as articles.
_BUILT = {"dist", "public", "_site", "output", "build", "node_modules", "vendor", "site-packages", "__pycache__"}

#: Files that speak of the project, not to its readers.
_ABOUT = {"readme", "changelog", "changes", "license", "contributing", "code_of_conduct", "security", "index"}


def find(folder: Path) -> Findings:
    """Find the articles of *folder*: a usual sub-folder, the only sub-folder that has any, or *folder* itself."""
    counts = Counter(_top(name) for name in _articles(folder))
    source = _choose(folder, counts)
    total = sum(1 for _ in _articles(folder / source))
    return Findings(
        sources=(source,),
        exclude=_exclude(folder) if source == "." else (),
        categories="tree",
        hints=() if total else ("no articles were found: set source.path to the folder that holds them",),
    )


def _choose(folder: Path, counts: Counter[str]) -> str:
    for name in _USUAL_FOLDERS:
        if next(_articles(folder / name), None):
            return name
    # Several sub-folders are categories of one site, as crawlers lay them out.
    return next(iter(counts)) if len(counts) == 1 and _is_writable(next(iter(counts))) else "."


def _is_writable(name: str) -> bool:
    """Tell whether TOML can hold the name: file systems allow bytes that are no UTF-8."""
    return not any("\ud800" <= char <= "\udfff" for char in name)


def _top(name: str) -> str:
    top, slash, _ = name.partition("/")
    return top if slash else "."


def _articles(folder: Path) -> Iterator[str]:
    """List the files that look like articles, below *folder*."""
    for here, folders, files in os.walk(folder):
        below = os.path.relpath(here, folder)
        # Python 3.11 walks by recursion, which a thousand folders in each other would exhaust.
        deeper = folders if below.count("/") < _DEEPEST else ()
        folders[:] = sorted(name for name in deeper if name not in _BUILT and not name.startswith("."))
        for name in sorted(files):
            if _is_article(name, at_top=below == "."):
                yield name if below == "." else f"{below}/{name}"


def _is_article(name: str, *, at_top: bool) -> bool:
    stem, ending = os.path.splitext(name)
    return ending.lower() in _ENDINGS and not (at_top and stem.lower() in _ABOUT)


def _exclude(folder: Path) -> tuple[str, ...]:
    """List what lies between the articles and is none."""
    about = (path.name for path in folder.iterdir() if path.is_file() and _is_about(path))
    built = (f"{path.name}/**" for path in folder.iterdir() if path.is_dir() and path.name in _BUILT)
    return (*sorted(about), *sorted(built))


def _is_about(path: Path) -> bool:
    return path.suffix.lower() in _ENDINGS and path.stem.lower() in _ABOUT

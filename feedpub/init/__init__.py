"""`feedpub init`: a first configuration, filled from what the folder already says of itself."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from feedpub.errors import ConfigError
from feedpub.init import hexo, hugo, jekyll, pelican, plain, zola
from feedpub.init.choices import choose
from feedpub.init.draft import draft
from feedpub.init.example import write_example
from feedpub.init.findings import Findings

__all__ = ["FILE_NAME", "InitResult", "draft_config", "init_folder", "write_config"]

#: The file that `feedpub init` writes.
FILE_NAME = "feedpub.toml"

#: In this order: Jekyll's test is the weakest, since any `_config.yml` passes it.
_GENERATORS = (hugo.find, zola.find, pelican.find, hexo.find, jekyll.find)


@dataclass(frozen=True, slots=True, kw_only=True)
class InitResult:
    """What `feedpub init` did."""

    path: Path  #: The configuration that was written.
    generator: str | None  #: "Hexo", "Jekyll", "Hugo", "Zola", "Pelican", or `None` for a plain folder.
    created: tuple[Path, ...]  #: Every file that was written, the configuration first.
    hints: tuple[str, ...]  #: What to look at, one sentence each.


def init_folder(folder: Path) -> InitResult:
    """Write a `feedpub.toml` that builds as it stands; an empty folder gets two articles as well.

    Raises:
        ConfigError: There is a configuration already, or *folder* cannot be written to.
    """
    target = folder / FILE_NAME
    _check_free(target)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        examples = write_example(folder) if _is_empty(folder) else ()
        findings = _find(folder)
        choices = choose(findings, folder=folder)
        write_config(folder, draft(choices))
    except OSError as error:
        raise ConfigError([f"{folder}: cannot be written to: {error.strerror or error}"]) from error
    return InitResult(path=target, generator=findings.generator, created=(target, *examples), hints=choices.hints)


def draft_config(folder: Path) -> str:
    """Read *folder* and return the text of a commented configuration for it; nothing is written."""
    return draft(choose(_find(folder), folder=folder))


def write_config(folder: Path, text: str) -> Path:
    """Write *text* as the configuration of *folder*; return its path.

    Raises:
        ConfigError: There is one already.
    """
    path = folder / FILE_NAME
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise _exists(path) from error
    return path


def _check_free(path: Path) -> None:
    if path.exists():
        raise _exists(path)


def _exists(path: Path) -> ConfigError:
    return ConfigError([f"{path}: exists already; edit it, or move it away"])


def _is_empty(folder: Path) -> bool:
    """Tell whether there is nothing but hidden files, such as a fresh repository's."""
    return all(path.name.startswith(".") for path in folder.iterdir())


def _find(folder: Path) -> Findings:
    """Ask each generator's reader in turn; where its folder of articles is missing, look for one."""
    found = next((findings for find in _GENERATORS if (findings := find(folder))), None)
    if found is None:
        return plain.find(folder)
    if any(os.path.isdir(folder / source) for source in found.sources):
        return found
    there = plain.find(folder)
    missing = f"{found.generator} keeps articles in {found.sources[0]}, which does not exist"
    return replace(found, sources=there.sources, exclude=there.exclude, hints=(*found.hints, missing, *there.hints))

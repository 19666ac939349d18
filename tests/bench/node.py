"""The node script that writes the same feeds with gray-matter and feed, as one would who has no feedpub."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

_HERE = Path(__file__).parent
# No lock file is left behind, and no script of a package is run.
_INSTALL = ("install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


class NodeMissingError(Exception):
    """There is no node to run, or no package for it; says what is missing."""


def install(folder: Path) -> tuple[str, ...]:
    """Put the script and its packages into *folder*; return the command that runs it.

    Raises: NodeMissingError
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        raise NodeMissingError("node or npm is missing")
    folder.mkdir(parents=True)
    for name in ("package.json", "feeds.mjs"):
        shutil.copy(_HERE / name, folder)
    try:
        subprocess.run([npm, *_INSTALL], cwd=folder, stdout=subprocess.DEVNULL, check=True)
    except subprocess.CalledProcessError as error:
        raise NodeMissingError("npm cannot install gray-matter and feed") from error
    return (node, str(folder / "feeds.mjs"))

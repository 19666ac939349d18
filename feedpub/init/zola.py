"""Zola: `config.toml` with a `base_url`, articles below `content`."""

from __future__ import annotations

from pathlib import Path

from feedpub.init.findings import Findings, Permalink
from feedpub.init.reading import author_of, language_of, read_settings, text_of


def find(folder: Path) -> Findings | None:
    """Read the site in *folder*, if it is one of Zola's: `base_url` is the one key that Zola insists on."""
    path = next((folder / name for name in ("zola.toml", "config.toml") if (folder / name).is_file()), None)
    if path is None:
        return None
    settings = read_settings(path)
    values = settings.values
    if "base_url" not in values and path.name != "zola.toml":
        return None
    return Findings(
        generator="Zola",
        file=settings.file,
        title=text_of(values.get("title")),
        address=text_of(values.get("base_url")),
        language=language_of(values.get("default_language")),
        author=author_of(values.get("author")),
        sources=("content",),
        # Sections are no articles.
        exclude=("**/_index.md", "**/_index.*.md"),
        permalink=Permalink(form="a page's path", template="/{path}/"),
        hints=settings.hints,
    )

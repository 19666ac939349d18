"""Pelican: `pelicanconf.py`, read as text and never run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from feedpub.init.findings import Findings, Permalink
from feedpub.init.permalinks import translate_braces
from feedpub.init.reading import Settings, author_of, language_of, read_settings, text_of, texts_of

_FILE = "pelicanconf.py"

#: https://docs.getpelican.com/en/stable/settings.html, "URL settings".
_NAMES = {"slug": "{slug}", "category": "{category}"}

#: Pelican's own pages and what it writes.
_EXCLUDE = ("pages/**", "output/**")


def find(folder: Path) -> Findings | None:
    """Read the site in *folder*, if it is one of Pelican's."""
    if not (folder / _FILE).is_file():
        return None
    settings = read_settings(folder / _FILE)
    published = _read_published(folder)
    values = dict(settings.values)
    return Findings(
        generator="Pelican",
        file=settings.file,
        title=text_of(values.get("SITENAME")),
        # The first is for previews, and mostly empty.
        address=text_of(published.values.get("SITEURL")) or text_of(values.get("SITEURL")),
        language=language_of(values.get("DEFAULT_LANG")),
        timezone=text_of(values.get("TIMEZONE")),
        author=author_of(values.get("AUTHOR")),
        sources=_sources(values),
        exclude=_EXCLUDE,
        permalink=_permalink(values),
        hints=settings.hints + published.hints,
    )


def _read_published(folder: Path) -> Settings:
    path = folder / "publishconf.py"
    return read_settings(path) if path.is_file() else Settings()


def _sources(values: Mapping[str, object]) -> tuple[str, ...]:
    content = text_of(values.get("PATH")) or "."
    below = texts_of(values.get("ARTICLE_PATHS")) or ("",)
    return tuple(dict.fromkeys(f"{content}/{path}".rstrip("/") for path in below))


def _permalink(values: Mapping[str, object]) -> Permalink:
    return translate_braces(text_of(values.get("ARTICLE_URL")) or "{slug}.html", names=_NAMES)

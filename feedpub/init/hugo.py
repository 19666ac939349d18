"""Hugo: one configuration under many names, articles below `content`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from feedpub.collector import Found, scan
from feedpub.config import ARTICLES
from feedpub.init.findings import Findings, Permalink
from feedpub.init.permalinks import translate_colons
from feedpub.init.reading import Settings, author_of, language_of, read_settings, table_of, text_of
from feedpub.model import Author

_ENDINGS = ("toml", "yaml", "yml", "json")

#: In the order in which Hugo looks (https://gohugo.io/configuration/introduction/).
_OWN_NAMES = ("hugo", "config/_default/hugo", "config/_default/config")

#: A name that others use as well: only `baseURL` makes it Hugo's.
_SHARED_NAME = "config"

#: https://gohugo.io/configuration/permalinks/, "Tokens".
_NAMES = {
    "year": "{year}",
    "month": "{month}",
    "day": "{day}",
    "title": "{slug}",
    "slug": "{slug}",
    "filename": "{stem}",
    "contentbasename": "{stem}",
    "slugorfilename": "{stem}",
    "slugorcontentbasename": "{stem}",
}


def find(folder: Path) -> Findings | None:
    """Read the site in *folder*, if it is one of Hugo's."""
    settings = _read(folder)
    return _find(settings, folder=folder) if settings else None


def _read(folder: Path) -> Settings | None:
    for path in _existing(folder, *_OWN_NAMES):
        return _lower(read_settings(path, name=path.relative_to(folder).as_posix()))
    for path in _existing(folder, _SHARED_NAME):
        settings = _lower(read_settings(path))
        return settings if "baseurl" in settings.values else None
    return None


def _existing(folder: Path, *names: str) -> Iterator[Path]:
    paths = (folder / f"{name}.{ending}" for name in names for ending in _ENDINGS)
    return (path for path in paths if path.is_file())


def _lower(settings: Settings) -> Settings:
    """Hugo's keys are the same in any case."""
    values = {key.lower(): value for key, value in settings.values.items()}
    return Settings(file=settings.file, values=values, hints=settings.hints)


def _find(settings: Settings, *, folder: Path) -> Findings:
    values = _localise(settings.values)
    content = text_of(values.get("contentdir")) or "content"
    section, permalink = _permalink(values, folder=folder)
    found = Findings(
        generator="Hugo",
        file=settings.file,
        title=text_of(values.get("title")),
        address=text_of(values.get("baseurl")),
        language=language_of(
            values.get("locale") or values.get("languagecode") or values.get("defaultcontentlanguage")
        ),
        timezone=text_of(values.get("timezone")),
        author=_author(values),
        sources=(content.rstrip("/"),),
        # Lists of pages are no articles.
        exclude=("**/_index.md", "**/_index.*.md"),
        permalink=permalink,
        hints=settings.hints,
    )
    return _narrow(found, section, folder=folder) if section else found


def _narrow(found: Findings, section: str, *, folder: Path) -> Findings:
    """Take the one *section* that the permalink is for; all without it where others hold articles too."""
    content = found.sources[0]
    names = _articles(folder / content, exclude=found.exclude)
    others = [name for name in names if not name.startswith(f"{section}/")]
    other = next((name.partition("/")[0] for name in others if "/" in name), None)
    if other is not None:
        problem = f"it is for {section} alone, and {other} holds articles as well"
        hint = f"{content} is read as a whole, without a permalink: that of {found.file} is for {section} alone"
        link = Permalink(form=found.permalink.form, problem=problem)
        return replace(found, permalink=link, hints=(*found.hints, hint))
    if len(others) == len(names):
        return found
    # What lies in no section is a page such as "About".
    hints = (f"only {content}/{section} is read, not the pages beside it",) if others else ()
    return replace(found, sources=(f"{content}/{section}",), hints=(*found.hints, *hints))


def _articles(content: Path, *, exclude: tuple[str, ...]) -> list[str]:
    """List what feedpub would read below *content*."""
    if not os.path.isdir(content):
        return []
    return [found.below for found in scan(content, include=ARTICLES, exclude=exclude) if isinstance(found, Found)]


def _localise(values: Mapping[str, object]) -> Mapping[str, object]:
    """Put what the default language says over what the whole site says."""
    language = text_of(values.get("defaultcontentlanguage")) or "en"
    own = table_of(table_of(values.get("languages")).get(language))
    return {**values, **{key.lower(): value for key, value in own.items()}}


def _author(values: Mapping[str, object]) -> Author | None:
    return author_of(values.get("author")) or author_of(table_of(values.get("params")).get("author"))


def _permalink(values: Mapping[str, object], *, folder: Path) -> tuple[str, Permalink]:
    """Translate the form of the one section that has one, or Hugo's own form."""
    forms = _forms(values, folder=folder)
    if not forms:
        ugly = values.get("uglyurls") is True
        return "", Permalink(form="a page's path", template="/{path}.html" if ugly else "/{path}/")
    if len(forms) > 1:
        listed = ", ".join(f"{section}: {form}" for section, form in forms.items())
        return "", Permalink(form=listed, problem="the sections differ, and there is one template for all")
    section, form = next((section.strip("/"), form) for section, form in forms.items())
    names = _NAMES | {"section": section, "sections": section}
    return section, translate_colons(form, names=names)


def _forms(values: Mapping[str, object], *, folder: Path) -> dict[str, str]:
    """Collect each section's form: `[permalinks]`, `[permalinks.page]`, or a file of its own."""
    table = dict(table_of(values.get("permalinks")))
    for path in _existing(folder, "config/_default/permalinks"):
        table |= read_settings(path).values
    pages = {**table, **table_of(table.get("page"))}
    return {section: text_of(form) for section, form in pages.items() if text_of(form)}

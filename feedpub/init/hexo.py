"""Hexo: `_config.yml`, articles below `source/_posts`, categories as a path."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from feedpub.init.findings import Findings, Permalink
from feedpub.init.permalinks import translate_colons
from feedpub.init.reading import Settings, author_of, language_of, read_settings, text_of

#: What only Hexo's configuration has; Jekyll's bears the same name.
_TELLING = {"source_dir", "public_dir", "new_post_name", "skip_render", "per_page", "category_map"}

#: https://hexo.io/docs/permalinks; `:id` and `:hash` come from Hexo's own database.
_NAMES = {
    "year": "{year}",
    "month": "{month}",
    "day": "{day}",
    "hour": "{hour}",
    "minute": "{minute}",
    "second": "{second}",
    "title": "{path}",
    "name": "{stem}",
    "post_title": "{title}",
    "abbrlink": "{id}",
    "category": "{categories}",
}

_USUAL_PERMALINK = ":year/:month/:day/:title/"


def find(folder: Path) -> Findings | None:
    """Read the site in *folder*, if it is one of Hexo's."""
    path = next((folder / name for name in ("_config.yml", "_config.yaml") if (folder / name).is_file()), None)
    if path is None:
        return None
    settings = read_settings(path)
    if not (_TELLING & settings.values.keys() or (folder / "source" / "_posts").is_dir()):
        return None
    return _find(settings)


def _find(settings: Settings) -> Findings:
    values = settings.values
    return Findings(
        generator="Hexo",
        file=settings.file,
        title=text_of(values.get("title")),
        address=_address(values),
        language=language_of(values.get("language")),
        timezone=text_of(values.get("timezone")),
        author=author_of(values.get("author"), email=values.get("email")),
        sources=(f"{text_of(values.get('source_dir')) or 'source'}/_posts",),
        permalink=_permalink(values),
        categories="tree",
        hints=settings.hints,
    )


def _address(values: Mapping[str, object]) -> str:
    """Join `url` and `root`; since Hexo 5 `url` holds the folder itself."""
    url, root = text_of(values.get("url")).rstrip("/"), text_of(values.get("root")).strip("/")
    return f"{url}/{root}/" if url and root and not url.endswith(f"/{root}") else url


def _permalink(values: Mapping[str, object]) -> Permalink:
    form = text_of(values.get("permalink")) or _USUAL_PERMALINK
    file_name = text_of(values.get("new_post_name")) or ":title.md"
    if file_name != ":title.md" and (":title" in form or ":name" in form):
        return Permalink(form=form, problem=f":title is cut out of files named {file_name}")
    return translate_colons(form, names=_NAMES)

"""Jekyll: `_config.yml`, articles below `_posts`, categories as a flat set."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from feedpub.init.findings import Findings
from feedpub.init.permalinks import translate_colons
from feedpub.init.reading import author_of, language_of, read_settings, text_of

#: https://jekyllrb.com/docs/permalinks/, "Placeholders".
_NAMES = {
    "year": "{year}",
    "month": "{month}",
    "day": "{day}",
    "hour": "{hour}",
    "minute": "{minute}",
    "second": "{second}",
    "title": "{basename}",
    "slug": "{slug}",
    "categories": "{categories}",
    "output_ext": ".html",
}

#: The same page, "Built-in formats"; `ordinal` and `weekdate` need what has no counterpart.
_STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}

#: Where the translation is only as good as the site's habits.
_DOUBTS = {
    "{categories}": "Jekyll writes :categories in small letters, {categories} has them as they stand",
}


def find(folder: Path) -> Findings | None:
    """Read the site in *folder*, if it has a `_config.yml`; Hexo's are told apart before."""
    path = next((folder / name for name in ("_config.yml", "_config.yaml") if (folder / name).is_file()), None)
    if path is None:
        return None
    settings = read_settings(path)
    values = settings.values
    form = text_of(values.get("permalink")) or "date"
    permalink = translate_colons(_STYLES.get(form, form), names=_NAMES)
    return Findings(
        generator="Jekyll",
        file=settings.file,
        title=text_of(values.get("title") or values.get("name")),
        address=_address(values),
        language=language_of(values.get("lang", values.get("locale"))),
        timezone=text_of(values.get("timezone")),
        author=author_of(values.get("author"), email=values.get("email")),
        sources=(_posts(values),),
        permalink=permalink,
        hints=(*settings.hints, *(doubt for name, doubt in _DOUBTS.items() if name in permalink.template)),
    )


def _address(values: Mapping[str, object]) -> str:
    url, base = text_of(values.get("url")).rstrip("/"), text_of(values.get("baseurl")).strip("/")
    return f"{url}/{base}" if url and base else url


def _posts(values: Mapping[str, object]) -> str:
    folders = (text_of(values.get("source")), text_of(values.get("collections_dir")), "_posts")
    return "/".join(part.strip("/") for part in folders if part.strip("./"))

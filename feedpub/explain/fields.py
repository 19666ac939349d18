"""What each key of the front matter came to, and which of several that say the same was believed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from feedpub.collector import keys
from feedpub.collector.attached import read_enclosures
from feedpub.collector.fields import Dates, is_draft, read_image, read_language, read_link, read_text
from feedpub.collector.lists import read_categories, read_tags
from feedpub.collector.people import read_authors
from feedpub.collector.yamlvalues import Mapping, Value
from feedpub.explain.explanation import Said
from feedpub.model import Article

#: What a field is called, its keys, and what reads them: the first key that it can read is the one believed.
_Reader: TypeAlias = "tuple[str, tuple[str, ...], Callable[[Mapping], object]]"

#: What the fields of an `Article` are called here.
_ATTRIBUTES = {"id": "own_id"}


def explain_fields(fields: Mapping, article: Article, dates: Dates) -> tuple[Said, ...]:
    """Say of each key, in the order of the file, what it came to."""
    known = keys.normalise_keys(fields)
    believed = _find_believed(known, article, dates)
    return tuple(_say(key, name, value, believed, article) for key, name, value in _rows(fields))


def spell_key(name: str, fields: Mapping) -> str:
    """Give the key of *fields* that was read as *name*, as it is written there."""
    return next((key for key, normal, _ in _rows(fields) if normal == name), name)


def _readers(name: str) -> tuple[_Reader, ...]:
    return (
        ("title", ("title",), lambda known: read_text(known, ("title",))),
        ("categories", keys.CATEGORIES, lambda known: read_categories(known, name=name)),
        ("tags", keys.TAGS, read_tags),
        ("authors", keys.AUTHORS, read_authors),
        ("image", keys.IMAGES, read_image),
        ("summary", keys.SUMMARIES, lambda known: read_text(known, keys.SUMMARIES)),
        ("link", keys.LINKS, read_link),
        ("id", keys.IDS, lambda known: read_text(known, keys.IDS)),
        ("language", keys.LANGUAGES, lambda known: read_language(known)[0]),
        ("slug", ("slug",), lambda known: read_text(known, ("slug",))),
        ("draft", ("draft", "published", "status"), is_draft),
        # Of these, all are believed.
        *(("enclosures", (key,), read_enclosures) for key in keys.ENCLOSURES),
    )


def _find_believed(known: Mapping, article: Article, dates: Dates) -> dict[str, str]:
    """Give the field that each key decided, by the key's normal name."""
    believed = {dates.published_by: "published", dates.updated_by: "updated"}
    for field, names, read in _readers(article.name):
        first = next((name for name in names if name in known and read({name: known[name]})), None)
        if first:
            believed[first] = field
    return believed


def _rows(fields: Mapping) -> Iterator[tuple[str, str, Value]]:
    """Give each key as written, its normal name ("" where it says nothing), and its value; tables are opened."""
    for key, value in fields.items():
        names = list(keys.normalise_keys({key: value}))
        if len(names) > 1 and isinstance(value, dict):
            for within, part in value.items():
                yield f"{key}.{within}", (list(keys.normalise_keys({within: part})) or [""])[-1], part
        else:
            yield key, (names or [""])[-1], value


def _say(key: str, name: str, value: Value, believed: dict[str, str], article: Article) -> Said:
    field = believed.get(name, "") if name else ""
    if field:
        return Said(key=key, value=value, field=field, became=getattr(article, _ATTRIBUTES.get(field, field)))
    return Said(key=key, value=value, why=_why_unused(name, believed))


def _why_unused(name: str, believed: dict[str, str]) -> str:
    if not name:
        return "says nothing"
    if name not in keys.KNOWN:
        return "not a key that is read"
    field = _FIELDS.get(name, "")
    other = next((key for key, decided in believed.items() if decided == field), "")
    return f"{other} says it" if field and other else "says nothing that can be used"


#: The field that each key may say something about.
_FIELDS = {
    name: field
    for field, names in (
        *((field, names) for field, names, _ in _readers("")),
        ("published", keys.PUBLISHED),
        ("updated", keys.UPDATED),
    )
    for name in names
}

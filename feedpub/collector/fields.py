"""What the front matter of an article says, made the fields of an `Article`."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from typing import NamedTuple

from feedpub.collector import keys
from feedpub.collector.dates import DateError, find_date, parse_date
from feedpub.collector.keys import text_of
from feedpub.collector.wording import to_text
from feedpub.collector.yamlvalues import Mapping, Value

#: Words for "no date", as JavaScript and crawlers write them: known, and nothing to report.
_NO_DATE = frozenset(("invalid date", "null", "none", "nan", "undefined", "nil", "n/a", "-", "~"))
_NEITHER_DATE_NOR_ADDRESS = _NO_DATE | keys.TRUE | keys.FALSE
_FILE_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.]?)(\d\d)\2(\d\d)(?=[-_. ]|$)", re.ASCII)
#: BCP 47 (RFC 5646, section 2.1), less what nobody writes: grandfathered tags and extensions.
_LANGUAGE = re.compile(
    r"[a-z]{2,3}(?:-[a-z]{3}){0,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?(?:-(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*",
    re.ASCII | re.IGNORECASE,
)
#: Jekyll's and Hugo's patterns for addresses are no addresses.
_PATTERN = re.compile(r"(?:^|/):[a-z_]+|^(?:pretty|date|none|ordinal|weekdate)$")
_IMAGE_KEYS = ("url", "src", "path", "image", "file", "href", "feature", "teaser", "thumbnail")


#: Where a date came from that no key said. Keys have no blanks.
FILE_NAME = "file name"


class Dates(NamedTuple):
    """When an article was published and updated, as far as it says so."""

    published: datetime | None = None
    published_by: str = ""  #: The key that said so, as `normalise_keys` spells it, or `FILE_NAME`.
    exact: bool = True
    updated: datetime | None = None
    updated_by: str = ""
    notes: tuple[str, ...] = ()


class _Found(NamedTuple):
    moment: datetime | None
    by: str = ""
    exact: bool = True
    notes: tuple[str, ...] = ()


_NOTHING_FOUND = _Found(None)
_UPDATED = frozenset(keys.UPDATED)


def read_dates(fields: Mapping, *, name: str, zone: tzinfo, now: datetime) -> Dates:
    """Give the dates: of the keys the first that is readable, else the file name's.

    Where only the update is dated, that is the publication as well.
    """
    said = _first_date(fields, keys.PUBLISHED, zone, now)
    updated = _NOTHING_FOUND if _UPDATED.isdisjoint(fields) else _first_date(fields, keys.UPDATED, zone, now)
    published = said
    if published.moment is None:
        published = _Found(date_in_name(name, zone=zone), FILE_NAME)
    if published.moment is None:
        published = updated
    notes = said.notes + updated.notes
    return Dates(published.moment, published.by, published.exact, updated.moment, updated.by, notes)


def _first_date(fields: Mapping, names: tuple[str, ...], zone: tzinfo, now: datetime) -> _Found:
    notes: tuple[str, ...] = ()
    for name in filter(fields.__contains__, names):
        text = text_of(fields[name])
        if not text or text.lower() in _NEITHER_DATE_NOR_ADDRESS:
            continue
        try:
            moment, exact = find_date(text, zone=zone, seen=now)
            return _Found(moment, name, exact, notes)
        except DateError:
            notes += (f"unknown date form: {text[:60]!r}",)
    return _Found(None, notes=notes) if notes else _NOTHING_FOUND


def date_in_name(name: str, *, zone: tzinfo) -> datetime | None:
    """Give the date at the start of a file's name, or of its folder's where the file is an `index`."""
    found = _FILE_DATE.match(stem_of(name))
    if not found:
        return None
    try:
        return parse_date(f"{found[1]}-{found[3]}-{found[4]}", zone=zone)
    except DateError:
        return None


def title_in_name(name: str) -> str:
    """Give a title made from a file's name: without its ending and a date before it."""
    stem = stem_of(name)
    return _FILE_DATE.sub("", stem, count=1).strip(" -_.") or stem if _FILE_DATE.match(stem) else stem


def stem_of(name: str) -> str:
    """Give a file's name without folders and ending; of a bundle (`a/index.md`), the folder's."""
    *folders, file = name.split("/")
    stem = re.sub(r"\.(?:md|mdown|mkd|mkdn|markdown|html?|xhtml|txt)$", "", file, flags=re.IGNORECASE)
    return folders[-1] if folders and stem.lower() in {"index", "_index"} else stem


def is_draft(fields: Mapping) -> bool:
    """Say whether it is a draft: `draft: true`, `published: false`, or Pelican's `status`."""
    published = text_of(fields.get("published", "")).lower()
    status = text_of(fields.get("status", "")).lower()
    return keys.is_true(fields, "draft") or published in keys.FALSE or status in {"draft", "hidden"}


def read_image(fields: Mapping) -> str | None:
    """Give the address of the article's picture, as written."""
    found = (_address_of(value) for value in keys.values(fields, keys.IMAGES))
    return next((address for address in found if address), None)


def _address_of(value: Value) -> str:
    if isinstance(value, dict):
        within = keys.normalise_keys(value)
        return next((address for key in _IMAGE_KEYS if (address := _address_of(within.get(key, "")))), "")
    if isinstance(value, list):
        return next((address for part in value if (address := _address_of(part))), "")
    address = to_text(value)
    return "" if address.lower() in _NEITHER_DATE_NOR_ADDRESS else address


def read_link(fields: Mapping) -> str | None:
    """Give the article's own address, as written; patterns of a generator are none."""
    return next(
        (link for text in keys.texts(fields, keys.LINKS) if (link := to_text(text)) and not _PATTERN.search(link)), None
    )


def read_text(fields: Mapping, names: tuple[str, ...]) -> str | None:
    """Give the first text under *names*, its braces restored."""
    return next((text for found in keys.texts(fields, names) if (text := to_text(found))), None)


def read_language(fields: Mapping) -> tuple[str | None, tuple[str, ...]]:
    """Give the language as BCP 47 has it (`zh_cn` is `zh-CN`), and a note if there is one that is none."""
    notes: list[str] = []
    for text in keys.texts(fields, keys.LANGUAGES):
        tag = text.partition(".")[0].replace("_", "-")
        if _LANGUAGE.fullmatch(tag):
            return _write_language(tag), ()
        notes.append(f"no language tag: {text[:60]!r}")
    return None, tuple(notes)


def _write_language(tag: str) -> str:
    """Write capitals as RFC 5646, section 2.1.1 recommends."""
    first, *rest = tag.lower().split("-")
    return "-".join([first, *map(_write_subtag, rest)])


def _write_subtag(part: str) -> str:
    if len(part) == 2:
        return part.upper()
    return part.title() if len(part) == 4 and part.isalpha() else part

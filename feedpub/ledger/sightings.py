"""Sightings as rows of the ledger's table `file`, which nearly all of its columns are about."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, NamedTuple

from feedpub.ledger.rows import moment_of, seconds_of
from feedpub.model import Sentence, Sighting

#: The columns that a sighting fills, in the order of `columns_of`.
COLUMNS = (
    "title, text, visible, bytes, own, link, address, published, exact, updated, labels, media, draft, notes, sentences"
)

#: What `read_row` reads, of `file` and `folder`.
SELECTED = (
    "file.id, file.story, folder.name || file.name, file.title, file.text, file.visible, file.bytes, file.own,"
    " file.link, file.address, file.published, file.exact, file.updated, file.labels, file.media, file.draft,"
    " file.notes, file.sentences"
)


class Row(NamedTuple):
    """A file, and the story that it told last."""

    file: int
    story: int | None  #: A place in the order of first sightings.
    sighting: Sighting | None  #: `None` for what is gone or cannot be read.


def columns_of(seen: Sighting) -> tuple[Any, ...]:
    """Give what a sighting says as it is kept: nothing but numbers and text."""
    return (
        *(seen.title, seen.text, seen.visible, seen.bytes, seen.own_id or None, seen.link, seen.address or None),
        *(seconds_of(seen.published), seen.exact, seconds_of(seen.updated)),
        write_labels(seen.categories, seen.tags),
        _list(seen.enclosures),
        seen.draft or None,
        _list(seen.notes),
        _list(seen.sentences),
    )


@lru_cache(maxsize=4096)
def write_labels(categories: tuple[tuple[str, ...], ...], tags: tuple[str, ...]) -> str | None:
    """Write categories and tags as one string."""
    return json.dumps([categories, tags], ensure_ascii=False) if categories or tags else None


def _list(values: tuple[object, ...]) -> str | None:
    return json.dumps(values, ensure_ascii=False) if values else None


def read_row(row: tuple[Any, ...]) -> Row:
    """Make a row of the columns of `SELECTED`."""
    file, story, name, title, text, visible, bytes_, own, link, address, published, exact, updated = row[:13]
    labels, media, draft, notes, sentences = row[13:]
    if text is None:
        return Row(file, story, None)
    categories, tags = read_labels(labels)
    return Row(
        file,
        story,
        Sighting(
            name,
            title,
            text,
            visible,
            bytes_,
            own,
            link,
            address or "",
            moment_of(published),
            bool(exact),
            moment_of(updated),
            categories,
            tags,
            tuple(json.loads(media)) if media else (),
            bool(draft),
            tuple(json.loads(notes)) if notes else (),
            tuple(map(Sentence._make, json.loads(sentences))) if sentences else (),
        ),
    )


@lru_cache(maxsize=4096)
def read_labels(labels: str | None) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    """Read what `write_labels` wrote."""
    if not labels:
        return (), ()
    categories, tags = json.loads(labels)
    return tuple(map(tuple, categories)), tuple(tags)

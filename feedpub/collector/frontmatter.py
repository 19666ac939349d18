"""From the bytes of one file to an `Article`: decoded, split, its fields read and its body told apart."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from typing import NamedTuple

from feedpub.collector import keys
from feedpub.collector.encoding import UndecodableError, decode, has_controls
from feedpub.collector.fields import (
    is_draft,
    read_dates,
    read_image,
    read_language,
    read_link,
    read_text,
    title_in_name,
)
from feedpub.collector.lists import read_categories, read_tags
from feedpub.collector.matter import FrontMatterError, Matter, encode, split_matter, split_simple
from feedpub.collector.page import is_page, may_be_page, split_page
from feedpub.collector.wording import restore_braces, to_plain
from feedpub.collector.yamlvalues import Mapping
from feedpub.errors import ArticleError
from feedpub.model import Article, CategoryPath, Enclosure, Markup
from feedpub.text import mend_controls

#: What can be seen of a body: a letter or a digit, or an element that shows without text.
_SEEN = re.compile(r"<(?:img|video|audio|iframe|embed|object|svg|picture|canvas)\b|(?:\A|>)[^<]*?[^\s<]", re.IGNORECASE)

_ENCLOSURES = frozenset(keys.ENCLOSURES)


class Glance(NamedTuple):
    """What tells an article from others and when it is due. A tuple, since every file that is read is made one."""

    title: str
    raw: bytes
    start: int  #: See `Matter.start`.
    published: datetime | None
    exact: bool
    updated: datetime | None
    categories: tuple[CategoryPath, ...]
    notes: tuple[str, ...]
    tags: tuple[str, ...] = ()
    link: str | None = None
    own_id: str | None = None
    language: str | None = None
    enclosures: tuple[Enclosure, ...] = ()
    draft: bool = False


class Glanced(NamedTuple):
    """What a glance told of an article, and what it left to be read."""

    glance: Glance
    fields: Mapping  #: As `keys.normalise_keys` has them.
    markup: Markup | None


def read_article(raw: bytes, *, name: str, zone: tzinfo, now: datetime) -> Article:
    """Read one file; *name* is its path below its source, *zone* that of dates which name none.

    Relative dates ("昨天 08:30") count from *now*, and make the article not `exact`.

    Raises:
        ArticleError: It is no text, its front matter has no end or is broken TOML or JSON, or it is empty.
    """
    return make_article(glance_whole(open_matter(raw, name=name), name=name, zone=zone, now=now), name=name)


def glance_into(matter: Matter, *, name: str, zone: tzinfo, now: datetime) -> Glance:
    """Read of one file what tells it from others and when it is due, which is all that most are read for.

    The body is as it stands in the file, its markup not looked at; authors, picture and summary are left out.

    Raises:
        ArticleError: There is nothing in it.
    """
    return _glance(matter, keys.normalise_keys(matter.fields), name=name, zone=zone, now=now)


def glance_whole(matter: Matter, *, name: str, zone: tzinfo, now: datetime) -> Glanced:
    """Do what `glance_into` does, and keep what else there is to be read.

    Raises:
        ArticleError: As `glance_into` does.
    """
    fields = keys.normalise_keys(matter.fields)
    return Glanced(_glance(matter, fields, name=name, zone=zone, now=now), fields, matter.markup)


def open_matter(raw: bytes, *, name: str) -> Matter:
    """Decode one file and tell its front matter, or the head of a whole HTML page, from its body.

    Raises:
        ArticleError: It is no text, or its front matter has no end or is broken TOML or JSON.
    """
    if simple := split_simple(raw):
        return _open_page(simple)
    try:
        text, note = _decode(raw)
        matter = _open_page(split_matter(text))
    except (UndecodableError, FrontMatterError) as error:
        raise ArticleError(name, str(error)) from error
    return matter._replace(note="; ".join(filter(None, (note, matter.note)))) if note else matter


def read_html(raw: bytes, *, name: str) -> str:
    """Read a file that is HTML and nothing else, as the body of an article is read.

    Raises:
        ArticleError: It is no text.
    """
    try:
        text, _ = _decode(raw)
    except UndecodableError as error:
        raise ArticleError(name, str(error)) from error
    return restore_braces(_open_page(Matter({}, encode(text))).body)


def _decode(raw: bytes) -> tuple[str, str | None]:
    if not raw or raw.isspace():
        raise UndecodableError("empty")
    text, note = decode(raw)
    return (mend_controls(text) if note or has_controls(raw) else text), note


def _open_page(matter: Matter) -> Matter:
    """Take the body out of a whole HTML page; its head speaks where there is no front matter."""
    if not may_be_page(matter.raw, matter.start) or not is_page(matter.body):
        return matter
    said, body = split_page(matter.body)
    fields = {"title": said.get("title", "")} | matter.fields if matter.present else said
    return matter._replace(fields=fields, raw=encode(body), start=0, markup="html")


def _glance(matter: Matter, fields: Mapping, *, name: str, zone: tzinfo, now: datetime) -> Glance:
    title = to_plain(restore_braces(keys.text_of(fields.get("title", ""))))
    raw, start, title_note = matter.raw, matter.start, None
    if not title:
        title, body, title_note = _find_title(matter, name)
        raw, start = encode(body), 0
    dates = read_dates(fields, name=name, zone=zone, now=now)
    notes = (matter.note, title_note, *dates.notes)
    glance = Glance(
        title,
        raw,
        start,
        dates.published,
        dates.exact,
        dates.updated,
        read_categories(fields, name=name),
        tuple(filter(None, notes)),
    )
    return glance if keys.RARE.isdisjoint(fields) else _add_rare(glance, fields)


def _add_rare(glance: Glance, fields: Mapping) -> Glance:
    language, language_notes = read_language(fields)
    return glance._replace(
        tags=read_tags(fields),
        link=read_link(fields),
        own_id=read_text(fields, keys.IDS),
        language=language,
        enclosures=() if _ENCLOSURES.isdisjoint(fields) else _read_enclosures(fields),
        draft=is_draft(fields),
        notes=glance.notes + language_notes,
    )


def _read_enclosures(fields: Mapping) -> tuple[Enclosure, ...]:
    # Few articles have any, and for these the module is loaded.
    from feedpub.collector.attached import read_enclosures

    return read_enclosures(fields)


def make_article(glanced: Glanced, *, name: str) -> Article:
    """Make an article of what a glance told, of its body, and of the rest of its fields."""
    # Of the many articles that a run glances at, few are read whole: their modules are loaded for these.
    from feedpub.collector.markup import drop_heading
    from feedpub.collector.people import read_authors
    from feedpub.collector.recognition import recognise

    glance, fields = glanced.glance, glanced.fields
    body = restore_braces(glance.raw[glance.start :].decode("utf-8", "surrogatepass"))
    markup = glanced.markup or recognise(body)
    return Article(
        name=name,
        title=glance.title,
        body=drop_heading(body, markup, title=glance.title),
        markup=markup,
        published=glance.published,
        exact=glance.exact,
        updated=glance.updated,
        categories=glance.categories,
        tags=glance.tags,
        authors=read_authors(fields),
        slug=read_text(fields, ("slug",)),
        link=glance.link,
        own_id=glance.own_id,
        image=read_image(fields),
        summary=read_text(fields, keys.SUMMARIES),
        language=glance.language,
        enclosures=glance.enclosures,
        draft=glance.draft,
        notes=glance.notes,
    )


def _find_title(matter: Matter, name: str) -> tuple[str, str, str | None]:
    """Give a title for an article that names none, the body without the heading it came from, and a note."""
    from feedpub.collector.markup import take_heading
    from feedpub.collector.recognition import recognise

    body = restore_braces(matter.body)
    heading, rest = take_heading(body, matter.markup or recognise(body))
    if title := to_plain(heading):
        return title, rest, "no title: taken from the heading" if matter.present else None
    if not _SEEN.search(body):
        raise ArticleError(name, "nothing in it: neither title nor text")
    title = to_plain(title_in_name(name)) or name
    return title, body, "no title: taken from the file's name" if matter.present else None

"""An explanation as lines of text: headings, and `key: value` below them, so that it can be searched and cut."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime

from feedpub.explain.explanation import Dated, Explanation, Outlook, Place, Said, utc
from feedpub.sanitiser import Change
from feedpub.text import one_line

#: In characters. No address that somebody wants to copy is longer.
_LONGEST = 300
#: Of an address that is its own content, the beginning says all.
_DATA = 40


def write_lines(explanation: Explanation) -> Iterator[str]:
    """Give the lines; a heading is one that does not begin with a blank."""
    for heading, pairs in _sections(explanation):
        rows = [printable(f"  {key}: {_cut(value, 3 * _LONGEST)}") for key, value in pairs if value]
        if rows:
            yield printable(heading)
            yield from rows


def printable(text: str) -> str:
    """Spell out what a terminal would obey rather than show."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def _sections(explanation: Explanation) -> Iterator[tuple[str, Iterable[tuple[str, str]]]]:
    yield explanation.file, _summary(explanation)
    yield "front matter", ((said.key, _field(said)) for said in explanation.fields)
    dates = {"published": explanation.published, "updated": explanation.updated}
    yield "dates", ((name, _date(dated, explanation)) for name, dated in dates.items() if dated)
    if explanation.outlook:
        yield "entry", _entry(explanation.outlook)
    removed = explanation.clean.removed if explanation.clean else ()
    yield "body", (("markup", explanation.markup or ""), ("removed", ", ".join(removed)))
    yield "images", _changes(explanation.changes("images"))
    yield "media", _changes(explanation.changes("media"))
    yield "links", _changes(explanation.changes("links"))
    yield "feeds", (_place(place) for place in explanation.feeds)


def _summary(explanation: Explanation) -> Iterator[tuple[str, str]]:
    reason = f": {explanation.reason}" if explanation.reason else ""
    feeds = explanation.feeds
    shown = f", in {sum(place.shown for place in feeds)} of {len(feeds)} feeds" if explanation.status == "shown" else ""
    yield "status", f"{explanation.status}{shown}{reason}"
    yield "path", explanation.path
    yield "source", explanation.source
    yield from (("note", note) for note in explanation.notes)
    yield from (("same story", name) for name in explanation.same_story)


def _field(said: Said) -> str:
    value = _brief(_write(said.value)) or '""'
    if not said.field:
        return f"{value} ({said.why})"
    became = _brief(_write(said.became))
    return f"{value} -> {said.field}" + ("" if became == value else f" {became}")


def _date(dated: Dated, explanation: Explanation) -> str:
    local = dated.value.astimezone(explanation.zone)
    return f"{local.isoformat()} ({utc(dated.value)}), from {dated.origin}: {dated.why}"


def _entry(outlook: Outlook) -> Iterator[tuple[str, str]]:
    entry = outlook.entry
    known = "known to the ledger" if outlook.remembered else "new"
    yield "id", f"{entry.id} (from {outlook.id_from}; {known})"
    yield "url", f"{entry.url} (from {outlook.url_from})" if entry.url else "none: no link, and no site.permalink"
    yield "title", entry.title
    yield "authors", ", ".join(author.name for author in entry.authors)
    yield "categories", ", ".join(entry.categories)
    yield "image", entry.image or ""
    yield "language", entry.language or ""
    yield from (("enclosure", f"{enclosure.url} ({enclosure.type})") for enclosure in entry.enclosures)
    yield "symbols", ", ".join(entry.symbols)
    yield "summary", entry.summary


def _changes(changes: Iterable[Change]) -> Iterator[tuple[str, str]]:
    for change in changes:
        before = _brief(change.before) or '""'
        after = "gone" if change.after is None else _brief(change.after)
        became = "unchanged" if change.after == change.before else f"-> {after}"
        yield change.place, f"{before} {became}" + (f" ({change.why})" if change.why else "")


def _place(place: Place) -> tuple[str, str]:
    why = f": {place.why}" if place.why else ""
    return ("shown" if place.shown else "not shown"), f"{place.title} {place.url}{why}"


def _write(value: object) -> str:
    """Write a value of the front matter, or what it became, on one line."""
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, datetime):
        return utc(value)
    return json.dumps(value, ensure_ascii=False, default=_name_of)


def _name_of(value: object) -> str:
    """Give what an author or an enclosure is called."""
    return str(getattr(value, "name", None) or getattr(value, "url", ""))


def _brief(value: str) -> str:
    return _cut(value, _DATA if value[:5].lower() == "data:" else _LONGEST)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text)} characters)"

"""Reading identities that were written as JSON lines; whatever may be wrong with a line is found here."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from feedpub.feeds import ALL, Key
from feedpub.ledger.lines import FORMAT, VERSION, FeedLine, FileLine, HeardLine, Line, StoryLine, ToldLine
from feedpub.ledger.memories import read_key, write_key
from feedpub.ledger.rows import seconds_of


class Numbered(NamedTuple):
    """A line and where it stands."""

    number: int
    line: Line


class Problem(NamedTuple):
    """What is wrong with a line."""

    number: int
    why: str


def read_lines(raw: Iterable[bytes]) -> tuple[list[Numbered], list[Problem]]:
    """Read what `write_lines` wrote: all lines that are right, and what is wrong with the others."""
    lines: list[Numbered] = []
    problems: list[Problem] = []
    numbered = ((number, text) for number, text in enumerate(raw, 1) if text.strip())
    number, first = next(numbered, (1, b""))
    try:
        _check_head(first.removeprefix(b"\xef\xbb\xbf"))
    except ValueError as error:
        # Of something else altogether, nobody wants to hear what is wrong with each line.
        return [], [Problem(number, str(error))]
    for number, text in numbered:
        try:
            lines.append(Numbered(number, _read(_parse(text))))
        except ValueError as error:
            problems.append(Problem(number, str(error)))
    return lines, [*problems, *_find_doubles(lines)]


def _parse(text: bytes) -> dict[str, Any]:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError("is no JSON") from error
    if not isinstance(said, dict):
        raise ValueError("is no JSON object")
    return said


def _check_head(text: bytes) -> None:
    try:
        said = _parse(text)
    except ValueError:
        said = {}
    if said.get("format") != FORMAT:
        raise ValueError(f'is no export of a ledger, whose first line has "format": "{FORMAT}"')
    if said.get("version") != VERSION:
        raise ValueError(f"is of version {said.get('version')!r}, and this feedpub knows version {VERSION}")


def _read(said: Mapping[str, Any]) -> Line:
    kind = said.get("kind")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise ValueError(f'"kind" must be one of {", ".join(_KINDS)}')
    make, readers = _KINDS[kind]
    wrong = [f"{name!r} is missing" for name in readers if name not in said]
    wrong += [f"{name!r} is unknown" for name in said if name not in readers and name != "kind"]
    values = {}
    for name in readers.keys() & said.keys():
        try:
            values[name] = readers[name](said[name])
        except ValueError as error:
            wrong.append(f"{name!r} {error}")
    if wrong:
        raise ValueError("; ".join(sorted(wrong)))
    line: Line = make(**values)
    return line


def _read_text(value: object) -> str:
    if not isinstance(value, str) or not value or _is_broken(value):
        raise ValueError("must be a text")
    return value


def _is_broken(text: str) -> bool:
    """Tell whether a text holds half a character, as only JSON can say it."""
    return any("\ud800" <= char <= "\udfff" for char in text)


def _read_id(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch("[!-~]+", value) or ":" not in value:
        raise ValueError("must be an absolute IRI, percent-encoded to ASCII")
    return value


def _read_digest(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch("[!-~]*", value):
        raise ValueError("must be a digest")
    return value


def _read_clean(value: object) -> str:
    if _read_digest(value).count(":") != 2:
        raise ValueError("must be three digests, with colons between them")
    return str(value)


def _read_slug(value: object) -> str:
    # They become folders: nothing else is let through.
    if not isinstance(value, str) or not re.fullmatch("[a-z0-9-]*", value):
        raise ValueError("must be small letters, digits and hyphens")
    return value


def _read_date(value: object) -> int:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment and moment.tzinfo:
            return seconds_of(moment.astimezone(UTC))
    except (ValueError, OverflowError):
        pass
    raise ValueError("must be a date such as 2024-03-01T09:00:00Z")


def _read_truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _read_list(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError("must be a list of texts")
    return tuple(map(_read_text, value))


def _read_key(value: object) -> Key:
    key = _read_list(value)
    fits = len(key) == 2 if key[0] == "tag" else key[0] == "category"
    if not fits or read_key(write_key(key)) != key:
        raise ValueError('must be ["category", …] or ["tag", …]')
    return key


def _read_stories(value: object) -> dict[str, int]:
    if not isinstance(value, dict):
        raise ValueError("must be an object of ids and dates")
    return {_read_id(id_): _read_date(date) for id_, date in value.items()}


def _or_none(reader: Callable[[object], Any]) -> Callable[[object], Any]:
    return lambda value: None if value is None else reader(value)


_SITE: dict[str, Callable[[object], Any]] = {"sources": _read_list, "out": _read_text}

#: How each kind of line is read.
_KINDS: dict[str, tuple[type[Any], dict[str, Callable[[object], Any]]]] = {
    "feed": (FeedLine, {"key": _read_key, "slug": _read_slug, "id": _read_id}),
    "story": (
        StoryLine,
        {
            "id": _read_id,
            "own": _or_none(_read_text),
            "link": _or_none(_read_text),
            "text": _read_digest,
            "visible": _read_digest,
            "clean": _or_none(_read_clean),
            "published": _read_date,
            "updated": _read_date,
            "said": _or_none(_read_date),
            "settled": _read_truth,
            "early": _read_truth,
        },
    ),
    "file": (
        FileLine,
        {**_SITE, "name": _read_text, "story": _or_none(_read_id), "bytes": _or_none(_read_digest)},
    ),
    "told": (ToldLine, {**_SITE, "story": _read_id, "updated": _read_date}),
    "heard": (HeardLine, {**_SITE, "feed": _read_key, "stories": _read_stories}),
}


def _find_doubles(lines: Iterable[Numbered]) -> Iterator[Problem]:
    """Find what is said twice: which of the two is right, nobody knows."""
    first: dict[Hashable, int] = {}
    for number, line in lines:
        if isinstance(line, FeedLine) and not _has_room(line):
            yield Problem(number, f"'slug' cannot be {line.slug!r} for {list(line.key)}")
        for name in _names_of(line):
            if name in first:
                yield Problem(number, f"says again what line {first[name]} does")
                break
            first[name] = number


def _has_room(line: FeedLine) -> bool:
    """Tell whether a feed's folder is one that is given to feeds: that of all has none, and one is that of tags."""
    if line.key == ALL or not line.slug:
        return line.key == ALL and not line.slug
    return line.key[:-1] != ALL or line.slug != "tags"


def _names_of(line: Line) -> Iterator[Hashable]:
    """Give what only one line may say."""
    match line:
        case FeedLine():
            yield "feed", line.key
            yield "id of a feed", line.id
        case StoryLine():
            yield "story", line.id
        case FileLine():
            yield "file", line.sources, line.out, line.name
        case ToldLine():
            yield "told", line.sources, line.out, line.story
        case HeardLine():
            yield "heard", line.sources, line.out, line.feed

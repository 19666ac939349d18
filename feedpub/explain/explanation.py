"""All that happened to one article, as a value and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, tzinfo
from typing import Literal

from feedpub.model import Entry, Markup
from feedpub.sanitiser import Change, Sanitised

Status = Literal["shown", "merged", "too old", "held", "dropped", "draft", "left out", "quarantined"]

#: Where a date, an id or an address comes from.
Origin = Literal[
    "front matter", "file name", "first sighting", "ledger", "published", "this run", "id", "link", "site.permalink"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A key of the front matter, and what it came to."""

    key: str  #: As written; `extra.date` is `date` in the table `extra`.
    value: object  #: As written: text, or lists and mappings of such.
    field: str = ""  #: What it says something about, such as "published"; "" where it is not used.
    became: object = None
    why: str = ""  #: Why it is not used.


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A date, and why it is this one."""

    value: datetime
    origin: Origin
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A feed that the story belongs to."""

    title: str
    url: str
    shown: bool
    why: str = ""  #: Why it is not shown there.


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What subscribers see of a story, or would."""

    entry: Entry
    id_from: Origin
    remembered: bool  #: Whether the ledger knew the story before this run.
    url_from: Origin | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """All that happened to one article. What could not be found out is `None` or empty."""

    file: str
    path: str
    source: str
    status: Status
    reason: str = ""
    zone: tzinfo = UTC  #: That of the site.
    markup: Markup | None = None
    fields: tuple[Said, ...] = ()
    published: Dated | None = None
    updated: Dated | None = None
    outlook: Outlook | None = None
    told_by: str = ""  #: The file whose words are shown.
    same_story: tuple[str, ...] = ()  #: The other files that tell it.
    clean: Sanitised | None = None
    attached: tuple[Change, ...] = ()  #: What became of the picture and the enclosures that the front matter names.
    feeds: tuple[Place, ...] = ()
    notes: tuple[str, ...] = ()

    def changes(self, kind: Literal["images", "links", "media"]) -> tuple[Change, ...]:
        """Give what became of the addresses of one kind."""
        changes = (*self.attached, *(self.clean.changes if self.clean else ()))
        return tuple(change for change in changes if _kind_of(change) == kind)

    def as_json(self) -> dict[str, object]:
        """Give the object that `--json` prints; absent is `null` or empty, and no key is ever missing.

        `file`, `path`, `source`, `status`, `reason`, `markup`; `fields`: by the key as written, its `value`, the
        `field` it says something about, what that `became`, and `why` it is not used; `dates`: `published` and
        `updated`, each with `value`, `local` (in the site's zone), `from` and `why`; `entry`: as subscribers see it;
        `told_by` and `same_story`: files; `images`, `links`, `media`: `place`, `before`, `after` (`null`: it went)
        and `why`; `removed`; `symbols`; `feeds`: `title`, `url`, `shown`, `why`; `notes`; `html`: the clean body.
        """
        kinds: tuple[Literal["images", "links", "media"], ...] = ("images", "links", "media")
        dates = {"published": self.published, "updated": self.updated}
        return {
            **{key: getattr(self, key) for key in ("file", "path", "source", "status", "reason", "markup")},
            "fields": {said.key: _plain(asdict(said), without="key") for said in self.fields},
            "dates": {name: self._date_as_json(dated) for name, dated in dates.items()},
            "entry": self.outlook and _outlook_as_json(self.outlook),
            "told_by": self.told_by or None,
            "same_story": list(self.same_story),
            **{kind: [asdict(change) for change in self.changes(kind)] for kind in kinds},
            "removed": list(self.clean.removed) if self.clean else [],
            "symbols": list(self.clean.symbols) if self.clean else [],
            "feeds": [asdict(place) for place in self.feeds],
            "notes": list(self.notes),
            "html": self.clean.html if self.clean else None,
        }

    def _date_as_json(self, dated: Dated | None) -> dict[str, str] | None:
        if dated is None:
            return None
        local = dated.value.astimezone(self.zone).isoformat()
        return {"value": utc(dated.value), "local": local, "from": dated.origin, "why": dated.why}


def utc(moment: datetime) -> str:
    """Write a time as RFC 3339 has it, in UTC."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _kind_of(change: Change) -> str:
    element, _, attribute = change.place.partition("/")
    if element == "a":
        return "links"
    return "images" if element in {"img", "image"} or attribute in {"srcset", "poster"} else "media"


def _outlook_as_json(outlook: Outlook) -> dict[str, object]:
    said = _plain(asdict(outlook.entry), without="content")
    origins = {"id_from": outlook.id_from, "remembered": outlook.remembered, "url_from": outlook.url_from}
    return {"id": said["id"], "url": said["url"], **origins, **said}


def _plain(values: dict[str, object], *, without: str) -> dict[str, object]:
    return {key: _as_json(value) for key, value in values.items() if key != without}


def _as_json(value: object) -> object:
    if isinstance(value, datetime):
        return utc(value)
    if isinstance(value, dict):
        return {key: _as_json(part) for key, part in value.items()}
    return [_as_json(part) for part in value] if isinstance(value, Iterable) and not isinstance(value, str) else value

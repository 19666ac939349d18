"""Makes entries and channels fit to be written: the same characters, addresses and dates for every format.

All that is written comes through here, so what one of them may not write, none of them writes, and the three formats
say the same. What one article got wrong (a language that is none, an address without a scheme) is left out
here, since a feed that breaks a rule is not published, and one article must not cost the others.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING

from feedpub.text import one_line, xml_safe
from feedpub.urls import absolute, percent_encode

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from feedpub.model import Author, Channel, Enclosure, Entry

#: An address that does not depend on where it stands (RFC 3986, section 4.3).
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.")

#: A scheme and a host, where square brackets may stand around an IPv6 address and nowhere else (section 3.2.2).
_ORIGIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")

#: What may stand in an address once, or nowhere.
_ODD = re.compile(r"[\[\]]|#.*#")

_WEB = re.compile(r"https?:", re.IGNORECASE)

#: As nearly all are: a host that is spelt as it should be.
_PLAIN = re.compile(r"https?://[a-z0-9.-]*[a-z](/|$)")

#: A language tag by its form (RFC 5646, section 2.1).
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")

#: A media type by its form (RFC 6838, section 4.2), its parameters not looked at.
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+( ?;.*)?")

#: An e-mail address as Atom wants it: that of RFC 2822 (section 3.4.1), which knows ASCII only.
_EMAIL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+")


def fit_channel(channel: Channel) -> Channel:
    """Return the channel with only what XML, Atom and JSON Feed can all carry, and nothing else changed."""
    return replace(
        channel,
        id=_address(channel.id),
        title=one_line(channel.title) or _address(channel.id),
        label=one_line(channel.label),
        url=_absolute(channel.url) or _address(channel.url),
        description=_text(channel.description).strip(),
        language=fit_language(channel.language),
        hubs=tuple(hub for hub in map(_absolute, channel.hubs) if hub),
        author=_fit_author(channel.author) if channel.author else None,
    )


def fit_entry(entry: Entry) -> Entry:
    """Do for an entry what `fit_channel` does for a channel."""
    return replace(
        entry,
        id=_address(entry.id),
        title=one_line(entry.title) or _address(entry.id),
        published=_whole_seconds(entry.published),
        updated=_whole_seconds(entry.updated),
        url=_absolute(entry.url),
        summary=_text(entry.summary).strip(),
        content=_text(entry.content),
        authors=tuple(filter(None, map(_fit_author, entry.authors))),
        categories=_names(entry.categories),
        image=_absolute(entry.image),
        enclosures=_fit_enclosures(entry.enclosures),
        language=fit_language(entry.language),
        symbols=_names(entry.symbols),
    )


def fit_language(tag: str | None) -> str | None:
    """Return a language tag in its form, or `None` where it is none."""
    # A system's locale ("zh_CN") is a common slip; BCP 47 wants a hyphen.
    hyphened = one_line(tag or "").replace("_", "-")
    return hyphened if _LANGUAGE.fullmatch(hyphened) else None


def _fit_author(author: Author) -> Author | None:
    email = _email(author.email)
    # Atom insists on a name; who left only an e-mail address is called by what stands before the "@".
    name = one_line(author.name) or (email or "").partition("@")[0]
    return replace(author, name=name, email=email, url=_absolute(author.url)) if name else None


def _fit_enclosures(enclosures: Iterable[Enclosure]) -> tuple[Enclosure, ...]:
    found = ((enclosure, _absolute(enclosure.url)) for enclosure in enclosures)
    return tuple(_fit_enclosure(enclosure, url=url) for enclosure, url in found if url)


def _fit_enclosure(enclosure: Enclosure, *, url: str) -> Enclosure:
    media_type = one_line(enclosure.type)
    return replace(
        enclosure,
        url=url,
        type=media_type if _MEDIA_TYPE.fullmatch(media_type) else "application/octet-stream",
        # Who does not know a length often says 0, and a reader believes it and downloads nothing.
        length=_positive(enclosure.length),
        seconds=_positive(enclosure.seconds),
        title=one_line(enclosure.title or "") or None,
    )


def _text(text: str) -> str:
    safe = xml_safe(text)
    # XML parsers read every line end as "\n" (XML 1.0, section 2.11); in JSON they would stay different.
    return safe.replace("\r\n", "\n").replace("\r", "\n") if "\r" in safe else safe


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(one_line, names))))


def _address(url: str) -> str:
    # Browsers write "?id[]=1" and "#a#b" as they stand; RFC 3986 does not, nor do validators.
    address = percent_encode(xml_safe(url))
    if not _ODD.search(address):
        return address
    origin = _ORIGIN.match(address)
    start = origin[0] if origin else ""
    rest, mark, fragment = address[len(start) :].partition("#")
    return start + (rest + mark + fragment.replace("#", "%23")).replace("[", "%5B").replace("]", "%5D")


def _absolute(url: str | None) -> str | None:
    address = _address(url or "")
    if _PLAIN.match(address):
        return address
    if not _ABSOLUTE.match(address):
        return None
    # Few readers find a host whose name is percent-encoded; all find it in the spelling of RFC 3490.
    return absolute(address) if _WEB.match(address) else address


def _email(email: str | None) -> str | None:
    if not email:
        return None
    name, _, host = one_line(email).rpartition("@")
    try:
        address = f"{name}@{host.encode('idna').decode()}"
    except UnicodeError:
        return None
    return address if _EMAIL.fullmatch(address) else None


def _positive(number: int | None) -> int | None:
    return number if number and number > 0 else None


def _whole_seconds(date: datetime) -> datetime:
    # RSS has no fractions of a second, so nobody else gets them.
    return date.astimezone(UTC).replace(microsecond=0)

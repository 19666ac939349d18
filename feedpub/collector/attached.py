"""Enclosures: the media files that an article names in its front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from feedpub.collector.keys import ENCLOSURES, normalise_keys, text_of
from feedpub.collector.wording import restore_braces, to_plain, to_text
from feedpub.collector.yamlvalues import Mapping, Value
from feedpub.model import Enclosure

#: A table of our own: the machine's differs from place to place, and equal articles give equal bytes.
_TYPES = {
    "mp3": "audio/mpeg", "m4a": "audio/mp4", "m4b": "audio/mp4", "aac": "audio/aac", "oga": "audio/ogg",
    "ogg": "audio/ogg", "opus": "audio/ogg", "wav": "audio/wav", "flac": "audio/flac", "amr": "audio/amr",
    "weba": "audio/webm", "mp4": "video/mp4", "m4v": "video/mp4", "mov": "video/quicktime", "webm": "video/webm",
    "ogv": "video/ogg", "mkv": "video/x-matroska", "avi": "video/x-msvideo", "flv": "video/x-flv",
    "mpeg": "video/mpeg", "mpg": "video/mpeg", "ts": "video/mp2t", "m3u8": "application/vnd.apple.mpegurl",
    "pdf": "application/pdf", "epub": "application/epub+zip", "zip": "application/zip",
    "torrent": "application/x-bittorrent", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png",
    "gif": "image/gif", "webp": "image/webp", "avif": "image/avif", "svg": "image/svg+xml",
}  # fmt: skip
_BY_KEY = {"audio": "audio/mpeg", "podcast": "audio/mpeg", "video": "video/mp4"}
_UNKNOWN = "application/octet-stream"
_EXTENSION = re.compile(r"\.([A-Za-z0-9]{1,8})(?:[?#]|$)")
#: RFC 6838, section 4.2.
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}")
_CLOCK = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,7})(?:\.\d+)?", re.ASCII)
_ADDRESSES = ("url", "src", "file", "href", "link", "path")


def read_enclosures(fields: Mapping) -> tuple[Enclosure, ...]:
    """Give the enclosures of all keys, each address once, as written."""
    found: dict[str, Enclosure] = {}
    for key in ENCLOSURES:
        if key in fields:
            for enclosure in _read(fields[key], key):
                found.setdefault(enclosure.url, enclosure)
    return tuple(found.values())


def _read(value: Value, key: str) -> Iterator[Enclosure]:
    if isinstance(value, list):
        for part in value:
            yield from _read(part, key)
    elif enclosure := _from_mapping(value, key) if isinstance(value, dict) else _from_text(value, key):
        yield enclosure


def _from_text(text: str, key: str) -> Enclosure | None:
    parts = text.split()
    # WordPress and its descendants write address, length and type in a row.
    if len(parts) == 3 and parts[1].isdecimal():
        return _make(parts[0], key, length=parts[1], said=parts[2])
    return _make(text, key)


def _from_mapping(value: Mapping, key: str) -> Enclosure | None:
    known = {name: text_of(part) for name, part in normalise_keys(value).items()}
    return _make(
        next((known[name] for name in _ADDRESSES if known.get(name)), ""),
        key,
        length=known.get("length") or known.get("size") or known.get("bytes") or "",
        said=known.get("type") or known.get("mime") or known.get("mimetype") or "",
        duration=known.get("duration", ""),
        title=known.get("title", ""),
    )


def _make(
    url: str, key: str, *, length: str = "", said: str = "", duration: str = "", title: str = ""
) -> Enclosure | None:
    url = to_text(url)
    # `video: true` and `audio: none` are no addresses.
    if not re.search(r"[./]", url):
        return None
    return Enclosure(
        url=url,
        type=_type_of(url, key, said.lower()),
        length=int(length) or None if re.fullmatch(r"\d{1,18}", length, re.ASCII) else None,
        seconds=_seconds(duration),
        title=to_plain(restore_braces(title)) or None,
    )


def _type_of(url: str, key: str, said: str) -> str:
    if _TYPE.fullmatch(said):
        return said
    path = re.split(r"[?#]", url, maxsplit=1)[0].rpartition("/")[2]
    extension = _EXTENSION.search(path)
    return _TYPES.get(extension[1].lower() if extension else "") or _BY_KEY.get(key, _UNKNOWN)


def _seconds(duration: str) -> int | None:
    found = _CLOCK.fullmatch(duration)
    if not found:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds or None

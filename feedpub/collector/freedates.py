"""Dates in forms that few articles have: compact ISO 8601, Unix time, the year first, relative ones, and the rest.

The order matters: what python-dateutil would read somehow, the exact forms before it read as it was meant.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, tzinfo

from feedpub.collector import relative
from feedpub.collector.dates import DateError, is_relative, read_exact
from feedpub.collector.numerals import to_digits
from feedpub.collector.zones import find_zone

#: ISO 8601 without dashes, and its weeks: what `datetime.fromisoformat` knows besides.
_ISO_RARE = re.compile(r"\d{8}(?:T\d{4,6}(?:[.,]\d{1,9})?(?:Z|[+-]\d\d(?::?\d\d)?)?)?|\d{4}-?W\d\d-?\d", re.ASCII)
#: The same without the "T", as databases and the Wayback Machine write it.
_DIGITS = re.compile(r"(\d{8})(\d{6})", re.ASCII)
_ISO_ORDINAL = re.compile(r"(\d{4})-(\d{3})", re.ASCII)
_UNIX = re.compile(r"(\d{10}(?:\.\d+)?|\d{13})", re.ASCII)
_WEEKDAY = (
    r"[(\[]?(?:(?:星期|周|週|礼拜|禮拜)[一二三四五六日天1-7]|[日月火水木金土월화수목금토일](?:曜日?|요일)?)[)\]]?"
)
_AMPM = "上午|下午|凌晨|早上|清晨|早晨|中午|晚上|傍晚|晚间|夜间|午前|午後|오전|오후|[AaPp]\\.?[Mm](?![A-Za-z])\\.?"
#: All that puts the year first, by digits: dashes, slashes, dots, 年月日, 년월일.
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})\s*(?P<separator>[-/.年년])\s*(?P<month>\d{1,2})\s*(?:(?P=separator)|月|월)\s*(?P<day>\d{1,2})"
    rf"\s*[日号號일.]?[,，T]?\s*(?:{_WEEKDAY})?[,，]?\s*"
    rf"(?:(?P<before>{_AMPM})?\s*(?P<hour>\d{{1,2}})\s*[:时時点點시]\s*"
    r"(?:(?P<minute>\d{1,2})\s*(?:[:分분]\s*(?:(?P<second>\d{1,2})(?:[.,]\d{1,9})?\s*[秒초]?)?)?)?"
    rf"\s*(?P<after>{_AMPM})?)?\s*(?P<zone>\S.*)?",
    re.ASCII,
)
_AFTERNOON = re.compile("下午|晚上|傍晚|晚间|夜间|午後|오후|[Pp]")
_MORNING = re.compile("上午|凌晨|早上|清晨|早晨|午前|오전|[Aa]")


def read_free(text: str, *, zone: tzinfo, seen: datetime | None) -> datetime | None:
    """Read a date in any form that is known; `None` where it has none.

    Raises:
        ValueError: It is no date, or one that there is not.
        OverflowError: A number in it is beyond all dates.
    """
    text = normalise(text)
    if is_relative(text):
        return _read_relative(text, zone, seen)
    return (
        read_exact(text, zone)
        or _read_unix(text)
        or _read_rare_iso(text)
        or _read_year_first(text, zone)
        or _read_by_dateutil(text, zone)
    )


def normalise(text: str) -> str:
    """Make full-width digits and colons plain (NFKC), Chinese numerals digits, and blanks single."""
    return to_digits(" ".join(unicodedata.normalize("NFKC", text).split()))


def _read_relative(text: str, zone: tzinfo, seen: datetime | None) -> datetime:
    if seen is None:
        raise DateError(f"relative date, and no sighting to count from: {text!r}")
    return relative.resolve(text, zone=zone, seen=seen)


def _read_unix(text: str) -> datetime | None:
    if not _UNIX.fullmatch(text):
        return None
    seconds = float(text) if len(text) != 13 or "." in text else int(text) / 1000
    return datetime.fromtimestamp(seconds, UTC)


def _read_rare_iso(text: str) -> datetime | None:
    if ordinal := _ISO_ORDINAL.fullmatch(text):
        return _from_ordinal(int(ordinal[1]), int(ordinal[2]))
    if digits := _DIGITS.fullmatch(text):
        return datetime.fromisoformat(f"{digits[1]}T{digits[2]}")
    return datetime.fromisoformat(text) if _ISO_RARE.fullmatch(text) else None


def _from_ordinal(year: int, day: int) -> datetime | None:
    moment = datetime(year, 1, 1) + timedelta(days=day - 1)  # noqa: DTZ001 - gets its zone later
    return moment if moment.year == year and day else None


def _read_year_first(text: str, site: tzinfo) -> datetime | None:
    found = _YEAR_FIRST.fullmatch(text)
    if not found:
        return None
    zone = find_zone(found["zone"], site=site) if found["zone"] else site
    if zone is None:
        return None
    year, month, day, hour, minute, second = (
        int(found[part] or 0) for part in ("year", "month", "day", "hour", "minute", "second")
    )
    hour = _on_24_hours(hour, found["before"] or found["after"] or "")
    return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone)


def _on_24_hours(hour: int, half: str) -> int:
    if hour < 12 and _AFTERNOON.match(half):
        return hour + 12
    return 0 if hour == 12 and _MORNING.match(half) else hour


def _read_by_dateutil(text: str, zone: tzinfo) -> datetime | None:
    # Imported only here: the forms above are nearly all there is.
    from feedpub.collector.looseness import read_loosely

    return read_loosely(text, zone=zone)

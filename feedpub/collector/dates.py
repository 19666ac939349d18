"""Dates as crawlers, generators and people write them, made aware and UTC.

The exact forms come first, since nearly all articles have one: ISO 8601, RFC 822, Unix time. Then those that
put the year first (`2022/2/2`, `2022年2月2日 下午3:21`), then relative ones, and python-dateutil for the rest.

A date is read only where year, month and day are all said; nothing is ever filled in from the clock. Between
1900 and 2100 lies all that an article can have been written in. `01/02/2022` is 2 January where the month can
stand first, as JavaScript and python-dateutil have it; `02.01.2022`, with dots, is day first, as all that
write so mean it. A wall time that a change of clocks skips or repeats is read with the offset before it.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, tzinfo

from feedpub.collector import relative
from feedpub.collector.numerals import to_digits
from feedpub.collector.zones import find_zone

_FIRST_YEAR, _LAST_YEAR = 1900, 2100
#: No form is longer; JavaScript's, with a zone in words, comes nearest.
_LONGEST = 100

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *("jan january", "feb february", "mar march", "apr april", "may", "jun june"),
            *("jul july", "aug august", "sep sept september", "oct october", "nov november", "dec december"),
        ),
        start=1,
    )
    for name in names.split()
}
_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)?)[ ]?(Z|z|[+-]\d\d(?::?\d\d)?)?", re.ASCII
)
#: ISO 8601 without dashes, and its weeks: what `datetime.fromisoformat` knows besides.
_ISO_RARE = re.compile(r"\d{8}(?:T\d{4,6}(?:[.,]\d{1,9})?(?:Z|[+-]\d\d(?::?\d\d)?)?)?|\d{4}-?W\d\d-?\d", re.ASCII)
#: The same without the "T", as databases and the Wayback Machine write it.
_DIGITS = re.compile(r"(\d{8})(\d{6})", re.ASCII)
_ISO_ORDINAL = re.compile(r"(\d{4})-(\d{3})", re.ASCII)
#: RFC 822 and its kin: RFC 850 (`02-Feb-22`), RFC 5322, `2 February 2022`. The weekday may be wrong.
_RFC_822 = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?(\d{1,2})[ -]\s*([A-Za-z]{3,9})\.?,?[ -]\s*(\d{4}|\d\d)"
    r"(?:,?\s+(\d{1,2}):(\d\d)(?::(\d\d))?\s*([A-Za-z+-].*)?)?",
    re.ASCII,
)
_WEEKDAYS = frozenset(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
#: What has four digits in a row has a year, and is counted from nothing.
_WITH_YEAR = re.compile(r"\d{4}")
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


class DateError(ValueError):
    """A text that is no date, or none that can be told for sure."""


def parse_date(text: str, *, zone: tzinfo, seen: datetime | None = None) -> datetime:
    """Read a date in any form that is known, and give it in UTC; *zone* is that of dates that name none.

    A date without a time is midnight in *zone*. Relative dates ("昨天 08:30", "2 days ago") are counted from
    *seen*, the aware time of the article's first sighting.

    Raises:
        DateError: It is no date, an impossible one, out of 1900 to 2100, or relative with *seen* missing.
    """
    if len(text) > _LONGEST:
        raise DateError("no date is that long")
    try:
        moment = _read_exact(text.strip(), zone) or _read_free(_normalise(text), zone, seen)
    except (ValueError, OverflowError) as error:
        raise error if isinstance(error, DateError) else DateError(f"unknown date form: {text!r}") from error
    if moment is None:
        raise DateError(f"unknown date form: {text!r}")
    return _to_utc(moment, zone)


def is_relative(text: str) -> bool:
    """Say whether a date is counted from the time when it was read, such as "3小时前" or "yesterday"."""
    if len(text) > _LONGEST or _WITH_YEAR.search(text):
        return False
    return relative.is_relative(_normalise(text))


def _to_utc(moment: datetime, zone: tzinfo) -> datetime:
    # Checked before the conversion, which overflows at the ends of the calendar.
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise DateError(f"year {moment.year} is not between {_FIRST_YEAR} and {_LAST_YEAR}")
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zone, fold=0)
    return aware.astimezone(UTC)


def _normalise(text: str) -> str:
    """Make full-width digits and colons plain (NFKC), Chinese numerals digits, and blanks single."""
    return to_digits(" ".join(unicodedata.normalize("NFKC", text).split()))


def _read_exact(text: str, zone: tzinfo) -> datetime | None:
    if iso := _ISO.fullmatch(text):
        return _from_iso(iso[1].upper(), (iso[2] or "").upper())
    if rfc := _RFC_822.fullmatch(text):
        return _from_rfc_822(rfc, zone)
    return None


def _from_iso(moment: str, offset: str) -> datetime:
    # RFC 3339 lets a leap second be, ISO 8601 the midnight that ends a day; no clock here knows either.
    if moment[16:19] == ":60":
        moment = f"{moment[:16]}:59{moment[19:]}"
    if moment[11:16] == "24:00" and not moment[16:].strip(":.,0"):
        return datetime.fromisoformat(f"{moment[:11]}00:00{offset}") + timedelta(days=1)
    return datetime.fromisoformat(moment + offset)


def _from_rfc_822(found: re.Match[str], site: tzinfo) -> datetime | None:
    day, month_name, year, hour, minute, second, zone_name = found.groups()
    month = _MONTHS.get(month_name.lower())
    zone = find_zone(zone_name.strip(), site=site) if zone_name else site
    if month is None or zone is None or not _begins_with_weekday(found):
        return None
    # RFC 822 lets a leap second be; no clock here knows one.
    return datetime(
        _full_year(year), month, int(day), int(hour or 0), int(minute or 0), min(int(second or 0), 59), tzinfo=zone
    )


def _begins_with_weekday(found: re.Match[str]) -> bool:
    word = found.string[: found.start(1)].rstrip(" ,")
    return not word or word[:3].lower() in _WEEKDAYS


def _full_year(year: str) -> int:
    """Give two digits their century (RFC 5322, section 4.3)."""
    number = int(year)
    if len(year) == 4:
        return number
    return number + (2000 if number < 50 else 1900)


def _read_free(text: str, zone: tzinfo, seen: datetime | None) -> datetime | None:
    if is_relative(text):
        return _read_relative(text, zone, seen)
    return (
        _read_exact(text, zone)
        or _read_unix(text)
        or _read_rare_iso(text)
        or _read_year_first(text, zone)
        or _read_by_dateutil(text, zone)
    )


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

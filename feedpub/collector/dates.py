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
from datetime import UTC, datetime, timedelta, tzinfo

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
#: RFC 822 as programs write it, which is the date of HTTP (RFC 9110, section 5.6.7): most crawled articles have it.
_HTTP = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d\d) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4})"
    r" ((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d) GMT",
    re.ASCII,
)
_MONTHS_OF_HTTP = {name.title(): f"{number:02}" for name, number in _MONTHS.items() if len(name) == 3}
#: RFC 822 and its kin: RFC 850 (`02-Feb-22`), RFC 5322, `2 February 2022`. The weekday may be wrong.
_RFC_822 = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?(\d{1,2})[ -]\s*([A-Za-z]{3,9})\.?,?[ -]\s*(\d{4}|\d\d)"
    r"(?:,?\s+(\d{1,2}):(\d\d)(?::(\d\d))?\s*([A-Za-z+-].*)?)?",
    re.ASCII,
)
_WEEKDAYS = frozenset(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
#: What has four digits in a row has a year, and is counted from nothing.
_WITH_YEAR = re.compile(r"\d{4}")


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
        moment = read_exact(text.strip(), zone) or _read_free(text, zone, seen)
    except (ValueError, OverflowError) as error:
        raise error if isinstance(error, DateError) else DateError(f"unknown date form: {text!r}") from error
    if moment is None:
        raise DateError(f"unknown date form: {text!r}")
    return _to_utc(moment, zone)


def find_date(text: str, *, zone: tzinfo, seen: datetime) -> tuple[datetime, bool]:
    """Read a date as `parse_date` does, and say whether it is exact, not counted from the time when it was read.

    Raises:
        DateError: As `parse_date` does.
    """
    # Nearly all of those that crawlers write.
    if http := _HTTP.fullmatch(text):
        try:
            return _to_utc(_from_http(http), zone), True
        except ValueError as error:
            raise error if isinstance(error, DateError) else DateError(f"unknown date form: {text!r}") from error
    return parse_date(text, zone=zone, seen=seen), not is_relative(text)


def is_relative(text: str) -> bool:
    """Say whether a date is counted from the time when it was read, such as "3小时前" or "yesterday"."""
    if len(text) > _LONGEST or _WITH_YEAR.search(text):
        return False
    from feedpub.collector.freedates import normalise
    from feedpub.collector.relative import is_relative

    return is_relative(normalise(text))


def _to_utc(moment: datetime, zone: tzinfo) -> datetime:
    # Checked before the conversion, which overflows at the ends of the calendar.
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise DateError(f"year {moment.year} is not between {_FIRST_YEAR} and {_LAST_YEAR}")
    if moment.tzinfo is UTC:
        return moment
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zone, fold=0)
    return aware.astimezone(UTC)


def _read_free(text: str, zone: tzinfo, seen: datetime | None) -> datetime | None:
    # Nearly all dates are exact, and what reads the others takes its time to load.
    from feedpub.collector.freedates import read_free

    return read_free(text, zone=zone, seen=seen)


def read_exact(text: str, zone: tzinfo) -> datetime | None:
    """Read ISO 8601 and RFC 822, and what is close to them; `None` where it is neither.

    Raises:
        ValueError: It is a date that there is not.
    """
    if http := _HTTP.fullmatch(text):
        return _from_http(http)
    if iso := _ISO.fullmatch(text):
        return _from_iso(iso[1].upper(), (iso[2] or "").upper())
    if rfc := _RFC_822.fullmatch(text):
        return _from_rfc_822(rfc, zone)
    return None


def _from_http(found: re.Match[str]) -> datetime:
    day, month, year, clock = found.groups()
    return datetime.fromisoformat(f"{year}-{_MONTHS_OF_HTTP[month]}-{day}T{clock}+00:00")


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

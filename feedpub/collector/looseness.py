"""The rarer forms of dates, left to python-dateutil: `Feb 2, 2022 11:21 AM`, `01/02/2022`, ctime.

python-dateutil is generous: it fills what is missing from today, takes `10 10 10` for a date, guesses at
zones and reads `GMT+3` as three hours west. None of that may happen to an article.
"""

from __future__ import annotations

import re
from datetime import datetime, tzinfo

from dateutil.parser import parse

from feedpub.collector.zones import find_zone

_MONTH_NAME = re.compile(r"(?<![a-z])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b", re.IGNORECASE)
_NUMERIC = re.compile(r"\d{1,2}([/.-])\d{1,2}\1\d{4}(?![\d/.-])", re.ASCII)
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)", re.ASCII)
#: `GMT+0800 (中国标准时间)`, `Asia/Tokyo`, `北京时间`: zones at the end that python-dateutil does not know.
_ZONE = re.compile(
    r"(?<=[\d\sMm.])\s*((?:GMT|UTC|UT)?\s?[+-]\d\d?:?(?:\d\d)?(?:\s*\([^()]*\))?|[A-Z]\w+/\S+|\(?[^\x00-\x7f]+\)?)$"
)
_TIME = re.compile(r"\d:\d\d")
#: Two days that agree in nothing: what differs between the readings was not in the text.
_DEFAULTS = (datetime(2004, 1, 2), datetime(2008, 3, 17))  # noqa: DTZ001 - only parts of them are used


def read_loosely(text: str, *, zone: tzinfo) -> datetime | None:
    """Read a date that says its year (four digits), its month and its day; `None` where it does not.

    Raises:
        ValueError: python-dateutil cannot read it, or it names an unknown zone.
        OverflowError: A number in it is beyond all dates.
    """
    if not _YEAR.search(text) or not (_MONTH_NAME.search(text) or _NUMERIC.match(text)):
        return None
    rest, named = _split_zone(text, zone)
    first, second = (_parse(rest, default, zone) for default in _DEFAULTS)
    if first != second:
        return None
    return first.replace(tzinfo=named) if named else first


def _split_zone(text: str, site: tzinfo) -> tuple[str, tzinfo | None]:
    found = _ZONE.search(text) if _TIME.search(text) else None
    zone = find_zone(found[1], site=site) if found else None
    return (text[: found.start()], zone) if found and zone else (text, None)


def _parse(text: str, default: datetime, site: tzinfo) -> datetime:
    numeric = _NUMERIC.match(text)

    def zone_of(name: str | None, offset: int | None) -> tzinfo:
        zone = find_zone(name, site=site) if name else site
        if zone is None or (offset and name):
            raise ValueError(f"unknown zone {name}")
        return zone

    return parse(text, default=default, tzinfos=zone_of, dayfirst=bool(numeric and numeric[1] == "."))

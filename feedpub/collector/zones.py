"""Names of time zones, as mail, crawlers and Chinese sites write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

#: By hours east of UTC. An abbreviation means a fixed offset, whatever the season (RFC 5322, section 4.3).
_NAMES: dict[float, str] = {
    0: "Z UT UTC GMT WET 格林尼治标准时间 世界标准时间 协调世界时",
    1: "WEST CET MET WAT",
    2: "CEST MEST EET CAT SAST",
    3: "EEST IDT EAT MSK TRT",
    4: "MSD GST",
    5: "PKT",
    5.75: "NPT",
    7: "ICT WIB",
    8: "HKT SGT MYT PHT AWST 北京时间 北京時間 中国标准时间 中國標準時間 台北时间 台北時間 台北標準時間 香港時間",
    9: "JST KST 日本时间 日本時間 日本标准时间 日本標準時 東京時間",
    9.5: "ACST",
    10: "AEST",
    10.5: "ACDT",
    11: "AEDT",
    12: "NZST",
    13: "NZDT",
    -2.5: "NDT",
    -3: "BRT ART ADT",
    -3.5: "NST",
    -4: "AST EDT",
    -5: "EST CDT",
    -6: "MDT",
    -7: "MST PDT",
    -8: "PST AKDT",
    -9: "AKST",
    -10: "HST",
}
_FIXED = {
    name: timezone(timedelta(hours=hours)) if hours else UTC
    for hours, names in _NAMES.items()
    for name in names.split()
}
#: American newsrooms write these for "standard or daylight, whichever it is".
_SEASONAL = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}
#: What an abbreviation that several countries use stands for, by the hours between the site's zone and UTC:
#: (from, to, hours meant), first match wins.
_SHARED: dict[str, tuple[tuple[float, float, float], ...]] = {
    "CST": ((5, 10, 8), (-24, 24, -6)),  # China, else Central Standard
    "BST": ((5, 7, 6), (-24, 24, 1)),  # Bangladesh, else British Summer
    "IST": ((-1, 1, 1), (2, 3, 2), (-24, 24, 5.5)),  # Irish Summer, Israel, else India
}
_OFFSET = re.compile(r"(?:(?:GMT|UTC|UT)\s*)?([+-])(\d{1,2})(?::?(\d\d))?(?:\s*\([^()]*\))?", re.ASCII)
_IANA = re.compile(r"[A-Z][A-Za-z]+(?:/[A-Za-z0-9_+-]+){1,2}", re.ASCII)
#: A winter day: no daylight saving in the north, where sites with shared abbreviations are.
_WINTER = datetime(2022, 1, 15)  # noqa: DTZ001 - a zone is asked for its offset at this wall time


def find_zone(name: str, *, site: tzinfo) -> tzinfo | None:
    """Give the zone that *name* stands for on a site in the zone *site*; `None` where nobody knows it.

    Knows `Z`, `+08:00`, `+0800`, `GMT+8`, `UTC+08:00 (…)`, the abbreviations of RFC 5322 and of the larger
    countries, `北京时间` and its kind, and IANA names.
    """
    return _FIXED.get(name) or _find_zone(name, site)


@lru_cache(maxsize=256)
def _find_zone(name: str, site: tzinfo) -> tzinfo | None:
    if offset := _OFFSET.fullmatch(name):
        return _from_offset(*offset.groups())
    plain = name.strip().removeprefix("(").removesuffix(")").strip()
    if shared := _SHARED.get(plain.upper()):
        return _of_site(shared, site)
    if _IANA.fullmatch(plain) or plain.upper() in _SEASONAL:
        return _from_database(_SEASONAL.get(plain.upper(), plain))
    return _FIXED.get(plain) or _FIXED.get(plain.upper())


def _from_offset(sign: str, hours: str, minutes: str | None) -> tzinfo | None:
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    # No place is further than 14 hours from UTC; "+2022" is a year, no offset.
    if offset > timedelta(hours=14) or int(minutes or 0) > 59:
        return None
    return timezone(-offset if sign == "-" else offset)


def _of_site(shared: tuple[tuple[float, float, float], ...], site: tzinfo) -> tzinfo:
    hours = (site.utcoffset(_WINTER) or timedelta()) / timedelta(hours=1)
    meant = next(meant for low, high, meant in shared if low <= hours <= high)
    return timezone(timedelta(hours=meant))


def _from_database(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None

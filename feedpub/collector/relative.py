"""Dates counted from the time when they were read: "昨天 08:30", "3小时前", "2 days ago"."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta, tzinfo

_DAYS = {
    **dict.fromkeys(("今天", "今日", "today", "오늘"), 0),
    **dict.fromkeys(("昨天", "昨日", "yesterday", "어제"), 1),
    **dict.fromkeys(("前天", "前日", "一昨日", "그제"), 2),
}
_DAY = re.compile(
    rf"(?P<day>{'|'.join(sorted(_DAYS, key=len, reverse=True))})(?:[ ,]*(?:at )?"
    r"(?P<hour>\d{1,2})[:时時点點](?P<minute>\d\d)?分?(?::(?P<second>\d\d))?)?",
    re.IGNORECASE | re.ASCII,
)
_JUST_NOW = re.compile("刚刚|剛剛|刚才|just now|now|たった今|방금", re.IGNORECASE)
_SECONDS, _MINUTES, _HOURS = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
_UNITS: tuple[tuple[str, timedelta], ...] = (
    (r"秒钟?|秒鐘|초|seconds?|secs?|s", _SECONDS),
    (r"分钟|分鐘|分|분|minutes?|mins?|m", _MINUTES),
    (r"个?小时|個?小時|时|時間|시간|hours?|hrs?|h", _HOURS),
    (r"天|日|일|days?|d", timedelta(days=1)),
    (r"个?星期|個?星期|周|週|週間|礼拜|禮拜|주|weeks?|w", timedelta(weeks=1)),
)
#: Months and years have no fixed length: counted by the calendar.
_MONTHS: tuple[tuple[str, int], ...] = (
    (r"个?月|個月|[か箇ヶ]月|개월|months?|mos?", 1),
    (r"年|년|years?|yrs?|y", 12),
)
_WORDS = "|".join(unit for unit, _ in (*_UNITS, *_MONTHS))
_AGO = re.compile(rf"(?P<count>\d{{1,3}}|an?|半)\s*(?P<unit>{_WORDS})\s*(?:之?以?前|전|ago)", re.IGNORECASE | re.ASCII)


def is_relative(text: str) -> bool:
    """Say whether *text* is such a date; blanks single, digits plain."""
    return any(form.fullmatch(text) for form in (_DAY, _AGO, _JUST_NOW))


def resolve(text: str, *, zone: tzinfo, seen: datetime) -> datetime:
    """Count back from *seen*; days begin at midnight in *zone*. *text* has to be relative.

    Raises:
        ValueError: It has an impossible time.
        OverflowError: It leads out of the calendar.
    """
    if day := _DAY.fullmatch(text):
        return _on_day(day, seen.astimezone(zone))
    if ago := _AGO.fullmatch(text):
        return _count_back(ago["count"].lower(), ago["unit"], seen)
    return seen.astimezone(UTC)


def _on_day(found: re.Match[str], seen: datetime) -> datetime:
    # Without its zone, so that a day is a day of the calendar where clocks change as well.
    day = seen.replace(tzinfo=None, fold=0) - timedelta(days=_DAYS[found["day"].lower()])
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    return day.replace(hour=hour, minute=minute, second=second, microsecond=0, tzinfo=seen.tzinfo)


def _count_back(count: str, unit: str, seen: datetime) -> datetime:
    number = 0.5 if count == "半" else 1 if count in {"a", "an"} else int(count)
    for words, length in _UNITS:
        if re.fullmatch(words, unit, re.IGNORECASE):
            return seen - number * length
    months = next(months for words, months in _MONTHS if re.fullmatch(words, unit, re.IGNORECASE))
    return _months_before(seen, round(number * months))


def _months_before(seen: datetime, months: int) -> datetime:
    year, month = divmod(seen.year * 12 + seen.month - 1 - months, 12)
    return seen.replace(year=year, month=month + 1, day=min(seen.day, monthrange(year, month + 1)[1]))

"""Every known form of a date becomes one moment in UTC, and what is no date is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedpub.collector.dates import DateError, is_relative, parse_date

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
CHICAGO = ZoneInfo("America/Chicago")
#: Wednesday, 14:30:15 in Shanghai.
SEEN = datetime(2022, 2, 2, 6, 30, 15, tzinfo=UTC)

RFC_822 = [
    ("Wed, 02 Feb 2022 11:21:07 GMT", "2022-02-02 11:21:07"),
    ("Wed, 2 Feb 2022 11:21:07 GMT", "2022-02-02 11:21:07"),
    ("02 Feb 2022 11:21:07 GMT", "2022-02-02 11:21:07"),
    ("Sun, 02 Feb 2022 11:21:07 GMT", "2022-02-02 11:21:07"),  # it was a Wednesday
    ("Wed, 02 Feb 2022 11:21 GMT", "2022-02-02 11:21:00"),
    ("Wed, 02 Feb 22 11:21:07 GMT", "2022-02-02 11:21:07"),
    ("Thu, 31 Dec 98 23:59:59 GMT", "1998-12-31 23:59:59"),
    ("Wed, 02 Feb 2022 11:21:07 UT", "2022-02-02 11:21:07"),
    ("Wed, 02 Feb 2022 11:21:07 UTC", "2022-02-02 11:21:07"),
    ("Wed, 02 Feb 2022 11:21:07 Z", "2022-02-02 11:21:07"),
    ("Wed, 02 Feb 2022 11:21:07 -0000", "2022-02-02 11:21:07"),
    ("Wed, 02 Feb 2022 11:21:07 +0000", "2022-02-02 11:21:07"),
    ("Wed, 02 Feb 2022 11:21:07 +0800", "2022-02-02 03:21:07"),
    ("Wed, 02 Feb 2022 11:21:07 +08:00", "2022-02-02 03:21:07"),
    ("Wed, 02 Feb 2022 11:21:07 -0330", "2022-02-02 14:51:07"),
    ("Wed, 02 Feb 2022 11:21:07 EST", "2022-02-02 16:21:07"),
    ("Wed, 02 Feb 2022 11:21:07 EDT", "2022-02-02 15:21:07"),
    ("Wed, 02 Feb 2022 11:21:07 PST", "2022-02-02 19:21:07"),
    ("Wed, 02 Feb 2022 11:21:07 PDT", "2022-02-02 18:21:07"),
    ("Wed, 02 Feb 2022 11:21:07 MST", "2022-02-02 18:21:07"),
    ("Wed, 02 Feb 2022 11:21:07 CEST", "2022-02-02 09:21:07"),
    ("Wed, 02 Feb 2022 11:21:07 gmt", "2022-02-02 11:21:07"),
    ("Wed, 02 Feb 2022 11:21:07 +0800 (CST)", "2022-02-02 03:21:07"),
    ("Wed, 02 Feb 2022 11:21:07", "2022-02-02 03:21:07"),  # the site's zone
    ("Wed, 02 Feb 2022 11:21:60 GMT", "2022-02-02 11:21:59"),  # a leap second
    ("Wednesday, 02-Feb-22 11:21:07 GMT", "2022-02-02 11:21:07"),  # RFC 850
    ("wed, 02 feb 2022 11:21:07 gmt", "2022-02-02 11:21:07"),
    ("2 February 2022", "2022-02-01 16:00:00"),
    ("2 Sept 2022 08:00", "2022-09-02 00:00:00"),
    ("2 Feb. 2022", "2022-02-01 16:00:00"),
]
ISO_8601 = [
    ("2022-02-02T11:21:07Z", "2022-02-02 11:21:07"),
    ("2022-02-02t11:21:07z", "2022-02-02 11:21:07"),
    ("2022-02-02 11:21:07", "2022-02-02 03:21:07"),
    ("2022-02-02 11:21", "2022-02-02 03:21:00"),
    ("2022-02-02T11:21:07+08:00", "2022-02-02 03:21:07"),
    ("2022-02-02T11:21:07+0800", "2022-02-02 03:21:07"),
    ("2022-02-02T11:21:07+08", "2022-02-02 03:21:07"),
    ("2022-02-02 11:21:07 +0800", "2022-02-02 03:21:07"),
    ("2022-02-02 11:21:07 -05:00", "2022-02-02 16:21:07"),
    ("2022-02-02T11:21:07.1Z", "2022-02-02 11:21:07.1"),
    ("2022-02-02T11:21:07.123Z", "2022-02-02 11:21:07.123"),
    ("2022-02-02T11:21:07,123456Z", "2022-02-02 11:21:07.123456"),
    ("2022-02-02T11:21:07.123456789Z", "2022-02-02 11:21:07.123456"),
    ("2022-02-02", "2022-02-01 16:00:00"),
    ("20220202", "2022-02-01 16:00:00"),
    ("20220202T112107Z", "2022-02-02 11:21:07"),
    ("20220202T1121", "2022-02-02 03:21:00"),
    ("2022-W05-3", "2022-02-01 16:00:00"),
    ("2022-033", "2022-02-01 16:00:00"),
    ("20220202112107", "2022-02-02 03:21:07"),
    ("2021-12-31T23:59:60Z", "2021-12-31 23:59:59"),  # a leap second
    ("2021-12-31T23:59:60.5+00:00", "2021-12-31 23:59:59.5"),
    ("2022-02-02T24:00:00", "2022-02-02 16:00:00"),  # the next midnight
    ("2022-02-28T24:00Z", "2022-03-01 00:00:00"),
]
YEAR_FIRST = [
    ("2022/2/2", "2022-02-01 16:00:00"),
    ("2022/02/02 11:21", "2022-02-02 03:21:00"),
    ("2022.02.02", "2022-02-01 16:00:00"),
    ("2022-2-2 9:5", "2022-02-02 01:05:00"),
    ("2022-02-02 3:21 PM", "2022-02-02 07:21:00"),
    ("2022-02-02 12:05 AM", "2022-02-01 16:05:00"),
    ("2022-02-02 12:05 pm", "2022-02-02 04:05:00"),
    ("2022年2月2日 11:21", "2022-02-02 03:21:00"),
    ("2022年02月02日", "2022-02-01 16:00:00"),
    ("2022年2月2日 星期三 下午3:21", "2022-02-02 07:21:00"),
    ("2022年2月2日 周三 上午12:21", "2022-02-01 16:21:00"),
    ("2022年2月2日(星期三)晚上8点", "2022-02-02 12:00:00"),
    ("2022年2月2日11时21分", "2022-02-02 03:21:00"),
    ("2022年2月2日11时21分07秒", "2022-02-02 03:21:07"),
    ("2022 年 2 月 2 日 11:21:07", "2022-02-02 03:21:07"),
    ("2022年2月2号", "2022-02-01 16:00:00"),
    ("二〇二二年二月二日", "2022-02-01 16:00:00"),
    ("二零二二年十二月二十二日", "2022-12-21 16:00:00"),
    ("二〇二二年十月三十日 十一时二十一分", "2022-10-30 03:21:00"),
    ("２０２２年２月２日　１１：２１", "2022-02-02 03:21:00"),
    ("2022-02-02 11：21", "2022-02-02 03:21:00"),
    ("2022年2月2日 (水)", "2022-02-01 16:00:00"),
    ("2022年2月2日（水曜日） 午後3時21分", "2022-02-02 07:21:00"),
    ("2022년 2월 2일 오후 3:21", "2022-02-02 07:21:00"),
    ("2022-02-02 11:21 JST", "2022-02-02 02:21:00"),
    ("2022-02-02 11:21 KST", "2022-02-02 02:21:00"),
    ("2022-02-02 11:21 HKT", "2022-02-02 03:21:00"),
    ("2022-02-02 11:21 MSK", "2022-02-02 08:21:00"),
    ("2022-02-02 11:21 AEST", "2022-02-02 01:21:00"),
    ("2022-02-02 11:21 (北京时间)", "2022-02-02 03:21:00"),
    ("2022-02-02 11:21 Asia/Tokyo", "2022-02-02 02:21:00"),
    ("2022-02-02 11:21 GMT+8", "2022-02-02 03:21:00"),
    ("2022-02-02 11:21:07.5 UTC", "2022-02-02 11:21:07"),
    ("2022. 2. 2.", "2022-02-01 16:00:00"),
    ("2022. 2. 2. 오후 3:21", "2022-02-02 07:21:00"),
    ("2022. 2. 2. 오전 12:21", "2022-02-01 16:21:00"),
    ("2022-02-02 11:21:07 America/New_York", "2022-02-02 16:21:07"),
    ("2022-02-02T11:21:07 America/Argentina/Buenos_Aires", "2022-02-02 14:21:07"),
    ("2022-02-02 3:21 p.m. America/New_York", "2022-02-02 20:21:00"),
    ("2022-07-02 11:21 ET", "2022-07-02 15:21:00"),
]
THE_REST = [
    ("1643800867", "2022-02-02 11:21:07"),
    ("1643800867.0", "2022-02-02 11:21:07"),
    ("1643800867123", "2022-02-02 11:21:07.123"),
    ("Feb 2, 2022", "2022-02-01 16:00:00"),
    ("February 2nd, 2022 11:21 AM", "2022-02-02 03:21:00"),
    ("Feb 2, 2022 3:21 p.m. EST", "2022-02-02 20:21:00"),
    ("Wed Feb 2 11:21:07 2022", "2022-02-02 03:21:07"),  # ctime
    ("Wed Feb  2 11:21:07 UTC 2022", "2022-02-02 11:21:07"),  # date(1)
    ("Wed Feb 02 2022 11:21:07 GMT+0800 (中国标准时间)", "2022-02-02 03:21:07"),  # JavaScript
    ("Wed Feb 02 2022 11:21:07 GMT+0800 (China Standard Time)", "2022-02-02 03:21:07"),
    ("Feb 2, 2022 11:21 Asia/Tokyo", "2022-02-02 02:21:00"),
    ("01/02/2022", "2022-01-01 16:00:00"),  # the month first
    ("13/02/2022", "2022-02-12 16:00:00"),  # there is no 13th month
    ("02.01.2022", "2022-01-01 16:00:00"),  # with dots, the day first
    ("12/31/2022 11:59 PM", "2022-12-31 15:59:00"),
]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(("text", "expected"), RFC_822 + ISO_8601 + YEAR_FIRST + THE_REST)
def test_every_known_form_becomes_utc(text: str, expected: str) -> None:
    assert parse_date(text, zone=SHANGHAI) == utc(expected)
    assert parse_date(f"  {text} ", zone=SHANGHAI).tzinfo is UTC
    assert not is_relative(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "soon", "Invalid Date", "null", "32 Jan", "32 Jan 2022", "0000-00-00", "0000-00-00 00:00:00"),
        *("2022", "22", "Feb 2022", "Feb 2", "February", "11:21", "11:21:07", "Monday", "Monday 11:21"),
        *("2022-02-30", "2022-13-01", "2022-00-10", "2022年13月1日", "2022-02-02 25:00", "2022-02-02 11:61"),
        *("2022-02-02T24:00:01", "2022-02-02T24:01", "2022-02-02T23:60:00", "2022-02-02T23:59:61Z", "20220230112107"),
        *("2022. 2. 2. 2", "20220202252107"),
        *("10 10 10", "1 2 3 4 5", "1, 2, 2022", "2022 02 02", "1,643,800,867", "2022-366", "2022-000"),
        *("0001-01-01T00:00:00Z", "1850-01-01", "9999-12-31", "2101-01-01", "99999-01-01"),
        *("123", "999999999999", "99999999999999999999", "-1643800867", "0", "9999999999999"),
        *("posted on 2022-02-02 in the morning", "2022-02-02 and 2022-02-03", "see Feb 2, 2022 there"),
        *("2022-02-02 11:21 XYZ", "Wed, 02 Feb 2022 11:21:07 NOWHERE", "Feb 2, 2022 11:21 XYZ"),
        *("2022-02-02 11:21 Atlantis/Capital", "2022-02-02 11:21 +2500", "2022-02-02 11:21 GMT+0875"),
        *("Xyz, 02 Feb 2022 11:21:07 GMT", "02 Foo 2022", "一百二〇二二年二月二日", "2022年二十十月2日"),
        *("Feb 2022 Monday", "at 2022 Feb", "2022-02-02 11:21 \x00", "x" * 101, "2022-02-02" + " " * 200 + "x"),
    ],
)
def test_what_is_no_whole_date_is_refused(text: str) -> None:
    with pytest.raises(DateError):
        parse_date(text, zone=SHANGHAI, seen=SEEN)


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2022-02-02 11:21 CST", SHANGHAI, "2022-02-02 03:21"),
        ("2022-02-02 11:21 CST", CHICAGO, "2022-02-02 17:21"),
        ("Wed Feb  2 11:21:07 CST 2022", SHANGHAI, "2022-02-02 03:21:07"),
        ("Wed, 02 Feb 2022 11:21:07 CST", CHICAGO, "2022-02-02 17:21:07"),
        ("2022-07-02 11:21 BST", BERLIN, "2022-07-02 10:21"),
        ("2022-07-02 11:21 BST", ZoneInfo("Asia/Dhaka"), "2022-07-02 05:21"),
        ("2022-07-02 11:21 IST", ZoneInfo("Asia/Kolkata"), "2022-07-02 05:51"),
        ("2022-07-02 11:21 IST", ZoneInfo("Asia/Jerusalem"), "2022-07-02 09:21"),
        ("2022-07-02 11:21 IST", ZoneInfo("Europe/Dublin"), "2022-07-02 10:21"),
    ],
)
def test_an_abbreviation_that_countries_share_means_that_of_the_site(text: str, zone: ZoneInfo, expected: str) -> None:
    assert parse_date(text, zone=zone) == utc(expected)


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2024-03-01", BERLIN, "2024-02-29 23:00"),
        ("2024-03-31 02:30", BERLIN, "2024-03-31 01:30"),  # skipped: the offset before it
        ("2024-10-27 02:30", BERLIN, "2024-10-27 00:30"),  # repeated: the first time round
        ("2024-07-01 12:00", timezone(timedelta(hours=-3)), "2024-07-01 15:00"),
    ],
)
def test_a_wall_time_has_one_answer_in_every_zone(text: str, zone: ZoneInfo, expected: str) -> None:
    assert parse_date(text, zone=zone) == utc(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今天", "2022-02-01 16:00"),
        ("今天 08:30", "2022-02-02 00:30"),
        ("昨天 08:30", "2022-02-01 00:30"),
        ("昨天08:30:15", "2022-02-01 00:30:15"),
        ("前天 8点", "2022-01-31 00:00"),
        ("昨日", "2022-01-31 16:00"),
        ("yesterday", "2022-01-31 16:00"),
        ("Yesterday at 08:30", "2022-02-01 00:30"),
        ("today, 08:30", "2022-02-02 00:30"),
        ("刚刚", "2022-02-02 06:30:15"),
        ("just now", "2022-02-02 06:30:15"),
        ("30秒前", "2022-02-02 06:29:45"),
        ("15分钟前", "2022-02-02 06:15:15"),
        ("3小时前", "2022-02-02 03:30:15"),
        ("三个小时前", "2022-02-02 03:30:15"),
        ("半小时前", "2022-02-02 06:00:15"),
        ("２小时前", "2022-02-02 04:30:15"),
        ("两天前", "2022-01-31 06:30:15"),
        ("2 天以前", "2022-01-31 06:30:15"),
        ("1周前", "2022-01-26 06:30:15"),
        ("3個月前", "2021-11-02 06:30:15"),
        ("2年前", "2020-02-02 06:30:15"),
        ("3時間前", "2022-02-02 03:30:15"),
        ("5분 전", "2022-02-02 06:25:15"),
        ("2 days ago", "2022-01-31 06:30:15"),
        ("an hour ago", "2022-02-02 05:30:15"),
        ("5 mins ago", "2022-02-02 06:25:15"),
        ("10h ago", "2022-02-01 20:30:15"),
        ("14 months ago", "2020-12-02 06:30:15"),
    ],
)
def test_a_relative_date_is_counted_from_the_first_sighting(text: str, expected: str) -> None:
    assert is_relative(text)
    assert parse_date(text, zone=SHANGHAI, seen=SEEN) == utc(expected)
    with pytest.raises(DateError, match="no sighting"):
        parse_date(text, zone=SHANGHAI)


@pytest.mark.parametrize("text", ["999 years ago", "昨天 25:00", "999年前"])
def test_a_relative_date_that_leads_nowhere_is_refused(text: str) -> None:
    with pytest.raises(DateError):
        parse_date(text, zone=SHANGHAI, seen=datetime(1990, 1, 1, tzinfo=UTC))
    with pytest.raises(DateError):
        parse_date("3000 years ago", zone=SHANGHAI, seen=SEEN)


def test_a_month_before_the_31st_is_the_last_day_of_a_shorter_one() -> None:
    seen = datetime(2022, 3, 31, 12, tzinfo=UTC)
    assert parse_date("1 month ago", zone=SHANGHAI, seen=seen) == utc("2022-02-28 12:00")


def test_yesterday_is_a_day_of_the_calendar_where_clocks_change() -> None:
    seen = datetime(2024, 3, 31, 10, tzinfo=UTC)  # the day has 23 hours
    assert parse_date("yesterday 12:00", zone=BERLIN, seen=seen) == utc("2024-03-30 11:00")


@given(st.text(max_size=60), st.sampled_from([SHANGHAI, BERLIN, CHICAGO]))
def test_any_text_is_a_date_in_utc_or_refused(text: str, zone: ZoneInfo) -> None:
    assert_date_or_refused(text, zone)


PIECES = (
    "2022 02 31 2 99 11:21 Feb Monday Wed, GMT +0800 Z T - / . : , 年 月 日 昨天 前 ago days AM PM "
    "CST Asia/Tokyo UTC+8 ( ) e 1e5 1643800867 9999 0000 下午 时 分 二 十"
)


@given(
    st.lists(
        st.one_of(st.sampled_from(PIECES.split()), st.just(" "), st.integers(0, 10**20).map(str)),
        max_size=9,
    ).map("".join)
)
def test_pieces_of_dates_in_any_order_are_a_date_in_utc_or_refused(text: str) -> None:
    assert_date_or_refused(text, SHANGHAI)


@given(st.integers(-(2**31), 4_000_000_000), st.integers(0, 999_999), st.integers(-14 * 60, 14 * 60))
def test_iso_8601_comes_through_to_the_microsecond(seconds: int, microseconds: int, minutes: int) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds, microseconds=microseconds)
    local = moment.astimezone(timezone(timedelta(minutes=minutes)))
    assert parse_date(local.isoformat(), zone=SHANGHAI) == moment


def assert_date_or_refused(text: str, zone: ZoneInfo) -> None:
    try:
        moment = parse_date(text, zone=zone, seen=SEEN)
    except DateError:
        return
    assert moment.tzinfo is UTC
    assert 1899 <= moment.year <= 2101

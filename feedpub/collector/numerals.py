"""Chinese numerals in dates: `二〇二二年二月二十二日` is `2022年2月22日`."""

from __future__ import annotations

import re

_DIGITS = {**{digit: value for value, digit in enumerate("零一二三四五六七八九")}, "〇": 0, "○": 0, "两": 2, "兩": 2}
_RUN = re.compile(
    "[零〇○一二三四五六七八九十廿卅两兩]+(?=\\s*(?:年|月|日|号|號|时|時|点|點|分|秒|个|個|小|天|周|週|星期|礼拜|禮拜))"
)


def to_digits(text: str) -> str:
    """Write the Chinese numerals before units of time as digits; weekdays (`星期二`) stay."""
    return text if text.isascii() else _RUN.sub(lambda run: _count(run[0]), text)


def _count(run: str) -> str:
    run = run.replace("廿", "二十").replace("卅", "三十")
    if "十" not in run:
        return "".join(str(_DIGITS[sign]) for sign in run)
    tens, _, ones = run.partition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return run
    return str((_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0))

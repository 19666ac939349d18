"""Characters: what XML 1.0 allows, and text on one line."""

from __future__ import annotations

import re
from functools import cache

#: `Char` of XML 1.0 (section 2.2); any other one makes a whole feed unreadable.
_CHAR = "\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff"

#: Controls that nobody means: they are characters of Windows-1252, taken for Latin-1 once. HTML reads references to
#: them so (section 13.2.5.80).
_NO_C1 = re.compile("[^\x80-\x9f]*")
_MEANT = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}


def mend_controls(text: str) -> str:
    """Put in the place of controls (C1) the characters that were meant."""
    return text if _NO_C1.fullmatch(text) else text.translate(_MEANT)


def is_plain(text: str) -> bool:
    """Say whether all characters of a text are read as they stand: allowed in XML, no controls (C1), no returns."""
    # What is printable is plain, and that is seen at once.
    return text.isprintable() or _plain().fullmatch(text) is not None


def xml_safe(text: str) -> str:
    """Drop the characters that XML 1.0 forbids; escaping does not save them."""
    # Of most texts it is seen in half the time that there is nothing to drop.
    return text if is_plain(text) else _forbidden().sub("", text)


def one_line(text: str) -> str:
    """Squeeze every run of white space to one blank, and drop what XML forbids."""
    return " ".join(xml_safe(text).split())


# Compiling one takes longer than reading a hundred articles, in which there may be nothing to look for.
@cache
def _plain() -> re.Pattern[str]:
    return re.compile("[\t\n\x20-\x7f\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")


@cache
def _forbidden() -> re.Pattern[str]:
    return re.compile(f"[^{_CHAR}]")

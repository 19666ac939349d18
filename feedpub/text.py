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


def xml_safe(text: str) -> str:
    """Drop the characters that XML 1.0 forbids; escaping does not save them."""
    # What is printable is allowed, and that is seen at once; of most other texts it is seen in half the time.
    return text if text.isprintable() or _allowed().fullmatch(text) else _forbidden().sub("", text)


def one_line(text: str) -> str:
    """Squeeze every run of white space to one blank, and drop what XML forbids."""
    return " ".join(xml_safe(text).split())


# Compiling one takes longer than reading a hundred articles, in which there may be nothing to look for.
@cache
def _allowed() -> re.Pattern[str]:
    return re.compile(f"[{_CHAR}]*")


@cache
def _forbidden() -> re.Pattern[str]:
    return re.compile(f"[^{_CHAR}]")

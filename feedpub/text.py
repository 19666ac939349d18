"""Characters: what XML 1.0 allows, and text on one line."""

from __future__ import annotations

import re

#: `Char` of XML 1.0 (section 2.2); any other one makes a whole feed unreadable.
_CHAR = "\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff"
_ALLOWED = re.compile(f"[{_CHAR}]*")
_FORBIDDEN = re.compile(f"[^{_CHAR}]")


#: Controls that nobody means: they are characters of Windows-1252, taken for Latin-1 once. HTML reads references to
#: them so (section 13.2.5.80).
_NO_C1 = re.compile("[^\x80-\x9f]*")
_MEANT = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}


def mend_controls(text: str) -> str:
    """Put in the place of controls (C1) the characters that were meant."""
    return text if _NO_C1.fullmatch(text) else text.translate(_MEANT)


def xml_safe(text: str) -> str:
    """Drop the characters that XML 1.0 forbids; escaping does not save them."""
    # Most texts hold none of them, and that is seen in half the time.
    return text if _ALLOWED.fullmatch(text) else _FORBIDDEN.sub("", text)


def one_line(text: str) -> str:
    """Squeeze every run of white space to one blank, and drop what XML forbids."""
    return " ".join(xml_safe(text).split())

"""Characters: what XML 1.0 allows, and text on one line."""

from __future__ import annotations

import re

#: All that `Char` of XML 1.0 (section 2.2) leaves out; one of them makes a whole feed unreadable.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_safe(text: str) -> str:
    """Drop the characters that XML 1.0 forbids; escaping does not save them."""
    return _FORBIDDEN.sub("", text)


def one_line(text: str) -> str:
    """Squeeze every run of white space to one blank, and drop what XML forbids."""
    return " ".join(xml_safe(text).split())

"""What no article is, and what is made to hurt: each limit stands for a cost that grows faster than the page."""

from __future__ import annotations

from feedpub.sanitiser.rules import SanitiserError

#: Characters of a page. A longer one is a dump.
SIZE = 2_000_000
#: A long article has some thousands; each costs some fifteen microseconds.
ELEMENTS = 30_000
#: What shows a file costs four times as much.
FILES = 5_000
#: Attributes of one tag. libxml2 compares each with all others.
ATTRIBUTES = 2_000
#: Of "&" in what comes out: html5ever takes longer for each than for the one before.
REFERENCES = 100_000


def check(number: int, of: str, most: int) -> None:
    """Refuse what there is too much of.

    Raises:
        SanitiserError: The *number* is more than *most*.
    """
    if number > most:
        raise SanitiserError(f"{number} {of}, more than {most}")

"""Patterns in which "*" stands for anything."""

from __future__ import annotations

import re


def expression_of(pattern: str) -> str:
    """Return the regular expression of a pattern; for addresses and names that hold line ends, compile with DOTALL."""
    return ".*".join(map(re.escape, pattern.split("*")))

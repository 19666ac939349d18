"""What must hold of the sanitiser's answer, whatever it was asked."""

from __future__ import annotations

from feedpub.sanitiser import SanitiserError, sanitise
from feedpub.text import xml_safe
from tests.liveness import live, texts


def check(html: str, *, base_url: str | None) -> str | None:
    """Return what came out; `None` where the page was refused.

    Raises:
        AssertionError: it is unsafe, no XML, or not the same the second time.
    """
    try:
        out = sanitise(html, base_url=base_url).html
    except SanitiserError:
        return None
    faults = faults_of(out, base_url=base_url)
    assert faults == [], f"{faults} in {out!r}"
    return out


def faults_of(out: str, *, base_url: str | None) -> list[str]:
    """List what is wrong with a page that came out."""
    again = sanitise(out, base_url=base_url).html
    checks = {
        "characters that XML forbids": xml_safe(out) != out,
        "a carriage return": "\r" in out,
        "the end of a CDATA section": "]]>" in out,
        "blanks around it": out != out.strip(" \n\t"),
        "more than one text": len(texts(out)) > 1,
        f"another answer the second time: {again!r}": again != out,
    }
    return [*live(out), *(fault for fault, found in checks.items() if found)]

"""The sanitiser: any HTML in, HTML out that is safe to show and reads like the story.

This is the stage's front door. What does the work is imported at the first call, so that commands that never
sanitise start at once.
"""

from __future__ import annotations

from collections.abc import Sequence

from feedpub.sanitiser.rules import DEFAULT, Change, Rules, Sanitised, SanitiserError

__all__ = [
    "DEFAULT",
    "VERSION",
    "Change",
    "Rules",
    "Sanitised",
    "SanitiserError",
    "find_picture",
    "image_url",
    "link_url",
    "made_by",
    "media_url",
    "plain_text",
    "sanitise",
    "sanitise_all",
    "summarise",
    "summarise_page",
]

#: Of what comes out, summaries and addresses too. To be raised with every change of it: entries that another version
#: made, and that were kept, are made again. `tests/test_sanitiser_version.py` sees to that.
VERSION: int = 1


def made_by() -> tuple[object, ...]:
    """Say what the outcome depends on besides what is given: this package, and the libraries that read and gate.

    What was cleaned before one of them was mended is not clean any more.
    """
    import nh3
    from lxml import etree  # type: ignore[import-untyped]

    return VERSION, nh3.__version__, etree.LXML_VERSION, etree.LIBXML_VERSION  # type: ignore[attr-defined]


def sanitise(html: str, *, base_url: str | None = None, rules: Rules = DEFAULT) -> Sanitised:
    """Clean *html*, whose relative addresses start from *base_url*.

    Raises:
        SanitiserError: the text is over `html.MAX_SIZE`, or nested deeper than the parser goes.
    """
    from feedpub.sanitiser import html as passes

    return passes.sanitise(html, base_url=base_url, rules=rules)


def sanitise_all(
    pages: Sequence[tuple[str, str | None]], *, rules: Rules = DEFAULT
) -> list[Sanitised | SanitiserError]:
    """Clean many pages, each with the address that its relative ones start from, in three quarters of the time.

    Where `sanitise` would raise an error, that is the outcome.
    """
    from feedpub.sanitiser import html as passes

    return passes.sanitise_all(pages, rules=rules)


def plain_text(html: str) -> str:
    """Return the text of clean HTML, without footnotes: a line for each block, entities decoded once."""
    from feedpub.sanitiser import prose

    return prose.plain_text(html)


def summarise(text: str, *, limit: int = 200) -> str:
    """Shorten plain text to *limit* characters: whole sentences, or whole words and "…"."""
    from feedpub.sanitiser import prose

    return prose.summarise(text, limit=limit)


def summarise_page(html: str, *, limit: int = 200) -> str:
    """Do what `summarise` does with the `plain_text` of clean HTML, without reading more of it than that takes."""
    from feedpub.sanitiser import prose

    return prose.summarise_page(html, limit=limit)


def link_url(url: str, *, base_url: str | None = None, rules: Rules = DEFAULT) -> str | None:
    """Return where a link leads: http(s), `mailto:` or `tel:`, redirects undone and tracking cut."""
    from feedpub.sanitiser import addresses

    return addresses.link_url(url, base_url=base_url, rules=rules)


def image_url(url: str, *, base_url: str | None = None, rules: Rules = DEFAULT) -> str | None:
    """Return the address at which a picture is shown, `None` for what shows nothing or cannot be fetched."""
    from feedpub.sanitiser import addresses

    return addresses.image_url(url, base_url=base_url, rules=rules)


def find_picture(url: str, *, base_url: str | None, rules: Rules) -> tuple[str | None, str]:
    """Return the address at which a picture is shown, or else `None` and what it is instead."""
    from feedpub.sanitiser import addresses

    return addresses.find_picture(url, base_url=base_url, rules=rules)


def media_url(url: str, *, base_url: str | None = None, rules: Rules = DEFAULT) -> str | None:
    """Return the address of a sound, a film or an enclosure, out of its wrappers."""
    from feedpub.sanitiser import addresses

    return addresses.media_url(url, base_url=base_url, rules=rules)

"""The sanitiser: any HTML in, HTML out that is safe to show and reads like the story.

This is the stage's front door. What parses and cleans is imported at the first call, so that commands
that never sanitise start at once.
"""

from __future__ import annotations

from feedpub.sanitiser.addresses import find_picture, image_url, link_url, media_url
from feedpub.sanitiser.prose import plain_text, summarise
from feedpub.sanitiser.rules import DEFAULT, Change, Rules, Sanitised, SanitiserError

__all__ = [
    "DEFAULT",
    "Change",
    "Rules",
    "Sanitised",
    "SanitiserError",
    "find_picture",
    "image_url",
    "link_url",
    "media_url",
    "plain_text",
    "sanitise",
    "summarise",
]


def sanitise(html: str, *, base_url: str | None = None, rules: Rules = DEFAULT) -> Sanitised:
    """Clean *html*, whose relative addresses start from *base_url*.

    Raises:
        SanitiserError: the text is over `html.MAX_SIZE`, or nested deeper than the parser goes.
    """
    from feedpub.sanitiser import html as passes

    return passes.sanitise(html, base_url=base_url, rules=rules)

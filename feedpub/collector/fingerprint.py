"""Digests by which an article is known again, taken from its text as it lies in the file.

They are cheap on purpose: every article has them taken, though few are shown. None of the patterns can look at a
character twice, whatever a crawler wrote.
"""

from __future__ import annotations

import hashlib
import re

from feedpub.model import Article

#: To be raised with every change of what is read as an article's title and text: else the first run after an
#: upgrade would show all articles as updated.
VERSION = 1

#: From this many characters on, a text speaks for itself; a shorter one ("view on the web") needs its title and links.
_SPEAKS_FOR_ITSELF = 200

#: All of it begins with "<", so that the text between is passed over at the speed of a string search.
_UNSEEN = re.compile(
    r"""<(?: !--.*?(?:-->|\Z)                                         # comments
        | (?P<raw>script|style)\b.*?(?:</(?P=raw)\s*>|\Z)            # what a browser runs and never shows
        | span\b[^<>]*?\bid=["']?quote_[^<>]*>.*?(?:</span>|\Z)      # a live price
        | [^<>]*>                                                    # tags
        )""",
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)
_MEDIA = re.compile(r"""<(?:audio|video|source|iframe|embed)\b[^<>]*?\bsrc\s*=\s*["']?([^"'\s<>]+)""", re.IGNORECASE)
_ADDRESS = re.compile(r"""\b(?:href|src)\s*=\s*["']?([^"'\s<>]+)""", re.IGNORECASE)


def digest(*parts: str) -> str:
    """Take a digest of several strings; where one ends and the next begins matters."""
    sha = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        sha.update(b"%d:" % len(data) + data)
    return sha.hexdigest()[:32]


def digest_bytes(raw: bytes) -> str:
    """Take a digest of a file."""
    return hashlib.sha256(raw).hexdigest()[:32]


def digest_article(article: Article) -> tuple[str, str]:
    """Take two digests: of what two files with the same story share, and of what a reader would notice.

    Neither sees markup or white space.
    """
    text = "".join(_UNSEEN.sub("", article.body).split())
    words = digest(text)
    if len(text) < _SPEAKS_FOR_ITSELF:
        story = digest(words, article.title, article.link or "", *_ADDRESS.findall(article.body))
    else:
        # Two episodes of one podcast may have the same notes.
        story = digest(words, *_MEDIA.findall(article.body))
    return story, f"{VERSION}:{digest(words, article.title)}"

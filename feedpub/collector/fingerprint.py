"""Digests by which an article is known again, taken from its text as it lies in the file.

They are cheap on purpose: every article has them taken, though few are shown. None of the patterns can look at a
character twice, whatever a crawler wrote.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

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
#: What `_UNSEEN` takes besides tags, where no element is in it, or none that is media in a comment. Whatever else may
#: be such, or media, takes all the rest, so that nothing is searched twice, and has a group, which is empty. First
#: letters are told from each other before capitals are: most elements have others.
_SPECIAL = re.compile(
    r"""<(?=[!sSſaAvViIıİeE])
        (?: !--(?: [^-<]*+(?: (?: -(?!->) | <(?!(?i: audio | video | source | iframe | embed )) )[^-<]*+ )*+--> | .*() )
        | [sSſ](?i:
            (?a: (?<=s)cript)\b(?: [^<]*+</(?a:script)> | .*() )
            | (?a: (?<=s)tyle)\b(?: [^<]*+</(?a:style)> | .*() )
            | pan\b(?: [^<>=]*= )+?(?<=\bid=)["']?quote_(?: [^<>]*>[^<]*+</span> | .*() )
            | (?: cript | tyle | ource ).*() )
        | [aA](?i: udio ).*()
        | [vV](?i: ideo ).*()
        | [iIıİ](?i: frame ).*()
        | [eE](?i: mbed ).*()
        )""",
    re.DOTALL | re.VERBOSE,
)
#: Twice as fast as with "<" excluded as well.
_TAG = re.compile("<[^>]*>")
_MEDIA = re.compile(r"""<(?:audio|video|source|iframe|embed)\b[^<>]*?\bsrc\s*=\s*["']?([^"'\s<>]+)""", re.IGNORECASE)
_ADDRESS = re.compile(r"""\b(?:href|src)\s*=\s*["']?([^"'\s<>]+)""", re.IGNORECASE)

#: Blanks that are one byte in UTF-8, and the others by the byte that they begin with, but for U+3000.
_BLANKS = b"\t\n\v\f\r\x1c\x1d\x1e\x1f "
_RARE_BLANKS = (
    (b"\xc2", re.compile(rb"\xc2[\x85\xa0]")),  # U+0085, U+00A0
    (b"\xe1", re.compile(rb"\xe1\x9a\x80")),  # U+1680
    (b"\xe2", re.compile(rb"\xe2(?:\x80[\x80-\x8a\xa8\xa9\xaf]|\x81\x9f)")),  # U+2000 to U+200A, U+2028 and so on
)


def digest_bytes(raw: bytes) -> str:
    """Take a digest of a file."""
    return hashlib.sha256(raw).hexdigest()[:32]


def digest_article(article: Article) -> tuple[str, str]:
    """Take two digests: of what two files with the same story share, and of what a reader would notice.

    Neither sees markup or white space.
    """
    text, media = _read_text(article.body)
    words = _mark_ends((_digest_words(text),))
    if _is_short(text):
        apart = _mark_ends((article.title, article.link or "", *_ADDRESS.findall(article.body)))
    else:
        # Two episodes of one podcast may have the same notes.
        apart = _mark_ends(media)
    return digest_bytes(words + apart), f"{VERSION}:{digest_bytes(words + _mark_ends((article.title,)))}"


def _digest_words(text: bytes) -> str:
    # Not put together before, which would copy all of the text.
    sha = hashlib.sha256(b"%d:" % len(text))
    sha.update(text)
    return sha.hexdigest()[:32]


def _mark_ends(parts: Iterable[str]) -> bytes:
    """Give several strings in a row; where one ends and the next begins matters."""
    encoded = (part.encode("utf-8", "surrogatepass") for part in parts)
    return b"".join([b"%d:%b" % (len(part), part) for part in encoded])


def _read_text(body: str) -> tuple[bytes, list[str]]:
    """Give the text that shows, without blanks and in UTF-8, and the addresses of media."""
    simple = _strip_simple(body)
    if simple is None:
        return _drop_blanks(_UNSEEN.sub("", body)), _MEDIA.findall(body)
    return _drop_blanks(simple), []


def _strip_simple(body: str) -> str | None:
    """Strip what `_UNSEEN` does, in half the time; `None` where that could go wrong, or there is media."""
    parts = _SPECIAL.split(body)
    rest = parts[:: _SPECIAL.groups + 1]
    if len(parts) - len(rest) != parts.count(None):
        return None
    # As a tag, which goes in the next step: what stands around it must not become one.
    text = "<>".join(rest)
    # Where a tag has no end, each is searched for one through all of the rest.
    if text.rfind("<") > text.rfind(">"):
        return None
    texts = _TAG.split(text)
    # One "<" for each tag: so none stands within a tag, or in the text.
    return "".join(texts) if len(texts) == text.count("<") + 1 else None


def _drop_blanks(text: str) -> bytes:
    """Give a text in UTF-8 without the characters that `str.split` splits at."""
    data = text.replace("\u3000", "").encode("utf-8", "surrogatepass").translate(None, _BLANKS)
    for first, blanks in _RARE_BLANKS:
        if first in data:
            data = blanks.sub(b"", data)
    return data


def _is_short(data: bytes) -> bool:
    # Decoded only where the bytes do not tell: a character has up to four.
    return len(data) < 4 * _SPEAKS_FOR_ITSELF and len(data.decode("utf-8", "surrogatepass")) < _SPEAKS_FOR_ITSELF

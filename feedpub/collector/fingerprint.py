"""Digests by which an article is known again, taken from its text as it lies in the file.

They are cheap on purpose: every article has them taken, though few are shown. None of the patterns can look at a
byte more often than a few times, whatever a crawler wrote.
"""

from __future__ import annotations

import hashlib
import re

#: To be raised with every change of what is read as an article's title and text: else the first run after an
#: upgrade would show all articles as updated.
VERSION = 2

#: From this many characters on, a text speaks for itself; a shorter one ("view on the web") needs its title and links.
_SPEAKS_FOR_ITSELF = 200

#: All that is no text. It begins with "<", so that the text between is passed over at the speed of a string search, and
#: most tags are told by their first letter. What has no end takes all the rest, or else nothing and stops at the next
#: "<", so that nothing is searched twice. What stands between paragraphs is taken at once.
_TEMPLATE = rb"""<(?:
      /p>(?:\s*+<p>|) | p>
    | [^!sSaAvViIeE<>][^<>]*+>
    | !--[^-]*+(?:-(?!->)[^-]*+)*+(?:-->|\Z)                                                     # comments
    | [sS](?:                                               # what a browser runs and never shows, and live prices
          (?i:cript)(?=[\s/>])[^<]*+(?:<(?!/(?i:script)\s*+>)[^<]*+)*+(?:<[^>]*+>|\Z)
        | (?i:tyle)(?=[\s/>])[^<]*+(?:<(?!/(?i:style)\s*+>)[^<]*+)*+(?:<[^>]*+>|\Z)
        | (?i:pan)\b(?>(?:[^<>=]*+=)+?(?<=\b[iI][dD]=)["']?(?i:quote_))[^<>]*+>
          [^<]*+(?:<(?!/(?i:span)>)[^<]*+)*+(?:<[^>]*+>|\Z)
      )
    | %b
      (?: \w++\s\w++=["'][^>]*+(?:>|\Z) | [^<>]*+> )                     # tags; where there is text in quotes, surely
    )(?:\xe3\x80\x80)*+"""
_MEDIA = rb"(?i:audio|video|source|iframe|embed)\b"
#: Without those that may be media: where one is left, it is looked at again, and addresses are told.
_UNSEEN = re.compile(_TEMPLATE % (rb"(?!%b)" % _MEDIA), re.VERBOSE)
_UNSEEN_AND_MEDIA = re.compile(
    _TEMPLATE % (rb"""%b(?>[^<>]*?\b(?i:src)\s*+=\s*+["']?([^"'\s<>]++))[^<>]*+> |""" % _MEDIA), re.VERBOSE
)
_ADDRESS = re.compile(rb"""\b(?:href|src)\s*+=\s*+["']?([^"'\s<>]++)""", re.IGNORECASE)

#: Blanks that are one byte in UTF-8, and the others by the bytes that they begin with.
_BLANKS = b"\t\n\v\f\r\x1c\x1d\x1e\x1f "
_RARE_BLANKS = (
    (b"\xc2", re.compile(rb"\xc2[\x85\xa0]")),  # U+0085, U+00A0
    (b"\xe1", re.compile(rb"\xe1\x9a\x80")),  # U+1680
    (b"\xe2", re.compile(rb"\xe2(?:\x80[\x80-\x8a\xa8\xa9\xaf]|\x81\x9f)")),  # U+2000 to U+200A, U+2028 and so on
    (b"\xe3", re.compile(rb"\xe3\x80\x80")),  # U+3000
)


def digest_bytes(raw: bytes) -> str:
    """Take a digest of a file."""
    return hashlib.sha256(raw).hexdigest()[:32]


def digest_article(body: bytes, *, title: str, link: str | None) -> tuple[str, str]:
    """Take two digests: of what two files with the same story share, and of what a reader would notice.

    Neither sees markup or white space in the body, which is in UTF-8.
    """
    text, media = _read_text(body)
    sha = hashlib.sha256(text)
    said = sha
    if _is_short(text):
        said = _go_on(sha, [_encode(title), _encode(link or ""), *_ADDRESS.findall(body)])
    elif media:
        # Two episodes of one podcast may have the same notes.
        said = _go_on(sha, media)
    story = said.hexdigest()[:32]
    # Apart, so that a file with another title can be told from one with another text.
    return story, f"{VERSION}:{sha.hexdigest()[:24]}:{hashlib.sha256(_encode(title)).hexdigest()[:8]}"


def _go_on(sha: hashlib._Hash, parts: list[bytes]) -> hashlib._Hash:
    """Take the digest of a text and several strings; where one ends and the next begins matters."""
    longer = sha.copy()
    longer.update(b"\n" + b"".join([b"%d:%b" % (len(part), part) for part in parts]))
    return longer


def _read_text(body: bytes) -> tuple[bytes, list[bytes]]:
    """Give the text that shows, without blanks, and the addresses of media."""
    text = b"".join(_UNSEEN.split(body))
    if b"<" not in text:
        return _drop_blanks(text), []
    pieces = _UNSEEN_AND_MEDIA.split(body)
    return _drop_blanks(b"".join(pieces[::2])), [address for address in pieces[1::2] if address]


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _drop_blanks(text: bytes) -> bytes:
    """Drop the characters that `str.split` splits at."""
    text = text.translate(None, _BLANKS)
    for first, blanks in _RARE_BLANKS:
        if first in text:
            text = blanks.sub(b"", text)
    return text


def _is_short(text: bytes) -> bool:
    # Decoded only where the bytes do not tell: a character has up to four.
    return len(text) < 4 * _SPEAKS_FOR_ITSELF and len(text.decode("utf-8", "surrogatepass")) < _SPEAKS_FOR_ITSELF

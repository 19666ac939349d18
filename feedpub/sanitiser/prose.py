"""Clean HTML as plain text, and a text's beginning as a summary."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from html import unescape
from itertools import chain

from feedpub.text import one_line, xml_safe

_BLOCK = (
    "address|article|aside|blockquote|br|caption|dd|details|div|dl|dt|figcaption|figure|footer|h[1-6]|header|hr"
    "|li|main|nav|ol|p|pre|section|summary|table|td|th|tr|ul"
)
_IN_TAG = r"[^>\"]*+(?:\"[^\"]*+\"[^>\"]*+)*+"
#: The tags of blocks with nothing but blanks between them, most often the end of one and the start of the next.
_BLOCK_TAGS = re.compile(rf"(?:</?(?:{_BLOCK})\b{_IN_TAG}>\s*+)++")
_TAG = re.compile(rf"<{_IN_TAG}>")
_BREAK = "\x00"

#: The mark of a footnote in the text, with its link or without, and what leads from the note back to it.
_NOTE_MARK = re.compile(r"<sup>\s*(?:<a\b[^<>]*>)?\s*\[\d+(?::\d+)?\]\s*(?:</a>)?\s*</sup>")
_BACK = ("↩", "↩\ufe0e", "↩\ufe0f")

#: Scripts that are written without blanks: a line end between two of their characters is none in the text
#: (CSS Text 3, section 4.1.3).
_WIDE = "\u2e80-\u2fff\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"

_CLOSING = "\"'”’」』）)》〉】］\\]"
_SENTENCE_END = re.compile(rf"(?:[。！？!?]+|[.](?=[{_CLOSING}]*(?:\s|$)))[{_CLOSING}]*")
#: A point after these ends no sentence, nor one after an initial.
_ABBREVIATION = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Prof|St|No|vs|e\.g|i\.e|U\.S|Inc|Co|Ltd|[A-Z])\.$")
_ENTITY = re.compile(r"&#?\w{1,31};")

_FARTHEST = 100
#: How much of the beginning of a page is looked at, for each character of its text that is wanted.
_MARKUP = 8
_JOINER = "\u200d"


def plain_text(html: str) -> str:
    """Return the text of clean HTML, without footnotes: a line for each block, entities decoded once."""
    marked = _BLOCK_TAGS.sub(_BREAK, _NOTE_MARK.sub("", xml_safe(html)))
    lines = map(_one_line, _TAG.sub("", marked).split(_BREAK))
    return "\n".join(line for line in lines if line and not line.endswith(_BACK))


def summarise(text: str, *, limit: int = 200) -> str:
    """Shorten plain text to *limit* characters: whole sentences, or whole words and "…".

    Never cuts what readers take for one character (UAX #29), nor an entity that the text spells out.
    """
    # What follows the cut matters no farther than a long word reaches.
    seen = limit + _FARTHEST
    line = one_line(text[: 2 * seen])
    if len(line) < seen:  # the text is short, or it begins with many blanks
        line = one_line(text)
    return _shorten(line, limit)


def summarise_page(html: str, *, limit: int = 200) -> str:
    """Summarise clean HTML; its plain text is made no farther than a summary looks."""
    seen = limit + _FARTHEST
    line = one_line(_beginning(html, seen))
    return summarise(plain_text(html), limit=limit) if len(line) < seen else _shorten(line, limit)


def _shorten(line: str, limit: int) -> str:
    if len(line) <= limit:
        return line
    line = line[: limit + _FARTHEST]
    return _whole_sentences(line, limit) or _whole_words(line, limit)


def _beginning(html: str, size: int) -> str:
    """Return the first lines of a page's plain text, at least *size* characters if there are so many."""
    head = html[: _MARKUP * size]
    marked = _NOTE_MARK.sub("", xml_safe(head))
    # What is not all there has no end.
    end = (None,) if len(head) == len(html) else ()
    lines: list[str] = []
    start = length = 0
    for tags in chain(_BLOCK_TAGS.finditer(marked), end):
        text = _TAG.sub("", marked[start : tags.start() if tags else len(marked)])
        if "<" in text:
            # What looked like the tag of a block was within another one.
            break
        line = _one_line(text)
        if line and not line.endswith(_BACK):
            lines.append(line)
            length += len(line) + 1
        if tags is None or length > size:
            return "\n".join(lines)
        start = tags.end()
    return plain_text(html)


def _one_line(text: str) -> str:
    # Between two blocks there is a line end and nothing else, most often.
    decoded = unescape(text).strip()
    if "\n" in decoded:
        decoded = _split_wide().sub("", decoded)
    return " ".join(decoded.split())


# To compile one of these takes longer than to read some hundred articles, in which there may be nothing to look for.
@cache
def _split_wide() -> re.Pattern[str]:
    return re.compile(rf"(?<=[{_WIDE}])[ \t]*\n\s*(?=[{_WIDE}])")


@cache
def _word() -> re.Pattern[str]:
    return re.compile(rf"[^\W{_WIDE}][^\s{_WIDE}]*")


def _whole_sentences(line: str, limit: int) -> str:
    # A sentence that fills less than a third would say too little, such as "Hi.".
    sentences = [match.span() for match in _SENTENCE_END.finditer(line, 0, limit + 1)]
    ends = (end for point, end in reversed(sentences) if not _is_abbreviated(line, point))
    fitting = (end for end in ends if limit // 3 <= end <= limit and not _joined(line, end))
    return line[: next(fitting, 0)]


def _is_abbreviated(line: str, point: int) -> bool:
    # What is farther before the point than the longest abbreviation need not be looked through.
    return line[point] == "." and _ABBREVIATION.search(line, max(0, point - 8), point + 1) is not None


def _whole_words(line: str, limit: int) -> str:
    cut = limit - 1
    for whole in (_word(), _ENTITY):
        around = next((m for m in whole.finditer(line) if m.start() < cut < m.end()), None)
        # A word that fills the whole limit is cut all the same.
        if around and around.start() > 0:
            cut = around.start()
    while cut > 0 and _joined(line, cut):
        cut -= 1
    return line[:cut].rstrip(" ,;:，；：、") + "…" if cut > 0 else ""


def _joined(text: str, at: int) -> bool:
    """Say whether the characters around a position are one for readers."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if _extends(after) or _JOINER in (before, after):
        return True
    # A virama ties the next consonant to its own (UAX #29, GB9c).
    if unicodedata.combining(before) == 9:
        return True
    return _is_flag_half(after) and _flag_halves_before(text, at) % 2 == 1


def _extends(character: str) -> bool:
    if unicodedata.category(character) in ("Mn", "Mc", "Me"):
        return True
    return "\U0001f3fb" <= character <= "\U0001f3ff" or "\U000e0020" <= character <= "\U000e007f"


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flag_halves_before(text: str, at: int) -> int:
    halves = 0
    while halves < at and _is_flag_half(text[at - halves - 1]):
        halves += 1
    return halves

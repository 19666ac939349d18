"""From bytes to text: UTF-8 first, then what the file declares, then what is detected."""

from __future__ import annotations

import codecs
import re

from feedpub.collector.latin import tell_latin

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MARKS = tuple(mark for mark, _ in _BOMS)
#: `<meta charset=…>`, `content="text/html; charset=…"`, `coding: …` (PEP 263).
_DECLARED = re.compile(rb"(?:charset|coding)[ \t]*[=:][ \t]*[\"']?([A-Za-z0-9_.:-]{2,40})")
#: The larger sets that decode what is declared under these names, as the WHATWG Encoding Standard has it.
_LARGER = {
    **dict.fromkeys(("gb2312", "gbk", "hz"), "gb18030"),
    **dict.fromkeys(("big5", "big5_tw", "cp950"), "big5hkscs"),
    **dict.fromkeys(("shift_jis", "sjis"), "cp932"),
    **dict.fromkeys(("euc_kr", "ks_c_5601_1987"), "cp949"),
    **dict.fromkeys(("ascii", "iso8859_1", "latin_1"), "cp1252"),
}
_CHINESE = frozenset(
    "的一是不了在人有我他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生自会那后能对着事其里所去行过家"
    "十用发天如然作方成者多日都三小军二无同么经法当起与好看学进种将还分此心前面又定见只主没公从新文章今明提要信息部"
    "這個們來說國時會對過發樣經還沒當從後與為開問頭種學進無點電業產動現體報場實關機長"
)
_JAPANESE = frozenset("のにはをたがでてとしれさいるあっなもこかりうくスンルトアイリーラクドレテシロマ")
_KOREAN = frozenset("이다는의에을를가은고하한지로기도서사자어시인대리나")
#: What each language is full of, and what bytes of another come out as hardly ever. Punctuation tells nothing:
#: it stands at the same place in several of these.
_CANDIDATES = (
    ("gb18030", _CHINESE),
    ("big5hkscs", _CHINESE),
    ("cp932", _JAPANESE),
    ("euc_jp", _JAPANESE),
    ("cp949", _KOREAN),
)
#: A third of a text in these languages is such characters; a wrong decoding has next to none.
_ENOUGH = 0.1
#: Never without a byte order mark or a NUL, which was looked for before.
_WITH_NULS = ("utf_16", "utf_16_le", "utf_16_be", "utf_32", "utf_32_le", "utf_32_be", "utf_7")
#: Controls (C1) as UTF-8 has them.
_C1 = re.compile(rb"\xc2[\x80-\x9f]")
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1b"))
#: What is binary shows it at once.
_START = 1024
#: What the statistics are made from; more costs time and tells nothing.
_SAMPLE = 20_000


class UndecodableError(ValueError):
    """Bytes that are no text."""


def is_plain(raw: bytes) -> bool:
    """Say whether a file is text that only needs decoding, if it is UTF-8 at all."""
    # What is marked as UTF-8 may have been something else once.
    lost = raw.startswith(codecs.BOM_UTF8) and b"\xef\xbf\xbd" in raw
    return not (lost or b"\0" in raw or _is_binary(raw) or has_controls(raw))


def has_controls(raw: bytes) -> bool:
    """Say whether there are controls (C1) in what is UTF-8."""
    # They all begin with the same byte, and to look for that one takes next to no time.
    return b"\xc2" in raw and bool(_C1.search(raw))


def decode(raw: bytes) -> tuple[str, str | None]:
    """Give the text, without its byte order mark, and a note where it was not plain UTF-8.

    Raises:
        UndecodableError: It is empty, binary, or in no encoding that is known.
    """
    if raw.startswith(_MARKS):
        mark, encoding = next(pair for pair in _BOMS if raw.startswith(pair[0]))
        return _decode_marked(raw[len(mark) :], encoding)
    _refuse_binary(raw)
    try:
        return raw.decode(), None
    except UnicodeDecodeError as error:
        if b"\0" in raw:
            raise UndecodableError("binary: holds NUL bytes") from error
        return _decode_other(raw, error)


def _decode_marked(raw: bytes, encoding: str) -> tuple[str, str | None]:
    try:
        text, note = raw.decode(encoding), None if encoding == "utf-8" else f"read as {encoding}"
    except UnicodeDecodeError as error:
        text, note = raw.decode(encoding, "replace"), f"not {encoding} at byte {error.start}: replaced"
    if "\0" in text:
        raise UndecodableError("binary: holds NUL characters")
    if text.count("\ufffd") * 4 > len(text):
        raise UndecodableError(f"marked as {encoding}, and is something else")
    return text, note


def _refuse_binary(raw: bytes) -> None:
    # Crawlers leave single ones, which are dropped later.
    if b"\0" in raw and b"\0\0" in raw:
        raise UndecodableError("binary: holds NUL bytes")
    if _is_binary(raw):
        raise UndecodableError("binary: holds control characters")


def _is_binary(raw: bytes) -> bool:
    start = raw[:_START]
    return (len(start) - len(start.translate(None, _CONTROLS))) * 5 > len(start)


def _decode_other(raw: bytes, error: UnicodeDecodeError) -> tuple[str, str]:
    mended = raw.decode(errors="replace")
    if _is_nearly_utf8(mended, error, len(raw)):
        return mended, f"not UTF-8 at byte {error.start}: broken characters replaced"
    encoding = _declared(raw) or _guess(raw) or tell_latin(raw, guess=_detect(raw))
    if encoding is None:
        raise UndecodableError(f"not UTF-8 at byte {error.start}, and in no other encoding that is known") from error
    return raw.decode(encoding), f"read as {encoding}"


def _is_nearly_utf8(mended: str, error: UnicodeDecodeError, size: int) -> bool:
    """Tell a file with a few broken bytes from one in another encoding.

    What was cut in the middle of its last character is UTF-8 even if that is its only one: `error` is
    then about the end of the data. Elsewhere most characters beyond ASCII have to be whole.
    """
    if error.end == size and error.reason == "unexpected end of data":
        return True
    broken = mended.count("\ufffd")
    whole = sum(character > "\u07ff" for character in mended) - broken
    return whole > 4 * broken


def _declared(raw: bytes) -> str | None:
    for found in _DECLARED.finditer(raw[:2048]):
        try:
            encoding = codecs.lookup(found[1].decode("ascii")).name.replace("-", "_")
            encoding = _LARGER.get(encoding, encoding)
            raw.decode(encoding)
        except (LookupError, UnicodeError):
            continue
        return encoding
    return None


def _guess(raw: bytes) -> str | None:
    """Choose among the encodings of East Asia by the share of common characters; of equals the first."""
    scores = {encoding: _score(raw, encoding, common) for encoding, common in _CANDIDATES}
    best = max(scores, key=lambda encoding: scores[encoding])
    return best if scores[best] >= _ENOUGH else None


def _score(raw: bytes, encoding: str, common: frozenset[str]) -> float:
    try:
        text = raw.decode(encoding)[:_SAMPLE]
    except UnicodeDecodeError:
        return 0.0
    beyond_ascii = [character for character in text if character > "\x7f"]
    return sum(character in common for character in beyond_ascii) / max(len(beyond_ascii), 1)


def _detect(raw: bytes) -> str | None:
    # Heavy, and hardly ever needed.
    from charset_normalizer import from_bytes

    best = from_bytes(raw[:_SAMPLE], cp_exclusion=list(_WITH_NULS)).best()
    try:
        return best.encoding if best and raw.decode(best.encoding) else None
    except UnicodeDecodeError:
        return None

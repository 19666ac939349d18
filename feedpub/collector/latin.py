"""Which of the encodings for Latin letters a text is in: told by the letters of the languages written in each.

The statistics of a short text do not tell them apart, and "Trčs ŕ côté" is as likely to them as "Très à côté".
"""

from __future__ import annotations

#: Of equals the first: German and Spanish have the same bytes in several of these.
_LETTERS: tuple[tuple[str, str], ...] = (
    ("cp1252", "éèêëàâçîïôùûüÿœæÉÈÊÀÂÇÎÔÙÛŒ"),  # French
    ("cp1252", "áéíóúüñÁÉÍÓÚÜÑ¿¡çàèòï·ÇÀÈÒ"),  # Spanish, Catalan
    ("cp1252", "äöüßÄÖÜé"),  # German
    ("cp1252", "ãõçáâàéêíóôúÃÕÇÁÂÀÉÊÍÓÔÚªº"),  # Portuguese
    ("cp1252", "àèéìòùÀÈÉÌÒÙ"),  # Italian
    ("cp1252", "åäöæøéÅÄÖÆØÉ"),  # Danish, Finnish, Norwegian, Swedish
    *((encoding, "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ") for encoding in ("cp1250", "iso8859_2")),  # Polish
    *(
        (encoding, "áčďéěíňóřšťúůýžľôäÁČĎÉĚÍŇÓŘŠŤÚŮÝŽĽđćĐĆ")  # Czech, Slovak, Croatian
        for encoding in ("cp1250", "iso8859_2")
    ),
    ("cp1250", "áéíóöőúüűÁÉÍÓÖŐÚÜŰ"),  # Hungarian
    ("cp1250", "ăâîşţĂÂÎŞŢ"),  # Romanian
    ("cp1254", "çğıöşüâÇĞİÖŞÜ"),  # Turkish
    ("cp1257", "ąčęėįšųūžĄČĘĖĮŠŲŪŽ"),  # Lithuanian
    ("cp1257", "āčēģīķļņšūžĀČĒĢĪĶĻŅŠŪŽ"),  # Latvian
)
#: The last letter of the Latin blocks that these encodings have.
_LAST = "\u024f"
#: What any language has besides; it stands at the same place in most of these.
_PUNCTUATION = frozenset("\xa0‚„…†‡‰‹‘’“”•–—™›§©«®°»·€­")
#: Less than so much of what is beyond ASCII: none of these languages, and the guess may be right.
_ENOUGH = 0.85


def tell_latin(raw: bytes, *, guess: str | None) -> str | None:
    """Give the encoding whose languages have the letters of a text; *guess* where it is in another script."""
    if guess is None or not _is_latin(raw.decode(guess)):
        return guess
    shares = [(_share(raw, encoding, letters), encoding) for encoding, letters in _LETTERS]
    best, encoding = max(shares, key=lambda pair: pair[0])
    return encoding if best >= _ENOUGH else guess


def _is_latin(text: str) -> bool:
    return all(letter <= _LAST for letter in text if letter.isalpha())


def _share(raw: bytes, encoding: str, letters: str) -> float:
    """Say how much of what is beyond ASCII the letters of a language are."""
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    counted = [letter for letter in text if letter > "\x7f" and letter not in _PUNCTUATION]
    return sum(letter in letters for letter in counted) / max(len(counted), 1)

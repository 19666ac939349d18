"""Forms of addresses: the generators' placeholders as feedpub's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Formatter

from feedpub.init.findings import Permalink

_COLON = re.compile(r":(\w+)")

#: The directives of `strftime` that stand for a part of the date as feedpub writes it.
_DIRECTIVES = {"Y": "{year}", "m": "{month}", "d": "{day}", "H": "{hour}", "M": "{minute}", "S": "{second}"}


def translate_colons(form: str, *, names: Mapping[str, str]) -> Permalink:
    """Translate a form such as `/:year/:title/` (Hexo, Jekyll, Hugo); *names* gives what each name becomes."""
    unknown = [name for name in _COLON.findall(form) if name not in names]
    if unknown:
        return Permalink(form=form, problem=f":{unknown[0]} has no counterpart")
    pieces = _COLON.split(form)
    # `split` gives text and name in turn.
    filled = (names[piece] if odd else _literal(piece) for odd, piece in _numbered(pieces))
    return Permalink(form=form, template=_absolute("".join(filled)))


def translate_braces(form: str, *, names: Mapping[str, str]) -> Permalink:
    """Translate a form such as `{date:%Y}/{slug}.html` (Pelican)."""
    template = ""
    try:
        for text, name, spec, _ in Formatter().parse(form):
            template += _literal(text)
            if name is not None:
                template += _date(spec or "") if name == "date" else names[name]
    except (ValueError, KeyError) as error:
        return Permalink(form=form, problem=f"{error} has no counterpart")
    return Permalink(form=form, template=_absolute(template))


def _numbered(pieces: list[str]) -> list[tuple[bool, str]]:
    return [(index % 2 == 1, piece) for index, piece in enumerate(pieces)]


def _date(spec: str) -> str:
    """Translate what `strftime` would write."""
    directives = re.findall(r"%(-?.?)", spec)
    unknown = [directive for directive in directives if directive not in _DIRECTIVES]
    if unknown or not directives:
        raise KeyError(f"%{unknown[0]}" if unknown else "date")
    return re.sub(r"%(.)", lambda found: _DIRECTIVES[found[1]], _literal(spec))


def _literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _absolute(template: str) -> str:
    return f"/{template.lstrip('/')}"

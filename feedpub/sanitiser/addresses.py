"""Addresses as they shall stand: wrappers and redirects undone, absolute, encoded, without tracking."""

from __future__ import annotations

import re
from functools import lru_cache

from feedpub.sanitiser.hosts import SECURE, is_among
from feedpub.sanitiser.proxy import through_proxy
from feedpub.sanitiser.redirects import layers
from feedpub.sanitiser.rules import DEFAULT, Rules
from feedpub.sanitiser.trackers import PARAMETERS, is_counting, is_standing_in
from feedpub.sanitiser.wildcards import expression_of
from feedpub.urls import absolute, cut_parameters, encode_as_browsers, host_of, percent_encode, scheme_of, trim

#: What `encode_as_browsers` leaves as it is: nearly all addresses, and that is seen in a third of the time.
_ENCODED = re.compile(r"[\w.\-~%!#$&'()*+,/:;=?@\[\]|]*", re.ASCII)
_MAIL = re.compile(r"[^@\s?]+@[^@\s?]+(?:\?.*)?", re.DOTALL)
#: What scripts write where they have nothing.
_WORDS = frozenset(("undefined", "null", "none", "nan", "[object object]", "about:blank"))
_GAPS = re.compile(r"\s+|%20", re.ASCII)
_PHONE = re.compile(r"\+?[0-9().\-]{2,}")


def link_url(url: str, *, base_url: str | None = None, rules: Rules = DEFAULT) -> str | None:
    """Return where a link leads: http(s), `mailto:` or `tel:`, redirects undone and tracking cut."""
    url = trim(url)
    scheme, rest = scheme_of(url), url.partition(":")[2]
    if scheme == "mailto":
        return f"mailto:{percent_encode(rest)}" if _MAIL.fullmatch(rest) else None
    if scheme == "tel":
        rest = _GAPS.sub("", rest)
        return f"tel:{rest}" if _PHONE.fullmatch(rest) else None
    address = absolute(url, base=base_url, encode=_encode)
    *_, target = layers(address, templates=rules.unwrap, proxies=False) if address else (None,)
    return target and cut_parameters(target, PARAMETERS)


def image_url(url: str, *, base_url: str | None = None, rules: Rules = DEFAULT) -> str | None:
    """Return the address at which a picture is shown, `None` for what shows nothing or cannot be fetched."""
    found, _ = find_picture(url, base_url=base_url, rules=rules)
    return found


def find_picture(url: str, *, base_url: str | None, rules: Rules) -> tuple[str | None, str]:
    """Return the address at which a picture is shown, or else `None` and what it is instead."""
    seen = _peel(url, base_url, rules)
    if any(map(is_counting, seen)):
        return None, "tracking pixel"
    if not seen and scheme_of(trim(url)) != "data":
        return None, "no address"
    if not seen or is_standing_in(seen[-1]) or any(_stands_for_nothing(layer, rules.placeholder) for layer in seen):
        return None, "placeholder picture"
    secure = _secure(seen[-1], base_url, rules)
    return through_proxy(secure, host=host_of(secure), proxies=rules.proxies) if rules.proxies else secure, ""


def media_url(url: str, *, base_url: str | None = None, rules: Rules = DEFAULT) -> str | None:
    """Return the address of a sound, a film or an enclosure, out of its wrappers."""
    seen = _peel(url, base_url, rules)
    if not seen or any(map(is_counting, seen)):
        return None
    return _secure(seen[-1], base_url, rules)


def _peel(url: str, base_url: str | None, rules: Rules) -> list[str]:
    """List the layers of a file's address, the innermost last; none where there is no address."""
    # A file at "" or "#" is the page itself.
    plain = trim(url)
    if plain[:1] in ("", "#") or plain.lower() in _WORDS:
        return []
    return list(layers(absolute(url, base=base_url, encode=_encode), templates=rules.unwrap, proxies=True))


def _encode(url: str) -> str:
    return url if _ENCODED.fullmatch(url) else encode_as_browsers(url)


def _secure(url: str, base_url: str | None, rules: Rules) -> str:
    """Say https where the host is known to have it: readers served over TLS show nothing else."""
    if not url.startswith("http://"):
        return url
    authority = url[7:].partition("/")[0].partition("?")[0]
    known = is_among(SECURE, authority) or is_among(rules.secure, authority)
    same = bool(base_url) and (base_url or "").lower().startswith(f"https://{authority}/")
    return f"https://{url[7:]}" if known or same else url


def _stands_for_nothing(url: str, patterns: tuple[str, ...]) -> bool:
    return bool(patterns) and _any_of(patterns).fullmatch(url) is not None


@lru_cache(maxsize=64)
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(_expression, patterns)), re.DOTALL)


def _expression(pattern: str) -> str:
    # Crawled pages say http and https of the same picture.
    scheme, rest = ("https?://", pattern[8:]) if pattern.startswith("https://") else ("", pattern)
    return scheme + expression_of(rest)

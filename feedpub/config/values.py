"""What a single value of the configuration must be.

Each function takes a value as the operator wrote it and returns it as the program uses it, or raises
`ValueError` with a reason in the operator's words. Nothing here knows about files, lines or tables.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from string import Formatter
from urllib.parse import urlsplit

#: The placeholders of `site.permalink`, each with what takes its place.
PLACEHOLDERS = {
    "stem": "the file's name without its ending: 2024-03-01-rates of 2024-03-01-rates.md",
    "basename": "the same without a date at its beginning: rates",
    "path": "the path below its source without the ending: 2024/rates",
    "name": "the path below its source with the ending: 2024/rates.md",
    "year": "year of publication in the site's time zone, four digits",
    "month": "month, two digits",
    "day": "day of the month, two digits",
    "hour": "hour, two digits",
    "minute": "minute, two digits",
    "second": "second, two digits",
    "title": "the title as it is written",
    "slug": "the slug of the front matter, or else the title in ASCII: rates-fall",
    "id": "what id, guid or abbrlink says in the front matter",
    "category": "the last category of the first path: 新浪财经",
    "categories": "the first path of categories, parts joined by a slash: 金融/新浪财经",
}

#: One of these must stand in a template, or all articles of a day or a category share an address.
_TELLING = ("stem", "basename", "path", "name", "title", "slug", "id")

#: RFC 5646, section 2.1, without the rules for each subtag: crawled sites bend those.
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
#: Neither addresses nor IRIs hold these (RFC 3987, section 2.2); lone surrogates are no characters at all.
_UNUSABLE = re.compile(r'[\s<>"\\\x00-\x1f\x7f\ud800-\udfff]')
_SLUG = re.compile("[a-z0-9-]+")

#: What `publish.max_deletes` can be.
Deletes = int | float | tuple[int | float, ...]

#: What leaves stock links as they are; said here too, so that a run without other wishes loads no tables of sites.
_KEEP = "keep"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Find the known name that *name* was most likely meant to be."""
    from difflib import get_close_matches

    by_small = {each.lower(): each for each in known}
    found = get_close_matches(name.lower(), by_small, n=1)
    return by_small[found[0]] if found else None


def suggest(name: str, known: Iterable[str]) -> str:
    """Word the nearest known name as the end of a sentence; nothing where none is near."""
    found = nearest(name, known)
    return f'; did you mean "{found}"?' if found else ""


def check_address(text: str) -> str:
    """Accept an absolute http(s) address with a host (RFC 3986; hosts and paths may be IRIs)."""
    stripped = text.strip()
    if _UNUSABLE.search(stripped):
        raise ValueError("must not hold blanks, quotes, angle brackets or backslashes")
    try:
        parts = urlsplit(stripped)
        # Reading the port is what checks it.
        complete = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise ValueError(f"is no valid address: {error}") from error
    if not complete:
        raise ValueError('must be an absolute address such as "https://example.org/"')
    return stripped


def check_page(text: str) -> str:
    """Accept "" or an absolute http(s) address."""
    return check_address(text) if text else text


def check_email(text: str) -> str:
    """Accept "" or what has the shape of an e-mail address (RFC 4287, section 3.2.3)."""
    if text and (_UNUSABLE.search(text) or not re.fullmatch("[^@]+@[^@]+", text)):
        raise ValueError('must be an e-mail address such as "news@example.org"')
    return text


def check_folder_address(text: str) -> str:
    """Accept the address of a folder on a named host; end it with a slash, so that names can be joined to it."""
    address = check_address(text)
    parts = urlsplit(address)
    if parts.query or parts.fragment or address[-1] in "?#":
        raise ValueError("must be the address of a folder, without a query or a fragment")
    _check_name(parts.netloc, host=parts.hostname or "")
    return address if address.endswith("/") else f"{address}/"


def _check_name(authority: str, *, host: str) -> None:
    """Refuse a host that no `tag:` URI can hold (RFC 4151, section 2.1): ids are made from it."""
    if "[" in authority:
        raise ValueError("must have a name for its host, since ids are made from it, not an address in brackets")
    try:
        host.encode("idna")
    except UnicodeError as error:
        raise ValueError("must have a valid name for its host (IDNA), since ids are made from it") from error


def check_language(text: str) -> str:
    """Accept a language tag (BCP 47), or "" for none."""
    if not text or _LANGUAGE.fullmatch(text):
        return text
    hyphened = text.partition(".")[0].replace("_", "-")
    known = f'; did you mean "{hyphened}"?' if _LANGUAGE.fullmatch(hyphened) else ""
    raise ValueError(f'must be a language tag such as "en" or "zh-CN"{known}')


def check_zone(text: str) -> str:
    """Accept the name of a time zone in the IANA database."""
    from zoneinfo import ZoneInfo, available_timezones

    try:
        ZoneInfo(text)
    # A folder of the database ("Asia") raises OSError, a path that leads out of it ValueError.
    except (KeyError, ValueError, OSError) as error:
        known = suggest(text, available_timezones())
        raise ValueError(f'must be an IANA time zone such as "Asia/Shanghai"{known}') from error
    return text


def check_permalink(text: str) -> str:
    """Accept "" or an absolute address with placeholders, at least one of which tells articles apart."""
    return check_template(text, known=PLACEHOLDERS, telling=_TELLING, many="many articles") if text else text


def check_stock_target(text: str) -> str:
    """Accept "keep", the name of a site, or an absolute address with placeholders that tell symbols apart."""
    if text == _KEEP:
        return text
    from feedpub.sanitiser.quotes import FIELDS, TARGETS

    if text in TARGETS:
        return text
    if re.search("[{}:/]", text):
        return check_template(text, known=FIELDS, telling=FIELDS[1:], many="many symbols")
    names = ", ".join(f'"{name}"' for name in (_KEEP, *TARGETS))
    known = suggest(text, (_KEEP, *TARGETS))
    raise ValueError(f'must be one of {names}, or a template such as "https://q.example.org/{{mic}}/{{code}}"{known}')


def check_template(text: str, *, known: Collection[str], telling: Collection[str], many: str) -> str:
    """Accept an absolute address with placeholders of *known*, at least one of them *telling* one from another."""
    names = _placeholders(text)
    for name in names:
        if name not in known:
            hint = suggest(name, known) or f"; known are {', '.join(known)}"
            raise ValueError(f"has an unknown placeholder {{{name}}}{hint}")
    check_address(re.sub(r"\{\w+\}", "x", text))
    if not set(names) & set(telling):
        listed = ", ".join(f"{{{name}}}" for name in telling)
        raise ValueError(f"would give {many} one address; use one of {listed}")
    return text


def _placeholders(text: str) -> tuple[str, ...]:
    try:
        fields = tuple(Formatter().parse(text))
    except ValueError as error:
        raise ValueError('has a "{" or "}" without its partner') from error
    if any(form or conversion for _, _, form, conversion in fields):
        raise ValueError('must not hold "!" or ":" inside a placeholder')
    return tuple(name for _, name, _, _ in fields if name is not None)


def check_wrapper(text: str) -> str:
    """Accept an address pattern with `{url}` exactly once: where the real address stands."""
    if text.count("{url}") != 1:
        raise ValueError("must hold {url} once, where the real address stands")
    check_address(text.replace("{url}", "x"))
    return text


def check_slug(text: str) -> str:
    """Accept the last part of a feed's folder; the parts above it are its parent categories'."""
    if not _SLUG.fullmatch(text):
        raise ValueError("must be small letters, digits and hyphens; its parent category's folder comes before it")
    return text


def check_category(text: str) -> str:
    """Accept the name of a category: its path from the root, parts joined by "/"."""
    if not all(part.strip() for part in text.split("/")):
        raise ValueError('must be a category\'s path such as "news/markets", without empty parts')
    return text


def check_store(text: str) -> str:
    """Accept the address of a store: s3://bucket/prefix, gs://, az:// or file:///folder."""
    from feedpub.bucket.targets import parse_target

    parse_target(text)
    return text


def check_deletes(value: object) -> Deletes:
    """Accept a share between 0.0 and 1.0, a whole number, or one of each."""
    given = value if isinstance(value, tuple) else (value,)
    shares = [each for each in given if type(each) is float]
    # True is a number to Python.
    numbers = [each for each in given if type(each) is int]
    if not given or len(shares) > 1 or len(numbers) > 1 or len(shares) + len(numbers) < len(given):
        raise ValueError("must be a share such as 0.2, a number such as 50, or both: [0.2, 50]")
    if any(each < 0 for each in (*shares, *numbers)):
        raise ValueError("must be 0 or more")
    # Nothing is true of what is no number ("nan").
    if not all(share <= 1 for share in shares):
        raise ValueError("must be a share between 0.0 and 1.0, or a whole number")
    return value  # type: ignore[return-value]


def check_hook(text: str) -> str:
    """Accept "" or the address of a web service."""
    return check_address(text) if text else text


def check_header(text: str) -> str:
    """Accept the value of a header (RFC 9110, section 5.5); ASCII is what all stores take."""
    if not re.fullmatch(r"[\x20-\x7e]*", text):
        raise ValueError("must hold only ASCII letters, digits and signs, on one line")
    return text.strip()


def check_utf8(text: str) -> str:
    """Refuse what no document and no database can hold; the command line may bring it, TOML cannot."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("is not UTF-8") from error
    return text


def check_path(text: str) -> str:
    """Accept a path; what a shell would expand is refused, since it would make a folder called "~"."""
    if not text or "\0" in text:
        raise ValueError("must be a path")
    if text.startswith("~"):
        raise ValueError('must be written out: "~" stands for no folder here')
    return check_utf8(text)

"""Addresses: trimmed, made absolute and percent-encoded, without changing what they point to."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import quote, unquote, unquote_to_bytes

#: All that RFC 3986 lets stand in an address, and "%", since it may be encoded already.
_STANDING = "%!#$&'()*+,/:;=?@[]~"
#: Browsers leave these in a query as well; and backslashes and backticks, which others take for something else.
_IN_QUERY = _STANDING + "{}|^"
_LONE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")

#: In characters. Servers answer 414 to half of it.
LONGEST = 16_384

#: C0 controls and the blank; browsers ignore them around an address (WHATWG URL, section 4.4).
_AROUND = "".join(map(chr, range(0x21)))
_INSIDE = str.maketrans("", "", "\t\n\r")

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_WEB = re.compile(r"(https?):[/\\]*([^/\\?#]*)([^?#]*)(.*)", re.IGNORECASE | re.DOTALL)
#: As nearly all are: nothing of it is spelt as it may not be, and the host is neither a number nor encoded.
_SETTLED = re.compile(r"https?://(?:[a-z0-9\-]+\.)*[a-z][a-z0-9\-]*(?:[/?#][\w.\-~!#$&'()*+,/:;=?@\[\]]*)?", re.ASCII)
_AUTHORITY = re.compile(r"((?:[^@]*@)?)(\[[^\]]*\]|[^:\[\]]+)(?::(\d{0,5}))?")
_PATH_END = re.compile("([?#])")
#: What WHATWG URL (section 3.2, "forbidden domain code point") refuses in the name of a host.
_NO_HOST = re.compile(r"[\x00-\x20#%/:<>?@\[\\\]^`{|}\x7f\"]")


def percent_encode(url: str) -> str:
    """Make an IRI a URI (RFC 3987, section 3.1): ASCII only, and nothing that was encoded encoded twice."""
    # Half a surrogate pair stands for nothing and has no bytes to encode.
    encoded = quote(url.strip(), safe=_STANDING, errors="ignore")
    return _LONE_PERCENT.sub("%25", encoded)


def percent_decode(uri: str) -> str:
    """Take one layer of percent-encoding off a URI within a URI; the answer is ASCII too, byte for byte."""
    return quote(unquote_to_bytes(uri), safe=_STANDING)


def trim(url: str) -> str:
    """Drop what browsers ignore: controls and blanks around an address, tabs and line ends within."""
    url = url.strip(_AROUND)
    return url if url.isprintable() else url.translate(_INSIDE)


def scheme_of(url: str) -> str:
    """Return the scheme in lower case, "" where there is none."""
    match = _SCHEME.match(url)
    return match[0][:-1].lower() if match else ""


def host_of(url: str) -> str:
    """Return the host of an address that `absolute` made, without user and port."""
    return url.partition("://")[2].partition("/")[0].partition("?")[0].rpartition("@")[2].partition(":")[0]


def encode_as_browsers(url: str) -> str:
    """Encode of a path and a query what browsers do (WHATWG URL, section 1.3), and leave every other byte alone."""
    path, mark, rest = _PATH_END.split(url, maxsplit=1) if _PATH_END.search(url) else (url, "", "")
    return quote(path, safe=_STANDING + "|", errors="ignore") + mark + quote(rest, safe=_IN_QUERY, errors="ignore")


def absolute(url: str, *, base: str | None = None, encode: Callable[[str], str] = percent_encode) -> str | None:
    """Return the http(s) address that a browser would fetch (WHATWG URL, section 4.4), as a URI by default.

    Path and query stay byte for byte but for what *encode* changes, which must be nothing that RFC 3986 lets stand.
    `None` where no such address comes out: another scheme, an impossible host, more than `LONGEST` characters, or
    an address that lacks its host, and no base.
    """
    if len(url) <= LONGEST and _SETTLED.fullmatch(url) and "xn--" not in url:
        return url
    url = trim(url) if len(url) <= LONGEST else ""
    if url and not _SCHEME.match(url):
        url = _join(url, base)
    match = _WEB.match(url)
    if match is None:
        return None
    scheme, authority, path, rest = match.groups()
    where = _authority(authority)
    return where and f"{scheme.lower()}://{where}{encode(path.replace(chr(92), '/') + rest)}"


def identity_of_link(link: str | None) -> str:
    """Reduce an address to what says which article it is: no scheme, no fragment; "" where it says nothing."""
    url = absolute(link) if link else None
    if url is None:
        return ""
    host, slash, rest = url.partition("://")[2].partition("#")[0].partition("/")
    return host + slash + rest if rest else ""


def cut_parameters(url: str, unwanted: re.Pattern[str]) -> str:
    """Cut the query parameters whose whole name matches; the others stay byte for byte, in their order."""
    address, hash_mark, fragment = url.partition("#")
    page, question_mark, query = address.partition("?")
    kept = "&".join(pair for pair in query.split("&") if not unwanted.fullmatch(pair.partition("=")[0]))
    if kept == query:
        return url
    return page + question_mark * bool(kept) + kept + hash_mark + fragment


def _join(url: str, base: str | None) -> str:
    """Make a relative address absolute (RFC 3986, section 5.2.2); empty parts of the path stay."""
    start = _WEB.match(absolute(base) or "") if base else None
    path, mark, rest = _PATH_END.split(url, maxsplit=1) if _PATH_END.search(url) else (url, "", "")
    path, rest = path.replace("\\", "/"), mark + rest
    if path.startswith("//"):
        # Only the scheme is missing, and every host of today has this one.
        return f"{start[1] if start else 'https'}:{path}{rest}"
    if start is None:
        return ""
    scheme, authority, here, query = start.groups()
    if not path:
        return f"{scheme}://{authority}{here or '/'}{'' if mark == '?' else query.partition('#')[0]}{rest}"
    whole = path if path.startswith("/") else f"{here.rpartition('/')[0]}/{path}"
    return f"{scheme}://{authority}{_without_dots(whole)}{rest}"


def _without_dots(path: str) -> str:
    """Walk a path's "." and ".." (WHATWG URL, section 4.4, "path state")."""
    walked: list[str] = []
    parts = path.split("/")[1:]
    for part in parts:
        plain = part.lower().replace("%2e", ".")
        if plain == "..":
            del walked[-1:]
        elif plain != ".":
            walked.append(part)
    ends_in_folder = parts[-1].lower().replace("%2e", ".") in (".", "..")
    return "/" + "/".join(walked) + ("/" if ends_in_folder and walked else "")


# A site's articles point to the same few hosts again and again.
@lru_cache(maxsize=1024)
def _authority(text: str) -> str | None:
    match = _AUTHORITY.fullmatch(text)
    if match is None or int(match[3] or 0) > 0xFFFF:
        return None
    user, host, port = match.groups()
    name = _host(host)
    return name and f"{percent_encode(user)}{name}{f':{port}' if port else ''}"


def _host(text: str) -> str | None:
    """Spell a host in ASCII (RFC 3490), or say that it is none."""
    try:
        if text.startswith("["):
            return f"[{IPv6Address(text[1:-1])}]"
        name = _ascii(unquote(text, errors="strict")) if _is_odd(text) else text.lower()
        last = name.rstrip(".").rpartition(".")[2]
        if last.isdigit() or last.startswith("0x"):
            IPv4Address(name)
    except (UnicodeError, AddressValueError):
        return None
    return None if not name.strip(".") or _NO_HOST.search(name) else name


def _is_odd(host: str) -> bool:
    return not host.isascii() or "%" in host or "xn--" in host.lower()


def _ascii(host: str) -> str:
    name = host.encode("idna").decode().lower()
    if "xn--" not in host.lower():
        return name
    # What does not decode to what it came from was no name, such as "xn--a".
    if name.encode().decode("idna").encode("idna").decode() != name:
        raise UnicodeError(host)
    return name

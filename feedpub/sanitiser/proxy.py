"""Pictures by way of a proxy: what takes the place of their addresses, always the same for the same picture."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import quote

from feedpub.sanitiser.hosts import is_among

#: Templates of well-known proxies; `{server}` is where the operator runs theirs.
PRESETS = {
    # https://github.com/atmos/camo and go-camo: the digest is of the address, the key a text.
    "camo": "{server}/{hmac_sha1}/{url_hex}",
    # https://docs.imgproxy.net/signing_the_url: key and salt are hexadecimal.
    "imgproxy": "{server}/{imgproxy_signature}/rs:fit:1600:0/{url_base64}",
    # https://wsrv.nl/docs/: open to all, and asks for no signature.
    "wsrv": "https://wsrv.nl/?url={url_encoded}",
}

#: What a template may hold, each with what takes its place.
FIELDS = {
    "url": "the picture's address as it is",
    "url_encoded": "percent-encoded, for a query",
    "url_base64": "in the URL-safe form of Base64 (RFC 4648, section 5), without padding",
    "url_hex": "each byte as two hexadecimal digits",
    "hmac_sha256": "the address signed with the key (RFC 2104), hexadecimal",
    "hmac_sha1": "the same with SHA-1, for camo",
    "imgproxy_signature": "all that follows it in the template, signed as imgproxy wants it",
}
#: Those that ask for a key.
SIGNED = ("hmac_sha256", "hmac_sha1", "imgproxy_signature")

_FIELD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """What the pictures of some hosts are shown through; an empty template shows them as they are."""

    template: str
    hosts: tuple[str, ...] = ("*",)  #: Patterns, "*" standing for anything.
    key: bytes = field(default=b"", repr=False)
    salt: bytes = field(default=b"", repr=False)

    def covers(self, host: str) -> bool:
        """Say whether the pictures of *host* are shown through it."""
        return is_among(self.hosts, host)

    def made(self, url: str) -> bool:
        """Say whether *url* is one of its own addresses: those are not put through it again."""
        start = self.template.partition("{")[0]
        return bool(start) and url.startswith(start)

    def fill(self, url: str) -> str:
        """Return where the proxy shows the picture at *url*, an absolute address in ASCII."""
        before, mark, after = self.template.partition("{imgproxy_signature}")
        filled = self._put(after, url)
        return self._put(before, url) + (self._sign_path(filled) if mark else "") + filled

    def _put(self, text: str, url: str) -> str:
        return _FIELD.sub(lambda match: _MAKERS[match[1]](url, self.key), text)

    def _sign_path(self, path: str) -> str:
        return _base64(_sign(self.key, self.salt + path.encode(), "sha256"))


def through_proxy(url: str, *, host: str, proxies: tuple[Proxy, ...]) -> str:
    """Return where the first proxy that covers *host* shows a picture; *url* itself where there is none."""
    if not proxies or any(proxy.made(url) for proxy in proxies):
        return url
    proxy = next((proxy for proxy in proxies if proxy.covers(host)), None)
    return _filled(proxy, url) if proxy and proxy.template else url


@lru_cache(maxsize=4096)
def _filled(proxy: Proxy, url: str) -> str:
    # A picture stands in an article, in its thumbnail, and in the feeds of several runs.
    return proxy.fill(url)


def _sign(key: bytes, message: bytes, digest: str) -> bytes:
    # It loads OpenSSL, which few sites need.
    import hmac

    return hmac.digest(key, message, digest)


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


_MAKERS: dict[str, Callable[[str, bytes], str]] = {
    "url": lambda url, _: url,
    "url_encoded": lambda url, _: quote(url, safe=""),
    "url_base64": lambda url, _: _base64(url.encode()),
    "url_hex": lambda url, _: url.encode().hex(),
    "hmac_sha256": lambda url, key: _sign(key, url.encode(), "sha256").hex(),
    "hmac_sha1": lambda url, key: _sign(key, url.encode(), "sha1").hex(),
}

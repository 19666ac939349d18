"""What the environment says of a store: where its server is, and which of its values are secret."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from feedpub.errors import ConfigError

#: What obstore reads.
_OURS = ("AWS_", "AZURE_", "GOOGLE_")

#: What the name of an environment variable that holds a secret has in it.
_SECRET = ("KEY", "SECRET", "TOKEN", "SAS", "PASSWORD", "CREDENTIAL")

#: Where an endpoint is said, the first that is set counts. Those that are not encrypted have to be allowed.
_ENDPOINTS = {
    "s3": ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"),
    "gs": ("GOOGLE_BASE_URL",),
    "az": ("AZURE_STORAGE_ENDPOINT", "AZURE_ENDPOINT"),
}

#: What an endpoint is made of; of other signs obstore makes no error but a panic.
_ENDPOINT = re.compile(r"https?://[\w.~!$&'()*+,;=:@%/\[\]-]+", re.ASCII | re.IGNORECASE)


def find_endpoint(scheme: str, environ: Mapping[str, str]) -> str | None:
    """Find the first endpoint that is set.

    Raises:
        ConfigError: It is no address of a server. What it is is not repeated: it may hold a password.
    """
    name = next((name for name in _ENDPOINTS[scheme] if environ.get(name)), None)
    if name is None:
        return None
    endpoint = environ[name]
    try:
        parts = urlsplit(endpoint)
        fine = bool(_ENDPOINT.fullmatch(endpoint) and parts.hostname and "%" not in parts.hostname)
        fine = fine and parts.port != 0
    except ValueError:
        # The number of a port is too high, or an address of IPv6 is none.
        fine = False
    if not fine:
        raise ConfigError([f'{name}: must be the address of a server, such as "https://s3.example.org"'])
    return endpoint


def find_secrets(environ: Mapping[str, str]) -> list[str]:
    """Collect what must never be repeated, the longest first."""
    ours = (
        value for name, value in environ.items() if name.startswith(_OURS) and any(part in name for part in _SECRET)
    )
    # A text of a few letters hides nothing, and stands in every other word.
    return sorted((value for value in ours if len(value) > 5), key=len, reverse=True)

"""Pictures inside of addresses (`data:`, RFC 2397): small rasters may stay, nothing else."""

from __future__ import annotations

import base64
import binascii
import re

#: In characters of the address. What is larger belongs into a file, and makes every reader fetch it again.
LARGEST = 32_768
#: In pixels. What is smaller on either side stands in for a picture that a script would show.
_SMALLEST = 8

_DATA = re.compile(r"data:[\w/+.;=,-]{0,60}?;base64,([A-Za-z0-9+/=_\-\s%]+)", re.IGNORECASE | re.ASCII)
_STANDING = re.compile(r"data:image/(?:png|gif|jpeg|webp);base64,[A-Za-z0-9+/]+=*", re.ASCII)


def raster_url(url: str) -> str | None:
    """Return the address of a small raster picture in one spelling, by what it holds, not what it says."""
    match = _DATA.fullmatch(url.strip()) if len(url) <= LARGEST else None
    raw = _decode(match[1]) if match else None
    kind, width, height = _measure(raw) if raw else ("", 0, 0)
    if raw is None or min(width, height) < _SMALLEST:
        return None
    return f"data:image/{kind};base64,{base64.b64encode(raw).decode()}"


def is_raster_url(url: str) -> bool:
    """Say whether an address is one that `raster_url` made."""
    return len(url) <= LARGEST and _STANDING.fullmatch(url) is not None


def _decode(text: str) -> bytes | None:
    compact = re.sub(r"\s+|%0[ad]|%20", "", text.replace("-", "+").replace("_", "/"), flags=re.IGNORECASE)
    compact = re.sub("%2b", "+", compact, flags=re.IGNORECASE).replace("%2F", "/").replace("%3D", "=").rstrip("=")
    try:
        return base64.b64decode(compact + "=" * (-len(compact) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def _measure(raw: bytes) -> tuple[str, int, int]:
    """Return format, width and height in pixels, as the file's header says them."""
    if raw.startswith(b"\x89PNG\r\n\x1a\n") and raw[12:16] == b"IHDR":
        return "png", int.from_bytes(raw[16:20]), int.from_bytes(raw[20:24])
    if raw[:6] in (b"GIF87a", b"GIF89a"):
        return "gif", int.from_bytes(raw[6:8], "little"), int.from_bytes(raw[8:10], "little")
    if raw.startswith(b"\xff\xd8\xff"):
        return "jpeg", *_measure_jpeg(raw)
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        return "webp", *_measure_webp(raw)
    return "", 0, 0


def _measure_jpeg(raw: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 <= len(raw) and raw[at] == 0xFF:
        marker, length = raw[at + 1], int.from_bytes(raw[at + 2 : at + 4])
        # Frame headers; C4, C8 and CC are tables among their numbers (ITU T.81, table B.1).
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(raw[at + 7 : at + 9]), int.from_bytes(raw[at + 5 : at + 7])
        at += 2 + max(length, 2)
    return 0, 0


def _measure_webp(raw: bytes) -> tuple[int, int]:
    # RFC 9649, section 2: three kinds of chunks, each with the size at its own place.
    if raw[12:16] == b"VP8X":
        return int.from_bytes(raw[24:27], "little") + 1, int.from_bytes(raw[27:30], "little") + 1
    if raw[12:16] == b"VP8L":
        bits = int.from_bytes(raw[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    sizes = (int.from_bytes(raw[26:28], "little") & 0x3FFF, int.from_bytes(raw[28:30], "little") & 0x3FFF)
    return sizes if raw[12:16] == b"VP8 " else (0, 0)

"""What a reader sees of an entry: by this alone it is judged whether one that changed is an update."""

from __future__ import annotations

import hashlib
import html
import re

#: To be raised with every change of what is noticed: else the first run after an upgrade would show updates.
VERSION = 1

#: A tag of clean HTML, where quotes are all double and a ">" may stand between them.
_TAG = re.compile(r"""<(?P<name>/?[a-z0-9]+)(?P<attributes>[^>"]*+(?:"[^"]*+"[^>"]*+)*+)>""")
_SOURCE = re.compile(r"""\ssrc="([^"]*)\"""")
_SHOWN = frozenset(("img", "video", "audio", "source"))

#: What a server is told to do with a file stands behind its name: sizes, formats, watermarks.
_ORDERS = re.compile(r"(?<=.)[~!@;].*", re.DOTALL)

#: Names that say nothing without the folder: all pictures of a site may have them.
_EMPTY = re.compile(
    r".{0,4}|(?:hq|mq|sd|maxres)?default|image|index|cover|thumb(?:nail)?|photo|picture|original|large|medium|small",
    re.IGNORECASE,
)


def digest_appearance(title: str, content: str) -> str:
    """Take a digest of a plain title and of clean HTML that is the same as long as both look the same.

    Words count, without the white space around them, and pictures and sounds by the names of their files; where those
    lie, how their addresses are signed, what is behind a link and what the markup is called does not.
    """
    sha = hashlib.sha256()
    for part in ("".join(title.split()), *_parts(content)):
        sha.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return sha.hexdigest()[:32]


def _parts(content: str) -> list[str]:
    # A text, then the name and the attributes of the tag behind it, and so on: all in one walk.
    split = _TAG.split(content)
    words = "".join(html.unescape("".join(split[::3])).split())
    media = [attributes for name, attributes in zip(split[1::3], split[2::3], strict=True) if name in _SHOWN]
    addresses = (found[1] for attributes in media if (found := _SOURCE.search(attributes)))
    return [words, *map(_file_of, addresses)]


def _file_of(address: str) -> str:
    """Give the name of the file at an address, without what its server is told to do with it."""
    if address.startswith("data:"):
        return address
    path = html.unescape(address).partition("?")[0].partition("#")[0].partition("://")[2]
    parts = list(filter(None, path.split("/")[1:]))
    if not parts:
        return ""
    name = _ORDERS.sub("", parts[-1])
    return "/".join((*parts[-2:-1], name)) if _EMPTY.fullmatch(name.partition(".")[0]) else name

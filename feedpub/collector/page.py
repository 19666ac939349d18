"""Complete HTML pages, saved as they were served: the body cut out, and what the head says about it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from feedpub.collector.yamlvalues import Mapping

if TYPE_CHECKING:
    from bs4 import Tag

_PAGE = re.compile(r"(?>\s+|<\?xml[^>]*>|<!--.*?-->)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
#: Most are told by it before they are decoded.
_PERHAPS = re.compile(
    rb"(?>[\s\x1c-\x1f\x80-\xff]+|<\?xml[^>]*>|<!--.*?-->)*+<(?:!doctype|html|head|body)", re.IGNORECASE | re.DOTALL
)
_BODY = re.compile(r"<body(?:\s[^>]*)?>", re.IGNORECASE)
_BODY_END = re.compile(r"</body\s*>|</html\s*>", re.IGNORECASE)
_HEAD_END = re.compile(r"</head\s*>", re.IGNORECASE)
#: What a `meta` or `link` element is called, and the key of front matter that says the same.
_MEANINGS = {
    "description": "description", "og:description": "excerpt", "author": "author", "article:author": "authors",
    "article:published_time": "date", "date": "published", "pubdate": "pubdate", "article:modified_time": "updated",
    "canonical": "canonical", "og:url": "url", "og:image": "image", "keywords": "keywords", "og:title": "ogtitle",
    **{key: key for key in ("tags", "category", "authors", "modified", "summary", "slug", "status")},
}  # fmt: skip
#: A head is no longer; so much of a file is searched for it.
_HEAD = 50_000


def may_be_page(raw: bytes, start: int) -> bool:
    """Say whether `is_page` has to be asked of what begins at *start*, in UTF-8."""
    return bool(_PERHAPS.match(raw, start))


def is_page(text: str) -> bool:
    """Say whether a text is a whole HTML page rather than a piece of one."""
    return bool(_PAGE.match(text))


def split_page(text: str) -> tuple[Mapping, str]:
    """Give what the head says, under the keys of front matter, and the body's inside, after the page's `<base>`."""
    body = _BODY.search(text)
    head_end = _HEAD_END.search(text, 0, _HEAD)
    start = body.end() if body else head_end.end() if head_end else 0
    end = _BODY_END.search(text, start)
    fields, base = _read_head(text[: min(start or _HEAD, _HEAD)])
    return fields, base + text[start : end.start() if end else len(text)]


def _read_head(head: str) -> tuple[Mapping, str]:
    # A whole page is rare, and the library takes a tenth of a second to load.
    from bs4 import BeautifulSoup, Tag

    soup = BeautifulSoup(head, "lxml")
    fields: Mapping = {}
    for tag in soup.find_all(["meta", "link"]):
        if key := _MEANINGS.get(_called(tag)):
            fields.setdefault(key, str(tag.get("content") or tag.get("href") or ""))
    if isinstance(soup.title, Tag):
        fields["title"] = soup.title.get_text()
    if isinstance(soup.html, Tag) and soup.html.get("lang"):
        fields["lang"] = str(soup.html["lang"])
    base = soup.find("base", href=True)
    return fields, str(base) if base else ""


def _called(tag: Tag) -> str:
    """Give what a `meta` or `link` element says something about."""
    rel = tag.get("rel") or ()
    return str(tag.get("property") or tag.get("name") or " ".join(rel)).lower()

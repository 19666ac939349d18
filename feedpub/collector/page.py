"""Complete HTML pages, saved as they were served: the body cut out, and what the head says about it."""

from __future__ import annotations

import re
from html import unescape

from feedpub.collector.yamlvalues import Mapping

_PAGE = re.compile(r"(?>\s+|<\?xml[^>]*>|<!--.*?-->)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_BODY = re.compile(r"<body(?:\s[^>]*)?>", re.IGNORECASE)
_BODY_END = re.compile(r"</body\s*>|</html\s*>", re.IGNORECASE)
_HEAD_END = re.compile(r"</head\s*>", re.IGNORECASE)
_TITLE = re.compile(r"<title(?:\s[^>]*)?>([^<]*)</title", re.IGNORECASE)
_LANG = re.compile(r"<html\s[^<>]*?\blang\s*=\s*[\"']?([A-Za-z0-9_-]+)", re.IGNORECASE)
_TAG = re.compile(r"<(?:meta|link)\s([^>]{1,2000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([a-z:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
#: What a `meta` or `link` element is called, and the key of front matter that says the same.
_MEANINGS = {
    "description": "description", "og:description": "excerpt", "author": "author", "article:author": "authors",
    "article:published_time": "date", "date": "published", "pubdate": "pubdate", "article:modified_time": "updated",
    "canonical": "canonical", "og:url": "url", "og:image": "image", "keywords": "keywords", "og:title": "ogtitle",
}  # fmt: skip
#: A head is no longer; so much of a file is searched for it.
_HEAD = 50_000


def is_page(text: str) -> bool:
    """Say whether a text is a whole HTML page rather than a piece of one."""
    return bool(_PAGE.match(text))


def split_page(text: str) -> tuple[Mapping, str]:
    """Give what the head says, under the keys of front matter, and the body's inside."""
    body = _BODY.search(text)
    head_end = _HEAD_END.search(text, 0, _HEAD)
    start = body.end() if body else head_end.end() if head_end else 0
    end = _BODY_END.search(text, start)
    return _read_head(text[: min(start or _HEAD, _HEAD)]), text[start : end.start() if end else len(text)]


def _read_head(head: str) -> Mapping:
    fields: Mapping = {}
    for tag in _TAG.finditer(head):
        said = {name.lower(): unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(tag[1])}
        called = said.get("property") or said.get("name") or said.get("rel") or ""
        if key := _MEANINGS.get(called.lower()):
            fields.setdefault(key, said.get("content") or said.get("href") or "")
    title, language = _TITLE.search(head), _LANG.search(head)
    if title:
        fields["title"] = title[1]
    if language:
        fields["lang"] = language[1]
    return fields

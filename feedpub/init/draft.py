"""The text of a new `feedpub.toml`: every key with one line that says what it is for."""

from __future__ import annotations

import json
from collections.abc import Iterable

from feedpub.init.choices import Choices
from feedpub.model import Author
from feedpub.text import one_line

_SITE = """\
# What becomes of your articles: run "feedpub build" beside this file. Paths count from its folder.

[site]
# The name of the feeds, as readers show it.
title = {title}
# {url_comment}
url = {url}
# The language of the articles (BCP 47), such as "en" or "zh-CN"; "" leaves it unsaid.
language = {language}
# Who answers for the feeds; "" leaves a part out.
author = {author}
# The time zone of dates that carry no offset (IANA name).
timezone = {timezone}
# {permalink_comment}
permalink = {permalink}
# Where the feeds are written.
out = {out}
# What feedpub remembers: ids and dates. Keep it, it is worth a backup.
ledger = ".feedpub/ledger.sqlite3"
"""

_SOURCE = """
[[source]]
# Articles are files in a folder.
use = "files"
# The folder, with all below it.
path = {path}
# Which files are articles.
include = ["**/*.md", "**/*.markdown", "**/*.html"]
# Which of them are not.
exclude = {exclude}
"""

_FEEDS = """
[feeds]
# Each feed is written in each of these.
formats = ["rss", "atom", "json"]
# The number of entries in a feed.
limit = 50
# A feed stops growing at this size, whatever the limit.
max_bytes = 1_000_000
# "tree": [A, B] is A and A/B; "flat": A and B.
categories = {categories}
# Whether each tag gets a feed as well.
tags = false
# Whether each stock symbol gets a feed; for later versions.
symbols = false
# Older entries in feeds of their own; for later versions.
archive = "none"
# Whether two files with nearly the same text are one entry, as those with the same text are.
near_duplicates = false
# A run that would lose a greater share of the articles is refused.
max_loss = 0.2
# Articles dated in the future: "hold" until their time comes, "publish" at once, or "drop" for good:
# what was dated in the future when it was first seen stays out, also when its time has come.
future = "hold"

[sanitiser.images]
# Images stay where they are. With "proxy" and a template, such as "wsrv", they are shown through a proxy.
mode = "keep"
# Addresses of images that stand for nothing.
placeholder = ["https://picsum.photos/*", "https://juejin.cn/post/undefined"]

[sanitiser.stocks]
# Links to stock quotes stay as they are. Or name a site for all of them: "sina", "eastmoney", "xueqiu", "tencent",
# "yahoo", "google", "tradingview".
target = "keep"

# One category's feed can differ, and "feedpub run" puts the feeds into object storage:
#
# [category."News/Guides"]
# slug = "guides"
# title = "Guides"
# limit = 100
#
# [publish]
# to = "s3://bucket/prefix"
"""

_FEEDS_URL = """\
Where the output folder is served: in a folder of its own on your site, where it replaces none of its pages.
# Settle it before the first build, since the ids of entries are made from its host, for ever."""
_UNKNOWN_URL = """\
CHANGE THIS to where the output folder will be served, before the first build that anyone reads:
# the ids of entries are made from its host, for ever, and no host of yours was found."""
_PERMALINK = 'Addresses of articles that name no link, such as "https://news.example.org/p/{stem}.html"; "" for none.'


def draft(choices: Choices) -> str:
    """Write the configuration that says *choices*."""
    site = _SITE.format(
        title=_quote(choices.title),
        url_comment=_FEEDS_URL if choices.url_known else _UNKNOWN_URL,
        url=_quote(choices.url),
        language=_quote(choices.language),
        author=_write_author(choices.author),
        timezone=_quote(choices.timezone),
        permalink_comment=_write_permalink_comment(choices.permalink_note),
        permalink=_quote(choices.permalink),
        out=_quote(choices.out),
    )
    sources = "".join(
        _SOURCE.format(path=_quote(source.path), exclude=_write_list(source.exclude)) for source in choices.sources
    )
    return site + sources + _FEEDS.format(categories=_quote(choices.categories))


def _write_permalink_comment(note: str) -> str:
    # A comment may hold no control character but the tab (TOML 1.0, "Comment").
    return _PERMALINK + (f"\n# {one_line(note)}.".replace("\x7f", "") if note else "")


def _write_author(author: Author | None) -> str:
    name, email, url = (author.name, author.email, author.url) if author else ("", None, None)
    return f"{{ name = {_quote(name)}, email = {_quote(email or '')}, url = {_quote(url or '')} }}"


def _write_list(texts: Iterable[str]) -> str:
    return f"[{', '.join(_quote(text) for text in texts)}]"


def _quote(text: str) -> str:
    """Write a basic string; JSON's differs from TOML's in one character only (TOML 1.0, "String")."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

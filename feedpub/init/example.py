"""Two short articles, so that an empty folder has something to build."""

from __future__ import annotations

from pathlib import Path

_FIRST = """\
---
title: Hello, feeds
date: 2024-03-01 09:00:00
categories: [News]
tags: [feedpub]
---

This is an article: a file with a title, a date and a text. Put yours beside it, run
`feedpub build`, and open `dist/index.html`.
"""

_SECOND = """\
---
title: How an article gets its categories
date: 2024-03-02 18:30:00
categories: [News, Guides]
---

The list `[News, Guides]` above is a path, from the widest to the narrowest. This article
is in three feeds: all articles, *News*, and *News / Guides*.

| What you write | What readers see |
| --- | --- |
| `title` | the headline |
| `date` | when it was published, for ever |
"""

_FILES = {"hello-feeds.md": _FIRST, "guides/categories.md": _SECOND}


def write_example(folder: Path) -> tuple[Path, ...]:
    """Write the articles below `articles/` in *folder*; return their paths."""
    paths = {folder / "articles" / name: text for name, text in _FILES.items()}
    for path, text in paths.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return tuple(paths)

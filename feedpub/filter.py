"""The sanitiser as a filter: what a build does to the body of an article, done to any HTML."""

from __future__ import annotations

from feedpub.collector.frontmatter import read_html
from feedpub.errors import ArticleError
from feedpub.sanitiser import DEFAULT, Rules, Sanitised, SanitiserError, sanitise


def clean_html(raw: bytes, *, name: str, base_url: str | None = None, rules: Rules = DEFAULT) -> Sanitised:
    """Decode and sanitise HTML; *name* is what messages call it.

    Raises:
        ArticleError: It is no text, or over a cap of the sanitiser's.
    """
    if not raw.strip():
        return Sanitised(html="", symbols=(), images=(), removed=())
    try:
        return sanitise(read_html(raw, name=name), base_url=base_url, rules=rules)
    except SanitiserError as error:
        raise ArticleError(name, str(error)) from error

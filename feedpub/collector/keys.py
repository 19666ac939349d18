"""The names under which generators keep the same thing, and how to look one up."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from feedpub.collector.yamlvalues import Mapping, Value

#: In order of preference; capitals, dashes and underscores count for nothing.
PUBLISHED = ("date", "published", "publishdate", "publishedat", "pubdate", "datepublished", "created", "createdat")
UPDATED = ("updated", "lastmod", "modified", "lastmodified", "lastmodifiedat", "update", "updatedat", "datemodified")
CATEGORIES = ("categories", "category")
TAGS = ("tags", "tag", "keywords")
AUTHORS = ("author", "authors")
IMAGES = (
    *("thumbnail", "headimg", "cover", "image", "featureimage", "featuredimage", "banner", "ogimage"),
    *("images", "coverimage", "heroimage", "header"),
)
SUMMARIES = ("description", "summary", "excerpt", "subtitle")
LINKS = ("link", "url", "permalink", "canonicalurl", "canonical", "sourceurl", "originalurl")
IDS = ("id", "guid", "abbrlink")
LANGUAGES = ("lang", "language", "locale")
ENCLOSURES = ("enclosure", "enclosures", "attachments", "audio", "video", "podcast", "media")
#: All of them, and those that only one generator or feedpub knows.
KNOWN = frozenset(
    (
        *("title", "slug", "status", "draft", *PUBLISHED, *UPDATED, *CATEGORIES, *TAGS, *AUTHORS),
        *(*IMAGES, *SUMMARIES, *LINKS, *IDS, *LANGUAGES, *ENCLOSURES),
    )
)
#: What few articles have; `published` is the date of some, and of others says that they are drafts.
RARE = frozenset(("draft", "published", "status", *TAGS, *LINKS, *IDS, *LANGUAGES, *ENCLOSURES))
#: Tables in which Zola and Hugo keep what they have no key of their own for.
_TABLES = ("taxonomies", "extra", "params")

TRUE = frozenset(("true", "yes", "on", "1"))
FALSE = frozenset(("false", "no", "off", "0"))
#: What programs write for "nothing": `excerpt: false`, `author: undefined`.
_NOTHING = frozenset(("false", "null", "none", "undefined"))
_LONGEST_NOTHING = max(map(len, _NOTHING))
#: Of `published: false` the word is meant, and a title may be any.
_AS_WRITTEN = frozenset(("title", "published"))


def normalise_keys(fields: Mapping) -> Mapping:
    """Make the keys comparable, and let tables within fill in what is missing above them."""
    known = _comparable(fields)
    for table in _TABLES:
        if table in known and isinstance(within := known[table], dict):
            known = _comparable(within) | known
    return known


def _comparable(fields: Mapping) -> Mapping:
    """Give what is not empty; of two keys that come to the same, the first."""
    known: Mapping = {}
    for key, value in fields.items():
        if value and (name := _comparable_key(key)) not in known:
            # Most are longer than any word for nothing, and seen to be so without a call.
            if isinstance(value, str) and len(text := value.strip()) <= _LONGEST_NOTHING and _says_nothing(name, text):
                continue
            known[name] = value
    return known


def _says_nothing(name: str, text: str) -> bool:
    return name not in _AS_WRITTEN and text.lower() in _NOTHING


@lru_cache(maxsize=1024)
def _comparable_key(key: str) -> str:
    # Cached, since the articles of a site have the same few keys.
    return "".join(key.lower().replace("-", "").replace("_", "").split())


def values(fields: Mapping, names: tuple[str, ...]) -> Iterator[Value]:
    """Give what stands under *names*, the preferred first, without what is empty."""
    return (fields[name] for name in names if name in fields)


def texts(fields: Mapping, names: tuple[str, ...]) -> Iterator[str]:
    """Give the texts that stand under *names*; of a list its first, of a mapping none."""
    for name in names:
        if name in fields and (text := text_of(fields[name])):
            yield text


def text_of(value: Value) -> str:
    """Give a value as a text; a list stands for its first text, a mapping for nothing."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        return next((text for part in value if isinstance(part, str) and (text := part.strip())), "")
    return ""


def is_true(fields: Mapping, name: str) -> bool:
    """Say whether a switch is on."""
    return text_of(fields.get(name, "")).lower() in TRUE

"""A text as the set of its sentences, by which two that are nearly the same know each other."""

from __future__ import annotations

import re
from hashlib import blake2b

from feedpub.model import Sentence

#: What stands between sentences: tags, comments and scripts with all that is in them, and marks at their ends.
_BREAK = re.compile(
    r"<(?:script|style)\b.*?(?:</(?:script|style)\s*>|\Z)|<!--.*?(?:-->|\Z)|<[^<>]*>|[。！？!?；;\n]|\.(?=\s)",
    re.DOTALL | re.IGNORECASE,
)

#: In characters. Shorter ones ("More:") stand in any article.
_SHORTEST = 6


def sketch(body: str) -> tuple[Sentence, ...]:
    """Give the sentences of a body, each once, in an order that depends on nothing but what they are."""
    sentences = {"".join(part.split()) for part in _BREAK.split(body)}
    return tuple(sorted(Sentence(_digest(text), len(text)) for text in sentences if len(text) >= _SHORTEST))


def _digest(text: str) -> int:
    # Six bytes are a number that any JSON reader keeps whole.
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).digest(), "big")

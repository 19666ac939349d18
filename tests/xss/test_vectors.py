"""Safety: no attack of the corpus comes out alive, and none takes the story after it along."""

from __future__ import annotations

import base64
import html
import re
from collections import Counter
from functools import cache
from urllib.parse import unquote

import pytest

from feedpub.sanitiser import sanitise
from tests.liveness import live, shows_as_story, texts
from tests.xss.corpus import CONTEXTS, VECTORS, Vector, unescape

BASE = "https://site.example/news/1.html"


@cache
def faults_of(output: str) -> list[str]:
    """List what is wrong with a page that came out; many vectors leave the same one."""
    again = sanitise(output, base_url=BASE).html
    changed = [] if again == output else [f"the second pass gives {again!r}"]
    ambiguous = [] if len(texts(output)) == 1 else ["readers do not agree on its text"]
    return live(output) + changed + ambiguous


@pytest.mark.parametrize("vector", VECTORS, ids=str)
def test_no_attack_survives_in_any_place_of_a_page(vector: Vector) -> None:
    for context in CONTEXTS:
        output = sanitise(context.replace("{}", vector.html), base_url=BASE).html
        assert faults_of(output) == [], f"{vector} in {context} gives {output!r}"


@pytest.mark.parametrize("vector", VECTORS, ids=str)
def test_the_story_after_an_attack_stays_where_a_browser_shows_it(vector: Vector) -> None:
    page = f"<div>{vector.html}</div></div></div><p>后文</p>"
    assert "后文" in sanitise(page, base_url=BASE).html or not shows_as_story("后文", page)


def test_most_attacks_leave_the_story_after_them_to_be_seen() -> None:
    pages = [f"<div>{vector.html}</div></div></div><p>后文</p>" for vector in VECTORS[::10]]
    assert sum(shows_as_story("后文", page) for page in pages) > 0.9 * len(pages)


def test_the_corpus_holds_at_least_900_vectors_of_21_families_and_none_twice() -> None:
    assert len(VECTORS) >= 900
    assert [vector for vector, times in Counter(vector.html for vector in VECTORS).items() if times > 1] == []
    assert all(times >= 20 for times in Counter(vector.family for vector in VECTORS).values())
    assert len({vector.family for vector in VECTORS} - {"quiet"}) == 21


@pytest.mark.parametrize("vector", [vector for vector in VECTORS if vector.family != "quiet"], ids=str)
def test_every_vector_but_the_quiet_ones_calls_for_an_alert(vector: Vector) -> None:
    assert any("alert" in form for form in decodings(vector.html))


def decodings(text: str) -> set[str]:
    """Undo what hides the word in some vectors: entities, percent signs, escapes of scripts, base64, NULs."""
    plain = html.unescape(html.unescape(text))
    encoded = re.findall(r"base64,\s*([\w+/]+)", text)
    opened = [base64.b64decode(part[: len(part) // 4 * 4]).decode("latin-1") for part in encoded]
    spelled = re.sub(r"\\u00([0-9a-f]{2})", lambda code: chr(int(code[1], 16)), plain)
    joined = re.sub(r"[^a-z]|source", "", spelled)
    return {text, plain, unquote(plain), joined, *opened}


@pytest.mark.parametrize(
    ("line", "text"),
    [(r"a\nb\t\0", "a\nb\t\0"), (r"\\u0061", r"\u0061"), (r"\ud800\xa0", "\ud800\xa0"), ("'\"", "'\"")],
)
def test_a_line_of_the_corpus_stands_for_its_text(line: str, text: str) -> None:
    assert unescape(line) == text


def test_a_line_with_an_unknown_escape_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown escape"):
        unescape(r"<img src=x\onerror=alert(1)>")

"""The shared cases and samples; skipped where they are not at hand."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import html5lib
import pytest

from feedpub.sanitiser import Rules, sanitise
from tests.liveness import live

SHARED = Path(__file__).parents[2] / "shared"
CASES = SHARED / "sanitiser_cases.json"
SAMPLES = sorted((SHARED / "samples").rglob("*.md"))
Case = dict[str, Any]


def cases() -> list[Case]:
    return json.loads(CASES.read_text("utf-8")) if CASES.exists() else []


def text_of(html: str) -> str:
    return " ".join("".join(html5lib.parseFragment(html, namespaceHTMLElements=False).itertext()).split())


def faults_of(html: str, case: Case) -> list[str]:
    required = case["must_contain"]
    if "or_absent" in case and case["or_absent"] not in html:
        required = required[-1:]
    places = [html.find(part) for part in case.get("ordered", [])]
    checks = {
        "missing": [part for part in required if part not in html],
        "present": [part for part in case["must_not_contain"] if part in html],
        "none of": [parts for parts in case.get("must_contain_any", []) if not any(part in html for part in parts)],
        "not in the text": [part for part in case.get("text_contains", []) if part not in text_of(html)],
        "out of order": places if -1 in places or places != sorted(places) else [],
        "too often": [part for part, most in case.get("max_count", {}).items() if html.count(part) > most],
        "live": live(html),
    }
    return [f"{name}: {parts}" for name, parts in checks.items() if parts]


@pytest.mark.skipif(not CASES.exists(), reason="the shared cases are not here")
@pytest.mark.parametrize("case", cases(), ids=lambda case: case["name"])
def test_every_shared_case_holds(case: Case) -> None:
    started = time.perf_counter()
    page = sanitise(case["input_html"], base_url=case["base_url"])
    assert time.perf_counter() - started < case.get("max_seconds", 1)
    assert faults_of(page.html, case) == []
    assert text_of(page.html) == case.get("text_equals", text_of(page.html))
    assert set(case.get("symbols", page.symbols)) == set(page.symbols)
    assert sanitise(page.html, base_url=case["base_url"]).html == page.html


@pytest.mark.skipif(not SAMPLES, reason="the shared samples are not here")
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem[:20])
def test_every_sample_comes_out_safe_and_without_the_marks_of_its_site(sample: Path) -> None:
    rules = Rules(unwrap=("https://cors.zfour.workers.dev/?{url}",))
    body = sample.read_text("utf-8").split("---", 2)[2]
    html = sanitise(body, base_url="https://site.example/a.html", rules=rules).html
    assert live(html) == []
    assert sanitise(html, base_url="https://site.example/a.html", rules=rules).html == html
    for mark in ("cors.zfour", "复制代码", "责任编辑", "新浪财经APP", "&#123;", "<style", "GoToLink", "data-"):
        assert mark not in html

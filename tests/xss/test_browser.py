"""Safety, as Chromium sees it: nothing that comes out runs, though what went in did.

Skipped without Chromium, unless `FEEDPUB_REQUIRE_SERVERS` is set: there its absence is a failure.
"""

from __future__ import annotations

import os

import pytest

from feedpub.sanitiser import sanitise
from tests.xss.browser import WAYS, Alert, BrowserError, find_chromium, show
from tests.xss.corpus import CONTEXTS, VECTORS

BASE = "https://site.example/news/1.html"

#: What each way of showing must see: of loads, of scripts, of clicks, of focus, in frames and in shadow trees.
CONTROLS = {
    "<img src=x onerror=alert(1)>": set(WAYS),
    "<p onclick=alert(1)>x</p>": set(WAYS),
    "<p onmouseover=alert(1)>x</p>": set(WAYS),
    "<a href=javascript:alert(1)>x</a>": set(WAYS),
    "<a href=javascript:alert(1) target=_blank>x</a>": set(WAYS),
    "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>": set(WAYS),
    "<form action=javascript:alert(1)><button>x</button></form>": set(WAYS),
    "<input autofocus onfocus=alert(1)>": set(WAYS),
    "<details ontoggle=alert(1)>x</details>": set(WAYS),
    "<iframe src=javascript:alert(1)></iframe>": set(WAYS),
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg>": set(WAYS),
    "<img src=x onerror=prompt(1)>": set(WAYS),
    "<script>alert(1)</script>": {"document", "fragment"},
    "<body onload=alert(1)>": {"document"},
    "<div><template shadowrootmode=open><img src=x onerror=alert(1)></template></div>": {"document"},
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>": {"document", "inserted"},
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>": {"reparsed"},
    "<p>alert(1)</p><a href='https://a.example/'>x</a><img src='https://a.example/1.png'>": set(),
}


@pytest.fixture(scope="module")
def chromium() -> str:
    program = find_chromium()
    if program is None:
        missing = "Chromium is missing: install it, or set $CHROMIUM"
        pytest.fail(missing) if os.environ.get("FEEDPUB_REQUIRE_SERVERS") else pytest.skip(missing)
    return program


def test_each_way_of_showing_a_page_sees_what_runs_in_it(chromium: str) -> None:
    shown = show(list(CONTROLS), program=chromium)
    ways = [{alert.way for alert in shown.alerts if alert.page == page} for page in range(len(CONTROLS))]
    for (page, expected), seen in zip(CONTROLS.items(), ways, strict=True):
        assert seen >= expected, page
        assert expected or not seen, page


def test_of_pages_that_share_a_frame_the_one_that_alerts_is_named(chromium: str) -> None:
    pages = ["<p>x</p>", "<p>y</p>", "<p onclick=alert(1)>z</p>", "<p>x</p>"]
    shown = show(pages, program=chromium, together=2)
    assert shown.alerts == {Alert(2, way) for way in WAYS}


def test_more_than_two_in_five_attacks_run_where_nothing_cleans_them(chromium: str) -> None:
    sample = VECTORS[::8]
    fired = {alert.page for alert in show([vector.html for vector in sample], program=chromium).alerts}
    assert len(fired) > 0.4 * len(sample)


def test_no_attack_runs_once_it_is_cleaned(chromium: str) -> None:
    outputs: dict[str, str] = {}
    for vector in VECTORS:
        for context in CONTEXTS:
            outputs.setdefault(sanitise(context.replace("{}", vector.html), base_url=BASE).html, str(vector))
    shown = show(list(outputs), program=chromium, together=60)
    names = [*outputs.values(), "somewhere"]
    assert {(names[alert.page], alert.way) for alert in shown.alerts} == set()
    assert {(names[page.page], page.way) for page in shown.missed} == set()


def test_a_browser_that_shows_nothing_is_an_error(chromium: str) -> None:
    with pytest.raises(BrowserError, match="no result"):
        show(["<p>x</p>"], program="/bin/true")

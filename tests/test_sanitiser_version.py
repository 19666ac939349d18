"""What comes out is pinned: an entry that was kept must be made again once it would come out differently."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from feedpub.sanitiser import DEFAULT, VERSION, Rules, plain_text, sanitise, summarise
from feedpub.sanitiser.proxy import Proxy
from tests.bench.corpus import make_article
from tests.xss.corpus import read_vectors

NAME = "sanitiser.json"
GOLDEN = Path(__file__).parent / "golden" / NAME
BASE = "https://site.example/news/1.html"
RULES = Rules(
    proxies=(Proxy(template="https://camo.example/{hmac_sha1}/{url_hex}", key=b"key"),), stock_target="xueqiu"
)

#: What the articles of the benchmark have none of, each in a few words.
PAGES = (
    "<table><tr><td><p>一　二</table><table><tr><th>a<td>b</table><dl><dd>x<dt>y</dl>",
    "<figure><img src=/1.jpg srcset='/2.jpg 2x'><div class=img_descr>图 <i>1</i></div></figure>",
    "<iframe src=//www.youtube.com/embed/abcDEF12345></iframe><video src=/a.mp4 poster=/p.jpg></video>",
    "<noscript>&lt;img src=/1.jpg&gt;</noscript><picture><source srcset='/3.webp 3w'><img></picture>",
    "<a href='/x?utm_source=1&b=2'>x</a><a href=javascript:x>y</a><blockquote cite=/c>z</blockquote>",
    "<a href='https://link.zhihu.com/?target=http%3A%2F%2Fquote.eastmoney.com%2Fsh600000.html'>浦发</a>",
    "<math><mi>x</mi></math><script type=math/tex>x^2</script><pre>\n\n a  b</pre> a  b\t\nc",
    "<p>责任编辑：林一舟</p><ul><li><img src=/1.jpg></ul><p lang=zh>&#128;&nbsp;<b> </b>,<span>　</span>PE<PB，10",
)

Digests = dict[str, dict[str, str]]


def sources() -> Iterator[tuple[str, str]]:
    """Name and yield what is cleaned."""
    yield from ((vector.family, vector.html) for vector in read_vectors())
    yield from (("pages", html) for html in PAGES)
    articles = (make_article(number, category="x", seed=2022) for number in range(20))
    yield from (("articles", article.split("\n---", 1)[1]) for article in articles)


def outcome_of(html: str, rules: Rules) -> str:
    """Write down what an entry takes from a page."""
    page = sanitise(html, base_url=BASE, rules=rules)
    return repr((page.html, page.symbols, page.images, summarise(plain_text(page.html))))


def digests_of(pages: Iterable[tuple[str, str]]) -> Digests:
    """Digest what goes in and what comes out, by family, so that a change can be found."""
    digests: dict[str, tuple[hashlib._Hash, hashlib._Hash]] = {}
    for family, html in pages:
        before, after = digests.setdefault(family, (hashlib.sha256(), hashlib.sha256()))
        before.update(repr(html).encode())
        for rules in (DEFAULT, RULES) if family in ("pages", "articles") else (DEFAULT,):
            after.update(outcome_of(html, rules).encode())
    return {family: {"in": before.hexdigest(), "out": after.hexdigest()} for family, (before, after) in digests.items()}


def changed_of(old: Digests, new: Digests) -> list[str]:
    """Name the families of which something else comes out though the same goes in."""
    alike = [family for family in new if family in old and old[family]["in"] == new[family]["in"]]
    return [family for family in alike if old[family]["out"] != new[family]["out"]]


def test_the_version_is_raised_with_what_comes_out(golden: Callable[[str, bytes], None]) -> None:
    digests = digests_of(sources())
    if GOLDEN.exists():
        stored = json.loads(GOLDEN.read_text("utf-8"))
        changed = changed_of(stored["families"], digests) if stored["version"] == VERSION else []
        # Not even to be blessed: entries that were kept would stay as they are.
        assert not changed, f"{changed} come out differently: raise feedpub.sanitiser.VERSION, then run pytest --bless"
    golden(NAME, json.dumps({"version": VERSION, "families": digests}, indent=1).encode() + b"\n")


def test_a_family_counts_as_changed_only_where_the_same_goes_in() -> None:
    old = {"a": {"in": "1", "out": "1"}, "b": {"in": "1", "out": "1"}, "c": {"in": "1", "out": "1"}}
    new = {"a": {"in": "1", "out": "2"}, "b": {"in": "2", "out": "2"}, "d": {"in": "1", "out": "1"}}
    assert changed_of(old, new) == ["a"]

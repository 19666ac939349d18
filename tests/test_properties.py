"""What holds for any text in an article, and for any bytes in its file."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from feedpub.text import one_line
from tests.feedrules import check_atom, check_json, check_rss
from tests.sites import SiteFolder

ATOM = "{http://www.w3.org/2005/Atom}"
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

#: All that UTF-8 can carry, the characters that XML forbids among them.
any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)

#: Text that the collector takes as it is: it decodes entities and unwraps highlighting on purpose.
plain_text = any_text.filter(lambda text: "&" not in text and "<" not in text)


def front_matter(**fields: Any) -> bytes:
    """JSON front matter, which says any text without doubt."""
    return (json.dumps(fields) + "\n\nWords.\n").encode()


def build(raw: bytes) -> tuple[dict[str, Any], SiteFolder, Path]:
    root = Path(tempfile.mkdtemp())
    site = SiteFolder(root).configure()
    (root / "articles/a.md").write_bytes(raw)
    return site.build().as_json(), site, root


@pytest.fixture(autouse=True)
def tidy_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def check_feeds(site: SiteFolder) -> None:
    assert check_rss((site.out / "rss.xml").read_bytes()) == []
    assert check_atom((site.out / "atom.xml").read_bytes()) == []
    assert check_json((site.out / "feed.json").read_bytes()) == []


@SLOW
@given(title=plain_text, author=plain_text, tag=plain_text)
def test_any_text_reads_back_from_every_format(title: str, author: str, tag: str) -> None:
    _, site, _ = build(front_matter(title=title, author=[author], tags=[tag], categories=["C"]))
    check_feeds(site)
    item = site.feed()["items"][0]
    rss = etree.parse(site.out / "rss.xml").find("channel/item")
    atom = etree.parse(site.out / "atom.xml").find(f"{ATOM}entry")
    expected = one_line(title.replace("\u3000", " "))
    if expected:
        assert item["title"].split() == expected.split()
    assert item["title"] == rss.findtext("title") == atom.findtext(f"{ATOM}title")
    tags = [category.text for category in rss.iterfind("category")]
    assert item["tags"] == tags == [category.get("term") for category in atom.iterfind(f"{ATOM}category")]


@SLOW
@given(body=any_text)
def test_any_body_gives_well_formed_feeds_with_the_same_content(body: str) -> None:
    _, site, _ = build(b"---\ntitle: x\n---\n" + body.encode())
    check_feeds(site)
    item = site.feed()["items"][0]
    content = item.get("content_html", "")
    atom = etree.parse(site.out / "atom.xml").find(f"{ATOM}entry")
    assert (atom.findtext(f"{ATOM}content") or "") == content


@SLOW
@given(raw=st.binary(max_size=200) | st.builds(lambda text: b"---\n" + text.encode() + b"\n---\nx", any_text))
def test_any_bytes_are_an_entry_or_a_quarantine_with_a_reason(raw: bytes) -> None:
    report, site, _ = build(raw)
    quarantined = report["articles"]["quarantined"]
    assert len(site.feed()["items"]) + len(quarantined) == 1
    assert all(bad["path"] == "a.md" and bad["reason"] for bad in quarantined)
    check_feeds(site)

"""Readers that people use, at feeds that `run` put into a bucket."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import feedparser
import pytest

from feedpub.config import load_config
from feedpub.cron import go_round
from tests.servers.newsboat import find_newsboat
from tests.servers.proxy import Proxy, proxy_to
from tests.servers.storage import S3Server, fetch
from tests.sites import NOW, SiteFolder

TYPES = {
    "rss.xml": "application/rss+xml; charset=utf-8",
    "atom.xml": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json; charset=utf-8",
    "feeds.opml": "text/x-opml; charset=utf-8",
    "index.html": "text/html; charset=utf-8",
}


class Published:
    """A site in a bucket."""

    def __init__(self, root: Path, to: str, base: str) -> None:
        self.base = base
        self._site = SiteFolder(root).configure(f'[publish]\nto = "{to}/feeds"')

    def publish(self, **articles: str) -> None:
        for title, body in articles.items():
            self._site.write(f"{title}.md", body=body, categories=["金融"], date="2024-03-01")
        go_round(load_config(self._site.config), now=NOW, workers=1)

    def at(self, key: str) -> str:
        return f"{self.base}feeds/{key}"


@pytest.fixture
def published(tmp_path: Path, seaweedfs: S3Server, monkeypatch: pytest.MonkeyPatch) -> Published:
    for name, value in seaweedfs.environment().items():
        monkeypatch.setenv(name, value)
    bucket = seaweedfs.new_bucket()
    site = Published(tmp_path / "site", seaweedfs.url(bucket), seaweedfs.public(bucket))
    site.publish(one="<p>First words.", two="<p>Other words.")
    return site


@pytest.fixture
def proxied(published: Published, seaweedfs: S3Server) -> Iterator[tuple[Published, Proxy]]:
    """The same site, seen through a proxy that notes what readers ask, and what they are told."""
    with proxy_to(seaweedfs.endpoint) as proxy:
        published.base = published.base.replace(seaweedfs.endpoint, proxy.address)
        yield published, proxy


@pytest.mark.parametrize("name", TYPES)
def test_each_document_has_its_type_and_is_fetched_again_only_when_it_changed(published: Published, name: str) -> None:
    first = fetch(published.at(name))
    assert first.status == 200
    assert first.headers["content-type"] == TYPES[name]
    assert first.headers["cache-control"] == "public, max-age=300"
    unchanged = [
        {"If-None-Match": first.headers["etag"]},
        {"If-Modified-Since": first.headers["last-modified"]},
    ]
    assert [fetch(published.at(name), headers=asked).status for asked in unchanged] == [304, 304]


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml", "jin-rong/rss.xml"])
def test_feedparser_reads_the_feeds_and_gets_not_modified(published: Published, name: str) -> None:
    first: Any = feedparser.parse(published.at(name))
    assert (first.bozo, first.status) == (False, 200)
    assert sorted(entry.title for entry in first.entries) == ["one.md", "two.md"]
    again: Any = feedparser.parse(published.at(name), etag=first.etag)
    assert (again.status, again.entries) == (304, [])
    published.publish(three="<p>Words that are new.")
    later: Any = feedparser.parse(published.at(name), etag=first.etag)
    assert later.status == 200
    assert {entry.id for entry in first.entries} < {entry.id for entry in later.entries}


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
def test_newsboat_shows_each_entry_once(proxied: tuple[Published, Proxy], tmp_path: Path, name: str) -> None:
    site, proxy = proxied
    boat = Newsboat(tmp_path / "newsboat", site.at(name))
    assert [boat.reload() for _ in range(3)] == [2, 2, 2]
    # It remembers tags of feeds that it knows, so from the second time on.
    assert [request.status for request in proxy.requests] == [200, 200, 304]
    # To newsboat, what was written in the same second is what it has.
    time.sleep(1.1)
    site.publish(two="<p>Other words, and more of them.", three="<p>Words that are new.")
    assert boat.reload() == 3


class Newsboat:
    """A reader with one subscription."""

    def __init__(self, folder: Path, url: str) -> None:
        folder.mkdir()
        (folder / "urls").write_text(f"{url}\n", "utf-8")
        (folder / "config").write_text("", "utf-8")
        self._command = [
            *(find_newsboat(), "-u", str(folder / "urls"), "-c", str(folder / "cache.db"), "-C", str(folder / "config"))
        ]

    def reload(self) -> int:
        """Look for news, and count what is unread."""
        subprocess.run([*self._command, "-x", "reload"], check=True, capture_output=True)
        done = subprocess.run([*self._command, "-x", "print-unread"], check=True, capture_output=True, text=True)
        return int(done.stdout.split()[0])

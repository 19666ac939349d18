"""Sound and film: shown with controls where the file is known; a known player becomes a link."""

from __future__ import annotations

import re
from dataclasses import dataclass

from feedpub.sanitiser import tree
from feedpub.sanitiser.addresses import image_url, media_url
from feedpub.sanitiser.rules import Rules
from feedpub.urls import absolute, host_of


@dataclass(frozen=True, slots=True)
class Player:
    """An embedded player, and the page on which its film can be seen."""

    host: str  #: Whole.
    pattern: str  #: Of path and query; its group is the film.
    page: str


PLAYERS = (
    Player("www.youtube.com", r"/embed/([\w-]{6,20})\b.*", "https://www.youtube.com/watch?v={}"),
    Player("www.youtube-nocookie.com", r"/embed/([\w-]{6,20})\b.*", "https://www.youtube.com/watch?v={}"),
    Player("player.vimeo.com", r"/video/(\d+)\b.*", "https://vimeo.com/{}"),
    Player("player.bilibili.com", r"/player\.html\?(?:.*&)?bvid=(BV\w+).*", "https://www.bilibili.com/video/{}"),
    Player("player.bilibili.com", r"/player\.html\?(?:.*&)?aid=(\d+).*", "https://www.bilibili.com/video/av{}"),
    Player("v.qq.com", r"/(?:txp/)?iframe/player\.html\?(?:.*&)?vid=(\w+).*", "https://v.qq.com/x/page/{}.html"),
    Player("player.youku.com", r"/embed/([\w=]+).*", "https://v.youku.com/v_show/id_{}.html"),
)

#: Where a film waits that a script would start.
_LAZY = ("src", "data-src", "data-url")


def player_page(url: str, *, base: str | None = None) -> str | None:
    """Return the page of the film that a known player shows."""
    address = absolute(url, base=base)
    host, place = host_of(address or ""), "/" + (address or "").partition("://")[2].partition("/")[2]
    for player in PLAYERS:
        match = re.fullmatch(player.pattern, place) if player.host == host else None
        if match:
            return player.page.format(match[1])
    return None


def link_players(body: tree.Element, *, base: str | None) -> list[str]:
    """Put a link in the place of each known player; other frames go."""
    removed = []
    frames = tree.elements(body, "iframe")
    for frame in frames:
        pages = (player_page(frame.get(name, ""), base=base) for name in _LAZY)
        page = next((page for page in pages if page), None)
        if page is None:
            tree.drop(frame)
            removed.append("iframe")
        else:
            _become_link(frame, page)
    if frames:
        tree.sweep(body)
    return removed


def show_media(body: tree.Element, *, base: str | None, rules: Rules) -> list[str]:
    """Settle the addresses of sound and film; what has none goes, with the words for old browsers."""
    removed: list[str] = []
    if not tree.elements(body, "video", "audio", "source"):
        return removed
    for element in tree.elements(body, "video", "audio"):
        if not _settle(element, base, rules):
            removed.append(str(element.tag))
            tree.drop(element)
    for source in tree.elements(body, "source"):
        if source.getparent().tag not in ("video", "audio", "picture"):
            tree.unwrap(source)
    tree.sweep(body)
    return removed


def _become_link(frame: tree.Element, page: str) -> None:
    tail = frame.tail
    frame.clear()
    frame.tag, frame.text, frame.tail = "a", page, tail
    frame.set("href", page)


def _settle(element: tree.Element, base: str | None, rules: Rules) -> bool:
    found = _settle_source(element, base, rules)
    for source in element.iterchildren("source"):
        if _settle_source(source, base, rules):
            found = True
        else:
            tree.unwrap(source)
    poster = image_url(element.attrib.pop("poster", ""), base_url=base, rules=rules)
    if poster:
        element.set("poster", poster)
    element.attrib.pop("controls", None)
    element.set("controls", "")
    return found


def _settle_source(element: tree.Element, base: str | None, rules: Rules) -> bool:
    urls = (media_url(element.get(name, ""), base_url=base, rules=rules) for name in _LAZY)
    url = next((url for url in urls if url), None)
    element.attrib.pop("src", None)
    if url:
        element.set("src", url)
    return url is not None

"""Players: what each embedded frame shows, and the page and the picture that stand for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from feedpub.urls import absolute, host_of, percent_decode


@dataclass(frozen=True, slots=True)
class Player:
    """An embedded player, and the page on which its film can be seen."""

    match: str  #: Its address without the scheme: the host whole but for its "www." or "m.", `{id}` the film.
    page: str  #: Where the film is, `{id}` in it.
    picture: str = ""  #: A still of it, where its address can be told.


PLAYERS = (
    Player("www.youtube.com/embed/videoseries?list={id}", "https://www.youtube.com/playlist?list={id}"),
    Player(
        "www.youtube.com/embed/{id}",
        "https://www.youtube.com/watch?v={id}",
        "https://i.ytimg.com/vi/{id}/hqdefault.jpg",
    ),
    Player(
        "www.youtube-nocookie.com/embed/{id}",
        "https://www.youtube.com/watch?v={id}",
        "https://i.ytimg.com/vi/{id}/hqdefault.jpg",
    ),
    Player(
        "www.youtube.com/v/{id}", "https://www.youtube.com/watch?v={id}", "https://i.ytimg.com/vi/{id}/hqdefault.jpg"
    ),
    Player(
        "www.youtube.com/shorts/{id}",
        "https://www.youtube.com/shorts/{id}",
        "https://i.ytimg.com/vi/{id}/hqdefault.jpg",
    ),
    Player(
        "www.youtube.com/live/{id}", "https://www.youtube.com/live/{id}", "https://i.ytimg.com/vi/{id}/hqdefault.jpg"
    ),
    Player(
        "www.youtube.com/watch?v={id}",
        "https://www.youtube.com/watch?v={id}",
        "https://i.ytimg.com/vi/{id}/hqdefault.jpg",
    ),
    Player("youtu.be/{id}", "https://www.youtube.com/watch?v={id}", "https://i.ytimg.com/vi/{id}/hqdefault.jpg"),
    Player("fast.wistia.net/embed/iframe/{id}", "https://fast.wistia.net/embed/iframe/{id}"),
    Player("www.tiktok.com/embed/v2/{id}", "https://www.tiktok.com/embed/v2/{id}"),
    Player("open.douyin.com/player/video?vid={id}", "https://www.douyin.com/video/{id}"),
    Player("player.vimeo.com/video/{id}", "https://vimeo.com/{id}"),
    Player(
        "www.dailymotion.com/embed/video/{id}",
        "https://www.dailymotion.com/video/{id}",
        "https://www.dailymotion.com/thumbnail/video/{id}",
    ),
    Player("geo.dailymotion.com/player.html?video={id}", "https://www.dailymotion.com/video/{id}"),
    Player("player.twitch.tv/?video={id}", "https://www.twitch.tv/videos/{id}"),
    Player("player.twitch.tv/?channel={id}", "https://www.twitch.tv/{id}"),
    Player("clips.twitch.tv/embed?clip={id}", "https://clips.twitch.tv/{id}"),
    Player("embed.ted.com/talks/{path}", "https://www.ted.com/talks/{path}"),
    Player("www.facebook.com/plugins/video.php?href={url}", "{url}"),
    Player("www.facebook.com/plugins/post.php?href={url}", "{url}"),
    Player("www.instagram.com/p/{id}/embed", "https://www.instagram.com/p/{id}/"),
    Player("www.instagram.com/p/{id}/embed/captioned", "https://www.instagram.com/p/{id}/"),
    Player("www.instagram.com/reel/{id}/embed", "https://www.instagram.com/reel/{id}/"),
    Player("platform.twitter.com/embed/Tweet.html?id={id}", "https://twitter.com/i/status/{id}"),
    Player("open.spotify.com/embed/{path}", "https://open.spotify.com/{path}"),
    Player("open.spotify.com/embed-podcast/{path}", "https://open.spotify.com/{path}"),
    Player("embed.podcasts.apple.com/{path}", "https://podcasts.apple.com/{path}"),
    Player("w.soundcloud.com/player/?url={url}", "{url}"),
    Player("codepen.io/{id}/embed/{id2}", "https://codepen.io/{id}/pen/{id2}"),
    Player("codepen.io/{id}/embed/preview/{id2}", "https://codepen.io/{id}/pen/{id2}"),
    Player("player.bilibili.com/player.html?bvid={id}", "https://www.bilibili.com/video/{id}"),
    Player("player.bilibili.com/player.html?aid={id}", "https://www.bilibili.com/video/av{id}"),
    Player("www.bilibili.com/blackboard/html5mobileplayer.html?bvid={id}", "https://www.bilibili.com/video/{id}"),
    Player("www.bilibili.com/blackboard/html5mobileplayer.html?aid={id}", "https://www.bilibili.com/video/av{id}"),
    Player("www.bilibili.com/blackboard/player.html?bvid={id}", "https://www.bilibili.com/video/{id}"),
    Player("www.bilibili.com/blackboard/player.html?aid={id}", "https://www.bilibili.com/video/av{id}"),
    Player("www.bilibili.com/blackboard/webplayer/embed-old.html?aid={id}", "https://www.bilibili.com/video/av{id}"),
    Player("static.hdslb.com/miniloader.swf?aid={id}", "https://www.bilibili.com/video/av{id}"),
    Player("v.qq.com/txp/iframe/player.html?vid={id}", "https://v.qq.com/x/page/{id}.html"),
    Player("v.qq.com/iframe/player.html?vid={id}", "https://v.qq.com/x/page/{id}.html"),
    Player("imgcache.qq.com/tencentvideo_v1/playerv3/TPout.swf?vid={id}", "https://v.qq.com/x/page/{id}.html"),
    Player("static.video.qq.com/TPout.swf?vid={id}", "https://v.qq.com/x/page/{id}.html"),
    Player("player.youku.com/embed/{id}", "https://v.youku.com/v_show/id_{id}.html"),
    Player("player.youku.com/player.php/sid/{id}/v.swf", "https://v.youku.com/v_show/id_{id}.html"),
    Player("www.ixigua.com/iframe/{id}", "https://www.ixigua.com/{id}"),
    Player("www.acfun.cn/player/{id}", "https://www.acfun.cn/v/{id}"),
    Player("music.163.com/outchain/player?type=2&id={id}", "https://music.163.com/#/song?id={id}"),
    Player("music.163.com/outchain/player?type=1&id={id}", "https://music.163.com/#/album?id={id}"),
    Player("music.163.com/outchain/player?type=0&id={id}", "https://music.163.com/#/playlist?id={id}"),
    Player("i.y.qq.com/n2/m/outchain/player/index.html?songid={id}", "https://y.qq.com/n/ryqq/songDetail/{id}"),
    Player("www.ximalaya.com/thirdparty/player/sound/player.html?id={id}", "https://www.ximalaya.com/sound/{id}"),
    Player("player.polyv.net/videos/{id}", "https://player.polyv.net/videos/{id}"),
)

_BEHIND_HOST = re.compile("^[^/]*//[^/?]*")
_HOLES = {
    "id": r"(?P<id>[\w=\-]+)",
    "id2": r"(?P<id2>[\w\-]+)",
    "path": r"(?P<path>[\w\-]+(?:/[\w.\-]+)*)",
    "url": r"(?P<url>https?[^&\s]+)",
}


@dataclass(frozen=True, slots=True)
class Film:
    """What a frame shows."""

    page: str
    picture: str = ""


def film_of(url: str, *, base: str | None, players: tuple[Player, ...] = ()) -> Film | None:
    """Return what a frame at *url* shows; `None` where no known player stands there."""
    address = absolute(url, base=base)
    if address is None:
        return None
    host = _plain_host(host_of(address))
    place = host + _BEHIND_HOST.sub("", address.partition("#")[0])
    for player, path, query in _shapes(players + PLAYERS, host):
        found = _read(place, path, query)
        if found:
            page = absolute(_fill(player.page, found))
            # SoundCloud's widget names what it plays by an address that is for programs.
            page = address if page and host_of(page).startswith("api.") else page
            return Film(page, _fill(player.picture, found)) if page else None
    return None


def _plain_host(host: str) -> str:
    return host.lower().rstrip(".").removeprefix("www.").removeprefix("m.")


def _read(place: str, path: re.Pattern[str], query: tuple[re.Pattern[str], ...]) -> dict[str, str] | None:
    """Read the film from path and query; the query's parameters may be in any order."""
    where, _, asked = place.partition("?")
    matches = [path.fullmatch(where), *(pattern.search(asked) for pattern in query)]
    if not all(matches):
        return None
    return {name: text for match in matches if match for name, text in match.groupdict().items()}


def _fill(template: str, found: dict[str, str]) -> str:
    if "{url}" in template:
        return template.replace("{url}", percent_decode(found["url"]))
    return re.sub(r"\{(id2?|path)\}", lambda hole: found[hole[1]], template)


@lru_cache(maxsize=256)
def _shapes(
    players: tuple[Player, ...], host: str
) -> tuple[tuple[Player, re.Pattern[str], tuple[re.Pattern[str], ...]], ...]:
    spelt = ((player, *player.match.partition("/")[::2]) for player in players)
    return tuple((player, *_compile(f"{host}/{path}")) for player, name, path in spelt if _plain_host(name) == host)


def _compile(match: str) -> tuple[re.Pattern[str], tuple[re.Pattern[str], ...]]:
    path, _, query = match.partition("?")
    parameters = tuple(re.compile(rf"(?:^|&){_expression(part)}(?=&|$)") for part in query.split("&") if part)
    # Old players hang the rest of their address on with "&".
    return re.compile(_expression(path) + r"/?(?:&.*)?"), parameters


def _expression(text: str) -> str:
    parts = re.split(r"\{(\w+)\}", text)
    return "".join(_HOLES[part] if number % 2 else re.escape(part) for number, part in enumerate(parts))

"""Captions, players, and pictures in their own addresses."""

from __future__ import annotations

import base64
import struct
import zlib

import pytest

from feedpub.sanitiser import Rules, sanitise
from feedpub.sanitiser.players import PLAYERS, Player, film_of
from feedpub.sanitiser.proxy import Proxy
from feedpub.sanitiser.rasters import LARGEST, raster_url

BASE = "https://site.example/news/1.html"
IMG = '<img src="https://site.example/a.jpg" referrerpolicy="no-referrer">'

LINKED = f'<a href="https://site.example/b" rel="noopener noreferrer">{IMG}</a>'


def clean(html: str, *, rules: Rules | None = None) -> str:
    page = sanitise(html, base_url=BASE, rules=rules or Rules())
    assert sanitise(page.html, base_url=BASE, rules=rules or Rules()).html == page.html
    return page.html


@pytest.mark.parametrize(
    ("html", "figure"),
    [
        ("<div class=img_wrapper><img src=/a.jpg><span class=img_descr>图为 &amp; 工人</span></div>",
         f"<figure>{IMG}<figcaption>图为 &amp; 工人</figcaption></figure>"),
        ("<p><img src=/a.jpg><br><span class=img_descr>图</span></p>",
         f"<figure>{IMG}<br><figcaption>图</figcaption></figure>"),
        ("<div class=wp-caption><a href=/b><img src=/a.jpg></a><p class=wp-caption-text>By <i>A</i></p></div>",
         f"<figure>{LINKED}<figcaption>By <i>A</i></figcaption></figure>"),
        ("<div><div><div><img data-original-src=//site.example/a.jpg></div></div><p class=image-caption>图1</p></div>",
         f"<figure><div><div>{IMG}</div></div><figcaption>图1</figcaption></figure>"),
        ("<div><img src=/a.jpg><p class=credit>AP </p><p class=caption>图</p></div>",
         f"<figure>{IMG}<figcaption>图 <p>AP </p></figcaption></figure>"),
        ("<div><img src=/a.jpg><em class=caption><b>图</b></em><i class=credit>AP</i></div>",
         f"<figure>{IMG}<figcaption><b>图</b> <i>AP</i></figcaption></figure>"),
        ("<figure><img src=/a.jpg><figcaption>图</figcaption></figure>",
         f"<figure>{IMG}<figcaption>图</figcaption></figure>"),
        ("<figure><img src=/a.jpg><div><span class=img-caption>图</span></div></figure>",
         f"<figure>{IMG}<figcaption>图</figcaption></figure>"),
    ],
)  # fmt: skip
def test_a_picture_and_its_caption_become_a_figure(html: str, figure: str) -> None:
    assert clean(f"<p>前</p>{html}<p>后</p>") == f"<p>前</p>{figure}<p>后</p>"


@pytest.mark.parametrize(
    "html",
    [
        "<div><p>正文</p><img src=/a.jpg><p class=img_descr>图</p></div>",  # other words beside them
        "<div><img src=/a.jpg><img src=/b.jpg><p class=img_descr>图</p></div>",  # which of the two?
        "<div><p class=img_descr>图</p></div>",
        "<div><h2 class=caption>图</h2><img src=/a.jpg></div>",
        "<div><img src=/a.jpg><p class=img_descr>图</p><h3>正文</h3><p class=credit>AP</p></div>",
        "<p class=img_descr>正文<img src=/a.jpg></p>",
        f"<div><img src=/a.jpg><p class=img_descr>{'正文' * 400}</p></div>",
    ],
)
def test_words_that_may_not_be_a_caption_stay_where_they_are(html: str) -> None:
    assert "figure" not in clean(html)
    assert "图" in clean(html) or "正文" in clean(html)


def test_a_caption_that_says_nothing_makes_no_figure() -> None:
    assert clean("<div><img src=/a.jpg><span class=img_descr></span></div>") == f"<div>{IMG}</div>"


def film(tag: str) -> str:
    return clean(f"前{tag}后").removeprefix("前").removesuffix("后").removeprefix("<p>").removesuffix("</p>")


def link(page: str, inside: str | None = None) -> str:
    return f'<a href="{page}" rel="noopener noreferrer">{inside or page}</a>'


@pytest.mark.parametrize(
    ("src", "page"),
    [
        ("https://player.bilibili.com/player.html?aid=12&page=1", "https://www.bilibili.com/video/av12"),
        ("//www.bilibili.com/blackboard/html5mobileplayer.html?x=1&bvid=BV1x", "https://www.bilibili.com/video/BV1x"),
        ("https://www.youtube.com/embed/videoseries?list=PL12", "https://www.youtube.com/playlist?list=PL12"),
        ("https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/a/b&x=1", "https://soundcloud.com/a/b"),
        ("https://open.spotify.com/embed/track/4uLU6h", "https://open.spotify.com/track/4uLU6h"),
        ("//music.163.com/outchain/player?type=2&id=5&auto=0", "https://music.163.com/#/song?id=5"),
        (
            "https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Fwww.facebook.com%2Fv%2F1",
            "https://www.facebook.com/v/1",
        ),
        ("https://www.instagram.com/p/abc/embed/captioned/", "https://www.instagram.com/p/abc/"),
        (
            "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/1",
            "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/1",
        ),
        ("https://codepen.io/anna/embed/abC", "https://codepen.io/anna/pen/abC"),
    ],
)
def test_a_known_player_becomes_a_link_to_what_it_plays(src: str, page: str) -> None:
    assert film(f'<iframe src="{src}"></iframe>') == link(page)
    assert film(f'<iframe data-src="{src}"></iframe>') == link(page)


def test_a_player_whose_still_is_known_becomes_a_linked_picture() -> None:
    still = '<img alt="{}" src="https://i.ytimg.com/vi/abcDEF12345/hqdefault.jpg" referrerpolicy="no-referrer">'
    page = "https://www.youtube.com/watch?v=abcDEF12345"
    assert film('<iframe title="Film" src="https://www.youtube.com/embed/abcDEF12345?rel=0"></iframe>') == link(
        page, still.format("Film")
    )
    assert film("<embed src=https://www.youtube.com/v/abcDEF12345&fs=1>") == link(page, still.format(""))


@pytest.mark.parametrize("host", ["youtube.com", "m.youtube.com", "YouTube-nocookie.com", "www.youtube.com"])
def test_a_players_host_is_known_by_its_plain_name(host: str) -> None:
    assert "https://www.youtube.com/watch?v=abcDEF12345" in film(f"<iframe src=//{host}/embed/abcDEF12345></iframe>")


def test_the_same_link_of_the_author_is_told_of_and_the_players_is_not() -> None:
    page = sanitise(
        "<iframe src=https://www.youtube.com/embed/abc123></iframe><a href=https://www.youtube.com/watch?v=abc123>看</a>"
    )
    assert [change.place for change in page.changes] == ["iframe/src", "a/href"]


def test_words_with_a_link_stay_of_a_film_that_cannot_be_played() -> None:
    assert clean("<video poster=/a.jpg>旧 <a href=/v.mp4>下载</a></video>") == (
        '旧 <a href="https://site.example/v.mp4" rel="noopener noreferrer">下载</a>'
    )


def test_a_still_goes_through_the_proxy_too() -> None:
    rules = Rules(proxies=(Proxy(template="https://p.example/?{url}"),))
    html = clean('<iframe src="https://www.youtube.com/embed/abcDEF12345"></iframe>', rules=rules)
    assert 'src="https://p.example/?https://i.ytimg.com/' in html


@pytest.mark.parametrize(
    "tag",
    [
        "<embed src=//player.youku.com/player.php/sid/XNDI=/v.swf>",
        "<object><param name=movie value=//player.youku.com/player.php/sid/XNDI=/v.swf></object>",
        "<object data=//player.youku.com/player.php/sid/XNDI=/v.swf><p>旧</p></object>",
        "<object><embed src=//player.youku.com/player.php/sid/XNDI=/v.swf></object>",
        "<object data=//player.youku.com/embed/XNDI=><embed src=//player.youku.com/embed/XNDI=></object>",
    ],
)
def test_old_ways_to_embed_a_player_become_one_link(tag: str) -> None:
    assert film(tag) == link("https://v.youku.com/v_show/id_XNDI=.html")


def test_a_title_names_the_film() -> None:
    assert film("<iframe title='片 &amp; 名' src=https://player.vimeo.com/video/1></iframe>") == link(
        "https://vimeo.com/1", "片 &amp; 名"
    )


def test_the_operators_players_are_known_too() -> None:
    own = Player("player.example.org/e/{id}", "https://example.org/w/{id}", "https://example.org/s/{id}.jpg")
    html = clean("<iframe src=https://player.example.org/e/a1?x=2></iframe>", rules=Rules(players=(own,)))
    still = '<img alt="" src="https://example.org/s/a1.jpg" referrerpolicy="no-referrer">'
    assert html == f"<p>{link('https://example.org/w/a1', still)}</p>"


@pytest.mark.parametrize(
    ("html", "reads"),
    [
        ("<div>甲{}乙</div>", "<div>甲<p>{}</p>乙</div>"),
        ("<p>甲{}乙</p>", "<p>甲{}乙</p>"),
        ("<figure>{}</figure>", "<figure><p>{}</p></figure>"),
    ],
)
def test_a_players_link_does_not_run_into_the_text_around_it(html: str, reads: str) -> None:
    player = "<iframe src=https://player.vimeo.com/video/1></iframe>"
    assert clean(html.format(player)) == reads.format(link("https://vimeo.com/1"))


@pytest.mark.parametrize(
    "src",
    [
        "https://player.vimeo.com@evil.example/video/1",
        "https://player.vimeo.com.evil.example/video/1",
        "https://evil.example/player.vimeo.com/video/1",
        "https://player.vimeo.com/video/1/../../x y",
        "https://player.vimeo.com:8443/video/",
        "https://w.soundcloud.com/player/?url=javascript:alert(1)",
        "https://www.facebook.com/plugins/video.php?href=data:text/html,x",
    ],
)
def test_what_only_looks_like_a_player_goes(src: str) -> None:
    assert film(f'<iframe src="{src}"></iframe>') == ""


@pytest.mark.parametrize("player", PLAYERS, ids=lambda player: player.match)
def test_every_player_leads_to_a_page(player: Player) -> None:
    address = player.match.replace("{id}", "a1").replace("{id2}", "b2").replace("{path}", "track/c3")
    found = film_of(f"https://{address.replace('{url}', 'https://d.example/4')}", base=None)
    assert found is not None
    assert found.page.startswith("https://")
    assert "{" not in found.page + found.picture


def test_a_film_that_cannot_be_played_leaves_its_poster() -> None:
    assert clean("<p>前</p><video poster=/a.jpg data-vid=7>旧</video>") == (
        '<p>前</p><p><img alt="" src="https://site.example/a.jpg" referrerpolicy="no-referrer"></p>'
    )


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x80" * 3 * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def data(raw: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(raw).decode()}"


GIF = b"GIF89a" + struct.pack("<HH", 20, 10) + b"\0\0\0;"
JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc4\x00\x02\xff\xc0\x00\x0b\x08" + struct.pack(">HH", 10, 20) + b"\x01"
VP8 = b"RIFF\0\0\0\0WEBPVP8 " + b"\0" * 10 + struct.pack("<HH", 20, 10)
VP8L = b"RIFF\0\0\0\0WEBPVP8L" + b"\0" * 5 + struct.pack("<I", 19 | 9 << 14)
VP8X = b"RIFF\0\0\0\0WEBPVP8X" + b"\0" * 8 + (19).to_bytes(3, "little") + (9).to_bytes(3, "little")


@pytest.mark.parametrize(
    ("raw", "kind"),
    [(png(20, 10), "png"), (GIF, "gif"), (JPEG, "jpeg"), (VP8, "webp"), (VP8L, "webp"), (VP8X, "webp")],
    ids=["png", "gif", "jpeg", "vp8", "vp8l", "vp8x"],
)
def test_a_small_raster_may_stay_in_its_address_by_what_it_is(raw: bytes, kind: str) -> None:
    assert raster_url(data(raw, "text/html")) == data(raw, f"image/{kind}")
    assert clean(f"<img alt=x src='{data(raw)}'>") == (
        f'<img alt="x" src="{data(raw, f"image/{kind}")}" referrerpolicy="no-referrer">'
    )


@pytest.mark.parametrize(
    "url",
    [
        data(png(1, 1)),
        data(png(200, 2)),
        data(b"<svg onload=alert(1)>", "image/png"),
        data(b"<svg></svg>", "image/svg+xml"),
        data(b"\xff\xd8\xff"),
        data(b"RIFF\0\0\0\0WEBPxxxx"),
        data(b"GIF89a"),
        data(GIF) + "A" * LARGEST,
        "data:image/png;base64,%%%",
        "data:image/png;base64,A",
        "data:image/png,x",
        "data:,",
    ],
)
def test_any_other_picture_in_its_own_address_goes(url: str) -> None:
    assert raster_url(url) is None
    assert clean(f"前<img src='{url}'>后") == "前后"


def test_a_picture_in_its_own_address_is_the_last_choice_and_nowhere_but_in_an_image() -> None:
    inside = data(png(20, 20))
    assert clean(f"<img src='{inside}' data-src=/a.jpg>") == IMG
    assert "data:" not in clean(f"<img src=/a.jpg srcset='{inside} 2x'><a href='{inside}'>x</a>")
    assert "data:" not in clean(f"<video src=/v.mp4 poster='{inside}'></video><video src='{inside}'></video>")
    assert sanitise(f"<img src='{inside}'>").images == ()


@pytest.mark.parametrize(
    "spelling",
    [str.upper, lambda text: text.replace("A", "A\n "), lambda text: text.replace("+", "%2B").replace("=", "%3D")],
)
def test_a_raster_is_written_in_one_spelling(spelling: object) -> None:
    head, _, body = data(png(20, 10)).partition(",")
    written = f"{head.upper()},{spelling(body) if spelling is not str.upper else body}"  # type: ignore[operator]
    assert raster_url(written) == data(png(20, 10))

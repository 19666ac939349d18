"""Pictures, sound and film: shown from the address that the author meant."""

from __future__ import annotations

import pytest

from feedpub.sanitiser import Rules, image_url, link_url, media_url, sanitise
from feedpub.sanitiser.addresses import _ENCODED
from feedpub.sanitiser.srcset import parse_srcset
from feedpub.urls import encode_as_browsers

BASE = "https://site.example/news/1.html"
PROXY = Rules(unwrap=("https://cors.example.dev/?{url}", "https://img.example.dev/{url}?w=100"))
SHOWN = '<img src="https://site.example/a.jpg" referrerpolicy="no-referrer">'
GIF = "data:image/gif;base64,R0lGODlhAQABAAAAACw="


def images(html: str, *, base_url: str | None = BASE, rules: Rules = PROXY) -> tuple[str, ...]:
    return sanitise(html, base_url=base_url, rules=rules).images


@pytest.mark.parametrize(
    "attributes",
    [
        f'src="{GIF}" data-src="https://a.example/real.jpg"',
        'src="blank.gif" data-original="https://a.example/real.jpg"',
        'data-lazy-src="https://a.example/real.jpg"',
        'src="s.gif" data-actualsrc="https://a.example/real.jpg"',
        'src="small.jpg" data-original-src="https://a.example/real.jpg"',
        'src="small.jpg" zoomfile="https://a.example/real.jpg"',
        'src="https://a.example/real.jpg" data-original="true"',
        'src="https://a.example/real.jpg" data-src="javascript:alert(1)"',
        'src="https://a.example/real.jpg" data-original="{&quot;w&quot;:1}"',
        'src="https://a.example/real.jpg" data-src="https://picsum.photos/400/300?random=1"',
        f'src="{GIF}" srcset="https://a.example/real.jpg 2x"',
        'src="none.gif" data-srcset="https://a.example/real.jpg 1x, https://a.example/double.jpg 2x"',
        'src="none.gif" data-srcset="s.jpg 320w, https://a.example/real.jpg 1280w, huge.jpg 5000w"',
        'src="https://a.example/real.jpg" srcset="s.jpg 320w, m.jpg 640w"',
        f'src="{GIF}" data-srcset="https://a.example/real.jpg 1x, b.jpg 2x"',
        'src="https://cors.example.dev/?https://a.example/real.jpg"',
        'src="https://cors.example.dev/?https%3A%2F%2Fa.example%2Freal.jpg"',
        'src="https://img.example.dev/https://a.example/real.jpg?w=100"',
        'src="https://any-proxy.example/?https://a.example/real.jpg"',
        'src="https://any-proxy.example/?https%3a%2f%2fa.example%2freal.jpg"',
        'src="https://cors.example.dev/?https://img.example.dev/https://a.example/real.jpg?w=100"',
        'src="&#10; HTTPS://A.example/re&#9;al.jpg "',
        'src="/trans.gif" longdesc="https://a.example/real.jpg"',
        'src="https://a.example/real.jpg" longdesc="https://a.example/words.jpg"',
        'src="/transparent-95031.png" data-dejavu-src="https://a.example/real.jpg"',
        'src="blank.gif" data-lazy="[https://a.example/real.jpg, (default)], [https://a.example/l.jpg, (large)]"',
        'src="https://a.example/real.jpg" data-url="https://a.example/article/1.html"',
        'src="https://a.example/real.jpg" data-image="/avatar.png"',
        'src="https://a.example/real.jpg" data-src="/img/{{ id }}.jpg"',
        'src="none.gif" file="https://a.example/real.jpg"',
        'src="undefined" data-pic="https://a.example/real.jpg"',
        'src="s.gif" real_src="https://a.example/real.jpg"',
        'src="s.gif" data-ks-lazyload="https://a.example/real.jpg"',
        'src="s.gif" data-lazy="https://a.example/real.jpg" data-w=3',
        'style="width:0;height:0" data-src="https://a.example/real.jpg"',
        'src="/blank.gif" srcset="https://a.example/real.jpg 600h"',
        'srcset="s.jpg 320w 240h, https://a.example/real.jpg 640w 480h"',
    ],
)
def test_the_picture_that_was_meant_is_shown(attributes: str) -> None:
    assert images(f"<img {attributes}>") == ("https://a.example/real.jpg",)


@pytest.mark.parametrize(
    ("attributes", "word"),
    [
        ('src="https://t.example/p.gif" width=1 height=1', "tracking pixel"),
        ('src="https://t.example/p.gif" width="0px"', "tracking pixel"),
        ('src="https://t.example/p.gif" style="border:0;height:1px"', "tracking pixel"),
        ('src="https://t.example/p.gif" style="width: 0 !important"', "tracking pixel"),
        ('src="https://t.example/p.gif" width=0 height=90', "tracking pixel"),
        ('src="https://t.example/p.gif" width=auto height=1', "tracking pixel"),
        ('src="https://t.example/p.gif" style="width:1px;height:1px"', "tracking pixel"),
        ('src="https://t.example/w2h2/p.gif"', "tracking pixel"),
        ('src="https://t.example/pixel/1x1.png?u=1"', "tracking pixel"),
        ('src="https://hm.baidu.com/hm.gif?si=1"', "tracking pixel"),
        ('src="https://www.facebook.com/tr?id=1&ev=PageView"', "tracking pixel"),
        ('src="https://ad.doubleclick.net/x"', "tracking pixel"),
        ('src="https://a.example/matomo.php?idsite=1"', "tracking pixel"),
        ('src="https://a.example/open-tracking.gif?u=1"', "tracking pixel"),
        ('src="https://a.example/img/blank.gif"', "placeholder picture"),
        ('src="/static/loading.svg?v=2"', "placeholder picture"),
        ('src="/lazy-load.png"', "placeholder picture"),
        ('src="/blank.gif" data-src="/img/grey.gif"', "placeholder picture"),
        ('data-src="https://t.example/w1h1/p.gif"', "tracking pixel"),
        ('src="https://picsum.photos/400/300?random=2"', "placeholder picture"),
        (f'src="{GIF}"', "placeholder picture"),
        ('src="javascript:alert(1)"', "no address"),
        ('src=""', "no address"),
        ('src="#"', "no address"),
        ("alt=x", "no address"),
        ('src="https://cors.example.dev/?https://picsum.photos/1"', "placeholder picture"),
    ],
)
def test_a_picture_that_stands_for_nothing_goes(attributes: str, word: str) -> None:
    page = sanitise(f"<p>前<img {attributes}>后</p>", base_url=BASE, rules=PROXY)
    assert (page.html, page.removed) == ("<p>前后</p>", (word,))


@pytest.mark.parametrize(
    "attributes",
    [
        'style="width:0;min-width:100%"',
        'src="https://a.example/crop/1x1/photo.jpg"',
        'src="https://a.example/x/0x0.jpg?w=1200"',
        'src="https://a.example/news/clear.png"',
        'src="https://a.example/counter.gif"',
        'width=600 height="1"',
        'style="width:640px;height:1px"',
        'width=100 height="10"',
        'width="100%"',
        'width="1em"',
        'style="width:100%"',
        'style="line-height:1"',
        "width=''",
    ],
)
def test_a_picture_of_some_size_stays(attributes: str) -> None:
    assert images(f'<img {attributes} src="https://a.example/x.jpg">')


@pytest.mark.parametrize("tag", ["amp-img", "mip-img", "a-img", "amp-anim"])
def test_what_is_an_image_to_a_sites_scripts_is_one(tag: str) -> None:
    shown = '<img alt="x" src="https://site.example/a.jpg" referrerpolicy="no-referrer">'
    double = f"<noscript><img src=/a.jpg></noscript>文</{tag}>"
    assert sanitise(f"<{tag} alt=x src=/a.jpg layout=fill>{double}", base_url=BASE).html == f"{shown}文"


def test_an_object_that_nobody_can_show_leaves_its_picture() -> None:
    assert images("<object data=/x.swf><img src=https://a.example/x.jpg></object>") == ("https://a.example/x.jpg",)
    assert sanitise("<object data=/x.swf><p>Install Flash.</p></object>后").html == "后"


@pytest.mark.parametrize(
    ("size", "kept"), [("640", "640"), ("50%", "50%"), ("12px", "12px"), ("auto", None), ("1e9", None)]
)
def test_a_pictures_size_is_a_number_or_goes(size: str, kept: str | None) -> None:
    attribute = f'width="{kept}" ' if kept else ""
    assert sanitise(f"<img width={size} src=/a.jpg>", base_url=BASE).html == f"<img {attribute}{SHOWN[5:]}"


def test_of_two_pictures_at_one_address_the_double_is_the_one_that_is_told_to_go() -> None:
    page = sanitise("<noscript><img src=/a.jpg></noscript><img data-src=/a.jpg>", base_url=BASE)
    assert [(change.place, change.after) for change in page.changes] == [
        ("img/src", None),
        ("img/data-src", "https://site.example/a.jpg"),
    ]


def test_a_relative_picture_without_a_base_goes() -> None:
    assert sanitise("<p>文<img src=x.jpg></p>").html == "<p>文</p>"


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        # A fallback is a double of the picture before it, whatever its name.
        ("<img data-src=/a.jpg><noscript><img src=/a.jpg></noscript>", ["/a.jpg"]),
        ("<img data-src=/a-300.jpg><noscript><img src=/a.jpg></noscript>", ["/a-300.jpg"]),
        ("<img data-src=/a.jpg><p>x</p><noscript><img src=/a.jpg></noscript>", ["/a.jpg"]),
        (f"<img src={GIF}><noscript><img src=/a.jpg></noscript>", ["/a.jpg"]),
        ("<img src=/a.jpg>文<noscript><img src=/b.jpg></noscript>", ["/a.jpg", "/b.jpg"]),
        ("<noscript>&lt;img src=/a.jpg&gt;</noscript>", ["/a.jpg"]),
        ("<picture><img data-src=/a.jpg></picture><noscript><img src=/b.jpg></noscript>", ["/a.jpg"]),
        ("<picture><img src=/a.jpg></picture><noscript><img src=/b.jpg></noscript>", ["/a.jpg", "/b.jpg"]),
        ("<div><img data-src=/a-300.jpg></div><noscript><img src=/a.jpg></noscript>", ["/a-300.jpg"]),
        ("<noscript><img src=/a_s.jpg></noscript><img data-actualsrc=/a_b.jpg>", ["/a_b.jpg"]),
        ("<noscript><img src=/a.jpg></noscript><img src=/b.jpg>", ["/a.jpg", "/b.jpg"]),
        ("<noscript>&lt;p&gt;&lt;IMG src=/a.jpg&gt;&lt;/p&gt;</noscript>", ["/a.jpg"]),
    ],
)
def test_a_noscript_shows_its_picture_unless_it_is_shown_already(html: str, shown: list[str]) -> None:
    page = sanitise(html, base_url=BASE)
    assert list(page.images) == [f"https://site.example{path}" for path in shown]
    assert "&lt;img" not in page.html


def test_the_text_of_a_noscript_is_text() -> None:
    assert sanitise("<noscript><p>正文</p></noscript>").html == "<p>正文</p>"


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("a.jpg", [("a.jpg", "")]),
        ("a.jpg 1x, b.jpg 2x", [("a.jpg", "1x"), ("b.jpg", "2x")]),
        ("a,w_320/x.jpg 320w,b.jpg 640w", [("a,w_320/x.jpg", "320w"), ("b.jpg", "640w")]),
        ("a.jpg, b.jpg 2x", [("a.jpg", ""), ("b.jpg", "2x")]),
        (" , a.jpg 1.5x ,, b.jpg 3x ,", [("a.jpg", "1.5x"), ("b.jpg", "3x")]),
        ("a.jpg 0w, b.jpg 2q, c.jpg 1x 2x, d.jpg 1x", [("d.jpg", "1x")]),
        ("a.jpg (x,y) 1x, b.jpg 1x", [("b.jpg", "1x")]),
        ("a.jpg 100w 50h, b.jpg 50h 100w, c.jpg 50h", [("a.jpg", "100w 50h"), ("b.jpg", "50h 100w"), ("c.jpg", "")]),
        ("a.jpg (1x", []),
        ("", []),
        (",,,", []),
    ],
)
def test_srcset_is_read_as_browsers_read_it(text: str, candidates: list[tuple[str, str]]) -> None:
    assert list(parse_srcset(text)) == candidates


def test_srcset_is_rewritten_and_broken_candidates_are_left_out() -> None:
    page = sanitise('<img src=/s.jpg srcset="/a b.jpg 1x, //c.example/c,d.jpg 2x, data:x 3x, /e 4x">', base_url=BASE)
    assert 'srcset="https://site.example/a 1x' not in page.html
    assert 'srcset="https://c.example/c,d.jpg 2x, https://site.example/e 4x"' in page.html


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ("<picture><source data-srcset='/a.webp 1x' type=image/webp><img src=/a.jpg></picture>",
         f'<picture><source type="image/webp" srcset="https://site.example/a.webp 1x">{SHOWN}</picture>'),
        ("<picture><source srcset='data:x'><img src=/a.jpg></picture>",
         f"<picture>{SHOWN}</picture>"),
        ("<picture><source srcset=/a.webp></picture>文", "文"),
        (("<picture><source data-srcset='/a.avif 1x' type=image/avif><source data-srcset='/a.jpg 1x'><img src=/1px.gif>"
         "</picture>"), ('<picture><source type="image/avif" srcset="https://site.example/a.avif 1x">'
         f'<source srcset="https://site.example/a.jpg 1x">{SHOWN}</picture>')),
        ("<video><source src=/a.mp4><source src=/a.webm><track src=/t.vtt>旧</video>后",
         ('<video controls=""><source src="https://site.example/a.mp4"><source src="https://site.example/a.webm">旧'
         "</video>后")),
        ("<video src=/v.mp4 autoplay onplay=x poster=/p.jpg>旧</video>",
         '<video src="https://site.example/v.mp4" poster="https://site.example/p.jpg" controls="">旧</video>'),
        ("<audio><source src=/a.mp3 type=audio/mpeg><source src=javascript:x></audio>",
         '<audio controls=""><source type="audio/mpeg" src="https://site.example/a.mp3"></audio>'),
        ("<video data-src=/v.mp4></video>", '<video src="https://site.example/v.mp4" controls=""></video>'),
        ("<video src=https://cors.example.dev/?http://a.example/play?id=1&kind=2></video>",
         '<video src="http://a.example/play?id=1&amp;kind=2" controls=""></video>'),
        ("文<video src=javascript:x>请升级</video>", "文"),
        ("文<source src=/a.mp3>", "文"),
    ],
)  # fmt: skip
def test_media_play_from_checked_addresses_and_never_by_themselves(html: str, clean: str) -> None:
    assert sanitise(html, base_url=BASE, rules=PROXY).html == clean
    assert sanitise(clean, base_url=BASE, rules=PROXY).html == clean


@pytest.mark.parametrize(
    ("src", "page"),
    [
        ("https://player.bilibili.com/player.html?aid=1234&page=1", "https://www.bilibili.com/video/av1234"),
        ("//player.bilibili.com/player.html?x=1&bvid=BV1xx411c7mD", "https://www.bilibili.com/video/BV1xx411c7mD"),
        ("https://player.vimeo.com/video/4567?h=1", "https://vimeo.com/4567"),
        ("https://v.qq.com/txp/iframe/player.html?vid=x0031abc", "https://v.qq.com/x/page/x0031abc.html"),
        ("https://player.youku.com/embed/XNDI=", "https://v.youku.com/v_show/id_XNDI=.html"),
    ],
)
def test_a_known_player_becomes_a_link_to_its_film(src: str, page: str) -> None:
    frame = sanitise(f'前<iframe src="{src}">旧</iframe>后', base_url=BASE)
    assert frame.html == f'前<p><a href="{page}" rel="noopener noreferrer">{page}</a></p>后'


@pytest.mark.parametrize(
    "src",
    [
        "https://player.bilibili.com.evil.example/player.html?aid=1",
        "https://evil.example/?https://www.youtube.com/embed/abcDEF12345",
        "https://www.youtube.com/about/",
        "javascript:alert(1)",
        "data:text/html,x",
        "",
    ],
)
def test_any_other_frame_goes(src: str) -> None:
    assert sanitise(f'前<iframe src="{src}" srcdoc="<p>x">旧</iframe>后', base_url=BASE).html == "前后"


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://www.oschina.net/action/GoToLink?url=https%3A%2F%2Fa.example%2Fx%3Fy%3D1", "https://a.example/x?y=1"),
        ("https://link.zhihu.com/?target=https%3A//a.example/", "https://a.example/"),
        ("https://link.juejin.cn/?target=https%3A%2F%2Fa.example%2F", "https://a.example/"),
        ("https://link.juejin.cn?target=https%3A%2F%2Fa.example%2F", "https://a.example/"),
        ("https://www.jianshu.com/go-wild?ac=2&url=https%3A%2F%2Fa.example%2F", "https://a.example/"),
        ("https://weibo.cn/sinaurl?u=https%3A%2F%2Fa.example%2F&x=1", "https://a.example/"),
        ("https://passport.weibo.com/redirect?url=https://a.example/", "https://a.example/"),
        ("https://link.zhihu.com/?target=https://a.example/?p=1&q=2", "https://a.example/?p=1&q=2"),
        ("https://link.zhihu.com/?target=https%3A%2F%2Fa.example%2F%C4%E3", "https://a.example/%C4%E3"),
        ("https://link.zhihu.com/?target=https%3A%2F%2Flink.juejin.cn%2F%3Ftarget%3Dhttps%253A%252F%252Fa.example%252F",
         "https://a.example/"),
        ("https://link.zhihu.com/?target=https%3A%2F%2Fa.example%2F%3Futm_source%3Dx", "https://a.example/"),
        ("https://link.zhihu.com/?target=javascript%3Aalert(1)", "https://link.zhihu.com/?target=javascript%3Aalert(1)"),
        ("https://link.zhihu.com/?other=1", "https://link.zhihu.com/?other=1"),
        ("https://zhihu.example/?target=https%3A%2F%2Fa.example%2F", "https://zhihu.example/?target=https%3A%2F%2Fa.example%2F"),
        ("https://a.example/?b=2&utm_source=rss&c=%2F+x&UTM_Medium=y&spm=1#top", "https://a.example/?b=2&c=%2F+x#top"),
        ("https://a.example/?gclid=1&fbclid=2", "https://a.example/"),
        ("https://a.example/?my_utm_source=1", "https://a.example/?my_utm_source=1"),
    ],
)  # fmt: skip
def test_a_link_leads_where_its_redirects_lead_without_tracking(url: str, target: str) -> None:
    assert link_url(url) == target
    assert link_url(target) == target


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("x y.jpg", "https://site.example/news/x%20y.jpg"),
        ("https://cors.example.dev/?http://a.example/x.png?view/2/q/60", "http://a.example/x.png?view/2/q/60"),
        ("https://cors.example.dev/?//a.example/x.png", "https://a.example/x.png"),
        ("https://cors.example.dev/?x.png", "https://cors.example.dev/?x.png"),
        ("https://cors.example.dev/?", "https://cors.example.dev/?"),
        ("https://a.example/x.jpg?utm_source=signed", "https://a.example/x.jpg?utm_source=signed"),
        ("mailto:a@b.example", None),
        ("https://a.0x1/x.png", None),
        ("https://stats.wp.com/x.gif", None),
        ("", None),
        ("#x", None),
    ],
)
def test_pictures_and_media_share_their_addresses(url: str, address: str | None) -> None:
    assert image_url(url, base_url=BASE, rules=PROXY) == address
    assert media_url(url, base_url=BASE, rules=PROXY) == address


def test_placeholders_are_the_operators_and_only_pictures_have_them() -> None:
    rules = Rules(placeholder=("https://*.example/none/*",))
    assert image_url("https://a.example/none/1.jpg", rules=rules) is None
    assert media_url("https://a.example/none/1.mp3", rules=rules) == "https://a.example/none/1.mp3"
    assert image_url("http://a.example/none/1.jpg", rules=rules) is None
    assert image_url("https://picsum.photos/1", rules=rules) == "https://picsum.photos/1"
    assert image_url("https://picsum.photos/1", rules=Rules(placeholder=())) == "https://picsum.photos/1"


def test_what_counts_as_encoded_is_what_browsers_leave_as_it_is() -> None:
    encoded = "".join(filter(_ENCODED.fullmatch, map(chr, range(0x3000))))
    assert encode_as_browsers(f"/{encoded}") == f"/{encoded}"
    assert encode_as_browsers(f"?{encoded}#{encoded}") == f"?{encoded}#{encoded}"

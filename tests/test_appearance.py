"""What a reader notices of a changed article, as a rule and from build to build."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

import feedpub
from feedpub.appearance import digest_appearance
from feedpub.sanitiser import Rules, sanitise
from tests.sites import NOW, SiteFolder

RULES = Rules(placeholder=("https://picsum.photos/*", "https://p.example/loading.gif"))
WORDS = "<p>Rates stay where they are.</p>"
LAZY = '<img src="{}" data-src="https://p.example/1.jpg">'

#: An article's body before and after.
SAME = {
    "the same": ("<p>One.</p>", "<p>One.</p>"),
    "white space": ("<p>One two.</p><p>Three.</p>", "\n<p>One  two.</p>\n\n <p>\tThree.\u3000</p>"),
    "order of attributes": ('<img src="/1.jpg" alt="One" title="A">', '<img title="A" alt="One" src="/1.jpg">'),
    "names of classes": ('<p class="a1" id="x">One.</p>', '<p id="y" class="b2" data-v-7="">One.</p>'),
    "markup that shows nothing": ("<p>One.</p>", "<div><p><span>One.</span></p></div>"),
    "another placeholder": ('<img src="https://picsum.photos/300?random=1">', '<img src="https://picsum.photos/400">'),
    "a placeholder that comes": ("", '<img src="https://p.example/loading.gif">'),
    "lazy pictures": (LAZY.format("data:image/gif;base64,R0lGODlhAQABAAAAACw="), LAZY.format("/grey.gif")),
    "a lazy picture that is none now": (LAZY.format("/grey.gif"), '<img src="https://p.example/1.jpg">'),
    "a gap": ('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">', ""),
    "a signed address": (
        '<img src="https://p.example/1.jpg?Expires=1&amp;Signature=a%2Fb">',
        '<img src="https://p.example/1.jpg?Expires=2&amp;Signature=c%2Fd">',
    ),
    "a style of a picture": (
        '<img src="https://p.example/1.jpg@640w.webp">',
        '<img src="https://p.example/1.jpg!big">',
    ),
    "a watermark": (
        '<img src="https://p.example/ab12~tplv-a.image">',
        '<img src="https://p.example/ab12~tplv-b.image">',
    ),
    "https": ('<img src="http://p.example/1.jpg">', '<img src="https://p.example/1.jpg">'),
    "another host": ('<img src="https://p1.example/i/1.jpg">', '<img src="https://p2.example/i/1.jpg">'),
    "a picture that was relative": ('<img src="/i/1.jpg">', '<img src="https://cdn.example/i/1.jpg">'),
    "a folder for its size": (
        '<img src="https://p.example/large/6a3c20210618.jpg">',
        '<img src="https://p.example/mw690/6a3c20210618.jpg">',
    ),
    "sources for other screens": (
        '<img src="https://p.example/1.jpg">',
        '<img src="https://p.example/1.jpg" srcset="https://p.example/1-2x.jpg 2x">',
    ),
    "a tracking pixel": ("", '<img src="https://t.example/hit?x=7" width="1" height="1">'),
    "another tracking pixel": (
        '<img src="https://t.example/hit?x=7" width="1" height="1">',
        '<img src="https://t.example/hit?x=8" width="0">',
    ),
    "a live quote": ('<p>A<span id="quote_sh600000">+1.2%</span></p>', '<p>A<span id="quote_sh600000">-3%</span></p>'),
    "an editor's line": ("<p>责任编辑：张三</p>", "<p>（责任编辑：李四）</p>"),
    "a script": ("<script>track(1)</script>", "<script>track(2)</script>"),
    "a style": ("<style>p {color: red}</style>", "<style>p {color: blue}</style>"),
    "a comment": ("<!-- 12:00 -->", "<!-- 13:00 -->"),
    "what a link is followed by": ('<a href="https://e.example/1?utm_source=a">One</a>', '<a href="/1">One</a>'),
    "an entity": ("<p>a &amp; b &mdash; c</p>", "<p>a &#38; b — c</p>"),
    "a signed film": (
        '<video src="https://v.example/20240301.mp4?token=1"></video>',
        '<video src="https://v.example/20240301.mp4?token=2"></video>',
    ),
}
OTHER = {
    "a word": ("<p>Rates rise.</p>", "<p>Rates fall.</p>"),
    "a figure": ("<p>+1.2%</p>", "<p>+1.3%</p>"),
    "a paragraph less": ("<p>One.</p><p>Two.</p>", "<p>One.</p>"),
    "two paragraphs that changed places": ("<p>One.</p><p>Two.</p>", "<p>Two.</p><p>One.</p>"),
    "words that look like markup": ("<p>a &lt;b&gt; c</p>", "<p>a <b></b> c</p>"),
    "a picture more": ("", '<img src="https://p.example/1.jpg">'),
    "a picture less": ('<img src="/1.jpg"><img src="/2.jpg">', '<img src="/1.jpg">'),
    "another picture": ('<img src="https://p.example/1.jpg">', '<img src="https://p.example/2.jpg">'),
    "another lazy picture": (LAZY.format("/grey.gif"), LAZY.format("/grey.gif").replace("1.jpg", "2.jpg")),
    "pictures that changed places": ('<img src="/1.jpg"><img src="/2.jpg">', '<img src="/2.jpg"><img src="/1.jpg">'),
    "another film": ('<video src="https://v.example/1.mp4"></video>', '<video src="https://v.example/2.mp4"></video>'),
    "another sound": (
        '<audio><source src="https://v.example/1.mp3"></audio>',
        '<audio><source src="https://v.example/2.mp3"></audio>',
    ),
    "another film in a player": (
        '<iframe src="https://player.bilibili.com/player.html?aid=929767931"></iframe>',
        '<iframe src="https://player.bilibili.com/player.html?aid=929767932"></iframe>',
    ),
    "another film of which there is a still": (
        '<iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>',
        '<iframe src="https://www.youtube.com/embed/lmnopqrstuv"></iframe>',
    ),
    "another picture whose name says nothing": (
        '<img src="https://mmbiz.qpic.cn/mmbiz_png/Gs1mEjXJcUAzhz/640?wx_fmt=png">',
        '<img src="https://mmbiz.qpic.cn/mmbiz_png/b0AqRlhvB2wMbb/640?wx_fmt=png">',
    ),
    "another picture of a released version": (
        '<img src="https://cdn.jsdelivr.net/gh/user/repo@main/img/20240301-1.png">',
        '<img src="https://cdn.jsdelivr.net/gh/user/repo@main/img/20240301-2.png">',
    ),
    "another picture of somebody's": (
        '<img src="https://e.example/~user/20240301-1.png">',
        '<img src="https://e.example/~user/20240301-2.png">',
    ),
}


def look(body: str, *, title: str = "Rates stay") -> str:
    return digest_appearance(title, sanitise(body, base_url="https://e.example/", rules=RULES).html)


@pytest.mark.parametrize(("before", "after"), SAME.values(), ids=SAME)
@pytest.mark.parametrize("words", ["", WORDS], ids=["alone", "with words"])
def test_no_reader_notices(before: str, after: str, words: str) -> None:
    assert look(words + after) == look(words + before)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            *pair,
            id=name,
        )
        for name, pair in OTHER.items()
    ],
)
def test_every_reader_notices(before: str, after: str) -> None:
    assert look(WORDS + after) != look(WORDS + before)


@pytest.mark.parametrize(
    ("title", "noticed"),
    [("Rates stay", False), (" Rates\u3000stay\n", False), ("Rates rise", True), ("rates stay", True)],
)
def test_a_title_counts_without_its_white_space(title: str, noticed: bool) -> None:
    assert (look(WORDS, title=title) != look(WORDS)) is noticed


def test_a_title_is_not_taken_for_content() -> None:
    assert digest_appearance("Rates", "<p>stay</p>") != digest_appearance("Rates stay", "")
    assert digest_appearance("", "<p>a.jpg</p>") != digest_appearance("", '<img src="a.jpg">')


@pytest.fixture
def site(tmp_path: Path) -> SiteFolder:
    return SiteFolder(tmp_path).configure('[sanitiser.images]\nplaceholder = ["https://picsum.photos/*"]')


def write(site: SiteFolder, body: str, **front: str) -> None:
    site.write(
        "a.md", body=body, **({"title": "Rates stay", "date": "2024-03-01", "link": "https://e.example/1"} | front)
    )


def build_later(site: SiteFolder, hours: int) -> bool:
    """Build, and tell whether readers are shown an update of the first article."""
    (before,) = [item["date_modified"] for title, item in site.items().items() if title.startswith("Rates")]
    report = site.build(now=NOW + timedelta(hours=hours))
    (after,) = [item["date_modified"] for title, item in site.items().items() if title.startswith("Rates")]
    assert bool(report.entries.updated) == (after != before)
    return bool(after > before)


@pytest.mark.parametrize(("before", "after"), SAME.values(), ids=SAME)
def test_what_no_reader_notices_is_shown_without_an_update(site: SiteFolder, before: str, after: str) -> None:
    write(site, WORDS + before)
    site.build()
    write(site, WORDS + after)
    assert not build_later(site, 1)


@pytest.mark.parametrize(
    "name", ["a word", "a paragraph less", "a picture more", "another picture", "another film in a player"]
)
def test_what_every_reader_notices_is_an_update(site: SiteFolder, name: str) -> None:
    before, after = OTHER[name]
    write(site, WORDS + before)
    site.build()
    write(site, WORDS + after)
    assert build_later(site, 1)
    assert not build_later(site, 2)


def test_an_entry_that_was_not_noticed_shows_what_it_is_now(site: SiteFolder) -> None:
    write(site, WORDS + '<img src="https://p.example/1.jpg?sign=old">')
    site.build()
    write(site, WORDS + '<img src="https://p.example/1.jpg?sign=new">')
    assert not build_later(site, 1)
    assert "sign=new" in site.items()["Rates stay"]["content_html"]


def test_many_small_changes_that_nobody_notices_hide_no_update(site: SiteFolder) -> None:
    write(site, WORDS + '<img src="https://p.example/1.jpg?sign=0">')
    site.build()
    for hours in range(1, 4):
        write(site, WORDS + f'<img src="https://p.example/1.jpg?sign={hours}">')
        assert not build_later(site, hours)
    write(site, WORDS + '<img src="https://p.example/2.jpg?sign=4">')
    assert build_later(site, 4)


def test_another_way_of_cleaning_updates_nothing(site: SiteFolder) -> None:
    write(site, WORDS + '<p class="ad">Buy.</p><img src="https://p.example/1.jpg">')
    site.build()
    site.configure('[[sanitiser.rule]]\nmatch = "*"\nremove = [".ad"]')
    assert not build_later(site, 1)
    assert "Buy." not in site.items()["Rates stay"]["content_html"]
    site.configure('[sanitiser.images]\nmode = "proxy"\ntemplate = "https://images.example.org/?{url}"')
    assert not build_later(site, 2)
    # By now it is known how it looks.
    write(site, WORDS + '<img src="https://p.example/1.jpg">')
    assert build_later(site, 3)


@pytest.mark.parametrize(
    "template",
    [
        "https://images.example.org/{url}",
        "https://images.example.org/?url={url}",
        "https://images.example.org/?url={url_encoded}&w=800",
        "https://images.example.org/{url_base64}",
    ],
)
def test_another_picture_behind_a_proxy_is_noticed(site: SiteFolder, template: str) -> None:
    site.configure(f'[sanitiser.images]\nmode = "proxy"\ntemplate = "{template}"')
    write(site, WORDS + '<img src="https://p.example/1.jpg?sign=1">')
    site.build()
    write(site, WORDS + '<img src="https://p.example/1.jpg?sign=2">')
    assert not build_later(site, 1)
    write(site, WORDS + '<img src="https://p.example/2.jpg?sign=2">')
    assert build_later(site, 2)


def test_of_a_story_that_no_feed_showed_the_words_decide(site: SiteFolder) -> None:
    site.configure("[feeds]\nlimit = 1")
    site.write("newer.md", date="2024-03-02")
    write(site, WORDS + '<img src="https://p.example/1.jpg">')
    site.build()
    write(site, WORDS + '<img src="https://p.example/2.jpg">')
    site.build(now=NOW + timedelta(hours=1))
    site.configure()
    site.build(now=NOW + timedelta(hours=2))
    item = site.items()["Rates stay"]
    assert item["date_modified"] == item["date_published"]
    # And once it is shown, it is looked at.
    write(site, WORDS + '<img src="https://p.example/3.jpg">')
    assert build_later(site, 3)


def test_a_story_that_was_rewritten_before_any_feed_showed_it_is_updated(site: SiteFolder) -> None:
    site.configure("[feeds]\nlimit = 1")
    site.write("newer.md", date="2024-03-02")
    write(site, WORDS)
    site.build()
    write(site, "<p>Rates rise.</p>")
    site.build(now=NOW + timedelta(hours=1))
    site.configure()
    site.build(now=NOW + timedelta(hours=2))
    assert site.items()["Rates stay"]["date_modified"] == "2024-03-09T13:00:00+00:00"


def test_of_a_story_that_a_newer_one_pushed_out_the_words_decide_again(site: SiteFolder) -> None:
    site.configure("[feeds]\nlimit = 1")
    write(site, WORDS + '<img src="https://p.example/1.jpg">')
    site.build()
    site.write("newer.md", date="2024-03-02")
    site.build(now=NOW + timedelta(hours=1))
    write(site, WORDS + '<img src="https://p.example/2.jpg">')
    site.build(now=NOW + timedelta(hours=2))
    (site.root / "articles/newer.md").unlink()
    site.build(now=NOW + timedelta(hours=3))
    item = site.items()["Rates stay"]
    assert item["date_modified"] == item["date_published"]


def test_another_site_of_the_same_ledger_does_not_forget_how_an_entry_looks(site: SiteFolder) -> None:
    other = site.root / "other.toml"
    other.write_text(site.config.read_text().replace("[site]", '[site]\nout = "other"') + "\n[feeds]\nlimit = 1\n")

    def build(hours: int) -> None:
        for config in (site.config, other):
            feedpub.build(feedpub.load_config(config), now=NOW + timedelta(hours=hours), workers=1)

    write(site, WORDS + '<img src="https://p.example/1.jpg">')
    build(0)
    site.write("newer.md", date="2024-03-02")
    build(1)
    write(site, WORDS + '<img src="https://p.example/2.jpg">')
    build(2)
    assert site.items()["Rates stay"]["date_modified"] == "2024-03-09T14:00:00+00:00"

"""The fields of an article, in the words and shapes of Hexo, Jekyll, Hugo, Zola and Pelican."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedpub.collector.frontmatter import read_article
from feedpub.model import Article, Author, Enclosure

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2022, 2, 2, 6, 30, 15, tzinfo=UTC)


def read(matter: str, *, name: str = "news/rates.md", body: str = "Text.") -> Article:
    raw = f"---\n{matter}\n---\n{body}\n".encode()
    return read_article(raw, name=name, zone=SHANGHAI, now=NOW)


def published(matter: str, *, name: str = "news/rates.md") -> str | None:
    article = read(matter, name=name)
    return article.published and article.published.strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("title: 'js中__、&#123;&#125;、()的区别'", "js中__、{}、()的区别"),
        ("title: '_PC_&nbsp;NVIDIA'", "_PC_ NVIDIA"),
        ("title: A&amp;B &lt;T&gt; &#39;c&#x27;", "A&B <T> 'c'"),
        ("title: AT&T &copy &notit; &nosuch;", "AT&T &copy &notit; &nosuch;"),
        ("title: '&amp;lt;'", "&lt;"),
        ('title: <em class="hit">Rates</em> <b>up</b>', "Rates up"),
        ("title: <font color='red'><em>Ra</em>tes</font>", "Rates"),
        ("title: List<T> and <em>more", "List<T> and <em>more"),
        ("title: a < b </em> > c", "a < b </em> > c"),
        ('title: "a\\u00a0  b\\nc"', "a b c"),
        ('title: "a\\u0007b"', "ab"),
        ("Title: Rates", "Rates"),
        ("TITLE: Rates", "Rates"),
        ("title:\n- Rates\n- more", "Rates"),
        ("title: ''\nextra:\n  title: Rates", "Rates"),
    ],
)
def test_a_title_is_plain_text_on_one_line(written: str, title: str) -> None:
    assert read(written).title == title


def test_highlighting_without_an_end_takes_no_time() -> None:
    assert read("title: '" + "<b>" * 50_000 + "'").title == "<b>" * 50_000


@pytest.mark.parametrize(
    ("matter", "body", "title", "rest"),
    [
        ("id: 1", "# Rates *up* `now`\n\nText.", "Rates up now", "Text.\n"),
        ("id: 1", "Rates\n=====\n\nText.", "Rates", "Text.\n"),
        ("title: ''", "Intro.\n\n# Rates\n\nText.", "Rates", "Intro.\n\n# Rates\n\nText.\n"),
        ("title: null", "```\n# code\n```\n\n# Rates", "Rates", "```\n# code\n```\n\n# Rates\n"),
        ("id: 1", "<h1 class='t'>Rates <i>&amp; more</i></h1>\n<p>Text.</p>", "Rates & more", "<p>Text.</p>\n"),
        (
            "id: 1",
            "<div>\n<!-- a --><h1>Rates</h1><p>Text.</p></div>",
            "Rates",
            "<div>\n<!-- a --><p>Text.</p></div>\n",
        ),
        ("id: 1", "<p>Text.</p><h1>Rates</h1>", "Rates", "<p>Text.</p><h1>Rates</h1>\n"),
    ],
)
def test_without_a_title_the_first_heading_is_it_and_says_so(matter: str, body: str, title: str, rest: str) -> None:
    article = read(matter, body=body)
    assert (article.title, article.body) == (title, rest)
    assert article.notes == ("no title: taken from the heading",)


@pytest.mark.parametrize(
    ("body", "rest"),
    [
        ("# Rates & more\n\nText.", "Text.\n"),
        ("\n# Rates  &amp; *more* #\nText.", "Text.\n"),
        ("Rates & more\n=====\n\nText.", "Text.\n"),
        ("<h1 class=t>Rates &amp; <i>more</i></h1>\n<p>Text.</p>", "<p>Text.</p>\n"),
        ("<div>\n<h1>Rates & more</h1><p>Text.</p></div>", "<div>\n<p>Text.</p></div>\n"),
        *(
            (kept, f"{kept}\n")
            for kept in ("# Rates\n\nText.", "## Rates & more\n\nText.", "<h1>Rates</h1><p>Text.</p>")
        ),
        *((kept, f"{kept}\n") for kept in ("Text.\n\n# Rates & more", "<p>Text.</p><h1>Rates & more</h1>")),
    ],
)
def test_a_first_heading_that_says_the_title_again_goes(body: str, rest: str) -> None:
    article = read("title: Rates  & more", body=body)
    assert (article.title, article.body, article.notes) == ("Rates & more", rest, ())


@pytest.mark.parametrize("word", ["false", "False", "null", "None", "undefined", "'false'", "~"])
def test_a_word_for_nothing_is_absent_where_it_is_no_title(word: str) -> None:
    keys = ("excerpt", "author", "tags", "categories", "link", "image", "slug", "id", "lang", "audio")
    article = read("title: 'false'\n" + "".join(f"{key}: {word}\n" for key in keys))
    assert (article.title, article.summary, article.authors, article.tags) == ("false", None, (), ())
    assert (article.categories, article.link, article.image, article.slug) == ((), None, None, None)
    assert (article.own_id, article.language, article.notes) == (None, None, ())


def test_a_word_for_nothing_lets_the_next_key_speak() -> None:
    article = read("title: false\nexcerpt: false\nsubtitle: Up\ntags: none\nkeywords: no\npublished: false")
    assert (article.title, article.summary, article.tags, article.draft) == ("false", "Up", ("no",), True)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("news/Rates up.md", "Rates up"),
        ("news/2022-02-02-rates-up.markdown", "rates-up"),
        ("news/2022-02-02-rates/index.md", "rates"),
        ("news/20220202-rates.html", "rates"),
        ("2022-02-02.md", "2022-02-02"),
        ("index.md", "index"),
        ("news/1.5 percent", "1.5 percent"),
        ("news/_PC_&nbsp;Rates.md", "_PC_ Rates"),
        ("news/\x01.md", "news/\x01.md"),
    ],
)
def test_without_a_heading_the_file_s_name_is_the_title(name: str, title: str) -> None:
    article = read("id: 1", name=name)
    assert article.title == title
    assert article.notes == ("no title: taken from the file's name",)


def test_an_article_without_front_matter_is_an_article_without_notes() -> None:
    for text, title in (("# Rates\n\nText.", "Rates"), ("Text.", "rates"), ("<img src=a.png>", "rates")):
        article = read_article(text.encode(), name="rates.md", zone=SHANGHAI, now=NOW)
        assert (article.title, article.notes) == (title, ())


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("date: 2022-02-02 11:21", "2022-02-02 03:21"),
        ("published: 2022-02-02", "2022-02-01 16:00"),
        ("publishDate: 2022-02-02", "2022-02-01 16:00"),
        ("publish_date: 2022-02-02", "2022-02-01 16:00"),
        ("pub-date: 2022-02-02", "2022-02-01 16:00"),
        ("datePublished: 2022-02-02", "2022-02-01 16:00"),
        ("created: 2022-02-02", "2022-02-01 16:00"),
        ("created: 2021-01-01\npublished: true\ndate: 2022-02-02", "2022-02-01 16:00"),
        ("date: soon\ncreated: 2022-02-02", "2022-02-01 16:00"),
        ("date:\ncreated: 2022-02-02", "2022-02-01 16:00"),
        ("date: [2022-02-02, 2021-01-01]", "2022-02-01 16:00"),
        ("extra:\n  date: 2022-02-02", "2022-02-01 16:00"),
        ("date: 1643800867", "2022-02-02 11:21"),
        ("lastmod: 2022-02-02", "2022-02-01 16:00"),  # the update, where there is nothing else
        ("date: {a: b}", None),
        ("date: Invalid Date", None),
        ("x: y", None),
    ],
)
def test_the_first_readable_date_is_that_of_publication(written: str, expected: str | None) -> None:
    assert published(f"title: Rates\n{written}") == expected


@pytest.mark.parametrize(
    "name", ["2022-02-02-rates.md", "a/2022-02-02-rates/index.html", "20220202-rates.md", "2022_02_02.md"]
)
def test_a_file_s_name_dates_it_where_no_key_does(name: str) -> None:
    assert published("title: Rates\nlastmod: 2023-01-01", name=name) == "2022-02-01 16:00"
    assert published("title: Rates\ndate: Invalid Date", name=name) == "2022-02-01 16:00"
    assert published("title: Rates\ndate: 2021-01-02", name=name) == "2021-01-01 16:00"


@pytest.mark.parametrize(
    "name", ["202202021-rates.md", "20221302-rates.md", "2022-02-30-rates.md", "1-2022-02-02.md", "2022.md"]
)
def test_a_number_in_a_name_is_no_date_for_sure(name: str) -> None:
    assert published("title: Rates", name=name) is None


@pytest.mark.parametrize(
    ("written", "notes"),
    [
        ("date: soon", ("unknown date form: 'soon'",)),
        ("date: soon\nupdated: later", ("unknown date form: 'soon'", "unknown date form: 'later'")),
        ("date: 32 Jan", ("unknown date form: '32 Jan'",)),
        ("date: Invalid Date", ()),
        ("date: ''", ()),
        ("date: 'null'", ()),
        ("date: 2022-02-02", ()),
    ],
)
def test_a_date_that_cannot_be_read_is_noted_and_costs_nothing_else(written: str, notes: tuple[str, ...]) -> None:
    article = read(f"title: Rates\n{written}")
    assert article.notes == notes
    assert article.title == "Rates"


def test_a_relative_date_counts_from_now_and_is_not_exact() -> None:
    article = read("title: Rates\ndate: 昨天 08:30")
    assert (article.published, article.exact) == (datetime(2022, 2, 1, 0, 30, tzinfo=UTC), False)
    assert read("title: Rates\nupdated: 3小时前").exact is False
    assert read("title: Rates\ndate: 2022-02-02\nupdated: 3小时前").exact is True


@pytest.mark.parametrize(
    "key", ["updated", "lastmod", "modified", "last_modified_at", "last-modified", "update", "Updated"]
)
def test_an_update_is_read_under_every_generator_s_key(key: str) -> None:
    article = read(f"title: Rates\ndate: 2022-02-01\n{key}: 2022-02-02")
    assert article.updated == datetime(2022, 2, 1, 16, tzinfo=UTC)
    assert article.published == datetime(2022, 1, 31, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "paths"),
    [
        ("categories: [A, B, C]", (("A", "B", "C"),)),
        ("categories:\n - A\n - — B\n - '- C'\n - －D", (("A", "B", "C", "D"),)),
        ("categories: [[A, B], [C]]", (("A", "B"), ("C",))),
        ("categories: [[A, B], C]", (("A", "B"), ("C",))),
        ("categories: [[A, [B, C]], [A, B, C]]", (("A", "B", "C"),)),
        ("categories: Web Development", (("Web Development",),)),
        ("categories: A, B，C、D", (("A", "B", "C", "D"),)),
        ("categories: A/B", (("A/B",),)),
        ("category: A", (("A",),)),
        ("categories:\ncategory: A", (("A",),)),
        ("categories: ['', ' ', '—', A, A]", (("A",),)),
        ("categories: [A&amp;B, '  C   D ', '&#123;E&#125;']", (("A&B", "C D", "{E}"),)),
        ("categories: ['Cafe\\u0301', \"Cafe\\u0301\"]", (("Cafe\\u0301", "Café"),)),
        ("categories: [{name: A}, {title: B}, {x: y}, null, 3]", (("A", "B", "3"),)),
        ("categories: {name: A}", (("A",),)),
        ("taxonomies:\n  categories: [A, B]", (("A", "B"),)),
        ("categories: []", ()),
        ("x: y", ()),
    ],
)
def test_categories_are_paths_as_listed(written: str, paths: tuple[tuple[str, ...], ...]) -> None:
    assert read(f"title: Rates\n{written}").categories == paths


def test_only_jekyll_s_posts_split_a_string_of_categories_at_blanks() -> None:
    matter = "title: Rates\ncategories: jekyll update"
    assert read(matter).categories == (("jekyll update",),)
    assert read(matter, name="_posts/2022-02-02-rates.md").categories == (("jekyll", "update"),)
    assert read("title: R\ncategory: web dev", name="2022-02-02-rates.md").categories == (("web dev",),)
    assert read("title: R\ncategories: web dev, news", name="2022-02-02-rates.md").categories == (("web dev", "news"),)


@pytest.mark.parametrize(
    ("written", "tags"),
    [
        ("tags: [a, b]", ("a", "b")),
        ("tags: a b c", ("a", "b", "c")),
        ("tags: a b, b，c、d", ("a b", "b", "c", "d")),
        ("tag: a b", ("a b",)),
        ("keywords: a b, c", ("a b", "c")),
        ("tags: []\nkeywords: a", ("a",)),
        ("tags: [[a], {name: b}, a]", ("a", "b")),
        ("taxonomies: {tags: [a]}", ("a",)),
        ("params: {tags: [a]}", ("a",)),
        ("tags: [a]\ntaxonomies: {tags: [b]}", ("a",)),
    ],
)
def test_tags_are_a_list_however_written(written: str, tags: tuple[str, ...]) -> None:
    assert read(f"title: Rates\n{written}").tags == tags


ANN = Author(name="Ann")


@pytest.mark.parametrize(
    ("written", "authors"),
    [
        ("author: Ann", (ANN,)),
        ("authors: [Ann, Bob, Ann]", (ANN, Author(name="Bob"))),
        ("authors: Ann, Bob", (ANN, Author(name="Bob"))),
        ("authors: Lee, Ann; Ray, Bob", (Author(name="Lee, Ann"), Author(name="Ray, Bob"))),
        ("author: Lee, Ann", (Author(name="Lee, Ann"),)),
        ("author: Ann <ann@example.org>", (Author(name="Ann", email="ann@example.org"),)),
        ("author: ann@example.org (Ann)", (Author(name="Ann", email="ann@example.org"),)),
        ("author: Ann (https://ann.example.org/)", (Author(name="Ann", url="https://ann.example.org/"),)),
        ("author: <ann@example.org>", (Author(name="ann@example.org", email="ann@example.org"),)),
        ("author: ann@example.org", (Author(name="ann@example.org", email="ann@example.org"),)),
        ("author: {name: Ann, email: ann@example.org}", (Author(name="Ann", email="ann@example.org"),)),
        ("author: {name: Ann, email: at home, link: /ann}", (Author(name="Ann", url="/ann"),)),
        ("author: {email: ann@example.org}", (Author(name="ann@example.org", email="ann@example.org"),)),
        ("author: {twitter: ann}", ()),
        ("authors: [{Name: Ann}, Bob, null, [Eve]]", (ANN, Author(name="Bob"), Author(name="Eve"))),
        ("author: ''\nauthors: [Ann]", (ANN,)),
        ("author: <em>Ann</em>&nbsp;Lee", (Author(name="Ann Lee"),)),
        ("taxonomies: {authors: [Ann]}", (ANN,)),
        ("author: []", ()),
    ],
)
def test_authors_are_read_in_every_shape(written: str, authors: tuple[Author, ...]) -> None:
    assert read(f"title: Rates\n{written}").authors == authors


def test_a_name_that_goes_on_for_ever_takes_no_time() -> None:
    assert read(f"title: Rates\nauthor: 'A{' ' * 90_000}B{'@' * 90_000}'").authors[0].name.startswith("A B@")


@pytest.mark.parametrize(
    ("written", "image"),
    [
        ("thumbnail: a.png\nheadimg: b.png", "a.png"),
        ("thumbnail: ''\nheadimg: b.png", "b.png"),
        ("cover: {image: a.png}", "a.png"),
        ("cover: {url: a.png, alt: x}", "a.png"),
        ("image: {path: a.png}", "a.png"),
        ("header: {teaser: a.png}", "a.png"),
        ("cover: {alt: x}\nimage: a.png", "a.png"),
        ("cover: false\nimage: a.png", "a.png"),
        ("images: [a.png, b.png]", "a.png"),
        ("feature_image: a.png", "a.png"),
        ("og_image: a.png", "a.png"),
        ("banner: https://x.example/a.png?b=1&amp;c=2", "https://x.example/a.png?b=1&amp;c=2"),
        ("params: {cover: {image: a.png}}", "a.png"),
        ("cover: [{}, {src: a.png}]", "a.png"),
        ("x: y", None),
    ],
)
def test_the_picture_is_the_first_that_is_none_but_empty(written: str, image: str | None) -> None:
    assert read(f"title: Rates\n{written}").image == image


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("link: https://news.example.org/1", "https://news.example.org/1"),
        ("url: /rates/", "/rates/"),
        ("permalink: /:categories/:title/\ncanonical_url: https://a.example/", "https://a.example/"),
        ("permalink: pretty", None),
        ("permalink: /rates.html", "/rates.html"),
        ("canonical: https://a.example/", "https://a.example/"),
        ("source-url: https://a.example/", "https://a.example/"),
        ("original_url: https://a.example/?a=:b", "https://a.example/?a=:b"),
        ("link: ''", None),
    ],
)
def test_a_link_is_an_address_as_written_and_no_pattern(written: str, link: str | None) -> None:
    assert read(f"title: Rates\n{written}").link == link


@pytest.mark.parametrize(
    ("written", "own_id"),
    [
        ("id: 0012", "0012"),
        ("guid: ' urn:x '", "urn:x"),
        ("abbrlink: 1e10", "1e10"),
        ("id: ''\nguid: a", "a"),
        ("x: y", None),
    ],
)
def test_an_id_comes_through_as_written(written: str, own_id: str | None) -> None:
    assert read(f"title: Rates\n{written}").own_id == own_id


@pytest.mark.parametrize(
    ("written", "summary"),
    [
        ("description: <b>Up</b> &amp; away", "<b>Up</b> &amp; away"),
        ("summary: Up &#123;%&#125;", "Up {%}"),
        ("excerpt: |\n  Up.\n\n  Down.", "Up.\n\nDown."),
        ("subtitle: Up", "Up"),
        ("description: ' '\nsummary: Up", "Up"),
        ("x: y", None),
    ],
)
def test_a_summary_stays_as_written(written: str, summary: str | None) -> None:
    assert read(f"title: Rates\n{written}").summary == summary


@pytest.mark.parametrize(
    ("written", "draft"),
    [
        ("draft: true", True),
        ("draft: Yes", True),
        ("draft: false", False),
        ("published: false", True),
        ("published: no", True),
        ("published: true", False),
        ("published: 2022-02-02", False),
        ("status: draft", True),
        ("Status: hidden", True),
        ("status: published", False),
        ("extra: {draft: true}", True),
        ("x: y", False),
    ],
)
def test_a_draft_is_one_in_every_generator_s_words(written: str, draft: bool) -> None:
    assert read(f"title: Rates\n{written}").draft is draft


def test_slug_is_read() -> None:
    assert read("title: Rates\nslug: rates-up").slug == "rates-up"


@pytest.mark.parametrize(
    ("written", "language"),
    [
        ("lang: en", "en"),
        ("lang: zh_CN", "zh-CN"),
        ("language: ZH-hans-cn", "zh-Hans-CN"),
        ("locale: en_US.UTF-8", "en-US"),
        ("lang: es-419", "es-419"),
        ("lang: de-1996", "de-1996"),
        ("lang: sl-rozaj", "sl-rozaj"),
        ("lang: Chinese\nlocale: zh", "zh"),
    ],
)
def test_a_language_is_a_tag_of_bcp_47(written: str, language: str) -> None:
    article = read(f"title: Rates\n{written}")
    assert (article.language, article.notes) == (language, ())


def test_a_language_that_is_no_tag_is_left_out_and_noted() -> None:
    article = read("title: Rates\nlang: Chinese")
    assert (article.language, article.notes) == (None, ("no language tag: 'Chinese'",))


A = "https://media.example.org/a"


@pytest.mark.parametrize(
    ("written", "enclosures"),
    [
        (f"enclosure: {A}.mp3", [(f"{A}.mp3", "audio/mpeg", None, None, None)]),
        (f"enclosure: {A}.MP3?x=1.pdf", [(f"{A}.MP3?x=1.pdf", "audio/mpeg", None, None, None)]),
        (f"enclosure: {A}.mp3 1234 audio/mp3", [(f"{A}.mp3", "audio/mp3", 1234, None, None)]),
        (f"enclosure: {A}", [(A, "application/octet-stream", None, None, None)]),
        (f"audio: {A}", [(A, "audio/mpeg", None, None, None)]),
        (f"video: {A}.bin", [(f"{A}.bin", "video/mp4", None, None, None)]),
        ("audio: /a.m4a", [("/a.m4a", "audio/mp4", None, None, None)]),
        ("video: true\naudio: none", []),
        (
            f"enclosure: {{url: {A}.mp3, length: 1234, type: audio/x-mp3, duration: '1:02:03', title: <b>One</b>}}",
            [(f"{A}.mp3", "audio/x-mp3", 1234, 3723, "One")],
        ),
        (
            f"audio: {{src: {A}.ogg, size: 0, mime_type: ogg, duration: 62.5}}",
            [(f"{A}.ogg", "audio/ogg", None, 62, None)],
        ),
        (f"media: {{file: {A}.mp4, bytes: many, duration: long}}", [(f"{A}.mp4", "video/mp4", None, None, None)]),
        (f"podcast: {{href: {A}.mp3, bytes: -5, duration: '10:00'}}", [(f"{A}.mp3", "audio/mpeg", None, 600, None)]),
        (
            f"attachments: [{A}.pdf, {{url: {A}.zip}}, {A}.pdf, {{}}, null]",
            [(f"{A}.pdf", "application/pdf", None, None, None), (f"{A}.zip", "application/zip", None, None, None)],
        ),
        ("x: y", []),
    ],
)
def test_enclosures_are_read_with_type_length_and_duration(written: str, enclosures: list[tuple[Any, ...]]) -> None:
    expected = [Enclosure(url=u, type=t, length=n, seconds=s, title=i) for u, t, n, s, i in enclosures]
    assert list(read(f"title: Rates\n{written}").enclosures) == expected


PAGE = """<!-- saved --><!DOCTYPE html><html lang="en-us"><head>
<title>Rates &amp; more</title><meta name=robots content=all><meta name="description" content="Up &amp; away">
<meta content='Ann' name='author'><meta property="article:published_time" content="2022-02-02T11:21:00Z">
<link rel=canonical href=https://news.example.org/rates><meta property="og:image" content="a.png">
</head><body class="x">
<h1>Rates</h1><p>Text.</p></body></html>"""


def test_a_whole_page_gives_its_body_and_what_its_head_says() -> None:
    article = read_article(PAGE.encode(), name="rates.html", zone=SHANGHAI, now=NOW)
    assert (article.title, article.summary, article.image) == ("Rates & more", "Up & away", "a.png")
    assert (article.authors, article.language) == ((ANN,), "en-US")
    assert article.link == "https://news.example.org/rates"
    assert article.published == datetime(2022, 2, 2, 11, 21, tzinfo=UTC)
    assert article.body == "\n<h1>Rates</h1><p>Text.</p>"
    assert article.markup == "html"


def test_a_page_of_pelican_says_what_its_front_matter_would() -> None:
    said = {"tags": "a, b", "category": "News", "modified": "2022-02-02", "authors": "Ann, Bob", "summary": "Up"}
    said |= {"slug": "rates", "status": "draft", "date": "2022-02-01 08:00"}
    metas = "".join(f'<meta name="{name}" content="{content}">' for name, content in said.items())
    page = f"<html><head><title>Rates</title>{metas}</head><body><p>Text.</p></body></html>"
    article = read_article(page.encode(), name="r.html", zone=SHANGHAI, now=NOW)
    assert (article.tags, article.categories, article.summary) == (("a", "b"), (("News",),), "Up")
    assert (article.authors, article.slug, article.draft) == ((ANN, Author(name="Bob")), "rates", True)
    assert article.published == datetime(2022, 2, 1, tzinfo=UTC)
    assert article.updated == datetime(2022, 2, 1, 16, tzinfo=UTC)


@pytest.mark.parametrize("text", ["Rates stay.\n\n    So they say.", "# Rates\n\n- one", "&lt;p>"])
def test_the_body_of_a_page_is_html_whatever_it_looks_like(text: str) -> None:
    page = f"<html><body>{text}</body></html>"
    assert read_article(page.encode(), name="r.html", zone=SHANGHAI, now=NOW).markup == "html"
    assert read("title: Rates", body=page).markup == "html"


def test_a_page_keeps_the_base_of_its_addresses() -> None:
    page = '<html><head><base href="https://cdn.example.org/a/"></head><body><img src="b.png"></body></html>'
    article = read_article(page.encode(), name="r.html", zone=SHANGHAI, now=NOW)
    assert article.body == '<base href="https://cdn.example.org/a/"/><img src="b.png">'


def test_below_front_matter_a_page_gives_but_its_title() -> None:
    article = read("id: 1", body=PAGE)
    assert (article.title, article.summary, article.authors) == ("Rates & more", None, ())
    assert read("title: Other", body=PAGE).title == "Other"


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("<html><head><title>R</title></head><p>Text.", "<p>Text."),
        ("<!doctype html><p>Text.</p>", "<!doctype html><p>Text.</p>"),
        ("<body><p>Text.</body>", "<p>Text."),
    ],
)
def test_a_page_may_leave_out_what_browsers_put_in(text: str, body: str) -> None:
    assert read_article(text.encode(), name="r.html", zone=SHANGHAI, now=NOW).body == body


def test_comments_before_no_page_take_no_time() -> None:
    text = "<!-- a -->" * 5_000 + "<p>Text.</p>"
    assert read_article(text.encode(), name="r.html", zone=SHANGHAI, now=NOW).markup == "html"


KEY_NAMES = (
    "title date published updated categories tags author authors image cover enclosure audio lang link id summary "
    "status draft taxonomies extra params slug"
)
KEYS = st.sampled_from(KEY_NAMES.split())
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=20)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(KEYS | st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(st.dictionaries(KEYS, VALUES, max_size=8))
def test_values_of_any_shape_make_an_article(fields: dict[str, Any]) -> None:
    raw = json.dumps({"title": "Rates"} | fields).encode() + b"\nText."
    article = read_article(raw, name="rates.md", zone=SHANGHAI, now=NOW)
    assert article.title
    assert all(enclosure.url and "/" in enclosure.type for enclosure in article.enclosures)
    assert all(author.name for author in article.authors)
    assert all(path and all(path) for path in article.categories)

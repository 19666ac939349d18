"""Front matter in every language and fence, whole, broken or cut short; and the bytes it is written in."""

from __future__ import annotations

import codecs
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedpub.collector.frontmatter import read_article
from feedpub.errors import ArticleError
from feedpub.model import Article

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2022, 2, 2, 6, 30, 15, tzinfo=UTC)
SAMPLES = Path(__file__).parents[2] / "shared" / "samples"


def read(text: str | bytes, name: str = "news/rates.md") -> Article:
    raw = text if isinstance(text, bytes) else text.encode()
    return read_article(raw, name=name, zone=SHANGHAI, now=NOW)


def read_title(matter: str) -> str:
    return read(f"---\n{matter}\n---\nText.\n").title


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: Rates\ntags: [a, b]\n---\nText.\n",
        "\ufeff---\ntitle: Rates\ntags: [a, b]\n---\nText.\n",
        "\n \n\t\n---\ntitle: Rates\ntags: [a, b]\n---\nText.\n",
        "\ufeff\n---\ntitle: Rates\ntags: [a, b]\n---\nText.\n",
        "---\r\ntitle: Rates\r\ntags: [a, b]\r\n---\r\nText.\r\n",
        "---\rtitle: Rates\rtags: [a, b]\r---\rText.\r",
        "---  \ntitle: Rates\ntags:\n- a\n- b\n--- \nText.\n",
        "---\ntitle: Rates\ntags:\n  - a\n  - b\n...\nText.\n",
        "--- yaml\ntitle: Rates\ntags: [a, b]\n---\nText.\n",
        '+++\ntitle = "Rates"\ntags = ["a", "b"]\n+++\nText.\n',
        '---toml\ntitle = "Rates"\ntags = ["a", "b"]\n---\nText.\n',
        '{"title": "Rates", "tags": ["a", "b"]}\nText.\n',
        '{\n  "title": "Rates",\n  "tags": ["a", "b"]\n}\nText.\n',
        '---json\n{"title": "Rates", "tags": ["a", "b"]}\n---\nText.\n',
        ';;;\n"title": "Rates",\n"tags": ["a", "b"]\n;;;\nText.\n',
        ';;;\n{"title": "Rates", "tags": ["a", "b"]}\n;;;\nText.\n',
    ],
)
def test_every_fence_and_language_says_the_same(text: str) -> None:
    article = read(text)
    assert (article.title, article.tags, article.body.strip()) == ("Rates", ("a", "b"), "Text.")
    assert article.notes == ()


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("title: 007", "007"),
        ("title: 1.10", "1.10"),
        ("title: yes", "yes"),
        ("title: 1e10", "1e10"),
        ("title: 0x1F", "0x1F"),
        ("title: 12:30:00", "12:30:00"),
        ("title: 2022-02-02", "2022-02-02"),
        ("title: 'null'", "null"),
        ("title: >\n  folded\n  text", "folded text"),
        ("title: |\n  --- not the end\n  ---\n  second", "--- not the end --- second"),
        ("title: Rates\n-----: x", "Rates"),
        ("title: '\"Rates\"'", '"Rates"'),
        ('title: "tab\\there"', "tab here"),
        ("x: &a Rates\ntitle: *a", "Rates"),
        ("x: &a [Rates]\ntitle: *a", "Rates"),
        ("title: &a Rates\nx: *a", "Rates"),
        ("title: !!str 007", "007"),
        ("title: [Rates,\n  more]", "Rates"),
        ('title: "Rates" # first', "Rates"),
        ("title: 'Rates #1' # first", "Rates #1"),
        ("title: | # first\n  Rates", "Rates"),
        ("title: Rates\n# a comment", "Rates"),
        ("title: Rates#1", "Rates#1"),
    ],
)
def test_yaml_scalars_come_through_as_written(written: str, title: str) -> None:
    article = read(f"---\n{written}\n---\nText.\n")
    assert article.title == title
    assert article.notes == ()


@pytest.mark.parametrize(
    "title",
    [
        "&nbsp 开头",
        "&a Rates",
        "!important note",
        "C# 入门 #1",
        "# hash",
        "#hash",
        "{curly}",
        "[公告]",
        "[News, Rates]",
    ],
)
def test_a_title_without_quotes_is_what_a_person_reads(title: str) -> None:
    for matter in (f"title: {title}\nid: 1", f"id: 1\nTitle:  {title} ", f"id: 1\n\n# title\ntitle: {title}\n\n# end"):
        assert read(f"---\n{matter}\n---\nText.\n").title == title
    assert read(f"---\nx: @\ntitle: {title}\n---\nText.\n").title == title  # read line by line


def test_a_comment_is_no_title() -> None:
    assert read_title("title: #") == "rates"
    assert read_title("title: # the title\n  Rates") == "Rates"


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ('title = 7\nid = "0012"', "7"),
        ("title = 1.10", "1.10"),
        ("title = 2022-02-02", "2022-02-02"),
        ("title = true", "true"),
    ],
)
def test_toml_scalars_are_text(written: str, title: str) -> None:
    assert read(f"+++\n{written}\n+++\nText.\n").title == title


def test_json_scalars_are_text() -> None:
    article = read('{"title": 1.10, "id": 12345678901234567890, "summary": null, "draft": false}\nText.')
    assert (article.title, article.own_id, article.summary, article.draft) == (
        "1.10",
        "12345678901234567890",
        None,
        False,
    )


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ('title: """a \'b\'"""', "a 'b'"),
        ('title: """""""""\'《Rates》\'"""""""""', "《Rates》"),
        ("title: Rates: up again", "Rates: up again"),
        ("title: @home", "@home"),
        ("title: %done", "%done"),
        ("title: *stars", "*stars"),
        ("title: [News] Rates", "[News] Rates"),
        ("title: [公告] 关于…", "[公告] 关于…"),
        ("title: &nbsp;开头", "开头"),
        (r'title: "Hi \ud83d\ude00 \u4e2d"', "Hi 😀 中"),
        (r'title: "Hi \ud83d there"', "Hi there"),
        ("title: 'it's up'", "it's up"),
        ('title: "C:\\path"', "C:\\path"),
        ('title: "Rates', "Rates"),
        ("\tx: y\ntitle: Rates", "Rates"),
        ("title: Rates\ntitle: Rates again", "Rates again"),
        ("title: '\"Rates\"'\nx: a: b", '"Rates"'),
        ("title: Rates\nx: {a: [b", "Rates"),
        ("title: &a [*a]", "&a [*a]"),
        ("title: Rates\n--- x\ny: z", "Rates"),
        ("'title': Rates\nx: @", "Rates"),
        ("title: Rates up\n  and up: again\nx: y", "Rates up and up: again"),
        ("not a key\ntitle: Rates\nx: @", "Rates"),
        ("title: Rates\n# a: comment\nx: @", "Rates"),
        ("title: Rates\nx: a\x7fb", "Rates"),
    ],
)
def test_broken_yaml_is_read_line_by_line_and_said_so(written: str, title: str) -> None:
    article = read(f"---\n{written}\n---\nText.\n")
    assert article.title == title
    (note,) = article.notes
    assert note.startswith("front matter is not valid YAML (")
    assert note.endswith("): read line by line")


def test_the_note_on_broken_yaml_names_the_line_of_the_file() -> None:
    (note,) = read("\n\n---\nid: 1\ntitle: a: b\n---\nText.\n").notes
    assert (
        note
        == "front matter is not valid YAML (line 5: mapping values are not allowed in this context): read line by line"
    )


@pytest.mark.parametrize(
    ("written", "tags"),
    [
        ("tags:\n\t- a\n\t- 'b'", ("a", "b")),
        ("tags:\n- a: b: c\n- d", ("a: b: c", "d")),
        ("tags:\n- @a\n\n# no tag\n- d", ("@a", "d")),
        ("tags: [a, b]\nx: @", ("a", "b")),
        ("x: @\ntags:\n  - a\n  - b\n", ("a", "b")),
        ("tags: |\n\ta, b", ("a", "b")),
        ("tags:\n-\n- @a", ("@a",)),
        ('tags:\n- "\\ud83d\\ude00"\n- b', ("😀", "b")),
    ],
)
def test_lists_in_broken_yaml_are_lists(written: str, tags: tuple[str, ...]) -> None:
    assert read(f"---\ntitle: Rates\n{written}\n---\nText.\n").tags == tags


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("---\ntitle: Rates\ncat", "never closed"),
        ("---\ntitle: Rates\n-----\nText.", "never closed"),
        ("+++\ntitle = 'Rates'\n", "never closed"),
        (";;;\n'title'", "never closed"),
        ('{"title": "Rat', "never closed"),
        ('{"title": "Rates",', "never closed"),
        ('{"title": "Rates" "x"}\nText.', "not valid JSON (line 1"),
        ("+++\ntitle = Rates\n+++\nText.", "cannot be read"),
        ('---json\n{"title": }\n---\nText.', "cannot be read"),
        ('{"a": ' + "[" * 40 + "]" * 40 + "}\nText.", "nested too deeply"),
        ('{"a": ' + "[" * 100_000, "nested too deeply"),
        ("+++\na = " + "[" * 90_000 + "\n+++\nText.", "cannot be read"),
        ("+++\na = " + "9" * 9000 + "\n+++\nText.", "cannot be read"),
        ("---\ntitle: " + "x" * 200_001 + "\n---\nText.", "longer than"),
        ("", "empty"),
        (" \n\t\n", "empty"),
        ("---\n---\n", "neither title nor text"),
        ("---\ntitle:\n---\n<div> <br> </div>\n", "neither title nor text"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "NUL"),
        (b"\x01\x02\x03\x04" * 20, "control characters"),
        (b"\xff\0 and much more text\xff", "NUL"),
        (codecs.BOM_UTF16_LE + b"\0a\0\0", "NUL"),
        (codecs.BOM_UTF32_LE + b"\0\0", "marked as utf-32-le"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(text: str | bytes, reason: str) -> None:
    with pytest.raises(ArticleError, match=r"^news/rates\.md: ") as caught:
        read(text)
    assert reason in caught.value.reason
    assert caught.value.name == "news/rates.md"


@pytest.mark.parametrize(
    "matter",
    [
        "x: " + "[" * 20_000,
        "x: " + "- " * 20_000,
        "- " * 60_000,
        "x: " + "{a: " * 5_000,
        "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
        + "".join(f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 30)),
        "categories: &c [*c]",
        "x: '" + "a\n" * 50_000,
    ],
)
def test_hostile_yaml_costs_neither_the_process_nor_much_time(matter: str) -> None:
    began = time.perf_counter()
    assert read(f"---\ntitle: Rates\n{matter}\n---\nText.\n").title == "Rates"
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize(
    ("text", "body"),
    [
        (
            "---\n\nA rule above, a rule below.\n\n---\n\nMore.\n",
            "---\n\nA rule above, a rule below.\n\n---\n\nMore.\n",
        ),
        ("No front matter.\n\n---\ntitle: no\n---\n", "No front matter.\n\n---\ntitle: no\n---\n"),
        ("{% raw %}\nText.", "{% raw %}\nText."),
        ("----\ntitle: x\n----\n", "----\ntitle: x\n----\n"),
    ],
)
def test_what_only_looks_like_front_matter_is_text(text: str, body: str) -> None:
    article = read(text)
    assert article.body == body
    assert article.title == "rates"


@pytest.mark.parametrize(
    ("head", "tags"),
    [
        ("Title: Rates: up\nDate: 2022-02-02 08:00\nTags: a, b", ("a", "b")),
        ("\n\nDate: 2022-02-02 08:00\ntitle: Rates: up\nTags: a,\n    b,\n\tc", ("a", "b", "c")),
        ("Title: Rates: up\nDate: 2022-02-02 08:00\nTranslation: true\nSave_as:", ()),
    ],
)
def test_metadata_without_fences_is_front_matter(head: str, tags: tuple[str, ...]) -> None:
    article = read(f"{head}\n \nText: more.\n\n- one\n")
    assert (article.title, article.tags, article.body) == ("Rates: up", tags, "Text: more.\n\n- one\n")
    assert article.published == datetime(2022, 2, 2, tzinfo=UTC)
    assert article.notes == ()
    assert read(head).title == "Rates: up"


@pytest.mark.parametrize(
    "text",
    [
        "Title: Rates\n\nText.",
        "Date: 2022-02-02\nTags: a\n\nText.",
        "Title: Rates\nAnn: Up?\nBob: Down.\n\nText.",
        "Title: Rates\nTags: a\nand some text.\n\nText.",
        "    Title: Rates\n    Tags: a\n\nText.",
        "Title:Rates\nTags:a\n\nText.",
    ],
)
def test_a_text_that_begins_with_colons_is_a_text(text: str) -> None:
    article = read(text)
    assert (article.title, article.body) == ("rates", text)


def test_a_title_of_hashes_takes_no_time() -> None:
    began = time.perf_counter()
    assert read("---\ntitle: x" + " #" * 90_000 + "\n  y\n---\nText.\n").title
    assert time.perf_counter() - began < 5


def test_front_matter_alone_is_an_article() -> None:
    assert read("---\ntitle: Rates\n---").body == ""


def test_the_first_line_of_a_body_keeps_its_indent() -> None:
    assert read("---\ntitle: Rates\n---\n    code\n").body == "    code\n"


CHINESE_S = "---\ntitle: 央行今天宣布利率不变\n---\n经济学家认为，这个决定在市场的预料之中。\n"
CHINESE_T = "---\ntitle: 央行今天宣布利率不變\n---\n經濟學家認為，這個決定在市場的預料之中。\n"
JAPANESE = "---\ntitle: 中央銀行は金利を据え置いた\n---\n市場の予想どおりの決定だと専門家は話している。\n"
KOREAN = "---\ntitle: 중앙은행이 금리를 동결했다\n---\n시장이 예상한 결정이라고 전문가는 말한다.\n"
RUSSIAN = "---\ntitle: Центральный банк сохранил ставку\n---\nЭкономисты считают, что это решение было ожидаемым.\n"
FRENCH = (
    "---\ntitle: La banque a décidé\n---\nL’été dernier, la décision était déjà prévue à Genève, où l’économie va.\n"
)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (CHINESE_S, "gbk"),
        (CHINESE_S, "gb18030"),
        (CHINESE_S * 30, "gbk"),
        (CHINESE_T, "big5"),
        (CHINESE_T * 30, "big5"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (KOREAN, "euc_kr"),
        (RUSSIAN, "cp1251"),
        (FRENCH, "cp1252"),
        (CHINESE_S, "utf-16"),
        (CHINESE_S, "utf-32"),
        ("\ufeff" + CHINESE_S, "utf-16-be"),
    ],
)
def test_text_in_another_encoding_is_read_and_the_encoding_named(text: str, encoding: str) -> None:
    article = read(text.encode(encoding))
    assert article.title == text.splitlines()[1].removeprefix("title: ")
    (note,) = article.notes
    assert note.startswith("read as ")


@pytest.mark.parametrize("times", [1, 40])
@pytest.mark.parametrize(
    ("title", "encoding"),
    [
        ("Très à côté de la forêt, où l’été s’achève", "cp1252"),
        ("¿Dónde está el niño? La decisión del año pasó", "cp1252"),
        ("Größere Zölle für Österreich, müßte schön sein", "cp1252"),
        ("A decisão da situação não é fácil, você está no avião", "cp1252"),
        ("Perché la città è più bella, così sarà già", "cp1252"),
        ("Förslaget är på väg till åhörarna", "cp1252"),
        ("Źródło: rząd ogłosił więcej środków, że będzie łatwiej", "cp1250"),
        ("Źródło: rząd ogłosił więcej środków, że będzie łatwiej", "iso8859-2"),
        ("Příliš žluťoučký kůň úpěl ďábelské ódy", "cp1250"),
        ("Őszi hűvös időben a fűtés költségei nőnek", "cp1250"),
        ("Bugün İstanbul’da güneş var, çocuklar ışığı görüyor", "cp1254"),
        ("Центральный банк сохранил ставку", "cp1251"),
    ],
)
def test_encodings_of_european_languages_are_told_by_their_letters(title: str, encoding: str, times: int) -> None:
    assert read((f"---\ntitle: '{title}'\n---\n" + f"{title}. Rates.\n" * times).encode(encoding)).title == title


@pytest.mark.parametrize(
    ("declared", "encoding", "word"),
    [
        ('<meta charset="gb2312">', "gbk", "镕"),  # beyond GB 2312, as so much that says it is
        ("# -*- coding: koi8-r -*-", "koi8-r", "Банк"),
        ('<meta content="text/html; charset=iso-8859-1">', "cp1252", "“Zürich”"),
        ('<meta charset="windows-1250">', "cp1250", "Łódź"),
        ('<meta charset="no-such"><meta charset=big5>', "big5", "利率"),
    ],
)
def test_a_declared_encoding_is_believed_where_it_fits(declared: str, encoding: str, word: str) -> None:
    article = read(f"---\ntitle: {word}\n---\n{declared}\n".encode(encoding))
    assert article.title == word


def test_a_declared_encoding_that_does_not_fit_is_not_believed() -> None:
    assert read(f'{CHINESE_S}<meta charset="shift_jis">'.encode("gbk")).title == "央行今天宣布利率不变"


@pytest.mark.parametrize("cut", [1, 2])
def test_a_file_cut_within_a_character_is_utf_8_still(cut: int) -> None:
    article = read(f"---\ntitle: Rates\n---\n{'a' * 50}率".encode()[:-cut])
    assert article.body.startswith("a" * 50)
    assert article.notes == ("not UTF-8 at byte 71: broken characters replaced",)


def test_a_few_broken_bytes_do_not_make_mojibake_of_the_rest() -> None:
    raw = CHINESE_S.encode()
    article = read(raw[:60] + b"\xff" + raw[60:])
    assert article.title == "央行今天宣布利率不变"
    assert "\ufffd" in article.body
    assert "replaced" in article.notes[0]


def test_broken_utf_16_is_mended() -> None:
    article = read(codecs.BOM_UTF16_LE + CHINESE_S.encode("utf-16-le") + b"\n")
    assert article.title == "央行今天宣布利率不变"
    assert "utf-16-le" in article.notes[0]


def test_an_encoding_has_to_fit_all_of_a_file() -> None:
    with pytest.raises(ArticleError, match="no other encoding"):
        read((RUSSIAN * 400).encode("cp1251") + b"\x98")


def test_bytes_in_no_encoding_are_refused() -> None:
    with pytest.raises(ArticleError, match="no other encoding"):
        read(bytes(range(128, 256)) * 3 + b"\x81\x8d\x8f\x90\x9d" * 40)


@given(st.binary(max_size=300))
def test_any_bytes_are_an_article_or_refused_with_a_reason(raw: bytes) -> None:
    assert_article_or_refused(raw)


FENCES = st.sampled_from(
    ["---\n", "+++\n", ";;;\n", "{", '{"title": ', "---json\n", "\n", "}\n", "<html>", "---toml\n"]
)
SCRAPS = st.sampled_from(
    [
        "title: ",
        "date: ",
        "tags: ",
        "- ",
        "  ",
        '"',
        "'",
        "[",
        "]",
        ":",
        "&a",
        "*a",
        "|",
        ">",
        "#",
        "= ",
        "<h1>",
        "</h1>",
    ]
)


@given(st.lists(st.one_of(FENCES, SCRAPS, st.text(max_size=8)), max_size=25).map("".join))
def test_scraps_of_front_matter_are_an_article_or_refused_with_a_reason(text: str) -> None:
    assert_article_or_refused(text.encode("utf-8", "surrogatepass"))


def assert_article_or_refused(raw: bytes) -> None:
    try:
        title, reason = read(raw).title, ""
    except ArticleError as error:
        title, reason = "", error.reason
    assert bool(title) != bool(reason)
    assert title == " ".join(title.split())


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not here")
def test_every_real_article_is_read_as_html_with_its_title_and_categories() -> None:
    articles = [read(file.read_bytes(), file.relative_to(SAMPLES).as_posix()) for file in sorted(SAMPLES.rglob("*.md"))]
    assert len(articles) == 22
    assert {article.markup for article in articles} == {"html"}
    assert sum(article.published is None for article in articles) == 2
    assert all(article.authors and article.categories and article.exact for article in articles)
    assert not any(name.startswith(("-", "—")) for article in articles for path in article.categories for name in path)
    assert not any("&#12" in article.body + article.title for article in articles)
    titles = {article.title for article in articles}
    assert "精读《设计模式 - Template Method 模版模式》" in titles
    assert '"你管这叫领域展开_"' in titles


def test_single_control_characters_cost_no_article() -> None:
    article = read("---\ntitle: a\x00b\x08c\ncategories: [x\x1fy]\n---\nText\x00 goes on.")
    assert (article.title, article.categories) == ("abc", (("xy",),))


def test_controls_of_windows_1252_are_the_characters_they_were_meant_as() -> None:
    assert read("---\ntitle: \x93Rates\x94 \x96 up\n---\nIt\x92s so.").title == "“Rates” – up"

"""`feedpub init`: what it reads of a site, and that what it writes loads as it stands."""

from __future__ import annotations

import itertools
import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedpub.collector import Found, scan
from feedpub.config import Config, load_config
from feedpub.errors import ConfigError
from feedpub.init import draft_config, init_folder, write_config
from feedpub.init.permalinks import translate_braces, translate_colons
from feedpub.init.reading import author_of, language_of, read_settings, text_of, texts_of
from feedpub.model import Author

SAMPLES = Path(__file__).parents[2] / "shared" / "samples"

HEXO = """\
# Hexo Configuration
title: 'Harbour: notes on "trade"'
subtitle: Slow news
author: Lin Wei
email: lin@harbour.example
language:
  - zh-CN
  - en
timezone: Asia/Shanghai
url: https://harbour.example
root: /
permalink: :year/:month/:day/:title/
source_dir: source
public_dir: public
new_post_name: :title.md
"""

JEKYLL = """\
title: Field notes
email: team@fields.example
description: >-
  Two lines that
  become one.
baseurl: /notes
url: "https://fields.example"
lang: en_GB
timezone: Europe/Berlin
author:
  name: Ada
  uri: https://ada.example/
permalink: /:year/:month/:day/:title.html
plugins: [jekyll-feed]
"""

HUGO = """\
baseURL = "https://slate.example/blog"
title = 'Slate \\ chalk'
languageCode = "en-us"
timeZone = "America/New_York"
[params.author]
name = "Mo"
email = "mo@slate.example"
[permalinks.page]
posts = "/:year/:month/:slug/"
"""

ZOLA = """\
base_url = "https://quartz.example"
title = "Quartz"
default_language = "fr"
author = "Zoé"
[markdown]
highlight_code = true
"""

PELICAN = """\
import os
AUTHOR = 'Kim'
SITENAME = "Kim's log"
SITEURL = ''
PATH = 'content'
ARTICLE_PATHS = ['notes', 'essays']
TIMEZONE = 'Asia/Seoul'
DEFAULT_LANG = 'ko'
ARTICLE_URL = 'posts/{date:%Y}/{date:%m}/{slug}.html'
OUTPUT_PATH = os.environ['HOME']
raise SystemExit('this file was run')
"""

PUBLISHCONF = "SITEURL: str = 'https://log.example'\n"

ARTICLE = "---\ntitle: A\ndate: 2024-03-01\n---\nText.\n"


def lay_out(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def configure(folder: Path, files: dict[str, str]) -> Config:
    """Lay out *files*, run `init`, and load what it wrote."""
    return load_config(init_folder(lay_out(folder, files)).path)


def read_by(config: Config) -> list[str]:
    """The files that a run would read, below their sources."""
    scans = (scan(source.path, include=source.include, exclude=source.exclude) for source in config.source)
    return sorted(found.below for found in itertools.chain(*scans) if isinstance(found, Found))


# --- each generator


def test_a_hexo_site_is_read(tmp_path: Path) -> None:
    config = configure(tmp_path, {"_config.yml": HEXO, "source/_posts/news/a.md": ARTICLE})
    assert config.site.title == 'Harbour: notes on "trade"'
    assert config.site.url == "https://harbour.example/feeds/"
    assert (config.site.language, config.site.timezone) == ("zh-CN", "Asia/Shanghai")
    assert config.author == Author(name="Lin Wei", email="lin@harbour.example")
    assert config.site.permalink == "https://harbour.example/{year}/{month}/{day}/{path}/"
    assert config.source[0].path == tmp_path / "source" / "_posts"
    assert config.feeds.categories == "tree"


def test_a_jekyll_site_is_read(tmp_path: Path) -> None:
    config = configure(tmp_path, {"_config.yml": JEKYLL, "_posts/2024-03-01-a.md": ARTICLE})
    assert config.site.title == "Field notes"
    assert config.site.url == "https://fields.example/notes/feeds/"
    assert (config.site.language, config.site.timezone) == ("en-GB", "Europe/Berlin")
    assert config.author == Author(name="Ada", email="team@fields.example", url="https://ada.example/")
    assert config.site.permalink == "https://fields.example/notes/{year}/{month}/{day}/{basename}.html"
    assert config.source[0].path == tmp_path / "_posts"
    assert config.feeds.categories == "flat"


def test_a_hugo_site_is_read(tmp_path: Path) -> None:
    config = configure(tmp_path, {"hugo.toml": HUGO, "content/posts/a.md": ARTICLE})
    assert config.site.title == "Slate \\ chalk"
    assert config.site.url == "https://slate.example/blog/feeds/"
    assert (config.site.language, config.site.timezone) == ("en-us", "America/New_York")
    assert config.author == Author(name="Mo", email="mo@slate.example")
    assert config.site.permalink == "https://slate.example/blog/{year}/{month}/{slug}/"
    assert config.source[0].path == tmp_path / "content" / "posts"
    assert config.source[0].exclude == ("**/_index.md", "**/_index.*.md")
    assert config.feeds.categories == "flat"


def test_a_zola_site_is_read(tmp_path: Path) -> None:
    config = configure(tmp_path, {"config.toml": ZOLA, "content/a.md": ARTICLE})
    assert (config.site.title, config.site.language) == ("Quartz", "fr")
    assert config.site.url == "https://quartz.example/feeds/"
    assert config.author == Author(name="Zoé")
    assert config.site.permalink == "https://quartz.example/{path}/"
    assert config.source[0].path == tmp_path / "content"
    assert config.feeds.categories == "flat"


def test_a_pelican_site_is_read_and_not_run(tmp_path: Path) -> None:
    files = {"pelicanconf.py": PELICAN, "publishconf.py": PUBLISHCONF}
    articles = {"content/notes/a.md": ARTICLE, "content/essays/b.md": ARTICLE}
    config = configure(tmp_path, files | articles)
    assert (config.site.title, config.site.language) == ("Kim's log", "ko")
    assert (config.site.url, config.site.timezone) == ("https://log.example/feeds/", "Asia/Seoul")
    assert config.author == Author(name="Kim")
    assert config.site.permalink == "https://log.example/posts/{year}/{month}/{slug}.html"
    assert [source.path.name for source in config.source] == ["notes", "essays"]
    assert config.feeds.categories == "flat"


@pytest.mark.parametrize(
    ("files", "generator"),
    [
        ({"_config.yml": HEXO}, "Hexo"),
        ({"_config.yaml": "title: x", "source/_posts/a.md": ARTICLE}, "Hexo"),
        ({"_config.yml": "title: x"}, "Jekyll"),
        ({"_config.yaml": "title: x"}, "Jekyll"),
        ({"hugo.yaml": "title: x"}, "Hugo"),
        ({"hugo.json": '{"title": "x"}'}, "Hugo"),
        ({"config.yaml": "baseURL: https://a.example/"}, "Hugo"),
        ({"config.toml": 'BaseUrl = "https://a.example/"'}, "Hugo"),
        ({"config/_default/hugo.toml": "title = 'x'"}, "Hugo"),
        ({"config/_default/config.yml": "title: x"}, "Hugo"),
        ({"config.toml": ZOLA}, "Zola"),
        ({"zola.toml": ""}, "Zola"),
        ({"pelicanconf.py": ""}, "Pelican"),
        ({"config.toml": "theme = 'other'"}, None),
        ({"config.yaml": "theme: other"}, None),
        ({"notes.txt": "x"}, None),
    ],
)
def test_the_generator_is_told_by_its_files(tmp_path: Path, files: dict[str, str], generator: str | None) -> None:
    assert init_folder(lay_out(tmp_path, files)).generator == generator


@pytest.mark.parametrize(
    ("line", "permalink"),
    [
        (
            "permalink: :year/:month/:day/:hour/:minute/:second/:name.html",
            "/{year}/{month}/{day}/{hour}/{minute}/{second}/{stem}.html",
        ),
        ("permalink: posts/:abbrlink.html", "/posts/{id}.html"),
        ("permalink: :category/:post_title/", "/{categories}/{title}/"),
        ("permalink: '{x}/:title'", "/{{x}}/{path}"),
        ("permalink: ''", "/{year}/{month}/{day}/{path}/"),
        ("permalink: :year/:i_month/:title/", None),
        ("permalink: :id.html", None),
        ("permalink: :year/", None),
        ("new_post_name: :year-:title.md", None),
    ],
)
def test_permalinks_of_hexo(tmp_path: Path, line: str, permalink: str | None) -> None:
    key = line.partition(":")[0]
    rest = "".join(f"{each}\n" for each in HEXO.splitlines() if not each.startswith(f"{key}:"))
    config = configure(tmp_path, {"_config.yml": f"{rest}{line}\n", "source/_posts/a.md": ARTICLE})
    assert config.site.permalink == (f"https://harbour.example{permalink}" if permalink else "")


@pytest.mark.parametrize(
    ("form", "permalink"),
    [
        ("date", "/{categories}/{year}/{month}/{day}/{basename}.html"),
        ("pretty", "/{categories}/{year}/{month}/{day}/{basename}/"),
        ("none", "/{categories}/{basename}.html"),
        ("ordinal", None),
        ("weekdate", None),
        ("/blog/:title", "/blog/{basename}"),
        ("/:short_year/:title", None),
    ],
)
def test_permalinks_of_jekyll(tmp_path: Path, form: str, permalink: str | None) -> None:
    text = f"url: https://a.example\npermalink: {form}\n"
    config = configure(tmp_path, {"_config.yml": text, "_posts/2024-03-01-a.md": ARTICLE})
    assert config.site.permalink == (f"https://a.example{permalink}" if permalink else "")


def test_what_is_doubtful_about_a_permalink_of_jekyll_is_a_hint(tmp_path: Path) -> None:
    files = {"_config.yml": "url: https://a.example\npermalink: pretty\n", "_posts/2024-03-01-a.md": ARTICLE}
    hints = init_folder(lay_out(tmp_path, files)).hints
    assert [hint.split()[1:3] for hint in hints[:1]] == [["writes", ":categories"]]


@pytest.mark.parametrize(
    ("settings", "permalink"),
    [
        ("", "/{path}/"),
        ("uglyURLs = true", "/{path}.html"),
        ("[permalinks]\nposts = '/:section/:slugorcontentbasename/'", "/posts/{stem}/"),
        ("[permalinks]\nposts = '/:year/:filename.html'\n[permalinks.section]\nposts = '/x'", "/{year}/{stem}.html"),
        ("[permalinks]\nposts = '/:weekday/:title'", None),
        ("[permalinks]\nposts = '/:title'\nnotes = '/n/:title'", None),
    ],
)
def test_permalinks_of_hugo(tmp_path: Path, settings: str, permalink: str | None) -> None:
    text = f'baseURL = "https://a.example/"\n{settings}\n'
    config = configure(tmp_path, {"hugo.toml": text, "content/posts/a.md": ARTICLE})
    assert config.site.permalink == (f"https://a.example{permalink}" if permalink else "")


@pytest.mark.parametrize(
    ("names", "source", "permalink", "hint"),
    [
        (["posts/a.md", "posts/_index.md", "notes/_index.md"], "content/posts", True, ""),
        (["posts/a.md", "about.md"], "content/posts", True, "only content/posts is read"),
        (["posts/a.md", "notes/deep/b.html"], "content", False, "content is read as a whole, without a permalink"),
        (["notes/b.md"], "content", False, "content is read as a whole, without a permalink"),
        (["about.md"], "content", True, ""),
    ],
)
def test_hugo_is_narrowed_to_a_section_only_where_no_other_holds_articles(
    tmp_path: Path, names: list[str], source: str, permalink: bool, hint: str
) -> None:
    files = {"hugo.toml": HUGO} | {f"content/{name}": ARTICLE for name in names}
    result = init_folder(lay_out(tmp_path, files))
    config = load_config(result.path)
    assert config.source[0].path == tmp_path / source
    assert bool(config.site.permalink) == permalink
    assert [each.startswith(hint) for each in result.hints] == [True] * bool(hint)


def test_a_permalink_of_one_section_among_several_is_kept_as_a_comment(tmp_path: Path) -> None:
    names = ["content/posts/a.md", "content/notes/b.md"]
    draft = draft_config(lay_out(tmp_path, {"hugo.toml": HUGO} | dict.fromkeys(names, ARTICLE)))
    form = '# "/:year/:month/:slug/" of hugo.toml'
    assert f"{form} cannot be said here: it is for posts alone, and notes holds articles as well." in draft


def test_hugo_reads_permalinks_from_a_file_of_their_own(tmp_path: Path) -> None:
    files = {
        "config/_default/hugo.toml": 'baseURL = "https://a.example/"',
        "config/_default/permalinks.toml": 'posts = "/p/:slug/"',
        "content/posts/a.md": ARTICLE,
    }
    assert configure(tmp_path, files).site.permalink == "https://a.example/p/{slug}/"


def test_hugo_takes_what_the_default_language_says(tmp_path: Path) -> None:
    text = """
        defaultContentLanguage = "zh"
        title = "All"
        [languages.zh]
        title = "全部"
        contentDir = "content/zh"
        locale = "zh-CN"
    """
    config = configure(tmp_path, {"hugo.toml": text, "content/zh/a.md": ARTICLE, "content/en/a.md": ARTICLE})
    assert (config.site.title, config.site.language) == ("全部", "zh-CN")
    assert config.source[0].path == tmp_path / "content" / "zh"


@pytest.mark.parametrize(
    ("url", "permalink"),
    [
        ("posts/{date:%Y-%m-%d}-{slug}.html", "/posts/{year}-{month}-{day}-{slug}.html"),
        ("{category}/{slug}/", "/{category}/{slug}/"),
        ("{{x}}/{slug}", "/{{x}}/{slug}"),
        ("{date:%b}/{slug}", None),
        ("{date}/{slug}", None),
        ("{lang}/{slug}", None),
        ("{slug", None),
    ],
)
def test_permalinks_of_pelican(tmp_path: Path, url: str, permalink: str | None) -> None:
    text = f"SITEURL = 'https://a.example'\nPATH = 'content'\nARTICLE_URL = {url!r}\n"
    config = configure(tmp_path, {"pelicanconf.py": text, "content/a.md": ARTICLE})
    assert config.site.permalink == (f"https://a.example{permalink}" if permalink else "")


def test_a_form_that_cannot_be_translated_is_named_with_the_reason(tmp_path: Path) -> None:
    text = HEXO.replace(":month", ":i_month")
    draft = draft_config(lay_out(tmp_path, {"_config.yml": text, "source/_posts/a.md": ARTICLE}))
    assert '# ":year/:i_month/:day/:title/" of _config.yml cannot be said here: :i_month has no' in draft


@pytest.mark.parametrize(
    ("url", "root", "feeds"),
    [
        ("https://a.example/blog", "/blog/", "https://a.example/blog/feeds/"),
        ("https://a.example", "/blog/", "https://a.example/blog/feeds/"),
        ("https://a.example/", "/", "https://a.example/feeds/"),
        ("http://localhost:4000", "/", "https://example.org/"),
        ("http://example.com", "/", "https://example.org/"),
        ("http://[::1]:4000", "/", "https://example.org/"),
        ("http://a..b", "/", "https://example.org/"),
        ("a.example", "/", "https://example.org/"),
        ("''", "/", "https://example.org/"),
    ],
)
def test_the_feeds_lie_below_the_address_of_the_site(tmp_path: Path, url: str, root: str, feeds: str) -> None:
    text = f"url: {url}\nroot: {root}\nsource_dir: source\n"
    files = {"_config.yml": text, "source/_posts/a.md": ARTICLE}
    assert configure(tmp_path, files).site.url == feeds


def test_an_unknown_address_is_said_in_the_file_and_in_a_hint(tmp_path: Path) -> None:
    text = HEXO.replace("https://harbour.example", "http://example.com")
    result = init_folder(lay_out(tmp_path, {"_config.yml": text, "source/_posts/a.md": ARTICLE}))
    written = result.path.read_text("utf-8")
    assert "# CHANGE THIS" in written
    assert 'permalink = ""' in written
    assert "it would be https://example.org/{year}/{month}/{day}/{path}/" in written
    assert any("site.url" in hint for hint in result.hints)


def test_where_a_generators_folder_is_missing_another_is_looked_for(tmp_path: Path) -> None:
    result = init_folder(lay_out(tmp_path, {"_config.yml": HEXO, "articles/a.md": ARTICLE}))
    assert load_config(result.path).source[0].path == tmp_path / "articles"
    assert "Hexo keeps articles in source/_posts, which does not exist" in result.hints


def test_one_missing_folder_of_several_costs_only_itself(tmp_path: Path) -> None:
    result = init_folder(lay_out(tmp_path, {"pelicanconf.py": PELICAN, "content/notes/a.md": ARTICLE}))
    assert [source.path.name for source in load_config(result.path).source] == ["notes"]
    assert any('"content/essays" is no folder' in hint for hint in result.hints)


# --- configurations that cannot be read


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("_config.yml", b"title: [\n"),
        ("_config.yml", b"title: '\xb9\xfa'\n"),
        ("_config.yml", b"- a\n- b\n"),
        ("_config.yml", b""),
        ("_config.yml", b"date: !!int ''\n"),
        ("_config.yml", b"a: 2024-99-99\n"),
        ("_config.yml", b"x: !!python/object/apply:os.system ['echo']\n"),
        ("_config.yml", b"a: " + b"[" * 3000),
        ("hugo.toml", b"title = "),
        ("hugo.json", b"{"),
        ("hugo.json", b"[" * 100_000),
        ("config.toml", b"base_url = 3"),
        ("pelicanconf.py", b"def"),
        ("pelicanconf.py", b"A = '\0'"),
        ("pelicanconf.py", b"PATTERN = '\\d'\nSITENAME = open('x')\nPATH = 3\nARTICLE_PATHS = 7\n"),
        ("publishconf.py", b"SITEURL ="),
    ],
)
def test_a_broken_configuration_never_stops_init(tmp_path: Path, name: str, body: bytes) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / name).write_bytes(body)
    result = init_folder(tmp_path)
    load_config(result.path)
    assert result.hints


@pytest.mark.parametrize(
    "text",
    [
        (
            "title: {a: b}\nurl: [1, 2]\nlanguage: {}\ntimezone: 8\nauthor: [[]]\nemail: [x]\n"
            "permalink: 3\nsource_dir: {}\n"
        ),
        "title: yes\nurl: 2024-03-01\nauthor: {name: [x]}\nlanguage: 'not a tag'\ntimezone: Mars/North\nper_page: x\n",
        (
            'title: "a\\\\ \\"b\\" \\n c \\x7f \\e"\nauthor: {name: "\\"", email: nobody, url: nowhere}\n'
            "source_dir: ../../etc\n"
        ),
        'permalink: ":title\\n[x]\\nb = 3"\nurl: https://a.example/?x\nsource_dir: "\\0"\n',
    ],
)
def test_values_of_any_type_never_stop_init(tmp_path: Path, text: str) -> None:
    config = configure(tmp_path, {"_config.yml": text, "source/_posts/a.md": ARTICLE})
    assert config.site.timezone == "UTC"
    assert config.site.language == ""


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_whatever_a_site_is_called_the_draft_is_toml(
    tmp_path_factory: pytest.TempPathFactory, title: str, author: str, form: str
) -> None:
    folder = tmp_path_factory.getbasetemp() / "any-title"
    (folder / "content").mkdir(parents=True, exist_ok=True)
    settings = {"title": title, "baseURL": "https://a.example", "permalinks": {"x": form}, "author": author}
    (folder / "hugo.json").write_text(json.dumps(settings), encoding="utf-8")
    site = tomllib.loads(draft_config(folder))["site"]
    assert site["title"]
    assert site["url"] == "https://a.example/feeds/"


def test_quotes_backslashes_and_line_ends_in_a_title_survive(tmp_path: Path) -> None:
    title = 'A "quoted" \\ title\nof two lines \x7f'
    config = configure(tmp_path, {"hugo.json": json.dumps({"title": title}), "content/a.md": ARTICLE})
    assert config.site.title == title


# --- folders without a generator


@pytest.mark.parametrize(
    ("names", "source"),
    [
        (["articles/a.md", "README.md"], "articles"),
        (["posts/2024/a.html"], "posts"),
        (["src/content/a.md"], "src/content"),
        (["crawled/a.md", "dist/index.html", "node_modules/x/README.md", ".git/x.md"], "crawled"),
        (["金融/新浪/a.md", "游戏/b.md"], "."),
        (["a.md", "b.markdown", "old/c.HTML"], "."),
        (["README.md", "LICENSE"], "."),
    ],
)
def test_articles_are_found_where_they_lie(tmp_path: Path, names: list[str], source: str) -> None:
    config = configure(tmp_path / "site", dict.fromkeys(names, ARTICLE))
    assert config.source[0].path == tmp_path / "site" / source
    assert config.site.out in (tmp_path / "site" / "dist", tmp_path / "site" / "feeds")
    assert config.site.title == "site"


def test_the_output_folder_stays_inside_and_is_not_read(tmp_path: Path) -> None:
    config = configure(tmp_path / "site", {"a.md": ARTICLE, "old/b.md": ARTICLE})
    assert config.site.out == tmp_path / "site" / "dist"
    assert config.source[0].exclude == ("dist/**",)
    lay_out(config.site.out, {"index.html": "x", "news/index.html": "x"})
    assert read_by(config) == ["a.md", "old/b.md"]


def test_only_the_source_that_holds_the_output_folder_excludes_it(tmp_path: Path) -> None:
    settings = "PATH = '.'\nARTICLE_PATHS = ['.', '../more']\n"
    files = {"site/pelicanconf.py": settings, "site/a.md": ARTICLE, "more/dist/b.md": ARTICLE}
    config = load_config(init_folder(lay_out(tmp_path, files) / "site").path)
    assert [source.exclude[2:] for source in config.source] == [("dist/**",), ()]
    assert read_by(config) == ["a.md", "dist/b.md"]


def test_a_folder_that_is_read_already_is_no_source_of_its_own(tmp_path: Path) -> None:
    settings = "PATH = 'content'\nARTICLE_PATHS = ['notes', '.', 'pages', 'notes/old']\n"
    names = ["content/notes/old/a.md", "content/pages/b.md", "content/c.md"]
    config = configure(tmp_path, {"pelicanconf.py": settings} | dict.fromkeys(names, ARTICLE))
    # The generator's pages are left out of the whole, so that naming them means it.
    assert [source.path.name for source in config.source] == ["content", "pages"]
    assert read_by(config) == ["b.md", "c.md", "notes/old/a.md"]


def test_an_output_folder_below_a_name_that_is_no_utf_8_is_excluded(tmp_path: Path) -> None:
    folder = Path(f"{tmp_path}/caf\udce9")
    lay_out(folder, {"hugo.toml": 'contentDir = ".."', "a.md": ARTICLE})
    config = load_config(init_folder(folder).path)
    lay_out(config.site.out, {"index.html": "x"})
    assert config.site.out == folder / "dist"
    assert [Path(name).name for name in read_by(config)] == ["a.md"]


def test_what_speaks_of_the_project_is_no_article(tmp_path: Path) -> None:
    names = ["README.md", "a.md", "b/c.md", "public/index.html"]
    config = configure(tmp_path / "site", dict.fromkeys(names, ARTICLE))
    assert config.source[0].exclude == ("README.md", "public/**", "dist/**")


def test_the_search_for_articles_ends_far_below(tmp_path: Path) -> None:
    config = configure(tmp_path, {"/".join(["deep", *("x" * 60), "a.md"]): ARTICLE, "near/b.md": ARTICLE})
    assert config.source[0].path == tmp_path / "near"


def test_a_folder_without_articles_gets_a_hint(tmp_path: Path) -> None:
    result = init_folder(lay_out(tmp_path, {"notes.txt": "x"}))
    assert any("source.path" in hint for hint in result.hints)


def test_a_folder_that_is_somebody_elses_is_not_the_output(tmp_path: Path) -> None:
    files = {"articles/a.md": ARTICLE, "dist/app.js": "x", "feeds": "a file"}
    config = configure(tmp_path / "site", files)
    assert config.site.out == tmp_path / "site" / "feeds-2"


def test_the_feeds_of_an_earlier_run_are_the_output_again(tmp_path: Path) -> None:
    config = configure(tmp_path, {"articles/a.md": ARTICLE, "dist/feeds.opml": "<opml/>"})
    assert config.site.out == tmp_path / "dist"


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no samples beside the project")
def test_the_samples_folder_is_taken_as_it_is(tmp_path: Path) -> None:
    draft = tomllib.loads(draft_config(SAMPLES))
    assert [source["path"] for source in draft["source"]] == ["."]
    assert (draft["site"]["out"], draft["source"][0]["exclude"][-1:]) == ("dist", ["dist/**"])


def test_a_folder_whose_name_is_no_utf_8_still_gets_a_draft(tmp_path: Path) -> None:
    folder = Path(f"{tmp_path}/caf\udce9")
    (folder / "sub\udce9").mkdir(parents=True)
    (folder / "sub\udce9" / "a.md").write_text(ARTICLE)
    assert load_config(init_folder(folder).path).site.title == "caf"


# --- writing


def test_an_empty_folder_gets_two_articles(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    result = init_folder(tmp_path)
    assert [path.relative_to(tmp_path).as_posix() for path in result.created] == [
        "feedpub.toml",
        "articles/hello-feeds.md",
        "articles/guides/categories.md",
    ]
    assert all(path.is_file() for path in result.created)
    assert load_config(result.path).source[0].path == tmp_path / "articles"


def test_a_folder_that_does_not_exist_is_made(tmp_path: Path) -> None:
    result = init_folder(tmp_path / "new" / "site")
    assert (result.generator, result.path) == (None, tmp_path / "new" / "site" / "feedpub.toml")
    assert load_config(result.path).site.title == "site"


def test_a_configuration_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "feedpub.toml").write_text("mine")
    for attempt in (lambda: init_folder(tmp_path), lambda: write_config(tmp_path, "yours")):
        with pytest.raises(ConfigError, match="exists already"):
            attempt()
    assert [path.name for path in tmp_path.iterdir()] == ["feedpub.toml"]
    assert (tmp_path / "feedpub.toml").read_text() == "mine"


def test_a_file_in_place_of_the_folder_is_a_problem_of_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="cannot be written to"):
        init_folder(tmp_path / "file")


def test_every_key_has_a_comment_above_it(tmp_path: Path) -> None:
    lines = draft_config(lay_out(tmp_path, {"hugo.toml": HUGO, "content/posts/a.md": ARTICLE})).splitlines()
    keys = [number for number, line in enumerate(lines) if " = " in line and not line.startswith("#")]
    assert len(keys) > 20
    assert all(lines[number - 1].startswith("# ") for number in keys)


def test_two_drafts_of_one_folder_are_the_same(tmp_path: Path) -> None:
    lay_out(tmp_path, {"pelicanconf.py": PELICAN, "content/notes/a.md": ARTICLE})
    assert draft_config(tmp_path) == draft_config(tmp_path)


# --- the readers


def test_a_value_that_is_computed_is_not_known(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text("A = 'x'\nA = f()\nB: str\nC, D = 1, 2\nE: int = 5\nF = -1\n")
    assert read_settings(tmp_path / "conf.py").values == {"E": 5, "F": -1}


@pytest.mark.parametrize(
    ("value", "text", "texts"),
    [
        (" a ", "a", ("a",)),
        (["", "b", 3], "b", ("b", "3")),
        (404, "404", ("404",)),
        (True, "", ()),
        (None, "", ()),
        ({"a": "b"}, "", ()),
        ([[]], "", ()),
    ],
)
def test_texts_are_read_from_what_a_site_wrote(value: object, text: str, texts: tuple[str, ...]) -> None:
    assert (text_of(value), texts_of(value)) == (text, texts)


@pytest.mark.parametrize(
    ("value", "language"),
    [("zh_CN.UTF-8", "zh-CN"), (["en", "fr"], "en"), (False, "no"), (None, ""), ({}, "")],
)
def test_languages_are_read_from_what_a_site_wrote(value: object, language: str) -> None:
    assert language_of(value) == language


@pytest.mark.parametrize(
    ("value", "author"),
    [
        ("Ann", Author(name="Ann")),
        ([{"name": "Ann", "url": "https://a.example/"}, "Bo"], Author(name="Ann", url="https://a.example/")),
        ({"email": "a@a.example"}, None),
        ([], None),
        (None, None),
    ],
)
def test_authors_are_read_from_what_a_site_wrote(value: object, author: Author | None) -> None:
    assert author_of(value) == author


@given(st.text())
def test_no_form_of_an_address_stops_the_translation(form: str) -> None:
    names = {"slug": "{slug}", "title": "{path}"}
    for link in (translate_colons(form, names=names), translate_braces(form, names=names)):
        assert bool(link.template) != bool(link.problem)

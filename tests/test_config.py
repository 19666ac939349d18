"""What the configuration accepts, what it makes of it, and how it says what is wrong."""

from __future__ import annotations

import json
import pickle
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedpub.collector import scan
from feedpub.config import Config, default_config, find_config, load_config
from feedpub.config.toml_lines import KeyPath, line_of, locate_keys
from feedpub.config.values import PLACEHOLDERS
from feedpub.errors import ConfigError
from feedpub.job import rules_of
from feedpub.model import Author
from feedpub.sanitiser import DEFAULT
from feedpub.sanitiser.quotes import TARGETS

LEAST = """\
[site]
url = "https://feeds.example.org/"
[[source]]
path = "articles"
"""

#: Every key there is, at its default or with an example (DESIGN, section 3).
ALL_KEYS = """\
[site]
title = "Finance wire"
url = "https://feeds.example.org/"
language = "zh-CN"
author = { name = "Newsroom", email = "", url = "" }
timezone = "Asia/Shanghai"
permalink = ""
out = "../dist"
ledger = "../.feedpub/ledger.sqlite3"

[[source]]
use = "files"
path = "articles"
include = ["**/*.md", "**/*.markdown", "**/*.html"]
exclude = []

[feeds]
formats = ["rss", "atom", "json"]
limit = 50
max_bytes = 1_000_000
categories = "tree"
tags = false
symbols = false
archive = "none"
max_loss = 0.2
future = "hold"

[category."金融/新浪财经"]
slug = "sina-finance"
title = "Sina Finance"
limit = 100

[sanitiser.images]
mode = "keep"
placeholder = ["https://picsum.photos/*", "https://juejin.cn/post/undefined"]

[[sanitiser.images.unwrap]]
match = "https://cors.example.dev/?{url}"

[sanitiser.stocks]
target = "keep"

[publish]
to = "s3://bucket/prefix"
delete = false
max_deletes = 0.2
websub = []
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder `site` with a folder `site/articles`."""
    (tmp_path / "site" / "articles").mkdir(parents=True)
    return tmp_path / "site"


def load(folder: Path, text: str, **options: Any) -> Config:
    file = folder / "feedpub.toml"
    file.write_text(text, encoding="utf-8")
    return load_config(file, **options)


def problems(folder: Path, text: str, **options: Any) -> list[str]:
    """The problems of *text*, without the file's name; [] for a text without any."""
    try:
        load(folder, text, **options)
    except ConfigError as error:
        return [problem.removeprefix(f"{folder}/feedpub.toml:") for problem in error.problems]
    return []


# --- what is accepted


def test_every_key_of_the_contract_loads(folder: Path) -> None:
    config = load(folder, ALL_KEYS)
    assert config.site.title == "Finance wire"
    assert config.author == Author(name="Newsroom")
    assert str(config.site.zone) == "Asia/Shanghai"
    assert config.feeds.formats == ("rss", "atom", "json")
    assert config.category["金融/新浪财经"].slug == "sina-finance"
    assert config.sanitiser.images.unwrap[0].match == "https://cors.example.dev/?{url}"
    assert config.publish is not None
    assert config.publish.to == "s3://bucket/prefix"


def test_an_address_and_a_source_are_enough(folder: Path) -> None:
    config = load(folder, LEAST)
    assert (config.site.title, config.site.language, config.site.timezone) == ("articles", "", "UTC")
    assert config.site.out == folder / "dist"
    assert config.site.ledger == folder / ".feedpub" / "ledger.sqlite3"
    assert config.source[0].include == ("**/*.md", "**/*.markdown", "**/*.html")
    assert config.feeds.limit == 50
    assert (config.author, config.publish, dict(config.category)) == (None, None, {})


def test_what_the_contract_shows_of_feeds_and_images_are_the_defaults(folder: Path) -> None:
    shown, default = load(folder, ALL_KEYS), load(folder, LEAST)
    assert shown.feeds == default.feeds
    assert shown.sanitiser.stocks == default.sanitiser.stocks
    assert rules_of(shown).placeholder == rules_of(default).placeholder == DEFAULT.placeholder


def test_paths_count_from_the_folder_of_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "feedpub.toml").write_text(ALL_KEYS, encoding="utf-8")
    monkeypatch.chdir(folder.parent)
    config = load_config("site/feedpub.toml")
    assert config.source[0].path == folder / "articles"
    assert config.site.out == folder.parent / "dist"
    assert config.site.ledger == folder.parent / ".feedpub" / "ledger.sqlite3"


def test_a_configuration_is_frozen_and_travels_between_processes(folder: Path) -> None:
    config = load(folder, ALL_KEYS)
    with pytest.raises(AttributeError, match=r"Site.title stays as it was read"):
        config.site.title = "Another"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        del config.site
    with pytest.raises(AttributeError):
        config.replaced(sight=config.site)
    assert pickle.loads(pickle.dumps(config)) == config


def test_a_byte_order_mark_and_windows_line_ends_are_fine(folder: Path) -> None:
    file = folder / "feedpub.toml"
    file.write_bytes(b"\xef\xbb\xbf" + LEAST.replace("\n", "\r\n").encode())
    assert load_config(file).site.url == "https://feeds.example.org/"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://feeds.example.org", "https://feeds.example.org/"),
        ("http://feeds.example.org:8080/wire", "http://feeds.example.org:8080/wire/"),
        ("https://新闻.example/訂閱", "https://新闻.example/訂閱/"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/"),
        (" https://feeds.example.org/ ", "https://feeds.example.org/"),
    ],
)
def test_a_site_address_ends_with_a_slash(folder: Path, written: str, meant: str) -> None:
    assert load(folder, LEAST.replace("https://feeds.example.org/", written)).site.url == meant


def test_a_source_without_a_name_leaves_the_title_no_problem(folder: Path) -> None:
    [problem] = problems(folder, LEAST.replace('"articles"', '"/"'))
    assert "site.out" in problem


@pytest.mark.parametrize(
    "line",
    [
        'permalink = "https://news.example.org/{year}/{month}/{stem}.html"',
        'permalink = "https://{category}.example.org/{{x}}/{id}"',
        'language = "zh-Hant-TW"',
        'timezone = "America/Argentina/Buenos_Aires"',
        'author = { name = "Ann", email = "ann@example.org", url = "https://example.org/ann" }',
        'out = "../dist with blanks"',
    ],
)
def test_values_of_a_site_that_are_fine(folder: Path, line: str) -> None:
    assert problems(folder, LEAST.replace("[[source]]", f"{line}\n[[source]]")) == []


@pytest.mark.parametrize("target", ["keep", *TARGETS, "https://q.example/{mic}/{code}", "http://q.example/?s={yahoo}"])
def test_stock_links_lead_to_a_known_site_or_by_a_template(folder: Path, target: str) -> None:
    assert load(folder, f'{LEAST}[sanitiser.stocks]\ntarget = "{target}"\n').sanitiser.stocks.target == target


def test_every_placeholder_is_known_to_permalinks(folder: Path) -> None:
    template = "/".join(f"{{{name}}}" for name in PLACEHOLDERS)
    line = f'permalink = "https://news.example.org/{template}"'
    assert problems(folder, LEAST.replace("[[source]]", f"{line}\n[[source]]")) == []


# --- what the command line says instead


def test_the_command_line_replaces_sources_and_folders(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder.parent / "other").mkdir()
    monkeypatch.chdir(folder.parent)
    text = LEAST.replace('"articles"', '"gone"')
    config = load(folder, text, source=Path("other"), out=Path("o"), ledger=Path("l.sqlite3"))
    assert [source.path for source in config.source] == [folder.parent / "other"]
    assert (config.site.out, config.site.ledger) == (folder.parent / "o", folder.parent / "l.sqlite3")


def test_a_problem_of_the_command_line_names_the_option(folder: Path) -> None:
    gone, inside = folder / "gone", folder / "gone" / "dist"
    assert problems(folder, LEAST, source=gone, out=inside, ledger=Path("~/l")) == [
        "--out: lies inside a folder of articles, so feedpub would read its own pages; choose one outside",
        f'--source: "{gone}" does not exist',
    ]


def test_what_the_command_line_says_does_not_hide_a_site_of_a_wrong_type(folder: Path) -> None:
    text = 'site = "x"\n[[source]]\npath = "articles"\n'
    assert problems(folder, text, out=folder / "dist") == ['1: site: must be a table; got "x"']


def test_without_a_file_a_source_and_an_output_folder_are_enough(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    config = default_config(source=Path("articles"), out=Path("../wire"))
    assert (config.site.title, config.site.url, config.site.timezone) == (
        "articles",
        "https://example.org/",
        "UTC",
    )
    assert config.source[0].path == folder / "articles"
    assert config.site.out == folder.parent / "wire"


def test_two_outputs_never_share_a_ledger(folder: Path) -> None:
    one, two = (default_config(source=folder / "articles", out=folder / name) for name in ("a", "b"))
    assert one.site.ledger == folder / ".feedpub" / "a.sqlite3"
    assert two.site.ledger != one.site.ledger
    chosen = default_config(source=folder / "articles", out=folder / "a", ledger=folder / "own")
    assert chosen.site.ledger == folder / "own"


def test_without_a_file_a_missing_source_is_a_problem_of_the_option(folder: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        default_config(source=folder / "gone", out=folder / "dist")
    assert caught.value.problems == (f'--source: "{folder / "gone"}" does not exist',)


# --- which file is read


def test_the_configuration_is_looked_for_in_order(tmp_path: Path) -> None:
    def found(explicit: Path | None = None, **environ: str) -> Path | None:
        return find_config(explicit, environ=environ, folder=tmp_path)

    assert found() is None
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "feedpub.toml").touch()
    assert found() == tmp_path / "config" / "feedpub.toml"
    (tmp_path / "feedpub.toml").touch()
    assert found() == tmp_path / "feedpub.toml"
    assert found(FEEDPUB_CONFIG="") == tmp_path / "feedpub.toml"
    assert found(FEEDPUB_CONFIG="/etc/feedpub.toml") == Path("/etc/feedpub.toml")
    assert found(Path("mine.toml"), FEEDPUB_CONFIG="/etc/feedpub.toml") == Path("mine.toml")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"[site\n", ":1:6: no valid TOML: "),
        (b"a = 1\na = 2\n", ":2:6: no valid TOML: "),
        (b'[site]\ntitle = "x', ":2:11: no valid TOML: "),
        (b'[site]\ntitle = """x\n\n', ":2:13: no valid TOML: "),
        (b"\n[site]\ntitle = '\xb9\xfa'\n", ": not UTF-8 at byte 17"),
        (b"a = " + b"9" * 5000, ": holds a number beyond all bounds"),
        (b"a = " + b"[" * 5000 + b"]" * 5000, ": is nested too deeply"),
    ],
)
def test_a_file_that_is_no_toml_is_said_so(tmp_path: Path, body: bytes, reason: str) -> None:
    file = tmp_path / "feedpub.toml"
    file.write_bytes(body)
    with pytest.raises(ConfigError) as caught:
        load_config(file)
    [problem] = caught.value.problems
    assert problem.startswith(f"{file}{reason}")


@pytest.mark.parametrize(
    ("option", "key"), [("source", "--source"), ("out", "--out"), ("ledger", "--ledger"), ("to", "--to")]
)
def test_what_is_not_utf8_on_the_command_line_is_said(folder: Path, option: str, key: str) -> None:
    odd = folder / "\udcff"
    odd.mkdir()
    said = problems(folder, LEAST, **{option: "s3://bucket/\udcff" if option == "to" else odd})
    assert len(said) == 1
    assert said[0].startswith(f"{key}: ")
    assert said[0].endswith("is not UTF-8")


def test_a_folder_that_is_not_utf8_gives_no_odd_title(folder: Path) -> None:
    odd = folder / "\udcff"
    odd.mkdir()
    with pytest.raises(ConfigError) as caught:
        default_config(source=odd, out=folder / "out")
    assert [problem.rpartition(" is ")[2] for problem in caught.value.problems] == ["not UTF-8"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("gone.toml", 'does not exist; "feedpub init" writes a configuration'),
        (".", "is a folder; name the file in it"),
        ("nul\0.toml", "cannot be read: "),
    ],
)
def test_a_file_that_cannot_be_read_is_said_so(folder: Path, name: str, reason: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(folder / name)
    assert caught.value.problems[0].startswith(f"{folder / name}: {reason}")


# --- what is wrong with a value


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('url = "feeds.example.org"', 'must be an absolute address such as "https://example.org/"'),
        ('url = "ftp://example.org/"', 'must be an absolute address such as "https://example.org/"'),
        ('url = "https:///feeds"', 'must be an absolute address such as "https://example.org/"'),
        ('url = "https://a b/"', "must not hold blanks, quotes, angle brackets or backslashes"),
        ('url = "https://[::1/"', "is no valid address: Invalid IPv6 URL"),
        (
            'url = "https://a.example/?x"',
            "must be the address of a folder, without a query or a fragment",
        ),
        ('url = "https://a.example/#"', "must be the address of a folder, without a query or a fragment"),
        ('url = "http://a..b/"', "must have a valid name for its host (IDNA), since ids are made from it"),
        ('url = "https://./"', "must have a valid name for its host (IDNA), since ids are made from it"),
        (f'url = "https://{"x" * 64}/"', "must have a valid name for its host (IDNA), since ids are made from it"),
        (
            'url = "http://[::1]:80/"',
            "must have a name for its host, since ids are made from it, not an address in brackets",
        ),
        ('language = "zh_CN"', 'must be a language tag such as "en" or "zh-CN"; did you mean "zh-CN"?'),
        ('language = "Chinese, simple"', 'must be a language tag such as "en" or "zh-CN"'),
        (
            'timezone = "Asia/Shanghi"',
            'must be an IANA time zone such as "Asia/Shanghai"; did you mean "Asia/Shanghai"?',
        ),
        ('timezone = "Asia"', 'must be an IANA time zone such as "Asia/Shanghai"'),
        ('timezone = "../etc"', 'must be an IANA time zone such as "Asia/Shanghai"'),
        ('out = ""', "must be a path"),
        ('out = "~/www"', 'must be written out: "~" stands for no folder here'),
        ("out = 3", "must be a path in quotes"),
        (
            'permalink = "https://a.example/{stm}"',
            'has an unknown placeholder {stm}; did you mean "stem"?',
        ),
        ('permalink = "https://a.example/{stem"', 'has a "{" or "}" without its partner'),
        (
            'permalink = "https://a.example/{year:04}/{stem}"',
            'must not hold "!" or ":" inside a placeholder',
        ),
        (
            'permalink = "https://a.example/{year}"',
            "would give many articles one address; use one of {stem}, {basename}, {path}, {name}, {title}, {slug}, {id}",  # noqa: E501
        ),
        ('permalink = "/{stem}"', 'must be an absolute address such as "https://example.org/"'),
    ],
)
def test_what_a_value_of_the_site_must_be(folder: Path, line: str, problem: str) -> None:
    key, _, value = line.partition(" = ")
    known = "" if key == "url" else 'url = "https://feeds.example.org/"\n'
    text = f'[site]\n{line}\n{known}[[source]]\npath = "articles"\n'
    [found] = [each for each in problems(folder, text) if f"site.{key}:" in each]
    assert found.removeprefix(f"2: site.{key}: {value} ").startswith(problem)


def test_an_unknown_placeholder_that_resembles_none_lists_all(folder: Path) -> None:
    [problem] = problems(folder, LEAST.replace("[[", 'permalink = "https://a.example/{qqq}"\n[['))
    assert "; known are stem, basename, path, name, year" in problem


@pytest.mark.parametrize(
    ("author", "problem"),
    [
        ('"Newsroom"', '3: site.author: must be a table; got "Newsroom"'),
        ('{ email = "a@example.org" }', "3: site.author: needs a name beside the email or url"),
        (
            '{ name = "A", email = "a" }',
            '3: site.author.email: "a" must be an e-mail address such as "news@example.org"',
        ),
        (
            '{ name = "A", url = "a" }',
            '3: site.author.url: "a" must be an absolute address such as "https://example.org/"',
        ),
        ("{ name = 1979-05-27 }", '3: site.author.name: must be a text in quotes; got "1979-05-27"'),
    ],
)
def test_what_an_author_must_be(folder: Path, author: str, problem: str) -> None:
    assert problems(folder, LEAST.replace("[[", f"author = {author}\n[[")) == [problem]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[feeds]\ncategories = "trees"', 'must be one of "tree", "flat"; got "trees", did you mean "tree"?'),
        ("[feeds]\ncategories = 3", 'must be one of "tree", "flat"; got 3'),
        ('[feeds]\nlimit = "50"', 'must be a whole number; got "50"'),
        ("[feeds]\nlimit = {}", "must be a whole number; got a table"),
        ("[feeds]\nlimit = true", "must be a whole number; got true"),
        ("[feeds]\nlimit = 0", "must be 1 or more; got 0"),
        ("[feeds]\nlimit = 9223372036854775808", "must be 9223372036854775807 or less; got 9223372036854775808"),
        (f"[feeds]\nlimit = 0x1{'0' * 5000}", "must be 9223372036854775807 or less; got a number beyond all bounds"),
        ("[feeds]\nmax_bytes = 9_999", "must be 10000 or more; got 9999"),
        ("[feeds]\nmax_loss = 1.5", "must be 1 or less; got 1.5"),
        ("[feeds]\nmax_loss = nan", "must be 0 or more; got NaN"),
        ('[feeds]\nmax_loss = "a"', 'must be a number; got "a"'),
        ('[feeds]\ntags = "yes"', 'must be true or false; got "yes"'),
        ("[feeds]\nformats = []", "[] must not be empty"),
        ('[feeds]\nformats = "rss"', 'must be a list in brackets; got "rss"'),
        ('[feeds]\nformats = ["rss", "rss"]', '["rss", "rss"] must name each only once'),
        ("[feeds]\nsymbols = true", "true is not available yet; leave it false"),
        ('[feeds]\narchive = "monthly"', '"monthly" is not available yet; use "none"'),
        ('[feeds]\narchive = "yearly"', 'must be "none"; got "yearly"'),
        ('[feeds]\nfuture = "wait"', 'must be one of "hold", "publish", "drop"; got "wait"'),
        ('[sanitiser.images]\nmode = "mirror"', '"mirror" is not available yet; use "keep"'),
        (
            '[sanitiser.images]\ntemplate = "wsvr"',
            (
                '"wsvr" must be one of "camo", "imgproxy", "wsrv", or a template such as '
                '"https://img.example.org/?{url}"; did you mean "wsrv"?'
            ),
        ),
        (
            '[sanitiser.images]\ntemplate = "https://img.example.org/{uri}"',
            '"https://img.example.org/{uri}" has an unknown placeholder {uri}; did you mean "url"?',
        ),
        (
            '[sanitiser.images]\ntemplate = "https://img.example.org/x.png"',
            (
                '"https://img.example.org/x.png" would give many pictures one address; '
                "use one of {url}, {url_encoded}, {url_base64}, {url_hex}"
            ),
        ),
        (
            '[sanitiser.images]\nhttps = ["https://a.example/"]',
            '"https://a.example/" must be a host such as "news.example.org" or "*.example.org"',
        ),
        ('[[sanitiser.rule]]\nremove = [".a", "p:hover"]', "\"p:hover\" is no selector from ':hover' on"),
        ("[[sanitiser.rule]]\nremove = []", "[] must not be empty"),
        (
            '[sanitiser.images]\nserver = "https://a.example/?x"',
            '"https://a.example/?x" must be the address of a folder, without a query or a fragment',
        ),
        (
            '[sanitiser.images]\ntemplate = "https://{url_hex}.a.example/"',
            '"https://{url_hex}.a.example/" must name its host; placeholders stand behind it',
        ),
        (
            '[sanitiser.images]\ntemplate = "https://a.example/{{x}}/{url}"',
            '"https://a.example/{{x}}/{url}" must hold no doubled braces, and a signature only once',
        ),
        (
            '[[sanitiser.images.host]]\nmatch = "a.example:8080"',
            '"a.example:8080" must be a host such as "news.example.org" or "*.example.org"',
        ),
        ('[[sanitiser.rule]]\nremove = "p:text(()"', '"p:text(()" has a :text( without its closing parenthesis'),
        (
            '[[sanitiser.player]]\nmatch = "a.example/{film}"\npage = "https://a.example/{id}"',
            ('"a.example/{film}" must be an address such as "https://player.example.org/embed/{id}", with {id} once'),
        ),
        ("[sanitiser.images]\nplaceholder = {}", "must be a list of tables; write [[sanitiser.images.placeholder]]"),
        (
            '[sanitiser.stocks]\ntarget = "sinna"',
            (
                '"sinna" must be one of "keep", "sina", "eastmoney", "xueqiu", "tencent", "yahoo", "google", '
                '"tradingview", or a template such as "https://q.example.org/{mic}/{code}"; did you mean "sina"?'
            ),
        ),
        (
            '[sanitiser.stocks]\ntarget = "/q/{code}"',
            '"/q/{code}" must be an absolute address such as "https://example.org/"',
        ),
        (
            '[sanitiser.stocks]\ntarget = "https://q.example/{cod}"',
            '"https://q.example/{cod}" has an unknown placeholder {cod}; did you mean "code"?',
        ),
        (
            '[sanitiser.stocks]\ntarget = "https://q.example/{0}"',
            (
                '"https://q.example/{0}" has an unknown placeholder {0}; known are mic, code, symbol, sina, eastmoney, '
                "xueqiu, tencent, yahoo, google, tradingview"
            ),
        ),
        (
            '[sanitiser.stocks]\ntarget = "https://q.example/{mic}"',
            (
                '"https://q.example/{mic}" would give many symbols one address; use one of {code}, {symbol}, {sina}, '
                "{eastmoney}, {xueqiu}, {tencent}, {yahoo}, {google}, {tradingview}"
            ),
        ),
        (
            '[sanitiser.stocks]\ntarget = "https://q.example/{"',
            '"https://q.example/{" has a "{" or "}" without its partner',
        ),
        ("[sanitiser.stocks]\ntarget = 3", "must be a text in quotes; got 3"),
        ('[publish]\nto = "ftp://x/y"', '"ftp://x/y" must begin with one of s3://, gs://, az://, file://'),
        ('[publish]\nto = "s3://"', '"s3://" names no bucket'),
        ('[publish]\nto = "file:///"', '"file:///" names no folder'),
        ("[publish]\nmax_deletes = -0.1", "-0.1 must be 0 or more"),
        (
            '[category.a]\nslug = "A B"',
            '"A B" must be small letters, digits and hyphens; its parent category\'s folder comes before it',
        ),
        (
            '[category."a/b"]\nslug = "a/b"',
            '"a/b" must be small letters, digits and hyphens; its parent category\'s folder comes before it',
        ),
        ('[category.a]\ntitle = ""', 'must not be empty; got ""'),
        ('[category]\na = "' + "x" * 99 + '"', f'must be a table; got "{"x" * 76}...'),
    ],
)
def test_what_any_other_value_must_be(folder: Path, text: str, problem: str) -> None:
    [found] = problems(folder, f"{LEAST}{text}\n")
    line, _, said = found.partition(": ")
    assert (line, said.partition(": ")[2]) == ("6", problem)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[[feeds]]\nlimit = 3\n", "5: feeds: must be one table; write [feeds]"),
        ('[publish]\nwebsub = ["https://hub.example/", "hub"]\n', "6: publish.websub[2]: "),
        ('[feeds]\nformats = ["rss",\n"atm"]\n', '7: feeds.formats[2]: must be one of "rss", "atom", "json"'),
        ('[[sanitiser.images.unwrap]]\nmatch = "https://x.example/"\n', "6: sanitiser.images.unwrap[1].match: "),
        ("[[sanitiser.images.unwrap]]\n", "5: sanitiser.images.unwrap[1].match: is missing; "),
        ('[category."a//b"]\n', '5: category."a//b": "a//b" must be a category\'s path'),
        ('[category."金融/快讯"]\nlimit = 0\n', '6: category."金融/快讯".limit: must be 1 or more; got 0'),
    ],
)
def test_a_problem_names_the_key_and_its_line(folder: Path, text: str, problem: str) -> None:
    [found] = problems(folder, LEAST + text)
    assert found.startswith(problem)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[feeds]\nlimt = 3", '6: feeds.limt: unknown key; did you mean "limit"?'),
        ("[publish]\nlimit = 3", "6: publish.limit: unknown key; it belongs to feeds.limit"),
        ("[publish]\nmatch = 'x'", "6: publish.match: unknown key; it belongs to publish.headers.match"),
        ("[sanitiser.stocks]\ntitel = 'x'", "6: sanitiser.stocks.titel: unknown key; did you mean site.title?"),
        ("[publish]\nslug = 'x'", "6: publish.slug: unknown key; it belongs to category.*.slug"),
        ("[category.a]\nslugg = 'x'", '6: category.a.slugg: unknown key; did you mean "slug"?'),
        ("[sanitizer]", '5: sanitizer: unknown key; did you mean "sanitiser"?'),
        ("[publish]\nformat = 3", "6: publish.format: unknown key; did you mean feeds.formats?"),
        ("[zzzzzz]", "5: zzzzzz: unknown key"),
        ('[feeds]\n"a.b" = 3', '6: feeds."a.b": unknown key'),
    ],
)
def test_an_unknown_key_names_the_nearest_known(folder: Path, text: str, problem: str) -> None:
    assert problems(folder, f"{LEAST}{text}\n") == [problem]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["1: site: is missing; ", "1: source: is missing; "]),
        ('[site]\ntitle = "x"\n', ["1: site.url: is missing; ", "1: source: is missing; "]),
        ('[site]\nurl = "https://a.example/"\n', ["1: source: is missing; "]),
        ('source = []\n[site]\nurl = "https://a.example/"\n', ["1: source: [] must not be empty"]),
        (
            '[site]\nurl = "https://a.example/"\n[source]\npath = "articles"\n',
            ["3: source: must be a list of tables; write [[source]]"],
        ),
        (LEAST + "[[source]]\n", ["5: source[2].path: is missing; name a folder of articles"]),
    ],
)
def test_what_is_missing_is_named_with_the_line_of_its_table(folder: Path, text: str, expected: list[str]) -> None:
    found = problems(folder, text)
    assert len(found) == len(expected)
    assert all(problem.startswith(start) for problem, start in zip(found, expected, strict=True))


# --- what must hold between values


def test_a_source_that_is_no_folder_is_named_as_written(folder: Path) -> None:
    (folder / "file").touch()
    text = LEAST + '[[source]]\npath = "../gone"\n[[source]]\npath = "file"\n[[source]]\npath = "' + "x" * 300
    assert problems(folder, f'{text}"\n') == [
        '6: source[2].path: "../gone" does not exist',
        '8: source[3].path: "file" is no folder',
        f'10: source[4].path: "{"x" * 76}... does not exist',
    ]


@pytest.mark.parametrize("again", ["articles", "./articles/", "../site/articles", "link"])
def test_two_sources_cannot_be_one_folder(folder: Path, again: str) -> None:
    (folder / "link").symlink_to(folder / "articles")
    text = f'{LEAST}[[source]]\npath = "{again}"\n'
    assert problems(folder, text) == ["6: source[2].path: has the same folder as source[1].path"]


@pytest.mark.parametrize(
    ("out", "fine"),
    [("articles", False), ("articles/dist", False), ("articles/../dist", True), ("articles-dist", True), (".", True)],
)
def test_the_output_folder_lies_in_no_source(folder: Path, out: str, fine: bool) -> None:
    found = problems(folder, LEAST.replace("[[", f'out = "{out}"\n[['))
    assert (not found) == fine
    assert all(problem.startswith("3: site.out: lies inside a folder of articles") for problem in found)


def test_the_usual_output_folder_counts_as_well(folder: Path) -> None:
    [problem] = problems(folder, LEAST.replace("articles", "."))
    assert problem.startswith("1: site.out: lies inside a folder of articles")


#: Patterns, and whether nothing below `a/b` in the source is read with them.
WHOLE_FOLDERS = [
    ('"a/b/**"', True),
    ('"a/**"', True),
    ('"x/**", "a/b/**/*"', True),
    ('"**/b/**"', True),
    ('"**/a/**"', True),
    ('"a/b/*"', False),
    ('"a/b"', False),
    ('"b/**"', False),
    ('"a/b/c/**"', False),
    ('"**/*.html"', False),
    ('"./a/b/**"', False),
    ("", False),
]


@pytest.mark.parametrize(("patterns", "fine"), WHOLE_FOLDERS)
def test_the_output_folder_may_lie_in_a_source_that_excludes_all_of_it(folder: Path, patterns: str, fine: bool) -> None:
    text = LEAST.replace("[[", 'out = "articles/a/b"\n[[') + f"exclude = [{patterns}]\n"
    expected = (
        "3: site.out: lies inside a folder of articles, so feedpub would read its own pages; "
        'choose one outside, or put "a/b/**" into source[1].exclude'
    )
    assert problems(folder, text) == ([] if fine else [expected])


@pytest.mark.parametrize(("patterns", "fine"), WHOLE_FOLDERS)
def test_what_the_check_takes_for_excluded_is_never_read(folder: Path, patterns: str, fine: bool) -> None:
    nested = folder / "articles" / "a" / "b"
    (nested / "c").mkdir(parents=True)
    for place in (nested, nested / "c"):
        (place / "index.html").touch()
    source = load(folder, f"{LEAST}exclude = [{patterns}]\n").source[0]
    found = list(scan(source.path, include=source.include, exclude=source.exclude))
    assert not (fine and found)


def test_no_pattern_makes_a_source_its_own_output_folder(folder: Path) -> None:
    text = LEAST.replace("[[", 'out = "articles"\n[[') + 'exclude = ["**", "./**", "articles/**"]\n'
    [problem] = problems(folder, text)
    assert problem.endswith("choose one outside")


def test_a_name_that_can_be_written_in_two_ways_is_excluded_by_both(folder: Path) -> None:
    text = LEAST.replace("[[", 'out = "articles/e\u0301"\n[[')
    assert problems(folder, f'{text}exclude = ["\u00e9/**"]\n') == []
    assert problems(folder, f'{text}exclude = ["e\u0301/**"]\n') == []


def test_a_hidden_output_folder_is_not_read_anyway(folder: Path) -> None:
    assert problems(folder, LEAST.replace("[[", 'out = "articles/.feeds/wire"\n[[')) == []


@pytest.mark.parametrize("nested", ["articles/a/b", "link"])
@pytest.mark.parametrize(("patterns", "fine"), WHOLE_FOLDERS)
def test_a_source_may_lie_in_another_that_excludes_all_of_it(
    folder: Path, nested: str, patterns: str, fine: bool
) -> None:
    (folder / "articles" / "a" / "b").mkdir(parents=True)
    (folder / "link").symlink_to(folder / "articles" / "a" / "b")
    text = f'{LEAST}exclude = [{patterns}]\n[[source]]\npath = "{nested}"\n'
    expected = (
        "7: source[2].path: lies inside source[1].path, so its articles would be read twice; "
        'drop it, or put "a/b/**" into source[1].exclude'
    )
    assert problems(folder, text) == ([] if fine else [expected])


def test_the_inner_of_two_sources_is_named_whichever_comes_first(folder: Path) -> None:
    text = LEAST.replace("[[", 'out = "../dist"\n[[') + '[[source]]\npath = "."\n'
    [problem] = problems(folder, text)
    assert problem.startswith("5: source[1].path: lies inside source[2].path")


def test_a_hidden_source_in_another_is_read_only_once(folder: Path) -> None:
    (folder / "articles" / ".drafts").mkdir()
    assert problems(folder, f'{LEAST}[[source]]\npath = "articles/.drafts"\n') == []


@pytest.mark.parametrize(
    ("categories", "one", "other", "fine"),
    [
        ("tree", "a", "b", False),
        ("tree", "a/x", "a/y", False),
        ("tree", "a/x", "b/x", True),
        ("tree", "a", "b/c", True),
        ("tree", "a/b", "a/b/c", True),
        ("flat", "a/x", "b", False),
    ],
)
def test_two_categories_share_a_slug_only_below_different_parents(
    folder: Path, categories: str, one: str, other: str, fine: bool
) -> None:
    slugs = f'[category."{one}"]\nslug = "x"\n[category."{other}"]\nslug = "x"\n'
    found = problems(folder, f'{LEAST}[feeds]\ncategories = "{categories}"\n{slugs}')
    assert [problem.partition(" has ")[2].partition(" as ")[0] for problem in found] == ["the same slug"] * (not fine)


def test_all_problems_are_listed_at_once_in_the_order_of_the_file(folder: Path) -> None:
    text = """\
[site]
titel = "x"
language = "zh_CN"
out = "articles/dist"
[[source]]
path = "articles"
[[source]]
path = "articles"
use = "feed"
[feeds]
limit = 0
[category.a]
slug = "x"
[category.b]
slug = "x"
"""
    where = [problem.split(": ")[1] for problem in problems(folder, text)]
    assert where == [
        "site.url",
        "site.titel",
        "site.language",
        "site.out",
        "source[2].path",
        "source[2].use",
        "feeds.limit",
        "category.b.slug",
    ]


#: Values of every type that TOML has.
toml_values = st.recursive(
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats()
    | st.dates()
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)

KEYS = ["site", "source", "feeds", "category", "sanitiser", "publish", "path", "url", "title", "slug", "out", "limit"]


def inline(value: object) -> str:
    """Write a value as TOML, all on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{quote(key)} = {inline(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(inline, value)) + "]"
    if isinstance(value, float):
        return str(value) if "e" not in str(value) and "." not in str(value) else repr(value)
    if isinstance(value, date):
        return value.isoformat()
    return quote(value) if isinstance(value, str) else json.dumps(value)


def quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


@given(
    st.dictionaries(
        st.sampled_from(KEYS),
        toml_values
        | st.dictionaries(st.sampled_from(KEYS), toml_values, max_size=3)
        | st.lists(st.dictionaries(st.sampled_from(KEYS), toml_values, max_size=2), max_size=2),
        max_size=4,
    )
)
def test_whatever_the_values_are_the_problems_are_said(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, object]
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.toml"
    file.write_text("".join(f"{key} = {inline(value)}\n" for key, value in values.items()), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(file)
    assert all(problem.startswith(f"{file}:") for problem in caught.value.problems)
    assert all("\n" not in problem for problem in caught.value.problems)


# --- lines


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = 1\n\nb = 2", {("a",): 1, ("b",): 3}),
        ("# a = 1\nb = '#' # c = 2\nd = 3", {("b",): 2, ("d",): 3}),
        ("[a.b]\nc = 1", {("a",): 1, ("a", "b"): 1, ("a", "b", "c"): 2}),
        ("[ a . 'b.c' ]\nd = 1", {("a",): 1, ("a", "b.c"): 1, ("a", "b.c", "d"): 2}),
        ('a."b c".d = 1', {("a",): 1, ("a", "b c"): 1, ("a", "b c", "d"): 1}),
        ('"\\u0041" = 1\n"" = 2', {("A",): 1, ("",): 2}),
        ("[[a]]\nb = 1\n[[a]]\nb = 2", {("a",): 1, ("a", 0): 1, ("a", 0, "b"): 2, ("a", 1): 3, ("a", 1, "b"): 4}),
        (
            "[[a]]\n[a.b]\nc = 1\n[[a]]\n[[a.d]]",
            {
                ("a",): 1,
                ("a", 0): 1,
                ("a", 0, "b"): 2,
                ("a", 0, "b", "c"): 3,
                ("a", 1): 4,
                ("a", 1, "d"): 5,
                ("a", 1, "d", 0): 5,
            },
        ),
        ("a = [\n 1, # ]\n 'x',\n]\nb = 2", {("a",): 1, ("a", 0): 2, ("a", 1): 3, ("b",): 5}),
        ("a = [[1.5],\n[07:32:00]]", {("a",): 1, ("a", 0): 1, ("a", 0, 0): 1, ("a", 1): 2, ("a", 1, 0): 2}),
        (
            "a = { b = 1, c = { d = [ { e = 1 } ] }, f.g = 2 }\nh = {}",
            {
                ("a",): 1,
                ("a", "b"): 1,
                ("a", "c"): 1,
                ("a", "c", "d"): 1,
                ("a", "c", "d", 0): 1,
                ("a", "c", "d", 0, "e"): 1,
                ("a", "f"): 1,
                ("a", "f", "g"): 1,
                ("h",): 2,
            },
        ),
        ('a = """\n[b]\nc = 1\n""""\nd = 1', {("a",): 1, ("d",): 5}),
        ("a = '''\n[b] \\'''\nd = 1", {("a",): 1, ("d",): 3}),
        ('a = "\\"\\\\" # "\nb = "="', {("a",): 1, ("b",): 2}),
        ("a = 1979-05-27T07:32:00Z\r\nb = -inf\r\n", {("a",): 1, ("b",): 2}),
    ],
)
def test_every_key_is_found_on_its_line(text: str, expected: dict[KeyPath, int]) -> None:
    tomllib.loads(text)
    assert locate_keys(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "[",
        "[[",
        "[[]]",
        "[]\n= 1",
        "a",
        "a = ",
        "a = {",
        "a = }]\n]",
        'a = "',
        'a = """',
        "a = '''x",
        '"\\q" = 1',
        "= , . ]",
        "a = 1, b",
        "a = " + "[" * 100_000,
        "a = " + "{a=" * 10_000,
        '"""' * 1001,
    ],
)
def test_a_text_that_is_no_toml_stops_nothing(text: str) -> None:
    assert all(line >= 1 for line in locate_keys(text).values())


@given(st.text(st.sampled_from("ab[]{}=,.#\"'\\\n\r\t 1é")) | st.text())
def test_no_text_at_all_stops_the_search_for_lines(text: str) -> None:
    lines = locate_keys(text)
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), toml_values, max_size=5))
def test_every_value_that_the_parser_sees_has_a_line(values: dict[str, object]) -> None:
    text = "".join(f"{quote(key)} = {inline(value)}\n" for key, value in values.items())
    lines = locate_keys(text)
    assert set(lines) == set(paths(tomllib.loads(text)))
    for number, key in enumerate(values, start=1):
        assert lines[(key,)] == number


def paths(value: object, start: KeyPath = ()) -> list[KeyPath]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [(*start, key) for key, _ in items]
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return found + [path for key, each in inner for path in paths(each, (*start, key))]


@pytest.mark.parametrize(("path", "line"), [(("a", "b"), 3), (("a", "x", 0), 2), (("x",), 1), ((), 1)])
def test_what_has_no_line_is_on_the_line_of_its_table(path: KeyPath, line: int) -> None:
    assert line_of(locate_keys("\n[a]\nb = 1"), path) == line

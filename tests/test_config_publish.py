"""The options of `[publish]`, and a ledger in a bucket."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from feedpub.bucket.headers import Rule
from feedpub.bucket.plan import Limit
from feedpub.config import Config, Publish, load_config
from feedpub.errors import ConfigError

LEAST = '[site]\nurl = "https://feeds.example.org/"\n{site}\n[[source]]\npath = "articles"\n[publish]\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "articles").mkdir()
    return tmp_path


def load(folder: Path, text: str = "", *, site: str = "", **options: Any) -> Config:
    file = folder / "feedpub.toml"
    file.write_text(LEAST.format(site=site) + text, encoding="utf-8")
    return load_config(file, **options)


def publish_of(folder: Path, text: str) -> Publish:
    options = load(folder, text).publish
    assert options
    return options


def test_nothing_has_to_be_said(folder: Path) -> None:
    options = publish_of(folder, "")
    assert (options.to, options.delete, options.generations, options.gzip) == (None, False, 1, False)
    assert (options.concurrency, options.timeout, options.retries) == (16, 15.0, 6)
    assert (options.rules, options.limit, options.state) == ((), Limit(0.2, None), None)


@pytest.mark.parametrize(
    ("text", "limit"),
    [("0.5", Limit(0.5, None)), ("7", Limit(None, 7)), ("[7, 0.5]", Limit(0.5, 7)), ("[0.5]", Limit(0.5, None))],
)
def test_deletes_are_limited_by_a_share_or_a_number(folder: Path, text: str, limit: Limit) -> None:
    assert publish_of(folder, f"max_deletes = {text}").limit == limit


def test_headers_become_rules(folder: Path) -> None:
    text = '[[publish.headers]]\nmatch = "*/atom.xml"\ncache_control = "no-cache"\n'
    text += '[[publish.headers]]\nmatch = "*"\ncontent_type = ""\ngzip = true'
    assert publish_of(folder, text).rules == (Rule("*/atom.xml", "no-cache"), Rule("*", None, "", True))


def test_the_command_line_says_where_to(folder: Path) -> None:
    options = load(folder, "to = 3", to="az://container/x").publish
    assert options
    assert options.to == "az://container/x"
    with pytest.raises(ConfigError, match=r'^--to: "x://y" must begin with one of'):
        load(folder, to="x://y")


def test_a_ledger_in_a_bucket_is_a_word(folder: Path) -> None:
    config = load(folder, site='ledger = "bucket"')
    assert config.site.keeps_ledger_in_bucket
    assert not load(folder, site='ledger = "./bucket"').site.keeps_ledger_in_bucket
    assert not load(folder, site='ledger = "bucket"', ledger=Path("bucket")).site.keeps_ledger_in_bucket
    copy = config.with_ledger(folder / "copy.sqlite3")
    assert (copy.site.ledger, copy.site.keeps_ledger_in_bucket) == (folder / "copy.sqlite3", False)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('to = "s3://key:secret@bucket/x"', 'publish.to: "s3://…@bucket/x" must not hold a name or a password'),
        ('to = "s3://bucket/x?secret"', 'publish.to: "s3://…" must not hold a query'),
        ('state = "bucket"', 'publish.state: "bucket" must begin with one of'),
        ("max_deletes = true", "publish.max_deletes: true must be a share such as 0.2, a number such as 50, or both"),
        ('max_deletes = "1"', 'publish.max_deletes: "1" must be a share such as 0.2'),
        ("max_deletes = []", "publish.max_deletes: [] must be a share such as 0.2"),
        ("max_deletes = [1, 2]", "publish.max_deletes: [1, 2] must be a share such as 0.2"),
        ("max_deletes = nan", "publish.max_deletes: NaN must be a share between 0.0 and 1.0"),
        ("max_deletes = 1.5", "publish.max_deletes: 1.5 must be a share between 0.0 and 1.0"),
        ("max_deletes = -1", "publish.max_deletes: -1 must be 0 or more"),
        ("generations = -1", "publish.generations: must be 0 or more; got -1"),
        ("concurrency = 0", "publish.concurrency: must be 1 or more; got 0"),
        ("concurrency = 257", "publish.concurrency: must be 256 or less; got 257"),
        ("timeout = 0.0", "publish.timeout: must be more than 0; got 0.0"),
        ("timeout = 30.0", "publish.timeout: must be 19 or less; got 30.0"),
        ('webhook = "hook"', 'publish.webhook: "hook" must be an absolute address'),
        ('health = "hook"', 'publish.health: "hook" must be an absolute address'),
        (
            "[[publish.headers]]\ngzip = true",
            'publish.headers[1].match: is missing; write a pattern such as "*/atom.xml"',
        ),
        (
            '[[publish.headers]]\nmatch = "*"\ncache_control = "a\\nb"',
            'publish.headers[1].cache_control: "a\\nb" must hold only ASCII',
        ),
        ("gzipp = true", 'publish.gzipp: unknown key; did you mean "gzip"?'),
    ],
)
def test_what_is_wrong_is_said(folder: Path, text: str, problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(folder, text)
    (line,) = caught.value.problems
    assert problem in line

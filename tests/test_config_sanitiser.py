"""`[sanitiser]`: what an operator says, in the terms of the sanitiser."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from feedpub.config import load_config
from feedpub.errors import ConfigError
from feedpub.job import rules_of
from feedpub.sanitiser import DEFAULT, Rules, image_url
from feedpub.sanitiser.players import Player
from feedpub.sanitiser.rules import Boilerplate
from tests.sites import SiteFolder

PICTURE = "https://a.example/x.jpg"
KEYS = {"FEEDPUB_IMAGE_KEY": "6b6579", "FEEDPUB_IMAGE_SALT": "73616c74"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "articles").mkdir()
    return tmp_path


def rules(folder: Path, text: str, environ: dict[str, str] | None = None) -> Rules:
    file = folder / "feedpub.toml"
    head = '[site]\nurl = "https://feeds.example.org/"\n[[source]]\npath = "articles"\n'
    file.write_text(f"{head}{text}", encoding="utf-8")
    return rules_of(load_config(file, environ=environ or {}))


def images(folder: Path, text: str, environ: dict[str, str] | None = None) -> str | None:
    return image_url(PICTURE, rules=rules(folder, f"[sanitiser.images]\n{text}", environ))


def test_without_a_word_pictures_and_links_stay_as_they_are(folder: Path) -> None:
    told = rules(folder, "")
    assert (told.proxies, told.players, told.boilerplate, told.stock_target) == ((), (), (), DEFAULT.stock_target)
    assert images(folder, 'template = "wsrv"') == PICTURE


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ('mode = "proxy"\ntemplate = "wsrv"', "https://wsrv.nl/?url=https%3A%2F%2Fa.example%2Fx.jpg"),
        ('mode = "proxy"\ntemplate = "https://p.example/{url}"', f"https://p.example/{PICTURE}"),
        # printf %s https://a.example/x.jpg | openssl dgst -sha1 -hmac 6b6579
        ('mode = "proxy"\ntemplate = "camo"\nserver = "https://c.example/"', "https://c.example/{}/{}"),
        ('[[sanitiser.images.host]]\nmatch = "a.*"\nmode = "proxy"\ntemplate = "https://h.example/{url}"',
         f"https://h.example/{PICTURE}"),
        ('mode = "proxy"\ntemplate = "wsrv"\n[[sanitiser.images.host]]\nmatch = ["b.example", "A.example"]', PICTURE),
    ],
)  # fmt: skip
def test_pictures_are_shown_as_the_operator_says(folder: Path, text: str, address: str) -> None:
    import hashlib
    import hmac

    digest = hmac.new(b"6b6579", PICTURE.encode(), hashlib.sha1).hexdigest()
    assert images(folder, text, KEYS) == address.format(digest, PICTURE.encode().hex())


def test_a_configuration_that_says_nothing_gives_the_rules_of_no_configuration(folder: Path) -> None:
    assert rules(folder, "") == DEFAULT


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("page", "https://example.org/{id}?u={url}", "has an unknown placeholder {url}"),
        ("page", "https://example.org/", "would give many films one address; use one of {id}"),
        ("page", "https://example.org/{{id}}", "must hold no doubled braces"),
        ("picture", "nonsense", "must be an absolute address"),
        ("picture", "https://example.org/{path}.jpg", "has an unknown placeholder {path}"),
    ],
)
def test_what_stands_for_a_player_can_be_filled(folder: Path, key: str, value: str, problem: str) -> None:
    player = {"match": "https://Player.example.org/e/{id}", "page": "https://example.org/{id}", key: value}
    lines = "\n".join(f'{name} = "{text}"' for name, text in player.items())
    with pytest.raises(ConfigError) as caught:
        rules(folder, f"[[sanitiser.player]]\n{lines}")
    assert f'"{value}" {problem}' in caught.value.problems[0]


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("[[sanitiser.rule]]", "remove"),
        ('[[sanitiser.player]]\nmatch = "p.example/{id}"', "page"),
        ('[[sanitiser.player]]\npage = "https://p.example/{id}"', "match"),
        ("[[sanitiser.images.host]]", "match"),
    ],
)
def test_what_is_missing_is_said(folder: Path, table: str, key: str) -> None:
    with pytest.raises(ConfigError) as caught:
        rules(folder, table)
    assert f"{key}: is missing; " in caught.value.problems[0]


def test_relative_addresses_start_at_the_article_or_else_at_its_source(tmp_path: Path) -> None:
    site = SiteFolder(tmp_path)
    sources = '[[source]]\npath = "more"\n[[source]]\npath = "other"\nurl = "https://other.example/x/"'
    site.configure(f'url = "https://first.example/"\n{sources}')
    for name in ("more", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "b.md").write_text(f"---\ntitle: {name}\n---\n<p>{name}<img src=a.jpg></p>", "utf-8")
    site.write("a.md", body="<p>first<img src=a.jpg></p>")
    site.write("own.md", body="<p>own<img src=a.jpg></p>", link="https://own.example/1.html")
    site.build()
    shown = {title: item.get("image") for title, item in site.items().items()}
    assert shown == {
        "a.md": "https://first.example/a.jpg",
        "own.md": "https://own.example/a.jpg",
        "more": None,
        "other": "https://other.example/x/a.jpg",
    }


def test_imgproxy_reads_its_secrets_in_hexadecimal(folder: Path) -> None:
    told = rules(
        folder,
        '[sanitiser.images]\nmode = "proxy"\ntemplate = "imgproxy"\nserver = "https://i.example"',
        KEYS,
    )
    assert (told.proxies[-1].key, told.proxies[-1].salt) == (b"key", b"salt")


@pytest.mark.parametrize(
    ("text", "environ", "problem"),
    [
        ('mode = "proxy"', {}, 'needs a template beside mode = "proxy"; "wsrv" is one that runs for everybody'),
        ('mode = "proxy"\ntemplate = "camo"', KEYS,
         'needs the server on which camo runs, such as "https://img.example.org"'),
        ('mode = "proxy"\ntemplate = "camo"\nserver = "https://c.example"', {},
         "needs a secret: set FEEDPUB_IMAGE_KEY in the environment"),
        ('mode = "proxy"\ntemplate = "https://p.example/{hmac_sha256}/{url}"', {},
         "needs a secret: set FEEDPUB_IMAGE_KEY in the environment"),
        ('mode = "proxy"\ntemplate = "imgproxy"\nserver = "https://i.example"', {"FEEDPUB_IMAGE_KEY": "6b"},
         "needs a secret: set FEEDPUB_IMAGE_SALT in the environment"),
        ('mode = "proxy"\ntemplate = "imgproxy"\nserver = "https://i.example"', {"FEEDPUB_IMAGE_KEY": "s3cret"},
         "needs FEEDPUB_IMAGE_KEY in hexadecimal, as imgproxy does"),
    ],
)  # fmt: skip
def test_a_proxy_that_cannot_work_is_refused(folder: Path, text: str, environ: dict[str, str], problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        images(folder, text, environ)
    assert caught.value.problems == (f"{folder / 'feedpub.toml'}:5: sanitiser.images: {problem}",)
    assert "s3cret" not in str(caught.value)


def test_rules_players_hosts_and_targets_are_told_in_the_sanitisers_terms(folder: Path) -> None:
    told = rules(
        folder,
        """
        [sanitiser.images]
        https = "*.example.net"
        [[sanitiser.images.unwrap]]
        match = "https://cors.example.dev/?{url}"
        [sanitiser.stocks]
        target = "xueqiu"
        [[sanitiser.rule]]
        match = "*.sina.com.cn"
        remove = [".appendQr_wrap", "p:text(广告)"]
        [[sanitiser.rule]]
        remove = ".ad"
        [[sanitiser.player]]
        match = "https://Player.example.org/e/{id}"
        page = "https://example.org/{id}"
        """,
    )
    assert told.secure == ("*.example.net",)
    assert told.unwrap == ("https://cors.example.dev/?{url}",)
    assert told.stock_target == "xueqiu"
    assert told.boilerplate == (
        Boilerplate(match=("*.sina.com.cn",), remove=(".appendQr_wrap", "p:text(广告)")),
        Boilerplate(match=("*",), remove=(".ad",)),
    )
    assert told.players == (Player("player.example.org/e/{id}", "https://example.org/{id}"),)


def test_a_build_does_to_bodies_thumbnails_and_enclosures_what_the_operator_says(tmp_path: Path) -> None:
    site = SiteFolder(tmp_path)
    site.configure(
        '[sanitiser.images]\nmode = "proxy"\ntemplate = "https://p.example/{hmac_sha256}?{url}"\n'
        '[[sanitiser.rule]]\nremove = [".ad"]\n'
        '[sanitiser.stocks]\ntarget = "https://q.example.org/{mic}/{code}"\n'
    )
    site.write_raw(
        "a.md",
        "---\ntitle: T\nimage: https://a.example/t.jpg\nenclosure: https://a.example/e.png\n---\n"
        "<p><img src=https://a.example/b.jpg><a href=https://xueqiu.com/S/SH688981>甲</a></p><p class=ad>x</p>",
    )
    done = subprocess.run(
        [sys.executable, "-m", "feedpub", "build", "-q", "-c", str(site.config)],
        env={"FEEDPUB_IMAGE_KEY": "key", "PATH": ""},
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    [item] = json.loads((site.out / "feed.json").read_text("utf-8"))["items"]
    assert "?https://a.example/t.jpg" in item["image"]
    assert "?https://a.example/e.png" in item["attachments"][0]["url"]
    assert "?https://a.example/b.jpg" in item["content_html"]
    assert "https://q.example.org/XSHG/688981" in item["content_html"]
    assert "x</p>" not in item["content_html"]

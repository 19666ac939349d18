"""Addresses: what a browser would fetch, spelt as a URI."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedpub.urls import (
    absolute,
    cut_parameters,
    encode_as_browsers,
    host_of,
    percent_decode,
    percent_encode,
    scheme_of,
)

BASE = "https://site.example/news/2024/1.html?page=2#top"
URI = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]*(?:%[0-9A-Fa-f]{2}[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]*)*")


@pytest.mark.parametrize(
    ("iri", "uri"),
    [
        ("https://a.example/图片/x y.jpg", "https://a.example/%E5%9B%BE%E7%89%87/x%20y.jpg"),
        ("https://a.example/%E5%9B%BE", "https://a.example/%E5%9B%BE"),
        ("https://a.example/?q=100%", "https://a.example/?q=100%25"),
        ("https://a.example/%zz", "https://a.example/%25zz"),
        ("https://a.example/{a}|b^", "https://a.example/%7Ba%7D%7Cb%5E"),
        (" https://a.example/ ", "https://a.example/"),
        ("urn:书", "urn:%E4%B9%A6"),
        ("https://a.example/\ud800", "https://a.example/"),
    ],
)
def test_an_iri_becomes_a_uri(iri: str, uri: str) -> None:
    assert percent_encode(iri) == uri


@given(st.text(st.characters(exclude_categories=())))
def test_encoding_gives_a_uri_and_encodes_nothing_twice(text: str) -> None:
    encoded = percent_encode(text)
    assert URI.fullmatch(encoded)
    assert percent_encode(encoded) == encoded


def test_decoding_takes_one_layer_off_and_keeps_bytes_that_are_no_utf_8() -> None:
    assert percent_decode("https%3A%2F%2Fa.example%2F%C4%E3%252F") == "https://a.example/%C4%E3%2F"


@pytest.mark.parametrize(
    ("written", "fetched"),
    [
        ("https://a.example/x", "https://a.example/x"),
        ("HTTPS://A.Example/Case", "https://a.example/Case"),
        ("  \x00https://a.example/\x1f ", "https://a.example/"),
        ("ht\ntps://a.exa\tmple/a\r\nb", "https://a.example/ab"),
        (r"https:\\a.example\b\c?d=\e", "https://a.example/b/c?d=%5Ce"),
        ("https:a.example/x", "https://a.example/x"),
        ("https:////a.example/x", "https://a.example/x"),
        ("//cdn.example/x.js", "https://cdn.example/x.js"),
        (r"\\cdn.example\x", "https://cdn.example/x"),
        ("/x", "https://site.example/x"),
        ("x", "https://site.example/news/2024/x"),
        ("../x", "https://site.example/news/x"),
        ("?q=1", "https://site.example/news/2024/1.html?q=1"),
        ("#part", "https://site.example/news/2024/1.html?page=2#part"),
        ("https://例え.example/ü", "https://xn--r8jz45g.example/%C3%BC"),
        ("https://ex%61mple.example/", "https://example.example/"),
        ("https://me:pass@a.example:8080/", "https://me:pass@a.example:8080/"),
        ("https://a.example:/x", "https://a.example/x"),
        ("https://[::1]:80/x", "https://[::1]:80/x"),
        ("https://127.0.0.1/x", "https://127.0.0.1/x"),
        ("https://a.example", "https://a.example"),
        ("https://a.example/?b=2&a=%2Fx%20y&c", "https://a.example/?b=2&a=%2Fx%20y&c"),
    ],
)
def test_an_address_becomes_what_a_browser_would_fetch(written: str, fetched: str) -> None:
    assert absolute(written, base=BASE) == fetched


@pytest.mark.parametrize(
    "written",
    [
        "",
        "  ",
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "https://",
        "https:///",
        "https://a b.example/",
        "https://a<b.example/",
        "https://[::zz]/",
        "//[",
        "https://1.2.3.999/",
        "https://a.example:99999/",
        "https://a.example:port/",
        "https://xn--a/",
        "https://./",
        "https://%ff.example/",
    ],
)
def test_what_no_browser_fetches_over_http_has_no_address(written: str) -> None:
    assert absolute(written, base=BASE) is None


@pytest.mark.parametrize("written", ["//a.example/x.png", "\\\\a.example/x.png"])
def test_where_only_the_scheme_is_missing_it_is_https(written: str) -> None:
    assert absolute(written) == "https://a.example/x.png"


@pytest.mark.parametrize("base", [None, "", "page.html", "ftp://a.example/"])
def test_a_relative_address_without_a_base_on_the_web_is_none(base: str | None) -> None:
    assert absolute("x.html", base=base) is None


@given(
    st.sampled_from(["http://", "https://", "https://a.example", "https://a.example/", "https://a.example?"]),
    st.lists(
        st.sampled_from([*"/?#[]@:%\\|é .-_~A1", "xn--", "0x1", "1.2.3.4", ":80", "com", "..", "&b=1", "\n", "\x7f"])
    ),
)
def test_an_address_that_needs_nothing_is_what_the_long_way_makes_of_it(start: str, parts: list[str]) -> None:
    address = start + "".join(parts)
    # The blank goes, and the short way is for addresses without one.
    assert absolute(address) == absolute(f" {address}")
    assert absolute(address, encode=encode_as_browsers) == absolute(f" {address}", encode=encode_as_browsers)


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_gives_a_uri_on_the_web_or_none_and_the_same_again(text: str) -> None:
    for written in (text, f"https://{text}", f"//a.example/{text}"):
        address = absolute(written, base=BASE)
        if address is not None:
            assert URI.fullmatch(address)
            assert scheme_of(address) in ("http", "https")
            assert host_of(address)
            assert absolute(address) == address


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://a.example/?x=1&y=2", "https://a.example/?y=2"),
        ("https://a.example/?y=2&x=1#f", "https://a.example/?y=2#f"),
        ("https://a.example/?x", "https://a.example/"),
        ("https://a.example/?y=%2F+%20&&x=1&z", "https://a.example/?y=%2F+%20&&z"),
        ("https://a.example/#?x=1", "https://a.example/#?x=1"),
        ("https://a.example/?xx=1", "https://a.example/?xx=1"),
        ("https://a.example/?", "https://a.example/?"),
    ],
)
def test_a_parameter_is_cut_and_the_others_stay_byte_for_byte(url: str, kept: str) -> None:
    assert cut_parameters(url, re.compile("x")) == kept


def test_a_host_has_neither_user_nor_port() -> None:
    assert host_of("https://me@a.example:80/x") == "a.example"
    assert host_of("https://a.example?x") == "a.example"


@pytest.mark.parametrize(
    ("relative", "address"),
    [
        ("x;", "https://site.example/news/2024/x;"),
        ("..//x", "https://site.example/news//x"),
        ("..", "https://site.example/news/"),
        (".", "https://site.example/news/2024/"),
        ("a/./b/../c", "https://site.example/news/2024/a/c"),
        ("%2e%2E/x", "https://site.example/news/x"),
        ("/../../x", "https://site.example/x"),
        ("?q=../x", "https://site.example/news/2024/1.html?q=../x"),
        ("#y", "https://site.example/news/2024/1.html?page=2#y"),
        ("x?a/../b#c/..", "https://site.example/news/2024/x?a/../b#c/.."),
    ],
)
def test_a_relative_address_starts_from_the_page_and_keeps_its_empty_parts(relative: str, address: str) -> None:
    assert absolute(relative, base=BASE) == address


def test_a_base_without_a_path_stands_for_its_root() -> None:
    assert [absolute(part, base="https://a.example") for part in ("x", "?q", "#f", "..")] == [
        "https://a.example/x",
        "https://a.example/?q",
        "https://a.example/#f",
        "https://a.example/",
    ]


def test_an_address_that_no_server_would_take_is_none() -> None:
    assert absolute("https://a.example/" + "x" * 20_000) is None

"""Pictures by way of a proxy: the addresses of well-known ones, whose pictures, and never twice."""

from __future__ import annotations

import pytest

from feedpub.sanitiser import Rules, image_url, media_url, sanitise
from feedpub.sanitiser.proxy import PRESETS, Proxy

BASE = "https://site.example/news/1.html"
PICTURE = "https://a.example/x y.jpg?s=1&t=2"
ADDRESS = "https://a.example/x%20y.jpg?s=1&t=2"


def rules(template: str, *, key: bytes = b"key", **others: tuple[Proxy, ...]) -> Rules:
    return Rules(proxies=(*others.get("before", ()), Proxy(template=template, key=key)))


def test_camo_signs_as_its_documentation_does() -> None:
    proxy = Proxy(template=PRESETS["camo"].replace("{server}", "https://img.example.org"), key=b"test")
    assert proxy.fill("http://golang.org/doc/gopher/frontpage.png") == (
        "https://img.example.org/0f6def1cb147b0e84f39cbddc5ea10c80253a6f3/"
        "687474703a2f2f676f6c616e672e6f72672f646f632f676f706865722f66726f6e74706167652e706e67"
    )


def test_imgproxy_signs_as_its_documentation_does() -> None:
    # Its example: key and salt are "secret" and "hello", the path begins as this one does.
    proxy = Proxy(
        template="http://imgproxy.example.com/{imgproxy_signature}/rs:fill:300:400:0/g:sm/"
        "aHR0cDovL2V4YW1w/bGUuY29tL2ltYWdl/cy9jdXJpb3NpdHku/anBn.png",
        key=b"secret",
        salt=b"hello",
    )
    assert "/oKfUtW34Dvo2BGQehJFR4Nr0_rIjOtdtzJ3QFsUcXH8/" in proxy.fill(ADDRESS)


@pytest.mark.parametrize(
    ("template", "address"),
    [
        ("https://p.example/?{url}", f"https://p.example/?{ADDRESS}"),
        (PRESETS["wsrv"], "https://wsrv.nl/?url=https%3A%2F%2Fa.example%2Fx%2520y.jpg%3Fs%3D1%26t%3D2"),
        ("https://p.example/{url_base64}", "https://p.example/aHR0cHM6Ly9hLmV4YW1wbGUveCUyMHkuanBnP3M9MSZ0PTI"),
        (
            "https://p.example/{hmac_sha256}/{url_hex}.jpg",
            # printf %s "$ADDRESS" | openssl dgst -sha256 -hmac key
            "https://p.example/@/" + ADDRESS.encode().hex() + ".jpg",
        ),
    ],
)
def test_a_template_holds_the_address_in_each_of_its_forms(template: str, address: str) -> None:
    import hashlib
    import hmac

    signed = hmac.new(b"key", ADDRESS.encode(), hashlib.sha256).hexdigest()
    found = image_url(PICTURE, rules=rules(template))
    assert found == address.replace("@", signed)
    assert image_url(found, rules=rules(template)) == found


def test_every_place_of_a_picture_goes_through_the_proxy_and_no_other_address_does() -> None:
    page = sanitise(
        '<img src="/a.jpg" srcset="/b.jpg 2x"><video src="/v.mp4" poster="/p.jpg"></video>'
        '<picture><source srcset="/c.webp 1x"><img data-src="/d.jpg"></picture><a href="/e.jpg">x</a>',
        base_url=BASE,
        rules=rules("https://p.example/?{url}"),
    )
    shown = {name for name in "abcdpve" if f"https://p.example/?https://site.example/{name}." in page.html}
    assert shown == set("abcdp")
    assert page.images == (
        "https://p.example/?https://site.example/a.jpg",
        "https://p.example/?https://site.example/d.jpg",
    )
    assert sanitise(page.html, rules=rules("https://p.example/?{url}")).html == page.html


def test_a_picture_goes_through_the_proxy_after_its_wrappers_came_off() -> None:
    through = Rules(unwrap=("https://cors.example.dev/?{url}",), proxies=(Proxy(template="https://p.example/{url}"),))
    assert image_url("https://cors.example.dev/?http://a.example/x.jpg", rules=through) == (
        "https://p.example/http://a.example/x.jpg"
    )


def test_the_first_proxy_that_covers_a_host_shows_its_pictures() -> None:
    own = (Proxy(template="", hosts=("*.cdn.example",)), Proxy(template="https://b.example/?{url}", hosts=("b.*",)))
    chosen = rules("https://p.example/?{url}", before=own)
    assert image_url("https://x.cdn.example/1.jpg", rules=chosen) == "https://x.cdn.example/1.jpg"
    assert image_url("https://cdn.example/1.jpg", rules=chosen) == "https://cdn.example/1.jpg"
    assert image_url("https://b.site.example/1.jpg", rules=chosen) == "https://b.example/?https://b.site.example/1.jpg"
    assert image_url("https://a.example/1.jpg", rules=chosen) == "https://p.example/?https://a.example/1.jpg"


def test_the_key_is_in_no_text_about_the_proxy() -> None:
    assert "secret" not in repr(rules("https://p.example/{hmac_sha256}/{url}", key=b"secret"))


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://n.sinaimg.cn/x.jpg", "https://n.sinaimg.cn/x.jpg"),
        ("http://mmbiz.qpic.cn/x", "https://mmbiz.qpic.cn/x"),
        ("http://site.example/x.jpg", "https://site.example/x.jpg"),  # the page itself came over TLS
        ("http://own.example.org/x.jpg", "https://own.example.org/x.jpg"),  # the operator says so
        ("http://other.example/x.jpg", "http://other.example/x.jpg"),
        ("http://n.sinaimg.cn:8080/x.jpg", "http://n.sinaimg.cn:8080/x.jpg"),
        ("http://n.sinaimg.cn.evil.example/x.jpg", "http://n.sinaimg.cn.evil.example/x.jpg"),
    ],
)
def test_https_is_said_where_a_host_is_known_to_have_it(url: str, shown: str) -> None:
    known = Rules(secure=("*.example.org",))
    assert image_url(url, base_url=BASE, rules=known) == shown
    assert media_url(url, base_url=BASE, rules=known) == shown

"""The check itself: it sees each kind of fault, or it could not find one."""

from __future__ import annotations

import pytest

from tests.liveness import live, shows_as_story, texts
from tests.xss.corpus import VECTORS

UNSAFE = """
<script></script>
<p onclick=x>x</p>
<p OnClick=x>x</p>
<a href=javascript:x>x</a>
<a href=' java\tscript:x'>x</a>
<a href=&#1;javascript:x>x</a>
<a href=x>x</a>
<a href=//a.example/>x</a>
<a href='https:javascript:x'>x</a>
<a href='https://a.example/\\x'>x</a>
<a href='https://a.example/ x'>x</a>
<a href='https://a.example/"x'>x</a>
<a href=data:image/png;base64,AAAA>x</a>
<a href=https://a.example/ target=_blank>x</a>
<a href=https://a.example/ rel=opener>x</a>
<a href=https://a.example/ ping=https://a.example/>x</a>
<a href=tel:javascript:x>x</a>
<img src=data:x>
<img src='data:image/svg+xml;base64,AAAA'>
<img src='data:image/svg+xml,<svg/>'>
<img src='data:image/png,AAAA'>
<img src='data:image/png;x=y;base64,AAAA'>
<img src='data:image/PNG;base64,AAAA'>
<img src='data:image/png;base64,AA AA'>
<img src='data:image/png;base64,AAAA" onerror="x'>
<img src=mailto:x>
<img srcset='https://a.example/ 1x, x:y 2x'>
<img srcset='https://a.example/ 1x,x:y 2x'>
<img srcset='https://a.example/ (1x,x) 1x, x:y 2x'>
<img srcset='https://a.example/, x:y'>
<img srcset='data:image/png;base64,AAAA 1x'>
<img srcset=' ,x:y'>
<img data-src=https://a.example/>
<img src=https://a.example/ usemap=#x>
<img src=https://a.example/ referrerpolicy=unsafe-url>
<video src=data:image/png;base64,AAAA></video>
<video poster=data:image/png;base64,AAAA></video>
<video src=https://a.example/ autoplay></video>
<audio src=blob:https://a.example/></audio>
<source srcset=javascript:x>
<track src=https://a.example/>
<blockquote cite=javascript:x>x</blockquote>
<q cite=/x>x</q>
<svg></svg>
<math></math>
<math><mi>x</mi></math>
<p><svg><desc><p>x</p></desc></svg></p>
<p id=x>x</p>
<p name=x>x</p>
<p class=x>x</p>
<p style=x>x</p>
<p is=x>x</p>
<p slot=x>x</p>
<p xmlns=x>x</p>
<p popover>x</p>
<p hidden>x</p>
<p lang='" onclick="x'>x</p>
<p xml:lang=en>x</p>
<x-y>x</x-y>
<o:p>x</o:p>
<span>x</span>
<font>x</font>
<body onload=x>
<body>x<body class=x>
<html lang='&quot;'>x
<p>x</p><html onclick=x>
<frameset><frame src=x></frameset>
<head><base href=https://a.example/></head>
<base href=https://a.example/>
<link rel=stylesheet href=https://a.example/>
<meta http-equiv=refresh content=0>
<title>x</title>
<style></style>
<noscript><p>x</p></noscript>
<template><p>x</p></template>
<textarea>x</textarea>
<xmp>x</xmp>
<plaintext>x
<iframe src=https://a.example/></iframe>
<iframe srcdoc=x></iframe>
<object data=https://a.example/></object>
<embed src=https://a.example/>
<portal src=https://a.example/></portal>
<form action=https://a.example/></form>
<input><select></select>
<button>x</button>
<dialog open>x</dialog>
<marquee>x</marquee>
<map><area href=https://a.example/></map>
<slot>x</slot>
<!-- x -->
<?x y?>
<![CDATA[x]]>
</ x>
"""

SAFE = """
x
&lt;script&gt;alert(1)&lt;/script&gt;
<p lang=zh-CN dir=rtl>x</p>
<p><a href="https://a.example/?a=b&amp;c='d'" rel="noopener noreferrer" title="<x onclick=y>">x</a></p>
<p><a href="mailto:a@b.example?subject=x">x</a><a href="tel:+49-30">x</a></p>
<img src="https://a.example/" alt="&lt;script&gt;" referrerpolicy="no-referrer" width="1" height="1">
<img src="data:image/png;base64,iVBORw0KGgo="><img src="data:image/jpeg;base64,/9j/4AAQ">
<img src="https://a.example/" srcset="https://a.example/1,2.jpg 1x, https://a.example/3 2x" sizes="100vw">
<picture><source srcset="https://a.example/1 100w,https://a.example/2 200w" media="x" type="image/png"></picture>
<table><colgroup span="2"><col></colgroup><tbody><tr><td colspan="2" rowspan="2">x</td></tr></tbody></table>
<ol start="3" reversed="" type="a"><li value="2">x</li></ol><details open=""><summary>x</summary>y</details>
<video src="https://a.example/v" poster="https://a.example/p" controls=""></video>
"""


@pytest.mark.parametrize("html", UNSAFE.strip().split("\n"))
def test_what_is_live_is_seen(html: str) -> None:
    assert live(html)


@pytest.mark.parametrize("html", SAFE.strip().split("\n"))
def test_what_a_feed_may_hold_is_not_called_live(html: str) -> None:
    assert live(html) == []


def test_nine_vectors_of_ten_are_live_before_they_are_cleaned() -> None:
    # The others are text that shows code, or lead to an address that is odd and no more.
    assert sum(bool(live(vector.html)) for vector in VECTORS) > 0.9 * len(VECTORS)


def test_text_that_scripting_hides_has_more_than_one_reading() -> None:
    assert len(texts("<noscript><p>x</p></noscript>")) == 2
    assert len(texts("<p>x</p>")) == 1


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<div><p>x</p></div>", True),
        ("<svg><desc><p>x</p>", False),
        ("<script><p>x</p>", False),
        ("<!-- <p>x</p>", False),
        ("<p title='<p>x</p>", False),
        ("<noscript><p>x</p></noscript>", False),
    ],
)
def test_only_what_every_reading_shows_is_story(html: str, shown: bool) -> None:
    assert shows_as_story("x", html) is shown

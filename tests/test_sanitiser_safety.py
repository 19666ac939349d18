"""Safety: nothing live comes out, whatever goes in, and a second pass changes nothing."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedpub.sanitiser import SanitiserError, sanitise
from feedpub.text import xml_safe
from tests.liveness import live

BASE = "https://site.example/news/1.html"

HANDLERS = [
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<img src=x oNeRrOr=alert(1)>",
    "<img src=x\nonerror\n=\nalert(1)>",
    "<img src=x onerror='alert(1)' onerror=alert(2)>",
    '<img src="x` `<script>alert(1)</script>"` `>',
    '<IMG """><SCRIPT>alert(1)</SCRIPT>">',
    "<body onload=alert(1)>x",
    "<p onmouseover=alert(1)>x",
    "<details open ontoggle=alert(1)>x",
    "<video src=x onloadstart=alert(1)></video>",
    "<video><source src=x onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)></audio>",
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)></select>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<a href=/x onclick=alert(1)>x</a>",
    "<table onfocus=alert(1)><td onclick=alert(1)>x</table>",
    "<x-y onclick=alert(1)>x</x-y>",
    "<p style=animation-name:x onanimationend=alert(1)>x",
]
SCHEMES = [
    "<a href=javascript:alert(1)>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='java&#10;script:alert(1)'>x</a>",
    "<a href='java&Tab;script&colon;alert(1)'>x</a>",
    "<a href='java&#8;script:alert(1)'>x</a>",
    "<a href='&#106;&#97;&#118;&#97;&#115;cript:alert(1)'>x</a>",
    "<a href='&#x6a&#x61vascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD4='>x</a>",
    "<a href='blob:https://a.example/1'>x</a>",
    "<a href='file:///etc/passwd'>x</a>",
    "<a href='view-source:https://a.example/'>x</a>",
    "<a href='intent://x#Intent;end'>x</a>",
    "<a href='https:javascript:alert(1)'>x</a>",
    "<a href='jar:javascript:alert(1)'>x</a>",
    "<img src='javascript:alert(1)'>",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<img data-src='javascript:alert(1)'>",
    "<video src='javascript:alert(1)' poster='javascript:alert(1)'></video>",
    "<video src='https://a.example/v' poster='data:image/svg+xml,x'></video>",
    "<blockquote cite='javascript:alert(1)'>x</blockquote>",
    "<q cite='data:text/html,x'>x</q><ins cite='vbscript:x'>x</ins>",
    "<a href='mailto:a@b.example%0ABcc:x@y.example'>x</a>",
]
SRCSETS = [
    "<img srcset='javascript:alert(1) 1x'>",
    "<img srcset='https://a.example/1.jpg 1x, javascript:alert(1) 2x'>",
    "<img src=/a srcset='data:image/svg+xml,<svg> 1x'>",
    "<img src=/a srcset=',javascript:alert(1) 1x'>",
    "<img data-srcset='java\nscript:alert(1) 1x' src=/a>",
    "<picture><source srcset='javascript:alert(1)'><img src=/a></picture>",
]
FOREIGN = [
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><script href=data:,alert(1) /></svg>",
    "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x></svg>",
    "<svg><set attributeName=href to=javascript:alert(1)></svg>",
    "<svg><foreignObject><iframe src=javascript:alert(1)></iframe></foreignObject></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=x>#x'></use></svg>",
    "<svg><style>*{background:url(javascript:alert(1))}</style></svg>",
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    '<svg><p><style><img src="</style><img src=x onerror=alert(1)>">',
    "<svg><![CDATA[><img src=x onerror=alert(1)>]]></svg>",
    "<math><a xlink:href=javascript:alert(1)>x</a></math>",
    "<math href=javascript:alert(1)>x</math>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<math><mtext><mglyph><svg><mtext><style><a title="</style><img src onerror=alert(1)>">',
    "<math><annotation-xml encoding=text/html><style><img src=x onerror=alert(1)></style></annotation-xml></math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
]
PARSERS = [
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    "<noscript><style></noscript><img src=x onerror=alert(1)></style>",
    "<noscript>&lt;img src=x onerror=alert(1)&gt;</noscript>",
    "<noscript>&lt;img src=x&gt;&lt;script&gt;alert(1)&lt;/script&gt;</noscript>",
    "<template><img src=x onerror=alert(1)></template>",
    "<template><script>alert(1)</template>",
    "<title><img src=x onerror=alert(1)></title>",
    "<textarea></textarea><img src=x onerror=alert(1)>",
    "<textarea><script>alert(1)</script>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<xmp></xmp><script>alert(1)</script>",
    "<plaintext><img src=x onerror=alert(1)>",
    '<noembed><img title="</noembed><img src onerror=alert(1)>"></noembed>',
    "<noframes><style></noframes><img src=x onerror=alert(1)>",
    '<iframe><img title="</iframe><img src onerror=alert(1)>"></iframe>',
    "<style><!--</style><script>alert(1)//--></script>",
    '<select><template><style><!--</style><a rel="--></style></template></select><img src onerror=alert(1)>">',
    "<table><td><form><input name=x></td><script>alert(1)</script></table>",
    "<a><table><a href=javascript:alert(1)>x</table>",
    '<p id="</p><img src=x onerror=alert(1)>">',
    "<script>alert(1)",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>alert(1);//<</script>",
    "<script/xss src=//evil.example/x.js></script>",
    "<scri\x00pt>alert(1)</scri\x00pt>",
    "<\x00img src=x onerror=alert(1)>",
    "<script\x0c>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<T><img src=x onerror=alert(1)>",
]
COMMENTS = [
    "<!--><img src=x onerror=alert(1)>-->",
    "<!---><img src=x onerror=alert(1)>-->",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<!-- <!-- --><img src=x onerror=alert(1)> -->",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<![CDATA[>]]><img src=x onerror=alert(1)>",
    "<!x><script>alert(1)</script>",
    "<?xml version='1.0'?><?x ><img src=x onerror=alert(1)>?>",
    "</ x><img src=x onerror=alert(1)>",
]
EMBEDDING = [
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<iframe src=//player.vimeo.com@evil.example/video/1></iframe>",
    "<iframe src='https://player.vimeo.com/video/1\" onload=alert(1)'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<object><param name=src value=javascript:alert(1)><p>x</p></object>",
    "<embed src=javascript:alert(1)>",
    "<applet code=x></applet>",
    "<frameset><frame src=javascript:alert(1)></frameset>",
    "<base href=javascript:alert(1)//><a href=x>x</a>",
    "<base href=//evil.example/><script src=x.js></script>",
    "<link rel=stylesheet href=javascript:alert(1)>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<form action=javascript:alert(1)><button formaction=javascript:alert(1)>x</button></form>",
    "<isindex type=image src=1 onerror=alert(1)>",
    "<map><area href=javascript:alert(1)></map>",
    "<portal src=javascript:alert(1)>",
    "<dialog open><a href=javascript:alert(1)>x</a></dialog>",
]
CLOBBERING = [
    "<img id=body name=cookie src=/x>",
    "<a id=location href=/x>x</a><a id=location name=href href=/y>x</a>",
    "<form id=document><input name=cookie></form>",
    "<p style='position:fixed;inset:0'>x",
    "<p style=\"background:url('javascript:alert(1)')\">x",
    "<p style='width:expression(alert(1))'>x",
    "<font style='behavior:url(x.htc)' color=red>x</font>",
    "<style>@import 'javascript:alert(1)';</style>",
    "<p class=admin id=root data-x=1 is=x-y slot=z part=q>x",
    "<table background=javascript:alert(1)><td background=javascript:alert(1)>x</table>",
    "<img dynsrc=javascript:alert(1) lowsrc=javascript:alert(1) longdesc=javascript:alert(1) src=/x>",
    "<a href=/x target=_blank rel=opener ping=//t.example/>x</a>",
]
VECTORS = HANDLERS + SCHEMES + SRCSETS + FOREIGN + PARSERS + COMMENTS + EMBEDDING + CLOBBERING


@pytest.mark.parametrize("vector", VECTORS)
@pytest.mark.parametrize("around", ["{}", "<p>前{}后</p>", "<table><tr><td>{}", "<ul><li>{}</ul>", "<a href=/x><b>{}"])
def test_no_known_attack_survives(vector: str, around: str) -> None:
    html = sanitise(around.format(vector), base_url=BASE).html
    assert live(html) == []
    assert sanitise(html, base_url=BASE).html == html


#: What follows these is a part of them, in browsers too.
SWALLOWING = (
    *("<plaintext", "<script>alert(1)", "<template><script>", "<textarea><script>", "<noframes><style>"),
    "<form><math>",
)


@pytest.mark.parametrize("vector", [vector for vector in VECTORS if not vector.startswith(SWALLOWING)])
def test_the_story_after_an_attack_stays(vector: str) -> None:
    assert "后文" in sanitise(f"<div>{vector}</div></div></div><p>后文</p>", base_url=BASE).html


def test_the_checker_sees_what_is_live() -> None:
    for vector in (
        "<script></script>", "<p onclick=x>", "<a href=javascript:x>", "<a href=' java\tscript:x'>",
        "<img src=data:x>", "<img srcset='https://a.example/ 1x, x:y 2x'>", "<svg></svg>", "<p id=x>", "<a href=x>",
        "<noscript><p></noscript>", "<!-- x -->", "<form action=/>", "<p style=x>", "<img src=mailto:x>",
    ):  # fmt: skip
        assert live(vector)
    assert live('<p><a href="https://a.example/">x</a><img src="https://a.example/" alt="&lt;script&gt;"></p>') == []


TAGS = (
    "a b p div span table tr td th tbody ul li dl dt dd pre code img br hr svg math style script noscript video source"
    " picture iframe form select textarea title base blockquote font center h1 figcaption template xmp plaintext body"
    " html head mtext foreignObject T o:p x-y strong nobr object frameset caption col ruby rt details small address"
)
ATTRIBUTES = (
    "href=/x|href=javascript:x|src=//h.example/i.jpg|src=x.png|data-src=https://a.example/c.jpg|srcset='a 1x, b 2x'"
    "|onclick=x|class=img_descr|id=stock_sh600000|style=width:1px|width=1|title='<b>'|alt=']]>'|cite=//x|lang=en"
    "|href=http://1.2.3.999/|src='http://[::1]/x'|src=https://xn--a/|href='http://a b/'|poster=/p|title='&#8;'"
    "|href='https://例え.example/ü?q=%zz#ü'|class=appendQr_wrap|dir=ltr|controls"
)
TEXTS = [
    *("甲", "a", "　　", " ", "\n", "&nbsp;", "&#13;", "&#8;", "<!--", "-->", "<!-->", "--!>", "<![CDATA[", "]]>"),
    *("<?x", "<!x", "</", "<", ">", '"', "'", "&amp;", "&lt;", "&lt;img src=x&gt;", "\0", "\f", "\r", "\ud800", "="),
    *("/>", "&", "<T>", "</p>", "</br>", "\ufffe", "责任编辑：甲乙", "\u2028"),
]
OPENING = st.builds(
    lambda tag, attributes, end: f"<{tag}{''.join(f' {attribute}' for attribute in attributes)}{end}",
    st.sampled_from(TAGS.split()),
    st.lists(st.sampled_from(ATTRIBUTES.split("|")), max_size=2),
    st.sampled_from([">", ">", ">", "/>", ""]),
)
CLOSING = st.sampled_from(TAGS.split()).map("</{}>".format)
SOUP = st.lists(st.one_of(OPENING, CLOSING, st.sampled_from(TEXTS)), max_size=25).map("".join)
ANY_TEXT = st.text(st.characters(exclude_categories=()))


@given(st.one_of(SOUP, ANY_TEXT, st.text("<>/!-&#;'\"=ab \n")), st.sampled_from([None, BASE]))
@settings(max_examples=400, deadline=None)
def test_any_text_comes_out_safe_and_the_same_the_second_time(soup: str, base_url: str | None) -> None:
    try:
        html = sanitise(soup, base_url=base_url).html
    except SanitiserError:
        return
    assert live(html) == []
    assert xml_safe(html) == html
    assert "]]>" not in html
    assert "\r" not in html
    assert sanitise(html, base_url=base_url).html == html


@given(st.lists(st.text(st.sampled_from("甲乙丙丁。，"), min_size=1, max_size=5), min_size=1, max_size=6))
def test_no_word_of_a_paragraph_is_lost_moved_or_joined_to_another(words: list[str]) -> None:
    html = "".join(f"<p>　　<font><span>{word}</span></font></p>\n<!-- x --><div><br></div>" for word in words)
    shown = sanitise(html).html
    assert [part.split("</p>")[0] for part in shown.split("<p>")[1:]] == words


def test_the_same_page_gives_the_same_bytes_in_every_process() -> None:
    page = "<p lang=zh title=x><img src=/x.jpg alt=a title=b width=9 height=9 srcset='/y 2x'><a href=/ title=t>x</a>"
    program = f"from feedpub.sanitiser import sanitise; print(sanitise({page!r}, base_url={BASE!r}))"
    runs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(runs) == 1

"""What hostile pages are made of. Hypothesis and atheris both draw from these tables."""

from __future__ import annotations

_TAGS = (
    "a b p div span table tr td th tbody thead ul ol li dl dt dd pre code img br hr wbr svg math style script noscript"
    " video audio source track picture iframe form select option textarea title base blockquote q font center h1"
    " figure figcaption template xmp plaintext listing noembed noframes body html head mi mtext mglyph malignmark"
    " annotation-xml foreignObject desc T o:p x-y strong nobr object embed param frameset frame caption col colgroup"
    " ruby rt rp details summary small address image input button isindex meta link marquee dialog slot menu"
    " feedpub-unwrapped feedpub-dropped del ins time canvas applet"
)
TAGS = _TAGS.split()

_ATTRIBUTES = (
    "href=/x|href=javascript:alert(1)|href='java\tscript:alert(1)'|href='&#1;javascript:x'|href=//h.example/|href=?|href"
    "|href='https://link.zhihu.com/?target=https%3A//a.example/'|href='https://link.zhihu.com/?target=javascript:x'"
    "|href='https://link.juejin.cn/?target=https%253A//a.example/%3Cb%3E'|href='https://cors.zfour.workers.dev/?http://x/'"
    "|href=mailto:a@b.example|href='mailto:a b'|href=tel:+1|href=tel:x|href='http://a b/'|href=http://1.2.3.999/"
    "|href='https://例え.example/ü?q=%zz#ü'|href='https://finance.sina.com.cn/realstock/company/sh600000/nc.shtml'"
    "|href='https://quote.eastmoney.com/sz000001.html'|href='http://xueqiu.com/S/SH600519'|href=\"https://a.example/'x\""
    "|src=//h.example/i.jpg|src=x.png|src|src=''|src=#|src='http://[::1]/x'|src=https://xn--a/|src=data:image/png,x"
    "|src='data:image/png;base64,iVBORw0KGgo='|src='data:image/svg+xml;base64,AAAA'|src=' DATA:image/GIF;base64,R0lG'"
    "|src='data:image/png;base64,iVBO Rw0K'|src='data:image/webp;base64,UklGR\"'|src='https://a.example/\\x'"
    "|src=https://player.vimeo.com/video/1|src='//player.bilibili.com/player.html?bvid=BV1x\"'"
    "|data-src=https://a.example/c.jpg|data-src='javascript:x//a.png'|data-src='/a.png\" onerror=x'|data-src=data:x"
    "|data-original=//a.example/|data-original='https://a.example/&quot;'|zoomfile=/z.jpg|file=f.png|data-url=/u"
    "|data-srcset='/a 1x,/b 2x'|data-srcset='javascript:x'|srcset='a 1x, b 2x'|srcset=',,,a,b 1w,'|srcset='a(b,c) 9w'"
    "|srcset='data:image/png;base64,AAAA 1x, /y 2x'|sizes='1px'|poster=/p|poster=data:image/png;base64,AAAA"
    "|cite=//x|cite=javascript:x|onclick=x|onerror|class=img_descr|class=appendQr_wrap|class='katex-mathml'|class=language-x"
    "|class=copy-code-btn|id=stock_sh600000|id=quote_sh600000|style=width:1px|style='x:expression(y)'|width=1|width=99"
    "|height=1|title='<b>'|title='&#8;'|title=\"'\"|alt=']]>'|alt='</noscript>'|alt='--><x'|alt='\"'|lang=en|lang='x\"'"
    "|lang=zh-CN|xml:lang=en|dir=ltr|controls|autoplay|type=a|start=3|colspan=2|rowspan=x|datetime=x|target=_blank|rel=x"
    "|xmlns=x|xlink:href=javascript:x|encoding=text/html|shadowrootmode=open|http-equiv=refresh|name=x|is=x|/|=|\"|'"
    "|x='|x=\"|\0|<b|referrerpolicy=x|data-latex=x|data-lang=c|media=x|content=x"
)
ATTRIBUTES = _ATTRIBUTES.split("|")

TEXTS = (
    *("甲", "a", "　　", " ", "\n", "\n\n", "\t", "&nbsp;", "&#13;", "&#8;", "&#0;", "&#xd800;", "&#xfdd0;", "\ufdd0"),
    *("<!--", "-->", "<!-->", "--!>", "<!---", "<![CDATA[", "]]>", "<!--[if IE]>", "<![endif]-->", "<!-- sh600000 -->"),
    *("<?x", "?>", "<!x", "<!DOCTYPE html>", "</", "</>", "<", ">", '"', "'", "`", "&amp;", "&lt;", "&gt;", "&#60"),
    *(
        "&lt;img src=x onerror=alert(1)&gt;",
        "&amp;lt;",
        "&quot",
        "&",
        "&#",
        "&#x",
        ";",
        "\0",
        "\f",
        "\r",
        "\r\n",
        "\x0b",
    ),
    *(
        "\ud800",
        "\udfff",
        "=",
        "/>",
        "<T>",
        "</T>",
        "List<T>",
        "</p>",
        "</br>",
        "</body>",
        "</html>",
        "\ufffe",
        "\uffff",
    ),
    *(
        "\u2028",
        "\ufeff",
        "\x85",
        "\xa0",
        "\u0301",
        "\U0001f468\u200d\U0001f469",
        "责任编辑：甲乙",
        "【纠错】",
        "复制代码",
    ),
    *(
        "海量资讯、精准解读，尽在新浪财经APP",
        "[图]",
        "图片来源：甲",
        "alert(1)",
        "javascript:alert(1)",
        "{{x}}",
        "{% x %}",
    ),
    *("<script>", "</script>", "<style>", "</style>", "<noscript>", "</noscript>", "<svg>", "</svg>", "<plaintext>"),
    *("<b>" * 30, "</b>" * 30, "<div>" * 60, "<table><tr><td>" * 20, "<ul><li>" * 40, "<svg>" * 20, "<a href=/x>" * 20),
    *("<base href=https://b.example/y/>", "<base href=javascript:x>", "$x$", "\\(x\\)", "​", "SH600519", "(600519.SH)"),
)

ENDS = (">", ">", ">", ">", "/>", " >", "", "\n>", "<")

"""What sites put around their stories: the rules that feedpub brings along, in the language of `selectors`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Site:
    """A site, and what goes of its pages.

    A crawled page seldom says where it is from, so that the rules hold for all of them: they name only what
    no other site calls so.
    """

    name: str
    remove: tuple[str, ...]


_NAME = (
    r"(?:(?:[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,6}[·•][\u4e00-\u9fff]{1,8})(?:_[A-Z]{1,3}\d+)?"
    r"|[A-Z][A-Za-z._]+(?: [A-Z][A-Za-z.]+){0,2}|[A-Z]{2}\d{2,5})"
)
_NAMES = rf"{_NAME}(?:[ 、，,/]+{_NAME}){{0,3}}"
_ROLE = r"(?:责任编辑|责编|值班编辑|网络编辑|实习编辑|见习编辑|责任校对)"
_LESS = r"(?:编辑|校对|审核|审校)"
_CREDIT = rf"{_ROLE}\s?[:：/|丨｜]\s?{_NAMES}(?:\s?[|丨｜/;；]?\s?(?:{_ROLE}|{_LESS})\s?[:：]\s?{_NAMES}){{0,3}}"
#: Without brackets a short word is who speaks: "编辑：" begins a line of an interview.
_EDITORS = rf"{_CREDIT}|[【（(\[]\s?(?:{_CREDIT}|{_LESS}\s?[:：]?\s?{_NAMES})\s?[】）)\]]"


#: Each of the lines holds one of these. A page without any need not be compared, block by block.
SIGNS = ("编辑", "责编", "校对", "审核", "审校", "新浪", "金麒麟", "扫描二维码", "纠错")

#: Each of the signs holds one of these, which are rarer than the signs' other letters.
LETTERS = "编校审浪麒维纠"


def _lines(*patterns: str) -> tuple[str, ...]:
    """Make selectors of blocks whose whole text matches a pattern, and which show nothing besides."""
    return tuple(f"{tag}:text({'|'.join(patterns)})" for tag in ("p", "div", "section", "h3", "h4"))


#: The figure beside a tagged name: a price, or a word in brackets. Where a page lost the end tag, it holds the story.
_QUOTE = r":text([（(\[].{0,40}[)）\]]|[^\u4e00-\u9fff]{1,60})"
_QUOTES = tuple(f"span#{market}{_QUOTE}" for market in ("quote_*", "usquote_*", "hkquote_*"))

SITES = (
    # All lines in one pattern: it is compared with every paragraph of every article.
    Site(
        "Editors' lines, and Sina's own",
        _lines(
            _EDITORS,
            "海量资讯、精准解读，尽在新浪财经APP",
            "炒股就看金麒麟分析师研报，权威，专业，及时，全面，助您挖掘潜力主题机会！",
            r"24小时滚动播报最新的财经资讯和视频，更多粉丝福利扫描二维码关注（\w+）",
            "新浪声明：新浪网登载此文出于传递更多信息之目的，并不意味着赞同其观点或证实其描述。.{0,40}",
            "【纠错】",
        ),
    ),
    Site(
        "Sina",
        (
            *(".appendQr_wrap", ".app-kaihu-qr", ".article-editor", ".show_author", ".article_adlist"),
            *(".img_descr:empty", ".wap_special", ".finance_app_zqtg"),
        ),
    ),
    Site("Sina's quotes", _QUOTES),
    Site("ZAKER", ("#recommend_bottom", "#article_bottom")),
    Site("Juejin", (".copy-code-btn", ".code-block-extension-header")),
    Site("CSDN", (".hljs-button", "#blogColumnPayAdvert", ".blog-tags-box", ".article-info-box")),
    Site("cnblogs", ("#MySignature", "#blog_post_info_block", ".cnblogs_code_toolbar", ".cnblogs_code_copy")),
    Site("WeChat", ("#js_pc_qr_code", ".qr_code_pc", ".rich_media_tool", "#js_tags_preview_toast")),
    # Formulas are written before these are dropped; what is left of them is said twice.
    Site("KaTeX", (".katex-mathml",)),
    Site("MathJax", (".MathJax_Preview", ".MJX_Assistive_MathML")),
    Site("Jianshu", (".image-container-fill", ".image-caption:empty")),
    Site("Bahamut", (".platform-tag",)),
    Site("DockOne", (".aw-upload-img-list:empty", ".aw-upload-file-list:empty")),
    Site("OSChina", (".ad-wrap",)),
    Site("WordPress", (".sharedaddy", ".jp-relatedposts", ".addtoany_share_save_container", ".mc4wp-form")),
    Site("FeedBurner", (".feedflare",)),
    Site("Substack", (".subscription-widget-wrap", ".subscribe-widget")),
)

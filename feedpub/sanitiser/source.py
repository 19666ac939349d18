"""The source before it is parsed: what parsers would silently leave out of the story."""

from __future__ import annotations

import re

from feedpub.sanitiser.rasters import LARGEST
from feedpub.text import is_plain, mend_controls, xml_safe

_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_END_TAG = re.compile(r"</([A-Za-z][A-Za-z0-9_]*)")
#: "<" before what can be no tag: "PE<PB，市值>100" and "Map<K, V>".
_LESS_THAN = re.compile(r"<(?=[A-Za-z][A-Za-z0-9]*(?:[^\x00-\x7f]|[),;+*&|]))")
_BARE_TAG = re.compile(r"<([A-Za-z][A-Za-z0-9_]*)>")

#: Elements without an end tag that libxml2 does not know as such: they would swallow what follows them.
VOIDS = ("embed", "source", "track", "wbr", "image", "keygen", "bgsound", "command")
_UNENDED = re.compile(rf"<({'|'.join(VOIDS)})\b([^<>]*)>", re.IGNORECASE)

#: Elements in which tags and references are text.
VERBATIM = re.compile("<(?:xmp|plaintext)", re.IGNORECASE)
#: Begins any of these, verbatim or without an end. Most pages have none, and need not be asked for each.
_ODD = re.compile(rf"<(?=[{''.join(name[0] for name in VOIDS)}xp])(?:xmp|plaintext|{'|'.join(VOIDS)})", re.IGNORECASE)

#: The elements of HTML, old ones too, and the most frequent of SVG and MathML.
_ELEMENTS = frozenset(
    {
        *("a", "abbr", "acronym", "address", "applet", "area", "article", "aside", "audio", "b", "base"),
        *("basefont", "bdi", "bdo", "bgsound", "big", "blink", "blockquote", "body", "br", "button"),
        *("canvas", "caption", "center", "cite", "code", "col", "colgroup", "content", "data"),
        *("datalist", "dd", "del", "details", "dfn", "dialog", "dir", "div", "dl", "dt", "em", "embed"),
        *("fieldset", "figcaption", "figure", "font", "footer", "form", "frame", "frameset", "g", "h1"),
        *("h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html", "i", "iframe"),
        *("image", "img", "input", "ins", "isindex", "kbd", "keygen", "label", "legend", "li", "link"),
        *("listing", "main", "map", "mark", "marquee", "math", "menu", "menuitem", "meta", "meter"),
        *("mi", "mn", "mo", "mrow", "mtext", "nav", "nobr", "noembed", "noframes", "noscript", "object"),
        *("ol", "optgroup", "option", "output", "p", "param", "path", "picture", "plaintext", "portal"),
        *("pre", "progress", "q", "rb", "rp", "rt", "rtc", "ruby", "s", "samp", "script", "search"),
        *("section", "select", "shadow", "slot", "small", "source", "spacer", "span", "strike"),
        *("strong", "style", "sub", "summary", "sup", "svg", "table", "tbody", "td", "template", "text"),
        *("textarea", "tfoot", "th", "thead", "time", "title", "tr", "track", "tt", "u", "ul", "use"),
        *("var", "video", "wbr", "xmp"),
    }
)


#: Stands for a reference to a forbidden character until the page is parsed: a noncharacter, which no
#: text has. Dropping the reference at once could join what is around it to another one.
MARK = "\ufdd0"
#: Possessive: nothing is gained by looking at a megabyte of letters twice.
_LARGE_DATA = re.compile(rf"data:[\w/+.;=,\-]{{0,60}}?;base64,[A-Za-z0-9+/=%]{{{LARGEST},}}+", re.IGNORECASE | re.ASCII)
#: A tag up to its end, or that of the page; quotes count behind "=" alone (HTML, section 13.2.5.33). It always
#: matches, so that no place is looked at twice.
_TAG = re.compile(r"<[A-Za-z](?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?+)*+")
_QUOTED = re.compile(r"=\s*+(?:\"[^\"]*+\"|'[^']*+')")
#: What holds no markup, with its end.
_RAW = re.compile(r"<(?:(script|style)\b|!--)", re.IGNORECASE)
_RAW_ENDS = {
    "script": re.compile(r"</script\b[^>]*>", re.IGNORECASE),
    "style": re.compile(r"</style\b[^>]*>", re.IGNORECASE),
    "": re.compile("--!?>"),
}
_LONG_TAG = 8_000
_REFERENCE = re.compile(r"&#(?:[xX]([0-9A-Fa-f]+)|([0-9]+));?")


def shorten_data(html: str) -> str:
    """Empty the `data:` addresses that are too large for any reader, before they count for the page's size."""
    return _LARGE_DATA.sub("data:", html) if len(html) > LARGEST else html


def without_raw(html: str) -> str:
    """Cut scripts, styles and comments out; what never ends stays, for the parser to decide."""
    parts, position = [], 0
    while start := _RAW.search(html, position):
        end = _RAW_ENDS[(start[1] or "").lower()].search(html, start.end())
        if end is None:
            break
        parts.append(html[position : start.start()])
        position = end.end()
    return "".join((*parts, html[position:]))


def most_attributes(html: str) -> int:
    """Count the attributes of the tag that has the most, about; of short tags, which have few, say none."""
    if len(html) < _LONG_TAG:
        return 0
    tags = (match[0] for match in _TAG.finditer(without_raw(html)) if match.end() - match.start() >= _LONG_TAG)
    return max((len(_QUOTED.sub(" ", tag).split()) for tag in tags), default=0)


def settle_characters(html: str) -> str:
    """Settle line ends, put in the place of controls the characters that were meant, and drop forbidden ones."""
    if is_plain(html):
        return html
    # HTML reads line ends so (section 13.2.3.5); a form feed is a blank to it, and forbidden in XML.
    lines = html.replace("\r\n", "\n").replace("\r", "\n").replace("\f", " ")
    return xml_safe(mend_controls(lines))


def mend(html: str) -> str:
    """Prepare a page for a parser that knows less than browsers do.

    CDATA sections are opened, references to forbidden characters marked, what looks like a tag and is text is
    escaped, and elements end that never have an end tag.
    """
    marked = _REFERENCE.sub(_mark, html.replace(MARK, "")) if "&#" in html else html.replace(MARK, "")
    opened = _open_cdata(marked)
    if not _ODD.search(opened):
        return _escape_lookalikes(opened)
    if VERBATIM.search(opened):
        return opened
    return _UNENDED.sub(r"<\1\2></\1>", _escape_lookalikes(opened))


def _mark(reference: re.Match[str]) -> str:
    number = int(reference[1], 16) if reference[1] else int(reference[2][-9:])
    if 0x20 <= number < 0x80:
        return reference[0]
    if number == 13:  # a carriage return would be a line end after the next parse, and is one now
        return "&#10;"
    if 0x80 <= number < 0xA0:  # meant as Windows-1252, by the standard too; it has no character for some
        return reference[0] if mend_controls(chr(number)) else MARK
    known = 0 < number < 0x110000 and chr(number) != MARK and xml_safe(chr(number))
    return reference[0] if known else MARK


def _open_cdata(html: str) -> str:
    # HTML has no CDATA: a parser would end it at the first ">" and lose the story up to there.
    before, *sections = html.split(_CDATA)
    return before + "".join(map(_open_section, sections))


def _open_section(text: str) -> str:
    section, end, rest = text.partition(_CDATA_END)
    return section + rest if end else _CDATA + text


def _escape_lookalikes(html: str) -> str:
    """Escape `<T>` in `List<T>`: no element of that name exists, and nobody closes it."""
    html = _LESS_THAN.sub("&lt;", html)
    unknown = {name for name in set(_BARE_TAG.findall(html)) if name.lower() not in _ELEMENTS}
    if not unknown:
        return html
    closed = {name.lower() for name in _END_TAG.findall(html)}
    texts = {name for name in unknown if name.lower() not in closed}
    return _BARE_TAG.sub(lambda tag: f"&lt;{tag[1]}&gt;" if tag[1] in texts else tag[0], html)

"""Hosts by pattern, and those that are known to answer over TLS."""

from __future__ import annotations

import re
from functools import lru_cache

from feedpub.sanitiser.wildcards import expression_of

#: Whose pictures are there under https as well: crawled pages still say http.
SECURE = (
    *("*.sinaimg.cn", "*.sinajs.cn", "*.weibocdn.com", "*.dfcfw.com", "*.xueqiu.com", "*.imedao.com"),
    *("*.qpic.cn", "*.qlogo.cn", "*.gtimg.cn", "*.gtimg.com", "*.zhimg.com", "*.jianshu.io", "*.byteimg.com"),
    *("*.toutiaoimg.com", "*.pstatp.com", "*.juejin.cn", "*.csdnimg.cn", "img-blog.csdn.net", "*.cnblogs.com"),
    *("*.oschina.net", "*.gitee.com", "*.segmentfault.com", "*.infoq.cn", "*.geekbang.org", "*.51cto.com"),
    *("*.hdslb.com", "*.36krcdn.com", "*.ithome.com", "*.sspai.com", "*.huxiucdn.com", "*.doubanio.com"),
    *("*.126.net", "*.127.net", "*.sohucs.com", "*.ifengimg.com", "*.myzaker.com", "*.bahamut.com.tw"),
    *("*.alicdn.com", "*.aliyuncs.com", "*.bcebos.com", "*.bdimg.com", "*.hiphotos.baidu.com", "*.myqcloud.com"),
    *("*.wp.com", "*.files.wordpress.com", "*.gravatar.com", "*.bp.blogspot.com", "*.ggpht.com"),
    *("*.googleusercontent.com", "*.ytimg.com", "*.twimg.com", "*.fbcdn.net", "*.cdninstagram.com"),
    *("*.imgur.com", "*.staticflickr.com", "*.githubusercontent.com", "*.github.io", "*.cloudfront.net"),
    *("*.akamaihd.net", "*.wikimedia.org", "*.guim.co.uk", "*.bbci.co.uk", "*.nyt.com", "*.redd.it"),
)


@lru_cache(maxsize=4096)
def is_among(patterns: tuple[str, ...], host: str) -> bool:
    """Say whether a host matches one of *patterns*: `*.example.org` is the domain and all below it."""
    return _compiled(patterns).fullmatch(host) is not None


@lru_cache(maxsize=64)
def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(_expression, patterns)) or r"(?!)", re.IGNORECASE)


def _expression(pattern: str) -> str:
    below, domain = ("(?:.*\\.)?", pattern[2:]) if pattern.startswith("*.") else ("", pattern)
    return below + expression_of(domain)

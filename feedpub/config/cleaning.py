"""The options of `[sanitiser]`: pictures, players, stock links, and what goes of which site.

The sanitiser itself is imported by what needs it, so that a run in which nothing changed starts without it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, Self

from feedpub.config import values
from feedpub.config.readers import Spot, check_some, checked, one_of, some_text, text
from feedpub.config.tables import Options, list_of, one_or_more, option, table

if TYPE_CHECKING:
    from feedpub.sanitiser.players import Player
    from feedpub.sanitiser.proxy import Proxy
    from feedpub.sanitiser.rules import Boilerplate

#: Where the keys of image proxies come from: never from a file that is committed with the articles.
KEY, SALT = "FEEDPUB_IMAGE_KEY", "FEEDPUB_IMAGE_SALT"

_HOST = re.compile(r"[\w.*\-]+", re.ASCII)
_HOST_AND_PORT = re.compile(r"[\w.*\-]+(?::\d+)?", re.ASCII)
_PLAYER = re.compile(r"(?:https?:)?/?/?([\w.\-]+/.*)")


def _check_host(text: str) -> str:
    """Accept the name of a host, "*" standing for anything; what was copied with it from an address is none of it."""
    if not _HOST.fullmatch(text):
        raise ValueError('must be a host such as "news.example.org" or "*.example.org"')
    return text.lower()


def _check_host_and_port(text: str) -> str:
    return text.lower() if _HOST_AND_PORT.fullmatch(text) else _check_host(text)


def _check_selector(text: str) -> str:
    from feedpub.sanitiser.selectors import parse_selector

    parse_selector(text)
    return text


def _check_image_template(text: str) -> str:
    """Accept the name of a preset, or an absolute address with placeholders, one of which holds the picture's."""
    from feedpub.sanitiser.proxy import FIELDS, PRESETS

    if text in PRESETS:
        return text
    if not re.search("[{}:/]", text):
        names = ", ".join(f'"{name}"' for name in PRESETS)
        hint = values.suggest(text, PRESETS)
        raise ValueError(f'must be one of {names}, or a template such as "https://img.example.org/?{{url}}"{hint}')
    telling = [name for name in FIELDS if name.startswith("url")]
    values.check_template(text, known=FIELDS, telling=telling, many="many pictures")
    if "{{" in text or "}}" in text or text.count("{imgproxy_signature}") > 1:
        raise ValueError("must hold no doubled braces, and a signature only once")
    if "{" in text.partition("://")[2].partition("/")[0]:
        raise ValueError("must name its host; placeholders stand behind it")
    return text


def _check_server(text: str) -> str:
    return values.check_folder_address(text) if text else text


def _check_player(text: str) -> str:
    match = _PLAYER.fullmatch(text)
    if match is None or text.count("{id}") != 1 or set(re.findall(r"\{(\w*)\}", text)) != {"id"}:
        raise ValueError('must be an address such as "https://player.example.org/embed/{id}", with {id} once')
    host, _, rest = match[1].partition("/")
    return f"{host.lower()}/{rest}"


def _check_film_page(text: str) -> str:
    """Accept an absolute address with `{id}`: the film's page, or its still."""
    if "{{" in text or "}}" in text:
        raise ValueError("must hold no doubled braces")
    return values.check_template(text, known=("id",), telling=("id",), many="many films")


def _check_still(text: str) -> str:
    return _check_film_page(text) if text else text


_hosts = one_or_more(checked(text, _check_host))
_film_page = checked(text, _check_film_page)


class Unwrap(Options):
    """`[[sanitiser.images.unwrap]]`: a wrapper that hides the real address of an image."""

    match: str = option(checked(text, values.check_wrapper))  #: An address with `{url}` where the real one stands.


class _ProxyOptions(Options):
    """How pictures are shown: as they are, or through a proxy."""

    mode: Literal["keep", "proxy"] = option(one_of("keep", "proxy", later=("mirror",)), "keep")
    #: One of `proxy.PRESETS`, or an address of `proxy.FIELDS`.
    template: str | None = option(checked(text, _check_image_template), None)
    server: str = option(checked(text, _check_server), "")  #: Where the proxy of a preset runs.
    key: bytes = b""
    salt: bytes = b""

    def settled(self, spot: Spot, /) -> Self:
        """Check that there is a proxy where one is wanted, and fetch its keys."""
        if self.mode == "proxy" and not self._pattern:
            raise ValueError('needs a template beside mode = "proxy"; "wsrv" is one that runs for everybody')
        if "{server}" in self._pattern and not self.server:
            raise ValueError(f'needs the server on which {self.template} runs, such as "https://img.example.org"')
        if self.mode == "keep" or not self._is_signed:
            return self
        is_hex = "{imgproxy_signature}" in self._pattern
        key = _read_secret(KEY, spot.environ, is_hex=is_hex)
        return self.replaced(key=key, salt=_read_secret(SALT, spot.environ, is_hex=True) if is_hex else b"")

    @property
    def _pattern(self) -> str:
        if not self.template:
            return ""
        from feedpub.sanitiser.proxy import PRESETS

        return PRESETS.get(self.template, self.template)

    @property
    def _is_signed(self) -> bool:
        from feedpub.sanitiser.proxy import SIGNED

        return any(f"{{{name}}}" in self._pattern for name in SIGNED)

    def proxy(self, hosts: tuple[str, ...]) -> Proxy:
        """Say how the pictures of *hosts* are shown."""
        from feedpub.sanitiser.proxy import Proxy

        if self.mode == "keep":
            return Proxy(template="", hosts=hosts)
        template = self._pattern.replace("{server}", self.server.rstrip("/"))
        return Proxy(template=template, hosts=hosts, key=self.key, salt=self.salt)


def _read_secret(name: str, environ: Mapping[str, str], *, is_hex: bool) -> bytes:
    """Read a secret, whose value no message repeats."""
    text = environ.get(name, "")
    if not text:
        raise ValueError(f"needs a secret: set {name} in the environment")
    try:
        return bytes.fromhex(text) if is_hex else text.encode()
    except ValueError as error:
        raise ValueError(f"needs {name} in hexadecimal, as imgproxy does") from error


class ImageHost(_ProxyOptions):
    """`[[sanitiser.images.host]]`: what the pictures of some hosts have different."""

    match: tuple[str, ...] = option(_hosts)


class ImageOptions(_ProxyOptions):
    """`[sanitiser.images]`."""

    #: Whose pictures are there under https as well.
    https: tuple[str, ...] = option(one_or_more(checked(text, _check_host_and_port)), ())
    placeholder: tuple[str, ...] | None = option(list_of(some_text), None)  #: `None` for the usual ones.
    unwrap: tuple[Unwrap, ...] = option(list_of(table(Unwrap)), ())
    host: tuple[ImageHost, ...] = option(list_of(table(ImageHost)), ())

    @property
    def proxies(self) -> tuple[Proxy, ...]:
        """How pictures are shown, the exceptions first; nothing where all stay as they are."""
        rules = (*(options.proxy(options.match) for options in self.host), self.proxy(("*",)))
        return rules if any(rule.template for rule in rules) else ()


class StockOptions(Options):
    """`[sanitiser.stocks]`."""

    #: Or a site's name, or a template of `sanitiser.quotes.FIELDS`.
    target: str = option(checked(text, values.check_stock_target), "keep")


class PlayerOptions(Options):
    """`[[sanitiser.player]]`: a frame that becomes a link."""

    match: str = option(checked(text, _check_player))
    page: str = option(_film_page)
    picture: str = option(checked(text, _check_still), "")  #: A still of the film, `{id}` in its address.

    @property
    def player(self) -> Player:
        """The same in the sanitiser's terms."""
        from feedpub.sanitiser.players import Player

        return Player(self.match, self.page, self.picture)


class RemovalOptions(Options):
    """`[[sanitiser.rule]]`: what goes of the articles of some sites."""

    match: tuple[str, ...] = option(_hosts, ("*",))  #: Of the articles' own links.
    remove: tuple[str, ...] = option(checked(one_or_more(checked(text, _check_selector)), check_some))

    @property
    def boilerplate(self) -> Boilerplate:
        """The same in the sanitiser's terms."""
        from feedpub.sanitiser.rules import Boilerplate

        return Boilerplate(match=self.match, remove=self.remove)


class SanitiserOptions(Options):
    """`[sanitiser]`."""

    images: ImageOptions = option(table(ImageOptions), {})
    stocks: StockOptions = option(table(StockOptions), {})
    player: tuple[PlayerOptions, ...] = option(list_of(table(PlayerOptions)), ())
    rule: tuple[RemovalOptions, ...] = option(list_of(table(RemovalOptions)), ())

"""Sound and film: shown with controls where the file is known; a known player becomes a link."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from feedpub.sanitiser import tree
from feedpub.sanitiser.addresses import image_url, media_url
from feedpub.sanitiser.rules import Change, Rules

if TYPE_CHECKING:
    from feedpub.sanitiser.players import Film

#: Where a film waits that a script would start.
_LAZY = ("src", "data-src", "data-url", "data-lazy-src", "data-original", "data-video-src", "data-mp4")
#: Where a paragraph may stand.
_ROOMY = frozenset(
    ("html", "div", "section", "article", "main", "center", "figure", "td", "li", "blockquote", "object")
)
#: What embeds players, and where each says which.
FRAMES = {"iframe": _LAZY, "amp-iframe": _LAZY, "embed": ("src",), "object": ("data",)}


#: All that shows sound and film, and all that may embed them.
TAGS = (*FRAMES, "video", "audio", "source")
#: What plays a file, or becomes what does.
PLAYED = frozenset(("video", "audio", "source", "amp-video", "amp-audio"))


def link_players(body: tree.Element, *, base: str | None, rules: Rules) -> tuple[list[str], list[Change]]:
    """Put a link, around a still where there is one, in the place of each known player; other frames go."""
    removed: list[str] = []
    changes: list[Change] = []
    for frame in tree.elements(body, *FRAMES):
        if frame.getparent() is None:  # it was in another one, and went with it
            continue
        film = next(_films(frame, base, rules), None)
        name = str(frame.tag)
        place = f"{name}/{FRAMES[name][0]}"
        changes.append(Change(place, frame.get(FRAMES[name][0], ""), film.page if film else None, "" if film else name))
        if film:
            _become_link(frame, film, image_url(film.picture, rules=rules) if film.picture else None)
        elif name in ("iframe", "amp-iframe"):
            tree.drop(frame)
            removed.append(name)
    if changes:
        tree.sweep(body)
    return removed, changes


def _films(frame: tree.Element, base: str | None, rules: Rules) -> Iterator[Film]:
    # Few articles have a player, and the table of all takes its time to load.
    from feedpub.sanitiser.players import film_of

    if frame.tag == "object":
        values = [frame.get("data"), *(param.get("value") for param in frame.iterchildren("param"))]
    else:
        values = [frame.get(name) for name in FRAMES[frame.tag]]
    films = (film_of(value, base=base, players=rules.players) for value in values if value)
    yield from (film for film in films if film)


def show_media(body: tree.Element, *, base: str | None, rules: Rules) -> tuple[list[str], list[Change]]:
    """Settle the addresses of sound and film; what has none goes, with the words for old browsers."""
    removed: list[str] = []
    changes: list[Change] = []
    if not tree.elements(body, "video", "audio", "source"):
        return removed, changes
    for element in tree.elements(body, "video", "audio"):
        found = _settle(element, base, rules)
        changes += found
        if not any(change.after for change in found):
            removed.append(str(element.tag))
            _show_what_is_left(element)
    for source in tree.elements(body, "source"):
        if source.getparent().tag not in ("video", "audio", "picture"):
            tree.unwrap(source)
    tree.sweep(body)
    return removed, changes


def _become_link(frame: tree.Element, film: Film, picture: str | None) -> None:
    parent = frame.getparent()
    if parent is not None and parent.tag == "object":
        # Old pages say the player twice; where the outer one did not tell what it plays, it stands around the link.
        tree.unwrap(parent)
    title = (frame.get("title") or "").strip()
    frame.clear(keep_tail=True)
    # A frame stands by itself: among blocks, a paragraph of its own keeps the link from running into the text.
    frame.tag = "p"
    link = tree.add_link(frame, href=film.page)
    if picture:
        tree.add_image(link, src=picture, alt=title)
    else:
        link.text = title or film.page
    if parent is not None and parent.tag not in _ROOMY:
        tree.unwrap(frame)


def _show_what_is_left(element: tree.Element) -> None:
    """Leave of a film that cannot be played the words with a link to it, or what it would have shown before."""
    poster = element.get("poster")
    if element.find(".//a[@href]") is not None:
        tree.unwrap(element)
    elif poster:
        element.clear(keep_tail=True)
        element.tag = "p"
        tree.add_image(element, src=poster, alt="")
    else:
        tree.drop(element)


def _settle(element: tree.Element, base: str | None, rules: Rules) -> list[Change]:
    changes = [_settle_source(element, base, rules)]
    for source in element.iterchildren("source"):
        changes.append(_settle_source(source, base, rules))
        if changes[-1].after is None:
            tree.unwrap(source)
    poster = image_url(element.attrib.pop("poster", ""), base_url=base, rules=rules)
    if poster:
        element.set("poster", poster)
    element.attrib.pop("controls", None)
    element.set("controls", "")
    return [change for change in changes if change.before]


def _settle_source(element: tree.Element, base: str | None, rules: Rules) -> Change:
    values = [value for name in _LAZY if (value := element.get(name))]
    found = [(value, url) for value in values if (url := media_url(value, base_url=base, rules=rules))]
    before, url = found[0] if found else (values[0] if values else "", None)
    element.attrib.pop("src", None)
    if url:
        element.set("src", url)
    return Change(f"{element.tag}/src", before, url)

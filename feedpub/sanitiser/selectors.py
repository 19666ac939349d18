r"""A small language for what a rule removes: CSS selectors, with "*" in names and `:text()`.

`.ad-wrap`, `#quote_*`, `p.editor`, `div[data-role=ad]`, `aside > .share`, `.caption:empty`, and
`p:text(责任编辑[:：]\w{2,4})`, whose pattern must match all that the element says. One selector is for one
element and what stands around it, so that no page can make them expensive.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from feedpub.sanitiser import tree
from feedpub.sanitiser.wildcards import expression_of

#: In characters: what says more is no line of boilerplate, and is not compared.
LONGEST_TEXT = 100

#: Levels that are looked through for what an element must be below.
_FARTHEST = 50
#: Of "*" in a name; each multiplies what a comparison may cost.
_STARS = 3

#: What a name is of: also all that is not ASCII, but for what is beyond 16 bits and no letter.
_NAMING = r"(?:[\w\-*]|[^\x00-\x7f\U00010000-\U0010ffff])"
_TOKEN = re.compile(
    r"(?P<tag>[A-Za-z][\w\-]*|\*(?![\w\-*]))"
    rf"|\.(?P<class>{_NAMING}+)"
    rf"|#(?P<id>{_NAMING}+)"
    r"|\[\s*(?P<name>[\w\-]+)\s*(?:(?P<how>[\^$*]?=)\s*(?P<quote>[\"']?)(?P<value>[^\"'\]]*)(?P=quote)\s*)?\]"
    r"|:(?P<pseudo>empty)(?![\w(\-])"
)
_STEP = re.compile(r"\s*(>)\s*|\s+")

Test = Callable[["tree.Element"], bool]


@dataclass(frozen=True)
class Compound:
    """What one element must be."""

    tag: str = ""
    classes: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    attributes: tuple[tuple[str, str, str], ...] = ()  #: Name, comparison, value.
    empty: bool = False
    text: str = ""

    def matches(self, element: tree.Element) -> bool:
        """Say whether an element is what it describes; which the fewest elements are is asked first."""
        if self.tag and element.tag != self.tag:
            return False
        if self.text and not self._says(element):
            return False
        return all(test(element) for test in self._tests) and (not self.empty or tree.is_empty(element))

    @cached_property
    def _tests(self) -> tuple[Test, ...]:
        return (
            *(_class_test(name) for name in self.classes),
            *(_id_test(name) for name in self.ids),
            *(_attribute_test(*parts) for parts in self.attributes),
        )

    def _says(self, element: tree.Element) -> bool:
        # Its first text alone is too long as a rule; to gather all of it takes longer.
        text = (element.text or "").strip()
        if len(text) > LONGEST_TEXT:
            return False
        if len(element):
            if not tree.holds_few(element) or any(
                child.tag in tree.SHOWN and child.tag != "br" for child in element.iter("*")
            ):
                return False
            text = tree.text_of(element)
        text = " ".join(text.split())
        return 0 < len(text) <= LONGEST_TEXT and self._pattern.fullmatch(text) is not None

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(self.text)


@dataclass(frozen=True)
class Selector:
    """What an element must be, and those around it, the nearest first."""

    source: str
    compound: Compound
    above: tuple[tuple[bool, Compound], ...] = ()  #: True where it must be the parent.

    def matches(self, element: tree.Element) -> bool:
        """Say whether the selector means this element."""
        return self.compound.matches(element) and (not self.above or self._is_below(element))

    def _is_below(self, element: tree.Element) -> bool:
        # Going up once for all steps misses what only a second try would find, and takes no longer than that.
        for is_parent, compound in self.above:
            ancestors = islice(element.iterancestors(), _FARTHEST)
            nearest = [next(ancestors, None)] if is_parent else ancestors
            element = next((each for each in nearest if each is not None and compound.matches(each)), None)
            if element is None:
                return False
        return True


def parse_selector(source: str) -> Selector:
    """Read a selector.

    Raises:
        ValueError: It is none; the message says where it ends to be one.
    """
    selector = read_selector(source)
    for compound in (selector.compound, *(compound for _, compound in selector.above)):
        _check_pattern(compound.text)
    return selector


def read_selector(source: str) -> Selector:
    """Read a selector, but compile no pattern, which may take longer than to clean ten pages.

    Raises:
        ValueError: As `parse_selector` does, but for patterns.
    """
    steps = list(_read_steps(source.strip()))
    compounds = [compound for _, compound in steps]
    joints = [is_parent for is_parent, _ in steps[1:]]
    return Selector(
        source=source.strip(), compound=compounds[-1], above=tuple(zip(joints[::-1], compounds[-2::-1], strict=True))
    )


def _read_steps(source: str) -> Iterator[tuple[bool, Compound]]:
    position, is_parent = 0, False
    while True:
        compound, position = _read_compound(source, position)
        yield is_parent, compound
        if position == len(source):
            return
        step = _STEP.match(source, position)
        if step is None:
            raise ValueError(f"is no selector from {source[position : position + 20]!r} on")
        position, is_parent = step.end(), step[1] is not None
        if position == len(source):
            raise ValueError('ends after ">"')


def _read_compound(source: str, position: int) -> tuple[Compound, int]:
    tokens: list[re.Match[str]] = []
    start, text = position, ""
    while position < len(source):
        if source.startswith(":text(", position):
            if text:
                raise ValueError("has more than one :text()")
            text, position = _read_text(source, position)
        elif (token := _TOKEN.match(source, position)) and not (token["tag"] and tokens):
            tokens.append(token)
            position = token.end()
        else:
            break
    if any(token[0].count("*") > _STARS for token in tokens):
        raise ValueError(f"has a name with more than {_STARS} asterisks")
    if position == start:
        raise ValueError(f"is no selector from {source[position : position + 20]!r} on")
    return _compound(tokens, text), position


def _read_text(source: str, position: int) -> tuple[str, int]:
    """Read the pattern of `:text(…)`: up to the parenthesis that closes it, those of the pattern in pairs."""
    begin, depth, at = position + len(":text("), 1, position + len(":text(")
    while at < len(source) and depth:
        at += 1 if source[at] == "\\" else 0
        depth += {"(": 1, ")": -1}.get(source[at : at + 1], 0)
        at += 1
    if depth:
        raise ValueError("has a :text( without its closing parenthesis")
    return source[begin : at - 1], at


def _check_pattern(pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"has no valid pattern in :text(): {error}") from error


def _compound(tokens: list[re.Match[str]], text: str) -> Compound:
    return Compound(
        tag=next((token["tag"].lower() for token in tokens if token["tag"] and token["tag"] != "*"), ""),
        classes=tuple(token["class"] for token in tokens if token["class"]),
        ids=tuple(token["id"] for token in tokens if token["id"]),
        attributes=tuple(
            (token["name"].lower(), token["how"] or "", token["value"] or "") for token in tokens if token["name"]
        ),
        empty=any(token["pseudo"] for token in tokens),
        text=text,
    )


def _class_test(name: str) -> Test:
    if "*" not in name:
        return lambda element: name in (element.get("class") or "").split()
    pattern = wildcard(name)
    return lambda element: any(map(pattern.fullmatch, (element.get("class") or "").split()))


def _id_test(name: str) -> Test:
    pattern = wildcard(name)
    return lambda element: pattern.fullmatch(element.get("id") or "") is not None


def _attribute_test(name: str, how: str, value: str) -> Test:
    tests: dict[str, Callable[[str], bool]] = {
        "": lambda _: True,
        "=": lambda text: text == value,
        "^=": lambda text: bool(value) and text.startswith(value),
        "$=": lambda text: bool(value) and text.endswith(value),
        "*=": lambda text: bool(value) and value in text,
    }
    test = tests[how]
    return lambda element: name in element.attrib and test(element.get(name))


def wildcard(name: str) -> re.Pattern[str]:
    """Compile a name in which "*" stands for anything."""
    return re.compile(expression_of(name), re.DOTALL | re.IGNORECASE)

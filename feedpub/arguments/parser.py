"""A parser of arguments that teaches: with examples and exit codes, and the nearest known word for an unknown one."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, NoReturn

#: In characters, as descriptions have it; to ask the terminal takes longer than to read the arguments.
_WIDTH = 80

_WRONG_USE = 2


class Parser(argparse.ArgumentParser):
    """The parser of one command, or of a group of commands."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(formatter_class=_layout, allow_abbrev=False, **settings)
        self._group: argparse._SubParsersAction[Parser] | None = None
        self._default = ""

    def add_command(
        self, name: str, *, usage: str, summary: str, more: str = "", example: str, exits: Mapping[int, str]
    ) -> Parser:
        """Make a command of this group; *usage* is what follows its name, and *more* says what *summary* cannot."""
        if self._group is None:
            # Without a name for the program here, the whole usage is laid out to get it.
            self._group = self.add_subparsers(title="commands", metavar="COMMAND", prog=self.prog)
        prog = f"{self.prog} {name}"
        parser = self._group.add_parser(
            name,
            usage=f"{prog} {usage}",
            help=summary,
            description="\n\n".join(filter(None, [f"{summary}.", more, f"Example: {prog} {example}"])),
            epilog=_list_exits(exits),
        )
        parser.set_defaults(command=prog.partition(" ")[2])
        return parser

    def choose_by_default(self, name: str) -> None:
        """Take this command of the group where none is named."""
        self._default = name

    def parse_known_args(  # type: ignore[override]  # of the two ways to call it, argparse uses one
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Read the arguments of a command; there are no unknown ones."""
        words = list(sys.argv[1:] if args is None else args)
        said, rest = super().parse_known_args(self._name_command(words) if self._group else words, namespace)
        # An option goes first: what follows it may have been meant as its value.
        option = next((word.partition("=")[0] for word in rest if word.startswith("-")), None)
        if option:
            self._refuse("unknown option", option, known=self._option_string_actions)
        if rest:
            self._refuse("unexpected argument", rest[0])
        return said, rest

    def _name_command(self, words: list[str]) -> list[str]:
        """Make sure that a group is told which of its commands is meant."""
        first = words[0] if words else ""
        options, commands = self._option_string_actions, self._group.choices if self._group else {}
        if self._default and first not in options and (not first or first.startswith("-")):
            return [self._default, *words]
        if not first:
            self.print_help(sys.stderr)
            self.exit(_WRONG_USE)
        if first.startswith("-") and first not in options:
            self._refuse("unknown option", first, known=options)
        if first not in commands and first not in options:
            self._refuse("unknown command", first, known=commands)
        return words

    def _refuse(self, why: str, word: str, *, known: Iterable[str] = ()) -> NoReturn:
        self.error(f"{why}: {word}{_suggest(word, known)}")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and where to read what would be right."""
        self.exit(_WRONG_USE, f"{self.prog}: {message}\n{self.prog} --help says what there is\n")


def _suggest(word: str, known: Iterable[str]) -> str:
    """Word the nearest known word as the end of a sentence; nothing where none is near."""
    from difflib import get_close_matches

    found = get_close_matches(word, list(known), n=1)
    return f"; did you mean {found[0]}?" if found else ""


def _layout(prog: str) -> argparse.HelpFormatter:
    """Lay help out; descriptions stay as they are written."""
    return argparse.RawDescriptionHelpFormatter(prog, max_help_position=28, width=_WIDTH)


def _list_exits(exits: Mapping[int, str]) -> str:
    lines = (f"{code:<4} {meaning}".replace("\n", f"\n{'':5}") for code, meaning in exits.items())
    return "\n".join(["exit codes:", *lines]).replace("\n", "\n  ")

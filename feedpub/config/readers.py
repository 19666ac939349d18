"""What reads a single value of the configuration, and says what is wrong with it.

TOML has types of its own, so none is guessed from another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from feedpub.config.problems import Problem, explain_choice, explain_kind, shown
from feedpub.config.values import check_utf8

if TYPE_CHECKING:
    from feedpub.config.tables import Options
    from feedpub.config.toml_lines import KeyPath

_T = TypeVar("_T")
_T_co = TypeVar("_T_co", covariant=True)
_Items = TypeVar("_Items", bound=tuple[object, ...])
_Name = TypeVar("_Name", bound=str)


#: The largest number that databases and other programs have a place for.
_MOST = 2**63 - 1


class WrongError(ValueError):
    """Says all of what is wrong with a value; any other `ValueError` says it in words that follow the value."""


class ReportedError(WrongError):
    """Something is wrong below, and reported."""


class Spot(NamedTuple):
    """Where a value stands, and what it may depend on besides."""

    path: KeyPath
    folder: Path  #: That paths count from.
    environ: Mapping[str, str]
    root: type[Options]  #: The whole configuration.
    problems: list[Problem]  #: What was found to be wrong so far.

    def below(self, part: str | int) -> Spot:
        """Go to a part of a table or of a list."""
        return self._replace(path=(*self.path, part))

    def report(self, reason: str) -> None:
        """Note what is wrong here."""
        self.problems.append(Problem(path=self.path, reason=reason))

    def unless_wrong(self, read: _T, *, since: int) -> _T:
        """Give what was read here, unless there are more problems now than there were."""
        if len(self.problems) > since:
            raise ReportedError
        return read


class Reader(Generic[_T_co]):
    """Takes a value as TOML has it, and gives it as the program uses it, or raises `ValueError` with the reason."""

    def __init__(
        self,
        read: Callable[[object, Spot], _T_co],
        *,
        parts: Reader[object] | None = None,
        named: bool = False,
        table: type[Options] | None = None,
    ) -> None:
        """Read with *read*; of a list or table, say what reads its parts and whether those have names, or its class."""
        self.read, self.parts, self.named, self.table = read, parts, named, table


def checked(reader: Reader[_T], *checks: Callable[[_T], _T]) -> Reader[_T]:
    """Put what a reader gives through some more checks."""

    def read(value: object, spot: Spot) -> _T:
        done = reader.read(value, spot)
        for check in checks:
            done = check(done)
        return done

    return Reader(read, parts=reader.parts, named=reader.named, table=reader.table)


def plain(read: Callable[[object], _T]) -> Reader[_T]:
    """Read what depends on nothing besides."""
    return Reader(lambda value, _: read(value))


def one_of(*names: _Name, later: tuple[str, ...] = ()) -> Reader[_Name]:
    """Read one of some words; refuse what a *later* version will know, since to ignore it would be to lie."""

    def read(value: object) -> _Name:
        for name in names:
            if value == name:
                return name
        if value in later:
            raise ValueError(f'is not available yet; use "{names[0]}"')
        raise WrongError(explain_choice(names, value))

    return plain(read)


def whole(*, least: int, most: int = _MOST) -> Reader[int]:
    """Read a whole number."""

    def read(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise WrongError(explain_kind("a whole number", value))
        if value < least:
            raise WrongError(f"must be {least} or more; got {shown(value)}")
        if value > most:
            raise WrongError(f"must be {most} or less; got {shown(value)}")
        return value

    return plain(read)


def number(*, least: float, most: float, above: bool = False) -> Reader[float]:
    """Read a number from *least*, or only *above* it, up to *most*; a whole one will do."""

    def read(value: object) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise WrongError(explain_kind("a number", value))
        # Nothing is true of what is no number ("nan").
        if not (value > least if above else value >= least):
            limit = f"more than {least:g}" if above else f"{least:g} or more"
            raise WrongError(f"must be {limit}; got {shown(value)}")
        if value > most:
            raise WrongError(f"must be {most:g} or less; got {shown(value)}")
        return float(value)

    return plain(read)


def _read_text(value: object) -> str:
    if not isinstance(value, str):
        raise WrongError(explain_kind("a text in quotes", value))
    return check_utf8(value)


def _refuse_empty(value: str) -> str:
    if not value:
        raise WrongError(f"must not be empty; got {shown(value)}")
    return value


def _read_flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise WrongError(explain_kind("true or false", value))
    return value


#: Any text, one that says something, and a yes or no.
text = plain(_read_text)
some_text = checked(text, _refuse_empty)
flag = plain(_read_flag)


def check_some(items: _Items) -> _Items:
    """Refuse an empty list."""
    if not items:
        raise ValueError("must not be empty")
    return items

"""How tables of the configuration are read: a class for each table, and for each of its keys what reads its value.

Whatever is wrong is found in one go. All this is our own, since the libraries that would do it and find all problems
take up to a tenth of a second to load, which is a third of a run in which little changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, Self, TypeVar, dataclass_transform

from feedpub.config.problems import (
    ANY,
    Problem,
    explain_missing,
    explain_no_list,
    explain_no_table,
    explain_unknown,
    shown,
)
from feedpub.config.readers import Reader, ReportedError, Spot, WrongError

if TYPE_CHECKING:
    from feedpub.config.toml_lines import KeyPath

_T = TypeVar("_T")
_Table = TypeVar("_Table", bound="Options")

#: In place of a key's default: there is none.
_REQUIRED = object()


class TableError(Exception):
    """A configuration is wrong; says all that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(*problems)
        self.problems = problems


class _Option(NamedTuple):
    """A key of a table."""

    reader: Reader[Any]
    default: object


def option(reader: Reader[_T], default: object = _REQUIRED) -> _T:
    """Declare a key of a table.

    Where it is missing, its *default* is read as if it stood there; `None`, which TOML cannot say, stays as it is.
    """
    return _Option(reader, default)  # type: ignore[return-value]


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(option,))
class Options:
    """A table, each of whose attributes is an `option`; what has a plain default besides is no key.

    It is what a frozen dataclass would be: those take a millisecond each to be made, in every run.
    """

    def __init__(self, **values: object) -> None:
        """Take the value of each attribute."""
        vars(self).update(values)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        """Refuse."""
        raise AttributeError(f"{type(self).__name__}.{name} stays as it was read")

    def __delattr__(self, name: str) -> NoReturn:
        """Refuse."""
        raise AttributeError(f"{type(self).__name__}.{name} stays as it was read")

    def __eq__(self, other: object) -> bool:
        """Tell whether *other* is the same table with the same values."""
        return type(self) is type(other) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]

    def replaced(self, **values: object) -> Self:
        """Give the same table with some other values.

        Raises:
            AttributeError: There is no such key.
        """
        for name in values:
            getattr(self, name)
        return type(self)(**{**vars(self), **values})

    def settled(self, _spot: Spot, /) -> Self:
        """Check what only all keys together can tell, and give the table as it is used.

        Raises:
            ValueError: The reason why they do not go together.
        """
        return self


def read_table(options: type[_Table], raw: object, *, folder: Path, environ: Mapping[str, str]) -> _Table:
    """Read a whole configuration, whose paths count from *folder*.

    Raises:
        TableError: Something is wrong.
    """
    spot = Spot((), folder, environ, options, [])
    read = _attempt(table(options), raw, spot)
    if spot.problems:
        raise TableError(spot.problems)
    return read  # type: ignore[no-any-return]


def known_keys(options: type[Options]) -> tuple[KeyPath, ...]:
    """Collect the paths of all keys below a table, without positions and with `ANY` for any name."""
    return tuple(_walk_keys(options, ()))


def table(options: type[_Table]) -> Reader[_Table]:
    """Read a table with known keys."""

    def read(value: object, spot: Spot) -> _Table:
        if not isinstance(value, dict):
            raise WrongError(explain_no_table(value, path=spot.path))
        before = len(spot.problems)
        declared = _options_of(options)
        values = {name: _read_option(name, value, declared[name], spot.below(name)) for name in declared}
        for name in (name for name in value if name not in declared):
            spot.below(name).report(explain_unknown((*spot.path, name), known=known_keys(spot.root)))
        return spot.unless_wrong(options(**values), since=before).settled(spot)

    return Reader(read, table=options)


def list_of(parts: Reader[_T]) -> Reader[tuple[_T, ...]]:
    """Read a list of any length."""

    def read(value: object, spot: Spot) -> tuple[_T, ...]:
        if not isinstance(value, tuple):
            raise WrongError(explain_no_list(value, path=spot.path))
        before = len(spot.problems)
        items = tuple(_attempt(parts, item, spot.below(index)) for index, item in enumerate(value))
        return spot.unless_wrong(items, since=before)

    return Reader(read, parts=parts)


def one_or_more(parts: Reader[_T]) -> Reader[tuple[_T, ...]]:
    """Read a list, or a single text for a list of one."""
    many = list_of(parts)
    return Reader(lambda value, spot: many.read((value,) if isinstance(value, str) else value, spot), parts=parts)


def named(parts: Reader[_T], *, check: Callable[[str], str]) -> Reader[dict[str, _T]]:
    """Read a table whose keys the operator chooses, each as *check* takes it."""
    key = Reader(lambda name, _: check(str(name)))

    def read(value: object, spot: Spot) -> dict[str, _T]:
        if not isinstance(value, dict):
            raise WrongError(explain_no_table(value, path=spot.path))
        before = len(spot.problems)
        below = ((name, item, spot.below(name)) for name, item in value.items())
        items = {_attempt(key, name, here): _attempt(parts, item, here) for name, item, here in below}
        return spot.unless_wrong(items, since=before)

    return Reader(read, parts=parts, named=True)


def _options_of(options: type[Options]) -> dict[str, _Option]:
    """List the keys of a table, those that it inherits first."""
    lines = (vars(each).items() for each in reversed(options.__mro__))
    return {name: each for line in lines for name, each in line if isinstance(each, _Option)}


def _read_option(name: str, raw: Mapping[str, object], declared: _Option, spot: Spot) -> Any:
    reader, default = declared
    value = raw.get(name, default)
    if value is _REQUIRED:
        return spot.report(explain_missing(spot.path))
    return None if value is None else _attempt(reader, value, spot)


def _attempt(reader: Reader[Any], value: object, spot: Spot) -> Any:
    """Read a value; report what is wrong with it."""
    try:
        return reader.read(value, spot)
    except ReportedError:
        return None
    except WrongError as error:
        spot.report(str(error))
    except ValueError as error:
        spot.report(str(error) if isinstance(value, dict) else f"{shown(value)} {error}")


def _walk_keys(options: type[Options], start: KeyPath) -> Iterator[KeyPath]:
    for name, (reader, _) in _options_of(options).items():
        path: KeyPath = (*start, name)
        yield path
        while reader.parts:
            if reader.named:
                path = (*path, ANY)
                yield path
            reader = reader.parts
        if reader.table:
            yield from _walk_keys(reader.table, path)

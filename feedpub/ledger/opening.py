"""Opening the file of a ledger, whatever state it is in."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from feedpub.errors import ConfigError, FeedpubError
from feedpub.ledger.marks import (
    COMPANIONS,
    NO_MARK,
    SUSPECT,
    has_companions,
    is_untouched,
    leave_mark,
    read_mark,
    stamp_of,
)
from feedpub.ledger.schema import check, prepare
from feedpub.ledger.troubles import FaultError, finding_faults, is_plain, translate

__all__ = ["Opened", "is_untouched", "open_base"]

#: How every base begins, but an empty one.
_MAGIC = b"SQLite format 3\x00"

#: Endings of files that nobody would take for anything but a base.
_ENDINGS = {".sqlite3", ".sqlite", ".db"}

#: In seconds. Only who looks at a ledger beside a run ever waits for it.
_PATIENCE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An open base with the tables of this version."""

    base: sqlite3.Connection
    version: int  #: Of what was there; 0 for what is new.
    notices: tuple[str, ...] = ()


@contextmanager
def open_base(path: Path, *, private: bool) -> Iterator[Opened]:
    """Open the base at *path*, a damaged one replaced; *private*, a copy of it that is thrown away.

    Raises:
        ConfigError: What is there is somebody else's, none can be made there, or it turned out to be damaged.
        LockedError: Another program is at work with it.
        PublishError: The disk is full or broken.
    """
    try:
        _check_place(path, private=private)
        opened = _open_copy(path) if private else _open_own(path)
    except (OSError, sqlite3.Error) as error:
        raise translate(path, error) from error
    try:
        with closing(opened.base):
            yield opened
    except (FeedpubError, OSError):
        raise
    except Exception as error:
        # Whatever it was, damage may have been the reason: the next run looks the file through.
        leave_mark(path, SUSPECT)
        if is_plain(error) or not _is_sound(path):
            raise translate(path, error) from error
        raise
    if not private:
        leave_mark(path, stamp_of(path))


def _is_sound(path: Path) -> bool:
    """Look for damage that makes a run stumble, which would else be a mistake of ours."""
    try:
        with finding_faults(), closing(_connect_to_read(Path(os.path.realpath(path)))) as base:
            return _find_fault(base, version=check(base), thorough=True) is None
    except (FaultError, sqlite3.Error):
        return False


def _check_place(path: Path, *, private: bool) -> None:
    """See that a ledger can be at *path*.

    Raises:
        ConfigError: It cannot.
    """
    if not os.path.lexists(path):
        return
    if path.exists() and not path.is_file():
        raise ConfigError([f"{path}: is no file, so the ledger cannot be kept there"])
    if path.exists() and not os.access(path, os.R_OK if private else os.R_OK | os.W_OK):
        raise ConfigError([f"{path}: the ledger cannot be {'read' if private else 'written'}: permission denied"])
    if path.exists() and path.suffix not in _ENDINGS and not _is_known(path) and not _begins_well(path):
        raise ConfigError([f"{path}: is no ledger; say in site.ledger or with --ledger where else to keep one"])


def _is_known(path: Path) -> bool:
    """Tell whether a run has ever used this file."""
    return read_mark(path) != NO_MARK


def _begins_well(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) in {_MAGIC, b""}


def _check_beginning(path: Path) -> None:
    # A file of a few bytes is an empty base to SQLite, whatever they are.
    if path.exists() and not _begins_well(path):
        raise FaultError("damaged", "damaged (it does not begin as one)")


def _open_own(path: Path) -> Opened:
    path.parent.mkdir(parents=True, exist_ok=True)
    real = Path(os.path.realpath(path))
    try:
        return _open_sound(real, mark=read_mark(path))
    except FaultError as fault:
        kind, what = fault.kind, f"{path}: the ledger is {fault}"
    aside = _move_aside(real, kind)
    opened = _open_sound(real, mark=NO_MARK)
    saved = kind == "damaged" and _rescue(aside, opened.base)
    return replace(opened, notices=(f"{what}; it was moved to {aside.name}, and a new one begun. {_COST[saved]}",))


_COST = {
    True: "What it remembered of the stories could be saved",
    False: "Ids that articles or their names give stay as they were; dates that only the ledger knew are lost",
}


def _rescue(aside: Path, base: sqlite3.Connection) -> bool:
    # Nobody needs it but then.
    from feedpub.ledger.rescue import rescue

    return rescue(aside, base)


def _open_sound(path: Path, *, mark: str) -> Opened:
    """Open a base that is a ledger.

    Raises:
        FaultError: It is damaged, or of a newer version.
        StrangerError, sqlite3.OperationalError: It is none, or we are not let.
    """
    # Before it is opened: SQLite puts other files beside it then.
    stamp = stamp_of(path)
    _check_beginning(path)
    base = sqlite3.connect(path, timeout=_PATIENCE)
    try:
        with finding_faults():
            version = _prepare(base, mark=mark, stamp=stamp, thorough=True)
            # Readers and a crash see the last commit, whole.
            base.execute("PRAGMA journal_mode = WAL")
    except BaseException:
        base.close()
        raise
    return Opened(base=base, version=version)


def _open_copy(path: Path) -> Opened:
    # An empty name is a file of SQLite's own that is gone when it is closed.
    base = sqlite3.connect("")
    if not path.is_file():
        prepare(base)
        return Opened(base=base, version=0)
    mark, stamp = read_mark(path), stamp_of(path)
    try:
        _check_beginning(path)
        with finding_faults(), closing(_connect_to_read(Path(os.path.realpath(path)))) as own:
            own.backup(base)
            return Opened(base=base, version=_prepare(base, mark=mark, stamp=stamp, thorough=False))
    except FaultError as fault:
        base.close()
        notice = f"{path}: the ledger is {fault}; a build would move it aside"
    except BaseException:
        base.close()
        raise
    base = sqlite3.connect("")
    prepare(base)
    return Opened(base=base, version=0, notices=(notice,))


def _prepare(base: sqlite3.Connection, *, mark: str, stamp: str, thorough: bool) -> int:
    """Give a base the tables of this version, once it is known to be sound, and tell which it had.

    It is looked through where somebody else than a run had it in hand since the last one.
    """
    version = check(base)
    if mark != stamp:
        fault = _find_fault(base, version=version, thorough=thorough)
        # An empty file is a new ledger, but where a run has left more.
        if not version and mark != NO_MARK and stamp:
            fault = "it is empty"
        if fault:
            raise FaultError("damaged", f"damaged ({fault})")
    prepare(base)
    return version


def _find_fault(base: sqlite3.Connection, *, version: int, thorough: bool) -> str | None:
    # Most runs do without.
    from feedpub.ledger.soundness import find_fault

    return find_fault(base, version=version, thorough=thorough)


def _connect_to_read(path: Path) -> sqlite3.Connection:
    """Open a base that is another user's as well as one's own."""
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        return sqlite3.connect(path, timeout=_PATIENCE)
    # To read a base in WAL mode, SQLite makes files beside it unless they are there, or it is told not to.
    mode = "mode=ro" if has_companions(path) else "immutable=1"
    return sqlite3.connect(f"{path.as_uri()}?{mode}", uri=True, timeout=_PATIENCE)


def _move_aside(path: Path, kind: str) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.{kind}-{number}")).exists():
        number += 1
    os.replace(path, aside)
    for ending in COMPANIONS:
        with suppress(FileNotFoundError):
            os.replace(f"{path}{ending}", f"{aside}{ending}")
    return aside

"""Opening the file of a ledger, whatever state it is in."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from feedpub.errors import ConfigError, FeedpubError, LockedError, PublishError
from feedpub.ledger.schema import StrangerError, check, prepare

#: What SQLite puts beside a base.
_COMPANIONS = ("-wal", "-shm", "-journal")

#: How every base begins, but an empty one.
_MAGIC = b"SQLite format 3\x00"

#: Endings of files that nobody would take for anything but a base.
_ENDINGS = {".sqlite3", ".sqlite", ".db"}

#: In seconds. Only who looks at a ledger beside a run ever waits for it.
_PATIENCE = 10

#: In the place of a mark (see `_mark`): a run has stumbled, and the base may be why.
_SUSPECT = "suspect"

_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DENIED = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_NOMEM}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An open base with the tables of this version."""

    base: sqlite3.Connection
    version: int  #: Of what was there; 0 for what is new.
    notices: tuple[str, ...] = ()


class _FaultError(Exception):
    """What is there is a ledger, but none that can be used."""

    def __init__(self, kind: str, words: str) -> None:
        super().__init__(words)
        self.kind = kind


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
        raise _translate(path, error) from error
    try:
        with closing(opened.base):
            yield opened
    except (FeedpubError, OSError):
        raise
    except Exception as error:
        # Whatever it was, damage may have been the reason: the next run looks the file through.
        _mark(path, _SUSPECT)
        if isinstance(error, sqlite3.Error) and not isinstance(error, sqlite3.ProgrammingError):
            raise _translate(path, error) from error
        raise
    if not private:
        _mark(path, _stamp(path))


def _translate(path: Path, error: OSError | sqlite3.Error) -> FeedpubError:
    """Say in the operator's terms what SQLite or the system says."""
    if isinstance(error, StrangerError):
        return ConfigError([f"{path}: {error}; say in site.ledger or with --ledger where else to keep one"])
    if isinstance(error, OSError):
        return ConfigError([f"{error.filename or path}: the ledger cannot be used: {error.strerror}"])
    code = _code_of(error)
    if code in _BUSY:
        return LockedError(f"{path}: another program is at work with the ledger")
    if code in _FULL:
        return PublishError(f"{path}: the ledger cannot be written: {error}")
    if code in _DENIED:
        return ConfigError([f"{path}: the ledger cannot be used: {error}"])
    what = f"{path}: the ledger seems to be damaged: {error}"
    return ConfigError([f"{what}. Run again: it is looked through then, and begun anew if need be"])


def _code_of(error: sqlite3.Error) -> int:
    # Python's own complaints, of text that is none, have no code.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _is_damage(error: sqlite3.Error) -> bool:
    return _code_of(error) not in _BUSY | _FULL | _DENIED


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
    return _read_mark(path) != _NO_MARK


def _begins_well(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) in {_MAGIC, b""}


def _open_own(path: Path) -> Opened:
    path.parent.mkdir(parents=True, exist_ok=True)
    real = Path(os.path.realpath(path))
    try:
        return _open_sound(real, mark=_read_mark(path))
    except _FaultError as fault:
        aside = _move_aside(real, fault.kind)
        notice = (
            f"{path}: the ledger is {fault}; it was moved to {aside.name}, and a new one begun. Ids that articles"
            " or their names give stay as they were; dates that only the ledger knew are lost"
        )
    return replace(_open_sound(real, mark=_NO_MARK), notices=(notice,))


def _open_sound(path: Path, *, mark: str) -> Opened:
    """Open a base that is a ledger.

    Raises:
        _FaultError: It is damaged, or of a newer version.
        StrangerError, sqlite3.OperationalError: It is none, or we are not let.
    """
    # Before it is opened: SQLite puts other files beside it then.
    stamp = _stamp(path)
    base = sqlite3.connect(path, timeout=_PATIENCE)
    try:
        with _finding_faults():
            version = _prepare(base, mark=mark, stamp=stamp)
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
    mark, stamp = _read_mark(path), _stamp(path)
    try:
        with _finding_faults(), closing(_connect_to_read(Path(os.path.realpath(path)))) as own:
            own.backup(base)
            return Opened(base=base, version=_prepare(base, mark=mark, stamp=stamp))
    except _FaultError as fault:
        base.close()
        notice = f"{path}: the ledger is {fault}; a build would move it aside"
    except BaseException:
        base.close()
        raise
    base = sqlite3.connect("")
    prepare(base)
    return Opened(base=base, version=0, notices=(notice,))


@contextmanager
def _finding_faults() -> Iterator[None]:
    """Tell what a base is by what SQLite says while it is opened."""
    try:
        yield
    except StrangerError as error:
        if error.is_newer:
            raise _FaultError("newer", str(error)) from error
        raise
    except sqlite3.Error as error:
        if _is_damage(error):
            raise _FaultError("damaged", f"damaged ({error})") from error
        raise


def _prepare(base: sqlite3.Connection, *, mark: str, stamp: str) -> int:
    """Give a base the tables of this version, once it is known to be sound, and tell which it had.

    It is looked through where somebody else than a run had it in hand since the last one.
    """
    version = check(base)
    if mark != stamp:
        _look_through(base, version=version, mark=mark, stamp=stamp)
    prepare(base)
    return version


def _look_through(base: sqlite3.Connection, *, version: int, mark: str, stamp: str) -> None:
    # Most runs do without.
    from feedpub.ledger.soundness import find_fault

    fault = find_fault(base, version=version, thorough=mark == _SUSPECT)
    # An empty file is a new ledger, but where a run has left more.
    if not fault and not version and mark != _NO_MARK and stamp:
        fault = "it is empty"
    if fault:
        raise _FaultError("damaged", f"damaged ({fault})")


def _connect_to_read(path: Path) -> sqlite3.Connection:
    """Open a base that is another user's as well as one's own."""
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        return sqlite3.connect(path, timeout=_PATIENCE)
    # To read a base in WAL mode, SQLite makes files beside it unless they are there, or it is told not to.
    mode = "mode=ro" if _has_companions(path) else "immutable=1"
    return sqlite3.connect(f"{path.as_uri()}?{mode}", uri=True, timeout=_PATIENCE)


def _move_aside(path: Path, kind: str) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.{kind}-{number}")).exists():
        number += 1
    os.replace(path, aside)
    for ending in _COMPANIONS:
        with suppress(FileNotFoundError):
            os.replace(f"{path}{ending}", f"{aside}{ending}")
    return aside


def is_untouched(path: Path) -> bool:
    """Tell whether a base is as the last run left it."""
    try:
        return _read_mark(path) == _stamp(path)
    except OSError:
        return False


def _stamp(path: Path) -> str:
    """Say what the file system says of a base: while that is the same, nobody had it in hand."""
    if _has_companions(path):
        return ""
    try:
        state = os.stat(path)
    except FileNotFoundError:
        return ""
    return f"{state.st_size} {state.st_mtime_ns} {state.st_ino}"


def _has_companions(path: Path) -> bool:
    real = os.path.realpath(path)
    return any(os.path.exists(real + ending) for ending in _COMPANIONS)


def _mark_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.lock")


#: In the place of a mark, where there is none.
_NO_MARK = "none"


def _mark(path: Path, text: str) -> None:
    """Note in the lock file how a base was left. That file is ours, and there whenever a run is at work."""
    if text != _read_mark(path):
        with suppress(OSError):
            _mark_of(path).write_text(text, "ascii")


def _read_mark(path: Path) -> str:
    try:
        return _mark_of(path).read_text("ascii") or _NO_MARK
    except (OSError, UnicodeError):
        return _NO_MARK

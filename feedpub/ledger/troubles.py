"""What SQLite and the system complain of, told apart by what is to be done about it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from feedpub.errors import ConfigError, FeedpubError, LockedError, PublishError
from feedpub.ledger.schema import StrangerError

_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_DENIED = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_NOMEM}


class FaultError(Exception):
    """What is there is a ledger, but none that can be used."""

    def __init__(self, kind: str, words: str) -> None:
        super().__init__(words)
        self.kind = kind


@contextmanager
def finding_faults() -> Iterator[None]:
    """Tell what a base is by what SQLite says while it is opened."""
    try:
        yield
    except StrangerError as error:
        if error.is_newer:
            raise FaultError("newer", str(error)) from error
        raise
    except sqlite3.Error as error:
        if _is_damage(error):
            raise FaultError("damaged", f"damaged ({error})") from error
        raise
    except UnicodeDecodeError as error:
        # SQLite quotes what it cannot read, and Python cannot read that either.
        raise FaultError("damaged", "damaged (it cannot be read)") from error


def is_plain(error: Exception) -> bool:
    """Tell whether SQLite says what is wrong; of all else it complains as well where a mistake of ours is to blame."""
    return isinstance(error, sqlite3.Error) and _code_of(error) in _BUSY | _FULL | _DENIED | _BROKEN


def translate(path: Path, error: Exception) -> FeedpubError:
    """Say in the operator's terms what SQLite or the system says; of what else a run stumbled, the ledger is why."""
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


def _code_of(error: Exception) -> int:
    # Python's own complaints, of text that is none, have no code.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _is_damage(error: Exception) -> bool:
    return _code_of(error) not in _BUSY | _FULL | _DENIED

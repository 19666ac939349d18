"""The ledger in a bucket: fetched, given back, and never over another's."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from feedpub.bucket.folder import Folder
from feedpub.bucket.ledger import KEY, fetch, give_back, is_still, put_aside
from feedpub.bucket.objects import ABSENT, Objects
from feedpub.bucket.retrying import RetryingStore, RetryPolicy
from feedpub.errors import LockedError, PublishError
from tests.publishing import QUICK, Careless
from tests.servers.storage import Server

ONE, TWO, THREE = (b"SQLite format 3\0" + number for number in (b"one", b"two", b"three"))


@pytest.fixture(params=["keeps", "careless"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> RetryingStore:
    """Give a store that keeps conditions, and one that does not."""
    store: Objects = Folder(tmp_path / "store") if request.param == "keeps" else Careless(tmp_path / "store")
    return RetryingStore(store, RetryPolicy())


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "run/ledger.sqlite3"
    path.parent.mkdir()
    path.write_bytes(ONE)
    return path


def test_a_ledger_comes_back_as_it_was_given(objects: RetryingStore, ledger: Path, tmp_path: Path) -> None:
    assert fetch(objects, tmp_path / "other/ledger.sqlite3") == ABSENT
    assert not (tmp_path / "other").exists()
    first = give_back(objects, ledger, ABSENT, times=QUICK)
    assert fetch(objects, tmp_path / "other/ledger.sqlite3") == first
    assert (tmp_path / "other/ledger.sqlite3").read_bytes() == ONE
    ledger.write_bytes(TWO)
    second = give_back(objects, ledger, first, times=QUICK)
    assert fetch(objects, ledger) == second != first
    assert objects.list(".feedpub/ledger-locks") == []


def test_who_comes_too_late_gives_nothing_back(objects: RetryingStore, ledger: Path) -> None:
    first = give_back(objects, ledger, ABSENT, times=QUICK)
    ledger.write_bytes(TWO)
    give_back(objects, ledger, first, times=QUICK)
    ledger.write_bytes(THREE)
    for tag in (first, ABSENT):
        with pytest.raises(LockedError, match="another run has given back its ledger"):
            give_back(objects, ledger, tag, times=QUICK)
    fetch(objects, ledger)
    assert ledger.read_bytes() == TWO
    assert objects.list(".feedpub/ledger-locks") == []


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "it is empty"),
        (gzip.compress(b""), "it is empty"),
        (gzip.compress(b"SQLite"), "what it holds is no database"),
        (gzip.compress(b"garbage" * 99), "what it holds is no database"),
        (gzip.compress(ONE)[:-9], "compressed file ended before the end-of-stream marker was reached"),
        (gzip.compress(ONE) + b"more", "not a gzipped file"),
        (b"\x1f\x8b broken", ""),
        (b"nothing", "not a gzipped file"),
    ],
    ids=["empty", "of nothing", "a few bytes", "garbage", "cut off", "and more", "half a header", "not packed"],
)
def test_a_broken_ledger_is_said_to_be_one(objects: RetryingStore, ledger: Path, body: bytes, why: str) -> None:
    objects.put(KEY, body, headers={})
    with pytest.raises(PublishError, match="older version of this object; or remove it") as caught:
        fetch(objects, ledger, where="s3://private/ledger")
    assert str(caught.value).startswith(f"s3://private/ledger: the ledger is broken: {why}")
    assert ledger.read_bytes() == ONE


def test_who_was_overtaken_can_tell(objects: RetryingStore, ledger: Path) -> None:
    assert is_still(objects, ABSENT)
    first = give_back(objects, ledger, ABSENT, times=QUICK)
    assert [is_still(objects, tag) for tag in (ABSENT, first)] == [False, True]
    ledger.write_bytes(TWO)
    give_back(objects, ledger, first, times=QUICK)
    assert not is_still(objects, first)


def test_a_damaged_ledger_is_kept_once_beside_the_one_in_its_place(objects: RetryingStore, ledger: Path) -> None:
    first = give_back(objects, ledger, ABSENT, times=QUICK)
    assert (found := objects.get(KEY))
    key = put_aside(objects, first)
    assert key == put_aside(objects, first)
    ledger.write_bytes(TWO)
    give_back(objects, ledger, first, times=QUICK)
    assert (kept := objects.get(key))
    assert (kept.body, key.startswith(f"{KEY}.damaged-")) == (found.body, True)
    with pytest.raises(LockedError):
        put_aside(objects, first)


def test_real_servers_keep_it(server: Server, ledger: Path, tmp_path: Path) -> None:
    from tests.publishing import Press

    press = Press(tmp_path / "one", server.url(server.new_bucket(), "private"), server.environment())
    objects = RetryingStore(press.store, RetryPolicy())
    first = give_back(objects, ledger, ABSENT, times=QUICK)
    ledger.write_bytes(TWO)
    give_back(objects, ledger, first, times=QUICK)
    with pytest.raises(LockedError):
        give_back(objects, ledger, first, times=QUICK)
    fetch(objects, ledger)
    assert ledger.read_bytes() == TWO

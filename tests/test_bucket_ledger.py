"""The ledger in a bucket: fetched, given back, and never over another's."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedpub.bucket.folder import Folder
from feedpub.bucket.ledger import fetch, give_back
from feedpub.bucket.objects import ABSENT, Objects
from feedpub.bucket.patience import Patience, Patient
from feedpub.errors import LockedError, PublishError
from tests.publishing import QUICK, Careless
from tests.servers.storage import Server


@pytest.fixture(params=["keeps", "careless"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> Patient:
    """Give a store that keeps conditions, and one that does not."""
    store: Objects = Folder(tmp_path / "store") if request.param == "keeps" else Careless(tmp_path / "store")
    return Patient(store, Patience())


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "run/ledger.sqlite3"
    path.parent.mkdir()
    path.write_bytes(b"one")
    return path


def test_a_ledger_comes_back_as_it_was_given(objects: Patient, ledger: Path, tmp_path: Path) -> None:
    assert fetch(objects, tmp_path / "other/ledger.sqlite3") == ABSENT
    assert not (tmp_path / "other").exists()
    first = give_back(objects, ledger, ABSENT, times=QUICK)
    assert fetch(objects, tmp_path / "other/ledger.sqlite3") == first
    assert (tmp_path / "other/ledger.sqlite3").read_bytes() == b"one"
    ledger.write_bytes(b"two")
    second = give_back(objects, ledger, first, times=QUICK)
    assert fetch(objects, ledger) == second != first
    assert objects.list(".feedpub/ledger-locks") == []


def test_who_comes_too_late_gives_nothing_back(objects: Patient, ledger: Path) -> None:
    first = give_back(objects, ledger, ABSENT, times=QUICK)
    ledger.write_bytes(b"two")
    give_back(objects, ledger, first, times=QUICK)
    ledger.write_bytes(b"three")
    for tag in (first, ABSENT):
        with pytest.raises(LockedError, match="another run has given back its ledger"):
            give_back(objects, ledger, tag, times=QUICK)
    fetch(objects, ledger)
    assert ledger.read_bytes() == b"two"
    assert objects.list(".feedpub/ledger-locks") == []


def test_a_broken_ledger_is_said_to_be_one(objects: Patient, ledger: Path) -> None:
    give_back(objects, ledger, ABSENT, times=QUICK)
    objects.put(".feedpub/ledger.sqlite3.gz", b"\x1f\x8b broken", headers={})
    with pytest.raises(PublishError, match="is broken"):
        fetch(objects, ledger)
    assert ledger.read_bytes() == b"one"


def test_real_servers_keep_it(server: Server, ledger: Path, tmp_path: Path) -> None:
    from tests.publishing import Press

    press = Press(tmp_path / "one", server.url(server.new_bucket(), "private"), server.environment())
    objects = Patient(press.store, Patience())
    first = give_back(objects, ledger, ABSENT, times=QUICK)
    ledger.write_bytes(b"two")
    give_back(objects, ledger, first, times=QUICK)
    with pytest.raises(LockedError):
        give_back(objects, ledger, first, times=QUICK)
    fetch(objects, ledger)
    assert ledger.read_bytes() == b"two"

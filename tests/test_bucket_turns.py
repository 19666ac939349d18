"""Taking turns, where the store keeps conditions and where it does not."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Barrier, Thread

import pytest

from feedpub.bucket.folder import Folder
from feedpub.bucket.lock_per_run import LockPerRun
from feedpub.bucket.manifest import Listed, Manifest, read_manifest, write_manifest
from feedpub.bucket.objects import ABSENT, Objects, ObjectsError
from feedpub.bucket.probe import probe, sweep
from feedpub.bucket.retrying import RetryingStore, RetryPolicy
from feedpub.bucket.single_lock import SingleLock
from feedpub.bucket.turns import (
    MANIFEST,
    Lock,
    OvertakenError,
    Seen,
    Times,
    Turns,
    Who,
    read_lock,
    write_lock,
)
from feedpub.bucket.watch import look_at_manifest
from feedpub.errors import LockedError
from tests.publishing import Careless


class Clock:
    """Goes on only while somebody sleeps, and does something each time."""

    def __init__(self) -> None:
        self.now = 100.0
        self.meanwhile: Callable[[], object] = lambda: None

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.meanwhile()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def times(clock: Clock) -> Times:
    return Times(lease=60, pause=1, patience=5, clock=lambda: clock.now, sleep=clock.sleep)


@pytest.fixture(params=["line", "crowd"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def objects(kind: str, tmp_path: Path) -> RetryingStore:
    store: Objects = Folder(tmp_path / "store") if kind == "line" else Careless(tmp_path / "store")
    return RetryingStore(store, RetryPolicy())


Make = Callable[..., Turns]


@pytest.fixture
def make(kind: str, objects: RetryingStore, times: Times) -> Make:
    """Make the way of a run to take turns."""

    def turns(run: str, machine: str = "") -> Turns:
        return (SingleLock if kind == "line" else LockPerRun)(objects, Who(run, machine or f"of-{run}"), times)

    return turns


def look(turns: Turns, objects: RetryingStore) -> Seen:
    return turns.look(*look_at_manifest(objects))


def body_of(run: str) -> bytes:
    return write_manifest(Manifest(run, True, {"a": Listed("1", 1, {})}))


def publish(turns: Turns, objects: RetryingStore, run: str, *keys: str) -> None:
    turns.take(look(turns, objects), keys).commit(body_of(run))


def test_one_run_follows_another(make: Make, objects: RetryingStore) -> None:
    for run in ("r1", "r2", "r3"):
        publish(make(run), objects, run, "a")
    seen = look(make("r4"), objects)
    assert (seen.manifest and seen.manifest.run, seen.unsure, seen.unfinished) == ("r3", set(), set())


def test_nobody_takes_a_turn_while_another_has_it(make: Make, objects: RetryingStore, clock: Clock) -> None:
    first = make("r1")
    turn = first.take(look(first, objects), ["a"])
    second = make("r2")
    seen = look(second, objects)
    assert (seen.unsure, seen.unfinished) == ({"a"}, {"r1"})
    clock.meanwhile = lambda: turn.commit(body_of("r1"))
    with pytest.raises(OvertakenError):
        second.take(seen, ["b"])
    clock.meanwhile = lambda: None
    publish(second, objects, "r2", "b")


def test_who_renews_lives_and_who_does_not_is_dead_after_the_lease(
    make: Make, objects: RetryingStore, clock: Clock
) -> None:
    first = make("r1")
    turn = first.take(look(first, objects), ["a"])
    clock.meanwhile = turn.renew
    second = make("r2")
    with pytest.raises(OvertakenError):
        second.take(look(second, objects), ["b"])
    assert clock.now < 100 + 60
    clock.meanwhile = lambda: None
    begin = clock.now
    later = second.take(look(second, objects), ["a", "b"])
    assert clock.now - begin >= 60
    later.commit(body_of("r2"))
    with pytest.raises(LockedError):
        turn.check()
    with pytest.raises(LockedError):
        turn.renew()
    with pytest.raises(LockedError):
        turn.commit(body_of("r1"))
    with pytest.raises(LockedError):
        turn.release()
    assert look(make("r3"), objects).unsure == set()


def test_a_dead_run_of_the_same_machine_is_not_waited_for(make: Make, objects: RetryingStore, clock: Clock) -> None:
    first = make("r1", "m")
    first.take(look(first, objects), ["a"])
    second = make("r2", "m")
    seen = look(second, objects)
    assert seen.unsure == {"a"}
    second.take(seen, ["a"]).commit(body_of("r2"))
    assert clock.now == 100
    assert look(make("r3"), objects).unsure == set()


def test_a_released_turn_is_free_and_says_what_nobody_knows(make: Make, objects: RetryingStore, clock: Clock) -> None:
    for run in ("r1", "r2"):
        turns = make(run)
        seen = look(turns, objects)
        turns.take(seen, {run, *seen.unsure}).release()
    last = make("r3")
    seen = look(last, objects)
    assert (seen.unsure, clock.now) == ({"r1", "r2"}, 100)
    last.take(seen, seen.unsure).commit(body_of("r3"))
    assert look(make("r4"), objects).unsure == set()


def test_what_was_seen_too_long_ago_is_no_base(make: Make, objects: RetryingStore) -> None:
    late = make("r1")
    seen = look(late, objects)
    publish(make("r2"), objects, "r2", "a")
    with pytest.raises(OvertakenError):
        late.take(seen, ["a"])
    assert look(late, objects).unsure == set()


def test_a_turn_is_renewed_in_time_and_not_before(kind: str, make: Make, objects: RetryingStore, clock: Clock) -> None:
    turns = make("r1")
    turn = turns.take(look(turns, objects), ["a"])
    key = next(iter(look(make("r2"), objects).locks))
    beats = []
    for seconds in (0, 19, 1, 19, 2):
        clock.now += seconds
        turn.check()
        turn.renew()
        beats.append(read_lock(objects.get(key).body).beat)  # type: ignore[union-attr]
    assert beats == [0, 0, 1, 1, 2]
    clock.now += 31
    with pytest.raises(LockedError, match="held up"):
        turn.check()
    if kind == "line":
        # Nobody has taken over: the condition would tell.
        turn.renew()
        turn.check()
    else:
        with pytest.raises(LockedError, match="held up"):
            turn.renew()


def test_the_lease_counts_from_before_the_lock_was_sent(kind: str, tmp_path: Path, clock: Clock, times: Times) -> None:
    class Slow(Folder if kind == "line" else Careless):  # type: ignore[misc]
        """Answers late, as one does whose first answer was lost."""

        def put(self, *args: object, **settings: object) -> str:
            clock.now += 25
            return super().put(*args, **settings)  # type: ignore[no-any-return]

    objects = RetryingStore(Slow(tmp_path), RetryPolicy())
    turns = (SingleLock if kind == "line" else LockPerRun)(objects, Who("r", "m"), times)
    turn = turns.take(look(turns, objects), ["a"])
    clock.now += 4
    turn.check()
    turn.renew()
    clock.now += 4
    turn.check()
    clock.now += 2
    with pytest.raises(LockedError):
        turn.check()


def test_of_many_that_start_at_once_never_two_go_on(kind: str, objects: RetryingStore) -> None:
    quick = Times(lease=60, pause=0.02)
    at_work: list[str] = []
    wins: list[str] = []
    barrier = Barrier(6)

    def work(run: str) -> None:
        turns = (SingleLock if kind == "line" else LockPerRun)(objects, Who(run, run), quick)
        barrier.wait()
        while True:
            try:
                turn = turns.take(look(turns, objects), ["a"])
            except OvertakenError:
                continue
            at_work.append(run)
            time.sleep(0.02)
            assert at_work == [run]
            at_work.remove(run)
            turn.commit(body_of(run))
            wins.append(run)
            return

    threads = [Thread(target=work, args=(f"r{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(wins) == [f"r{number}" for number in range(6)]


def test_of_several_that_died_all_are_watched_at_once(tmp_path: Path, times: Times, clock: Clock) -> None:
    objects = RetryingStore(Careless(tmp_path), RetryPolicy())
    for run in ("r1", "r2", "r3"):
        dead = Lock(run, f"of-{run}", frozenset("a"))
        objects.put(f".feedpub/locks/{run}.json", write_lock(dead), headers={})
    begin = clock.now
    publish(LockPerRun(objects, Who("r4", "m"), times), objects, "r4", "a")
    assert clock.now - begin < 2 * times.lease


def test_who_finds_another_lock_beside_his_own_does_not_go_on(tmp_path: Path, times: Times) -> None:
    objects = RetryingStore(Careless(tmp_path), RetryPolicy())
    first, second = (LockPerRun(objects, Who(run, run), times) for run in ("r1", "r2"))
    seen = look(second, objects)
    first.take(look(first, objects), ["a"])
    with pytest.raises(OvertakenError):
        second.take(seen, ["a"])
    assert objects.list(".feedpub/locks") == [".feedpub/locks/r1.json"]


def test_a_manifest_that_somebody_else_wrote_meanwhile_is_not_replaced(tmp_path: Path, times: Times) -> None:
    objects = RetryingStore(Folder(tmp_path), RetryPolicy())
    turns = SingleLock(objects, Who("r1", "m"), times)
    turn = turns.take(look(turns, objects), ["a"])
    objects.put(MANIFEST.key, body_of("r2"), headers={})
    with pytest.raises(LockedError, match="the manifest is not what it was"):
        turn.commit(body_of("r1"))
    assert read_manifest(objects.get(MANIFEST.key).body).run == "r2"


def test_who_finds_his_lock_gone_does_not_write_the_manifest(tmp_path: Path, times: Times) -> None:
    objects = RetryingStore(Careless(tmp_path), RetryPolicy())
    turns = LockPerRun(objects, Who("r1", "m"), times)
    turn = turns.take(look(turns, objects), ["a"])
    objects.delete(objects.list(".feedpub/locks"))
    with pytest.raises(LockedError, match="has taken over"):
        turn.commit(body_of("r1"))
    assert objects.get(MANIFEST.key) is None


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"run": 1, "machine": 2, "keys": 3}'])
def test_what_is_no_lock_is_nobodys_that_is_known(body: bytes) -> None:
    assert read_lock(body) == Lock("", "", frozenset())


def test_locks_are_read_as_they_are_written() -> None:
    lock = Lock("r", "m", frozenset({"b", "a"}), released=True, beat=3)
    assert read_lock(write_lock(lock)) == lock


def test_the_clock_of_a_turn_goes_on() -> None:
    clock = Times().clock
    before = clock()
    time.sleep(0.01)
    assert before < clock()


class Refusing(Folder):
    """Says 412 whatever the tag."""

    enforces = None

    def put(self, key: str, body: bytes, *, headers: Mapping[str, str], only_if: str | None = None) -> str:
        return super().put(key, body, headers=headers, only_if="never" if only_if else only_if)


class Stubborn(Folder):
    """Keeps no create to those that are not there."""

    enforces = None

    def put(self, key: str, body: bytes, *, headers: Mapping[str, str], only_if: str | None = None) -> str:
        return super().put(key, body, headers=headers, only_if=None if only_if == ABSENT else only_if)


class Unable(Folder):
    """Knows no conditions, and says so."""

    enforces = None

    def put(self, key: str, body: bytes, *, headers: Mapping[str, str], only_if: str | None = None) -> str:
        if only_if is not None:
            raise ObjectsError("write", key, "unable")
        return super().put(key, body, headers=headers)


class Unknown(Folder):
    enforces = None


@pytest.mark.parametrize(
    ("store", "keeps"),
    [(Folder, True), (Unknown, True), (Careless, False), (Refusing, False), (Stubborn, False), (Unable, False)],
)
def test_conditions_are_tried_out_and_nothing_stays(store: type[Folder], keeps: bool, tmp_path: Path) -> None:
    objects = store(tmp_path)
    assert probe(objects, "r") is keeps
    assert [key for key in objects.list(".feedpub") if "probe" in key] == []


def test_a_probe_that_is_in_anothers_way_is_none(tmp_path: Path) -> None:
    objects = Unknown(tmp_path)
    objects.put(".feedpub/probe-r", b"", headers={})
    assert probe(objects, "r") is False
    objects.put(".feedpub/probe-s", b"", headers={})
    sweep(objects)
    sweep(objects)
    assert [key for key in objects.list(".feedpub") if "probe" in key] == []


def test_of_a_probe_the_first_trouble_is_told(tmp_path: Path) -> None:
    class Denied(Unknown):
        def put(self, key: str, *_: object, **__: object) -> str:  # type: ignore[override]
            raise ObjectsError("write", key, "denied")

        def delete(self, keys: Sequence[str]) -> None:
            raise ObjectsError("delete", keys[0], "denied")

    with pytest.raises(ObjectsError) as caught:
        probe(Denied(tmp_path), "r")
    assert caught.value.verb == "write"


def test_who_fails_to_see_whether_he_is_alone_is_in_nobodys_way(tmp_path: Path, times: Times) -> None:
    class Blind(Careless):
        def list(self, folder: str) -> list[str]:
            raise ObjectsError("list", folder, "denied")

    store = Blind(tmp_path)
    objects = RetryingStore(store, RetryPolicy())
    with pytest.raises(ObjectsError):
        LockPerRun(objects, Who("r", "m"), times).take(Seen(manifest=None, tag=ABSENT, locks={}), ())
    assert Folder(tmp_path).list(".feedpub/locks") == []

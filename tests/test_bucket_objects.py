"""One set of tests for all stores, what their answers mean, and what is tried again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedpub.bucket.answers import explain, read_answer
from feedpub.bucket.environment import find_endpoint
from feedpub.bucket.folder import Folder
from feedpub.bucket.objects import ABSENT, Objects, ObjectsError, UnchangedError, UnmetError
from feedpub.bucket.retrying import RetryingStore, RetryPolicy
from feedpub.bucket.stores import open_store
from feedpub.bucket.targets import parse_target
from feedpub.errors import ConfigError
from tests.servers.faults import Refuse, Reset, ResetAfter
from tests.servers.proxy import proxy_to
from tests.servers.storage import S3Server, Server, fetch


@pytest.fixture(params=["folder", "seaweedfs", "rclone", "azurite"])
def objects(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Objects:
    if request.param == "folder":
        return Folder(tmp_path / "store")
    server: Server = request.getfixturevalue(request.param)
    return open_at(server, server.new_bucket(), monkeypatch)


def open_at(server: Server, bucket: str, monkeypatch: pytest.MonkeyPatch, *, timeout: float = 5.0) -> Objects:
    for name, value in server.environment().items():
        monkeypatch.setenv(name, value)
    return open_store(parse_target(server.url(bucket, "some/prefix")), timeout=timeout)


HEADERS = {"Content-Type": "text/plain", "Cache-Control": "no-cache"}


def test_what_is_put_is_got(objects: Objects) -> None:
    assert objects.get("a/b.txt") is None
    tag = objects.put("a/b.txt", b"1", headers=HEADERS)
    found = objects.get("a/b.txt")
    assert found
    assert (found.body, found.tag) == (b"1", tag)
    with pytest.raises(UnchangedError):
        objects.get("a/b.txt", unless=tag)
    assert objects.put("a/b.txt", b"2", headers=HEADERS) != tag
    assert objects.get("a/b.txt", unless=tag)


def test_keys_are_listed_and_deleted(objects: Objects) -> None:
    keys = ["l/1", "l/2/3", "l/ä %.txt", "other/1"]
    for key in keys:
        objects.put(key, b"x", headers=HEADERS)
    assert objects.list("l") == sorted(keys[:3])
    assert objects.list("none") == []
    objects.delete(keys[1:])
    objects.delete(["l/2/3"])
    assert objects.list("l") == ["l/1"]


def test_conditions_are_kept_where_they_are(objects: Objects, request: pytest.FixtureRequest) -> None:
    if "rclone" in request.node.name:
        pytest.skip("it keeps none")
    tag = objects.put("k", b"1", headers=HEADERS, only_if=ABSENT)
    for wrong in (ABSENT, '"0123456789abcdef0123456789abcdef"'):
        with pytest.raises(UnmetError):
            objects.put("k", b"2", headers=HEADERS, only_if=wrong)
    new = objects.put("k", b"3", headers=HEADERS, only_if=tag)
    with pytest.raises(UnmetError):
        objects.put("k", b"4", headers=HEADERS, only_if=tag)
    with pytest.raises(UnmetError):
        objects.put("missing", b"4", headers=HEADERS, only_if=tag)
    found = objects.get("k")
    assert found
    assert (found.body, found.tag) == (b"3", new)


def test_nobodys_unfinished_file_is_taken_away_while_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync = os.fsync

    def tidy_and_sync(number: int) -> None:
        Folder(tmp_path).tidy()
        fsync(number)

    monkeypatch.setattr(os, "fsync", tidy_and_sync)
    Folder(tmp_path).put("a", b"1", headers={})
    assert (tmp_path / "a").read_bytes() == b"1"


def test_a_folder_leaves_nothing_half_written(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    (tmp_path / "k").mkdir()
    (tmp_path / "k/x").touch()
    with pytest.raises(ObjectsError):
        folder.put("k", b"1", headers={})
    assert folder.list(".feedpub") == []
    left, young = (tmp_path / ".feedpub/unfinished" / name for name in ("left", "young"))
    for path in (left, young):
        path.write_bytes(b"half")
    os.utime(left, (0, 0))
    folder.tidy()
    assert folder.list(".feedpub") == [".feedpub/unfinished/young"]
    assert folder.get("k/x/y") is None


def test_an_empty_folder_makes_way_for_a_file(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for only_if in (None, ABSENT):
        (tmp_path / "k").mkdir()
        assert folder.get("k") is None
        folder.put("k", b"1", headers={}, only_if=only_if)
        assert (tmp_path / "k").read_bytes() == b"1"
        folder.delete(["k"])


@pytest.mark.parametrize(
    ("there", "key", "said"),
    [
        ("a/b", "a", "{}/a is a folder that is not empty; "),
        ("a", "a/b", "{}/a is no folder; "),
        ("a", "a/b/c", "{}/a is no folder; "),
    ],
)
@pytest.mark.parametrize("only_if", [None, ABSENT])
def test_what_others_may_have_put_in_the_way_stays_and_is_named(
    tmp_path: Path, there: str, key: str, said: str, only_if: str | None
) -> None:
    folder = Folder(tmp_path)
    folder.put(there, b"1", headers={})
    with pytest.raises(ObjectsError) as caught:
        folder.put(key, b"2", headers={}, only_if=only_if)
    assert (caught.value.verb, caught.value.key) == ("write", key)
    assert caught.value.said.startswith(said.format(tmp_path))
    assert "--delete" in caught.value.said
    assert (tmp_path / there).read_bytes() == b"1"
    # It is not there, so there is nothing to be deleted.
    folder.delete([key])
    assert (tmp_path / there).read_bytes() == b"1"
    folder.delete([there])
    folder.put(key, b"2", headers={}, only_if=only_if)
    assert (tmp_path / key).read_bytes() == b"2"


def answer(status: int, code: str, message: str = "") -> str:
    body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>" if code else ""
    return (
        "Generic S3 error: Error performing PUT http://h/b/k?sig=abcdefgh in 1ms - Server returned non-2xx status code:"
        f" {status} Whatever: {body}\n\nDebug source:\nwith everything once more, abcdefgh"
    )


@pytest.mark.parametrize(
    ("text", "trouble", "said"),
    [
        (answer(403, "SignatureDoesNotMatch", "not"), "credentials", "403 SignatureDoesNotMatch: not"),
        (answer(403, "AccessDenied"), "denied", "403 AccessDenied"),
        (answer(403, ""), "denied", "403"),
        (answer(401, ""), "credentials", "401"),
        (answer(403, "RequestTimeTooSkewed", "abcdefgh"), "clock", "403 RequestTimeTooSkewed: …"),
        (answer(404, "NoSuchBucket"), "bucket", "404 NoSuchBucket"),
        (answer(404, "NoSuchKey"), "other", "404 NoSuchKey"),
        (answer(503, "SlowDown"), "busy", "503 SlowDown"),
        (answer(500, ""), "busy", "500"),
        (answer(429, ""), "busy", "429"),
        (answer(501, "NotImplemented"), "unable", "501 NotImplemented"),
        ("Generic S3 error: Error performing PUT http://169.254.169.254/x - HTTP error: x", "credentials", None),
        (answer(409, "OperationAborted"), "busy", "409 OperationAborted"),
        (answer(409, "BlobAlreadyExists"), "other", "409 BlobAlreadyExists"),
        (answer(400, "AuthorizationHeaderMalformed"), "region", "400 AuthorizationHeaderMalformed"),
        (
            'Generic GCS error: x - Server returned non-2xx status code: 403 Forbidden: {"error": {"message": "no"}}',
            "denied",
            "403 no",
        ),
        (
            "Generic S3 error: x - Received redirect without LOCATION, this normally indicates a wrong region",
            "region",
            "Received redirect without LOCATION, this normally indicates a wrong region",
        ),
        ("Generic S3 error: x - HTTP error: error sending request\n\nDebug source:\nkind: Timeout,", "slow", None),
        (
            "Generic S3 error: x - HTTP error: error sending request\n\nDebug source:\nkind: Connect,",
            "unreachable",
            None,
        ),
        ("Generic S3 error: x - HTTP error: builder error", "other", "HTTP error: builder error"),
        ("Generic S3 error: https://h/b?sig=abcdefgh went wrong", "other", "S3 error: … went wrong"),
        ("", "other", ""),
    ],
)
def test_what_answers_mean_and_what_is_said_of_them(text: str, trouble: str, said: str | None) -> None:
    read = read_answer("write", "k", text, secrets=["abcdefgh"])
    assert read.trouble == trouble
    assert said is None or read.said == said
    assert "abcdefgh" not in str(read)


@pytest.mark.parametrize(
    ("address", "trouble", "said"),
    [
        ("s3://bkt", "denied", "permission s3:PutObject"),
        ("gs://bkt", "denied", "permission storage.objects.create"),
        ("az://bkt", "denied", "permission …/blobs/write"),
        ("s3://bkt", "credentials", "AWS_ACCESS_KEY_ID"),
        ("az://bkt", "credentials", "AZURE_STORAGE_ACCOUNT_NAME"),
        ("s3://bkt", "clock", "clock is off"),
        ("s3://bkt", "bucket", "there is no bucket bkt; make it"),
        ("s3://bkt", "region", "AWS_REGION"),
        ("s3://bkt", "unreachable", "AWS_ENDPOINT_URL"),
        ("s3://bkt", "slow", "publish.timeout"),
        ("s3://bkt", "slow", "publish.concurrency"),
        ("s3://bkt", "changed", "changed while"),
        ("s3://bkt", "unable", "does not know"),
        ("file:///b", "other", "the system refuses"),
    ],
)
def test_every_trouble_says_what_to_do(address: str, trouble: str, said: str) -> None:
    errors = [ObjectsError("write", key, trouble, said="403 Code: words") for key in ("b", "a", "c")]  # type: ignore[arg-type]
    (line,) = explain(errors, parse_target(address))
    assert line.startswith(f"{parse_target(address).address}/a (and 2 more): cannot be written: ")
    assert said in line
    assert line.endswith("(403 Code: words)")


class Troubled:
    """Fails so many times."""

    requests = 0
    enforces = True

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)

    def delete(self, _keys: object) -> None:
        if self.errors:
            raise self.errors.pop(0)


def busy() -> ObjectsError:
    return ObjectsError("delete", "k", "busy")


def patience(slept: list[float], **settings: object) -> RetryPolicy:
    def sleep(seconds: float) -> bool:
        slept.append(seconds)
        return False

    return RetryPolicy(**({"sleep": sleep, "clock": lambda: sum(slept), "chance": lambda: 1.0} | settings))  # type: ignore[arg-type]


def test_what_may_pass_is_tried_again_later_and_later() -> None:
    slept: list[float] = []
    RetryingStore(Troubled(*(busy() for _ in range(6))), patience(slept)).delete(["k"])  # type: ignore[arg-type]
    assert slept == [0.2, 0.4, 0.8, 1.6, 3.2, 6.4]
    with pytest.raises(ObjectsError):
        RetryingStore(Troubled(*(busy() for _ in range(7))), patience([])).delete(["k"])  # type: ignore[arg-type]


def test_nothing_is_tried_for_longer_than_it_is_worth() -> None:
    slept: list[float] = []
    with pytest.raises(ObjectsError):
        RetryingStore(Troubled(*(busy() for _ in range(99))), patience(slept, retries=99)).delete(["k"])  # type: ignore[arg-type]
    assert 50 < sum(slept) <= 60
    assert max(slept) == 10


def test_what_will_not_pass_is_not_tried_again() -> None:
    slept: list[float] = []
    with pytest.raises(ObjectsError):
        RetryingStore(Troubled(ObjectsError("delete", "k", "denied")), patience(slept)).delete(["k"])  # type: ignore[arg-type]
    assert slept == []


def test_who_is_told_to_stop_tries_no_more() -> None:
    with pytest.raises(ObjectsError):
        RetryingStore(Troubled(busy()), patience([], sleep=lambda _seconds: True)).delete(["k"])  # type: ignore[arg-type]


def test_before_every_try_it_is_asked_whether_to() -> None:
    asked: list[int] = []
    RetryingStore(Troubled(busy()), patience([])).guarded(lambda: asked.append(1)).delete(["k"])  # type: ignore[arg-type]
    assert len(asked) == 2


@pytest.fixture
def proxied(seaweedfs: S3Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[RetryingStore, object]]:
    with proxy_to(seaweedfs.endpoint) as proxy:
        store = open_at(seaweedfs.through(proxy.address), seaweedfs.new_bucket(), monkeypatch)
        yield RetryingStore(store, RetryPolicy(first=0.01)), proxy


@pytest.mark.parametrize("fault", [ResetAfter(), Reset(), Refuse(status=503)], ids=repr)
def test_a_conditional_put_that_was_not_answered_is_not_in_its_own_way(proxied: tuple, fault: object) -> None:
    objects, proxy = proxied
    proxy.arm(lambda number, _method, _path: fault if number == 1 else None)
    tag = objects.put("k", b"1", headers=HEADERS, only_if=ABSENT)
    assert objects.get("k").tag == tag
    proxy.arm(lambda number, _method, _path: fault if number == 1 else None)
    objects.put("k", b"2", headers=HEADERS, only_if=tag)
    assert objects.get("k").body == b"2"
    # That of somebody else is.
    proxy.arm(lambda number, _method, _path: fault if number == 1 else None)
    with pytest.raises(UnmetError):
        objects.put("k", b"3", headers=HEADERS, only_if=tag)


@pytest.mark.parametrize("verb", ["get", "put", "create", "delete", "list"])
def test_a_conflict_or_a_missing_bucket_is_told_apart(proxied: tuple, verb: str) -> None:
    objects, proxy = proxied
    calls = {
        "get": lambda: objects.get("k"),
        "put": lambda: objects.put("k", b"", headers=HEADERS, only_if='"x"'),
        "create": lambda: objects.put("k", b"", headers=HEADERS, only_if=ABSENT),
        "delete": lambda: objects.delete(["k"]),
        "list": lambda: objects.list("k"),
    }
    proxy.arm(lambda _number, _method, _path: Refuse(status=404, code="NoSuchBucket"))
    with pytest.raises(ObjectsError) as caught:
        calls[verb]()
    assert caught.value.trouble == "bucket"
    proxy.arm(lambda _n, _m, _p: Refuse(status=409, code="ConditionalRequestConflict") if _n == 1 else None)
    if verb == "put":
        with pytest.raises(UnmetError):
            calls[verb]()
    else:
        calls[verb]()
    proxy.arm(lambda _number, _method, _path: Refuse(status=404, code="NoSuchKey"))
    if verb == "put":
        with pytest.raises(UnmetError):
            calls[verb]()
    elif verb == "delete":
        calls[verb]()


LARGE = bytes(9_000_000)


@pytest.mark.parametrize("only_if", [None, ABSENT])
def test_large_objects_go_up_in_parts(proxied: tuple, only_if: str | None) -> None:
    objects, proxy = proxied
    tag = objects.put("large", LARGE, headers=HEADERS, only_if=only_if)
    assert objects.get("large") == (LARGE, tag)
    sent = [request.sent for request in proxy.requests if request.method == "PUT"]
    assert len(sent) == 2
    assert max(sent) < 6_000_000
    assert objects.requests == len(proxy.requests)


def test_large_objects_take_nobodys_place(objects: Objects) -> None:
    objects.put("large", LARGE, headers=HEADERS, only_if=ABSENT)
    for body in (LARGE, b"1" + LARGE):
        with pytest.raises(UnmetError):
            objects.put("large", body, headers=HEADERS, only_if=ABSENT)
    found = objects.get("large")
    assert found
    assert found.body == LARGE
    objects.put("large", b"1" + LARGE, headers=HEADERS)
    assert objects.get("large", unless=found.tag)


@pytest.mark.parametrize("place", ["seaweedfs", "azurite"])
def test_large_objects_have_their_headers(
    place: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    server: Server = request.getfixturevalue(place)
    bucket = server.new_bucket()
    open_at(server, bucket, monkeypatch).put("large", LARGE, headers=HEADERS, only_if=ABSENT)
    answer = fetch(server.readable(bucket, "some/prefix/large"), method="HEAD")
    assert answer.status == 200
    assert {name: answer.headers[name.lower()] for name in HEADERS} == HEADERS


def test_what_publishers_wait_by_is_put_under_its_condition_however_large(proxied: tuple) -> None:
    objects, proxy = proxied
    tag = objects.put(".feedpub/manifest.json", LARGE, headers=HEADERS, only_if=ABSENT)
    objects.put(".feedpub/manifest.json", b"1" + LARGE, headers=HEADERS, only_if=tag)
    assert [(each.method, each.sent >= len(LARGE)) for each in proxy.requests] == [("PUT", True)] * 2
    assert objects.requests == 2
    for wrong in (ABSENT, tag):
        with pytest.raises(UnmetError):
            objects.put(".feedpub/manifest.json", LARGE, headers=HEADERS, only_if=wrong)


def test_a_large_object_that_was_not_confirmed_is_not_in_its_own_way(proxied: tuple) -> None:
    objects, proxy = proxied
    ends: list[str] = []

    def break_first(_number: int, method: str, path: str) -> ResetAfter | None:
        if method == "POST" and "uploadId=" in path:
            ends.append(path)
            return ResetAfter() if len(ends) == 1 else None
        return None

    proxy.arm(break_first)
    objects.put("large", LARGE, headers=HEADERS, only_if=ABSENT)
    assert objects.get("large").body == LARGE
    assert len(ends) == 1


@pytest.mark.parametrize("key", ["a\nb", "x\x01", "\udc80", "../x", "a//b"])
def test_a_key_that_no_store_takes_is_an_error_of_ours(
    server: Server, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    objects = open_at(server, server.new_bucket(), monkeypatch)
    objects.put("fine", b"1", headers=HEADERS)
    calls = {
        "read": lambda: objects.get(key),
        "write": lambda: objects.put(key, b"1", headers=HEADERS),
        "delete": lambda: objects.delete(["fine", key]),
        "list": lambda: objects.list(key),
    }
    for verb, call in calls.items():
        with pytest.raises(ObjectsError) as caught:
            call()
        assert (caught.value.verb, caught.value.trouble) == (verb, "other")
        assert caught.value.key == key or key in {"../x", "a//b"}


def test_an_account_that_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AZURE_STORAGE_ACCOUNT_NAME", raising=False)
    with pytest.raises(ConfigError, match=r"az://container: .*Account must be .*AZURE_STORAGE_ACCOUNT_NAME"):
        open_store(parse_target("az://container"), timeout=5)


@pytest.mark.parametrize(
    "endpoint",
    [
        *(
            "not a url",
            "s3.example.org",
            "ftp://s3.example.org",
            "http://",
            "https:///bucket",
            "http://a b",
            "http://h:1 ",
        ),
        *("http://bü.example.org", "http://%41", "http://h/<>", "http://h?x=1", "http://h#x", "http://h\n"),
        *("http://h:99999", "http://h:x", "http://[zz]:1", "http://[::1", "http://user:pass word@h"),
    ],
)
@pytest.mark.parametrize(
    ("scheme", "name"),
    [("s3", "AWS_ENDPOINT_URL"), ("s3", "AWS_ENDPOINT_URL_S3"), ("az", "AZURE_STORAGE_ENDPOINT")],
)
def test_an_endpoint_that_is_no_address_is_named_and_not_repeated(scheme: str, name: str, endpoint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        find_endpoint(scheme, {name: endpoint})
    assert str(caught.value) == f'{name}: must be the address of a server, such as "https://s3.example.org"'


@pytest.mark.parametrize(
    "endpoint",
    ["https://s3.example.org", "http://127.0.0.1:9000/", "HTTP://[::1]:9000", "http://u:p%20w@h_1", "https://h/a/b~c"],
)
def test_an_endpoint_is_taken_at_its_word(endpoint: str) -> None:
    assert find_endpoint("s3", {"AWS_ENDPOINT": endpoint}) == endpoint
    assert find_endpoint("s3", {"AWS_ENDPOINT_URL": endpoint, "AWS_ENDPOINT": "not a url"}) == endpoint
    assert find_endpoint("az", {"AWS_ENDPOINT": endpoint, "AZURE_ENDPOINT": ""}) is None


def test_a_wrong_endpoint_never_reaches_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "not a url hunter2")
    with pytest.raises(ConfigError, match=r"^AWS_ENDPOINT_URL: must be") as caught:
        open_store(parse_target("s3://bucket"), timeout=5)
    assert "hunter2" not in str(caught.value)


def test_a_panic_of_the_client_is_an_error_of_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"AWS_REGION": "xx yy", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y"}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ObjectsError) as caught:
        open_store(parse_target("s3://bucket"), timeout=1).put("k", b"", headers=HEADERS)
    assert (caught.value.trouble, caught.value.key) == ("other", "k")


def test_google_is_spoken_to_by_generations(monkeypatch: pytest.MonkeyPatch) -> None:
    from feedpub.bucket.cloud import Cloud

    monkeypatch.setenv("GOOGLE_SKIP_SIGNATURE", "true")
    cloud = Cloud(parse_target("gs://bucket/x"), timeout=5)
    assert cloud._tag({"e_tag": '"a"', "version": "12"}) == '"a" 12'
    assert cloud._mode('"a" 12') == {"e_tag": '"a"', "version": "12"}


def test_keys_in_the_environment_are_preferred_to_profiles(monkeypatch: pytest.MonkeyPatch) -> None:
    from feedpub.bucket.cloud import _find_provider

    assert _find_provider({"AWS_ACCESS_KEY_ID": "x"}) is None
    assert _find_provider({}) is None

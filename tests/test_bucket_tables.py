"""What the publisher decides without asking anybody, as tables."""

from __future__ import annotations

import os
import time
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from feedpub.bucket.generations import local_shelf
from feedpub.bucket.headers import RANKS, Rule, encode, headers_of, is_feed, rank_of, tell_type
from feedpub.bucket.manifest import UNKNOWN, Listed, Manifest, read_manifest, write_manifest
from feedpub.bucket.objects import ObjectsError
from feedpub.bucket.plan import Known, Limit, Step, conclude, make_plan
from feedpub.bucket.publication import Changes, compare
from feedpub.bucket.sources import Earlier, Output, Serving
from feedpub.bucket.stock import Bodies, digest, scan, take_stock
from feedpub.bucket.targets import Target, parse_target
from feedpub.bucket.upload import send_all
from feedpub.bucket.work import FailedError, raise_any
from feedpub.errors import ConfigError, LockedError

RSS = {"Content-Type": "application/rss+xml; charset=utf-8"}


def doc(digest: str, headers: dict[str, str] | None = None) -> Listed:
    return Listed(digest, len(digest), RSS if headers is None else headers)


@pytest.mark.parametrize(
    ("address", "target", "written"),
    [
        ("s3://bucket", ("s3", "bucket", ""), "s3://bucket"),
        ("s3://bucket/a/b/", ("s3", "bucket", "a/b"), "s3://bucket/a/b"),
        ("gs://my.bucket_1/x", ("gs", "my.bucket_1", "x"), "gs://my.bucket_1/x"),
        ("az://container//x", ("az", "container", "x"), "az://container/x"),
        ("az://$web/x", ("az", "$web", "x"), "az://$web/x"),
        ("s3://bucket/页", ("s3", "bucket", "页"), "s3://bucket/页"),
        ("file:///srv/feeds/", ("file", "", "/srv/feeds"), "file:///srv/feeds"),
        ("file://localhost/srv/a%20b", ("file", "", "/srv/a b"), "file:///srv/a b"),
    ],
)
def test_addresses_of_stores(address: str, target: tuple[str, str, str], written: str) -> None:
    assert parse_target(address) == Target(*target)
    assert parse_target(address).address == written
    assert parse_target(address).locate("k") == f"{written}/k"
    assert parse_target(address).locate("") == written


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("bucket", "must begin with one of s3://, gs://, az://, file://"),
        ("ftp://x/y", "must begin with"),
        ("s3://", "names no bucket"),
        ("s3:///x", "names no bucket"),
        ("s3://key:secret@bucket/x", "must not hold a name or a password"),
        ("s3://bucket/x?versionId=1", "must not hold a query"),
        ("s3://buck et/x", "other signs than"),
        ("s3://$web/x", "other signs than"),
        ("s3://bucket/a//b", "empty parts"),
        ("s3://bucket/a/../b", "empty parts"),
        ("file://srv/feeds", "three slashes"),
        ("file:///", "names no folder"),
        ("file:///%2F", "names no folder"),
        ("file:///a%00b", "control characters"),
        ("file:///a%0Ab", "control characters"),
        ("file:///a\nb", "control characters"),
        ("s3://bucket/a\nb", "control characters"),
        ("s3://bucket/\x01", "control characters"),
        ("s3://bucket/a\x7f", "control characters"),
        ("s3://bucket\t", "control characters"),
        ("file:///a?b", "write %3F"),
    ],
)
def test_what_is_no_address_of_a_store(address: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_target(address)


@pytest.mark.parametrize(
    ("key", "beginning", "kind", "rank"),
    [
        ("rss.xml", b"", "application/rss+xml", "feed"),
        ("a/atom.xml", b"", "application/atom+xml", "feed"),
        ("a/feed.json", b"", "application/feed+json", "feed"),
        ("a/data.json", b"{}", "application/json", "media"),
        ("feeds.opml", b"<opml>", "text/x-opml", "page"),
        ("index.html", b"", "text/html", "page"),
        ("news.xml", b'<?xml version="1.0"?><!-- x --><rss version="2.0">', "application/rss+xml", "feed"),
        ("news.xml", b'<feed xmlns="http://www.w3.org/2005/Atom">', "application/atom+xml", "feed"),
        ("news.xml", b"<rdf:RDF xmlns:rdf='x'>", "application/rss+xml", "feed"),
        # A feed is told by its root, and by nothing that stands before or in it.
        (
            "x.xml",
            b"\xef\xbb\xbf<?xml version='1.0'?>\n<?xml-stylesheet href='>'?>\n<rss>",
            "application/rss+xml",
            "feed",
        ),
        ("x.xml", b"<?xml version='1.0'?><!-- see <feed > --><rss>", "application/rss+xml", "feed"),
        ("x.xml", b'<!DOCTYPE rss [<!ENTITY a "<feed >">]><rss>', "application/rss+xml", "feed"),
        ("x.xml", b"<?xml-stylesheet href='x'?><urlset><!-- <rss> --></urlset>", "application/xml", "page"),
        ("x.xml", b"<!-- a --><urlset><!-- b --><rss>", "application/xml", "page"),
        ("x.xml", b"<!--" + b"x" * 2000 + b"--><rss>", "application/rss+xml", "feed"),
        ("x.xml", b"<!-- <rss>", "application/xml", "page"),
        ("sitemap.xml", b"<urlset>", "application/xml", "page"),
        # A category of that name: what is in its folder grows.
        ("archive/rss.xml", b"", "application/rss+xml", "feed"),
        ("a/archive-2024-03.xml", b"<feed>", "application/atom+xml", "archive"),
        ("archive/index.html", b"", "text/html", "page"),
        ("img/A.PNG", b"", "image/png", "media"),
        ("a.mp3", b"", "audio/mpeg", "media"),
        ("style.css", b"", "text/css", "page"),
        ("a.js", b"", "text/javascript", "page"),
        ("feed.xsl", b"", "application/xslt+xml", "media"),
        ("e.aac", b"", "audio/aac", "media"),
        ("e.m4b", b"", "audio/mp4", "media"),
        ("e.m4v", b"", "video/mp4", "media"),
        ("e.mkv", b"", "video/x-matroska", "media"),
        ("e.bmp", b"", "image/bmp", "media"),
        ("e.tiff", b"", "image/tiff", "media"),
        ("e.heic", b"", "image/heic", "media"),
        ("e.jxl", b"", "image/jxl", "media"),
        ("e.apng", b"", "image/apng", "media"),
        ("e.pdf", b"", "application/pdf", "media"),
        ("e.zip", b"", "application/zip", "media"),
        ("e.unknown", b"", "application/octet-stream", "media"),
        ("noending", b"", "application/octet-stream", "media"),
    ],
)
def test_what_a_document_is_and_when_it_goes_up(key: str, beginning: bytes, kind: str, rank: str) -> None:
    assert tell_type(key, beginning) == kind
    assert rank_of(key, kind) == rank


@pytest.mark.parametrize(
    ("key", "kind", "rank"),
    [
        ("rss.xml", "text/xml", "feed"),
        ("archive/atom.xml", "", "feed"),
        ("news.xml", "text/xml", "page"),
        ("index.html", "", "page"),
        ("noending", "text/html", "page"),
    ],
)
def test_a_rule_that_names_another_type_brings_no_document_before_its_turn(key: str, kind: str, rank: str) -> None:
    assert rank_of(key, kind) == rank


def test_the_types_of_enclosures_are_those_that_feeds_say() -> None:
    from feedpub.collector.attached import _TYPES

    shown = {ending: tell_type(f"e.{ending}", b"") for ending in _TYPES}
    assert {
        ending for ending, kind in shown.items() if kind not in {_TYPES[ending], "application/octet-stream"}
    } == set()
    assert {"aac", "m4b", "m4v", "mkv"} <= {ending for ending, kind in shown.items() if kind == _TYPES[ending]}


SHORT, FOR_EVER = "public, max-age=300", "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    ("key", "kind", "rules", "compress", "expected"),
    [
        ("rss.xml", "application/rss+xml", [], False, ("application/rss+xml; charset=utf-8", SHORT, None)),
        ("i.png", "image/png", [], True, ("image/png", FOR_EVER, None)),
        ("i.svg", "image/svg+xml", [], True, ("image/svg+xml; charset=utf-8", FOR_EVER, "gzip")),
        ("archive-1.xml", "application/rss+xml", [], False, ("application/rss+xml; charset=utf-8", FOR_EVER, None)),
        ("archive/rss.xml", "application/rss+xml", [], False, ("application/rss+xml; charset=utf-8", SHORT, None)),
        ("a/x.json", "application/json", [], True, ("application/json; charset=utf-8", SHORT, "gzip")),
        ("a/x.aac", "audio/aac", [], True, ("audio/aac", FOR_EVER, None)),
        ("a/x.pdf", "application/pdf", [], True, ("application/pdf", SHORT, None)),
        ("a/x", "application/octet-stream", [], True, ("application/octet-stream", SHORT, None)),
        ("a/x.html", "text/html", [Rule("*.html", "no-cache")], False, ("text/html; charset=utf-8", "no-cache", None)),
        (
            "a/x.html",
            "text/html",
            [Rule("b/*", "no-cache"), Rule("a/*", content_type="text/plain"), Rule("*", "private", "x/y", True)],
            False,
            ("text/plain", "private", "gzip"),
        ),
        ("a/x.html", "text/html", [Rule("*", gzip=False)], True, ("text/html; charset=utf-8", SHORT, None)),
        ("a/x.html", "text/html", [Rule("*", "", "")], False, (None, None, None)),
    ],
)
def test_headers_are_decided_by_the_first_rule_that_says_something(
    key: str, kind: str, rules: list[Rule], compress: bool, expected: tuple[str | None, ...]
) -> None:
    names = ("Content-Type", "Cache-Control", "Content-Encoding")
    headers = headers_of(key, kind, rules=rules, compress=compress)
    assert headers == {name: value for name, value in zip(names, expected, strict=True) if value is not None}
    assert encode(b"x", headers).startswith(b"\x1f\x8b") == ("Content-Encoding" in headers)


def test_archives_are_no_feeds_that_grow() -> None:
    assert is_feed("a/rss.xml", RSS)
    assert is_feed("archive/rss.xml", RSS)
    assert not is_feed("a/archive-1.xml", RSS)


@pytest.mark.parametrize("content_type", ["text/xml; charset=utf-8", ""])
def test_a_feed_that_is_served_as_another_type_is_one(content_type: str) -> None:
    headers = headers_of("a/rss.xml", "application/rss+xml", rules=[Rule("*", content_type=content_type)])
    assert is_feed("a/rss.xml", headers)
    assert not is_feed("a/index.html", headers)


@pytest.mark.parametrize(
    ("wanted", "listed", "unsure", "options", "plan"),
    [
        ({}, {}, (), {}, []),
        ({"a": doc("1")}, {}, (), {}, ["a put new"]),
        ({"a": doc("1")}, {"a": doc("1")}, (), {}, ["a keep unchanged"]),
        ({"a": doc("2")}, {"a": doc("1")}, (), {}, ["a put changed"]),
        ({"a": doc("1", {"Content-Type": "x/y"})}, {"a": doc("1")}, (), {}, ["a put headers"]),
        ({"a": doc("1")}, {"a": doc("1")}, (), {"force": True}, ["a put forced"]),
        ({"a": doc("1")}, {"a": doc("1")}, ("a",), {}, ["a put unfinished"]),
        ({"a": doc("1")}, {"a": doc(UNKNOWN)}, ("a",), {}, ["a put unfinished"]),
        ({"a": doc("1")}, {"a": doc(UNKNOWN)}, (), {}, ["a put unfinished"]),
        ({}, {"a": doc("1")}, (), {}, ["a keep gone"]),
        ({}, {"a": doc("1")}, ("a", "b"), {"delete": True}, ["a delete gone"]),
        ({}, {}, ("b",), {"delete": True}, []),
    ],
)
def test_each_document_is_decided_about(
    wanted: Any, listed: Any, unsure: Any, options: dict[str, bool], plan: list[str]
) -> None:
    steps = make_plan(wanted, Known(listed, unsure), **options)
    assert [f"{step.key} {step.action} {step.reason}" for step in steps] == plan


def test_uploads_go_by_rank_and_deletes_the_other_way_round() -> None:
    kinds = {
        "p.html": "text/html",
        "m.png": "image/png",
        "rss.xml": "application/rss+xml",
        "archive-1.xml": RSS["Content-Type"],
    }
    documents = {key: doc("1", {"Content-Type": kind}) for key, kind in kinds.items()}
    assert [step.key for step in make_plan(documents, Known({}))] == ["m.png", "archive-1.xml", "rss.xml", "p.html"]
    gone = make_plan({}, Known(documents), delete=True)
    assert [step.key for step in gone] == ["p.html", "rss.xml", "archive-1.xml", "m.png"]


def test_what_is_public_in_the_end() -> None:
    known = Known({"a": doc("1"), "b": doc("2"), "c": doc("3"), "d": doc("4")}, {"b"})
    wanted = {"a": doc("5"), "e": doc("6")}
    kept = make_plan(wanted, known)
    expected = {"a": doc("5"), "b": doc("2")._replace(sha256=UNKNOWN), "c": doc("3"), "d": doc("4"), "e": doc("6")}
    assert conclude(wanted, known, kept) == expected
    assert conclude(wanted, known, make_plan(wanted, known, delete=True)) == wanted


@pytest.mark.parametrize(
    ("limit", "deletes", "of", "allowed"),
    [
        (Limit(0.2, None), 0, 0, True),
        (Limit(0.2, None), 1, 2, True),  # a single one is no catastrophe
        (Limit(0.2, None), 2, 10, True),
        (Limit(0.2, None), 3, 10, False),
        (Limit(0.0, None), 1, 10, False),
        (Limit(None, 5), 5, 5, True),
        (Limit(None, 5), 6, 100, False),
        (Limit(0.5, 5), 6, 100, False),
        (Limit(0.5, 5), 3, 4, False),
    ],
)
def test_a_limit_is_a_share_a_number_or_both(limit: Limit, deletes: int, of: int, allowed: bool) -> None:
    assert limit.allows(deletes, of=of) is allowed


def test_limits_are_written_as_they_are_configured() -> None:
    assert [str(limit) for limit in (Limit(0.2, None), Limit(None, 5), Limit(0.2, 5))] == ["0.2", "5", "[0.2, 5]"]


def test_a_manifest_is_the_same_bytes_each_time() -> None:
    documents = {"b": doc("2"), "a": doc("1")}
    manifest = Manifest("run", True, documents)
    body = write_manifest(manifest)
    assert read_manifest(body) == manifest
    assert write_manifest(Manifest("run", True, dict(sorted(documents.items())))) == body


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b'"headers":{', b'"headers":null,"x":{'),
        (b'"headers":{', b'"headers":{"X":1},"x":{'),
        (b'"sha256":"1"', b'"sha256":5'),
        (b'"size":1', b'"size":"1"'),
        (b'"size":1', b'"size":true'),
        (b'"size":1', b'"x":1'),
        (b'"run":"run"', b'"run":null'),
        (b'"conditions":true', b'"conditions":"no"'),
        (b'"version":1', b'"version":"1"'),
        (b'"documents":{', b'"documents":[],"x":{'),
        (b"{", b""),
    ],
)
def test_a_damaged_manifest_is_none(was: bytes, becomes: bytes) -> None:
    body = write_manifest(Manifest("run", True, {"a": doc("1")}))
    assert was in body
    with pytest.raises(ValueError, match=r"is no manifest of feedpub; .* publish with --force"):
        read_manifest(body.replace(was, becomes, 1))


def test_a_later_manifest_is_left_to_a_later_version() -> None:
    body = write_manifest(Manifest("run", True, {})).replace(b'"version":1', b'"version":2')
    with pytest.raises(ValueError, match="later version of feedpub"):
        read_manifest(body)


def test_feeds_that_changed_have_addresses() -> None:
    before = {"a/rss.xml": doc("1"), "b/rss.xml": doc("2"), "gone/rss.xml": doc("3")}
    after = {
        **before,
        "b/rss.xml": doc("4"),
        "新/rss.xml": doc("5"),
        "i.png": doc("6", {}),
        "archive-1.xml": doc("7"),
    }
    steps = make_plan({key: each for key, each in after.items() if key != "gone/rss.xml"}, Known(before))
    feeds = ("https://x.org/b/rss.xml", "https://x.org/%E6%96%B0/rss.xml")
    assert compare(before, after, steps, url="https://x.org/") == Changes(
        feeds=feeds,
        documents=("https://x.org/archive-1.xml", feeds[0], "https://x.org/i.png", feeds[1]),
        deleted=(),
    )
    del after["gone/rss.xml"]
    assert compare(before, after, steps, url="https://x.org/").deleted == ("https://x.org/gone/rss.xml",)


def test_files_that_went_or_changed_are_not_sent_as_they_were(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / name).write_text(name)
    files = take_stock(tmp_path, scan(tmp_path), known={}, now=time.time_ns())
    output = Output(tmp_path, files, Serving(), None)
    (tmp_path / "a").unlink()
    (tmp_path / "b").write_text("other")
    assert output.read("c") == b"c"
    for key in "ab":
        with pytest.raises(ObjectsError, match="changed"):
            output.read(key)
    (tmp_path / "c").unlink()
    with pytest.raises(ConfigError, match="cannot be read"):
        take_stock(tmp_path, {"c": (1, 1, 1)}, known={}, now=0)


def test_a_folder_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="file: cannot be read"):
        scan(tmp_path / "file")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"a\nb.html", r"a\x0ab.html: its name holds a control character"),
        (b"x\x01.html", r"x\x01.html: its name holds a control character"),
        (b"x\x7f.html", r"x\x7f.html: its name holds a control character"),
        ("x\x85.html".encode(), r"x\x85.html: its name holds a control character"),
        (b"x\xff.html", r"x\xff.html: its name is not UTF-8"),
        (b"a\x01/index.html", r"a\x01/index.html: its name holds a control character"),
    ],
)
def test_a_name_that_no_store_takes_is_refused(tmp_path: Path, name: bytes, shown: str) -> None:
    path = os.fsencode(tmp_path) + b"/" + name
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "xb"):
        pass
    with pytest.raises(ConfigError) as caught:
        scan(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path}/{shown}")


def test_a_generation_that_went_meanwhile_is_not_sent(tmp_path: Path) -> None:
    earlier = Earlier({"a": doc("1"), "b": doc(UNKNOWN)}, local_shelf(tmp_path))
    assert set(earlier.wanted) == {"a"}
    with pytest.raises(ObjectsError):
        earlier.read("a")


def test_uploads_end_where_somebody_says_stop() -> None:
    stop, sent = Event(), []
    steps = [Step(str(number), "put", "new", rank) for number, rank in enumerate(RANKS)]

    def send(step: Step) -> None:
        sent.append(step.rank)
        if step.rank == "archive":
            stop.set()

    assert send_all(steps, send, threads=4, stop=stop, beat=lambda _done: None) == []
    assert sent == ["media", "archive"]


def test_what_nobody_expects_is_not_taken_for_a_refusal() -> None:
    def send(_step: Step) -> None:
        raise ZeroDivisionError

    (error,) = send_all([Step("a", "put", "new", "page")], send, threads=2, stop=Event(), beat=lambda _done: None)
    assert isinstance(error, ZeroDivisionError)
    for errors, raised in [
        ([ObjectsError("write", "a", "denied"), error], ZeroDivisionError),
        ([ObjectsError("write", "a", "denied"), LockedError("x")], LockedError),
        ([ObjectsError("write", "a", "denied")], FailedError),
    ]:
        with pytest.raises(raised):
            raise_any(errors)
    raise_any([])


def test_small_files_are_held_for_who_reads_them_again_and_no_more_than_there_is_room(tmp_path: Path) -> None:
    for name, size in (("a", 10), ("b", 70_000)):
        (tmp_path / name).write_bytes(b"x" * size)
    bodies = Bodies()
    a_minute_hence = time.time_ns() + 60_000_000_000
    files = take_stock(tmp_path, scan(tmp_path), known={}, now=a_minute_hence, bodies=bodies)
    output = Output(tmp_path, files, Serving(), None, bodies)
    for name in "ab":
        (tmp_path / name).unlink()
    assert output.read("a") == b"x" * 10
    for name in "ab":
        with pytest.raises(ObjectsError, match="changed"):
            output.read(name)
    full = Bodies()
    for number in range(1000):
        full.hold(str(number), b"x" * 60_000)
    assert full.take("0")
    assert full.take("999") is None


def test_a_file_that_is_another_one_is_not_kept_in_the_place_of_what_was_published(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("one")
    shelf = local_shelf(tmp_path / "kept")
    output = Output(tmp_path, take_stock(tmp_path, scan(tmp_path), known={}, now=0), Serving(), shelf)
    body = output.read("a")
    (tmp_path / "a").write_text("another")
    output.keep_ahead(["a"])
    output.keep("a", body)
    assert shelf.load(output.wanted["a"].sha256) == b"one"


def test_what_the_build_wrote_is_kept_as_the_file_that_it_is(tmp_path: Path) -> None:
    out, kept = tmp_path / "out", tmp_path / "kept"
    out.mkdir()
    for name in ("rss.xml", "notes.txt"):
        (out / name).write_text(name)
    shelf = local_shelf(kept)

    def keep() -> None:
        output = Output(out, take_stock(out, scan(out), known={}, now=0), Serving(), shelf)
        output.keep_ahead(output.wanted)
        for key in output.wanted:
            output.keep(key, output.read(key))

    keep()
    found = {path.read_text(): path for path in kept.rglob("*") if path.is_file()}
    assert found["rss.xml"].samefile(out / "rss.xml")
    # Others may write into theirs.
    assert not found["notes.txt"].samefile(out / "notes.txt")
    # What somebody has spoilt nevertheless is put right once it is there again.
    spoilt = out / "rss.xml"
    spoilt.write_text("spoilt")
    spoilt.unlink()
    spoilt.write_text("rss.xml")
    keep()
    assert shelf.load(digest(b"rss.xml")) == b"rss.xml"
    keep()
    assert {path.name for path in kept.rglob("*") if path.is_file()} == {digest(each.encode()) for each in found}

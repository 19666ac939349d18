"""A round of cron: build, publish, notify; with a disk that stays, and without one."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from feedpub import lock
from feedpub.bucket.manifest import KEY, read_manifest
from feedpub.bucket.stores import open_store
from feedpub.bucket.targets import parse_target
from feedpub.cli import main
from feedpub.config import load_config
from feedpub.cron import Round, go_round
from feedpub.errors import ConfigError, LockedError, PublishError
from feedpub.notify import Published, untold
from tests.listening import Listener, listening
from tests.servers.faults import Delay, Fault
from tests.servers.proxy import proxy_to
from tests.servers.storage import Server
from tests.sites import NOW, SiteFolder
from tests.test_glance import age

Change = Callable[[SiteFolder], object]


@pytest.fixture
def site(tmp_path: Path) -> SiteFolder:
    return SiteFolder(tmp_path / "site")


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as heard:
        yield heard


def publish_to(site: SiteFolder, to: Path | str, more: str = "", *, ledger: str = "") -> SiteFolder:
    address = to if isinstance(to, str) else f"file://{to}"
    return site.configure(f'[publish]\nto = "{address}"\n{more}', site=ledger and f'ledger = "{ledger}"')


def run(site: SiteFolder, **options: object) -> Round:
    return go_round(load_config(site.config), **({"now": NOW, "workers": 1} | options))  # type: ignore[arg-type]


def public(address: str) -> dict[str, bytes]:
    """Give all that a bucket's manifest names."""
    store = open_store(parse_target(address), timeout=5.0)
    found = store.get(KEY)
    assert found
    documents = read_manifest(found.body).documents
    bodies = {key: store.get(key) for key in documents}
    return {key: stored.body for key, stored in bodies.items() if stored}


def test_a_round_builds_and_publishes(site: SiteFolder, tmp_path: Path) -> None:
    publish_to(site, tmp_path / "www").write("a.md", categories=["x"])
    done = run(site)
    assert done.has_news
    assert done.publication.uploaded == done.report.documents.total == len(public(f"file://{tmp_path / 'www'}"))
    assert (tmp_path / "www" / "x" / "rss.xml").read_bytes() == (site.out / "x" / "rss.xml").read_bytes()
    again = run(site)
    assert not again.has_news
    assert again.as_json()["publish"] == again.publication.as_json()


def test_a_dry_round_writes_nothing_and_tells_nobody(site: SiteFolder, tmp_path: Path, listener: Listener) -> None:
    publish_to(site, tmp_path / "www", f'webhook = "{listener.at("hook")}"\nwebsub = ["{listener.at("hub")}"]')
    site.write("a.md")
    assert run(site, dry_run=True).report.entries.new
    assert not site.out.exists()
    assert not (tmp_path / "www").exists()
    assert listener.heard == []


def test_a_dry_round_with_a_ledger_in_a_bucket_writes_nothing_either(site: SiteFolder, tmp_path: Path) -> None:
    publish_to(site, tmp_path / "www", ledger="bucket").write("a.md")
    assert run(site, dry_run=True).report.entries.new
    assert not site.out.exists()
    assert not (tmp_path / "www").exists()


def test_a_ledger_in_a_bucket_is_looked_at_beside_a_run(
    site: SiteFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publish_to(site, tmp_path / "www", ledger="bucket").write("a.md")
    run(site)
    with lock.hold(site.out / ".feedpub-ledger" / "lock"):
        assert main(["ledger", "show", "-c", str(site.root / "feedpub.toml")]) == 0
    assert "1 story" in capsys.readouterr().out
    assert {path.name for path in site.root.iterdir()} == {"articles", "dist", "feedpub.toml"}


def test_without_a_place_to_publish_to_nothing_is_built(site: SiteFolder) -> None:
    site.configure().write("a.md")
    with pytest.raises(ConfigError, match=r"publish\.to is missing"):
        run(site)
    assert not site.out.exists()


def test_a_refused_build_publishes_nothing(site: SiteFolder, tmp_path: Path) -> None:
    publish_to(site, tmp_path / "www", "delete = true")
    articles = [site.write(f"{number}.md") for number in range(5)]
    run(site)
    before = public(f"file://{tmp_path / 'www'}")
    for article in articles:
        article.unlink()
    with pytest.raises(Exception, match="max_loss"):
        run(site)
    assert public(f"file://{tmp_path / 'www'}") == before


def test_hubs_and_the_webhook_hear_of_what_changed_and_only_of_that(
    site: SiteFolder, tmp_path: Path, listener: Listener
) -> None:
    listener.script |= {"/hub": [202], "/hook": [200]}
    hooks = f'webhook = "{listener.at("hook")}"\nwebsub = ["{listener.at("hub")}"]\ndelete = true\nmax_deletes = 1.0'
    publish_to(site, tmp_path / "www", hooks).write("a.md", categories=["x"])
    run(site)
    feeds = {f"https://feeds.example.org/{place}{name}" for place in ("", "x/") for name in FEEDS}
    assert {each.form["hub.url"] for each in listener.heard if each.path == "/hub"} == feeds
    (told,) = [json.loads(each.body) for each in listener.heard if each.path == "/hook"]
    assert set(told["changed"]) > feeds
    assert told["run"] == read_manifest((tmp_path / "www" / KEY).read_bytes()).run
    listener.heard.clear()
    run(site)
    assert listener.heard == []
    site.write("a.md", categories=["y"])
    run(site)
    (told,) = [json.loads(each.body) for each in listener.heard if each.path == "/hook"]
    assert "https://feeds.example.org/x/rss.xml" in told["deleted"]
    assert "https://feeds.example.org/y/rss.xml" in told["changed"]


def test_who_does_not_listen_costs_a_warning(site: SiteFolder, tmp_path: Path, listener: Listener) -> None:
    listener.script |= {"/hub": [410]}
    publish_to(site, tmp_path / "www", f'websub = ["{listener.at("hub")}"]').write("a.md")
    warnings: list[str] = []
    assert run(site, warn=warnings.append).has_news
    assert [warning.partition(":")[0] for warning in warnings] == ["publish.websub"]


@pytest.mark.parametrize("where", ["seaweedfs", "rclone", "folder"])
def test_runs_from_empty_disks_give_what_one_machine_gives(
    where: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = store_at(where, tmp_path, request, monkeypatch)
    kept = publish_to(SiteFolder(tmp_path / "kept"), f"{base}/kept", DELETES)
    for number, change in enumerate(CHANGES):
        now = NOW + timedelta(hours=number)
        change(kept)
        run(kept, now=now)
        # Another machine each time: it has the articles, and nothing else.
        empty = publish_to(
            SiteFolder(tmp_path / "empty"), f"{base}/empty", f'{DELETES}\nstate = "{base}/state"', ledger="bucket"
        )
        shutil.copytree(kept.root / "articles", empty.root / "articles", dirs_exist_ok=True, copy_function=shutil.copy)
        run(empty, now=now)
        assert public(f"{base}/empty") == public(f"{base}/kept")
        assert not any((empty.out / ".feedpub-ledger").glob("ledger*"))
        shutil.rmtree(empty.root)


FEEDS = ("rss.xml", "atom.xml", "feed.json")
DELETES = "delete = true\nmax_deletes = 1.0"
CHANGES: tuple[Change, ...] = (
    lambda site: [site.write("a.md", categories=["x"]), site.write("b.md", body="<p>Bare.</p>")],
    lambda site: site.write("c.md", body="<p>Without a date.</p>", categories=["金融", "要闻"]),
    lambda _site: None,
    lambda site: site.write("a.md", body="<p>Other words.</p>", categories=["x"]),
    lambda site: (site.root / "articles" / "b.md").rename(site.root / "articles" / "moved.md"),
    lambda site: site.write("c.md", body="<p>Without a date.</p>", categories=["y"]),
    lambda site: site.write("d.md", date="2030-01-01", body="<p>Too early.</p>"),
    lambda site: (site.root / "articles" / "a.md").unlink(),
    lambda site: site.write("e.md", body="<p>Bare.</p>", categories=["z"]),
    lambda site: site.write("f.md", date="2024-03-01", body="<p>The last.</p>"),
)


def store_at(where: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give the address of an empty place, and have the environment for it."""
    if where == "folder":
        return f"file://{tmp_path / 'store'}"
    server: Server = request.getfixturevalue(where)
    for name, value in server.environment().items():
        monkeypatch.setenv(name, value)
    return server.url(server.new_bucket())


def test_of_two_runs_with_one_ledger_the_slower_publishes_nothing(tmp_path: Path) -> None:
    store = tmp_path / "store"
    one, other = (
        publish_to(SiteFolder(tmp_path / name), f"file://{store}", ledger="bucket") for name in ("one", "other")
    )
    one.write("a.md")
    other.write("b.md")

    def overtake(_what: str, _done: int, _total: int) -> None:
        if not (store / KEY).exists():
            run(other)

    with pytest.raises(LockedError, match="has given back its ledger meanwhile"):
        run(one, progress=overtake)
    assert [item["title"] for item in json.loads((store / "feed.json").read_bytes())["items"]] == ["b.md"]


def test_a_ledger_that_is_no_ledger_any_more_is_not_replaced(site: SiteFolder, tmp_path: Path) -> None:
    publish_to(site, tmp_path / "store", ledger="bucket").write("a.md")
    (tmp_path / "store" / ".feedpub").mkdir(parents=True)
    broken = tmp_path / "store" / ".feedpub" / "ledger.sqlite3.gz"
    broken.write_bytes(b"nothing")
    with pytest.raises(PublishError, match="broken"):
        run(site)
    assert broken.read_bytes() == b"nothing"


def test_a_run_whose_ledger_is_not_the_newest_any_more_publishes_nothing(
    tmp_path: Path, seaweedfs: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = seaweedfs.url(seaweedfs.new_bucket())
    one, other = (
        publish_to(SiteFolder(tmp_path / name), f"{base}/www", f'state = "{base}/state"', ledger="bucket")
        for name in ("one", "other")
    )
    one.write("a.md")
    for name in ("a.md", "b.md", "c.md"):
        other.write(name)
    done: list[int] = []

    def overtake(_number: int, _method: str, path: str) -> Fault | None:
        """Hold up who has given his ledger back for a whole round of another."""
        if path.endswith("/www/.feedpub/manifest.json") and not done:
            command = [sys.executable, "-m", "feedpub", "run", "-q", "-c", str(other.config)]
            done.append(subprocess.run(command, env={**os.environ, **seaweedfs.environment()}, check=False).returncode)
        return None

    with proxy_to(seaweedfs.endpoint) as proxy:
        for name, value in seaweedfs.through(proxy.address).environment().items():
            monkeypatch.setenv(name, value)
        run(one)
        one.write("b.md")
        proxy.arm(overtake)
        with pytest.raises(LockedError, match="publishes what it built"):
            run(one)
        proxy.disarm()
        assert done == [0]
        assert public(f"{base}/www")["feed.json"] == (other.out / "feed.json").read_bytes()
        # It has let go of the bucket.
        run(other)
        assert public(f"{base}/www")["feed.json"] == (other.out / "feed.json").read_bytes()
        assert not run(other).has_news


def test_a_damaged_ledger_is_kept_in_the_bucket_before_another_one_takes_its_place(
    site: SiteFolder, tmp_path: Path
) -> None:
    publish_to(site, tmp_path / "store", ledger="bucket").write("a.md")
    run(site)
    ledger = tmp_path / "store" / ".feedpub" / "ledger.sqlite3.gz"
    damaged = gzip.compress(gzip.decompress(ledger.read_bytes())[:8192])
    ledger.write_bytes(damaged)
    notices = run(site).report.notices
    (kept,) = ledger.parent.glob("ledger.sqlite3.gz.damaged-*")
    assert kept.read_bytes() == damaged
    assert "it was moved to" in notices[0]
    assert notices[1] == f"file://{kept}: the ledger that was moved aside is kept here"
    assert run(site).report.notices == ()


def test_a_missing_bucket_for_the_ledger_is_named_as_such(
    site: SiteFolder, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = store_at("seaweedfs", tmp_path, request, monkeypatch)
    publish_to(site, base, 'state = "s3://nowhere-at-all"', ledger="bucket").write("a.md")
    with pytest.raises(PublishError, match=r"no bucket nowhere-at-all; make it, or look at publish\.state and"):
        run(site)


def test_what_a_killed_run_left_of_the_ledger_is_not_used(site: SiteFolder, tmp_path: Path) -> None:
    publish_to(site, tmp_path / "store", ledger="bucket").write("a.md")
    left = site.out / ".feedpub-ledger"
    left.mkdir(parents=True)
    for name in ("ledger.sqlite3", "ledger.sqlite3-wal"):
        (left / name).write_bytes(b"half of it")
    assert run(site).has_news
    assert not any(left.glob("ledger*"))


@pytest.fixture
def command(site: SiteFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SiteFolder:
    """A site to run the command in."""
    publish_to(site, tmp_path / "www").write("a.md", categories=["x"])
    monkeypatch.chdir(site.root)
    monkeypatch.delenv("FEEDPUB_CONFIG", raising=False)
    return site


def say(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["run", *arguments])
    return code, *capsys.readouterr()


def test_cron_hears_one_line_when_something_changed_and_nothing_when_not(
    command: SiteFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    age(command.root / "articles")
    code, out, err = say(capsys)
    assert (code, err) == (0, "")
    assert re.fullmatch(r"1 article \(1 new, .* s; published 9 documents to file:///.* s\n", out)
    age(command.out)
    assert say(capsys) == (0, "", "")
    assert say(capsys) == (0, "", "")
    code, out, _ = say(capsys, "-v")
    assert "nothing to publish to file:///" in out
    command.write("b.md", categories=["x"])
    assert say(capsys, "-q") == (0, "", "")


def test_logs_can_be_json_and_nothing_else(command: SiteFolder, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, err = say(capsys, "--log-format", "json")
    assert out == ""
    message = json.loads(err)
    assert message["level"] == "info"
    assert "published 9 documents to file:///" in message["message"]


def test_a_round_is_one_object(command: SiteFolder, capsys: pytest.CaptureFixture[str]) -> None:
    for uploaded in (9, 0, 0):
        age(command.root)
        said = json.loads(say(capsys, "--json")[1])
        assert (said["articles"]["seen"], said["publish"]["uploaded"]) == (1, uploaded)


def test_what_is_in_quarantine_is_said_once(command: SiteFolder, capsys: pytest.CaptureFixture[str]) -> None:
    command.write_raw("bad.md", "")
    age(command.root / "articles")
    code, _, err = say(capsys)
    assert (code, err) == (1, "bad.md: empty\n")
    say(capsys)
    age(command.out)
    say(capsys)
    assert say(capsys) == (1, "", "")


def test_a_dry_run_names_what_would_be_published(command: SiteFolder, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = say(capsys, "--dry-run")
    assert code == 0
    assert "dry run: 1 article" in out
    assert not command.out.exists()
    assert "put     x/rss.xml  new" in out
    assert "dry run: would publish 9 documents to file:///" in out
    say(capsys, "--delete")
    command.write("a.md", categories=["y"])
    options = ("--delete", "--allow-loss", "--json")
    foreseen = json.loads(say(capsys, "--dry-run", *options)[1])["publish"]
    done = json.loads(say(capsys, *options)[1])["publish"]
    assert foreseen["plan"] == done["plan"]
    assert (foreseen["changed"], foreseen["uploaded"]) == (done["changed"], done["uploaded"])
    decided = {step["key"]: (step["action"], step["reason"]) for step in done["plan"]}
    assert decided.items() >= {
        ("rss.xml", ("put", "changed")),
        ("y/rss.xml", ("put", "new")),
        ("x/rss.xml", ("delete", "gone")),
    }


def test_deleting_too_much_is_refused(command: SiteFolder, capsys: pytest.CaptureFixture[str]) -> None:
    say(capsys)
    command.write("a.md", categories=["y"])
    code, _, err = say(capsys, "--delete")
    assert code == 4
    assert "publish.max_deletes" in err
    assert "run once with --allow-loss" in err
    assert say(capsys, "--delete", "--allow-loss")[0] == 0
    assert say(capsys) == (0, "", "")


def test_a_loss_that_is_meant_is_allowed_once(command: SiteFolder, capsys: pytest.CaptureFixture[str]) -> None:
    articles = [command.write(f"{number}.md") for number in range(4)]
    say(capsys)
    for article in articles[:3]:
        article.unlink()
    assert say(capsys)[0] == 4
    assert say(capsys, "--allow-loss")[0] == 0
    assert set(command.items()) == {"a.md", "3.md"}


@pytest.mark.parametrize(
    ("setting", "code", "path"),
    [("", 0, "/ping"), ("[feeds]\nlimit = 0", 2, "/ping/fail"), ('[[source]]\npath = "gone"', 2, "/ping/fail")],
)
def test_a_health_check_hears_of_every_round(
    command: SiteFolder, capsys: pytest.CaptureFixture[str], listener: Listener, setting: str, code: int, path: str
) -> None:
    listener.script |= {"/ping": [200], "/ping/start": [200], "/ping/fail": [200]}
    publish_to(command, command.root.parent / "www", f'health = "{listener.at("ping")}"\n{setting}')
    age(command.root)
    for _ in range(3):
        assert say(capsys)[0] == code
        assert [each.path for each in listener.heard] == ["/ping/start", path]
        listener.heard.clear()
        age(command.root)


def test_a_health_check_hears_of_rounds_whatever_wrote_the_configuration(
    command: SiteFolder, capsys: pytest.CaptureFixture[str], listener: Listener
) -> None:
    listener.script |= {"/ping": [200], "/ping/start": [200]}
    address = listener.at("ping").replace("http", "HTTP")
    publish_to(command, command.root.parent / "www", f'health = " {address}"')
    file = command.root / "feedpub.toml"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert say(capsys)[0] == 0
    assert [each.path for each in listener.heard] == ["/ping/start", "/ping"]


def test_a_health_check_hears_nothing_of_a_dry_run_and_no_failure_where_another_run_is_at_work(
    command: SiteFolder, capsys: pytest.CaptureFixture[str], listener: Listener
) -> None:
    listener.script |= {"/ping": [200], "/ping/start": [200], "/ping/fail": [200]}
    publish_to(command, command.root.parent / "www", f'health = "{listener.at("ping")}"')
    say(capsys, "--dry-run")
    assert listener.heard == []
    with lock.hold(command.root / ".feedpub" / "ledger.sqlite3.lock"):
        assert say(capsys)[0] == 75
    assert [each.path for each in listener.heard] == ["/ping/start"]
    listener.heard.clear()
    say(capsys)
    command.write("a.md", categories=["y"])
    assert say(capsys, "--delete")[0] == 4
    assert [each.path for each in listener.heard][-1] == "/ping/fail"


def test_build_and_explain_know_a_ledger_in_a_bucket(
    command: SiteFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publish_to(command, tmp_path / "www", ledger="bucket")
    assert main(["build", "-q"]) == 0
    assert (tmp_path / "www" / ".feedpub" / "ledger.sqlite3.gz").exists()
    shutil.rmtree(command.out)
    assert main(["build", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["entries"]["new"] == []
    shutil.rmtree(command.out)
    assert main(["explain", "a.md"]) == 0
    assert "shown, in 2 of 2 feeds" in capsys.readouterr().out
    assert not command.out.exists()
    assert main(["ledger"]) == 0
    assert "remembers 1 story" in capsys.readouterr().out


def test_identities_move_from_a_disk_into_a_bucket(
    command: SiteFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command.write("undated.md", body="<p>Words.")
    assert main(["build", "-q", "--now", "2024-03-01T00:00:00Z"]) == 0
    before = command.items()
    assert main(["ledger", "export", str(tmp_path / "identities")]) == 0
    shutil.rmtree(command.root / ".feedpub")
    publish_to(command, tmp_path / "www", ledger="bucket")
    assert main(["ledger", "import", str(tmp_path / "identities")]) == 0
    assert not (command.root / ".nowhere").exists()
    capsys.readouterr()
    assert main(["run", "--json", "--now", "2024-03-09T00:00:00Z"]) == 0
    assert json.loads(capsys.readouterr().out)["entries"]["updated"] == []
    assert command.items() == before


def test_a_run_that_is_told_to_end_lets_go_of_the_bucket(
    site: SiteFolder, seaweedfs: Server, listener: Listener
) -> None:
    listener.script |= {"/ping": [200], "/ping/start": [200], "/ping/fail": [200]}
    bucket = seaweedfs.new_bucket()
    publish_to(site, seaweedfs.url(bucket), f'health = "{listener.at("ping")}"').write("a.md")
    begun = threading.Event()

    def hold_up(_number: int, method: str, path: str) -> Fault | None:
        if method != "PUT" or not path.endswith("/rss.xml"):
            return None
        begun.set()
        return Delay(1)

    with proxy_to(seaweedfs.endpoint) as proxy:
        proxy.arm(hold_up)
        environment = {**os.environ, **seaweedfs.through(proxy.address).environment()}
        command = [sys.executable, "-m", "feedpub", "run", "-c", str(site.config)]
        with subprocess.Popen(command, env=environment) as process:
            assert begun.wait(30)
            process.terminate()
            assert process.wait(30) == 143
    store = seaweedfs.store(bucket)
    lock = json.loads(bytes(store.get(".feedpub/lock.json").bytes()))
    assert lock["released"]
    assert [each.path for each in listener.heard] == ["/ping/start", "/ping/fail"]
    with pytest.raises(FileNotFoundError):
        store.get(KEY)


def test_caches_hear_of_what_an_unfinished_run_uploaded(
    site: SiteFolder, tmp_path: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener.script |= {"/hook": [200]}
    publish_to(site, tmp_path / "www", f'webhook = "{listener.at("hook")}"').write("a.md")

    def stop(what: str, done: int, _total: int) -> None:
        if what == "publishing" and done > 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(site, progress=stop)
    assert listener.heard == []
    run(site)
    (told,) = listener.heard
    assert set(json.loads(told.body)["changed"]) == {
        f"https://feeds.example.org/{key}" for key in public_keys(tmp_path)
    }


def test_the_next_run_tells_what_a_killed_one_had_no_time_to(
    command: SiteFolder, capsys: pytest.CaptureFixture[str], tmp_path: Path, listener: Listener
) -> None:
    listener.script |= {"/hook": ["silence", 200]}
    publish_to(command, tmp_path / "www", f'webhook = "{listener.at("hook")}"')
    age(command.root)
    with subprocess.Popen([sys.executable, "-m", "feedpub", "run", "-q"]) as process:
        while not listener.heard:
            assert process.poll() is None
            time.sleep(0.01)
        process.kill()
    age(command.root)
    # Nothing else is there to do.
    for heard in (2, 2, 2):
        assert say(capsys) == (0, "", "")
        assert len(listener.heard) == heard
        age(command.root)
    assert listener.heard[0].body == listener.heard[1].body


def test_at_a_glance_it_is_told_as_well_what_nobody_heard(
    command: SiteFolder, capsys: pytest.CaptureFixture[str], tmp_path: Path, listener: Listener
) -> None:
    listener.script |= {"/hook": [200]}
    publish_to(command, tmp_path / "www %25", f'webhook = "{listener.at("hook")}"')
    for _ in range(3):
        age(command.root)
        say(capsys)
    left = Published(site="https://feeds.example.org/", run="r1", changed=("https://feeds.example.org/x",))
    (folder,) = (command.root / ".feedpub" / "published").iterdir()
    with pytest.raises(KeyboardInterrupt), untold.remembered(folder, left):
        raise KeyboardInterrupt
    for _ in range(2):
        say(capsys)
    assert [json.loads(each.body)["run"] for each in listener.heard][1:] == ["r1"]


def public_keys(tmp_path: Path) -> set[str]:
    return set(read_manifest((tmp_path / "www" / KEY).read_bytes()).documents)


def test_a_ledger_that_lies_open_is_said_to(site: SiteFolder, tmp_path: Path) -> None:
    warnings: list[str] = []
    publish_to(site, tmp_path / "www", ledger="bucket").write("a.md")
    run(site, warn=warnings.append)
    assert "publish.state names a private place" in warnings[0]
    run(site, warn=warnings.append)
    assert len(warnings) == 1


def test_a_run_that_died_right_after_publishing_leaves_it_to_the_next_to_tell(
    site: SiteFolder, tmp_path: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener.script |= {"/hub": [202], "/hook": [200]}
    publish_to(site, tmp_path / "www", f'webhook = "{listener.at("hook")}"\nwebsub = ["{listener.at("hub")}"]').write(
        "a.md"
    )

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("feedpub.bucket.generations.Shelf.trim", die)
        with pytest.raises(KeyboardInterrupt):
            run(site)
    assert (tmp_path / "www" / KEY).exists()
    run(site)
    assert sorted(each.path for each in listener.heard) == ["/hook", "/hub", "/hub", "/hub"]
    listener.heard.clear()
    run(site)
    assert listener.heard == []

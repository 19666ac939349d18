"""What the pages of `docs/` say is done here: their blocks are taken out of them, and run, loaded or compared."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, get_args

import obstore
import pytest
import yaml

from feedpub.arguments import parse
from feedpub.bucket.headers import headers_of, tell_type
from feedpub.bucket.plan import Reason
from feedpub.bucket.targets import parse_target
from feedpub.cli import main
from feedpub.config import load_config
from feedpub.lock import hold
from feedpub.publish import idle

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(page.name for page in DOCS.glob("*.md"))

#: Folders that the pages speak of; here they lie in a folder of the test.
_PLACES = re.compile(r"(?<![\w./-])/(srv/site|srv/www|site|articles|tmp)\b(?!-)")

#: Of a scheduler, and what it needs of us.
_SYSTEM = "/usr/bin:/bin"

#: What stands for programs that need a network, rights or a cluster: it writes down what it was told.
_FAKE = '#!/bin/sh\nprintf "%s %s\\n" "$(basename "$0")" "$*" >>"{log}"\n{more}\n'
_FAKES = ("pip", "useradd", "systemctl", "journalctl", "podman", "kubectl")

#: Exit codes that a scheduler takes for success.
_FINE = {0, 1, 75}


class Block(NamedTuple):
    page: str
    language: str
    text: str

    @property
    def name(self) -> str:
        """What the first line says the block is; "" where that is no comment."""
        return self.text.partition("\n")[0].removeprefix("# ") if self.text.startswith("# ") else ""


@cache
def blocks(*languages: str) -> list[Block]:
    found = (
        Block(page, language, text)
        for page in PAGES
        for language, text in re.findall(
            r"^```(\w*)\n(.*?)^```$", (DOCS / page).read_text("utf-8"), re.MULTILINE | re.DOTALL
        )
    )
    return [block for block in found if block.language in languages]


def cron_block(language: str, *, name: str | None = None, begins: str = "") -> str:
    """Give the one block of `cron.md` that is meant."""
    (text,) = (
        block.text
        for block in blocks(language)
        if block.page == "cron.md" and name in (None, block.name) and block.text.startswith(begins)
    )
    return text


def table(page: str, *first: str) -> list[list[str]]:
    """Give the rows of the table whose head begins with these cells."""
    text = (DOCS / page).read_text("utf-8")
    head = re.escape("| " + " | ".join(first))
    (rows,) = re.findall(rf"^{head} .*\n\|[ |-]+\n((?:\|.*\n)+)", text, re.MULTILINE)
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows.splitlines()]


@dataclass
class Store:
    """Where the pages say `s3://news-feeds/feeds`."""

    feeds: str
    state: str
    environ: Mapping[str, str] = field(default_factory=dict)

    def get(self, key: str) -> bytes:
        if self.feeds.startswith("file://"):
            return Path(self.feeds.removeprefix("file://"), key).read_bytes()
        bucket, _, prefix = self.feeds.removeprefix("s3://").partition("/")
        server = obstore.store.S3Store(
            bucket,
            prefix=prefix,
            endpoint=self.environ["AWS_ENDPOINT_URL"],
            access_key_id=self.environ["AWS_ACCESS_KEY_ID"],
            secret_access_key=self.environ["AWS_SECRET_ACCESS_KEY"],
            region=self.environ["AWS_REGION"],
            client_options={"allow_http": True},
        )
        return bytes(obstore.get(server, key).bytes())

    def ids(self) -> set[str]:
        return {item["id"] for item in json.loads(self.get("feed.json"))["items"]}


@pytest.fixture(params=["folder", "seaweedfs"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return Store(f"file://{tmp_path}/store/feeds", f"file://{tmp_path}/store/state")
    server = request.getfixturevalue("seaweedfs")
    # A page's reader has no need of `AWS_ALLOW_HTTP`.
    environ = {name: value for name, value in server.environment().items() if name != "AWS_ALLOW_HTTP"}
    return Store(server.url(server.new_bucket(), "feeds"), server.url(server.new_bucket(), "feedpub"), environ)


@dataclass
class Machine:
    """A folder that stands for a machine on which somebody does what the pages say."""

    root: Path
    store: Store

    def __post_init__(self) -> None:
        for folder in ("bin", "home", "tmp"):
            (self.root / folder).mkdir(parents=True)
        for name in _FAKES:
            self.program(f"bin/{name}")
        self.program("bin/feedpub", f'exec {shlex.quote(sys.executable)} -m feedpub "$@"')
        feedpub = self.root / "bin" / "feedpub"
        self.program(
            "bin/python3",
            f'mkdir -p "$3/bin" && ln -s "{feedpub}" "$3/bin/feedpub" && ln -s "{self.root}/bin/pip" "$3/bin/pip"',
        )

    @property
    def path(self) -> str:
        return f"{self.root}/bin:{_SYSTEM}"

    @property
    def log(self) -> Path:
        return self.root / "said"

    def program(self, name: str, more: str = "") -> None:
        path = self.root / name
        path.write_text(_FAKE.format(log=self.log, more=more), "utf-8")
        path.chmod(0o755)

    def told(self, program: str) -> list[list[str]]:
        """Say what a program was told, each time."""
        lines = self.log.read_text("utf-8").splitlines() if self.log.exists() else []
        return [line.split()[1:] for line in lines if line.split()[0] == program]

    def here(self, text: str) -> str:
        """Give a text with its places on this machine."""
        text = text.replace("s3://news-feeds/feeds", self.store.feeds)
        text = text.replace("s3://news-private/feedpub", self.store.state)
        # The addresses of folders are in the test's own already.
        return re.sub(rf"{re.escape(str(self.root.parent))}\S*|{_PLACES.pattern}", self._move, text)

    def _move(self, found: re.Match[str]) -> str:
        return f"{self.root}/{found[1]}" if found[1] else found[0]

    def write(self, path: str, text: str) -> Path:
        place = self.root / path.removeprefix("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(self.here(text), "utf-8")
        return place

    def article(self, folder: str, name: str, words: str = "Words.") -> None:
        self.write(f"{folder}/{name}", f"---\ntitle: {name}\ndate: 2024-01-01\ncategories: [x]\n---\n{words}\n")

    def sh(self, script: str, *, cwd: str = "home", flags: str = "-ec", **environ: str) -> subprocess.CompletedProcess:
        return self.run(["/bin/sh", flags, script], cwd=cwd, **{"PATH": self.path, **environ})

    def run(
        self, command: list[str], *, cwd: str = "home", stdin: str = "", **environ: str
    ) -> subprocess.CompletedProcess:
        """Run a command with this environment and nothing else of ours."""
        return subprocess.run(
            command, cwd=self.root / cwd, env=environ, input=stdin, capture_output=True, text=True, timeout=60
        )

    def key_file(self, text: str) -> str:
        """Fill in a file of keys, as its reader does."""
        values = self.store.environ
        if "AWS_ENDPOINT_URL" in values:
            text = text.replace("# AWS_ENDPOINT_URL=", "AWS_ENDPOINT_URL=")
        return re.sub(
            r"^(\w+)=.*$", lambda line: f"{line[1]}={values.get(line[1]) or 'unused'}", text, flags=re.MULTILINE
        )


@pytest.fixture
def machine(tmp_path: Path, store: Store) -> Machine:
    return Machine(tmp_path / "machine", store)


@pytest.fixture
def quiet_machine(tmp_path: Path) -> Machine:
    """Give a machine that publishes to a folder."""
    return Machine(tmp_path / "machine", Store(f"file://{tmp_path}/store/feeds", f"file://{tmp_path}/store/state"))


def environment_of(file: Path) -> dict[str, str]:
    """Read a file of keys as systemd and container engines do, whose rules are stricter than those of sh."""
    lines = [line for line in file.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def set_up_site(machine: Machine) -> Path:
    """Do what comes before the crontab, with an article."""
    machine.write("srv/site/feedpub.toml", cron_block("toml", name="/srv/site/feedpub.toml"))
    machine.article("srv/site/articles", "a.md")
    done = machine.sh(machine.here(cron_block("sh", begins="python3 -m venv")))
    assert (done.returncode, done.stderr) == (0, "")
    keys = machine.root / "srv/site/feedpub.env"
    assert keys.stat().st_mode & 0o777 == 0o600
    keys.write_text(machine.key_file(cron_block("sh", name="/srv/site/feedpub.env")), "utf-8")
    return machine.root / "srv/site"


# The crontab.


class Job(NamedTuple):
    """A line of a crontab, as cron reads it."""

    times: list[str]
    command: str
    stdin: str
    settings: dict[str, str]


def read_crontab(text: str) -> list[Job]:
    """Read a crontab as crontab(5) says it is read."""
    settings: dict[str, str] = {}
    jobs = []
    for line in filter(None, text.splitlines()):
        if line.startswith("#"):
            continue
        if setting := re.fullmatch(r"(\w+)\s*=\s*(.*)", line):
            settings[setting[1]] = setting[2]
            continue
        *times, rest = line.split(None, 5)
        command, *more = (part.replace(r"\%", "%") for part in re.split(r"(?<!\\)%", rest))
        jobs.append(Job(times, command, "\n".join(more), dict(settings)))
    return jobs


def run_job(machine: Machine, job: Job) -> str:
    """Do what cron does, and give what it sends by mail."""
    environ = {"HOME": f"{machine.root}/home", "LOGNAME": "site", "SHELL": "/bin/sh", "PATH": _SYSTEM, **job.settings}
    done = machine.run(["/bin/sh", "-c", job.command], stdin=job.stdin, **environ)
    return done.stdout + done.stderr


def test_the_crontab_publishes_and_has_mail_sent_only_of_what_needs_a_look(machine: Machine) -> None:
    site = set_up_site(machine)
    crontab = machine.here(cron_block("cron", name="crontab of the user to whom the site belongs"))
    (job,) = read_crontab(crontab)
    assert len(job.times) == 5
    assert "$" not in job.settings["PATH"]
    assert run_job(machine, job) == ""
    (line,) = (site / "run.log").read_text("utf-8").splitlines()
    assert "9 of 9 documents written" in line
    assert f"published 9 documents to {machine.store.feeds}" in line
    assert machine.store.get("rss.xml") == (site / "dist/rss.xml").read_bytes()
    assert run_job(machine, job) == ""
    machine.write("srv/site/articles/b.md", "---\ntitle: cut short\n")
    assert run_job(machine, job).startswith("b.md: front matter is opened and never closed")
    assert (site / "run.log").read_text("utf-8").splitlines() == [line]


def test_the_crontab_with_json_writes_only_json(quiet_machine: Machine) -> None:
    site = set_up_site(quiet_machine)
    quiet_machine.write("srv/site/articles/b.md", "---\ntitle: cut short\n")
    (job,) = read_crontab(quiet_machine.here(cron_block("cron", name="the same, with JSON logs")))
    assert [run_job(quiet_machine, job) for _ in range(2)] == ["", ""]
    (log,) = site.glob("run-????-??-??.jsonl")
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    # The article that was written a moment ago is looked at twice.
    assert {line["message"] for line in lines if line["level"] == "warning"} == {
        "b.md: front matter is opened and never closed; was the file cut short?"
    }
    (done,) = [line["message"] for line in lines if line["level"] == "info"]
    assert "published 9 documents" in done


def test_a_crontab_is_read_as_cron_does() -> None:
    (job,) = read_crontab("A = b c\n# no\n\n1 2 3 4 5  date +\\%F%line one%line two\n")
    assert job == Job(["1", "2", "3", "4", "5"], "date +%F", "line one\nline two", {"A": "b c"})


# systemd.


def read_unit(name: str, machine: Machine) -> configparser.ConfigParser:
    unit = configparser.ConfigParser(interpolation=None, delimiters=["="], comment_prefixes=["#"])
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(machine.here(cron_block("ini", name=f"/etc/systemd/system/{name}")))
    return unit


def test_the_service_publishes_and_writes_only_where_it_may(machine: Machine) -> None:
    site = set_up_site(machine)
    service = read_unit("feedpub.service", machine)["Service"]
    assert service["Type"] == "oneshot"
    assert {int(code) for code in service["SuccessExitStatus"].split()} | {0} == _FINE
    assert service["ProtectSystem"] == "strict"
    allowed = [Path(folder) for folder in service["ReadWritePaths"].split()]
    for folder in allowed:
        # The site's own folder may not be written to, not even to make these.
        folder.mkdir()
    machine.log.unlink()
    before = tree(machine.root, but=allowed)
    done = machine.run(
        shlex.split(service["ExecStart"]),
        cwd=str(Path(service["WorkingDirectory"]).relative_to(machine.root)),
        PATH=_SYSTEM,
        **environment_of(Path(service["EnvironmentFile"])),
    )
    assert (done.returncode, done.stderr) == (0, "")
    # A start of our stand-in for the program is written down.
    machine.log.unlink()
    assert tree(machine.root, but=allowed) == before
    assert machine.store.get("rss.xml") == (site / "dist/rss.xml").read_bytes()


def tree(root: Path, *, but: list[Path]) -> dict[Path, int]:
    """Say when each file and folder of the site was written; a folder is when anything in it comes or goes."""
    paths = [root / "home", root / "srv/site", *(root / "srv/site").rglob("*")]
    outside = [path for path in paths if not any(path.is_relative_to(folder) for folder in but)]
    return {path: path.lstat().st_mtime_ns for path in outside}


def test_the_timer_comes_back_and_makes_up_for_what_was_missed(quiet_machine: Machine) -> None:
    timer = read_unit("feedpub.timer", quiet_machine)
    assert timer["Timer"]["Persistent"] == "true"
    assert timer["Timer"]["OnCalendar"]
    assert int(timer["Timer"]["RandomizedDelaySec"]) < 5 * 60
    assert timer["Install"]["WantedBy"] == "timers.target"


def test_systemd_knows_every_word_of_the_units(quiet_machine: Machine) -> None:
    analyze = shutil.which("systemd-analyze") or pytest.skip("systemd-analyze is missing")
    set_up_site(quiet_machine)
    units = [
        str(quiet_machine.write(f"units/{name}", cron_block("ini", name=f"/etc/systemd/system/{name}")))
        for name in ("feedpub.service", "feedpub.timer")
    ]
    done = quiet_machine.run([analyze, "verify", "--man=no", *units], PATH=_SYSTEM)
    # What is wrong with other units of this machine is not ours.
    assert [line for line in (done.stdout + done.stderr).splitlines() if "feedpub" in line] == []
    when = read_unit("feedpub.timer", quiet_machine)["Timer"]["OnCalendar"]
    assert quiet_machine.run([analyze, "calendar", when], PATH=_SYSTEM).returncode == 0


def test_the_service_is_set_up_with_the_names_that_its_unit_has(quiet_machine: Machine) -> None:
    service = read_unit("feedpub.service", quiet_machine)["Service"]
    quiet_machine.program("bin/install")
    for begins in ("useradd", "systemctl"):
        done = quiet_machine.sh(quiet_machine.here(cron_block("sh", begins=begins)))
        assert (done.returncode, done.stderr) == (0, "")
    (user,) = quiet_machine.told("useradd")
    (folders,) = quiet_machine.told("install")
    assert user[-1] == service["User"]
    assert folders == ["-d", "-o", service["User"], "-g", service["User"], *service["ReadWritePaths"].split()]
    assert ["enable", "--now", "feedpub.timer"] in quiet_machine.told("systemctl")


# The container.


@dataclass
class Image:
    """What a Containerfile makes, done step by step in a folder."""

    machine: Machine
    base: str = ""
    workdir: str = "home"
    user: str = "0"
    environ: dict[str, str] = field(default_factory=dict)
    command: list[str] = field(default_factory=list)

    def take(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        getattr(self, f"take_{word.lower()}")(self.machine.here(rest))

    def take_from(self, rest: str) -> None:
        self.base = rest

    def take_run(self, rest: str) -> None:
        done = self.machine.sh(rest, cwd=self.workdir, **self.environ)
        assert (done.returncode, done.stderr) == (0, "")

    def take_workdir(self, rest: str) -> None:
        Path(rest).mkdir(parents=True, exist_ok=True)
        self.workdir = str(Path(rest).relative_to(self.machine.root))

    def take_copy(self, rest: str) -> None:
        *sources, target = rest.split()
        for source in sources:
            shutil.copy(self.machine.root / "context" / source, self.machine.root / self.workdir / target)

    def take_env(self, rest: str) -> None:
        self.environ |= dict(pair.split("=", 1) for pair in shlex.split(rest))

    def take_user(self, rest: str) -> None:
        self.user = rest

    def take_cmd(self, rest: str) -> None:
        self.command = json.loads(rest)


def config_with(line: str) -> str:
    """Give the configuration without a disk that has this line."""
    (text,) = (block.text for block in blocks("toml") if block.name == "feedpub.toml" and line in block.text)
    return text


def build_image(machine: Machine) -> Image:
    machine.write("context/feedpub.toml", config_with('path = "/articles"'))
    image = Image(machine)
    for line in cron_block("dockerfile", name="Containerfile").splitlines()[1:]:
        image.take(line)
    return image


def keys_for(machine: Machine) -> dict[str, str]:
    """Give what the file of keys puts into a container."""
    return environment_of(
        machine.write("feedpub.env", machine.key_file(cron_block("sh", name="/srv/site/feedpub.env")))
    )


def test_the_container_keeps_all_identities_though_its_disk_is_empty_each_time(machine: Machine) -> None:
    image = build_image(machine)
    environ = {"PATH": machine.path, **image.environ, **keys_for(machine)}
    machine.article("articles", "a.md")
    machine.write("articles/b.md", "---\ntitle: Without a date\n---\nSeen once.\n")
    kept: dict[str, Any] = {}
    for round_ in range(3):
        done = machine.run(image.command, cwd=image.workdir, **environ)
        assert (done.returncode, done.stderr) == (0, "")
        # Only the output folder was written to, and it goes.
        assert [path.name for path in (machine.root / "tmp").iterdir()] == ["feeds"]
        assert [path.name for path in (machine.root / image.workdir).iterdir()] == ["feedpub.toml"]
        shutil.rmtree(machine.root / "tmp/feeds")
        feed = machine.store.get("feed.json")
        assert kept.setdefault("feed", feed) == feed, f"round {round_}"
    machine.article("articles", "a.md", words="Other words.")
    ids = machine.store.ids()
    assert len(ids) == 2
    assert machine.run(image.command, cwd=image.workdir, **environ).returncode == 0
    assert machine.store.get("feed.json") != kept["feed"]
    assert machine.store.ids() == ids


def test_the_image_is_official_and_its_user_is_not_root(quiet_machine: Machine) -> None:
    image = build_image(quiet_machine)
    python = re.fullmatch(r"python:(\d+)\.(\d+)-slim", image.base)
    assert python
    assert (int(python[1]), int(python[2])) >= (3, 11)
    # Kubernetes believes only a number not to be root's.
    assert int(image.user) > 0
    (user,) = quiet_machine.told("useradd")
    assert user[user.index("--uid") + 1] == image.user


def test_the_engine_is_told_what_the_container_needs(quiet_machine: Machine) -> None:
    image = build_image(quiet_machine)
    done = quiet_machine.sh(cron_block("sh", begins="podman"))
    assert (done.returncode, done.stderr) == (0, "")
    build, run = quiet_machine.told("podman")
    assert build[build.index("--tag") + 1] == run[-1]
    _, inside, mode = run[run.index("--volume") + 1].split(":")
    config = tomllib.loads((quiet_machine.root / image.workdir / "feedpub.toml").read_text("utf-8"))
    assert quiet_machine.here(inside) == config["source"][0]["path"]
    assert mode == "ro"
    assert "--read-only" in run
    assert Path(config["site"]["out"]).is_relative_to(quiet_machine.here(run[run.index("--tmpfs") + 1]))


# Kubernetes.


def read_cron_job() -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Give what the job, its pod and its container are to be."""
    said = yaml.safe_load(cron_block("yaml", name="cronjob.yaml"))
    assert (said["apiVersion"], said["kind"]) == ("batch/v1", "CronJob")
    pod = said["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    return said["spec"], pod, container


def test_the_cron_job_publishes_from_an_empty_disk(machine: Machine) -> None:
    image = build_image(machine)
    _, _, container = read_cron_job()
    machine.article("articles", "a.md")
    environ = {"PATH": machine.path, **image.environ, **keys_for(machine)}
    done = machine.run(container["command"], cwd=image.workdir, **environ)
    assert (done.returncode, done.stderr) == (0, "")
    assert machine.store.get("rss.xml") == (machine.root / "tmp/feeds/rss.xml").read_bytes()


def test_no_two_jobs_run_at_once_and_none_for_ever() -> None:
    job, pod, _ = read_cron_job()
    assert job["concurrencyPolicy"] == "Forbid"
    assert len(job["schedule"].split()) == 5
    assert pod["restartPolicy"] == "Never"
    assert job["jobTemplate"]["spec"]["backoffLimit"] == 0
    # A lock of a dead run is waited for.
    assert job["jobTemplate"]["spec"]["activeDeadlineSeconds"] > 120


def test_the_job_finds_what_it_names(quiet_machine: Machine) -> None:
    image = build_image(quiet_machine)
    quiet_machine.sh(cron_block("sh", begins="podman"))
    done = quiet_machine.sh(cron_block("sh", begins="kubectl"))
    assert (done.returncode, done.stderr) == (0, "")
    _, pod, container = read_cron_job()
    assert container["image"] == quiet_machine.told("podman")[0][2]
    assert pod["securityContext"] == {"runAsNonRoot": True, "runAsUser": int(image.user)}
    create, apply = quiet_machine.told("kubectl")
    assert create[:4] == ["create", "secret", "generic", container["envFrom"][0]["secretRef"]["name"]]
    assert apply[-1] == "cronjob.yaml"
    volumes = {each["name"]: each for each in pod["volumes"]}
    mounts = {each["mountPath"]: each for each in container["volumeMounts"]}
    assert {each["name"] for each in mounts.values()} == volumes.keys()
    assert mounts["/articles"]["readOnly"]
    assert "emptyDir" in volumes[mounts["/tmp"]["name"]]
    assert container["securityContext"]["readOnlyRootFilesystem"]


@pytest.mark.parametrize("code", [0, 1, 2, 3, 4, 75, 137])
@pytest.mark.parametrize("where", ["cronjob", "workflow"])
def test_schedulers_hear_of_failures_and_only_of_those(quiet_machine: Machine, where: str, code: int) -> None:
    quiet_machine.program("bin/feedpub", f"exit {code}")
    script = read_cron_job()[2]["command"][-1] if where == "cronjob" else run_steps()[-1]["run"]
    flags = "-c" if where == "cronjob" else "-ec"
    assert quiet_machine.sh(script, flags=flags).returncode == (0 if code in _FINE else code)
    assert len(quiet_machine.told("feedpub")) == 1


# The workflow.


def read_workflow() -> dict[Any, Any]:
    said: dict[Any, Any] = yaml.safe_load(cron_block("yaml", name=".github/workflows/feeds.yml"))
    return said


def run_steps() -> list[dict[str, Any]]:
    return [step for step in read_workflow()["jobs"]["publish"]["steps"] if "run" in step]


def test_the_workflow_publishes_what_was_checked_out(machine: Machine) -> None:
    config = config_with('path = "articles"')
    for round_ in range(2):
        checkout = f"checkout-{round_}"
        machine.write(f"{checkout}/feedpub.toml", config)
        machine.article(f"{checkout}/articles", "a.md")
        for step in run_steps():
            environ = {name: fill_in(value, machine) for name, value in step.get("env", {}).items()}
            endpoint = {name: value for name, value in machine.store.environ.items() if name == "AWS_ENDPOINT_URL"}
            done = machine.sh(step["run"], cwd=checkout, **environ, **endpoint)
            assert (done.returncode, done.stderr) == (0, "")
        assert machine.store.get("rss.xml") == (machine.root / checkout / "dist/rss.xml").read_bytes()
        # The ledger does not lie where it would be lost.
        assert not (machine.root / checkout / ".feedpub").exists()
    assert machine.told("pip") == [["install", "feedpub[bucket]"]] * 2


def fill_in(value: str, machine: Machine) -> str:
    """Give a variable's value, with the secrets that it names."""
    return re.sub(r"\$\{\{ secrets\.(\w+) \}\}", lambda found: machine.store.environ.get(found[1], "unused"), value)


def test_the_workflow_runs_on_push_and_by_the_clock_one_at_a_time() -> None:
    workflow = read_workflow()
    # YAML 1.1 takes the word for a truth value; GitHub does not.
    triggers = workflow[True]
    assert triggers["push"]["branches"] == ["main"]
    assert len(triggers["schedule"][0]["cron"].split()) == 5
    assert workflow["concurrency"] == {"group": "feeds", "cancel-in-progress": False}
    assert workflow["permissions"] == {"contents": "read"}
    keys = run_steps()[-1]["env"]
    assert {name for name, value in keys.items() if value == f"${{{{ secrets.{name} }}}}"} == {
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
    }
    assert all("${{" not in step["run"] for step in run_steps())
    uses = [step["uses"] for step in workflow["jobs"]["publish"]["steps"] if "uses" in step]
    assert all(re.fullmatch(r"actions/[\w-]+@v\d+", action) for action in uses)


# What holds of all pages.


def commands() -> Iterator[tuple[str, str]]:
    """Name every command line of ours on the pages: in blocks, and in prose where it goes on after the command."""
    for page in PAGES:
        text = (DOCS / page).read_text("utf-8")
        prose = re.findall(r"`(feedpub [a-z]+[^`]*)`", text)
        in_blocks = (
            re.findall(r"(?:^|\$ |[ /])(feedpub (?!run --tag)[a-z]+[^|>\n]*)", block.text, re.MULTILINE)
            for block in blocks("console", "sh", "cron", "ini", "yaml")
            if block.page == page
        )
        for line in (*prose, *(line for found in in_blocks for line in found)):
            if line.split()[1] in {
                "run",
                "build",
                "publish",
                "explain",
                "ledger",
                "init",
                "check",
                "serve",
                "sanitise",
            }:
                yield page, line.strip()


@pytest.mark.parametrize(("page", "line"), sorted(set(commands())))
def test_every_command_exists_with_its_options(page: str, line: str) -> None:
    assert parse(shlex.split(line)[1:])["command"]


def test_options_that_prose_speaks_of_exist(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("run", "publish"):
        assert main([command, "--help"]) == 0
    known = set(re.findall(r"--?[a-z-]+", capsys.readouterr().out))
    for page in PAGES:
        for option in re.findall(r"`(--?[a-z][a-z-]*)[^`]*`", (DOCS / page).read_text("utf-8")):
            assert option in known, (page, option)


@pytest.mark.parametrize("block", blocks("toml"), ids=lambda block: f"{block.page}-{block.text[:30]!r}")
def test_every_piece_of_a_configuration_loads(block: Block, quiet_machine: Machine) -> None:
    text = block.text
    given = tomllib.loads(text).get("site", {})
    usual = {"title": "Wire", "url": "https://feeds.example.org/"}
    lines = "".join(f'{key} = "{value}"\n' for key, value in usual.items() if key not in given)
    text = text.replace("[site]\n", f"[site]\n{lines}") if given else f"[site]\n{lines}\n{text}"
    if "[[source]]" not in text:
        text += '\n[[source]]\npath = "articles"\n'
    for folder in ("articles", "page/articles"):
        (quiet_machine.root / folder).mkdir(parents=True)
    # As it stands: the addresses of buckets are right, whether or not there is one.
    file = quiet_machine.root / "page/feedpub.toml"
    file.write_text(_PLACES.sub(lambda found: f"{quiet_machine.root}/{found[1]}", text), "utf-8")
    assert load_config(file).publish


@pytest.mark.parametrize("block", blocks("console"), ids=lambda block: f"{block.page}-{block.text[:40]!r}")
def test_every_session_goes_as_it_is_told(block: Block, quiet_machine: Machine) -> None:
    site = set_up_site(quiet_machine)
    quiet_machine.article("srv/site/articles", "b.md")
    if "feedpub run" not in block.text:
        # Something was public before.
        assert quiet_machine.sh("feedpub run", cwd="srv/site").returncode == 0
        quiet_machine.article("srv/site/articles", "b.md", words="Other words.")
        assert quiet_machine.sh("feedpub run", cwd="srv/site").returncode == 0
    sessions = re.findall(r"^\$ (.*)\n((?:[^$].*\n)*)", block.text, re.MULTILINE)
    assert sessions
    for command, expected in sessions:
        done = quiet_machine.sh(quiet_machine.here(command), cwd="srv/site")
        assert (done.returncode, done.stderr) == (0, "")
        if expected or command == "feedpub run":
            # A folder needs no requests, and nobody else's machine is as quick.
            shape = re.escape(quiet_machine.here(expected)).replace(r"\ ", " ")
            shape = re.sub(r"\d+ requests", r"\\d+ requests", re.sub(r"\d+\\\.\d s", r"\\d+\\.\\d s", shape))
            assert re.fullmatch(shape, done.stdout), (shape, done.stdout)
    assert site.is_dir()


def test_what_is_to_be_installed_can_be() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for page in PAGES:
        for name, extra in re.findall(r"pip install [^`\n]*'(\w+)\[(\w+)\]'", (DOCS / page).read_text("utf-8")):
            assert name == project["name"]
            assert extra in project["optional-dependencies"]


# Tables.


@pytest.mark.parametrize(("page", "command"), [("cron.md", "run"), ("publishing.md", "publish")])
def test_the_exit_codes_are_those_of_the_help(page: str, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    exits = capsys.readouterr().out.partition("exit codes:")[2]
    assert [row[0] for row in table(page, "exit code", "means")] == re.findall(r"^  (\d+) ", exits, re.MULTILINE)


@pytest.mark.parametrize("code", [int(row[0]) for row in table("cron.md", "exit code", "means")])
def test_a_run_ends_with_every_code_of_the_table(
    code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine(tmp_path / "machine", Store(f"file://{tmp_path}/store/feeds", ""))
    monkeypatch.chdir(set_up_site(machine))
    articles = Path("articles")
    for name in "bcde":
        machine.article("srv/site/articles", f"{name}.md")
    assert main(["run"]) == 0
    before = machine.store.get("rss.xml")
    machine.article("srv/site/articles", "new.md")
    if code == 1:
        (articles / "bad.md").write_text("---\ntitle: cut short\n", "utf-8")
    elif code == 2:
        Path("feedpub.toml").write_text("[sight]\n", "utf-8")
    elif code == 3:
        atom = tmp_path / "store/feeds/atom.xml"
        atom.unlink()
        atom.mkdir()
        (atom / "something").touch()
    elif code == 4:
        for article in articles.glob("[a-e].md"):
            article.unlink()
    capsys.readouterr()
    if code == 75:
        with hold(Path(".feedpub/ledger.sqlite3.lock").absolute()):
            assert main(["run"]) == code
    else:
        assert main(["run"]) == code
    after, built = machine.store.get("rss.xml"), Path("dist/rss.xml").read_bytes()
    # A run that breaks off may have uploaded some documents; each is whole.
    assert after in {0: [built], 1: [built], 3: [before, built]}.get(code, [before])
    assert (built == before) is (code in {2, 4, 75})
    assert bool(capsys.readouterr().err) is bool(code)


@pytest.mark.parametrize("row", table("publishing.md", "document", "`Content-Type`"), ids=lambda row: row[0])
def test_documents_are_served_as_the_table_says(row: list[str]) -> None:
    named = {
        "pages": ["index.html"],
        "pictures, sound, film, fonts": ["a.png", "a.mp3", "a.mp4", "a.woff2"],
        "closed archives (feeds named `archive-…`)": ["archive-1.xml", "a/archive-2024-03.xml"],
        "all else": ["a.css", "a.txt", "robots.bin"],
    }
    what, kind, caching = row
    for key in named.get(what, [what.strip("`")]):
        headers = headers_of(key, tell_type(key, b"<rss>"))
        assert headers["Cache-Control"] == caching.strip("`")
        if kind.startswith("`"):
            assert headers["Content-Type"] == kind.strip("`")


def test_the_reasons_are_all_there_are() -> None:
    named = {row[0].strip("`") for row in table("publishing.md", "reason")}
    assert named == set(get_args(Reason)) - {"unchanged"}


def test_scripts_get_the_object_that_the_page_promises() -> None:
    publication = idle(parse_target("file:///srv/www"))
    (promised,) = (block.text for block in blocks("text") if '"target"' in block.text)
    promised = promised.replace('{"key", "action", "reason"}', "")
    assert re.findall(r'"(\w+)"', promised) == list(publication.as_json())


def test_links_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\((?!https?:)([^)]+)\)", (DOCS / page).read_text("utf-8")):
            name, _, heading = target.partition("#")
            text = (DOCS / name if name else DOCS / page).read_text("utf-8")
            headings = {
                re.sub(r"[^\w -]", "", line).lower().replace(" ", "-")
                for line in re.findall(r"^#+ (.*)$", text, re.MULTILINE)
            }
            assert not heading or heading in headings, (page, target)


def test_no_block_is_of_a_kind_that_nobody_tries() -> None:
    tried = {"console", "sh", "toml", "cron", "ini", "dockerfile", "yaml", "text"}
    kinds = {
        kind for page in PAGES for kind in re.findall(r"^```(\w+)$", (DOCS / page).read_text("utf-8"), re.MULTILINE)
    }
    assert kinds <= tried
    scripts = [block for block in blocks("sh") if block.page != "cron.md"]
    assert scripts == []

"""Publishing: what changed in the output folder goes into a bucket, whole and in order.

Most runs of a cron job change nothing, and end in `glance`: it asks the bucket once, and loads nothing that is heavy.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from feedpub import lock
from feedpub.bucket import TIMEOUT, stock
from feedpub.bucket.objects import ObjectsError
from feedpub.bucket.publication import Changes, Publication
from feedpub.bucket.state import Remembered
from feedpub.bucket.stores import open_store
from feedpub.bucket.targets import Target, parse_target
from feedpub.errors import ConfigError, PublishError

if TYPE_CHECKING:
    from threading import Event

    from feedpub.bucket.generations import Shelf
    from feedpub.bucket.publish_run import Progress
    from feedpub.bucket.settings import Settings
    from feedpub.bucket.turns import Times
    from feedpub.config import Config


def publish(
    config: Config,
    *,
    delete: bool | None = None,
    force: bool = False,
    dry_run: bool = False,
    rollback: bool = False,
    known: str = "",
    foreseen: Mapping[str, str | None] | None = None,
    progress: Progress = lambda _what, _done, _total: None,
    check: Callable[[], object] = lambda: None,
    foretell: Callable[[str, Changes], object] = lambda _run, _changes: None,
    times: Times | None = None,
) -> Publication:
    """Put what changed into the bucket that `publish.to` names; keys, endpoint and region come from the environment.

    With *delete*, what is wanted no more is removed (by default, as `publish.delete` says). With *force*, all is
    uploaded. With *rollback*, not the output folder is published but what was public before it. With *dry_run*
    nothing is written anywhere, and the outcome says what would be, once the output folder holds what is *foreseen*:
    documents by key, each with its SHA-256, or `None` for those that go. What the configuration is *known* by is for
    `glance`. Where more would be deleted than `publish.max_deletes` allows, all else is done, and the outcome's
    `refusal` says so. Once nobody else can publish, and before anything is uploaded, *check* is called: it may raise.
    *foretell* hears what readers will find changed, and by which run, just before that is so for good.

    Raises:
        ConfigError: The bucket or the output folder cannot be what the configuration says; or there is no way back.
        LockedError: Another run is at work, here or elsewhere.
        PublishError: It did not work out; what is public is whole.
    """
    from threading import Event

    from feedpub.bucket.publish_run import PublishRun
    from feedpub.bucket.settings import RunOptions
    from feedpub.bucket.turns import Times

    settings = settings_of(config)
    # What a configuration deletes is what the output folder has no more; a way back says nothing of that.
    usual = bool(config.publish and config.publish.delete and not rollback)
    wanted = usual if delete is None else delete
    options = RunOptions(delete=wanted, force=force, dry_run=dry_run, rollback=rollback, known=known, foreseen=foreseen)
    stop = Event()
    with _alone(settings, private=dry_run), _memory(settings) as folder, telling(settings.target):
        run = PublishRun(
            settings,
            options,
            objects=open_store(settings.target, timeout=settings.timeout),
            shelf=_open_shelf(settings, folder, stop),
            stop=stop,
            remembered=Remembered(folder),
            times=times or Times(),
            check=check,
            foretell=foretell,
        )
        return run.run(progress)


def settings_of(config: Config) -> Settings:
    """Say what the configuration wants of publishing, in that package's own terms.

    Raises:
        ConfigError: It does not say where to, or a folder that overlaps the output folder.
    """
    from feedpub.bucket.settings import Settings
    from feedpub.bucket.sources import Serving

    options = config.publish
    if options is None or options.to is None:
        raise ConfigError(['publish.to is missing: say where to publish, such as "s3://bucket/prefix", or use --to'])
    target = parse_target(options.to)
    _check_apart(target, config)
    # A folder has no place for headers, so nobody would know that a file in it is compressed.
    serving = Serving(options.rules if target.scheme != "file" else (), options.gzip and target.scheme != "file")
    return Settings(
        target=target,
        out=config.site.out,
        url=config.site.url,
        ledger=None if config.site.keeps_ledger_in_bucket else config.site.ledger,
        state=parse_target(options.state) if options.state else target,
        limit=options.limit,
        generations=options.generations,
        threads=options.concurrency,
        timeout=options.timeout,
        retries=options.retries,
        serving=serving,
    )


def _check_apart(target: Target, config: Config) -> None:
    """Refuse a folder in which what is published would be read as articles, or show what is nobody's business.

    Raises:
        ConfigError: It is such a folder.
    """
    if target.scheme != "file":
        return
    folder, out, ledger = (
        Path(os.path.realpath(path)) for path in (target.prefix, config.site.out, config.site.ledger)
    )
    sources = [source.path for source in config.source if folder.is_relative_to(os.path.realpath(source.path))]
    if out.is_relative_to(folder) or folder.is_relative_to(out):
        wrong = f"and the output folder {config.site.out} overlap"
    elif sources:
        wrong = f"lies in the source {sources[0]}, where its pages would be read as articles"
    elif ledger.is_relative_to(folder) and not config.site.keeps_ledger_in_bucket:
        wrong = f"holds the ledger {config.site.ledger}, which is not to be public"
    else:
        return
    raise ConfigError([f"publish.to: {target.address} {wrong}; choose a folder outside"])


def _alone(settings: Settings, *, private: bool) -> AbstractContextManager[None]:
    """Keep builds out, and other publishers of this machine. A run that writes nothing keeps nobody out."""
    if private or settings.ledger is None:
        return nullcontext()
    return lock.hold(lock.path_of(settings.ledger))


@contextmanager
def _memory(settings: Settings) -> Iterator[Path]:
    """Give the folder for what is remembered; where no disk stays, one that goes."""
    from feedpub.bucket.settings import memory_of

    if settings.ledger:
        yield memory_of(settings.ledger, settings.target)
    else:
        import tempfile

        with tempfile.TemporaryDirectory(prefix="feedpub-") as folder:
            yield Path(folder)


def _open_shelf(settings: Settings, folder: Path, stop: Event) -> Shelf:
    from feedpub.bucket.generations import distant_shelf, local_shelf
    from feedpub.bucket.retrying import RetryingStore, RetryPolicy

    if settings.ledger:
        return local_shelf(folder)
    store = open_store(settings.state, timeout=settings.timeout)
    policy = RetryPolicy(retries=settings.retries, sleep=stop.wait)
    return distant_shelf(RetryingStore(store, policy), settings.state, target=settings.target)


@contextmanager
def telling(target: Target, *, place: Target | None = None) -> Iterator[None]:
    """Say in the operator's words what went wrong with requests to *target*, which `publish.to` names, or to *place*.

    Raises:
        PublishError: Something did; lists every kind of it.
    """
    from feedpub.bucket.work import FailedError

    try:
        yield
    except ObjectsError as error:
        raise PublishError(*_explain([error], target, place or target)) from error
    except FailedError as error:
        raise PublishError(*_explain(error.errors, target, place or target)) from error
    except OSError as error:
        # What is remembered cannot be; it is our own disk. That it is full is said by a write, which names no file.
        where = error.filename2 or error.filename or "the folder of the ledger"
        raise PublishError(f"{where}: cannot be written: {error.strerror}") from error


def _explain(errors: Sequence[ObjectsError], target: Target, place: Target) -> Iterator[str]:
    from feedpub.bucket.answers import explain
    from feedpub.bucket.generations import ShelfError

    kept = [error for error in errors if isinstance(error, ShelfError)]
    others = [error for error in errors if not isinstance(error, ShelfError)]
    yield from explain(others, place, option=_option_of(place, target))
    for shelf in dict.fromkeys(error.place for error in kept):
        for line in explain((e for e in kept if e.place == shelf), shelf, option=_option_of(shelf, target)):
            yield f"{line}; it is kept there for a way back, and publish.generations = 0 does without"


def _option_of(place: Target, target: Target) -> str:
    return "publish.to" if place == target else "publish.state"


def glance(ledger: Path, to: str, out: Path, known: str, *, timeout: float = TIMEOUT) -> Publication | None:
    """Report that nothing changed, if that is so; *known* is what the last run's configuration has to be known by.

    `None` where there may be something to do, or to say.

    Raises:
        LockedError: Another run uses the ledger.
    """
    from feedpub.bucket.settings import memory_of
    from feedpub.bucket.watch import is_untouched

    started = time.monotonic()
    try:
        target = parse_target(to)
    except ValueError:
        return None
    remembered = Remembered(memory_of(ledger, target))
    if remembered.load().known != known or not ledger.parent.is_dir():
        return None
    with lock.hold(lock.path_of(ledger)):
        # Asked again: until just now somebody else may have been at work.
        memory = remembered.load()
        is_same = (
            memory.known == known and not remembered.is_unfinished and stock.sign(stock.scan(out)) == memory.signature
        )
        if not is_same:
            return None
        store = open_store(target, timeout=timeout)
        try:
            if not is_untouched(store, manifest=memory.tag, lock=memory.lock, conditions=memory.conditions):
                return None
        except ObjectsError:
            # Whoever tries it next has more patience, and the words to say it.
            return None
    return idle(target, total=memory.total, requests=store.requests, seconds=time.monotonic() - started)


def idle(target: Target, *, total: int = 0, requests: int = 0, seconds: float = 0.0) -> Publication:
    """Say that nothing was done."""
    return Publication(
        target=target.address,
        run="",
        steps=(),
        uploaded=0,
        deleted=0,
        unchanged=total,
        requests=requests,
        bytes=0,
        seconds=seconds,
        changes=Changes(),
    )

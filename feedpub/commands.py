"""The commands: each takes a voice and what its arguments say, and gives an exit code."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from feedpub.arguments.inputs import Publishing
    from feedpub.cron import Round
    from feedpub.voice import Voice

ALL_WELL, NEEDS_A_LOOK, REFUSED = 0, 1, 4


def _init(voice: Voice, *, folder: Path) -> int:
    from feedpub.init import init_folder

    voice.tell_init(init_folder(folder))
    return ALL_WELL


def _build(
    voice: Voice,
    *,
    config: Path | None,
    source: Path | None,
    out: Path | None,
    ledger: Path | None,
    allow_loss: bool,
    fresh: bool,
    workers: int | None,
    now: str | None,
    dry_run: bool,
) -> int:
    from feedpub.arguments.inputs import choose_config, know_config, parse_time

    clock = parse_time(now) if now else None
    known, place = know_config(config, source=source, out=out, ledger=ledger)
    report = None
    if known and place and not (fresh or dry_run or voice.verbose):
        from feedpub.glance import glance

        report = glance(place, known, now=clock.timestamp() if clock else time.time())
    if report is None:
        chosen = choose_config(config, source=source, out=out, ledger=ledger, voice=voice)
        # Only now: what is wrong with the configuration is said at once.
        from feedpub.borrow import build

        with voice.progress() as progress:
            report, _ = build(
                chosen.with_any_loss() if allow_loss else chosen,
                now=clock,
                workers=workers,
                dry_run=dry_run,
                fresh=fresh,
                known=known,
                progress=progress,
            )
    voice.tell_build(report, dry_run=dry_run)
    return NEEDS_A_LOOK if report.articles.quarantined else ALL_WELL


def _publish(
    voice: Voice,
    *,
    config: Path | None,
    to: str | None,
    out: Path | None,
    ledger: Path | None,
    delete: bool,
    allow_loss: bool,
    rollback: bool,
    force: bool,
    dry_run: bool,
) -> int:
    from feedpub.arguments.inputs import choose_publishing, know_publishing
    from feedpub.publish import glance, publish

    place = know_publishing(config, to=to, out=out, ledger=ledger, delete=delete)
    publication = None
    if place and not (rollback or force or dry_run):
        publication = glance(place.ledger, place.to, place.out, place.known, timeout=place.timeout)
    if publication is None:
        chosen = choose_publishing(config, to=to, out=out, ledger=ledger)
        with voice.progress() as progress:
            publication = publish(
                chosen.with_any_loss() if allow_loss else chosen,
                delete=delete or None,
                force=force,
                dry_run=dry_run,
                rollback=rollback,
                known=place.known if place else "",
                progress=progress,
            )
    voice.tell_publication(publication, dry_run=dry_run)
    return REFUSED if publication.refusal else ALL_WELL


def _go_round(
    voice: Voice,
    *,
    config: Path | None,
    source: Path | None,
    out: Path | None,
    ledger: Path | None,
    to: str | None,
    delete: bool,
    allow_loss: bool,
    fresh: bool,
    workers: int | None,
    now: str | None,
    dry_run: bool,
) -> int:
    from feedpub.arguments.inputs import choose_publishing, know_config, know_health, know_publishing, parse_time
    from feedpub.cron import go_round, watched

    clock = parse_time(now) if now else None
    known, _ = know_config(config, source=source, out=out, ledger=ledger)
    place = know_publishing(config, to=to, out=out, ledger=ledger, delete=delete)
    warn = partial(voice.log, "warning")
    with watched("" if dry_run else know_health(config), warn) as tell_health:
        done = None
        if known and place and not (fresh or dry_run or voice.verbose):
            done = _glance_round(known, place, now=clock.timestamp() if clock else time.time())
        is_glance = done is not None
        if done is None:
            chosen = choose_publishing(config, to=to, out=out, ledger=ledger, source=source)
            with voice.progress() as progress:
                done = go_round(
                    chosen.with_any_loss() if allow_loss else chosen,
                    now=clock,
                    workers=workers,
                    fresh=fresh,
                    delete=delete or None,
                    dry_run=dry_run,
                    known=known,
                    known_published=place.known if place else "",
                    progress=progress,
                    warn=warn,
                )
        tell_health(done)
    voice.tell_round(done, dry_run=dry_run, is_glance=is_glance)
    if done.publication.refusal:
        return REFUSED
    return NEEDS_A_LOOK if done.report.articles.quarantined else ALL_WELL


def _glance_round(known: str, place: Publishing, *, now: float) -> Round | None:
    from feedpub.cron import glance_round
    from feedpub.publish import glance

    look = partial(glance, place.ledger, place.to, place.out, place.known, timeout=place.timeout)
    return glance_round(place.ledger, known, to=place.to, now=now, look=look)


def _explain(
    voice: Voice,
    *,
    article: str,
    config: Path | None,
    source: Path | None,
    out: Path | None,
    ledger: Path | None,
    workers: int | None,
    now: str | None,
) -> int:
    from feedpub.arguments.inputs import choose_config, parse_time

    clock = parse_time(now) if now else None
    chosen = choose_config(config, source=source, out=out, ledger=ledger, voice=voice)
    from feedpub.borrow import ledger_at_hand
    from feedpub.explain import explain

    with ledger_at_hand(chosen, private=True) as (at_hand, _), voice.progress() as progress:
        explanation = explain(at_hand, article, now=clock, workers=workers, progress=progress)
    voice.tell_explanation(explanation)
    return NEEDS_A_LOOK if explanation.status == "quarantined" else ALL_WELL


def _sanitise(voice: Voice, *, file: str, base_url: str | None, config: Path | None) -> int:
    from feedpub.arguments.inputs import choose_rules, parse_address, read_input

    base = parse_address(base_url) if base_url else None
    rules = choose_rules(config)
    raw = read_input(file, voice, what="HTML")
    from feedpub.filter import clean_html

    name = "standard input" if file == "-" else file
    voice.tell_sanitised(clean_html(raw, name=name, base_url=base, rules=rules))
    return ALL_WELL


def _show_ledger(voice: Voice, *, word: str | None, config: Path | None, ledger: Path | None) -> int:
    from feedpub.arguments.inputs import choose_ledger
    from feedpub.records import search_ledger, survey_ledger

    with choose_ledger(config, ledger=ledger, private=True) as path:
        if word:
            voice.tell_found(search_ledger(path, word), word=word)
        else:
            voice.tell_holdings(survey_ledger(path))
    return ALL_WELL


def _export_ledger(voice: Voice, *, file: str, config: Path | None, ledger: Path | None) -> int:
    from pathlib import Path

    from feedpub.arguments.inputs import choose_ledger
    from feedpub.records import export_ledger, export_to_file

    with choose_ledger(config, ledger=ledger, private=True) as path:
        if file == "-":
            with export_ledger(path) as lines:
                voice.write_raw(lines)
        else:
            export_to_file(path, Path(file))
    return ALL_WELL


def _import_ledger(voice: Voice, *, file: str, config: Path | None, ledger: Path | None) -> int:
    from feedpub.arguments.inputs import choose_ledger, read_input
    from feedpub.records import import_lines

    with choose_ledger(config, ledger=ledger, private=False) as path:
        raw = read_input(file, voice, what="JSON lines")
        name = "standard input" if file == "-" else file
        voice.tell_imported(import_lines(path, raw.splitlines(), name=name), path=path)
    return ALL_WELL


#: As `arguments` names them; that of a command in a group is "group command".
COMMANDS: dict[str, Callable[..., int]] = {
    "init": _init,
    "build": _build,
    "publish": _publish,
    "run": _go_round,
    "explain": _explain,
    "sanitise": _sanitise,
    "ledger show": _show_ledger,
    "ledger export": _export_ledger,
    "ledger import": _import_ledger,
}

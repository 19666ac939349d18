"""What has to change in a bucket, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from feedpub.bucket.headers import RANKS, Rank, rank_of, type_of
from feedpub.bucket.manifest import UNKNOWN, Listed

Action = Literal["put", "delete", "keep"]

#: `unfinished`: a run was about to write it and did not end well, so nobody knows what is there.
Reason = Literal["new", "changed", "headers", "forced", "unfinished", "gone", "unchanged"]


class Step(NamedTuple):
    """One document and what is to be done about it."""

    key: str
    action: Action
    reason: Reason
    rank: Rank


class Limit(NamedTuple):
    """How many documents may be deleted at once; `None` where one of the two does not count."""

    share: float | None  #: Of those in the manifest.
    number: int | None

    def __str__(self) -> str:
        """Write it as the configuration does."""
        both = [f"{each:g}" for each in self if each is not None]
        return f"[{', '.join(both)}]" if both[1:] else "".join(both)

    def allows(self, deletes: int, *, of: int) -> bool:
        """Tell whether so many of so many may go. A single one is no catastrophe, even where there are but a few."""
        by_share = self.share is None or deletes <= max(self.share * of, 1 if self.share else 0)
        return deletes == 0 or (by_share and (self.number is None or deletes <= self.number))


class Known(NamedTuple):
    """What is known of a bucket."""

    listed: Mapping[str, Listed]  #: By key: what the manifest says, and what an unfinished run of ours uploaded.
    unsure: Collection[str] = ()  #: Keys that an unfinished run was about to write or delete.


def make_plan(wanted: Mapping[str, Listed], known: Known, *, force: bool = False, delete: bool = False) -> list[Step]:
    """Decide about each document, wanted or known: uploads first, by rank, and then what is not wanted any more.

    With *force*, all that is wanted is uploaded; with *delete*, what is wanted no more is deleted.
    """
    steps = [_decide(key, one, known, force=force) for key, one in wanted.items()]
    steps += _end(wanted, known, delete=delete)
    return sorted(steps, key=_order)


def _decide(key: str, wanted: Listed, known: Known, *, force: bool) -> Step:
    reason = _compare(key, wanted, known, force=force)
    return Step(key, "keep" if reason == "unchanged" else "put", reason, _rank(key, wanted))


def _compare(key: str, wanted: Listed, known: Known, *, force: bool) -> Reason:
    was = known.listed.get(key)
    if was is None:
        return "new"
    if was.sha256 != wanted.sha256:
        return "unfinished" if was.sha256 == UNKNOWN else "changed"
    if key in known.unsure:
        return "unfinished"
    if was.headers != wanted.headers:
        return "headers"
    return "forced" if force else "unchanged"


def _end(wanted: Collection[str], known: Known, *, delete: bool) -> Iterator[Step]:
    for key in known.listed.keys() - wanted:
        yield Step(key, "delete" if delete else "keep", "gone", _rank(key, known.listed[key]))


def _rank(key: str, document: Listed) -> Rank:
    return rank_of(key, type_of(document.headers))


def _order(step: Step) -> tuple[bool, int, str]:
    """Put what is not wanted last, and of that first what nobody is told of any more once it is away."""
    rank = RANKS.index(step.rank)
    return (True, -rank, step.key) if step.reason == "gone" else (False, rank, step.key)


def conclude(wanted: Mapping[str, Listed], known: Known, steps: Collection[Step]) -> dict[str, Listed]:
    """Say what is public once all steps are done, for the manifest."""
    kept = {step.key: known.listed[step.key] for step in steps if step.reason == "gone" and step.action == "keep"}
    # An unfinished run may have written it; if it is wanted again, it has to be uploaded.
    doubtful = {key: one._replace(sha256=UNKNOWN) for key, one in kept.items() if key in known.unsure}
    return {**kept, **doubtful, **wanted}


def limit_deletes(steps: Sequence[Step], limit: Limit, *, of: int) -> tuple[Sequence[Step], str]:
    """Delete nothing where more would go than allowed, *of* so many documents; say why, "" where it is allowed."""
    deletes = sum(step.action == "delete" for step in steps)
    if limit.allows(deletes, of=of):
        return steps, ""
    kept = [step._replace(action="keep") if step.action == "delete" else step for step in steps]
    return kept, (
        f"{deletes} of {of} documents would be deleted, more than publish.max_deletes = {limit} allows; none was"
        " deleted. If they are meant to go, run once with --allow-loss."
    )

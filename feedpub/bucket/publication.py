"""What one run of `publish` did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedpub.bucket.headers import is_feed
from feedpub.bucket.manifest import Listed
from feedpub.bucket.plan import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """The outcome of `publish`. `as_json` gives the form that scripts rely on."""

    target: str  #: The bucket's address.
    run: str  #: The id of this run, which the manifest names if anything was changed.
    steps: tuple[Step, ...]  #: What was done, or would be, and what is not wanted any more.
    uploaded: int  #: In a dry run, what would be.
    deleted: int
    unchanged: int
    requests: int
    bytes: int  #: Of documents, as they were stored.
    seconds: float
    changed: tuple[str, ...]  #: The public addresses of the feeds that are other ones than before.
    notices: tuple[str, ...] = ()  #: What the operator should know.
    refusal: str = ""  #: Why nothing was deleted that should have been; "" where nothing was refused.

    def as_json(self) -> dict[str, object]:
        """Give what `--json` prints."""
        return {
            "target": self.target,
            "plan": [{"key": step.key, "action": step.action, "reason": step.reason} for step in self.steps],
            "uploaded": self.uploaded,
            "deleted": self.deleted,
            "unchanged": self.unchanged,
            "requests": self.requests,
            "bytes": self.bytes,
            "seconds": round(self.seconds, 3),
            "changed": list(self.changed),
        }


def changed_feeds(
    before: Mapping[str, Listed], after: Mapping[str, Listed], steps: Sequence[Step], *, url: str
) -> tuple[str, ...]:
    """Give the addresses, below *url*, of feeds whose bytes are other ones than *before*.

    What an unfinished run uploaded counts as well: nobody was told of it.
    """
    from urllib.parse import quote

    kept = {step.key for step in steps if step.reason == "gone"}
    feeds = (key for key, each in after.items() if key not in kept and is_feed(key, each.headers))
    return tuple(f"{url}{quote(key)}" for key in sorted(feeds) if key not in before or _differ(before[key], after[key]))


def _differ(one: Listed, other: Listed) -> bool:
    return one.sha256 != other.sha256

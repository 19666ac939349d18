"""What one run of `publish` did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from feedpub.bucket.headers import is_feed
from feedpub.bucket.manifest import Listed
from feedpub.bucket.plan import Step


class Changes(NamedTuple):
    """Public addresses of what is not what it was."""

    feeds: tuple[str, ...] = ()  #: Whose bytes are others.
    documents: tuple[str, ...] = ()  #: All whose bytes or headers are others, feeds included.
    deleted: tuple[str, ...] = ()


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
    changes: Changes
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
            "changed": list(self.changes.feeds),
        }


def compare(before: Mapping[str, Listed], after: Mapping[str, Listed], steps: Sequence[Step], *, url: str) -> Changes:
    """Tell what readers find below *url* that is not what it was *before*.

    What an unfinished run uploaded counts as well: nobody was told of it. So does what had to be uploaded again as it
    was: until then caches may have taken something else.
    """
    from urllib.parse import quote

    deleted = {step.key for step in steps if step.action == "delete"}
    kept = {step.key for step in steps if step.reason == "gone"}
    here = [key for key in sorted(after) if key not in kept]
    put = {step.key: step.reason for step in steps if step.action == "put"}
    changed = [key for key in here if key in put or before.get(key) != after[key]]
    other = {
        key for key in changed if put.get(key) in {"unfinished", "changed"} or _differ(before.get(key), after[key])
    }
    feeds = {key for key in other if is_feed(key, after[key].headers)}
    addresses = {key: f"{url}{quote(key)}" for key in changed}
    return Changes(
        feeds=tuple(address for key, address in addresses.items() if key in feeds),
        documents=tuple(addresses.values()),
        deleted=tuple(f"{url}{quote(key)}" for key in sorted(deleted.union(before)) if key not in after),
    )


def _differ(one: Listed | None, other: Listed) -> bool:
    return one is None or one.sha256 != other.sha256

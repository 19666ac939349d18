"""Channels as a tree: a category's feed stands below the feed of the category that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from feedpub.model import CategoryPath, Channel


@dataclass(frozen=True, slots=True)
class Branch:
    """A channel, and the channels below it in the order in which they were given."""

    channel: Channel
    below: tuple[Branch, ...] = ()


def nest(channels: Sequence[Channel]) -> tuple[Branch, ...]:
    """Arrange channels by their paths; one without a path has nothing below it.

    Where a level has no channel of its own, what is below it moves up.
    """
    return _nest([c for c in channels if not c.path]) + _nest([c for c in channels if c.path])


def branch_of(channel: Channel, channels: Sequence[Channel]) -> Branch:
    """Return a channel with all channels below it; below the root folder's are all others."""
    return Branch(channel, nest([other for other in channels if _is_below(other, channel)]))


def _nest(channels: Sequence[Channel], *, depth: int = 0) -> tuple[Branch, ...]:
    """Arrange channels whose paths agree up to *depth*."""
    paths = {channel.path for channel in channels if channel.path}
    tops = [c for c in channels if not any(c.path[:n] in paths for n in range(depth + 1, len(c.path)))]
    # Two feeds may have one path, such as a category's and a tag's; the first takes what is below.
    owners = {channel.path: channel.folder for channel in reversed(tops)}
    return tuple(Branch(top, _below(top, channels) if owners[top.path] == top.folder else ()) for top in tops)


def _below(top: Channel, channels: Sequence[Channel]) -> tuple[Branch, ...]:
    if not top.path:
        return ()
    inside = [channel for channel in channels if _starts_with(channel.path, top.path)]
    return _nest(inside, depth=len(top.path))


def _is_below(channel: Channel, other: Channel) -> bool:
    if channel.folder == other.folder:
        return False
    return not other.folder or (bool(other.path) and _starts_with(channel.path, other.path))


def _starts_with(path: CategoryPath, start: CategoryPath) -> bool:
    return len(path) > len(start) and path[: len(start)] == start

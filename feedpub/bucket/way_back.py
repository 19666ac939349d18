"""The way back: what was public before, and what a run keeps so that there is one the next time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress

from feedpub.bucket.generations import Shelf, digests_of
from feedpub.bucket.manifest import Listed, Manifest
from feedpub.bucket.objects import ObjectsError
from feedpub.bucket.session import Planned, Session
from feedpub.errors import ConfigError


class WayBack:
    """The way back of one run."""

    def __init__(self, shelf: Shelf, session: Session, *, most: int, is_here: bool) -> None:
        """Keep *most* generations on *shelf*, which is ours alone if it *is here*, on a disk of this machine."""
        self._shelf = shelf
        self._session = session
        self._most = most
        self._is_here = is_here
        self._taken = ""  #: The key of the generation that is brought back.

    @property
    def is_taken(self) -> bool:
        """Tell whether a generation is brought back that is kept."""
        return bool(self._taken)

    def find(self) -> Mapping[str, Listed]:
        """Find out what was public before the last run that changed something.

        Raises:
            ConfigError: Nothing is kept of it.
            PublishError: What is in the bucket is no manifest.
        """
        seen = self._session.look(dry=True)
        unfinished = self._session.unfinished(seen)
        if seen.manifest and unfinished is not None:
            # A run did not end well. What it replaced is not public any more, whatever the manifest says; unless it
            # was on the way back itself.
            with suppress(ConfigError):
                self._taken, manifest = self._shelf.newest(public=seen.manifest)
                if _leads_to(manifest, unfinished):
                    return manifest.documents
            self._taken = self._shelf.find(seen.manifest.run)
            return seen.manifest.documents
        self._taken, manifest = self._shelf.newest(public=seen.manifest)
        return manifest.documents

    def push(self, planned: Planned) -> None:
        """Keep the manifest that is about to be replaced, where it names anything else than the next one."""
        if planned.seen.manifest and self._most and planned.before != planned.after:
            self._shelf.push(planned.seen.manifest)

    def trim(self, planned: Planned) -> None:
        """Keep what is needed, and no more, once all is done."""
        if self._taken:
            self._shelf.pop(self._taken)
        self._shelf.trim(most=self._most, in_use=lambda: self._find_in_use(planned))

    @contextmanager
    def trimming(self, planned: Planned) -> Iterator[None]:
        """Keep no more than is needed also where a run fails: the next may fail as well, and so on."""
        try:
            yield
        except Exception:
            if self._is_here:
                in_use = digests_of(planned.before) | digests_of(planned.after)
                with suppress(ObjectsError):
                    # What is public still may be the newest of them already.
                    self._shelf.trim(most=self._most and self._most + 1, in_use=lambda: in_use)
            raise

    def _find_in_use(self, planned: Planned) -> set[str]:
        """Give the digests of what has to be kept: of what is public, or about to be."""
        if self._is_here:
            return digests_of(planned.after)
        seen = self._session.look(dry=True)
        public = seen.manifest.documents if seen.manifest else {}
        return digests_of(public).union(*seen.begun.values())


def _leads_to(manifest: Manifest, begun: Mapping[str, Collection[str]]) -> bool:
    """Tell whether runs that were about to upload documents of these digests were on the way to a manifest."""
    there = manifest.documents
    return bool(begun) and all(key in there and there[key].sha256 in digests for key, digests in begun.items())

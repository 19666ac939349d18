"""What has to change in a store, and why: a decision first, then a list of steps to carry out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from feedpub.model import Document

#: Every document says somewhere who made it. A file of the same name that does not is a site's own page or feed.
_SIGNATURE = b"feedpub"

Action = Literal["put", "delete", "keep", "refuse"]


class Store(Protocol):
    """A place for documents. Keys are paths with "/" between their parts."""

    def get(self, key: str) -> bytes | None:
        """Give what is stored, or `None`."""
        ...

    def put(self, documents: Sequence[Document]) -> None:
        """Store documents, each whole or not at all."""
        ...

    def delete(self, key: str) -> None:
        """Remove what is stored; that there is nothing is no error."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One document and what is to be done about it."""

    key: str
    action: Action
    reason: str  #: `new`, `changed`, `gone`, `unchanged`; `edited` or `foreign` for what is a stranger's.
    document: Document | None = None


def make_plan(documents: Sequence[Document], *, store: Store, ours: Mapping[str, str]) -> tuple[Step, ...]:
    """Compare *documents* with the *store*.

    *ours* are the digests of what was written before: only that may be deleted.
    """
    wanted = {document.path for document in documents}
    stale = (_end(key, digest, store) for key, digest in sorted(ours.items()) if key not in wanted)
    return (*(_renew(document, store, ours) for document in documents), *filter(None, stale))


def carry_out(plan: Sequence[Step], *, store: Store) -> None:
    """Do what the plan says. Everything new is in place before anything old goes."""
    if documents := [step.document for step in plan if step.document and step.action == "put"]:
        store.put(documents)
    for step in plan:
        if step.action == "delete":
            store.delete(step.key)


def _renew(document: Document, store: Store, ours: Mapping[str, str]) -> Step:
    stored = store.get(document.path)
    if stored == document.body:
        return Step(key=document.path, action="keep", reason="unchanged", document=document)
    if stored and document.path not in ours and _SIGNATURE not in stored:
        return Step(key=document.path, action="refuse", reason="foreign", document=document)
    reason = "new" if stored is None else "changed"
    return Step(key=document.path, action="put", reason=reason, document=document)


def _end(key: str, digest: str, store: Store) -> Step | None:
    """Decide about what was written once and is wanted no more."""
    stored = store.get(key)
    if stored is None:
        return None
    if hashlib.sha256(stored).hexdigest() != digest:
        return Step(key=key, action="keep", reason="edited")
    return Step(key=key, action="delete", reason="gone")

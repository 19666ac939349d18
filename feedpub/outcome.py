"""All that one run worked out, before it is written and reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from feedpub.assemble import Assembled
from feedpub.feeds import Key, Slot
from feedpub.identity import Identified
from feedpub.ledger import Told
from feedpub.model import Rejected, Sighting, Story
from feedpub.publisher import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was found, what it came to, and what has to be done about it."""

    sightings: tuple[Sighting, ...]
    rejected: tuple[Rejected, ...]
    told: Identified
    public: tuple[Story, ...]  #: Those whose time has come.
    slots: Mapping[Key, Slot]
    assembled: Assembled
    steps: tuple[Step, ...]

    @property
    def files(self) -> dict[str, Told]:
        """What to remember of each file that could be read; a draft tells no story."""
        ids = self.told.ids_by_name
        return {sighting.name: Told(id=ids.get(sighting.name, ""), bytes=sighting.bytes) for sighting in self.sightings}

    @property
    def live(self) -> dict[str, datetime]:
        """When each public story was updated last, by its id."""
        return {story.id: story.updated for story in self.public}

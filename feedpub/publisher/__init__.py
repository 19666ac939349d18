"""From documents to a store: decide what has to change, then change it.

A store is an object with `get`, `put` and `delete`; the output folder is the first of its kind.
"""

from feedpub.publisher.directory import Directory
from feedpub.publisher.plan import Action, Step, Store, carry_out, make_plan

__all__ = ["Action", "Directory", "Step", "Store", "carry_out", "make_plan"]

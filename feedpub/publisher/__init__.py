"""From documents to a store: decide what has to change, then change it.

A store is an object with `get`, `stage`, `commit` and `delete`; the output folder is the first of its kind.
"""

from feedpub.publisher.directory import Directory
from feedpub.publisher.plan import Action, Stamp, Step, Store, Written, decide, end, is_intact

__all__ = ["Action", "Directory", "Stamp", "Step", "Store", "Written", "decide", "end", "is_intact"]

"""The ledger: a SQLite file that remembers identities, and all that spares the next run its work.

`site` is its front door. Nothing is imported here, so that a look at the file needs only what opens it.
"""

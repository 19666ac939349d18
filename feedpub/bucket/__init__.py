"""Object storage: what is where, what has to change there, and how several who publish keep out of each other's way.

Beside the documents there lie below `FOLDER`, in the bucket: the manifest, which says what is public, locks, and,
where no disk stays, the ledger and the documents of earlier generations.
"""

#: What feedpub keeps in a bucket for itself.
FOLDER = ".feedpub"

#: How long one request may take, in seconds, where nobody says.
TIMEOUT = 15.0

"""The tables of a ledger, and how a ledger of an older version becomes one of this.

Two kinds of things are kept. Identities are for ever: `memory` (what is known of a story), `channel` (a feed's slug
and id), and in `file` the story that a name told last. All else is a cache, worked out again where it is lost: what
the files hold, which stories there are now, rendered entries, what each feed shows, what was written.
"""

from __future__ import annotations

import re
import sqlite3

#: Kept in SQLite's `user_version`.
VERSION = 2

#: Kept in SQLite's `application_id`: "feed", so that no stranger's base is taken for a ledger.
APPLICATION = 0x66656564

#: All dates are in seconds since 1970. A `site` is one set of sources and one output folder; one ledger may serve
#: several. Folders are kept by their way from the ledger, so that all can move together.
TABLES = """
CREATE TABLE memory (
    place INTEGER PRIMARY KEY,      -- the order of first sightings
    id TEXT NOT NULL,
    own TEXT,                       -- the id that the article itself gave
    link TEXT,
    text TEXT NOT NULL,             -- digests
    visible TEXT NOT NULL,
    clean TEXT,
    published INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    said INTEGER,
    settled INTEGER NOT NULL,
    early INTEGER NOT NULL
);
CREATE TABLE channel (key TEXT PRIMARY KEY, slug TEXT NOT NULL, id TEXT NOT NULL);
CREATE TABLE site (
    id INTEGER PRIMARY KEY,
    sources TEXT NOT NULL,
    out TEXT NOT NULL,
    reading TEXT,                   -- what the contents of `file` depend on
    listing TEXT,                   -- what decides which files those are
    shaping TEXT,                   -- what the choice of stories depends on
    pages TEXT,                     -- what the channels' pages were made from
    clock INTEGER,                  -- of the last run
    stale INTEGER NOT NULL DEFAULT 0,
    glance TEXT,                    -- what a run needs to know to see that nothing changed
    UNIQUE (sources, out)
);
CREATE TABLE folder (
    id INTEGER PRIMARY KEY,
    site INTEGER NOT NULL,
    name TEXT NOT NULL,
    signature BLOB,                 -- NULL where it has to be looked through
    count INTEGER NOT NULL DEFAULT 0,
    UNIQUE (site, name)
);
CREATE TABLE file (
    id INTEGER PRIMARY KEY,
    folder INTEGER NOT NULL,
    name TEXT NOT NULL,
    raw BLOB,                       -- what the file system calls it, where that is not its name
    size INTEGER, mtime INTEGER, inode INTEGER,
    story INTEGER,                  -- that it told last: a place in `memory`
    bytes TEXT,
    reason TEXT,                    -- why it is in quarantine
    text TEXT,                      -- NULL where it cannot be read or is gone
    visible TEXT, title TEXT, own TEXT, link TEXT, address TEXT,
    published INTEGER, exact INTEGER, updated INTEGER, draft INTEGER,
    labels TEXT, media TEXT, notes TEXT, sentences TEXT,
    UNIQUE (folder, name)
);
CREATE TABLE near (value INTEGER NOT NULL, file INTEGER NOT NULL, PRIMARY KEY (value, file)) WITHOUT ROWID;
CREATE TABLE story (
    site INTEGER NOT NULL,
    place INTEGER NOT NULL,
    file INTEGER,                   -- whose words are shown; NULL where none tells it any more
    published INTEGER, updated INTEGER, early INTEGER,
    labels TEXT,                    -- categories and tags of all its files
    told INTEGER,                   -- `updated` as subscribers were told last
    PRIMARY KEY (site, place)
) WITHOUT ROWID;
CREATE TABLE entry (
    site INTEGER NOT NULL,
    place INTEGER NOT NULL,
    recipe TEXT NOT NULL,           -- digest of all that it was made from
    updated INTEGER,
    reason TEXT,                    -- why there is none
    PRIMARY KEY (site, place)
) WITHOUT ROWID;
CREATE TABLE fragment (
    site INTEGER NOT NULL, place INTEGER NOT NULL, format TEXT NOT NULL, text BLOB NOT NULL,
    UNIQUE (site, place, format)
);
CREATE TABLE feed (
    site INTEGER NOT NULL,
    key TEXT NOT NULL,
    shown TEXT NOT NULL,            -- the places of its stories
    made TEXT,                      -- digest of all that its documents were made from
    told TEXT,                      -- places and dates as its subscribers were told last
    PRIMARY KEY (site, key)
) WITHOUT ROWID;
CREATE TABLE document (
    site INTEGER NOT NULL,
    path TEXT NOT NULL,
    digest TEXT NOT NULL,
    size INTEGER, mtime INTEGER, inode INTEGER,
    PRIMARY KEY (site, path)
) WITHOUT ROWID;
"""

#: Of what few rows have: next to nothing with each row, but a search through all of them later.
_SMALL_INDEXES = """
CREATE INDEX IF NOT EXISTS near_file ON near (file);
CREATE INDEX IF NOT EXISTS file_reason ON file (folder) WHERE reason IS NOT NULL;
CREATE INDEX IF NOT EXISTS file_notes ON file (folder) WHERE notes IS NOT NULL;
CREATE INDEX IF NOT EXISTS file_draft ON file (folder) WHERE draft;
CREATE INDEX IF NOT EXISTS entry_place ON entry (place);
"""

#: Made after the first rows are in, which takes a fraction of the time.
_INDEXES = """
CREATE UNIQUE INDEX IF NOT EXISTS memory_id ON memory (id);
CREATE INDEX IF NOT EXISTS memory_own ON memory (own) WHERE own IS NOT NULL;
CREATE INDEX IF NOT EXISTS memory_link ON memory (link) WHERE link IS NOT NULL;
CREATE INDEX IF NOT EXISTS memory_text ON memory (text);
CREATE INDEX IF NOT EXISTS file_own ON file (own) WHERE own IS NOT NULL;
CREATE INDEX IF NOT EXISTS file_address ON file (address) WHERE address IS NOT NULL;
CREATE INDEX IF NOT EXISTS file_text ON file (text) WHERE text IS NOT NULL;
CREATE INDEX IF NOT EXISTS story_published ON story (site, published);
"""

#: Where this version's caches are empty, and files stand that an earlier run has read.
UNREAD = "was not read again since the ledger was brought here"

#: Version 1 kept names for each set of sources, and what was written for each output folder. Which of them belong
#: together is seen from the files that both know.
_FROM_1 = f"""
ALTER TABLE memory RENAME TO old_memory;
ALTER TABLE channel RENAME TO old_channel;
ALTER TABLE name RENAME TO old_name;
ALTER TABLE file RENAME TO old_file;
ALTER TABLE live RENAME TO old_live;
ALTER TABLE document RENAME TO old_document;
{TABLES}
INSERT INTO memory SELECT place, id, nullif(own, ''), nullif(link, ''), text, visible, NULL, published, updated, said,
    settled, early FROM old_memory;
INSERT INTO channel SELECT key, slug, id FROM old_channel;
CREATE INDEX old_names ON old_name (name);
INSERT INTO site (sources, out, stale)
    SELECT DISTINCT n.source, f.out, 1 FROM old_file f JOIN old_name n ON n.name = f.name AND n.id = f.id;
INSERT INTO folder (site, name)
    SELECT DISTINCT site.id, rtrim(n.name, replace(n.name, '/', ''))
    FROM old_name n JOIN site ON site.sources = n.source;
INSERT INTO file (folder, name, story, bytes, reason)
    SELECT folder.id, substr(n.name, length(folder.name) + 1), m.place, f.bytes,
        CASE WHEN f.out IS NOT NULL THEN '{UNREAD}' END
    FROM old_name n JOIN site ON site.sources = n.source
    JOIN folder ON folder.site = site.id AND folder.name = rtrim(n.name, replace(n.name, '/', ''))
    JOIN memory m ON m.id = n.id
    LEFT JOIN old_file f ON f.out = site.out AND f.name = n.name;
INSERT INTO story (site, place, told)
    SELECT site.id, m.place, l.updated FROM old_live l JOIN site ON site.out = l.out JOIN memory m ON m.id = l.id;
INSERT INTO feed (site, key, shown, told)
    SELECT site, 'category', '[]', '[' || group_concat('[' || place || ', ' || told || ']') || ']'
    FROM story GROUP BY site;
INSERT INTO document (site, path, digest) SELECT site.id, d.path, d.digest FROM old_document d JOIN site USING (out);
DROP TABLE old_memory; DROP TABLE old_channel; DROP TABLE old_name;
DROP TABLE old_file; DROP TABLE old_live; DROP TABLE old_document;
"""

#: What each version becomes one of this by.
_STEPS = {0: TABLES, 1: _FROM_1}


class StrangerError(sqlite3.DatabaseError):
    """A base that is no ledger, or one of a version that is not known here yet."""

    def __init__(self, message: str, *, is_newer: bool) -> None:
        super().__init__(message)
        self.is_newer = is_newer


def check(base: sqlite3.Connection) -> int:
    """Give the version of a base, 0 for an empty one.

    Raises:
        StrangerError: It is of a newer version, or no ledger.
        sqlite3.DatabaseError: It is damaged.
    """
    (version,) = base.execute("PRAGMA user_version").fetchone()
    (application,) = base.execute("PRAGMA application_id").fetchone()
    # Newer versions of other programs' bases are none of ours, and not ours to move.
    if application != APPLICATION and not _is_of_1(base, version):
        raise StrangerError("is a base of somebody else's, and no ledger", is_newer=False)
    if version > VERSION:
        raise StrangerError(f"of version {version}, and this feedpub knows version {VERSION}", is_newer=True)
    return int(version)


def _is_of_1(base: sqlite3.Connection, version: int) -> bool:
    """Tell whether a base that does not say so is a ledger: the first version did not, and an empty one cannot."""
    tables = {name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return not tables or (version == 1 and {"memory", "channel"} <= tables)


def prepare(base: sqlite3.Connection) -> None:
    """Make the tables of a new ledger, or those of an old one like it.

    Raises:
        StrangerError, sqlite3.DatabaseError: As `check` does.
    """
    version = check(base)
    if version == VERSION:
        return
    if version not in _STEPS:
        raise sqlite3.DatabaseError(f"there never was a version {version}")
    base.executescript(
        f"BEGIN IMMEDIATE; {_STEPS[version]} {_SMALL_INDEXES} PRAGMA application_id = {APPLICATION};"
        f" PRAGMA user_version = {VERSION}; COMMIT"
    )


def drop_indexes(base: sqlite3.Connection) -> None:
    """Drop the indexes that are made after the first rows are in."""
    for name in re.findall(r"INDEX IF NOT EXISTS (\w+)", _INDEXES):
        base.execute(f"DROP INDEX IF EXISTS {name}")


def make_indexes(base: sqlite3.Connection) -> None:
    """Make the indexes where they are missing."""
    for statement in (_SMALL_INDEXES + _INDEXES).split(";"):
        base.execute(statement)

"""The tables of library.db, as append-only migrations. Changes when the mirror keeps something new.

A migration that was released is never edited: a further one is appended. Source: design/mirror.md 4.
Times are epoch seconds UTC: integers where Plex gives them, with a fraction (REAL) where our own clock does.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from plexgap.domain.errors import StoreError
from plexgap.store.schema_views import VIEWS

log = logging.getLogger(__name__)

# "plgx": a database that says otherwise belongs to another program and is left alone.
APPLICATION_ID = 0x706C6778

# STRICT (a column keeps to its type) came with SQLite 3.37; some supported systems have 3.34.
_END = "STRICT" if sqlite3.sqlite_version_info >= (3, 37) else ""
_KEYED = "STRICT, WITHOUT ROWID" if _END else "WITHOUT ROWID"

Migration = Sequence[str]

_TABLES: Migration = (
    # One row: grows with every write that a view could notice.
    f"CREATE TABLE mirror (one INTEGER PRIMARY KEY CHECK (one = 1), revision INTEGER NOT NULL) {_END}",
    "INSERT INTO mirror VALUES (1, 0)",
    f"""CREATE TABLE server (
        server_id INTEGER PRIMARY KEY,
        machine_id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        version TEXT NOT NULL,
        is_current INTEGER NOT NULL
    ) {_END}""",
    # `read_complete`: the last reading was whole. `orphans`: leaves of it that name no show.
    f"""CREATE TABLE section (
        section_id INTEGER PRIMARY KEY,
        server_id INTEGER NOT NULL REFERENCES server,
        uuid TEXT NOT NULL,
        key TEXT NOT NULL,
        title TEXT NOT NULL,
        kind TEXT NOT NULL,
        agent TEXT NOT NULL,
        is_listed INTEGER NOT NULL DEFAULT 1,
        content_changed_at INTEGER,
        last_complete_at REAL,
        read_complete INTEGER NOT NULL DEFAULT 0,
        incomplete_reason TEXT NOT NULL DEFAULT '',
        orphans INTEGER NOT NULL DEFAULT 0,
        UNIQUE (server_id, uuid)
    ) {_END}""",
    # `number` is the season's or episode's, `season` an episode's season number. `show_key`: of seasons and episodes.
    # `meta_hash` covers the display fields and guids, `media_hash` all parts (design/mirror.md 3).
    f"""CREATE TABLE item (
        item_id INTEGER PRIMARY KEY,
        server_id INTEGER NOT NULL REFERENCES server,
        section_id INTEGER NOT NULL REFERENCES section,
        rating_key TEXT NOT NULL,
        kind TEXT NOT NULL,
        parent_key TEXT,
        show_key TEXT,
        season INTEGER,
        number INTEGER,
        title TEXT NOT NULL,
        title_sort TEXT NOT NULL,
        original_title TEXT NOT NULL,
        edition TEXT NOT NULL,
        guid TEXT NOT NULL,
        year INTEGER,
        air_date TEXT,
        duration_ms INTEGER,
        summary TEXT NOT NULL,
        studio TEXT NOT NULL,
        content_rating TEXT NOT NULL,
        meta_hash BLOB NOT NULL,
        media_hash BLOB NOT NULL,
        UNIQUE (server_id, rating_key)
    ) {_END}""",
    "CREATE INDEX item_by_show ON item (server_id, show_key, kind)",
    "CREATE INDEX item_by_section ON item (section_id, kind)",
    # What moves without the item being another. `read_at`: epoch seconds with fraction, when Plex was asked.
    # `seen_run`: the last run that met it. `held_back`: Plex no longer lists it, but its removal waits for the person.
    f"""CREATE TABLE item_state (
        item_id INTEGER PRIMARY KEY REFERENCES item ON DELETE CASCADE,
        available INTEGER NOT NULL,
        missing_since REAL,
        held_back INTEGER NOT NULL DEFAULT 0,
        seen_run INTEGER NOT NULL,
        read_at REAL NOT NULL,
        thumb TEXT NOT NULL,
        added_at INTEGER,
        updated_at INTEGER,
        leaf_count INTEGER,
        child_count INTEGER,
        view_count INTEGER,
        last_viewed_at INTEGER
    ) {_END}""",
    # Guids as Plex gives them, split at "://": what they mean is decided when they are read.
    f"""CREATE TABLE item_guid (
        item_id INTEGER NOT NULL REFERENCES item ON DELETE CASCADE,
        source TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (item_id, source, value)
    ) {_KEYED}""",
    f"""CREATE TABLE media (
        item_id INTEGER NOT NULL REFERENCES item ON DELETE CASCADE,
        position INTEGER NOT NULL,
        media_id INTEGER NOT NULL,
        duration_ms INTEGER,
        container TEXT NOT NULL,
        video_codec TEXT NOT NULL,
        audio_codec TEXT NOT NULL,
        resolution TEXT NOT NULL,
        PRIMARY KEY (item_id, position)
    ) {_KEYED}""",
    f"""CREATE TABLE part (
        item_id INTEGER NOT NULL REFERENCES item ON DELETE CASCADE,
        media_position INTEGER NOT NULL,
        position INTEGER NOT NULL,
        part_id INTEGER NOT NULL,
        file TEXT NOT NULL,
        size INTEGER NOT NULL,
        duration_ms INTEGER,
        container TEXT NOT NULL,
        PRIMARY KEY (item_id, media_position, position)
    ) {_KEYED}""",
    # A show's leaves by its rating key, because a page of episodes may come before its show.
    f"""CREATE TABLE leaves (
        server_id INTEGER NOT NULL REFERENCES server,
        show_key TEXT NOT NULL,
        revision INTEGER NOT NULL,
        whole_at REAL,
        PRIMARY KEY (server_id, show_key)
    ) {_KEYED}""",
    # Derived (design/gaps.md 1): the last check of a title, its items, and what is absent in it.
    f"""CREATE TABLE title_check (
        server_id INTEGER NOT NULL REFERENCES server,
        title_id TEXT NOT NULL,
        outcome TEXT NOT NULL,
        reason TEXT,
        provider TEXT,
        show_id INTEGER,
        listing_order TEXT,
        order_source TEXT,
        title TEXT NOT NULL,
        year INTEGER,
        status TEXT NOT NULL,
        ids TEXT NOT NULL,
        checked_at REAL,
        tried_at REAL NOT NULL,
        seasons TEXT NOT NULL,
        extra TEXT NOT NULL,
        candidates TEXT NOT NULL,
        listing_stamp INTEGER,
        override_mark TEXT NOT NULL,
        PRIMARY KEY (server_id, title_id)
    ) {_KEYED}""",
    f"""CREATE TABLE title_item (
        server_id INTEGER NOT NULL,
        rating_key TEXT NOT NULL,
        title_id TEXT NOT NULL,
        position INTEGER NOT NULL,
        revision INTEGER,
        PRIMARY KEY (server_id, rating_key),
        FOREIGN KEY (server_id, title_id) REFERENCES title_check ON DELETE CASCADE
    ) {_KEYED}""",
    "CREATE INDEX title_item_by_title ON title_item (server_id, title_id)",
    f"""CREATE TABLE absent (
        server_id INTEGER NOT NULL,
        title_id TEXT NOT NULL,
        position INTEGER NOT NULL,
        season INTEGER NOT NULL,
        number INTEGER NOT NULL,
        title TEXT NOT NULL,
        air_date TEXT,
        episode_id INTEGER,
        ids TEXT NOT NULL,
        removed INTEGER NOT NULL,
        PRIMARY KEY (server_id, title_id, position),
        FOREIGN KEY (server_id, title_id) REFERENCES title_check ON DELETE CASCADE
    ) {_KEYED}""",
    f"""CREATE TABLE run (
        run_id INTEGER PRIMARY KEY AUTOINCREMENT,
        mode TEXT NOT NULL,
        started_by TEXT NOT NULL,
        status TEXT NOT NULL,
        started_at REAL NOT NULL,
        finished_at REAL,
        stats TEXT NOT NULL DEFAULT '{{}}',
        advice TEXT NOT NULL DEFAULT ''
    ) {_END}""",
    f"""CREATE TABLE run_event (
        run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
        position INTEGER NOT NULL,
        at REAL NOT NULL,
        event TEXT NOT NULL,
        fields TEXT NOT NULL,
        PRIMARY KEY (run_id, position)
    ) {_KEYED}""",
)


# Orders beside the aired one, findings beside gaps, and what Plex says of the order of a show.
_ORDERS: Migration = (
    "ALTER TABLE title_check ADD COLUMN orders TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE title_check ADD COLUMN fit TEXT NOT NULL DEFAULT 'null'",
    "ALTER TABLE title_check ADD COLUMN misnumbered TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE title_check ADD COLUMN duplicates TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE absent ADD COLUMN aired_season INTEGER",
    "ALTER TABLE absent ADD COLUMN aired_number INTEGER",
    # `own` and `library` are Plex's `showOrdering`; true while the show's leaves were altered so often (`revision`).
    f"""CREATE TABLE show_ordering (
        server_id INTEGER NOT NULL REFERENCES server,
        rating_key TEXT NOT NULL,
        own TEXT NOT NULL,
        library TEXT NOT NULL,
        revision INTEGER NOT NULL,
        PRIMARY KEY (server_id, rating_key)
    ) {_KEYED}""",
)

# Derived as title_check is: which film each item is, and each collection that was begun, its parts in `parts`.
_FILMS: Migration = (
    f"""CREATE TABLE film_check (
        server_id INTEGER NOT NULL REFERENCES server,
        rating_key TEXT NOT NULL,
        mark TEXT NOT NULL,
        outcome TEXT NOT NULL,
        reason TEXT NOT NULL,
        film_id INTEGER,
        collection_id INTEGER,
        candidates TEXT NOT NULL,
        checked_at REAL,
        tried_at REAL NOT NULL,
        PRIMARY KEY (server_id, rating_key)
    ) {_KEYED}""",
    f"""CREATE TABLE collection_check (
        server_id INTEGER NOT NULL REFERENCES server,
        collection_id INTEGER NOT NULL,
        name TEXT NOT NULL,
        outcome TEXT NOT NULL,
        reason TEXT NOT NULL,
        is_gone INTEGER NOT NULL,
        checked_at REAL,
        tried_at REAL NOT NULL,
        overview TEXT NOT NULL,
        parts TEXT NOT NULL,
        absent TEXT NOT NULL,
        listing_stamp INTEGER,
        PRIMARY KEY (server_id, collection_id)
    ) {_KEYED}""",
)

# What a light look compares with (design/mirror.md 1, 2). Of a section: the probe taken before the last whole reading,
# when all of it was last read, and where a reading was cut off. Of a show's leaves: the mark of the show when they
# were last read whole, how many they were, when a look at that show alone found them moved, and how often one that
# stayed became another. `added_run`: when the item was first met, or came back.
_LIGHT: Migration = (
    "ALTER TABLE section ADD COLUMN probe TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE section ADD COLUMN probed_at REAL",
    "ALTER TABLE section ADD COLUMN deep_at REAL",
    "ALTER TABLE section ADD COLUMN resume TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE leaves ADD COLUMN mark TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE leaves ADD COLUMN counted INTEGER",
    "ALTER TABLE leaves ADD COLUMN moved_at REAL",
    "ALTER TABLE leaves ADD COLUMN altered INTEGER NOT NULL DEFAULT 0",
    "DELETE FROM show_ordering",
    "ALTER TABLE item_state ADD COLUMN viewed_leaf_count INTEGER",
    "ALTER TABLE item_state ADD COLUMN added_run INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE run ADD COLUMN sections TEXT NOT NULL DEFAULT '[]'",
    # What was taken out longer ago than its row is kept (design/mirror.md 2, "Deletion").
    f"""CREATE TABLE removed (
        server_id INTEGER NOT NULL REFERENCES server,
        rating_key TEXT NOT NULL,
        kind TEXT NOT NULL,
        show_key TEXT,
        season INTEGER,
        number INTEGER,
        title TEXT NOT NULL,
        air_date TEXT,
        guid TEXT NOT NULL,
        guids TEXT NOT NULL,
        removed_at REAL NOT NULL,
        PRIMARY KEY (server_id, rating_key)
    ) {_KEYED}""",
    "CREATE INDEX removed_by_show ON removed (server_id, show_key)",
)

# Until when a check holds, so that a scan passes over what nothing moved of: `fresh_until` its answers, `judged_until`
# what it says of them today. `grounds`: those answers, each with its file; `basis` names what else it was made from.
_DUE: Migration = (
    "ALTER TABLE title_check ADD COLUMN fresh_until REAL",
    "ALTER TABLE title_check ADD COLUMN judged_until REAL",
    "ALTER TABLE title_check ADD COLUMN grounds TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE title_check ADD COLUMN basis TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE film_check ADD COLUMN fresh_until REAL",
    "ALTER TABLE film_check ADD COLUMN grounds TEXT NOT NULL DEFAULT '[]'",
)

# Which title another one is under its new rating key.
_BY_GUID: Migration = ("CREATE INDEX title_by_guid ON item (guid) WHERE kind IN ('movie', 'show')",)

MIGRATIONS: Sequence[Migration] = ((*_TABLES, *VIEWS), _ORDERS, _FILMS, _LIGHT, _DUE, _BY_GUID)


def prepare(
    connect: Callable[[Path], sqlite3.Connection], path: Path, migrations: Sequence[Migration] = MIGRATIONS
) -> None:
    """Bring the file at `path` to the last version, making it (readable by its owner alone) when it is absent.

    An older one is copied to `NAME.version-N` first. Forward only: raises StoreError for a newer version and for a
    database of another program; sqlite3.DatabaseError for a file that is no database.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    with closing(connect(path)) as connection:
        version = _version(connection, path, len(migrations))
        connection.execute("PRAGMA journal_mode = WAL")
        if 0 < version < len(migrations):
            _back_up(connection, path.with_name(f"{path.name}.version-{version}"))
        if version < len(migrations):
            _migrate(connection, path, migrations)


def _version(connection: sqlite3.Connection, path: Path, newest: int) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    owner = int(connection.execute("PRAGMA application_id").fetchone()[0])
    tables = int(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    if owner != APPLICATION_ID and (owner or version or tables):
        raise StoreError(
            f"{path} is a database of another program",
            f"{path} is a database of another program. Choose another place with DB_PATH, or move that file away.",
        )
    if version > newest:
        raise StoreError(
            f"{path} has version {version}, this plexgap knows {newest}",
            f"{path.name} was made by a newer plexgap. Update plexgap, or move the file away to have it read anew.",
        )
    return version


def _back_up(connection: sqlite3.Connection, target: Path) -> None:
    log.info("%s keeps the older database", target)
    unfinished = target.with_name(f"{target.name}.part")
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_CREAT | os.O_RDWR, 0o600))
    with closing(sqlite3.connect(unfinished)) as copy:
        connection.backup(copy)
    unfinished.replace(target)


def _migrate(connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration]) -> None:
    """All that is left to do in one transaction: another process that opens the file waits, then finds it done."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        done = _version(connection, path, len(migrations))
        for migration in migrations[done:]:
            for statement in migration:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(migrations)}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise

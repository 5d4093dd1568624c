"""The mirror of Plex, `library.db`: every question and every write goes through here. Changes with its interface.

Facts of Plex only, and what is derived from them: no secret, nothing a person chose. It may be deleted at any time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from plexgap.domain.errors import StoreError
from plexgap.domain.events import Event, RunStatus, Stats
from plexgap.domain.films import CollectionCheck, FilmCheck, HeldFilm
from plexgap.domain.ids import ExternalId
from plexgap.domain.library import HeldShow, ItemRow, Section, Server, ShowItem
from plexgap.domain.verdicts import Check
from plexgap.gaps.orders import Setting
from plexgap.store import checks, films, held, orderings, removal, rows, runs
from plexgap.store.checks import Stamps, StoredCheck
from plexgap.store.database import Database
from plexgap.store.held import Counts, Pictured, StoredSection
from plexgap.store.removal import Removal
from plexgap.store.rows import PageWritten, Reading
from plexgap.store.runs import RunRecord, RunRow

__all__ = ["Counts", "Index", "PageWritten", "Removal", "RunRecord", "RunRow", "Stamps", "StoredCheck", "StoredSection"]

_NOT_READ_TO_ITS_END = "It has not been read to its end."


class Index:
    """One file, used from several threads and processes at once. Every method raises StoreError when it can't be.

    Questions are about the server that was saved last. All writes are one transaction each.
    """

    def __init__(self, path: Path, now: datetime | None = None) -> None:
        """Opens the file, makes it or brings it up to date. `now` names a file that must be set aside."""
        self._database = Database(path, now)

    @property
    def set_aside(self) -> Path | None:
        """Where a file went that was no database; the mirror is empty then."""
        return self._database.set_aside

    def close(self) -> None:
        self._database.close()

    def revision(self) -> int:
        """Grows with every write that a view could notice."""
        with self._database.reading() as connection:
            return int(connection.execute("SELECT revision FROM mirror").fetchone()[0])

    # Runs

    def begin_run(self, mode: str, now: datetime, by: str = "") -> int:
        """The number of a new run. Those that a killed process left running are closed as stopped."""
        with self._writing() as connection:
            return runs.begin(connection, mode, now, by)

    def finish_run(self, run_id: int, status: RunStatus, stats: Stats, advice: str, now: datetime) -> None:
        """Close a run. `advice`: a sentence for the person when it was not ok."""
        with self._writing() as connection:
            runs.finish(connection, run_id, status, stats, advice, now)

    def run_started(self, run_id: int) -> datetime:
        """When it began. Raises StoreError for a run that isn't known."""
        with self._database.reading() as connection:
            started = runs.started(connection, run_id)
        if started is None:
            raise StoreError(f"{self._database.path}: there is no run {run_id}")
        return started

    def last_run(self, finished: bool = True) -> RunRow | None:
        """The run that began last, of those that have ended unless `finished` is False."""
        with self._database.reading() as connection:
            return runs.last(connection, finished)

    def runs(self, limit: int = 50) -> tuple[RunRow, ...]:
        """The last runs, newest first."""
        with self._database.reading() as connection:
            return runs.recent(connection, limit)

    def run(self, run_id: int) -> RunRecord | None:
        """One run with what it met; None when it isn't known, or no longer."""
        with self._database.reading() as connection:
            run = runs.of_id(connection, run_id)
            return RunRecord(run, runs.noted(connection, [run_id])[run_id]) if run is not None else None

    def run_records(self, limit: int) -> tuple[RunRecord, ...]:
        """The last runs with what they met, newest first."""
        with self._database.reading() as connection:
            found = runs.recent(connection, limit)
            met = runs.noted(connection, [run.run_id for run in found])
        return tuple(RunRecord(run, met[run.run_id]) for run in found)

    def record(self, run_id: int, events: Iterable[Event], now: datetime) -> None:
        """Append events to the run's record."""
        with self._database.writing() as connection:
            runs.record(connection, run_id, events, now)

    # Writing what Plex has

    def save_server(self, server: Server) -> None:
        """From here on the mirror is that server's. What was mirrored of another one stays, unseen."""
        with self._writing() as connection:
            connection.execute("UPDATE server SET is_current = 0 WHERE machine_id <> ?", (server.machine_id,))
            connection.execute(
                "INSERT INTO server (machine_id, name, version, is_current) VALUES (?, ?, ?, 1) "
                "ON CONFLICT (machine_id) DO UPDATE "
                "SET name = excluded.name, version = excluded.version, is_current = 1",
                (server.machine_id, server.name, server.version),
            )

    def save_sections(self, sections: Iterable[Section]) -> None:
        """All that Plex lists. One that is missing among them keeps its rows, and their removal waits."""
        with self._writing() as connection:
            server = self._server(connection)
            connection.execute("UPDATE section SET is_listed = 0 WHERE server_id = ?", (server,))
            connection.executemany(
                "INSERT INTO section (server_id, uuid, key, title, kind, agent, content_changed_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (server_id, uuid) DO UPDATE SET key = excluded.key, "
                "title = excluded.title, kind = excluded.kind, agent = excluded.agent, is_listed = 1, "
                "content_changed_at = excluded.content_changed_at",
                [(server, s.uuid, s.key, s.title, s.kind, s.agent, s.content_changed_at) for s in sections],
            )

    def write_page(self, run_id: int, section: Section, page_rows: Iterable[ItemRow], read_at: datetime) -> PageWritten:
        """Write what differs of a page of a section, and stamp its rows as seen by the run.

        `read_at` is a moment not later than the request for them, by the real clock: rows that a look at one show has
        read since are left alone. Until `close_section` the section counts as not read to its end.
        Nothing is told as a change before a section was read whole once.
        """
        with self._database.writing() as connection:
            server, section_id = self._section(connection, section.uuid)
            is_first = _never_complete(connection, section_id)
            started = connection.execute(
                "UPDATE section SET read_complete = 0, incomplete_reason = ? WHERE section_id = ? AND read_complete",
                (_NOT_READ_TO_ITS_END, section_id),
            ).rowcount
            reading = Reading(server, section_id, run_id, read_at.timestamp(), is_first)
            written = rows.write(connection, reading, page_rows)
            if written.written or started:
                _grow(connection)
        return written

    def close_section(
        self, run_id: int, section: Section, *, complete: bool, reason: str, accept_removals: bool, now: datetime
    ) -> Removal:
        """The end of a section's reading. `complete`: every listing of it was whole, and Plex was not refreshing it.

        Only then do rows that the run did not meet become unavailable: design/mirror.md 2. Otherwise nothing is
        removed, and `reason`, a sentence, is kept.
        """
        with self._writing() as connection:
            server, section_id = self._section(connection, section.uuid)
            if not complete:
                connection.execute(
                    "UPDATE section SET read_complete = 0, incomplete_reason = ? WHERE section_id = ?",
                    (reason, section_id),
                )
                return Removal(0, removal.held_back(connection, section_id), ())
            orphans = _find_parents(connection, server, section_id)
            removed = removal.after_complete_reading(
                connection, server, section_id, run_id, accept=accept_removals, now=now.timestamp()
            )
            connection.execute(
                "UPDATE section SET read_complete = 1, incomplete_reason = '', orphans = ?, last_complete_at = ? "
                "WHERE section_id = ?",
                (orphans, now.timestamp(), section_id),
            )
            return removed

    def drop_unlisted(self, now: datetime) -> Removal:
        """Take out what stands in sections that Plex no longer lists, once the person accepted it."""
        with self._writing() as connection:
            gone = [
                removal.whole_section(connection, server, section_id, now.timestamp())
                for section_id, server in connection.execute(
                    "SELECT section_id, server_id FROM section WHERE is_listed = 0 AND server_id = ?",
                    (self._server(connection),),
                ).fetchall()
            ]
        changes = tuple(change for one in gone for change in one.changes)
        return Removal(sum(one.removed for one in gone), 0, changes)

    def write_leaves(self, show: ItemRow, leaves: Sequence[ItemRow], read_at: datetime) -> PageWritten:
        """One show with its complete leaves: episodes that are not among them become unavailable.

        It wins over pages that a running scan read before. Raises IncompleteListing, nothing changed, for no leaves
        where there were some; StoreError for a show that the mirror doesn't know.
        """
        with self._writing() as connection:
            server = self._server(connection)
            found = connection.execute(
                "SELECT section_id FROM item WHERE server_id = ? AND rating_key = ?", (server, show.rating_key)
            ).fetchone()
            if found is None:
                raise StoreError(
                    f"{self._database.path}: there is no item {show.rating_key}", "This show isn't known yet."
                )
            reading = Reading(server, found[0], runs.latest_id(connection), read_at.timestamp())
            gone = removal.absent_leaves(connection, reading, show.rating_key, (row.rating_key for row in leaves))
            written = rows.write(connection, reading, [show, *leaves])
            connection.execute(
                "INSERT INTO leaves (server_id, show_key, revision, whole_at) VALUES (?, ?, 0, ?) "
                "ON CONFLICT (server_id, show_key) DO UPDATE SET whole_at = excluded.whole_at",
                (server, show.rating_key, reading.read_at),
            )
        return PageWritten(written.written + len(gone), (*written.changes, *gone))

    def take_out(self, rating_keys: Sequence[str], read_at: datetime) -> PageWritten:
        """Items that Plex, asked for them by key, does not have: they and what belongs to them become unavailable."""
        with self._writing() as connection:
            server, run_id = self._server(connection), runs.latest_id(connection)
            gone = removal.of_keys(connection, server, rating_keys, read_at.timestamp(), run_id)
        return PageWritten(len(gone), gone)

    # What is held

    def sections(self) -> tuple[StoredSection, ...]:
        """The sections that Plex lists, and others whose titles wait for their removal; in the order of their keys."""
        with self._asking() as (connection, server):
            return held.sections(connection, server)

    def shows(self, section_uuids: Collection[str] | None = None) -> tuple[ShowItem, ...]:
        """Show items that are held, those whose removal waits too, lowest rating key first; None: of all sections."""
        with self._asking() as (connection, server):
            return held.shows(connection, server, section_uuids)

    def held(self, rating_keys: Sequence[str] | None = None) -> tuple[HeldShow, ...]:
        """Show items with their held episodes, in the order asked for; keys that aren't held are left out.

        None: all of them. At 100,000 episodes that is some 150 MB: ask in batches.
        """
        with self._asking() as (connection, server):
            return held.held(connection, server, rating_keys)

    def held_back(self) -> tuple[tuple[str, int], ...]:
        """Sections by title, with how many of their titles Plex no longer lists; their removal waits for the person."""
        with self._asking() as (connection, server):
            found = connection.execute(
                "SELECT section_id, title FROM section WHERE server_id = ? ORDER BY title, section_id", (server,)
            ).fetchall()
            counted = ((title, removal.held_back(connection, section_id)) for section_id, title in found)
            return tuple((title, count) for title, count in counted if count)

    def gone(self, rating_keys: Sequence[str]) -> tuple[HeldShow, ...]:
        """Of these show items, the episodes that Plex once had and has no more; items without such are left out."""
        with self._asking() as (connection, server):
            return held.gone(connection, server, rating_keys)

    def orderings(self, rating_keys: Sequence[str], *, of_any_age: bool = False) -> dict[str, Setting]:
        """What Plex says of the order of these show items, as far as it was asked and, unless `of_any_age`, nothing
        moved since."""
        with self._asking() as (connection, server):
            return orderings.load(connection, server, rating_keys, of_any_age=of_any_age)

    def save_orderings(self, settings: Mapping[str, Setting]) -> None:
        """Keeps what Plex says of the order of show items, by rating key."""
        with self._database.writing() as connection:
            orderings.save(connection, self._server(connection), settings)

    def counts(self) -> Counts:
        """Shows, episodes and movies that are held."""
        with self._asking() as (connection, server):
            return held.counts(connection, server)

    def pictured(self, rating_key: str) -> Pictured | None:
        """What is asked for the picture of an item that is held; None where there is no such item."""
        with self._asking() as (connection, server):
            return held.pictured(connection, server, rating_key)

    # Checks

    def save_check(self, check: Check, stamps: Stamps) -> bool:
        """Store a title's check in place of the one that stands. False, nothing changed: a check tried later stands
        for one of its items, or what is held moved since `stamps`."""
        with self._database.writing() as connection:
            stored = checks.save(connection, self._server(connection), check, stamps)
            if stored:
                _grow(connection)
        return stored

    def checks(self) -> tuple[StoredCheck, ...]:
        """The stored checks of titles that are still held."""
        with self._asking() as (connection, server):
            return checks.load(connection, server)

    def shows_of(self) -> Mapping[str, str]:
        """Which title each item was last judged with: title ids by rating key."""
        with self._asking() as (connection, server):
            return checks.shows_of(connection, server)

    # Films

    def films(self, section_uuids: Collection[str] | None = None) -> tuple[HeldFilm, ...]:
        """Film items that are held, those whose removal waits too, lowest rating key first; None: of all sections."""
        with self._asking() as (connection, server):
            return films.films(connection, server, section_uuids)

    def gone_films(self) -> frozenset[ExternalId]:
        """The outside ids of films that Plex once had and has no more."""
        with self._asking() as (connection, server):
            return films.gone(connection, server)

    def film_checks(self) -> Mapping[str, FilmCheck]:
        """The last check of each film item, by rating key; of items that are no longer held too."""
        with self._asking() as (connection, server):
            return films.film_checks(connection, server)

    def collection_checks(self) -> tuple[CollectionCheck, ...]:
        """The last check of each collection, by number; also of those of which nothing is held any more."""
        with self._asking() as (connection, server):
            return films.collection_checks(connection, server)

    def save_films(
        self, checked: Iterable[FilmCheck], collections: Iterable[CollectionCheck], forget_before: datetime
    ) -> None:
        """Stores these checks in place of those that stand, and drops collections that were asked for before then."""
        with self._writing() as connection:
            server = self._server(connection)
            films.save_films(connection, server, checked)
            films.save_collections(connection, server, collections)
            films.forget_collections(connection, forget_before)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._database.writing() as connection:
            yield connection
            _grow(connection)

    @contextmanager
    def _asking(self) -> Iterator[tuple[sqlite3.Connection, int]]:
        """A connection and the present server; before the first one was saved, a number that no server has."""
        with self._database.reading() as connection:
            yield connection, _current_server(connection) or 0

    def _server(self, connection: sqlite3.Connection) -> int:
        server = _current_server(connection)
        if server is None:
            raise StoreError(f"{self._database.path}: no server was saved yet")
        return server

    def _section(self, connection: sqlite3.Connection, uuid: str) -> tuple[int, int]:
        server = self._server(connection)
        row = connection.execute(
            "SELECT section_id FROM section WHERE server_id = ? AND uuid = ?", (server, uuid)
        ).fetchone()
        if row is None:
            raise StoreError(f"{self._database.path}: section {uuid} was not saved yet")
        return server, int(row[0])


def _current_server(connection: sqlite3.Connection) -> int | None:
    row = connection.execute("SELECT server_id FROM server WHERE is_current = 1").fetchone()
    return int(row[0]) if row else None


def _never_complete(connection: sqlite3.Connection, section_id: int) -> bool:
    question = "SELECT last_complete_at IS NULL FROM section WHERE section_id = ?"
    return bool(connection.execute(question, (section_id,)).fetchone()[0])


def _find_parents(connection: sqlite3.Connection, server: int, section_id: int) -> int:
    """Give episodes that name only their season the show of that season; how many are left without one.

    Episodes of hidden seasons may name neither (reference/plex.md 5.2): what they belong to is then not known.
    """
    orphans = connection.execute(
        "SELECT i.item_id, season.show_key FROM item i JOIN item_state s USING (item_id) LEFT JOIN item season "
        "ON season.server_id = i.server_id AND season.rating_key = i.parent_key AND season.kind = 'season' "
        "WHERE i.section_id = ? AND i.kind = 'episode' AND i.show_key IS NULL AND s.available = 1",
        (section_id,),
    ).fetchall()
    found = [(show_key, item_id) for item_id, show_key in orphans if show_key is not None]
    connection.executemany("UPDATE item SET show_key = ? WHERE item_id = ?", found)
    rows.bump(connection, server, (show_key for show_key, _ in found))
    return len(orphans) - len(found)


def _grow(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE mirror SET revision = revision + 1")

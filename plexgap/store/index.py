"""The mirror of Plex, `library.db`: every question and every write goes through here. Changes with its interface.

Facts of Plex only, and what is derived from them: no secret, nothing a person chose. It may be deleted at any time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from plexgap.domain.errors import StoreError
from plexgap.domain.events import Event, RunStatus, Stats
from plexgap.domain.films import CollectionCheck, FilmCheck, HeldFilm
from plexgap.domain.ids import ExternalId
from plexgap.domain.library import HeldShow, ItemRow, ShowItem, show_mark
from plexgap.domain.verdicts import Check
from plexgap.gaps.orders import Setting
from plexgap.store import checks, explore, films, held, orderings, removal, rows, runs, sections
from plexgap.store.checks import Renewal, Stamps, StoredCheck
from plexgap.store.explore import Facets, HeldDetail, HeldTitles, Sought
from plexgap.store.held import Counts, Pictured, StoredSection
from plexgap.store.index_base import grow
from plexgap.store.index_sections import SectionIndex
from plexgap.store.removal import Removal
from plexgap.store.rows import PageWritten, Reading
from plexgap.store.runs import RunRecord, RunRow
from plexgap.store.sections import SectionState, Whole

__all__ = [
    "Counts",
    "Facets",
    "HeldDetail",
    "HeldTitles",
    "Index",
    "PageWritten",
    "Removal",
    "Renewal",
    "RunRecord",
    "RunRow",
    "SectionState",
    "Sought",
    "Stamps",
    "StoredCheck",
    "StoredSection",
    "Whole",
]


class Index(SectionIndex):
    """One file, used from several threads and processes at once. Every method raises StoreError when it can't be.

    Questions are about the server that was saved last. All writes are one transaction each.
    """

    def revision(self) -> int:
        """Grows with every write that a view could notice."""
        with self._database.reading() as connection:
            return int(connection.execute("SELECT revision FROM mirror").fetchone()[0])

    def machine_id(self) -> str:
        """Which Plex server is mirrored, as it names itself; "" before the first one was saved."""
        with self._database.reading() as connection:
            found = connection.execute("SELECT machine_id FROM server WHERE is_current = 1").fetchone()
        return str(found[0]) if found else ""

    # Runs

    def begin_run(self, mode: str, now: datetime, by: str = "") -> int:
        """The number of a new run. Those that a killed process left running are closed as stopped."""
        with self._writing() as connection:
            return runs.begin(connection, mode, now, by)

    def finish_run(self, run_id: int, status: RunStatus, stats: Stats, advice: str, now: datetime) -> None:
        """Close a run. `advice`: a sentence for the person when it was not ok."""
        with self._writing() as connection:
            runs.finish(connection, run_id, status, stats, advice, now)

    def last_run(self, finished: bool = True) -> RunRow | None:
        """The run that began last, of those that have ended unless `finished` is False."""
        with self._database.reading() as connection:
            return runs.last(connection, finished)

    def last_whole_end(self) -> datetime | None:
        """When the last run ended that was neither stopped nor failed; None where none on record did."""
        with self._database.reading() as connection:
            return runs.last_whole_end(connection)

    def refused_by(self, run_id: int) -> tuple[str, ...]:
        """The services that refused what the run asked of them, by name."""
        with self._database.reading() as connection:
            return runs.refused_by(connection, run_id)

    def runs(self, limit: int = 50) -> tuple[RunRow, ...]:
        """The last runs, newest first."""
        with self._database.reading() as connection:
            return runs.recent(connection, limit)

    def run(self, run_id: int) -> RunRecord | None:
        """One run with all that is on record of it; None when it isn't known, or no longer."""
        with self._database.reading() as connection:
            run = runs.of_id(connection, run_id)
            return runs.records(connection, [run])[0] if run is not None else None

    def run_records(self, limit: int, most: int, skipped: int = 0) -> tuple[RunRecord, ...]:
        """The last runs, newest first, but for the `skipped` newest; of each the first `most` changes and warnings."""
        with self._database.reading() as connection:
            return runs.records(connection, runs.recent(connection, limit, skipped), most)

    def run_count(self) -> int:
        """How many runs are on record."""
        with self._database.reading() as connection:
            return runs.count(connection)

    def record(self, run_id: int, events: Iterable[Event], now: datetime) -> None:
        """Append events to the run's record."""
        with self._database.writing() as connection:
            runs.record(connection, run_id, events, now)

    # Looks at single titles

    def write_leaves(
        self,
        show: ItemRow,
        leaves: Sequence[ItemRow],
        read_at: datetime,
        seasons: Sequence[ItemRow] | None = None,
        *,
        alone: bool = True,
    ) -> PageWritten:
        """One show with its complete leaves: episodes that are not among them become unavailable, and so do seasons,
        where those were read too. `show` was read before them. `alone`: not as part of reading its section.

        It wins over pages that a running scan read before. Raises IncompleteListing, nothing changed, for no leaves
        where there were some, unless the show itself says that it has none; StoreError for a show that the mirror
        doesn't know.
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
            gone = removal.absent_leaves(connection, reading, show, leaves, seasons)
            written = rows.write(connection, reading, [show, *(seasons or ()), *leaves])
            mark = show_mark(show.updated_at, show.leaf_count, show.child_count, show.guid)
            sections.note_leaves(connection, server, [(show.rating_key, mark, len(leaves))])
            moved = reading.read_at if alone and (written.written or gone) else None
            connection.execute(
                "UPDATE leaves SET whole_at = ?, moved_at = coalesce(?, moved_at) WHERE server_id = ? AND show_key = ?",
                (reading.read_at, moved, server, show.rating_key),
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
            return held.shows(connection, server, section_uuids, known=self._shows)

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

    # The page Explore

    def titles(self, sought: Sought, offset: int, limit: int) -> HeldTitles:
        """A page of the shows and films that are wanted, of every library that is mirrored."""
        with self._asking() as (connection, server):
            return explore.titles(connection, server, sought, offset, limit)

    def title(self, rating_key: str) -> HeldDetail | None:
        """One show or film with what it consists of; None where it is not held."""
        with self._asking() as (connection, server):
            return explore.detail(connection, server, rating_key)

    def facets(self) -> Facets:
        """What titles can be told apart by. It takes a moment: keep the answer."""
        with self._asking() as (connection, server):
            return explore.facets(connection, server)

    def sizes(self, rating_keys: Sequence[str]) -> dict[str, int]:
        """Bytes on disk of single films and episodes, by rating key; those without a file are left out."""
        with self._asking() as (connection, server):
            return explore.sizes(connection, server, rating_keys)

    # Checks

    def save_check(self, check: Check, stamps: Stamps) -> bool:
        """Store a title's check in place of the one that stands. False, nothing changed: a check tried later stands
        for one of its items, or what is held moved since `stamps`."""
        with self._database.writing() as connection:
            stored = checks.save(connection, self._server(connection), check, stamps)
            if stored:
                grow(connection)
        return stored

    def renew_checks(self, renewals: Iterable[Renewal]) -> None:
        """Keeps until when these checks hold now."""
        with self._writing() as connection:
            checks.renew(connection, self._server(connection), renewals)

    def checks(self) -> tuple[StoredCheck, ...]:
        """The stored checks of titles that are still held. One that stands unchanged is the same object each time."""
        with self._asking() as (connection, server):
            raw = self._checks = checks.load(connection, server, self._checks)
        return tuple(each.read for each in raw.values())

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

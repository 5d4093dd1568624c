"""The mirror's half that is written while sections are read: pages in, what left out, how far each was read.

Changes when the reading of a section has another step. Source: design/mirror.md 2.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from plexgap.domain.events import Change
from plexgap.domain.library import ItemRow, KnownLeaves, Probe, Resume, Section, Server
from plexgap.store import held, ledger, removal, rows, runs, sections, touched, twins
from plexgap.store.index_base import IndexBase, grow
from plexgap.store.removal import Removal
from plexgap.store.rows import PageWritten, Reading
from plexgap.store.sections import SectionState, Whole

_NOT_READ_TO_ITS_END = "It has not been read to its end."


class SectionIndex(IndexBase):
    """What reading sections asks and writes. Every method raises StoreError when it can't be."""

    def save_server(self, server: Server) -> None:
        """From here on the mirror is that server's. What was mirrored of another one stays, unseen."""
        with self._database.writing() as connection:
            if sections.save_server(connection, server):
                grow(connection)

    def save_sections(self, listed: Iterable[Section]) -> None:
        """All that Plex lists. One that is missing among them keeps its rows, and their removal waits."""
        with self._database.writing() as connection:
            if sections.save(connection, self._server(connection), listed):
                grow(connection)

    def section_state(self, section: Section) -> SectionState:
        """How far the section was read, as far as a light look must know."""
        with self._database.reading() as connection:
            return sections.state(connection, self._section(connection, section.uuid)[1])

    def leaves(self, section: Section) -> Mapping[str, KnownLeaves]:
        """What is known of the leaves of the section's held shows, by rating key."""
        with self._database.reading() as connection:
            return sections.leaves(connection, self._section(connection, section.uuid)[1])

    def looked_at_since(self, section: Section, since: datetime) -> bool:
        """Whether a look at one of its shows found its leaves moved since then."""
        with self._database.reading() as connection:
            return sections.looked_at_since(connection, self._section(connection, section.uuid)[1], since)

    def differing(self, section: Section, page_rows: Iterable[ItemRow]) -> frozenset[str]:
        """The rating keys of those of the section's rows that the mirror lacks, or has otherwise."""
        with self._database.reading() as connection:
            server, section_id = self._section(connection, section.uuid)
            return rows.differing(connection, Reading(server, section_id, 0, 0.0), page_rows)

    def lost(self, section: Section, newest: Sequence[ItemRow]) -> Mapping[str, str]:
        """The episodes that the mirror has among the newest and Plex, which lists `newest`, no longer does: one by the
        rating key of each show."""
        with self._database.reading() as connection:
            return sections.lost(connection, self._section(connection, section.uuid)[1], newest)

    def write_page(
        self,
        run_id: int,
        section: Section,
        page_rows: Iterable[ItemRow],
        read_at: datetime,
        resume: Resume | None = None,
    ) -> PageWritten:
        """Write what differs of a page of a section, and stamp its rows as seen by the run. `resume`: where to go on
        if the reading is cut off behind it.

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
            if resume is not None:
                sections.note_resume(connection, section_id, resume)
            if written.written or started:
                grow(connection)
        return written

    def write_seen(
        self, run_id: int, section: Section, page_rows: Iterable[ItemRow], probe: Probe, probed_at: datetime
    ) -> int:
        """What was watched since the section was last probed, which is all that moved; how many rows differed."""
        with self._writing() as connection:
            server, section_id = self._section(connection, section.uuid)
            reading = Reading(server, section_id, run_id, probed_at.timestamp())
            sections.note_probe(connection, section_id, probe, probed_at)
            return rows.write(connection, reading, page_rows).written

    def fail_section(self, section: Section, reason: str) -> Removal:
        """The end of a reading that was not whole: nothing is removed, and `reason`, a sentence, is kept."""
        with self._writing() as connection:
            _, section_id = self._section(connection, section.uuid)
            connection.execute(
                "UPDATE section SET read_complete = 0, incomplete_reason = ? WHERE section_id = ?",
                (reason, section_id),
            )
            return Removal(0, removal.held_back(connection, section_id), ())

    def close_section(self, section: Section, whole: Whole, *, accept_removals: bool, now: datetime) -> Removal:
        """The end of a reading that was whole: every listing of it was, and Plex was not refreshing the section.

        Only then do titles, and where all was read episodes too, that the reading did not meet become unavailable:
        design/mirror.md 2.
        """
        with self._writing() as connection:
            server, section_id = self._section(connection, section.uuid)
            leave = removal.after_whole_reading if whole.is_deep else removal.after_light_reading
            if whole.is_deep:
                orphans = _find_parents(connection, server, section_id)
                connection.execute("UPDATE section SET orphans = ? WHERE section_id = ?", (orphans, section_id))
            removed = leave(connection, server, section_id, whole.stamp, accept=accept_removals, now=now.timestamp())
            if whole.is_deep:
                sections.note_marks(connection, server, section_id, whole.stamp)
            sections.note_whole(connection, section_id, whole, now)
            return removed

    def copies(self, section: Section) -> tuple[Change, ...]:
        """What came into the section with titles that an older one is there of too, to be told once every section was
        closed: before that, they might have moved."""
        with self._database.reading() as connection:
            return twins.told(connection, *self._section(connection, section.uuid))

    def seen(self) -> Mapping[str, datetime]:
        """When each section was last known to be mirrored whole, by uuid: a run that found nothing moved counts."""
        with self._asking() as (connection, server):
            by_run = runs.seen(connection)
            return {
                section.uuid: max(section.last_complete_at, by_run.get(section.uuid, section.last_complete_at))
                for section in held.sections(connection, server)
                if section.last_complete_at is not None
            }

    def note_sections(self, run_id: int, uuids: Iterable[str]) -> None:
        """The run saw these sections whole."""
        with self._database.writing() as connection:
            runs.note_sections(connection, run_id, uuids)

    def count_titles(self, section_uuids: Collection[str]) -> int:
        """Shows and movies that are held in these sections."""
        with self._asking() as (connection, server):
            return held.count_titles(connection, server, section_uuids)

    def purge(self, now: datetime) -> int:
        """Drops rows of what left Plex 30 days ago and more, keeping that it did; how many. Nothing is written where
        there are none."""
        with self._database.writing() as connection:
            return ledger.purge(connection, now)

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
    touched.bump(connection, server, (show_key for show_key, _ in found))
    return len(orphans) - len(found)

"""Sections of the mirror: who lists them, how far they were read, and what a light look compares with.

Source: design/mirror.md 2. Changes when a section has more to remember between two readings.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

from plexgap.domain.library import ItemRow, Kind, KnownLeaves, Probe, Resume, Section, Server, show_mark
from plexgap.store.held import moment


@dataclass(frozen=True, slots=True)
class SectionState:
    """How far a section was read. `probe`: as it was before the last reading that ended whole, at `probed_at`, None
    before the first; `deep_at`: when all of it was last read. `is_whole`: its last reading was. `waiting`: titles whose
    removal waits. `resume`: where a reading of all of it was cut off."""

    probe: Probe | None
    probed_at: datetime | None
    deep_at: datetime | None
    is_whole: bool
    waiting: bool
    resume: Resume | None


@dataclass(frozen=True, slots=True)
class Whole:
    """A reading of a section that was whole. `stamp`: the run that its rows bear; `probe`: what the section said before
    it, at `probed_at`. `is_deep`: all of it was read, not only its titles and what had moved."""

    stamp: int
    probe: Probe
    probed_at: datetime
    is_deep: bool


def save_server(connection: sqlite3.Connection, server: Server) -> bool:
    """Makes it the present one; False where it was so already, and called the same."""
    known = connection.execute(
        "SELECT name, version FROM server WHERE machine_id = ? AND is_current = 1", (server.machine_id,)
    ).fetchone()
    if known == (server.name, server.version):
        return False
    connection.execute("UPDATE server SET is_current = 0 WHERE machine_id <> ?", (server.machine_id,))
    connection.execute(
        "INSERT INTO server (machine_id, name, version, is_current) VALUES (?, ?, ?, 1) "
        "ON CONFLICT (machine_id) DO UPDATE "
        "SET name = excluded.name, version = excluded.version, is_current = 1",
        (server.machine_id, server.name, server.version),
    )
    return True


def save(connection: sqlite3.Connection, server: int, listed: Iterable[Section]) -> bool:
    """All that Plex lists, with those that it no longer does marked so; False where nothing of it is new."""
    wanted = {s.uuid: (s.key, s.title, s.kind.value, s.agent, 1) for s in listed}
    known = {
        uuid: tuple(row)
        for uuid, *row in connection.execute(
            "SELECT uuid, key, title, kind, agent, is_listed FROM section WHERE server_id = ?", (server,)
        )
    }
    gone = [uuid for uuid, row in known.items() if uuid not in wanted and row[-1]]
    differing = {uuid: row for uuid, row in wanted.items() if known.get(uuid) != row}
    connection.executemany(
        "UPDATE section SET is_listed = 0 WHERE server_id = ? AND uuid = ?", [(server, uuid) for uuid in gone]
    )
    connection.executemany(
        "INSERT INTO section (server_id, uuid, key, title, kind, agent, is_listed) VALUES (?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (server_id, uuid) DO UPDATE SET key = excluded.key, title = excluded.title, "
        "kind = excluded.kind, agent = excluded.agent, is_listed = 1",
        [(server, uuid, *row) for uuid, row in differing.items()],
    )
    return bool(gone or differing)


def state(connection: sqlite3.Connection, section: int) -> SectionState:
    """What is remembered of a section that was saved."""
    probe, probed_at, deep_at, complete_at, whole, resume, waiting = connection.execute(
        "SELECT probe, probed_at, deep_at, last_complete_at, read_complete, resume, EXISTS (SELECT 1 FROM item i "
        "JOIN item_state s USING (item_id) WHERE i.section_id = sec.section_id AND s.available = 1 AND s.held_back) "
        "FROM section sec WHERE section_id = ?",
        (section,),
    ).fetchone()
    return SectionState(
        Probe(*json.loads(probe)) if probe and complete_at is not None else None,
        moment(probed_at),
        moment(deep_at),
        bool(whole),
        bool(waiting),
        _resume(resume),
    )


def note_resume(connection: sqlite3.Connection, section: int, resume: Resume | None) -> None:
    """Where to go on if the reading of the whole section is cut off here; None: it wasn't."""
    said = ""
    if resume is not None:
        kind, probe = resume.kind.value, list(astuple(resume.probe))
        said = json.dumps([resume.stamp, probe, kind, resume.start, resume.begun_at])
    connection.execute("UPDATE section SET resume = ? WHERE section_id = ? AND resume <> ?", (said, section, said))


def note_probe(connection: sqlite3.Connection, section: int, probe: Probe, probed_at: datetime) -> None:
    """What the section says of itself now, nothing of its content having moved."""
    connection.execute(
        "UPDATE section SET probe = ?, probed_at = ? WHERE section_id = ?",
        (json.dumps(astuple(probe)), probed_at.timestamp(), section),
    )


def note_whole(connection: sqlite3.Connection, section: int, whole: Whole, now: datetime) -> None:
    """The section was read whole."""
    connection.execute(
        "UPDATE section SET read_complete = 1, incomplete_reason = '', last_complete_at = ?, probe = ?, probed_at = ?, "
        "resume = '' WHERE section_id = ?",
        (now.timestamp(), json.dumps(astuple(whole.probe)), whole.probed_at.timestamp(), section),
    )
    if whole.is_deep:
        connection.execute("UPDATE section SET deep_at = ? WHERE section_id = ?", (now.timestamp(), section))


def note_marks(connection: sqlite3.Connection, server: int, section: int, stamp: int) -> None:
    """The leaves of every show of the section that the reading met were read whole, after their shows were."""
    counted = _counted(connection, section)
    rows = connection.execute(
        "SELECT i.rating_key, s.updated_at, s.leaf_count, s.child_count, i.guid, coalesce(l.mark, ''), l.counted "
        "FROM item i JOIN item_state s USING (item_id) LEFT JOIN leaves l ON l.server_id = i.server_id "
        "AND l.show_key = i.rating_key WHERE i.section_id = ? AND i.kind = 'show' AND s.available = 1 "
        "AND s.seen_run >= ?",
        (section, stamp),
    ).fetchall()
    found = [(key, show_mark(*said), counted.get(key, (0, 0))[0], (mark, count)) for key, *said, mark, count in rows]
    note_leaves(connection, server, [(key, mark, count) for key, mark, count, was in found if (mark, count) != was])


def note_leaves(connection: sqlite3.Connection, server: int, read: Iterable[tuple[str, str, int]]) -> None:
    """The leaves of these shows were read whole: rating key, mark and how many there are."""
    connection.executemany(
        "INSERT INTO leaves (server_id, show_key, revision, mark, counted) VALUES (?, ?, 0, ?, ?) "
        "ON CONFLICT (server_id, show_key) DO UPDATE SET mark = excluded.mark, counted = excluded.counted",
        [(server, *one) for one in read],
    )


def leaves(connection: sqlite3.Connection, section: int) -> dict[str, KnownLeaves]:
    """What is known of the leaves of the section's shows that are held, but for those whose removal waits, by rating
    key."""
    counted = _counted(connection, section)
    seasons: defaultdict[str, set[str]] = defaultdict(set)
    for show_key, key in connection.execute(
        "SELECT i.show_key, i.rating_key FROM item i JOIN item_state s USING (item_id) "
        "WHERE i.section_id = ? AND i.kind = 'season' AND s.available = 1 AND i.show_key IS NOT NULL",
        (section,),
    ):
        seasons[show_key].add(key)
    shows = connection.execute(
        "SELECT i.rating_key, coalesce(l.mark, ''), l.counted FROM item i JOIN item_state s USING (item_id) "
        "LEFT JOIN leaves l ON l.server_id = i.server_id AND l.show_key = i.rating_key "
        "WHERE i.section_id = ? AND i.kind = 'show' AND s.available = 1 AND NOT s.held_back",
        (section,),
    )
    return {
        key: KnownLeaves(mark, count, *counted.get(key, (0, 0)), frozenset(seasons.get(key, ())))
        for key, mark, count in shows
    }


def looked_at_since(connection: sqlite3.Connection, section: int, since: datetime) -> bool:
    """Whether a look at one of its shows found its leaves moved since then: that is why its counter moved too."""
    question = (
        "SELECT 1 FROM leaves l JOIN item i ON i.server_id = l.server_id AND i.rating_key = l.show_key "
        "WHERE i.section_id = ? AND l.moved_at > ? LIMIT 1"
    )
    return connection.execute(question, (section, since.timestamp())).fetchone() is not None


def lost(connection: sqlite3.Connection, section: int, newest: Sequence[ItemRow]) -> dict[str, str]:
    """What stands among the section's newest episodes here, and not in `newest`, which Plex lists as those that were
    added last: the rating key of one of them, by its show's."""
    added = [row.added_at for row in newest]
    if not added or None in added:
        return {}
    there = {row.rating_key for row in newest}
    question = (
        "SELECT i.show_key, i.rating_key FROM item i JOIN item_state s USING (item_id) WHERE i.section_id = ? "
        "AND i.kind = 'episode' AND s.available = 1 AND s.added_at > ? AND i.show_key IS NOT NULL"
    )
    rows = connection.execute(question, (section, min(each for each in added if each is not None)))
    return {show: key for show, key in rows if key not in there}


def _counted(connection: sqlite3.Connection, section: int) -> dict[str, tuple[int, int]]:
    """How many episodes each show has, and how many of them were seen."""
    return {
        show_key: (episodes, watched)
        for show_key, episodes, watched in connection.execute(
            "SELECT i.show_key, count(*), sum(coalesce(s.view_count, 0) > 0) FROM item i "
            "JOIN item_state s USING (item_id) WHERE i.section_id = ? AND i.kind = 'episode' AND s.available = 1 "
            "AND i.show_key IS NOT NULL GROUP BY i.show_key",
            (section,),
        )
    }


def _resume(text: str) -> Resume | None:
    if not text:
        return None
    stamp, probe, kind, start, begun_at = json.loads(text)
    return Resume(stamp, Probe(*probe), Kind(kind), start, begun_at)

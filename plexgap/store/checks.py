"""The last check of every title beside the mirror: derived, rebuilt whole, never trusted when older than its facts.

Source: design/gaps.md 1. Changes when a check has more to remember.
"""

# ruff: noqa: S608 - only placeholders are put into a question
from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any

from pydantic_core import from_json

from plexgap.domain.catalogue import Candidate
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.grounds import Ground
from plexgap.domain.ids import ExternalId, Source
from plexgap.domain.verdicts import Absent, Check, Duplicate, Extra, Fit, Misnumbered, Outcome, SeasonRow
from plexgap.store.database import chunks, many
from plexgap.store.grounds import from_text, to_text
from plexgap.store.held import moment

# No show has this revision. A check that lost an item to another title is stale whatever its other items do, and an
# item that it was not compared with this time still belongs to the title until another one takes it.
_STALE = -1
_SOURCES = {str(source): source for source in Source}

# Of two checks made at the same time the later one stands. One that seems later by more than this was made by a clock
# that has been set back since: it must not keep what is known by now from being said.
_RACE_S = 60.0


@dataclass(frozen=True, slots=True)
class Stamps:
    """The facts a check was made from: each item's revision, the listing's file, the person's word in force.

    A revision below 0, as read back: the item belonged to the title in an earlier check and was not compared in this.
    `grounds`: every answer it rests on; `fresh_until`: when the first of them no longer holds, None: that is not known;
    `judged_until`: when the same facts say something else, because a day has come; None: never. `basis` names what
    else it was made from (judging.basis).
    """

    revisions: tuple[tuple[str, int], ...]
    listing: int | None
    override: str
    grounds: tuple[Ground, ...] = ()
    fresh_until: datetime | None = None
    judged_until: datetime | None = None
    basis: str = ""


@dataclass(frozen=True, slots=True)
class StoredCheck:
    """A check with its stamps: it may be shown only while they are those of the facts."""

    check: Check
    stamps: Stamps


def save(connection: sqlite3.Connection, server: int, check: Check, stamps: Stamps) -> bool:
    """Store it in place of what stands of the title; an item that another title had goes over to this one.

    Items that the title had before and that are still held stay with it, as not compared, until another title takes
    them: what they hold is not missing only because they were looked up later, or not at all this time.

    False, and nothing changed, when a check tried later stands for any of its items, or when a show's episodes have
    moved since `stamps`.
    """
    others = _titles_of(connection, server, check.rating_keys) - {check.title_id}
    if _is_older(connection, server, check, others) or _has_moved(connection, server, stamps):
        return False
    left = _left_out(connection, server, check)
    _take_over(connection, server, check.rating_keys, others)
    key = (server, check.title_id)
    connection.execute("DELETE FROM title_check WHERE server_id = ? AND title_id = ?", key)
    connection.execute(
        f"INSERT INTO title_check VALUES ({many(range(27))})",
        (
            *key,
            check.outcome,
            check.reason,
            check.provider,
            check.show_id,
            check.order,
            check.order_source,
            check.title,
            check.year,
            check.status,
            _ids_text(check.ids),
            _seconds(check.checked_at),
            check.tried_at.timestamp(),
            json.dumps([[s.season, s.row, s.numbers, s.days] for s in check.seasons]),
            json.dumps([[e.rating_key, e.season, e.number, e.title, _day_text(e.air_date)] for e in check.extra]),
            json.dumps([[c.provider, c.show_id, c.title, c.year, c.seasons, c.episodes] for c in check.candidates]),
            stamps.listing,
            stamps.override,
            json.dumps(check.orders),
            json.dumps(None if check.fit is None else [check.fit.confirmed, check.fit.counted, check.fit.best]),
            json.dumps([[m.rating_key, m.season, m.plex_number, *m.number, m.title] for m in check.misnumbered]),
            json.dumps([[*d.number, d.title, d.rating_keys] for d in check.duplicates]),
            _seconds(stamps.fresh_until),
            _seconds(stamps.judged_until),
            to_text(stamps.grounds),
            stamps.basis,
        ),
    )
    revisions = dict(stamps.revisions)
    connection.executemany(
        "INSERT INTO title_item (server_id, title_id, rating_key, position, revision) VALUES (?, ?, ?, ?, ?)",
        [
            (*key, item, place, _STALE if item in left else revisions.get(item))
            for place, item in enumerate((*check.rating_keys, *left))
        ],
    )
    connection.executemany(
        f"INSERT INTO absent VALUES ({many(range(12))})",
        [
            (
                *(*key, place, *a.number, a.title, _day_text(a.air_date), a.episode_id, _ids_text(a.ids), a.removed),
                *(a.aired or (None, None)),
            )
            for place, a in enumerate(check.absent)
        ],
    )
    return True


@dataclass(frozen=True, slots=True)
class Renewal:
    """A check that holds again, because the catalogue said at `checked_at` that nothing of it has changed. `tried_at`
    names which one that is."""

    title_id: str
    tried_at: datetime
    checked_at: datetime
    fresh_until: datetime
    grounds: tuple[Ground, ...]


def renew(connection: sqlite3.Connection, server: int, renewals: Iterable[Renewal]) -> None:
    """Keeps until when these checks hold now; one that another has replaced meanwhile is left alone."""
    connection.executemany(
        "UPDATE title_check SET checked_at = ?, fresh_until = ?, grounds = ? "
        "WHERE server_id = ? AND title_id = ? AND tried_at = ?",
        [
            (
                *(one.checked_at.timestamp(), one.fresh_until.timestamp(), to_text(one.grounds)),
                *(server, one.title_id, one.tried_at.timestamp()),
            )
            for one in renewals
        ],
    )


@dataclass(frozen=True, slots=True)
class Raw:
    """A stored check as its rows stand in the file, and what they were read as: reading costs far more than comparing
    them does."""

    row: Sequence[Any]
    items: Sequence[tuple[str, int | None]]
    absent: Sequence[Sequence[Any]]
    read: StoredCheck


def load(
    connection: sqlite3.Connection, server: int, known: Mapping[str, Raw] = MappingProxyType({})
) -> dict[str, Raw]:
    """Those of titles of which Plex still has an item, by title, in the order of their ids. One whose rows are those
    that are `known` is the same object again."""
    items: defaultdict[str, list[tuple[str, int | None]]] = defaultdict(list)
    for title_id, rating_key, revision in connection.execute(
        "SELECT title_id, rating_key, revision FROM title_item WHERE server_id = ? ORDER BY title_id, position",
        (server,),
    ):
        items[title_id].append((rating_key, revision))
    absent: defaultdict[str, list[Sequence[Any]]] = defaultdict(list)
    for title_id, *values in connection.execute(
        "SELECT title_id, season, number, title, air_date, episode_id, ids, removed, aired_season, aired_number "
        "FROM absent WHERE server_id = ? ORDER BY title_id, position",
        (server,),
    ):
        absent[title_id].append(values)
    there = {
        title_id
        for (title_id,) in connection.execute(
            "SELECT DISTINCT title_id FROM title_item ti JOIN item i ON i.server_id = ti.server_id "
            "AND i.rating_key = ti.rating_key JOIN item_state s USING (item_id) "
            "WHERE ti.server_id = ? AND s.available = 1",
            (server,),
        )
    }
    rows = connection.execute("SELECT * FROM title_check WHERE server_id = ? ORDER BY title_id", (server,))
    return {row[1]: _raw(row[1:], items[row[1]], absent[row[1]], known.get(row[1])) for row in rows if row[1] in there}


def _raw(
    row: Sequence[Any], items: Sequence[tuple[str, int | None]], absent: Sequence[Sequence[Any]], known: Raw | None
) -> Raw:
    if known is not None and (known.row, known.items, known.absent) == (row, items, absent):
        return known
    return Raw(row, items, absent, _stored_check(row, items, list(map(_absent, absent))))


def shows_of(connection: sqlite3.Connection, server: int) -> dict[str, str]:
    """The title that each item was last judged with, by rating key."""
    question = "SELECT rating_key, title_id FROM title_item WHERE server_id = ?"
    return dict(connection.execute(question, (server,)).fetchall())


def _titles_of(connection: sqlite3.Connection, server: int, rating_keys: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for keys in chunks(rating_keys):
        question = f"SELECT title_id FROM title_item WHERE server_id = ? AND rating_key IN ({many(keys)})"
        found.update(title_id for (title_id,) in connection.execute(question, (server, *keys)))
    return found


def _left_out(connection: sqlite3.Connection, server: int, check: Check) -> tuple[str, ...]:
    """Items of the title as it stands that are still held and that this check is not about, in their order."""
    stored = connection.execute(
        # Not joined: SQLite would begin with every item of the server.
        "SELECT rating_key FROM title_item ti WHERE server_id = ? AND title_id = ? AND EXISTS (SELECT 1 FROM item i "
        "JOIN item_state s USING (item_id) WHERE i.server_id = ti.server_id AND i.rating_key = ti.rating_key "
        "AND s.available = 1) ORDER BY position",
        (server, check.title_id),
    )
    return tuple(rating_key for (rating_key,) in stored if rating_key not in check.rating_keys)


def _is_older(connection: sqlite3.Connection, server: int, check: Check, others: Iterable[str]) -> bool:
    question = "SELECT tried_at FROM title_check WHERE server_id = ? AND title_id = ?"
    tried = [connection.execute(question, (server, title_id)).fetchone() for title_id in (check.title_id, *others)]
    return any(row is not None and 0 < row[0] - check.tried_at.timestamp() < _RACE_S for row in tried)


def _has_moved(connection: sqlite3.Connection, server: int, stamps: Stamps) -> bool:
    question = "SELECT revision FROM leaves WHERE server_id = ? AND show_key = ?"
    for rating_key, revision in stamps.revisions:
        row = connection.execute(question, (server, rating_key)).fetchone()
        if (row[0] if row else 0) != revision:
            return True
    return False


def _take_over(connection: sqlite3.Connection, server: int, rating_keys: Sequence[str], others: Iterable[str]) -> None:
    """Take the items from whatever title has them. Its check is stale by that, unless it wasn't compared with them."""
    compared = {
        title_id
        for keys in chunks(rating_keys)
        for (title_id,) in connection.execute(
            f"SELECT title_id FROM title_item WHERE server_id = ? AND revision <> ? AND rating_key IN ({many(keys)})",
            (server, _STALE, *keys),
        )
    }
    connection.executemany(
        "DELETE FROM title_item WHERE server_id = ? AND rating_key = ?", [(server, key) for key in rating_keys]
    )
    for title_id in others:
        key = (server, title_id)
        if title_id in compared:
            connection.execute(
                "UPDATE title_item SET revision = ? WHERE server_id = ? AND title_id = ?", (_STALE, *key)
            )
        if not connection.execute("SELECT 1 FROM title_item WHERE server_id = ? AND title_id = ?", key).fetchone():
            connection.execute("DELETE FROM title_check WHERE server_id = ? AND title_id = ?", key)


def _stored_check(row: Sequence[Any], items: Sequence[tuple[str, int | None]], absent: Sequence[Absent]) -> StoredCheck:
    (title_id, outcome, reason, provider, show_id, order, order_source, title, year, status, ids) = row[:11]
    checked_at, tried_at, seasons, extra, candidates, listing, override = row[11:18]
    orders, fit, misnumbered, duplicates = map(_json, row[18:22])
    fresh_until, judged_until, grounds, basis = row[22:]
    check = Check(
        title_id=title_id,
        rating_keys=tuple(key for key, _ in items),
        outcome=Outcome(outcome),
        reason=reason,
        provider=None if provider is None else Source(provider),
        show_id=show_id,
        order=order,
        order_source=order_source,
        title=title,
        year=year,
        status=status,
        ids=_ids(ids),
        checked_at=moment(checked_at),
        tried_at=datetime.fromtimestamp(tried_at, UTC),
        seasons=tuple(SeasonRow(n, row, tuple(numbers), tuple(days)) for n, row, numbers, days in _json(seasons)),
        absent=tuple(absent),
        extra=tuple(Extra(key, s, n, name, _day(day)) for key, s, n, name, day in _json(extra)),
        candidates=tuple(Candidate(Source(source), *values) for source, *values in _json(candidates)),
        misnumbered=tuple(
            Misnumbered(key, s, own, EpisodeNumber(season, number), name)
            for key, s, own, season, number, name in misnumbered
        ),
        duplicates=tuple(Duplicate(EpisodeNumber(s, n), name, tuple(keys)) for s, n, name, keys in duplicates),
        orders=tuple(orders),
        fit=None if fit is None else Fit(*fit),
    )
    revisions = tuple((key, revision) for key, revision in items if revision is not None)
    times = moment(fresh_until), moment(judged_until)
    return StoredCheck(check, Stamps(revisions, listing, override, from_text(grounds), *times, basis))


def _absent(values: Sequence[Any]) -> Absent:
    season, number, title, day, episode_id, ids, removed, aired_season, aired_number = values
    return Absent(
        number=EpisodeNumber(season, number),
        title=title,
        air_date=_day(day),
        episode_id=episode_id,
        ids=_ids(ids),
        removed=bool(removed),
        aired=None if aired_season is None else EpisodeNumber(aired_season, aired_number),
    )


def _ids_text(ids: Iterable[ExternalId]) -> str:
    return json.dumps(sorted([known.source, known.value] for known in ids))


def _ids(text: str) -> frozenset[ExternalId]:
    return frozenset(ExternalId(_SOURCES[source], value) for source, value in _json(text))


def _json(text: str) -> Any:
    """Decoded; the empty list, which most are, without a decoder."""
    return () if text == "[]" else from_json(text)


def _seconds(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()


def _day_text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)

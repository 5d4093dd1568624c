"""Films in the mirror: what is held, and the last check of each film and of each collection begun.

Derived, as store/checks is of shows (design/gaps.md 1). Changes when a check of a film has more to remember.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from plexgap.domain.catalogue import Candidate
from plexgap.domain.films import CollectionCheck, CollectionListing, FilmCheck, HeldFilm, ListedFilm
from plexgap.domain.ids import ExternalId, Source
from plexgap.domain.verdicts import Outcome
from plexgap.store import ledger
from plexgap.store.database import insert
from plexgap.store.grounds import from_text, to_text
from plexgap.store.held import moment

_FILM = (
    "SELECT i.rating_key, sec.uuid, sec.title, i.title, i.year, i.guid, i.duration_ms, s.thumb, "
    "s.held_back OR NOT sec.is_listed, (SELECT group_concat(source || '://' || value, char(10)) FROM item_guid g "
    "WHERE g.item_id = i.item_id) FROM item i JOIN item_state s USING (item_id) JOIN section sec USING (section_id) "
    "WHERE i.kind = 'movie' AND sec.server_id = ? AND s.available = ?"
)
_OUTCOMES = {str(outcome): outcome for outcome in Outcome}


def films(
    connection: sqlite3.Connection, server: int, section_uuids: Collection[str] | None = None
) -> tuple[HeldFilm, ...]:
    """The available film items of these sections (None: of all), lowest rating key first."""
    rows = connection.execute(_FILM, (server, 1))
    found = [_held_film(row) for row in rows if section_uuids is None or row[1] in section_uuids]
    return tuple(sorted(found, key=lambda film: (len(film.rating_key), film.rating_key)))


def gone(connection: sqlite3.Connection, server: int) -> frozenset[ExternalId]:
    """The outside ids of films that Plex once had and has no more."""
    away = [_held_film(row).ids for row in connection.execute(_FILM, (server, 0))]
    long_ago = [
        HeldFilm("", "", "", "", None, guid, tuple(guids.splitlines())).ids
        for guid, guids in ledger.films(connection, server)
    ]
    return frozenset().union(*away, *long_ago)


def save_films(connection: sqlite3.Connection, server: int, checks: Iterable[FilmCheck]) -> None:
    """Stores them in place of what stands of the same items."""
    rows = [
        (
            *(server, check.rating_key, check.mark, check.outcome, check.reason, check.film_id, check.collection_id),
            *(json.dumps([[c.show_id, c.title, c.year] for c in check.candidates]), _seconds(check.checked_at)),
            *(check.tried_at.timestamp(), _seconds(check.fresh_until), to_text(check.grounds)),
        )
        for check in checks
    ]
    connection.executemany(
        "DELETE FROM film_check WHERE server_id = ? AND rating_key = ?", [(server, row[1]) for row in rows]
    )
    insert(connection, "film_check", rows)


def film_checks(connection: sqlite3.Connection, server: int) -> dict[str, FilmCheck]:
    """By rating key; of items that are no longer held too."""
    rows = connection.execute(
        "SELECT rating_key, mark, outcome, reason, film_id, collection_id, candidates, checked_at, tried_at, "
        "fresh_until, grounds FROM film_check WHERE server_id = ?",
        (server,),
    )
    return {row[0]: _film_check(row) for row in rows}


def save_collections(connection: sqlite3.Connection, server: int, checks: Iterable[CollectionCheck]) -> None:
    """Stores them in place of what stands of the same collections."""
    rows = [
        (
            *(server, check.collection_id, check.name, check.outcome, check.reason, check.is_gone),
            *(_seconds(check.listing.fetched_at if check.listing is not None else None), check.tried_at.timestamp()),
            *(check.listing.overview if check.listing is not None else "", _parts_text(check.listing)),
            *(json.dumps(check.absent), check.stamp),
        )
        for check in checks
    ]
    connection.executemany(
        "DELETE FROM collection_check WHERE server_id = ? AND collection_id = ?", [(server, row[1]) for row in rows]
    )
    insert(connection, "collection_check", rows)


def forget_collections(connection: sqlite3.Connection, before: datetime) -> None:
    """Drops what was said before that moment: TMDB's terms."""
    connection.execute("DELETE FROM collection_check WHERE coalesce(checked_at, tried_at) < ?", (before.timestamp(),))


def collection_checks(connection: sqlite3.Connection, server: int) -> tuple[CollectionCheck, ...]:
    """In the order of their numbers; also those of which nothing is held any more."""
    rows = connection.execute(
        "SELECT collection_id, name, outcome, reason, is_gone, checked_at, tried_at, overview, parts, absent, "
        "listing_stamp FROM collection_check WHERE server_id = ? ORDER BY collection_id",
        (server,),
    )
    return tuple(_collection_check(row) for row in rows)


def _held_film(row: Sequence[Any]) -> HeldFilm:
    key, uuid, section, title, year, guid, duration_ms, thumb, held_back, guids = row
    beside = tuple(sorted(guids.split("\n"))) if guids else ()
    return HeldFilm(key, uuid, section, title, year, guid, beside, duration_ms, thumb, bool(held_back))


def _film_check(row: Sequence[Any]) -> FilmCheck:
    key, mark, outcome, reason, film_id, collection_id, texts, checked_at, tried_at, fresh_until, grounds = row
    candidates = () if texts == "[]" else tuple(Candidate(Source.TMDB, *values) for values in json.loads(texts))
    tried = datetime.fromtimestamp(tried_at, UTC)
    checked = tried if checked_at == tried_at else moment(checked_at)
    rests_on = from_text(grounds), moment(fresh_until)
    return FilmCheck(
        key, mark, _OUTCOMES[outcome], reason, film_id, collection_id, candidates, checked, tried, *rests_on
    )


def _collection_check(row: Sequence[Any]) -> CollectionCheck:
    number, name, outcome, reason, is_gone, checked_at, tried_at, overview, parts, absent, stamp = row
    fetched_at = moment(checked_at)
    listing = None
    if fetched_at is not None:
        listing = CollectionListing(number, name, tuple(map(_part, json.loads(parts))), fetched_at, overview)
    return CollectionCheck(
        collection_id=number,
        name=name,
        outcome=Outcome(outcome),
        reason=reason,
        listing=listing,
        tried_at=datetime.fromtimestamp(tried_at, UTC),
        is_gone=bool(is_gone),
        absent=tuple(json.loads(absent)),
        stamp=stamp,
    )


def _parts_text(listing: CollectionListing | None) -> str:
    parts = listing.parts if listing is not None else ()
    return json.dumps(
        [
            [p.film_id, p.title, _day(p.release_date), p.adult, p.video, p.poster_path, p.imdb_id, p.runtime_min]
            for p in parts
        ]
    )


def _part(values: Sequence[Any]) -> ListedFilm:
    film_id, title, day, *rest = values
    return ListedFilm(film_id, title, None if day is None else date.fromisoformat(day), *rest)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _seconds(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()

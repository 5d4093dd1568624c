"""The Plex watchlist as it was last read: one readable file, so that it is there when plex.tv is not.

Changes when the form of the file changes; then FORM grows by one and an older file counts as absent. It may be deleted
at any time: it costs requests, and until it is read again nobody knows which shows are on the list.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from plexgap.domain.ids import parse_guids
from plexgap.domain.library import Kind
from plexgap.domain.watchlist import Watchlist, WatchlistItem
from plexgap.store.files import could_not, write_atomically

log = logging.getLogger(__name__)

FORM = 1


class _Stored(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _StoredShow(_Stored):
    rating_key: str
    guid: str
    title: str
    year: int | None
    ids: tuple[str, ...] = ()


class _StoredList(_Stored):
    form: Literal[1]
    read_at: AwareDatetime
    problem: str
    is_old: bool
    shows: tuple[_StoredShow, ...]
    looked_up: dict[str, tuple[str, ...]]


class WatchlistStore:
    """The file `path`, the user's alone. Safe to use from several threads and processes.

    One that can't be read, or is of another form, counts as absent: it is logged, and the next save replaces it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> Watchlist | None:
        """The list as it was saved, of whatever age; None when there is none that can be read."""
        try:
            return _to_list(_StoredList.model_validate_json(self._path.read_bytes()))
        except FileNotFoundError:
            return None
        except OSError as error:
            log.warning("%s can't be read (%s), left out", self._path, error.strerror)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            where = ".".join(str(step) for step in first["loc"])
            log.warning("%s is not in form %d (%s %s), left out", self._path, FORM, where, first["msg"])
        return None

    def save(self, watchlist: Watchlist) -> None:
        """Keeps it in place of the one before. Raises StoreError."""
        write_atomically(self._path, _to_text(watchlist), private=True, durable=False)

    def drop(self) -> bool:
        """Forgets the list; whether there was one. Raises StoreError."""
        try:
            self._path.unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise could_not("deleted", self._path, error) from error
        return True

    def stamp(self) -> int | None:
        """Moves with every save: when the file was last written, in nanoseconds; None when there is none."""
        try:
            return self._path.stat().st_mtime_ns
        except OSError:
            return None


def _to_list(stored: _StoredList) -> Watchlist:
    return Watchlist(
        shows=tuple(
            WatchlistItem(show.rating_key, show.guid, Kind.SHOW, show.title, show.year, parse_guids(show.ids))
            for show in stored.shows
        ),
        read_at=stored.read_at.astimezone(UTC),
        looked_up={key: parse_guids(ids) for key, ids in stored.looked_up.items()},
        problem=stored.problem,
        is_old=stored.is_old,
    )


def _to_text(watchlist: Watchlist) -> str:
    stored = {
        "form": FORM,
        "read_at": watchlist.read_at.isoformat(),
        "problem": watchlist.problem,
        "is_old": watchlist.is_old,
        "shows": [_show(item) for item in watchlist.shows],
        "looked_up": {key: sorted(map(str, ids)) for key, ids in sorted(watchlist.looked_up.items())},
    }
    return json.dumps(stored, indent=1, ensure_ascii=False) + "\n"


def _show(item: WatchlistItem) -> dict[str, object]:
    values: dict[str, object] = {
        "rating_key": item.rating_key,
        "guid": item.guid,
        "title": item.title,
        "year": item.year,
    }
    if item.ids:
        values["ids"] = sorted(map(str, item.ids))
    return values

"""Answers kept only so that a question asked again travels with its ETag. Changes when the way they are kept changes.

requests-cache decides what to send and what a 304 means; the SQLite table below it is our own, because that of
requests-cache waits without end for a locked or read-only file. Whatever happens to the file (damaged, full disk,
locked, taken away), no request fails for it: the question then travels without its ETag.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests
from pydantic_core import from_json
from requests.structures import CaseInsensitiveDict
from requests_cache import CachedSession
from requests_cache.backends.base import BaseCache, BaseStorage
from requests_cache.models.response import CachedResponse

log = logging.getLogger(__name__)

# TMDB's terms: nothing is kept longer than six months.
LONGEST = timedelta(days=182)

_LONG_AGO = datetime.fromtimestamp(0, UTC)
_DAMAGED = frozenset({sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_SUFFIXES = ("", "-wal", "-shm", "-journal")


def validating_session(
    path: Path, form: str, secret_names: Iterable[str], now: Callable[[], datetime], busy_s: float = 2.0
) -> CachedSession:
    """A session that sends every request, with the validators of the last answer unless told `Cache-Control: no-cache`.

    A 304 comes back as the stored 200. Only answers with a validator are stored. `form` names the form that bodies
    are stored in: answers in another form are never used. `secret_names`: headers and parameters that must not
    reach the file, should one of them ever get this far. `busy_s`: how long a file that another process holds is
    waited for, once.
    """
    answers = _Answers(path, now, busy_s)

    def key(request: Any, **_: object) -> str:
        return f"{form} {request.method} {request.url}"

    # expire_after=0: what is stored is expired at once. So everything is asked again, an answer without validator is
    # never stored, and none is ever served in place of an error.
    return CachedSession(
        backend=_Backend(answers),
        expire_after=0,
        allowable_codes=(200,),
        allowable_methods=("GET",),
        ignored_parameters=[spelt for name in secret_names for spelt in (name, name.lower(), name.title())],
        stale_if_error=False,
        key_fn=key,
    )


def forget_answers(path: Path) -> None:
    """Deletes the file and what SQLite keeps beside it."""
    for suffix in _SUFFIXES:
        path.with_name(path.name + suffix).unlink(missing_ok=True)


class _Backend(BaseCache):
    """Ours below requests-cache; redirects are never followed, so none are kept."""

    def __init__(self, answers: _Answers) -> None:
        super().__init__(cache_name="http")
        self.responses = self._answers = answers

    def save_response(
        self, response: requests.Response, cache_key: str | None = None, expires: datetime | None = None
    ) -> None:
        """Stores a 200; after a 304 requests-cache hands in what is stored already, so only its age is renewed."""
        if cache_key is None:
            return
        if isinstance(response, CachedResponse):
            self._answers.renew(cache_key)
        else:
            self._answers[cache_key] = response


class _Answers(BaseStorage[str, CachedResponse]):
    """Key to answer: its validators and its JSON body, in columns. Usable from several threads.

    No serializer of requests-cache is in it: pickle would run the code in a planted file, and all that stands in an
    answer beside these columns is what a service or a proxy said about us.
    """

    def __init__(self, path: Path, now: Callable[[], datetime], busy_s: float) -> None:
        super().__init__()
        self._path = path
        self._now = now
        self._busy_s = busy_s
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._renewed = False
        self._open()

    def __getitem__(self, key: str) -> CachedResponse:
        """As requests-cache wants it: expired, so that it is never served without asking. KeyError where there is none,
        or one that can't be used."""
        for etag, last_modified, body in self._run("SELECT etag, last_modified, body FROM answers WHERE key = ?", key):
            if not _is_json(body):
                log.debug("a kept answer can't be read")
                del self[key]
                break
            said = {"ETag": etag, "Last-Modified": last_modified, "Content-Type": "application/json"}
            return CachedResponse(
                content=body.encode(),
                headers=CaseInsensitiveDict({name: value for name, value in said.items() if value}),
                status_code=requests.codes.ok,
                expires=_LONG_AGO,
            )
        raise KeyError(key)

    def __setitem__(self, key: str, value: requests.Response) -> None:
        etag, last_modified = value.headers.get("ETag", ""), value.headers.get("Last-Modified", "")
        self._run(
            "INSERT OR REPLACE INTO answers (key, kept_at, etag, last_modified, body) VALUES (?, ?, ?, ?, ?)",
            *(key, self._seconds(), etag, last_modified, value.content.decode()),
        )

    def renew(self, key: str) -> None:
        """The service said just now that this answer still holds."""
        self._run("UPDATE answers SET kept_at = ? WHERE key = ?", self._seconds(), key)

    def __delitem__(self, key: str) -> None:
        self._run("DELETE FROM answers WHERE key = ?", key)

    def __iter__(self) -> Iterator[str]:
        return iter([key for (key,) in self._run("SELECT key FROM answers ORDER BY key")])

    def __len__(self) -> int:
        return sum(count for (count,) in self._run("SELECT count(*) FROM answers"))

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _seconds(self) -> int:
        return int(self._now().timestamp())

    def _run(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows; none when the file is closed or fails."""
        with self._lock:
            if self._connection is None:
                return []
            try:
                return self._connection.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                self._give_up_or_renew(error)
                return []

    def _open(self) -> None:
        with self._lock:
            try:
                self._connection = self._connect()
                self._prepare(self._connection)
            except (sqlite3.Error, OSError) as error:
                self._give_up_or_renew(error)

    def _connect(self) -> sqlite3.Connection:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # What is asked here says what somebody watches: the file, and what SQLite puts beside it, are the user's alone.
        os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        return sqlite3.connect(self._path, timeout=self._busy_s, isolation_level=None, check_same_thread=False)

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, kept_at INTEGER NOT NULL, "
            "etag TEXT NOT NULL, last_modified TEXT NOT NULL, body TEXT NOT NULL)"
        )
        too_old = self._seconds() - int(LONGEST.total_seconds())
        if connection.execute("DELETE FROM answers WHERE kept_at < ?", (too_old,)).rowcount:
            connection.execute("VACUUM")

    def _give_up_or_renew(self, error: sqlite3.Error | OSError) -> None:
        """A damaged file is made anew, once; with any other trouble, or a second one, it is left alone from here on."""
        self.close()
        code = getattr(error, "sqlite_errorcode", None)
        damaged = isinstance(error, sqlite3.Error) and code is not None and code & 0xFF in _DAMAGED
        if damaged and not self._renewed:
            self._renewed = True
            log.warning("%s is damaged (%s) and made anew", self._path, error)
            try:
                forget_answers(self._path)
            except OSError as another:
                log.warning("%s can't be deleted (%s)", self._path, another.strerror)
                return
            self._open()
            return
        log.warning("%s can't be used (%s): questions travel without their ETag", self._path, error)


def _is_json(body: object) -> bool:
    """False for a body that was planted or damaged: 304s would serve it again and again."""
    try:
        from_json(body if isinstance(body, str) else b"")
    except ValueError:
        return False
    return True

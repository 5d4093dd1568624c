"""seen.json: what was missing when the person last looked, so that what is new since can be told. Changes when more of
what was seen is kept.

It may be deleted at any time: nothing is told to be new until the person has looked on two days.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from plexgap.store.files import could_not, set_aside, write_atomically
from plexgap.store.locks import only_writer

log = logging.getLogger(__name__)

_Missing = dict[str, tuple[str, ...]]


class _Seen(BaseModel):
    """`missing`: by title id, as it stood when the page was last looked at, on `day`; `before`: the same of the last
    day before that one, None where there was none. Unknown fields are kept."""

    model_config = ConfigDict(extra="allow", frozen=True)

    version: int = 1
    day: date | None = None
    missing: _Missing = {}
    before: _Missing | None = None


class SeenStore:
    """The memory of a page, shared by threads and processes. A broken file is set aside and made anew."""

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        """`now` names a file that must be set aside."""
        self._path = path
        self._now = now
        self._guard = threading.Lock()
        self._kept: tuple[int, _Seen] | None = None

    def look(self, today: date, missing: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]] | None:
        """Keeps what is missing now, and says what was when the person last looked on an earlier day; None: never.

        Written only where it is another than what is kept. Raises StoreError.
        """
        with self._guard:
            seen = self._read()
            if seen.day == today and seen.missing == missing:
                return seen.before
            with only_writer(self._path):
                seen = _looked(self._read(), today, dict(missing))
                write_atomically(self._path, seen.model_dump_json() + "\n", private=True)
            return seen.before

    def _read(self) -> _Seen:
        try:
            stamp = self._path.stat().st_mtime_ns
            if self._kept is None or self._kept[0] != stamp:
                self._kept = (stamp, _Seen.model_validate(json.loads(self._path.read_bytes())))
        except FileNotFoundError:
            return _Seen()
        except (ValidationError, json.JSONDecodeError, UnicodeDecodeError):
            aside = set_aside(self._path, self._now())
            log.warning("%s could not be read: it was set aside as %s and begins anew.", self._path.name, aside.name)
            return _Seen()
        except OSError as error:
            raise could_not("read", self._path, error) from error
        return self._kept[1]


def _looked(seen: _Seen, today: date, missing: _Missing) -> _Seen:
    now = {"day": today, "missing": missing}
    if seen.day is None or seen.day == today:
        return seen.model_copy(update=now)
    return seen.model_copy(update={**now, "before": seen.missing})

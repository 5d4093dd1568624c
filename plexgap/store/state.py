"""state.json: what the program remembers between starts that is neither a setting, a decision nor a fact.

Changes when there is something more to remember. It may be deleted at any time: all that is lost is which notices were
read, and the name by which Plex knows this program.
"""

from __future__ import annotations

import json
import logging
import threading
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from plexgap.store.files import could_not, set_aside, write_atomically
from plexgap.store.locks import only_writer

log = logging.getLogger(__name__)

_KEPT_NOTICES = 50


class _Notice(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)

    text: str
    seen: bool = False


class _State(BaseModel):
    """Unknown fields are kept when the file is written again."""

    model_config = ConfigDict(extra="allow", frozen=True)

    version: int = 1
    client_id: str = Field(default="", max_length=200)
    notices: tuple[_Notice, ...] = ()


class StateStore:
    """The program's memory, shared by threads and processes. A broken file is set aside and made anew."""

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        self._path = path
        self._now = now
        self._guard = threading.RLock()

    @property
    def client_id(self) -> str:
        """The name by which Plex knows this program: a UUID, made once. StoreError: it can't be kept."""
        known = self._read().client_id
        return known or self._change(_with_client_id).client_id

    @property
    def notices(self) -> tuple[str, ...]:
        """Sentences to show until the person has seen them, oldest first."""
        return tuple(notice.text for notice in self._read().notices if not notice.seen)

    def add_notice(self, text: str) -> None:
        """Keeps a sentence to show. One that is waiting, or was seen before, is not shown again."""
        self._change(lambda state: _with_notice(state, text))

    def mark_seen(self, *texts: str) -> None:
        """The person has seen these notices; without any, all of them."""
        self._change(lambda state: _with_seen(state, frozenset(texts)))

    def _read(self) -> _State:
        try:
            return self._parse()
        except (ValidationError, json.JSONDecodeError, UnicodeDecodeError):
            with self._guard, only_writer(self._path):
                return self._read_or_begin_anew()

    def _change(self, change: Callable[[_State], _State]) -> _State:
        with self._guard, only_writer(self._path):
            before = self._read_or_begin_anew()
            after = change(before)
            if after != before:
                write_atomically(self._path, after.model_dump_json(indent=1) + "\n", private=True)
            return after

    def _read_or_begin_anew(self) -> _State:
        """Only under the lock."""
        try:
            return self._parse()
        except (ValidationError, json.JSONDecodeError, UnicodeDecodeError):
            aside = set_aside(self._path, self._now())
            log.warning("%s could not be read: it was set aside as %s and begins anew.", self._path.name, aside.name)
            return _State()

    def _parse(self) -> _State:
        try:
            return _State.model_validate(json.loads(self._path.read_bytes()))
        except FileNotFoundError:
            return _State()
        except OSError as error:
            raise could_not("read", self._path, error) from error


def _with_client_id(state: _State) -> _State:
    return state if state.client_id else state.model_copy(update={"client_id": str(uuid.uuid4())})


def _with_notice(state: _State, text: str) -> _State:
    if any(notice.text == text for notice in state.notices):
        return state
    return state.model_copy(update={"notices": (*state.notices, _Notice(text=text))[-_KEPT_NOTICES:]})


def _with_seen(state: _State, texts: frozenset[str]) -> _State:
    seen = tuple(
        notice.model_copy(update={"seen": True}) if not texts or notice.text in texts else notice
        for notice in state.notices
    )
    return state.model_copy(update={"notices": seen})

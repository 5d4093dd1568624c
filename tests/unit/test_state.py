from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest

from plexgap.store.state import StateStore

NOW = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "state.json"


def store_at(path: Path, now: datetime = NOW) -> StateStore:
    return StateStore(path, lambda: now)


def test_the_client_id_is_made_once_and_stays(path: Path) -> None:
    made = store_at(path).client_id
    assert uuid.UUID(made)
    assert store_at(path).client_id == made
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_notice_stays_until_it_was_seen_and_never_returns(path: Path) -> None:
    store_at(path).add_notice("One.")
    store_at(path).add_notice("Two.")
    store_at(path).add_notice("One.")
    assert store_at(path).notices == ("One.", "Two.")
    store_at(path).mark_seen("One.")
    assert store_at(path).notices == ("Two.",)
    store_at(path).add_notice("One.")
    assert store_at(path).notices == ("Two.",)
    store_at(path).mark_seen()
    assert store_at(path).notices == ()


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"notices": 3}'])
def test_a_broken_file_is_set_aside_and_made_anew(path: Path, broken: str) -> None:
    path.parent.mkdir()
    path.write_text(broken, encoding="utf-8")
    assert store_at(path).notices == ()
    assert uuid.UUID(store_at(path).client_id)
    assert path.with_name("state.json.broken-20261121T233000").read_text(encoding="utf-8") == broken


def test_unknown_fields_are_kept_on_rewrite(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"version": 1, "later": {"a": 1}, "notices": [{"text": "One.", "tone": "calm"}]}', "utf-8")
    store_at(path).mark_seen("One.")
    written = json.loads(path.read_text(encoding="utf-8"))
    assert written["later"] == {"a": 1}
    assert written["notices"] == [{"text": "One.", "seen": True, "tone": "calm"}]

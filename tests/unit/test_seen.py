"""The memory of what was missing when the person last looked."""

from __future__ import annotations

import stat
from datetime import date
from pathlib import Path

import pytest

from plexgap.store.seen import SeenStore
from tests.support import NOW

FRIDAY, SATURDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 23)
ONE, TWO, THREE = {"tmdb-1": ("S01E01",)}, {"tmdb-1": ("S01E01", "S01E02")}, {"tmdb-2": ("S01E01",)}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "seen.json"


def store(path: Path) -> SeenStore:
    return SeenStore(path, lambda: NOW)


def test_what_was_missing_on_an_earlier_day_stays_what_is_compared_with_all_day(path: Path) -> None:
    assert store(path).look(FRIDAY, ONE) is None
    assert store(path).look(FRIDAY, TWO) is None
    assert store(path).look(SATURDAY, THREE) == TWO, "as it was last seen on Friday"
    assert store(path).look(SATURDAY, ONE) == TWO
    assert store(path).look(MONDAY, TWO) == ONE


def test_one_store_sees_what_another_one_kept(path: Path) -> None:
    first, second = store(path), store(path)
    first.look(FRIDAY, ONE)
    second.look(SATURDAY, TWO)
    assert first.look(SATURDAY, TWO) == ONE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_nothing_is_written_where_nothing_moved(path: Path) -> None:
    made = store(path)
    made.look(FRIDAY, ONE)
    before = path.stat().st_mtime_ns
    made.look(FRIDAY, ONE)
    assert path.stat().st_mtime_ns == before


@pytest.mark.parametrize("broken", ["", "{", '{"missing": 3}'])
def test_a_broken_file_is_set_aside_and_begun_anew(path: Path, broken: str) -> None:
    path.parent.mkdir()
    path.write_text(broken, encoding="utf-8")
    assert store(path).look(FRIDAY, ONE) is None
    assert store(path).look(SATURDAY, TWO) == ONE
    assert len(list(path.parent.glob("seen.json.broken-*"))) == 1

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from plexgap.domain.errors import StoreError
from plexgap.store.locks import only_writer
from plexgap.store.logs import end_logging, start_logging

SECRET = "s3cret/+ token"
log = logging.getLogger("plexgap.tests")


@pytest.fixture(autouse=True)
def _quiet_again() -> Iterator[None]:
    yield
    end_logging()


def test_no_secret_reaches_the_log_not_even_in_a_traceback_or_an_address(tmp_path: Path) -> None:
    path = tmp_path / "data" / "plexgap.log"
    start_logging(path, logging.INFO, [SECRET, ""])
    try:
        raise ValueError(f"key {SECRET} refused")
    except ValueError:
        log.exception("asked /tv?api_key=%s and /tv?api_key=%s", "s3cret%2F%2B%20token", "s3cret%2F%2B+token")
    text = path.read_text(encoding="utf-8")
    assert "s3cret" not in text
    assert "key *** refused" in text
    assert text.count("api_key=***") == 2


def test_the_log_and_its_rotated_copies_are_private(tmp_path: Path) -> None:
    path = tmp_path / "plexgap.log"
    start_logging(path, logging.INFO)
    for _ in range(11):
        log.info("x" * 100_000)
    assert [p.name for p in sorted(tmp_path.iterdir())] == ["plexgap.log", "plexgap.log.1"]
    assert {p.stat().st_mode & 0o777 for p in tmp_path.iterdir()} == {0o600}


def test_a_later_call_takes_the_place_of_the_earlier_one(tmp_path: Path) -> None:
    start_logging(tmp_path / "one.log", logging.INFO)
    start_logging(tmp_path / "two.log", logging.INFO)
    log.info("hello")
    assert (tmp_path / "one.log").read_text(encoding="utf-8") == ""
    assert "hello" in (tmp_path / "two.log").read_text(encoding="utf-8")


def test_a_log_that_cannot_be_written_is_said_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file", encoding="utf-8")
    heard = io.StringIO()
    start_logging(tmp_path / "data" / "plexgap.log", logging.INFO, beside=[logging.StreamHandler(heard)])
    log.warning("still here")
    assert "can't be written" in heard.getvalue()
    assert "still here" in heard.getvalue()


def test_a_lock_that_stays_taken_is_an_error_and_free_again_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    passed = iter(range(100))
    waiting = only_writer(path, wait_s=3, clock=lambda: float(next(passed)), sleep=lambda seconds: None)
    with only_writer(path), pytest.raises(StoreError) as held, waiting:
        pass
    assert "try again" in held.value.advice
    with only_writer(path, wait_s=0):
        pass

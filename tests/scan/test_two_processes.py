"""One home, two processes: a scan at work keeps nobody waiting but another scan."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from plexgap import config, wiring
from plexgap.domain import events
from plexgap.domain.errors import ScanRunning
from plexgap.domain.events import RunDone, RunStatus
from plexgap.jobs import choices
from plexgap.jobs.scan import Mode, ScanPlan
from tests.scan.conftest import Installation

# Holds what a scan holds, and writes pages: one that is never done, or one after another with a checkpoint behind each.
SCAN = """
import sys, threading
from pathlib import Path
from plexgap.store.database import Database
from plexgap.store.locks import scan_lock

lock, database, how = Path(sys.argv[1]), Database(Path(sys.argv[2])), sys.argv[3]
ended, written = threading.Event(), 0
threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
page = "UPDATE item SET duration_ms = coalesce(duration_ms, 0) + 1 WHERE rowid IN (SELECT rowid FROM item LIMIT 1000)"
with scan_lock(lock, "the schedule"):
    while not (written and ended.is_set()):
        with database.writing() as connection:
            connection.execute(page)
            written += 1
            if written == 1:
                print("at it", flush=True)
            if how == "endless":
                ended.wait()
        with database.reading() as connection:
            connection.execute("COMMIT")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("BEGIN")
    print(written, flush=True)
"""
# What a person notices as waiting; a machine with two busy cores is given more.
AT_ONCE_S = 3.0


@contextmanager
def scanning(installation: Installation, how: str) -> Iterator[list[int]]:
    """Another process that scans the same home; how many pages it wrote, once it has ended."""
    house, written = installation.house, list[int]()
    process = subprocess.Popen(
        [sys.executable, "-c", SCAN, str(house.scan_lock), str(house.paths.library_db), how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "at it\n"
        yield written
        process.stdin.close()
        written.append(int(process.stdout.readline()))
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def read(one: Installation) -> None:
    assert one.report.shows
    assert one.house.index.runs(10)


def ignore(one: Installation) -> None:
    kept = choices.ignore(one.house.decisions, one.report.shows[0], now=one.clock())
    assert kept in one.house.decisions.load().ignores
    assert choices.unignore(one.house.decisions, kept.key) == kept


def set_up(one: Installation) -> None:
    assert config.save(one.house.loaded, {"workers": 7}).settings.workers == 7


def start_again(one: Installation) -> None:
    one.open()
    assert one.report.shows


@pytest.mark.parametrize("act", [read, ignore, set_up, start_again])
def test_reading_deciding_and_setting_never_wait_for_a_scan_though_it_never_ends_its_page(
    act: Callable[[Installation], None], checked: Installation
) -> None:
    with scanning(checked, "endless"):
        begun = time.monotonic()
        act(checked)
        assert time.monotonic() - begun < AT_ONCE_S


def test_a_second_look_at_one_show_waits_for_no_scan_but_for_the_page_that_is_being_written(
    checked: Installation,
) -> None:
    with scanning(checked, "pages") as written:
        for show in checked.report.shows[:5]:
            begun = time.monotonic()
            assert wiring.run_rescan(checked.house, show, threading.Event()).title == show.title
            assert time.monotonic() - begun < AT_ONCE_S
    assert written[0] > 5


def test_a_reader_never_fails_while_another_process_writes_and_checkpoints(checked: Installation) -> None:
    with scanning(checked, "pages") as written:
        for _ in range(10):
            read(checked)
    assert written[0] > 10


def test_a_second_scan_waits_and_says_for_whom_then_gives_up(checked: Installation) -> None:
    with scanning(checked, "endless"):
        told = wiring.run_scan(checked.house, ScanPlan(by="a test"), threading.Event(), wait_s=1)
        first = next(told)
        assert isinstance(first, events.Warning)
        assert (first.what, first.title) == ("run", "")
        assert first.reason.startswith("Another check runs since ")
        assert first.reason.endswith(" UTC, started by the schedule; waiting up to 1 s.")
        with pytest.raises(ScanRunning) as raised:
            next(told)
    assert (raised.value.by, raised.value.since is not None) == ("the schedule", True)


def test_a_second_scan_begins_when_the_first_one_ends_in_time(checked: Installation) -> None:
    told = wiring.run_scan(checked.house, ScanPlan(Mode.INCREMENTAL, by="a test"), threading.Event(), wait_s=30)
    with scanning(checked, "endless"):
        assert isinstance(next(told), events.Warning)
    *_, last = told
    assert isinstance(last, RunDone)
    assert last.status is RunStatus.OK


def test_a_second_scan_that_waits_is_stopped_at_once(checked: Installation) -> None:
    stop = threading.Event()
    with scanning(checked, "endless"):
        told = wiring.run_scan(checked.house, ScanPlan(by="a test"), stop)
        next(told)
        begun = time.monotonic()
        stop.set()
        assert list(told) == []
        assert time.monotonic() - begun < 1

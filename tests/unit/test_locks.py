"""One scan at a time: among threads, among processes, and free again when one dies."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from plexgap.domain.errors import ScanRunning, StoreError
from plexgap.store.locks import scan_lock
from tests.scripted import FakeTime
from tests.support import NOW

HOLD = """
import sys
from pathlib import Path
from plexgap.store.locks import scan_lock
with scan_lock(Path(sys.argv[1]), "the schedule"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_scan_is_told_who_is_at_it_and_since_when(tmp_path: Path) -> None:
    path = tmp_path / "data" / "scan.lock"
    with scan_lock(path, "the dashboard", now=lambda: NOW):
        with pytest.raises(ScanRunning) as raised, scan_lock(path, "the command line"):
            pytest.fail("two scans at once")
        assert (raised.value.by, raised.value.since) == ("the dashboard", NOW)
    assert path.read_bytes() == b""
    with scan_lock(path, "the command line"):
        pass


def test_it_is_free_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), scan_lock(tmp_path / "scan.lock", ""):
        _ = 1 / 0
    with scan_lock(tmp_path / "scan.lock", ""):
        pass


def test_it_waits_as_long_as_it_is_told_to(tmp_path: Path) -> None:
    path, time = tmp_path / "scan.lock", FakeTime()

    def sleep(seconds: float) -> None:
        time.wait(seconds)

    with scan_lock(path, ""), pytest.raises(ScanRunning):
        scan_lock(path, "", wait_s=10, clock=time.clock, sleep=sleep).__enter__()
    assert 9.9 <= sum(time.waits) <= 10.2


def test_it_goes_on_when_the_other_one_ends_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "scan.lock"
    first = scan_lock(path, "")
    first.__enter__()

    def end_of_the_first(_: float) -> None:
        first.__exit__(None, None, None)

    with scan_lock(path, "", wait_s=10, sleep=end_of_the_first):
        pass


def test_another_process_holds_it_and_its_death_frees_it(tmp_path: Path) -> None:
    path = tmp_path / "scan.lock"
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(ScanRunning) as raised, scan_lock(path, ""):
            pytest.fail("two scans at once")
        assert raised.value.by == "the schedule"
        other.kill()
        other.wait()
        with scan_lock(path, "", wait_s=5):
            pass


def test_an_unreadable_signature_still_says_that_one_runs(tmp_path: Path) -> None:
    path = tmp_path / "scan.lock"
    with scan_lock(path, "the dashboard"):
        path.write_text('{"since": 5', encoding="utf-8")
        with pytest.raises(ScanRunning) as raised, scan_lock(path, ""):
            pytest.fail("two scans at once")
    assert raised.value.since is None


def test_a_place_that_cant_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreError), scan_lock(tmp_path / "file" / "scan.lock", ""):
        pytest.fail("no lock")

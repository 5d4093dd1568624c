"""What does a second look cost, and how does it grow with the library?

    .venv/bin/python -m tests.benchmarks.incremental [--episodes 17000 100000] [--latency 0 20] [--workers 8]

Each figure is a command of its own over a home folder that was scanned once: a full scan into an empty home, an
incremental one with nothing changed, one with one show changed, one that is due to read all of Plex again, and the
list of gaps, which is what the app waits for when it starts. No rate limit.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.bed import Bed, Ran, command, demo, say, scan

_REPORT = "--report-of"
_A_DAY_S = 90_000
_MOST_MB = 300


@dataclass(frozen=True, slots=True)
class Figure:
    """One command: its own seconds, those of the scan within it, and what it asked and wrote."""

    name: str
    ran: Ran
    seconds: float | None = None
    requests: tuple[int, int, int] | None = None
    written: int | None = None


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("--episodes", type=int, nargs="+", default=[17_000, 100_000])
    wanted.add_argument("--latency", type=int, nargs="+", default=[0, 20], help="Milliseconds a request.")
    wanted.add_argument("--workers", type=int, default=8)
    wanted.add_argument(_REPORT, type=Path, help=argparse.SUPPRESS)
    given = wanted.parse_args()
    if given.report_of is not None:
        _open_and_report(given.report_of)
        return
    measured: dict[tuple[int, int], list[Figure]] = {}
    for episodes in given.episodes:
        with demo(episodes) as bed:
            for latency in given.latency:
                with tempfile.TemporaryDirectory() as folder:
                    figures = measured[episodes, latency] = _measured(bed, Path(folder), latency, given.workers)
                _table(figures, f"{episodes:,} eps, {latency} ms")
    _growth(measured, given.episodes, given.latency)


def _measured(bed: Bed, home: Path, latency_ms: int, workers: int) -> list[Figure]:
    bed.set_latency({"plex": 0.0, "tmdb": 0.0})
    # The demo puts its answers together the first time that they are asked for: that is not measured.
    scan(bed, home / "first", "full", workers)
    bed.set_latency(dict.fromkeys(("plex", "tmdb"), latency_ms / 1000))
    here = home / "home"
    figures = [_scan(bed, here, "full", workers, "full")]
    figures.append(_scan(bed, here, "incremental", workers, "nothing changed"))
    figures.append(_scan(bed, here, "incremental", workers, "nothing changed, again"))
    row = bed.plex("/library/sections/2/all?type=2&X-Plex-Container-Start=40&X-Plex-Container-Size=1")["Metadata"][0]
    leaf = bed.plex(f"/library/metadata/{row['ratingKey']}/allLeaves")["Metadata"][1]
    number = {"season": leaf["parentIndex"], "episode": leaf["index"]}
    bed.change(kind="remove_episode", title=row["title"], year=row["year"], **number)
    figures.append(_scan(bed, here, "incremental", workers, "one show changed"))
    _make_old(here)
    figures.append(_scan(bed, here, "incremental", workers, "deep pass"))
    figures.append(Figure("list of gaps", command(bed, here, "plexgap", "gaps", "--only", "shows", "-q")))
    figures.append(Figure("report", command(bed, here, "tests.benchmarks.incremental", _REPORT, str(here))))
    return figures


def _scan(bed: Bed, home: Path, mode: str, workers: int, name: str) -> Figure:
    ran, _ = scan(bed, home, mode, workers)
    with closing(sqlite3.connect(home / "library.db")) as connection:
        (kept,) = connection.execute("SELECT stats FROM run ORDER BY run_id DESC LIMIT 1").fetchone()
    stats: dict[str, Any] = json.loads(kept)
    asked: dict[str, int] = stats["requests"]
    return Figure(name, ran, stats["seconds"], (asked["plex"], asked["tmdb"], asked["tvdb"]), stats["rows_written"])


def _make_old(home: Path) -> None:
    """As if all of Plex had been read a day ago."""
    with closing(sqlite3.connect(home / "library.db")) as connection, connection:
        connection.execute("UPDATE section SET deep_at = deep_at - ?", (_A_DAY_S,))


def _open_and_report(home: Path) -> None:
    """Opens the house and makes the report, as the app does when it starts; says how long each took."""
    from plexgap import config, wiring
    from plexgap.domain.library import Kind

    began = time.perf_counter()
    house = wiring.open_house(config.load(home, env={}, config_path=home / "config.json", home=home))
    opened = time.perf_counter()
    report = wiring.report(house, only=Kind.SHOW)
    made = time.perf_counter()
    again = wiring.report(house, only=Kind.SHOW)
    ended = time.perf_counter()
    assert report.tally == again.tally
    house.close()
    said = f"open {opened - began:.2f} s, report {made - opened:.2f} s, again {ended - made:.2f} s"
    say(f"{said}; {report.tally.shows:,} shows, {report.tally.missing_archived:,} missing")


def _table(figures: Sequence[Figure], title: str) -> None:
    say(f"{title:24}{'command s':>10}{'cpu s':>8}{'scan s':>8}{'plex':>7}{'tmdb':>7}{'tvdb':>7}{'written':>9}{'MB':>6}")
    for one in figures:
        scan_s = f"{one.seconds:8.2f}" if one.seconds is not None else f"{'':8}"
        asked = "".join(f"{count:7,}" for count in one.requests) if one.requests else " " * 21
        written = f"{one.written:9,}" if one.written is not None else f"{'':9}"
        say(f"{one.name:24}{one.ran.wall_s:10.2f}{one.ran.cpu_s:8.2f}{scan_s}{asked}{written}{one.ran.peak_mb:6.0f}")
    say(f"{'':24}{figures[-1].ran.output.strip()}")


def _growth(measured: dict[tuple[int, int], list[Figure]], sizes: Sequence[int], latencies: Sequence[int]) -> None:
    """The largest library beside the smallest, and the memory that none may need."""
    least, most = min(sizes), max(sizes)
    for latency in latencies if least != most else ():
        say(f"\n{most:,} episodes beside {least:,}, {latency} ms a request: {most / least:.1f} times as many")
        for small, large in zip(measured[least, latency], measured[most, latency], strict=True):
            one, other = small.seconds or small.ran.wall_s, large.seconds or large.ran.wall_s
            busy = large.ran.cpu_s / small.ran.cpu_s
            grown = f"{other / one:10.1f} times the seconds, {busy:.1f} times the processor's"
            say(f"{small.name:24}{grown}{large.ran.peak_mb:8.0f} MB")
    above = [one.name for figures in measured.values() for one in figures if one.ran.peak_mb > _MOST_MB]
    say(f"\nMemory: {'at most' if not above else 'MORE THAN'} {_MOST_MB} MB{': ' if above else '.'}{', '.join(above)}")
    sys.exit(1 if above else 0)


if __name__ == "__main__":
    main()

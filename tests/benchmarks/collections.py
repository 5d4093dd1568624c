"""How much longer than its requests does a first look at films take, and how long does a page wait for 15,000?

    .venv/bin/python -m tests.benchmarks.collections [--films 2000] [--many 15000] [--runs 3] [--workers 8]

First a library of 2,000 films, 20 ms a Plex request, 50 ms a TMDB request, no rate limit: each run is a full scan of
films into an empty home, its requests sent once more with nothing else done (the floor), and an incremental scan that
asks nothing. Then one of 15,000 films, without latency: scanned once; a process of its own opens it and asks for the
report again and again, as a page does whenever something moved.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.benchmarks import floor
from tests.benchmarks.bed import LATENCY_S, ROOT, demo, say, scan, spread

_REPORT = "--report-of"


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("--films", type=int, default=2_000)
    wanted.add_argument("--many", type=int, default=15_000)
    wanted.add_argument("--runs", type=int, default=3)
    wanted.add_argument("--workers", type=int, default=8)
    wanted.add_argument(_REPORT, type=Path, help=argparse.SUPPRESS)
    given = wanted.parse_args()
    if given.report_of is not None:
        _measure(given.report_of, given.runs)
        return
    _first_scans(given.films, given.runs, given.workers)
    say()
    _many(given.many, given.runs)


def _first_scans(films: int, runs: int, workers: int) -> None:
    with demo(1, films=films) as bed, tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        scan(bed, home / "first", "full", workers, "movies")  # the demo puts its answers together
        scans, floors, computed, seconds_again = [], [], [], []
        for number in range(runs):
            bed.forget()
            ran, stats = scan(bed, home / str(number), "full", workers, "movies")
            asked = floor.asked_of(bed, floor.FILMS)
            bed.forget()
            _, stats_again = scan(bed, home / str(number), "incremental", workers, "movies")
            if stats_again["requests"]["tmdb"]:
                raise SystemExit(f"The second scan asked TMDB {stats_again['requests']['tmdb']} times.")
            scans.append(stats["seconds"])
            floors.append(floor.replayed(asked, workers))
            computed.append(floor.computed(asked, workers))
            seconds_again.append(stats_again["seconds"])
            say(f"run {number + 1}: scan {scans[-1]:.2f} s, floor {floors[-1]:.2f} s, {ran.peak_mb:.0f} MB")
        plex, tmdb = asked.by_service
        say(f"\n{stats['movies_held']:,} films; {plex} requests to Plex, {tmdb} to TMDB, {workers} workers")
        say(f"{'':40}  median      min      max")
        say(f"{'first scan (s)':40}{spread(scans)}")
        say(f"{'floor, replayed (s)':40}{spread(floors)}")
        say(
            f"{'scan / its replayed floor':40}{spread([one / other for one, other in zip(scans, floors, strict=True)])}"
        )
        say(f"{'floor, computed (s)':40}{computed[-1]:8.2f}")
        say(f"{'scan / computed floor':40}{median(scans) / computed[-1]:8.2f}")
        say(f"{'second scan (s)':40}{spread(seconds_again)}")


def _many(films: int, runs: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with demo(1, films=films) as bed:
            bed.set_latency(dict.fromkeys(LATENCY_S, 0.0))
            ran, stats = scan(bed, home, "full", 8, "movies")
            say(f"{films:,} films: first scan {stats['seconds']:.1f} s without latency, {ran.peak_mb:.0f} MB")
            ran, stats = scan(bed, home, "incremental", 8, "movies")
            say(f"{'':8}second scan {stats['seconds']:.1f} s, {ran.peak_mb:.0f} MB")
        command = [sys.executable, "-m", "tests.benchmarks.collections", _REPORT, str(home), "--runs", str(runs)]
        subprocess.run(command, cwd=ROOT, check=True)


def _measure(home: Path, runs: int) -> None:
    from plexgap import config, wiring

    house = wiring.open_house(config.load(ROOT, env={}, config_path=home / "config.json", home=home))
    took = []
    for _ in range(runs + 1):
        began = time.perf_counter()
        report = wiring.report(house)
        took.append(time.perf_counter() - began)
    tally = report.films.tally
    lines = sum(len(one.lines) for one in report.collections)
    say(f"{tally.films:,} films, {tally.collections:,} collections with {lines:,} films, {tally.missing:,} missing")
    say(f"{'':40}  median      min      max")
    say(f"{'report, the first time (s)':40}{took[0]:8.2f}")
    say(f"{'report, again (s)':40}{spread(took[1:])}")
    unit = 1_000_000 if sys.platform == "darwin" else 1_000
    say(f"{'peak memory (MB)':40}{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit:8.0f}")
    house.close()


if __name__ == "__main__":
    main()

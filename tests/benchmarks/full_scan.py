"""How much longer than its requests does a full scan take, and how much memory? 300 shows and 17,000 episodes, 20 ms a
Plex request, 50 ms a TMDB request, no rate limit:

    .venv/bin/python -m tests.benchmarks.full_scan [--episodes 100000] [--runs 5] [--workers 8]

Each run is a full scan into an empty home, its requests sent once more with nothing else done (the floor), and a
second, incremental scan of the unchanged library. Servers, scans and floor share the machine's processors. "Command" is
the whole process, from starting Python to the printed JSON; "scan" is what the run's own record says.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.benchmarks import floor
from tests.benchmarks.bed import LATENCY_S, Bed, Ran, demo, say, scan, spread


@dataclass(frozen=True, slots=True)
class _Run:
    """One full scan, its floor, and the incremental scan after it; seconds."""

    full: Ran
    scan_s: float
    floor_s: float
    again: Ran
    again_scan_s: float


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("--episodes", type=int, default=17_000)
    wanted.add_argument("--runs", type=int, default=5)
    wanted.add_argument("--workers", type=int, default=8)
    given = wanted.parse_args()
    with demo(given.episodes) as bed, tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        # The first scan makes the demo put its answers together, which costs more than giving them.
        _, stats = scan(bed, home / "first", "full", given.workers)
        held, latency = f"{stats['episodes_held']:,} episodes, {stats['shows']:,} shows", LATENCY_S
        say(f"{held}; {latency['plex'] * 1000:.0f} ms a Plex request, {latency['tmdb'] * 1000:.0f} ms a TMDB request")
        runs = []
        for number in range(given.runs):
            asked, run = _run(bed, home / str(number), given.workers)
            runs.append(run)
            say(f"run {number + 1}: scan {run.scan_s:.2f} s, floor {run.floor_s:.2f} s")
    _report(runs, asked, given.workers)


def _run(bed: Bed, home: Path, workers: int) -> tuple[floor.Asked, _Run]:
    bed.forget()
    full, stats = scan(bed, home, "full", workers)
    asked = floor.asked_of(bed)
    floor_s = floor.replayed(asked, workers)
    again, stats_again = scan(bed, home, "incremental", workers)
    return asked, _Run(full, stats["seconds"], floor_s, again, stats_again["seconds"])


def _report(runs: list[_Run], asked: floor.Asked, workers: int) -> None:
    plex, tmdb = asked.by_service
    say(f"\n{plex} requests to Plex, {tmdb} to TMDB, {workers} workers; {len(runs)} runs")
    say(f"{'':40}  median      min      max")
    for name, values in (
        ("full scan, command (s)", [run.full.wall_s for run in runs]),
        ("full scan, scan (s)", [run.scan_s for run in runs]),
        ("  processor time, command (s)", [run.full.cpu_s for run in runs]),
        ("  peak memory (MB)", [run.full.peak_mb for run in runs]),
        ("floor, replayed (s)", [run.floor_s for run in runs]),
        ("second run, command (s)", [run.again.wall_s for run in runs]),
        ("second run, scan (s)", [run.again_scan_s for run in runs]),
        ("  processor time, command (s)", [run.again.cpu_s for run in runs]),
        ("  peak memory (MB)", [run.again.peak_mb for run in runs]),
        ("scan / its replayed floor", [run.scan_s / run.floor_s for run in runs]),
        ("command / its replayed floor", [run.full.wall_s / run.floor_s for run in runs]),
    ):
        say(f"{name:40}{spread(values)}")
    computed = floor.computed(asked, workers)
    say(f"{'floor, computed (s)':40}{computed:8.2f}")
    say(f"{'scan / computed floor':40}{median(run.scan_s for run in runs) / computed:8.2f}")


if __name__ == "__main__":
    main()

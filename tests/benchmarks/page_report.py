"""How long does a page wait for its report, and how much memory does it take? Over 17,000 episodes:

    .venv/bin/python -m tests.benchmarks.page_report [--episodes 100000] [--runs 5]

One full scan fills a home folder (no latency); then this process opens it and asks for the report again and again,
as a page does whenever something moved. The first time is shown apart: it reads files that no memory holds yet.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.bed import LATENCY_S, ROOT, demo, say, scan, spread


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("--episodes", type=int, default=17_000)
    wanted.add_argument("--runs", type=int, default=5)
    given = wanted.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with demo(given.episodes) as bed:
            bed.set_latency(dict.fromkeys(LATENCY_S, 0.0))
            scan(bed, home, "full", workers=8)
        _measure(home, given.runs)


def _measure(home: Path, runs: int) -> None:
    from plexgap import config, wiring

    house = wiring.open_house(config.load(ROOT, env={}, config_path=home / "config.json", home=home))
    before = _peak_mb()
    took = []
    for _ in range(runs + 1):
        began = time.perf_counter()
        report = wiring.report(house)
        took.append(time.perf_counter() - began)
    lines = sum(len(season.lines) for show in report.shows for season in show.seasons)
    say(f"{len(report.shows):,} shows, {sum(show.held for show in report.shows):,} episodes, {lines:,} absent")
    say(f"{'':40}  median      min      max")
    say(f"{'report, the first time (s)':40}{took[0]:8.2f}")
    say(f"{'report, again (s)':40}{spread(took[1:])}")
    say(f"{'peak memory (MB)':40}{_peak_mb():8.2f}")
    say(f"{'  before the first report (MB)':40}{before:8.2f}")
    house.close()


def _peak_mb() -> float:
    unit = 1_000_000 if sys.platform == "darwin" else 1_000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


if __name__ == "__main__":
    main()

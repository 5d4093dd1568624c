"""How often is plexgap right about a show, however its files are numbered and whatever Plex knows of it?

    .venv/bin/python -m tests.simulation [--shows 60] [--seed 1] [--classes 20] [--workers 2]

Invented shows, in the shapes in which TMDB and TheTVDB really differ, times every combination of numbering, episode
ids, titles, dates, TVDB key, Plex setting and what lacks. Shares in percent: right; asked (suspect, out of the totals);
with an episode called missing that is there (false); with one not called missing that lacks (hidden).
"""

from __future__ import annotations

import argparse
import sys

from tests.simulation.measured import table
from tests.simulation.run import Wanted, dimensions, measure, wrong_shows


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--shows", type=int, default=60, help="How many shows are invented.")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--classes", type=int, default=20, help="How many classes that fail are printed.")
    asked.add_argument("--workers", type=int, default=2)
    given = asked.parse_args()
    wanted = Wanted(given.seed, given.shows, given.workers)
    measured, caught = measure(wanted), wrong_shows(wanted)
    for group in dimensions(measured):
        say("\n".join(table(measured.by_value, group)))
        say()
    say("\n".join(table(measured.aims, measured.aims)))
    say()
    say("\n".join(caught.lines()))
    worst = measured.worst(given.classes)
    if worst:
        say(f"\nClasses with false or hidden gaps, worst first ({len(worst)} shown):")
        say("\n".join(table(dict(worst), dict(worst))))
    missed = [*measured.missed, *caught.missed]
    say("\n" + ("\n".join(missed) or "All aims are reached."))
    return 1 if missed else 0


def say(text: str = "") -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

"""Does an incremental scan ever say something else than a fresh home would after a full one?

    .venv/bin/python -m tests.histories [--histories 200] [--seed 1] [--workers 2] [--shorten]

Random histories of a small invented library: adds, removals, swaps, replaced files, rematches, moves between
libraries, restores, watching, changes at the catalogues, with scans in between that end, are stopped or fail. At the
end of each an incremental scan is compared with the full scan of a fresh home.
"""

from __future__ import annotations

import argparse
import logging
import sys
from concurrent.futures import ProcessPoolExecutor

from tests.histories.run import drawn, lived, report, shortened


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--histories", type=int, default=200)
    asked.add_argument("--seed", type=int, default=1, help="The first seed; the others follow it.")
    asked.add_argument("--workers", type=int, default=2)
    asked.add_argument("--shorten", action="store_true", help="Leave out steps that a failure doesn't need.")
    given = asked.parse_args()
    seeds = range(given.seed, given.seed + given.histories)
    failed = 0
    with ProcessPoolExecutor(given.workers, initializer=_quiet) as pool:
        futures = [pool.submit(_wrong, seed, given.shorten) for seed in seeds]
        for seed, future in zip(seeds, futures, strict=True):
            broke = future.exception()
            if said := f"seed {seed} broke: {broke!r}" if broke is not None else future.result():
                failed += 1
                say(said)
            elif not (seed - given.seed + 1) % 20:
                say(f"{seed - given.seed + 1} histories")
    say(f"{given.histories} histories, {failed} of them wrong")
    return 1 if failed else 0


def _wrong(seed: int, shorten: bool) -> str:
    """What is wrong with the history of a seed, "" for nothing."""
    history = drawn(seed)
    ended = lived(history)
    if not ended.wrong:
        return ""
    return report(*shortened(history)) if shorten else report(history, ended)


def _quiet() -> None:
    logging.disable(logging.CRITICAL)


def say(text: str = "") -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

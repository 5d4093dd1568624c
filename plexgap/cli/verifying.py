"""`demo --verify`: invented worlds served, scanned by this program, and compared with what they state.

Changes when the result of it is drawn otherwise.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plexgap.demo.verify import Score, Verified

_HEADINGS = ("tag", "titles", "missing", "precision", "recall", "states", "precision", "recall")
_MOST_TOLD = 200


def verify(seeds: Sequence[int], episodes: int, say: Callable[[str], None]) -> Verified:
    """Every world after the other, each scanned in full into a folder of its own that is deleted at the end. `say`
    hears a sentence about each. Raises PlexgapError when a scan can't be made at all."""
    from plexgap.demo.verify import Verified
    from plexgap.store.logs import end_logging, start_logging

    whole = Verified()
    with tempfile.TemporaryDirectory(prefix="plexgap-verify-") as folder:
        start_logging(Path(folder) / "plexgap.log")
        try:
            for seed in seeds:
                one = _verify_one(seed, episodes, Path(folder) / str(seed))
                what = "exact" if one.exact else f"{len(one.differences)} differences"
                say(f"Seed {seed}: {one.tags['total'].titles} titles, {what}.")
                whole.merge(one)
        finally:
            end_logging()
    return whole


def _verify_one(seed: int, episodes: int, home: Path) -> Verified:
    from plexgap import config, wiring
    from plexgap.demo.servers import DemoServers
    from plexgap.demo.verify import verified
    from plexgap.demo.verify_films import verified_films
    from plexgap.demo.world import make_world
    from plexgap.jobs.scan import Mode, ScanPlan

    world = make_world(seed, episodes)
    with DemoServers(world) as servers:
        no_limit: dict[str, object] = {"requests_per_second": 0}
        loaded = config.load(home, env=servers.exports(), home=home, overrides=no_limit)
        house = wiring.open_house(loaded, now=lambda: world.made_at)
        try:
            for _ in wiring.run_scan(house, ScanPlan(mode=Mode.FULL, by="demo --verify"), threading.Event()):
                pass
            report = wiring.report(house)
            found = verified(seed, world.truths, report)
            found.merge(verified_films(seed, world.collection_truths, world.films_to_map, report.films))
            return found
        finally:
            house.close()


def as_text(found: Verified) -> Iterator[str]:
    """One table line a tag, all titles last, then what differs."""
    rows = [_HEADINGS, *(_row(tag, found) for tag in _tags(found))]
    widths = [max(len(row[place]) for row in rows) for place in range(len(_HEADINGS))]
    for row in rows:
        cells = [cell.rjust(width) for cell, width in zip(row, widths, strict=True)]
        yield "  ".join((row[0].ljust(widths[0]), *cells[1:]))
    yield ""
    if found.exact:
        yield "Exact in every world."
        return
    yield f"{len(found.differences)} differences:"
    for one in found.differences[:_MOST_TOLD]:
        yield f"  seed {one.seed}, {one.title} ({' '.join(one.tags)}): {one.what}: {one.told}; stated: {one.stated}"
    if len(found.differences) > _MOST_TOLD:
        yield f"  and {len(found.differences) - _MOST_TOLD} more"


def as_json(found: Verified) -> dict[str, object]:
    return {
        "version": 1,
        "exact": found.exact,
        "seeds": found.seeds,
        "tags": [
            {
                "tag": tag,
                "titles": found.tags[tag].titles,
                "missing": _score(found.tags[tag].missing),
                "states": _score(found.tags[tag].states),
            }
            for tag in _tags(found)
        ],
        "differences": [
            {
                "seed": one.seed,
                "title": one.title,
                "tags": list(one.tags),
                "what": one.what,
                "told": one.told,
                "stated": one.stated,
            }
            for one in found.differences
        ],
    }


def _tags(found: Verified) -> list[str]:
    """In alphabetical order, the total last."""
    return sorted(found.tags, key=lambda tag: (tag == "total", tag))


def _row(tag: str, found: Verified) -> tuple[str, ...]:
    score = found.tags[tag]
    return (
        tag,
        str(score.titles),
        str(score.missing.stated),
        f"{score.missing.precision:.3f}",
        f"{score.missing.recall:.3f}",
        str(score.states.stated),
        f"{score.states.precision:.3f}",
        f"{score.states.recall:.3f}",
    )


def _score(score: Score) -> dict[str, object]:
    return {
        "stated": score.stated,
        "told": score.told,
        "right": score.right,
        "precision": score.precision,
        "recall": score.recall,
    }

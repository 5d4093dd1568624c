"""One installation through its history: a small world, its servers, a clock that only the history moves, and a dice.

Changes when a history needs another surrounding.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from plexgap.demo.changes import Changes
from plexgap.demo.library import EpisodeAt, FilmEntry, ShowEntry
from plexgap.demo.servers import DemoServers
from plexgap.demo.world import CASES, World, make_world
from plexgap.domain.events import RunDone, RunStatus
from plexgap.jobs.scan import Mode
from tests.scan.conftest import Clock, Installation

_SHOWS = 16


@dataclass
class Life:
    """What a step may touch. `dice`: those of the step that is at it; `told`: what has happened so far, in words."""

    here: Installation
    dice: random.Random = field(default_factory=random.Random)
    told: list[str] = field(default_factory=list)

    @property
    def world(self) -> World:
        return self.here.demo.world

    @property
    def change(self) -> Changes:
        return self.here.demo.change

    def tell(self, what: str) -> None:
        self.told.append(what)

    def shows(self) -> list[ShowEntry]:
        """The show items in Plex."""
        return [entry for section in self.world.library.sections for entry in section.entries]

    def films(self) -> list[FilmEntry]:
        return [film for section in self.world.library.sections for film in section.films]

    def a_show(self) -> ShowEntry:
        """One with episodes."""
        return self.dice.choice([entry for entry in self.shows() if entry.runs])

    def an_episode(self, entry: ShowEntry) -> EpisodeAt:
        run = self.dice.choice(entry.runs)
        return EpisodeAt(run, self.dice.randrange(run.count))


@contextmanager
def begun(seed: int, folder: Path) -> Iterator[Life]:
    """A life after its first full scan, over some of the invented library's cases and all of its films'. The server
    was saved, to be restored later."""
    clock = Clock()
    some = random.Random(f"{seed}/cases").sample(CASES, _SHOWS)
    with DemoServers(make_world(seed=seed, episodes=1, films=1, now=clock, cases=some)) as demo:
        here = Installation(demo, clock, folder / "lived")
        try:
            here.scan()
            demo.change.keep()
            yield Life(here)
        finally:
            here.house.close()


@contextmanager
def afresh(life: Life, folder: Path) -> Iterator[Installation]:
    """Another home over the same world at the same moment, with the person's decisions, after a full scan."""
    home = folder / "fresh"
    shutil.rmtree(home, ignore_errors=True)
    (home / "data").mkdir(parents=True)
    decisions = life.here.house.paths.decisions
    if decisions.exists():
        shutil.copy(decisions, home / "data" / decisions.name)
    fresh = Installation(life.here.demo, life.here.clock, home)
    try:
        assert fresh.scan(Mode.FULL).status is not RunStatus.STOPPED
        yield fresh
    finally:
        fresh.house.close()


def caught_up(life: Life) -> RunDone:
    """The last incremental scan, after which nothing may be otherwise than if all were read anew. What Plex lost at
    once the person lets go."""
    life.here.demo.reset()
    done = life.here.scan(Mode.INCREMENTAL)
    return life.here.scan(Mode.INCREMENTAL, accept_removals=True) if life.here.report.held_back else done

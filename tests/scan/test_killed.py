"""A scan that is killed: what was read stays true, the next one goes on, and nothing that the person said is touched.

Each scan is a process of its own, killed (SIGKILL) when the demo has answered so many requests, or the index holds so
many rows: moments drawn from a seed.
"""

from __future__ import annotations

import contextlib
import random
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from plexgap import config, wiring
from plexgap.demo.servers import DemoServers
from plexgap.demo.world import CASES, make_world
from plexgap.jobs import choices
from plexgap.views.report import Report
from tests.cli.running import Cli
from tests.cli.test_process import PLEXGAP, ROOT
from tests.histories.seen import differences, seen
from tests.support import unlimited

_KILLS = 5
_LATENCY_S = 0.005
_WITHIN_S = 60.0
_ANSWERED_WITHIN_S, _LOOK_S = 0.05, 0.004

Moment = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Home:
    """A home folder without a limit, whose scans are processes. The invented Plex is one for all of them."""

    demo: DemoServers
    folder: Path

    @property
    def cli(self) -> Cli:
        return Cli.at(self.folder, self.demo.exports())

    @property
    def library(self) -> Path:
        return self.folder / "data" / "library.db"

    @property
    def decisions(self) -> Path:
        return self.folder / "data" / "decisions.json"

    def scan(self, *arguments: str) -> subprocess.Popen[str]:
        command = [*PLEXGAP, "scan", "-q", *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=self.cli.process_env, cwd=ROOT)

    def scanned(self, *arguments: str) -> None:
        """A scan to its end."""
        process = self.scan(*arguments)
        out, err = process.communicate(timeout=_WITHIN_S)
        assert process.returncode in (0, 1), err
        assert "Traceback" not in out + err

    def killed(self, moment: Moment, *arguments: str) -> bool:
        """A scan that is killed at that moment; False when it ended before."""
        process = self.scan(*arguments)
        while not moment():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_LOOK_S)
                break
        process.kill()
        out, err = process.communicate(timeout=_WITHIN_S)
        assert "Traceback" not in out + err
        return process.returncode < 0

    def report(self) -> Report:
        """What stands there, read by a process that was not killed: this one."""
        loaded = config.load(self.folder, env=self.demo.exports(), home=self.folder / "data")
        house = wiring.open_house(loaded)
        try:
            return wiring.report(house)
        finally:
            house.close()

    def is_whole(self) -> bool:
        """Whether SQLite finds nothing wrong with the index."""
        with contextlib.closing(sqlite3.connect(self.library)) as connection:
            return [row for (row,) in connection.execute("PRAGMA integrity_check")] == ["ok"]


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoServers]:
    with DemoServers(make_world(episodes=1, films=1, now=wiring.clock, cases=CASES[:12])) as servers:
        yield servers


@pytest.fixture(scope="module")
def undisturbed(demo: DemoServers, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home after a whole scan, with a decision of the person's."""
    home = Home(demo, unlimited(tmp_path_factory.mktemp("undisturbed")))
    home.scanned()
    loaded = config.load(home.folder, env=demo.exports(), home=home.folder / "data")
    house = wiring.open_house(loaded)
    show = next(show for show in wiring.report(house).shows if show.missing)
    choices.ignore(house.decisions, show, season=show.missing[0].number.season, now=wiring.clock())
    house.close()
    return home


def moments(home: Home, dice: random.Random, answered: dict[str, int]) -> Iterator[Moment]:
    """Moments of a scan that would have asked each service so often: by requests, and by what is written."""

    def by_requests(service: str) -> Moment:
        knobs = home.demo.knobs[service]
        count = knobs.count + dice.randint(1, max(1, answered[service]))
        return lambda: knobs.wait_for(count, _ANSWERED_WITHIN_S)

    def by_rows(table: str, most: int) -> Moment:
        count = dice.randint(1, most)

        def come() -> bool:
            if not home.library.exists():
                return False
            with contextlib.closing(sqlite3.connect(f"file:{home.library}?mode=ro", uri=True)) as connection:
                try:
                    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) >= count
                except sqlite3.OperationalError:  # it is being made
                    return False

        return come

    while True:
        kind = dice.choice(("plex", "plex", "tmdb", "tmdb", "tvdb", "item", "title_check"))
        if kind in ("item", "title_check"):
            yield by_rows(kind, {"item": 400, "title_check": 10}[kind])
        else:
            yield by_requests(kind)


@pytest.fixture(scope="module")
def answered(undisturbed: Home) -> dict[str, int]:
    """How often a first scan asks each service."""
    last = undisturbed.report().last_run
    assert last is not None
    return dict(last.stats.requests)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_first_scan_killed_again_and_again_ends_as_one_that_was_not(
    demo: DemoServers, undisturbed: Home, answered: dict[str, int], tmp_path: Path, seed: int
) -> None:
    home = Home(demo, unlimited(tmp_path))
    home.decisions.parent.mkdir()
    shutil.copy(undisturbed.decisions, home.decisions)
    _killed_and_finished(home, undisturbed, answered, random.Random(seed), "--mode", "full")


@pytest.mark.parametrize("seed", [3, 4])
def test_a_second_scan_killed_again_and_again_ends_as_one_that_was_not(
    demo: DemoServers, undisturbed: Home, answered: dict[str, int], tmp_path: Path, seed: int
) -> None:
    home, change, dice = Home(demo, tmp_path), demo.change, random.Random(seed)
    shutil.copytree(undisturbed.folder, home.folder, dirs_exist_ok=True)
    few = {name: max(3, count // 3) for name, count in answered.items()}
    for entry in [entry for section in demo.world.library.sections for entry in section.entries if entry.runs][:9]:
        run = dice.choice(entry.runs)
        change.remove_episode(entry.title, run.season, run.first, entry.year)
    undisturbed.scanned("--mode", "full")
    _killed_and_finished(home, undisturbed, few, dice, "--mode", "incremental")


def _killed_and_finished(
    home: Home, undisturbed: Home, answered: dict[str, int], dice: random.Random, *arguments: str
) -> None:
    said = home.decisions.read_bytes()
    home.demo.knobs["plex"].set_latency(_LATENCY_S)
    home.demo.knobs["tmdb"].set_latency(_LATENCY_S)
    killed, tried = 0, moments(home, dice, answered)
    while killed < _KILLS:
        killed += home.killed(next(tried), *arguments)
        assert home.is_whole()
        home.report()
        assert home.decisions.read_bytes() == said
    home.demo.reset()
    home.scanned("--mode", "incremental")
    assert list(differences(seen(home.report()), seen(undisturbed.report()))) == []
    assert home.decisions.read_bytes() == said
    assert home.is_whole()

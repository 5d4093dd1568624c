"""Whole scans against the invented world's real servers, each installation in a folder of its own."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from plexgap import config, wiring
from plexgap.demo.servers import DemoServers
from plexgap.demo.world import DEFAULT_EPISODES, make_world
from plexgap.domain.events import Event, RunDone
from plexgap.jobs.rescan import Rescanned
from plexgap.jobs.scan import Mode, ScanPlan
from plexgap.views.report import Report, ShowReport
from tests.homes import once
from tests.support import FEW_FILMS, NOW


@dataclass
class Clock:
    """The one clock of a test: the world and the program read it."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **given: float) -> None:
        self.at += timedelta(**given)


@dataclass
class Installation:
    """A program's home with the world's servers behind it."""

    demo: DemoServers
    clock: Clock
    home: Path
    settings: dict[str, Any] = field(default_factory=dict)
    house: wiring.House = field(init=False)

    def __post_init__(self) -> None:
        self.open()

    def open(self, **settings: Any) -> None:
        """Starts the program again over the same home, with these settings changed."""
        self.settings |= settings
        env = self.demo.exports()
        overrides = {"requests_per_second": 0, **self.settings}
        loaded = config.load(self.home, env=env, home=self.home / "data", overrides=overrides)
        self.house = wiring.open_house(loaded, now=self.clock)

    def events(
        self, mode: Mode | None = Mode.FULL, stop: threading.Event | None = None, **plan: Any
    ) -> Iterator[Event]:
        return wiring.run_scan(self.house, ScanPlan(mode=mode, by="a test", **plan), stop or threading.Event())

    def scan(self, mode: Mode | None = Mode.FULL, **plan: Any) -> RunDone:
        """A whole scan; its end."""
        *_, done = self.events(mode, **plan)
        assert isinstance(done, RunDone)
        return done

    @property
    def report(self) -> Report:
        return wiring.report(self.house)

    def show(self, title: str) -> ShowReport:
        (found,) = [show for show in self.report.shows if show.title == title]
        return found

    def rescan(self, title: str) -> Rescanned:
        return wiring.run_rescan(self.house, self.show(title), threading.Event())

    def forget_requests(self) -> None:
        for knobs in self.demo.knobs.values():
            knobs.forget()

    def asked(self, service: str) -> int:
        return self.demo.knobs[service].count


Install = Callable[..., Installation]


@pytest.fixture
def install(tmp_path: Path) -> Iterator[Install]:
    """Makes an installation over a world of its own."""
    made: list[Installation] = []

    def build(
        *, seed: int = 1, episodes: int = DEFAULT_EPISODES, films: int = FEW_FILMS, **settings: Any
    ) -> Installation:
        clock = Clock()
        demo = DemoServers(make_world(seed=seed, episodes=episodes, now=clock, films=films))
        installation = Installation(demo, clock, tmp_path / str(len(made)), settings)
        made.append(installation)
        return installation

    yield build
    for installation in made:
        installation.house.close()
        installation.demo.close()


@pytest.fixture(scope="session")
def scanned_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of an installation after its first full scan of the world that `install` makes, to be copied."""

    def fill(home: Path) -> None:
        with DemoServers(make_world(now=Clock(), films=FEW_FILMS)) as demo:
            installation = Installation(demo, Clock(), home)
            installation.scan()
            installation.house.close()

    return once(tmp_path_factory, "scanned", fill)


@pytest.fixture
def checked(install: Install, scanned_home: Path, tmp_path: Path) -> Installation:
    """An installation after its first full scan, over a world of its own whose log of requests is empty."""
    shutil.copytree(scanned_home, tmp_path / "0")
    return install()

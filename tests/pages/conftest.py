"""The pages without a browser: a demo world, a home folder that was checked once, and the app run as a script."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from plexgap import wiring
from plexgap.config import ROOT, load, save
from plexgap.demo.servers import DemoServers
from plexgap.demo.world import make_world
from plexgap.jobs.runner import RUNNER
from plexgap.ui.resources import PLACES
from tests.homes import checked_once

LONG_S = 60
Open = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def own_main() -> Iterator[None]:
    """The app runs as the process's main module. Unless that is put back, processes of later tests begin with
    its script."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(scope="session")
def demo() -> Iterator[DemoServers]:
    with DemoServers(make_world(1, now=wiring.clock)) as servers:
        yield servers


@pytest.fixture(scope="session")
def checked_home(demo: DemoServers, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder after one full check. It is copied, never used."""
    return checked_once(tmp_path_factory, demo.world.made_at)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def unlimited(home: Path) -> None:
    """The home folder holds the settings that a first start writes there, but that checks are held to no limit."""
    first = load(ROOT, env={}, home=home, config_path=home / "config.json", write_defaults=True)
    save(first, {"requests_per_second": 0})


@pytest.fixture
def open_app(home: Path, demo: DemoServers, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Opens the app on the test's home folder. `set_up`: with the demo's addresses and keys in the environment."""
    demo.reset()

    def opened(*, set_up: bool = True) -> AppTest:
        monkeypatch.setenv("PLEXGAP_HOME", str(home))
        monkeypatch.setenv("PLEXGAP_CONFIG", str(home / "config.json"))
        for name, value in demo.exports().items():
            if set_up or "BASE_URL" in name:
                monkeypatch.setenv(name, value)
        PLACES.reopen()
        return AppTest.from_file(str(ROOT / "app.py"), default_timeout=LONG_S).run()

    yield opened
    RUNNER.cancel()
    assert RUNNER.wait(LONG_S)
    PLACES.go(demo=False)
    PLACES.present().thumbs.close()
    PLACES.present().house.close()


@pytest.fixture
def checked(home: Path, checked_home: Path) -> None:
    """The home folder holds the result of an earlier check."""
    shutil.copytree(checked_home, home)

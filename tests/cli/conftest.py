"""What the tests of the command line share. Changes when a command needs another surrounding."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plexgap.demo.servers import DemoServers
from plexgap.demo.world import World, make_world
from plexgap.store.logs import end_logging
from tests.cli.running import Cli
from tests.homes import once
from tests.support import FEW_FILMS, unlimited

PRINTED = "printed.json"


@pytest.fixture(autouse=True)
def _log_closed() -> Iterator[None]:
    yield
    end_logging()


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return Cli.at(tmp_path)


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(seed=1, films=FEW_FILMS)


@pytest.fixture(scope="module")
def demo(world: World) -> Iterator[DemoServers]:
    with DemoServers(world) as servers:
        yield servers


@pytest.fixture(scope="module")
def scanned(demo: DemoServers, tmp_path_factory: pytest.TempPathFactory) -> tuple[Cli, Any]:
    """A home after its first scan, and what that scan printed as JSON. The scan is made once a run."""
    made_at = demo.world.made_at

    def fill(folder: Path) -> None:
        with DemoServers(make_world(seed=1, films=FEW_FILMS, now=lambda: made_at)) as servers:
            cli = Cli.at(unlimited(folder), servers.exports())
            done = cli("scan", "--format", "json", "--home", folder / "data")
        end_logging()
        assert done.code == 1, done.err
        (folder / "config.json").unlink()
        (folder / PRINTED).write_text(done.out, encoding="utf-8")

    home = tmp_path_factory.mktemp("scanned")
    shutil.copytree(once(tmp_path_factory, f"cli-{made_at:%Y-%m-%d}", fill), home, dirs_exist_ok=True)
    made = json.loads((home / PRINTED).read_text(encoding="utf-8"))
    (home / PRINTED).unlink()
    return Cli.at(home, demo.exports()), made


@pytest.fixture
def home(scanned: tuple[Cli, Any], tmp_path: Path) -> Cli:
    """A copy of the scanned home, to be changed at will."""
    cli, _ = scanned
    shutil.copytree(cli.home, tmp_path, dirs_exist_ok=True)
    return Cli.at(tmp_path, {k: v for k, v in cli.env.items() if not k.startswith("PLEXGAP_")})

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
from tests.support import unlimited


@pytest.fixture(autouse=True)
def _log_closed() -> Iterator[None]:
    yield
    end_logging()


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return Cli.at(tmp_path)


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(seed=1)


@pytest.fixture(scope="module")
def demo(world: World) -> Iterator[DemoServers]:
    with DemoServers(world) as servers:
        yield servers


@pytest.fixture(scope="module")
def scanned(demo: DemoServers, tmp_path_factory: pytest.TempPathFactory) -> tuple[Cli, Any]:
    """A home after its first scan, and what that scan printed as JSON."""
    cli = Cli.at(tmp_path_factory.mktemp("scanned"), demo.exports())
    unlimited(cli.home)
    done = cli("scan", "--format", "json", "--home", cli.home / "data")
    assert done.code == 1, done.err
    (cli.home / "config.json").unlink()
    return cli, json.loads(done.out)


@pytest.fixture
def home(scanned: tuple[Cli, Any], tmp_path: Path) -> Cli:
    """A copy of the scanned home, to be changed at will."""
    cli, _ = scanned
    shutil.copytree(cli.home, tmp_path, dirs_exist_ok=True)
    return Cli.at(tmp_path, {k: v for k, v in cli.env.items() if not k.startswith("PLEXGAP_")})

"""Homes after a check of the invented library, filled once a run for all who begin with the same. Changes when tests
share more of them."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from plexgap import config, wiring
from plexgap.demo.servers import DemoServers
from plexgap.demo.world import DEFAULT_FILMS, make_world
from plexgap.jobs.scan import ScanPlan
from plexgap.store.locks import only_writer
from plexgap.wiring import House

_FILLED_WITHIN_S = 300.0


def once(folders: pytest.TempPathFactory, name: str, fill: Callable[[Path], object]) -> Path:
    """A folder that `fill` filled, once a run for all workers; who comes meanwhile waits. It is copied, never used.

    What can't be the same for all of them, as a day that ends, belongs to its name.
    """
    base = folders.getbasetemp()
    filled = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "once" / name
    with only_writer(filled, wait_s=_FILLED_WITHIN_S):
        if not filled.exists():
            part = filled.with_name(f"{name}.part")
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
            fill(part)
            part.rename(filled)
    return filled


def checked(home: Path, demo: DemoServers, *, by: str = "a test") -> House:
    """The house of a home after one full check, still open. Nobody waits for it: it is held to no limit, which is back
    when something else starts over this home."""
    loaded = config.load(
        home,
        env=demo.exports(),
        config_path=home / "config.json",
        home=home,
        overrides={"requests_per_second": 0},
    )
    house = wiring.open_house(loaded)
    for _ in wiring.run_scan(house, ScanPlan(by=by), threading.Event()):
        pass
    return house


def checked_once(
    folders: pytest.TempPathFactory,
    made_at: datetime,
    *,
    films: int = DEFAULT_FILMS,
    alter: Callable[[DemoServers], None] | None = None,
) -> Path:
    """A home, to be copied, after one full check by "you" of a world made at that time, which is the same all day.

    `alter`: what happened to the world before; a function of a module, known by its name.
    """
    name = "-".join(("checked", alter.__name__ if alter else "", str(films), f"{made_at:%Y-%m-%d}"))

    def fill(home: Path) -> None:
        with DemoServers(make_world(1, now=lambda: made_at, films=films)) as demo:
            if alter is not None:
                alter(demo)
            checked(home, demo, by="you").close()

    return once(folders, name, fill)

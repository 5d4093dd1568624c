"""One world behind its servers for a whole module of tests, or for one test that changes it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests

from plexgap.demo.servers import DemoServers
from plexgap.demo.world import make_world

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoServers]:
    with DemoServers(make_world(seed=7, now=lambda: NOON)) as servers:
        yield servers


@pytest.fixture
def changing() -> Iterator[DemoServers]:
    """Servers of its own for a test that turns knobs or changes the world."""
    with DemoServers(make_world(seed=7, now=lambda: NOON, films=40)) as servers:
        yield servers


@pytest.fixture(scope="module")
def session() -> Iterator[requests.Session]:
    with requests.Session() as made:
        yield made

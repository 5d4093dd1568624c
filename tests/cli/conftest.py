"""What the tests of the command line share. Changes when a command needs another surrounding."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from plexgap.store.logs import end_logging
from tests.cli.running import Cli


@pytest.fixture(autouse=True)
def _log_closed() -> Iterator[None]:
    yield
    end_logging()


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return Cli.at(tmp_path)

"""What every test stands on: no network but this machine, nobody's settings, and browser tests only with a Chromium.

Changes when tests may reach more or less of the machine they run on.
"""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_TRIES = 3
_NOT_OURS = ("PLEX", "TMDB_", "TVDB_", "TRAKT_", "DMM_", "DB_PATH", "INCLUDE_DMM_LINK", "STREAMLIT_")

for _name in [name for name in os.environ if name.startswith(_NOT_OURS)]:
    del os.environ[_name]
os.environ["PLEXAPI_CONFIG_PATH"] = os.devnull  # plexapi would read the person's own file


# ---------------------------------------------------------------- no network


def _is_here(host: object) -> bool:
    if not isinstance(host, str) or host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _guarded(method: Callable[..., Any]) -> Callable[..., Any]:
    """A connection leaves this machine only as a failed test. An OSError would look like a service that is down."""

    def connect(self: socket.socket, address: Any, *rest: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
            pytest.fail(f"a test tried to reach {address[0]}")
        return method(self, address, *rest)

    return connect


def _guarded_lookup(method: Callable[..., Any]) -> Callable[..., Any]:
    def getaddrinfo(host: Any, *rest: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if isinstance(name, str) and name.endswith(".invalid"):  # the one name that is known to be nobody's
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        if not _is_here(name):
            pytest.fail(f"a test asked for the address of {name}")
        return method(host, *rest, **named)

    return getaddrinfo


socket.socket.connect = _guarded(socket.socket.connect)  # type: ignore[method-assign]
socket.socket.connect_ex = _guarded(socket.socket.connect_ex)  # type: ignore[method-assign]
socket.getaddrinfo = _guarded_lookup(socket.getaddrinfo)


# ---------------------------------------------------------------- browser tests


def _chromium_path() -> str | None:
    return next((path for name in _CHROMIUM if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the machine's own Chromium, for playwright's `executable_path`."""
    path = _chromium_path()
    if path is None:
        pytest.skip("no Chromium on this machine")
    return path


class _Browsers:
    """Skips what needs a Chromium where there is none, and says so at the end. What fails in a browser is tried again,
    and its closing line says so: on a busy machine a page now and then comes later than anyone waits."""

    def __init__(self, needed: bool) -> None:
        self.needed = needed
        self.skipped = 0

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        mark = pytest.mark.flaky(reruns=_TRIES - 1)
        if _chromium_path() is None:
            mark = pytest.mark.skip(reason="no Chromium on this machine")
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(mark)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and "browser" in report.keywords:
            self.skipped += 1

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.needed and self.skipped and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.skipped:
            count = "1 browser test was" if self.skipped == 1 else f"{self.skipped} browser tests were"
            terminalreporter.section("browser tests")
            terminalreporter.line(f"{count} skipped. Install Chromium to run them, on Debian: apt install chromium")


# ---------------------------------------------------------------- several workers

# Folders whose files take longest, the longest first. What is left last is short, so that no worker ends alone.
_LONG = ("browser", "scan", "histories", "pages", "cli", "simulation")


def _turn(item: pytest.Item) -> int:
    """Which turn a test's folder has among workers."""
    folder = item.path.relative_to(Path(__file__).parent).parts[0]
    return _LONG.index(folder) if folder in _LONG else len(_LONG)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long files begin first where workers share the files (`.ci/run`), else all is as pytest has it."""
    if hasattr(config, "workerinput"):
        items.sort(key=_turn)


# ---------------------------------------------------------------- what pytest is told


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--need-browser", action="store_true", help="fail when a browser test is skipped")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(_Browsers(bool(config.getoption("need_browser"))), "plexgap-browsers")

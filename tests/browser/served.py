"""The dashboard as a person starts it, on a demo world of the test's own: one process, one port, one home folder."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage")
_UP_WITHIN_S = 60.0


@contextmanager
def dashboard(home: Path, settings: Mapping[str, str]) -> Iterator[str]:
    """Its address. `settings`: names in the environment beside the home folder; nobody's own are taken over."""
    home.mkdir(parents=True, exist_ok=True)
    env = {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ},
        "PLEXGAP_HOME": str(home),
        "PLEXGAP_CONFIG": str(home / "config.json"),
        "TZ": "UTC",
        **settings,
    }
    port = _free_port()
    command = [sys.executable, "-P", "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port", str(port)]
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
        try:
            _wait_for(port, process, home / "server.log")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=list(_FLAGS))
        try:
            yield opened
        finally:
            opened.close()


class Tab:
    """A page, and every host it asked anything of."""

    def __init__(self, opened: Browser, *, width: int = 1440, height: int = 900, dark: bool = False) -> None:
        context = opened.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            timezone_id="UTC",
            locale="en-GB",
        )
        context.set_default_timeout(30_000)
        self.page: Page = context.new_page()
        self.hosts: set[str] = set()
        self.page.on("request", lambda request: self._note(request.url))
        self.page.on("websocket", lambda socket: self._note(socket.url))

    def _note(self, url: str) -> None:
        if not url.startswith(("data:", "blob:")):
            self.hosts.add(url.split("/")[2].rpartition(":")[0])

    def close(self) -> None:
        self.page.context.close()


def drawn(page: Page) -> Page:
    """The page, once Streamlit has drawn what was asked of it last. Until then what it replaces may stand beside what
    comes: an expectation then waits with `.first`; what is read once, measured or clicked waits for this."""
    app = page.locator("[data-testid=stApp]")
    expect(app).to_have_attribute("data-test-script-state", "notRunning")
    expect(app.locator("[data-stale=true]")).to_have_count(0)
    return page


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _UP_WITHIN_S
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"the dashboard did not start: {log.read_text(errors='replace')[-2000:]}")

"""How long does a person wait for the page Missing, in a real browser?

    .venv/bin/python -m tests.benchmarks.dashboard [--episodes 17000] [--home FOLDER] [--runs 3]

One full scan fills a home folder (or --home has one that is filled), then the dashboard is started over it, and
Chromium opens it as a person would: the first time, again in another tab, reloaded, and then a search, a show that is
opened, an ignore and its undo. Times are from the click to what it shows, drawing and the way there and back included.
The first opening begins as the server says that it is up. Of each there are two: until what is missing can be read, as
the browser itself says when it painted, and until the page stands and answers.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

import requests
from playwright.sync_api import Page

from tests.benchmarks.bed import LATENCY_S, demo, say, scan
from tests.browser.served import Tab, browser, dashboard

_CARD = "#root .card h3"
_PAINTED = "performance.getEntriesByName('first-contentful-paint').map(paint => paint.startTime / 1000)"


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("--episodes", type=int, default=17_000)
    wanted.add_argument("--home", type=Path)
    wanted.add_argument("--runs", type=int, default=3)
    given = wanted.parse_args()
    with tempfile.TemporaryDirectory() as folder, demo(given.episodes) as bed:
        bed.set_latency(dict.fromkeys(LATENCY_S, 0.0))
        home = Path(folder) / "home"
        if given.home is not None:
            shutil.copytree(given.home, home)
        else:
            scan(bed, home, "full", workers=8, only="shows")
        settings = {name: value for name, value in bed.settings.items() if name.isupper()}
        _measure(home, settings, given.runs)


def _measure(home: Path, settings: dict[str, str], runs: int) -> None:
    with browser("/usr/bin/chromium") as chromium, dashboard(home, settings) as address:
        page = Tab(chromium).page
        _wait_until_up(address)
        _say("the first time", [_opened(page, lambda: page.goto(address))])
        tabs = [Tab(chromium) for _ in range(runs)]
        _say("in another tab", [_opened(tab.page, partial(tab.page.goto, address)) for tab in tabs])
        for tab in tabs:
            tab.close()
        _say("reloaded", [_opened(page, page.reload) for _ in range(runs)])
        title = page.locator(_CARD).first.inner_text().strip()
        for each in _acts(page, title):
            took = []
            for _ in range(runs):
                each.prepare()
                took.append(_took(each.act))
                each.undo()
            say(f"{each.name:40}{median(took):8.2f} s")
        say(page.locator("h1").first.inner_text())


def _wait_until_up(address: str) -> None:
    """Streamlit listens before it has read the app: it is up once it says that it is."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(requests.RequestException):
            if requests.get(f"{address}/_stcore/health", timeout=10).ok:
                return
        time.sleep(0.05)


def _opened(page: Page, go: Callable[[], object]) -> tuple[float, float]:
    """Seconds until the first show was painted, and until the page itself stands."""
    began = time.perf_counter()
    go()
    page.wait_for_selector(_CARD, timeout=120_000)
    took = time.perf_counter() - began
    painted: list[float] = page.evaluate(_PAINTED)
    return painted[0], took


def _say(how: str, took: list[tuple[float, float]]) -> None:
    seen, stands = (median(each) for each in zip(*took, strict=True))
    say(f"{f'painted, {how}':40}{seen:8.2f} s, the page stands after {stands:.2f} s")


@dataclass(frozen=True, slots=True)
class _Act:
    """What is done, until it is seen; what comes before it, and what takes it back."""

    name: str
    prepare: Callable[[], None]
    act: Callable[[], None]
    undo: Callable[[], None]


def _acts(page: Page, title: str) -> list[_Act]:
    heading = page.locator("h1").first
    search = page.get_by_placeholder("Search titles")
    card = page.locator("[class*='st-key-card-']").first
    before = heading.inner_text()
    form = page.get_by_role("button", name="Ignore this show")

    def fill(text: str, drawn: str) -> None:
        search.fill(text)
        search.press("Enter")
        page.wait_for_function(f"document.querySelectorAll('{_CARD}').length {drawn}")

    def toggle(seen: bool) -> None:
        card.locator("summary").first.click()
        card.locator("h4").first.wait_for(state="visible" if seen else "hidden")

    def form_opened() -> None:
        if not card.locator("h4").count():
            toggle(True)
        page.wait_for_timeout(500)
        card.get_by_role("button", name="Ignore show").first.click()
        form.last.wait_for()

    def ignore() -> None:
        form.last.click()
        page.wait_for_function("text => document.querySelector('h1').innerText !== text", arg=before)

    def undo() -> None:
        page.get_by_role("button", name="Undo").last.click()
        page.wait_for_function("text => document.querySelector('h1').innerText === text", arg=before)
        page.wait_for_timeout(500)

    def nothing() -> None:
        return

    return [
        _Act("a search", nothing, lambda: fill(title, "< 10"), lambda: fill("", ">= 10")),
        _Act("a show is opened", nothing, lambda: toggle(True), lambda: toggle(False)),
        _Act("a show is ignored", form_opened, ignore, undo),
    ]


def _took(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()

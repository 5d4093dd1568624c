"""What stands in the window until Streamlit has drawn the page Missing: the same things, in the same places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from plexgap.demo.servers import DemoServers
from plexgap.demo.world import make_world
from plexgap.ui.document import shell
from plexgap.ui.first_sight import placed
from plexgap.wiring import clock
from tests.browser.full import HOSTILE, full_home
from tests.browser.served import Tab, dashboard, drawn
from tests.support import unlimited

pytestmark = pytest.mark.browser
LONG_MS = 40_000
SCRIPTS = "**/static/js/**"
LOOKS = {"wide": (1440, False), "narrow": (390, True)}
_TOPS = """names => names.map(name => Math.round(document.querySelector(name).getBoundingClientRect().top))"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = unlimited(tmp_path_factory.mktemp("first-sight") / "home")
    with DemoServers(make_world(1, now=clock)) as demo:
        full_home(tmp_path_factory, home, demo, hostile=True)
        with dashboard(home, demo.exports()) as found:
            yield found


def what_it_says(page: Page, frame: str) -> tuple[list[str], ...]:
    """Heading, counters, and the titles of the first of the list."""
    return tuple(
        [re.sub(r"\s+", " ", text) for text in page.locator(f"{frame} {name}").all_inner_texts()][:8]
        for name in ("h1", ".counts", ".status", ".lane h2", ".ask h3", ".card h3", ".card .chips a")
    )


@pytest.mark.parametrize("look", LOOKS)
def test_it_says_what_the_page_says_in_the_same_places(look: str, opened: Browser, address: str) -> None:
    width, dark = LOOKS[look]
    tab = Tab(opened, width=width, dark=dark)
    page = tab.page
    page.on("dialog", lambda dialog: pytest.fail(f"a title ran as a script: {dialog.message}"))
    page.route(SCRIPTS, lambda route: route.abort())
    page.goto(address)
    expect(page.locator("#first-sight .card").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    first = what_it_says(page, "#first-sight")
    where = page.evaluate(_TOPS, ["h1", ".counts"])
    assert HOSTILE in " ".join(first[5] + first[4])
    assert page.locator("#first-sight script, #first-sight a:not([target=_blank])").count() == 0

    page.unroute(SCRIPTS)
    page.goto(address)
    expect(page.locator("[data-testid=stApp] .card").first).to_be_visible(timeout=LONG_MS)
    drawn(page)
    assert page.locator("#first-sight").count() == 0
    assert what_it_says(page, ".stMain") == first
    assert page.evaluate(_TOPS, ["h1", ".counts"]) == pytest.approx(where, abs=12)
    assert tab.hosts == {"127.0.0.1"}
    tab.close()


def test_it_is_never_there_beside_the_page(opened: Browser, address: str) -> None:
    """Watched at every change of the document, from the first one on."""
    tab = Tab(opened)
    tab.page.add_init_script(
        """window.most = 0;
        new MutationObserver(() => setTimeout(() => {
            const cards = document.querySelectorAll("#root .card").length && document.querySelector("#first-sight");
            window.most = Math.max(window.most, cards ? document.querySelectorAll("h1").length : 1);
        })).observe(document, {childList: true, subtree: true});"""
    )
    tab.page.goto(address)
    expect(tab.page.locator("[data-testid=stApp] .card").first).to_be_visible(timeout=LONG_MS)
    assert tab.page.evaluate("window.most") == 1
    tab.close()


def test_a_page_that_stands_is_never_scrolled_by_it(opened: Browser, address: str) -> None:
    tab = Tab(opened)
    tab.page.clock.install()
    tab.page.goto(address)
    expect(tab.page.locator("[data-testid=stApp] .card").first).to_be_visible(timeout=LONG_MS)
    drawn(tab.page)
    main = tab.page.locator("[data-testid=stMain]")
    main.evaluate("main => main.scrollTo(0, 300)")
    tab.page.clock.fast_forward(31_000)
    # It would go to the top. The browser itself moves it by some pixels where a button above comes late.
    assert main.evaluate("main => main.scrollTop") == pytest.approx(300, abs=20)
    tab.close()


def test_a_fault_of_the_page_is_not_covered_by_it(opened: Browser) -> None:
    tab = Tab(opened)
    tab.page.set_content(f'<div id="root"></div>{placed("<h1>28 episodes are missing</h1>")}')
    expect(tab.page.locator("#first-sight h1")).to_be_visible()
    fault = '<div data-testid="stApp"><p class="oops">Something went wrong here.</p></div>'
    tab.page.locator("#root").evaluate("(root, fault) => root.innerHTML = fault", fault)
    expect(tab.page.locator("#first-sight")).to_have_count(0)
    tab.close()


def test_an_address_that_asks_the_list_for_something_gets_the_page_alone(address: str) -> None:
    assert 'id="first-sight"' in requests.get(address, timeout=20).text
    assert 'id="first-sight"' not in requests.get(f"{address}/?find=x", timeout=20).text
    assert 'id="first-sight"' not in requests.get(f"{address}/upcoming", timeout=20).text


def test_before_the_first_check_there_is_nothing_to_show(tmp_path: Path) -> None:
    with DemoServers(make_world(1, now=clock)) as demo, dashboard(tmp_path / "home", demo.exports()) as address:
        answer = requests.get(address, timeout=20)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.text.count('<div id="root"></div>') == 1
    assert 'id="first-sight"' not in answer.text
    said = (tmp_path / "home" / "server.log").read_text(encoding="utf-8")
    assert not re.search(r"(?m)^\d{4}-", said), "Streamlit warns at the start"


def test_the_styles_come_before_the_scripts() -> None:
    """Without them nothing is painted, and the scripts take all connections a browser has."""
    found = shell()
    assert found is not None
    assert 0 < found.before.index('rel="stylesheet"') < found.before.index("<script")
    assert found.before.count('rel="stylesheet"') == 1
    assert found.before.endswith('<div id="root"></div>')
    assert found.after.strip().endswith("</html>")

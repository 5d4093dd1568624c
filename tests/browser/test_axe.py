"""axe-core finds nothing serious or critical on any page: wide and narrow, light and dark, with something opened."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from plexgap.demo.servers import DemoServers
from plexgap.demo.world import make_world
from plexgap.wiring import clock
from tests.browser.full import PAGES, full_home
from tests.browser.served import Tab, dashboard

pytestmark = pytest.mark.browser
LONG_MS = 40_000
LOOKS = {
    "wide-light": (1440, 900, False),
    "wide-dark": (1440, 900, True),
    "narrow-light": (390, 844, False),
    "narrow-dark": (390, 844, True),
}
_FOUND = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
    .filter(one => ["serious", "critical"].includes(one.impact))
    .flatMap(one => one.nodes.map(node => `${one.id}: ${node.html.slice(0, 300)} | ${node.failureSummary}`))"""


@pytest.fixture(scope="module")
def axe() -> str:
    """The script, from the package that tests/requirements.txt pins; nothing is fetched."""
    package = find_spec("axe_playwright_python")
    if package is None or package.origin is None:
        pytest.skip("axe-playwright-python is not installed (tests/requirements.txt)")
    return (Path(package.origin).parent / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("axe") / "home"
    with DemoServers(make_world(1, now=clock)) as demo:
        full_home(home, demo, hostile=False)
        with dashboard(home, demo.exports()) as found:
            yield found


def serious(page: Page, axe: str) -> list[str]:
    """What is wrong with the page as it stands, a line each."""
    page.evaluate(axe)
    found: list[str] = page.evaluate(_FOUND)
    return found


def settled(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=LONG_MS)
    expect(page.locator("[data-testid=stApp]")).to_have_attribute("data-test-script-state", "notRunning")


def test_a_fault_that_is_there_is_found(opened: Browser, axe: str) -> None:
    tab = Tab(opened)
    tab.page.set_content('<html lang="en"><title>A page</title><main><h1>A page</h1><img src="data:,x"></main></html>')
    assert [line.split(":")[0] for line in serious(tab.page, axe)] == ["image-alt"]
    tab.close()


@pytest.mark.parametrize("look", LOOKS)
def test_no_page_has_a_serious_fault(look: str, opened: Browser, address: str, axe: str) -> None:
    width, height, dark = LOOKS[look]
    tab = Tab(opened, width=width, height=height, dark=dark)
    wrong: dict[str, list[str]] = {}
    for name, path in PAGES.items():
        tab.page.goto(f"{address}/{path}")
        settled(tab.page)
        if found := serious(tab.page, axe):
            wrong[name] = found
    tab.close()
    assert wrong == {}


def test_what_is_opened_has_no_serious_fault_either(opened: Browser, address: str, axe: str) -> None:
    tab = Tab(opened)
    page = tab.page
    page.goto(address)
    settled(page)
    page.locator("[class*='st-key-card-'] summary").first.click()
    page.get_by_role("button", name="Check again").first.wait_for()
    found = serious(page, axe)
    page.get_by_role("button", name="Other checks").click()
    page.get_by_role("button", name="Start").first.wait_for()
    found += serious(page, axe)
    page.goto(f"{address}/maintenance")
    settled(page)
    page.get_by_role("button", name="Import").click()
    page.get_by_text("Decisions of another installation").wait_for()
    found += serious(page, axe)
    page.goto(f"{address}/activity")
    settled(page)
    page.locator(".runs summary").first.click()
    found += serious(page, axe)
    tab.close()
    assert found == []

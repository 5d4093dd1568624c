"""axe-core finds nothing serious or critical on any page: wide and narrow, light and dark, with something opened."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from plexgap.demo.servers import DemoServers
from plexgap.demo.world import make_world
from plexgap.wiring import clock
from tests.browser.full import PAGES, full_home
from tests.browser.served import Tab, dashboard, drawn

pytestmark = pytest.mark.browser
LONG_MS = 40_000


class Look(NamedTuple):
    """A window's size, its colours as .streamlit/config.toml has them, and where its links to all pages stand."""

    width: int
    height: int
    colours: Literal["light", "dark"]
    background: str
    link: str


LOOKS = {
    "wide-light": Look(1440, 900, "light", "rgb(251, 250, 247)", "stTopNavLink"),
    "wide-dark": Look(1440, 900, "dark", "rgb(21, 23, 26)", "stTopNavLink"),
    "narrow-light": Look(390, 844, "light", "rgb(251, 250, 247)", "stSidebarNavLink"),
    "narrow-dark": Look(390, 844, "dark", "rgb(21, 23, 26)", "stSidebarNavLink"),
}
_FOUND = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
    .filter(one => ["serious", "critical"].includes(one.impact))
    .flatMap(one => one.nodes.map(node => `${one.id}: ${node.html.slice(0, 300)} | ${node.failureSummary}`))"""
_NOTHING_FADES = "() => !document.getAnimations().some(one => one instanceof CSSTransition)"


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
        full_home(tmp_path_factory, home, demo, hostile=False)
        with dashboard(home, demo.exports()) as found:
            yield found


@pytest.fixture(scope="module")
def page(opened: Browser) -> Iterator[Page]:
    """One for all looks at the dashboard: it keeps what it loaded."""
    tab = Tab(opened)
    yield tab.page
    tab.close()


def serious(page: Page, axe: str) -> list[str]:
    """What is wrong with the page as it stands, a line each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    found: list[str] = page.evaluate(_FOUND)
    return found


def settled(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=LONG_MS)
    drawn(page)


def put_on(page: Page, look: Look) -> None:
    """Gives the page that stands this look. Each of its elements is then styled as if it had been loaded so."""
    page.set_viewport_size({"width": look.width, "height": look.height})
    page.emulate_media(color_scheme=look.colours)
    expect(page.locator("[data-testid=stApp]")).to_have_css("background-color", look.background)
    expect(page.get_by_test_id(look.link)).to_have_count(len(PAGES))
    page.wait_for_function(_NOTHING_FADES)
    settled(page)


def test_a_fault_that_is_there_is_found(opened: Browser, axe: str) -> None:
    tab = Tab(opened)
    tab.page.set_content('<html lang="en"><title>A page</title><main><h1>A page</h1><img src="data:,x"></main></html>')
    assert [line.split(":")[0] for line in serious(tab.page, axe)] == ["image-alt"]
    tab.close()


@pytest.mark.parametrize("name", PAGES)
def test_no_page_has_a_serious_fault_in_any_look(name: str, page: Page, address: str, axe: str) -> None:
    page.goto(f"{address}/{PAGES[name]}")
    settled(page)
    wrong: dict[str, list[str]] = {}
    for called, look in LOOKS.items():
        put_on(page, look)
        if found := serious(page, axe):
            wrong[f"{name}, {called}"] = found
    assert wrong == {}


def test_what_is_opened_has_no_serious_fault_either(page: Page, address: str, axe: str) -> None:
    page.goto(address)
    settled(page)
    put_on(page, LOOKS["wide-light"])
    page.locator("[class*='st-key-card-'] summary").first.click()
    page.get_by_role("button", name="Check again").first.wait_for()
    drawn(page)
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
    assert found == []

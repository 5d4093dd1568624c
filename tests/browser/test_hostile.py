"""Titles that are markup stand as text on every page, and no page asks anything of another host."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from plexgap.demo.servers import DemoServers
from plexgap.demo.world import make_world
from plexgap.wiring import clock
from tests.browser.full import PAGES, PICTURE, SCRIPT, full_home
from tests.browser.served import Tab, dashboard, drawn

pytestmark = pytest.mark.browser
LONG_MS = 40_000


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("hostile") / "home"
    with DemoServers(make_world(1, now=clock)) as demo:
        full_home(tmp_path_factory, home, demo, hostile=True)
        with dashboard(home, demo.exports()) as found:
            yield found


@pytest.mark.parametrize("name", PAGES)
def test_markup_in_titles_stands_as_text_and_no_other_host_is_asked(name: str, opened: Browser, address: str) -> None:
    tab = Tab(opened)
    page = tab.page
    page.on("dialog", lambda dialog: pytest.fail(f"a title ran as a script: {dialog.message}"))
    page.goto(f"{address}/{PAGES[name]}")
    expect(page.get_by_role("heading", level=1).first).to_be_visible(timeout=LONG_MS)
    drawn(page)
    if name == "collections":
        page.get_by_text("Ignored,").first.click()
    if name == "settings":
        page.get_by_role("tab", name="Links").click()
    main = page.locator("[data-testid=stMain]")
    expect(main).to_contain_text(SCRIPT)
    expect(main).to_contain_text(PICTURE if name != "settings" else PICTURE[:10])
    drawn(page)
    for opener in page.locator("main summary:visible, .stMain summary:visible").all()[:12]:
        opener.click()
    if name == "missing":
        page.get_by_role("button", name="Filter and sort").click()
        expect(page.get_by_role("button", name=PICTURE[:5]).first).to_be_visible()
    if name == "library":
        page.get_by_role("tab", name="Explore").click()
        expect(page.get_by_role("button", name=PICTURE[:5]).first).to_be_visible(timeout=LONG_MS)
    page.wait_for_load_state("networkidle")
    assert page.locator("img[src*='example.invalid'], .stMain script, .stMain a[href^='http://example']").count() == 0
    assert tab.hosts == {"127.0.0.1"}
    tab.close()

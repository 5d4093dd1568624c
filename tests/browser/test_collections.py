"""The page Collections in a browser: to a missing film's link, ignoring and getting back, hostile names, a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from plexgap.demo.servers import DemoServers
from plexgap.demo.truth import CollectionTruth
from plexgap.demo.world import World, make_world
from plexgap.domain.verdicts import State
from plexgap.wiring import clock
from tests.browser.served import Tab, dashboard, drawn
from tests.homes import checked
from tests.support import FEW_FILMS

pytestmark = pytest.mark.browser
HOSTILE = '<b>&</b> "Reels" <script>alert(1)</script> ![x](http://example.invalid/x.png)'
HERE = {"127.0.0.1"}
LONG_MS = 40_000


@pytest.fixture(scope="module")
def world() -> World:
    """The invented one, with a collection and its films named as markup."""
    made = make_world(1, now=clock, films=FEW_FILMS)
    truth = with_gaps(made)[-1]
    listed = made.catalogue.collections[truth.tmdb_id]
    listed.name = HOSTILE
    for part in listed.parts:
        made.catalogue.films[part].title = f"{HOSTILE} {part}"
    return made


@pytest.fixture(scope="module")
def address(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page of a dashboard over a library that was checked before it started."""
    with DemoServers(world) as demo:
        home = tmp_path_factory.mktemp("own") / "home"
        checked(home, demo).close()
        with dashboard(home, demo.exports()) as found:
            yield f"{found}/collections"


@pytest.fixture
def tab(opened: Browser) -> Iterator[Tab]:
    one = Tab(opened)
    yield one
    one.close()


def with_gaps(world: World) -> list[CollectionTruth]:
    """Collections that lack one film and hold several, in the order of their numbers."""
    return [one for one in world.collection_truths if one.shown and len(one.missing) == 1 and one.held > 1]


def card(tab: Tab, name: str) -> Locator:
    heading = tab.page.get_by_role("heading", name=name, exact=True)
    return tab.page.locator("[class*='st-key-set-']").filter(has=heading).first


def number(tab: Tab) -> int:
    return int(drawn(tab.page).get_by_role("heading", level=1).inner_text().split()[0])


def test_from_opening_the_page_to_a_films_link(tab: Tab, address: str, world: World) -> None:
    page, truth = tab.page, with_gaps(world)[0]
    page.goto(address)
    expect(page.get_by_role("heading", name="films are missing")).to_be_visible(timeout=LONG_MS)
    missing = sum(len(one.missing) for one in world.collection_truths if one.shown and one.state is State.GAPS)
    assert number(tab) == missing
    expect(page.get_by_test_id("stTopNav")).to_contain_text(f"Collections {missing}")

    page.get_by_label("Search collections and films").fill(truth.name)
    found = card(tab, truth.name)
    expect(page.locator("[class*='st-key-set-']")).to_have_count(1)
    expect(found).to_contain_text(f"1 missing{truth.held} of {truth.listed} films")
    film = world.catalogue.films[truth.missing[0]]
    link = found.get_by_role("link", name=f"{film.year} missing: open {film.title} in Debrid Media Manager, new tab")
    expect(link).to_have_attribute("href", f"https://debridmediamanager.com/movie/{film.imdb_id}")
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(found.get_by_role("link")).to_have_count(1)

    drawn(page)
    for image in found.locator(".tile img").all():
        expect(image).to_have_js_property("naturalWidth", 240)
        expect(image).to_have_attribute("src", re.compile(r"^/poster/(tmdb-)?\d+\.webp$"))
    found.locator("summary").click()
    expect(found.locator(".reasons")).to_contain_text(f"TMDB lists it as film {film.tmdb_id} of {truth.name}")
    assert tab.hosts == HERE


def test_a_collection_is_ignored_and_comes_back(tab: Tab, address: str, world: World) -> None:
    page, truth = tab.page, with_gaps(world)[1]
    page.goto(address)
    expect(card(tab, truth.name)).to_be_visible(timeout=LONG_MS)
    before = number(tab)
    card(tab, truth.name).get_by_role("button", name=f"Ignore films of {truth.name}").click()
    page.get_by_text("The whole collection", exact=True).click()
    expect(page.get_by_role("heading", name=f"{before - 1} films are missing").first).to_be_visible()
    expect(page.get_by_test_id("stTopNav")).to_contain_text(f"Collections {before - 1}")
    expect(card(tab, truth.name)).to_have_count(0)
    drawn(page).get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name=f"{before} films are missing").first).to_be_visible()
    expect(card(tab, truth.name)).to_be_visible()

    drawn(page).get_by_role("button", name="Ignore again").click()
    expect(card(tab, truth.name)).to_have_count(0)
    page.reload()
    page.get_by_text("Ignored, 1", exact=True).click()
    page.locator("[class*='st-key-unignore-']").get_by_role("button", name="Undo").first.click()
    expect(page.get_by_role("heading", name=f"{before} films are missing").first).to_be_visible()
    expect(card(tab, truth.name)).to_be_visible()


def test_what_is_asked_for_stands_in_the_address(tab: Tab, address: str, world: World) -> None:
    page = tab.page
    page.goto(f"{address}?show=complete&sort=name")
    complete = next(one for one in world.collection_truths if one.shown and one.state is State.COMPLETE)
    expect(card(tab, complete.name)).to_be_visible(timeout=LONG_MS)
    expect(card(tab, with_gaps(world)[0].name)).to_have_count(0)
    drawn(page).get_by_text(re.compile(r"^With gaps \d+$")).click()
    expect(card(tab, with_gaps(world)[0].name)).to_be_visible()
    expect(page).to_have_url(f"{address}?sort=name")
    page.get_by_label("Search collections and films").fill("nowhere at all")
    expect(page.get_by_text('No collection with gaps matches "nowhere at all".').first).to_be_visible()
    drawn(page).get_by_role("button", name="Clear the search").click()
    expect(card(tab, with_gaps(world)[0].name)).to_be_visible()


def test_names_that_are_markup_are_read_as_they_are_written(tab: Tab, address: str) -> None:
    page = tab.page
    page.on("dialog", lambda dialog: pytest.fail(f"a name ran as a script: {dialog.message}"))
    page.goto(address)
    expect(card(tab, HOSTILE)).to_be_visible(timeout=LONG_MS)
    card(tab, HOSTILE).locator("summary").click()
    card(tab, HOSTILE).get_by_role("button", name="Ignore").click()
    page.get_by_role("menuitem").filter(has_text=re.compile(r"\d+ \(\d{4}\)$")).click()
    expect(page.locator(".st-key-say-undo").first).to_contain_text(f"Ignored {HOSTILE}")
    drawn(page).get_by_role("button", name="Undo").click()
    expect(card(tab, HOSTILE)).to_be_visible()
    expect(page.locator(".st-key-say-undo").first).to_contain_text("Back in the list")
    drawn(page).get_by_role("link", name="Upcoming").click()
    expect(page.get_by_role("heading", name="Next: ").first).to_be_visible()
    drawn(page).get_by_role("link", name="Collections").click()
    expect(card(tab, HOSTILE)).to_be_visible()
    drawn(page)
    expect(page.locator(".st-key-say-undo")).to_have_count(0)
    assert page.locator("b", has_text="&").filter(has_not_text="Reels").count() == 0
    assert tab.hosts == HERE


def test_the_page_fits_a_telephone_three_films_a_row(opened: Browser, address: str, world: World) -> None:
    small = Tab(opened, width=390, height=844, dark=True)
    small.page.goto(address)
    shown = card(small, with_gaps(world)[0].name)
    expect(shown).to_be_visible(timeout=LONG_MS)
    drawn(small.page)
    tops = shown.locator(".tile").evaluate_all("tiles => tiles.map(tile => tile.offsetTop)")
    assert tops[0] == tops[1] == tops[2]
    assert small.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert small.hosts == HERE
    small.close()

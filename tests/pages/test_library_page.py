"""The page Library: what waits for the person, findings, how complete everything is, and its titles to search."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from plexgap.demo.servers import DemoServers
from plexgap.domain.verdicts import State
from plexgap.ui.resources import PLACES, report
from plexgap.views.health import FindingKind, health
from plexgap.views.library import waiting
from tests.pages.conftest import Open
from tests.pages.reading import heading, source, text

pytestmark = pytest.mark.usefixtures("checked")


def open_page(open_app: Open) -> AppTest:
    app = open_app()
    app.switch_page("pages/library.py").run()
    assert not app.exception, app.exception
    return app


def explore(app: AppTest, **asked: object) -> AppTest:
    app.session_state["tab"] = "Explore"
    for key, value in asked.items():
        app.session_state[key] = value
    app.run()
    assert not app.exception, app.exception
    return app


def titles(app: AppTest) -> list[str]:
    return list(app.dataframe[0].value["Title"])


def test_the_heading_counts_the_blocks_that_stand_below_it(open_app: Open, demo: DemoServers) -> None:
    app = open_page(open_app)
    waits = waiting(report(PLACES.present()))
    assert heading(app) == f"{len(waits)} things need you"
    assert source(app).count('class="ask"') == len(waits)
    assert [one.name if hasattr(one, "name") else one.title for one in waits] != []
    assert (demo.knobs["plex"].count, demo.knobs["tmdb"].count) == (0, 0)


def test_every_kind_of_finding_is_a_table_once_it_is_opened(open_app: Open) -> None:
    app = open_page(open_app)
    found = health(report(PLACES.present()))
    assert len(app.dataframe) == 0
    for kind in dict.fromkeys(one.kind for one in found):
        app.session_state[f"finding-{kind.name.lower()}"] = True
    app.run()
    assert sum(len(table.value) for table in app.dataframe) == len(found) > 0
    labels = [one.label.replace("\\", "") for one in app.expander]
    assert [kind for kind in FindingKind if any(f"**{kind}**" in label for label in labels)] == list(
        dict.fromkeys(one.kind for one in found)
    )


def bar(app: AppTest, name: str) -> str:
    """What stands at the right of the bar of that name."""
    found = re.search(rf"<dt>{name}</dt><dd>.*?</dd><dd>(.*?)</dd>", source(app))
    return found[1] if found else ""


def test_bars_say_the_same_as_the_other_pages(open_app: Open) -> None:
    app = open_page(open_app)
    tally, films = report(PLACES.present()).tally, report(PLACES.present()).films.tally
    assert bar(app, "Shows") == f"{tally.complete} of {tally.shows - tally.need_you}, {tally.need_you} not judged"
    assert bar(app, "Collections").startswith(f"{films.complete} of {films.collections - films.unknown}")
    assert f"{tally.complete} of {tally.shows} shows and {films.complete} of {films.collections} collections" in text(
        app
    )


def test_titles_are_found_by_words_and_by_what_they_are_picked_by(open_app: Open) -> None:
    app = explore(open_page(open_app))
    index = PLACES.present().house.index
    every = index.counts()
    assert f"{every.shows + every.movies} titles" in text(app).replace(",", "")
    assert len(titles(app)) == min(100, every.shows + every.movies)
    explore(app, title="lantern")
    assert titles(app) == ["The Lantern Keepers"]
    explore(app, title="", decade=[1990])
    assert titles(app)
    assert {year // 10 for year in app.dataframe[0].value["Year"]} == {199}
    explore(app, title="no such thing")
    assert 'No title matches "no such thing".' in text(app)


@pytest.mark.parametrize("page", ["99999999999999999999", "9" * 5000, "0", "-1", "x"])
def test_an_address_of_no_page_leads_to_the_first(open_app: Open, page: str) -> None:
    app = open_page(open_app)
    app.query_params["at"] = page
    explore(app)
    assert len(titles(app)) == 100


def test_names_of_libraries_are_no_markup_in_what_is_picked(open_app: Open, home: Path) -> None:
    with closing(sqlite3.connect(home / "library.db")) as database, database:
        database.execute("UPDATE section SET title = '![x](http://example.invalid/x.png) ' || title")
    app = open_app()
    shown = [option for pills in app.pills for option in pills.options]
    explored = [option for pills in explore(open_page(open_app)).pills for option in pills.options]
    for options in (shown, explored):
        assert any("x.png" in option.replace("\\", "") for option in options)
        assert not any("![" in option or "](" in option for option in options)


def test_a_suspect_is_compared_in_the_orders_that_are_known(open_app: Open, demo: DemoServers) -> None:
    app = open_page(open_app)
    show = next(one for one in report(PLACES.present()).shows if one.state is State.SUSPECT)
    app.session_state[f"compare-{show.title_id}"] = True
    app.run()
    assert not app.exception, app.exception
    assert "<td>Aired order</td>" in source(app)
    assert any(button.label == "Keep aired order" for button in app.button)
    assert demo.knobs["tmdb"].count == 0, "it is read from our own files"

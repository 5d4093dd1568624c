"""The page Collections: finding what is missing, ignoring it and getting it back, saying which film a film is."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from starlette.requests import Request
from starlette.responses import Response
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import MenuButton

from plexgap.demo.servers import DemoServers
from plexgap.domain.decisions import Override
from plexgap.domain.library import Kind
from plexgap.domain.verdicts import Outcome, State
from plexgap.ui import server
from plexgap.ui.parts_collections import PAGE
from plexgap.ui.parts_tiles import head_html, tiles_html
from plexgap.ui.resources import PLACES, report
from plexgap.views.collection_card import collection_card
from plexgap.views.collections import Pick
from plexgap.views.films import CollectionReport, FilmTally
from tests.lettered import NOW
from tests.lettered_films import collection
from tests.pages.conftest import Open
from tests.pages.reading import heading, missing, source, text

pytestmark = pytest.mark.usefixtures("checked")
HOSTILE = '<b>&</b> "Reels" <script>alert(1)</script> ![x](http://example.invalid/x.png)'


def open_page(open_app: Open) -> AppTest:
    app = open_app()
    app.switch_page("pages/collections.py").run()
    return app


def now() -> tuple[CollectionReport, ...]:
    return report(PLACES.present()).collections


def tally() -> FilmTally:
    return report(PLACES.present()).films.tally


def with_gaps(missing: int = 1) -> CollectionReport:
    return next(one for one in now() if len(one.missing) >= missing)


def choose(app: AppTest, kind: str, one: CollectionReport, label: str) -> AppTest:
    """Chooses from a menu of the collection's card."""
    menu = next(each for each in app.get("menu_button") if each.key == f"{kind}-{one.collection_id}")
    assert isinstance(menu, MenuButton)
    menu.click_index([option.replace("\\", "") for option in menu.options].index(label))
    return app.run()


def pick(app: AppTest, pick: Pick | None) -> AppTest:
    app.session_state["show"] = pick
    return app.run()


def names(app: AppTest) -> list[str]:
    return re.findall(r'<div class="over"><h2 title="(.*?)">', source(app))


def test_the_heading_the_navigation_and_the_rows_say_the_same(open_app: Open, demo: DemoServers) -> None:
    app = open_page(open_app)
    assert missing(app) == tally().missing == source(app).count('class="tile missing"')
    assert heading(app) == f"{tally().missing} films are missing"
    assert len(names(app)) == tally().with_gaps
    assert f"In {tally().with_gaps} of the {tally().collections} collections you have started." in text(app)
    assert (demo.knobs["plex"].count, demo.knobs["tmdb"].count) == (0, 0)
    assert "not endorsed or certified by TMDB" in text(app)


def test_every_missing_film_is_one_link_to_debrid_media_manager(open_app: Open) -> None:
    app = open_page(open_app)
    urls = [line.links[0].url for one in now() for line in one.missing]
    assert sorted(
        re.findall(r'<a class="under" href="(.*?)" target="_blank" rel="noopener noreferrer"', source(app))
    ) == (sorted(urls))
    assert all(re.fullmatch(r"https://debridmediamanager\.com/movie/tt\d{7,}", url) for url in urls)


def test_all_collections_are_listed_twenty_five_a_page(open_app: Open) -> None:
    app = open_page(open_app)
    pick(app, None)
    assert len(names(app)) == PAGE < tally().collections
    first = names(app)
    app.session_state["page"] = 2
    app.run()
    assert len(first) + len(names(app)) == tally().collections
    assert not set(first) & set(names(app))


def test_ignoring_a_collection_moves_every_count_and_undo_puts_it_back(open_app: Open) -> None:
    app = open_page(open_app)
    one, before = with_gaps(), tally()
    choose(app, "ignore", one, "The whole collection")
    assert missing(app) == before.missing - len(one.missing)
    assert one.name not in names(app)
    assert f"Ignored {one.name}." in text(app)
    assert tally().complete == before.complete + 1
    app.button(key="undo").click().run()
    assert tally() == before
    assert one.name in names(app)
    app.button(key="undo").click().run()
    assert tally().missing == before.missing - len(one.missing), "ignored again"


def test_an_ignored_film_can_be_counted_again_where_it_stands_and_at_the_foot(open_app: Open) -> None:
    app = open_page(open_app)
    one, before = with_gaps(2), tally()
    film = one.missing[0]
    named = f"{film.title} ({film.year})"
    choose(app, "ignore", one, named)
    assert missing(app) == before.missing - 1
    assert f"{film.year} ignored" in text(app)
    choose(app, "back", one, f"Count {named} again")
    assert tally() == before
    choose(app, "ignore", one, named)
    app.session_state["fold-ignored"] = True
    app.run()
    assert "the film" in text(app)
    next(button for button in app.button if str(button.key).startswith("unignore-")).click().run()
    assert tally() == before


def test_an_ignored_film_stands_on_no_other_page(open_app: Open) -> None:
    app = open_page(open_app)
    choose(app, "ignore", with_gaps(), "The whole collection")
    assert any(one.label.startswith("Ignored, 1") for one in app.expander)
    app.switch_page("pages/missing.py").run()
    assert not any(one.label.startswith("Ignored") for one in app.expander)


def test_the_collection_that_is_acted_upon_keeps_its_place(open_app: Open) -> None:
    app = open_page(open_app)
    one, before = with_gaps(2), names(app)
    choose(app, "ignore", one, f"{one.missing[0].title} ({one.missing[0].year})")
    assert names(app) == before


def test_a_search_finds_collections_by_their_films_and_says_when_it_finds_none(open_app: Open) -> None:
    app = open_page(open_app)
    complete = next(one for one in now() if one.state is State.COMPLETE)
    app.text_input(key="q").set_value(complete.lines[0].title.upper()).run()
    assert "No collection with gaps matches" in text(app)
    app.button(key="search-all").click().run()
    assert complete.name in names(app)
    app.text_input(key="q").set_value("nowhere at all").run()
    assert 'No collection matches "nowhere at all".' in text(app)
    app.button(key="clear-search").click().run()
    assert len(names(app)) == min(PAGE, tally().collections)


def test_the_order_is_the_readers(open_app: Open) -> None:
    app = open_page(open_app)
    app.selectbox(key="sort").select("most-missing").run()
    counts = [len(next(one for one in now() if one.name == name).missing) for name in names(app)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]
    app.selectbox(key="sort").select("name").run()
    assert names(app) == sorted(names(app), key=str.casefold)


def test_saying_which_film_it_is_asks_tmdb_and_can_be_taken_back(open_app: Open) -> None:
    app = open_page(open_app)
    before = tally()
    film = next(one for one in report(PLACES.present()).films.open if one.state is State.NEEDS_MAPPING)
    assert f"{film.title}" in text(app)
    app.text_input(key=f"named-{film.film_id}").set_value("no number").run()
    app.button(key=f"use-{film.film_id}").click().run()
    assert "That is no number of TMDB." in app.error[0].value
    app.text_input(key=f"named-{film.film_id}").set_value("999999").run()
    app.button(key=f"use-{film.film_id}").click().run()
    assert "TMDB does not list" in app.error[0].value
    wanted = with_gaps().missing[0]
    address = f"https://www.themoviedb.org/movie/{wanted.tmdb_id}-x"
    app.text_input(key=f"named-{film.film_id}").set_value(address).run()
    app.button(key=f"use-{film.film_id}").click().run()
    assert f"{film.title} now counts as {wanted.title} ({wanted.year})." in text(app)
    assert tally() == replace(before, to_map=before.to_map - 1, **moved(before, -1))
    app.button(key="undo").click().run()
    assert tally().to_map == before.to_map
    assert tally().missing == before.missing


def test_a_second_word_on_a_film_and_taking_the_first_back_can_both_be_undone(open_app: Open) -> None:
    app = open_page(open_app)
    decisions, wanted = PLACES.present().house.decisions, with_gaps().missing[0]
    film = next(one for one in report(PLACES.present()).films.open if one.state is State.NEEDS_MAPPING)
    first = Override(film.ref, NOW, tmdb_id=999_999, kind=Kind.MOVIE)
    decisions.set_override(first)
    app.run()
    app.text_input(key=f"named-{film.film_id}").set_value(str(wanted.tmdb_id)).run()
    app.button(key=f"use-{film.film_id}").click().run()
    assert [said.tmdb_id for said in decisions.load().overrides] == [wanted.tmdb_id]
    app.button(key="undo").click().run()
    assert f"What you said of {film.title} before counts again." in text(app)
    assert decisions.load().overrides == (first,)
    app.button(key=f"forget-{film.film_id}").click().run()
    assert f"{film.title} is judged by what Plex says again." in text(app)
    assert decisions.load().overrides == ()
    app.button(key="undo").click().run()
    assert decisions.load().overrides == (first,)


def moved(before: FilmTally, missing: int) -> dict[str, int]:
    """One collection that lacked one film is complete now."""
    return {
        "missing": before.missing + missing,
        "with_gaps": before.with_gaps - 1,
        "complete": before.complete + 1,
    }


def test_a_collection_that_could_not_be_checked_is_counted_by_itself(open_app: Open) -> None:
    app = open_page(open_app)
    one, before, index = with_gaps(), tally(), PLACES.present().house.index
    (check,) = (check for check in index.collection_checks() if check.collection_id == one.tmdb_id)
    tried_at = check.tried_at + timedelta(hours=1)
    failed = replace(check, outcome=Outcome.UNKNOWN, reason="TMDB did not answer.", tried_at=tried_at)
    index.save_films((), (failed,), check.tried_at.replace(year=2000))
    app.run()
    assert missing(app) == before.missing - len(one.missing)
    assert "1 collection could not be checked." in text(app)
    assert one.name not in names(app)
    app.button(key="show-unknown-partial-films").click().run()
    assert names(app) == [one.name]
    assert "? Not checked" in text(app)
    assert "What was known today" in text(app)


def test_titles_are_text_wherever_they_stand() -> None:
    named = collection("X", "hmu")
    hostile = replace(
        named,
        name=HOSTILE,
        lines=tuple(replace(line, title=HOSTILE, why=f"TMDB lists {HOSTILE}.") for line in named.lines),
    )
    card = collection_card(hostile, NOW, UTC, 24)
    drawn = head_html(card) + tiles_html(card)
    assert "<script" not in drawn
    assert "<b>&</b>" not in drawn
    assert '<img src="http' not in drawn
    assert drawn.count("&lt;script&gt;") >= 10


# ---------------------------------------------------------------- pictures


def poster(name: str) -> Response:
    scope = {"type": "http", "method": "GET", "path": f"/poster/{name}", "headers": [], "path_params": {"name": name}}
    return asyncio.run(server.poster(Request(scope)))


def test_a_film_that_plex_lacks_has_tmdbs_picture_asked_for_once_without_the_key(
    open_app: Open, demo: DemoServers
) -> None:
    open_page(open_app)
    film = with_gaps().missing[0]
    given = poster(f"tmdb-{film.tmdb_id}.webp")
    assert (given.status_code, given.media_type) == (200, "image/webp")
    assert given.headers["Cache-Control"] == "private, max-age=3600"
    assert poster(f"tmdb-{film.tmdb_id}.webp").body == given.body
    (asked,) = demo.knobs["tmdb"].requests
    assert asked.path == f"/t/p/w342{film.poster_path}"
    kept = PLACES.present().house.paths.images / "tmdb_image" / f"{film.tmdb_id}.thumb.webp"
    assert kept.is_file()


def test_a_film_that_plex_has_shows_plexs_own_picture(open_app: Open, demo: DemoServers) -> None:
    open_page(open_app)
    line = next(line for line in with_gaps().lines if line.is_held)
    assert poster(f"{line.poster_key}.webp").headers["Cache-Control"] == "private, max-age=3600"
    assert demo.knobs["tmdb"].count == 0
    assert (PLACES.present().house.paths.images / "movie_image" / f"{line.poster_key}.thumb.webp").is_file()


def test_no_other_picture_can_be_had_through_us(open_app: Open, demo: DemoServers) -> None:
    open_page(open_app)
    for name in ("../config.json", "tmdb-../x.webp", "tmdb-1.jpg", "tmdb-.webp", "..%2fx.webp", "1/2.webp", "١.webp"):
        assert poster(name).status_code == 404
    assert poster("tmdb-603.webp").headers["Cache-Control"] == "private, max-age=60", "drawn by ourselves"
    assert (demo.knobs["plex"].count, demo.knobs["tmdb"].count) == (0, 0)
    assert not (PLACES.present().house.paths.images / "tmdb_image").exists()

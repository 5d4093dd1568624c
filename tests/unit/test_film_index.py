"""Films in the mirror: what is held of them, and their checks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from plexgap.domain.catalogue import Candidate
from plexgap.domain.films import CollectionCheck, CollectionListing, FilmCheck, ListedFilm
from plexgap.domain.ids import ExternalId, Source
from plexgap.domain.library import ItemRow, Kind, MediaRow, PartRow, Probe, Section, Server
from plexgap.domain.verdicts import Outcome
from plexgap.store.index import Index, Whole
from tests.support import NOW

MOVIES = Section("1", "uuid-1", "Movies", Kind.MOVIE)
OTHER = Section("5", "uuid-5", "Movies 4K", Kind.MOVIE)
FILM = FilmCheck("12", "mark", Outcome.JUDGED, "", 603, 2344, (), NOW, NOW)
LISTING = CollectionListing(
    2344,
    "The Matrix Collection",
    (
        ListedFilm(603, "The Matrix", date(1999, 3, 31), poster_path="/a.jpg"),
        ListedFilm(604, "", None, True, True, "", "tt0234215", 138),
    ),
    NOW,
    "Red pill.",
)
BEGUN = CollectionCheck(2344, LISTING.name, Outcome.JUDGED, "", LISTING, NOW, absent=(604,), stamp=7)
LONG_AGO = NOW - timedelta(days=182)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with closing(Index(tmp_path / "library.db", NOW)) as index:
        index.save_server(Server("machine", "Attic", "1.43"))
        index.save_sections([MOVIES, OTHER])
        yield index


def row(key: str, title: str, *guids: str, guid: str = "", **more: object) -> ItemRow:
    media = (MediaRow(int(key), (PartRow(int(key), f"/movies/{title}.mkv", 1),)),)
    made = ItemRow(key, Kind.MOVIE, title, guid, guids, 1999, media=media, duration_ms=8_160_000, thumb="/t")
    return replace(made, **more)  # type: ignore[arg-type]


def read(index: Index, section: Section, *rows: ItemRow) -> None:
    run = index.begin_run("full", NOW)
    index.write_page(run, section, rows, NOW)
    index.close_section(section, Whole(run, Probe(), NOW, is_deep=True), accept_removals=True, now=NOW)


def test_held_films_come_with_their_guids_by_rating_key(index: Index) -> None:
    read(
        index, MOVIES, row("101", "B", guid="com.plexapp.agents.imdb://tt0133093?lang=en"), row("12", "A", "tmdb://603")
    )
    read(index, OTHER, row("9", "A", "imdb://tt0133093", "tmdb://603", guid="plex://movie/a"))
    films = index.films()
    assert [(film.rating_key, film.title, film.section_title) for film in films] == [
        ("9", "A", "Movies 4K"),
        ("12", "A", "Movies"),
        ("101", "B", "Movies"),
    ]
    imdb, tmdb = ExternalId(Source.IMDB, "tt0133093"), ExternalId(Source.TMDB, "603")
    assert [film.ids for film in films] == [{imdb, tmdb}, {tmdb}, {imdb}]
    assert films[0].guids == ("imdb://tt0133093", "tmdb://603")
    assert (films[0].duration_ms, films[0].thumb, films[0].held_back) == (8_160_000, "/t", False)
    assert [film.rating_key for film in index.films(["uuid-1"])] == ["12", "101"]
    assert index.films([]) == ()


def test_a_film_that_left_is_no_longer_held_and_known_as_gone(index: Index) -> None:
    read(index, MOVIES, row("12", "A", "tmdb://603"), row("13", "B", "tmdb://604"))
    assert index.gone_films() == frozenset()
    read(index, MOVIES, row("13", "B", "tmdb://604"))
    assert [film.rating_key for film in index.films()] == ["13"]
    assert index.gone_films() == {ExternalId(Source.TMDB, "603")}


def test_checks_are_read_as_they_were_saved_and_replaced_one_by_one(index: Index) -> None:
    unmapped = FilmCheck(
        *("13", "other", Outcome.NEEDS_MAPPING, "Two films fit its name.", None, None),
        *((Candidate(Source.TMDB, 9, "Northbound", 2014),), None, NOW),
    )
    failed = CollectionCheck(9, "Saw", Outcome.UNKNOWN, "TMDB is away.", None, NOW)
    gone = CollectionCheck(10, "Lost", Outcome.JUDGED, "", None, NOW, is_gone=True)
    index.save_films([FILM, unmapped], [BEGUN, failed, gone], LONG_AGO)
    assert index.film_checks() == {"12": FILM, "13": unmapped}
    assert index.collection_checks() == (failed, gone, BEGUN)
    moved = replace(FILM, film_id=604, outcome=Outcome.UNKNOWN, reason="TMDB is away.")
    index.save_films([moved], [replace(failed, outcome=Outcome.JUDGED, reason="")], LONG_AGO)
    assert index.film_checks() == {"12": moved, "13": unmapped}
    assert index.collection_checks()[0].outcome is Outcome.JUDGED


def test_what_was_said_longer_ago_than_tmdbs_terms_allow_is_dropped(index: Index) -> None:
    old = replace(BEGUN, listing=replace(LISTING, fetched_at=LONG_AGO - timedelta(seconds=1)))
    index.save_films([], [old, replace(BEGUN, collection_id=9)], LONG_AGO)
    assert [check.collection_id for check in index.collection_checks()] == [9]


def test_a_save_is_noticed_by_views(index: Index) -> None:
    before = index.revision()
    index.save_films([FILM], [], LONG_AGO)
    assert index.revision() > before

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from plexgap.domain.catalogue import Ask, Candidate, Hits
from plexgap.domain.errors import BadAnswer, NotListed, Unreachable
from plexgap.domain.films import FilmFacts
from plexgap.domain.ids import ExternalId, Source
from plexgap.sources.http import Transport
from plexgap.sources.tmdb import Tmdb, tmdb_transport
from plexgap.sources.tmdb_films import TmdbFilms
from tests.scripted import Answer, FakeTime, ScriptedServer
from tests.support import NOW
from tests.tmdb_forms import ABSENT

PAYLOADS = Path(__file__).parents[1] / "payloads" / "tmdb"
PROOF = Answer(json={"success": True, "status_code": 1, "status_message": "Success."})
MOVIE: dict[str, Any] = {
    "id": 7,
    "title": "Kestrel",
    "original_title": "Turmfalke",
    "adult": False,
    "video": False,
    "release_date": "2019-03-02",
    "belongs_to_collection": None,
    "imdb_id": "tt0770828",
    "runtime": 104,
    "overview": "A long text that nobody reads here.",
}
COLLECTION: dict[str, Any] = {"id": 9, "name": "Kestrel Collection", "overview": "Birds.", "parts": []}


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        server.on("/3/authentication", PROOF)
        yield server


@pytest.fixture
def transport(server: ScriptedServer, tmp_path: Path) -> Iterator[Transport]:
    time = FakeTime()
    made = tmdb_transport(
        "0123456789abcdef0123456789abcdef",
        server.url + "/3",
        cache_path=tmp_path / "http.sqlite",
        requests_per_second=20,
        workers=2,
        stop=time.stop,
        clock=time.clock,
        wait=time.wait,
    )
    with closing(made) as transport:
        yield transport


@pytest.fixture
def films(transport: Transport) -> TmdbFilms:
    now = lambda: NOW  # noqa: E731 - a clock that stands still
    return TmdbFilms(Tmdb(transport, now), now)


def payload(name: str) -> Any:
    return json.loads((PAYLOADS / name).read_text(encoding="utf-8"))


def part(number: int, **given: object) -> dict[str, object]:
    return {"id": number, "title": f"Part {number}", "adult": False, "video": False, **given}


def test_a_recorded_film_names_its_collection_its_imdb_id_and_its_length(
    server: ScriptedServer, films: TmdbFilms
) -> None:
    server.on("/3/movie/49521", Answer(json=payload("movie_49521.json")))
    assert films.film(49521) == FilmFacts(
        film_id=49521,
        title="Man of Steel",
        release_date=date(2013, 6, 12),
        fetched_at=NOW,
        imdb_id="tt0770828",
        runtime_min=143,
        collection_id=209131,
        collection_name="Man of Steel Collection",
    )


def test_a_recorded_collection_has_the_titles_that_stand_under_name(server: ScriptedServer, films: TmdbFilms) -> None:
    server.on("/3/collection/10", Answer(json=payload("doc_example_collection.json")))
    listing = films.collection(10)
    assert (listing.name, listing.fetched_at) == ("Star Wars Collection", NOW)
    assert [(film.film_id, film.title) for film in listing.parts] == [
        (11, "Star Wars"),
        (1891, "The Empire Strikes Back"),
        (1892, "Return of the Jedi"),
        (1893, "Star Wars: Episode I - The Phantom Menace"),
    ]
    assert all(film.poster_path.startswith("/") for film in listing.parts)


def test_parts_stand_in_order_of_release_each_once_and_those_without_a_date_last(
    server: ScriptedServer, films: TmdbFilms
) -> None:
    parts = [
        part(1, release_date=""),
        part(2, release_date=None),
        part(3),
        part(4, release_date="2099-01-01"),
        part(5, release_date="1999-05-19", adult=True),
        part(6, release_date="1999-05-18", video=True),
        part(7, release_date="31.12.1998"),
        part(6, release_date="1999-05-18", video=True),
    ]
    server.on("/3/collection/9", Answer(json=COLLECTION | {"parts": parts}))
    listing = films.collection(9)
    assert [film.film_id for film in listing.parts] == [6, 5, 4, 1, 2, 3, 7]
    assert [film.release_date for film in listing.parts][2:] == [date(2099, 1, 1), None, None, None, None]
    assert [(film.adult, film.video) for film in listing.parts][:2] == [(False, True), (True, False)]


@pytest.mark.parametrize("empty", ["", None, "nm0000001", 0])
def test_a_film_without_an_imdb_id_has_none(server: ScriptedServer, films: TmdbFilms, empty: object) -> None:
    body = MOVIE | {"imdb_id": empty if not isinstance(empty, int) else None, "runtime": 0, "release_date": ""}
    server.on("/3/movie/7", Answer(json=body))
    found = films.film(7)
    assert (found.imdb_id, found.runtime_min, found.release_date, found.collection_id) == (None, None, None, None)


def test_an_answer_that_does_not_say_whether_there_is_a_collection_is_none(
    server: ScriptedServer, films: TmdbFilms
) -> None:
    body = {name: value for name, value in MOVIE.items() if name != "belongs_to_collection"}
    server.on("/3/movie/7", Answer(json=body))
    with pytest.raises(BadAnswer):
        films.film(7)


@pytest.mark.parametrize("question", ["film", "collection"])
def test_only_tmdbs_own_404_says_that_there_is_no_such_thing(
    server: ScriptedServer, films: TmdbFilms, question: str
) -> None:
    path = {"film": "/3/movie/7", "collection": "/3/collection/7"}[question]
    server.on(path, Answer(status=404, json=ABSENT), Answer(status=404, body=b"<html>", kind="text/html"))
    with pytest.raises(NotListed):
        getattr(films, question)(7)
    with pytest.raises(BadAnswer):
        getattr(films, question)(7, Ask.FRESH)
    server.on(path, Answer(status=500, json={}))
    with pytest.raises(Unreachable):
        getattr(films, question)(7, Ask.FRESH)


def test_another_film_or_collection_than_was_asked_for_is_no_answer(server: ScriptedServer, films: TmdbFilms) -> None:
    server.on("/3/movie/8", Answer(json=MOVIE))
    server.on("/3/collection/8", Answer(json=COLLECTION))
    for question in (films.film, films.collection):
        with pytest.raises(BadAnswer, match=r"it is (film|collection)"):
            question(8)


def test_an_imdb_id_leads_to_films_and_not_to_the_shows_of_that_number(
    server: ScriptedServer, films: TmdbFilms
) -> None:
    found = {"movie_results": [{"id": 603}, {"id": 604}, {"id": 603}], "tv_results": [{"id": 9350}]}
    server.on("/3/find/tt0133093", Answer(json=found))
    assert films.find_film(ExternalId(Source.IMDB, "tt0133093")) == (603, 604)
    assert server.asked[0].query["external_source"] == "imdb_id"
    assert films.find_film(ExternalId(Source.TMDB, "603")) == (603,)
    assert films.find_film(ExternalId(Source.TVDB, "81189")) == ()
    assert len(server.asked) == 1


def test_a_search_offers_films_with_the_year_of_their_release(server: ScriptedServer, films: TmdbFilms) -> None:
    rows = [
        {"id": 1, "title": "Kestrel", "original_title": "Turmfalke", "release_date": "2019-03-02"},
        {"id": 2, "title": "Kestrels", "original_title": "Kestrels", "release_date": ""},
    ]
    server.on("/3/search/movie", Answer(json={"page": 1, "results": rows, "total_pages": 2, "total_results": 21}))
    expected = (
        Candidate(Source.TMDB, 1, "Kestrel", 2019, original_title="Turmfalke"),
        Candidate(Source.TMDB, 2, "Kestrels", None),
    )
    assert films.search_film("Kestrel", 2019) == Hits(expected, more=True)
    assert server.asked[0].query == {**server.asked[0].query, "query": "Kestrel", "primary_release_year": "2019"}
    server.on("/3/search/movie", Answer(json=payload("search_movie_no_result.json")))
    assert films.search_film("Nothing of that name") == Hits(())


def test_an_answer_that_did_not_change_is_as_good_as_a_new_one(server: ScriptedServer, films: TmdbFilms) -> None:
    server.on("/3/movie/7", Answer(json=MOVIE, etag='W/"1"'))
    server.on("/3/collection/9", Answer(json=COLLECTION | {"parts": [part(7)]}, etag='W/"2"'))
    first: tuple[object, ...] = (films.film(7), films.collection(9))
    assert (films.film(7), films.collection(9)) == first
    assert [asked.headers.get("if-none-match") for asked in server.asked] == [None, None, 'W/"1"', 'W/"2"']
    films.film(7, Ask.FRESH)
    assert server.asked[-1].headers.get("if-none-match") is None


def test_a_moment_is_that_of_the_question(transport: Transport, server: ScriptedServer) -> None:
    moments = iter([NOW, datetime.max.replace(tzinfo=NOW.tzinfo)])
    films = TmdbFilms(Tmdb(transport, lambda: NOW), lambda: next(moments))
    server.on("/3/movie/7", Answer(json=MOVIE))
    assert films.film(7).fetched_at == NOW

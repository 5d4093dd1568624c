from __future__ import annotations

import json
import stat
from datetime import date
from pathlib import Path

import pytest

from plexgap.domain.catalogue import Candidate, Hits
from plexgap.domain.films import CollectionListing, FilmFacts, ListedFilm
from plexgap.domain.ids import ExternalId, Source
from plexgap.store.cache import Listings
from plexgap.store.film_files import FilmFiles, FoundFilms, Gone, SearchedFilms
from tests.support import NOW

FACTS = FilmFacts(603, "The Matrix", date(1999, 3, 31), NOW, "tt0133093", 136, 2344, "The Matrix Collection")
LISTING = CollectionListing(
    2344,
    "The Matrix Collection",
    (ListedFilm(603, "The Matrix", date(1999, 3, 31), poster_path="/a.jpg"), ListedFilm(9, "", None, True, True)),
    NOW,
    "Red pill.",
)
IMDB = ExternalId(Source.IMDB, "tt0133093")


@pytest.fixture
def files(tmp_path: Path) -> FilmFiles:
    return FilmFiles(tmp_path / "cache")


def test_what_is_saved_is_read_again(files: FilmFiles) -> None:
    unasked = (files.film(603), files.collection(2344), files.found(IMDB), files.searched("Matrix", 1999))
    assert unasked == (None, None, None, None)
    alone = FilmFacts(604, "", None, NOW)
    hits = Hits((Candidate(Source.TMDB, 603, "The Matrix", 1999, original_title="Matrix"),), more=True)
    files.save_film(FACTS)
    files.save_film(alone)
    files.save_collection(LISTING)
    files.save_found(IMDB, (603,), NOW)
    files.save_searched("Matrix", 1999, hits, NOW)
    assert (files.film(603), files.film(604), files.collection(2344)) == (FACTS, alone, LISTING)
    assert files.found(IMDB) == FoundFilms((603,), NOW)
    assert files.searched("Matrix", 1999) == SearchedFilms(hits, NOW)
    assert files.searched("Matrix", None) is None


def test_that_a_thing_is_gone_is_kept_and_replaced_when_it_is_back(files: FilmFiles) -> None:
    files.save_film_gone(603, NOW)
    files.save_collection_gone(2344, NOW)
    assert files.film(603) == files.collection(2344) == Gone(NOW)
    files.save_film(FACTS)
    files.save_collection(LISTING)
    assert (files.film(603), files.collection(2344)) == (FACTS, LISTING)


@pytest.mark.parametrize(
    "text", ["", "{", '{"form": 2}', '{"form": 1, "id": 604, "fetched_at": "2026-01-01T00:00:00Z"}']
)
def test_a_file_that_is_broken_or_of_another_film_counts_as_absent(files: FilmFiles, tmp_path: Path, text: str) -> None:
    files.save_film(FACTS)
    files.save_collection(LISTING)
    for name in ("movie-603.json", "collection-2344.json"):
        (tmp_path / "cache" / "tmdb" / name).write_text(text, encoding="utf-8")
    assert files.film(603) is None
    assert files.collection(2344) is None


def test_files_are_readable_by_people_and_by_their_owner_alone(files: FilmFiles, tmp_path: Path) -> None:
    files.save_collection(LISTING)
    path = tmp_path / "cache" / "tmdb" / "collection-2344.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text(encoding="utf-8"))["parts"][0] == {
        "id": 603,
        "title": "The Matrix",
        "release_date": "1999-03-31",
        "poster_path": "/a.jpg",
    }


def test_a_stamp_moves_with_every_save(files: FilmFiles) -> None:
    assert files.collection_stamp(2344) is None
    files.save_collection(LISTING)
    first = files.collection_stamp(2344)
    assert first is not None
    files.save_collection_gone(2344, NOW)
    assert files.collection_stamp(2344) not in (None, first)


@pytest.mark.parametrize("number", [0, -5])
def test_a_number_that_is_none_leads_to_no_file(files: FilmFiles, number: int) -> None:
    with pytest.raises(ValueError, match="is no movie"):
        files.film(number)


def test_films_are_counted_and_emptied_with_the_rest(tmp_path: Path) -> None:
    listings = Listings(tmp_path / "cache")
    listings.films.save_film(FACTS)
    listings.films.save_collection(LISTING)
    listings.films.save_found(IMDB, (603,), NOW)
    listings.films.save_searched("Matrix", 1999, Hits(()), NOW)
    stats = listings.stats()
    assert stats.titles == 2
    assert stats.bytes > 0
    assert listings.clear() == 4
    assert listings.films.film(603) is None

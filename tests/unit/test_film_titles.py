from __future__ import annotations

from dataclasses import replace

from plexgap.domain.films import HeldFilm
from plexgap.domain.ids import ExternalId, Source
from plexgap.gaps.film_titles import FilmTitle, first_of_families, group_films, ids_to_try, mark


def held(key: str, title: str = "Kestrel", year: int | None = 2019, guid: str = "", *guids: str) -> HeldFilm:
    return HeldFilm(key, "movies", "Movies", title, year, guid, guids)


def names(rounds: tuple[tuple[FilmTitle, ...], ...]) -> list[list[str]]:
    return [[film.name for film in each] for each in rounds]


def test_editions_copies_and_other_libraries_are_one_film() -> None:
    films = group_films(
        [
            held("12", "Kestrel", 2019, "plex://movie/a", "tmdb://7"),
            held("9", "Kestrel (Director's Cut)", 2019, "plex://movie/a"),
            held("101", "Turmfalke", 2019, "local://101", "tmdb://7"),
            held("3", "Kestrel", 2019, "plex://movie/b", "tmdb://8"),
        ]
    )
    assert [film.rating_keys for film in films] == [("3",), ("9", "12", "101")]
    assert [film.name for film in films] == ["Kestrel", "Kestrel (Director's Cut)"]


def test_films_of_one_title_without_a_common_id_stay_two() -> None:
    assert len(group_films([held("1", guid="local://1"), held("2", guid="local://2")])) == 2


def test_ids_are_tried_tmdbs_first_and_those_of_thetvdb_not_at_all() -> None:
    (film,) = group_films([held("1", "Kestrel", 2019, "plex://movie/a", "tvdb://5", "imdb://tt0133093", "tmdb://603")])
    assert ids_to_try(film) == (ExternalId(Source.TMDB, "603"), ExternalId(Source.IMDB, "tt0133093"))
    (legacy,) = group_films([held("1", guid="com.plexapp.agents.imdb://tt0133093?lang=en")])
    assert ids_to_try(legacy) == (ExternalId(Source.IMDB, "tt0133093"),)
    (own,) = group_films([held("1", guid="com.plexapp.agents.themoviedb://603?lang=en")])
    assert ids_to_try(own) == (ExternalId(Source.TMDB, "603"),)


def test_a_mark_moves_with_all_that_says_which_film_it_is_and_with_nothing_else() -> None:
    item = held("1", "Kestrel", 2019, "plex://movie/a", "tmdb://603")
    moved = [
        replace(item, title="Kestrels"),
        replace(item, year=2020),
        replace(item, guid="plex://movie/b"),
        replace(item, guids=("tmdb://604",)),
    ]
    assert len({mark(item), mark(item, 5), *map(mark, moved)}) == 6
    assert mark(replace(item, rating_key="2", thumb="/t", duration_ms=5, held_back=True)) == mark(item)


def test_one_film_of_each_family_is_asked_for_before_the_others_of_it() -> None:
    titles = [
        *(("Alien", 1979), ("Aliens", 1986), ("Alien³", 1992), ("Alien Resurrection", 1997)),
        *(("The Lord of the Rings: The Two Towers", 2002), ("The Lord of the Rings: The Return of the King", 2003)),
        *(("Iron Man", 2008), ("Iron Man 2", 2010), ("The Iron Giant", 1999)),
        *(("Saw", 2004), ("Saw II", 2005), ("2001: A Space Odyssey", 1968), ("1917", 2019), ("300", 2006)),
    ]
    films = group_films([held(str(n), title, year, f"local://{n}") for n, (title, year) in enumerate(titles)])
    rounds = names(first_of_families(films))
    first = set(rounds[0])
    assert {"Alien", "The Iron Giant", "Saw", "The Lord of the Rings: The Two Towers"} <= first
    assert not {"Saw II", "Iron Man", "Alien Resurrection", "The Lord of the Rings: The Return of the King"} & first
    assert "Iron Man" in rounds[1]
    assert "Iron Man 2" not in rounds[1]
    assert sorted(name for each in rounds for name in each) == sorted(title for title, _ in titles)
    assert all(each for each in rounds)


def test_no_film_is_no_round() -> None:
    assert first_of_families(()) == ()


def test_films_of_one_title_are_each_asked_for() -> None:
    films = group_films([held(str(n), "???", None, f"local://{n}") for n in range(6)])
    rounds = first_of_families(films)
    assert [len(each) for each in rounds] == [1, 1, 1, 3]

from __future__ import annotations

from plexgap.gaps.match import group_titles, ids_to_try
from tests.support import show_item


def keys(*items: object) -> list[tuple[str, ...]]:
    return [title.rating_keys for title in group_titles(items)]  # type: ignore[arg-type]


def test_items_with_one_plex_guid_are_one_title() -> None:
    a = show_item("1", guid="plex://show/a", guids=())
    b = show_item("2", guid="plex://show/a", guids=("tmdb://5",))
    c = show_item("3", guid="plex://show/c", guids=("tmdb://5",))
    assert keys(c, b, a) == [("1", "2", "3")]


def test_two_shows_of_one_name_stay_two() -> None:
    assert keys(show_item("1", guids=("tmdb://1",)), show_item("2", guids=("tmdb://2",))) == [("1",), ("2",)]


def test_a_lesser_id_joins_nothing_while_surer_ones_differ() -> None:
    a = show_item("1", guids=("tmdb://1", "imdb://tt0903747"))
    b = show_item("2", guids=("tmdb://2", "imdb://tt0903747"))
    assert keys(a, b) == [("1",), ("2",)]


def test_local_guids_join_nothing() -> None:
    assert keys(show_item("1", guid="local://9", guids=()), show_item("2", guid="local://9", guids=())) == [
        ("1",),
        ("2",),
    ]


def test_rating_keys_sort_as_numbers() -> None:
    assert keys(show_item("10", guids=()), show_item("9", guids=())) == [("9",), ("10",)]


def test_ids_are_tried_tmdb_first_then_tvdb_then_imdb() -> None:
    (title,) = group_titles([show_item(guids=("imdb://tt0903747", "tvdb://81189", "tmdb://77", "tmdb://5"))])
    assert [str(own) for own in ids_to_try(title)] == ["tmdb://5", "tmdb://77", "tvdb://81189", "imdb://tt0903747"]

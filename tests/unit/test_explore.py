"""The titles that the mirror holds: found, paged, opened; and the words they are shown with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from plexgap.domain.library import ItemRow, Kind, MediaRow, PartRow, Probe, Section, Server
from plexgap.domain.verdicts import State
from plexgap.store.index import Index, Sought, Whole
from plexgap.views.explore import by_height, codec_label, found, opened_title, resolution_label
from tests.reports import report, show
from tests.support import NOW

SHOWS = Section("1", "uuid-1", "TV", Kind.SHOW)
MOVIES = Section("2", "uuid-2", "Movies", Kind.MOVIE)


def media(number: int, file: str, size: int, resolution: str = "1080", codec: str = "hevc") -> MediaRow:
    part = PartRow(number, file, size)
    return MediaRow(number, (part,), video_codec=codec, resolution=resolution)


def film(key: str, title: str, year: int, *versions: MediaRow, **more: object) -> ItemRow:
    return replace(ItemRow(key, Kind.MOVIE, title, year=year, media=versions), **more)  # type: ignore[arg-type]


def episode(key: str, show_key: str, season: int | None, number: int, held: MediaRow) -> ItemRow:
    return ItemRow(
        key,
        Kind.EPISODE,
        f"Part {number}",
        index=number,
        parent_index=season,
        grandparent_key=show_key,
        media=(held,),
    )


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with closing(Index(tmp_path / "library.db", NOW)) as index:
        index.save_server(Server("machine", "Attic", "1.43"))
        index.save_sections([SHOWS, MOVIES])
        read(
            index,
            SHOWS,
            ItemRow("1", Kind.SHOW, "Élan", year=1994, leaf_count=4),
            episode("11", "1", 1, 1, media(11, "/tv/double.mkv", 500)),
            episode("12", "1", 1, 2, media(12, "/tv/double.mkv", 500)),
            episode("13", "1", 2, 1, media(13, "/tv/13.mkv", 700, "4k", "h264")),
            episode("14", "1", 0, 1, media(14, "/tv/14.mkv", 30, "sd", "mpeg4")),
            ItemRow("2", Kind.SHOW, "The Bay", year=2011, title_sort="Bay", leaf_count=0),
        )
        read(
            index,
            MOVIES,
            film("21", "Calm", 1999, media(21, "/movies/calm.mkv", 900), media(22, "/movies/calm 4k.mkv", 4000, "4k")),
            film("23", "Das Boot", 1981, media(23, "C:\\films\\boot.avi", 800, "sd", "mpeg4"), original_title="U-96"),
        )
        yield index


def read(index: Index, section: Section, *rows: ItemRow) -> None:
    run = index.begin_run("full", NOW)
    index.write_page(run, section, rows, NOW)
    index.close_section(section, Whole(run, Probe(), NOW, is_deep=True), accept_removals=True, now=NOW)


def names(index: Index, **sought: object) -> list[str]:
    page = index.titles(Sought(**sought), 0, 10)  # type: ignore[arg-type]
    assert page.total == len(page.titles)
    return [title.title for title in page.titles]


def test_titles_stand_in_the_order_of_their_sorting_names_a_page_at_a_time(index: Index) -> None:
    assert names(index) == ["The Bay", "Calm", "Das Boot", "Élan"]
    page = index.titles(Sought(), 1, 2)
    assert (page.total, [title.title for title in page.titles]) == (4, ["Calm", "Das Boot"])
    assert index.titles(Sought(), 4, 2).titles == ()


@pytest.mark.parametrize(
    ("sought", "expected"),
    [
        ({"search": "elan"}, ["Élan"]),
        ({"search": "u-96"}, ["Das Boot"]),
        ({"search": "boot das"}, ["Das Boot"]),
        ({"search": "100%"}, []),
        ({"sections": ("uuid-2",)}, ["Calm", "Das Boot"]),
        ({"decades": (1990,)}, ["Calm", "Élan"]),
        ({"resolutions": ("4k",)}, ["Calm", "Élan"]),
        ({"resolutions": ("4k",), "codecs": ("hevc",)}, ["Calm"]),
        ({"codecs": ("mpeg4",), "sections": ("uuid-1",)}, ["Élan"]),
    ],
)
def test_titles_are_found_by_words_and_by_each_thing_they_are_picked_by(
    index: Index, sought: dict[str, object], expected: list[str]
) -> None:
    assert names(index, **sought) == expected


def test_a_file_of_two_episodes_counts_once(index: Index) -> None:
    title = next(one for one in index.titles(Sought(), 0, 10).titles if one.rating_key == "1")
    assert (title.seasons, title.episodes, title.size) == (3, 4, 1230)
    opened = index.title("1")
    assert opened is not None
    assert [(one.number, one.episodes, one.size) for one in opened.seasons] == [(1, 2, 500), (2, 1, 700), (0, 1, 30)]
    assert index.sizes(["11", "13", "99"]) == {"11": 500, "13": 700}


def test_what_plex_has_no_more_is_not_found(index: Index) -> None:
    read(index, MOVIES, film("23", "Das Boot", 1981, media(23, "/boot.avi", 800, "sd", "mpeg4")))
    assert names(index, sections=("uuid-2",)) == ["Das Boot"]
    assert index.title("21") is None


def test_what_can_be_picked_is_what_there_is(index: Index) -> None:
    facets = index.facets()
    assert facets.decades == (2010, 1990, 1980)
    assert facets.codecs == ("h264", "hevc", "mpeg4")
    assert by_height((*facets.resolutions, "720", "odd")) == ("4k", "1080", "720", "sd", "odd")
    assert [resolution_label(name) for name in ("4k", "1080", "sd", "odd")] == ["4K", "1080p", "SD", "ODD"]
    assert [codec_label(name) for name in ("hevc", "h264", "wmv3")] == ["HEVC", "H.264", "WMV3"]


def test_table_and_opened_title_say_what_is_held(index: Index) -> None:
    view = found(index.titles(Sought(), 0, 10), Sought())
    assert view.said == "4 titles"
    assert [(row.title, row.seasons, row.episodes, row.size, row.quality) for row in view.rows] == [
        ("The Bay", 0, 0, None, ""),
        ("Calm", None, None, 4900, "4K, 1080p"),
        ("Das Boot", None, None, 800, "SD"),
        ("Élan", 3, 4, 1230, "4K, 1080p, SD"),
    ]
    opened = index.title("1")
    assert opened is not None
    seen = opened_title(opened, report(show("Élan", State.COMPLETE, rating_keys=("1",))))
    assert (seen.about, seen.verdict) == ("TV · 3 seasons, 4 episodes, 1.2 kB", "Nothing of it is missing.")
    assert [(piece.name, piece.held, piece.codec) for piece in seen.pieces] == [
        ("Season 1", "2 episodes", "HEVC"),
        ("Season 2", "1 episode", "H.264"),
        ("Specials", "1 episode", "MPEG-4"),
    ]
    film = index.title("23")
    assert film is not None
    assert [piece.name for piece in opened_title(film, report()).pieces] == ["boot.avi"]


@pytest.mark.parametrize(
    ("sought", "said"),
    [
        (Sought(), "Nothing of your library is known yet. A check reads it."),
        (Sought(search=" zzz "), 'No title matches "zzz".'),
        (Sought(decades=(1990,)), "No title is of all that is picked."),
    ],
)
def test_an_empty_table_says_why(tmp_path: Path, sought: Sought, said: str) -> None:
    with closing(Index(tmp_path / "library.db", NOW)) as index:
        assert found(index.titles(sought, 0, 10), sought).said == said

"""The mirror: what is written, what leaves it and what doesn't, what a check is kept with."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from plexgap.domain import events
from plexgap.domain.catalogue import Candidate
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.errors import IncompleteListing, StoreError
from plexgap.domain.events import Change, RunStatus, Stats
from plexgap.domain.films import FilmCheck
from plexgap.domain.ids import ExternalId, Source
from plexgap.domain.library import (
    HeldEpisode,
    HeldFile,
    ItemRow,
    Kind,
    MediaRow,
    PartRow,
    Probe,
    Section,
    Server,
    ShowItem,
)
from plexgap.domain.verdicts import Absent, Check, Extra, Outcome, SeasonRow
from plexgap.gaps.orders import Setting
from plexgap.store import films, held, removal
from plexgap.store.held import Pictured
from plexgap.store.index import Counts, Index, PageWritten, Removal, Stamps, StoredCheck, Whole
from plexgap.store.runs import CHANGES_KEPT, Recorder
from tests.support import NOW

TV = Section("1", "uuid-1", "TV Shows", Kind.SHOW)
FILMS = Section("2", "uuid-2", "Films", Kind.MOVIE)
OTHER_TV = Section("3", "uuid-3", "Anime", Kind.SHOW)


class Mirror:
    """An index, written as a scan writes it; its clock goes on a minute with every run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.index = Index(path)
        self.now = NOW
        self.run_id = 0
        self.index.save_server(Server("machine", "Home", "1.43"))
        self.index.save_sections((TV, FILMS, OTHER_TV))

    def begin(self) -> None:
        self.now += timedelta(minutes=1)
        self.run_id = self.index.begin_run("full", self.now)

    def write(self, *rows: ItemRow, section: Section = TV, at: datetime | None = None) -> PageWritten:
        return self.index.write_page(self.run_id, section, rows, at or self.now)

    def close(self, section: Section = TV, *, complete: bool = True, accept: bool = False) -> Removal:
        if not complete:
            return self.index.fail_section(section, "It was cut.")
        whole = Whole(self.run_id, Probe(), self.now, is_deep=True)
        return self.index.close_section(section, whole, accept_removals=accept, now=self.now)

    def scan(self, *rows: ItemRow, section: Section = TV, accept: bool = False) -> Removal:
        """A whole run that meets these rows and no others."""
        self.begin()
        self.write(*rows, section=section)
        return self.close(section, accept=accept)

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(question).fetchall()

    def show(self, key: str = "s1") -> ShowItem:
        return next(item for item in self.index.shows() if item.rating_key == key)

    def codes(self, key: str = "s1") -> list[str]:
        return [f"{e.season}x{e.number}" for held in self.index.held([key]) for e in held.episodes]


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[Mirror]:
    made = Mirror(tmp_path / "library.db")
    yield made
    made.index.close()


def show(key: str = "s1", **given: Any) -> ItemRow:
    values = {"title": f"Show {key}", "guid": f"plex://show/{key}", "guids": ("tmdb://11", "tvdb://12")}
    return ItemRow(key, Kind.SHOW, **(values | given))


def season(key: str, number: int, show_key: str = "s1") -> ItemRow:
    return ItemRow(key, Kind.SEASON, f"Season {number}", index=number, parent_key=show_key)


def files(*paths: str, resolution: str = "1080") -> tuple[MediaRow, ...]:
    parts = tuple(PartRow(number, path, 1000, 1_500_000, "mkv") for number, path in enumerate(paths))
    return (MediaRow(1, parts, 1_500_000, "mkv", "h264", "aac", resolution),)


def episode(
    key: str, code: tuple[int | None, int | None] = (1, 1), show_key: str | None = "s1", **given: Any
) -> ItemRow:
    values: dict[str, Any] = {
        "title": f"Episode {key}",
        "guid": f"plex://episode/{key}",
        "guids": (f"tmdb://{key.strip('e') or 1}",),
        "air_date": date(2020, 1, 5),
        "media": files(f"/tv/{key}.mkv"),
        "updated_at": 5,
    }
    return ItemRow(key, Kind.EPISODE, parent_index=code[0], index=code[1], grandparent_key=show_key, **(values | given))


def season_of(count: int, show_key: str = "s1", first: int = 1) -> list[ItemRow]:
    return [episode(f"e{first + n}", (1, n + 1), show_key) for n in range(count)]


def movie(key: str) -> ItemRow:
    return ItemRow(key, Kind.MOVIE, f"Film {key}", guid=f"plex://movie/{key}")


def shows_with_one(count: int) -> list[ItemRow]:
    pairs = ((show(f"s{n}"), episode(f"e{n}", (1, 1), f"s{n}")) for n in range(count))
    return [row for pair in pairs for row in pair]


# ---------------------------------------------------------------- writing and reading back


def test_what_was_read_is_held(mirror: Mirror) -> None:
    row = episode(
        "e1",
        (1, 110),
        guids=("tmdb://501", "tvdb://502", "imdb://tt0000503", "plex://odd", "tmdb://0", "none"),
        media=(*files("/tv/a.mkv", "/tv/b.mkv"), MediaRow(2, (PartRow(9, "/tv/c.mkv", 1),), 77)),
    )
    mirror.scan(show(year=2019, thumb="/thumb/1", added_at=7), row, season("n1", 1))
    (held,) = mirror.index.held()
    assert held.item == ShowItem(
        rating_key="s1",
        section_uuid="uuid-1",
        section_title="TV Shows",
        title="Show s1",
        year=2019,
        guid="plex://show/s1",
        ids=frozenset({ExternalId(Source.TMDB, "11"), ExternalId(Source.TVDB, "12")}),
        revision=1,
        thumb="/thumb/1",
        added_at=7,
    )
    assert held.episodes == (
        HeldEpisode(
            "e1",
            1,
            110,
            "Episode e1",
            date(2020, 1, 5),
            frozenset(
                {
                    ExternalId(Source.TMDB, "501"),
                    ExternalId(Source.TVDB, "502"),
                    ExternalId(Source.IMDB, "tt0000503"),
                }
            ),
            (HeldFile("/tv/a.mkv", 1_500_000), HeldFile("/tv/b.mkv", 1_500_000), HeldFile("/tv/c.mkv", 77)),
        ),
    )


def test_a_legacy_guid_is_a_shows_id_but_never_an_episodes(mirror: Mirror) -> None:
    legacy = "com.plexapp.agents.thetvdb://81189{}?lang=en"
    mirror.scan(show(guid=legacy.format(""), guids=()), episode("e1", guid=legacy.format("/1/2"), guids=()))
    assert mirror.show().ids == frozenset({ExternalId(Source.TVDB, "81189")})
    assert mirror.index.held()[0].episodes[0].ids == frozenset()


def test_episodes_come_in_season_and_number_order_the_numberless_last(mirror: Mirror) -> None:
    codes = [(2, 1), (1, 110), (1, 9), (0, 3), (None, None), (1, None)]
    mirror.scan(show(), *(episode(f"e{n}", code) for n, code in enumerate(codes)))
    assert mirror.codes() == ["0x3", "1x9", "1x110", "1xNone", "2x1", "NonexNone"]


def test_held_is_given_in_the_order_asked_for(mirror: Mirror) -> None:
    mirror.scan(*shows_with_one(3))
    assert [held.item.rating_key for held in mirror.index.held(["s2", "gone", "s0"])] == ["s2", "s0"]
    assert [held.item.rating_key for held in mirror.index.held()] == ["s0", "s1", "s2"]
    assert mirror.index.held([]) == ()


def test_shows_are_those_of_the_sections_asked_for(mirror: Mirror) -> None:
    mirror.scan(show("s1"))
    mirror.scan(show("s2"), section=OTHER_TV)
    assert [item.section_title for item in mirror.index.shows(["uuid-3"])] == ["Anime"]
    assert mirror.index.shows([]) == ()
    assert len(mirror.index.shows()) == 2


@pytest.mark.parametrize(
    "ask",
    [
        held.shows,
        films.films,
        films.gone,
        lambda connection, server: held.count_titles(connection, server, [TV.uuid]),
    ],
    ids=["shows", "films", "films that left", "titles counted"],
)
def test_titles_are_found_without_going_through_the_episodes(
    ask: Callable[[sqlite3.Connection, int], object], mirror: Mirror
) -> None:
    """Counted in SQLite's own steps: with fifty times the episodes it takes hardly more of them."""
    mirror.scan(movie("m1"), section=FILMS)
    taken: Counter[int] = Counter()
    for episodes in (10, 500):
        mirror.scan(show(), *season_of(episodes))
        with closing(sqlite3.connect(mirror.path)) as connection:
            connection.set_progress_handler(partial(taken.update, [episodes]), 1)
            ask(connection, 1)
    assert 0 < taken[10] <= taken[500] < 1.5 * taken[10]


def test_counts_are_of_what_is_held(mirror: Mirror) -> None:
    mirror.scan(show(), season("n1", 1), *season_of(3))
    mirror.scan(movie("m1"), section=FILMS)
    assert mirror.index.counts() == Counts(shows=1, episodes=3, movies=1)


def test_an_item_that_is_held_says_where_its_picture_is(mirror: Mirror) -> None:
    film = replace(movie("m1"), title="The Drowned Atlas", thumb="/library/metadata/m1/thumb/1")
    mirror.scan(film, section=FILMS)
    assert mirror.index.pictured("m1") == Pictured("The Drowned Atlas", Kind.MOVIE, "/library/metadata/m1/thumb/1")
    assert mirror.index.pictured("m2") is None
    mirror.scan(movie("m2"), section=FILMS, accept=True)
    assert mirror.index.pictured("m1") is None, "Plex has it no more"


def test_odd_rows_are_kept(mirror: Mirror) -> None:
    twice = (*files("/a.mkv"), *files("/a.mkv"))
    odd = episode("e1", (None, None), guids=("tmdb://1", "tmdb://1", ""), title="", air_date=None, media=twice)
    mirror.scan(show("s1", title="<b>&\u2028 \U0001f600"), odd, odd)
    assert len(mirror.index.held()[0].episodes[0].files) == 2


def test_a_first_reading_tells_no_changes_and_a_later_one_does(mirror: Mirror) -> None:
    mirror.begin()
    assert mirror.write(show(), episode("e1")) == PageWritten(2, ())
    mirror.close()
    mirror.begin()
    assert mirror.write(show(), episode("e1"), episode("e2", (1, 2))) == PageWritten(
        1, (Change("added", "episode", "Show s1", 1, 2, "Episode e2"),)
    )


def test_an_equal_row_is_not_written_whatever_its_times_say(mirror: Mirror) -> None:
    mirror.scan(show(), episode("e1"))
    mirror.begin()
    assert mirror.write(show(), episode("e1")).written == 0
    moved = episode("e1", updated_at=99, view_count=1, last_viewed_at=98, thumb="/thumb/2")
    before = mirror.show().revision
    assert mirror.write(show(), moved) == PageWritten(1, ())
    assert mirror.ask("SELECT updated_at, thumb FROM item_state WHERE view_count = 1") == [(99, "/thumb/2")]
    assert mirror.show().revision == before


def test_a_new_picture_of_a_show_is_known(mirror: Mirror) -> None:
    mirror.scan(show(thumb="/thumb/1"))
    mirror.scan(show(thumb="/thumb/2"))
    assert mirror.show().thumb == "/thumb/2"


@pytest.mark.parametrize(
    ("before", "after", "kind", "detail"),
    [
        ("720", "1080", "upgraded", "720p to 1080p"),
        ("sd", "4k", "upgraded", "SD to 4K"),
        ("1080", "720", "updated", "1080p to 720p"),
        ("1080", "1080", "updated", "another file"),
    ],
)
def test_another_file_is_told_as_what_it_is(mirror: Mirror, before: str, after: str, kind: str, detail: str) -> None:
    mirror.scan(show(), episode("e1", media=files("/old.mkv", resolution=before)))
    mirror.begin()
    written = mirror.write(show(), episode("e1", media=files("/new.mkv", resolution=after)))
    assert written.changes == (Change(kind, "episode", "Show s1", 1, 1, detail),)
    assert mirror.index.held()[0].episodes[0].files[0].path == "/new.mkv"


def test_episodes_may_come_before_their_show_and_name_only_their_season(mirror: Mirror) -> None:
    mirror.begin()
    mirror.write(episode("e1"), episode("e2", (1, 2), None, parent_key="n1"))
    mirror.write(season("n1", 1))
    mirror.write(show())
    mirror.close()
    assert mirror.codes() == ["1x1", "1x2"]
    mirror.begin()
    assert mirror.write(episode("e2", (1, 2), None, parent_key="n1")).written == 0
    assert mirror.codes() == ["1x1", "1x2"]


# ---------------------------------------------------------------- revisions


@pytest.mark.parametrize(
    "changed",
    [
        episode("e1", (1, 2)),
        episode("e1", (2, 1)),
        episode("e1", title="Another"),
        episode("e1", air_date=None),
        episode("e1", guids=("tmdb://9",)),
        episode("e1", media=files("/tv/e1-e2.mkv")),
        episode("e1", media=()),
        episode("e1", show_key="s2"),
    ],
)
def test_what_judging_uses_counts_up_the_shows_revision(mirror: Mirror, changed: ItemRow) -> None:
    mirror.scan(show(), episode("e1"))
    before = mirror.show().revision
    mirror.begin()
    mirror.write(changed)
    assert mirror.show().revision == before + 1


@pytest.mark.parametrize(
    "changed",
    [
        episode("e1"),
        episode("e1", content_rating="TV-14", studio="S", updated_at=9, title_sort="x", year=2000),
        episode("e1", guids=("tmdb://1", "tmdb://1")),
    ],
)
def test_what_judging_does_not_use_leaves_the_revision(mirror: Mirror, changed: ItemRow) -> None:
    mirror.scan(show(), episode("e1"))
    before = mirror.show().revision
    mirror.scan(show(), changed)
    assert mirror.show().revision == before


@pytest.mark.parametrize(
    ("rows", "still"),
    [
        ([episode("e1"), episode("e2", (1, 2)), episode("e3", (1, 3))], True),
        ([episode("e1")], True),
        ([episode("e1", media=files("/else.mkv")), episode("e2", (1, 2))], True),
        ([episode("e1", (1, 9)), episode("e2", (1, 2))], False),
        ([episode("e1", title="Another one"), episode("e2", (1, 2))], False),
    ],
)
def test_what_plex_said_of_an_order_holds_until_an_episode_that_stays_is_another_one(
    mirror: Mirror, rows: list[ItemRow], still: bool
) -> None:
    mirror.scan(show(), episode("e1"), episode("e2", (1, 2)))
    mirror.index.save_orderings({"s1": Setting("dvd", "")})
    mirror.scan(show(), *rows)
    assert mirror.index.orderings(["s1"]) == ({"s1": Setting("dvd", "")} if still else {})
    assert mirror.index.orderings(["s1"], of_any_age=True) == {"s1": Setting("dvd", "")}


def test_another_show_is_not_counted_up(mirror: Mirror) -> None:
    mirror.scan(*shows_with_one(2))
    before = mirror.show("s0").revision
    mirror.scan(*shows_with_one(2), episode("e9", (1, 9), "s1"))
    assert mirror.show("s0").revision == before
    assert mirror.show("s1").revision == before + 1


def test_the_mirrors_revision_grows_with_what_a_view_could_notice(mirror: Mirror) -> None:
    mirror.scan(show(), episode("e1"))
    mirror.begin()
    mirror.write(show())
    seen = mirror.index.revision()
    mirror.write(episode("e1"))
    assert mirror.index.revision() == seen
    mirror.write(episode("e2", (1, 2)))
    assert mirror.index.revision() == seen + 1


# ---------------------------------------------------------------- what leaves


def test_what_a_complete_reading_did_not_meet_becomes_unavailable(mirror: Mirror) -> None:
    mirror.scan(show(), season("n1", 1), *season_of(3))
    before = mirror.show().revision
    removal = mirror.scan(show(), season("n1", 1), *season_of(2))
    assert removal == Removal(1, 0, (Change("removed", "episode", "Show s1", 1, 3, "Episode e3"),))
    assert mirror.codes() == ["1x1", "1x2"]
    assert mirror.show().revision == before + 1
    assert mirror.ask("SELECT missing_since FROM item_state WHERE available = 0") == [(mirror.now.timestamp(),)]


def test_an_incomplete_reading_removes_nothing_and_is_remembered(mirror: Mirror) -> None:
    mirror.scan(show(), *season_of(3))
    complete_at = mirror.now
    mirror.begin()
    mirror.write(show())
    assert mirror.close(complete=False) == Removal(0, 0, ())
    assert mirror.codes() == ["1x1", "1x2", "1x3"]
    section = mirror.index.sections()[0]
    assert (section.last_complete_at, section.incomplete_reason) == (complete_at, "It was cut.")


def test_a_removed_show_takes_its_episodes_along_in_one_change(mirror: Mirror) -> None:
    mirror.scan(*shows_with_one(3))
    removal = mirror.scan(*shows_with_one(2))
    assert removal == Removal(2, 0, (Change("removed", "show", "Show s2"),))
    assert mirror.index.counts() == Counts(2, 2, 0)


def test_a_row_that_comes_back_is_restored(mirror: Mirror) -> None:
    mirror.scan(show(), *season_of(2))
    mirror.scan(show(), *season_of(1))
    before = mirror.show().revision
    mirror.begin()
    written = mirror.write(show(), *season_of(2))
    assert written == PageWritten(1, (Change("restored", "episode", "Show s1", 1, 2, "Episode e2"),))
    assert mirror.codes() == ["1x1", "1x2"]
    assert mirror.show().revision == before + 1
    assert mirror.ask("SELECT count(*) FROM item_state WHERE missing_since IS NOT NULL") == [(0,)]


def test_an_empty_listing_is_held_back_until_it_is_accepted(mirror: Mirror) -> None:
    mirror.scan(*shows_with_one(3))
    assert mirror.scan() == Removal(0, 3, ())
    assert mirror.index.held_back() == (("TV Shows", 3),)
    assert mirror.index.counts() == Counts(3, 3, 0)
    assert all(item.held_back and item.readable for item in mirror.index.shows())
    assert mirror.scan(accept=True).removed == 6
    assert mirror.index.counts() == Counts(0, 0, 0)
    assert mirror.index.held_back() == ()


def test_an_empty_listing_of_episodes_is_held_back_at_their_shows(mirror: Mirror) -> None:
    rows = shows_with_one(2)
    mirror.scan(*rows, season("n1", 1, "s1"))
    bare = [row for row in rows if row.kind is Kind.SHOW]
    assert mirror.scan(*bare) == Removal(0, 2, ())
    assert mirror.index.counts().episodes == 2
    assert mirror.scan(*bare, accept=True).removed == 2
    assert mirror.index.counts() == Counts(2, 0, 0)
    assert mirror.index.held_back() == ()


@pytest.mark.parametrize(("total", "gone", "held_back"), [(30, 20, 0), (30, 21, 21), (300, 30, 0), (300, 31, 31)])
def test_many_titles_at_once_wait_for_the_person(mirror: Mirror, total: int, gone: int, held_back: int) -> None:
    films = [movie(f"m{n}") for n in range(total)]
    mirror.scan(*films, section=FILMS)
    removal = mirror.scan(*films[gone:], section=FILMS)
    assert removal.held_back == held_back
    assert mirror.index.counts().movies == total - (0 if held_back else gone)


def test_many_episodes_inside_shows_that_stay_do_not_wait(mirror: Mirror) -> None:
    mirror.scan(show(), *season_of(200))
    assert mirror.scan(show(), *season_of(1)).removed == 199


def test_what_is_held_back_stays_so_until_it_comes_back(mirror: Mirror) -> None:
    films = [movie(f"m{n}") for n in range(40)]
    mirror.scan(*films, section=FILMS)
    mirror.scan(*films[25:], section=FILMS)
    assert mirror.scan(*films[15:30], *films[31:], section=FILMS) == Removal(
        1, 15, (Change("removed", "movie", "Film m30"),)
    )
    assert mirror.index.held_back() == (("Films", 15),)
    assert mirror.scan(*films[15:], section=FILMS).held_back == 15
    assert mirror.scan(*films, section=FILMS).held_back == 0
    assert mirror.index.counts().movies == 40


def test_a_held_back_show_keeps_its_episodes_while_others_lose_theirs(mirror: Mirror) -> None:
    mirror.scan(*shows_with_one(30), episode("e99", (1, 2), "s29"))
    removal = mirror.scan(*shows_with_one(30)[50:])
    assert (removal.removed, removal.held_back) == (1, 25)
    assert mirror.codes("s0") == ["1x1"]
    assert mirror.codes("s29") == ["1x1"]


def test_a_section_that_plex_no_longer_lists_waits_too(mirror: Mirror) -> None:
    mirror.scan(*shows_with_one(2))
    mirror.index.save_sections((FILMS, OTHER_TV))
    assert mirror.index.held_back() == (("TV Shows", 2),)
    assert [section.title for section in mirror.index.sections()] == ["TV Shows", "Films", "Anime"]
    assert all(item.held_back for item in mirror.index.shows())
    assert mirror.index.drop_unlisted(mirror.now).removed == 4
    assert mirror.index.held_back() == ()
    assert [section.title for section in mirror.index.sections()] == ["Films", "Anime"]


def under_other_keys(rows: Iterable[ItemRow]) -> list[ItemRow]:
    """The same titles as Plex lists them once it has forgotten them and met them anew: only the guid stays."""
    return [
        replace(row, rating_key=f"n{row.rating_key}", grandparent_key=row.grandparent_key and f"n{row.grandparent_key}")
        for row in rows
    ]


def test_a_library_that_came_back_under_other_keys_is_told_as_moved(mirror: Mirror) -> None:
    mirror.scan(*shows_with_one(30))
    mirror.begin()
    mirror.write(*under_other_keys(shows_with_one(30)))
    removal = mirror.close()
    assert (removal.held_back, [change.kind for change in removal.changes]) == (0, ["moved"] * 30)


def test_what_a_title_moved_to_is_found_without_going_through_the_library(tmp_path: Path) -> None:
    """Twice as many titles are twice the work: more would be minutes in which nobody else may write."""
    few, many = (_steps_of_a_move(tmp_path / f"{count}.db", count) for count in (60, 120))
    assert many < 3 * few


def _steps_of_a_move(path: Path, count: int) -> int:
    """How much SQLite does to close a library of so many shows that all came back under other keys, in steps."""
    mirror = Mirror(path)
    rows = [row for n in range(count) for row in (show(f"s{n}"), *season_of(10, f"s{n}", first=10 * n))]
    mirror.scan(*rows)
    mirror.begin()
    mirror.write(*under_other_keys(rows))
    mirror.index.close()
    steps: list[int] = []
    with closing(sqlite3.connect(path)) as connection:
        connection.set_progress_handler(lambda: steps.append(1), 100)
        gone = removal.after_whole_reading(connection, 1, 1, mirror.run_id, accept=False, now=mirror.now.timestamp())
    assert len(gone.changes) == count
    return len(steps)


def test_a_copy_that_stood_beside_a_show_does_not_take_it_past_the_guard(mirror: Mirror) -> None:
    """A library in which nothing moves is not stamped, so that its rows look as if they were last met long ago."""
    rows = shows_with_one(40)
    mirror.scan(*rows)
    mirror.scan(*under_other_keys(rows[:2]), section=OTHER_TV)
    mirror.index.note_sections(mirror.run_id, [TV.uuid, OTHER_TV.uuid])
    assert mirror.scan(*rows[60:]) == Removal(0, 30, ())
    assert mirror.codes("s0") == ["1x1"]


def test_another_section_of_the_server_is_left_alone(mirror: Mirror) -> None:
    mirror.scan(show("s1"), episode("e1"))
    mirror.scan(show("s2"), section=OTHER_TV)
    assert mirror.codes("s1") == ["1x1"]


def test_another_server_has_a_mirror_of_its_own(mirror: Mirror) -> None:
    mirror.scan(show(), episode("e1"))
    mirror.index.save_check(check(), STAMPS)
    mirror.index.save_server(Server("another", "Cellar", "1.43"))
    mirror.index.save_sections((TV,))
    assert (mirror.index.shows(), mirror.index.checks()) == ((), ())
    mirror.scan(show(title="Theirs"))
    mirror.index.save_server(Server("machine", "Home", "1.44"))
    assert (mirror.show().title, mirror.codes()) == ("Show s1", ["1x1"])
    assert len(mirror.index.checks()) == 1


# ---------------------------------------------------------------- readable


def test_a_show_is_readable_once_its_section_was_read_whole(mirror: Mirror) -> None:
    mirror.begin()
    mirror.write(show(leaf_count=1), episode("e1"))
    assert not mirror.show().readable
    mirror.close()
    assert mirror.show().readable


def test_a_show_of_a_section_not_read_to_its_end_is_readable_if_plexs_own_count_agrees(mirror: Mirror) -> None:
    mirror.scan(show("s1", leaf_count=2), *season_of(2), show("s3"), episode("e30", (1, 1), "s3"))
    mirror.begin()
    mirror.write(show("s1", leaf_count=2), show("s2", leaf_count=4))
    readable = {item.rating_key: item.readable for item in mirror.index.shows()}
    assert readable == {"s1": True, "s2": False, "s3": False}  # s3: Plex gave no count
    mirror.close(complete=False)
    assert {item.rating_key: item.readable for item in mirror.index.shows()} == readable


def test_episodes_that_name_no_show_leave_only_full_shows_readable(mirror: Mirror) -> None:
    mirror.scan(show("s1", leaf_count=1), episode("e1"), show("s2", leaf_count=1), episode("e2", (1, 1), None))
    assert {item.rating_key: item.readable for item in mirror.index.shows()} == {"s1": True, "s2": False}


# ---------------------------------------------------------------- one show beside a scan


def test_one_shows_leaves_replace_what_it_had(mirror: Mirror) -> None:
    mirror.scan(*shows_with_one(2), episode("e9", (1, 9), "s1"))
    written = mirror.index.write_leaves(
        show("s1", leaf_count=2), [episode("e1"), episode("e5", (1, 5))], mirror.now + timedelta(seconds=1)
    )
    assert written.changes == (
        Change("added", "episode", "Show s1", 1, 5, "Episode e5"),
        Change("removed", "episode", "Show s1", 1, 9, "Episode e9"),
    )
    assert (mirror.codes("s1"), mirror.codes("s0")) == (["1x1", "1x5"], ["1x1"])


def test_one_shows_leaves_make_it_readable(mirror: Mirror) -> None:
    mirror.begin()
    mirror.write(show("s1", leaf_count=1))
    mirror.index.write_leaves(show("s1", leaf_count=1), [episode("e1")], mirror.now)
    assert mirror.show().readable


def test_no_leaves_where_there_were_some_change_nothing(mirror: Mirror) -> None:
    mirror.scan(show(), *season_of(2))
    with pytest.raises(IncompleteListing):
        mirror.index.write_leaves(show(title="Renamed"), [], mirror.now + timedelta(seconds=1))
    assert (mirror.show().title, mirror.codes()) == ("Show s1", ["1x1", "1x2"])


def test_a_scans_older_page_does_not_undo_a_newer_look_at_one_show(mirror: Mirror) -> None:
    mirror.scan(show(), *season_of(2))
    mirror.begin()
    page_read_at = mirror.now
    later = page_read_at + timedelta(seconds=5)
    mirror.index.write_leaves(show(), [episode("e1", title="New"), episode("e7", (1, 7))], later)
    mirror.write(show(), *season_of(2), episode("e8", (1, 8)), at=page_read_at)
    removal = mirror.close()
    assert removal.removed == 0
    assert [(e.number, e.title) for e in mirror.index.held(["s1"])[0].episodes] == [(1, "New"), (7, "Episode e7")]


def test_rows_dated_by_a_clock_that_was_wrong_are_written_again(mirror: Mirror) -> None:
    mirror.scan(show(), episode("e1"))
    mirror.index.write_leaves(show(), [episode("e1", title="From next year")], mirror.now + timedelta(days=365))
    mirror.scan(show(), episode("e1", title="Right"))
    assert mirror.index.held()[0].episodes[0].title == "Right"


def test_items_that_plex_does_not_have_are_taken_out_with_their_episodes(mirror: Mirror) -> None:
    mirror.scan(*shows_with_one(2))
    written = mirror.index.take_out(["s1", "unknown"], mirror.now)
    assert written.changes == (Change("removed", "show", "Show s1"),)
    assert mirror.index.counts() == Counts(1, 1, 0)


def test_leaves_of_an_unknown_show_are_refused(mirror: Mirror) -> None:
    with pytest.raises(StoreError):
        mirror.index.write_leaves(show("never seen"), [], mirror.now)


# ---------------------------------------------------------------- checks

STAMPS = Stamps((("s1", 1),), 1_700_000_000_000_000_001, "tmdb-7")


def check(title_id: str = "tmdb-1", *rating_keys: str, **given: Any) -> Check:
    values: dict[str, Any] = {
        "outcome": Outcome.JUDGED,
        "reason": None,
        "provider": Source.TMDB,
        "show_id": 1,
        "order": "aired",
        "order_source": "default",
        "title": "Show s1",
        "year": 2019,
        "status": "Ended",
        "ids": frozenset({ExternalId(Source.TMDB, "1"), ExternalId(Source.IMDB, "tt0000001")}),
        "checked_at": NOW + timedelta(microseconds=1),
        "tried_at": NOW + timedelta(microseconds=333_333),
    }
    return Check(title_id, rating_keys or ("s1",), **(values | given))


FULL = check(
    outcome=Outcome.SUSPECT,
    reason="It is odd, “very” odd.",
    seasons=(SeasonRow(0, "a", (1,), (0,)), SeasonRow(1, "hah", (1, 2, 3), (737_000, 0, 737_010))),
    absent=(
        Absent(EpisodeNumber(1, 110), "Ünïcode '\"", date(2020, 2, 29), 5, frozenset({ExternalId(Source.TVDB, "6")})),
        Absent(EpisodeNumber(0, 1), "", None, None, removed=True),
    ),
    extra=(Extra("e1", None, None, "Loose", date(2020, 1, 1)), Extra("e2", 1, 0, "")),
    candidates=(Candidate(Source.TMDB, 9, "Show", None), Candidate(Source.TVDB, 8, "Show", 2001, 3, 30)),
)
BARE = check(
    outcome=Outcome.NEEDS_MAPPING,
    reason="Nothing fits.",
    provider=None,
    show_id=None,
    order=None,
    order_source=None,
    year=None,
    status="",
    ids=frozenset(),
    checked_at=None,
)


@pytest.mark.parametrize("given", [FULL, BARE], ids=["full", "bare"])
@pytest.mark.parametrize("stamps", [STAMPS, Stamps((("s1", 1),), None, "")], ids=["stamped", "bare"])
def test_a_check_comes_back_as_it_was(mirror: Mirror, given: Check, stamps: Stamps) -> None:
    mirror.scan(show(), episode("e1"))
    assert mirror.index.save_check(given, stamps)
    assert mirror.index.checks() == (StoredCheck(given, stamps),)


def test_a_check_replaces_the_one_before(mirror: Mirror) -> None:
    mirror.scan(show(), episode("e1"))
    mirror.index.save_check(FULL, STAMPS)
    assert mirror.index.save_check(replace(FULL, absent=(), seasons=()), STAMPS)
    (stored,) = mirror.index.checks()
    assert (stored.check.absent, mirror.ask("SELECT count(*) FROM absent")) == ((), [(0,)])


def test_a_check_tried_before_the_one_that_stands_is_refused(mirror: Mirror) -> None:
    mirror.scan(show(), episode("e1"))
    mirror.index.save_check(check(tried_at=NOW), STAMPS)
    older = check(tried_at=NOW - timedelta(microseconds=1), title="Older")
    assert not mirror.index.save_check(older, STAMPS)
    assert not mirror.index.save_check(replace(older, title_id="tmdb-2"), STAMPS)
    assert [stored.check.title for stored in mirror.index.checks()] == ["Show s1"]


def test_a_check_of_episodes_that_moved_since_is_refused(mirror: Mirror) -> None:
    mirror.scan(show(), episode("e1"))
    stamps = Stamps((("s1", mirror.show().revision),), None, "")
    mirror.scan(show(), episode("e1"), episode("e2", (1, 2)))
    assert not mirror.index.save_check(check(), stamps)
    assert mirror.index.checks() == ()
    assert mirror.index.save_check(check(), Stamps((("s1", mirror.show().revision),), None, ""))


def test_an_item_belongs_to_one_title_and_the_one_that_lost_it_is_stale(mirror: Mirror) -> None:
    mirror.scan(*shows_with_one(3))
    both = Stamps((("s0", 1), ("s1", 1)), 5, "")
    mirror.index.save_check(check("tmdb-1", "s0", "s1"), both)
    mirror.index.save_check(check("tmdb-2", "s1"), Stamps((("s1", 1),), 5, ""))
    first, second = mirror.index.checks()
    assert (first.check.rating_keys, second.check.rating_keys) == (("s0",), ("s1",))
    assert dict(first.stamps.revisions) != {"s0": mirror.show("s0").revision}
    mirror.index.save_check(check("tmdb-3", "s0"), Stamps((("s0", 1),), 5, ""))
    assert [stored.check.title_id for stored in mirror.index.checks()] == ["tmdb-2", "tmdb-3"]


def test_an_item_that_a_check_leaves_out_stays_with_its_title_as_not_compared(mirror: Mirror) -> None:
    mirror.scan(*shows_with_one(3))
    mirror.index.save_check(check("tmdb-1", "s0", "s1"), Stamps((("s0", 1), ("s1", 1)), 5, ""))
    mirror.index.save_check(check("tmdb-1", "s0"), Stamps((("s0", 1),), 5, ""))
    (stored,) = mirror.index.checks()
    assert stored.check.rating_keys == ("s0", "s1")
    assert stored.stamps.revisions == (("s0", 1), ("s1", -1))
    mirror.index.save_check(check("tmdb-2", "s1"), Stamps((("s1", 1),), 5, ""))
    first, _ = mirror.index.checks()
    assert first.stamps.revisions == (("s0", 1),)


def test_checks_of_titles_that_left_are_not_told(mirror: Mirror) -> None:
    mirror.scan(*shows_with_one(3))
    mirror.index.save_check(check("tmdb-1", "s1"), STAMPS)
    mirror.scan(*shows_with_one(1), *shows_with_one(3)[4:])
    assert mirror.index.checks() == ()


def test_a_view_notices_a_check(mirror: Mirror) -> None:
    mirror.scan(show(), episode("e1"))
    before = mirror.index.revision()
    mirror.index.save_check(check(), STAMPS)
    assert mirror.index.revision() > before


def test_what_was_said_of_a_title_goes_with_the_last_that_is_known_of_its_items(mirror: Mirror) -> None:
    """TMDB's terms: nothing of it is kept for ever."""
    mirror.scan(show(), *season_of(2), show("s2"), episode("e9", (1, 1), "s2"), show("s3"))
    mirror.scan(movie("m1"), movie("m2"), section=FILMS)
    mirror.index.save_check(check("tmdb-1", "s1"), Stamps((("s1", 1),), None, ""))
    mirror.index.save_check(check("tmdb-2", "s2", "s3"), Stamps((("s2", 1),), None, ""))
    mirror.index.save_films(
        [FilmCheck(key, "mark", Outcome.JUDGED, "", 603, None, (), NOW, NOW) for key in ("m1", "m2")], (), NOW
    )
    mirror.index.save_orderings({"s1": Setting("dvd", ""), "s2": Setting("", "dvd")})
    mirror.scan(show("s2"), episode("e9", (1, 1), "s2"))
    mirror.scan(movie("m2"), section=FILMS)
    mirror.index.purge(mirror.now + timedelta(days=31))
    assert mirror.ask("SELECT title_id, rating_key FROM title_item ORDER BY 2") == [("tmdb-2", "s2"), ("tmdb-2", "s3")]
    for table, column, key in (
        ("title_check", "title_id", "tmdb-2"),
        ("film_check", "rating_key", "m2"),
        ("leaves", "show_key", "s2"),
        ("show_ordering", "rating_key", "s2"),
    ):
        assert mirror.ask(f"SELECT {column} FROM {table}") == [(key,)], table


# ---------------------------------------------------------------- runs


def test_a_run_is_remembered_as_it_ended(mirror: Mirror) -> None:
    stats = Stats(1.5, 3, 40, 5, {"plex": 8, "tmdb": 3}, 1, 2, 43, 4)
    run_id = mirror.index.begin_run("full", NOW, "the dashboard")
    assert mirror.index.last_run() is None
    mirror.index.finish_run(
        run_id, RunStatus.PARTIAL, stats, "1 show could not be checked.", NOW + timedelta(seconds=2)
    )
    run = mirror.index.last_run()
    assert run is not None
    assert (run.run_id, run.mode, run.by, run.status, run.stats) == (
        run_id,
        "full",
        "the dashboard",
        RunStatus.PARTIAL,
        stats,
    )
    assert (run.started_at, run.finished_at) == (NOW, NOW + timedelta(seconds=2))
    assert run.advice == "1 show could not be checked."


def test_a_run_that_a_killed_process_left_is_closed_as_stopped(mirror: Mirror) -> None:
    first = mirror.index.begin_run("full", NOW)
    second = mirror.index.begin_run("incremental", NOW + timedelta(hours=1))
    cut_off = mirror.index.last_run()
    assert cut_off is not None
    assert (cut_off.run_id, cut_off.status) == (first, RunStatus.STOPPED)
    assert [run.run_id for run in mirror.index.runs()] == [second, first]
    latest = mirror.index.last_run(finished=False)
    assert latest is not None
    assert latest.status is RunStatus.RUNNING


def test_events_are_kept_with_their_run_in_order(mirror: Mirror) -> None:
    run_id = mirror.index.begin_run("full", NOW)
    mirror.index.record(run_id, [Change("added", "movie", "Ö")], NOW)
    mirror.index.record(run_id, [events.Warning("section", "TV", "It failed.")], NOW)
    assert [row[0] for row in mirror.ask("SELECT event FROM run_event ORDER BY position")] == ["Change", "Warning"]


def test_a_run_that_was_cut_off_lasted_until_it_was_heard_of_last(mirror: Mirror) -> None:
    first = mirror.index.begin_run("full", NOW)
    mirror.index.record(first, [Change("added", "movie", "Ö")], NOW + timedelta(seconds=9))
    second = mirror.index.begin_run("full", NOW + timedelta(days=2))
    mirror.index.begin_run("full", NOW + timedelta(days=3))
    ended = [run.finished_at for run in mirror.index.runs() if run.run_id in (first, second)]
    assert ended == [NOW + timedelta(days=2), NOW + timedelta(seconds=9)]


def test_a_run_is_read_back_with_what_it_met(mirror: Mirror) -> None:
    met: list[events.Event] = [
        Change("upgraded", "episode", "Ö", 1, 2, "720p to 1080p"),
        events.Warning("section", "TV", "It failed."),
        events.RateLimited("TMDB", NOW + timedelta(seconds=4)),
    ]
    run_id = mirror.index.begin_run("full", NOW)
    mirror.index.record(run_id, met, NOW)
    other = mirror.index.begin_run("incremental", NOW)
    record = mirror.index.run(run_id)
    assert record is not None
    assert [(noted.at, noted.event) for noted in record.noted] == [(NOW, event) for event in met]
    assert [(one.run.run_id, len(one.noted)) for one in mirror.index.run_records(5, 100)] == [(other, 0), (run_id, 3)]
    assert mirror.index.run(999) is None


def test_of_many_runs_a_page_is_read_and_of_each_the_first_it_met(mirror: Mirror) -> None:
    met: list[events.Event] = [
        *(Change("added", "movie", f"Film {number}") for number in range(3)),
        *(events.Warning("show", f"Show {number}", reason) for number in range(3) for reason in ("Away.", "Busy.")),
        events.Warning("movie", "Film 1", "Away.", "4"),
        events.Warning("movie", "Film 1", "Away.", "5"),
    ]
    first, *others = (mirror.index.begin_run("full", NOW) for _ in range(4))
    mirror.index.record(first, met, NOW)
    assert mirror.index.run_count() == 4
    assert [one.run.run_id for one in mirror.index.run_records(2, 9, 1)] == [others[1], others[0]]
    (few,) = mirror.index.run_records(2, 2, 3)
    assert [noted.event for noted in few.noted] == [*met[:2], *met[3:5]]
    assert (few.changes, few.unchecked) == (3, {"show": 3, "movie": 2})


def test_runs_that_an_older_or_a_newer_plexgap_recorded_are_read(mirror: Mirror) -> None:
    run_id = mirror.index.begin_run("full", NOW)
    mirror.index.record(run_id, [Change("added", "movie", "Ö")], NOW)
    with closing(sqlite3.connect(mirror.path)) as connection, connection:
        connection.execute("UPDATE run SET stats = ?", ('{"seconds": 2.5, "shows": 3, "moons": 7}',))
        connection.execute("UPDATE run_event SET fields = replace(fields, '{', '{\"moons\": 7, ')")
        connection.execute("INSERT INTO run_event VALUES (?, 1, 0, 'MoonRose', '{}')", (run_id,))
    record = mirror.index.run(run_id)
    assert record is not None
    assert record.run.stats == Stats(seconds=2.5, shows=3)
    assert [noted.event for noted in record.noted] == [Change("added", "movie", "Ö")]


def test_runs_dont_grow_for_ever(mirror: Mirror) -> None:
    """500 are kept; what they met for a month, and of the last 50 however old they are."""
    with closing(sqlite3.connect(mirror.path)) as connection, connection:
        old = (NOW - timedelta(days=31)).timestamp()
        for run_id in range(1, 601):
            values = (run_id, old if run_id <= 580 else NOW.timestamp())
            connection.execute(
                "INSERT INTO run (run_id, mode, started_by, status, started_at, finished_at) "
                "VALUES (?1, 'full', '', 'ok', ?2, ?2)",
                values,
            )
            connection.execute("INSERT INTO run_event VALUES (?, 0, ?, 'Change', '{}')", values)
    mirror.index.begin_run("full", NOW)
    assert mirror.ask("SELECT min(run_id), max(run_id), count(*) FROM run") == [(102, 601, 500)]
    assert mirror.ask("SELECT min(run_id), count(*) FROM run_event") == [(552, 49)]


def test_what_a_run_meets_is_written_while_it_runs_and_not_one_by_one() -> None:
    written: list[list[events.Event]] = []
    at = 100.0
    recorder = Recorder(lambda met: written.append(list(met)), lambda: at)
    changes = [Change("added", "movie", str(number)) for number in range(10)]
    for change in changes[:5]:
        recorder.hear(change)
    assert written == [changes[:1]]
    at += 1
    recorder.hear(events.Progress(events.Phase.MIRROR, "TV", "", 1, 2))
    assert written == [changes[:1], changes[1:5]]
    recorder.flush()
    recorder.flush()
    at += 1
    recorder.hear(events.PhaseDone(events.Phase.MIRROR, 1.0))
    assert len(written) == 2


def test_of_a_flood_of_changes_the_first_are_kept_and_every_warning() -> None:
    written: list[events.Event] = []
    recorder = Recorder(written.extend, lambda: 0.0)
    for number in range(CHANGES_KEPT + 10):
        recorder.hear(Change("added", "movie", str(number)))
    recorder.hear(events.Warning("section", "TV", "It failed."))
    recorder.flush()
    assert len(written) == CHANGES_KEPT + 1
    assert isinstance(written[-1], events.Warning)


# ---------------------------------------------------------------- the file


def test_before_anything_was_read_nothing_is_held(tmp_path: Path) -> None:
    index = Index(tmp_path / "library.db")
    assert (index.shows(), index.held(), index.sections(), index.held_back(), index.checks()) == ((),) * 5
    assert index.counts() == Counts(0, 0, 0)
    assert index.last_run() is None
    with pytest.raises(StoreError):
        index.save_sections((TV,))
    index.close()


def test_a_file_that_is_no_database_is_read_anew(tmp_path: Path) -> None:
    (tmp_path / "library.db").write_text("Not a database.", encoding="utf-8")
    index = Index(tmp_path / "library.db", NOW)
    index.close()
    assert index.set_aside is not None
    assert index.set_aside.read_text(encoding="utf-8") == "Not a database."


def test_two_that_have_the_file_open_see_each_others_writes(mirror: Mirror) -> None:
    other = Index(mirror.path)
    mirror.scan(show(), episode("e1"))
    assert [item.rating_key for item in other.shows()] == ["s1"]
    other.write_leaves(show(), [episode("e1"), episode("e2", (1, 2))], mirror.now)
    assert mirror.codes() == ["1x1", "1x2"]
    other.close()


def test_a_page_that_fails_half_way_leaves_nothing(mirror: Mirror) -> None:
    def rows() -> Iterable[ItemRow]:
        yield show()
        raise KeyboardInterrupt

    mirror.begin()
    with pytest.raises(KeyboardInterrupt):
        mirror.index.write_page(mirror.run_id, TV, rows(), mirror.now)
    assert mirror.index.shows() == ()
    mirror.scan(show())


def test_the_views_tell_sizes_and_names(mirror: Mirror) -> None:
    part = PartRow(1, "/tv/double.mkv", 1_500_000_000)
    mirror.scan(
        show(leaf_count=2),
        season("n1", 1),
        episode("e1", media=(MediaRow(1, (part,), None, "mkv", "h264", "aac", "1080"), *files("/tv/e1.mkv"))),
        episode("e2", (1, 2), duration_ms=3_723_000),
    )
    question = "SELECT showTitle, episode, sizeHuman, resolution, tmdbId FROM episodes ORDER BY episode"
    assert mirror.ask(question)[0] == ("Show s1", 1, "1.50 GB", "1080", "1")
    assert mirror.ask("SELECT durationHuman FROM episodes WHERE episode = 2") == [("1:02:03",)]
    assert mirror.ask("SELECT title, episodesHeld, leafCount, tmdbId FROM tv_shows") == [("Show s1", 2, 2, "11")]
    assert mirror.ask("SELECT season, showTitle FROM seasons") == [(1, "Show s1")]


def test_moments_are_utc(mirror: Mirror) -> None:
    mirror.scan(show())
    assert mirror.index.sections()[0].last_complete_at == mirror.now.astimezone(UTC)

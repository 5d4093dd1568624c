"""Shapes in which people reported false gaps, with invented titles: each has one right answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from plexgap.domain.catalogue import Candidate
from plexgap.domain.ids import Source
from plexgap.domain.library import HeldShow
from plexgap.domain.verdicts import State
from plexgap.gaps.search import choose, sought
from tests.support import numbers
from tests.title_bed import Broadcast, Shelf, Told, told

PLAIN = Broadcast()


def verdict(found: Told) -> tuple[State, Source, str, str]:
    missing = " ".join(f"{number.season}x{number.number}" for number in found.missing)
    return found.state, found.provider, found.order, missing


def test_one_season_of_a_hundred_at_tmdb_and_four_at_the_other() -> None:
    four = "1x1-25 2x1-25 3x1-25 4x1-25"
    shelf = Shelf.of(PLAIN, {"aired": "1x1-100"}, {"aired": four})
    found = told([PLAIN.held(four, without=[60])], shelf)
    assert verdict(found) == (State.GAPS, Source.TVDB, "aired", "3x10")


def test_anime_counted_through_as_season_1() -> None:
    seasons = "1x1-58 2x1-42 3x1-48"
    shelf = Shelf.of(PLAIN, {"aired": seasons}, {"aired": seasons, "absolute": "1x1-148"})
    found = told([PLAIN.held("1x1-148", without=[77])], shelf)
    assert verdict(found) == (State.GAPS, Source.TVDB, "absolute", "1x77")


def test_classic_in_dvd_order() -> None:
    dvd = "1x2 1x1 1x3 2x1 2x2 1x4 2x3 2x4"
    shelf = Shelf.of(PLAIN, {"aired": "1x1-8"}, {"aired": "1x1-8", "dvd": dvd}, says="dvd")
    found = told([PLAIN.held(dvd, without=[5])], shelf)
    assert verdict(found) == (State.GAPS, Source.TVDB, "dvd", "2x2")
    blind = told([PLAIN.held(dvd, without=[5], titles=False, dates=False)], shelf)
    assert verdict(blind) == verdict(found)


def test_seasons_named_by_their_year() -> None:
    years = "2019x1-10 2020x1-10"
    shelf = Shelf.of(PLAIN, {"aired": years}, {"aired": "1x1-10 2x1-10"})
    found = told([PLAIN.held(years, without=[13])], shelf)
    assert verdict(found) == (State.GAPS, Source.TMDB, "aired", "2020x3")
    assert not any(question.startswith("tvdb") for question in shelf.asked)


def test_daily_show_without_numbers() -> None:
    daily = Broadcast(start=date(2026, 3, 2), step=1)
    held = daily.held("2026x1-10", without=[4], titles=False)
    unnumbered = HeldShow(held.item, tuple(replace(episode, number=None) for episode in held.episodes))
    found = told([unnumbered], Shelf.of(daily, {"aired": "1x1-10"}, {}))
    assert verdict(found) == (State.GAPS, Source.TMDB, "aired", "1x4")


def test_pilot_as_two_episodes_in_one_file_and_as_one() -> None:
    shelf = Shelf.of(PLAIN, {"aired": "1x1-8"}, {})
    one_file = PLAIN.held("1x1-8", without=[2], files={1: "/tv/Show/Show - S01E01-E02 - Opening.mkv"})
    assert verdict(told([one_file], shelf))[::3] == (State.COMPLETE, "")
    merged = Shelf.of(PLAIN, {"aired": "1x1 - 1x2-7"}, {})
    both = told([PLAIN.held("1x1 1x8 1x2-7")], merged)
    assert verdict(both)[::3] == (State.COMPLETE, "")
    assert [(extra.season, extra.number) for extra in both.comparison.extra] == [(1, 8)]


@pytest.mark.parametrize(("held", "extras"), [("1x1-8", 0), ("1x1-9", 1)])
def test_double_finale_that_one_catalogue_counts_once_and_the_other_twice(held: str, extras: int) -> None:
    shelf = Shelf.of(PLAIN, {"aired": "1x1-8"}, {"aired": "1x1-9"})
    found = told([PLAIN.held(held)], shelf)
    assert verdict(found) == (State.COMPLETE, Source.TMDB, "aired", "")
    assert len(found.comparison.extra) == extras


def test_two_shows_of_one_name_stay_two() -> None:
    both = [Candidate(Source.TMDB, 1, "Northbound", 1978), Candidate(Source.TMDB, 2, "Northbound", 2003)]
    assert choose(sought("Northbound", None), both).show is None
    newer = choose(sought("Northbound", 2003), both).show
    assert newer is not None
    assert newer.show_id == 2


def test_cartoon_with_three_segments_an_episode() -> None:
    shelf = Shelf.of(PLAIN, {"aired": "1x1-9"}, {})
    files = {first: f"/tv/Cartoon/Cartoon - S01E{first:02d}-E{first + 2:02d}.mkv" for first in (1, 4, 7)}
    found = told([PLAIN.held("1x1-9", without=[2, 3, 5, 6, 8, 9], files=files)], shelf)
    assert verdict(found)[::3] == (State.COMPLETE, "")


def test_special_that_stands_in_its_season_by_date() -> None:
    shelf = Shelf.of(PLAIN, {"aired": "1x1-4 0x1 1x5-8"}, {"aired": "1x1-4 0x1 1x5-8"})
    assert verdict(told([PLAIN.held("1x1-9")], shelf))[::3] == (State.COMPLETE, "")
    assert verdict(told([PLAIN.held("1x1-9", without=[7])], shelf))[::3] == (State.GAPS, "1x6")


def test_show_renumbered_by_the_catalogue_keeps_what_ids_say() -> None:
    shelf = Shelf.of(PLAIN, {"aired": "1x1-6 2x1-6"}, {})
    found = told([PLAIN.held("1x1-12", without=[9], ids=[Source.TMDB], titles=False, dates=False)], shelf)
    assert verdict(found) == (State.GAPS, Source.TMDB, "aired", "2x3")
    assert len(found.comparison.misnumbered) == 5


def test_episode_held_before_it_aired_is_no_gap() -> None:
    soon = Broadcast(days={8: date(2026, 12, 24), 9: date(2026, 12, 31)})
    found = told([soon.held("1x1-8")], Shelf.of(soon, {"aired": "1x1-9"}, {}))
    assert verdict(found)[::3] == (State.COMPLETE, "")
    assert [absent.number for absent in found.comparison.absent] == list(numbers("1x9"))

"""A slice of the simulation, with its aims, and that it counts what it should."""

from __future__ import annotations

from dataclasses import replace

import pytest

from plexgap.domain.ids import Source
from tests.simulation.libraries import COMBINATIONS, Combination, Dates, Key, Library, Setting, Titles, library
from tests.simulation.measured import AGREE, Measured, Verdict, outcome
from tests.simulation.run import Wanted, measure, wrong_shows
from tests.simulation.shows import SHAPES, TODAY, InventedShow, invent

SLICE = COMBINATIONS[::11]


def right_verdict(show: InventedShow, made: Library, provider: Source = Source.TMDB) -> Verdict:
    """What somebody says who knows what is there."""
    aired = [row for row in show.at(provider).regular if row.day is not None and row.day <= TODAY]
    lacking = frozenset(row.episode_id for row in aired if not made.parts.intersection(row.parts))
    return Verdict(False, provider, "aired", "default", lacking)


def some_library(show: InventedShow) -> Library:
    made = library(show, COMBINATIONS[0], 1)
    assert made is not None
    return made


@pytest.fixture(scope="module")
def slice_of_all() -> Measured:
    return measure(Wanted(seed=1, shows=8), SLICE)


def test_nothing_is_asked_where_titles_and_dates_agree() -> None:
    agreeing = [each for each in COMBINATIONS if each.titles is Titles.SAME and each.dates is Dates.SAME]
    found = measure(Wanted(seed=1, shows=6), agreeing[::2])
    count = found.aims[AGREE]
    assert count.shows > 60
    assert count.asked == 0


def test_most_are_right_and_few_asked(slice_of_all: Measured) -> None:
    total = slice_of_all.by_value["total"]
    assert total.shows > 600
    assert total.right > 0.8 * total.shows
    assert total.asked < 0.2 * total.shows


def test_wrong_show_behind_an_id_is_caught_where_plex_has_dates() -> None:
    assert wrong_shows(Wanted(seed=1, shows=5), COMBINATIONS[::19]).missed == []


@pytest.mark.parametrize("number", range(6))
def test_same_number_is_the_same_show_and_the_right_verdict_is_right(number: int) -> None:
    show = invent(7, number)
    invent.cache_clear()
    again = invent(7, number)
    assert (show.name, show.tmdb, show.tvdb) == (again.name, again.tmdb, again.tvdb)
    made = some_library(show)
    for provider in (Source.TMDB, Source.TVDB):
        assert outcome(show, made, right_verdict(show, made, provider)).right


def test_wrong_verdicts_are_counted_as_what_they_are() -> None:
    show = invent(7, 1)
    made = some_library(show)
    said = right_verdict(show, made)
    held = next(row.episode_id for row in show.tmdb.regular if made.parts.issuperset(row.parts))
    lacking = min(said.missing)
    assert outcome(show, made, replace(said, missing=said.missing | {held})).false == {held}
    assert outcome(show, made, replace(said, missing=said.missing - {lacking})).hidden == {lacking}
    assert not outcome(show, made, replace(said, asked=True)).right


def test_every_shape_comes_and_every_value_is_tried(slice_of_all: Measured) -> None:
    assert {invent(1, number).shape for number in range(150)} == set(SHAPES)
    assert {value for each in SLICE for value in each} == {value for each in COMBINATIONS for value in each}
    assert set(slice_of_all.by_value) >= {str(value) for each in SLICE for value in each}


def test_what_lacks_is_the_same_whatever_plex_knows_of_the_rest() -> None:
    show = invent(1, 3)
    first = COMBINATIONS[0]
    alike: list[Combination] = [
        each for each in COMBINATIONS if (each.numbering, each.lack) == (first.numbering, first.lack)
    ]
    assert len({made.parts for each in alike if (made := library(show, each, 1)) is not None}) == 1
    assert {each.key for each in alike} == set(Key)
    assert {each.setting for each in alike} == set(Setting)

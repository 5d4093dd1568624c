"""Which films of a collection are missing, and when: the rules alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from plexgap.domain.decisions import Decisions, Ignore, Level, TitleRef
from plexgap.domain.films import CollectionListing, ListedFilm, of_tmdb
from plexgap.domain.verdicts import Standing, State
from plexgap.gaps.collections import Filters, IgnoredFilms, JudgedCollection, judge
from plexgap.gaps.freshness import collection_is_fresh, film_is_fresh, found_is_fresh
from plexgap.gaps.rules import Rules
from tests.support import NOW

OLD = date(2001, 5, 4)
NOBODY = Decisions()


def film(number: int, released: date | None = OLD, **given: object) -> ListedFilm:
    return replace(ListedFilm(number, f"Film {number}", released), **given)  # type: ignore[arg-type]


def listing(*films: ListedFilm) -> CollectionListing:
    return CollectionListing(9, "Kestrel Collection", films, NOW)


def look(
    *films: ListedFilm,
    held: Collection[int] = (1,),
    filters: Filters = Filters(),  # noqa: B008 - frozen
    rules: Rules = Rules(),  # noqa: B008 - frozen
    decisions: Decisions = NOBODY,
    now: datetime = NOW,
    lengths: Mapping[int, int | None] | None = None,
) -> JudgedCollection:
    return judge(listing(*films), held, filters, rules, IgnoredFilms(decisions, now), now, lengths)


def standings(judged: JudgedCollection) -> dict[int, Standing]:
    return {one.film.film_id: one.standing for one in judged.films}


def ignored(level: Level, number: int, **given: object) -> Decisions:
    title = TitleRef(frozenset({of_tmdb(number)}), frozenset(), "Kestrel")
    return Decisions((replace(Ignore("one", title, level, NOW), **given),))  # type: ignore[arg-type]


def test_owning_one_film_lists_the_others() -> None:
    judged = look(film(1), film(2), film(3))
    assert [one.film_id for one in judged.missing] == [2, 3]
    assert (judged.held, judged.listed, judged.state, judged.is_begun) == (1, 3, State.GAPS, True)


def test_a_film_is_missing_from_the_end_of_its_threshold_on() -> None:
    day = date(2026, 11, 20)
    start = datetime(2026, 11, 20, tzinfo=UTC)
    for moment, standing in (
        (start - timedelta(microseconds=1), Standing.UPCOMING),
        (start, Standing.JUST_AIRED),
        (start + timedelta(hours=24, microseconds=-1), Standing.JUST_AIRED),
        (start + timedelta(hours=24), Standing.MISSING),
    ):
        judged = look(film(1), film(2), film(3, day), now=moment, held=(1, 2))
        assert standings(judged)[3] is standing, moment
        assert judged.listed == (3 if standing is Standing.MISSING else 2)
    assert standings(look(film(1), film(3, day), now=start, rules=Rules(0)))[3] is Standing.MISSING


def test_films_without_a_date_are_never_missing_and_not_counted() -> None:
    judged = look(film(1), film(2), film(3, None), held=(1, 2), rules=Rules(exclude_future=False))
    assert standings(judged)[3] is Standing.UNDATED
    assert (judged.held, judged.listed, judged.state) == (2, 2, State.COMPLETE)


def test_a_held_film_counts_as_released_whatever_its_date() -> None:
    judged = look(film(1), film(2, None), film(3, date(2099, 1, 1)), held=(1, 2, 3))
    assert (judged.held, judged.listed, judged.is_begun) == (3, 3, True)


def test_future_films_are_missing_and_counted_when_they_are_wanted() -> None:
    judged = look(film(1), film(2), film(3, date(2027, 1, 1)), held=(1, 2), rules=Rules(exclude_future=False))
    assert [one.film_id for one in judged.missing] == [3]
    assert (judged.held, judged.listed) == (2, 3)


@pytest.mark.parametrize(
    ("films", "held", "filters", "begun"),
    [
        ((film(1),), (1,), Filters(), False),
        ((film(1), film(2, date(2099, 1, 1))), (1,), Filters(), False),
        ((film(1), film(2)), (1,), Filters(), True),
        ((film(1), film(2)), (), Filters(), False),
        ((film(1), film(2)), (1,), Filters(min_owned=2), False),
        ((film(1), film(2), film(3)), (1, 2), Filters(min_owned=2, min_size=3), True),
        ((film(1), film(2), film(3)), (1, 2), Filters(min_size=4), False),
        ((film(1), film(2, adult=True)), (1,), Filters(), False),
    ],
)
def test_a_collection_is_begun_with_enough_released_and_enough_held(
    films: tuple[ListedFilm, ...], held: tuple[int, ...], filters: Filters, begun: bool
) -> None:
    assert look(*films, held=held, filters=filters).is_begun is begun


def test_adult_and_video_parts_count_only_when_they_are_wanted() -> None:
    films = (film(1), film(2), film(3, adult=True), film(4, video=True), film(5, adult=True, video=True))
    assert set(standings(look(*films))) == {1, 2}
    assert set(standings(look(*films, filters=Filters(adult=True)))) == {1, 2, 3}
    assert set(standings(look(*films, filters=Filters(video=True)))) == {1, 2, 4}
    assert set(standings(look(*films, filters=Filters(adult=True, video=True)))) == {1, 2, 3, 4, 5}


def test_short_films_are_left_out_and_one_of_unknown_length_counts() -> None:
    films = (film(1), film(2, runtime_min=39), film(3, runtime_min=40), film(4), film(5))
    judged = look(*films, held=(1, 5), filters=Filters(min_runtime_min=40), lengths={1: 120, 5: 12})
    assert set(standings(judged)) == {1, 3, 4}
    assert (judged.held, judged.listed) == (1, 3)


def test_held_never_exceeds_listed() -> None:
    films = (film(1, adult=True), film(2, None), film(3), film(4, date(2099, 1, 1)))
    for held in ((), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), (3, 99)):
        judged = look(*films, held=held)
        assert judged.held <= judged.listed


def test_an_ignored_film_is_listed_and_not_missing() -> None:
    judged = look(film(1), film(2), film(3), decisions=ignored(Level.MOVIE, 3))
    assert standings(judged)[3] is Standing.IGNORED
    assert (judged.held, judged.listed, [one.film_id for one in judged.missing]) == (1, 3, [2])


def test_a_collection_whose_every_gap_is_ignored_is_complete() -> None:
    judged = look(film(1), film(2), film(3, None), decisions=ignored(Level.COLLECTION, 9))
    assert (judged.state, judged.listed) == (State.COMPLETE, 2)
    assert judged.ignore is not None
    assert set(standings(judged).values()) == {Standing.HELD, Standing.IGNORED}


@pytest.mark.parametrize("level", [Level.SHOW, Level.MOVIE, Level.COLLECTION])
def test_numbers_of_shows_films_and_collections_are_three_things(level: Level) -> None:
    judged = look(film(1), film(9), decisions=ignored(level, 9))
    assert standings(judged)[9] is (Standing.MISSING if level is Level.SHOW else Standing.IGNORED)
    other = look(film(1), film(8), decisions=ignored(level, 8))
    assert standings(other)[8] is (Standing.IGNORED if level is Level.MOVIE else Standing.MISSING)


def test_an_ignore_counts_through_its_last_day() -> None:
    decisions = ignored(Level.MOVIE, 2, until=NOW.date())
    midnight = datetime(NOW.year, NOW.month, NOW.day, tzinfo=UTC) + timedelta(days=1)
    films = (film(1), film(2))
    assert not look(*films, decisions=decisions, now=midnight - timedelta(seconds=1)).missing
    assert look(*films, decisions=decisions, now=midnight).missing


def test_an_answer_about_films_holds_a_week_and_a_day_while_one_is_due() -> None:
    today = NOW.date()
    for released, hours in (
        (None, 168),
        (OLD, 168),
        (today - timedelta(days=1), 168),
        (today, 24),
        (today + timedelta(days=30), 24),
        (today + timedelta(days=32), 168),
    ):
        told = listing(film(1), film(2, released))
        almost = NOW + timedelta(hours=hours, seconds=-1) if hours == 24 else NOW + timedelta(hours=20)
        assert collection_is_fresh(told, almost), released
        assert not collection_is_fresh(told, NOW + timedelta(hours=168)), released
        assert not collection_is_fresh(told, NOW - timedelta(seconds=1)), released
    assert not collection_is_fresh(listing(film(2, today + timedelta(days=9))), NOW + timedelta(hours=24))
    assert film_is_fresh(NOW, NOW + timedelta(days=7, seconds=-1))
    assert not film_is_fresh(NOW, NOW + timedelta(days=7))
    assert found_is_fresh(NOW, NOW + timedelta(hours=23), found=False)
    assert not found_is_fresh(NOW, NOW + timedelta(hours=24), found=False)

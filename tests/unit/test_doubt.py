from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from plexgap.domain.catalogue import Listing
from plexgap.domain.library import HeldEpisode, HeldShow
from plexgap.gaps.diff import compare, season_rows
from plexgap.gaps.doubt import doubt, stands_until
from tests.support import NOW, held_show, in_aired_order, listing, numbers, show_item


def said(held: HeldShow, listed: Listing) -> str | None:
    settled = in_aired_order([held], listed)
    comparison = compare(settled)
    return doubt(comparison, season_rows(settled, comparison), "aired", "TMDB", NOW.date())


def dated(episodes: str, first: date, *, step: int = 7) -> HeldShow:
    return HeldShow(
        show_item(),
        tuple(
            HeldEpisode(str(place), number.season, number.number, air_date=first + timedelta(days=step * place))
            for place, number in enumerate(numbers(episodes))
        ),
    )


def weekly(episodes: str, first: date) -> Listing:
    plain = listing(episodes)
    return replace(
        plain,
        episodes=tuple(
            replace(episode, air_date=first + timedelta(days=7 * place)) for place, episode in enumerate(plain.episodes)
        ),
    )


@pytest.mark.parametrize(
    ("held", "listed", "doubted"),
    [
        pytest.param("1x1-10", "1x1-12", False, id="some lack"),
        pytest.param("1x1-10 1x11", "1x1-10", False, id="one extra"),
        pytest.param("1x1-10 5x1-5", "1x1-10", True, id="a third matches nothing"),
        pytest.param("1x1-4 5x1-2", "1x1-4", True, id="six held are enough to doubt"),
        pytest.param("1x1-2 5x1-2", "1x1-2", False, id="four held are too few"),
        pytest.param("1x1-26", "1x1-13 2x1-13", True, id="counted through in one season, nothing to tell by"),
    ],
)
def test_too_many_that_match_nothing_make_doubt(held: str, listed: str, doubted: bool) -> None:
    assert (said(held_show(held), listing(listed)) is not None) is doubted


def test_sentence_says_how_many_match_nothing() -> None:
    assert said(held_show("1x1-10 5x1-5"), listing("1x1-10")) == (
        "5 of 15 episodes in Plex match nothing TMDB lists in aired order."
    )


def test_another_show_is_doubted_when_nothing_but_the_numbers_agrees() -> None:
    first = date(2004, 1, 1)
    told = said(dated("1x1-8", first), weekly("1x1-8 2x1-8", date(2015, 6, 1)))
    assert told is not None
    assert "another show" in told


def test_right_show_with_its_dates_is_not_doubted() -> None:
    first = date(2015, 6, 1)
    assert said(dated("1x1-8", first), weekly("1x1-8 2x1-8", first)) is None


def test_sure_show_with_a_few_extras_is_not_doubted() -> None:
    first = date(2015, 6, 1)
    held = dated("1x1-8 3x1-4", first)
    assert said(held, weekly("1x1-8", first)) is None


def test_what_is_said_stands_until_a_day_brings_another_sentence() -> None:
    first, today = date(2015, 6, 1), NOW.date()
    plain = listing("2x1-3")
    coming = [
        replace(episode, air_date=today + timedelta(days=3 * place)) for place, episode in enumerate(plain.episodes, 1)
    ]
    known = weekly("1x1-8", first)
    settled = in_aired_order([dated("1x1-8 9x1-4", first)], replace(known, episodes=(*known.episodes, *coming)))
    comparison = compare(settled)
    weighed = (comparison, season_rows(settled, comparison), "aired", "TMDB")
    until = stands_until(*weighed, today)
    assert until == today + timedelta(days=6)
    said_on = [doubt(*weighed, today + timedelta(days=days)) for days in range(10)]
    assert said_on[:6] == [None] * 6
    assert all(said_on[6:])
    assert stands_until(*weighed, until) is None


def test_where_everything_matches_no_day_changes_what_is_said() -> None:
    settled = in_aired_order([held_show("1x1-10")], weekly("1x1-12", NOW.date() - timedelta(days=70)))
    comparison = compare(settled)
    assert stands_until(comparison, season_rows(settled, comparison), "aired", "TMDB", NOW.date()) is None

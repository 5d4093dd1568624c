from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.ids import parse_guids
from plexgap.domain.library import HeldEpisode, HeldShow
from plexgap.domain.verdicts import MatchRule
from plexgap.gaps.diff import compare, season_rows
from plexgap.gaps.numbering import usable_dates
from tests.support import cases, episode_id, held_show, in_aired_order, listing, numbers, show_item


@pytest.mark.parametrize("case", cases("diffs"))
def test_held_against_listed(case: dict[str, Any]) -> None:
    found = compare(in_aired_order([held_show(case["held"], ids=case.get("ids"))], listing(case["listed"])))
    assert tuple(absent.number for absent in found.absent) == numbers(case["absent"])
    assert tuple(EpisodeNumber(e.season or 0, e.number or 0) for e in found.extra) == numbers(case.get("extra", ""))


def test_held_is_the_union_over_the_items_of_a_title() -> None:
    two = [held_show("1x1-3"), held_show("1x4-5", item=show_item("2"))]
    assert compare(in_aired_order(two, listing("1x1-6"))).absent[0].number == EpisodeNumber(1, 6)


def test_episode_without_a_number_is_extra_and_hides_nothing() -> None:
    dated = HeldShow(show_item(), (HeldEpisode("7", None, None, "20 November 2026", date(2026, 11, 20)),))
    found = compare(in_aired_order([dated], listing("1x1")))
    assert [extra.rating_key for extra in found.extra] == ["7"]
    assert [absent.number for absent in found.absent] == [EpisodeNumber(1, 1)]


def test_rule_that_matched_is_kept() -> None:
    found = compare(in_aired_order([held_show("1x1-2", ids={"1x1": "tmdb://10002"})], listing("1x1-2")))
    assert [match.rule for match in found.matches] == [MatchRule.EPISODE_ID, MatchRule.NUMBER]


@pytest.mark.parametrize(
    ("number", "day", "usable"),
    [
        pytest.param("1x2", date(1900, 1, 1), False, id="1900 is no date"),
        pytest.param("2x1", date(2012, 5, 1), False, id="second season before the first"),
        pytest.param("1x2", date(2012, 5, 1), True, id="within the first season a date stands"),
        pytest.param("0x1", date(2012, 5, 1), True, id="a special may be earlier"),
        pytest.param("2x1", date(2014, 5, 1), True, id="later"),
    ],
)
def test_placeholder_dates_count_as_none(number: str, day: date, usable: bool) -> None:
    listed = listing("0x1 1x1-3 2x1-2", dates={number: day}, default_date=date(2013, 1, 1))
    found = {episode.number: episode.air_date for episode in usable_dates(listed)}
    assert found[numbers(number)[0]] == (day if usable else None)


def test_season_rows_stand_in_listing_order_with_their_days() -> None:
    listed = listing("2x1-2 1x1-3", dates={"1x2": None})
    settled = in_aired_order([held_show("1x1 1x3 2x2")], listed)
    rows = season_rows(settled, compare(settled))
    assert [(row.season, row.row, row.numbers) for row in rows] == [(1, "hah", (1, 2, 3)), (2, "ah", (1, 2))]
    assert rows[0].days == (date(2020, 1, 1).toordinal(), 0, date(2020, 1, 1).toordinal())


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 6), st.booleans()), max_size=25),
    st.randoms(use_true_random=False),
)
def test_no_held_episode_is_ever_absent_whatever_the_order(held: list[tuple[int, int, bool]], random: Any) -> None:
    listed = listing("0x0-6 1x0-6 2x0-6 3x0-6")
    episodes = [
        HeldEpisode(
            str(key),
            season,
            number,
            ids=parse_guids([f"tmdb://{episode_id(EpisodeNumber(season, number))}"] if with_id else []),
        )
        for key, (season, number, with_id) in enumerate(held)
    ]
    random.shuffle(episodes)
    found = compare(in_aired_order([HeldShow(show_item(), tuple(episodes))], listed))
    assert {absent.number for absent in found.absent} == {
        episode.number for episode in listed.episodes if (*episode.number,) not in {(s, n) for s, n, _ in held}
    }

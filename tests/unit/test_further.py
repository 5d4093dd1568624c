from __future__ import annotations

import random
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.library import HeldEpisode, HeldFile
from plexgap.gaps.further import further
from tests.support import numbers

MINUTE_MS = 60_000


def held(number: str, *names: str, minutes: int | None = 22) -> HeldEpisode:
    """An episode in Plex whose rating key is its number: `held("1x1", "S01E01-E02.mkv")`."""
    (own,) = numbers(number)
    duration_ms = None if minutes is None else minutes * MINUTE_MS
    return HeldEpisode(number, own.season, own.number, files=tuple(HeldFile(name, duration_ms) for name in names))


def found(
    episodes: Iterable[HeldEpisode], listed: str, absent: str, places: dict[str, str] | None = None
) -> dict[str, str]:
    """What the files also hold, as `{"S01E02": "1x1"}`. `places`: where numbers are matched, if not to themselves."""
    known = {episode.rating_key: numbers(episode.rating_key)[0] for episode in episodes}
    known |= {key: numbers(number)[0] for key, number in (places or {}).items()}
    listing, missing = numbers(listed), numbers(absent)
    known = {key: number for key, number in known.items() if number in listing}
    return {str(number): key for number, key in further(list(episodes), known, listing, missing).items()}


def test_a_file_of_two_holds_the_second_where_plex_lists_the_first_alone() -> None:
    episodes = [held("1x1", "/tv/S01E01-E02 - Opening.mkv"), held("1x3", "S01E03.mkv")]
    assert found(episodes, "1x1-4", "1x2 1x4") == {"S01E02": "1x1"}


def test_three_segments_a_file_leave_nothing_absent() -> None:
    episodes = [held(f"1x{first}", f"S01E{first:02d}-E{first + 2:02d}.mkv", minutes=22) for first in (1, 4, 7)]
    assert [f"{number} in {key}" for number, key in found(episodes, "1x1-9", "1x2-3 1x5-6 1x8-9").items()] == [
        f"S01E{first + more:02d} in 1x{first}" for first in (1, 4, 7) for more in (1, 2)
    ]


def test_nothing_is_added_where_plex_lists_each_episode_of_the_file() -> None:
    episodes = [held("1x1", "S01E01-E02.mkv"), held("1x2", "S01E01-E02.mkv")]
    assert found(episodes, "1x1-2", "") == {}


def test_a_member_that_plex_lists_by_itself_is_where_that_one_is() -> None:
    # The opening is two for Plex and one for the catalogue, so S01E03 in Plex is S01E02 there, and lacks.
    episodes = [held("1x1", "S01E01-E02.mkv"), held("1x2", "S01E01-E02.mkv"), held("1x4", "S01E04.mkv")]
    assert found(episodes, "1x1-3", "1x2", {"1x2": "1x1", "1x4": "1x3"}) == {}


def test_members_are_counted_from_the_listed_episode_of_the_first() -> None:
    episodes = [held("1x7", "S01E07-E08.mkv")]
    assert found(episodes, "1x1-6 2x1-6", "2x2 1x2", {"1x7": "2x1"}) == {"S02E02": "1x7"}


def test_members_are_counted_in_places_where_the_listing_leaves_a_number_out() -> None:
    assert found([held("1x3", "S01E03-E04.mkv")], "1x1-3 1x5", "1x5") == {"S01E05": "1x3"}


def test_members_end_with_the_listed_season() -> None:
    assert found([held("1x3", "S01E03-E05.mkv")], "1x1-3 2x1-3", "2x1-3") == {}


def test_episodes_that_are_held_or_that_nothing_lists_are_never_added() -> None:
    episodes = [held("1x1", "S01E01-E03.mkv"), held("1x9", "S01E09-E10.mkv")]
    assert found(episodes, "1x1-3", "1x3") == {"S01E03": "1x1"}


def test_any_copy_of_an_episode_may_be_the_long_one() -> None:
    assert found([held("1x1", "S01E01.mkv", "S01E01E02.mkv")], "1x1-2", "1x2") == {"S01E02": "1x1"}


def test_a_group_that_reaches_far_is_believed_where_its_file_is_as_long_as_several_single_ones() -> None:
    singles = [held(f"2x{n}", f"S02E{n:02d}.mkv", minutes=22) for n in (1, 2, 3)]
    pack = held("1x1", "S01E01-E07.mkv", minutes=150)
    assert len(found([*singles, pack], "1x1-7 2x1-3", "1x2-7")) == 6
    assert found([*singles, held("1x1", "S01E01-E07.mkv", minutes=44)], "1x1-7 2x1-3", "1x2-7") == {}


def test_files_of_several_are_no_measure_of_a_single_one() -> None:
    doubles = [held(f"2x{n}", f"S02E{n:02d}-E{n + 1:02d}.mkv", minutes=44) for n in (1, 3)]
    shared = [held(f"3x{n}", "opening.mkv", minutes=44) for n in (1, 2)]
    pack = held("1x1", "S01E01-E07.mkv", minutes=150)
    listed = "1x1-7 2x1-4 3x1-3"
    assert found([*doubles, *shared, pack], listed, "1x2-7") == {}
    assert len(found([*doubles, *shared, pack, held("3x3", "S03E03.mkv")], listed, "1x2-7")) == 6


def test_an_episode_without_a_number_says_nothing() -> None:
    daily = HeldEpisode("1x1", None, None, files=(HeldFile("S01E01-E02.mkv"),))
    assert found([daily], "1x1-2", "1x2") == {}


@given(
    st.lists(st.tuples(st.integers(1, 2), st.integers(1, 8), st.integers(0, 5)), unique_by=lambda one: one[:2]),
    st.sets(st.integers(1, 8)),
    st.randoms(use_true_random=False),
)
def test_only_absent_episodes_are_added_whatever_the_order_of_inputs(
    rows: list[tuple[int, int, int]], lacking: set[int], shuffle: random.Random
) -> None:
    episodes = [held(f"{s}x{n}", f"S{s:02d}E{n:02d}-E{n + more:02d}.mkv" if more else "") for s, n, more in rows]
    listed = numbers("1x1-8 2x1-8")
    matched = {episode.rating_key: numbers(episode.rating_key)[0] for episode in episodes}
    absent = {EpisodeNumber(1, number) for number in lacking} - set(matched.values())
    added = further(episodes, matched, listed, absent)
    assert set(added) <= absent
    again = list(episodes)
    shuffle.shuffle(again)
    assert further(again, matched, listed, absent) == added

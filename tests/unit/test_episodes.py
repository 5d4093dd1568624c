from __future__ import annotations

import pytest

from plexgap.domain.episodes import EpisodeNumber, numbers_label


def test_numbers_sort_and_print_as_wide_as_they_are() -> None:
    assert sorted([EpisodeNumber(1, 100), EpisodeNumber(1, 99)])[0] == EpisodeNumber(1, 99)
    assert str(EpisodeNumber(2024, 103)) == "S2024E103"


@pytest.mark.parametrize(
    ("season", "given", "label"),
    [
        (2, [3, 5, 6, 7], "S02 E03, E05-E07"),
        (1, [5], "S01 E05"),
        (2024, [103], "S2024 E103"),
        (1, [1, 1, 2], "S01 E01-E02"),
        (1, [1, 3, 5, 7, 9, 11], "S01 E01, E03, E05, E07, E09, E11"),
        (2, [3, 5, 6, 7, 9, 11, 13, 15, 17], "S02 E03, E05-E07 and 5 more"),
    ],
)
def test_label_joins_runs_and_stays_short(season: int, given: list[int], label: str) -> None:
    assert numbers_label(season, given) == label

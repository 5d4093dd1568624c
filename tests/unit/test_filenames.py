from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plexgap.gaps.filenames import members, stated
from tests.support import cases

USUAL_MS = 1_500_000.0

seasons = st.integers(0, 2100)
numbers = st.integers(0, 2000)
anchors = st.sampled_from(["S{:02d}E{:02d}", "s{}e{}", "{}x{:02d}", "Season {} Episode {}", "S{:02d}.E{:02d}"])
links = st.sampled_from(
    ["-E{:02d}", "E{:02d}", "-{:02d}", "_{:02d}", " & {:02d}", "+{}", "x{:02d}", " - {:02d}", " {}", ".{:02d}.Title"]
)
tags = st.sampled_from(
    [
        "1080p",
        "720p",
        "10bit",
        "3D",
        "4K",
        "x264",
        "H.264",
        "DDP5.1",
        "5.1",
        "1920x1080",
        "WEB-DL",
        "[1A2B3C4D]",
        "(2019)",
    ]
)


@pytest.mark.parametrize("case", cases("filenames"))
def test_name_says_which_further_episodes_its_file_holds(case: dict[str, Any]) -> None:
    season, number = map(int, case["at"].split("x"))
    lasts = case.get("lasts")
    duration_ms = None if lasts is None else round(lasts * USUAL_MS)
    found = members(case["case"], season, number, duration_ms=duration_ms, usual_ms=USUAL_MS)
    assert found == tuple(case.get("further", ()))


def test_table_has_as_many_traps_as_a_reader_needs() -> None:
    rows = [row for param in cases("filenames") for row in param.values]
    traps = [row for row in rows if not row.get("further")]
    assert len({row["case"] for row in rows}) >= 150
    assert len(traps) >= len(rows) / 2


def test_a_group_that_reaches_far_is_not_believed_where_no_single_file_tells_the_usual_length() -> None:
    name = "Ferry Row - S01E01-E06.mkv"
    assert members(name, 1, 1, duration_ms=10**9, usual_ms=None) == ()
    assert members(name, 1, 1, duration_ms=10**9, usual_ms=0.0) == ()
    assert members(name, 1, 1, duration_ms=None, usual_ms=USUAL_MS) == ()
    assert tuple(stated(name, 1, 1)) == (1, 2, 3, 4, 5)


@given(
    name=st.one_of(st.text(), st.from_regex(r"[sSeExX0-9 ._&+~-]{1,40}", fullmatch=True)),
    season=seasons,
    number=numbers,
    duration_ms=st.one_of(st.none(), st.integers(0, 10**8)),
)
def test_any_name_gives_only_places_after_the_first(name: str, season: int, number: int, duration_ms: int) -> None:
    found = members(name, season, number, duration_ms=duration_ms, usual_ms=USUAL_MS)
    assert all(place > 0 for place in found)
    assert list(found) == sorted(set(found))


@given(
    anchor=anchors,
    season=st.integers(0, 30),
    number=st.integers(0, 200),
    following=st.lists(st.tuples(links, st.integers(0, 210)), max_size=3),
    more=st.lists(tags, min_size=1, max_size=4),
)
def test_quality_tags_change_nothing(
    anchor: str, season: int, number: int, following: list[tuple[str, int]], more: list[str]
) -> None:
    start = "Ferry Row - " + anchor.format(season, number) + "".join(link.format(other) for link, other in following)
    plain = members(f"{start} - Tide.mkv", season, number)
    assert members(f"{start} - Tide {' '.join(more)}.mkv", season, number) == plain
    assert members(f"{start} - Tide.{'.'.join(more)}.mkv", season, number) == plain
    assert members(f"{start} {' '.join(more)}.mkv", season, number) == plain


@given(season=st.integers(1, 30), number=st.integers(0, 98), count=st.integers(1, 4))
def test_a_range_holds_every_number_up_to_its_last(season: int, number: int, count: int) -> None:
    last = number + count
    whole = tuple(range(1, count + 1))
    assert members(f"/tv/S01E01-E09/Ferry Row s{season:02d}e{number:02d}-e{last:02d}.mkv", season, number) == whole
    assert members(f"Ferry Row {season}x{number:02d}-{season}x{last:02d}.mkv", season, number) == whole
    assert members("".join(f"E{n:02d}" for n in range(number, last + 1)), season, number) == whole

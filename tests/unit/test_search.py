from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from plexgap.domain.catalogue import Candidate
from plexgap.domain.ids import Source
from plexgap.gaps.search import choose, figures, fits, is_exact, says_enough, sought
from tests.support import cases


def offered(rows: list[list[Any]]) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(Source.TMDB, row[0], row[1], row[2], original_title=row[3] if len(row) > 3 else "") for row in rows
    )


@pytest.mark.parametrize("case", cases("search"))
def test_show_that_a_title_means(case: dict[str, Any]) -> None:
    wanted, hits = sought(*case["sought"]), offered(case["offered"])
    choice = choose(wanted, hits, more=case.get("more", False))
    assert (choice.show.show_id if choice.show else None) == case["chosen"]
    assert choice.fitting == sum(fits(wanted, hit) for hit in set(hits))
    if case["chosen"] is not None:
        assert choice.candidates == ()
    elif "candidates" in case:
        assert [candidate.show_id for candidate in choice.candidates] == case["candidates"]


@pytest.mark.parametrize("case", cases("search"))
def test_choice_does_not_depend_on_the_order_of_hits(case: dict[str, Any]) -> None:
    wanted, hits = sought(*case["sought"]), offered(case["offered"])[:4]
    more = case.get("more", False)
    assert len({choose(wanted, order, more=more) for order in permutations(hits)}) == 1


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Saw V", (5,)),
        ("Saw VI", (6,)),
        ("Henry IV, Part 2", (4, 2)),
        ("Malcolm XXXIX", (39,)),
        ("Part Ⅲ", (3,)),
        ("Ten Lights", (10,)),
        ("007", (7,)),
        ("The Mix", ()),
        ("Livid", ()),
        ("Often", ()),
        ("Kestrel House", ()),
    ],
)
def test_figures_of_a_title(title: str, found: tuple[int, ...]) -> None:
    assert figures(title) == found


def test_only_the_same_title_and_year_are_exact() -> None:
    wanted = sought("Kestrel House", 2019)
    rows = [[1, "Kestrel House", 2019], [2, "Kestrel House", 2020], [3, "Kestrel Houses", 2019], [4, "Else", 2019]]
    assert [is_exact(wanted, hit) for hit in offered(rows)] == [True, False, False, False]


@pytest.mark.parametrize(
    ("title", "year", "guids", "says"),
    [
        ("Summer", None, ["local://9"], False),
        ("Summer", None, ["com.plexapp.agents.none://9?lang=xn"], False),
        ("Summer", 2019, ["local://9"], True),
        ("Summer (2019)", None, ["local://9"], True),
        ("Summer", None, ["plex://show/5d9c"], True),
        ("Summer", None, ["local://9", "plex://show/5d9c"], True),
        (" ", 2019, ["plex://show/5d9c"], False),
    ],
)
def test_name_alone_is_searched_for_only_where_plex_matched_it(
    title: str, year: int | None, guids: list[str], says: bool
) -> None:
    assert says_enough(sought(title, year), guids) is says

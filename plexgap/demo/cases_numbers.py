"""Shows with unusual numbers, copies, dates and orders that today's comparison is exact on."""

from __future__ import annotations

from datetime import date

from plexgap.demo.case import RETURNING, Draw, Item, Season, ShowCase, one, one_to_one, seasons, span
from plexgap.demo.library import Odd


def year_seasons(draw: Draw) -> ShowCase:
    """Seasons are years: S2021 to this one. They lie beyond what the first request asks for."""
    this = draw.today.year
    made = tuple(
        Season(year, 8, step=1, starts_in=(date(year, 1, 4 + draw.between(0, 3)) - draw.today).days)
        for year in range(this - 5, this)
    )
    return ShowCase(
        tags="gaps year_seasons ongoing", seasons=made, status=RETURNING, missing=one(this - 3, draw.between(2, 7))
    )


def long_numbers(draw: Draw) -> ShowCase:
    """One season of 120: E110 is an ordinary number."""
    return ShowCase(
        tags="gaps numbers_above_99 archived_gaps",
        seasons=(Season(1, 120, step=3),),
        anchor=(120, -draw.between(300, 800)),
        missing=one(1, draw.between(50, 99), 110),
    )


def episode_zero_missing(draw: Draw) -> ShowCase:
    return ShowCase(
        tags="gaps episode_0 archived_gaps",
        seasons=(Season(1, draw.between(6, 8), first=0),),
        anchor=(0, -1300),
        missing=one(1, 0),
    )


def many_seasons(draw: Draw) -> ShowCase:
    """More seasons than one request carries; the gap is in one of the later ones."""
    count = draw.between(22, 25)
    return ShowCase(
        tags="gaps more_than_19_seasons archived_gaps",
        seasons=seasons(count, 13),
        anchor=(13, -draw.between(400, 900)),
        missing=one(draw.between(20, count), 4),
    )


def renumbered(draw: Draw) -> ShowCase:
    """Plex counts through in one season; episode ids say which is which. One is missing."""
    hole = draw.between(2, 9)
    listed = (*span(1, 1, 10), *span(2, 1, 10))
    return ShowCase(
        tags="gaps renumbered held_by_episode_id",
        seasons=seasons(2, 10),
        anchor=(10, -draw.between(300, 700)),
        missing=one(2, hole),
        items=(Item(numbered=one_to_one(span(1, 1, 20), listed)),),
    )


def two_copies(draw: Draw) -> ShowCase:
    """One episode in two qualities in one item, and all of season 2 a second time under the same numbers."""
    number = draw.between(2, 7)
    pairs = (*span(1, 1, 8), *span(2, 1, 8))
    return ShowCase(
        tags="complete two_copies two_files",
        seasons=seasons(2, 8),
        items=(
            Item(
                odd={one(1, number)[0]: Odd(copies=2)}, numbered=one_to_one((*pairs, *one(2, 5)), (*pairs, *one(2, 5)))
            ),
        ),
    )


def undated(draw: Draw) -> ShowCase:
    """Dates are empty, null or no dates at all: never missing. The season goes on without them."""
    return ShowCase(
        tags="complete undated date_empty date_null malformed_date ongoing",
        seasons=(*seasons(1, 10), Season(2, 10)),
        anchor=(10, -draw.between(20, 60)),
        status=RETURNING,
        undated=one(2, 3, 5, 8),
        raw_dates={one(2, 3)[0]: "", one(2, 5)[0]: None, one(2, 8)[0]: "2026-02-30"},
    )


def season_undated(draw: Draw) -> ShowCase:
    """The next season is listed without any date; an empty one stands behind it."""
    length = draw.between(6, 8)
    return ShowCase(
        tags="complete undated season_without_date ongoing",
        seasons=(*seasons(2, 10), Season(3, length, dated=False), Season(4, 0, dated=False)),
        anchor=(1, -300),
        status=RETURNING,
        undated=span(3, 1, length),
    )


CASES = (
    year_seasons,
    long_numbers,
    episode_zero_missing,
    many_seasons,
    renumbered,
    two_copies,
    undated,
    season_undated,
)

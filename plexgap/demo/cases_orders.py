"""Shows whose numbers in Plex follow an order that has something odd about it: one not complete, one that numbers a
special, one that gives a number twice, one that nobody set on the show itself.

Numbers in a case are TMDB's aired ones; `pairs` say what another order calls them. Small on purpose.
"""

from __future__ import annotations

from plexgap.demo.case import (
    ABSOLUTE_GROUP,
    AIRED_GROUP,
    ANIME,
    DVD_GROUP,
    PRODUCTION_GROUP,
    Draw,
    Item,
    Numbered,
    Order,
    Season,
    ShowCase,
    Without,
    one,
    seasons,
    span,
)
from plexgap.demo.listed import AtTvdb
from plexgap.domain.verdicts import State

# What Plex gives for an order that a newer metadata provider brought.
_PROVIDER_ORDER = "65b8f0d2c3a94e1f7d206b8a"


def double_pilot(draw: Draw) -> ShowCase:
    """TMDB lists the long pilot once, TheTVDB as two; every number behind it is one higher there, as in Plex.

    The second half is TMDB's tenth place here, which it doesn't list. One of the others is missing.
    """
    pilot, half, hole = "The Long Way In", "The Long Way In, Second Half", draw.between(4, 8)
    official = tuple(zip(span(1, 1, 10), (*one(1, 1, 10), *span(1, 2, 9)), strict=True))
    first = draw.between(700, 1_100)
    return ShowCase(
        tags="gaps double_pilot archived_gaps",
        seasons=(Season(1, 10),),
        anchor=(1, -first),
        titles={one(1, 1)[0]: pilot, one(1, 10)[0]: half},
        raw_dates={one(1, 10)[0]: draw.day(-first)},
        tvdb_only=one(1, 10),
        missing=one(1, hole),
        truth_missing=((1, hole + 1),),
        items=(Item(numbered=Numbered(official), episode_ids=False, ordering="aired"),),
        orders=(Order("aired", AIRED_GROUP, official),),
        provider="tvdb",
        without_tvdb=Without(),
    )


def dvd_incomplete(draw: Draw) -> ShowCase:
    """The DVDs came out for the first season alone; the second stands in Plex as it aired. One is missing in each."""
    shuffled = one(1, 4, 1, 6, 3, 2, 5)
    dvd = tuple(zip(span(1, 1, 6), shuffled, strict=True))
    place, later = draw.between(2, 5), draw.between(2, 5)
    return ShowCase(
        tags="gaps dvd_incomplete dvd_order archived_gaps",
        seasons=seasons(2, 6),
        anchor=(6, -draw.between(4_000, 6_000)),
        missing=(shuffled[place - 1], *one(2, later)),
        truth_missing=((1, place), (2, later)),
        items=(Item(numbered=Numbered((*dvd, *((n, n) for n in span(2, 1, 6)))), episode_ids=False, ordering="dvd"),),
        orders=(Order("dvd", DVD_GROUP, dvd),),
        provider="tvdb",
        order="dvd",
        without_tvdb=Without(),
    )


def dvd_specials(draw: Draw) -> ShowCase:
    """The DVDs give two specials regular numbers. Plex holds one of them; the other is no gap of a regular season."""
    regular = span(1, 1, 8)
    first, second = one(0, 1, 2)
    placed = (*regular[:2], first, *regular[2:5], second, *regular[5:])
    dvd = tuple(zip(span(1, 1, 10), placed, strict=True))
    return ShowCase(
        tags="gaps dvd_specials dvd_order specials_missing archived_gaps",
        seasons=(Season(0, 2, step=40), Season(1, 8)),
        anchor=(8, -draw.between(3_000, 5_000)),
        missing=one(1, 4),
        truth_missing=((1, 5),),
        missing_specials=(second,),
        items=(Item(numbered=Numbered(dvd), episode_ids=False, ordering="dvd"),),
        orders=(Order("dvd", DVD_GROUP, dvd),),
        provider="tvdb",
        order="dvd",
        without_tvdb=Without(),
    )


def number_twice(draw: Draw) -> ShowCase:
    """The DVD order gives two episodes the number 4 of season 1; Plex holds both under it. Another one is missing."""
    numbers = (*span(1, 1, 4), *one(1, 4), *span(2, 1, 4))
    dvd = tuple(zip(numbers, one(1, 3, 1, 2, 5, 4, 9, 6, 8, 7), strict=True))
    return ShowCase(
        tags="gaps number_twice dvd_order archived_gaps",
        seasons=(Season(1, 9),),
        anchor=(9, -draw.between(3_000, 5_000)),
        missing=one(1, 8),
        truth_missing=((2, 3),),
        items=(Item(numbered=Numbered(dvd), episode_ids=False, ordering="dvd"),),
        orders=(Order("dvd", DVD_GROUP, dvd),),
        provider="tvdb",
        order="dvd",
        without_tvdb=Without(),
    )


def two_orders(draw: Draw) -> ShowCase:
    """One title in two libraries: as it aired in one, counted through in the other. One episode is in neither."""
    counted = tuple(zip(span(1, 1, 12), (*span(1, 1, 6), *span(2, 1, 6)), strict=True))
    return ShowCase(
        tags="gaps two_orders show_in_two_sections archived_gaps",
        seasons=seasons(2, 6),
        anchor=(6, -draw.between(900, 1_500)),
        missing=one(1, 4),
        items=(
            Item(only=(*one(1, 1, 2, 3, 5, 6), *span(2, 1, 4)), episode_ids=False),
            Item(section=ANIME, numbered=Numbered(counted[4:]), episode_ids=False),
        ),
        orders=(Order("absolute", ABSOLUTE_GROUP, counted),),
        provider="tvdb",
        without_tvdb=Without(),
    )


def order_of_show(draw: Draw) -> ShowCase:
    """In DVD order, as Plex says of the show; nothing else does: its titles are in another language, its episodes have
    neither dates nor ids. One is missing."""
    shuffled = one(1, 2, 4, 1, 3, 8, 5, 7, 6)
    dvd = tuple(zip((*span(1, 1, 4), *span(2, 1, 4)), shuffled, strict=True))
    place = draw.between(2, 3)
    return ShowCase(
        tags="gaps order_of_show dvd_order foreign_titles archived_gaps",
        seasons=(Season(1, 8),),
        anchor=(8, -draw.between(5_000, 7_000)),
        missing=(shuffled[3 + place],),
        truth_missing=((2, place),),
        items=(Item(numbered=Numbered(dvd), episode_ids=False, ordering="dvd", foreign=True, dates="none"),),
        orders=(Order("dvd", DVD_GROUP, dvd),),
        provider="tvdb",
        order="dvd",
        without_tvdb=Without(State.SUSPECT, missing=(), reason="TheTVDB key"),
    )


def order_of_library(draw: Draw) -> ShowCase:
    """Counted through, as its library is set to; the show itself says nothing, nor do titles, dates or ids."""
    counted = tuple(zip(span(1, 1, 12), (*span(1, 1, 6), *span(2, 1, 6)), strict=True))
    hole = draw.between(2, 5)
    return ShowCase(
        tags="gaps order_of_library absolute_order foreign_titles archived_gaps",
        seasons=seasons(2, 6),
        anchor=(6, -draw.between(900, 1_500)),
        missing=one(2, hole),
        truth_missing=((1, 6 + hole),),
        items=(Item(section=ANIME, numbered=Numbered(counted), episode_ids=False, foreign=True, dates="none"),),
        orders=(Order("absolute", ABSOLUTE_GROUP, counted),),
        provider="tvdb",
        order="absolute",
        without_tvdb=Without(State.SUSPECT, missing=(), reason="TheTVDB key"),
    )


def setting_contradicted(draw: Draw) -> ShowCase:
    """Plex is set to DVD order, but the files follow TheTVDB's two seasons; TMDB has but one. One is missing."""
    official = tuple(zip((*span(1, 1, 6), *span(2, 1, 6)), span(1, 1, 12), strict=True))
    dvd = tuple(zip((*span(1, 1, 6), *span(2, 1, 6)), one(1, 3, 7, 1, 12, 9, 5, 2, 11, 4, 8, 6, 10), strict=True))
    hole = draw.between(2, 5)
    return ShowCase(
        tags="gaps setting_contradicted archived_gaps",
        seasons=(Season(1, 12),),
        anchor=(12, -draw.between(500, 900)),
        missing=one(1, 6 + hole),
        truth_missing=((2, hole),),
        items=(Item(numbered=Numbered(official), episode_ids=False, ordering="dvd"),),
        orders=(Order("aired", AIRED_GROUP, official), Order("dvd", DVD_GROUP, dvd)),
        provider="tvdb",
        without_tvdb=Without(),
    )


def order_unknown_to_us(draw: Draw) -> ShowCase:
    """Plex names an order that nobody knows by that name; the numbers are those of TheTVDB's alternate one."""
    parts = (*span(1, 1, 4), *span(2, 1, 4), *span(3, 1, 4))
    alternate = tuple(zip(parts, span(1, 1, 12), strict=True))
    regional = tuple(zip((*span(1, 1, 6), *span(2, 1, 6)), span(1, 1, 12), strict=True))
    hole = draw.between(5, 8)
    return ShowCase(
        tags="gaps order_unknown_to_us alternate_order archived_gaps",
        seasons=(Season(1, 12, step=1),),
        anchor=(12, -draw.between(400, 800)),
        missing=one(1, hole),
        truth_missing=((2, hole - 4),),
        items=(Item(numbered=Numbered(alternate), episode_ids=False, ordering=_PROVIDER_ORDER),),
        orders=(Order("regional", PRODUCTION_GROUP, regional), Order("alternate", PRODUCTION_GROUP, alternate)),
        tvdb=AtTvdb(default="alternate"),
        provider="tvdb",
        order="alternate",
        without_tvdb=Without(),
    )


CASES = (
    double_pilot,
    dvd_incomplete,
    dvd_specials,
    number_twice,
    two_orders,
    order_of_show,
    order_of_library,
    setting_contradicted,
    order_unknown_to_us,
)

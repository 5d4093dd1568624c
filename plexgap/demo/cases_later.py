"""Shows that later issues must be right about: files, orders, titles, dates, decisions. Nearly each
carries a later tag.

Their truth is stated here all the same, for both catalogues with a key; `provider` and `order` say which one decides.
Small on purpose: what the program can't judge yet should not fill the demo's first page.
"""

from __future__ import annotations

from datetime import timedelta

from plexgap.demo.case import (
    ABSOLUTE_GROUP,
    AIRED_GROUP,
    ANIME,
    DVD_GROUP,
    PRODUCTION_GROUP,
    RETURNING,
    Draw,
    Item,
    Numbered,
    Order,
    Season,
    ShowCase,
    Without,
    one,
    one_to_one,
    seasons,
    span,
)
from plexgap.demo.library import Odd
from plexgap.demo.listed import AtTvdb, Number
from plexgap.domain.verdicts import State


def multi_episode_file(draw: Draw) -> ShowCase:
    """Two files hold two episodes each; Plex lists only the first of each. Nothing is missing but one elsewhere."""
    title, first = "Two Clerks, Saltmarsh", one(1, 1)[0]
    hole = draw.between(5, 7)
    pairs = [(number, number) for number in span(1, 1, 9) if number not in one(1, 2, 9)]
    return ShowCase(
        tags="gaps multi_episode_file archived_gaps",
        title=title,
        seasons=seasons(1, 9),
        missing=one(1, hole),
        items=(
            Item(
                numbered=Numbered(tuple(pairs)),
                odd={
                    first: Odd(file=f"{title} - S01E01-E02 - Opening.mkv", length=2),
                    one(1, 8)[0]: Odd(file=f"{title} - s01e08e09.mkv", length=2),
                },
            ),
        ),
    )


def three_segments(draw: Draw) -> ShowCase:
    """A cartoon with three segments a file: nine listed, three items in Plex."""
    title = "Pip and the Weather Machine"
    pairs = tuple((number, number) for number in one(1, 1, 4, 7))
    odd = {
        Number(1, first): Odd(file=f"{title} - S01E{first:02d}-E{first + 2:02d}.mkv", length=3) for first in (1, 4, 7)
    }
    return ShowCase(
        tags="complete three_segments",
        title=title,
        seasons=seasons(1, 9),
        items=(Item(numbered=Numbered(pairs), odd=odd),),
    )


def dvd_order(draw: Draw) -> ShowCase:
    """A classic in DVD order, without episode ids. It has two seasons there, one when aired."""
    aired = span(1, 1, 8)
    shuffled = (aired[0], aired[3], aired[1], aired[2], aired[7], aired[4], aired[5], aired[6])
    pairs = tuple(zip((*span(1, 1, 5), *span(2, 1, 3)), shuffled, strict=True))
    return ShowCase(
        tags="gaps dvd_order archived_gaps",
        seasons=seasons(1, 8),
        anchor=(8, -6_000),
        missing=(shuffled[6],),
        truth_missing=((2, 2),),
        items=(Item(numbered=Numbered(pairs), episode_ids=False, ordering="dvd"),),
        orders=(Order("dvd", DVD_GROUP, pairs),),
        provider="tvdb",
        order="dvd",
        without_tvdb=Without(),
    )


def absolute_order(draw: Draw) -> ShowCase:
    """An anime counted through as season 1; TMDB has three seasons."""
    pairs = tuple(zip(span(1, 1, 18), (*span(1, 1, 6), *span(2, 1, 6), *span(3, 1, 6)), strict=True))
    return ShowCase(
        tags="complete absolute_order",
        seasons=seasons(3, 6),
        anchor=(6, -draw.between(700, 900)),
        items=(Item(section=ANIME, guid="hama", numbered=Numbered(pairs), ordering="absolute"),),
        orders=(Order("absolute", ABSOLUTE_GROUP, pairs, on_tmdb=True),),
        tvdb=AtTvdb(default="absolute"),
        provider="tvdb",
        order="absolute",
        without_tvdb=Without(order="group"),
    )


def group_order(draw: Draw) -> ShowCase:
    """Only an episode group of TMDB numbers it as Plex does; it has no TVDB id. One is missing."""
    aired = span(1, 1, 10)
    pairs = tuple(zip((*span(1, 1, 5), *span(2, 1, 5)), (*aired[5:], *aired[:5]), strict=True))
    hole = draw.between(2, 4)
    return ShowCase(
        tags="gaps group_order archived_gaps",
        seasons=seasons(1, 10),
        anchor=(10, -draw.between(900, 1400)),
        missing=one(1, hole),
        truth_missing=((2, hole),),
        items=(Item(numbered=Numbered(pairs), episode_ids=False, ids=("tmdb",)),),
        orders=(Order("production", PRODUCTION_GROUP, pairs, on_tmdb=True),),
        has_tvdb=False,
        order="group",
    )


def one_long_season(draw: Draw) -> ShowCase:
    """TMDB keeps one season of 20, TVDB four of 5; Plex numbers as TVDB does. One is missing."""
    plex = (*span(1, 1, 5), *span(2, 1, 5), *span(3, 1, 5), *span(4, 1, 5))
    pairs = tuple(zip(plex, span(1, 1, 20), strict=True))
    hole = draw.between(11, 14)
    return ShowCase(
        tags="gaps one_long_season archived_gaps",
        seasons=(Season(1, 20),),
        anchor=(20, -draw.between(500, 900)),
        missing=one(1, hole),
        truth_missing=((3, hole - 10),),
        items=(Item(numbered=Numbered(pairs), episode_ids=False, ordering="aired"),),
        orders=(Order("aired", AIRED_GROUP, pairs),),
        provider="tvdb",
        without_tvdb=Without(),
    )


def double_finale(draw: Draw) -> ShowCase:
    """TMDB counts the finale once, TheTVDB each of its two evenings. Plex holds both: an extra for TMDB."""
    return ShowCase(
        tags="complete double_finale",
        seasons=(Season(1, 9),),
        anchor=(8, -draw.between(300, 500)),
        tvdb_only=one(1, 9),
        extra_at_tmdb=one(1, 9),
    )


def date_based(draw: Draw) -> ShowCase:
    """A daily show held by date: no numbers in Plex. One day is missing."""
    hole = draw.between(3, 8)
    year = (draw.today - timedelta(days=120)).year
    return ShowCase(
        tags="gaps date_based ongoing",
        title="The Evening Ledger",
        seasons=(Season(1, 10, step=1),),
        anchor=(10, -draw.between(100, 110)),
        status=RETURNING,
        missing=one(1, hole),
        items=(Item(by_date=True, episode_ids=False, numbered=one_to_one(span(year, 1, 10), span(1, 1, 10))),),
    )


def title_search(draw: Draw) -> ShowCase:
    """Plex gives no id, but exactly one show has its title and year."""
    return ShowCase(
        tags="complete title_search", seasons=seasons(1, draw.between(5, 6)), items=(Item(ids=(), episode_ids=False),)
    )


def bracket_year(draw: Draw) -> ShowCase:
    """No id and no year, but the year stands in the title."""
    year = (draw.today - timedelta(days=1_000)).year
    return ShowCase(
        tags="complete title_search_bracket_year",
        title="A Patient Atlas",
        year=year,
        seasons=seasons(1, draw.between(4, 6)),
        anchor=(1, -1_000),
        items=(Item(ids=(), episode_ids=False, no_year=True, title=f"A Patient Atlas ({year})"),),
    )


def merged_at_tmdb(draw: Draw) -> ShowCase:
    """TMDB deleted the number Plex knows and lists the show under another, which a search finds."""
    return ShowCase(
        tags="complete merged_at_tmdb",
        seasons=seasons(1, draw.between(4, 6)),
        items=(Item(ids=(), wrong_ids=(f"tmdb://{draw.between(3_000, 3_900)}",)),),
    )


def tvdb_only_show(draw: Draw) -> ShowCase:
    """TMDB doesn't know it at all; TheTVDB does. The order that it calls the default there is not the aired one."""
    pairs = tuple(zip(span(1, 1, 6), one(1, 2, 4, 6, 1, 3, 5), strict=True))
    return ShowCase(
        tags="gaps tvdb_only_show archived_gaps",
        seasons=seasons(1, 6),
        anchor=(6, -800),
        missing=one(1, draw.between(2, 5)),
        items=(Item(ids=("tvdb",), episode_ids=False),),
        orders=(Order("dvd", DVD_GROUP, pairs),),
        tvdb=AtTvdb(default="dvd"),
        listed_by_tmdb=False,
        provider="tvdb",
        without_tvdb=Without(State.NEEDS_MAPPING, reason="TMDB knows none"),
    )


def specials_by_date(draw: Draw) -> ShowCase:
    """A special stands in the season in Plex: TMDB keeps it in season 0, ids say so."""
    pairs = (
        *((n, n) for n in span(1, 1, 4)),
        (Number(1, 5), Number(0, 1)),
        *zip(span(1, 6, 9), span(1, 5, 8), strict=True),
    )
    return ShowCase(
        tags="complete specials_by_date",
        seasons=(Season(0, 1), *seasons(1, 8)),
        anchor=(8, -draw.between(300, 600)),
        items=(Item(numbered=Numbered(tuple(pairs)), episode_ids=False),),
    )


def suspect(draw: Draw) -> ShowCase:
    """The id names another show: nothing but the numbers agrees."""
    held = ShowCase(tags="", seasons=seasons(1, 8), anchor=(8, -4_000), listed_by_tmdb=False, searchable=False)
    return ShowCase(
        tags="suspect",
        seasons=seasons(2, 8),
        anchor=(8, -300),
        items=(Item(episode_ids=False),),
        instead=held,
        state=State.SUSPECT,
        reason="another show",
    )


def placeholder_date(draw: Draw) -> ShowCase:
    """Dates that stand for "not known": 1900, and in season 2 a day before the first season began."""
    return ShowCase(
        tags="complete placeholder_date ongoing",
        seasons=seasons(2, 8),
        anchor=(8, -40),
        status=RETURNING,
        undated=(*one(1, 6), *one(2, 3)),
        raw_dates={one(1, 6)[0]: "1900-01-01", one(2, 3)[0]: (draw.today - timedelta(days=9_000)).isoformat()},
    )


def policy(draw: Draw) -> ShowCase:
    """Held from season 3 on: how much is missing depends on the policy."""
    hole = draw.between(2, 5)
    first, second = tuple((1, n) for n in range(1, 7)), tuple((2, n) for n in range(1, 7))
    third, fifth = ((3, hole),), ()
    return ShowCase(
        tags="gaps policy archived_gaps",
        seasons=seasons(5, 6),
        anchor=(6, -1_000),
        missing=(*span(1, 1, 6), *span(2, 1, 6), *one(3, hole)),
        by_policy={
            "everything": (*first, *second, *third),
            "from_first_held": third,
            "held_seasons": third,
            "from:S02E04": (*second[3:], *third),
            "latest_season": fifth,
        },
    )


def removed(draw: Draw) -> ShowCase:
    """Whole now. The change "remove_episode" on its last episode makes it one that was held once."""
    return ShowCase(tags="complete removed", seasons=seasons(1, draw.between(5, 7)), anchor=(5, -700))


def watchlisted(draw: Draw) -> ShowCase:
    """On the Plex watchlist, and whole."""
    return ShowCase(tags="complete watchlist", seasons=seasons(2, draw.between(6, 8)), anchor=(6, -800))


CASES = (
    multi_episode_file,
    three_segments,
    dvd_order,
    absolute_order,
    group_order,
    one_long_season,
    double_finale,
    date_based,
    title_search,
    bracket_year,
    merged_at_tmdb,
    tvdb_only_show,
    specials_by_date,
    suspect,
    placeholder_date,
    policy,
    removed,
    watchlisted,
)

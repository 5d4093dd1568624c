"""Shows as most people have them: whole, with a gap or two, still running or long over."""

from __future__ import annotations

from plexgap.demo import names
from plexgap.demo.case import (
    AIRED_GROUP,
    ANIME,
    CANCELED,
    ENDED,
    RETURNING,
    Draw,
    Item,
    Order,
    Season,
    ShowCase,
    one,
    seasons,
    span,
)
from plexgap.demo.listed import AtTvdb, Number, Remote


def lantern_keepers(draw: Draw) -> ShowCase:
    """Ongoing, holes in three seasons, one episode out today, the next tomorrow."""
    hole = draw.between(3, 9)
    return ShowCase(
        tags="gaps gaps_in_season just_aired airs_today airs_tomorrow upcoming ongoing",
        title="The Lantern Keepers",
        seasons=(*seasons(3, 10), Season(4, 10), Season(5, 8, step=1)),
        anchor=(3, 0),
        status=RETURNING,
        missing=(*one(2, hole), *one(4, 3), *span(4, 5, 7)),
        just_aired=one(5, 3),
        upcoming=span(5, 4, 8),
    )


def season_missing(draw: Draw) -> ShowCase:
    """Ongoing, a whole season in the middle is not there."""
    length = draw.between(8, 12)
    return ShowCase(
        tags="gaps season_wholly_missing ongoing",
        seasons=seasons(4, length),
        anchor=(length, -draw.between(60, 200)),
        status=RETURNING,
        missing=span(3, 1, length),
    )


def season_end(draw: Draw) -> ShowCase:
    """Ended; the last episodes of a season were never fetched. Its title is so long that every view must cut it."""
    left = draw.between(2, 4)
    return ShowCase(
        tags="gaps gaps_at_season_end archived_gaps hostile_title long_title",
        title=names.LONG_TITLE,
        seasons=seasons(3, 13),
        anchor=(13, -draw.between(700, 2500)),
        missing=span(2, 14 - left, 13),
    )


def archived_complete(draw: Draw) -> ShowCase:
    """Whole and over. Plex gives a scheme twice: the other TVDB id is one that nobody knows. Another source gives it
    the number that is the next show's at TMDB."""
    return ShowCase(
        tags="complete archived_complete scheme_twice",
        seasons=seasons(draw.between(6, 8), 22),
        anchor=(22, -draw.between(300, 3000)),
        items=(Item(wrong_ids=(f"tvdb://{draw.between(70_000, 79_000)}",)),),
        tvdb=AtTvdb(remote=Remote.SHARED),
    )


def ongoing_upcoming(draw: Draw) -> ShowCase:
    """All that aired is there; more comes tomorrow and in the weeks after."""
    aired = draw.between(3, 5)
    return ShowCase(
        tags="complete ongoing upcoming airs_tomorrow",
        seasons=(*seasons(2, 20), Season(3, 10)),
        anchor=(aired + 1, 1),
        status=RETURNING,
        upcoming=span(3, aired + 1, 10),
    )


def announced_season(draw: Draw) -> ShowCase:
    """A whole season is announced, with dates, far ahead."""
    return ShowCase(
        tags="complete ongoing upcoming season_announced",
        seasons=(*seasons(3, 10), Season(4, 10)),
        anchor=(1, draw.between(40, 70)),
        status="In Production",
        upcoming=span(4, 1, 10),
    )


def aired_yesterday(draw: Draw) -> ShowCase:
    """Yesterday's episode is missing today: the threshold of 24 hours is exactly over at midnight."""
    number = draw.between(4, 6)
    return ShowCase(
        tags="gaps ongoing aired_yesterday upcoming",
        seasons=(*seasons(1, 10), Season(2, 10)),
        anchor=(number, -1),
        status=RETURNING,
        missing=one(2, number),
        upcoming=span(2, number + 1, 10),
    )


def held_early(draw: Draw) -> ShowCase:
    """Plex holds tomorrow's episode already: another country had it first."""
    number = draw.between(3, 6)
    return ShowCase(
        tags="complete ongoing held_before_it_airs upcoming",
        seasons=(*seasons(1, 8), Season(2, 8)),
        anchor=(number, 1),
        status=RETURNING,
        early=one(2, number),
        upcoming=span(2, number + 1, 8),
    )


def specials_held(draw: Draw) -> ShowCase:
    """TheTVDB counts the specials the other way round."""
    backwards = tuple(zip(span(0, 1, 5), reversed(span(0, 1, 5)), strict=True))
    return ShowCase(
        tags="complete season_0_held specials_missing",
        seasons=(Season(0, 5, step=30), *seasons(draw.between(5, 7), 22)),
        anchor=(22, -450),
        missing_specials=one(0, draw.between(2, 4)),
        orders=(Order("aired", AIRED_GROUP, backwards),),
    )


def two_sections(draw: Draw) -> ShowCase:
    """Half in one library, half in another; one episode is in neither."""
    hole = draw.between(2, 9)
    return ShowCase(
        tags="gaps show_in_two_sections archived_gaps",
        seasons=seasons(3, 10),
        anchor=(10, -1200),
        missing=one(3, hole),
        items=(
            Item(only=(*span(1, 1, 10), *span(2, 1, 6))),
            Item(section=ANIME, only=(*span(2, 5, 10), *span(3, 1, 10)), ordering="tmdbAiring"),
        ),
    )


def split_items(draw: Draw) -> ShowCase:
    """Two items of one guid in one library, each with some of the seasons."""
    return ShowCase(
        tags="complete split_items",
        seasons=seasons(4, draw.between(8, 10)),
        anchor=(1, -1000),
        items=(Item(only=(*span(1, 1, 10), *span(2, 1, 10))), Item(only=(*span(3, 1, 10), *span(4, 1, 10)))),
    )


def editions(draw: Draw) -> ShowCase:
    """One title in two editions: what one lacks, the other has."""
    return ShowCase(
        tags="complete editions",
        seasons=seasons(2, draw.between(6, 8)),
        anchor=(1, -800),
        items=(Item(only=span(1, 1, 8)), Item(only=(*span(1, 5, 8), *span(2, 1, 8)), edition="Restored")),
    )


def empty_show(draw: Draw) -> ShowCase:
    """The item is there, its files are gone: nothing of it is held."""
    length = draw.between(5, 6)
    return ShowCase(tags="gaps empty_show", seasons=seasons(1, length), anchor=(1, -1500), missing=span(1, 1, length))


def extras(draw: Draw) -> ShowCase:
    """Plex holds episodes that nothing lists: a finding, never a gap."""
    return ShowCase(
        tags="complete extra_episodes",
        seasons=seasons(3, 10),
        anchor=(10, -draw.between(300, 800)),
        items=(Item(unlisted=span(3, 11, 12)),),
    )


def ordinary(draw: Draw, episodes: int) -> ShowCase:
    """One more show of about that many episodes: eight in ten are whole, one in seven has gaps, three in ten go on."""
    length = draw.between(8, 16)
    count = max(1, round(episodes / length))
    ongoing, gaps = draw.chance(0.3), draw.chance(0.14)
    last = span(count, 1, length)
    aired = draw.between(1, length - 1) if ongoing else length
    upcoming = last[aired:]
    held = [Number(season, number) for season in range(1, count + 1) for number in range(1, length + 1)]
    held = [number for number in held if number not in upcoming]
    missing = draw.some(held, min(draw.between(1, 6), len(held))) if gaps else ()
    tags = ["gaps" if missing else "complete", "ordinary", "ongoing" if ongoing else "archived_complete"]
    return ShowCase(
        tags=" ".join(tag for tag in tags if not (gaps and tag == "archived_complete"))
        + (" upcoming" if upcoming else ""),
        seasons=seasons(count, length),
        anchor=(aired + 1, draw.between(1, 6)) if ongoing else (length, -draw.between(100, 4000)),
        status=RETURNING if ongoing else draw.pick(ENDED, ENDED, CANCELED),
        missing=missing,
        upcoming=upcoming,
        items=(Item() if draw.chance(0.85) else Item(section=ANIME, ordering="tmdbAiring"),),
    )


CASES = (
    lantern_keepers,
    season_missing,
    season_end,
    archived_complete,
    ongoing_upcoming,
    announced_season,
    aired_yesterday,
    held_early,
    specials_held,
    two_sections,
    split_items,
    editions,
    empty_show,
    extras,
)

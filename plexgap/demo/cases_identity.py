"""Shows that are hard to tell which they are: few ids, old ids, wrong ids, none. And titles that bite."""

from __future__ import annotations

from plexgap.demo.case import ANIME, CANCELED, RETURNING, Draw, Item, Season, ShowCase, one, seasons, span
from plexgap.demo.listed import AtTvdb, Remote
from plexgap.domain.verdicts import State


def tmdb_only(draw: Draw) -> ShowCase:
    return ShowCase(
        tags="complete tmdb_guid_only",
        seasons=seasons(draw.between(3, 5), 10),
        items=(Item(ids=("tmdb",)),),
        has_tvdb=False,
    )


def tvdb_only(draw: Draw) -> ShowCase:
    return ShowCase(
        tags="complete tvdb_guid_only",
        seasons=seasons(draw.between(3, 4), 10),
        anchor=(10, -draw.between(300, 900)),
        items=(Item(ids=("tvdb",)),),
    )


def imdb_only(draw: Draw) -> ShowCase:
    """All of its first season came out on one day: dates don't tell those episodes apart."""
    return ShowCase(
        tags="complete imdb_guid_only canceled two_on_one_day",
        seasons=(Season(1, 6, step=0), Season(2, draw.between(8, 10))),
        status=CANCELED,
        items=(Item(ids=("imdb",)),),
    )


def legacy_tvdb(draw: Draw) -> ShowCase:
    """From an old agent, with TheTVDB's dates, which are a day behind TMDB's. TheTVDB names no other ids for it."""
    return ShowCase(
        tags="complete legacy_thetvdb dates_a_day_off",
        seasons=seasons(draw.between(5, 7), 22),
        anchor=(22, -3000),
        items=(Item(guid="thetvdb", dates="tvdb"),),
        tvdb=AtTvdb(days_off=1, remote=Remote.NONE),
    )


def legacy_tmdb(draw: Draw) -> ShowCase:
    return ShowCase(
        tags="complete legacy_themoviedb",
        seasons=seasons(2, draw.between(12, 22)),
        anchor=(12, -2600),
        items=(Item(guid="themoviedb"),),
    )


def legacy_imdb(draw: Draw) -> ShowCase:
    return ShowCase(
        tags="complete legacy_imdb",
        seasons=seasons(draw.between(1, 3), 10),
        anchor=(10, -2800),
        items=(Item(guid="imdb"),),
    )


def hama(draw: Draw) -> ShowCase:
    return ShowCase(
        tags="complete hama_guid",
        seasons=seasons(2, draw.between(11, 13)),
        anchor=(1, -1900),
        items=(Item(section=ANIME, guid="hama", ordering="aired"),),
    )


def wrong_first_id(draw: Draw) -> ShowCase:
    """Plex names two TMDB ids. TMDB knows nothing under the lower one: the next is right. So does TheTVDB."""
    return ShowCase(
        tags="complete wrong_first_id",
        seasons=seasons(2, draw.between(8, 10)),
        tvdb=AtTvdb(remote=Remote.SEVERAL),
        items=(Item(wrong_ids=(f"tmdb://{draw.between(1_000, 1_900)}",)),),
    )


def gone_then_tvdb(draw: Draw) -> ShowCase:
    """The only TMDB id is gone; the TVDB id leads to the show."""
    return ShowCase(
        tags="complete wrong_first_id falls_through_to_tvdb",
        seasons=seasons(2, draw.between(8, 9)),
        anchor=(8, -420),
        items=(Item(wrong_ids=(f"tmdb://{draw.between(2_000, 2_900)}",), ids=("tvdb",)),),
    )


def same_name_older(draw: Draw) -> ShowCase:
    return ShowCase(
        tags="complete same_name",
        title="Northbound",
        seasons=seasons(2, draw.between(10, 12)),
        anchor=(1, -9_000),
    )


def same_name_newer(draw: Draw) -> ShowCase:
    """The same name, another show: the two stay two."""
    return ShowCase(
        tags="complete same_name ongoing upcoming",
        title="Northbound",
        seasons=(*seasons(2, 10), Season(3, 10)),
        anchor=(9, draw.between(2, 5)),
        status=RETURNING,
        upcoming=span(3, 9, 10),
    )


def no_usable_id(draw: Draw) -> ShowCase:
    """Plex matched it but gives no outside id; no catalogue knows its name."""
    return ShowCase(
        tags="needs_mapping no_usable_id",
        seasons=seasons(1, draw.between(4, 6)),
        items=(Item(ids=()),),
        listed_by_tmdb=False,
        searchable=False,
        has_tvdb=False,
        state=State.NEEDS_MAPPING,
        reason="no id",
    )


def two_of_that_name(draw: Draw) -> ShowCase:
    """No id and no year, and two shows of that name exist: only the person can say."""
    return ShowCase(
        tags="needs_mapping no_usable_id two_of_that_name",
        title="Northbound",
        seasons=seasons(1, draw.between(5, 6)),
        items=(Item(ids=(), no_year=True),),
        listed_by_tmdb=False,
        searchable=False,
        has_tvdb=False,
        state=State.NEEDS_MAPPING,
        reason="no id",
    )


def deleted_at_tmdb(draw: Draw) -> ShowCase:
    """TMDB answers 404 for its only id, and no search finds it."""
    return ShowCase(
        tags="needs_mapping deleted_at_tmdb",
        seasons=seasons(1, draw.between(6, 8)),
        items=(Item(ids=("tmdb",)),),
        listed_by_tmdb=False,
        searchable=False,
        has_tvdb=False,
        state=State.NEEDS_MAPPING,
        reason="no longer lists",
    )


def no_id_at_all(draw: Draw) -> ShowCase:
    """Never matched: a local guid, file names for titles, no dates."""
    count = draw.between(3, 5)
    return ShowCase(
        tags="needs_mapping local_guid",
        title="Summer in Thornley (home recordings)",
        seasons=seasons(1, count),
        items=(Item(guid="local", no_year=True, episode_ids=False),),
        listed_by_tmdb=False,
        searchable=False,
        has_tvdb=False,
        state=State.NEEDS_MAPPING,
        reason="no id",
    )


def markup_title(draw: Draw) -> ShowCase:
    return ShowCase(
        tags="gaps hostile_title canceled archived_gaps",
        title='<b>&</b> "Sons" <script>alert(1)</script>',
        seasons=seasons(1, 8),
        status=CANCELED,
        missing=one(1, draw.between(2, 7)),
        titles={one(1, 3)[0]: "<img src=x onerror=alert(1)> & 'so on'"},
    )


def image_title(draw: Draw) -> ShowCase:
    """Markdown that would load a picture from outside."""
    return ShowCase(
        tags="complete hostile_title",
        title="![x](http://example.invalid/x.png) :red[Alert] $x^2$",
        seasons=seasons(2, draw.between(5, 7)),
    )


def emoji_title(draw: Draw) -> ShowCase:
    return ShowCase(
        tags="complete hostile_title", title="Été à Ångström 🦊 «L’Île» Øst", seasons=seasons(draw.between(2, 3), 9)
    )


def formula_title(draw: Draw) -> ShowCase:
    """A title that a spreadsheet would take for a formula, and letters that read from right to left.

    Its seasons are hidden in Plex: its episodes name no season item.
    """
    return ShowCase(
        tags="complete hostile_title flattened_seasons",
        title='=HYPERLINK("http://example.invalid";"בית") %s {0}',
        seasons=seasons(1, draw.between(6, 10)),
        items=(Item(flattened=True),),
    )


def foreign_titles(draw: Draw) -> ShowCase:
    """Plex shows its episodes in another language and without ids; the numbers agree. TheTVDB has its titles."""
    return ShowCase(
        tags="complete foreign_titles episodes_without_ids",
        seasons=seasons(3, draw.between(8, 10)),
        items=(Item(foreign=True, episode_ids=False),),
        tvdb=AtTvdb(language="deu"),
    )


CASES = (
    tmdb_only,
    tvdb_only,
    imdb_only,
    legacy_tvdb,
    legacy_tmdb,
    legacy_imdb,
    hama,
    wrong_first_id,
    gone_then_tvdb,
    same_name_older,
    same_name_newer,
    no_usable_id,
    two_of_that_name,
    deleted_at_tmdb,
    no_id_at_all,
    markup_title,
    image_title,
    emoji_title,
    formula_title,
    foreign_titles,
)

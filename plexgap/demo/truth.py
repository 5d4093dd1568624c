"""The truth of the invented library, as its makers state it. Changes when a tag is added.

Nothing here is computed by comparing anything: each case says what it left out when it left it out.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from plexgap.domain.verdicts import State
from plexgap.views.report import Group

SHOW_TAGS: frozenset[str] = frozenset(
    {
        # how much is there
        "complete",
        "gaps",
        "gaps_in_season",
        "gaps_at_season_end",
        "season_wholly_missing",
        "empty_show",
        "extra_episodes",
        "ordinary",
        # ongoing and archived
        "ongoing",
        "archived_complete",
        "archived_gaps",
        "canceled",
        # time
        "airs_today",
        "just_aired",
        "airs_tomorrow",
        "upcoming",
        "season_announced",
        "aired_yesterday",
        "held_before_it_airs",
        "two_on_one_day",
        "undated",
        "date_empty",
        "date_null",
        "malformed_date",
        "season_without_date",
        # numbers
        "episode_0",
        "numbers_above_99",
        "year_seasons",
        "more_than_19_seasons",
        "season_0_held",
        "specials_missing",
        "renumbered",
        "held_by_episode_id",
        "double_finale",
        "flattened_seasons",
        "dates_a_day_off",
        # several items
        "show_in_two_sections",
        "split_items",
        "editions",
        "two_copies",
        "two_files",
        # identity
        "tmdb_guid_only",
        "tvdb_guid_only",
        "imdb_guid_only",
        "legacy_thetvdb",
        "legacy_themoviedb",
        "legacy_imdb",
        "hama_guid",
        "scheme_twice",
        "wrong_first_id",
        "falls_through_to_tvdb",
        "same_name",
        "episodes_without_ids",
        "foreign_titles",
        # no identity
        "needs_mapping",
        "no_usable_id",
        "two_of_that_name",
        "deleted_at_tmdb",
        "local_guid",
        # titles that bite
        "hostile_title",
        "long_title",
        # files that hold more than Plex lists
        "multi_episode_file",
        "three_segments",
        # other orders
        "absolute_order",
        "dvd_order",
        "group_order",
        "one_long_season",
        "double_pilot",
        "alternate_order",
        "dvd_incomplete",
        "dvd_specials",
        "number_twice",
        "two_orders",
        "order_of_library",
        "order_of_show",
        "order_unknown_to_us",
        "setting_contradicted",
        # no numbers, no ids, wrong ids
        "date_based",
        "merged_at_tmdb",
        "specials_by_date",
        "suspect",
        "title_search",
        "title_search_bracket_year",
        "tvdb_only_show",
        # time, decisions, scope
        "placeholder_date",
        "policy",
        "removed",
        "watchlist",
        "watchlist_by_id",
        "watchlist_by_title",
    }
)
"""Every tag of a show; the tests say which of them a scan must be exact on today."""

COLLECTION_TAGS: frozenset[str] = frozenset(
    {
        "adult_and_video_parts",
        "all_future",
        "collection_complete",
        "collection_deleted",
        "film_by_imdb_id",
        "film_in_two_libraries",
        "film_moved",
        "film_twice_in_editions",
        "film_without_id",
        "lookup_fails",
        "one_of_many",
        "part_undated",
        "parts_by_name",
        "single_part",
    }
)
"""Every tag of a collection, or of a film that needs mapping."""

Numbers = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class ShowTruth:
    """What is so of one title, with default settings and a key for each catalogue, at the moment the world was made.

    `missing`, `just_aired`, `upcoming`, `undated`: (season, number) in the order `order`, regular episodes only,
    sorted. `held`, `listed`: regular episodes aired or just aired by now, 0 where nothing is judged.
    `missing_specials`: of season 0, counted only when wanted. `extra`: held numbers that nothing lists. `by_policy`:
    what is missing under another policy.
    `reason_hint`: a word or two of the reason, where there is one. `provider`, `order`: who decides, in whose numbers;
    "group" is TMDB's episode group. `without_tvdb`: what is so where no TVDB key is set; None: the same.
    """

    tags: frozenset[str]
    title: str
    year: int | None
    rating_keys: tuple[str, ...]
    libraries: tuple[str, ...]
    tmdb_id: int | None
    state: State
    group: Group
    status: str
    held: int
    listed: int
    missing: Numbers = ()
    just_aired: Numbers = ()
    upcoming: Numbers = ()
    undated: Numbers = ()
    missing_specials: Numbers = ()
    extra: Numbers = ()
    reason_hint: str = ""
    provider: str = "tmdb"
    order: str = "aired"
    by_policy: dict[str, Numbers] = field(default_factory=dict)
    tvdb_id: int | None = None
    without_tvdb: ShowTruth | None = None

    @property
    def show_id(self) -> int | None:
        """The show's number at the catalogue that decides."""
        return self.tvdb_id if self.provider == "tvdb" else self.tmdb_id

    def with_keys(self, *, tvdb: bool) -> ShowTruth:
        """What a scan must say with a TVDB key, or without one."""
        return self if tvdb or self.without_tvdb is None else self.without_tvdb


@dataclass(frozen=True, slots=True)
class CollectionTruth:
    """What is so of a collection one has begun, with default settings.

    `held` and `listed` count released parts after the filters; `missing` and `announced` are TMDB film ids in order
    of release. `shown`: False where the collection is too small to be one.
    """

    tags: frozenset[str]
    tmdb_id: int
    name: str
    state: State
    held: int
    listed: int
    missing: tuple[int, ...] = ()
    announced: tuple[int, ...] = ()
    shown: bool = True


@dataclass(frozen=True, slots=True)
class FilmTruth:
    """A film in Plex that no id leads from: it needs mapping, or a title search finds `found_by_title`."""

    tags: frozenset[str]
    title: str
    year: int | None
    rating_keys: tuple[str, ...]
    found_by_title: int | None = None

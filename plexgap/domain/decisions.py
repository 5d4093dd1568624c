"""What a person decided about titles and episodes. Never derived, never dropped by a program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.ids import ExternalId, Source
from plexgap.domain.library import Kind


class Level(StrEnum):
    """How much an ignore covers."""

    SHOW = "show"
    SEASON = "season"
    EPISODE = "episode"
    MOVIE = "movie"
    COLLECTION = "collection"

    @property
    def is_of_show(self) -> bool:
        """Whether it is about a show or a part of one: ids of shows, films and collections overlap."""
        return self in (Level.SHOW, Level.SEASON, Level.EPISODE)


@dataclass(frozen=True, slots=True)
class TitleRef:
    """All that was known of a title when it was decided upon; any equal id means the same title.

    `guids`: Plex guids (`plex://show/...`, legacy ones); a `local://` guid never stands here, because it
    says nothing on another server: such a title is known by `section_uuid`, `title` and `year`. `section_uuid` ""
    where the section is not here any more: in whatever section there is one of that title and year.
    """

    ids: frozenset[ExternalId]
    guids: frozenset[str]
    title: str
    year: int | None = None
    section_uuid: str = ""


@dataclass(frozen=True, slots=True)
class IgnoredEpisode:
    """An episode as it was known when it was ignored, so that it is known again however it is numbered by then.

    `number`: in the season and order of its ignore; None where that is not known. `ids`: its own in every source that
    was known. `aired`: its number in TMDB's aired order, None where the ignore's order is that one, or nobody knew.
    """

    number: int | None
    ids: frozenset[ExternalId] = frozenset()
    aired: EpisodeNumber | None = None
    title: str = ""
    air_date: date | None = None


@dataclass(frozen=True, slots=True)
class Ignore:
    """A title, season or some episodes that the person doesn't want to be told about.

    `key` names it for undo. `numbers` are the episodes of `season` that were named, as the catalogue `provider` numbers
    them in `order`; both None where the title was not judged yet. `episodes`: the absent ones among them, of an
    ignored season all that were absent then; they win over numbers. `until`: it counts through that day (UTC); None:
    for good.
    """

    key: str
    title: TitleRef
    level: Level
    made_at: datetime
    season: int | None = None
    numbers: tuple[int, ...] = ()
    episodes: tuple[IgnoredEpisode, ...] = ()
    provider: Source | None = None
    order: str | None = None
    until: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Override:
    """What the person says of a title: which show it is, in which order it is numbered, what of it is wanted.

    Every field but the first two may be left open: None, and "" for texts. `tmdb_id`, `tvdb_id`: it is that show, and
    is judged by that catalogue. `order`: as in interface.md 4, with the catalogue of `order_provider`, where two have
    one of that name. `policy`: a `missing_policy` of its own. `specials`: whether they are wanted. `echo`: the show's
    name and year as the catalogue gave them. `kind`: MOVIE where it says which film a film is; ids of the two overlap.
    """

    title: TitleRef
    made_at: datetime
    tmdb_id: int | None = None
    tvdb_id: int | None = None
    order: str = ""
    order_provider: Source | None = None
    policy: str = ""
    specials: bool | None = None
    echo: str = ""
    kind: Kind = Kind.SHOW

    @property
    def names_show(self) -> bool:
        """Whether it says which show the title is."""
        return self.tmdb_id is not None or self.tvdb_id is not None

    @property
    def moves(self) -> bool:
        """Whether the show is judged otherwise by it: as another one, or in another order."""
        return self.names_show or bool(self.order)

    @property
    def says_something(self) -> bool:
        """False: it leaves everything open, and is none."""
        return self.moves or bool(self.policy) or self.specials is not None


@dataclass(frozen=True, slots=True)
class Decisions:
    """All of them, as one frozen value."""

    ignores: tuple[Ignore, ...] = ()
    overrides: tuple[Override, ...] = ()

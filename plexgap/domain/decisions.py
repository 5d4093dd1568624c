"""What a person decided about titles and episodes. Never derived, never dropped by a program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from plexgap.domain.ids import ExternalId, Source


class Level(StrEnum):
    """How much an ignore covers."""

    SHOW = "show"
    SEASON = "season"
    EPISODE = "episode"


@dataclass(frozen=True, slots=True)
class TitleRef:
    """All that was known of a title when it was decided upon; any equal id means the same title.

    `guids`: Plex guids (`plex://show/...`, legacy ones); a `local://` guid never stands here, because it
    says nothing on another server: such a title is known by `section_uuid`, `title` and `year`.
    """

    ids: frozenset[ExternalId]
    guids: frozenset[str]
    title: str
    year: int | None = None
    section_uuid: str = ""


@dataclass(frozen=True, slots=True)
class Ignore:
    """A title, season or some episodes that the person doesn't want to be told about.

    `key` names it for undo. `numbers` are those of `season` in `order`; `episode_ids` are the same episodes' ids
    in the catalogue `provider`, and win over numbers. `until`: it counts through that day (UTC); None: for good.
    """

    key: str
    title: TitleRef
    level: Level
    made_at: datetime
    season: int | None = None
    numbers: tuple[int, ...] = ()
    episode_ids: frozenset[int] = frozenset()
    provider: Source | None = None
    order: str | None = None
    until: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Override:
    """Which title of TMDB a Plex title is, by the person's word. `echo`: its name and year as TMDB gave them."""

    title: TitleRef
    made_at: datetime
    tmdb_id: int
    echo: str = ""


@dataclass(frozen=True, slots=True)
class Decisions:
    """All of them, as one frozen value."""

    ignores: tuple[Ignore, ...] = ()
    overrides: tuple[Override, ...] = ()

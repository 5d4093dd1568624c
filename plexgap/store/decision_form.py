"""One decision as it stands in decisions.json, version 1, and how it maps to the domain.

Changes when that form does.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from plexgap.domain.catalogue import is_order
from plexgap.domain.decisions import Ignore, IgnoredEpisode, Level, Override, TitleRef
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.ids import ExternalId, Source, external_id, ids_of, parse_guids
from plexgap.domain.library import Kind
from plexgap.gaps.policy import policy_named


def read_ignore(raw: Mapping[str, Any]) -> Ignore | None:
    """None: this version can't read it."""
    try:
        return _Ignore.model_validate(raw).value()
    except ValidationError:
        return None


def read_override(raw: Mapping[str, Any]) -> Override | None:
    """None: this version can't read it."""
    try:
        return _Override.model_validate(raw).value()
    except ValidationError:
        return None


def is_decision(raw: Mapping[str, Any]) -> bool:
    """Whether it is one at all, of this or of a later version: about a title, made at some time."""
    try:
        _AnyDecision.model_validate(raw)
    except ValidationError:
        return False
    return True


def _as_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


_Moment = Annotated[datetime, AfterValidator(_as_utc)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Title(_Form):
    title: str
    year: int | None = None
    ids: tuple[str, ...] = ()
    guids: frozenset[str] = frozenset()
    section_uuid: str = ""

    def value(self) -> TitleRef:
        return TitleRef(parse_guids(self.ids), self.guids, self.title, self.year, self.section_uuid)


class _Episode(_Form):
    number: int | None = None
    ids: tuple[str, ...] = ()
    aired: tuple[int, int] | None = None
    title: str = ""
    air_date: date | None = None

    def value(self) -> IgnoredEpisode:
        aired = None if self.aired is None else EpisodeNumber(*self.aired)
        return IgnoredEpisode(self.number, parse_guids(self.ids), aired, self.title, self.air_date)


class _Ignore(_Form):
    """`numbers` and `episode_ids` are all that older files have: which id is which number's they don't say."""

    key: str = Field(min_length=1)
    title: _Title
    level: Level
    made_at: _Moment
    season: int | None = None
    numbers: tuple[int, ...] = ()
    episode_ids: frozenset[int] = frozenset()
    episodes: tuple[_Episode, ...] = ()
    provider: Source | None = None
    order: str | None = None
    until: date | None = None
    reason: str = ""

    @model_validator(mode="after")
    def _names_what_it_covers(self) -> Self:
        if self.level in (Level.SEASON, Level.EPISODE) and self.season is None:
            raise ValueError("a season is missing")
        if self.level is Level.EPISODE and not self.numbers and not self.episode_ids and not self.episodes:
            raise ValueError("the episodes are missing")
        return self

    def value(self) -> Ignore:
        return Ignore(
            key=self.key,
            title=self.title.value(),
            level=self.level,
            made_at=self.made_at,
            season=self.season,
            numbers=self.numbers,
            episodes=tuple(each.value() for each in self.episodes) or self._older_episodes(),
            provider=self.provider,
            order=self.order,
            until=self.until,
            reason=self.reason,
        )

    def _older_episodes(self) -> tuple[IgnoredEpisode, ...]:
        """Each with all the ids: one of them is its own."""
        if self.level is not Level.EPISODE:
            return ()
        of_provider = (external_id(self.provider, own) for own in self.episode_ids) if self.provider else ()
        ids = frozenset(own for own in of_provider if own is not None)
        return tuple(IgnoredEpisode(number, ids) for number in self.numbers or (None,))


class _Override(_Form):
    title: _Title
    made_at: _Moment
    tmdb_id: int | None = Field(default=None, gt=0)
    tvdb_id: int | None = Field(default=None, gt=0)
    order: str = ""
    order_provider: Source | None = None
    policy: str = ""
    specials: bool | None = None
    echo: str = ""
    kind: Literal[Kind.SHOW, Kind.MOVIE] = Kind.SHOW

    @model_validator(mode="after")
    def _says_something_known(self) -> Self:
        if self.order and not is_order(self.order):
            raise ValueError("the order is unknown")
        if self.policy and policy_named(self.policy) is None:
            raise ValueError("the policy is unknown")
        if not self.value().says_something:
            raise ValueError("it says nothing")
        return self

    def value(self) -> Override:
        return Override(
            title=self.title.value(),
            made_at=self.made_at,
            tmdb_id=self.tmdb_id,
            tvdb_id=self.tvdb_id,
            order=self.order,
            order_provider=self.order_provider,
            policy=(policy_named(self.policy) or "") if self.policy else "",
            specials=self.specials,
            echo=self.echo,
            kind=self.kind,
        )


class _AnyDecision(_Form):
    title: _Title
    made_at: _Moment


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _title_raw(title: TitleRef) -> dict[str, Any]:
    return {
        "title": title.title,
        "year": title.year,
        "ids": sorted(str(external) for external in title.ids),
        "guids": sorted(title.guids),
        "section_uuid": title.section_uuid,
    }


def ignore_raw(ignore: Ignore) -> dict[str, Any]:
    """What is written of it."""
    return {
        "key": ignore.key,
        "title": _title_raw(ignore.title),
        "level": ignore.level.value,
        "season": ignore.season,
        "numbers": list(ignore.numbers),
        "episode_ids": _provider_ids(ignore),
        "episodes": [_episode_raw(episode) for episode in ignore.episodes],
        "provider": ignore.provider.value if ignore.provider else None,
        "order": ignore.order,
        "until": ignore.until.isoformat() if ignore.until else None,
        "reason": ignore.reason,
        "made_at": _moment(ignore.made_at),
    }


def _provider_ids(ignore: Ignore) -> list[int]:
    """The one part of the episodes that an older plexgap reads."""
    if ignore.level is not Level.EPISODE or ignore.provider is None:
        return []
    every: frozenset[ExternalId] = frozenset().union(*(episode.ids for episode in ignore.episodes))
    return sorted(int(value) for value in ids_of(every, ignore.provider))


def _episode_raw(episode: IgnoredEpisode) -> dict[str, Any]:
    return {
        "number": episode.number,
        "ids": sorted(str(external) for external in episode.ids),
        "aired": list(episode.aired) if episode.aired else None,
        "title": episode.title,
        "air_date": episode.air_date.isoformat() if episode.air_date else None,
    }


def override_raw(override: Override) -> dict[str, Any]:
    """What is written of it."""
    return {
        "title": _title_raw(override.title),
        "tmdb_id": override.tmdb_id,
        "tvdb_id": override.tvdb_id,
        "order": override.order,
        "order_provider": override.order_provider.value if override.order_provider else None,
        "policy": override.policy,
        "specials": override.specials,
        "echo": override.echo,
        "kind": override.kind.value,
        "made_at": _moment(override.made_at),
    }

"""The standing of an absent episode: which listed episode counts as missing, and when.

One pure function of facts, settings, decisions and a moment (design/gaps.md 1, 2, 5). Order of rules:
held > ignored > undated > upcoming > just aired > missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from plexgap.domain.catalogue import AIRED
from plexgap.domain.decisions import Decisions, Ignore, IgnoredEpisode, Level, Override, TitleRef
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.ids import ExternalId, Source, external_id
from plexgap.domain.library import Kind, ShowItem
from plexgap.domain.verdicts import Absent, Standing
from plexgap.gaps.evidence import plain_title
from plexgap.gaps.policy import EVERYTHING


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings that decide a standing. `recent_threshold_hours`: 0 to 72. `missing_policy`: gaps/policy.py."""

    recent_threshold_hours: int = 24
    exclude_future: bool = True
    exclude_specials: bool = True
    missing_policy: str = EVERYTHING


def air_moment(air_date: date) -> datetime:
    """A catalogue's day as a moment: 00:00 UTC, because it gives no zone and no time of day."""
    return datetime.combine(air_date, time(), UTC)


def standing(air_date: date | None, rules: Rules, now: datetime, *, ignored: bool = False) -> Standing:
    """The standing of an episode that isn't held. Exactly at the end of the threshold it is missing."""
    if ignored:
        return Standing.IGNORED
    if air_date is None:
        return Standing.UNDATED
    aired = air_moment(air_date)
    if now < aired:
        return Standing.UPCOMING if rules.exclude_future else Standing.MISSING
    if now < aired + timedelta(hours=rules.recent_threshold_hours):
        return Standing.JUST_AIRED
    return Standing.MISSING


def is_due(air_date: date, rules: Rules, now: datetime) -> bool:
    """Whether its day has begun and the threshold is over."""
    return now >= air_moment(air_date) + timedelta(hours=rules.recent_threshold_hours)


def came_due_since(air_date: date | None, rules: Rules, seen: datetime | None, now: datetime) -> bool:
    """Whether an episode's threshold ended after Plex was last read, so that it may be there by now."""
    if air_date is None or seen is None:
        return False
    due = air_moment(air_date) + timedelta(hours=rules.recent_threshold_hours)
    return seen < due <= now


def have_aired(days: Iterable[int], today: int) -> list[bool]:
    """Of each day (an ordinal, 0 for none) whether it has begun by `today`, in UTC: such episodes count as listed."""
    return [0 < day <= today for day in days]


def newest_aired(days: Sequence[int], today: int) -> int:
    """The last of these days that has begun by `today`, 0 for none."""
    latest = max(days, default=0)
    return latest if latest <= today else max((day for day in days if day <= today), default=0)


def count_aired(days: Sequence[int], today: int) -> int:
    """How many of these days have begun by `today`: mostly all of them."""
    return len(days) if days and min(days) > 0 and max(days) <= today else sum(have_aired(days, today))


class TitledItem(Protocol):
    """A show or a film of a section of Plex."""

    @property
    def section_uuid(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def year(self) -> int | None: ...
    @property
    def guid(self) -> str: ...
    @property
    def ids(self) -> frozenset[ExternalId]: ...


def title_ref(items: Sequence[TitledItem], known: frozenset[ExternalId] = frozenset()) -> TitleRef:
    """All that is known of a title, for a decision to keep: from its Plex items, and the ids a catalogue added."""
    guids = frozenset(item.guid for item in items if item.guid and not _is_local(item.guid))
    first = items[0]
    return TitleRef(
        ids=known.union(*(item.ids for item in items)),
        guids=guids,
        title=first.title,
        year=first.year,
        section_uuid=first.section_uuid,
    )


def same_title(decided: TitleRef, title: TitleRef) -> bool:
    """Whether a decision made for one title is about the other: any equal id or Plex guid.

    A title that had neither when it was decided upon is known by section, title and year, also when it got ids since;
    by title and year alone where its section is not here any more (`here`).
    """
    if decided.ids & title.ids or decided.guids & title.guids:
        return True
    if decided.ids or decided.guids:
        return False
    known = (decided.title.casefold(), decided.year) == (title.title.casefold(), title.year)
    return known and decided.section_uuid in ("", title.section_uuid)


def here(decided: TitleRef, sections: frozenset[str]) -> TitleRef:
    """The title as a library of these sections may know it: after Plex was installed anew every section has another
    uuid, so that what has no id would never be found again by the one it was decided upon in."""
    if decided.ids or decided.guids or decided.section_uuid in sections:
        return decided
    return replace(decided, section_uuid="")


def _is_local(guid: str) -> bool:
    """`local://60293` and `com.plexapp.agents.none://...` name a row of one server, not a title."""
    return guid.startswith(("local://", "com.plexapp.agents.none://"))


@dataclass(frozen=True, slots=True)
class Ignored:
    """The ignores that are about one title, ready to be asked for its episodes."""

    ignores: tuple[Ignore, ...]

    def covering(self, episode: Absent, provider: Source | None, order: str | None) -> Ignore | None:
        """The widest ignore that covers this episode, which `provider` numbers so in `order`."""
        if not self.ignores:
            return None
        seen = _Seen.of(episode, provider, order)
        found = [ignore for ignore in self.ignores if _covers(ignore, seen)]
        return min(found, key=lambda ignore: _WIDTH[ignore.level], default=None)


_WIDTH = {Level.SHOW: 0, Level.SEASON: 1, Level.EPISODE: 2}


def ignores_of(decisions: Decisions, title: TitleRef, now: datetime) -> Ignored:
    """The ignores of a show that are in force: one with an end date counts through that day."""
    return Ignored(
        tuple(
            ignore for ignore in in_force(decisions, now) if ignore.level.is_of_show and same_title(ignore.title, title)
        )
    )


def in_force(decisions: Decisions, now: datetime) -> tuple[Ignore, ...]:
    """The ignores that count at that moment; one with an end date counts through that day."""
    today = now.astimezone(UTC).date()
    return tuple(ignore for ignore in decisions.ignores if ignore.until is None or today <= ignore.until)


def override_of(decisions: Decisions, title: TitleRef, kind: Kind = Kind.SHOW) -> Override | None:
    """The person's word on which title of that kind this is; the newest where there are several."""
    if not decisions.overrides:
        return None
    found = [one for one in decisions.overrides if one.kind is kind and same_title(one.title, title)]
    return max(found, key=lambda override: override.made_at, default=None)


def film_override(decisions: Decisions, items: Sequence[TitledItem]) -> Override | None:
    """The person's word on which film these Plex items are."""
    if not any(override.kind is Kind.MOVIE for override in decisions.overrides):
        return None
    return override_of(decisions, title_ref(items), Kind.MOVIE)


def said_of(decisions: Decisions, items: tuple[ShowItem, ...]) -> Override | None:
    """The person's word on a title that may be several Plex items: on all of them, else the newest on one of them, such
    as on one without any id that was said to be the show the others are."""
    if not decisions.overrides:
        return None
    whole = override_of(decisions, title_ref(items))
    if whole is not None:
        return whole
    each = (override_of(decisions, title_ref((item,))) for item in items)
    return max((one for one in each if one is not None), key=lambda one: one.made_at, default=None)


@dataclass(frozen=True, slots=True)
class _Seen:
    """An absent episode with all that tells which one it is, whatever order it is numbered in."""

    number: EpisodeNumber
    ids: frozenset[ExternalId]
    aired: EpisodeNumber | None
    name: str
    air_date: date | None
    provider: Source | None
    order: str | None

    @classmethod
    def of(cls, episode: Absent, provider: Source | None, order: str | None) -> _Seen:
        own = external_id(provider, episode.episode_id) if provider is not None else None
        return cls(
            number=episode.number,
            ids=episode.ids if own is None else episode.ids | {own},
            aired=episode.number if _is_aired(provider, order) else episode.aired,
            name=plain_title(episode.title),
            air_date=episode.air_date,
            provider=provider,
            order=order,
        )


def _covers(ignore: Ignore, seen: _Seen) -> bool:
    if ignore.level is Level.SHOW:
        return True
    if ignore.level is Level.SEASON and _is_of_season(ignore, seen):
        return True
    return any(_is_same(known, ignore, seen) for known in ignore.episodes)


def _is_of_season(ignore: Ignore, seen: _Seen) -> bool:
    """Whether it stands in that very season, what came to it later included. A season of another order is another one:
    of that only the episodes count that were absent when it was ignored."""
    if _is_order_of(ignore, seen):
        return seen.number.season == ignore.season
    return _is_aired(ignore.provider, ignore.order) and seen.aired is not None and seen.aired.season == ignore.season


def _is_same(known: IgnoredEpisode, ignore: Ignore, seen: _Seen) -> bool:
    """Whether it is the episode that was ignored. What says so first, decides: ids of one source, the number where both
    are numbered alike, TMDB's aired number, then title and date together. An ignore that covers too little is seen; one
    that covers too much hides a gap."""
    if known.ids & seen.ids:
        return True
    if {own.source for own in known.ids} & {own.source for own in seen.ids}:
        return False
    number = None if known.number is None else EpisodeNumber(ignore.season or 0, known.number)
    if number is not None and _is_order_of(ignore, seen):
        return number == seen.number
    aired = number if _is_aired(ignore.provider, ignore.order) else known.aired
    if aired is not None and seen.aired is not None:
        return aired == seen.aired
    named = bool(seen.name) and plain_title(known.title) == seen.name
    return named and known.air_date is not None and known.air_date == seen.air_date


def _is_order_of(ignore: Ignore, seen: _Seen) -> bool:
    """Whether the ignore's numbers are of the order the episode is seen in. One that was made before its title was
    judged is about the numbers that people know, those of the aired order."""
    return ignore.provider in (None, seen.provider) and (ignore.order or AIRED) == seen.order


def _is_aired(provider: Source | None, order: str | None) -> bool:
    return provider in (None, Source.TMDB) and (order or AIRED) == AIRED

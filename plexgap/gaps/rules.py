"""The standing of an absent episode: which listed episode counts as missing, and when.

One pure function of facts, settings, decisions and a moment (design/gaps.md 1, 2, 5). Order of rules:
held > ignored > undated > upcoming > just aired > missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from plexgap.domain.decisions import Decisions, Ignore, Level, Override, TitleRef
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.ids import ExternalId, Source
from plexgap.domain.library import ShowItem
from plexgap.domain.verdicts import Absent, Standing
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


def came_due_since(air_date: date | None, rules: Rules, seen: datetime | None, now: datetime) -> bool:
    """Whether an episode's threshold ended after Plex was last read, so that it may be there by now."""
    if air_date is None or seen is None:
        return False
    due = air_moment(air_date) + timedelta(hours=rules.recent_threshold_hours)
    return seen < due <= now


def has_aired(day: int, now: datetime) -> bool:
    """Whether the day (an ordinal, 0 for none) has begun in UTC: such episodes count as listed."""
    return 0 < day <= now.astimezone(UTC).date().toordinal()


def title_ref(items: tuple[ShowItem, ...], known: frozenset[ExternalId] = frozenset()) -> TitleRef:
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

    A title that had neither when it was decided upon is known by section, title and year, also when it got ids since.
    """
    if decided.ids & title.ids or decided.guids & title.guids:
        return True
    if decided.ids or decided.guids:
        return False
    known = (decided.section_uuid, decided.title.casefold(), decided.year)
    return known == (title.section_uuid, title.title.casefold(), title.year)


def _is_local(guid: str) -> bool:
    """`local://60293` and `com.plexapp.agents.none://...` name a row of one server, not a title."""
    return guid.startswith(("local://", "com.plexapp.agents.none://"))


@dataclass(frozen=True, slots=True)
class Ignored:
    """The ignores that are about one title, ready to be asked for its episodes."""

    ignores: tuple[Ignore, ...]

    def covering(self, episode: Absent, provider: Source | None, order: str | None) -> Ignore | None:
        """The widest ignore that covers this episode; an episode id speaks before a number."""
        found = [ignore for ignore in self.ignores if _covers(ignore, episode, provider, order)]
        return min(found, key=lambda ignore: _WIDTH[ignore.level], default=None)


_WIDTH = {Level.SHOW: 0, Level.SEASON: 1, Level.EPISODE: 2}


def ignores_of(decisions: Decisions, title: TitleRef, now: datetime) -> Ignored:
    """The ignores of a title that are in force: one with an end date counts through that day."""
    today = now.astimezone(UTC).date()
    return Ignored(
        tuple(
            ignore
            for ignore in decisions.ignores
            if (ignore.until is None or today <= ignore.until) and same_title(ignore.title, title)
        )
    )


def override_of(decisions: Decisions, title: TitleRef) -> Override | None:
    """The person's word on which title this is; the newest where there are several."""
    found = [override for override in decisions.overrides if same_title(override.title, title)]
    return max(found, key=lambda override: override.made_at, default=None)


def _covers(ignore: Ignore, episode: Absent, provider: Source | None, order: str | None) -> bool:
    if ignore.level is Level.SHOW:
        return True
    if ignore.level is Level.SEASON:
        return ignore.season == episode.number.season
    if ignore.episode_ids and ignore.provider is provider and episode.episode_id is not None:
        return episode.episode_id in ignore.episode_ids
    if ignore.order is not None and order is not None and ignore.order != order:
        return False
    return episode.number in {EpisodeNumber(ignore.season or 0, number) for number in ignore.numbers}

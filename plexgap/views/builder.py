"""Builds the report: stored facts and decisions in, standings at one moment out. Changes when what counts changes.

Nothing here is carried over from an earlier result (design/gaps.md 1): a check whose facts have moved is made anew
from our own files before it is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from plexgap.domain.decisions import Decisions, Ignore, Override
from plexgap.domain.episodes import SPECIALS, EpisodeNumber
from plexgap.domain.library import Kind
from plexgap.domain.verdicts import Absent, Check, Outcome, SeasonRow, Standing, State
from plexgap.gaps import freshness, match, rules
from plexgap.gaps.by_title import ByTitle
from plexgap.gaps.policy import Wanted, everything, wanted_by
from plexgap.gaps.watchlist import Narrowed
from plexgap.jobs import judging, selection, watchlist
from plexgap.jobs.parts import Parts
from plexgap.store.index import StoredCheck
from plexgap.views.addresses import Addresses
from plexgap.views.film_builder import build_films
from plexgap.views.films import NO_FILMS
from plexgap.views.last_run import last_run
from plexgap.views.memo import Memo
from plexgap.views.report import (
    NOT_CHECKED,
    EpisodeLine,
    Group,
    HeldBack,
    Report,
    SeasonReport,
    ShowReport,
    Tally,
    Unread,
    WatchlistReport,
)
from plexgap.views.why import Why

_LETTERS = {
    Standing.MISSING: "m",
    Standing.JUST_AIRED: "a",
    Standing.UPCOMING: "u",
    Standing.UNDATED: "u",
    Standing.IGNORED: "i",
}
_UNWANTED = "i"
_WEEK = timedelta(days=7)


def build_report(
    parts: Parts,
    standings: rules.Rules,
    now: datetime,
    libraries: tuple[str, ...] = (),
    kinds: tuple[Kind, ...] = selection.GAP_KINDS,
    memo: Memo | None = None,
) -> Report:
    """Every title of these kinds in scope at the moment `now` (UTC), ordered by title, year and id. `memo`: what the
    report before this one left, of the same settings and standings."""
    with memo or Memo() as kept:
        return _report(parts, standings, now, libraries, kinds, kept)


def _report(
    parts: Parts,
    standings: rules.Rules,
    now: datetime,
    libraries: tuple[str, ...],
    kinds: tuple[Kind, ...],
    memo: Memo,
) -> Report:
    decisions = parts.decisions.load()
    revision, hour = parts.index.revision(), now.replace(minute=0, second=0, microsecond=0)
    show = _Shower(parts, decisions, standings, now, parts.index.seen(), memo)
    scoped = selection.scoped(parts, libraries) if Kind.SHOW in kinds else Narrowed((), 0)
    # Without a write nothing of a check moves but by the person's word and the hour.
    facts = (revision, decisions.overrides, hour, scoped.titles)
    checked = memo.part("checked", facts, lambda: tuple(_checked_titles(parts, decisions, scoped.titles)))
    shows = [show.of(title, check) for title, check in checked]
    shows.sort(key=lambda one: (one.title.casefold(), one.year or 0, one.title_id))
    return Report(
        as_of=now,
        shows=tuple(shows),
        tally=_tally(shows, now),
        last_run=last_run(parts.index),
        held_back=tuple(HeldBack(section, count) for section, count in parts.index.held_back()),
        ignores=tuple(sorted(decisions.ignores, key=lambda ignore: (ignore.title.title.casefold(), ignore.made_at))),
        library_seen_at=min(parts.index.seen().values(), default=None),
        unread=tuple(Unread(*one) for one in selection.unread(parts.settings, parts.index, libraries, kinds)),
        watchlist=_watchlist(parts, libraries, scoped.found) if Kind.SHOW in kinds else None,
        films=memo.part(
            "films",
            (revision, _of_films(decisions), hour),
            lambda: build_films(parts, decisions, standings, now, libraries),
        )
        if Kind.MOVIE in kinds
        else NO_FILMS,
        kinds=kinds,
    )


def _checked_titles(
    parts: Parts, decisions: Decisions, titles: Iterable[match.Title]
) -> Iterable[tuple[match.Title, Check | None]]:
    """Each title with a check that is true to the facts as they are now; None where it was never checked.

    What a catalogue took for one show is one title as long as that check stands; else each is looked at by itself.
    """
    stored = {key: check for check in parts.index.checks() for key in check.check.rating_keys}
    together: dict[str, list[match.Title]] = {}
    for title in titles:
        known = _known(stored, title)
        together.setdefault(known.check.title_id if known else _own_name(title), []).append(title)
    found: dict[str, tuple[match.Title, Check | None]] = {}
    for apart in together.values():
        joined = _joined(apart)
        known = _known(stored, joined)
        if known is not None and judging.is_current(known, joined, parts, decisions):
            found[known.check.title_id] = (joined, known.check)
            continue
        for title in apart:
            _add(found, title, _known(stored, title), parts, decisions)
    return found.values()


def _add(
    found: dict[str, tuple[match.Title, Check | None]],
    title: match.Title,
    known: StoredCheck | None,
    parts: Parts,
    decisions: Decisions,
) -> None:
    """A title whose facts moved since its check; two that turn out to be one show hold what either holds."""
    if known is None:
        found[_own_name(title)] = (title, None)
        return
    judged = judging.rejudge(known, title, parts, decisions)
    if judged.check.title_id in found:
        other, before = found[judged.check.title_id]
        apart = (judged.check, before)
        title = _joined([other, title])
        judged = judging.rejudge(known, title, parts, decisions)
        failed = next((one for one in apart if one is not None and one.outcome is Outcome.UNKNOWN), None)
        if failed is not None:
            judged = judging.not_whole(judged, failed.reason or NOT_CHECKED)
    found[judged.check.title_id] = (title, judged.check)


def _known(stored: Mapping[str, StoredCheck], title: match.Title) -> StoredCheck | None:
    return next((stored[key] for key in title.rating_keys if key in stored), None)


def _own_name(title: match.Title) -> str:
    return f"plex-{title.rating_keys[0]}"


def _joined(titles: Iterable[match.Title]) -> match.Title:
    return match.Title(tuple(sorted((item for title in titles for item in title.items), key=match.item_order)))


class _Shower:
    """Turns a check into what is shown of it at one moment."""

    def __init__(
        self,
        parts: Parts,
        decisions: Decisions,
        standings: rules.Rules,
        now: datetime,
        seen: Mapping[str, datetime],
        memo: Memo,
    ) -> None:
        self._links = Addresses(parts.settings)
        self._decisions = decisions
        of_shows = (ignore for ignore in rules.in_force(decisions, now) if ignore.level.is_of_show)
        self._ignores = ByTitle((ignore, ignore.title) for ignore in of_shows)
        self._rules = standings
        self._now = now
        # Every standing moves on a full hour: air dates are days, and grace is counted in hours.
        self._hour = now.replace(minute=0, second=0, microsecond=0)
        self._today = now.astimezone(UTC).date().toordinal()
        self._seen = seen
        self._memo = memo

    def of(self, title: match.Title, check: Check | None) -> ShowReport:
        """What is shown of a title; `check` None: it was never checked."""
        chosen = rules.said_of(self._decisions, title.items)
        known = rules.title_ref(title.items, check.ids if check is not None else frozenset())
        ignored = self._ignores.about(known)
        seen = min((self._seen[i.section_uuid] for i in title.items if i.section_uuid in self._seen), default=None)
        facts = (check, title, chosen, ignored, seen, self._hour)
        return self._memo.part(title.rating_keys, facts, lambda: self._made(title, check, chosen, ignored, seen))

    def _made(
        self,
        title: match.Title,
        check: Check | None,
        chosen: Override | None,
        ignored: tuple[Ignore, ...],
        seen: datetime | None,
    ) -> ShowReport:
        own = rules.title_ref(title.items)
        ids = check.ids if check is not None else title.ids
        seasons = self._seasons(check, chosen, ignored, seen) if check is not None else ()
        regular = tuple(season for season in seasons if season.season != SPECIALS)
        specials = next((season for season in seasons if season.season == SPECIALS), None)
        if not self._wants_specials(chosen):
            specials = None
        status = check.status if check is not None else ""
        state = _state(check, (*regular, specials) if specials else regular)
        return ShowReport(
            title_id=check.title_id if check is not None else _own_name(title),
            ref=own,
            title=title.name,
            year=title.year or (check.year if check is not None else None),
            rating_keys=title.rating_keys,
            libraries=tuple(sorted({item.section_title for item in title.items})),
            ids=ids,
            state=state,
            reason=check.reason if check is not None else NOT_CHECKED,
            status=status,
            group=Group.ARCHIVED if freshness.is_archived(status) else Group.ONGOING,
            provider=check.provider if check is not None else None,
            show_id=check.show_id if check is not None else None,
            order=check.order if check is not None else None,
            order_source=check.order_source if check is not None else None,
            checked_at=check.checked_at if check is not None else None,
            held=sum(season.held for season in regular),
            listed=sum(season.aired for season in regular),
            seasons=regular,
            specials=specials,
            extra=check.extra if check is not None else (),
            misnumbered=check.misnumbered if check is not None else (),
            duplicates=check.duplicates if check is not None else (),
            fit=check.fit if check is not None else None,
            candidates=check.candidates if check is not None else (),
            poster_key=next((item.rating_key for item in title.items if item.thumb), title.rating_keys[0]),
            stale=state is State.UNKNOWN and bool(seasons),
            chosen=chosen,
            last_aired=self._last_aired(check),
        )

    def _last_aired(self, check: Check | None) -> date | None:
        rows = [row for row in check.seasons if row.season != SPECIALS] if check is not None else []
        newest = max((rules.newest_aired(row.days, self._today) for row in rows), default=0)
        return date.fromordinal(newest) if newest else None

    def _wants_specials(self, chosen: Override | None) -> bool:
        """As the person said of this show, else as the settings have it."""
        said = chosen.specials if chosen is not None else None
        return not self._rules.exclude_specials if said is None else said

    def _seasons(
        self, check: Check, chosen: Override | None, ignored: tuple[Ignore, ...], seen: datetime | None
    ) -> tuple[SeasonReport, ...]:
        policy = chosen.policy if chosen is not None else ""
        judged = _Judged(
            check=check,
            absent={episode.number: episode for episode in check.absent},
            lacking=frozenset(episode.number.season for episode in check.absent),
            ignored=rules.Ignored(ignored),
            wanted=wanted_by(policy or self._rules.missing_policy, check.seasons, self._today),
            seen=seen,
        )
        return tuple(self._season(row, judged) for row in check.seasons)

    def _season(self, row: SeasonRow, judged: _Judged) -> SeasonReport:
        if row.season not in judged.lacking and judged.wanted is everything:
            return self._whole_season(row)
        numbers = [EpisodeNumber(row.season, number) for number in row.numbers]
        absent = [number in judged.absent for number in numbers]
        wanted = [judged.wanted(number) for number in numbers]
        lines = {
            number: self._line(judged.absent[number], row, judged)
            for number, lacks, wants in zip(numbers, absent, wanted, strict=True)
            if lacks and wants
        }
        begun = [has and wants for has, wants in zip(rules.have_aired(row.days, self._today), wanted, strict=True)]
        return SeasonReport(
            season=row.season,
            row="".join(
                _LETTERS[lines[number].standing] if number in lines else _UNWANTED if lacks else "h"
                for number, lacks in zip(numbers, absent, strict=True)
            ),
            aired=sum(begun),
            held=sum(has and not lacks for has, lacks in zip(begun, absent, strict=True)),
            lines=tuple(lines.values()),
            link=self._links.season(judged.check, row.season, [judged.absent[number] for number in lines]),
            further=self._links.further_season(judged.check, row.season, [judged.absent[number] for number in lines]),
        )

    def _whole_season(self, row: SeasonRow) -> SeasonReport:
        """The same where nothing lacks and all is wanted, as in most seasons of most libraries."""
        aired = rules.count_aired(row.days, self._today)
        return SeasonReport(row.season, "h" * len(row.numbers), aired=aired, held=aired, lines=(), link=None)

    def _line(self, episode: Absent, row: SeasonRow, judged: _Judged) -> EpisodeLine:
        check = judged.check
        ignore = judged.ignored.covering(episode, check.provider, check.order)
        standing = rules.standing(episode.air_date, self._rules, self._now, ignored=ignore is not None)
        return EpisodeLine(
            number=episode.number,
            title=episode.title,
            air_date=episode.air_date,
            standing=standing,
            episode_id=episode.episode_id,
            ids=episode.ids,
            aired=episode.aired,
            removed=episode.removed,
            not_rechecked=rules.came_due_since(episode.air_date, self._rules, judged.seen, self._now),
            ignore=ignore,
            why=Why(episode, row, check),
            link=self._links.episode(check, episode),
            further=self._links.further(check, episode) if standing is Standing.MISSING else (),
        )


@dataclass(frozen=True, slots=True)
class _Judged:
    """A check with what its lines need: absent episodes by number, the seasons they are of, ignores, what is wanted of
    it at all, and when Plex was last read."""

    check: Check
    absent: Mapping[EpisodeNumber, Absent]
    lacking: frozenset[int]
    ignored: rules.Ignored
    wanted: Wanted
    seen: datetime | None


def _of_films(decisions: Decisions) -> object:
    """What of the decisions is about films and collections."""
    return (
        tuple(ignore for ignore in decisions.ignores if not ignore.level.is_of_show),
        tuple(override for override in decisions.overrides if override.kind is Kind.MOVIE),
    )


def _state(check: Check | None, seasons: Sequence[SeasonReport]) -> State:
    if check is None:
        return State.UNKNOWN
    if check.outcome is not Outcome.JUDGED:
        return State(check.outcome.value)
    return State.GAPS if any(season.missing for season in seasons) else State.COMPLETE


def _watchlist(parts: Parts, libraries: tuple[str, ...], found: int) -> WatchlistReport | None:
    if not watchlist.is_scope(parts.settings):
        return None
    chosen = tuple(section.title for section in selection.show_sections(parts, libraries))
    kept = parts.watchlist.load()
    if kept is None:
        return WatchlistReport(chosen)
    unasked = len(watchlist.unasked(parts, kept))
    return WatchlistReport(chosen, len(kept.shows), found, kept.read_at, kept.problem, kept.is_old, unasked)


def _tally(shows: Sequence[ShowReport], now: datetime) -> Tally:
    """Counts for every page. What could not be judged is counted by itself and is in no other number."""
    judged = [show for show in shows if show.is_judged]
    gaps = [show for show in judged if show.state is State.GAPS]
    ongoing = [show for show in gaps if show.group is Group.ONGOING]
    archived = [show for show in gaps if show.group is Group.ARCHIVED]
    lines = [line for show in judged for season in show.seasons for line in season.lines]
    counted = Counter(line.standing for line in lines)
    coming = [line for line in lines if line.standing is Standing.UPCOMING]
    return Tally(
        shows=len(shows),
        complete=len(judged) - len(gaps),
        with_gaps=len(gaps),
        need_you=len(shows) - len(judged),
        unknown=sum(show.state is State.UNKNOWN for show in shows),
        missing_ongoing=sum(show.missing_regular for show in ongoing),
        shows_ongoing=len(ongoing),
        missing_archived=sum(show.missing_regular for show in archived),
        shows_archived=len(archived),
        missing_specials=sum(len(show.specials.missing) for show in gaps if show.specials is not None),
        just_aired=counted[Standing.JUST_AIRED],
        upcoming=len(coming),
        upcoming_week=sum(
            line.air_date is not None and rules.air_moment(line.air_date) < now + _WEEK for line in coming
        ),
        ignored=counted[Standing.IGNORED],
        not_checked_yet=sum(show.state is State.UNKNOWN and show.reason == NOT_CHECKED for show in shows),
    )

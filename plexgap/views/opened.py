"""One show, opened: its seasons with what is absent, line by line. Changes when the opened card's words change.

Plain text throughout: whoever draws it escapes it. Source: design/screens.md 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from plexgap.domain.catalogue import AIRED
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.verdicts import Standing, State
from plexgap.gaps.orders import OrderSource, order_words
from plexgap.gaps.rules import air_moment
from plexgap.views import words
from plexgap.views.chosen import kept
from plexgap.views.health import findings
from plexgap.views.report import EpisodeLine, Link, SeasonReport, ShowReport

_CHOSEN = {
    OrderSource.OVERRIDE: "by your word",
    OrderSource.PLEX: "as Plex says",
    OrderSource.LIBRARY: "as its library says",
    OrderSource.MATCHED: "which fits what you hold",
}
_AIRED = frozenset("hma")
_ALMOST = 0.9


@dataclass(frozen=True, slots=True)
class Line:
    """One absent episode. `tone`: missing, aired or quiet. `badge` "" where nothing needs saying. `links`: where it
    may be sought besides its season's."""

    code: str
    title: str
    date: str
    badge: str
    why: str
    tone: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Season:
    """`folded`: "Show the 10 episodes" for a wholly missing season, else "". `numbers`: those that can be ignored."""

    season: int
    name: str
    note: str
    lines: tuple[Line, ...]
    folded: str
    links: tuple[Link, ...]
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """`judged`: by whom, in which order, when. `said`: what the person chose of it besides, or "". `quiet`: a sentence
    that stands where no season has anything absent. `findings`: sentences on what is held oddly."""

    judged: str
    said: str
    seasons: tuple[Season, ...]
    quiet: str
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Clock:
    now: datetime
    zone: tzinfo
    threshold_hours: int
    checked_at: datetime | None

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def last_looked(self) -> str:
        return f" Last looked {words.since(self.checked_at, self.now, self.zone)}." if self.checked_at else ""

    def counts_from(self, line: EpisodeLine) -> str:
        """ "tomorrow", or the hour where it is today still."""
        if line.air_date is None:
            return "its day on"
        moment = (air_moment(line.air_date) + timedelta(hours=self.threshold_hours)).astimezone(self.zone)
        return (
            f"{moment:%H:%M} today"
            if moment.date() <= self.today
            else words.near_day(moment.date(), self.today).removeprefix("on ")
        )


def opened(show: ShowReport, now: datetime, zone: tzinfo, threshold_hours: int) -> Opened:
    """The show's body, seasons with something absent in order, specials last.

    `threshold_hours`: how long after its day an episode is only just aired.
    """
    clock = _Clock(now, zone, threshold_hours, show.checked_at)
    found = ((season, shown_lines(season)) for season in show.all_seasons)
    seasons = tuple(_season(season, shown, clock) for season, shown in found if shown)
    return Opened(
        judged=judged(show, now, zone),
        said=kept(show.chosen),
        seasons=seasons,
        quiet="" if seasons else _quiet(show),
        findings=findings(show),
    )


def shown_lines(season: SeasonReport) -> tuple[EpisodeLine, ...]:
    """Missing and just aired episodes, and those without a date between two that aired. Ignored ones stand at the foot
    of the page, upcoming ones in a list of their own."""
    places = [index for index, letter in enumerate(season.row) if letter != "h"]
    shown = []
    for place, line in zip(places, season.lines, strict=False):
        between = _AIRED & set(season.row[:place]) and _AIRED & set(season.row[place + 1 :])
        if line.standing in (Standing.MISSING, Standing.JUST_AIRED) or (line.standing is Standing.UNDATED and between):
            shown.append(line)
    return tuple(shown)


def judged(show: ShowReport, now: datetime, zone: tzinfo) -> str:
    """ "Judged by TMDB in aired order, checked 3 h ago", and how the show was found where no id led to it."""
    if show.provider is None or show.checked_at is None:
        return "Never judged yet"
    found = f". {show.reason}" if show.reason and show.is_judged else ""
    named = f" as its series {show.show_id}, by your word," if show.overridden else ""
    return (
        f"Judged by {show.provider.label}{named} in {order_words(show.order or AIRED)}{_surely(show)}, "
        f"checked {words.age(show.checked_at, now, zone)}{found}"
    )


def _surely(show: ShowReport) -> str:
    """What chose the order, and how sure that is; "" for the aired order that explains what is held."""
    source = OrderSource(show.order_source) if show.order_source else OrderSource.DEFAULT
    is_best = show.fit is not None and show.fit.best
    said = f", {_CHOSEN[source]}" if source in _CHOSEN and not (is_best and source is OrderSource.MATCHED) else ""
    if show.fit is None or not is_best or not show.fit.counted:
        return said
    how = "almost sure" if show.fit.confirmed >= _ALMOST * show.fit.counted else "likely"
    return f"{said}, best fit, {how} ({words.number(show.fit.confirmed)} of {words.number(show.fit.counted)} confirmed)"


def rechecked(
    filled: Sequence[EpisodeNumber], new: Sequence[EpisodeNumber], missing: Sequence[EpisodeNumber], reason: str | None
) -> str:
    """ "Checked just now: 2 filled, 1 new, 3 remain." or why it could not be judged."""
    if reason:
        return f"Checked just now: {words.sentence(reason)}"
    moved = [f"{words.number(len(found))} {word}" for found, word in ((filled, "filled"), (new, "new")) if found]
    left = (
        f"{words.number(len(missing))} {'remains' if len(missing) == 1 else 'remain'}"
        if missing
        else "nothing is missing"
    )
    return f"Checked just now: {', '.join([*(moved or ['nothing changed']), left])}."


def rejudged(missing: Sequence[EpisodeNumber], reason: str | None) -> str:
    """ "Judged anew: 3 missing." where the person has changed by what it is judged, or why it could not be."""
    if reason:
        return f"Judged anew: {words.sentence(reason)}"
    return f"Judged anew: {words.number(len(missing)) if missing else 'nothing is'} missing."


def _quiet(show: ShowReport) -> str:
    if show.state is State.COMPLETE and show.listed:
        if show.held < show.listed:
            return "Nothing that counts is missing."
        return f"All {words.count(show.listed, 'aired episode')} are held."
    return "Nothing absent is known of it."


def _season(season: SeasonReport, shown: tuple[EpisodeLine, ...], clock: _Clock) -> Season:
    numbers = tuple(line.number.number for line in shown if line.standing is not Standing.UNDATED)
    whole = season.wholly_missing and len(shown) > 1
    return Season(
        season=season.season,
        name=words.season_name(season.season),
        note=_note(season, shown),
        lines=tuple(_line(line, clock) for line in shown),
        folded=f"Show the {words.count(len(shown), 'episode')}" if whole else "",
        links=(*((season.link,) if season.link else ()), *season.further) if season.missing else (),
        numbers=numbers,
    )


def _note(season: SeasonReport, shown: tuple[EpisodeLine, ...]) -> str:
    missing = season.missing
    if season.wholly_missing and len(missing) > 1:
        dates = [line.air_date for line in missing if line.air_date]
        when = f" · {words.span(min(dates), max(dates))}" if dates else ""
        return f"all {words.count(len(missing), 'episode')} missing{when}"
    just_aired = sum(line.standing is Standing.JUST_AIRED for line in shown)
    head = (
        f"{words.number(len(missing))} of {words.number(season.aired)} aired missing" if missing else "nothing missing"
    )
    return head + (f", {words.number(just_aired)} just aired" if just_aired else "")


def _line(line: EpisodeLine, clock: _Clock) -> Line:
    return Line(
        code=f"E{line.number.number:02d}",
        title=line.title or "No title yet",
        date=words.near_day(line.air_date, clock.today) if line.air_date else "date unknown",
        badge=_badge(line, clock),
        why=f"{line.why}{clock.last_looked()}",
        tone={Standing.MISSING: "missing", Standing.JUST_AIRED: "aired"}.get(line.standing, "quiet"),
        links=line.further,
    )


def _badge(line: EpisodeLine, clock: _Clock) -> str:
    if line.standing is Standing.JUST_AIRED:
        return f"just aired, counts as missing from {clock.counts_from(line)}"
    if line.standing is Standing.UNDATED:
        return "not counted"
    if line.removed:
        return "was in Plex before"
    return "not looked for since it aired" if line.not_rechecked else ""

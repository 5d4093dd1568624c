"""`ignore` and `unignore`: what a person doesn't want to be told about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from plexgap.cli import film_choices, output
from plexgap.cli.options import Form, shared
from plexgap.cli.session import Session, command, no_csv, session
from plexgap.cli.titles import find_show, matching, none_or_several, title_argument, wanted_title
from plexgap.domain.decisions import Ignore, TitleRef
from plexgap.views.words import ignored_what, listed, season_name

if TYPE_CHECKING:
    from plexgap.views.report import Report, ShowReport

_EPISODES = re.compile(r"[Ee]?(?P<first>\d{1,6})(?:-[Ee]?(?P<last>\d{1,6}))?")
_MOST_EPISODES = 5000
F = TypeVar("F", bound=Callable[..., Any])


def _episodes(text: str) -> tuple[int, ...]:
    """ "5" as (5,), "3-7" as (3, 4, 5, 6, 7)."""
    found = _EPISODES.fullmatch(text.strip())
    first = int(found["first"]) if found else 0
    last = int(found["last"] or first) if found else -1
    if not 0 <= last - first < _MOST_EPISODES:
        raise click.BadParameter(f"{text!r} is no episode and no range of episodes, such as 5 or 3-7.")
    return tuple(range(first, last + 1))


@dataclass(frozen=True, slots=True)
class _Part:
    """Which part of a show is meant: all of it, one season, or episodes of one."""

    season: int | None
    numbers: tuple[int, ...]

    def is_covered_by(self, ignore: Ignore) -> bool:
        """Whether the ignore is about exactly this part, or these episodes are among its own."""
        if self.season != ignore.season or bool(self.numbers) != bool(ignore.numbers):
            return False
        return not self.numbers or bool(set(self.numbers) & set(ignore.numbers))


def _part_options(function: F) -> F:
    for option in (
        click.option("--collection", is_flag=True, help="TITLE is a collection: all that it lacks."),
        click.option("--movie", is_flag=True, help="TITLE is a film that a collection lacks."),
        click.option("--episode", type=_episodes, metavar="N or A-B", help="Episodes of that season only."),
        click.option("--season", type=click.IntRange(min=0), help="One season only; 0 is the specials."),
    ):
        function = option(function)
    return function


@command("ignore")
@title_argument
@click.option("--reason", default="", help="Why, for yourself.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Through this day only, YYYY-MM-DD.")
@_part_options
@shared
@click.pass_context
def ignore(
    ctx: click.Context,
    title: str | None,
    title_option: str | None,
    year: int | None,
    season: int | None,
    episode: tuple[int, ...] | None,
    movie: bool,
    collection: bool,
    until: datetime | None,
    reason: str,
) -> None:
    """Leave a show, one season, some episodes, a film or a collection out of every total."""
    from plexgap import wiring
    from plexgap.jobs import choices

    of_films = film_choices.level(movie, collection, (season, episode))
    wanted, part = wanted_title(title, title_option), _part(season, episode)
    with session(ctx) as now:
        no_csv(now.given)
        last_day = _day(until, now.house.now())
        if of_films is not None:
            made = film_choices.ignore(now, of_films, wanted, year, last_day, reason)
            end = f" until {last_day.isoformat()}" if last_day else ""
            _tell_done(now, "ignore", [made], [f"Ignored {_film_named(made)}{end}."])
            return
        show = find_show(wiring.report(now.house), wanted, year)
        _demand_season(show, part.season)
        made = choices.ignore(
            now.house.decisions,
            show,
            season=part.season,
            numbers=part.numbers,
            until=last_day,
            reason=reason,
            now=now.house.now(),
        )
        for older in _ignores(now, [_ref(show)]):
            if older.key != made.key and _cover(older) == _cover(made):
                now.house.decisions.remove_ignore(older.key)
        end = f" until {last_day.isoformat()}" if last_day else ""
        _tell_done(now, "ignore", [made], [f"Ignored {ignored_what(made)} of {show.title}{end}."])


@command("unignore")
@title_argument
@_part_options
@shared
@click.pass_context
def unignore(
    ctx: click.Context,
    title: str | None,
    title_option: str | None,
    year: int | None,
    season: int | None,
    episode: tuple[int, ...] | None,
    movie: bool,
    collection: bool,
) -> None:
    """Take back an ignore: that of the show, of one season, of some episodes, of a film or of a collection."""
    from plexgap import wiring

    of_films = film_choices.level(movie, collection, (season, episode))
    wanted, part = wanted_title(title, title_option), _part(season, episode)
    with session(ctx) as now:
        no_csv(now.given)
        if of_films is not None:
            taken = film_choices.unignore(now, of_films, wanted, year)
            _tell_done(now, "unignore", taken, [f"No longer ignored: {_film_named(one)}." for one in taken])
            return
        report = wiring.report(now.house)
        ignored = _ignored_of(now, report, wanted, year)
        meant = [one for one in ignored if part.is_covered_by(one)]
        if not meant:
            there = "\n".join(f"  {one.title.title}: {ignored_what(one)}" for one in ignored)
            raise click.UsageError(f"That is not ignored. Ignored there:\n{there}")
        for one in meant:
            _take_back(now, report, one, part)
        sentences = [f"No longer ignored: {ignored_what(one)} of {one.title.title}." for one in _taken(meant, part)]
        _tell_done(now, "unignore", _taken(meant, part), sentences)


def _part(season: int | None, episode: tuple[int, ...] | None) -> _Part:
    if episode is not None and season is None:
        raise click.UsageError("--episode needs --season.")
    return _Part(season, episode or ())


def _day(until: datetime | None, now: datetime) -> date | None:
    if until is not None and until.date() < now.astimezone(UTC).date():
        raise click.UsageError(f"--until {until.date().isoformat()} has passed already.")
    return until.date() if until is not None else None


def _demand_season(show: ShowReport, season: int | None) -> None:
    known = {one.season for one in show.seasons}
    if season and known and season not in known:
        there = listed(season_name(number) for number in sorted(known))
        raise click.UsageError(f"{show.title} has no season {season}. It has {there}.")


def _cover(one: Ignore) -> tuple[object, ...]:
    return one.season, one.numbers, one.provider, one.order


def _ref(show: ShowReport) -> TitleRef:
    return replace(show.ref, ids=show.ref.ids | show.ids)


def _ignores(now: Session, titles: Iterable[TitleRef]) -> list[Ignore]:
    """The ignores that were made for any of these titles."""
    from plexgap.gaps.rules import same_title

    known = tuple(titles)
    return [one for one in _of_shows(now) if any(same_title(one.title, title) for title in known)]


def _of_shows(now: Session) -> list[Ignore]:
    return [one for one in now.house.decisions.load().ignores if one.level.is_of_show]


def _ignored_of(now: Session, report: Report, title: str, year: int | None) -> list[Ignore]:
    """The ignores of the one title that is meant, also when it left the library; UsageError for none and several."""
    every = _of_shows(now)
    shows = [show for show in report.shows if show.title_id == title] or matching(report.shows, title, year)
    found = _ignores(now, map(_ref, shows)) if len(shows) <= 1 else []
    if not found:
        found = [one for one in every if one.title in matching((one.title for one in every), title, year)]
    if len({(one.title.title, one.title.year) for one in found}) == 1:
        return found
    if shows and not found:
        raise click.UsageError(f"Nothing of {shows[0].title} is ignored.")
    titles = {(one.title.title, one.title.year): one.title for one in found}
    raise none_or_several(title, year, tuple(titles.values()), (one.title for one in every), _line)


def _take_back(now: Session, report: Report, one: Ignore, part: _Part) -> None:
    """Removes the ignore; where only some of its episodes were meant, the others stay ignored."""
    from plexgap.gaps.rules import same_title
    from plexgap.jobs import choices

    decisions = now.house.decisions
    rest = tuple(number for number in one.numbers if number not in part.numbers) if part.numbers else ()
    if not rest:
        choices.unignore(decisions, one.key)
    elif not choices.unignore_some(decisions, one, part.numbers):
        show = next((show for show in report.shows if same_title(one.title, _ref(show))), None)
        if show is None:
            raise click.UsageError(f"They are ignored together as {ignored_what(one)}: take that back as a whole.")
        choices.ignore(
            decisions,
            show,
            season=one.season,
            numbers=rest,
            until=one.until,
            reason=one.reason,
            now=one.made_at,
        )
        choices.unignore(decisions, one.key)


def _taken(meant: Iterable[Ignore], part: _Part) -> list[Ignore]:
    """The ignores, each with those of its episodes alone that were meant."""
    if not part.numbers:
        return list(meant)
    return [replace(one, numbers=tuple(number for number in one.numbers if number in part.numbers)) for one in meant]


def _tell_done(now: Session, what: str, ignores: Iterable[Ignore], sentences: Iterable[str]) -> None:
    if now.given.form is Form.JSON:
        output.result_json({"version": 1, "done": what, "ignores": [_ignore_json(one) for one in ignores]})
    else:
        output.result_lines(sentences)


def _ignore_json(one: Ignore) -> dict[str, object]:
    return {
        "title": one.title.title,
        "year": one.title.year,
        "level": one.level.value,
        "season": one.season,
        "episodes": list(one.numbers),
        "until": one.until.isoformat() if one.until else None,
        "reason": one.reason or None,
    }


def _film_named(one: Ignore) -> str:
    """ "the film Alien (1979)", "the whole collection Alien Collection"."""
    return f"{ignored_what(one)} {_line(one.title)}"


def _line(title: TitleRef) -> str:
    return f"{title.title} ({title.year})" if title.year else title.title

"""A report for other programs: JSON version 1 and CSV, exactly as design/interface.md 3 and 4 promise them.

Changes when that promise grows. What stands there keeps its meaning: every key is always present, every list is in the
report's own order, and the same report gives the same text.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from plexgap.domain.catalogue import AIRED
from plexgap.domain.ids import Source, first_id
from plexgap.domain.verdicts import Extra, Standing, State
from plexgap.gaps.orders import order_words
from plexgap.gaps.rules import air_moment
from plexgap.views import film_export
from plexgap.views.report import EpisodeLine, Link, Report, SeasonReport, ShowReport

VERSION = 1
CSV_COLUMNS = (
    *("kind", "title", "year", "season", "episode", "name", "air_date", "standing", "library"),
    *("tmdb_id", "tvdb_id", "imdb_id", "link"),
)
_SERVICES = ("plex", "tmdb", "tvdb")
_JUDGED = (State.COMPLETE, State.GAPS, State.SUSPECT, State.UNKNOWN)
# A spreadsheet takes a cell that starts with one of these for a formula.
_FORMULA_STARTS = ("=", "+", "-", "@")

_Json = dict[str, Any]


def moment_text(moment: datetime) -> str:
    """A moment as every export writes it: UTC, whole seconds, "2026-11-20T10:00:00Z"."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def is_future(line: EpisodeLine, as_of: datetime) -> bool:
    """Whether its day has not begun by then. Such an episode may count as missing (`exclude_future` off)."""
    return line.air_date is not None and air_moment(line.air_date) > as_of


def upcoming(show: ShowReport, as_of: datetime) -> tuple[tuple[SeasonReport, EpisodeLine], ...]:
    """The show's dated future episodes in number order, those that are listed as missing too included."""
    return tuple(
        (season, line)
        for season in show.all_seasons
        for line in season.lines
        if line.standing is Standing.UPCOMING or (line.standing is Standing.MISSING and is_future(line, as_of))
    )


# ---------------------------------------------------------------- JSON


def report_json(report: Report, generated_at: datetime) -> str:
    """The whole report as JSON version 1, indented, UTF-8 characters as they are, with a line end."""
    return json.dumps(_document(report, generated_at), indent=1, ensure_ascii=False) + "\n"


def _document(report: Report, generated_at: datetime) -> _Json:
    in_state = {state: [show for show in report.shows if show.state is state] for state in State}
    return {
        "version": VERSION,
        "generated_at": moment_text(generated_at),
        "as_of": moment_text(report.as_of),
        "mode": report.last_run.mode if report.last_run else None,
        "complete": report.complete and report.last_run is not None,
        "shows": [_show(show, report.as_of) for show in report.shows if show.state in _JUDGED],
        "collections": film_export.collections_json(report.films),
        "needs_mapping": [
            *(_needs_mapping(show) for show in in_state[State.NEEDS_MAPPING]),
            *film_export.needs_mapping_json(report.films),
        ],
        "suspect": [_suspect(show) for show in in_state[State.SUSPECT]],
        "unknown": [
            *(_unknown(show) for show in in_state[State.UNKNOWN]),
            *film_export.unknown_json(report.films),
        ],
        "stats": _stats(report),
    }


def _show(show: ShowReport, as_of: datetime) -> _Json:
    return {
        "title": show.title,
        "year": show.year,
        "plex_rating_keys": list(show.rating_keys),
        "libraries": list(show.libraries),
        "tmdb_id": _own_id(show, Source.TMDB),
        "tvdb_id": _own_id(show, Source.TVDB),
        "imdb_id": first_id(show.ids, Source.IMDB),
        "state": show.state.value,
        "reason": show.reason,
        "status": show.status,
        "group": show.group.value,
        "provider": show.provider.value if show.provider else None,
        "order": show.order,
        "order_source": show.order_source,
        "checked_at": moment_text(show.checked_at) if show.checked_at else None,
        "held": show.held,
        "listed": show.listed,
        "missing": _episodes(show, _standing(show, Standing.MISSING)),
        "just_aired": _episodes(show, _standing(show, Standing.JUST_AIRED)),
        "upcoming": _episodes(show, upcoming(show, as_of)),
        "undated": _episodes(show, _standing(show, Standing.UNDATED)),
        "ignored": [_ignored(show, season, line) for season, line in _standing(show, Standing.IGNORED)],
        "extra": [_extra(extra) for extra in sorted(show.extra, key=_extra_order)],
    }


def _standing(show: ShowReport, standing: Standing) -> Iterator[tuple[SeasonReport, EpisodeLine]]:
    return ((season, line) for season in show.all_seasons for line in season.of(standing))


def _episodes(show: ShowReport, lines: Iterable[tuple[SeasonReport, EpisodeLine]]) -> list[_Json]:
    return [_episode(show, season, line) for season, line in lines]


def _episode(show: ShowReport, season: SeasonReport, line: EpisodeLine) -> _Json:
    return {
        "season": line.number.season,
        "episode": line.number.number,
        "title": line.title,
        "air_date": line.air_date.isoformat() if line.air_date else None,
        "tmdb_id": _episode_id(show, line, Source.TMDB),
        "tvdb_id": _episode_id(show, line, Source.TVDB),
        "removed": line.removed,
        "links": [{"label": link.label, "url": link.url} for link in _links(season, line)],
    }


def _episode_id(show: ShowReport, line: EpisodeLine, source: Source) -> int | None:
    """The episode's number at that catalogue: its own, or what the one that judged knows of the other's."""
    if show.provider is source:
        return line.episode_id
    known = first_id(line.ids, source)
    return int(known) if known is not None else None


def _ignored(show: ShowReport, season: SeasonReport, line: EpisodeLine) -> _Json:
    ignore = line.ignore
    return {
        **_episode(show, season, line),
        "reason": (ignore.reason or None) if ignore else None,
        "until": ignore.until.isoformat() if ignore and ignore.until else None,
    }


def _extra(extra: Extra) -> _Json:
    return {
        "season": extra.season,
        "episode": extra.number,
        "title": extra.title,
        "air_date": extra.air_date.isoformat() if extra.air_date else None,
        "tmdb_id": None,
        "tvdb_id": None,
        "removed": False,
        "links": [],
        "rating_key": extra.rating_key,
    }


def _extra_order(extra: Extra) -> tuple[bool, int, bool, int, int, str]:
    """Number order; those without a season or number last, then by rating key."""
    key = extra.rating_key
    return (extra.season is None, extra.season or 0, extra.number is None, extra.number or 0, len(key), key)


def _links(season: SeasonReport, line: EpisodeLine) -> tuple[Link, ...]:
    """Where it may be sought: its own address or that of its season, then those by the person's templates."""
    first = line.link or season.link
    return (*((first,) if first is not None else ()), *line.further)


def _heading(show: ShowReport) -> _Json:
    return {"title": show.title, "year": show.year, "library": ", ".join(show.libraries)}


def _needs_mapping(show: ShowReport) -> _Json:
    return {
        **_heading(show),
        "kind": "show",
        "plex_rating_keys": list(show.rating_keys),
        "candidates": [film_export.candidate_json(candidate) for candidate in show.candidates],
    }


def _suspect(show: ShowReport) -> _Json:
    return {
        **_heading(show),
        "plex_rating_keys": list(show.rating_keys),
        "reason": show.reason or "",
        "suggestion": suggestion(show),
    }


def suggestion(show: ShowReport) -> str:
    """What to do about a suspect title, in one sentence that names what it was compared with."""
    if show.provider is None or show.show_id is None:
        return "Say which show it is."
    name = show.provider.label
    return (
        f"It was compared with show {show.show_id} of {name} in {order_words(show.order or AIRED)}: "
        "if that is wrong, say which it is, or in which order."
    )


def _unknown(show: ShowReport) -> _Json:
    return {
        **_heading(show),
        "kind": "show",
        "plex_rating_keys": list(show.rating_keys),
        "reason": show.reason or "",
    }


def _stats(report: Report) -> _Json:
    """The figures of the last finished run; zeros where none ever finished."""
    stats = report.last_run.stats if report.last_run else None
    return {
        "seconds": round(stats.seconds, 3) if stats else 0.0,
        "shows": stats.shows if stats else 0,
        "episodes_held": stats.episodes_held if stats else 0,
        "movies_held": stats.movies_held if stats else 0,
        "requests": {service: stats.requests.get(service, 0) if stats else 0 for service in _SERVICES},
        "cache_hits": stats.cache_hits if stats else 0,
        "retries": stats.retries if stats else 0,
    }


def _own_id(show: ShowReport, source: Source) -> int | None:
    """The show's id in a catalogue: the one it was compared with, else the first that is known."""
    if show.provider is source and show.show_id is not None:
        return show.show_id
    known = first_id(show.ids, source)
    return int(known) if known is not None else None


# ---------------------------------------------------------------- CSV


def report_csv(report: Report, *, only_upcoming: bool = False) -> str:
    """One row a missing episode of the shows with gaps, then a missing film of the collections with gaps; or
    (`only_upcoming`) a future one of whatever was judged.

    The header stands always. Ids are those of the show, or of the film. No cell can start a formula in a spreadsheet.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for show in report.shows:
        for season, line in _csv_lines(show, report.as_of, only_upcoming):
            writer.writerow([harmless(cell) for cell in _csv_row(show, season, line, report.as_of)])
    for row in film_export.csv_rows(report.films, report.as_of, only_upcoming=only_upcoming):
        writer.writerow([harmless(cell) for cell in row])
    return text.getvalue()


def _csv_lines(show: ShowReport, as_of: datetime, only_upcoming: bool) -> Iterable[tuple[SeasonReport, EpisodeLine]]:
    if only_upcoming:
        return upcoming(show, as_of) if show.is_judged else ()
    return _standing(show, Standing.MISSING) if show.state is State.GAPS else ()


def _csv_row(show: ShowReport, season: SeasonReport, line: EpisodeLine, as_of: datetime) -> tuple[object, ...]:
    return (
        "episode",
        show.title,
        show.year,
        line.number.season,
        line.number.number,
        line.title,
        line.air_date.isoformat() if line.air_date else None,
        "upcoming" if is_future(line, as_of) else "missing",
        ", ".join(show.libraries),
        _own_id(show, Source.TMDB),
        _own_id(show, Source.TVDB),
        first_id(show.ids, Source.IMDB),
        next((link.url for link in _links(season, line)), None),
    )


def harmless(cell: object) -> str:
    """The cell in one line, with a quote before what a spreadsheet would compute, behind white space too."""
    text = "" if cell is None else "".join(" " if ord(c) < 32 else c for c in str(cell))
    return f"'{text}" if text.lstrip().startswith(_FORMULA_STARTS) else text

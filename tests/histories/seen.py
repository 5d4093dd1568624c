"""What is compared: everything that a report says of gaps. Changes when a report says more of them.

Left out is what a fresh home can't know: that something was removed, and since when; and when it was looked. Also
whether a title was found by its name: of several items that are one show, whichever was looked up last says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from plexgap.domain.verdicts import Standing, State
from plexgap.views.films import CollectionReport, FilmToMap
from plexgap.views.report import Report, ShowReport

Facts = Mapping[str, Any]


def seen(report: Report) -> dict[str, Facts]:
    """Facts by what they are about, each kind of thing under a name of its own."""
    told: dict[str, Facts] = {}
    told |= _each((f"show {show.title} {show.rating_keys}", _show(show)) for show in report.shows)
    told |= _each((f"collection {one.name}", _collection(one)) for one in report.collections)
    told |= _each((f"film {film.title} {film.rating_keys}", _film(film)) for film in report.films.open)
    told |= _each((f"gone {one.tmdb_id}", {"films": sorted(one.films)}) for one in report.films.gone)
    told["counts"] = asdict(report.tally) | {f"films: {name}": n for name, n in asdict(report.films.tally).items()}
    told["whole"] = {"unread": report.unread, "held back": report.held_back, "ignored": len(report.ignores)}
    return told


def differences(lived: Mapping[str, Facts], fresh: Mapping[str, Facts]) -> Iterator[str]:
    """A line for everything that is said otherwise."""
    for name in sorted({*lived, *fresh}):
        one, other = lived.get(name), fresh.get(name)
        if one is None or other is None:
            yield f"{name}: {'only a fresh home' if one is None else 'only the incremental scan'} has it"
            continue
        for fact in one.keys() | other.keys():
            if one.get(fact) != other.get(fact):
                yield f"{name}: {fact}: incremental {one.get(fact)!r}, fresh {other.get(fact)!r}"


def _each(pairs: Iterator[tuple[str, Facts]]) -> dict[str, Facts]:
    counted: Counter[str] = Counter()
    told = {}
    for name, facts in pairs:
        counted[name] += 1
        told[name if counted[name] == 1 else f"{name} #{counted[name]}"] = facts
    return told


def _show(show: ShowReport) -> Facts:
    lines = {
        str(standing): [(line.number, line.title, line.air_date) for line in show.of(standing)] for standing in Standing
    }
    return lines | {
        "title_id": show.title_id,
        "state": show.state,
        "reason": show.reason if show.state in (State.NEEDS_MAPPING, State.UNKNOWN) else None,
        "group": show.group,
        "status": show.status,
        "libraries": sorted(show.libraries),
        "provider": show.provider,
        "show_id": show.show_id,
        "order": show.order,
        "order_source": show.order_source,
        "held": show.held,
        "listed": show.listed,
        "rows": [(season.season, season.row) for season in show.all_seasons],
        "extra": show.extra,
        "misnumbered": show.misnumbered,
        "duplicates": show.duplicates,
        "candidates": sorted(one.show_id for one in show.candidates),
        "chosen": show.chosen,
        "stale": show.stale,
    }


def _collection(one: CollectionReport) -> Facts:
    return {
        "state": one.state,
        "held": one.held,
        "listed": one.listed,
        "lines": [(line.tmdb_id, line.title, line.standing, line.rating_keys) for line in one.lines],
        "libraries": sorted(one.libraries),
        "stale": one.stale,
        "unsure": one.unsure,
    }


def _film(film: FilmToMap) -> Facts:
    return {
        "state": film.state,
        "reason": film.reason,
        "libraries": sorted(film.libraries),
        "candidates": sorted(one.show_id for one in film.candidates),
    }

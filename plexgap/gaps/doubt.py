"""When the evidence doesn't carry a verdict: two hundred false gaps are worse than one question. Pure.

Source: design/matching.md 5.
"""

from __future__ import annotations

from datetime import date

from plexgap.domain.episodes import SPECIALS
from plexgap.domain.verdicts import Comparison, SeasonRow
from plexgap.gaps.held import LEAST_HELD

_SHORTEST_SEASON = 3
_ORDER_WORD = {"aired": "in aired order", "dvd": "in DVD order", "absolute": "in absolute order"}


def doubt(comparison: Comparison, rows: tuple[SeasonRow, ...], order: str, provider: str, today: date) -> str | None:
    """Why the comparison should not be believed, in one sentence; None when it may be."""
    weight = comparison.weight
    if weight.held < LEAST_HELD or _are_extras(comparison, today):
        return None
    if weight.dated >= LEAST_HELD and weight.agreeing < 0.1 * weight.held:
        return f"Nothing but the numbers agrees with what {provider} lists: it may be another show."
    if _too_many_unmatched(comparison) or _season_for_season(comparison, rows, today):
        where = _ORDER_WORD.get(order, f"in the order {order}")
        return f"{weight.unmatched} of {weight.held} episodes in Plex match nothing {provider} lists {where}."
    return None


def stands_until(
    comparison: Comparison, rows: tuple[SeasonRow, ...], order: str, provider: str, today: date
) -> date | None:
    """The first day after today on which the same comparison is doubted otherwise, because an absent episode will have
    been broadcast by then; None: never."""
    if comparison.weight.held < LEAST_HELD or not comparison.weight.unmatched:
        return None
    said = doubt(comparison, rows, order, provider, today)
    coming = {each.air_date for each in comparison.absent if each.air_date is not None and each.air_date > today}
    return next((day for day in sorted(coming) if doubt(comparison, rows, order, provider, day) != said), None)


def _too_many_unmatched(comparison: Comparison) -> bool:
    weight = comparison.weight
    if weight.unmatched >= 0.3 * weight.held:
        return True
    shaky = not weight.trusted or not weight.number_confirmed
    return (
        shaky
        and weight.unmatched >= _SHORTEST_SEASON
        and (weight.unmatched >= 10 or weight.unmatched >= 0.1 * weight.held)
    )


def _season_for_season(comparison: Comparison, rows: tuple[SeasonRow, ...], today: date) -> bool:
    """A whole listed season lacks while nearly as many held episodes match nothing: likely the same ones."""
    return any(
        len(row.row) >= _SHORTEST_SEASON
        and set(row.row) == {"a"}
        and all(0 < day <= today.toordinal() for day in row.days)
        and comparison.weight.unmatched >= 0.8 * len(row.row)
        for row in rows
        if row.season != SPECIALS
    )


def _are_extras(comparison: Comparison, today: date) -> bool:
    """At least half are sure, and fewer lack than half of the unmatched ones: those are extras, not a wrong order."""
    weight = comparison.weight
    missing = sum(
        not episode.number.is_special and episode.air_date is not None and episode.air_date <= today
        for episode in comparison.absent
    )
    return weight.sure >= 0.5 * weight.held and missing < 0.5 * weight.unmatched

"""What a person wants of a show at all: which of its regular episodes may count as missing. Pure.

Source: design/gaps.md 5 (`missing_policy`). Specials have a setting of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from plexgap.domain.episodes import SPECIALS, EpisodeNumber
from plexgap.domain.verdicts import SeasonRow

EVERYTHING = "everything"
FROM_FIRST_HELD = "from_first_held"
HELD_SEASONS = "held_seasons"
LATEST_SEASON = "latest_season"
POLICIES = (EVERYTHING, FROM_FIRST_HELD, HELD_SEASONS, LATEST_SEASON)
_FROM = re.compile(r"from:s(\d{1,9})e(\d{1,9})", re.IGNORECASE)

Wanted = Callable[[EpisodeNumber], bool]


def policy_named(text: str) -> str | None:
    """The policy as it is written everywhere ("from:s2e5" is "from:S02E05"), or None where that names none."""
    start = start_of(text)
    if start is not None:
        return f"from:{start}"
    return text if text in POLICIES else None


def start_of(policy: str) -> EpisodeNumber | None:
    """The episode from which on a `from:S02E03` wants everything; None for other policies."""
    start = _FROM.fullmatch(policy.strip())
    return EpisodeNumber(int(start[1]), int(start[2])) if start is not None else None


def wanted_by(policy: str, rows: Sequence[SeasonRow], today: int) -> Wanted:
    """Whether an episode is wanted: `everything`, `from_first_held`, `held_seasons`, `latest_season` or `from:S02E03`.

    `today` as an ordinal: the latest season is the last one that has begun. Where nothing is held, or no season has
    begun, everything is wanted.
    """
    if policy == EVERYTHING:
        return everything
    regular = [row for row in rows if row.season != SPECIALS]
    held = [
        EpisodeNumber(row.season, number)
        for row in regular
        for number, letter in zip(row.numbers, row.row, strict=True)
        if letter == "h"
    ]
    if (start := start_of(policy)) is not None:
        return _from(start)
    if policy == FROM_FIRST_HELD and held:
        return _from(min(held))
    if policy == HELD_SEASONS and held:
        return _in({number.season for number in held})
    begun = [row.season for row in regular if any(0 < day <= today for day in row.days)]
    if policy == LATEST_SEASON and begun:
        return _in({max(begun)})
    return everything


def everything(number: EpisodeNumber) -> bool:
    """Whichever it is, it is wanted."""
    return True


def _from(start: EpisodeNumber) -> Wanted:
    return lambda number: number.is_special or number >= start


def _in(seasons: set[int]) -> Wanted:
    return lambda number: number.is_special or number.season in seasons

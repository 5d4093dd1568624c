"""Whether another order might as well be the right one: numbers alone often agree with several. Pure.

Source: design/matching.md 3 and 5; figures: tests/simulation. Changes when two orders are told apart otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from plexgap.domain.episodes import EpisodeNumber
from plexgap.gaps.held import Paired
from plexgap.gaps.numbering import Numbering

_SURER = 3
_NEAR_DAYS = 1


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is held, placed by the numbers of one order."""

    numbering: Numbering
    paired: Paired

    def lacking(self) -> list[tuple[EpisodeNumber, date]]:
        """The dated regular episodes that nothing held is, in the order's own numbers."""
        placed = {match.number for match in self.paired.matches.values()}
        return [
            (episode.number, episode.air_date)
            for episode in self.numbering.listed
            if episode.air_date is not None and not episode.number.is_special and episode.number not in placed
        ]

    def lacks_by(self, day: date) -> bool:
        """Whether one of them was broadcast by that day."""
        return any(aired <= day for _, aired in self.lacking())


def unexplained(chosen: Attempt, day: date) -> str | None:
    """A sentence where the best order leaves numbers contradicted beside ones that nothing confirms, and something
    lacks by that day: what lacks may be one of those."""
    agreement = chosen.paired.agreement
    if agreement.explains or not (agreement.contradicted and agreement.bare) or not chosen.lacks_by(day):
        return None
    return "Some of its numbers fit no order that is known, and nothing else says which episodes those are."


def undecided(chosen: Attempt, others: Iterable[Attempt]) -> str | None:
    """A sentence where the chosen order explains what is held by numbers alone, while another one finds more of it
    surely, or explains it as well and other episodes would lack."""
    agreement = chosen.paired.agreement
    if not (agreement.explains and agreement.is_bare):
        return None
    if any(_is_surer(other, chosen) or _is_rival(other, chosen) for other in others):
        return "Only its numbers agree, and in another order the same numbers are other episodes."
    return None


def _is_surer(other: Attempt, chosen: Attempt) -> bool:
    return other.paired.agreement.sure >= chosen.paired.agreement.sure + _SURER


def _is_rival(other: Attempt, chosen: Attempt) -> bool:
    """Whether it explains what is held too, and other episodes lack there: by number, or by their dates."""
    if not other.paired.agreement.explains:
        return False
    mine, theirs = chosen.lacking(), other.lacking()
    if [number for number, _ in mine] != [number for number, _ in theirs]:
        return True
    return any(abs(a - b).days > _NEAR_DAYS for (_, a), (_, b) in zip(mine, theirs, strict=True))

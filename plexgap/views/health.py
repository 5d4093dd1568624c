"""What is held oddly: findings of library health, never gaps. Changes when another kind of finding joins.

Source: design/gaps.md 4, design/screens.md 8. Plain text: whoever draws it escapes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from plexgap.domain.episodes import EpisodeNumber, numbers_label
from plexgap.domain.verdicts import Extra, Misnumbered
from plexgap.views import words
from plexgap.views.films import GoneCollection
from plexgap.views.report import Report, ShowReport

_MOST_NAMED = 3


class FindingKind(StrEnum):
    """What is odd. The value is the heading it stands under."""

    UNLISTED = "Held, but listed nowhere"
    TWICE = "The same episode twice"
    MISNUMBERED = "Numbered differently in Plex"
    TWO_PLACES = "The same show in two libraries"
    GONE = "Collections TMDB no longer has"


@dataclass(frozen=True, slots=True)
class Finding:
    """One oddity of a title. `what`: which of its episodes, where it lies, or which films are of it; `rating_keys`: the
    Plex items."""

    kind: FindingKind
    title_id: str
    title: str
    what: str
    rating_keys: tuple[str, ...]


def health(report: Report) -> tuple[Finding, ...]:
    """Every finding of the titles that were judged, by kind, then in the order of the report; collections that are no
    more last."""
    found = [finding for show in report.shows if show.is_judged for finding in _of(show)]
    found += map(_gone, report.films.gone)
    order = tuple(FindingKind)
    return tuple(sorted(found, key=lambda finding: order.index(finding.kind)))


def findings(show: ShowReport) -> tuple[str, ...]:
    """A sentence for each kind of oddity of one show, for its opened card."""
    if not show.is_judged:
        return ()
    told = []
    if show.extra:
        named = _named(_label(extra.season, extra.number, extra.title) for extra in show.extra)
        told.append(f"Held, but listed nowhere: {named}.")
    if show.duplicates:
        named = _named(_number(one.number) for one in show.duplicates)
        told.append(f"Held more than once: {named}.")
    if show.misnumbered:
        named = _named(f"{_plex(one)} is {_number(one.number)}" for one in show.misnumbered)
        told.append(f"Numbered differently in Plex: {named}.")
    return tuple(told)


def _of(show: ShowReport) -> Iterable[Finding]:
    for extra in show.extra:
        yield _finding(FindingKind.UNLISTED, show, _whole(extra), (extra.rating_key,))
    for twice in show.duplicates:
        what = f"{_number(twice.number)} {twice.title}".strip()
        yield _finding(FindingKind.TWICE, show, what, twice.rating_keys)
    for wrong in show.misnumbered:
        what = f"{_plex(wrong)} {wrong.title}".strip() + f" is listed as {_number(wrong.number)}"
        yield _finding(FindingKind.MISNUMBERED, show, what, (wrong.rating_key,))
    if len(show.libraries) > 1:
        yield _finding(FindingKind.TWO_PLACES, show, words.listed(show.libraries), show.rating_keys)


def _gone(one: GoneCollection) -> Finding:
    name = one.name or f"Collection {one.tmdb_id}"
    return Finding(FindingKind.GONE, f"collection-{one.tmdb_id}", name, words.listed(one.films), ())


def _finding(kind: FindingKind, show: ShowReport, what: str, rating_keys: Sequence[str]) -> Finding:
    return Finding(kind, show.title_id, show.title, what, tuple(rating_keys))


def _whole(extra: Extra) -> str:
    """Number, title and day, as far as Plex has them."""
    day = words.day(extra.air_date) if extra.air_date is not None else ""
    number = _label(extra.season, extra.number, "")
    return ", ".join(part for part in (f"{number} {extra.title}".strip(), day) if part) or "an episode without a name"


def _label(season: int | None, number: int | None, title: str) -> str:
    """Its number, or its title where it has none."""
    if season is None or number is None:
        return title
    return _number(EpisodeNumber(season, number))


def _plex(wrong: Misnumbered) -> str:
    return _label(wrong.season, wrong.plex_number, wrong.title)


def _number(number: EpisodeNumber) -> str:
    return numbers_label(number.season, [number.number])


def _named(names: Iterable[str]) -> str:
    """The first few, then how many more there are."""
    known = [name for name in names if name] or ["episodes without a name"]
    more = len(known) - _MOST_NAMED
    return ", ".join(known[:_MOST_NAMED]) + (f" and {words.number(more)} more" if more > 0 else "")

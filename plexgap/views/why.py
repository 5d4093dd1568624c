"""Why an episode or a film is said to be absent, in whole sentences. Answers most "but I have it" reports.

Source: design/gaps.md 10.
"""

from __future__ import annotations

from dataclasses import dataclass

from plexgap.domain.catalogue import AIRED
from plexgap.domain.episodes import EpisodeNumber, numbers_label
from plexgap.domain.films import ListedFilm
from plexgap.domain.verdicts import Absent, Check, SeasonRow
from plexgap.gaps.orders import order_words
from plexgap.views import words


@dataclass(frozen=True, slots=True)
class Why:
    """Why an episode counts as absent, put into words when it is read: few of a library's ever are."""

    episode: Absent
    row: SeasonRow
    check: Check

    def __str__(self) -> str:
        return why(self.episode, self.row, self.check)


def why(episode: Absent, row: SeasonRow, check: Check) -> str:
    """Source and id, order, date used, what was looked for, and the nearest held episodes. Plain text, no age."""
    provider = check.provider.label if check.provider is not None else "The catalogue"
    number = f" (episode {episode.episode_id})" if episode.episode_id is not None else ""
    order = "" if check.order in (None, AIRED) else f" in {order_words(check.order)}"
    aired = f"first aired {words.day(episode.air_date)}" if episode.air_date else "without a usable date"
    nearest = _nearest(episode.number, row)
    label = numbers_label(episode.number.season, [episode.number.number])
    return (
        f"{provider} lists it as {label}{number}{order}, {aired}. "
        f"Nothing in Plex carries this episode's id, and nothing fits it by number, title or date. {nearest}"
    )


def film_why(film: ListedFilm, collection: str) -> str:
    """Source and id, collection, date used, and what was looked for. Plain text, no age."""
    dated = f"released {words.day(film.release_date)}" if film.release_date else "without a usable date"
    return (
        f"TMDB lists it as film {film.film_id} of {collection}, {dated}. "
        "No film in Plex is that one by its ids, its title or your word."
    )


def _nearest(number: EpisodeNumber, row: SeasonRow) -> str:
    there = [n for n, letter in zip(row.numbers, row.row, strict=True) if letter != "a"]
    before = max([n for n in there if n < number.number], default=None)
    after = min([n for n in there if n > number.number], default=None)
    held = [numbers_label(row.season, [n]) for n in (before, after) if n is not None]
    return f"Nearest held: {', '.join(held)}." if held else "Nothing of this season is held."

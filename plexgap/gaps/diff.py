"""Held against listed: which listed episodes are absent. Pure; identities before numbers.

Source: design/gaps.md 2 and 4, design/matching.md 2. Time and decisions play no part here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from plexgap.domain.catalogue import ListedEpisode
from plexgap.domain.episodes import SPECIALS, EpisodeNumber
from plexgap.domain.library import HeldEpisode, HeldShow
from plexgap.domain.verdicts import (
    Absent,
    Comparison,
    Duplicate,
    Extra,
    Match,
    MatchRule,
    Misnumbered,
    SeasonRow,
    Weight,
)
from plexgap.gaps.further import further
from plexgap.gaps.held import pair
from plexgap.gaps.orders import Placed, Settled

_AGREEING = frozenset(MatchRule) - {MatchRule.NUMBER, MatchRule.NEIGHBOURS, MatchRule.FILE}
_SURELY_ELSEWHERE = frozenset({MatchRule.EPISODE_ID, MatchRule.TITLE_AND_DATE})


@dataclass(frozen=True, slots=True)
class _Found:
    """One item's matches under the numbers that are shown: by rating key, and by number."""

    placed: Placed
    to_shown: Mapping[EpisodeNumber, tuple[EpisodeNumber, ...]] | None

    def shown(self, number: EpisodeNumber) -> tuple[EpisodeNumber, ...]:
        return (number,) if self.to_shown is None else self.to_shown.get(number, ())


def compare(settled: Settled, gone: Sequence[HeldShow] = ()) -> Comparison:
    """One title's held episodes, the union over its items, against what is shown of its listing.

    Each item's episodes are placed in the item's own order; several copies may satisfy one listed episode, one Plex
    episode satisfies only one, unless an order gives two the same number. `gone`: what Plex once had of the title.
    """
    listed = settled.shown.listed
    found = [_Found(item, item.numbering.placed_in(settled.shown)) for item in settled.items]
    satisfied: dict[EpisodeNumber, Match] = {}
    for one in found:
        for match in one.placed.paired.matches.values():
            for number in one.shown(match.number):
                satisfied.setdefault(number, match if number == match.number else _renumbered(match, number))
    satisfied |= _in_files(found, listed, satisfied)
    absent = [episode for episode in listed if episode.number not in satisfied]
    removed = _once_held(gone, settled) if gone and absent else frozenset()
    return Comparison(
        matches=tuple(satisfied[one.number] for one in listed if one.number in satisfied),
        absent=tuple(
            Absent(one.number, one.title, one.air_date, one.episode_id, one.ids, one.number in removed)
            for one in absent
        ),
        extra=tuple(
            Extra(episode.rating_key, episode.season, episode.number, episode.title, episode.air_date)
            for item in settled.items
            for episode in item.show.episodes
            if episode.rating_key not in item.paired.matches
        ),
        weight=_weight(settled.items),
        misnumbered=tuple(each for item in settled.items for each in _misnumbered(item)),
        duplicates=tuple(each for one in found for each in _duplicates(one, listed)),
    )


def season_rows(settled: Settled, comparison: Comparison) -> tuple[SeasonRow, ...]:
    """The listing season by season, one letter an episode, for the gap bar and the totals."""
    absent = {episode.number for episode in comparison.absent}
    rows = []
    for season, episodes in groupby(settled.shown.listed, key=lambda episode: episode.number.season):
        members = tuple(episodes)
        rows.append(
            SeasonRow(
                season=season,
                row="".join("a" if episode.number in absent else "h" for episode in members),
                numbers=tuple(episode.number.number for episode in members),
                days=tuple(episode.air_date.toordinal() if episode.air_date else 0 for episode in members),
            )
        )
    return tuple(rows)


def _renumbered(match: Match, number: EpisodeNumber) -> Match:
    return Match(number, match.rating_key, match.rule)


def _in_files(
    found: Sequence[_Found], listed: Sequence[ListedEpisode], satisfied: Mapping[EpisodeNumber, Match]
) -> dict[EpisodeNumber, Match]:
    """What lacks by itself, but stands in a file of a held one that holds several. Counted in the item's own order."""
    lacking = {episode.number for episode in listed if episode.number not in satisfied}
    members: dict[EpisodeNumber, Match] = {}
    for one in found if lacking else ():
        order = list(dict.fromkeys(episode.number for episode in one.placed.numbering.listed))
        absent = [number for number in order if lacking.intersection(one.shown(number))]
        placed = {key: match.number for key, match in one.placed.paired.matches.items()}
        for number, key in further(one.placed.show.episodes, placed, order, absent).items():
            for shown in one.shown(number):
                members.setdefault(shown, Match(shown, key, MatchRule.FILE))
    return members


def _once_held(gone: Sequence[HeldShow], settled: Settled) -> frozenset[EpisodeNumber]:
    """The shown numbers of what Plex once had: placed in the order of the item it belonged to, else in the first."""
    if not settled.items:
        return frozenset()
    by_key = {item.show.item.rating_key: item for item in settled.items}
    numbers: set[EpisodeNumber] = set()
    for show in gone:
        item = by_key.get(show.item.rating_key, settled.items[0])
        one = _Found(item, item.numbering.placed_in(settled.shown))
        matches = pair(show.episodes, settled.aired.provider, item.numbering.listed).matches
        numbers.update(number for match in matches.values() for number in one.shown(match.number))
    return frozenset(numbers)


def _misnumbered(item: Placed) -> Iterable[Misnumbered]:
    """Those that an id, or title and date, find under another number than theirs in the order of their item."""
    for episode in item.show.episodes:
        match = item.paired.matches.get(episode.rating_key)
        if match is None or match.rule not in _SURELY_ELSEWHERE or episode.number is None or episode.season is None:
            continue
        if match.number != EpisodeNumber(episode.season, episode.number):
            yield Misnumbered(episode.rating_key, episode.season, episode.number, match.number, episode.title)


def _duplicates(one: _Found, listed: Sequence[ListedEpisode]) -> Iterable[Duplicate]:
    """Listed episodes that several Plex episodes of one item are."""
    matches = one.placed.paired.matches
    if len({match.number for match in matches.values()}) == len(matches):
        return
    keys: dict[EpisodeNumber, list[str]] = {}
    for key, match in matches.items():
        for number in one.shown(match.number):
            keys.setdefault(number, []).append(key)
    for episode in listed:
        if len(several := keys.get(episode.number, [])) > 1:
            yield Duplicate(episode.number, episode.title, tuple(several))


def _weight(items: Sequence[Placed]) -> Weight:
    regular: list[HeldEpisode] = []
    rules: list[MatchRule | None] = []
    for item in items:
        for episode in item.show.episodes:
            if episode.season != SPECIALS:
                match = item.paired.matches.get(episode.rating_key)
                regular.append(episode)
                rules.append(match.rule if match is not None else None)
    return Weight(
        held=len(regular),
        unmatched=sum(rule is None for rule in rules),
        sure=sum(rule in (MatchRule.EPISODE_ID, MatchRule.NUMBER_CONFIRMED) for rule in rules),
        dated=sum(episode.air_date is not None for episode in regular),
        agreeing=sum(rule in _AGREEING for rule in rules),
        trusted=all(item.paired.trusted for item in items),
        number_confirmed=any(rule in (MatchRule.EPISODE_ID, MatchRule.NUMBER_CONFIRMED) for rule in rules),
    )

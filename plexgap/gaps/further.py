"""Which absent episodes a file of a held one also holds. Changes when the way a file's members are counted changes.

Source: design/matching.md 6. The names themselves are read in gaps/filenames.py.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from statistics import median

from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.library import HeldEpisode
from plexgap.gaps.filenames import members, stated


def further(
    held: Sequence[HeldEpisode],
    matched: Mapping[str, EpisodeNumber],
    listed_in_order: Sequence[EpisodeNumber],
    absent: Collection[EpisodeNumber],
) -> Mapping[EpisodeNumber, str]:
    """The absent episodes that a file of a matched one also holds, each with that one's rating key.

    `held` are the episodes of one Plex item, so that their numbers are of one order; `matched` says by rating key which
    listed episode each is. Members are counted in listing order from there, within that season of the listing. A
    member that Plex lists by itself adds nothing: where that one was placed, or that it was not, is the better word.
    """
    seasons: defaultdict[int, list[EpisodeNumber]] = defaultdict(list)
    places: dict[EpisodeNumber, int] = {}
    for number in listed_in_order:
        places[number] = len(seasons[number.season])
        seasons[number.season].append(number)
    missing = {number for number in absent if number in places}
    last = {number.season: places[number] for number in sorted(missing, key=places.__getitem__)}
    own = {(episode.season, episode.number) for episode in held}
    usual_ms = _usual_ms(held) if missing else None
    found: dict[EpisodeNumber, str] = {}
    for episode in sorted(held, key=lambda episode: episode.rating_key):
        match = matched.get(episode.rating_key)
        if match not in places or places[match] >= last.get(match.season, -1):
            continue
        for offset in _offsets(episode, usual_ms):
            place = places[match] + offset
            listed_by_plex = (episode.season, (episode.number or 0) + offset) in own
            if listed_by_plex or place >= len(seasons[match.season]):
                continue
            if (member := seasons[match.season][place]) in missing:
                found.setdefault(member, episode.rating_key)
    return found


def _offsets(episode: HeldEpisode, usual_ms: float | None) -> set[int]:
    """How many places after the episode the members of any of its files lie."""
    if episode.season is None or episode.number is None:
        return set()
    return {
        offset
        for file in episode.files
        for offset in members(
            file.path, episode.season, episode.number, duration_ms=file.duration_ms, usual_ms=usual_ms
        )
    }


def _usual_ms(held: Sequence[HeldEpisode]) -> float | None:
    """The median length of the files that hold one episode, by their name and by Plex; None where there are none."""
    often = Counter(file.path for episode in held for file in episode.files)
    lengths = [
        file.duration_ms
        for episode in held
        if episode.season is not None and episode.number is not None
        for file in episode.files
        if file.duration_ms and often[file.path] == 1 and not stated(file.path, episode.season, episode.number)
    ]
    return median(lengths) if lengths else None

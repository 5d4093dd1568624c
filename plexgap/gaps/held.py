"""Which listed episode each held one is: the rules of design/matching.md 2, in their order. Pure.

Identity first, then numbers that a date or title confirms, then what title and date say together, and a bare number
only where nothing speaks against it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from plexgap.domain.catalogue import ListedEpisode
from plexgap.domain.episodes import SPECIALS, EpisodeNumber
from plexgap.domain.ids import ExternalId, Source, external_id
from plexgap.domain.library import HeldEpisode
from plexgap.domain.verdicts import Match, MatchRule
from plexgap.gaps.evidence import Evidence

_MISTRUST = 0.2
_FEW_EXTRAS = 2
_EXTRAS = 0.1
LEAST_HELD = 5  # fewer are too few to doubt an order by (design/matching.md 5)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far the numbers of one Plex item agree with an order, over its regular episodes (matching.md 2, 3).

    Of `counted` numbered ones: `confirmed` by id, or by a date or title that no other episode has; `contradicted` by
    one of them; `unlisted`; or `bare`: listed, and nothing says anything. `sure`: placed by id, title and date, or a
    confirmed number, under whatever number. `explains`: the order accounts for all that is held.
    """

    counted: int = 0
    confirmed: int = 0
    contradicted: int = 0
    unlisted: int = 0
    bare: int = 0
    sure: int = 0
    explains: bool = True

    @property
    def is_bare(self) -> bool:
        """Whether too many of the numbers have nothing beside them that says they are right."""
        return self.bare > _MISTRUST * self.counted

    @property
    def speaks(self) -> bool:
        """Whether the order explains what is held, by numbers and by more than them. Where ids disagree with the
        numbers, another catalogue may count what is held as fewer episodes or more."""
        return self.explains and self.bare + self.contradicted <= _MISTRUST * self.counted


class _Said(Enum):
    """What is known of a held episode's number in an order."""

    NOTHING = auto()  # it has none
    OWN_ID = auto()  # an id places it there
    OTHER_ID = auto()  # an id places it under another number
    CONFIRMED = auto()
    CONTRADICTED = auto()
    BARE = auto()  # listed, and nothing says anything
    UNLISTED = auto()  # the order has no such number, and it is nowhere else
    ELSEWHERE = auto()  # the order has no such number, but title, date or neighbours place it


@dataclass(frozen=True, slots=True)
class Paired:
    """The held episodes of one Plex item, placed: `matches` by rating key. `trusted`: its numbers are."""

    matches: dict[str, Match]
    trusted: bool
    agreement: Agreement = Agreement()


def pair(held: Sequence[HeldEpisode], provider: Source, listed: Sequence[ListedEpisode]) -> Paired:
    """Places the episodes of one item. `listed`: the catalogue's episodes under the numbers of one order and in that
    order, placeholder dates taken out; two may bear the same number."""
    work = _Pairing(held, provider, listed)
    contradicted, unlisted = work.mistrust()
    trusted = not contradicted and not unlisted
    work.pass_over(MatchRule.NUMBER_CONFIRMED, work.by_confirmed_number)
    work.pass_over(MatchRule.TITLE_AND_DATE, work.by_title_and_date)
    if trusted:
        work.pass_over(MatchRule.NUMBER, work.by_number)
    work.pass_over(MatchRule.DATE, work.evidence.by_date)
    work.pass_over(MatchRule.TITLE, work.evidence.by_title)
    if not trusted:
        work.between_neighbours()
    if not contradicted:
        # Too many are not listed, so the title will be suspect (gaps/doubt.py): this makes its best guess better.
        work.pass_over(MatchRule.NUMBER, work.by_number)
    return Paired(work.matches, trusted, work.agreement(trusted=trusted))


class _Pairing:
    """One item's episodes on their way to their places."""

    def __init__(self, held: Sequence[HeldEpisode], provider: Source, listed: Sequence[ListedEpisode]) -> None:
        self.matches: dict[str, Match] = {}
        self._held = held
        self._order = list(dict.fromkeys(e.number for e in listed if not e.number.is_special))
        self._place = {number: place for place, number in enumerate(self._order)}
        self._numbers = {episode.number for episode in listed}
        self._ids: dict[ExternalId, EpisodeNumber] = {}
        for episode in listed:
            for own in (*episode.ids, external_id(provider, episode.episode_id)):
                if own is not None:
                    self._ids.setdefault(own, episode.number)
        self.pass_over(MatchRule.EPISODE_ID, self.by_id)
        self.evidence = Evidence(held, listed, {key: match.number for key, match in self.matches.items()})

    def pass_over(self, rule: MatchRule, find: Callable[[HeldEpisode], EpisodeNumber | None]) -> None:
        """Places what this rule can place of those that no rule has placed yet."""
        for episode in self._held:
            if episode.rating_key not in self.matches and (number := find(episode)) is not None:
                self.matches[episode.rating_key] = Match(number, episode.rating_key, rule)

    def by_id(self, held: HeldEpisode) -> EpisodeNumber | None:
        known = [own for own in held.ids if own in self._ids]
        return self._ids[min(known)] if known else None

    def by_confirmed_number(self, held: HeldEpisode) -> EpisodeNumber | None:
        number = self._own_number(held)
        return number if number is not None and self.evidence.confirms(held, number) else None

    def by_title_and_date(self, held: HeldEpisode) -> EpisodeNumber | None:
        number = self.evidence.by_title(held)
        return number if number is not None and self.evidence.same_day(held, number) else None

    def by_number(self, held: HeldEpisode) -> EpisodeNumber | None:
        number = self._own_number(held)
        return None if number is None or self.evidence.contradicts(held, number) else number

    def mistrust(self) -> tuple[bool, bool]:
        """Whether more than a fifth of the numbers it lists are contradicted, and whether more than a fifth are not
        listed: an order is trusted when neither is so.

        A single one is never too many. Fewer than five episodes are too few to be doubted for what nothing lists:
        a show that small is never suspect either, and all of it would be called missing.
        """
        numbered = [e for e in self._held if e.season is not None and e.number is not None]
        listed = [(e, number) for e in numbered if (number := self._own_number(e)) is not None]
        against = sum(self._is_contradicted(episode, number) for episode, number in listed)
        unlisted = len(numbered) - len(listed)
        few = len(numbered) < LEAST_HELD
        return against > max(1, _MISTRUST * len(listed)), not few and unlisted > max(1, _MISTRUST * len(numbered))

    def between_neighbours(self) -> None:
        """An episode takes the free place that its matched neighbours in its Plex season leave for it."""
        taken = {match.number for match in self.matches.values()}
        seasons: defaultdict[int, list[HeldEpisode]] = defaultdict(list)
        for episode in self._held:
            if episode.season is not None and episode.number is not None:
                seasons[episode.season].append(episode)
        for season in seasons.values():
            placed = sorted(
                (e.number, self._place[m.number])
                for e in season
                if (m := self.matches.get(e.rating_key)) is not None
                and e.number is not None
                and m.number in self._place
            )
            for episode in season:
                if episode.rating_key in self.matches or episode.number is None:
                    continue
                place = _free_place(episode.number, placed, self._order)
                if place is not None and self._order[place] not in taken:
                    number = self._order[place]
                    self.matches[episode.rating_key] = Match(number, episode.rating_key, MatchRule.NEIGHBOURS)
                    taken.add(number)

    def agreement(self, *, trusted: bool) -> Agreement:
        """What the numbers of the regular episodes say for or against the order."""
        regular = [episode for episode in self._held if episode.season != SPECIALS]
        said = Counter(self._said(episode) for episode in regular)
        counted = said.total() - said[_Said.NOTHING]
        contradicted = said[_Said.OTHER_ID] + said[_Said.CONTRADICTED]
        extra = sum(episode.rating_key not in self.matches for episode in regular)
        explains = (
            (trusted or not (said[_Said.CONFIRMED] or said[_Said.BARE]))
            and not (said[_Said.ELSEWHERE] or said[_Said.CONTRADICTED])
            and extra <= max(_FEW_EXTRAS, _EXTRAS * len(self._held))
            and (not extra or 2 * extra < len(regular))
            and not (said[_Said.BARE] and contradicted)
        )
        return Agreement(
            counted=counted,
            confirmed=said[_Said.OWN_ID] + said[_Said.CONFIRMED],
            contradicted=contradicted,
            unlisted=said[_Said.UNLISTED] + said[_Said.ELSEWHERE],
            bare=said[_Said.BARE],
            sure=sum(self._is_sure(episode) for episode in regular),
            explains=explains,
        )

    def _said(self, held: HeldEpisode) -> _Said:
        """What is known of the number of one episode."""
        if held.season is None or held.number is None:
            return _Said.NOTHING
        match, number = self.matches.get(held.rating_key), self._own_number(held)
        if match is not None and match.rule is MatchRule.EPISODE_ID:
            return _Said.OWN_ID if match.number == number else _Said.OTHER_ID
        if number is None:
            return _Said.UNLISTED if match is None else _Said.ELSEWHERE
        if self.evidence.contradicts(held, number):
            return _Said.CONTRADICTED
        return _Said.CONFIRMED if self.evidence.tells(held, number) else _Said.BARE

    def _is_sure(self, held: HeldEpisode) -> bool:
        """Whether it was placed by an id, by title and date, or by a number that only its title or date bears out."""
        match = self.matches.get(held.rating_key)
        if match is None or match.rule is MatchRule.NUMBER_CONFIRMED:
            return match is not None and self.evidence.tells(held, match.number)
        return match.rule in (MatchRule.EPISODE_ID, MatchRule.TITLE_AND_DATE)

    def _own_number(self, held: HeldEpisode) -> EpisodeNumber | None:
        """Its number in Plex, where the listing has that number."""
        if held.season is None or held.number is None:
            return None
        number = EpisodeNumber(held.season, held.number)
        return number if number in self._numbers else None

    def _is_contradicted(self, held: HeldEpisode, number: EpisodeNumber) -> bool:
        match = self.matches.get(held.rating_key)
        if match is not None:
            return match.number != number
        return self.evidence.contradicts(held, number)


def _free_place(number: int, placed: Sequence[tuple[int, int]], order: Sequence[EpisodeNumber]) -> int | None:
    """The place in listing order that the matched neighbours leave; `placed`: (number in Plex, place), sorted.

    Between two neighbours there must be as many places as numbers. At a season's edge the two nearest must agree with
    each other, and the place must lie in their listed season.
    """
    before = [one for one in placed if one[0] < number][-2:]
    after = [one for one in placed if one[0] > number][:2]
    if before and after:
        first, last = before[-1], after[0]
        return first[1] + number - first[0] if last[1] - first[1] == last[0] - first[0] else None
    nearest = before or after
    if len(nearest) < 2:
        return None
    (n1, p1), (n2, p2) = nearest
    place = p1 + number - n1
    if p2 - p1 != n2 - n1 or not 0 <= place < len(order):
        return None
    seasons = {order[p1].season, order[p2].season, order[place].season}
    return place if len(seasons) == 1 else None

"""Which order each Plex item of a title is numbered in, and which catalogue judges it. Pure.

Source: design/matching.md 3 and 4. Changes when the choice of an order changes.
What has to be asked on the way is asked through `Asker`: whoever calls decides what a question costs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Protocol

from plexgap.domain.catalogue import ABSOLUTE, AIRED, DVD, GROUP, KnownOrder, Listing
from plexgap.domain.episodes import SPECIALS
from plexgap.domain.ids import Source
from plexgap.domain.library import HeldShow
from plexgap.domain.verdicts import Fit, MatchRule
from plexgap.gaps.held import Agreement, Paired, pair
from plexgap.gaps.numbering import Numbering, aired_numbering, numbering, shown_numbering
from plexgap.gaps.rivals import Attempt, undecided, unexplained

_OUTWEIGHS = 2
_MOST_GROUPS = 6
_SURE = frozenset(MatchRule) - {MatchRule.NUMBER, MatchRule.NEIGHBOURS, MatchRule.FILE}


class OrderSource(StrEnum):
    """What chose the order (design/interface.md 4)."""

    OVERRIDE = "override"
    PLEX = "plex"
    LIBRARY = "library"
    MATCHED = "matched"
    DEFAULT = "default"


class Way(NamedTuple):
    """An order of one catalogue."""

    provider: Source
    order: str


# Plex's `showOrdering` (reference/plex.md 5).
_SETTINGS = {
    "tmdbAiring": Way(Source.TMDB, AIRED),
    "aired": Way(Source.TVDB, AIRED),
    "dvd": Way(Source.TVDB, DVD),
    "absolute": Way(Source.TVDB, ABSOLUTE),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """Plex's `showOrdering` of an item and of its library, as Plex spells them; "" where it says nothing."""

    own: str = ""
    library: str = ""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was chosen beforehand. `sources`: the catalogues that may be asked. `order`, `order_provider`: the person's
    word on this title; `default_order`: the settings' on all. "" and None: nothing."""

    sources: tuple[Source, ...]
    order: str = ""
    order_provider: Source | None = None
    default_order: str = ""


class Asker(Protocol):
    """Answers what `settle` needs to know of one title."""

    def listing(self, way: Way) -> Listing | None:
        """The title's listing in that order; None where the catalogue has no such show or order."""
        ...

    def orders(self, provider: Source) -> tuple[KnownOrder, ...]:
        """The catalogue's orders of the title beside the aired one."""
        ...

    def settings(self) -> Mapping[str, Setting]:
        """What Plex says, by rating key."""
        ...


@dataclass(frozen=True, slots=True)
class Placed:
    """One item in its order."""

    show: HeldShow
    numbering: Numbering
    paired: Paired


@dataclass(frozen=True, slots=True)
class Settled:
    """How a title is judged: by `aired.provider`, shown as `shown`, each item placed in an order of its own.

    `orders`: the orders that were read of that catalogue. `doubt`: a sentence, where the order can't be known.
    """

    aired: Listing
    shown: Numbering
    items: tuple[Placed, ...]
    source: OrderSource
    orders: tuple[str, ...]
    doubt: str | None = None

    @property
    def fit(self) -> Fit:
        """How surely the orders are the right ones, over all items."""
        agreements = [item.paired.agreement for item in self.items]
        return Fit(
            confirmed=sum(each.confirmed for each in agreements),
            counted=sum(each.counted for each in agreements),
            best=not all(each.explains for each in agreements),
        )


def settle(held: Sequence[HeldShow], first: Listing, wishes: Wishes, ask: Asker) -> Settled:
    """The order of each item, and the one the title is shown in: that of the item which holds most.

    `first`: the listing in aired order of the catalogue that knows the title. Nothing is asked where it explains what
    is held.
    """
    desk = _Desk(first, wishes, ask)
    choices = [desk.choose(show) for show in held]
    judge = first.provider
    if any(choice.way.provider is not judge for choice in choices):
        judge = next(choice.way.provider for choice in choices if choice.way.provider is not judge)
        choices = [
            choice if choice.way.provider is judge else desk.choose_within(show, judge)
            for show, choice in zip(held, choices, strict=True)
        ]
    main = max(range(len(held)), key=lambda place: (len(held[place].episodes), -place), default=None)
    chosen = choices[main] if main is not None else _Choice(Way(judge, AIRED), Paired({}, True), OrderSource.DEFAULT)
    return Settled(
        aired=desk.aired(judge),
        shown=desk.shown(chosen.way),
        items=tuple(
            Placed(show, desk.numbering(choice.way), choice.paired) for show, choice in zip(held, choices, strict=True)
        ),
        source=chosen.source,
        orders=tuple(dict.fromkeys((AIRED, *(choice.way.order for choice in choices)))),
        doubt=next((choice.doubt for choice in choices if choice.doubt), None),
    )


@dataclass(frozen=True, slots=True)
class _Choice:
    """The order of one item. `doubt`: why it may be another one all the same."""

    way: Way
    paired: Paired
    source: OrderSource
    doubt: str | None = None


class _Desk:
    """Everything that is known of one title by now."""

    def __init__(self, first: Listing, wishes: Wishes, ask: Asker) -> None:
        self._first = Way(first.provider, AIRED)
        self._wishes = wishes
        self._ask = ask
        self._listings: dict[Way, Listing | None] = {self._first: first}
        self._numberings: dict[Way, Numbering] = {}

    def aired(self, provider: Source) -> Listing:
        listing = self._listing(Way(provider, AIRED))
        if listing is None:
            raise ValueError(f"{provider} was chosen, but does not list the title")
        return listing

    def numbering(self, way: Way) -> Numbering:
        """The title under the numbers of an order that is there."""
        if way not in self._numberings:
            aired, other = self.aired(way.provider), self._listing(way)
            plain = way.order == AIRED or other is None
            self._numberings[way] = aired_numbering(aired) if plain or other is None else numbering(aired, other)
        return self._numberings[way]

    def shown(self, way: Way) -> Numbering:
        """The title as it is shown to someone whose files follow that order."""
        aired, other = self.aired(way.provider), self._listing(way)
        if way.order == AIRED or other is None:
            return self.numbering(Way(way.provider, AIRED))
        shown = shown_numbering(aired, other)
        return self.numbering(Way(way.provider, AIRED)) if shown.order == AIRED else shown

    def choose(self, show: HeldShow) -> _Choice:
        """By the person's word, else by what explains what is held, Plex's word first where numbers alone agree."""
        told, refused = self._told()
        if told is not None and self._is_there(told):
            return _Choice(told, self._pair(show, told), OrderSource.OVERRIDE)
        first = self._pair(show, self._first)
        speaks = first.agreement.speaks and self._wished() is None
        if speaks and not self._attempt(self._first, first).lacks_by(self._day()):
            return _Choice(self._first, first, OrderSource.DEFAULT, refused)
        setting = self._ask.settings().get(show.item.rating_key, Setting())
        preferred, source = self._preferred(setting)
        if (speaks and source is not OrderSource.PLEX) or (first.agreement.explains and preferred == self._first):
            return _Choice(self._first, first, OrderSource.DEFAULT, refused)
        tried = {self._first: first}
        for way in self._ways(preferred, only_preferred=first.agreement.explains and preferred is not None):
            if way in tried or not self._is_there(way):
                continue
            tried[way] = self._pair(show, way)
            if tried[way].agreement.speaks or (way == preferred and tried[way].agreement.explains):
                break
        way = _best(tried, self._first, preferred)
        doubt = refused or self._doubt(show, setting, preferred, tried[way]) or self._open(way, tried, preferred)
        return _Choice(way, tried[way], self._source(way, preferred, source), doubt)

    def _open(self, way: Way, tried: Mapping[Way, Paired], preferred: Way | None) -> str | None:
        """Why another order than the chosen one may be the right one. As Plex or the person's settings say it is not
        asked about, nor is TMDB's aired order against one that few people number in."""
        chosen = self._attempt(way, tried[way])
        doubt = unexplained(chosen, self._day())
        if doubt is not None or way == preferred:
            return doubt
        others = [other for other in tried if other != way and (way != self._first or other.order == AIRED)]
        return undecided(chosen, (self._attempt(other, tried[other]) for other in others))

    def _attempt(self, way: Way, paired: Paired) -> Attempt:
        return Attempt(self.numbering(way), paired)

    def _day(self) -> date:
        """The day of the listing: what was to be broadcast later than that lacks nowhere yet."""
        return self.aired(self._first.provider).fetched_at.date()

    def choose_within(self, show: HeldShow, provider: Source) -> _Choice:
        """The order of an item whose title another item has brought to this catalogue."""
        preferred, source = self._preferred(self._ask.settings().get(show.item.rating_key, Setting()))
        tried: dict[Way, Paired] = {}
        for way in self._ways(preferred):
            if way.provider is not provider or way in tried or not self._is_there(way):
                continue
            tried[way] = self._pair(show, way)
            if tried[way].agreement.explains:
                break
        way = _best(tried, Way(provider, AIRED), preferred)
        return _Choice(way, tried[way], self._source(way, preferred, source))

    def _told(self) -> tuple[Way | None, str | None]:
        """The order that the person chose, and a sentence where it can't be had."""
        order = self._wishes.order
        if not order:
            return None, None
        provider = _provider_of(order) or self._wishes.order_provider or self._first.provider
        way = Way(provider, order)
        if self._is_there(way):
            return way, None
        if provider not in self._wishes.sources:
            return None, f"You chose {order_words(order)}, and there is no {provider.label} key that works."
        return None, f"You chose {order_words(order)}, but {provider.label} has none of this show."

    def _wished(self) -> Way | None:
        """The settings' order for all titles, where it is not the first one anyway."""
        order = self._wishes.default_order
        if not order:
            return None
        way = Way(_provider_of(order) or self._first.provider, order)
        return way if way != self._first and self._is_there(way) else None

    def _preferred(self, setting: Setting) -> tuple[Way | None, OrderSource]:
        """The order that Plex, its library or the settings name, and which of them does."""
        if setting.own:
            return _SETTINGS.get(setting.own), OrderSource.PLEX
        if (wished := self._wished()) is not None:
            return wished, OrderSource.DEFAULT
        return _SETTINGS.get(setting.library), OrderSource.LIBRARY

    def _ways(self, preferred: Way | None, *, only_preferred: bool = False) -> Iterator[Way]:
        """Orders in the order in which they are tried, as far as their catalogue may be asked."""
        if preferred is not None and preferred.provider in self._wishes.sources:
            yield preferred
        if only_preferred:
            return
        if Source.TVDB in self._wishes.sources:
            yield Way(Source.TVDB, AIRED)
            if self._is_there(Way(Source.TVDB, AIRED)):
                yield from (Way(Source.TVDB, known.order) for known in self._orders(Source.TVDB))
        if self._first.provider is Source.TMDB:
            yield from (Way(Source.TMDB, known.order) for known in self._orders(Source.TMDB)[:_MOST_GROUPS])

    def _orders(self, provider: Source) -> tuple[KnownOrder, ...]:
        said = self.aired(provider).orders
        return said if said is not None else self._ask.orders(provider)

    def _is_there(self, way: Way) -> bool:
        """Whether the catalogue lists the title in that order; what it lists in aired order is read along."""
        if way.provider not in self._wishes.sources and way.provider is not self._first.provider:
            return False
        if way.order != AIRED:
            aired = self._listing(Way(way.provider, AIRED))
            if aired is None or (aired.orders is not None and way.order not in {known.order for known in aired.orders}):
                return False
        return self._listing(way) is not None

    def _listing(self, way: Way) -> Listing | None:
        if way not in self._listings:
            self._listings[way] = self._ask.listing(way)
        return self._listings[way]

    def _pair(self, show: HeldShow, way: Way) -> Paired:
        return pair(show.episodes, way.provider, self.numbering(way).listed)

    def _source(self, way: Way, preferred: Way | None, source: OrderSource) -> OrderSource:
        if way == preferred:
            return source
        return OrderSource.DEFAULT if way == self._first else OrderSource.MATCHED

    def _doubt(self, show: HeldShow, setting: Setting, preferred: Way | None, paired: Paired) -> str | None:
        """Why numbers can't be read: Plex counts in an order that nobody can be asked for."""
        said = setting.own or setting.library
        if preferred is None:
            unread = bool(said) and said not in _SETTINGS
            why = f'Plex numbers it in an order that plexgap does not know ("{said}").'
        else:
            unread = preferred.provider not in self._wishes.sources and preferred.provider is not self._first.provider
            label = preferred.provider.label
            why = (
                f"Plex numbers it in {order_words(preferred.order)} of {label}, and there is no {label} key that works."
            )
        return why if unread and not _is_sure(show, paired) else None


def order_words(order: str) -> str:
    """How an order is called in a sentence: "DVD order"."""
    if order.startswith(GROUP):
        return "the order of an episode group"
    return "DVD order" if order == DVD else f"{order} order"


def _is_sure(show: HeldShow, paired: Paired) -> bool:
    """Whether every regular episode was found by more than its bare number."""
    regular = (episode.rating_key for episode in show.episodes if episode.season != SPECIALS)
    return all((match := paired.matches.get(key)) is not None and match.rule in _SURE for key in regular)


def _provider_of(order: str) -> Source | None:
    """The catalogue that alone has an order of this name; None for the aired one, which all have."""
    if order == AIRED:
        return None
    return Source.TMDB if order.startswith(GROUP) else Source.TVDB


def _best(tried: Mapping[Way, Paired], first: Way, preferred: Way | None) -> Way:
    """The order that explains most. Plex's own is followed unless another one confirms at least two more."""

    def rank(way: Way) -> tuple[bool, bool, bool, int, int, int, bool]:
        agreement = tried[way].agreement
        return (
            agreement.speaks,
            agreement.sure >= agreement.counted,
            agreement.explains,
            agreement.sure,
            agreement.confirmed - agreement.contradicted,
            -agreement.unlisted,
            way == first,
        )

    if preferred is None or preferred not in tried:
        return max(tried, key=rank)
    said = tried[preferred].agreement
    better = [way for way, paired in tried.items() if _outweighs(paired.agreement, said)]
    return max(better, key=rank, default=preferred)


def _outweighs(other: Agreement, said: Agreement) -> bool:
    """Whether it confirms at least two more than the order that Plex says, also with what is contradicted taken off."""
    return (
        other.confirmed >= said.confirmed + _OUTWEIGHS
        and other.confirmed - other.contradicted >= said.confirmed - said.contradicted + _OUTWEIGHS
    )

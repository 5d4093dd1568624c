"""What a person may decide about a title: ignore, un-ignore, say which show it is, in which order it is numbered and
what of it is wanted. Kept in decisions.json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from uuid import uuid4

from plexgap.domain.catalogue import AIRED, GROUP, Ask, Catalogue, Listing
from plexgap.domain.decisions import Ignore, IgnoredEpisode, Level, Override, TitleRef
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.errors import ConfigError, NotListed, PlexgapError
from plexgap.domain.ids import ExternalId, Source, first_id
from plexgap.gaps.orders import order_words
from plexgap.gaps.rules import override_of
from plexgap.jobs.parts import Parts
from plexgap.store.decisions import DecisionStore


class Decidable(Protocol):
    """A title as a report shows it, as far as a decision needs it. `ref` is Plex's word alone, `ids` all known.
    `absent`: its absent episodes as a decision keeps them. `chosen`: what the person said of it, or of one of its
    items."""

    @property
    def ref(self) -> TitleRef: ...
    @property
    def title(self) -> str: ...
    @property
    def ids(self) -> frozenset[ExternalId]: ...
    @property
    def provider(self) -> Source | None: ...
    @property
    def order(self) -> str | None: ...
    @property
    def absent(self) -> Mapping[EpisodeNumber, IgnoredEpisode]: ...
    @property
    def chosen(self) -> Override | None: ...


def ignore(
    decisions: DecisionStore,
    show: Decidable,
    *,
    season: int | None = None,
    numbers: Sequence[int] = (),
    until: date | None = None,
    reason: str = "",
    now: datetime,
) -> Ignore:
    """Ignores the show, one season, or some episodes of a season; gives the decision as it was kept."""
    level = Level.SHOW if season is None else Level.EPISODE if numbers else Level.SEASON
    named = tuple(sorted(set(numbers))) if season is not None else ()
    made = Ignore(
        key=uuid4().hex[:12],
        title=replace(show.ref, ids=show.ref.ids | show.ids),
        level=level,
        made_at=now,
        season=season,
        numbers=named,
        episodes=_episodes(show, season, named),
        provider=show.provider,
        order=show.order,
        until=until,
        reason=reason.strip(),
    )
    decisions.add_ignore(made)
    return made


def _episodes(show: Decidable, season: int | None, numbers: tuple[int, ...]) -> tuple[IgnoredEpisode, ...]:
    """What is known of the episodes that are named; of a whole season, of those that are absent from it."""
    if season is None:
        return ()
    if not numbers:
        return tuple(known for number, known in sorted(show.absent.items()) if number.season == season)
    each = ((number, show.absent.get(EpisodeNumber(season, number))) for number in numbers)
    return tuple(known or IgnoredEpisode(number) for number, known in each)


def unignore(decisions: DecisionStore, key: str) -> Ignore | None:
    """Takes an ignore back; None when there was none of that key."""
    return decisions.remove_ignore(key)


def unignore_some(decisions: DecisionStore, made: Ignore, numbers: Sequence[int]) -> bool:
    """Takes back those of its numbers alone, the others stay ignored. False, and nothing is changed: an older plexgap
    kept it, and it can't be told which of its ids is whose."""
    rest = tuple(number for number in made.numbers if number not in numbers)
    kept = tuple(episode for episode in made.episodes if episode.number in rest)
    gone = (episode for episode in made.episodes if episode not in kept)
    if frozenset().union(*(episode.ids for episode in gone)) & frozenset().union(*(one.ids for one in kept)):
        return False
    decisions.add_ignore(replace(made, numbers=rest, episodes=kept))
    return True


# ---------------------------------------------------------------- what a person says of a show


class Specials(StrEnum):
    """Whether a show's specials are wanted; DEFAULT: as the settings have it."""

    ON = "on"
    OFF = "off"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be said anew of a show. None leaves what was said before, "" takes it back."""

    tmdb_id: int | None = None
    tvdb_id: int | None = None
    order: str | None = None
    order_provider: Source | None = None
    policy: str | None = None
    specials: Specials | None = None

    @property
    def moves(self) -> bool:
        """Whether the show has to be judged anew by it."""
        return bool(self.ids) or self.order is not None

    @property
    def asks(self) -> bool:
        """Whether a catalogue must say first that there is such a thing."""
        return bool(self.ids) or self.order not in (None, "", AIRED) or self.order_provider is not None

    @property
    def ids(self) -> Mapping[Source, int]:
        """The shows it names, by catalogue."""
        named = {Source.TMDB: self.tmdb_id, Source.TVDB: self.tvdb_id}
        return {source: number for source, number in named.items() if number is not None}


class NoSuchOrder(PlexgapError):
    """The catalogue has the show, but not in this order."""

    def __init__(self, show: str, order: str, catalogue: Catalogue, has: Sequence[str]) -> None:
        there = ", ".join(order_words(each) if not each.startswith(GROUP) else each for each in (AIRED, *has))
        super().__init__(
            f"{catalogue.name} has no {order} order of {show}",
            f"{catalogue.name} does not list {show} in {order_words(order)}. It has {there}.",
        )


def choose(parts: Parts, catalogues: Sequence[Catalogue], show: Decidable, wish: Wish) -> Override | None:
    """Keeps what the person says of a show beside what was said before; the whole of it, None where nothing is left.

    A show that is named, and an order, must be there: NotListed or NoSuchOrder otherwise, SourceError when the
    catalogue gave no answer, ConfigError without its key; nothing is kept then. What was read for it is kept among the
    listings, so that the show can be judged by it at once.

    A show that is named anew takes along what was said of the one before, but not what can't be meant of it any more:
    its number at the other catalogue, unless that is said to be the same show's, an episode group of TMDB, which is one
    show's alone, an order that TheTVDB does not have of the new one, and the aired order of the other catalogue.
    """
    ref = _ref(parts, show)
    before = override_of(parts.decisions.load(), ref)
    said = replace(before or Override(ref, parts.now()), title=ref, made_at=parts.now())
    named = {source: _listing(parts, catalogues, source, number) for source, number in wish.ids.items()}
    if named:
        said = _renamed(said, show, named)
    if wish.order is not None:
        said = replace(said, order=wish.order, order_provider=_order_provider(wish))
        ids = frozenset().union(*(listing.ids for listing in named.values())) if named else show.ids
        _demand_order(parts, catalogues, show.title, ids, said)
    if wish.policy is not None:
        said = replace(said, policy=wish.policy)
    if wish.specials is not None:
        said = replace(said, specials=None if wish.specials is Specials.DEFAULT else wish.specials is Specials.ON)
    put_back(parts, show, said if said.says_something else None)
    return said if said.says_something else None


def put_back(parts: Parts, show: Decidable, said: Override | None) -> None:
    """Makes this all that is said of the show; None: nothing is."""
    if said is None:
        clear(parts, show)
    else:
        parts.decisions.set_override(said)


def clear(parts: Parts, show: Decidable) -> Override | None:
    """Takes everything back that was said of the show; None when nothing was."""
    return parts.decisions.clear_override(_ref(parts, show))


def _ref(parts: Parts, show: Decidable) -> TitleRef:
    """What the title is called in decisions: as a whole, or as the one item of it that something was said of."""
    decisions = parts.decisions.load()
    if show.chosen is None or override_of(decisions, show.ref) is not None:
        return show.ref
    return show.chosen.title if override_of(decisions, show.chosen.title) is not None else show.ref


def _renamed(said: Override, show: Decidable, named: Mapping[Source, Listing]) -> Override:
    """What is said, of the shows that are named now."""
    former = {ExternalId(source, str(number)) for source, number in _ids(said).items()} or show.ids
    is_other = not any(ExternalId(source, str(listing.show_id)) in former for source, listing in named.items())
    ids = {source: listing.show_id for source, listing in named.items()}
    for source, number in _ids(said).items():
        same = any(ExternalId(source, str(number)) in listing.ids for listing in named.values())
        if source not in ids and (same or not is_other):
            ids[source] = number
    first = next(iter(named.values()))
    kept = not is_other or _can_be_meant(said, named)
    return replace(
        said,
        tmdb_id=ids.get(Source.TMDB),
        tvdb_id=ids.get(Source.TVDB),
        order=said.order if kept else "",
        order_provider=said.order_provider if kept else None,
        echo=f"{first.title} ({first.year})" if first.year else first.title,
    )


def _ids(said: Override) -> Mapping[Source, int]:
    return Wish(said.tmdb_id, said.tvdb_id).ids


def _can_be_meant(said: Override, named: Mapping[Source, Listing]) -> bool:
    """Whether the order that was said of one show may be meant of another, too."""
    if said.order == AIRED:
        return said.order_provider is None or said.order_provider in named
    if said.order.startswith(GROUP):
        return False
    orders = named[Source.TVDB].orders if Source.TVDB in named else None
    return orders is None or said.order in {known.order for known in orders}


def _order_provider(wish: Wish) -> Source | None:
    """The catalogue that alone has an order of this name; the aired one is what the person says, or anyone's."""
    if not wish.order:
        return None
    if wish.order == AIRED:
        return wish.order_provider
    return Source.TMDB if wish.order.startswith(GROUP) else Source.TVDB


def _demand_order(
    parts: Parts, catalogues: Sequence[Catalogue], title: str, ids: frozenset[ExternalId], said: Override
) -> None:
    """Raises NoSuchOrder where the catalogue says that it has none. A show that it isn't known to have is asked for
    when it is judged."""
    if said.order_provider is None:
        return
    catalogue = _catalogue(catalogues, said.order_provider)
    known = _ids(said).get(said.order_provider) or first_id(ids, said.order_provider)
    if known is None:
        return
    if said.order != AIRED and parts.listings.stamp(catalogue.provider, int(known)) is None:
        parts.listings.save(catalogue.show(int(known), Ask.FRESH))  # every order is compared with the aired one
    try:
        parts.listings.save(catalogue.show(int(known), Ask.FRESH, said.order))
    except NotListed:
        has = [order.order for order in catalogue.orders(int(known))]
        raise NoSuchOrder(title, said.order, catalogue, has) from None


def _listing(parts: Parts, catalogues: Sequence[Catalogue], provider: Source, show_id: int) -> Listing:
    listing = _catalogue(catalogues, provider).show(show_id, Ask.FRESH)
    parts.listings.save(listing)
    return listing


def _catalogue(catalogues: Sequence[Catalogue], provider: Source) -> Catalogue:
    found = next((each for each in catalogues if each.provider is provider), None)
    if found is None:
        raise ConfigError(
            f"{provider}_api_key",
            "it is empty",
            f"That is asked of {provider.label}, and there is no {provider.label} key, or the settings leave it out.",
        )
    return found

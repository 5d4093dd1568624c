"""What plexgap says of an invented library: its own core, over catalogues and a Plex that answer from memory.

Changes when the core asks or answers otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import lru_cache

from plexgap.domain.catalogue import ABSOLUTE, AIRED, ALTERNATE, DVD, KnownOrder, ListedEpisode, Listing
from plexgap.domain.ids import Source, external_id
from plexgap.gaps.diff import compare, season_rows
from plexgap.gaps.doubt import doubt
from plexgap.gaps.orders import Setting, Way, Wishes, settle
from tests.simulation.libraries import Library
from tests.simulation.measured import Verdict
from tests.simulation.shows import TODAY, InventedShow

_WORTH_TRYING = (DVD, ABSOLUTE, ALTERNATE)


@dataclass(frozen=True, slots=True)
class Catalogues:
    """Answers for one show; `ordering`: Plex's showOrdering of its only item."""

    show: InventedShow
    ordering: str = ""

    def listing(self, way: Way) -> Listing | None:
        return listing(self.show, way)

    def orders(self, provider: Source) -> tuple[KnownOrder, ...]:
        known = self.show.at(provider).orders
        if provider is Source.TVDB:
            return tuple(KnownOrder(order, order, order) for order in _WORTH_TRYING if order in known)
        return tuple(KnownOrder(order, order, order.removeprefix("group:")) for order in known)

    def settings(self) -> Mapping[str, Setting]:
        return {"1": Setting(own=self.ordering)}


@lru_cache(2048)
def listing(show: InventedShow, way: Way) -> Listing | None:
    """The show in one order of one catalogue; None where that has no such order. TheTVDB's orders leave out what they
    don't have; specials stand in them when they number them."""
    mine = show.at(way.provider)
    numbers = None if way.order == AIRED else mine.orders.get(way.order)
    if way.order != AIRED and numbers is None:
        return None
    rows = mine.rows if numbers is None else [row for row in mine.rows if row.episode_id in numbers]
    episodes = tuple(
        ListedEpisode(
            row.number if numbers is None else numbers[row.episode_id], row.title, row.day, None, row.episode_id
        )
        for row in rows
    )
    own = external_id(way.provider, mine.show_id)
    return Listing(
        provider=way.provider,
        show_id=mine.show_id,
        order=way.order,
        title=show.name,
        year=show.year,
        status="Ended",
        ids=frozenset() if own is None else frozenset({own}),
        episodes=tuple(sorted(episodes, key=lambda episode: episode.number)),
        fetched_at=datetime.combine(TODAY, time(), UTC),
        orders=Catalogues(show).orders(Source.TVDB) if way.provider is Source.TVDB else None,
    )


def judge(show: InventedShow, library: Library, *, with_key: bool) -> Verdict:
    """The verdict on a library whose ids lead to this show."""
    sources = (Source.TMDB, Source.TVDB) if with_key else (Source.TMDB,)
    first = listing(show, Way(Source.TMDB, AIRED))
    assert first is not None
    settled = settle([library.held], first, Wishes(sources), Catalogues(show, library.ordering))
    comparison = compare(settled)
    rows = season_rows(settled, comparison)
    provider = settled.aired.provider
    said = settled.doubt or doubt(comparison, rows, settled.shown.order, provider.label, TODAY)
    return Verdict(
        asked=said is not None,
        provider=provider,
        order=settled.shown.order,
        order_source=settled.source,
        missing=frozenset(
            absent.episode_id
            for absent in comparison.absent
            if absent.episode_id is not None
            and not absent.number.is_special
            and absent.air_date is not None
            and absent.air_date <= TODAY
        ),
    )

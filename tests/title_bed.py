"""One title in memory: what was broadcast, what two catalogues make of it, what Plex holds and says, and the verdict.

Episodes are written by what was broadcast: the k-th number of an order is that of part k. "1x1-3 1x5 - 2x1": part 4 is
1x5, part 5 stands in no such order, part 6 is 2x1. Changes when a verdict needs more facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from plexgap.domain.catalogue import AIRED, KnownOrder, ListedEpisode, Listing
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.ids import Source, external_id
from plexgap.domain.library import HeldEpisode, HeldFile, HeldShow, ShowItem
from plexgap.domain.verdicts import Comparison, Standing, State
from plexgap.gaps.diff import compare, season_rows
from plexgap.gaps.doubt import doubt
from plexgap.gaps.orders import Setting, Settled, Way, Wishes, settle
from plexgap.gaps.rules import Rules, standing
from tests.support import NOW, numbers, show_item

BOTH = (Source.TMDB, Source.TVDB)
_FIRST_ID = {Source.TMDB: 1_000, Source.TVDB: 5_000}
_OF = ("Salt", "Harbour", "Paper", "Copper", "Winter", "Glass", "Hollow", "Scarlet", "Silent", "Crooked", "Velvet")
_WHAT = ("Orchard", "Letters", "Crossing", "Verdict", "Ledger", "Lantern", "Promise", "Machine", "Witness", "Quarry")


def places(text: str) -> tuple[EpisodeNumber | None, ...]:
    """The numbers of parts 1, 2, 3 and on; None where one has none."""
    return tuple(number for piece in text.split() for number in ((None,) if piece == "-" else numbers(piece)))


@dataclass(frozen=True)
class Broadcast:
    """What there is of a show: part n has a title and a day of its own, a week after the last. `days`: other days."""

    start: date = date(2015, 1, 6)
    step: int = 7
    days: Mapping[int, date | None] = field(default_factory=dict)

    def title(self, part: int) -> str:
        return f"The {_OF[part % 11]} {_WHAT[part % 10]} {'of Marrowby ' * (part // 110)}".strip()

    def day(self, part: int) -> date | None:
        return self.days.get(part, self.start + timedelta(days=self.step * (part - 1)))

    def listed(self, provider: Source, order: str, text: str) -> Listing:
        """The show as a catalogue lists it in this order."""
        episodes = [
            ListedEpisode(number, self.title(part), self.day(part), 42, _FIRST_ID[provider] + part)
            for part, number in enumerate(places(text), start=1)
            if number is not None
        ]
        return Listing(
            provider=provider,
            show_id=_FIRST_ID[provider],
            order=order,
            title="The Lantern Keepers",
            year=self.start.year,
            status="Ended",
            ids=frozenset(),
            episodes=tuple(sorted(episodes, key=lambda episode: episode.number)),
            fetched_at=NOW,
        )

    def held(
        self,
        text: str,
        *,
        without: Iterable[int] = (),
        ids: Sequence[Source] = (),
        titles: bool = True,
        dates: bool = True,
        days_off: int = 0,
        files: Mapping[int, str] | None = None,
        item: ShowItem | None = None,
    ) -> HeldShow:
        """A Plex item that holds these parts under these numbers, all but the parts `without`. `ids`: of which
        catalogues each has its episode id; `titles`, `dates`: whether Plex knows them; `files`: names by part."""
        item = item or show_item()
        made = []
        for part, number in enumerate(places(text), start=1):
            if number is None or part in set(without):
                continue
            known = (external_id(source, _FIRST_ID[source] + part) for source in ids)
            day = self.day(part)
            made.append(
                HeldEpisode(
                    rating_key=f"{item.rating_key}-{part}",
                    season=number.season,
                    number=number.number,
                    title=self.title(part) if titles else f"Episode {number.number}",
                    air_date=day + timedelta(days=days_off) if dates and day is not None else None,
                    ids=frozenset(each for each in known if each is not None),
                    files=tuple(HeldFile(name, None) for name in ((files or {}).get(part),) if name),
                )
            )
        return HeldShow(item, tuple(sorted(made, key=lambda one: (one.season or 0, one.number or 0))))


@dataclass
class Shelf:
    """Two catalogues and a Plex that answer from memory, and keep what they were asked. `says`, `library`: Plex's
    showOrdering of each item and of its library."""

    listings: dict[Way, Listing] = field(default_factory=dict)
    groups: tuple[KnownOrder, ...] = ()
    says: str = ""
    library: str = ""
    asked: list[str] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        broadcast: Broadcast,
        tmdb: Mapping[str, str],
        tvdb: Mapping[str, str] | None = None,
        *,
        says: str = "",
        library: str = "",
    ) -> Shelf:
        """Orders by name, as `places` reads them. TMDB's other than "aired" are episode groups."""
        shelf = cls(says=says, library=library)
        tvdb = tvdb or {}
        for order, text in tmdb.items():
            shelf.listings[Way(Source.TMDB, order)] = broadcast.listed(Source.TMDB, order, text)
        shelf.groups = tuple(KnownOrder(order, order, order.removeprefix("group:")) for order in tmdb if order != AIRED)
        known = tuple(KnownOrder(order, order, order) for order in tvdb if order != AIRED)
        for order, text in tvdb.items():
            listing = replace(broadcast.listed(Source.TVDB, order, text), orders=known)
            shelf.listings[Way(Source.TVDB, order)] = listing
        return shelf

    def listing(self, way: Way) -> Listing | None:
        self.asked.append(f"{way.provider} {way.order}")
        return self.listings.get(way)

    def orders(self, provider: Source) -> tuple[KnownOrder, ...]:
        self.asked.append(f"{provider} orders")
        return self.groups if provider is Source.TMDB else ()

    def settings(self) -> Mapping[str, Setting]:
        if "plex" not in self.asked:
            self.asked.append("plex")
        return dict.fromkeys(("1", "2"), Setting(self.says, self.library))


@dataclass(frozen=True)
class Told:
    """The verdict: as a person meets it. Numbers are those of `order`."""

    state: State
    provider: Source
    order: str
    source: str
    missing: tuple[EpisodeNumber, ...]
    reason: str | None
    settled: Settled
    comparison: Comparison


def told(held: Sequence[HeldShow], shelf: Shelf, *, sources: Sequence[Source] = BOTH) -> Told:
    """What is said of the title at NOW, by the first of the catalogues that lists it."""
    first = next(shelf.listings[Way(source, AIRED)] for source in sources if Way(source, AIRED) in shelf.listings)
    settled = settle(held, first, Wishes(tuple(sources)), shelf)
    comparison = compare(settled)
    rows = season_rows(settled, comparison)
    provider = settled.aired.provider
    reason = settled.doubt or doubt(comparison, rows, settled.shown.order, provider.label, NOW.date())
    missing = tuple(
        absent.number
        for absent in comparison.absent
        if not absent.number.is_special and standing(absent.air_date, Rules(), NOW) is Standing.MISSING
    )
    state = State.SUSPECT if reason else State.GAPS if missing else State.COMPLETE
    return Told(state, provider, settled.shown.order, settled.source, missing, reason, settled, comparison)

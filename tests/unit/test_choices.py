"""What a person says of a show: one decision a title, made up of what was said at different times."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from plexgap.config import Settings
from plexgap.domain.catalogue import AIRED, Ask, Hits, KnownOrder, Listing
from plexgap.domain.decisions import Ignore, IgnoredEpisode, Level, Override, TitleRef
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.errors import ConfigError, NotListed, PlexgapError, Unreachable
from plexgap.domain.ids import ExternalId, Source, parse_guids
from plexgap.jobs import choices
from plexgap.jobs.choices import NoSuchOrder, Specials, Wish
from plexgap.jobs.parts import Parts
from plexgap.store.cache import Listings
from plexgap.store.decisions import DecisionStore
from plexgap.store.index import Index
from plexgap.store.watchlist import WatchlistStore
from tests.support import NOW, listing

DVD_ORDER = KnownOrder("dvd", "DVD Order", "dvd")


@dataclass
class Shelf:
    """A catalogue in memory: shows by number, each in aired order and in those that `orders_of` names."""

    provider: Source
    shows: Mapping[int, Listing]
    orders_of: Mapping[int, tuple[KnownOrder, ...]] = field(default_factory=dict)
    down: bool = False
    asked: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.provider.label

    def show(self, show_id: int, ask: Ask = Ask.REVALIDATE, order: str = AIRED) -> Listing:
        self.asked.append(f"{show_id} {order}")
        if self.down:
            raise Unreachable(self.name, "no answer")
        known = {AIRED, *(each.order for each in self.orders_of.get(show_id, ()))}
        if show_id not in self.shows or order not in known:
            raise NotListed(self.name, f"show {show_id}")
        return replace(self.shows[show_id], order=order, orders=self.orders_of.get(show_id, ()))

    def orders(self, show_id: int, ask: Ask = Ask.REVALIDATE) -> tuple[KnownOrder, ...]:
        return self.orders_of.get(show_id, ())

    def find(self, outside: ExternalId, ask: Ask = Ask.REVALIDATE) -> tuple[int, ...]:
        return ()

    def search(self, title: str, year: int | None = None, ask: Ask = Ask.REVALIDATE) -> Hits:
        return Hits(())

    def changed(self, since: datetime, most_pages: int) -> frozenset[int] | None:
        return None

    def check(self) -> None:
        """Every key will do."""


REF = TitleRef(parse_guids(["tmdb://1"]), frozenset(), "Northbound", 2014, "tv")


@dataclass
class Show:
    """A title as a report shows it."""

    ref: TitleRef = REF
    title: str = "Northbound"
    ids: frozenset[ExternalId] = parse_guids(["tmdb://1", "tvdb://701"])
    provider: Source | None = Source.TMDB
    order: str | None = AIRED
    absent: Mapping[EpisodeNumber, IgnoredEpisode] = field(default_factory=dict)
    chosen: Override | None = None


def _listed(source: Source, number: int, *ids: str) -> Listing:
    found = listing("1x1-2", show_id=number)
    return replace(
        found, provider=source, title=f"Show {number}", year=2014, ids=parse_guids([f"{source}://{number}", *ids])
    )


TMDB = Shelf(Source.TMDB, {n: _listed(Source.TMDB, n, f"tvdb://70{n}") for n in (1, 2, 3)})
TVDB = Shelf(Source.TVDB, {n: _listed(Source.TVDB, n) for n in (701, 702, 703)}, {701: (DVD_ORDER,), 703: (DVD_ORDER,)})


@dataclass
class Desk:
    """One person's decisions, each made an hour after the last."""

    parts: Parts
    clock: list[datetime]

    def says(self, *catalogues: Shelf, **wish: object) -> Override | None:
        self.clock[0] += timedelta(hours=1)
        return choices.choose(self.parts, catalogues or (TMDB, TVDB), Show(), Wish(**wish))  # type: ignore[arg-type]

    @property
    def kept(self) -> tuple[Override, ...]:
        return self.parts.decisions.load().overrides


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    clock = [NOW]
    with closing(Index(tmp_path / "library.db", NOW)) as index:
        store = DecisionStore(tmp_path / "decisions.json", lambda: clock[0], sections=lambda: frozenset({"tv"}))
        kept = WatchlistStore(tmp_path / "watchlist.json")
        yield Desk(Parts(Settings(), index, Listings(tmp_path / "cache"), store, kept, lambda: clock[0]), clock)


def test_what_is_said_later_leaves_what_was_said_before(desk: Desk) -> None:
    desk.says(tmdb_id=2)
    desk.says(order="dvd")
    desk.says(policy="latest_season")
    last = desk.says(specials=Specials.OFF)
    assert desk.kept == (last,)
    assert last is not None
    assert (last.tmdb_id, last.order, last.order_provider) == (2, "dvd", Source.TVDB)
    assert (last.policy, last.specials, last.echo) == ("latest_season", False, "Show 2 (2014)")
    assert last.made_at == desk.clock[0]


def test_what_is_taken_back_field_by_field_is_gone_with_the_last_one(desk: Desk) -> None:
    desk.says(order="dvd", policy="held_seasons", specials=Specials.ON)
    desk.says(order="")
    (left,) = desk.kept
    assert (left.order, left.order_provider, left.policy, left.specials) == ("", None, "held_seasons", True)
    desk.says(policy="", specials=Specials.DEFAULT)
    assert desk.kept == ()


def test_several_things_at_once_are_one_decision(desk: Desk) -> None:
    desk.says(tmdb_id=3, tvdb_id=702, policy="from:S02E05", specials=Specials.ON)
    (kept,) = desk.kept
    assert (kept.tmdb_id, kept.tvdb_id, kept.policy, kept.specials) == (3, 702, "from:S02E05", True)


def test_what_only_a_person_knows_asks_nobody(desk: Desk) -> None:
    nobody = Shelf(Source.TMDB, {}, down=True)
    desk.says(nobody, policy="latest_season", specials=Specials.OFF)
    desk.says(nobody, order=AIRED)
    assert nobody.asked == []
    assert len(desk.kept) == 1


@pytest.mark.parametrize(
    ("wish", "error", "word"),
    [
        pytest.param({"tmdb_id": 99}, NotListed, "TMDB does not list", id="a number TMDB does not have"),
        pytest.param({"tvdb_id": 99}, NotListed, "TheTVDB does not list", id="a number TheTVDB does not have"),
        pytest.param(
            {"order": "absolute"}, NoSuchOrder, "It has aired order, DVD order.", id="an order it does not have"
        ),
        pytest.param({"order": "group:5f"}, NoSuchOrder, "TMDB does not list Northbound", id="a group of another show"),
        pytest.param(
            {"tmdb_id": 2, "order": "dvd"}, NoSuchOrder, "It has aired order.", id="an order of the former show"
        ),
    ],
)
def test_what_no_catalogue_has_is_said_and_nothing_is_kept(
    desk: Desk, wish: dict[str, object], error: type[PlexgapError], word: str
) -> None:
    with pytest.raises(error) as refused:
        desk.says(**wish)
    assert word in refused.value.advice
    assert desk.kept == ()


@pytest.mark.parametrize("wish", [{"tvdb_id": 701}, {"order": "dvd"}, {"order": AIRED, "order_provider": Source.TVDB}])
def test_what_thetvdb_alone_knows_needs_its_key(desk: Desk, wish: dict[str, object]) -> None:
    with pytest.raises(ConfigError) as refused:
        desk.says(TMDB, **wish)
    assert "no TheTVDB key" in refused.value.advice
    assert desk.kept == ()


def test_a_catalogue_that_is_away_keeps_nothing(desk: Desk) -> None:
    desk.says(policy="held_seasons")
    with pytest.raises(Unreachable):
        desk.says(replace(TMDB, down=True), tmdb_id=2, policy="")
    assert [one.policy for one in desk.kept] == ["held_seasons"]


def test_the_listings_that_were_read_for_it_are_there_to_judge_by(desk: Desk) -> None:
    desk.says(tvdb_id=703, order="dvd")
    assert desk.parts.listings.load(Source.TVDB, 703) is not None
    assert desk.parts.listings.load(Source.TVDB, 703, "dvd") is not None


def test_an_order_of_thetvdb_is_read_beside_its_aired_one(desk: Desk) -> None:
    desk.says(order="dvd")
    assert desk.parts.listings.load(Source.TVDB, 701) is not None
    assert desk.parts.listings.load(Source.TVDB, 701, "dvd") is not None


@pytest.mark.parametrize(
    ("before", "named", "order"),
    [
        pytest.param({"order": "dvd"}, {"tvdb_id": 703}, "dvd", id="an order that the new show has too"),
        pytest.param({"order": "dvd"}, {"tvdb_id": 702}, "", id="an order that the new show has not"),
        pytest.param({"order": "dvd"}, {"tvdb_id": 701}, "dvd", id="the same show, named now"),
        pytest.param({"order": "dvd"}, {"tmdb_id": 2}, "dvd", id="TMDB does not know TheTVDB's orders"),
        pytest.param({"order": AIRED}, {"tvdb_id": 702}, AIRED, id="every show was aired"),
        pytest.param({"order": AIRED, "order_provider": Source.TVDB}, {"tmdb_id": 2}, "", id="aired at the other one"),
        pytest.param({"tvdb_id": 703, "order": "dvd"}, {"tvdb_id": 703}, "dvd", id="the same number again"),
    ],
)
def test_an_order_goes_with_the_show_it_was_meant_of_only_where_it_cannot_be_meant(
    desk: Desk, before: dict[str, object], named: dict[str, object], order: str
) -> None:
    desk.says(**before)
    desk.says(**named)
    (kept,) = desk.kept
    assert kept.order == order
    assert (kept.order_provider is None) == (order in ("", AIRED))


def test_an_episode_group_is_one_shows_alone(desk: Desk) -> None:
    grouped = replace(TMDB, orders_of={1: (KnownOrder("group:5f", "Story", "absolute"),)})
    desk.says(grouped, TVDB, order="group:5f")
    desk.says(grouped, TVDB, tmdb_id=1)
    assert [(one.tmdb_id, one.order) for one in desk.kept] == [(1, "group:5f")]
    desk.says(grouped, TVDB, tmdb_id=2)
    assert [(one.tmdb_id, one.order, one.order_provider) for one in desk.kept] == [(2, "", None)]


@pytest.mark.parametrize(
    ("before", "named", "kept"),
    [
        pytest.param({"tvdb_id": 702}, {"tmdb_id": 2}, (2, 702), id="TMDB says that they are one show"),
        pytest.param({"tvdb_id": 703}, {"tmdb_id": 2}, (2, None), id="TMDB says that they are two"),
        pytest.param({"tmdb_id": 2}, {"tvdb_id": 702}, (None, 702), id="nobody says that they are one"),
        pytest.param({"tmdb_id": 2, "tvdb_id": 703}, {"tmdb_id": 2}, (2, 703), id="named together, and one again"),
    ],
)
def test_a_number_at_the_other_catalogue_stays_where_it_is_the_same_show(
    desk: Desk, before: dict[str, object], named: dict[str, object], kept: tuple[int | None, int | None]
) -> None:
    desk.says(**before)
    desk.says(**named)
    assert [(one.tmdb_id, one.tvdb_id) for one in desk.kept] == [kept]


def test_all_of_it_is_cleared_and_put_back_as_it_was(desk: Desk) -> None:
    said = desk.says(tmdb_id=2, policy="latest_season")
    assert choices.clear(desk.parts, Show()) == said
    assert choices.clear(desk.parts, Show()) is None
    choices.put_back(desk.parts, Show(), said)
    assert list(desk.kept) == [said]
    choices.put_back(desk.parts, Show(), None)
    assert not desk.kept


def test_what_was_said_of_one_item_of_a_show_is_added_to_and_cleared_there(desk: Desk) -> None:
    item = TitleRef(frozenset(), frozenset(), "Northbound (tapes)", None, "tv")
    said = Override(item, NOW, tmdb_id=1)
    desk.parts.decisions.set_override(said)
    show = Show(chosen=said)
    added = choices.choose(desk.parts, (), show, Wish(policy="held_seasons"))
    assert list(desk.kept) == [added]
    assert added is not None
    assert (added.title, added.tmdb_id, added.policy) == (item, 1, "held_seasons")
    assert choices.clear(desk.parts, show) == added
    assert not desk.kept


# ---------------------------------------------------------------- ignores


def _known(number: int) -> IgnoredEpisode:
    return IgnoredEpisode(
        number, parse_guids([f"tmdb://{900 + number}"]), None, f"Title {number}", date(2020, 1, number)
    )


SHOW = Show(absent={EpisodeNumber(season, n): _known(n) for season in (1, 2) for n in (3, 4)})


def test_an_ignore_keeps_what_is_known_of_each_episode(desk: Desk) -> None:
    made = choices.ignore(desk.parts.decisions, SHOW, season=1, numbers=(4, 9), now=NOW)
    assert made.episodes == (_known(4), IgnoredEpisode(9))
    assert (made.provider, made.order) == (Source.TMDB, AIRED)


def test_an_ignored_season_keeps_the_episodes_that_are_absent_then(desk: Desk) -> None:
    made = choices.ignore(desk.parts.decisions, SHOW, season=2, now=NOW)
    assert (made.level, made.numbers, made.episodes) == (Level.SEASON, (), (_known(3), _known(4)))
    assert choices.ignore(desk.parts.decisions, SHOW, now=NOW).episodes == ()


def test_a_part_of_an_ignore_is_taken_back_without_the_show(desk: Desk) -> None:
    made = choices.ignore(desk.parts.decisions, SHOW, season=1, numbers=(3, 4, 9), now=NOW, reason="a recap")
    assert choices.unignore_some(desk.parts.decisions, made, (3, 9))
    (left,) = desk.parts.decisions.load().ignores
    assert left == replace(made, numbers=(4,), episodes=(_known(4),))


def test_a_part_of_an_older_ignore_cannot_be_told_from_the_rest(desk: Desk) -> None:
    both = parse_guids(["tmdb://903", "tmdb://904"])
    older = Ignore(
        "k", SHOW.ref, Level.EPISODE, NOW, 1, (3, 4), (IgnoredEpisode(3, both), IgnoredEpisode(4, both)), Source.TMDB
    )
    desk.parts.decisions.add_ignore(older)
    assert not choices.unignore_some(desk.parts.decisions, older, (3,))
    assert desk.parts.decisions.load().ignores == (older,)

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from plexgap.config import Settings
from plexgap.domain.catalogue import AIRED, Ask, Candidate, Hits, KnownOrder, Listing
from plexgap.domain.decisions import Override
from plexgap.domain.errors import NotListed, Unreachable
from plexgap.domain.ids import ExternalId, Source
from plexgap.gaps import match, rules
from plexgap.jobs.lookup import Asking, Listed, Lookup, NoTitle
from plexgap.jobs.parts import Parts
from plexgap.store.cache import Listings
from plexgap.store.decisions import DecisionStore
from plexgap.store.index import Index
from plexgap.store.watchlist import WatchlistStore
from tests.support import NOW, listing, show_item


@dataclass
class Shelf:
    """A catalogue in memory: shows by number, and what a search offers by the year asked for. Keeps its questions."""

    shows: dict[int, Listing] = field(default_factory=dict)
    hits: dict[int | None, Hits] = field(default_factory=dict)
    down: bool = False
    asked: list[str] = field(default_factory=list)
    provider: Source = Source.TMDB
    name: str = "TMDB"

    def put(self, *shows: tuple[int, str, int | None], year: int | None = None, more: bool = False) -> None:
        """Lists these shows, and offers them to a search for `year`."""
        self.shows |= {number: replace(listing("1x1", show_id=number), title=t, year=y) for number, t, y in shows}
        self.hits[year] = Hits(tuple(Candidate(Source.TMDB, *show) for show in shows), more)

    def show(self, show_id: int, ask: Ask = Ask.REVALIDATE, order: str = AIRED) -> Listing:
        self._ask(f"show {show_id}" if order == AIRED else f"show {show_id} {order}")
        if show_id not in self.shows:
            raise NotListed(self.name, f"show {show_id}")
        return self.shows[show_id]

    def orders(self, show_id: int, ask: Ask = Ask.REVALIDATE) -> tuple[KnownOrder, ...]:
        self._ask(f"orders of {show_id}")
        return ()

    def find(self, outside: ExternalId, ask: Ask = Ask.REVALIDATE) -> tuple[int, ...]:
        self._ask(f"find {outside}")
        return ()

    def search(self, title: str, year: int | None = None, ask: Ask = Ask.REVALIDATE) -> Hits:
        self._ask(f"search {title}" + (f" {year}" if year else ""))
        return self.hits.get(year, Hits(()))

    def changed(self, since: datetime, most_pages: int) -> frozenset[int] | None:
        self._ask(f"changed since {since}")
        return None

    def check(self) -> None:
        self._ask("check")

    def _ask(self, question: str) -> None:
        self.asked.append(question)
        if self.down:
            raise Unreachable(self.name, question)


@dataclass
class Desk:
    """Lookups over one folder and one clock, each of a run of its own."""

    parts: Parts
    shelf: Shelf
    now: datetime = NOW

    def of(
        self, title: match.Title, asking: Asking = Asking.AGAIN, override: Override | None = None
    ) -> Listed | NoTitle | None:
        return Lookup(self.parts, [self.shelf]).of(title, override, asking)

    def questions(self, title: match.Title, asking: Asking) -> list[str]:
        self.shelf.asked.clear()
        self.of(title, asking)
        return self.shelf.asked


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with closing(Index(tmp_path / "library.db")) as index:
        decisions = DecisionStore(tmp_path / "decisions.json", lambda: NOW)
        watchlist = WatchlistStore(tmp_path / "watchlist.json")
        parts = Parts(Settings(), index, Listings(tmp_path), decisions, watchlist, lambda: made.now)
        made = Desk(parts, Shelf())
        yield made


def title(
    *guids: str, name: str = "Kestrel House", year: int | None = 2019, guid: str = "plex://show/a"
) -> match.Title:
    return match.Title((show_item(guids=guids, title=name, year=year, guid=guid),))


def shown(found: Listed | NoTitle | None) -> tuple[int, str]:
    assert isinstance(found, Listed)
    return found.listing.show_id, found.by_title


def said(found: Listed | NoTitle | None) -> tuple[str, list[int]]:
    assert isinstance(found, NoTitle)
    return found.reason, [candidate.show_id for candidate in found.candidates]


def test_id_that_answers_is_not_searched_past(desk: Desk) -> None:
    desk.shelf.put((1, "Another Name", 1990))
    assert shown(desk.of(title("tmdb://1"))) == (1, "")
    assert desk.shelf.asked == ["show 1"]


@pytest.mark.parametrize(
    ("guids", "why"),
    [
        ((), "Plex knows no id for it"),
        (("tmdb://404",), "TMDB no longer lists the show of its id"),
        (("tvdb://81189",), "TMDB knows none of the ids that Plex gives for it"),
    ],
)
def test_title_is_searched_for_when_no_id_answers_and_says_why(guids: Iterable[str], why: str, desk: Desk) -> None:
    desk.shelf.put((9, "Kestrel House", 2020))
    assert shown(desk.of(title(*guids))) == (9, f"Found by its title and year. {why}.")
    assert said(desk.of(title(*guids, name="Inverlock"))) == (f"{why}, and TMDB knows no series of its name.", [])


@pytest.mark.parametrize("guids", [("tmdb://5",), ("tvdb://81189",), ()])
def test_failed_lookup_is_never_followed_by_a_search(guids: tuple[str, ...], desk: Desk) -> None:
    desk.shelf.down = True
    with pytest.raises(Unreachable):
        desk.of(title(*guids))
    assert len(desk.shelf.asked) == 1


def test_person_says_which_of_two_it_is(desk: Desk) -> None:
    desk.shelf.put((8, "Northbound", 2014), (7, "Northbound", 1999))
    northbound = title(name="Northbound", year=None)
    assert said(desk.of(northbound)) == ("Plex knows no id for it, and two series fit its name.", [7, 8])
    override = Override(rules.title_ref(northbound.items), NOW, 8)
    assert shown(desk.of(northbound, override=override)) == (8, "")


def test_near_misses_are_offered(desk: Desk) -> None:
    desk.shelf.put((8, "Kestrel House", 1999))
    assert said(desk.of(title())) == ("Plex knows no id for it, and no series fits its name and year.", [8])
    desk.shelf.put((8, "Kestrel House", 1999), more=True)
    assert said(desk.of(title(year=None))) == (
        "Plex knows no id for it, and without a year it can't be told from others of such a name.",
        [8],
    )


def test_name_of_what_plex_never_matched_is_not_searched_for_without_a_year(desk: Desk) -> None:
    desk.shelf.put((8, "Summer", 1999))
    assert said(desk.of(title(name="Summer", year=None, guid="local://9"))) == (
        "Plex knows no id for it, and its name alone says too little.",
        [],
    )
    assert desk.shelf.asked == []
    assert shown(desk.of(title(name="Summer (1999)", year=None, guid="local://9")))[0] == 8
    assert desk.shelf.asked == ["search Summer", "show 8"]


def test_years_are_asked_for_only_where_the_first_page_is_not_all_and_has_none(desk: Desk) -> None:
    desk.shelf.put((8, "Kestrel House", 1999))
    desk.of(title())
    assert desk.shelf.asked == ["search Kestrel House"]
    desk.shelf.put((8, "Kestrel House", 1999), more=True)
    desk.shelf.put((9, "Kestrel House", 2018), year=2018)
    assert desk.questions(title(), Asking.AGAIN) == [
        *("search Kestrel House", "search Kestrel House 2019", "search Kestrel House 2018"),
        *("search Kestrel House 2020", "show 9"),
    ]
    desk.shelf.put((7, "Kestrel House", 2019), year=2019)
    assert desk.questions(title(), Asking.AGAIN) == ["search Kestrel House", "search Kestrel House 2019", "show 7"]
    desk.shelf.put((6, "Kestrel House", 2020), more=True)
    assert desk.questions(title(), Asking.AGAIN) == ["search Kestrel House", "show 6"]


def test_one_search_a_run_serves_all_titles_of_a_name(desk: Desk) -> None:
    desk.shelf.put((8, "Kestrel House", 2019))
    lookup = Lookup(desk.parts, [desk.shelf])
    for _ in range(2):
        lookup.of(title(), None, Asking.AGAIN)
    assert desk.shelf.asked == ["search Kestrel House", "show 8"]


def test_what_a_search_found_holds_for_thirty_days_and_for_one_where_it_found_nothing(desk: Desk) -> None:
    desk.shelf.put((8, "Kestrel House", 2019))
    gone = title("tmdb://404")
    desk.of(gone)
    assert desk.questions(gone, Asking.EXPIRED) == []
    assert desk.questions(title(name="Inverlock"), Asking.EXPIRED) == ["search Inverlock"]
    assert desk.questions(title(name="Inverlock"), Asking.EXPIRED) == []
    desk.now += timedelta(hours=24)
    assert desk.questions(title(name="Inverlock"), Asking.EXPIRED) == ["search Inverlock"]
    desk.now += timedelta(days=31)
    assert desk.questions(gone, Asking.EXPIRED) == ["show 404", "search Kestrel House", "show 8"]
    assert desk.questions(gone, Asking.ANEW) == ["show 404", "search Kestrel House", "show 8"]


def test_show_that_came_back_is_asked_for_where_nothing_else_answers(desk: Desk) -> None:
    gone = title("tmdb://404")
    assert said(desk.of(gone))[1] == []
    desk.shelf.shows[404] = listing("1x1", show_id=404, fetched_at=NOW + timedelta(hours=24))
    desk.now += timedelta(hours=24)
    assert shown(desk.of(gone, Asking.EXPIRED)) == (404, "")
    assert desk.questions(gone, Asking.EXPIRED) == []


def test_own_files_alone_say_the_same_again_or_nothing(desk: Desk) -> None:
    desk.shelf.put((8, "Kestrel House", 2019))
    titles = [title("tmdb://404"), title(name="Inverlock")]
    assert [desk.of(each, Asking.NOTHING) for each in titles] == [None, None]
    found = [desk.of(each) for each in titles]
    desk.shelf.asked.clear()
    again = [desk.of(each, Asking.NOTHING) for each in titles]
    assert [shown(again[0]), said(again[1])] == [shown(found[0]), said(found[1])]
    assert desk.shelf.asked == []


def test_show_that_a_search_offers_and_nobody_lists_needs_the_person(desk: Desk) -> None:
    desk.shelf.put((8, "Kestrel House", 2019))
    desk.shelf.shows.clear()
    assert said(desk.of(title()))[0] == "Plex knows no id for it, and TMDB no longer lists the series of its name."

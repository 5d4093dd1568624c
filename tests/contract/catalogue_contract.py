"""What every catalogue must do, whatever API it speaks: a catalogue's test inherits this and says how it is served."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from plexgap.domain.catalogue import (
    AIRED,
    DVD,
    GROUP,
    Ask,
    Candidate,
    Catalogue,
    Hits,
    KnownOrder,
    ListedEpisode,
    Listing,
)
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.errors import BadAnswer, Busy, Cancelled, NotListed, PlexgapError, Rejected, Unreachable
from plexgap.domain.ids import ExternalId, Source
from tests.scripted import Answer, Asked, FakeTime, ScriptedServer

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
SHOW_ID = 1396
IMDB_ID = ExternalId(Source.IMDB, "tt0903747")

FAILURES = [
    pytest.param(Answer(status=500, json={}), Unreachable, id="fault of the server"),
    pytest.param(Answer(status=502, body=b"<html>", kind="text/html"), Unreachable, id="gateway"),
    pytest.param(Answer(drop=True), Unreachable, id="broken connection"),
    pytest.param(Answer(status=429, json={}, headers={"Retry-After": "600"}), Busy, id="too many requests"),
    pytest.param(Answer(body=b"<html>", kind="text/html"), BadAnswer, id="page for people"),
    pytest.param(Answer(json={"something": "else", "for": "long"}, cut=True), BadAnswer, id="cut off"),
    pytest.param(Answer(json={"something": "else"}), BadAnswer, id="unknown form"),
    pytest.param(Answer(status=404, body=b"<html>", kind="text/html"), BadAnswer, id="404 of something in between"),
    pytest.param(Answer(status=301, headers={"Location": "/elsewhere"}), BadAnswer, id="redirect"),
]

# An order beside the aired one, as each catalogue calls one.
OTHER_ORDER = {Source.TMDB: f"{GROUP}5acf93e60e0a26346d0000ce", Source.TVDB: DVD}

Question = Callable[[Catalogue], object]
QUESTIONS = [
    pytest.param(lambda catalogue: catalogue.show(SHOW_ID), id="show"),
    pytest.param(lambda catalogue: catalogue.show(SHOW_ID, order=OTHER_ORDER[catalogue.provider]), id="another order"),
    pytest.param(lambda catalogue: catalogue.orders(SHOW_ID), id="orders"),
    pytest.param(lambda catalogue: catalogue.find(IMDB_ID), id="find"),
    pytest.param(lambda catalogue: catalogue.search("Kestrel House"), id="search"),
    pytest.param(lambda catalogue: catalogue.search("Kestrel House", 2019), id="search in a year"),
    pytest.param(lambda catalogue: catalogue.changed(NOW - timedelta(days=1), 9), id="changed"),
    pytest.param(lambda catalogue: catalogue.check(), id="check"),
]


class CatalogueContract(ABC):
    """Inherited by a class `Test...`; the abstract methods say how this catalogue is made and served."""

    @abstractmethod
    def make(self, server: ScriptedServer, time: FakeTime, cache_path: Path | None) -> Catalogue:
        """The catalogue on that server, at NOW, signed in where it has to be. Whoever makes it closes it."""

    @abstractmethod
    def serve(self, server: ScriptedServer, listing: Listing) -> None:
        """From here on the server lists this show, with ETags."""

    @abstractmethod
    def serve_orders(self, server: ScriptedServer, listings: tuple[Listing, ...]) -> None:
        """From here on the server has one show in these orders beside the aired one, told in an order of its own."""

    @abstractmethod
    def serve_found(self, server: ScriptedServer, outside: ExternalId, show_ids: tuple[int, ...]) -> None:
        """From here on the server says that these shows, and other things with equal numbers, have that id."""

    @abstractmethod
    def serve_hits(self, server: ScriptedServer, hits: Hits) -> None:
        """From here on the server answers every search with these, whatever is sought."""

    @abstractmethod
    def serve_changes(self, server: ScriptedServer, pages: Sequence[Sequence[int]], told: int) -> None:
        """From here on the server gives these pages of changed shows, and says that there are `told` pages."""

    @abstractmethod
    def sought(self, asked: Asked) -> tuple[str, str | None]:
        """The title and the year that a request asked for."""

    @abstractmethod
    def refusal(self) -> Answer:
        """How it refuses a key."""

    @abstractmethod
    def listing(self) -> Listing:
        """A show with everything odd that this catalogue can list, as it must come out."""

    @abstractmethod
    def known_orders(self) -> tuple[KnownOrder, ...]:
        """Orders that this catalogue may have of a show, as they must come out."""

    @pytest.fixture
    def server(self) -> Iterator[ScriptedServer]:
        with ScriptedServer() as server:
            yield server

    @pytest.fixture
    def time(self) -> FakeTime:
        return FakeTime()

    @pytest.fixture
    def catalogue(self, server: ScriptedServer, time: FakeTime, tmp_path: Path) -> Catalogue:
        return self.make(server, time, tmp_path / "http.sqlite")

    def test_show_comes_out_whole_and_in_number_order(self, server: ScriptedServer, catalogue: Catalogue) -> None:
        expected = self.listing()
        self.serve(server, expected)
        listing = catalogue.show(expected.show_id)
        assert listing == expected
        assert [episode.number for episode in listing.episodes] == sorted(e.number for e in expected.episodes)
        assert ExternalId(catalogue.provider, str(expected.show_id)) in listing.ids
        assert listing.fetched_at == NOW

    def test_show_that_is_gone_is_not_listed(self, server: ScriptedServer, catalogue: Catalogue) -> None:
        self.serve(server, self.listing())
        with pytest.raises(NotListed) as caught:
            catalogue.show(404)
        assert caught.value.source == catalogue.name
        assert "404" in caught.value.what

    def test_orders_come_most_worth_trying_first(self, server: ScriptedServer, catalogue: Catalogue) -> None:
        expected = self.known_orders()
        self.serve_orders(server, tuple(another_order(catalogue.provider, each.order) for each in expected))
        assert catalogue.orders(SHOW_ID) == expected
        assert AIRED not in {each.order for each in expected}

    def test_show_that_is_gone_has_no_orders(self, server: ScriptedServer, catalogue: Catalogue) -> None:
        self.serve(server, self.listing())
        assert catalogue.orders(404) == ()

    def test_show_in_another_order_has_each_episode_under_its_number_there(
        self, server: ScriptedServer, catalogue: Catalogue
    ) -> None:
        for known in self.known_orders():
            expected = another_order(catalogue.provider, known.order)
            self.serve_orders(server, (expected,))
            before = len(server.asked)
            listing = catalogue.show(SHOW_ID, order=known.order)
            assert len(server.asked) == before + 1, "what is known of the show is not asked for again"
            assert (listing.provider, listing.show_id, listing.order) == (catalogue.provider, SHOW_ID, known.order)
            assert listing.episodes == expected.episodes
            assert listing.fetched_at == NOW
            assert ExternalId(catalogue.provider, str(SHOW_ID)) in listing.ids

    @pytest.mark.parametrize("order", ["other", "Aired", "", "dvd", "group:", "group:0123456789abcdef01234567"])
    def test_order_that_a_show_has_not_is_not_listed(
        self, order: str, server: ScriptedServer, catalogue: Catalogue
    ) -> None:
        self.serve(server, self.listing())
        with pytest.raises(NotListed) as caught:
            catalogue.show(SHOW_ID, order=order)
        assert str(SHOW_ID) in caught.value.what
        assert order in caught.value.what

    @pytest.mark.parametrize("show_ids", [(), (SHOW_ID,), (7, SHOW_ID)])
    def test_outside_id_leads_to_shows_alone(
        self, show_ids: tuple[int, ...], server: ScriptedServer, catalogue: Catalogue
    ) -> None:
        self.serve_found(server, IMDB_ID, show_ids)
        assert catalogue.find(IMDB_ID) == show_ids

    def test_own_id_is_itself(self, server: ScriptedServer, catalogue: Catalogue) -> None:
        assert catalogue.find(ExternalId(catalogue.provider, "81189")) == (81189,)
        assert server.asked == []

    @pytest.mark.parametrize("more", [False, True])
    def test_search_offers_shows_in_the_catalogues_order(
        self, more: bool, server: ScriptedServer, catalogue: Catalogue
    ) -> None:
        candidates = (
            Candidate(catalogue.provider, 9, "L'Été “<b>& 🛶", 2008),
            Candidate(catalogue.provider, 7, "L'Été", None),
        )
        self.serve_hits(server, Hits(candidates, more))
        found = catalogue.search("L'Été & “b”")
        assert [(each.provider, each.show_id, each.title, each.year) for each in found.candidates] == [
            (catalogue.provider, 9, "L'Été “<b>& 🛶", 2008),
            (catalogue.provider, 7, "L'Été", None),
        ]
        assert found.more is more
        assert [self.sought(asked) for asked in server.asked] == [("L'Été & “b”", None)]

    def test_search_that_finds_nothing_is_an_answer(self, server: ScriptedServer, catalogue: Catalogue) -> None:
        self.serve_hits(server, Hits(()))
        assert catalogue.search("Kestrel House", 2019) == Hits(())
        assert [self.sought(asked) for asked in server.asked] == [("Kestrel House", "2019")]

    @pytest.mark.parametrize("many", [0, 1, 3])
    def test_changes_are_those_of_every_page(self, many: int, server: ScriptedServer, catalogue: Catalogue) -> None:
        pages = [range(page * 500, page * 500 + 40) for page in range(1, many + 1)]
        self.serve_changes(server, pages, many)
        assert catalogue.changed(NOW - timedelta(days=2), 3) == frozenset(number for page in pages for number in page)
        assert len(server.asked) == max(1, many)

    @pytest.mark.parametrize(("given", "told"), [(1, 4), (2, 3)], ids=["too long", "cut"])
    def test_changes_that_are_not_whole_say_nothing(
        self, given: int, told: int, server: ScriptedServer, catalogue: Catalogue
    ) -> None:
        self.serve_changes(server, [[7], [8]][:given], told)
        assert catalogue.changed(NOW - timedelta(days=2), 3) is None

    @pytest.mark.parametrize("days", [15, 400])
    def test_changes_of_long_ago_are_not_asked_for(
        self, days: int, server: ScriptedServer, catalogue: Catalogue
    ) -> None:
        self.serve_changes(server, [[7]], 1)
        assert catalogue.changed(NOW - timedelta(days=days), 100) is None
        assert server.asked == []

    def test_good_key_passes_the_check(self, server: ScriptedServer, catalogue: Catalogue) -> None:
        self.serve(server, self.listing())
        catalogue.check()

    @pytest.mark.parametrize("question", QUESTIONS)
    def test_refused_key_is_said_at_once(
        self, question: Question, server: ScriptedServer, catalogue: Catalogue
    ) -> None:
        server.otherwise = self.refusal()
        with pytest.raises(Rejected) as caught:
            question(catalogue)
        assert caught.value.advice.startswith(f"{catalogue.name} refused this key.")
        assert len(server.paths) == len(set(server.paths)), "nothing is asked twice"

    @pytest.mark.parametrize(("failure", "error"), FAILURES)
    @pytest.mark.parametrize("question", QUESTIONS)
    def test_failure_is_never_an_answer(
        self,
        question: Question,
        failure: Answer,
        error: type[PlexgapError],
        server: ScriptedServer,
        catalogue: Catalogue,
    ) -> None:
        server.otherwise = failure
        with pytest.raises(error) as caught:
            question(catalogue)
        assert caught.value.advice.startswith(catalogue.name)
        assert caught.value.advice.endswith(".")

    @pytest.mark.parametrize("question", QUESTIONS)
    def test_stopped_check_asks_nothing(
        self, question: Question, server: ScriptedServer, catalogue: Catalogue, time: FakeTime
    ) -> None:
        time.stop.set()
        with pytest.raises(Cancelled):
            question(catalogue)
        assert server.asked == []

    def test_show_asked_again_travels_with_validators_unless_fresh(
        self, server: ScriptedServer, catalogue: Catalogue
    ) -> None:
        expected = self.listing()
        self.serve(server, expected)
        validated = []
        for ask in (Ask.REVALIDATE, Ask.REVALIDATE, Ask.FRESH):
            before = len(server.asked)
            assert catalogue.show(expected.show_id, ask) == expected
            about = [asked for asked in server.asked[before:] if str(expected.show_id) in asked.path]
            validated.append({"if-none-match" in asked.headers for asked in about})
        assert validated == [{False}, {True}, {False}]


def another_order(provider: Source, order: str) -> Listing:
    """Two of its seasons and a special, numbered in another way than they aired."""
    return Listing(
        provider=provider,
        show_id=SHOW_ID,
        order=order,
        title="L'Été “<b>& 🛶",
        year=2008,
        status="Ended",
        ids=frozenset({ExternalId(provider, str(SHOW_ID))}),
        episodes=(
            ListedEpisode(EpisodeNumber(0, 1), "Behind it", None, None, 900),
            ListedEpisode(EpisodeNumber(1, 1), 'Fin "de" série', date(2008, 1, 20), 58, 902),
            ListedEpisode(EpisodeNumber(1, 2), "Prologue", date(2008, 1, 19), 12, 901),
            ListedEpisode(EpisodeNumber(2, 1), "Return", date(2026, 12, 24), 45, 904),
        ),
        fetched_at=NOW,
    )


def odd_listing(provider: Source) -> Listing:
    """Specials, an episode 0, a year for a season, a number of three digits, no date, no title, no length."""
    return Listing(
        provider=provider,
        show_id=SHOW_ID,
        order="aired",
        title="L'Été “<b>& 🛶",
        year=2008,
        status="Ended",
        ids=frozenset({ExternalId(provider, str(SHOW_ID)), IMDB_ID}),
        episodes=(
            ListedEpisode(EpisodeNumber(0, 1), "Behind it", None, None, 900),
            ListedEpisode(EpisodeNumber(1, 0), "Prologue", date(2008, 1, 19), 12, 901),
            ListedEpisode(EpisodeNumber(1, 1), 'Fin "de" série', date(2008, 1, 20), 58, 902),
            ListedEpisode(EpisodeNumber(3, 110), "", None, 45, 903),
            ListedEpisode(EpisodeNumber(2024, 1), "Return", date(2026, 12, 24), 45, 904),
        ),
        fetched_at=NOW,
        next_air_date=date(2026, 12, 24),
    )

"""Every catalogue against the contract."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import groupby
from pathlib import Path

import pytest

from plexgap.domain.catalogue import ABSOLUTE, ALTERNATE, DVD, REGIONAL, Catalogue, Hits, KnownOrder, Listing
from plexgap.domain.ids import ExternalId, Source
from plexgap.sources.http import Transport
from plexgap.sources.tmdb import Tmdb, tmdb_transport
from plexgap.sources.tvdb import Tvdb, tvdb_transport
from plexgap.sources.tvdb_login import Login
from tests import tmdb_forms, tvdb_forms
from tests.contract.catalogue_contract import NOW, SHOW_ID, CatalogueContract, odd_listing
from tests.scripted import Answer, Asked, FakeTime, MemoryKeeper, ScriptedServer
from tests.tmdb_forms import appended, show_form

FIRST = "external_ids," + ",".join(f"season/{number}" for number in range(19))


class Closing(CatalogueContract):
    """Closes what was made."""

    @pytest.fixture(autouse=True)
    def _closed(self) -> Iterator[None]:
        self.made: list[Transport] = []
        yield
        for transport in self.made:
            transport.close()


class TestTmdb(Closing):
    def make(self, server: ScriptedServer, time: FakeTime, cache_path: Path | None) -> Catalogue:
        transport = tmdb_transport(
            "0123456789abcdef0123456789abcdef",
            f"{server.url}/3",
            cache_path=cache_path,
            requests_per_second=0,
            workers=2,
            stop=time.stop,
            now=lambda: NOW,
            clock=time.clock,
            wait=time.wait,
        )
        self.made.append(transport)
        return Tmdb(transport, lambda: NOW)

    def serve(self, server: ScriptedServer, listing: Listing) -> None:
        late = ",".join(f"season/{e.number.season}" for e in listing.episodes if e.number.season > 18)
        first = Answer(json=appended(listing, FIRST), etag='W/"first"')
        second = Answer(json=show_form(listing) | appended(listing, late), etag='W/"second"')
        server.on(f"/3/tv/{listing.show_id}", *[first, second] * 10)
        server.on("/3/authentication", Answer(json={"success": True, "status_code": 1}))

    def serve_orders(self, server: ScriptedServer, listings: tuple[Listing, ...]) -> None:
        known = {each.order: each for each in self.known_orders()}
        rows = []
        for listing in reversed(listings):
            order, group_id = known[listing.order], listing.order.removeprefix("group:")
            kind = {"absolute": 2, "dvd": 3, "production": 6, "digital": 4, "tv": 7, "aired": 1}[order.kind]
            rows.append(tmdb_forms.group_row(group_id, order.name, kind))
            parts = groupby(listing.episodes, key=lambda episode: episode.number.season)
            form = tmdb_forms.group_form(group_id, listing.show_id, [(part, list(each)) for part, each in parts], kind)
            server.on(f"/3/tv/episode_group/{group_id}", Answer(json=form))
        server.on(f"/3/tv/{SHOW_ID}/episode_groups", Answer(json={"id": SHOW_ID, "results": rows}))

    def serve_found(self, server: ScriptedServer, outside: ExternalId, show_ids: tuple[int, ...]) -> None:
        found = {
            "movie_results": [{"id": 99, "title": "A film"}],
            "person_results": [],
            "tv_results": [{"id": show_id, "name": "A show", "media_type": "tv"} for show_id in show_ids],
            "tv_season_results": [{"id": 98}],
            "tv_episode_results": [{"id": 97, "show_id": 96}],
        }
        server.on(f"/3/find/{outside.value}", Answer(json=found))

    def serve_hits(self, server: ScriptedServer, hits: Hits) -> None:
        server.on("/3/search/tv", Answer(json=tmdb_forms.search_form(hits)))

    def serve_changes(self, server: ScriptedServer, pages: Sequence[Sequence[int]], told: int) -> None:
        forms = [tmdb_forms.changes_form(page, number, told) for number, page in enumerate(pages or [()], 1)]
        forms += [tmdb_forms.changes_form((), number, told) for number in range(len(forms) + 1, told + 1)]
        server.on("/3/tv/changes", *(Answer(json=form) for form in forms))

    def sought(self, asked: Asked) -> tuple[str, str | None]:
        return asked.query["query"], asked.query.get("first_air_date_year")

    def refusal(self) -> Answer:
        return Answer(status=401, json=tmdb_forms.REFUSED)

    def listing(self) -> Listing:
        listing = odd_listing(Source.TMDB)
        return replace(listing, ids=listing.ids | {ExternalId(Source.TVDB, "81189")})

    def known_orders(self) -> tuple[KnownOrder, ...]:
        return tuple(
            KnownOrder(f"group:{number:024x}", f"Order {number}", kind)
            for number, kind in enumerate(("absolute", "dvd", "production", "digital", "tv", "aired"), start=1)
        )


class TestTvdb(Closing):
    def make(self, server: ScriptedServer, time: FakeTime, cache_path: Path | None) -> Catalogue:
        server.otherwise = Answer(status=404, json=tvdb_forms.FAILED)
        address = f"{server.url}/v4"
        transport = tvdb_transport(
            address,
            cache_path=cache_path,
            requests_per_second=0,
            workers=2,
            stop=time.stop,
            now=lambda: NOW,
            clock=time.clock,
            wait=time.wait,
        )
        self.made.append(transport)
        # What an earlier run signed in with: every question is about itself then, not about the sign-in before it.
        kept = MemoryKeeper()
        self.allow(server)
        Login(transport, tvdb_forms.KEY, "", address, kept, lambda: NOW).sign_in()
        server.on("/v4/login")
        server.asked.clear()
        return Tvdb(Login(transport, tvdb_forms.KEY, "", address, kept, lambda: NOW), lambda: NOW)

    def allow(self, server: ScriptedServer) -> None:
        token = tvdb_forms.token(NOW + timedelta(days=30))
        server.on("/v4/login", Answer(json=tvdb_forms.login_form(token)))

    def serve(self, server: ScriptedServer, listing: Listing) -> None:
        path = f"/v4/series/{listing.show_id}"
        page = tvdb_forms.page_form(listing, [*map(tvdb_forms.episode_form, listing.episodes)])
        server.on(f"{path}/extended", Answer(json=tvdb_forms.series_form(listing), etag='W/"series"'))
        server.on(f"{path}/episodes/official", Answer(json=page, etag='W/"episodes"'))
        self.allow(server)

    def serve_orders(self, server: ScriptedServer, listings: tuple[Listing, ...]) -> None:
        known = {each.order: each for each in self.known_orders()}
        for listing in listings:
            page = tvdb_forms.page_form(listing, [*map(tvdb_forms.episode_form, reversed(listing.episodes))])
            server.on(f"/v4/series/{SHOW_ID}/episodes/{listing.order}", Answer(json=page))
        has = replace(listings[0], orders=tuple(known[each.order] for each in reversed(listings)))
        server.on(f"/v4/series/{SHOW_ID}/extended", Answer(json=tvdb_forms.series_form(has)))

    def serve_found(self, server: ScriptedServer, outside: ExternalId, show_ids: tuple[int, ...]) -> None:
        server.on(f"/v4/search/remoteid/{outside.value}", Answer(json=tvdb_forms.found_form(show_ids)))
        for show_id in show_ids:
            listing = replace(self.listing(), show_id=show_id, ids=frozenset({outside}))
            server.on(f"/v4/series/{show_id}/extended", Answer(json=tvdb_forms.series_form(listing)))

    def serve_hits(self, server: ScriptedServer, hits: Hits) -> None:
        server.on("/v4/search", Answer(json=tvdb_forms.search_form(hits)))

    def serve_changes(self, server: ScriptedServer, pages: Sequence[Sequence[int]], told: int) -> None:
        rows = [[tvdb_forms.update_form(number) for number in page] for page in (*pages, ())]
        forms = [tvdb_forms.updates_form(each, number, told) for number, each in enumerate(rows)]
        server.on("/v4/updates", *(Answer(json=form) for form in forms))

    def sought(self, asked: Asked) -> tuple[str, str | None]:
        return asked.query["query"], asked.query.get("year")

    def refusal(self) -> Answer:
        return Answer(status=401, json=tvdb_forms.REFUSED)

    def listing(self) -> Listing:
        listing = odd_listing(Source.TVDB)
        ids = listing.ids | {ExternalId(Source.TMDB, "62001")}
        return replace(listing, ids=ids, orders=self.known_orders()[1:3])

    def known_orders(self) -> tuple[KnownOrder, ...]:
        return (
            KnownOrder(DVD, "DVD Order", "dvd"),
            KnownOrder(ABSOLUTE, "Absolute Order", "absolute"),
            KnownOrder(ALTERNATE, "Streaming Order", "alternate"),
            KnownOrder(REGIONAL, "Regional Order", "regional"),
        )

"""Every catalogue against the contract. TVDB joins here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from plexgap.domain.catalogue import Catalogue, Hits, Listing
from plexgap.domain.ids import ExternalId, Source
from plexgap.sources.http import Transport
from plexgap.sources.tmdb import Tmdb, tmdb_transport
from tests.contract.catalogue_contract import NOW, CatalogueContract, odd_listing
from tests.scripted import Answer, Asked, FakeTime, ScriptedServer
from tests.tmdb_forms import REFUSED, appended, search_form, show_form

FIRST = "external_ids," + ",".join(f"season/{number}" for number in range(19))


class TestTmdb(CatalogueContract):
    @pytest.fixture(autouse=True)
    def _closed(self) -> Iterator[None]:
        self.made: list[Transport] = []
        yield
        for transport in self.made:
            transport.close()

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
        server.on("/3/search/tv", Answer(json=search_form(hits)))

    def sought(self, asked: Asked) -> tuple[str, str | None]:
        return asked.query["query"], asked.query.get("first_air_date_year")

    def refusal(self) -> Answer:
        return Answer(status=401, json=REFUSED)

    def listing(self) -> Listing:
        listing = odd_listing(Source.TMDB)
        return replace(listing, ids=listing.ids | {ExternalId(Source.TVDB, "81189")})

"""A library that is left, because another one is opened or its settings changed: nothing of it goes on."""

from __future__ import annotations

import time

import pytest

from plexgap.demo.servers import DemoServers
from plexgap.jobs.thumbs import Shelf, Wanted
from plexgap.ui.resources import PLACES, report
from tests.pages.conftest import Open

WITHIN_S = 30.0


@pytest.mark.usefixtures("checked")
@pytest.mark.parametrize("service", ["plex", "tmdb"])
def test_a_picture_is_waited_for_no_longer(service: str, open_app: Open, demo: DemoServers) -> None:
    """Its server wants a minute between two tries."""
    open_app()
    place = PLACES.present()
    key = report(place).shows[0].poster_key
    wanted = {
        "plex": Wanted(key, "One", f"/library/metadata/{key}/thumb/7"),
        "tmdb": Wanted("603", "One", "/one.jpg", Shelf.LISTED),
    }[service]
    met = demo.knobs[service].add("status", r"/photo/|/t/p/", status=503, retry_after="60")
    asked = place.thumbs.poster(wanted)
    until = time.monotonic() + WITHIN_S
    while met.count and time.monotonic() < until:
        time.sleep(0.01)
    assert not met.count
    PLACES.reopen()
    assert asked.result(WITHIN_S).drawn

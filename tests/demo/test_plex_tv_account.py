"""The invented plex.tv's account against what is written of the real one, and through our own way of signing in."""

from __future__ import annotations

import threading
import xml.etree.ElementTree as ET
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from plexgap.demo.servers import DemoServers
from plexgap.demo.world import make_world
from plexgap.domain.account import Pin
from plexgap.domain.errors import Rejected
from plexgap.jobs.sign_in import connect
from plexgap.sources.plex_identity import machine_id
from plexgap.sources.plex_tv_account import PlexAccount, account_transport, sign_in_page

HEADERS = {"X-Plex-Client-Identifier": "a test", "X-Plex-Product": "plexgap", "Accept": "application/json"}


def new_pin(demo: DemoServers, session: requests.Session, *, strong: bool = True) -> dict[str, Any]:
    path = "/api/v2/pins?strong=true" if strong else "/api/v2/pins"
    answer = session.post(demo.urls["plex_tv"] + path, headers=HEADERS, timeout=5)
    assert answer.status_code == 201
    found: dict[str, Any] = answer.json()
    return found


def ask(demo: DemoServers, session: requests.Session, path: str, **headers: str) -> requests.Response:
    return session.get(f"{demo.urls['plex_tv']}/api/v2{path}", headers=HEADERS | headers, timeout=5)


def confirm(demo: DemoServers, session: requests.Session, page: str, **form: str) -> requests.Response:
    return session.post(demo.urls["plex_tv"] + page, data=form, timeout=5)


def test_a_pin_has_the_fields_that_were_recorded(demo: DemoServers, session: requests.Session) -> None:
    strong, short = new_pin(demo, session), new_pin(demo, session, strong=False)
    for pin in (strong, short):
        assert pin["authToken"] is None
        assert pin["clientIdentifier"] == "a test"
        assert {"id", "code", "product", "trusted", "location", "expiresIn", "createdAt", "expiresAt"} <= set(pin)
    assert (len(strong["code"]), strong["expiresIn"]) == (25, 1800)
    assert (len(short["code"]), short["expiresIn"]) == (4, 900)
    assert strong["id"] != short["id"]


def test_a_strong_pin_is_confirmed_on_its_page_by_the_client_that_made_it(
    demo: DemoServers, session: requests.Session
) -> None:
    pin = new_pin(demo, session)
    assert "<form" in session.get(f"{demo.urls['plex_tv']}/auth", timeout=5).text
    assert confirm(demo, session, "/auth", code=pin["code"], clientID="another").status_code == 404
    assert ask(demo, session, f"/pins/{pin['id']}").json()["authToken"] is None
    assert "Signed in as mara" in confirm(demo, session, "/auth", code=pin["code"], clientID="a test").text
    assert ask(demo, session, f"/pins/{pin['id']}").json()["authToken"] == demo.world.plex_token
    other = ask(demo, session, f"/pins/{pin['id']}", **{"X-Plex-Client-Identifier": "another"})
    assert other.status_code == 404


def test_a_short_pin_is_typed_in_any_case(demo: DemoServers, session: requests.Session) -> None:
    pin = new_pin(demo, session, strong=False)
    assert confirm(demo, session, "/link", code=pin["code"].lower()).status_code == 200
    assert ask(demo, session, f"/pins/{pin['id']}").json()["authToken"] == demo.world.plex_token


def test_a_refused_pin_is_gone(demo: DemoServers, session: requests.Session) -> None:
    pin = new_pin(demo, session)
    confirm(demo, session, "/auth", code=pin["code"], clientID="a test", refuse="1")
    assert ask(demo, session, f"/pins/{pin['id']}").status_code == 404


def test_a_pin_is_gone_when_its_time_is_over(session: requests.Session) -> None:
    moment = [datetime(2026, 3, 14, tzinfo=UTC)]
    with DemoServers(make_world(seed=7, now=lambda: moment[0], films=40)) as demo:
        pin = new_pin(demo, session)
        moment[0] += timedelta(seconds=1800)
        assert ask(demo, session, f"/pins/{pin['id']}").status_code == 404
        assert confirm(demo, session, "/auth", code=pin["code"], clientID="a test").status_code == 404


def test_without_a_client_name_or_a_token_nothing_is_said(demo: DemoServers, session: requests.Session) -> None:
    bare = session.post(f"{demo.urls['plex_tv']}/api/v2/pins", timeout=5)
    assert bare.status_code == 422
    for path in ("/user", "/resources"):
        for token in ("", "wrong"):
            answer = ask(demo, session, path, **{"X-Plex-Token": token})
            assert (answer.status_code, answer.json()["errors"][0]["code"]) == (401, 1001)
    assert ask(demo, session, "/nowhere").status_code == 404


def test_resources_are_servers_with_dead_and_living_addresses_and_a_player(
    demo: DemoServers, session: requests.Session
) -> None:
    found = ask(demo, session, "/resources?includeHttps=1", **{"X-Plex-Token": demo.world.plex_token}).json()
    own, friends, player = found
    assert own["clientIdentifier"] == demo.world.machine_id
    assert own["accessToken"] == demo.world.plex_token
    assert [(each["local"], each["relay"]) for each in own["connections"]] == [
        (True, False),
        (False, False),
        (False, True),
    ]
    assert (friends["owned"], friends["sourceTitle"], friends["httpsRequired"]) == (False, "ola", True)
    assert "server" not in player["provides"].split(",")


@pytest.mark.parametrize("path", ["/user", "/resources"])
def test_xml_is_what_comes_unless_json_is_asked_for(path: str, demo: DemoServers, session: requests.Session) -> None:
    answer = ask(demo, session, path, Accept="*/*", **{"X-Plex-Token": demo.world.plex_token})
    assert ET.fromstring(answer.content).tag in ("user", "resources")


def test_our_own_sign_in_finds_the_invented_server_where_it_answers(
    demo: DemoServers, session: requests.Session
) -> None:
    with closing(account_transport(demo.urls["plex_tv"], client_id="ours", stop=threading.Event())) as transport:
        plex_tv = PlexAccount(transport, "ours")
        pin = plex_tv.pin(strong=True)
        assert plex_tv.token(pin) == ""
        told = parse_qs(urlsplit(sign_in_page(demo.urls["plex_tv"], "ours", pin)).fragment.removeprefix("?"))
        confirm(demo, session, "/auth", code=told["code"][0], clientID=told["clientID"][0])
        account = plex_tv.account(plex_tv.token(pin))
        with pytest.raises(Rejected):
            plex_tv.token(Pin(999, "none", 900))
    assert account.name == "mara"
    own, friends = account.servers
    assert (own.name, own.owner, friends.owner) == ("Invented Library", "", "ola")
    found = connect(own, machine_id)
    assert (found.url, found.token) == (demo.urls["plex"], demo.world.plex_token)
    assert demo.world.plex_token not in str(demo.knobs["plex_tv"].requests)

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from plexgap.domain.account import Address, Pin, Reach
from plexgap.domain.errors import BadAnswer, Busy, PlexgapError, Rejected, Unreachable
from plexgap.sources.plex_identity import machine_id
from plexgap.sources.plex_tv_account import PlexAccount, account_transport, sign_in_page
from tests.plex_tv_forms import REFUSED
from tests.scripted import Answer, FakeTime, ScriptedServer

PINS, USER, RESOURCES = "/api/v2/pins", "/api/v2/user", "/api/v2/resources"
TOKEN, CODE = "a-token-that-nobody-may-see", "averylongcodethatnobodysees"
PIN = Pin(77, CODE, 1800)
PIN_BODY = {
    "id": 77,
    "code": CODE,
    "expiresIn": 1800,
    "authToken": None,
    "location": {"city": "Hidden Town", "coordinates": "59.9, 10.7"},
}


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


@pytest.fixture
def account(server: ScriptedServer) -> Iterator[PlexAccount]:
    time = FakeTime()
    transport = account_transport(
        server.url, client_id="an-installation", stop=time.stop, clock=time.clock, wait=time.wait
    )
    with closing(transport):
        yield PlexAccount(transport, "an-installation")


def connection(uri: str, **told: Any) -> dict[str, Any]:
    return {"uri": uri, "protocol": uri.partition(":")[0], "address": "", "port": 0, **told}


def resource(*connections: dict[str, Any], **told: Any) -> dict[str, Any]:
    return {
        "name": "Attic",
        "provides": "server",
        "clientIdentifier": "machine",
        "accessToken": "for-this-server",
        "owned": True,
        "sourceTitle": None,
        "httpsRequired": False,
        "connections": list(connections),
        **told,
    }


def addresses(server: ScriptedServer, account: PlexAccount, *found: dict[str, Any]) -> list[tuple[Address, ...]]:
    server.on(USER, Answer(json={"username": "mara"}))
    server.on(RESOURCES, Answer(json=list(found)))
    return [each.addresses for each in account.account(TOKEN).servers]


@pytest.mark.parametrize(("strong", "asked_for"), [(True, {"strong": "true"}), (False, {})])
def test_a_pin_is_asked_for_by_name_and_its_code_is_kept_out_of_words(
    strong: bool, asked_for: dict[str, str], server: ScriptedServer, account: PlexAccount
) -> None:
    server.on(PINS, Answer(status=201, json=PIN_BODY))
    pin = account.pin(strong=strong)
    assert pin == PIN
    assert CODE not in repr(pin)
    (asked,) = server.asked
    assert (asked.method, asked.query) == ("POST", asked_for)
    assert asked.headers["x-plex-client-identifier"] == "an-installation"
    assert asked.headers["x-plex-product"] == "plexgap"
    assert "x-plex-token" not in asked.headers


def test_a_pin_has_no_token_until_it_is_confirmed(server: ScriptedServer, account: PlexAccount) -> None:
    server.on(f"{PINS}/77", Answer(json=PIN_BODY), Answer(json=PIN_BODY | {"authToken": TOKEN}))
    assert account.token(PIN) == ""
    assert account.token(PIN) == TOKEN
    assert {asked.headers["x-plex-client-identifier"] for asked in server.asked} == {"an-installation"}


def test_a_pin_that_plex_tv_no_longer_knows_is_over(server: ScriptedServer, account: PlexAccount) -> None:
    server.on(f"{PINS}/77", Answer(status=404, json={"errors": [{"code": 1020, "status": 404}]}))
    with pytest.raises(Rejected) as caught:
        account.token(PIN)
    assert "Begin again" in caught.value.advice


def test_the_sign_in_page_gets_the_code_behind_the_sharp_where_no_server_sees_it() -> None:
    address = sign_in_page("https://app.plex.tv", "an id", PIN)
    before, _, behind = address.partition("#?")
    assert before == "https://app.plex.tv/auth"
    assert behind == f"clientID=an%20id&code={CODE}&context%5Bdevice%5D%5Bproduct%5D=plexgap"


def test_an_account_is_its_name_and_its_servers_own_ones_first(server: ScriptedServer, account: PlexAccount) -> None:
    server.on(USER, Answer(json={"username": "mara1", "title": "mara", "email": "m@example.invalid", "id": 5}))
    server.on(
        RESOURCES,
        Answer(
            json=[
                resource(name="A friend's", owned=False, sourceTitle="ola", clientIdentifier="f", accessToken="shared"),
                resource(name="TV", provides="client,player"),
                resource(name="Two", provides="client,server", clientIdentifier="two", accessToken=None),
                resource(name="Attic"),
                resource(name="no name of its own", clientIdentifier=""),
                resource(name="Shared without a token", owned=False, clientIdentifier="g", accessToken=None),
            ]
        ),
    )
    found = account.account(TOKEN)
    assert found.name == "mara"
    assert [(each.name, each.owner, each.token) for each in found.servers] == [
        ("Attic", "", "for-this-server"),
        ("Two", "", TOKEN),
        ("A friend's", "ola", "shared"),
    ]
    assert not any(secret in repr(found) for secret in (TOKEN, "for-this-server", "shared"))
    assert [asked.headers["x-plex-token"] for asked in server.asked] == [TOKEN, TOKEN]
    assert server.asked[1].query == {"includeHttps": "1", "includeRelay": "1", "includeIPv6": "1"}


def test_addresses_are_local_https_local_http_remote_and_relay(server: ScriptedServer, account: PlexAccount) -> None:
    told = (
        connection("https://relay.example.invalid:8443", relay=True),
        connection("https://1-2-3-4.x.example.invalid:32400", address="1.2.3.4", port=32400),
        connection("https://10-0-0-2.x.example.invalid:32400", address="10.0.0.2", port=32400, local=True),
        connection("https://v6.example.invalid:32400", address="fd00::2", port=32400, local=True),
    )
    assert addresses(server, account, resource(*told)) == [
        (
            Address("https://10-0-0-2.x.example.invalid:32400", Reach.LOCAL_HTTPS),
            Address("https://v6.example.invalid:32400", Reach.LOCAL_HTTPS),
            Address("http://10.0.0.2:32400", Reach.LOCAL_HTTP),
            Address("http://[fd00::2]:32400", Reach.LOCAL_HTTP),
            Address("https://1-2-3-4.x.example.invalid:32400", Reach.REMOTE),
            Address("https://relay.example.invalid:8443", Reach.RELAY),
        )
    ]


def test_a_server_that_demands_https_is_not_asked_without_it(server: ScriptedServer, account: PlexAccount) -> None:
    told = connection("https://10-0-0-2.x.example.invalid:32400", address="10.0.0.2", port=32400, local=True)
    ((only,),) = addresses(server, account, resource(told, httpsRequired=True))
    assert only.reach is Reach.LOCAL_HTTPS


@pytest.mark.parametrize("uri", ["", "javascript:alert(1)", "http://name@host:1", "http://host:notaport", "http://:1"])
def test_what_is_no_web_address_is_left_out(uri: str, server: ScriptedServer, account: PlexAccount) -> None:
    assert addresses(server, account, resource(connection(uri, local=True))) == [()]


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        (Answer(status=401, json=REFUSED), Rejected, "plex.tv refused the sign-in"),
        (Answer(status=422, json=REFUSED), Rejected, "plex.tv refused the sign-in"),
        (Answer(status=498, json=REFUSED), Rejected, "plex.tv refused the sign-in"),
        (Answer(status=500, json={}), Unreachable, "plex.tv did not answer"),
        (Answer(drop=True), Unreachable, "plex.tv did not answer"),
        (Answer(status=429, json={}, headers={"Retry-After": "600"}), Busy, "plex.tv asks to slow down"),
        (Answer(json={"id": "no number"}), BadAnswer, "a form that plexgap does not know"),
        (Answer(body=b"<pin/>", kind="application/xml"), BadAnswer, "a page for people instead of data"),
    ],
)
def test_what_plex_tv_does_not_give_is_said_in_words_without_secrets(
    answer: Answer, error: type[PlexgapError], said: str, server: ScriptedServer, account: PlexAccount
) -> None:
    server.on(f"{PINS}/77", answer)
    with pytest.raises(error) as caught:
        account.token(PIN)
    assert said in caught.value.advice
    assert CODE not in f"{caught.value!r}{caught.value.advice}"


def test_nothing_of_a_sign_in_stands_in_the_log(
    server: ScriptedServer, account: PlexAccount, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.on(PINS, Answer(status=201, json=PIN_BODY))
    server.on(f"{PINS}/77", Answer(json=PIN_BODY | {"authToken": TOKEN}))
    account.token(account.pin(strong=True))
    addresses(server, account, resource())
    assert len(server.asked) == 4
    assert not any(secret in caplog.text for secret in (CODE, TOKEN, "for-this-server", "Hidden Town"))


# Who answers at an address


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (Answer(json={"MediaContainer": {"machineIdentifier": "machine", "size": 0}}), "machine"),
        (Answer(json={"MediaContainer": {}}), ""),
        (Answer(body=b"<html>", kind="text/html"), ""),
        (Answer(json={"MediaContainer": {"machineIdentifier": "machine"}}, status=500), ""),
        (Answer(status=302, headers={"Location": "/elsewhere"}), ""),
        (Answer(drop=True), ""),
        (Answer(body=b'{"MediaContainer": {"machineIdentifier": "' + b"x" * 100_000 + b'"}}'), ""),
    ],
    ids=["a server", "without a name", "a page", "a fault", "a redirect", "nothing", "too much"],
)
def test_who_answers_at_an_address_is_its_machine_identifier(answer: Answer, name: str, server: ScriptedServer) -> None:
    server.on("/identity", answer)
    assert machine_id(server.url) == name
    assert server.paths == ["/identity"]
    assert not [key for key in server.asked[0].headers if "token" in key or key == "authorization"]


def test_nobody_answers_at_a_dead_or_broken_address() -> None:
    assert machine_id("http://127.0.0.1:1") == ""
    assert machine_id("http://nobody.invalid:32400") == ""

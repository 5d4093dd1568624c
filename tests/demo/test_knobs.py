"""Faults, latency, the log, and the knobs over HTTP."""

from __future__ import annotations

import socket
import time
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from plexgap.demo.knobs import FaultKind
from plexgap.demo.servers import DemoServers, serve
from plexgap.demo.serving import PortTaken
from tests.demo.asking import ask_plex, ask_tmdb, plex_json


def turn(
    demo: DemoServers, session: requests.Session, knob: str, body: Any, service: str = "tmdb"
) -> requests.Response:
    return session.post(f"{demo.urls[service]}/_demo/{knob}", json=body, timeout=5)


def test_nothing_fails_by_itself(demo: DemoServers, session: requests.Session) -> None:
    assert {ask_tmdb(demo, session, "/authentication").status_code for _ in range(30)} == {200}


@pytest.mark.parametrize(
    ("status", "retry_after"),
    [(429, None), (429, "2"), (429, "Wed, 21 Oct 2026 07:28:00 GMT"), (500, None), (503, "1"), (401, None)],
)
def test_a_status_fault_answers_so_often_and_then_no_more(
    changing: DemoServers, session: requests.Session, status: int, retry_after: str | None
) -> None:
    changing.knobs["tmdb"].add("status", "/authentication", count=2, status=status, retry_after=retry_after)
    assert ask_tmdb(changing, session, "/configuration").status_code == 200
    answers = [ask_tmdb(changing, session, "/authentication") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [status, status, 200]
    assert answers[0].headers.get("Retry-After") == retry_after
    assert answers[0].json()["success"] is False


def test_failures_of_plex_are_html(changing: DemoServers, session: requests.Session) -> None:
    changing.knobs["plex"].add("status", status=503)
    answer = ask_plex(changing, session, "/library/sections", Accept="application/json")
    assert (answer.status_code, answer.headers["Content-Type"]) == (503, "text/html")


def test_a_fault_may_let_some_requests_pass_first(changing: DemoServers, session: requests.Session) -> None:
    changing.knobs["tmdb"].add("status", "/authentication", skip=2, count=None, status=500)
    statuses = [ask_tmdb(changing, session, "/authentication").status_code for _ in range(4)]
    assert statuses == [200, 200, 500, 500]


def test_an_answer_is_cut_off_in_the_middle(changing: DemoServers, session: requests.Session) -> None:
    changing.knobs["tmdb"].add(FaultKind.CUT_OFF)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        ask_tmdb(changing, session, "/configuration")
    assert ask_tmdb(changing, session, "/configuration").status_code == 200


def test_html_comes_instead_of_json(changing: DemoServers, session: requests.Session) -> None:
    changing.knobs["tmdb"].add(FaultKind.HTML)
    answer = ask_tmdb(changing, session, "/configuration")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html")
    assert answer.text.startswith("<html>")


def test_a_connection_is_reset(changing: DemoServers, session: requests.Session) -> None:
    changing.knobs["tmdb"].add(FaultKind.RESET)
    with pytest.raises(requests.exceptions.ConnectionError):
        ask_tmdb(changing, session, "/configuration")


def test_a_refused_port_opens_again(changing: DemoServers, session: requests.Session) -> None:
    ask_tmdb(changing, session, "/configuration")
    changing.refuse("tmdb")
    address = urlsplit(changing.urls["tmdb"])
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((address.hostname, address.port), timeout=2)
    changing.listen_again("tmdb")
    assert ask_tmdb(changing, session, "/configuration").status_code == 200


def test_a_hanging_request_is_let_go_when_faults_are_cleared(changing: DemoServers, session: requests.Session) -> None:
    changing.knobs["tmdb"].add(FaultKind.HANG)
    with pytest.raises(requests.exceptions.ReadTimeout):
        session.get(f"{changing.urls['tmdb']}/3/configuration", timeout=0.2)
    changing.knobs["tmdb"].clear()
    assert ask_tmdb(changing, session, "/configuration").status_code == 200


def test_every_answer_comes_later_by_the_latency(changing: DemoServers, session: requests.Session) -> None:
    ask_tmdb(changing, session, "/configuration")
    changing.knobs["tmdb"].set_latency(0.15)
    before = time.monotonic()
    ask_tmdb(changing, session, "/configuration")
    assert time.monotonic() - before >= 0.15


def test_the_log_tells_what_was_asked_and_no_secret(changing: DemoServers, session: requests.Session) -> None:
    world, knobs = changing.world, changing.knobs
    session.get(f"{changing.urls['tmdb']}/3/configuration", params={"api_key": world.tmdb_key}, timeout=5)
    first = ask_tmdb(changing, session, "/authentication")
    ask_tmdb(changing, session, "/authentication", **{"If-None-Match": first.headers["ETag"]})
    session.get(f"{changing.urls['plex']}/library/sections", params={"X-Plex-Token": world.plex_token}, timeout=5)
    assert [entry.status for entry in knobs["tmdb"].requests] == [200, 200, 304]
    assert [entry.conditional for entry in knobs["tmdb"].requests] == [False, False, True]
    assert (knobs["tmdb"].count, knobs["plex"].count) == (3, 1)
    told = f"{knobs['tmdb'].requests} {knobs['plex'].requests}"
    assert world.tmdb_key not in told
    assert world.plex_token not in told
    assert "api_key=..." in told
    knobs["tmdb"].forget()
    assert knobs["tmdb"].count == 0


def test_knobs_turn_over_http_also_those_of_another_service(changing: DemoServers, session: requests.Session) -> None:
    fault = {"service": "plex", "kind": "status", "status": 500, "pattern": "/library", "count": 1}
    assert turn(changing, session, "faults", fault).json() == {"done": True}
    assert ask_plex(changing, session, "/library/sections").status_code == 500
    assert ask_plex(changing, session, "/library/sections").status_code == 200
    assert turn(changing, session, "latency", {"seconds": 0.01}).status_code == 200
    assert changing.knobs["tmdb"].latency_s == 0.01
    log = session.get(f"{changing.urls['plex']}/_demo/requests", timeout=5).json()
    assert (log["service"], log["count"], log["statuses"]) == ("plex", 2, {"200": 1, "500": 1})
    session.delete(f"{changing.urls['plex']}/_demo/requests", timeout=5)
    assert changing.knobs["plex"].count == 0


def test_refusing_over_http_is_ended_through_another_service(changing: DemoServers, session: requests.Session) -> None:
    turn(changing, session, "faults", {"kind": "refuse"}, service="plex")
    with pytest.raises(requests.exceptions.ConnectionError):
        ask_plex(changing, session, "/identity")
    turn(changing, session, "faults", {"service": "plex", "clear": True}, service="tmdb")
    assert ask_plex(changing, session, "/identity").status_code == 200


def test_a_change_over_http_is_made(changing: DemoServers, session: requests.Session) -> None:
    truth = changing.world.tagged("gaps_in_season")[0]
    season, episode = truth.missing[0]
    body = {"kind": "add_episode", "title": truth.title, "season": season, "episode": episode}
    assert turn(changing, session, "changes", body, service="plex").status_code == 200
    leaves = plex_json(changing, session, f"/library/metadata/{truth.rating_keys[0]}/allLeaves")["Metadata"]
    assert (season, episode) in [(row["parentIndex"], row["index"]) for row in leaves]


@pytest.mark.parametrize(
    ("knob", "body", "sentence"),
    [
        ("changes", {"kind": "add_episode", "title": "Nobody"}, "No show is called 'Nobody'."),
        ("changes", {"kind": "explode"}, "There is no change 'explode'."),
        ("changes", {"kind": "add_episode", "season": "two"}, "must be a whole number"),
        ("changes", {"kind": "add_episode", "colour": 1}, "has no field 'colour'"),
        ("changes", [], "A change is an object"),
        ("faults", {"kind": "fire"}, "A fault's kind is one of"),
        ("faults", {"kind": "status", "pattern": "("}, "is no regular expression"),
        ("faults", {"kind": "status", "service": "radio"}, "There is no service 'radio'."),
        ("faults", {"kind": "status", "status": 999}, "There is no HTTP status 999."),
        ("latency", {"seconds": -1}, "0 to 60 seconds"),
    ],
)
def test_a_wrong_knob_is_answered_with_a_sentence(
    demo: DemoServers, session: requests.Session, knob: str, body: Any, sentence: str
) -> None:
    answer = turn(demo, session, knob, body)
    assert answer.status_code == 400
    assert sentence in answer.json()["error"]


def test_no_web_page_can_turn_a_knob(demo: DemoServers, session: requests.Session) -> None:
    url = f"{demo.urls['tmdb']}/_demo/latency"
    plain = session.post(url, data='{"seconds": 1}', headers={"Content-Type": "text/plain"}, timeout=5)
    assert plain.status_code == 415
    elsewhere = session.post(url, json={"seconds": 1}, headers={"Host": "demo.example.invalid"}, timeout=5)
    assert elsewhere.status_code == 403
    assert session.get(url, timeout=5).status_code == 405
    assert demo.knobs["tmdb"].latency_s == 0


def test_a_taken_port_is_said_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match="in use") as caught:
            serve(base_port=port)
    assert str(port) in caught.value.advice


def test_exports_name_the_settings_of_what_is_served_and_nothing_else(demo: DemoServers) -> None:
    names = {"PLEX_BASE_URL", "PLEX_TOKEN", "TMDB_BASE_URL", "TMDB_IMAGE_BASE_URL", "TMDB_API_KEY"}
    names |= {"TVDB_BASE_URL", "TVDB_API_KEY", "PLEX_TV_BASE_URL", "PLEX_DISCOVER_BASE_URL", "PLEX_APP_BASE_URL"}
    assert set(demo.exports()) == names

from __future__ import annotations

import json
import logging
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
import responses
from urllib3 import HTTPSConnectionPool
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import MaxRetryError, NameResolutionError

from plexgap.domain.catalogue import Ask
from plexgap.domain.errors import (
    BadAnswer,
    Busy,
    Cancelled,
    NotListed,
    PlexgapError,
    Rejected,
    SourceError,
    Unreachable,
)
from plexgap.domain.events import Event, RateLimited
from plexgap.sources.etags import validating_session
from plexgap.sources.http import Transport
from tests.scripted import Answer, FakeTime, ScriptedServer

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
SECRET = "0123456789abcdef0123456789abcdef"
GOOD = Answer(json={"id": 1})
FAULT = Answer(status=500, body=b"<h1>oops</h1>", kind="text/html")

UNKNOWN_NAME = MaxRetryError(
    HTTPSConnectionPool("tmdb.example"),
    "/",
    NameResolutionError("tmdb.example", HTTPSConnection("tmdb.example"), socket.gaierror(-2, "unknown")),
)

Make = Callable[..., Transport]


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def make(server: ScriptedServer, time: FakeTime) -> Iterator[Make]:
    """A transport to the server, without ETags and without limit unless told otherwise; closed at the end."""
    made: list[Transport] = []

    def make(**told: Any) -> Transport:
        settings: dict[str, Any] = {
            "service": "TMDB",
            "base_url": server.url + "/3/",
            "cache_path": None,
            "requests_per_second": 0,
            "workers": 8,
            "stop": time.stop,
            "now": lambda: NOW,
            "clock": time.clock,
            "wait": time.wait,
        }
        made.append(Transport(**(settings | told)))
        return made[-1]

    yield make
    for transport in made:
        transport.close()


def get(transport: Transport, path: str = "/tv/1", **told: Any) -> Any:
    return json.loads(transport.get(path, **told))


# Questions and their validators


def test_question_carries_its_path_parameters_and_the_secrets(server: ScriptedServer, make: Make) -> None:
    server.on("/3/tv/1", GOOD)
    transport = make(secret_headers={"X-Key": "h"}, secret_params={"api_key": "p"})
    assert get(transport, params={"append_to_response": "season/1,season/2"}) == {"id": 1}
    (asked,) = server.asked
    assert asked.query == {"append_to_response": "season/1,season/2", "api_key": "p"}
    assert asked.headers["x-key"] == "h"
    assert asked.headers["user-agent"].startswith("plexgap/")
    assert transport.requests == 1


def test_question_asked_again_travels_with_its_etag(server: ScriptedServer, make: Make, tmp_path: Path) -> None:
    server.on("/3/tv/1", Answer(json={"id": 1}, etag='W/"a"'))
    for _ in range(3):  # three runs of the program
        assert get(make(cache_path=tmp_path / "cache" / "http.sqlite")) == {"id": 1}
    assert [asked.headers.get("if-none-match") for asked in server.asked] == [None, 'W/"a"', 'W/"a"']


def test_answer_that_changed_replaces_the_kept_one(server: ScriptedServer, make: Make, tmp_path: Path) -> None:
    old, new = Answer(json={"id": 1}, etag='"a"'), Answer(json={"id": 2}, etag='"b"')
    server.on("/3/tv/1", old, new)
    transport = make(cache_path=tmp_path / "http.sqlite")
    assert [get(transport)["id"] for _ in range(3)] == [1, 2, 2]
    assert [asked.headers.get("if-none-match") for asked in server.asked] == [None, '"a"', '"b"']


def test_fresh_question_travels_without_validators_and_replaces_what_was_kept(
    server: ScriptedServer, make: Make, tmp_path: Path
) -> None:
    server.on("/3/tv/1", Answer(json={"id": 1}, etag='"a"'), Answer(json={"id": 2}, etag='"a"'))
    transport = make(cache_path=tmp_path / "http.sqlite")
    assert get(transport)["id"] == 1
    assert get(transport, ask=Ask.FRESH)["id"] == 2
    assert get(transport)["id"] == 2
    assert [asked.headers.get("if-none-match") for asked in server.asked] == [None, None, '"a"']


def test_answer_without_validator_is_never_served_again(server: ScriptedServer, make: Make, tmp_path: Path) -> None:
    forever = {"Cache-Control": "public, max-age=86400"}
    server.on("/3/tv/1", Answer(json={"id": 1}, headers=forever), Answer(json={"id": 2}, headers=forever))
    transport = make(cache_path=tmp_path / "http.sqlite")
    assert [get(transport)["id"] for _ in range(2)] == [1, 2]


def test_failure_is_never_answered_from_what_is_kept(server: ScriptedServer, make: Make, tmp_path: Path) -> None:
    server.on("/3/tv/1", Answer(json={"id": 1}, etag='"a"'), Answer(drop=True))
    transport = make(cache_path=tmp_path / "http.sqlite")
    get(transport)
    with pytest.raises(Unreachable):
        get(transport)


def test_what_is_stored_and_given_is_trimmed(server: ScriptedServer, make: Make, tmp_path: Path) -> None:
    crew = "a name that nobody needs"
    server.on("/3/tv/1", Answer(json={"id": 1, "crew": crew}, etag='"a"', headers={"Set-Cookie": "track=me"}))
    path = tmp_path / "http.sqlite"
    for _ in range(2):
        transport = make(cache_path=path, trim=lambda body: json.dumps({"id": json.loads(body)["id"]}).encode())
        assert get(transport) == {"id": 1}
        transport.close()
    assert crew.encode() not in path.read_bytes()
    assert b"track" not in path.read_bytes()
    assert "cookie" not in server.asked[1].headers
    assert server.asked[1].headers["if-none-match"] == '"a"'


def test_body_trimmed_in_another_form_is_not_used(server: ScriptedServer, make: Make, tmp_path: Path) -> None:
    server.on("/3/tv/1", Answer(json={"id": 1}, etag='"a"'))
    for form in ("one", "two"):
        get(make(cache_path=tmp_path / "http.sqlite", form=form))
    assert [asked.headers.get("if-none-match") for asked in server.asked] == [None, None]


# Signing in


def test_post_sends_its_body_counts_and_is_never_kept(server: ScriptedServer, make: Make, tmp_path: Path) -> None:
    server.on("/3/login", Answer(json={"token": "one"}, etag='"a"'), Answer(json={"token": "two"}, etag='"a"'))
    path = tmp_path / "http.sqlite"
    transport = make(cache_path=path, secret_headers={"X-Key": "h"}, secret_params={"api_key": "p"})
    assert [json.loads(transport.post("/login", {"apikey": SECRET}))["token"] for _ in range(2)] == ["one", "two"]
    assert transport.requests == 2
    for asked in server.asked:
        assert (asked.method, json.loads(asked.body), asked.query) == ("POST", {"apikey": SECRET}, {})
        assert not {"x-key", "if-none-match"} & set(asked.headers)
    transport.close()
    assert all(b"login" not in file.read_bytes() and b"token" not in file.read_bytes() for file in tmp_path.iterdir())


def test_secret_headers_may_change_from_one_question_to_the_next(server: ScriptedServer, make: Make) -> None:
    server.on("/3/tv/1", GOOD)
    transport = make()
    for token in ("first", "second"):
        transport.sign({"Authorization": f"Bearer {token}"})
        get(transport)
    assert [asked.headers["authorization"] for asked in server.asked] == ["Bearer first", "Bearer second"]


@pytest.mark.parametrize(
    ("answer", "error", "tries"),
    [
        (Answer(status=401, json={}), Rejected, 1),
        (Answer(status=502, body=b"<html>", kind="text/html"), Unreachable, 3),
        (Answer(body=b"<html>", kind="text/html"), BadAnswer, 1),
        (Answer(status=302, headers={"Location": "/3/elsewhere"}), BadAnswer, 1),
        (Answer(drop=True), Unreachable, 3),
    ],
)
def test_post_that_fails_is_said_as_a_question_is_and_without_its_body(
    answer: Answer,
    error: type[PlexgapError],
    tries: int,
    server: ScriptedServer,
    make: Make,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for name in ("", "urllib3", "requests_cache", "plexgap"):
        caplog.set_level(logging.DEBUG, logger=name)
    server.on("/3/login", answer)
    with pytest.raises(error) as caught:
        make().post("/login", {"apikey": SECRET})
    assert server.paths == ["/3/login"] * tries
    said = [str(caught.value), caught.value.advice, repr(caught.value.__cause__), repr(caught.value.__context__)]
    assert SECRET not in "".join(said) + caplog.text


def test_stop_before_a_post_sends_nothing(server: ScriptedServer, make: Make, time: FakeTime) -> None:
    time.stop.set()
    with pytest.raises(Cancelled):
        make().post("/login", {"apikey": SECRET})
    assert server.asked == []


@pytest.mark.parametrize("answer", [FAULT, Answer(status=429, headers={"Retry-After": "50"}, json={})])
def test_stop_ends_the_wait_of_a_post_at_once(answer: Answer, server: ScriptedServer, make: Make) -> None:
    server.on("/3/login", answer)
    stop = threading.Event()

    def wait(seconds: float) -> bool:
        stop.set()
        return stop.wait(seconds)

    with pytest.raises(Cancelled):
        make(stop=stop, wait=wait).post("/login", {"apikey": SECRET})
    assert len(server.asked) == 1


# What an answer means


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        (Answer(status=401, json={"status_code": 7}), Rejected, "TMDB refused this key"),
        (Answer(status=403, json={}), Rejected, "TMDB refused this key"),
        (Answer(status=403, body=b"<html>", kind="text/html"), Rejected, "something on the way refused"),
        (Answer(status=404, json={"status_code": 34}), NotListed, "TMDB does not list show 1."),
        (Answer(status=404, body=b"<html>", kind="text/html"), BadAnswer, "a 404 that is not its own"),
        (Answer(status=404, body=b"", kind=""), BadAnswer, "a 404 that is not its own"),
        (Answer(status=200, body=b"<html>", kind="text/html; charset=utf-8"), BadAnswer, "a page for people"),
        (Answer(status=302, headers={"Location": "/3/tv/2"}), BadAnswer, "a redirect to another address"),
        (Answer(status=304, body=b"", length=False), BadAnswer, "(304)"),
        (Answer(status=204, body=b""), BadAnswer, "(204)"),
        (Answer(status=418, json={}), BadAnswer, "(418)"),
    ],
)
def test_final_answers_are_asked_for_once(
    answer: Answer, error: type[PlexgapError], said: str, server: ScriptedServer, make: Make
) -> None:
    server.on("/3/tv/1", answer)
    transport = make(refused_advice="TMDB refused this key. Copy it once more.")
    with pytest.raises(error) as caught:
        get(transport, what="show 1")
    assert said in caught.value.advice
    assert (server.paths, transport.retries) == (["/3/tv/1"], 0)


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        (FAULT, Unreachable, "its server has a fault (500)"),
        (Answer(status=503, json={"status_code": 9}), Unreachable, "its server has a fault (503)"),
        (Answer(drop=True), Unreachable, "the connection broke"),
        (Answer(json={"id": 1, "name": "long enough"}, cut=True), BadAnswer, "a broken answer"),
        (Answer(json={"id": 1, "name": "long enough"}, cut=True, length=False), BadAnswer, "a broken answer"),
        (Answer(body=b"\x1f\x8b nonsense", headers={"Content-Encoding": "gzip"}), BadAnswer, "a broken answer"),
        (Answer(body=b'{"id": 1'), BadAnswer, "a broken answer"),
        (Answer(body=b""), BadAnswer, "a broken answer"),
    ],
)
def test_failures_that_may_pass_are_asked_three_times(
    answer: Answer, error: type[SourceError], said: str, server: ScriptedServer, make: Make, time: FakeTime
) -> None:
    server.on("/3/tv/1", answer)
    transport = make()
    with pytest.raises(error) as caught:
        get(transport)
    assert said in caught.value.advice
    assert caught.value.source == "TMDB"
    assert (transport.requests, transport.retries) == (3, 2)
    first, second = time.waits
    assert 1 <= first <= 2 <= second <= 3


@pytest.mark.parametrize("failure", [FAULT, Answer(drop=True), Answer(json={"id": 12}, cut=True), Answer(body=b"{")])
def test_failure_that_passed_leaves_no_trace_in_the_answer(
    failure: Answer, server: ScriptedServer, make: Make, tmp_path: Path
) -> None:
    server.on("/3/tv/1", failure, failure, Answer(json={"id": 1}))
    assert get(make(cache_path=tmp_path / "http.sqlite")) == {"id": 1}


def test_refused_connection_is_named(make: Make) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(Unreachable, match=r"TMDB: /tv/1: the connection is refused"):
            get(make(base_url=nowhere))


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (requests.exceptions.ConnectTimeout(), "no connection within 5 seconds"),
        (requests.exceptions.ReadTimeout(), "no answer within 30 seconds"),
        (requests.exceptions.SSLError(), "its certificate can't be trusted"),
        (requests.exceptions.ProxyError(), "the proxy lets nothing through"),
        (requests.exceptions.ConnectionError(ConnectionResetError(104, "reset")), "the connection broke"),
        (requests.exceptions.ConnectionError(UNKNOWN_NAME), "its name is not known"),
        (OSError("Could not find a suitable TLS CA certificate bundle"), "the connection broke"),
    ],
)
def test_each_kind_of_silence_has_its_own_words(error: Exception, said: str, make: Make) -> None:
    transport = make(base_url="https://tmdb.example/3")
    with responses.RequestsMock() as mock:
        mock.get("https://tmdb.example/3/tv/1", body=error)
        with pytest.raises(Unreachable, match=said):
            get(transport)


# Waiting


def test_bucket_keeps_to_its_rate_after_a_short_burst(server: ScriptedServer, make: Make, time: FakeTime) -> None:
    server.on("/3/tv/1", GOOD)
    transport = make(requests_per_second=20)
    began = time.seconds
    for _ in range(45):
        get(transport)
    assert time.seconds - began == pytest.approx((45 - 5) / 20)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "Sat, 21 Nov 2026 08:00:09 GMT"}, 9),
        ({"Retry-After": "Sat, 21 Nov 2026 11:00:05 GMT", "Date": "Sat, 21 Nov 2026 11:00:00 GMT"}, 5),
        ({"Retry-After": "soon"}, 2),
        ({}, 2),
    ],
)
def test_service_that_asks_to_slow_down_is_obeyed(
    headers: dict[str, str], seconds: int, make: Make, time: FakeTime
) -> None:
    events: list[Event] = []
    with responses.RequestsMock() as mock:
        mock.get("https://tmdb.example/tv/1", status=429, headers=headers, json={"status_code": 25})
        mock.get("https://tmdb.example/tv/1", json={"id": 1})
        assert get(make(base_url="https://tmdb.example", on_event=events.append)) == {"id": 1}
    assert sum(time.waits) == pytest.approx(max(seconds, time.waits[0]))
    assert events == [RateLimited("TMDB", NOW + timedelta(seconds=seconds))]


def test_pause_holds_for_every_question_of_the_service(server: ScriptedServer, make: Make, time: FakeTime) -> None:
    slow = Answer(status=429, headers={"Retry-After": "20"}, json={})
    server.on("/3/tv/1", slow)
    server.on("/3/tv/2", GOOD)
    transport = make()
    with pytest.raises(Busy) as caught:
        get(transport)  # two pauses of 20 s; the third would end before 60 s, but the tries are used up
    assert caught.value.retry_after_s == 20
    asked_at = time.seconds
    get(transport, "/tv/2")
    assert time.seconds == asked_at + 20


def test_nobody_waits_longer_than_a_minute_and_nothing_is_asked_meanwhile(
    server: ScriptedServer, make: Make, time: FakeTime
) -> None:
    events: list[Event] = []
    server.on("/3/tv/1", Answer(status=429, headers={"Retry-After": "90"}, json={}))
    transport = make(on_event=events.append)
    for path in ("/tv/1", "/tv/2", "/tv/3"):
        with pytest.raises(Busy) as caught:
            get(transport, path)
        assert caught.value.retry_after_s == 90
    assert server.paths == ["/3/tv/1"]
    assert time.waits == []
    assert len(events) == 1


def test_pauses_and_tries_of_one_question_stay_within_a_minute(
    server: ScriptedServer, make: Make, time: FakeTime
) -> None:
    server.on("/3/tv/1", Answer(status=429, headers={"Retry-After": "35"}, json={}))
    began = time.seconds
    with pytest.raises(Busy):
        get(make())
    assert time.seconds - began == pytest.approx(35)
    assert len(server.asked) == 2


def test_stop_before_a_question_asks_nothing(server: ScriptedServer, make: Make, time: FakeTime) -> None:
    time.stop.set()
    with pytest.raises(Cancelled):
        get(make())
    assert server.asked == []


@pytest.mark.parametrize("answer", [FAULT, Answer(status=429, headers={"Retry-After": "50"}, json={})])
def test_stop_ends_a_wait_at_once(answer: Answer, server: ScriptedServer, make: Make) -> None:
    server.on("/3/tv/1", answer)
    stop = threading.Event()

    def wait(seconds: float) -> bool:
        stop.set()
        return stop.wait(seconds)

    transport = make(stop=stop, wait=wait)
    with pytest.raises(Cancelled):
        get(transport)
    assert len(server.asked) == 1


# A service that goes down


def test_after_ten_failures_in_a_row_nothing_more_is_asked(server: ScriptedServer, make: Make) -> None:
    server.otherwise = FAULT
    transport = make()
    for number in range(10):
        with pytest.raises(Unreachable, match=r"a fault of the server"):
            get(transport, f"/tv/{number}")
    sent = len(server.asked)
    with pytest.raises(Unreachable, match=r"TMDB: /tv/11: not asked") as caught:
        get(transport, "/tv/11")
    assert "did not answer, so no more was asked of it" in caught.value.advice
    assert len(server.asked) == sent == 30


def test_any_answer_between_failures_says_that_the_service_is_there(server: ScriptedServer, make: Make) -> None:
    server.otherwise = FAULT
    server.on("/3/tv/gone", Answer(status=404, json={}))
    transport = make()
    for number in range(25):
        with pytest.raises(Unreachable, match=r"a fault of the server"):
            get(transport, f"/tv/{number}")
        if number % 9 == 8:
            with pytest.raises(NotListed):
                get(transport, "/tv/gone")


def test_service_that_hangs_is_given_up_after_three_questions(make: Make, time: FakeTime) -> None:
    def hang(_: object) -> Any:
        time.seconds += 30
        raise requests.exceptions.ReadTimeout

    transport = make(base_url="https://tmdb.example")
    with responses.RequestsMock() as mock:
        mock.add_callback("GET", "https://tmdb.example/tv/1", callback=hang)
        for _ in range(3):
            with pytest.raises(Unreachable, match=r"no answer within 30 seconds"):
                get(transport)
        with pytest.raises(Unreachable, match=r"not asked"):
            get(transport)
        assert len(mock.calls) == 9


# Secrets


@pytest.mark.parametrize("kind", ["secret_headers", "secret_params"])
def test_secret_stands_in_no_error_log_or_file(
    kind: str, server: ScriptedServer, make: Make, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("", "urllib3", "requests_cache", "plexgap"):
        caplog.set_level(logging.DEBUG, logger=name)
    path = tmp_path / "http.sqlite"
    told = {kind: {"X-Api-Token" if kind == "secret_headers" else "api_key": SECRET}, "cache_path": path}
    server.on("/3/tv/1", Answer(json={"id": 1}, etag='"a"'))
    server.on("/3/redirect", Answer(status=302, headers={"Location": server.url + "/3/tv/1"}))
    server.on("/3/refused", Answer(status=401, json={}))
    server.on("/3/broken", Answer(drop=True))
    server.on("/3/cut", Answer(json={"id": 1}, cut=True))
    server.on("/3/page", Answer(body=b"<html>", kind="text/html", etag='"b"'))
    transport = make(**told)
    said = [repr(transport)]
    for path_asked in ("/tv/1", "/tv/1", "/redirect", "/refused", "/broken", "/cut", "/page", "/nothing"):
        try:
            transport.get(path_asked)
        except PlexgapError as error:
            said += [str(error), repr(error), error.advice, repr(error.__cause__), repr(error.__context__)]
            logging.getLogger("plexgap").exception("kept")
    transport.close()
    assert len(server.asked) >= 8
    assert all(SECRET in repr(asked) for asked in server.asked)  # it did travel
    assert SECRET not in "\n".join(said)
    assert SECRET not in caplog.text
    assert "GET /3/tv/1?..." in caplog.text or kind == "secret_headers"
    for file in tmp_path.iterdir():
        assert SECRET.encode() not in file.read_bytes()


def test_headers_that_do_not_parse_are_logged_without_the_query(
    caplog: pytest.LogCaptureFixture,
) -> None:
    logging.getLogger("urllib3.connection").warning("Failed to parse headers (url=%s): %s", f"/x?api_key={SECRET}", 1)
    assert "Failed to parse headers (url=/x?..." in caplog.text
    assert SECRET not in caplog.text


def test_password_of_netrc_is_not_sent(
    server: ScriptedServer, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password something\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    server.on("/3/tv/1", GOOD)
    get(make())
    assert "authorization" not in server.asked[0].headers


# The file of ETags


def ask_twice(server: ScriptedServer, make: Make, path: Path) -> list[str | None]:
    """Asks with two transports one after the other; the validators that travelled."""
    server.on("/3/tv/1", Answer(json={"id": 1}, etag='"a"'))
    for _ in range(2):
        transport = make(cache_path=path)
        assert get(transport) == {"id": 1}
        transport.close()
    return [asked.headers.get("if-none-match") for asked in server.asked]


def damage_header(path: Path) -> None:
    path.write_bytes(b"this is no database, " * 500)


def damage_pages(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:200] + b"\xff" * (len(content) - 200))


def other_table(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("DROP TABLE answers; CREATE TABLE answers (something TEXT);")


@pytest.mark.parametrize("damage", [damage_header, damage_pages, other_table])
def test_damaged_file_is_made_anew_and_no_question_fails(
    damage: Callable[[Path], None],
    server: ScriptedServer,
    make: Make,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    path = tmp_path / "http.sqlite"
    assert ask_twice(server, make, path) == [None, '"a"']
    damage(path)
    assert ask_twice(server, make, path)[2:] == [None, '"a"']
    assert "is damaged" in caplog.text


def test_folder_in_its_place_costs_only_the_etags(
    server: ScriptedServer, make: Make, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "http.sqlite"
    path.mkdir()
    assert ask_twice(server, make, path) == [None, None]
    assert "questions travel without their ETag" in caplog.text


def test_full_disk_costs_only_the_etags(
    server: ScriptedServer, make: Make, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    resource = pytest.importorskip("resource")
    server.on("/3/tv/1", Answer(json={"id": 1, "name": "x" * 50_000}, etag='"a"'))
    transport = make(cache_path=tmp_path / "http.sqlite")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        for _ in range(2):
            assert get(transport)["id"] == 1
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "if-none-match" not in server.asked[1].headers
    assert caplog.text.count("questions travel without their ETag") == 1


def test_file_that_another_process_holds_costs_only_the_etags(server: ScriptedServer, tmp_path: Path) -> None:
    server.on("/tv/1", Answer(json={"id": 1}, etag='"a"'))
    path = tmp_path / "http.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with validating_session(path, "", (), lambda: NOW, busy_s=0.01) as session:
            for _ in range(2):
                assert session.get(server.url + "/tv/1").json() == {"id": 1}
    assert [asked.headers.get("if-none-match") for asked in server.asked] == [None, None]


@pytest.mark.parametrize("planted", ["no json", "", b"\x80\x04"])
def test_planted_body_is_thrown_away(planted: object, server: ScriptedServer, make: Make, tmp_path: Path) -> None:
    path = tmp_path / "http.sqlite"
    ask_twice(server, make, path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE answers SET body = ?", (planted,))
    assert ask_twice(server, make, path)[2:] == [None, '"a"']


def test_nothing_is_kept_longer_than_six_months_unless_the_service_said_that_it_holds(
    server: ScriptedServer, make: Make, tmp_path: Path
) -> None:
    path = tmp_path / "http.sqlite"
    for number in (1, 2):
        server.on(f"/3/tv/{number}", Answer(json={"id": number}, etag=f'"{number}"'))
        get(make(cache_path=path), f"/tv/{number}")
    get(make(cache_path=path, now=lambda: NOW + timedelta(days=100)), "/tv/2")
    make(cache_path=path, now=lambda: NOW + timedelta(days=200)).close()
    with closing(sqlite3.connect(path)) as connection:
        (key,) = connection.execute("SELECT key FROM answers").fetchone()
    assert key.endswith("/3/tv/2")


def test_what_somebody_watches_is_the_users_alone(server: ScriptedServer, make: Make, tmp_path: Path) -> None:
    server.on("/3/tv/1", Answer(json={"id": 1}, etag='"a"'))
    get(make(cache_path=tmp_path / "cache" / "http.sqlite"))
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "cache").iterdir()}
    assert set(modes.values()) == {0o600}
    assert "http.sqlite" in modes


def test_eight_threads_get_each_their_own_answer(server: ScriptedServer, make: Make, tmp_path: Path) -> None:
    for number in range(60):
        server.on(f"/3/tv/{number}", Answer(json={"id": number}, etag=f'"{number}"'))
    transport = make(cache_path=tmp_path / "http.sqlite", wait=None)
    with ThreadPoolExecutor(8) as pool:
        for _ in range(2):
            answers = list(pool.map(lambda number: get(transport, f"/tv/{number}")["id"], range(60)))
            assert answers == list(range(60))
    assert transport.requests == 120
    assert sum("if-none-match" in asked.headers for asked in server.asked) == 60

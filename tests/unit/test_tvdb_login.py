"""Signing in to TheTVDB: when it is done, what is kept of it, and what a refusal means."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from plexgap.domain.catalogue import Ask
from plexgap.domain.errors import BadAnswer, Cancelled, NotListed, PlexgapError, Rejected, Unreachable
from plexgap.sources.http import Transport
from plexgap.sources.tvdb import tvdb_transport
from plexgap.sources.tvdb_login import Login
from plexgap.store.secrets import SecretFile
from tests.scripted import Answer, Asked, FakeTime, MemoryKeeper, ScriptedServer
from tests.tvdb_forms import FAILED, KEY, PIN, REFUSED, login_form, token

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
MONTH = NOW + timedelta(days=30)
FIRST, SECOND = token(MONTH, "first"), token(MONTH, "second")
GOOD = Answer(json={"status": "success", "data": {"id": 1}})
NO = Answer(status=401, json=REFUSED)
PAGE = Answer(status=502, body=b"<html>Bad gateway</html>", kind="text/html")

Make = Callable[..., Login]


class Service(ScriptedServer):
    """Refuses every question with the token that it ended, whatever else it would answer."""

    ended = ""

    def answer(self, asked: Asked) -> Answer:
        said = super().answer(asked)
        return NO if self.ended and asked.headers.get("authorization") == f"Bearer {self.ended}" else said


@pytest.fixture
def server() -> Iterator[Service]:
    service = Service(otherwise=GOOD)
    service.on("/v4/login", Answer(json=login_form(FIRST)), Answer(json=login_form(SECOND)))
    with service:
        yield service


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def keeper() -> MemoryKeeper:
    return MemoryKeeper()


@pytest.fixture
def make(server: ScriptedServer, time: FakeTime, keeper: MemoryKeeper, tmp_path: Path) -> Iterator[Make]:
    """A sign-in as each run of the program makes one, over the same kept token; closed at the end."""
    made: list[Transport] = []

    def make(
        key: str = KEY,
        pin: str = "",
        now: datetime = NOW,
        base: str = "/v4",
        kept: SecretFile | MemoryKeeper = keeper,
        stop: threading.Event | None = None,
        wait: Callable[[float], bool] | None = time.wait,
    ) -> Login:
        address = server.url + base
        made.append(
            tvdb_transport(
                address,
                cache_path=tmp_path / "http.sqlite",
                requests_per_second=0,
                workers=8,
                stop=stop or time.stop,
                now=lambda: now,
                clock=time.clock,
                wait=wait,
            )
        )
        return Login(made[-1], key, pin, address, kept, lambda: now)

    yield make
    for transport in made:
        transport.close()


def ask(login: Login, path: str = "/series/1") -> bytes:
    return login.get(path, {}, Ask.REVALIDATE)


def sent(server: ScriptedServer) -> list[str]:
    """What travelled: "POST /v4/login", "first /v4/series/1"."""
    names = {f"Bearer {FIRST}": "first", f"Bearer {SECOND}": "second", "": "POST"}
    return [f"{names[asked.headers.get('authorization', '')]} {asked.path}" for asked in server.asked]


# What is sent


@pytest.mark.parametrize(
    ("pin", "body"),
    [("", {"apikey": KEY}), (" \n", {"apikey": KEY}), (f" {PIN}\n", {"apikey": KEY, "pin": PIN})],
)
def test_pin_is_left_out_where_there_is_none(
    pin: str, body: dict[str, str], server: ScriptedServer, make: Make
) -> None:
    ask(make(key=f" {KEY}\n", pin=pin))
    login, question = server.asked
    assert (login.method, login.path, json.loads(login.body)) == ("POST", "/v4/login", body)
    assert "authorization" not in login.headers
    assert question.headers["authorization"] == f"Bearer {FIRST}"


def test_one_signs_in_once_a_run_and_only_when_something_is_asked(server: ScriptedServer, make: Make) -> None:
    login = make()
    assert server.asked == []
    for number in range(3):
        ask(login, f"/series/{number}")
    assert sent(server) == ["POST /v4/login", *(f"first /v4/series/{number}" for number in range(3))]


def test_eight_threads_sign_in_once(server: ScriptedServer, make: Make) -> None:
    login = make(wait=None)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: ask(login, f"/series/{number}"), range(40)))
    assert server.paths.count("/v4/login") == 1
    assert len(server.asked) == 41


# What is kept


def test_token_is_kept_for_the_next_run(server: ScriptedServer, make: Make) -> None:
    ask(make())
    ask(make())
    assert sent(server) == ["POST /v4/login", "first /v4/series/1", "first /v4/series/1"]


def test_kept_token_is_the_users_alone_and_the_key_is_not_with_it(
    server: ScriptedServer, make: Make, tmp_path: Path
) -> None:
    path = tmp_path / "home" / "tvdb-token.json"
    for _ in range(2):
        ask(make(pin=PIN, kept=SecretFile(path)))
    assert server.paths.count("/v4/login") == 1
    assert path.stat().st_mode & 0o777 == 0o600
    text = path.read_text(encoding="utf-8")
    assert set(json.loads(text)) == {"token", "key", "exp"}
    assert KEY not in text
    assert PIN not in text


@pytest.mark.parametrize(
    ("until", "after", "signs_in"),
    [
        (MONTH, timedelta(days=22, hours=23), False),
        (MONTH, timedelta(days=23), True),
        (MONTH, timedelta(days=300), True),
        (None, timedelta(hours=23), False),
        (None, timedelta(hours=24), True),
    ],
)
def test_token_is_left_a_week_before_its_end_and_after_a_day_where_it_tells_none(
    until: datetime | None, after: timedelta, signs_in: bool, server: ScriptedServer, make: Make
) -> None:
    server.on("/v4/login", Answer(json=login_form(token(until))))
    ask(make())
    ask(make(now=NOW + after))
    assert server.paths.count("/v4/login") == (2 if signs_in else 1)


def test_token_that_ends_within_the_week_serves_the_run_that_got_it(server: ScriptedServer, make: Make) -> None:
    server.on("/v4/login", Answer(json=login_form(token(NOW + timedelta(hours=1)))))
    login = make()
    for _ in range(3):
        ask(login)
    assert server.paths.count("/v4/login") == 1


@pytest.mark.parametrize(
    "claims", ["", "...", "bm8ganNvbg", "W10", "eyJleHAiOiJzb29uIn0", "eyJleHAiOjE3OTk5OTk5OTk5OTl9"]
)
def test_token_of_any_form_serves_for_a_day(claims: str, server: ScriptedServer, make: Make) -> None:
    server.on("/v4/login", Answer(json=login_form(f"h.{claims}.s")))
    for after in (timedelta(0), timedelta(hours=23), timedelta(days=2)):
        ask(make(now=NOW + after))
    assert server.paths.count("/v4/login") == 2


@pytest.mark.parametrize(
    "other",
    [{"key": "another-key"}, {"pin": PIN}, {"key": f"{KEY}\n{PIN}"}, {"base": "/other/v4"}],
    ids=["key", "pin", "key that looks as both", "address"],
)
def test_token_of_another_key_pin_or_address_is_never_sent(
    other: dict[str, str], server: ScriptedServer, make: Make
) -> None:
    server.on("/other/v4/login", Answer(json=login_form(SECOND)))
    ask(make())
    ask(make(**other))
    assert sent(server)[2].startswith("POST ")
    assert sent(server)[3].startswith("second ")


@pytest.mark.parametrize("text", ["{", "[]", '{"token": "a"}', '{"token": "a\\nb", "key": "x", "exp": 9}', "\x00"])
def test_kept_text_that_is_broken_costs_a_sign_in(
    text: str, server: ScriptedServer, make: Make, keeper: MemoryKeeper
) -> None:
    keeper.text = text
    ask(make())
    assert sent(server) == ["POST /v4/login", "first /v4/series/1"]
    assert json.loads(keeper.text)["token"] == FIRST


def test_file_that_cannot_be_read_or_written_costs_a_sign_in_each_run(
    server: ScriptedServer, make: Make, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "folder").mkdir()
    for _ in range(2):
        ask(make(kept=SecretFile(tmp_path / "folder")))
    assert server.paths.count("/v4/login") == 2
    assert "can't be read" in caplog.text
    assert "could not be written" in caplog.text


# A token that is refused


def test_token_that_is_refused_is_replaced_once_and_the_new_one_kept(
    server: ScriptedServer, make: Make, keeper: MemoryKeeper
) -> None:
    ask(make())
    server.on("/v4/series/1", NO, GOOD)
    ask(make())
    ask(make())
    assert sent(server)[2:] == [
        *("first /v4/series/1", "POST /v4/login", "second /v4/series/1"),
        "second /v4/series/1",
    ]
    assert json.loads(keeper.text)["token"] == SECOND


def test_new_token_that_is_refused_too_is_not_replaced_again(server: ScriptedServer, make: Make) -> None:
    server.otherwise = NO
    login = make()
    for _ in range(3):
        with pytest.raises(Rejected) as caught:
            ask(login)
        assert caught.value.advice.startswith("TheTVDB refused this key. ")
    assert sent(server) == [
        *("POST /v4/login", "first /v4/series/1", "POST /v4/login", "second /v4/series/1"),
        *("second /v4/series/1", "second /v4/series/1"),
    ]


def test_threads_whose_token_is_refused_sign_in_once_for_all(server: Service, make: Make) -> None:
    ask(make())
    server.ended = FIRST
    login = make(wait=None)
    with ThreadPoolExecutor(8) as pool:
        assert len(list(pool.map(lambda number: ask(login, f"/series/{number}"), range(40)))) == 40
    assert server.paths.count("/v4/login") == 2


@pytest.mark.parametrize("kept", [True, False], ids=["with a kept token", "without"])
def test_refused_key_is_tried_once_a_run_and_says_what_to_do(kept: bool, server: ScriptedServer, make: Make) -> None:
    if kept:
        ask(make())
    server.asked.clear()
    server.on("/v4/login", NO)
    server.otherwise = NO
    login = make()
    for number in range(3):
        with pytest.raises(Rejected) as caught:
            ask(login, f"/series/{number}")
    assert server.paths.count("/v4/login") == 1
    assert caught.value.advice == (
        "TheTVDB refused this key. Copy the key and its PIN once more: a key that belongs to a subscription needs the "
        "subscriber's PIN, any other key none."
    )


@pytest.mark.parametrize(
    ("failure", "error"),
    [(PAGE, Unreachable), (Answer(body=b"<html>", kind="text/html"), BadAnswer), (Answer(drop=True), Unreachable)],
    ids=["gateway", "page for people", "no answer"],
)
def test_sign_in_that_fails_is_no_refusal_and_leaves_the_kept_token(
    failure: Answer, error: type[PlexgapError], server: ScriptedServer, make: Make, keeper: MemoryKeeper
) -> None:
    ask(make())
    before = keeper.text
    server.on("/v4/series/1", NO)
    server.on("/v4/login", failure)
    login = make()
    for _ in range(2):
        with pytest.raises(error) as caught:
            ask(login)
    assert caught.value.advice.startswith("TheTVDB ")
    assert keeper.text == before
    server.on("/v4/login", Answer(json=login_form(SECOND)))
    server.on("/v4/series/1", NO, GOOD)
    ask(login)
    assert sent(server)[-1] == "second /v4/series/1"


def test_refusal_by_something_on_the_way_is_told_apart(server: ScriptedServer, make: Make) -> None:
    server.on("/v4/login", Answer(status=403, body=b"<html>", kind="text/html"))
    with pytest.raises(Rejected) as caught:
        ask(make())
    assert "something on the way refused" in caught.value.advice


def test_proof_signs_in_whether_there_is_a_token_or_not(server: ScriptedServer, make: Make) -> None:
    login = make()
    login.sign_in()
    login.sign_in()
    ask(login)
    assert sent(server) == ["POST /v4/login", "POST /v4/login", "second /v4/series/1"]


def test_proof_tries_a_key_again_that_was_refused(server: ScriptedServer, make: Make) -> None:
    server.on("/v4/login", NO, Answer(json=login_form(FIRST)))
    login = make()
    with pytest.raises(Rejected):
        login.sign_in()
    login.sign_in()
    ask(login)
    assert sent(server)[-1] == "first /v4/series/1"


@pytest.mark.parametrize("answer", [Answer(status=404, json=FAILED), Answer(status=404, body=b"", kind="text/html")])
def test_wrong_address_is_said_and_makes_nothing_seem_gone(answer: Answer, server: ScriptedServer, make: Make) -> None:
    server.on("/v4/login", answer)
    with pytest.raises(BadAnswer) as caught:
        ask(make())
    assert not isinstance(caught.value, NotListed)
    assert ("https://api4.thetvdb.com/v4" in caught.value.advice) == (answer.json is not None)


@pytest.mark.parametrize("given", [None, "", "a\r\nX: 1", "a b", "schlüssel", "x" * 9000, 7])
def test_answer_without_a_token_is_a_bad_answer(given: object, server: ScriptedServer, make: Make) -> None:
    server.on("/v4/login", Answer(json={"status": "success", "data": {"token": given}}))
    with pytest.raises(BadAnswer, match=r"TheTVDB: /login: data.token"):
        ask(make())


def test_failure_in_the_guise_of_a_success_is_a_bad_answer(server: ScriptedServer, make: Make) -> None:
    server.on("/v4/login", Answer(json={**login_form(FIRST), "status": "failure"}))
    with pytest.raises(BadAnswer):
        ask(make())


def test_stop_ends_a_sign_in_at_once(server: ScriptedServer, make: Make) -> None:
    server.on("/v4/login", PAGE)
    stop = threading.Event()

    def wait(seconds: float) -> bool:
        stop.set()
        return stop.wait(seconds)

    login = make(stop=stop, wait=wait)
    for _ in range(2):
        with pytest.raises(Cancelled):
            ask(login)
    assert server.paths == ["/v4/login"]


def test_key_pin_and_token_stand_in_no_error_log_or_cache(
    server: ScriptedServer, make: Make, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("", "urllib3", "requests_cache", "plexgap"):
        caplog.set_level(logging.DEBUG, logger=name)
    server.on("/v4/login", Answer(json=login_form(FIRST), etag='"a"'), PAGE, PAGE, PAGE, NO)
    server.on("/v4/series/1", Answer(json=GOOD.json, etag='"b"'), NO)
    login = make(pin=PIN)
    said = [repr(login)]
    ask(login)
    for _ in range(2):
        try:
            ask(login)
        except PlexgapError as error:
            said += [str(error), repr(error), error.advice, repr(error.__cause__), repr(error.__context__)]
            logging.getLogger("plexgap").exception("kept")
    assert len(said) == 11
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for secret in (KEY, PIN, FIRST, FIRST.split(".")[1]):
        assert secret not in "\n".join(said)
        assert secret not in caplog.text
        assert secret.encode() not in written

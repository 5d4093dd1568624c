"""The steps of a sign-in, with a plex.tv that says what a test wrote down and seconds that pass only by waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import pytest

from plexgap.domain.account import Account, Address, OwnServer, Pin, Reach
from plexgap.domain.errors import BadAnswer, Busy, Cancelled, PlexgapError, Rejected, Unreachable
from plexgap.jobs.sign_in import Phase, SignIn, await_token, connect
from tests.scripted import FakeTime

TOKEN = "the-token"
PIN = Pin(1, "code", 20)
AWAY = Unreachable("plex.tv", "no connection", "plex.tv did not answer.")
WAIT_S = 10


@dataclass
class PlexTv:
    """Answers to polls in turn, the last one again and again; then the account."""

    polls: Sequence[str | Exception] = ("", TOKEN)
    account_found: Account = field(default_factory=lambda: Account("mara", (server(),)))
    asked: int = 0

    def pin(self, *, strong: bool) -> Pin:
        assert strong
        return PIN

    def token(self, pin: Pin) -> str:
        answer = self.polls[min(self.asked, len(self.polls) - 1)]
        self.asked += 1
        if isinstance(answer, Exception):
            raise answer
        return answer

    def account(self, token: str) -> Account:
        assert token == TOKEN
        return self.account_found


def server(*addresses: Address, name: str = "Attic", machine_id: str = "attic") -> OwnServer:
    found = addresses or (Address("http://here", Reach.LOCAL_HTTP),)
    return OwnServer(machine_id, name, "", "server-token", found)


def begin(plex_tv: PlexTv, machine_id: Callable[[str], str] = lambda url: "attic") -> SignIn:
    time = FakeTime()

    @contextmanager
    def opens(stop: threading.Event) -> Iterator[PlexTv]:
        yield plex_tv

    return SignIn(opens, lambda pin: f"https://page/#?code={pin.code}", machine_id, time.clock, time.wait)


# Waiting for the person


def test_the_token_is_asked_for_every_two_seconds_until_it_is_there() -> None:
    time = FakeTime()
    assert await_token(PlexTv(("", "", TOKEN)), PIN, time.clock, time.wait) == TOKEN
    assert time.waits == [2, 2]


def test_a_pin_that_nobody_confirms_ends_when_its_time_is_over() -> None:
    time, plex_tv = FakeTime(), PlexTv(("",))
    with pytest.raises(Rejected) as caught:
        await_token(plex_tv, PIN, time.clock, time.wait)
    assert caught.value.advice == "Nobody confirmed the sign-in at plex.tv in time. Begin again."
    assert plex_tv.asked == 10


@pytest.mark.parametrize("trouble", [AWAY, Busy("plex.tv", "slow down"), BadAnswer("plex.tv", "a page")])
def test_a_plex_tv_that_is_away_for_a_while_is_waited_for(trouble: PlexgapError) -> None:
    time, notes = FakeTime(), list[str]()
    polls = (trouble, trouble, "", TOKEN)
    assert await_token(PlexTv(polls), PIN, time.clock, time.wait, notes.append) == TOKEN
    assert notes == [trouble.advice, trouble.advice, ""]


def test_a_plex_tv_that_stays_away_is_the_end() -> None:
    time, plex_tv = FakeTime(), PlexTv((AWAY,))
    with pytest.raises(Unreachable):
        await_token(plex_tv, PIN, time.clock, time.wait)
    assert plex_tv.asked == 5


def test_a_refusal_is_the_end_at_once() -> None:
    time, plex_tv = FakeTime(), PlexTv((Rejected("plex.tv", "404"),))
    with pytest.raises(Rejected):
        await_token(plex_tv, PIN, time.clock, time.wait)
    assert plex_tv.asked == 1


def test_stopping_asks_nothing_more() -> None:
    time, plex_tv = FakeTime(), PlexTv(("",))
    time.stop.set()
    with pytest.raises(Cancelled):
        await_token(plex_tv, PIN, time.clock, time.wait)
    assert plex_tv.asked == 1


# The best address


LOCAL_HTTPS = Address("local-https", Reach.LOCAL_HTTPS)
SECOND = Address("second-local-https", Reach.LOCAL_HTTPS)
LOCAL_HTTP = Address("local-http", Reach.LOCAL_HTTP)
REMOTE = Address("remote", Reach.REMOTE)
RELAY = Address("relay", Reach.RELAY)
ALL = (LOCAL_HTTPS, LOCAL_HTTP, REMOTE, RELAY)


@pytest.mark.parametrize(
    ("alive", "best"),
    [
        (ALL, LOCAL_HTTPS),
        ((LOCAL_HTTP, REMOTE, RELAY), LOCAL_HTTP),
        ((REMOTE, RELAY), REMOTE),
        ((RELAY,), RELAY),
    ],
)
def test_the_first_kind_that_answers_is_taken(alive: tuple[Address, ...], best: Address) -> None:
    answering = {address.url for address in alive}
    found = connect(server(*ALL), lambda url: "attic" if url in answering else "")
    assert (found.url, found.token, found.server) == (best.url, "server-token", "Attic")


def test_a_better_kind_that_is_slow_is_waited_for() -> None:
    answered = threading.Event()

    def machine_id(url: str) -> str:
        if url == LOCAL_HTTPS.url:
            assert answered.wait(WAIT_S)
        else:
            answered.set()
        return "attic"

    assert connect(server(LOCAL_HTTPS, RELAY), machine_id).url == LOCAL_HTTPS.url


def test_within_a_kind_the_fastest_is_taken_and_the_others_are_not_waited_for() -> None:
    never = threading.Event()

    def machine_id(url: str) -> str:
        if url != SECOND.url:
            never.wait(WAIT_S)
        return "attic"

    try:
        assert connect(server(LOCAL_HTTPS, SECOND, RELAY), machine_id).url == SECOND.url
    finally:
        never.set()


def test_another_server_at_the_address_is_not_taken_for_this_one() -> None:
    found = connect(server(*ALL), lambda url: "a stranger" if url == LOCAL_HTTPS.url else "attic")
    assert found.url == LOCAL_HTTP.url


@pytest.mark.parametrize("nowhere", [server(*ALL), OwnServer("attic", "Attic", "", "t", ())])
def test_a_server_that_answers_nowhere_is_said_by_name(nowhere: OwnServer) -> None:
    with pytest.raises(Unreachable) as caught:
        connect(nowhere, lambda url: "")
    assert caught.value.advice.startswith("Attic answers on none of the addresses that plex.tv knows.")


# The whole attempt


def test_an_account_with_one_server_is_connected_without_a_question() -> None:
    attempt = begin(PlexTv())
    assert attempt.wait(WAIT_S)
    assert attempt.standing.phase is Phase.CONNECTED
    assert "server-token" not in repr(attempt.standing)
    taken = attempt.take()
    assert taken is not None
    assert (taken.url, taken.token) == ("http://here", "server-token")
    assert attempt.take() is None, "the result is for whoever asks first"


def test_of_several_servers_the_person_chooses_and_may_choose_again() -> None:
    away = server(name="Cellar", machine_id="cellar")
    attempt = begin(PlexTv(account_found=Account("mara", (server(), away))))
    assert attempt.wait(WAIT_S)
    assert attempt.standing.phase is Phase.CHOOSING
    assert attempt.take() is None
    attempt.choose("nobody's")
    assert attempt.standing.phase is Phase.CHOOSING
    attempt.choose("cellar")
    assert attempt.wait(WAIT_S)
    assert attempt.standing.phase is Phase.CHOOSING
    assert "Cellar answers on none" in attempt.standing.problem
    attempt.choose("attic")
    assert attempt.wait(WAIT_S)
    assert attempt.standing == replace(attempt.standing, phase=Phase.CONNECTED, problem="")


@pytest.mark.parametrize(
    ("plex_tv", "said"),
    [
        (PlexTv((AWAY,)), "plex.tv did not answer."),
        (PlexTv(("",)), "Nobody confirmed the sign-in at plex.tv in time. Begin again."),
        (PlexTv(account_found=Account("mara", ())), "This account has no Plex Media Server"),
    ],
    ids=["outage", "expired", "no server"],
)
def test_an_attempt_that_fails_says_why(plex_tv: PlexTv, said: str) -> None:
    attempt = begin(plex_tv)
    assert attempt.wait(WAIT_S)
    assert attempt.standing.phase is Phase.FAILED
    assert attempt.standing.problem.startswith(said)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_attempt_that_breaks_by_a_fault_of_ours_does_not_wait_for_ever() -> None:
    attempt = begin(PlexTv((ZeroDivisionError("ours"),)))
    assert attempt.wait(WAIT_S)
    assert attempt.standing.phase is Phase.FAILED
    assert attempt.standing.problem == "Something went wrong here. Begin again."

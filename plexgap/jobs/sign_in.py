"""Signing in to Plex: a PIN that a person confirms, their servers, and the best address of the one they choose.

The page follows an attempt that runs beside it, a command walks through the same steps itself. Changes when signing in
takes other steps (reference/plex-tv.md 2 and 5).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import Protocol

from plexgap.domain.account import Account, Address, Connected, OwnServer, Pin
from plexgap.domain.errors import BadAnswer, Busy, Cancelled, PlexgapError, Rejected, Unreachable

POLL_S = 2.0
_PATIENCE = 5
_MOST_ADDRESSES = 24
_EXPIRED = "Nobody confirmed the sign-in at plex.tv in time. Begin again."
_FAULT = "Something went wrong here. Begin again."
NO_SERVER = "This account has no Plex Media Server, and none is shared with it. Sign in with another account."


class SignsIn(Protocol):
    """What is asked of plex.tv. SourceError where it does not answer; Rejected where it refuses."""

    def pin(self, *, strong: bool) -> Pin: ...

    def token(self, pin: Pin) -> str: ...

    def account(self, token: str) -> Account: ...


def await_token(
    plex_tv: SignsIn,
    pin: Pin,
    clock: Callable[[], float],
    wait_s: Callable[[float], bool],
    note: Callable[[str], None] = lambda advice: None,
) -> str:
    """The token, once the person confirmed the PIN; asked for every two seconds. `wait_s` is true when it was stopped.

    `note` is told why plex.tv did not answer, and "" once it does again; it may fail a few times in a row. Raises
    SourceError then, Rejected when the PIN's time is over or it was refused, Cancelled.
    """
    ends = clock() + pin.holds_s
    failed = 0
    while clock() < ends:
        try:
            token = plex_tv.token(pin)
        except (Unreachable, Busy, BadAnswer) as error:
            failed += 1
            if failed == _PATIENCE:
                raise
            note(error.advice)
        else:
            if token:
                return token
            if failed:
                note("")
            failed = 0
        if wait_s(POLL_S):
            raise Cancelled
    raise Rejected("plex.tv", "nobody confirmed the PIN in time", _EXPIRED)


def connect(server: OwnServer, machine_id: Callable[[str], str]) -> Connected:
    """The first kind of address that answers as this server, and within it the fastest. All are asked at once.

    `machine_id` says who answers at an address, "" for nobody. Unreachable when it is nowhere this server.
    """
    found = _nearest(server.addresses[:_MOST_ADDRESSES], lambda address: machine_id(address.url) == server.machine_id)
    if found is None:
        raise Unreachable(
            "Plex",
            f"none of {len(server.addresses)} addresses of the server answers",
            f"{server.name} answers on none of the addresses that plex.tv knows. Check that it runs and that this "
            "computer is in its network, or enter its address and token yourself.",
        )
    return Connected(server.name, found.url, server.token)


def _nearest(addresses: tuple[Address, ...], answers: Callable[[Address], bool]) -> Address | None:
    if not addresses:
        return None
    asking = ThreadPoolExecutor(len(addresses), thread_name_prefix="plex-address")
    try:
        left: dict[Future[bool], Address] = {asking.submit(answers, address): address for address in addresses}
        best: Address | None = None
        while left:
            done, _ = wait(left, return_when=FIRST_COMPLETED)
            for each in done:
                address = left.pop(each)
                if each.result() and (best is None or address.reach < best.reach):
                    best = address
            if best is not None and all(address.reach >= best.reach for address in left.values()):
                return best
        return best
    finally:
        asking.shutdown(wait=False, cancel_futures=True)


class Phase(StrEnum):
    """How far an attempt is. ASKING and CONNECTING pass by themselves, CHOOSING waits for a choice of server."""

    ASKING = "asking"
    WAITING = "waiting"
    CHOOSING = "choosing"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Standing:
    """An attempt at one moment. `page`: where to confirm it. `problem`: for the person, what does not work, or ""."""

    phase: Phase
    page: str = ""
    account: Account | None = None
    connected: Connected | None = None
    problem: str = ""


Opens = Callable[[threading.Event], AbstractContextManager[SignsIn]]


class SignIn:
    """One attempt, in a thread of its own. Tokens stay in this object; pages see its standing and take the result once.

    `opens`: plex.tv, until the given event is set; `page`: the address at which to confirm a PIN; `machine_id`: as for
    `connect`. `wait_s`: for tests, which never wait.
    """

    def __init__(
        self,
        opens: Opens,
        page: Callable[[Pin], str],
        machine_id: Callable[[str], str],
        clock: Callable[[], float],
        wait_s: Callable[[float], bool] | None = None,
    ) -> None:
        self._opens, self._page, self._machine_id, self._clock = opens, page, machine_id, clock
        self._stop = threading.Event()
        self._wait_s = wait_s or self._stop.wait
        self._lock = threading.Lock()
        self._standing = Standing(Phase.ASKING)
        self._thread = self._started(self._sign_in)

    @property
    def standing(self) -> Standing:
        return self._standing

    def choose(self, machine_id: str) -> None:
        """Goes on with this server of the account."""
        account = self._standing.account
        chosen = next((s for s in account.servers if s.machine_id == machine_id), None) if account else None
        with self._lock:
            if chosen is None or self._standing.phase is not Phase.CHOOSING:
                return
            self._move(phase=Phase.CONNECTING, problem="")
        self._thread = self._started(partial(self._connect, chosen))

    def take(self) -> Connected | None:
        """The result, to whoever asks first; None before there is one and ever after."""
        with self._lock:
            found = self._standing.connected
            if found is not None:
                self._move(connected=None)
            return found

    def stop(self) -> None:
        """Gives up; nothing more is asked."""
        self._stop.set()

    def wait(self, timeout_s: float) -> bool:
        """Waits for what runs by itself; whether it came to rest."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _started(self, work: Callable[[], None]) -> threading.Thread:
        thread = threading.Thread(target=self._kept, args=(work,), name="plex-sign-in", daemon=True)
        thread.start()
        return thread

    def _kept(self, work: Callable[[], None]) -> None:
        problem = _FAULT
        try:
            work()
            problem = ""
        except Cancelled:
            problem = ""
        except PlexgapError as error:
            problem = error.advice
        finally:
            if problem:
                self._move(phase=Phase.FAILED, problem=problem)

    def _sign_in(self) -> None:
        with self._opens(self._stop) as plex_tv:
            pin = plex_tv.pin(strong=True)
            self._move(phase=Phase.WAITING, page=self._page(pin))
            token = await_token(plex_tv, pin, self._clock, self._wait_s, lambda advice: self._move(problem=advice))
            account = plex_tv.account(token)
        if not account.servers:
            self._move(phase=Phase.FAILED, page="", problem=NO_SERVER)
            return
        alone = len(account.servers) == 1
        self._move(phase=Phase.CONNECTING if alone else Phase.CHOOSING, page="", account=account, problem="")
        if alone:
            self._connect(account.servers[0])

    def _connect(self, server: OwnServer) -> None:
        try:
            found = connect(server, self._machine_id)
        except Unreachable as error:
            self._move(phase=Phase.CHOOSING, problem=error.advice)
        else:
            self._move(phase=Phase.CONNECTED, connected=found, problem="")

    def _move(self, **changes: object) -> None:
        self._standing = replace(self._standing, **changes)  # type: ignore[arg-type]

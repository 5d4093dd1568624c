"""Signing in to TheTVDB: a key, and perhaps a PIN, for a token that is kept from run to run. Changes when TheTVDB signs
people in otherwise.

Source: reference/tvdb.md 1. There is no renewal: one signs in again. Doing so for each question gets one throttled.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from plexgap.domain.catalogue import Ask
from plexgap.domain.errors import BadAnswer, NotListed, Rejected
from plexgap.sources import tvdb_wire as wire
from plexgap.sources.http import Transport

log = logging.getLogger(__name__)

REFUSED = (
    "TheTVDB refused this key. Copy the key and its PIN once more: a key that belongs to a subscription needs the "
    "subscriber's PIN, any other key none."
)

# A token lasts a month and is left a week before its end; one that doesn't say when it ends is used for a day.
_BEFORE_ITS_END = timedelta(days=7)
_WITHOUT_END = timedelta(days=1)

_LOGIN = "/login"


class Keeper(Protocol):
    """Where the token lies between runs, as a text that means something to this module alone."""

    def load(self) -> str:
        """What was kept; "" when there is nothing."""
        ...

    def keep(self, text: str) -> None:
        """Kept privately, in place of what was there. Never raises: a token that is lost costs a sign-in."""
        ...


class Login:
    """Questions to TheTVDB, each with a token that counts. Usable from several threads, which sign in once for all.

    A token that is refused is replaced once in the life of this object. After a key was refused no question tries it
    again.
    `address`: where the token was given. One given to another key, PIN or address is never used.
    """

    def __init__(
        self, transport: Transport, key: str, pin: str, address: str, keeper: Keeper, now: Callable[[], datetime]
    ) -> None:
        self._transport = transport
        self._sent = {"apikey": key.strip()} | ({"pin": pin.strip()} if pin.strip() else {})
        self._of = _fingerprint(address.rstrip("/"), self._sent)
        self._keeper = keeper
        self._now = now
        self._lock = threading.Lock()
        self._token = ""
        self._is_replaced = False
        self._refusal: Rejected | None = None

    def get(self, path: str, params: Mapping[str, str], ask: Ask, what: str = "") -> bytes:
        """As Transport.get. Rejected: TheTVDB refuses the key or the PIN."""
        token = self._present()
        try:
            return self._transport.get(path, params, ask=ask, what=what)
        except Rejected:
            if not self._replace(token):
                raise
        return self._transport.get(path, params, ask=ask, what=what)

    def sign_in(self) -> None:
        """Proves key, PIN and address, whether there is a token or not, and keeps the one that it brings."""
        with self._lock:
            self._refusal = None
            self._use(self._given())

    def _present(self) -> str:
        """The token in use; the one that was kept, or else a new one, the first time."""
        with self._lock:
            if not self._token:
                self._use(self._kept() or self._given())
            return self._token

    def _replace(self, refused: str) -> bool:
        """Puts a new token in the place of this one, unless another thread has done so; False when that was done once
        already, and was of no use."""
        with self._lock:
            if self._token != refused:
                return True
            if self._is_replaced:
                return False
            log.info("%s ended the sign-in: signing in again", wire.NAME)
            self._use(self._given())
            self._is_replaced = True
            return True

    def _use(self, token: str) -> None:
        self._token = token
        self._transport.sign({"Authorization": f"Bearer {token}"})

    def _given(self) -> str:
        """A new token, kept already."""
        if self._refusal is not None:
            raise self._refusal
        try:
            token = wire.read(wire.LoginAnswer, self._transport.post(_LOGIN, self._sent), _LOGIN).data.token
        except Rejected as error:
            self._refusal = error
            raise
        except NotListed:
            raise BadAnswer(
                wire.NAME,
                f"{_LOGIN}: no such address",
                "TheTVDB was not found at this address. The public one is https://api4.thetvdb.com/v4.",
            ) from None
        until = _end(token) or self._now() + _WITHOUT_END + _BEFORE_ITS_END
        self._keeper.keep(_Kept(token=token, key=self._of, exp=int(until.timestamp())).model_dump_json())
        return token

    def _kept(self) -> str:
        """The token of an earlier run; "" when there is none of this key that lasts long enough."""
        text = self._keeper.load()
        if not text:
            return ""
        try:
            kept = _Kept.model_validate_json(text)
        except ValidationError:
            log.warning("the kept sign-in of %s can't be read", wire.NAME)
            return ""
        lasts = kept.exp > (self._now() + _BEFORE_ITS_END).timestamp()
        return kept.token if kept.key == self._of and lasts else ""


class _Kept(wire.Token):
    """`key`: the fingerprint of what it was given for. `exp`: when it ends, in seconds since 1970."""

    key: str
    exp: int


class _Claims(BaseModel):
    """What we read of the token itself."""

    model_config = ConfigDict(extra="ignore")

    exp: int = Field(gt=0, lt=1 << 37)


def _fingerprint(address: str, sent: Mapping[str, str]) -> str:
    """Tells keys apart without telling what they are."""
    return hashlib.sha256("\n".join((address, *sent.values())).encode()).hexdigest()


def _end(token: str) -> datetime | None:
    """When the token ends, by its own word; None when it doesn't say. Nothing is proven by it, nor need be."""
    _, _, rest = token.partition(".")
    claims, _, _ = rest.partition(".")
    try:
        said = _Claims.model_validate_json(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    except ValueError:
        return None
    return datetime.fromtimestamp(said.exp, UTC)

"""plex.tv: signing in with a PIN, whose token it is, and the servers it opens. Changes when that part of plex.tv does.

Source: reference/plex-tv.md 2, 4, 5 and 7. A token travels in a header, to the one address that is set. What plex.tv
says besides (the town a person sits in, their e-mail address) is neither kept nor logged.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import TypeVar
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from plexgap import __version__
from plexgap.domain.account import Account, Address, OwnServer, Pin, Reach
from plexgap.domain.errors import BadAnswer, NotListed, Rejected
from plexgap.domain.watchlist import PLEX_TV
from plexgap.sources.http import Transport

NAME = PLEX_TV
PRODUCT = "plexgap"
_PINS, _USER = "/api/v2/pins", "/api/v2/user"
_RESOURCES = "/api/v2/resources"
_REQUESTS_PER_SECOND = 4.0
# 401; 422 "Invalid token"; 498: the token's time is over.
REFUSALS = frozenset({401, 403, 422, 498})
_REFUSED = "plex.tv refused the sign-in. Begin again; if it stays so, look for a newer plexgap."
_EXPIRED = "The sign-in was not confirmed at plex.tv in time, or was refused there. Begin again."

T = TypeVar("T")


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)


class _Pin(_Wire):
    number: int = Field(alias="id")
    code: str = Field(min_length=4)
    holds_s: float = Field(alias="expiresIn", gt=0)
    token: str | None = Field(default=None, alias="authToken")


class _User(_Wire):
    title: str | None = None
    username: str | None = None


class _Connection(_Wire):
    address: str = ""
    port: int = 0
    uri: str = ""
    local: bool = False
    relay: bool = False


class _Resource(_Wire):
    name: str = ""
    provides: str = ""
    machine_id: str = Field(default="", alias="clientIdentifier")
    token: str | None = Field(default=None, alias="accessToken")
    owned: bool = False
    owner: str | None = Field(default=None, alias="sourceTitle")
    https_required: bool = Field(default=False, alias="httpsRequired")
    connections: list[_Connection] = []

    @property
    def is_server(self) -> bool:
        return bool(self.machine_id) and "server" in self.provides.split(",")


_PIN, _ACCOUNT, _LIST = TypeAdapter(_Pin), TypeAdapter(_User), TypeAdapter(list[_Resource])


class PlexAccount:
    """A sign-in at plex.tv, and what it leads to. Every question raises SourceError."""

    def __init__(self, transport: Transport, client_id: str) -> None:
        self._transport = transport
        self._client_id = client_id

    def pin(self, *, strong: bool) -> Pin:
        """A new PIN: a long one for the sign-in page, or one of four characters for a person to type."""
        path = f"{_PINS}?strong=true" if strong else _PINS
        found = read(self._transport.post(path, {}), _PIN, _PINS)
        return Pin(found.number, found.code, found.holds_s)

    def token(self, pin: Pin) -> str:
        """The token once the person confirmed the PIN, "" until then. Rejected: its time is over, or they refused."""
        try:
            found = read(self._transport.get(f"{_PINS}/{pin.number}"), _PIN, _PINS)
        except NotListed:
            raise expired() from None
        return found.token or ""

    def account(self, token: str) -> Account:
        """Whom the token belongs to, and the servers it opens. Two requests. Rejected: it is no token."""
        self._transport.sign(headers(self._client_id) | {"X-Plex-Token": token})
        user = read(self._transport.get(_USER), _ACCOUNT, _USER)
        asked = {"includeHttps": "1", "includeRelay": "1", "includeIPv6": "1"}
        listed = read(self._transport.get(_RESOURCES, asked), _LIST, _RESOURCES)
        # Somebody else's server never sees the token of the account itself.
        servers = [_to_server(each, token) for each in listed if each.is_server and (each.token or each.owned)]
        servers.sort(key=lambda server: (bool(server.owner), server.name.casefold()))
        return Account(user.title or user.username or "", tuple(servers))


def expired() -> Rejected:
    """What is said when nobody confirmed the PIN in time."""
    return Rejected(NAME, "the PIN was not confirmed", _EXPIRED)


def sign_in_page(app_base_url: str, client_id: str, pin: Pin) -> str:
    """The address at which a person confirms a strong PIN. What stands behind the # is never sent by a browser."""
    told = {"clientID": client_id, "code": pin.code, "context[device][product]": PRODUCT}
    pairs = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in told.items())
    return f"{app_base_url}/auth#?{pairs}"


def link_page(plex_tv_base_url: str) -> str:
    """The address at which a person types a PIN of four characters."""
    return f"{plex_tv_base_url}/link"


def headers(client_id: str) -> dict[str, str]:
    """What every request says of who asks."""
    return {
        "X-Plex-Client-Identifier": client_id,
        "X-Plex-Product": PRODUCT,
        "X-Plex-Version": __version__,
        "X-Plex-Platform": PRODUCT,
        "X-Plex-Device-Name": PRODUCT,
    }


def account_transport(
    base_url: str,
    *,
    client_id: str,
    stop: threading.Event,
    clock: Callable[[], float] = time.monotonic,
    wait: Callable[[float], bool] | None = None,
) -> Transport:
    """The transport for plex.tv itself. Nothing of it is ever stored."""
    return Transport(
        service=NAME,
        base_url=base_url,
        headers=headers(client_id),
        cache_path=None,
        requests_per_second=_REQUESTS_PER_SECOND,
        workers=1,
        stop=stop,
        refusals=REFUSALS,
        refused_advice=_REFUSED,
        clock=clock,
        wait=wait,
    )


def read(body: bytes, form: TypeAdapter[T], path: str) -> T:
    """The body in this form; BadAnswer, which names the path and no content, when it is of another one."""
    try:
        return form.validate_json(body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        problem = f"{path}: {'.'.join(map(str, first['loc']))} {first['msg']}"
    raise BadAnswer(NAME, problem, "plex.tv answered in a form that plexgap does not know. Look for a newer plexgap.")


def _to_server(found: _Resource, token: str) -> OwnServer:
    ways = dict.fromkeys(way for each in found.connections for way in _ways(each, found.https_required))
    return OwnServer(
        machine_id=found.machine_id,
        name=found.name or "Plex",
        owner="" if found.owned else found.owner or "someone else",
        token=found.token or token,
        addresses=tuple(sorted(ways, key=lambda way: way.reach)),
    )


def _ways(told: _Connection, https_required: bool) -> Iterator[Address]:
    """The address as plex.tv gives it; a local one also without https, where the server takes that. The name in an
    https address is the one that its certificate is for, and stays."""
    if _is_web(told.uri):
        yield Address(told.uri.rstrip("/"), _reach(told, is_https=told.uri.startswith("https://")))
    if told.local and not told.relay and told.address and told.port and not https_required:
        host = f"[{told.address}]" if ":" in told.address else told.address
        plain = f"http://{host}:{told.port}"
        if _is_web(plain):
            yield Address(plain, Reach.LOCAL_HTTP)


def _reach(told: _Connection, *, is_https: bool) -> Reach:
    if told.relay:
        return Reach.RELAY
    if not told.local:
        return Reach.REMOTE
    return Reach.LOCAL_HTTPS if is_https else Reach.LOCAL_HTTP


def _is_web(uri: str) -> bool:
    """Whether it is an address that may be kept as a setting."""
    try:
        parts = urlsplit(uri)
        return (
            parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and "@" not in parts.netloc
        )
    except ValueError:
        return False

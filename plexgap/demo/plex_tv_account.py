"""The invented plex.tv's account: PINs, the page at which they are confirmed, the user, their servers.

Source: reference/plex-tv.md 2, 4, 5 and 7. One account, whose token is that of the invented server. Changes when a
client asks plex.tv something new of the account.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import escape
from urllib.parse import parse_qsl, urlsplit

from plexgap.demo.placing import hex_id
from plexgap.demo.serving import HTML, JSON, Answer, Request, as_json
from plexgap.demo.world import World

STRONG_S, SHORT_S = 1800, 900
_XML = "application/xml;charset=utf-8"
# Without characters that people take for another.
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_PIN = re.compile(r"/api/v2/pins/(\d+)")
_CODE_LENGTH = 4

Body = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Pin:
    """`token` is "" until it was confirmed."""

    number: int
    code: str
    client_id: str
    strong: bool
    made_at: datetime
    token: str = ""

    @property
    def holds_s(self) -> int:
        return STRONG_S if self.strong else SHORT_S

    @property
    def ends_at(self) -> datetime:
        return self.made_at + timedelta(seconds=self.holds_s)


class AccountPages:
    """What plex.tv says under /api/v2, and its pages for people."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._pins: dict[int, _Pin] = {}

    def answer(self, request: Request) -> Answer | None:
        """The answer; None where the path is none of these."""
        if request.path in ("/auth", "/link"):
            return self._page(request)
        if not request.path.startswith("/api/v2/"):
            return None
        told = _told(request)
        if not told.get("x-plex-client-identifier"):
            return _error(422, "X-Plex-Client-Identifier is missing")
        found = _PIN.fullmatch(request.path)
        if request.path == "/api/v2/pins" and request.method == "POST":
            return self._new_pin(request, told)
        if found and request.method == "GET":
            return self._known_pin(request, int(found[1]), told["x-plex-client-identifier"])
        if request.path not in ("/api/v2/user", "/api/v2/resources") or request.method != "GET":
            return _error(404, "Resource not found")
        if told.get("x-plex-token") != self._world.plex_token:
            return _error(401, "User could not be authenticated")
        return _either(request, "user", self._user()) if request.path.endswith("user") else self._resources(request)

    # PINs

    def _new_pin(self, request: Request, told: Mapping[str, str]) -> Answer:
        strong = request.query.get("strong", "").lower() in ("true", "1")
        with self._world.lock:
            number = 1_000_000 + len(self._pins) + 1
            raw = hex_id(self._world.seed, "pin", number)
            short = "".join(_LETTERS[int(raw[at : at + 2], 16) % len(_LETTERS)] for at in range(0, 8, 2))
            code = f"{raw}x" if strong else short
            pin = _Pin(number, code, told["x-plex-client-identifier"], strong, self._world.now())
            self._pins[number] = pin
            self._world.codes.append(code)
        return replace(_either(request, "pin", _pin_body(pin, told)), status=201)

    def _known_pin(self, request: Request, number: int, client_id: str) -> Answer:
        with self._world.lock:
            pin = self._pins.get(number)
        if pin is None or pin.client_id != client_id or self._world.now() >= pin.ends_at:
            return _error(404, "Code not found or expired")
        return _either(request, "pin", _pin_body(pin, _told(request)))

    def _page(self, request: Request) -> Answer:
        """The page with the button; a POST confirms, or with `refuse` withdraws, the PIN of that code."""
        if request.method != "POST":
            return _html(_AUTH if request.path == "/auth" else _LINK)
        form = dict(parse_qsl(request.body.decode("utf-8", "replace")))
        code = form.get("code", "").strip()
        with self._world.lock:
            pin = next((pin for pin in self._pins.values() if _fits(pin, code, form.get("clientID"))), None)
            if pin is None or self._world.now() >= pin.ends_at:
                return _html("<h1>This code is not known</h1><p>Begin again in the app.</p>", 404)
            if "refuse" in form:
                del self._pins[pin.number]
                return _html("<h1>Refused</h1><p>Nothing was signed in.</p>")
            self._pins[pin.number] = replace(pin, token=self._world.plex_token)
        return _html(f"<h1>Signed in as {escape(self._world.account_name)}</h1><p>You can close this page.</p>")

    # the account

    def _user(self) -> Body:
        name = self._world.account_name
        return {
            "id": 4_000_000 + self._world.seed,
            "uuid": hex_id(self._world.seed, "account")[:16],
            "username": name,
            "title": name,
            "email": f"{name}@example.invalid",
            "friendlyName": "",
            "country": "NO",
            "restricted": False,
            "home": False,
            "authToken": self._world.plex_token,
        }

    def _resources(self, request: Request) -> Answer:
        """The invented server, some of whose addresses are dead; a friend's server that nobody reaches; and a player,
        which is none."""
        plex = urlsplit(self._world.urls.get("plex", "http://127.0.0.1:32400"))
        host, port = plex.hostname or "", plex.port or 0
        own = self._resource(
            self._world.name,
            self._world.machine_id,
            [
                _connection(f"https://{host}:{port}", host, port, local=True),
                _connection("https://203-0-113-9.plex.invalid:32400", "203.0.113.9", 32400),
                _connection("https://relay.plex.invalid:8443", "203.0.113.10", 8443, relay=True),
            ],
        )
        friends = self._resource(
            "Friend & <b>Co</b>",
            hex_id(self._world.seed, "friend") + "0" * 16,
            [_connection("https://203-0-113-77.plex.invalid:32400", "203.0.113.77", 32400)],
        ) | {"owned": False, "ownerId": 77, "sourceTitle": "ola", "httpsRequired": True}
        friends["accessToken"] = f"shared-{hex_id(self._world.seed, 'friend token')}"
        player = self._resource("Living room", hex_id(self._world.seed, "player"), []) | {"provides": "client,player"}
        found = [own, friends, player]
        if JSON in request.headers.get("accept", ""):
            return as_json(found)
        return Answer(200, f"<resources>{''.join(_xml('resource', each) for each in found)}</resources>".encode(), _XML)

    def _resource(self, name: str, machine_id: str, connections: list[Body]) -> dict[str, object]:
        made = self._world.made_at.strftime("%Y-%m-%dT%H:%M:%SZ")
        return {
            "name": name,
            "product": "Plex Media Server",
            "productVersion": "1.42.2",
            "platform": "Linux",
            "device": "PC",
            "clientIdentifier": machine_id,
            "createdAt": made,
            "lastSeenAt": made,
            "provides": "server",
            "ownerId": None,
            "sourceTitle": None,
            "publicAddress": "203.0.113.9",
            "accessToken": self._world.plex_token,
            "owned": True,
            "home": False,
            "synced": False,
            "relay": True,
            "presence": True,
            "httpsRequired": False,
            "publicAddressMatches": True,
            "dnsRebindingProtection": False,
            "natLoopbackSupported": False,
            "connections": connections,
        }


def _fits(pin: _Pin, code: str, client_id: str | None) -> bool:
    """A strong PIN travels with its client's name, a short one is typed, in whatever case."""
    if pin.strong:
        return pin.code == code and pin.client_id == client_id
    return len(code) == _CODE_LENGTH and pin.code == code.upper()


def _pin_body(pin: _Pin, told: Mapping[str, str]) -> Body:
    return {
        "id": pin.number,
        "code": pin.code,
        "product": told.get("x-plex-product", ""),
        "trusted": False,
        "clientIdentifier": pin.client_id,
        "location": {"code": "NO", "city": "Nowhere", "coordinates": "0, 0"},
        "expiresIn": pin.holds_s,
        "createdAt": pin.made_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "expiresAt": pin.ends_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "authToken": pin.token or None,
        "newRegistration": None,
    }


def _connection(uri: str, address: str, port: int, *, local: bool = False, relay: bool = False) -> Body:
    return {
        "protocol": uri.partition(":")[0],
        "address": address,
        "port": port,
        "uri": uri,
        "local": local,
        "relay": relay,
        "IPv6": False,
    }


def _told(request: Request) -> dict[str, str]:
    return {**{name.lower(): value for name, value in request.query.items()}, **request.headers}


def _either(request: Request, element: str, body: Body) -> Answer:
    """JSON where it is asked for, else XML."""
    if JSON in request.headers.get("accept", ""):
        return as_json(body)
    return Answer(200, f'<?xml version="1.0" encoding="UTF-8"?>\n{_xml(element, body)}\n'.encode(), _XML)


def _xml(element: str, body: Body) -> str:
    plain = {name: value for name, value in body.items() if not isinstance(value, list | dict)}
    attributes = "".join(
        f' {name}="{escape(str(int(value) if isinstance(value, bool) else value))}"'
        for name, value in plain.items()
        if value is not None
    )
    inner = "".join(_xml(name, value) for name, value in body.items() if isinstance(value, dict))
    inner += "".join(_xml("connection", each) for each in body.get("connections") or () if isinstance(each, dict))  # type: ignore[attr-defined]
    return f"<{element}{attributes}>{inner}</{element}>"


def _error(status: int, message: str) -> Answer:
    return as_json({"errors": [{"code": 1001, "message": message, "status": status}]}, status)


def _html(body: str, status: int = 200) -> Answer:
    page = f'<!doctype html><html lang="en"><head><title>Invented plex.tv</title></head><body>{body}</body></html>'
    return Answer(status, page.encode(), f"{HTML};charset=utf-8")


# The code and the client's name stand behind the #, where a browser keeps them from the server.
_AUTH = """<h1>Sign in to the invented plex.tv</h1>
<form method="post" action="/auth"><input type="hidden" name="clientID"><input type="hidden" name="code">
<button>Allow plexgap to sign in</button> <button name="refuse" value="1">Refuse</button></form>
<script>
const told = new URLSearchParams(location.hash.replace(/^#!?[?]/, ""));
for (const name of ["clientID", "code"]) document.querySelector(`[name=${name}]`).value = told.get(name) || "";
</script>"""
_LINK = """<h1>Link a device to the invented plex.tv</h1>
<form method="post" action="/link"><label>Code <input name="code" maxlength="4" autocomplete="off"></label>
<button>Link</button></form>"""

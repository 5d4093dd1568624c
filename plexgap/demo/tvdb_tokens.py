"""TheTVDB's sign-in: which keys it takes, and tokens in the form of a JWT. Source: reference/tvdb.md 1.

A token says itself until when it holds and by whose turn of the knob it was made; nothing is remembered. Changes when
the form of tokens does.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta

from plexgap.demo.placing import hex_id
from plexgap.demo.world import World

_LASTS = timedelta(days=30)
_HEAD = {"alg": "RS256", "typ": "JWT"}


def may_sign_in(world: World, body: object) -> bool:
    """Whether the key is taken. A project's key goes without a PIN, and an empty one is refused; a person's own key
    needs his PIN."""
    if not isinstance(body, dict):
        return False
    key, pin = body.get("apikey"), body.get("pin")
    if key == world.tvdb_user_key:
        return pin == world.tvdb_pin
    return key == world.tvdb_key and pin != ""


def new_token(world: World) -> str:
    """A token that holds for a month from now."""
    until = int((world.now() + _LASTS).timestamp())
    claims = {"age": "", "exp": until, "id": str(2_600_000 + world.seed), "roles": [], "turn": world.tvdb_turn}
    signed = f"{_part(_HEAD)}.{_part(claims)}"
    return f"{signed}.{_signature(world, signed)}"


def holds(world: World, token: str) -> bool:
    """Whether it is a token of ours that hasn't expired, by the clock or by the knob."""
    signed, _, signature = token.rpartition(".")
    if not signed or signature != _signature(world, signed):
        return False
    part = signed.partition(".")[2]
    claims = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return bool(claims["turn"] == world.tvdb_turn and claims["exp"] > world.now().timestamp())


def _part(value: object) -> str:
    data = json.dumps(value, separators=(",", ":")).encode()
    return urlsafe_b64encode(data).decode().rstrip("=")


def _signature(world: World, signed: str) -> str:
    return hex_id(world.seed, "tvdb token", signed) + hex_id(world.seed, "tvdb sign", signed)

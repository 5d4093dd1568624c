"""A Plex account and the servers it may use. Changes when more of them must be known."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from plexgap.domain.library import Section


class Reach(IntEnum):
    """How an address leads to a server; the lowest that answers is the best (reference/plex-tv.md 5)."""

    LOCAL_HTTPS = 0
    LOCAL_HTTP = 1
    REMOTE = 2
    RELAY = 3


@dataclass(frozen=True, slots=True)
class Pin:
    """What a person confirms at plex.tv. `code` is typed there or travels in the address of the page, and holds for
    `holds_s` seconds."""

    number: int
    code: str = field(repr=False)
    holds_s: float


@dataclass(frozen=True, slots=True)
class Address:
    """One way to a server."""

    url: str
    reach: Reach


@dataclass(frozen=True, slots=True)
class OwnServer:
    """A server that the account may use. `token` is the one for this server; `owner` is whose it is, "" for one's own.
    `addresses`: the best kind first, each once."""

    machine_id: str
    name: str
    owner: str
    token: str = field(repr=False)
    addresses: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """Whom a token belongs to, and which servers it opens, one's own first, then by name."""

    name: str
    servers: tuple[OwnServer, ...]


@dataclass(frozen=True, slots=True)
class Connected:
    """A server that answered, where it did, and the token for it."""

    server: str
    url: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PlexFound:
    """What an address and a token of Plex show: the server's name, its libraries, and how much stands in them."""

    server: str
    sections: tuple[Section, ...]
    shows: int
    films: int

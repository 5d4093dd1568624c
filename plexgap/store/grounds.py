"""What a check rests on, as it is stored beside the check. Changes when more of an answer is to be kept there."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime

from plexgap.domain.grounds import Ground, ListingKey
from plexgap.domain.ids import Source


def to_text(grounds: Iterable[Ground]) -> str:
    """As it is stored."""
    return json.dumps([[g.file, g.stamp, g.said_at.timestamp(), g.until.timestamp(), g.listing] for g in grounds])


def from_text(text: str) -> tuple[Ground, ...]:
    """As it was stored."""
    if text == "[]":
        return ()
    return tuple(
        Ground(
            file,
            stamp,
            datetime.fromtimestamp(said_at, UTC),
            datetime.fromtimestamp(until, UTC),
            None if key is None else ListingKey(Source(key[0]), key[1], key[2]),
        )
        for file, stamp, said_at, until, key in json.loads(text)
    )

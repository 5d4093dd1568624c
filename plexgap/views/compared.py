"""A show of which the order is in doubt, in each order that is known of it. Changes when the comparison says more.

Source: design/screens.md 5 ("Compare the two").
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from plexgap.domain.catalogue import AIRED
from plexgap.domain.episodes import SPECIALS
from plexgap.domain.verdicts import Check
from plexgap.gaps.orders import order_words
from plexgap.views import words
from plexgap.views.card import Offered


@dataclass(frozen=True, slots=True)
class InOrder:
    """The show in one order: how much of it is found, missing, and matches nothing; and the offer to judge it so."""

    name: str
    found: str
    missing: str
    nowhere: str
    offer: Offered


def compared(checks: Iterable[Check], now: datetime) -> tuple[InOrder, ...]:
    """A line for each order; regular episodes that aired by now alone."""
    return tuple(_in_order(check, now.date().toordinal()) for check in checks if check.provider and check.show_id)


def _in_order(check: Check, today: int) -> InOrder:
    rows = [row for row in check.seasons if row.season != SPECIALS]
    held = sum(row.row.count("h") for row in rows)
    missing = sum(
        letter == "a" and 0 < day <= today for row in rows for letter, day in zip(row.row, row.days, strict=True)
    )
    nowhere = sum(extra.season != SPECIALS for extra in check.extra)
    name = order_words(check.order or AIRED)
    label = f"Keep {name}" if check.order == AIRED else f"Judge it in {name}"
    if check.provider is None or check.show_id is None:
        raise ValueError("it was judged by no catalogue")
    return InOrder(
        name=f"{name[0].upper()}{name[1:]}",
        found=f"{words.number(held)} found",
        missing=f"{words.number(missing)} missing",
        nowhere=f"{words.number(nowhere)} match nothing",
        offer=Offered(label, check.provider, check.show_id, check.order or AIRED),
    )

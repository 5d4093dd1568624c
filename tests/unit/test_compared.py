"""A show in doubt, counted in each order that is known of it."""

from __future__ import annotations

from datetime import date

from plexgap.domain.ids import Source
from plexgap.domain.verdicts import Check, Extra, Outcome, SeasonRow
from plexgap.views.compared import compared
from tests.lettered import NOW

AIRED_ON, AHEAD = date(2010, 1, 1).toordinal(), date(2030, 1, 1).toordinal()


def check(order: str, row: str, extra: tuple[Extra, ...] = ()) -> Check:
    days = tuple(AHEAD if letter == "u" else AIRED_ON for letter in row)
    season = SeasonRow(1, row.replace("u", "a"), tuple(range(1, len(row) + 1)), days)
    specials = SeasonRow(0, "a", (1,), (AIRED_ON,))
    return Check(
        *("tmdb-7", ("1",), Outcome.JUDGED, None, Source.TMDB, 7, order, "override", "Tin Harbour", 2015, "Ended"),
        *(frozenset(), NOW, NOW),
        seasons=(season, specials),
        extra=extra,
    )


def test_each_order_says_what_it_finds_and_offers_itself() -> None:
    extra = (Extra("9", 1, 9, "Nine"), Extra("8", 0, 1, "A special"))
    seen = compared((check("aired", "hhaau", extra), check("dvd", "hhhh")), NOW)
    assert [(one.name, one.found, one.missing, one.nowhere) for one in seen] == [
        ("Aired order", "2 found", "2 missing", "1 match nothing"),
        ("DVD order", "4 found", "0 missing", "0 match nothing"),
    ]
    assert [(one.offer.label, one.offer.order) for one in seen] == [
        ("Keep aired order", "aired"),
        ("Judge it in DVD order", "dvd"),
    ]

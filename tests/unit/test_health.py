from __future__ import annotations

from datetime import UTC, date

import pytest

from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.verdicts import Duplicate, Extra, Fit, Misnumbered, State
from plexgap.views.health import FindingKind, findings, health
from plexgap.views.opened import judged
from tests.reports import NOW, report, show

EXTRA = Extra("21", 2, 23, "Unaired Pilot", date(2010, 1, 2))
NAMELESS = Extra("22", None, None, "Outtakes")
TWICE = Duplicate(EpisodeNumber(1, 4), "The Ferry", ("31", "32"))
WRONG = Misnumbered("41", 3, 7, EpisodeNumber(2, 7), "Low Water")


def test_every_oddity_of_a_judged_title_is_a_finding_by_kind() -> None:
    odd = show("Odd", extra=(EXTRA, NAMELESS), duplicates=(TWICE,), misnumbered=(WRONG,), libraries=("Anime", "TV"))
    plain = show("Plain", State.COMPLETE, extra=(EXTRA,))
    unsure = show("Unsure", State.SUSPECT, extra=(EXTRA,))
    assert [(one.kind, one.title, one.what, one.rating_keys) for one in health(report(odd, plain, unsure))] == [
        (FindingKind.UNLISTED, "Odd", "S02 E23 Unaired Pilot, 2 Jan 2010", ("21",)),
        (FindingKind.UNLISTED, "Odd", "Outtakes", ("22",)),
        (FindingKind.UNLISTED, "Plain", "S02 E23 Unaired Pilot, 2 Jan 2010", ("21",)),
        (FindingKind.TWICE, "Odd", "S01 E04 The Ferry", ("31", "32")),
        (FindingKind.MISNUMBERED, "Odd", "S03 E07 Low Water is listed as S02 E07", ("41",)),
        (FindingKind.TWO_PLACES, "Odd", "Anime and TV", ("12",)),
    ]


def test_opened_show_says_what_is_held_oddly_and_names_a_few() -> None:
    many = tuple(Extra(str(n), 1, n, "") for n in range(1, 6))
    assert findings(show(extra=many, duplicates=(TWICE,), misnumbered=(WRONG,))) == (
        "Held, but listed nowhere: S01 E01, S01 E02, S01 E03 and 2 more.",
        "Held more than once: S01 E04.",
        "Numbered differently in Plex: S03 E07 is S02 E07.",
    )
    assert findings(show(extra=(NAMELESS,))) == ("Held, but listed nowhere: Outtakes.",)
    assert findings(show("Unsure", State.SUSPECT, extra=(EXTRA,))) == ()


@pytest.mark.parametrize(
    ("order", "source", "fit", "said"),
    [
        ("aired", "default", Fit(10, 10), "in aired order"),
        ("dvd", "plex", Fit(10, 10), "in DVD order, as Plex says"),
        ("absolute", "matched", Fit(4, 5), "in absolute order, which fits what you hold"),
        ("absolute", "library", None, "in absolute order, as its library says"),
        ("dvd", "override", Fit(3, 4), "in DVD order, by your word"),
        (
            "dvd",
            "matched",
            Fit(17, 18, best=True),
            "in DVD order, best fit, almost sure (17 of 18 confirmed)",
        ),
        ("aired", "default", Fit(9, 18, best=True), "in aired order, best fit, likely (9 of 18 confirmed)"),
    ],
)
def test_badge_says_what_chose_the_order_and_how_sure_it_is(
    order: str, source: str, fit: Fit | None, said: str
) -> None:
    drawn = judged(show(order=order, order_source=source, fit=fit), NOW, UTC)
    assert drawn == f"Judged by TMDB {said}, checked just now"

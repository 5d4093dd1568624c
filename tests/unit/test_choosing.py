"""The form that asks what a person says of a show, and the words for what was said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from plexgap.domain.catalogue import KnownOrder
from plexgap.domain.decisions import Override
from plexgap.domain.ids import ExternalId, Source
from plexgap.jobs.choices import Specials, Wish
from plexgap.views import chosen
from plexgap.views.choosing import FROM, Orders, choosing, policy_of, show_named
from tests.lettered import NOW, show

SHOW = show("Northbound", "hhm", year=2014)
BOTH = (Orders(Source.TMDB, None), Orders(Source.TVDB, None))
DVD = KnownOrder("dvd", "DVD Order", "dvd")
GROUP = KnownOrder("group:5f", "  Story\n order ", "absolute")


def said(**given: object) -> Override:
    return replace(Override(SHOW.ref, NOW), **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("known", "labels"),
    [
        pytest.param((), [], id="no key"),
        pytest.param((Orders(Source.TMDB, None),), ["Aired order, TMDB"], id="TMDB alone"),
        pytest.param(
            BOTH,
            ["Aired order, TMDB", "Aired order, TheTVDB", "DVD order, TheTVDB", "Absolute order, TheTVDB"],
            id="not known yet: the usual ones",
        ),
        pytest.param(
            (Orders(Source.TMDB, (GROUP,)), Orders(Source.TVDB, (DVD,))),
            ["Aired order, TMDB", "Story order, TMDB", "Aired order, TheTVDB", "DVD order, TheTVDB"],
            id="those there are",
        ),
        pytest.param(
            (Orders(Source.TMDB, None), Orders(Source.TVDB, ())),
            ["Aired order, TMDB", "Aired order, TheTVDB"],
            id="TheTVDB has no other",
        ),
    ],
)
def test_orders_are_those_of_the_catalogues_that_may_be_asked(known: tuple[Orders, ...], labels: list[str]) -> None:
    form = choosing(SHOW, known)
    assert [option.label for option in form.orders] == ["What fits best", *labels]
    assert (form.order, form.is_chosen) == (form.orders[0], False)


def test_the_form_shows_what_was_said() -> None:
    given = said(order="dvd", order_provider=Source.TVDB, policy="from:S02E05", specials=False)
    form = choosing(replace(SHOW, chosen=given), BOTH)
    assert form.order.label == "DVD order, TheTVDB"
    assert (form.policy, form.start, form.specials, form.is_chosen) == (FROM, "S02E05", False, True)


def test_an_aired_order_of_no_catalogue_is_the_first_ones() -> None:
    form = choosing(replace(SHOW, chosen=said(order="aired")), BOTH)
    assert form.order.label == "Aired order, TMDB"
    other = choosing(replace(SHOW, chosen=said(order="aired", order_provider=Source.TVDB)), BOTH)
    assert other.order.label == "Aired order, TheTVDB"


def test_an_order_that_is_offered_no_more_stays_chosen() -> None:
    form = choosing(replace(SHOW, chosen=said(order="group:9a", order_provider=Source.TMDB)), BOTH)
    assert form.order == form.orders[-1]
    assert form.order.label == "The order of an episode group, TMDB"


@pytest.mark.parametrize(
    ("value", "start", "policy"),
    [
        ("", "", ""),
        ("latest_season", "S02E05", "latest_season"),
        (FROM, "S02E05", "from:S02E05"),
        (FROM, " s2 e5 ", "from:S02E05"),
        (FROM, "2x5", "from:S02E05"),
        (FROM, "S2024E103", "from:S2024E103"),
        (FROM, "", None),
        (FROM, "season 2", None),
    ],
)
def test_a_policy_is_read_from_the_form(value: str, start: str, policy: str | None) -> None:
    assert policy_of(value, start) == policy


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("1396", (Source.TVDB, "1396")),
        (" https://www.themoviedb.org/tv/1396-breaking-bad?language=de ", (Source.TMDB, "1396")),
        ("themoviedb.org/tv/1396/season/2", (Source.TMDB, "1396")),
        ("tmdb:1396", (Source.TMDB, "1396")),
        ("https://thetvdb.com/?tab=series&id=81189&lid=7", (Source.TVDB, "81189")),
        ("https://www.thetvdb.com/dereferrer/series/81189", (Source.TVDB, "81189")),
        ("TVDB://81189", (Source.TVDB, "81189")),
        ("https://thetvdb.com/series/the-100", None),
        ("https://www.imdb.com/title/tt0903747/", None),
        ("0", None),
        ("1396 or so", None),
        ("", None),
    ],
)
def test_a_show_is_named_by_a_number_or_an_address(text: str, named: tuple[Source, str] | None) -> None:
    assert show_named(text, Source.TVDB) == (ExternalId(*named) if named else None)


def test_all_that_is_said_of_a_show_is_a_sentence_each() -> None:
    everything = said(
        tmdb_id=5,
        tvdb_id=81189,
        order="dvd",
        order_provider=Source.TVDB,
        policy="held_seasons",
        specials=True,
        echo="X",
    )
    assert chosen.sentences("Northbound", everything) == (
        "Northbound is now TMDB 5 and TheTVDB 81189: X.",
        "Northbound is judged in DVD order of TheTVDB.",
        "Of Northbound, only seasons that you have something of count.",
        "The specials of Northbound are listed, apart from the rest.",
    )


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (Wish(tvdb_id=81189), "Northbound is now judged as TheTVDB 81189."),
        (Wish(order=""), "Northbound is judged in the order that fits best."),
        (Wish(order="aired"), "Northbound is judged in aired order."),
        (Wish(policy=""), "Of Northbound, what your settings say counts."),
        (Wish(policy="from:S02E05"), "Of Northbound, what aired from S02 E05 on counts."),
        (Wish(specials=Specials.OFF), "The specials of Northbound are left out."),
        (Wish(specials=Specials.DEFAULT), "The specials of Northbound are as your settings have them."),
    ],
)
def test_what_changed_is_said_once(wish: Wish, words: str) -> None:
    assert chosen.changed("Northbound", wish, said(tvdb_id=81189)) == words

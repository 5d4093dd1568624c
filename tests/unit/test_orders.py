from __future__ import annotations

from typing import Any

import pytest

from plexgap.domain.ids import Source
from plexgap.domain.library import HeldEpisode, HeldShow
from plexgap.gaps.orders import Way, Wishes, order_words, settle
from tests.support import cases, in_aired_order, numbers, show_item
from tests.title_bed import BOTH, Broadcast, Shelf, told

PLAIN = Broadcast()


def shelf(case: dict[str, Any]) -> Shelf:
    says, library = case.get("says", ""), case.get("library", "")
    return Shelf.of(PLAIN, case["tmdb"], case["tvdb"], says=says, library=library)


def held(case: dict[str, Any]) -> HeldShow:
    knows = case.get("knows", () if case.get("blind") else ("titles", "dates"))
    ids = (Source.TMDB,) if case.get("ids") else ()
    show = PLAIN.held(
        case["held"], without=case.get("without", ()), ids=ids, titles="titles" in knows, dates="dates" in knows
    )
    extra = (HeldEpisode(f"x{n.number}", n.season, n.number, f"Outtake {n}") for n in numbers(case.get("extra", "")))
    return HeldShow(show.item, (*show.episodes, *extra))


@pytest.mark.parametrize("case", cases("orders"))
def test_order_is_chosen_by_what_explains_what_is_held(case: dict[str, Any]) -> None:
    asked = shelf(case)
    sources = tuple(Source(name) for name in case.get("sources", BOTH))
    found = told([held(case)], asked, sources=sources)
    assert f"{found.provider} {found.order} {found.source}" == case["chosen"]
    assert found.settled.doubt == case.get("doubt")
    if "asked" in case:
        assert [question for question in asked.asked if question != "tmdb aired"] == case["asked"]
    if "missing" in case:
        assert found.missing == numbers(case["missing"])


def test_persons_word_comes_before_everything_and_is_said_where_it_cannot_be_had() -> None:
    dvd = "1x2 1x1 1x3 1x4"
    known = Shelf.of(PLAIN, {"aired": "1x1-4"}, {"aired": "1x1-4", "dvd": dvd})
    first = known.listings[Way(Source.TMDB, "aired")]
    show = PLAIN.held("1x1-4")
    settled = settle([show], first, Wishes(BOTH, order="dvd"), known)
    assert (settled.aired.provider, settled.shown.order, settled.source) == (Source.TVDB, "dvd", "override")
    none = settle([show], first, Wishes(BOTH, order="alternate"), known)
    assert none.doubt == "You chose alternate order, but TheTVDB has none of this show."
    no_key = settle([show], first, Wishes((Source.TMDB,), order="dvd"), known)
    assert no_key.doubt == "You chose DVD order, and there is no TheTVDB key that works."


def test_order_of_the_settings_is_tried_before_the_aired_one() -> None:
    dvd = "1x2 1x1 1x3 1x4"
    known = Shelf.of(PLAIN, {"aired": "1x1-4"}, {"aired": "1x1-4", "dvd": dvd})
    first = known.listings[Way(Source.TMDB, "aired")]
    blind = PLAIN.held(dvd, titles=False, dates=False)
    settled = settle([blind], first, Wishes(BOTH, default_order="dvd"), known)
    assert (settled.shown.order, settled.source) == ("dvd", "default")
    sure = settle([PLAIN.held("1x1-4")], first, Wishes(BOTH, default_order="dvd"), known)
    assert sure.shown.order == "aired"


def test_one_item_that_needs_the_second_catalogue_brings_all_items_of_the_title_to_it() -> None:
    counted = "1x1-12"
    known = Shelf.of(PLAIN, {"aired": "1x1-6 2x1-6"}, {"aired": "1x1-6 2x1-6", "absolute": counted})
    items = [
        PLAIN.held("1x1-6 2x1-6", without=[2, 9]),
        PLAIN.held(counted, without=[2, 3], item=show_item("2")),
    ]
    found = told(items, known)
    assert found.provider is Source.TVDB
    assert [item.numbering.order for item in found.settled.items] == ["aired", "absolute"]
    assert found.missing == numbers("1x2")


def test_order_that_plexgap_does_not_know_is_asked_about() -> None:
    known = Shelf.of(PLAIN, {"aired": "1x1-8"}, {"aired": "1x1-8"}, says="5f2a")
    found = told([PLAIN.held("1x9-16", titles=False, dates=False)], known)
    assert found.settled.doubt == 'Plex numbers it in an order that plexgap does not know ("5f2a").'


def test_without_weighing_anything_all_is_as_it_aired() -> None:
    listed = PLAIN.listed(Source.TMDB, "aired", "1x1-3")
    settled = in_aired_order([PLAIN.held("1x1-3")], listed)
    assert (settled.shown.order, settled.source, settled.fit.confirmed) == ("aired", "default", 3)


@pytest.mark.parametrize(
    ("order", "words"),
    [("aired", "aired order"), ("dvd", "DVD order"), ("group:5acf", "the order of an episode group")],
)
def test_orders_are_named_as_people_know_them(order: str, words: str) -> None:
    assert order_words(order) == words

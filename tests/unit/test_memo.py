"""What of a report stands in the next one, and that it is never what moved."""

from __future__ import annotations

from plexgap.views.memo import Memo


def test_a_part_is_made_once_as_long_as_its_facts_are_the_same() -> None:
    memo, made = Memo(), []

    def make() -> object:
        made.append(object())
        return made[-1]

    for facts, count in (((1, "a"), 1), ((1, "a"), 1), ((2, "a"), 2), ((1, "a"), 3)):
        with memo as kept:
            assert kept.part("show", facts, make) is made[-1]
        assert len(made) == count


def test_what_a_report_no_longer_has_is_forgotten() -> None:
    memo = Memo()
    with memo as kept:
        kept.part("gone", 1, lambda: "before")
    with memo as kept:
        kept.part("stays", 1, lambda: "stays")
    with memo as kept:
        assert kept.part("gone", 1, lambda: "made anew") == "made anew"

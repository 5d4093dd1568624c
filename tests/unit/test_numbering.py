from __future__ import annotations

from dataclasses import replace

import pytest

from plexgap.domain.catalogue import DVD, ListedEpisode, Listing
from plexgap.domain.episodes import EpisodeNumber
from plexgap.gaps.numbering import aired_numbering, numbering, shown_numbering
from tests.support import listing, numbers


def ordered(aired: Listing, **pairs: str) -> Listing:
    """The same show in DVD order: for each aired number its number there, as `s1e3="2x1"`."""
    known = {episode.number: episode for episode in aired.episodes}
    rows = []
    for name, there in pairs.items():
        season, number = (int(part) for part in name.removeprefix("s").split("e"))
        rows.append(replace(known[EpisodeNumber(season, number)], number=numbers(there)[0]))
    return replace(aired, order=DVD, episodes=tuple(sorted(rows, key=lambda episode: episode.number)))


def written(episodes: tuple[ListedEpisode, ...]) -> list[str]:
    """Each as "its number: the aired one that it is", by the ids that `listing` gives."""
    return [f"{e.number}: {EpisodeNumber(*divmod((e.episode_id or 1) - 1, 10_000))}" for e in episodes]


def test_order_that_has_everything_leaves_out_what_it_does_not_number() -> None:
    aired = listing("0x1 1x1-3")
    dvd = ordered(aired, s1e1="1x2", s1e2="1x1", s1e3="2x1")
    assert written(numbering(aired, dvd).listed) == [
        *("S00E01: S00E01", "S01E01: S01E02", "S01E02: S01E01", "S02E01: S01E03")
    ]
    assert shown_numbering(aired, dvd).listed == numbering(aired, dvd).listed


def test_incomplete_order_leaves_the_rest_its_aired_numbers() -> None:
    aired = listing("1x1-2 2x1-2")
    dvd = ordered(aired, s1e1="1x2", s1e2="1x1")
    expected = ["S01E01: S01E02", "S01E02: S01E01", "S02E01: S02E01", "S02E02: S02E02"]
    assert written(numbering(aired, dvd).listed) == expected
    assert written(shown_numbering(aired, dvd).listed) == expected


def test_incomplete_order_whose_numbers_clash_with_the_rest_is_shown_as_aired() -> None:
    aired = listing("1x1-4")
    dvd = ordered(aired, s1e3="1x1", s1e4="1x2")
    assert shown_numbering(aired, dvd) == aired_numbering(aired)
    assert written(numbering(aired, dvd).listed) == ["S01E01: S01E03", "S01E02: S01E04"]


def test_special_with_a_regular_number_finds_its_file_and_is_shown_as_special() -> None:
    aired = listing("0x1 1x1-2")
    dvd = ordered(aired, s1e1="1x1", s0e1="1x2", s1e2="1x3")
    assert written(numbering(aired, dvd).listed) == ["S01E01: S01E01", "S01E02: S00E01", "S01E03: S01E02"]
    shown = shown_numbering(aired, dvd)
    assert written(shown.listed) == ["S00E01: S00E01", "S01E01: S01E01", "S01E03: S01E02"]
    placed = numbering(aired, dvd).placed_in(shown)
    assert placed is not None
    assert placed[EpisodeNumber(1, 2)] == (EpisodeNumber(0, 1),)


def test_two_episodes_of_one_number_are_both_found_by_it() -> None:
    aired = listing("1x1-3")
    dvd = ordered(aired, s1e1="1x1", s1e2="1x2", s1e3="1x2")
    placed = numbering(aired, dvd).placed_in(aired_numbering(aired))
    assert placed is not None
    assert placed[EpisodeNumber(1, 2)] == (EpisodeNumber(1, 2), EpisodeNumber(1, 3))
    assert written(shown_numbering(aired, dvd).listed) == ["S01E01: S01E01", "S01E02: S01E02", "S01E03: S01E03"]


@pytest.mark.parametrize("there", ["1x9", "0x9"])
def test_only_in_the_other_order(there: str) -> None:
    aired = listing("1x1-2")
    dvd = ordered(aired, s1e1="1x1", s1e2="1x2")
    extra = ListedEpisode(numbers(there)[0], "Only on the disc", None, episode_id=77)
    dvd = replace(dvd, episodes=(*dvd.episodes, extra))
    placed = numbering(aired, dvd).placed_in(aired_numbering(aired))
    assert placed is not None
    assert numbers(there)[0] not in placed
    assert (extra in shown_numbering(aired, dvd).listed) is not extra.number.is_special


def test_what_is_shown_as_it_is_numbered_needs_no_translation() -> None:
    plain = aired_numbering(listing("1x1-2"))
    assert plain.placed_in(plain) is None
